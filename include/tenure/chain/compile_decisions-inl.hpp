#pragma once
// The bodies of tenure/chain/compile_decisions.hpp.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/compile.hpp"
#include "tenure/chain/compile_decisions.hpp"
#include "tenure/chain/decision_chain.hpp"
#include "tenure/chain/detail/unrolled.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure {

namespace detail {

[[nodiscard]] inline bool works_in(const Action& action, const Model& model, std::size_t segment) {
  if (action.segments.empty()) return true;
  const std::string& name = model.draft().segments[segment].name;
  return std::find(action.segments.begin(), action.segments.end(), name) != action.segments.end();
}

/// The actions offered in each state of each segment, in the model's order.
[[nodiscard]] inline std::vector<std::vector<std::size_t>> actions_offered(const Model& model) {
  const std::size_t states = model.states().size();
  const std::size_t segments = std::max<std::size_t>(1, model.draft().segments.size());
  std::vector<std::vector<std::size_t>> offered(segments * states);
  for (std::size_t a = 0; a < model.actions().size(); ++a) {
    const Action& action = model.actions()[a];
    for (std::size_t segment = 0; segment < segments; ++segment) {
      if (!works_in(action, model, segment)) continue;
      for (const std::string& state : action.in) offered[segment * states + model.state_index(state)].push_back(a);
    }
  }
  return offered;
}

[[nodiscard]] inline std::vector<DecisionState> decision_states(const Chain& chain) {
  const UnrolledPlaces places{chain};
  const std::size_t states = chain.states_of_a_type();
  std::vector<DecisionState> result;
  places.for_each([&](StateIndex i, std::size_t place, std::size_t regime) {
    const std::size_t end = places.first(i + std::size_t{1});
    result.push_back({chain.segment_of(i), i % states, place - places.first(i),
                      place + 1 == end && place > places.first(i), regime});
  });
  return result;
}

/// The rank-th action of every state that has so many; nothing elsewhere.
[[nodiscard]] inline ActionsTaken actions_of_rank(const std::vector<std::vector<std::size_t>>& offered,
                                                  std::size_t rank) {
  ActionsTaken taken(offered.size());
  for (std::size_t k = 0; k < offered.size(); ++k) {
    if (rank < offered[k].size()) taken[k] = offered[k][rank];
  }
  return taken;
}

}  // namespace detail

TENURE_INLINE CompiledDecisions compile_decisions(const Model& model, const Spending& spending,
                                                  const Interrupted& interrupted) {
  CompiledDecisions compiled;
  compiled.actions = detail::actions_offered(model);
  std::size_t most = 0;
  for (const std::vector<std::size_t>& offered : compiled.actions) most = std::max(most, offered.size());
  if (most >= std::numeric_limits<Alternative>::max()) {
    throw LimitError{{{"actions",
                       "action",
                       std::to_string(most) + " actions are offered in one state",
                       "offer at most " + std::to_string(std::numeric_limits<Alternative>::max() - 1),
                       {}}}};
  }
  compiled.as_is = compile_in_pieces(model, spending, one_piece, default_quadrature_points, interrupted);
  compiled.states = detail::decision_states(compiled.as_is);
  std::vector<Chain> layers{detail::unrolled(compiled.as_is)};
  for (std::size_t rank = 0; rank < most; ++rank) {
    heed(interrupted);
    layers.push_back(detail::unrolled(
        compile(model, spending, default_quadrature_points, detail::actions_of_rank(compiled.actions, rank))));
  }
  std::vector<Alternative> alternatives;
  for (const DecisionState& state : compiled.states) {
    alternatives.push_back(static_cast<Alternative>(1 + compiled.offered(state, model.states().size()).size()));
  }
  compiled.chain = decision_chain(std::move(layers), std::move(alternatives));
  return compiled;
}

}  // namespace tenure
