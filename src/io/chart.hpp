#pragma once
// Pictures out of block characters: bars to both sides of an axis, and a course of numbers as one line.

#include <cstddef>
#include <string>
#include <vector>

namespace tenure::display {

/// A bar for each number, all of one scale, with the axis where 0 is: negative ones go to the left. Bars have the same
/// width on the screen, filled up with blanks, so that something can stand behind them.
[[nodiscard]] std::vector<std::string> bars(const std::vector<double>& values, std::size_t width);

/// A line of eighth blocks from the smaller of 0 and the least number up to the larger of 0 and the largest; more
/// numbers than the width are averaged.
[[nodiscard]] std::string sparkline(const std::vector<double>& values, std::size_t width);

}  // namespace tenure::display
