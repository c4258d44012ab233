#pragma once
// The definition of the exact engine, for finite horizons and for infinite ones.

#include <vector>

#include "tenure/engine/detail/drawn_amounts.hpp"
#include "tenure/engine/detail/exact/equity.hpp"
#include "tenure/engine/detail/exact/finite_horizon.hpp"
#include "tenure/engine/detail/exact/infinite_horizon.hpp"
#include "tenure/engine/detail/exact/risk.hpp"
#include "tenure/engine/exact.hpp"

namespace tenure {

TENURE_INLINE ExactValue exact_value(const Chain& chain, const ExactOptions& options) {
  detail::refuse_drawn_amounts(chain);
  if (!chain.horizon) return detail::value_for_ever(chain, options.interrupted);
  ExactValue value = detail::value_over(chain, *chain.horizon, options.trace, options.interrupted);
  if (options.risk && value.business) {
    value.business->risk = detail::equity_risk(chain, *chain.horizon, options.interrupted);
  }
  return value;
}

TENURE_INLINE double customer_equity(const Chain& chain, const Interrupted& interrupted) {
  if (chain.horizon) return detail::equity_over(chain, *chain.horizon, interrupted);
  return detail::value_for_ever(chain, interrupted).business.value().customer_equity;
}

TENURE_INLINE std::vector<double> cost_per_level(const Chain& chain, const Interrupted& interrupted) {
  return chain.horizon ? detail::cost_per_level_over(chain, *chain.horizon, interrupted)
                       : detail::cost_per_level_for_ever(chain, interrupted);
}

}  // namespace tenure
