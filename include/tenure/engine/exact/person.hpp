#pragma once
// What one person is worth, by the state in which they are at the start of a period: the backward recursions of
// docs/semantics.md. Means follow
//
//   V_t(i) = d^τ c_t(i) - s_t(i) + d Σ_j P_t(i,j) ( g_t(i,j) + V_{t+1}(j) ),
//
// and the variance and third central moment are carried on directly, as what the next step adds plus the discounted
// moments of what follows (law of total cumulance; Sobel 1982 for the variance). Nothing is ever computed as a second
// moment minus a square, so a deterministic value has a variance of exactly 0.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/chain/chain.hpp"

namespace tenure::detail {

/// Moments and values at the start of one period, by state.
struct PersonLayer {
  std::vector<double> mean{};              ///< V: the person alone
  std::vector<double> variance{};
  std::vector<double> third_moment{};      ///< central
  std::vector<double> with_referrals{};    ///< W: with the whole tree of people that this one brings
  std::vector<double> customer_periods{};  ///< expected number of periods spent as a customer

  explicit PersonLayer(std::size_t states = 0)
      : mean(states), variance(states), third_moment(states), with_referrals(states), customer_periods(states) {}
};

/// The numbers of one period, looked up once.
struct PeriodOfChain {
  const std::vector<double>& probability;
  const std::vector<double>& transition_cash_flow;
  const std::vector<double>& cash_flow;
  const std::vector<double>& spend;
  const std::vector<double>& referral_rate;

  PeriodOfChain(const Chain& chain, std::int64_t t)
      : probability{chain.probability.at(t)},
        transition_cash_flow{chain.transition_cash_flow.at(t)},
        cash_flow{chain.cash_flow.at(t)},
        spend{chain.spend.at(t)},
        referral_rate{chain.referral_rate.at(t)} {}
};

/// What the moves out of a state bring at the end of the period: mean, and central moments.
struct MoveMoments {
  double mean = 0;
  double variance = 0;
  double third_moment = 0;
};

[[nodiscard]] inline MoveMoments moments_of_move(const Chain& chain, const PeriodOfChain& now, const PersonLayer& next,
                                                 std::size_t state) {
  const std::uint32_t begin = chain.transitions.first[state];
  const std::uint32_t end = chain.transitions.first[state + 1];
  MoveMoments move;
  if (begin == end) return move;
  const auto outcome = [&](std::uint32_t k) {
    return now.transition_cash_flow[k] + next.mean[chain.transitions.successor[k]];
  };
  const auto likeliest = std::max_element(now.probability.begin() + begin, now.probability.begin() + end);
  // deviations are measured from an outcome that happens, so that equal outcomes deviate by exactly 0
  const double pivot = outcome(static_cast<std::uint32_t>(likeliest - now.probability.begin()));
  double above_pivot = 0;
  for (std::uint32_t k = begin; k < end; ++k) {
    move.mean += now.probability[k] * outcome(k);
    above_pivot += now.probability[k] * (outcome(k) - pivot);
  }
  for (std::uint32_t k = begin; k < end; ++k) {
    const StateIndex j = chain.transitions.successor[k];
    const double deviation = (outcome(k) - pivot) - above_pivot;
    const double p = now.probability[k];
    move.variance += p * (next.variance[j] + deviation * deviation);
    move.third_moment += p * (next.third_moment[j] + deviation * (3 * next.variance[j] + deviation * deviation));
  }
  return move;
}

/// Expected value of the moves out of a state, with the people that are brought: Σ P (g + W') + Σ ρ W'.
[[nodiscard]] inline double value_of_move_with_referrals(const Chain& chain, const PeriodOfChain& now,
                                                         const std::vector<double>& next, std::size_t state) {
  double value = 0;
  for (std::uint32_t k = chain.transitions.first[state]; k < chain.transitions.first[state + 1]; ++k) {
    value += now.probability[k] * (now.transition_cash_flow[k] + next[chain.transitions.successor[k]]);
  }
  for (std::uint32_t k = chain.referrals.first[state]; k < chain.referrals.first[state + 1]; ++k) {
    value += now.referral_rate[k] * next[chain.referrals.successor[k]];
  }
  return value;
}

[[nodiscard]] inline double periods_after_move(const Chain& chain, const PeriodOfChain& now,
                                               const std::vector<double>& next, std::size_t state) {
  double periods = 0;
  for (std::uint32_t k = chain.transitions.first[state]; k < chain.transitions.first[state + 1]; ++k) {
    periods += now.probability[k] * next[chain.transitions.successor[k]];
  }
  return periods;
}

/// The layer of period t from that of period t + 1, kept in the memory of a layer that is no longer needed.
[[nodiscard]] inline PersonLayer step_back(const Chain& chain, std::int64_t t, const PersonLayer& next, PersonLayer layer) {
  const PeriodOfChain now{chain, t};
  const double d = chain.discount_factor;
  const double within = discount_within_period(d, chain.cash_flow_timing);
  for (std::size_t i = 0; i < chain.states(); ++i) {
    const MoveMoments move = moments_of_move(chain, now, next, i);
    const double in_state = within * now.cash_flow[i] - now.spend[i];
    layer.mean[i] = in_state + d * move.mean;
    layer.variance[i] = d * d * move.variance;
    layer.third_moment[i] = d * d * d * move.third_moment;
    layer.with_referrals[i] = chain.has_referrals()
                                  ? in_state + d * value_of_move_with_referrals(chain, now, next.with_referrals, i)
                                  : layer.mean[i];
    layer.customer_periods[i] =
        (is_customer(chain.stages[i]) ? 1 : 0) + periods_after_move(chain, now, next.customer_periods, i);
  }
  return layer;
}

}  // namespace tenure::detail
