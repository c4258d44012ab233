#pragma once
// Quantiles of laws of counts: how many of a number of people move, how many are brought. Small counts are found by
// adding up probabilities from 0. Large ones are first guessed by the expansion of Cornish and Fisher (1938), here with
// the correction for whole numbers. With mean μ, variance σ², skewness g/σ and w = p(1 - p), a standard normal z
// becomes
//
//   x = μ + σz + g(z² - 1)/6 - [(1 + 2w)z³ + 2(1 - 7w)z]/(72σ) + g(2 + w)(3z⁴ + 7z² - 16)/(1620σ²) + O(σ⁻³),
//
// and the quantile is x to the nearest whole number. Where that is not certain, because the remainder could carry x
// over a half, probabilities are added up on the nearer side of the distribution until there is no doubt. That is
// needed once in two hundred draws at σ = 3 and once in a million at σ = 50. Above σ = 1024 the remainder no longer
// matters: up to 10¹² people each count has its probability to within one part in 10⁹, and up to 10¹⁵ to within one
// part in 10⁷. The expansion was derived for tenure by computer algebra.
//
// The usual way to draw large counts is rejection (Hörmann 1993). There the draws of one count are spread over several
// numbers, so that two scenarios lose step as soon as one of them is rejected; and it needs ratios of probabilities
// that are hard to have from logarithms alone: Boost.Random 1.74 is off by up to one part in 10⁴ at 10¹² people.
//
// A law has `last`, its largest count, mass(k), the probability of k, and ratio(k) = mass(k + 1)/mass(k).

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "tenure/quantity/detail/law/normal.hpp"
#include "tenure/quantity/detail/rank.hpp"
#include "tenure/quantity/elementary.hpp"

namespace tenure::detail {

/// ln k! less Stirling's formula k ln k - k + ln(2πk)/2, for whole k ≥ 1 (Loader 2000).
[[nodiscard]] inline double stirling_error(double k) {
  constexpr std::array<double, 16> of_small{0,
                                            0.0810614667953272582,
                                            0.0413406959554092941,
                                            0.0276779256849983391,
                                            0.0207906721037650931,
                                            0.0166446911898211922,
                                            0.013876128823070748,
                                            0.0118967099458917701,
                                            0.0104112652619720965,
                                            0.00925546218271273292,
                                            0.00833056343336287126,
                                            0.00757367548795184079,
                                            0.00694284010720952987,
                                            0.00640899418800420707,
                                            0.00595137011275884774,
                                            0.00555473355196280137};
  if (k < 16) return of_small[static_cast<std::size_t>(k)];
  const double r = 1 / (k * k);
  return (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r * (1.0 / 1188 - r * (691.0 / 360360)))))) /
         k;
}

/// x ln(x/m) + m - x for x, m > 0, without cancellation where x is near m (Loader 2000).
[[nodiscard]] inline double deviance(double x, double m) {
  const double difference = x - m;
  if (std::abs(difference) > 0.1 * (x + m)) return x * logarithm(x / m) - difference;
  const double v = difference / (x + m);
  double odd_power = 2 * x * v;
  double sum = difference * v;
  for (int odd = 3; odd < 27; odd += 2) {
    odd_power *= v * v;
    sum += odd_power / odd;
  }
  return sum;
}

/// One count of a law and its probability, walking outward into a tail or back.
template <class Law>
class TailWalk {
 public:
  TailWalk(const Law& law, bool upper, double start)
      : law_{&law}, upper_{upper}, count_{start}, mass_{law.mass(start)} {}

  [[nodiscard]] double count() const { return count_; }
  [[nodiscard]] double mass() const { return mass_; }
  [[nodiscard]] bool at_outer_end() const { return upper_ ? count_ >= law_->last : count_ <= 0; }
  void step_outward() { upper_ ? step_up() : step_down(); }
  void step_inward() { upper_ ? step_down() : step_up(); }

  /// The probability of this count and of all further out.
  [[nodiscard]] double tail() const {
    constexpr double negligible = 0x1p-60;
    TailWalk further = *this;
    double sum = mass_;
    while (!further.at_outer_end() && further.mass_ > negligible * sum) {
      further.step_outward();
      sum += further.mass_;
    }
    return sum;
  }

 private:
  void step_up() {
    mass_ *= law_->ratio(count_);
    ++count_;
  }
  void step_down() {
    --count_;
    mass_ /= law_->ratio(count_);
  }

  const Law* law_;
  bool upper_;
  double count_;
  double mass_;
};

/// The quantile of a rank, from any guess whose probability a double can hold: the outermost count whose tail holds the
/// rank. Tails are always added up from outside, so that small ones are as exact as large ones.
template <class Law>
[[nodiscard]] double quantile_by_adding_up(const Law& law, const Rank& rank, double guess) {
  TailWalk<Law> walk{law, rank.upper, std::clamp(guess, 0.0, law.last)};
  double tail = walk.tail();
  while (tail < rank.beyond) {
    walk.step_inward();
    tail += walk.mass();
  }
  while (!walk.at_outer_end()) {
    TailWalk<Law> further = walk;
    further.step_outward();
    if (further.tail() < rank.beyond) break;
    walk = further;
  }
  return walk.count();
}

/// Below this mean, counts are found by adding up from 0.
inline constexpr double few_people = 6;

/// The quantile of a rank where the mean is below `few_people`, with decay = -ln mass(0). As P(count > 0) is at most
/// the mean, most ranks of a rare event need no computation at all.
template <class Law>
[[nodiscard]] double quantile_of_few(const Law& law, double mean, double decay, const Rank& rank) {
  const double above = rank.above();
  if (above >= mean) return 0;
  if (above < 0x1p-30) return quantile_by_adding_up(law, rank, std::floor(mean));
  const TakenApart none = exponential_of(-decay);
  double mass = none.value();
  double more = -none.less_one();  // P(count > k)
  double k = 0;
  while (more > above) {
    mass *= law.ratio(k);
    more -= mass;
    ++k;
  }
  return k;
}

/// The coefficients of the expansion for one w = p(1 - p) and g = 1 - 2p.
struct BellShape {
  double skew = 0;     ///< g/6
  double cubic = 0;    ///< (1 + 2w)/72
  double linear = 0;   ///< 2(1 - 7w)/72
  double quartic = 0;  ///< g(2 + w)/1620
};

[[nodiscard]] constexpr BellShape bell_shape(double g, double w) {
  return {g / 6, (1 + 2 * w) / 72, (1 - 7 * w) / 36, g * (2 + w) / 1620};
}

/// The quantile of a rank where the mean is at least `few_people` and at most half of `law.last`.
template <class Law>
[[nodiscard]] double quantile_of_many(const Law& law, const BellShape& shape, double mean, double variance,
                                      const Rank& rank) {
  const double z = normal_quantile(rank);
  const double z2 = z * z;
  const double sigma = std::sqrt(variance);
  const double per_variance = 1 / variance;
  const double per_sigma = sigma * per_variance;
  const double bend = shape.skew * (z2 - 1) - z * (shape.cubic * z2 + shape.linear) * per_sigma +
                      shape.quartic * ((3 * z2 + 7) * z2 - 16) * per_variance;
  const double x = mean + (sigma * z + (bend + 0.5));
  const auto guess = static_cast<double>(static_cast<std::int64_t>(x));
  constexpr double without_doubt = 0x1p20;
  if (variance > without_doubt) return guess;
  const double doubt = (0.025 + 0.0025 * z2 * z2 * z2) * per_sigma * per_variance + 1e-9;
  const double beyond_guess = x - guess;
  if (beyond_guess > doubt && beyond_guess < 1 - doubt) return guess;
  return quantile_by_adding_up(law, rank, guess);
}

}  // namespace tenure::detail
