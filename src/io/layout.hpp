#pragma once
// The page of a table: headlines, paragraphs within the width of a screen, and grids of aligned columns. Colours are
// added last, so that they never disturb a width.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tenure/io/table.hpp"

namespace tenure::display {

inline constexpr std::size_t page_width = 100;

enum class Tone { plain, headline, best, warning, secondary };

[[nodiscard]] std::string painted(std::string_view text, Tone tone, Colour colour);

enum class Align { left, right };

struct Column {
  std::vector<std::string> head{};  ///< line by line; shorter heads stand at the bottom
  Align align = Align::right;
  bool gives_way = false;  ///< its cells are broken into lines where the grid would be wider than the page
};

struct GridRow {
  std::vector<std::string> cells{};  ///< printable; missing ones are empty
  Tone tone = Tone::plain;
};

struct Grid {
  std::vector<Column> columns{};
  std::vector<GridRow> rows{};
};

/// The grid, a line each ending in a newline.
[[nodiscard]] std::string drawn(const Grid& grid, Colour colour);

/// A text in lines of the page's width: the first one indented by so much, the others by `hanging`.
[[nodiscard]] std::string paragraph(std::string_view text, std::size_t indent = 0, std::size_t hanging = 0);

/// A paragraph in colour.
[[nodiscard]] std::string painted_paragraph(std::string_view text, Tone tone, Colour colour, std::size_t indent = 0,
                                            std::size_t hanging = 0);

}  // namespace tenure::display
