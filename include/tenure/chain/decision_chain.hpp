#pragma once
// A chain in which something may be decided: in each state one of several alternatives is taken in each period, and
// each has a row, rewards, cost and referral rates of its own. This is a Markov decision process (Bellman 1957; Howard
// 1960). It is kept as layers, chains of the same states and successors: alternative k of a state stands in layer k,
// and alternative 0, in which nothing is done, is open in every state. Once each state's alternative is chosen for each
// period, what is left is a chain like any other.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/timeline.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// The place of an alternative among those of a state; 0 is to do nothing.
using Alternative = std::uint16_t;

/// What is chosen: in each period, by state.
using Choices = Timeline<std::vector<Alternative>>;

/// Chains of the same states, one for each alternative: in each state and period one of them is chosen.
struct DecisionChain {
  std::vector<Chain> layers{};              ///< plain, with the same states, successors and arrivals
  std::vector<Alternative> alternatives{};  ///< how many each state has, at least 1

  [[nodiscard]] std::size_t states() const { return alternatives.size(); }
  [[nodiscard]] const Chain& as_is() const { return layers.front(); }
};

/// From which period on, and with which cycle, everything but the arrivals repeats in all layers.
[[nodiscard]] Repetition repetition(const DecisionChain& decisions);

/// Layers of one set of states, alternative by alternative, as a decision chain. `alternatives` counts those of each
/// state; what a layer says of a state with fewer is not looked at.
[[nodiscard]] DecisionChain decision_chain(std::vector<Chain> layers, std::vector<Alternative> alternatives);

/// The chain that is left when everything is decided.
[[nodiscard]] Chain chain_of_choices(const DecisionChain& decisions, const Choices& choices);

/// The same alternative in every period, in each state.
[[nodiscard]] inline Choices always(std::vector<Alternative> choice) { return Choices{std::move(choice)}; }

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/chain/decision_chain-inl.hpp"
#endif
