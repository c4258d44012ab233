// Text as it stands on a screen. Widths follow Unicode's tables and not the C library, whose answer depends on the
// locale.

#include "text_width.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "tenure/model/characters.hpp"
#include "text_width_tables.hpp"

namespace tenure::display {

namespace {

using detail::Character;
using detail::first_character;

template <std::size_t size>
[[nodiscard]] bool is_among(const CodePoints (&ranges)[size], char32_t code_point) {
  const auto* after = std::upper_bound(std::begin(ranges), std::end(ranges), code_point,
                                       [](char32_t value, const CodePoints& range) { return value < range.first; });
  return after != std::begin(ranges) && code_point <= std::prev(after)->last;
}

[[nodiscard]] std::size_t cells_of(char32_t code_point) {
  if (code_point < 0x300) return 1;
  if (is_among(characters_without_width, code_point)) return 0;
  return is_among(wide_characters, code_point) ? 2 : 1;
}

[[nodiscard]] bool is_control(char32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
}

/// Line separators and the characters that change the order of what stands around them.
[[nodiscard]] bool turns_text(char32_t code_point) {
  return code_point == 0x61c || code_point == 0x200e || code_point == 0x200f ||
         (code_point >= 0x2028 && code_point <= 0x202e) || (code_point >= 0x2066 && code_point <= 0x2069);
}

/// The longest beginning of a text that fits into a width, but at least one character.
[[nodiscard]] std::string_view beginning(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  std::size_t cells = 0;
  while (bytes < text.size()) {
    const Character next = first_character(text.substr(bytes));
    cells += cells_of(next.code_point);
    if (cells > width && bytes > 0) break;
    bytes += next.bytes;
  }
  return text.substr(0, bytes);
}

/// Where a line that begins here ends: at the last blank that fits, else wherever the width is full.
[[nodiscard]] std::string_view first_line(std::string_view text, std::size_t width) {
  const std::string_view fits = beginning(text, width);
  if (fits.size() == text.size() || text[fits.size()] == ' ') return fits;
  const std::size_t blank = fits.find_last_of(' ');
  return blank == std::string_view::npos || blank == 0 ? fits : fits.substr(0, blank);
}

[[nodiscard]] std::string_view without_blanks_around(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const Character next = first_character(text);
    if (!next.valid) {
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    } else if (is_control(next.code_point)) {
      shown += fmt::format("\\x{:02x}", static_cast<unsigned>(next.code_point));
    } else if (turns_text(next.code_point)) {
      shown += fmt::format("\\u{:04x}", static_cast<unsigned>(next.code_point));
    } else {
      shown += text.substr(0, next.bytes);
    }
    text.remove_prefix(next.bytes);
  }
  return shown;
}

std::size_t width_of(std::string_view text) {
  std::size_t cells = 0;
  while (!text.empty()) {
    const Character next = first_character(text);
    cells += cells_of(next.code_point);
    text.remove_prefix(next.bytes);
  }
  return cells;
}

std::string padded_right(std::string text, std::size_t width) {
  const std::size_t cells = width_of(text);
  if (cells < width) text.append(width - cells, ' ');
  return text;
}

std::string padded_left(std::string text, std::size_t width) {
  const std::size_t cells = width_of(text);
  if (cells < width) text.insert(0, width - cells, ' ');
  return text;
}

std::vector<std::string> broken_into_lines(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  text = without_blanks_around(text);
  while (!text.empty()) {
    const std::string_view line = first_line(text, width);
    lines.emplace_back(without_blanks_around(line));
    text = without_blanks_around(text.substr(line.size()));
  }
  if (lines.empty()) lines.emplace_back();
  return lines;
}

}  // namespace tenure::display
