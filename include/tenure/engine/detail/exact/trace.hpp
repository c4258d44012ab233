#pragma once
// What happens to everybody, period by period, in expectation: head counts, cash flows and spend, carried forward from
// the arrivals. Beside the head count of everyone runs that of those who have never been customers, from which first
// acquisitions are counted.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"

namespace tenure::detail {

/// Expected head counts at the start of a period, by place (states, or states by age).
struct HeadCount {
  std::vector<double> people{};
  std::vector<double> never_customers{};  ///< of these, who have not been in a customer stage so far
  double acquired_now = 0;                ///< who are in a customer stage for the first time
};

/// Expected flows of one period.
struct PeriodFlows {
  double cash_flow = 0;             ///< undiscounted: states and transitions, before spend
  double discounted_cash_flow = 0;  ///< to the start of the first period, net of spend
  double spend = 0;                 ///< undiscounted, per person and per period
  double acquisition_losses = 0;    ///< discounted: negative cash flows of acquisition states and of leaving them
  double customers = 0;
  double customers_who_stay = 0;  ///< who still are customers one period later
};

/// People who enter a state, by arrival or brought by others, join the head counts.
inline void enter(const Chain& chain, HeadCount& count, std::size_t state, double people) {
  const std::size_t place = entry_place(chain, state);
  count.people[place] += people;
  if (is_customer(chain.stages[state]))
    count.acquired_now += people;
  else
    count.never_customers[place] += people;
}

[[nodiscard]] inline HeadCount nobody(const Chain& chain) {
  return {std::vector<double>(places_of(chain), 0.0), std::vector<double>(places_of(chain), 0.0), 0};
}

/// Everybody in a state, whatever their age there.
[[nodiscard]] inline double people_in(const Chain& chain, const HeadCount& count, std::size_t state) {
  const PlacesOfState places = places_in(chain, state);
  double people = 0;
  for (std::size_t place = places.first; place < places.end; ++place) people += count.people[place];
  return people;
}

/// The same in the memory of a count that is no longer needed.
[[nodiscard]] inline HeadCount nobody_in(HeadCount count) {
  std::fill(count.people.begin(), count.people.end(), 0.0);
  std::fill(count.never_customers.begin(), count.never_customers.end(), 0.0);
  count.acquired_now = 0;
  return count;
}

/// The head count at the start of the next period, before anyone arrives, kept in the memory of one no longer needed.
[[nodiscard]] inline HeadCount step_forward(const Chain& chain, std::int64_t epoch, const HeadCount& count,
                                            HeadCount memory) {
  const Epoch now{chain, epoch};
  HeadCount next = nobody_in(std::move(memory));
  step_forward(now, 1, count.people, count.people, next.people);
  step_forward(now, 1, count.never_customers, count.people, next.never_customers);
  for (std::size_t i = 0; i < chain.states(); ++i) {
    if (!is_customer(chain.stages[i])) continue;  // who comes to one has been a customer from then on
    next.acquired_now += std::exchange(next.never_customers[entry_place(chain, i)], 0.0);
  }
  return next;
}

/// Cash flow of the moves out of one state, per person in it: all of it, and the negative part alone.
struct MoveCash {
  double all = 0;
  double negative = 0;
  double stays_customer = 0;  ///< probability of being a customer one period later
};

[[nodiscard]] inline MoveCash cash_of_move(const Epoch& now, std::size_t state) {
  const Chain& chain = now.chain;
  MoveCash move;
  for (std::uint32_t k = chain.transitions.first[state]; k < chain.transitions.first[state + 1]; ++k) {
    const double amount = now.probability[k] * now.transition_cash_flow[k];
    move.all += amount;
    if (amount < 0) move.negative -= amount;
    if (is_customer(chain.stages[chain.transitions.successor[k]])) move.stays_customer += now.probability[k];
  }
  return move;
}

/// The share of a state's people who leave it at the end of an epoch; 1 where its row says who stays.
[[nodiscard]] inline double share_leaving(const Epoch& now, const HeadCount& count, std::size_t state, double people) {
  const Chain& chain = now.chain;
  if (chain.dwells.empty()) return 1;
  double leaving = 0;
  for (std::size_t place = chain.dwells.first_place[state]; place < chain.dwells.first_place[state + 1]; ++place) {
    leaving += now.hazard[place] * count.people[place];
  }
  return leaving / people;
}

/// Adds the flows of one epoch, with discounted_cash_flow still before spend and discounted to the start of the
/// period.
inline void add_flows(const Chain& chain, std::int64_t epoch, const HeadCount& count, double discount,
                      PeriodFlows& flows) {
  const Epoch now{chain, epoch};
  const double d = now.discount;
  const double within = now.within;
  for (std::size_t i = 0; i < chain.states(); ++i) {
    const double people = people_in(chain, count, i);
    if (people == 0) continue;
    const MoveCash move = cash_of_move(now, i);
    const double leave = share_leaving(now, count, i, people);
    const double in_state = now.cash_flow[i];
    flows.cash_flow += people * (in_state + leave * move.all);
    flows.spend += people * now.spend[i];
    flows.discounted_cash_flow += people * (within * in_state + d * leave * move.all);
    if (is_prospect(chain.stages[i])) {
      flows.acquisition_losses +=
          people * discount * ((in_state < 0 ? -within * in_state : 0) + d * leave * move.negative);
    }
    if (is_customer(chain.stages[i])) {
      flows.customers += people;
      flows.customers_who_stay += people * (1 - leave + leave * move.stays_customer);
    }
  }
}

/// Everybody in expectation, with the market in each of its regimes: the count of regime e is that of the people times
/// the probability of e.
class RegimeCounts {
 public:
  explicit RegimeCounts(const Chain& chain)
      : chain_{&chain}, now_(chain.regimes(), nobody(chain)), moved_{now_}, likely_(chain.regimes()) {
    likely_[chain.market.start] = 1;
  }

  void arrive(std::int64_t t) {
    for (std::size_t e = 0; e < now_.size(); ++e) {
      if (likely_[e] == 0) continue;
      for (const ArrivalGroup& group : chain_->arrivals) {
        enter(*chain_, now_[e], group.state, people_arriving(group, t, e) * likely_[e]);
      }
    }
  }

  void step_forward(std::int64_t t) {
    for (std::size_t e = 0; e < now_.size(); ++e)
      moved_[e] = detail::step_forward(*chain_, chain_->epoch(t, e), now_[e], std::move(moved_[e]));
    std::swap(now_, moved_);
    if (now_.size() == 1) return;
    std::vector<HeadCount> mixed(now_.size(), nobody(*chain_));
    for (std::size_t e = 0; e < now_.size(); ++e) {
      for_each_next(chain_->market, e, [&](std::size_t to, double p) { add(mixed[to], now_[e], p); });
    }
    now_ = std::move(mixed);
    likely_ = after(chain_->market, likely_);
  }

  [[nodiscard]] double acquired_now() const {
    double acquired = 0;
    for (const HeadCount& count : now_) acquired += count.acquired_now;
    return acquired;
  }
  /// By state, whatever the regime and the age in the state.
  [[nodiscard]] std::vector<double> people() const {
    std::vector<double> people(chain_->states());
    for (const HeadCount& count : now_) {
      for (std::size_t i = 0; i < people.size(); ++i) people[i] += people_in(*chain_, count, i);
    }
    return people;
  }
  [[nodiscard]] PeriodFlows flows(std::int64_t t, double discount) const {
    PeriodFlows flows;
    flows.spend = spend_per_period(*chain_, t);
    for (std::size_t e = 0; e < now_.size(); ++e) add_flows(*chain_, chain_->epoch(t, e), now_[e], discount, flows);
    flows.discounted_cash_flow = discount * (flows.discounted_cash_flow - flows.spend);
    return flows;
  }

 private:
  static void add(HeadCount& count, const HeadCount& more, double p) {
    for (std::size_t place = 0; place < count.people.size(); ++place) {
      count.people[place] += p * more.people[place];
      count.never_customers[place] += p * more.never_customers[place];
    }
    count.acquired_now += p * more.acquired_now;
  }

  const Chain* chain_;
  std::vector<HeadCount> now_;
  std::vector<HeadCount> moved_;
  std::vector<double> likely_;  ///< probability of each regime
};

}  // namespace tenure::detail
