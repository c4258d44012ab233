#pragma once
// A draw by inversion: 64 random bits are a rank among everything that could happen, and the outcome of that rank is a
// quantile. Inversion is what makes compared scenarios share their luck to the full, because a quantile moves as little
// as its distribution does, and always to the same side. This header turns bits into ranks, and ranks into quantiles of
// the normal distribution.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "tenure/engine/cohort/quick.hpp"

namespace tenure::detail {

/// A probability, said as what lies beyond it on the nearer side: exact in both tails, down to 2^-65.
struct Rank {
  double beyond = 0.5;  ///< in (0, 1/2]
  bool upper = false;   ///< the share 1 - beyond lies below; otherwise the share `beyond` does
  [[nodiscard]] double above() const { return upper ? beyond : 1 - beyond; }
  [[nodiscard]] Rank mirrored() const { return {beyond, !upper}; }
};

/// Rank (bits + 1/2)/2^64.
[[nodiscard]] inline Rank rank_of(std::uint64_t bits) {
  const bool upper = (bits >> 63) != 0;
  const auto steps = static_cast<std::int64_t>(upper ? ~bits : bits);
  return {(static_cast<double>(steps) + 0.5) * 0x1p-64, upper};
}

template <std::size_t size>
[[nodiscard]] inline double polynomial(const std::array<double, size>& coefficients, double x) {
  double value = coefficients[size - 1];
  for (std::size_t k = size - 1; k-- > 0;) value = value * x + coefficients[k];
  return value;
}

/// The z > 0 that a standard normal exceeds with this probability, from 2^-65 to 1/2. Two quotients of polynomials, as
/// in Wichura (1988), fitted anew (tests hold the relative error below 3e-14): up to 1/16 in the root of -ln, above in
/// the square of the distance from the middle.
[[nodiscard]] inline double normal_excess(double beyond) {
  if (beyond < 0.0625) {
    constexpr std::array<double, 8> above{3.6655375322905845,       5.35278647338317502,      2.98561851456784829,
                                          0.778108822215553713,     0.0868931951425260662,    0.000803290413284312307,
                                          -0.000487384886274383258, -0.0000205418003321357329};
    constexpr std::array<double, 7> below{1,
                                          1.041430389904507,
                                          0.386382630226215829,
                                          0.056754681332407268,
                                          0.00143312665560178679,
                                          -0.000301209471679250023,
                                          -0.0000145240899813341127};
    const double r = std::sqrt(-quick_logarithm(beyond)) - 3;
    return polynomial(above, r) / polynomial(below, r);
  }
  constexpr std::array<double, 8> above{3.50656124423439114, 145.005525778189626, 2175.53366814298229,
                                        14497.030641778431,  42220.2310494683125, 44985.3032195927216,
                                        9623.78401597967396, -556.569426586292308};
  constexpr std::array<double, 7> below{1,
                                        44.7977530982410753,
                                        745.073616913076342,
                                        5702.34954075865609,
                                        20239.8476392302357,
                                        29550.6350660781931,
                                        12466.0817646110527};
  const double distance = 0.5 - beyond;
  const double r = 0.19140625 - distance * distance;  // (7/16)² - distance²
  return distance * polynomial(above, r) / polynomial(below, r);
}

/// The standard normal quantile of a rank.
[[nodiscard]] inline double normal_quantile(const Rank& rank) {
  const double z = normal_excess(rank.beyond);
  return rank.upper ? z : -z;
}

}  // namespace tenure::detail
