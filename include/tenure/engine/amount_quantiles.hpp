#pragma once
// Amounts that vary around a mean, drawn by inversion: 32 random bits are a rank, and the amount is its quantile, in
// standard deviations from the mean. Quantiles of a law are tabulated once, in cells of equal width in the logarithm of
// the distance from the nearer end, with a cubic between the ends of each (Hermite's, whose slopes are one over the
// density: Steinbrecher and Shaw 2008); so one draw takes one look-up, whatever the law. A rank in the outermost 2^-12
// takes 32 bits more, so that tails reach to 2^-64.
//
// Quantiles of gamma laws solve the incomplete gamma function's series or continued fraction (Abramowitz and Stegun
// 6.5.29, 6.5.31) by Newton's method; those of very large shapes are expanded around the normal (Cornish and Fisher
// 1938). All of it is made of additions, multiplications, divisions and roots alone, and so is the same everywhere.

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "tenure/engine/cohort/quick.hpp"
#include "tenure/engine/cohort/rank.hpp"
#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/elementary.hpp"

namespace tenure {

/// A law's shape: its kind, and for laws of positive amounts the standard deviation over the mean.
struct AmountShape {
  DistributionKind kind = DistributionKind::normal;
  double variation = 0;
  bool operator==(const AmountShape&) const = default;
};

namespace detail {

/// A quantile and its slope by the probability.
struct QuantilePoint {
  double value = 0;
  double slope = 0;
};

[[nodiscard]] inline QuantilePoint normal_point(const Rank& rank) {
  constexpr double root_of_two_pi = 2.5066282746310002;
  const double z = normal_quantile(rank);
  return {z, root_of_two_pi * tenure::exponential(z * z / 2)};
}

[[nodiscard]] inline QuantilePoint uniform_point(const Rank& rank) {
  const double width = std::sqrt(12.0);
  const double from_middle = 0.5 - rank.beyond;
  return {width * (rank.upper ? from_middle : -from_middle), width};
}

/// exp(sz - s²/2), less 1, over the variation.
[[nodiscard]] inline QuantilePoint lognormal_point(const Rank& rank, double variation) {
  const double variance = tenure::logarithm(1 + variation * variation);
  const double s = std::sqrt(variance);
  const QuantilePoint normal = normal_point(rank);
  const double amount = tenure::exponential(s * normal.value - variance / 2);
  return {(amount - 1) / variation, s * amount * normal.slope / variation};
}

/// ln Γ(x) for x > 0: Stirling's series from 10 on.
[[nodiscard]] inline double log_gamma(double x) {
  double product = 1;
  while (x < 10) product *= x++;
  const double r2 = 1 / (x * x);
  const double series =
      (1.0 / 12 - r2 * (1.0 / 360 - r2 * (1.0 / 1260 - r2 * (1.0 / 1680 - r2 * (1.0 / 1188 - r2 * 691.0 / 360360))))) /
      x;
  constexpr double half_log_two_pi = 0.91893853320467274;
  return (x - 0.5) * tenure::logarithm(x) - x + half_log_two_pi + series - tenure::logarithm(product);
}

/// e^x, some units in the last place off; 0 and infinity where a double cannot hold it.
[[nodiscard]] inline double quick_exponential(double x) {
  const double decay = quick_decay(std::fabs(x)).remaining();
  return x <= 0 ? decay : 1 / decay;
}

/// The gamma law of a shape and scale 1, by logarithms so that nothing is lost in the tails.
class GammaLaw {
 public:
  explicit GammaLaw(double shape) : shape_{shape}, log_gamma_{log_gamma(shape)} {}

  /// ln of the density at x = e^y, times x.
  [[nodiscard]] double log_mass(double y) const { return shape_ * y - quick_exponential(y) - log_gamma_; }

  /// ln of the probability of the side asked for.
  [[nodiscard]] double log_probability(double y, bool above) const {
    const double x = quick_exponential(y);
    const bool by_series = x < shape_ + 1;
    const double side = log_mass(y) + quick_logarithm(by_series ? series(x) : 1 / fraction(x));
    if (by_series != above) return side;
    return quick_logarithm(std::max(1 - quick_exponential(side), std::numeric_limits<double>::min()));
  }

  /// y = ln x where the given side has probability `beyond`, by Newton's method from a guess nearby.
  [[nodiscard]] double log_quantile(double beyond, bool above, double guess) const {
    const double target = quick_logarithm(beyond);
    double y = guess;
    for (int step = 0; step < 100; ++step) {
      const double found = log_probability(y, above);
      const double slope = quick_exponential(log_mass(y) - found) * (above ? -1 : 1);
      double move = (target - found) / slope;
      if (!(std::fabs(move) < 1)) move = (target > found) != above ? 1 : -1;
      y += move;
      if (std::fabs(move) < 1e-14 * (1 + std::fabs(y))) break;
    }
    return y;
  }

  [[nodiscard]] QuantilePoint point(double y) const {
    constexpr double smallest = -700;
    if (y < smallest) return {0, 0};
    return {quick_exponential(y), quick_exponential(y - log_mass(y))};
  }

 private:
  /// γ(a, x)·e^x·x^-a.
  [[nodiscard]] double series(double x) const {
    double term = 1 / shape_;
    double sum = term;
    for (double n = shape_ + 1; term > sum * 1e-17; ++n) sum += term *= x / n;
    return sum;
  }
  /// The continued fraction of which Γ(a, x)·e^x·x^-a is the inverse, by Lentz's method.
  [[nodiscard]] double fraction(double x) const {
    double b = x + 1 - shape_;
    double value = b;
    double c = b;
    double d = 0;
    for (double n = 1; n < 10000; ++n) {
      const double a = n * (shape_ - n);
      b += 2;
      d = 1 / (b + a * d);
      c = b + a / c;
      value *= c * d;
      if (std::fabs(c * d - 1) < 1e-16) break;
    }
    return value;
  }

  double shape_;
  double log_gamma_;
};

/// Beyond this shape, by the expansion of Cornish and Fisher, whose error is of the order of shape^-3/2.
inline constexpr double expanded_shape = 1e5;

[[nodiscard]] inline QuantilePoint expanded_gamma_point(const Rank& rank, double shape) {
  const QuantilePoint normal = normal_point(rank);
  const double z = normal.value;
  const double skewness = 2 / std::sqrt(shape);
  const double kurtosis = 6 / shape;
  const double square = skewness * skewness;
  const double value =
      z + skewness / 6 * (z * z - 1) + kurtosis / 24 * (z * z * z - 3 * z) - square / 36 * (2 * z * z * z - 5 * z);
  const double slope = 1 + skewness / 3 * z + kurtosis / 24 * (3 * z * z - 3) - square / 36 * (6 * z * z - 5);
  return {value, slope * normal.slope};
}

inline constexpr int cell_bits = 5;                            ///< 32 cells to each halving of the distance from an end
inline constexpr std::size_t cells_of_side = 64 << cell_bits;  ///< from 2^-65 to 1/2

/// The distance from the nearer end at which a cell begins.
[[nodiscard]] inline double begin_of_cell(std::size_t cell) {
  constexpr std::uint64_t first = std::uint64_t{1023 - 65} << 52;  // 2^-65
  return std::bit_cast<double>(first + (static_cast<std::uint64_t>(cell) << (52 - cell_bits)));
}

/// The points at which cells of one side begin, the end of the last included.
[[nodiscard]] inline std::vector<QuantilePoint> gamma_points(double shape, bool upper) {
  const GammaLaw law{shape};
  const double sd = std::sqrt(shape);
  std::vector<QuantilePoint> points(cells_of_side + 1);
  double y = tenure::logarithm(shape);
  for (std::size_t cell = cells_of_side + 1; cell-- > 0;) {
    y = law.log_quantile(begin_of_cell(cell), upper, y);
    const QuantilePoint found = law.point(y);
    points[cell] = {(found.value - shape) / sd, found.slope / sd};
  }
  return points;
}

[[nodiscard]] inline std::vector<QuantilePoint> points_of(const AmountShape& shape, bool upper) {
  const double gamma_shape = shape.variation > 0 ? 1 / (shape.variation * shape.variation) : expanded_shape;
  if (shape.kind == DistributionKind::gamma && gamma_shape < expanded_shape) return gamma_points(gamma_shape, upper);
  std::vector<QuantilePoint> points;
  for (std::size_t cell = 0; cell <= cells_of_side; ++cell) {
    const Rank rank{begin_of_cell(cell), upper};
    switch (shape.kind) {
      case DistributionKind::gamma:
        points.push_back(expanded_gamma_point(rank, gamma_shape));
        break;
      case DistributionKind::lognormal:
        points.push_back(lognormal_point(rank, shape.variation));
        break;
      case DistributionKind::uniform:
        points.push_back(uniform_point(rank));
        break;
      default:
        points.push_back(normal_point(rank));
        break;
    }
  }
  return points;
}

}  // namespace detail

/// The quantiles of one law, standardised: mean 0 and standard deviation 1.
class AmountQuantiles {
 public:
  explicit AmountQuantiles(const AmountShape& shape) : shape_{shape} {
    for (const bool upper : {false, true}) {
      const std::vector<detail::QuantilePoint> points = detail::points_of(shape, upper);
      for (std::size_t cell = 0; cell < detail::cells_of_side; ++cell) {
        const double width = detail::begin_of_cell(cell + 1) - detail::begin_of_cell(cell);
        cells_.push_back(cubic(points[cell], points[cell + 1], upper ? -width : width));
      }
    }
  }

  [[nodiscard]] const AmountShape& shape() const { return shape_; }

  /// Four coefficients of each cell, in the place within it from 0 to 1: the lower side's cells, then the upper side's.
  [[nodiscard]] const double* coefficients() const { return cells_.front().data(); }

  /// What is taken from the leading bits of a distance from the nearer end to get the number of its cell.
  static constexpr std::uint64_t first_cell = (std::uint64_t{1023 - 65} << 52) >> (52 - detail::cell_bits);

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

  [[nodiscard]] static Cubic cubic(const detail::QuantilePoint& from, const detail::QuantilePoint& to, double width) {
    const double rise = to.value - from.value;
    const double left = from.slope * width;
    const double right = to.slope * width;
    return {from.value, left, 3 * rise - 2 * left - right, left + right - 2 * rise};
  }

  [[nodiscard]] double in_cell(double beyond, bool upper) const {
    const auto bits = std::bit_cast<std::uint64_t>(beyond);
    const std::uint64_t cell = (bits >> (52 - detail::cell_bits)) - first_cell;
    constexpr std::uint64_t one = std::uint64_t{1023} << 52;
    const auto one_and_place = std::bit_cast<double>(one | ((bits << detail::cell_bits) & ~(~std::uint64_t{0} << 52)));
    const double place = one_and_place - 1;
    const Cubic& c = cells_[cell + (upper ? detail::cells_of_side : 0)];
    return c[0] + place * (c[1] + place * (c[2] + place * c[3]));
  }

  AmountShape shape_;
  std::vector<Cubic> cells_{};  ///< the lower side's, then the upper side's
};

}  // namespace tenure
