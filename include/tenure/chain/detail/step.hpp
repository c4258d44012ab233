#pragma once
// One period of a chain, the one place where it is said: what a period brings to someone in a state, one step back for
// values, one step forward for people, and what may follow in the market. In the notation of docs/semantics.md, with
// hazards h where states last by laws of their own (1 where they do not), an epoch is a period t with the market in a
// regime, and
//
//   earned(i)  =  d^τ c(i) - s(i)
//
//   x(i,a)     =  reward(i) + d ( h(i,a) leave(i) + (1 - h(i,a)) x'(i,a+1) + refer(i) ),
//   leave(i)   =  Σ_j P(i,j) ( g(i,j) + x'(j,0) ),
//   refer(i)   =  Σ_j ρ(i,j) x'(j,0)
//
//   n'(j,0)   +=  d Σ_i,a n(i,a) ( h(i,a) P(i,j) + ρ(i,j) ),
//   n'(i,a+1) +=  d n(i,a) (1 - h(i,a)).
//
// The two are transposes of each other. Engines differ in what they carry: values, moments, people, gradients.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/chain_gradient.hpp"
#include "tenure/quantity/discounting.hpp"

namespace tenure::detail {

/// Where someone is who has just entered a state.
[[nodiscard]] inline std::size_t entry_place(const Chain& chain, std::size_t state) {
  return chain.dwells.empty() ? state : chain.dwells.first_place[state];
}

/// How many places people can be in: states, or states by age.
[[nodiscard]] inline std::size_t places_of(const Chain& chain) {
  return chain.dwells.empty() ? chain.states() : chain.dwells.first_place.back();
}

/// The places of a state, and where those go who stay in it for one more period.
struct PlacesOfState {
  std::size_t first = 0;
  std::size_t end = 0;
  [[nodiscard]] std::size_t one_older(std::size_t place) const { return place + 1 < end ? place + 1 : place; }
};

[[nodiscard]] inline PlacesOfState places_in(const Chain& chain, std::size_t state) {
  if (chain.dwells.empty()) return {state, state + 1};
  return {chain.dwells.first_place[state], chain.dwells.first_place[state + 1]};
}

/// What a period in a state brings, in money of its start: d^τ c - s.
[[nodiscard]] inline double earned_of(double within, double cash_flow, double spend) {
  return within * cash_flow - spend;
}

/// The numbers of one epoch, looked up once.
struct Epoch {
  const Chain& chain;
  double discount;  ///< d
  double within;    ///< d^τ
  const std::vector<double>& probability;
  const std::vector<double>& transition_cash_flow;
  const std::vector<double>& cash_flow;
  const std::vector<double>& spend;
  const std::vector<double>& referral_rate;
  const std::vector<EventLaw>& state_events;
  const std::vector<EventLaw>& transition_events;
  const std::vector<double>& hazard;

  /// `epoch` as Chain::epoch() gives it for a period and a regime.
  Epoch(const Chain& of, std::int64_t epoch)
      : chain{of},
        discount{of.discount_factor},
        within{discount_within_period(of.discount_factor, of.cash_flow_timing)},
        probability{of.probability.at(epoch)},
        transition_cash_flow{of.transition_cash_flow.at(epoch)},
        cash_flow{of.cash_flow.at(epoch)},
        spend{of.spend.at(epoch)},
        referral_rate{of.referral_rate.at(epoch)},
        state_events{of.state_events.at(epoch)},
        transition_events{of.transition_events.at(epoch)},
        hazard{of.dwells.hazard.at(epoch)} {}

  [[nodiscard]] double earned(std::size_t state) const { return earned_of(within, cash_flow[state], spend[state]); }
  /// The probability of leaving at the end of the period; 1 where the row says who stays.
  [[nodiscard]] double leaving(std::size_t place) const { return chain.dwells.empty() ? 1 : hazard[place]; }
};

/// A product in which 0 outweighs what is infinite: values of states to which nobody comes may be that.
struct ZeroOutweighs {
  [[nodiscard]] double operator()(double a, double b) const { return times(a, b); }
};

/// Σ_j weight(i,j) value(k, j) over the entries k of a state's row.
template <class Times = std::multiplies<>, class Value>
[[nodiscard]] double over_row(const Pattern& pattern, const std::vector<double>& weight, std::size_t state,
                              Value value) {
  double sum = 0;
  for (std::uint32_t k = pattern.first[state]; k < pattern.first[state + 1]; ++k) {
    sum += Times{}(weight[k], value(k, pattern.successor[k]));
  }
  return sum;
}

/// Σ_j P(i,j) (g(i,j) + x'(j,0)).
template <class Times = std::multiplies<>>
[[nodiscard]] double after_leaving(const Epoch& now, const std::vector<double>& next, std::size_t state) {
  return over_row<Times>(now.chain.transitions, now.probability, state, [&](std::uint32_t k, StateIndex j) {
    return now.transition_cash_flow[k] + next[entry_place(now.chain, j)];
  });
}

/// Σ_j P(i,j) x'(j,0).
[[nodiscard]] inline double after_leaving_without_cash(const Epoch& now, const std::vector<double>& next,
                                                       std::size_t state) {
  return over_row(now.chain.transitions, now.probability, state,
                  [&](std::uint32_t, StateIndex j) { return next[entry_place(now.chain, j)]; });
}

/// Σ_j ρ(i,j) x'(j,0): of those whom somebody in the state refers.
template <class Times = std::multiplies<>>
[[nodiscard]] double of_referred(const Epoch& now, const std::vector<double>& next, std::size_t state) {
  return over_row<Times>(now.chain.referrals, now.referral_rate, state,
                         [&](std::uint32_t, StateIndex j) { return next[entry_place(now.chain, j)]; });
}

/// The expected cash flow of the move out of a state, Σ_j P(i,j) g(i,j).
[[nodiscard]] inline double cash_of_leaving(const Epoch& now, std::size_t state) {
  return over_row(now.chain.transitions, now.probability, state,
                  [&](std::uint32_t k, StateIndex) { return now.transition_cash_flow[k]; });
}

/// One state's places a step back, where leaving, and those referred, are worth so much.
template <class Times = std::multiplies<>>
void back_in_state(const Epoch& now, std::size_t state, double reward, double discount, double after_leaving,
                   double of_referred, const std::vector<double>& next, std::vector<double>& values) {
  const PlacesOfState places = places_in(now.chain, state);
  if (now.chain.dwells.empty()) {
    values[places.first] = reward + discount * (after_leaving + of_referred);
    return;
  }
  for (std::size_t place = places.first; place < places.end; ++place) {
    const double h = now.hazard[place];
    const double staying = Times{}(1 - h, next[places.one_older(place)]);
    values[place] = reward + discount * (Times{}(h, after_leaving) + staying + of_referred);
  }
}

/// Values of a person with all whom they refer, W, by place: of an epoch from what is expected of the next.
template <class Times = std::multiplies<>>
void step_back(const Epoch& now, const std::vector<double>& next, std::vector<double>& values) {
  for (std::size_t i = 0; i < now.chain.states(); ++i) {
    back_in_state<Times>(now, i, now.earned(i), now.discount, after_leaving<Times>(now, next, i),
                         of_referred<Times>(now, next, i), next, values);
  }
}

/// Adds to `next` the people of an epoch one period later, each counting `weight`: those who move, and those whom the
/// people in `referring` refer.
inline void step_forward(const Epoch& now, double weight, const std::vector<double>& people,
                         const std::vector<double>& referring, std::vector<double>& next) {
  const Chain& chain = now.chain;
  for (std::size_t i = 0; i < chain.states(); ++i) {
    const PlacesOfState places = places_in(chain, i);
    double leaving = 0;
    double refer = 0;
    for (std::size_t place = places.first; place < places.end; ++place) {
      refer += referring[place];
      if (people[place] == 0) continue;
      const double there = weight * people[place];
      const double h = now.leaving(place);
      leaving += h * there;
      if (h < 1) next[places.one_older(place)] += (1 - h) * there;
    }
    if (leaving != 0) {
      for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
        next[entry_place(chain, chain.transitions.successor[k])] += leaving * now.probability[k];
      }
    }
    if (refer == 0) continue;
    for (std::uint32_t k = chain.referrals.first[i]; k < chain.referrals.first[i + 1]; ++k) {
      next[entry_place(chain, chain.referrals.successor[k])] += weight * refer * now.referral_rate[k];
    }
  }
}

/// Visits the regimes that may follow one, with their probabilities.
template <class Visit>
void for_each_next(const Market& market, std::size_t regime, Visit visit) {
  for (std::size_t to = 0; to < market.regimes(); ++to) {
    if (market.matrix[regime][to] > 0) visit(to, market.matrix[regime][to]);
  }
}

/// What is expected over the regimes that may follow one, of values by regime; where there is one regime, its own.
[[nodiscard]] inline const std::vector<double>& expected_next(const Market& market, std::size_t regime,
                                                              const std::vector<std::vector<double>>& by_regime,
                                                              std::vector<double>& memory) {
  if (market.regimes() == 1) return by_regime.front();
  memory.assign(by_regime.front().size(), 0.0);
  for_each_next(market, regime, [&](std::size_t to, double p) {
    for (std::size_t k = 0; k < memory.size(); ++k) memory[k] += p * by_regime[to][k];
  });
  return memory;
}

/// Its transpose: people of one regime join those of the regimes that may follow it.
inline void spread_next(const Market& market, std::size_t regime, const std::vector<double>& people,
                        std::vector<std::vector<double>>& by_regime) {
  for_each_next(market, regime, [&](std::size_t to, double p) {
    for (std::size_t k = 0; k < people.size(); ++k) by_regime[to][k] += p * people[k];
  });
}

}  // namespace tenure::detail
