#pragma once
// Amounts that vary around a mean, drawn by inversion: 32 random bits are a rank, and the amount is its quantile, in
// standard deviations from the mean. Quantiles of a law are tabulated once, in cells of equal width in the logarithm of
// the distance from the nearer end, with a cubic between the ends of each (Hermite's, whose slopes are one over the
// density: Steinbrecher and Shaw 2008); so one draw takes one look-up, whatever the law. A rank in the outermost 2^-12
// takes 32 bits more, so that tails reach to 2^-64.

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "tenure/quantity/detail/law/laws.hpp"
#include "tenure/quantity/detail/rank.hpp"
#include "tenure/quantity/law.hpp"

namespace tenure::detail {

/// A law's shape: its kind, and for laws of positive amounts the standard deviation over the mean.
struct AmountShape {
  DistributionKind kind = DistributionKind::normal;
  double variation = 0;
  bool operator==(const AmountShape&) const = default;
};

inline constexpr int cell_bits = 5;                            ///< 32 cells to each halving of the distance from an end
inline constexpr std::size_t cells_of_side = 64 << cell_bits;  ///< from 2^-65 to 1/2

/// The distance from the nearer end at which a cell begins.
[[nodiscard]] inline double begin_of_cell(std::size_t cell) {
  constexpr std::uint64_t first = std::uint64_t{1023 - 65} << 52;  // 2^-65
  return std::bit_cast<double>(first + (static_cast<std::uint64_t>(cell) << (52 - cell_bits)));
}

/// The points at which cells of one side begin, the end of the last included.
[[nodiscard]] inline std::vector<StandardQuantile> points_of(const AmountShape& shape, bool upper) {
  return with_law(shape.kind, [&](auto law) {
    std::vector<StandardQuantile> points;
    if constexpr (LawOfAmounts<decltype(law)>) {
      const typename decltype(law)::Standard quantile{shape.variation};
      for (std::size_t cell = 0; cell <= cells_of_side; ++cell)
        points.push_back(quantile(Rank{begin_of_cell(cell), upper}));
    }
    return points;
  });
}

/// The quantiles of one law, standardised: mean 0 and standard deviation 1.
class AmountQuantiles {
 public:
  explicit AmountQuantiles(const AmountShape& shape) : shape_{shape} {
    for (const bool upper : {false, true}) {
      const std::vector<StandardQuantile> points = points_of(shape, upper);
      for (std::size_t cell = 0; cell < cells_of_side; ++cell) {
        const double width = begin_of_cell(cell + 1) - begin_of_cell(cell);
        cells_.push_back(cubic(points[cell], points[cell + 1], upper ? -width : width));
      }
    }
  }

  [[nodiscard]] const AmountShape& shape() const { return shape_; }

  /// Four coefficients of each cell, in the place within it from 0 to 1: the lower side's cells, then the upper side's.
  [[nodiscard]] const double* coefficients() const { return cells_.front().data(); }

  /// What is taken from the leading bits of a distance from the nearer end to get the number of its cell.
  static constexpr std::uint64_t first_cell = (std::uint64_t{1023 - 65} << 52) >> (52 - cell_bits);

  /// Whether 32 bits stand so near an end, nearer than this in units of 2^-32, that `at` needs 32 more.
  static constexpr std::uint32_t far_out = 1U << 20;
  [[nodiscard]] static bool is_far_out(std::uint32_t bits) { return magnitude(bits) < far_out; }

  /// The quantile of a rank of 32 bits, at the middle of what they leave open.
  [[nodiscard]] double at(std::uint32_t bits) const {
    return in_cell((static_cast<double>(magnitude(bits)) + 0.5) * 0x1p-32, (bits >> 31) != 0);
  }
  /// The same with 32 bits more.
  [[nodiscard]] double at(std::uint32_t bits, std::uint32_t further) const {
    const double below = (static_cast<double>(further) + 0.5) * 0x1p-32;
    return in_cell((static_cast<double>(magnitude(bits)) + below) * 0x1p-32, (bits >> 31) != 0);
  }

 private:
  using Cubic = std::array<double, 4>;  ///< coefficients in the place within the cell, from 0 to 1

  [[nodiscard]] static std::uint32_t magnitude(std::uint32_t bits) { return (bits >> 31) != 0 ? ~bits : bits; }

  [[nodiscard]] static Cubic cubic(const StandardQuantile& from, const StandardQuantile& to, double width) {
    const double rise = to.value - from.value;
    const double left = from.slope * width;
    const double right = to.slope * width;
    return {from.value, left, 3 * rise - 2 * left - right, left + right - 2 * rise};
  }

  [[nodiscard]] double in_cell(double beyond, bool upper) const {
    const auto bits = std::bit_cast<std::uint64_t>(beyond);
    const std::uint64_t cell = (bits >> (52 - cell_bits)) - first_cell;
    constexpr std::uint64_t one = std::uint64_t{1023} << 52;
    const auto one_and_place = std::bit_cast<double>(one | ((bits << cell_bits) & ~(~std::uint64_t{0} << 52)));
    const double place = one_and_place - 1;
    const Cubic& c = cells_[cell + (upper ? cells_of_side : 0)];
    return c[0] + place * (c[1] + place * (c[2] + place * c[3]));
  }

  AmountShape shape_;
  std::vector<Cubic> cells_{};  ///< the lower side's, then the upper side's
};

}  // namespace tenure::detail
