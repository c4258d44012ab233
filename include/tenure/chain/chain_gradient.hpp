#pragma once
// One derivative for each number of a chain: the slope of something that a chain is worth by every probability, cash
// flow, referral rate, hazard, arrival and spend in it. Everything lies where the number lies: gradient.probability[k]
// goes with chain.probability.distinct()[k], and holds the slope by a number that is moved in every period that shares
// this entry of the timeline.
//
// Probabilities are moved one by one, as if a row need not sum to 1: what else gives way is for whoever moves them to
// say. What would be earned for ever, undiscounted, has an infinite slope; nothing here is NaN.

#include <cstddef>
#include <vector>

#include "tenure/chain/chain.hpp"

namespace tenure {

/// The slope of one value by every number of a chain.
struct ChainGradient {
  using ByEpoch = std::vector<std::vector<double>>;  ///< by the distinct entries of a timeline

  double value = 0;                             ///< that of which these are the gradient
  ByEpoch probability{};                        ///< by entry of the transitions
  ByEpoch staying{};                            ///< as probability, by state: of staying in it, listed or not
  ByEpoch transition_cash_flow{};               ///< by entry of the transitions
  ByEpoch cash_flow{};                          ///< by state
  ByEpoch spend{};                              ///< by state
  ByEpoch hazard{};                             ///< by place of the dwells; empty where there are none
  ByEpoch referral_rate{};                      ///< by entry of the referrals
  std::vector<std::vector<double>> arrivals{};  ///< by group and listed count
  std::vector<double> spend_level{};            ///< by spend stream, of its cost alone
};

namespace detail {

[[nodiscard]] inline ChainGradient::ByEpoch zeros(std::size_t distinct, std::size_t width) {
  return ChainGradient::ByEpoch(distinct, std::vector<double>(width, 0.0));
}

/// A gradient of a chain's shape, all 0.
[[nodiscard]] inline ChainGradient flat_gradient(const Chain& chain) {
  ChainGradient gradient;
  const std::size_t entries = chain.transitions.entries();
  gradient.probability = zeros(chain.probability.distinct().size(), entries);
  gradient.staying = zeros(chain.probability.distinct().size(), chain.states());
  gradient.transition_cash_flow = zeros(chain.transition_cash_flow.distinct().size(), entries);
  gradient.cash_flow = zeros(chain.cash_flow.distinct().size(), chain.states());
  gradient.spend = zeros(chain.spend.distinct().size(), chain.states());
  gradient.referral_rate = zeros(chain.referral_rate.distinct().size(), chain.referrals.entries());
  if (!chain.dwells.empty()) {
    gradient.hazard = zeros(chain.dwells.hazard.distinct().size(), chain.dwells.first_place.back());
  }
  for (const ArrivalGroup& group : chain.arrivals) gradient.arrivals.emplace_back(group.count.size(), 0.0);
  gradient.spend_level.assign(chain.spend_streams.size(), 0.0);
  return gradient;
}

/// a·b, and 0 where one of them is: what is infinite for nobody is nothing.
[[nodiscard]] inline double times(double a, double b) { return a == 0 || b == 0 ? 0 : a * b; }

}  // namespace detail
}  // namespace tenure
