#pragma once
// The gradient by the numbers of one epoch, from the people who live through it, discounted (d^t n_t), and what each of
// them is worth afterwards.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/chain_gradient.hpp"
#include "tenure/chain/detail/step.hpp"

namespace tenure::detail {

/// Where the numbers of an epoch lie in a gradient.
struct EpochGradient {
  std::vector<double>& probability;
  std::vector<double>& staying;
  std::vector<double>& transition_cash_flow;
  std::vector<double>& cash_flow;
  std::vector<double>& spend;
  std::vector<double>& referral_rate;

  EpochGradient(const Chain& chain, std::int64_t epoch, ChainGradient& gradient)
      : probability{gradient.probability[chain.probability.place(epoch)]},
        staying{gradient.staying[chain.probability.place(epoch)]},
        transition_cash_flow{gradient.transition_cash_flow[chain.transition_cash_flow.place(epoch)]},
        cash_flow{gradient.cash_flow[chain.cash_flow.place(epoch)]},
        spend{gradient.spend[chain.spend.place(epoch)]},
        referral_rate{gradient.referral_rate[chain.referral_rate.place(epoch)]} {}
};

/// The gradient by what moves someone out of a state, for d times the people of an epoch who are in it and who leave
/// it.
inline void add_gradient_of_moves(const Epoch& now, const std::vector<double>& next, std::size_t state, double all,
                                  double leaving, EpochGradient& derivatives) {
  const Chain& chain = now.chain;
  for (std::uint32_t k = chain.transitions.first[state]; k < chain.transitions.first[state + 1]; ++k) {
    const double after = now.transition_cash_flow[k] + next[entry_place(chain, chain.transitions.successor[k])];
    derivatives.probability[k] += times(leaving, after);
    derivatives.transition_cash_flow[k] += times(leaving, now.probability[k]);
  }
  derivatives.staying[state] += times(leaving, next[entry_place(chain, state)]);
  for (std::uint32_t k = chain.referrals.first[state]; k < chain.referrals.first[state + 1]; ++k) {
    derivatives.referral_rate[k] += times(all, next[entry_place(chain, chain.referrals.successor[k])]);
  }
}

/// Adds the gradient by the numbers of one epoch: `people` discounted, by place; `next` what one is worth afterwards.
inline void add_gradient(const Chain& chain, std::int64_t epoch, const std::vector<double>& people,
                         const std::vector<double>& next, ChainGradient& gradient) {
  const Epoch now{chain, epoch};
  EpochGradient derivatives{chain, epoch, gradient};
  const double d = now.discount;
  for (std::size_t i = 0; i < chain.states(); ++i) {
    const PlacesOfState places = places_in(chain, i);
    double all = 0;
    double leaving = 0;
    for (std::size_t place = places.first; place < places.end; ++place) {
      all += people[place];
      leaving += times(now.leaving(place), people[place]);
    }
    if (all == 0) continue;
    derivatives.cash_flow[i] += now.within * all;
    derivatives.spend[i] -= all;
    add_gradient_of_moves(now, next, i, d * all, d * leaving, derivatives);
    if (chain.dwells.empty()) continue;
    std::vector<double>& hazard = gradient.hazard[chain.dwells.hazard.place(epoch)];
    const double after_leaving = detail::after_leaving<ZeroOutweighs>(now, next, i);
    for (std::size_t place = places.first; place < places.end; ++place) {
      hazard[place] += times(d * people[place], after_leaving - next[places.one_older(place)]);
    }
  }
}

[[nodiscard]] inline double factor_in(const ArrivalGroup& group, std::size_t regime) {
  return group.factor_in_regime.empty() ? 1 : group.factor_in_regime[regime];
}

/// Adds what one more person is worth in period t to the slope by the listed count that decides how many there are.
inline void add_arrival_slope(const ArrivalGroup& group, std::int64_t t, double each,
                              std::vector<double>& derivatives) {
  if (derivatives.empty()) return;
  const auto last = static_cast<std::int64_t>(derivatives.size()) - 1;
  const double grown = t <= last || group.growth_factor == 1
                           ? 1
                           : power(DoubleDouble{group.growth_factor}, static_cast<double>(t - last));
  derivatives[static_cast<std::size_t>(std::min(t, last))] += times(each, grown);
}

/// Adds what spend costs in period t, by stream; `people` by regime and place, discounted.
inline void add_cost_gradient(const Chain& chain, std::int64_t t, double discount,
                              const std::vector<std::vector<double>>& people, ChainGradient& gradient) {
  for (std::size_t s = 0; s < chain.spend_streams.size(); ++s) {
    const SpendStream& stream = chain.spend_streams[s];
    if (!runs_at(stream, t)) continue;
    if (!stream.per_person) gradient.spend_level[s] -= discount;
    for (const StateIndex state : stream.states) {
      const PlacesOfState places = places_in(chain, state);
      for (const std::vector<double>& of_regime : people) {
        for (std::size_t place = places.first; place < places.end; ++place) {
          gradient.spend_level[s] -= of_regime[place];
        }
      }
    }
  }
}

}  // namespace tenure::detail
