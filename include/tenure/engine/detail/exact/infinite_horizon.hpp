#pragma once
// The exact engine over an infinite horizon.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/chain/detail/unrolled.hpp"
#include "tenure/engine/detail/exact/accounts.hpp"
#include "tenure/engine/detail/exact/acquisition.hpp"
#include "tenure/engine/detail/exact/forever.hpp"
#include "tenure/engine/detail/exact/infinite.hpp"
#include "tenure/engine/detail/exact/trace.hpp"
#include "tenure/engine/exact/value.hpp"

namespace tenure::detail {

/// Which unknowns of a cyclic chain belong to a set of states.
[[nodiscard]] inline std::vector<bool> over_cycle(const CyclicChain& cyclic, const std::vector<bool>& states) {
  std::vector<bool> unknowns(cyclic.unknowns());
  for (std::size_t k = 0; k < unknowns.size(); ++k) unknowns[k] = states[k % cyclic.states()];
  return unknowns;
}

/// A tail, and the states of which it speaks: all, or where that diverges those that anyone ever comes to.
struct WellPosedTail {
  Tail tail{};
  std::vector<bool> states{};
};

[[nodiscard]] inline WellPosedTail well_posed_tail(const CyclicChain& cyclic) {
  const std::vector<bool> in_use = states_in_use(cyclic.chain);
  const std::vector<bool> all(cyclic.states(), true);
  if (in_use == all) return {TailSolver{cyclic, over_cycle(cyclic, all)}.solve(), all};
  try {
    return {TailSolver{cyclic, over_cycle(cyclic, all)}.solve(), all};
  } catch (const DivergentError&) {
    return {TailSolver{cyclic, over_cycle(cyclic, in_use)}.solve(), in_use};
  }
}

/// Walks a tail back to period 0: the first layer, and everyone's value with referrals by period.
struct InfiniteSweep {
  PersonLayer first{};
  std::vector<std::vector<double>> with_referrals{};
  std::vector<bool> customer_for_ever{};  ///< by state, from period 0
};

[[nodiscard]] inline InfiniteSweep walk_back(const CyclicChain& cyclic, const Tail& tail) {
  const Chain& chain = cyclic.chain;
  InfiniteSweep sweep{tail.layers.front(), {}, {}};
  sweep.customer_for_ever.assign(tail.customer_for_ever.begin(),
                                 tail.customer_for_ever.begin() + static_cast<std::ptrdiff_t>(chain.states()));
  sweep.with_referrals.resize(cyclic.from + cyclic.cycle);
  for (std::size_t phase = 0; phase < cyclic.cycle; ++phase) {
    sweep.with_referrals[cyclic.from + phase] = tail.layers[phase].with_referrals;
  }
  for (std::size_t t = cyclic.from; t-- > 0;) {
    heed(cyclic.interrupted);
    sweep.first = step_back(chain, static_cast<std::int64_t>(t), sweep.first, PersonLayer{chain.states()});
    sweep.with_referrals[t] = sweep.first.with_referrals;
    sweep.customer_for_ever = leading_to(chain, static_cast<std::int64_t>(t), sweep.customer_for_ever);
  }
  return sweep;
}

[[nodiscard]] inline bool somebody_arrives_for_ever(const Chain& chain) {
  return std::any_of(chain.arrivals.begin(), chain.arrivals.end(),
                     [](const ArrivalGroup& group) { return !group.count.empty() && group.count.back() > 0; });
}

[[nodiscard]] inline double total(const std::vector<double>& values) {
  CompensatedSum sum;
  for (const double value : values) sum.add(value);
  return sum.value();
}

/// Expected number of first acquisitions, everyone's tree included; no value where it is infinite.
[[nodiscard]] inline std::optional<double> acquired_for_ever(const Chain& chain, const std::vector<bool>& in_use,
                                                             const Interrupted& interrupted) {
  if (somebody_arrives_for_ever(chain)) return std::nullopt;
  const AcquisitionChain acquisition = acquisition_chain(chain);
  std::vector<bool> included(2 * chain.states());
  for (std::size_t k = 0; k < included.size(); ++k) included[k] = in_use[k % chain.states()];
  const CyclicChain cyclic = cyclic_of(acquisition.chain, interrupted);
  try {
    LifeSums lives{cyclic, 1, over_cycle(cyclic, included)};
    auto by_period =
        lives.by_period([&](std::int64_t t, std::size_t state) { return acquisitions_in(acquisition, t, state); });
    for (std::vector<double>& values : by_period) {
      for (std::size_t i = 0; i < chain.states(); ++i) {
        if (is_customer(chain.stages[i])) values[acquisition.states + i] += 1;  // who arrives a customer is acquired
      }
    }
    return total(sum_over_channels(cyclic, 1, by_period));
  } catch (const DivergentError&) {
    return std::nullopt;
  }
}

/// Customers who stay over customers, summed for ever; no value where either sum is infinite or there are none.
[[nodiscard]] inline std::optional<double> retention_for_ever(const CyclicChain& cyclic,
                                                              const std::vector<bool>& in_use) {
  const Chain& chain = cyclic.chain;
  if (somebody_arrives_for_ever(chain)) return std::nullopt;
  LifeSums lives{cyclic, 1, over_cycle(cyclic, in_use)};
  const auto count = [&](auto weight) {
    const auto by_period = lives.by_period(
        [&](std::int64_t t, std::size_t i) { return is_customer(chain.stages[i]) ? weight(t, i) : 0.0; });
    return total(sum_over_channels(cyclic, 1, by_period));
  };
  try {
    const double customers = count([](std::int64_t, std::size_t) { return 1.0; });
    const double stayers = count([&](std::int64_t t, std::size_t i) {
      return cash_of_move(Epoch{chain, t}, i).stays_customer;
    });
    return customers > 0 ? std::optional{stayers / customers} : std::nullopt;
  } catch (const DivergentError&) {
    return std::nullopt;
  }
}

[[nodiscard]] inline double acquisition_losses_for_ever(const CyclicChain& cyclic, const std::vector<bool>& in_use) {
  const Chain& chain = cyclic.chain;
  const double d = chain.discount_factor;
  const double within = discount_within_period(d, chain.cash_flow_timing);
  LifeSums lives{cyclic, d, over_cycle(cyclic, in_use)};
  const auto by_period = lives.by_period([&](std::int64_t t, std::size_t i) {
    if (!is_prospect(chain.stages[i])) return 0.0;
    const Epoch now{chain, t};
    return within * std::max(0.0, -now.cash_flow[i]) + d * cash_of_move(now, i).negative;
  });
  return total(sum_over_channels(cyclic, d, by_period));
}

[[nodiscard]] inline double cost_for_ever(const CyclicChain& cyclic, const SpendStream& stream,
                                          const std::vector<bool>& in_use) {
  const Chain& chain = cyclic.chain;
  const double d = chain.discount_factor;
  if (!stream.per_person) {
    if (const auto duration = discounted_duration(d, stream.from, end_of(stream, chain.horizon))) return *duration;
    throw DivergentError{{{"divergent",
                           "",
                           "spend per period goes on for ever without discounting",
                           "give the lever `until`, a finite horizon or a discount_rate",
                           {}}}};
  }
  std::vector<bool> spent_on(chain.states(), false);
  for (const StateIndex state : stream.states) spent_on[state] = true;
  LifeSums lives{cyclic, d, over_cycle(cyclic, in_use)};
  const auto by_period =
      lives.by_period([&](std::int64_t t, std::size_t i) { return spent_on[i] && runs_at(stream, t) ? 1.0 : 0.0; });
  return total(sum_over_channels(cyclic, d, by_period));
}

/// Levers at level 0 are left out: they cost nothing, however long they could run.
[[nodiscard]] inline std::vector<double> cost_of_levels_in_use(const CyclicChain& cyclic,
                                                               const std::vector<bool>& in_use) {
  std::vector<double> cost;
  for (const SpendStream& stream : cyclic.chain.spend_streams) {
    cost.push_back(stream.level == 0 ? 0 : cost_for_ever(cyclic, stream, in_use));
  }
  return cost;
}

/// What those who arrive are worth, in groups of groups.
template <class GroupOf>
[[nodiscard]] std::vector<ChannelValue> arrivals_for_ever(const CyclicChain& cyclic, const InfiniteSweep& sweep,
                                                          std::size_t count, GroupOf group_of) {
  const Chain& chain = cyclic.chain;
  const std::vector<std::vector<double>> ones(cyclic.from + cyclic.cycle, std::vector<double>(chain.states(), 1.0));
  return channel_values(sum_over_arrivals(cyclic, chain.discount_factor, ones, count, group_of),
                        sum_over_arrivals(cyclic, chain.discount_factor, sweep.with_referrals, count, group_of));
}

[[nodiscard]] inline BusinessValue business_for_ever(const CyclicChain& cyclic, const InfiniteSweep& sweep,
                                                     const Investment& investment) {
  const Chain& chain = cyclic.chain;
  const std::vector<bool> in_use = states_in_use(chain);
  BusinessValue business;
  business.channels =
      arrivals_for_ever(cyclic, sweep, chain.channels, [](const ArrivalGroup& group) { return group.channel; });
  business.acquired = acquired_for_ever(chain, in_use, cyclic.interrupted);
  business.retention_rate = retention_for_ever(cyclic, in_use);
  return settle_accounts(chain, std::move(business), investment, acquisition_losses_for_ever(cyclic, in_use));
}

/// What could be said of each state of the chain, of those of an unrolled one.
struct KnownStates {
  std::vector<bool> finite{};
  std::vector<bool> customer_for_ever{};
};

/// Takes away what does not exist, from each figure over kinds that one of these lacks.
inline void forget_what_is_infinite(const Chain& chain, const KnownStates& known, ExactValue& value) {
  const std::size_t states = chain.states_of_a_type();
  const auto forget = [&](std::size_t i, StateValue& of_state) {
    if (!known.finite[i])
      of_state = {};
    else if (known.customer_for_ever[i])
      of_state.expected_periods_as_customer.reset();
  };
  for (std::size_t i = 0; i < chain.states(); ++i) {
    if (chain.type_of(i).share > 0) forget(i, value.states[i % states]);
    forget(i, value.segments[chain.segment_of(i)].states[i % states]);
  }
}

/// The states of which a refusal speaks as those of one kind, whatever their age and the market.
[[nodiscard]] inline Divergence divergence_of_states(const Chain& chain, Divergence divergence) {
  const UnrolledPlaces places{chain};
  for (std::size_t& state : divergence.states) state = places.state_of(state) % chain.states_of_a_type();
  std::sort(divergence.states.begin(), divergence.states.end());
  divergence.states.erase(std::unique(divergence.states.begin(), divergence.states.end()), divergence.states.end());
  return divergence;
}

[[nodiscard]] inline ExactValue value_of_unrolled(const Chain& chain, const Chain& plain,
                                                  const Interrupted& interrupted) {
  const CyclicChain cyclic = cyclic_of(plain, interrupted);
  const WellPosedTail posed = well_posed_tail(cyclic);
  const InfiniteSweep sweep = walk_back(cyclic, posed.tail);
  const UnrolledPlaces places{chain};
  PersonLayer first{chain.states()};
  KnownStates known{std::vector<bool>(chain.states()), std::vector<bool>(chain.states())};
  for (std::size_t i = 0; i < chain.states(); ++i) {
    const StateIndex place = places.entry(i, chain.market.start);
    copy_place(sweep.first, place, first, i);
    known.finite[i] = posed.states[place];
    known.customer_for_ever[i] = sweep.customer_for_ever[place];
  }
  ExactValue value = value_of_people(chain, first);
  value.error_bound = posed.tail.error_bound;
  forget_what_is_infinite(chain, known, value);
  value.investment = investment_of(chain, cost_of_levels_in_use(cyclic, states_in_use(cyclic.chain)));
  if (chain.arrivals.empty()) return value;
  value.business = business_for_ever(cyclic, sweep, value.investment);
  const std::vector<ChannelValue> segments = arrivals_for_ever(
      cyclic, sweep, chain.segments(), [&](const ArrivalGroup& group) { return cyclic.chain.segment_of(group.state); });
  for (std::size_t s = 0; s < segments.size(); ++s) value.segments[s].arrivals = segments[s];
  return value;
}

[[nodiscard]] inline ExactValue value_for_ever(const Chain& chain, const Interrupted& interrupted) {
  try {
    return value_of_unrolled(chain, unrolled(chain), interrupted);
  } catch (const DivergentError& error) {
    throw DivergentError{error.problems(), divergence_of_states(chain, error.divergence())};
  }
}

[[nodiscard]] inline std::vector<double> cost_per_level_for_ever(const Chain& chain, const Interrupted& interrupted) {
  const Chain plain = unrolled(chain);
  const CyclicChain cyclic = cyclic_of(plain, interrupted);
  const std::vector<bool> in_use = states_in_use(cyclic.chain);
  std::vector<double> cost;
  for (const SpendStream& stream : cyclic.chain.spend_streams) cost.push_back(cost_for_ever(cyclic, stream, in_use));
  return cost;
}

}  // namespace tenure::detail
