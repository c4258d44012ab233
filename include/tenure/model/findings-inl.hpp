#pragma once
// The bodies of tenure/model/findings.hpp.

#include <charconv>
#include <cstddef>
#include <string>

#include "tenure/model/findings.hpp"

namespace tenure {

TENURE_INLINE std::string shortest(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

TENURE_INLINE std::string place(const std::string& table, std::size_t index) {
  return table + "[" + std::to_string(index + 1) + "]";
}

}  // namespace tenure
