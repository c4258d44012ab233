#pragma once
// Whether the exact engine finds the variance of the business in reasonable time (risk.hpp): told before the work
// starts.

#include <cstdint>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

/// Multiplications that covariances over the market's courses take: two products of a sparse matrix and a dense one,
/// and the mixing of the regimes, in each period.
[[nodiscard]] inline double work_of_covariances(const Chain& chain, std::int64_t horizon) {
  if (chain.regimes() == 1) return 0;
  const auto regimes = static_cast<double>(chain.regimes());
  const auto places = static_cast<double>(places_of(chain));
  const double moves = places + static_cast<double>(chain.transitions.entries() + chain.referrals.entries());
  return static_cast<double>(horizon) * regimes * (2 * moves * places + (regimes + 4) * places * places);
}

/// Whether the variance of the business is found within a second or two.
[[nodiscard]] inline bool is_risk_in_reach(const Chain& chain, std::int64_t horizon) {
  constexpr double most_work = 2e9;
  const auto places = static_cast<double>(places_of(chain));
  const double bytes = (3 * static_cast<double>(chain.regimes()) + 4) * places * places * sizeof(double);
  return chain.regimes() == 1 ||
         (work_of_covariances(chain, horizon) <= most_work && bytes <= static_cast<double>(limits::bytes_of_work) / 2);
}

}  // namespace tenure::detail
