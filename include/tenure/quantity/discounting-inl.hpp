#pragma once
// The bodies of tenure/quantity/discounting.hpp.

#include <cmath>
#include <cstddef>
#include <vector>

#include "tenure/quantity/discounting.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/period.hpp"

namespace tenure {

TENURE_INLINE double discount_factor(double annual_rate, Period period) { return growth_over(annual_rate, -1, period); }

TENURE_INLINE double discount_within_period(double discount_factor, CashFlowTiming timing) {
  switch (timing) {
    case CashFlowTiming::start:
      return 1;
    case CashFlowTiming::middle:
      return std::sqrt(discount_factor);
    case CashFlowTiming::end:
      break;
  }
  return discount_factor;
}

TENURE_INLINE std::vector<double> discount_factors(double discount_factor, std::size_t count) {
  std::vector<double> factors(count);
  DoubleDouble power{1};
  for (double& factor : factors) {
    factor = power.rounded();
    power = power * DoubleDouble{discount_factor};
  }
  return factors;
}

}  // namespace tenure
