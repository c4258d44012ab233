#pragma once
// From a model with actions to a chain in which they are alternatives: compiled once as it is, and once for each rank
// of action (every state's first, every state's second, …), then unrolled, so that a policy may heed whatever a firm
// can see of a customer: the state, for how long, the segment, and the market.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/decision_chain.hpp"
#include "tenure/chain/spending.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

/// What an unrolled state is in the model.
struct DecisionState {
  std::size_t segment = 0;
  std::size_t state = 0;
  std::size_t age = 0;     ///< periods spent in the state before this one; 0 where it has no dwell
  bool is_oldest = false;  ///< and from this age on
  std::size_t regime = 0;
};

/// A model's actions as alternatives of a chain.
struct CompiledDecisions {
  Chain as_is{};  ///< with ages and market still apart
  DecisionChain chain{};
  std::vector<DecisionState> states{};  ///< by state of `chain`
  std::vector<std::vector<std::size_t>>
      actions{};  ///< by segment and in it by state: the model's actions offered there

  [[nodiscard]] const std::vector<std::size_t>& offered(const DecisionState& state, std::size_t states_of_model) const {
    return actions[state.segment * states_of_model + state.state];
  }
};

/// The decisions that a model's actions leave open at these spend levels. Throws as compile() and unrolled() do.
/// Numbers must not differ from person to person within a segment: what is decided may only heed what can be seen.
[[nodiscard]] CompiledDecisions compile_decisions(const Model& model, const Spending& spending,
                                                  const Interrupted& interrupted = uninterrupted);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/chain/compile_decisions-inl.hpp"
#endif
