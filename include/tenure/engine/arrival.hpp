#pragma once
// Where and when a person's life begins. One person has one entry; a business has as many as there are states and
// periods in which somebody arrives. Engines that follow single lives share this list, so that they speak of the same
// people: a person drawn from `arrivals_of_chain` brings, on average, the customer equity without referrals and
// without spend per period, divided by the number of people who arrive, both discounted.

#include <cstdint>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// A state and a period in which lives begin.
struct Entry {
  StateIndex state = 0;
  std::int64_t period = 0;
  double weight = 1;                       ///< its share of all lives, above 0; lists of entries need not sum to 1
  std::vector<double> factor_in_regime{};  ///< times this, by the market's regime in that period; empty: 1
  bool operator==(const Entry&) const = default;
};

/// The one person of the exact engine's `clv`, who enters at the start of period 0.
[[nodiscard]] Entry entry_at(StateIndex state);

namespace detail {

/// Throws LimitError for what an engine that sees persons go through a plain chain period by period does not do.
void refuse_unless_plain(const Chain& chain);

/// Throws ModelError for entries that mean nothing.
void refuse_meaningless_entries(const Chain& chain, const std::vector<Entry>& entries);

}  // namespace detail

/// Every state and period in which somebody arrives, by period and then by state; those that the
/// market moves first, group by group. The weights are the people arriving, discounted to period 0 and not yet moved by
/// the market, and sum to 1. Empty where nobody arrives. Throws LimitError
/// where people arrive for ever: without a horizon, and not only at first.
[[nodiscard]] std::vector<Entry> arrivals_of_chain(const Chain& chain);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/engine/arrival-inl.hpp"
#endif
