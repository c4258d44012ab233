#pragma once
// What is best to do in each state and period of a decision chain: the policy under which everybody is worth most,
// those whom they bring included. A finite horizon is solved backwards (Bellman 1957), an endless one by policy
// iteration with exact evaluation (Howard 1960; Puterman 1994, 6.4). Since the value of every state is the largest at
// once, so is that of any number of people who arrive anywhere.
//
// How good the answer is, is proved beside it: no policy at all, however it depends on time and on the past, makes a
// person in any state worth more by more than `bound`.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tenure/chain/decision_chain.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

/// The best choices, and what they are worth.
struct OptimalPolicy {
  Choices choices{};
  /// By period, as far as listed, and state: what a person in it is worth from then on with everyone they bring, in
  /// money of that period. Over an endless horizon the list ends with the first cycle, which repeats.
  std::vector<std::vector<double>> value{};
  std::vector<std::vector<std::optional<double>>> advantage{};  ///< of the choice over the best other one; the same
  std::optional<double> bound{};  ///< on what any other policy could add; none where it could not be proved
  std::size_t rounds = 0;         ///< of policy iteration; 0 for a finite horizon
};

/// The best policy of a decision chain. Throws DivergentError where an endless horizon has no finite best value, with
/// the states of the decision chain, LimitError where the answer would need too much memory, InterruptedError where
/// somebody calls it off.
[[nodiscard]] OptimalPolicy optimal_policy(const DecisionChain& decisions,
                                           const Interrupted& interrupted = uninterrupted);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/engine/policy-inl.hpp"
#endif
