#pragma once
// The bodies of tenure/chain/decision_chain.hpp.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/decision_chain.hpp"
#include "tenure/chain/timeline.hpp"
#include "tenure/quantity/detail/memory.hpp"

namespace tenure {

namespace detail {

/// The successors that a state has in any of the layers, state by state.
[[nodiscard]] inline Pattern common_pattern(const std::vector<Chain>& layers, Pattern Chain::*pattern) {
  Pattern common;
  for (std::size_t i = 0; i < layers.front().states(); ++i) {
    std::vector<StateIndex> successors;
    for (const Chain& layer : layers) {
      const Pattern& own = layer.*pattern;
      successors.insert(successors.end(), own.successor.begin() + own.first[i],
                        own.successor.begin() + own.first[i + 1]);
    }
    std::sort(successors.begin(), successors.end());
    successors.erase(std::unique(successors.begin(), successors.end()), successors.end());
    common.successor.insert(common.successor.end(), successors.begin(), successors.end());
    common.first.push_back(static_cast<std::uint32_t>(common.successor.size()));
  }
  return common;
}

/// The place in the common pattern of each entry of a layer's own.
[[nodiscard]] inline std::vector<std::size_t> places_in(const Pattern& common, const Pattern& own) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < own.states(); ++i) {
    const auto begin = common.successor.begin() + common.first[i];
    const auto end = common.successor.begin() + common.first[i + 1];
    for (std::uint32_t k = own.first[i]; k < own.first[i + 1]; ++k) {
      places.push_back(
          static_cast<std::size_t>(std::lower_bound(begin, end, own.successor[k]) - common.successor.begin()));
    }
  }
  return places;
}

/// Numbers by entry, moved to their places among so many; none where there are none.
template <class T>
[[nodiscard]] Timeline<std::vector<T>> moved_to(const Timeline<std::vector<T>>& timeline,
                                                const std::vector<std::size_t>& places, std::size_t size) {
  std::vector<std::vector<T>> distinct;
  for (const std::vector<T>& own : timeline.distinct()) {
    std::vector<T> moved(own.empty() ? 0 : size);
    for (std::size_t k = 0; k < own.size(); ++k) moved[places[k]] = own[k];
    distinct.push_back(std::move(moved));
  }
  return {std::move(distinct), timeline.course(), timeline.repeats_from()};
}

/// Layers with the successors of all of them.
inline void align(std::vector<Chain>& layers) {
  const Pattern transitions = common_pattern(layers, &Chain::transitions);
  const Pattern referrals = common_pattern(layers, &Chain::referrals);
  for (Chain& layer : layers) {
    const std::vector<std::size_t> moves = places_in(transitions, layer.transitions);
    const std::vector<std::size_t> referred = places_in(referrals, layer.referrals);
    layer.probability = moved_to(layer.probability, moves, transitions.entries());
    layer.transition_cash_flow = moved_to(layer.transition_cash_flow, moves, transitions.entries());
    layer.transition_events = moved_to(layer.transition_events, moves, transitions.entries());
    layer.referral_rate = moved_to(layer.referral_rate, referred, referrals.entries());
    layer.transitions = transitions;
    layer.referrals = referrals;
  }
}

/// Which states the numbers of a timeline belong to: a state each, or those of a pattern's entries.
[[nodiscard]] inline std::vector<StateIndex> owners(const Pattern& pattern) {
  std::vector<StateIndex> states;
  for (StateIndex i = 0; i < pattern.states(); ++i)
    states.insert(states.end(), pattern.first[i + 1] - pattern.first[i], i);
  return states;
}

/// A timeline of the chain of some choices: each number from the layer that its state's choice names.
template <class T>
[[nodiscard]] Timeline<std::vector<T>> chosen_of(const DecisionChain& decisions, const Choices& choices,
                                                 const Repetition& repeats, const std::vector<StateIndex>& owner,
                                                 Timeline<std::vector<T>> Chain::*member) {
  std::map<std::vector<std::size_t>, std::uint32_t> known;
  std::vector<std::vector<T>> distinct;
  std::vector<std::uint32_t> course;
  const bool is_empty = std::all_of(decisions.layers.begin(), decisions.layers.end(),
                                    [&](const Chain& layer) { return (layer.*member).distinct().front().empty(); });
  if (is_empty) return {};
  for (std::size_t period = 0; period < repeats.from + repeats.cycle; ++period) {
    const auto t = static_cast<std::int64_t>(period);
    std::vector<std::size_t> key{choices.place(t)};
    for (const Chain& layer : decisions.layers) key.push_back((layer.*member).place(t));
    const auto [found, is_new] = known.emplace(std::move(key), static_cast<std::uint32_t>(distinct.size()));
    course.push_back(found->second);
    if (!is_new) continue;
    refuse_beyond_memory(static_cast<double>(distinct.size() + 1) * static_cast<double>(owner.size() * sizeof(T)),
                         "the chain of a policy that changes so often", "", "shorten the horizon or the dwells");
    const std::vector<Alternative>& choice = choices.at(t);
    std::vector<T> values(owner.size());
    for (std::size_t k = 0; k < owner.size(); ++k) {
      const std::vector<T>& of_layer = (decisions.layers[choice[owner[k]]].*member).at(t);
      if (!of_layer.empty()) values[k] = of_layer[k];
    }
    distinct.push_back(std::move(values));
  }
  return {std::move(distinct), std::move(course), repeats.from};
}

}  // namespace detail

TENURE_INLINE Repetition repetition(const DecisionChain& decisions) {
  Repetition common;
  for (const Chain& layer : decisions.layers) {
    const Repetition repeats = repetition(layer);
    common.from = std::max(common.from, repeats.from);
    common.cycle = std::lcm(common.cycle, repeats.cycle);
  }
  return common;
}

TENURE_INLINE DecisionChain decision_chain(std::vector<Chain> layers, std::vector<Alternative> alternatives) {
  detail::align(layers);
  return {std::move(layers), std::move(alternatives)};
}

TENURE_INLINE Chain chain_of_choices(const DecisionChain& decisions, const Choices& choices) {
  Repetition repeats = repetition(decisions);
  repeats.from = std::max(repeats.from, choices.repeats_from());
  repeats.cycle = std::lcm(repeats.cycle, choices.cycle());
  Chain chain = decisions.as_is();
  const std::vector<StateIndex> moves = detail::owners(chain.transitions);
  const std::vector<StateIndex> referred = detail::owners(chain.referrals);
  std::vector<StateIndex> states(chain.states());
  std::iota(states.begin(), states.end(), StateIndex{0});
  const auto chosen = [&](const std::vector<StateIndex>& owner, auto member) {
    return detail::chosen_of(decisions, choices, repeats, owner, member);
  };
  chain.probability = chosen(moves, &Chain::probability);
  chain.transition_cash_flow = chosen(moves, &Chain::transition_cash_flow);
  chain.transition_events = chosen(moves, &Chain::transition_events);
  chain.referral_rate = chosen(referred, &Chain::referral_rate);
  chain.cash_flow = chosen(states, &Chain::cash_flow);
  chain.spend = chosen(states, &Chain::spend);
  chain.state_events = chosen(states, &Chain::state_events);
  return chain;
}

}  // namespace tenure
