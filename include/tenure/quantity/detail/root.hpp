#pragma once
// A root between two values of opposite sign, by the method of interpolation, truncation and projection (Oliveira and
// Takahashi, ACM Transactions on Mathematical Software 47(1), 2020): each point is that of the false position, pulled
// towards the middle a little and kept so close to it that there are never more points than bisection needs, and one.
// Nothing but additions, multiplications and divisions is used: roots have the same bits everywhere.

#include <algorithm>
#include <cmath>

namespace tenure::detail {

/// Two arguments, and what a function is there: of opposite signs, or 0.
struct Bracket {
  double low = 0;
  double high = 0;
  double at_low = 0;
  double at_high = 0;

  [[nodiscard]] double width() const { return high - low; }
  [[nodiscard]] double middle() const { return low + (high - low) / 2; }
  /// Whether there is hardly a double in between.
  [[nodiscard]] bool is_narrow() const {
    const double middle_of_it = middle();
    return !(width() > 0x1p-48 * std::min(std::abs(low), std::abs(high))) ||
           !(low < middle_of_it && middle_of_it < high);
  }
};

/// Two arguments, the smaller one first.
[[nodiscard]] inline Bracket bracket_of(double a, double b, double at_a, double at_b) {
  return a < b ? Bracket{a, b, at_a, at_b} : Bracket{b, a, at_b, at_a};
}

/// The next point, at most `reach` from the middle.
[[nodiscard]] inline double point_within(const Bracket& bracket, double reach, double first_width) {
  const double middle = bracket.middle();
  const double false_position = bracket.low - bracket.at_low * (bracket.width() / (bracket.at_high - bracket.at_low));
  if (!(false_position >= bracket.low && false_position <= bracket.high)) return middle;
  const double way = middle - false_position;
  const double pull = 0.2 * bracket.width() * (bracket.width() / first_width);
  const double pulled = pull < std::abs(way) ? false_position + std::copysign(pull, way) : middle;
  const double point = std::abs(pulled - middle) <= reach ? pulled : middle - std::copysign(reach, way);
  return point > bracket.low && point < bracket.high ? point : middle;
}

/// Narrows a bracket down to the last few doubles, or to a root that is hit. The function must be finite in between.
template <class Function>
[[nodiscard]] Bracket narrowed_root(Function&& function, Bracket bracket) {
  const double first_width = bracket.width();
  const double size = std::max(std::abs(bracket.low), std::abs(bracket.high));
  const double negligible = std::max(size * 0x1p-80, 0x1p-1000);  // where the root is 0
  double allowed = std::max(size * 0x1p-53, 0x1p-1000);  // half the width after the last of bisection's steps, doubled
  while (allowed < first_width) allowed *= 2;            // back to the first
  while (!bracket.is_narrow() && bracket.width() > negligible) {
    const double point = point_within(bracket, std::max(0.0, allowed - bracket.width() / 2), first_width);
    const double there = function(point);
    if (there == 0) return {point, point, 0, 0};
    if ((there > 0) == (bracket.at_low > 0)) {
      bracket.low = point;
      bracket.at_low = there;
    } else {
      bracket.high = point;
      bracket.at_high = there;
    }
    allowed /= 2;
  }
  return bracket;
}

}  // namespace tenure::detail
