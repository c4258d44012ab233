#pragma once
// What happens to everybody, period by period, in expectation: head counts, cash flows and spend, carried forward from
// the arrivals. Beside the head count of everyone runs that of those who have never been customers, from which first
// acquisitions are counted.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/exact/person.hpp"

namespace tenure::detail {

/// Expected head counts at the start of a period, by state.
struct HeadCount {
  std::vector<double> people{};
  std::vector<double> never_customers{};  ///< of these, who have not been in a customer stage so far
  double acquired_now = 0;                ///< who are in a customer stage for the first time
};

/// Expected flows of one period.
struct PeriodFlows {
  double cash_flow = 0;              ///< undiscounted: states and transitions, before spend
  double discounted_cash_flow = 0;   ///< to the start of the first period, net of spend
  double spend = 0;                  ///< undiscounted, per person and per period
  double acquisition_losses = 0;     ///< discounted: negative cash flows of acquisition states and of leaving them
  double customers = 0;
  double customers_who_stay = 0;     ///< who still are customers one period later
};

/// People who enter a state, by arrival or brought by others, join the head counts.
inline void enter(const Chain& chain, HeadCount& count, std::size_t state, double people) {
  count.people[state] += people;
  if (is_customer(chain.stages[state])) count.acquired_now += people;
  else count.never_customers[state] += people;
}

[[nodiscard]] inline HeadCount with_arrivals(const Chain& chain, HeadCount count, std::int64_t t) {
  for (const ArrivalGroup& group : chain.arrivals) enter(chain, count, group.state, people_arriving(group, t));
  return count;
}

[[nodiscard]] inline HeadCount nobody(const Chain& chain) {
  return {std::vector<double>(chain.states(), 0.0), std::vector<double>(chain.states(), 0.0), 0};
}

/// The head count at the start of the next period, before anyone arrives.
[[nodiscard]] inline HeadCount step_forward(const Chain& chain, std::int64_t t, const HeadCount& now) {
  const std::vector<double>& probability = chain.probability.at(t);
  const std::vector<double>& rate = chain.referral_rate.at(t);
  HeadCount next = nobody(chain);
  for (std::size_t i = 0; i < chain.states(); ++i) {
    const double people = now.people[i];
    if (people == 0) continue;
    const double never = now.never_customers[i];
    for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
      const StateIndex j = chain.transitions.successor[k];
      next.people[j] += people * probability[k];
      if (is_customer(chain.stages[j])) next.acquired_now += never * probability[k];
      else next.never_customers[j] += never * probability[k];
    }
    for (std::uint32_t k = chain.referrals.first[i]; k < chain.referrals.first[i + 1]; ++k) {
      enter(chain, next, chain.referrals.successor[k], people * rate[k]);
    }
  }
  return next;
}

/// Cash flow of the moves out of one state, per person in it: all of it, and the negative part alone.
struct MoveCash {
  double all = 0;
  double negative = 0;
  double stays_customer = 0;  ///< probability of being a customer one period later
};

[[nodiscard]] inline MoveCash cash_of_move(const Chain& chain, const PeriodOfChain& now, std::size_t state) {
  MoveCash move;
  for (std::uint32_t k = chain.transitions.first[state]; k < chain.transitions.first[state + 1]; ++k) {
    const double amount = now.probability[k] * now.transition_cash_flow[k];
    move.all += amount;
    if (amount < 0) move.negative -= amount;
    if (is_customer(chain.stages[chain.transitions.successor[k]])) move.stays_customer += now.probability[k];
  }
  return move;
}

[[nodiscard]] inline PeriodFlows flows_of(const Chain& chain, std::int64_t t, const HeadCount& count, double discount) {
  const PeriodOfChain now{chain, t};
  const double d = chain.discount_factor;
  const double within = discount_within_period(d, chain.cash_flow_timing);
  PeriodFlows flows;
  flows.spend = spend_per_period(chain, t);
  double present = 0;
  for (std::size_t i = 0; i < chain.states(); ++i) {
    const double people = count.people[i];
    if (people == 0) continue;
    const MoveCash move = cash_of_move(chain, now, i);
    const double in_state = now.cash_flow[i];
    flows.cash_flow += people * (in_state + move.all);
    flows.spend += people * now.spend[i];
    present += people * (within * in_state + d * move.all);
    if (is_prospect(chain.stages[i])) {
      flows.acquisition_losses += people * discount * ((in_state < 0 ? -within * in_state : 0) + d * move.negative);
    }
    if (is_customer(chain.stages[i])) {
      flows.customers += people;
      flows.customers_who_stay += people * move.stays_customer;
    }
  }
  flows.discounted_cash_flow = discount * (present - flows.spend);
  return flows;
}

}  // namespace tenure::detail
