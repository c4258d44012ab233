#pragma once
// How far an effective spend moves a number from today's value towards its limit: a share of the way, 0 at no spend.
//
//   exponential  1 - 2^(-a / half_spend)              Blattberg and Deighton (1996)
//   hill         a^k / (a^k + half_spend^k)           Little's ADBUDG (1970); concave for k <= 1, S-shaped for k > 1
//   table        a monotone cubic through given points, slopes by Fritsch and Butland (1984)

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// The shapes of curves.
enum class ResponseShape : std::uint8_t { exponential, hill, table };

/// The names of these shapes, in their order.
inline constexpr std::array<std::string_view, 3> response_shape_names{"exponential", "hill", "table"};

/// The name of a shape in files and results.
[[nodiscard]] constexpr std::string_view name_of(ResponseShape shape) {
  return response_shape_names[static_cast<std::size_t>(shape)];
}

/// A point of a table.
struct ResponsePoint {
  double spend = 0;
  double share = 0;
  bool operator==(const ResponsePoint&) const = default;
};

/// A curve without its scale; half_spend, which may be uncertain, is given apart. Points begin at (0, 0), their spends
/// rise strictly and their shares never fall nor leave 0 … 1.
struct ResponseCurve {
  ResponseShape shape = ResponseShape::exponential;
  double steepness = 1;                 ///< hill only
  std::vector<ResponsePoint> points{};  ///< table only
  bool operator==(const ResponseCurve&) const = default;
};

/// The share of the way, from 0 at no spend towards 1, at an effective spend >= 0 per period.
[[nodiscard]] double share_of_the_way(const ResponseCurve& curve, double effective_spend, double half_spend);

/// The slope of the share by the effective spend; at 0 that to the right, which is infinite for a hill below 1. The
/// slope by half_spend is -effective_spend / half_spend times this, and 0 for a table.
[[nodiscard]] double slope_of_the_way(const ResponseCurve& curve, double effective_spend, double half_spend);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/quantity/response_curve-inl.hpp"
#endif
