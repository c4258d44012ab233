// Pictures out of block characters.

#include "chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "text_width.hpp"

namespace tenure::display {

namespace {

constexpr std::array<std::string_view, 8> left_eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
constexpr std::array<std::string_view, 8> lower_eighths{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

[[nodiscard]] std::string repeated(std::string_view block, std::size_t count) {
  std::string text;
  for (std::size_t k = 0; k < count; ++k) text += block;
  return text;
}

/// Blocks for a share of a side, in eighths; something that is not 0 always shows.
[[nodiscard]] std::size_t parts_of(double share, std::size_t side, std::size_t parts_each) {
  if (!(share > 0)) return 0;
  const double exact = share * static_cast<double>(side * parts_each);
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::floor(exact + 0.5)), 1, side * parts_each);
}

[[nodiscard]] std::string bar_to_the_right(double share, std::size_t side) {
  const std::size_t eighths = parts_of(share, side, 8);
  return padded_right(repeated("█", eighths / 8) + std::string{left_eighths[eighths % 8]}, side);
}

/// Only a half block is at hand for the left end.
[[nodiscard]] std::string bar_to_the_left(double share, std::size_t side) {
  const std::size_t halves = parts_of(share, side, 2);
  return padded_left((halves % 2 ? "▐" : "") + repeated("█", halves / 2), side);
}

/// Cells to the left of the axis, in proportion, but at least one where anything is negative.
[[nodiscard]] std::size_t left_side(double least, double most, std::size_t width) {
  if (!(least < 0)) return 0;
  if (!(most > 0)) return width;
  const double share = -(least / 2) / (most / 2 - least / 2);  // halves, so that the sum stays finite
  return std::clamp<std::size_t>(static_cast<std::size_t>(share * static_cast<double>(width) + 0.5), 1, width - 1);
}

[[nodiscard]] std::vector<double> averaged(const std::vector<double>& values, std::size_t count) {
  if (values.size() <= count) return values;
  std::vector<double> averages;
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t first = k * values.size() / count;
    const std::size_t after = (k + 1) * values.size() / count;
    double average = 0;
    for (std::size_t i = first; i < after; ++i) average += values[i] / static_cast<double>(after - first);
    averages.push_back(average);
  }
  return averages;
}

}  // namespace

std::vector<std::string> bars(const std::vector<double>& values, std::size_t width) {
  double least = 0;
  double most = 0;
  for (const double value : values) {
    least = std::min(least, value);
    most = std::max(most, value);
  }
  const std::size_t left = left_side(least, most, width);
  const std::string axis = least < 0 ? "│" : "";
  std::vector<std::string> drawn;
  for (const double value : values) {
    drawn.push_back(bar_to_the_left(value < 0 ? value / least : 0, left) + axis +
                    bar_to_the_right(value > 0 ? value / most : 0, width - left));
  }
  return drawn;
}

std::string sparkline(const std::vector<double>& values, std::size_t width) {
  const std::vector<double> course = averaged(values, width);
  double least = 0;
  double most = 0;
  for (const double value : course) {
    least = std::min(least, value);
    most = std::max(most, value);
  }
  std::string line;
  for (const double value : course) {
    const double share = most > least ? (value / 2 - least / 2) / (most / 2 - least / 2) : 0;
    line += lower_eighths[static_cast<std::size_t>(std::floor(share * 7 + 0.5))];
  }
  return line;
}

}  // namespace tenure::display
