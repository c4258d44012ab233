#pragma once
// Text as it stands on a screen: how many cells it takes, filled up to a width, broken into lines, and without anything
// that a terminal would obey instead of show.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tenure::display {

/// The text with control characters, what hides or turns the reading direction, and bytes that are no UTF-8 written
/// out, such as \x1b and \u202e. Whatever a table shows of a model goes through here.
[[nodiscard]] std::string printable(std::string_view text);

/// Cells of a printable text on a terminal.
[[nodiscard]] std::size_t width_of(std::string_view text);

/// Filled up with blanks behind, or in front.
[[nodiscard]] std::string padded_right(std::string text, std::size_t width);
[[nodiscard]] std::string padded_left(std::string text, std::size_t width);

/// Lines of at most this width, broken at blanks where there are any and within words where there are none.
[[nodiscard]] std::vector<std::string> broken_into_lines(std::string_view text, std::size_t width);

}  // namespace tenure::display
