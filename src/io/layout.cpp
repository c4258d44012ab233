// The page of a table.

#include "layout.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "text_width.hpp"

namespace tenure::display {

namespace {

constexpr std::string_view gap = "  ";
constexpr std::size_t narrowest_cell = 12;  // of a column that gives way

[[nodiscard]] std::string_view escape_code(Tone tone) {
  switch (tone) {
    case Tone::headline:
      return "\x1b[1m";
    case Tone::best:
      return "\x1b[32m";
    case Tone::warning:
      return "\x1b[33m";
    case Tone::secondary:
      return "\x1b[2m";
    case Tone::plain:
      break;
  }
  return "";
}

[[nodiscard]] std::string without_trailing_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

[[nodiscard]] const std::string& cell_of(const GridRow& row, std::size_t column) {
  static const std::string empty;
  return column < row.cells.size() ? row.cells[column] : empty;
}

[[nodiscard]] std::size_t natural_width(const Grid& grid, std::size_t column) {
  std::size_t width = 0;
  for (const std::string& line : grid.columns[column].head) width = std::max(width, width_of(line));
  for (const GridRow& row : grid.rows) width = std::max(width, width_of(cell_of(row, column)));
  return width;
}

/// The widest column that can still give way, or no column.
[[nodiscard]] std::optional<std::size_t> widest_to_give_way(const Grid& grid, const std::vector<std::size_t>& widths) {
  std::optional<std::size_t> widest;
  for (std::size_t c = 0; c < widths.size(); ++c) {
    if (!grid.columns[c].gives_way || widths[c] <= narrowest_cell) continue;
    if (!widest || widths[c] > widths[*widest]) widest = c;
  }
  return widest;
}

[[nodiscard]] std::size_t total_of(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), gap.size() * (widths.size() - 1));
}

/// As wide as its cells are; what is too much for the page is taken from the columns that give way.
[[nodiscard]] std::vector<std::size_t> column_widths(const Grid& grid) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < grid.columns.size(); ++c) widths.push_back(natural_width(grid, c));
  for (std::size_t total = total_of(widths); total > page_width; --total) {
    const auto widest = widest_to_give_way(grid, widths);
    if (!widest) break;
    --widths[*widest];
  }
  return widths;
}

[[nodiscard]] std::string aligned_line(const Grid& grid, const std::vector<std::size_t>& widths,
                                       const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t c = 0; c < widths.size(); ++c) {
    if (c > 0) line += gap;
    line += grid.columns[c].align == Align::left ? padded_right(cells[c], widths[c]) : padded_left(cells[c], widths[c]);
  }
  return without_trailing_blanks(std::move(line));
}

/// The lines of several cells beside each other, from the top.
[[nodiscard]] std::string beside_each_other(const Grid& grid, const std::vector<std::size_t>& widths,
                                            const std::vector<std::vector<std::string>>& cells, Tone tone,
                                            Colour colour) {
  std::size_t lines = 1;
  for (const std::vector<std::string>& cell : cells) lines = std::max(lines, cell.size());
  std::string text;
  for (std::size_t k = 0; k < lines; ++k) {
    std::vector<std::string> line;
    for (const std::vector<std::string>& cell : cells) line.push_back(k < cell.size() ? cell[k] : std::string{});
    text += painted(aligned_line(grid, widths, line), tone, colour) + "\n";
  }
  return text;
}

[[nodiscard]] std::string head_of(const Grid& grid, const std::vector<std::size_t>& widths, Colour colour) {
  std::size_t lines = 0;
  for (const Column& column : grid.columns) lines = std::max(lines, column.head.size());
  if (lines == 0) return {};
  std::vector<std::vector<std::string>> cells;
  for (const Column& column : grid.columns) {
    std::vector<std::string> cell(lines - column.head.size());
    cell.insert(cell.end(), column.head.begin(), column.head.end());
    cells.push_back(std::move(cell));
  }
  std::string rule;
  for (std::size_t k = 0; k < total_of(widths); ++k) rule += "─";
  return beside_each_other(grid, widths, cells, Tone::secondary, colour) + painted(rule, Tone::secondary, colour) +
         "\n";
}

[[nodiscard]] std::string drawn_row(const Grid& grid, const std::vector<std::size_t>& widths, const GridRow& row,
                                    Colour colour) {
  std::vector<std::vector<std::string>> cells;
  for (std::size_t c = 0; c < widths.size(); ++c) {
    const std::string& cell = cell_of(row, c);
    const bool breaks = width_of(cell) > widths[c];
    cells.push_back(breaks ? broken_into_lines(cell, widths[c]) : std::vector{cell});
  }
  return beside_each_other(grid, widths, cells, row.tone, colour);
}

}  // namespace

std::string painted(std::string_view text, Tone tone, Colour colour) {
  const std::string_view code = escape_code(tone);
  if (colour == Colour::none || code.empty() || text.empty()) return std::string{text};
  return std::string{code} + std::string{text} + "\x1b[0m";
}

std::string drawn(const Grid& grid, Colour colour) {
  if (grid.columns.empty()) return {};
  const std::vector<std::size_t> widths = column_widths(grid);
  std::string text = head_of(grid, widths, colour);
  for (const GridRow& row : grid.rows) text += drawn_row(grid, widths, row, colour);
  return text;
}

std::string paragraph(std::string_view text, std::size_t indent, std::size_t hanging) {
  return painted_paragraph(text, Tone::plain, Colour::none, indent, hanging);
}

std::string painted_paragraph(std::string_view text, Tone tone, Colour colour, std::size_t indent,
                              std::size_t hanging) {
  std::string page;
  for (const std::string& line : broken_into_lines(text, page_width - std::max(indent, hanging))) {
    page += std::string(page.empty() ? indent : hanging, ' ') + painted(line, tone, colour) + "\n";
  }
  return page;
}

}  // namespace tenure::display
