#pragma once
// What stands after an option, read: numbers within their bounds, and nothing else. What is none is refused in a few
// words that say how to write what was probably meant.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "tenure/quantity/limits.hpp"

namespace tenure::program {

/// Finite numbers from the least to the most, and what to call them.
struct Amounts {
  double least = 0;
  double most = limits::amount;
  std::string_view words = "amount of money, 0 or more";  ///< in "is no …"
  bool above = false;                                     ///< the least itself is none of them
};

struct Counts {
  std::uint64_t least = 1;
  std::uint64_t most = 0;
  std::string most_in_words = std::to_string(most);
  bool hexadecimal = false;  ///< 0x… is understood, too
};

/// "OPTION: 'TEXT' is no WORDS; REMEDY", the text cut where it is long.
[[nodiscard]] CLI::ValidationError refusal(const std::string& option, std::string_view text,
                                           const std::string& complaint);

/// A number as an option takes it. Throws CLI::ValidationError if the text is none.
[[nodiscard]] double amount_in(const std::string& option, std::string_view text, const Amounts& amounts);
[[nodiscard]] std::uint64_t count_in(const std::string& option, std::string_view text, const Counts& counts);

}  // namespace tenure::program
