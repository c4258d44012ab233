#pragma once
// The bodies of tenure/quantity/response_curve.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/response_curve.hpp"

namespace tenure {

namespace detail {

[[nodiscard]] inline double end_slope(double near_width, double far_width, double near_secant, double far_secant) {
  const double slope =
      ((2 * near_width + far_width) * near_secant - near_width * far_secant) / (near_width + far_width);
  if (slope * near_secant <= 0) return 0;
  if (near_secant * far_secant <= 0 && std::abs(slope) > 3 * std::abs(near_secant)) return 3 * near_secant;
  return slope;
}

/// The slope of the monotone cubic at point k: a weighted harmonic mean of the neighbouring secants.
[[nodiscard]] inline double slope_at(const std::vector<ResponsePoint>& points, std::size_t k) {
  const auto width = [&](std::size_t i) { return points[i + 1].spend - points[i].spend; };
  const auto secant = [&](std::size_t i) { return (points[i + 1].share - points[i].share) / width(i); };
  const std::size_t last = points.size() - 1;
  if (last == 1) return secant(0);
  if (k == 0) return end_slope(width(0), width(1), secant(0), secant(1));
  if (k == last) return end_slope(width(last - 1), width(last - 2), secant(last - 1), secant(last - 2));
  if (secant(k - 1) * secant(k) <= 0) return 0;
  const double before = 2 * width(k) + width(k - 1);
  const double after = width(k) + 2 * width(k - 1);
  return (before + after) / (before / secant(k - 1) + after / secant(k));
}

/// The cubic between two points of a table: start + u (first + u (second + u third)), u from 0 to 1 over its width.
struct CubicPiece {
  double width = 1;
  double u = 0;  ///< where the spend asked for is
  double start = 0;
  double first = 0;
  double second = 0;
  double third = 0;
};

/// The piece that a spend below the last point's is in.
[[nodiscard]] inline CubicPiece cubic_at(const std::vector<ResponsePoint>& points, double spend) {
  const auto above = std::upper_bound(points.begin(), points.end(), spend,
                                      [](double value, const ResponsePoint& point) { return value < point.spend; });
  const auto k = static_cast<std::size_t>(above - points.begin()) - 1;
  const double width = points[k + 1].spend - points[k].spend;
  const double rise = points[k + 1].share - points[k].share;
  const double left = width * slope_at(points, k);
  const double right = width * slope_at(points, k + 1);
  return {width, (spend - points[k].spend) / width, points[k].share,
          left,  3 * rise - 2 * left - right,       left + right - 2 * rise};
}

[[nodiscard]] inline double share_by_table(const std::vector<ResponsePoint>& points, double spend) {
  if (spend >= points.back().spend) return points.back().share;
  const CubicPiece piece = cubic_at(points, spend);
  return piece.start + piece.u * (piece.first + piece.u * (piece.second + piece.u * piece.third));
}

/// The slope of that cubic; 0 beyond its end.
[[nodiscard]] inline double slope_by_table(const std::vector<ResponsePoint>& points, double spend) {
  if (spend >= points.back().spend) return 0;
  const CubicPiece piece = cubic_at(points, spend);
  return (piece.first + piece.u * (2 * piece.second + 3 * piece.u * piece.third)) / piece.width;
}

}  // namespace detail

TENURE_INLINE double share_of_the_way(const ResponseCurve& curve, double effective_spend, double half_spend) {
  if (effective_spend == 0) return 0;
  switch (curve.shape) {
    case ResponseShape::exponential:
      return one_less_exponential(-detail::ln_2.high * (effective_spend / half_spend));
    case ResponseShape::hill: {
      const double ratio = effective_spend / half_spend;
      if (ratio == 0 || std::isinf(ratio)) return ratio == 0 ? 0 : 1;  // beyond what a logarithm could be taken of
      const double odds = power(DoubleDouble{effective_spend} / DoubleDouble{half_spend}, curve.steepness);
      return std::isinf(odds) ? 1 : odds / (1 + odds);
    }
    case ResponseShape::table:
      break;
  }
  return detail::share_by_table(curve.points, effective_spend);
}

TENURE_INLINE double slope_of_the_way(const ResponseCurve& curve, double effective_spend, double half_spend) {
  switch (curve.shape) {
    case ResponseShape::exponential:
      return detail::ln_2.high / half_spend * exponential(-detail::ln_2.high * (effective_spend / half_spend));
    case ResponseShape::hill: {
      if (effective_spend == 0 && curve.steepness == 1) return 1 / half_spend;
      if (effective_spend == 0) return curve.steepness > 1 ? 0 : std::numeric_limits<double>::infinity();
      const double share = share_of_the_way(curve, effective_spend, half_spend);
      return curve.steepness * share * (1 - share) / effective_spend;
    }
    case ResponseShape::table:
      break;
  }
  return detail::slope_by_table(curve.points, effective_spend);
}

}  // namespace tenure
