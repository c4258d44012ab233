#pragma once
// A warning for states that nobody ever comes to.

#include <string>
#include <variant>
#include <vector>

#include "tenure/model/detail/check/names.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"

namespace tenure::detail {

[[nodiscard]] inline std::vector<bool> reachable_states(const ModelDraft& draft, const KnownNames& known) {
  std::vector<std::vector<std::size_t>> successors(draft.states.size());
  const auto connect = [&](const std::string& from, const std::string& to) {
    const auto i = known.states.find(from);
    const auto j = known.states.find(to);
    if (i && j) successors[*i].push_back(*j);
  };
  for (const Transition& transition : draft.transitions) connect(transition.from, transition.to);
  for (const Referral& referral : draft.referrals) connect(referral.from, referral.to);
  std::vector<bool> reached(draft.states.size(), false);
  std::vector<std::size_t> open;
  const auto visit = [&](std::size_t state) {
    if (reached[state]) return;
    reached[state] = true;
    open.push_back(state);
  };
  for (const Arrivals& arrivals : draft.arrivals) {
    if (const auto state = known.states.find(arrivals.state)) visit(*state);
  }
  while (!open.empty()) {
    const std::size_t state = open.back();
    open.pop_back();
    for (const std::size_t next : successors[state]) visit(next);
  }
  return reached;
}

[[nodiscard]] inline Findings check_reachability(const ModelDraft& draft, const KnownNames& known) {
  Findings found;
  if (draft.arrivals.empty()) return found;
  const std::vector<bool> reached = reachable_states(draft, known);
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if (reached[i]) continue;
    found.warn("unreachable", place("state", i), "nobody ever comes to " + in_quotes(draft.states[i].name),
               "let people arrive there, or a transition lead there");
  }
  return found;
}

}  // namespace tenure::detail
