#pragma once
// The gradient of customer equity by every number of a chain, from one sweep forward and one sweep back however many
// numbers there are. Values come from a linear recursion, so that its adjoint is the course of the people: a number
// that acts on someone in state i in period t counts with d^t n_t(i), the discounted people there, and a move to state
// j is worth what is paid for it and W_{t+1}(j), the value of someone there (Griewank and Walther 2008, chapter 3; for
// Markov chains the perturbation formulas of Caswell 2013). docs/semantics.md has the formulas.

#include "tenure/chain/chain.hpp"
#include "tenure/chain/chain_gradient.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

/// The gradient of customer equity, everyone who is brought included and all spend deducted; `value` is the customer
/// equity. A chain without arrivals has slopes of 0: see entering() for one person's. Throws DivergentError and
/// LimitError as exact_value() does.
[[nodiscard]] ChainGradient gradient(const Chain& chain, const Interrupted& interrupted = uninterrupted);

/// The chain in which one person enters a state of the model at the start of period 0, of whichever kind by the kinds'
/// shares, and nobody else arrives. Its customer equity is that person's clv_with_referrals: spend per period, which
/// falls on nobody, is left out.
[[nodiscard]] inline Chain entering(Chain chain, StateIndex state) {
  chain.arrivals.clear();
  chain.channels = 1;
  for (std::size_t kind = 0; kind < chain.types.size(); ++kind) {
    ArrivalGroup group{.state = static_cast<StateIndex>(kind * chain.states_of_a_type() + state)};
    group.count = {chain.types[kind].share, 0};
    group.same_people = kind > 0;
    chain.arrivals.push_back(group);
  }
  for (SpendStream& stream : chain.spend_streams) {
    if (!stream.per_person) stream.level = 0;
  }
  return chain;
}

/// The chain in which nobody earns anything, and all spend is as it was: its customer equity is the investment,
/// negated.
[[nodiscard]] inline Chain spending_only(Chain chain) {
  const auto emptied = [](const Timeline<std::vector<double>>& timeline) {
    std::vector<std::vector<double>> distinct = timeline.distinct();
    for (std::vector<double>& values : distinct) values.assign(values.size(), 0.0);
    return Timeline<std::vector<double>>{std::move(distinct), timeline.course(), timeline.repeats_from()};
  };
  chain.cash_flow = emptied(chain.cash_flow);
  chain.transition_cash_flow = emptied(chain.transition_cash_flow);
  chain.state_events = {};
  chain.transition_events = {};
  return chain;
}

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/engine/gradient-inl.hpp"
#endif
