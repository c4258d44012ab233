#pragma once
// How much the exact engine has to do over a finite horizon: told before the work begins, so that what would take days
// is refused at once.

#include <algorithm>
#include <cstdint>
#include <string>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

/// One step for each place that people can be in (states, or states by age), and each move and referral, in each regime
/// of the market and each period.
[[nodiscard]] inline double steps_over(const Chain& chain, std::int64_t periods) {
  const double of_a_period = static_cast<double>(places_of(chain)) + static_cast<double>(chain.transitions.entries()) +
                             static_cast<double>(chain.referrals.entries());
  return of_a_period * static_cast<double>(chain.regimes()) * static_cast<double>(periods);
}

/// After how many periods somebody should be asked whether to go on: small chains are valued by the thousand, and
/// asking would take longer than they do.
[[nodiscard]] inline std::int64_t periods_between_questions(const Chain& chain) {
  constexpr double steps_between = 1 << 14;
  return 1 + static_cast<std::int64_t>(steps_between / std::max(1.0, steps_over(chain, 1)));
}

[[nodiscard]] inline std::string power_of_ten(double steps) {
  int exponent = 0;
  for (; steps >= 10; steps /= 10) ++exponent;
  return "10^" + std::to_string(exponent);
}

/// Throws LimitError for more than limits::steps_of_work.
inline void refuse_long_work(const Chain& chain, std::int64_t periods) {
  const double steps = steps_over(chain, periods);
  if (steps <= limits::steps_of_work) return;
  throw LimitError{
      {{"work",
        "model.horizon",
        "the exact engine would take more than " + power_of_ten(steps) +
            " steps, one for each age in each state, each move and each regime in each period; more than " +
            power_of_ten(limits::steps_of_work) + " are not begun",
        "shorten the horizon or the dwells, use longer periods, or simulate individuals",
        {}}}};
}

}  // namespace tenure::detail
