#pragma once
// The bodies of tenure/decide/plausible_range.hpp.

#include <algorithm>
#include <cmath>

#include "tenure/decide/movable_numbers.hpp"
#include "tenure/decide/plausible_range.hpp"
#include "tenure/quantity/detail/quantile.hpp"
#include "tenure/quantity/distribution.hpp"

namespace tenure {

TENURE_INLINE PlausibleRange plausible_range(const Model& model, const MovableNumber& number) {
  constexpr double usual = 0.1;
  constexpr double normal_95 = 1.6448536269514722;  // the standard normal's 95 % quantile
  PlausibleRange range{number.value - usual * std::abs(number.value), number.value + usual * std::abs(number.value),
                       false};
  const double around = number.uncertain_around;
  if (number.uncertain && standard_deviation(*number.uncertain, around) > 0) {
    const detail::QuantileFunction law{*number.uncertain, around};
    const auto drawn = [&](double score) {  // as put_drawn() puts it into period 0
      const double value = law(score);
      if (number.value == around) return value;
      return around != 0 ? number.value * (value / around) : number.value + value;
    };
    const PlausibleRange known{drawn(-normal_95), drawn(normal_95), true};
    if (std::isfinite(known.low) && std::isfinite(known.high)) range = known;
  }
  const AdmissibleRange allowed = admissible_range(model, number);
  range.low = std::max(range.low, allowed.low);
  range.high = std::min(range.high, allowed.high);
  return range;
}

}  // namespace tenure
