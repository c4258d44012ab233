#pragma once
// What the checks of a draft find: errors, which forbid a model, and warnings, which do not.

#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "tenure/quantity/error.hpp"

namespace tenure {

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
    errors.insert(errors.end(), std::make_move_iterator(more.errors.begin()), std::make_move_iterator(more.errors.end()));
    warnings.insert(warnings.end(), std::make_move_iterator(more.warnings.begin()),
                    std::make_move_iterator(more.warnings.end()));
    return *this;
  }
};

/// The shortest text that reads back to the same double.
[[nodiscard]] inline std::string shortest(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

/// "transition[3]", counted from 1 as people count.
[[nodiscard]] inline std::string place(const std::string& table, std::size_t index) {
  return table + "[" + std::to_string(index + 1) + "]";
}

}  // namespace tenure
