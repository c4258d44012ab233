#pragma once
// What the checks of a draft find: errors, which forbid a model, and warnings, which do not.

#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure {

/// Errors and warnings.
struct Findings {
  std::vector<Problem> errors{};
  std::vector<Problem> warnings{};

  void error(std::string code, std::string path, std::string message, std::string hint = {}) {
    errors.push_back({std::move(code), std::move(path), std::move(message), std::move(hint), {}});
  }
  void warn(std::string code, std::string path, std::string message, std::string hint = {}) {
    warnings.push_back({std::move(code), std::move(path), std::move(message), std::move(hint), {}});
  }
  Findings& operator+=(Findings more) {
    errors.insert(errors.end(), std::make_move_iterator(more.errors.begin()),
                  std::make_move_iterator(more.errors.end()));
    warnings.insert(warnings.end(), std::make_move_iterator(more.warnings.begin()),
                    std::make_move_iterator(more.warnings.end()));
    return *this;
  }
};

/// The shortest text that reads back to the same double.
[[nodiscard]] std::string shortest(double value);

/// "transition[3]", counted from 1 as people count.
[[nodiscard]] std::string place(const std::string& table, std::size_t index);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/model/findings-inl.hpp"
#endif
