#pragma once
// The characters of a text in UTF-8, one after the other, and bytes that are none.

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace tenure::detail {

/// One character of a text: its code point and its bytes; no code point where the bytes are no UTF-8.
struct Character {
  char32_t code_point = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

/// How many bytes a first byte announces, and its part of the code point.
[[nodiscard]] inline std::pair<std::size_t, char32_t> announced(unsigned char first) {
  if (first < 0x80) return {1, first};
  if (first >= 0xc2 && first < 0xe0) return {2, first & 0x1f};
  if (first >= 0xe0 && first < 0xf0) return {3, first & 0x0f};
  if (first >= 0xf0 && first < 0xf5) return {4, first & 0x07};
  return {0, 0};
}

/// The shortest form only, no surrogates, nothing beyond Unicode.
[[nodiscard]] inline bool is_admissible(char32_t code_point, std::size_t bytes) {
  if (bytes == 3) return code_point >= 0x800 && !(code_point >= 0xd800 && code_point < 0xe000);
  return bytes != 4 || (code_point >= 0x10000 && code_point <= 0x10ffff);
}

/// The first character of a text that is not empty.
[[nodiscard]] inline Character first_character(std::string_view text) {
  auto [bytes, code_point] = announced(static_cast<unsigned char>(text.front()));
  if (bytes == 0 || bytes > text.size()) return {};
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) return {};
    code_point = code_point << 6 | (byte & 0x3f);
  }
  if (!is_admissible(code_point, bytes)) return {};
  return {code_point, bytes, true};
}

[[nodiscard]] inline bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

[[nodiscard]] inline bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Character next = first_character(text);
    if (!next.valid) return false;
    text.remove_prefix(next.bytes);
  }
  return true;
}

}  // namespace tenure::detail
