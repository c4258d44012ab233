#pragma once
// First acquisitions as a chain of their own: every state twice, for those who have never been customers and for those
// who have. Counting the moves from the first half into the second counts each person once.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"

namespace tenure::detail {

/// State i of those who have never been customers is i, of those who have is states + i.
struct AcquisitionChain {
  Chain chain;
  std::size_t states = 0;

  [[nodiscard]] std::size_t entry(std::size_t state) const {
    return is_customer(chain.stages[state]) ? states + state : state;
  }
};

/// The chain's pattern twice, where an edge leads to half(from half, to state).
template <class Half>
[[nodiscard]] Pattern doubled(const Pattern& pattern, Half half) {
  Pattern twice;
  const auto states = static_cast<StateIndex>(pattern.states());
  for (StateIndex been = 0; been < 2; ++been) {
    for (std::size_t i = 0; i < pattern.states(); ++i) {
      for (std::uint32_t k = pattern.first[i]; k < pattern.first[i + 1]; ++k) {
        const StateIndex to = pattern.successor[k];
        twice.successor.push_back(half(been == 1, to) ? states + to : to);
      }
      twice.first.push_back(static_cast<std::uint32_t>(twice.successor.size()));
    }
  }
  return twice;
}

[[nodiscard]] inline Timeline<std::vector<double>> doubled(const Timeline<std::vector<double>>& timeline) {
  std::vector<std::vector<double>> distinct = timeline.distinct();
  for (std::vector<double>& values : distinct) {
    const std::vector<double> once = values;
    values.insert(values.end(), once.begin(), once.end());
  }
  return {std::move(distinct), timeline.course(), timeline.repeats_from()};
}

[[nodiscard]] inline AcquisitionChain acquisition_chain(const Chain& chain) {
  AcquisitionChain result{chain, chain.states()};
  Chain& twice = result.chain;
  const auto becomes_customer = [&](StateIndex to) { return is_customer(chain.stages[to]); };
  twice.transitions =
      doubled(chain.transitions, [&](bool been, StateIndex to) { return been || becomes_customer(to); });
  twice.referrals = doubled(chain.referrals, [&](bool, StateIndex to) { return becomes_customer(to); });
  twice.stages.insert(twice.stages.end(), chain.stages.begin(), chain.stages.end());
  twice.probability = doubled(chain.probability);
  twice.referral_rate = doubled(chain.referral_rate);
  twice.transition_cash_flow = doubled(chain.transition_cash_flow);
  twice.cash_flow = doubled(chain.cash_flow);
  twice.spend = doubled(chain.spend);
  for (ArrivalGroup& group : twice.arrivals) group.state = static_cast<StateIndex>(result.entry(group.state));
  return result;
}

/// Expected first acquisitions that one person in a state of the doubled chain brings about in one period.
[[nodiscard]] inline double acquisitions_in(const AcquisitionChain& acquisition, std::int64_t t, std::size_t state) {
  const Chain& chain = acquisition.chain;
  const std::vector<double>& probability = chain.probability.at(t);
  const std::vector<double>& rate = chain.referral_rate.at(t);
  double acquired = 0;
  for (std::uint32_t k = chain.transitions.first[state]; k < chain.transitions.first[state + 1]; ++k) {
    const bool first_time = state < acquisition.states && chain.transitions.successor[k] >= acquisition.states;
    if (first_time) acquired += probability[k];
  }
  for (std::uint32_t k = chain.referrals.first[state]; k < chain.referrals.first[state + 1]; ++k) {
    if (chain.referrals.successor[k] >= acquisition.states) acquired += rate[k];
  }
  return acquired;
}

}  // namespace tenure::detail
