#pragma once
// Errors as data. Whatever tenure refuses, it refuses with a list of problems: each says what was wrong, where it
// stands, and what to do about it. Four kinds exist because a caller reacts to them in four ways: mend the input, ask
// another question, look at the file system, or make the work smaller.

#if defined(__FAST_MATH__)
#error "tenure promises the same bits everywhere; build it without -ffast-math"
#endif

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// A place in a text, counted from 1; 0 where a problem has no place in a file.
struct Location {
  std::size_t line = 0;
  std::size_t column = 0;
  bool operator==(const Location&) const = default;
};

/// One thing that is wrong, or worth a warning.
struct Problem {
  std::string code;     ///< stable short name, such as "row-sum"
  std::string path;     ///< the key it concerns, such as "transition[3].probability"; empty for the whole
  std::string message;  ///< what was found and why it cannot stand
  std::string hint;     ///< what is allowed, or what to do; may be empty
  Location location{};  ///< in the file that was read, if one was
};

/// "path: message; hint [code]", the one way in which problems are put into words.
[[nodiscard]] std::string describe(const Problem& problem);

/// All of them, a line each.
[[nodiscard]] std::string describe(const std::vector<Problem>& problems);

/// What all of tenure's exceptions have in common: the problems, and their text as what().
class Error : public std::runtime_error {
 public:
  explicit Error(std::vector<Problem> problems)
      : std::runtime_error{describe(problems)}, problems_{std::move(problems)} {}
  [[nodiscard]] const std::vector<Problem>& problems() const noexcept { return problems_; }

 private:
  std::vector<Problem> problems_;
};

/// The model or the data cannot mean anything: mend the input.
class ModelError final : public Error {
  using Error::Error;
};

/// Why a value is not finite, in numbers: for those who want to say it in their own words.
struct Divergence {
  std::vector<std::size_t> states{};         ///< of the closed class in which rewards recur for ever
  std::optional<double> average_reward{};    ///< per period within that class
  std::optional<double> growth_factor{};     ///< of discounted value per period, where referrals outgrow discounting
  std::optional<double> doubling_periods{};  ///< in which it doubles
};

/// The question has no finite answer, or none that double precision can decide.
class DivergentError final : public Error {
 public:
  explicit DivergentError(std::vector<Problem> problems, Divergence divergence = {})
      : Error{std::move(problems)}, divergence_{std::move(divergence)} {}
  [[nodiscard]] const Divergence& divergence() const noexcept { return divergence_; }

 private:
  Divergence divergence_;
};

/// Reading or writing failed.
class FileError final : public Error {
  using Error::Error;
};

/// The work would need more than is allowed, or a feature that the engine does not have; said before it starts.
class LimitError final : public Error {
  using Error::Error;
};

/// Somebody stopped the work before there was anything to report.
class InterruptedError final : public Error {
  using Error::Error;
};

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/quantity/error-inl.hpp"
#endif
