#pragma once
// How far a number may plausibly be from what is written: from the 5 % to the 95 % quantile of what it is said to be
// `uncertain` by, or where nothing is said 10 % less and 10 % more; both within what the model allows.

#include <algorithm>
#include <cmath>
#include <optional>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/gamma.hpp>

#include "tenure/decide/movable_numbers.hpp"
#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/elementary.hpp"

namespace tenure {

struct PlausibleRange {
  double low = 0;
  double high = 0;
  bool is_known = false;  ///< by `uncertain`
};

namespace detail {

/// A quantile of a law around a mean; that of a negative mean is mirrored.
[[nodiscard]] inline double quantile_of(const Distribution& law, double mean, double share) {
  constexpr double normal_95 = 1.6448536269514722;  // the standard normal's 95 % quantile
  const double sd = standard_deviation(law, mean);
  if (sd == 0) return mean;
  const double side = share < 0.5 ? -1 : 1;
  switch (law.kind) {
    case DistributionKind::uniform:
      return mean + (share - 0.5) * std::sqrt(12.0) * sd;
    case DistributionKind::normal:
      return mean + side * normal_95 * sd;
    case DistributionKind::lognormal: {
      const double log_variance = tenure::logarithm(1 + (sd / mean) * (sd / mean));
      const double size =
          std::abs(mean) *
          tenure::exponential((mean < 0 ? -side : side) * normal_95 * std::sqrt(log_variance) - log_variance / 2);
      return mean < 0 ? -size : size;
    }
    case DistributionKind::gamma: {
      const double size = std::abs(mean);
      const boost::math::gamma_distribution<> gamma{size * size / (sd * sd), sd * sd / size};
      return mean < 0 ? -boost::math::quantile(gamma, 1 - share) : boost::math::quantile(gamma, share);
    }
    case DistributionKind::beta: {
      const double total = mean * (1 - mean) / (sd * sd) - 1;
      return boost::math::quantile(boost::math::beta_distribution<>{mean * total, (1 - mean) * total}, share);
    }
    case DistributionKind::fixed:
      break;
  }
  return mean;
}

}  // namespace detail

[[nodiscard]] inline PlausibleRange plausible_range(const Model& model, const MovableNumber& number) {
  constexpr double usual = 0.1;
  PlausibleRange range{number.value - usual * std::abs(number.value), number.value + usual * std::abs(number.value),
                       false};
  const double around = number.uncertain_around;
  if (number.uncertain && standard_deviation(*number.uncertain, around) > 0) {
    const auto drawn = [&](double share) {  // as put_drawn() puts it into period 0
      const double value = detail::quantile_of(*number.uncertain, around, share);
      if (number.value == around) return value;
      return around != 0 ? number.value * (value / around) : number.value + value;
    };
    range = {drawn(0.05), drawn(0.95), true};
  }
  const AdmissibleRange allowed = admissible_range(model, number);
  range.low = std::max(range.low, allowed.low);
  range.high = std::min(range.high, allowed.high);
  return range;
}

}  // namespace tenure
