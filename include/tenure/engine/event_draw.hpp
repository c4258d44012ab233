#pragma once
// Cash flows that vary from event to event, drawn: what n events bring above n times their mean. Sums of normal and of
// gamma amounts have laws of the same kind, so that one draw does for any n. Sums of lognormal and of uniform amounts
// are drawn one by one up to `events_one_by_one`; a larger number is drawn from the gamma law with the sum's mean,
// variance and skewness, which misses its fourth cumulant alone: for n events of skewness γ that moves probabilities by
// about γ²/n at most. Gamma numbers are those of Marsaglia and Tsang (2000).

#include <cmath>
#include <cstdint>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/cohort/quick.hpp"
#include "tenure/engine/cohort/rank.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/elementary.hpp"

namespace tenure {

/// Up to how many amounts of such laws are drawn one by one.
inline constexpr double events_one_by_one = 64;

namespace detail {

[[nodiscard]] inline std::uint64_t next_64_bits(StreamEngine& random) {
  const std::uint64_t low = random();
  return low | (std::uint64_t{random()} << 32);
}

[[nodiscard]] inline double normal_draw(StreamEngine& random) { return normal_quantile(rank_of(next_64_bits(random))); }

/// Above 0 and below 1.
[[nodiscard]] inline double unit_draw(StreamEngine& random) {
  return (static_cast<double>(next_64_bits(random) >> 12) + 0.5) * 0x1p-52;
}

/// A gamma number of scale 1 and this shape above 1.
[[nodiscard]] inline double gamma_draw_above_one(double shape, StreamEngine& random) {
  const double d = shape - 1.0 / 3;
  const double c = 1 / (3 * std::sqrt(d));
  for (;;) {
    const double z = normal_draw(random);
    const double root = 1 + c * z;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (quick_logarithm(unit_draw(random)) < z * z / 2 + d * (1 - v + quick_logarithm(v))) return d * v;
  }
}

/// A gamma number of scale 1: for shapes below 1 one of the shape above, times u^(1/shape).
[[nodiscard]] inline double gamma_draw(double shape, StreamEngine& random) {
  if (shape >= 1) return gamma_draw_above_one(shape, random);
  const double above = gamma_draw_above_one(shape + 1, random);
  return above * quick_decay(-quick_logarithm(unit_draw(random)) / shape).remaining();
}

/// A gamma number less its mean, over its standard deviation. Of very large shapes by the expansion of Cornish and
/// Fisher (1938), whose remainder is of the order of 1/shape.
[[nodiscard]] inline double standard_gamma_draw(double shape, StreamEngine& random) {
  constexpr double large = 1e8;
  const double root = std::sqrt(shape);
  if (shape < large) return (gamma_draw(shape, random) - shape) / root;
  const double z = normal_draw(random);
  return z + (z * z - 1) / (3 * root);
}

[[nodiscard]] inline double lognormal_draw(double variation, StreamEngine& random) {
  const double variance = tenure::logarithm(1 + variation * variation);
  return tenure::exponential(std::sqrt(variance) * normal_draw(random) - variance / 2);
}

/// The sum of standardised deviations of n uniform amounts, or of n lognormal ones with this coefficient of variation.
[[nodiscard]] inline double deviations_one_by_one(DistributionKind kind, double variation, double count,
                                                  StreamEngine& random) {
  const double root_of_12 = std::sqrt(12.0);
  double sum = 0;
  for (double k = 0; k < count; ++k) {
    sum += kind == DistributionKind::uniform ? root_of_12 * (unit_draw(random) - 0.5)
                                             : (lognormal_draw(variation, random) - 1) / variation;
  }
  return sum;
}

}  // namespace detail

/// What `count` events bring above `count` times their mean.
[[nodiscard]] inline double deviation_of_events(const EventLaw& law, double count, StreamEngine random) {
  if (law.sd == 0 || count == 0 || law.kind == DistributionKind::fixed) return 0;
  const double spread = law.sd * std::sqrt(count);
  const double sign = law.mean < 0 ? -1 : 1;
  const double variation = law.mean == 0 ? 0 : law.sd / std::abs(law.mean);
  const bool is_relative = law.kind == DistributionKind::gamma || law.kind == DistributionKind::lognormal;
  if (law.kind == DistributionKind::normal || (is_relative && variation == 0))
    return spread * detail::normal_draw(random);
  if (law.kind == DistributionKind::gamma) {
    return sign * spread * detail::standard_gamma_draw(count / (variation * variation), random);
  }
  if (count <= events_one_by_one) {
    return sign * law.sd * detail::deviations_one_by_one(law.kind, variation, count, random);
  }
  if (law.kind == DistributionKind::uniform) return spread * detail::normal_draw(random);
  const double skew = variation * (3 + variation * variation) / std::sqrt(count);
  return sign * spread * detail::standard_gamma_draw(4 / (skew * skew), random);
}

}  // namespace tenure
