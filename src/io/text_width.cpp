// See text_width.hpp. Widths follow Unicode's tables and not the C library, whose answer depends on the locale.

#include "text_width.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <utf8proc.h>

#include "tenure/io/unicode.hpp"
#include "tenure/model/names.hpp"

namespace tenure::display {

namespace {

/// Of a character by itself. Marks that stand beside their letter take a cell, which utf8proc denies them.
[[nodiscard]] std::size_t cells_of(const SeenCharacter& character) {
  const auto code_point = static_cast<utf8proc_int32_t>(character.code_point);
  if (!character.valid || utf8proc_category(code_point) == UTF8PROC_CATEGORY_MC) return 1;
  return static_cast<std::size_t>(utf8proc_charwidth(code_point));
}

/// What is read and drawn as one: a letter with its accents, a flag, a family of emoji.
struct Cluster {
  std::size_t bytes = 0;
  std::size_t cells = 0;
};

/// Terminals give a cluster the cells of its characters, but two at most; an emoji that is asked for takes two (Unicode
/// standard, annex 11: emoji presentation sequences are wide).
[[nodiscard]] std::vector<Cluster> clusters_of(std::string_view text) {
  constexpr std::size_t widest = 2;
  constexpr char32_t as_emoji = 0xfe0f;
  std::vector<Cluster> clusters;
  for (const SeenCharacter& character : characters_of(text)) {
    if (!character.continues) clusters.emplace_back();
    Cluster& cluster = clusters.back();
    const std::size_t cells = character.code_point == as_emoji ? widest : cells_of(character);
    cluster.cells = std::min(cluster.cells + cells, widest);
    cluster.bytes += character.bytes.size();
  }
  return clusters;
}

/// The longest beginning of a text that fits into a width, but at least one cluster. Of a long text only so much is
/// looked at as may fit.
[[nodiscard]] std::string_view beginning(std::string_view text, std::size_t width) {
  constexpr std::size_t bytes_of_a_cell = 16;
  const auto is_within_a_character = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
  };
  std::size_t enough = (width + 1) * bytes_of_a_cell;
  while (enough < text.size() && is_within_a_character(enough)) ++enough;
  text = text.substr(0, enough);
  std::size_t bytes = 0;
  std::size_t cells = 0;
  for (const Cluster& cluster : clusters_of(text)) {
    cells += cluster.cells;
    if (cells > width && bytes > 0) break;
    bytes += cluster.bytes;
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
  for (const SeenCharacter& character : characters_of(text)) {
    const auto code_point = static_cast<unsigned>(character.code_point);
    if (!character.valid) {
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(character.bytes.front()));
    } else if (detail::contains_control_character(character.bytes)) {
      shown += fmt::format("\\x{:02x}", code_point);
    } else if (character.hides) {
      shown += code_point > 0xffff ? fmt::format("\\U{:08x}", code_point) : fmt::format("\\u{:04x}", code_point);
    } else {
      shown += character.bytes;
    }
  }
  return shown;
}

std::size_t width_of(std::string_view text) {
  std::size_t cells = 0;
  for (const Cluster& cluster : clusters_of(text)) cells += cluster.cells;
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
