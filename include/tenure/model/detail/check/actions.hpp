#pragma once
// Checks of actions: where they are offered, what they put, and whether the rows that they put are rows.

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "tenure/model/detail/check/names.hpp"
#include "tenure/model/detail/check/numbers.hpp"
#include "tenure/model/detail/check/rows.hpp"
#include "tenure/model/detail/check/surroundings.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

[[nodiscard]] inline std::string words_for(const ActionEffect& effect) {
  if (const auto* row = std::get_if<PutsTransition>(&effect)) return "transition " + arrow(row->from, row->to);
  if (const auto* cash = std::get_if<PutsCashFlow>(&effect)) return "cash flow of " + in_quotes(cash->state);
  if (const auto* referred = std::get_if<PutsReferral>(&effect))
    return "referral " + arrow(referred->from, referred->to);
  return "dwell of " + in_quotes(std::get<PutsDwell>(effect).state);
}

[[nodiscard]] inline Findings check_puts(const ModelDraft& draft, const KnownNames& known, const PutsTransition& puts,
                                         const std::string& path) {
  Findings found = check_listed(known, path + ".transition", puts.from, puts.to);
  if (!puts.probability && !puts.cash_flow) {
    found.error("effect-target", path, "it does not say what the transition becomes",
                "give probability, cash_flow or both");
  }
  return found += check_numbers(path, puts, draft);
}

[[nodiscard]] inline Findings check_puts(const ModelDraft& draft, const KnownNames& known, const PutsCashFlow& puts,
                                         const std::string& path) {
  Findings found = check_known("state", path + ".state", puts.state, known.states);
  return found += check_numbers(path, puts, draft);
}

[[nodiscard]] inline Findings check_puts(const ModelDraft& draft, const KnownNames&, const PutsReferral& puts,
                                         const std::string& path) {
  Findings found;
  const bool listed = std::any_of(draft.referrals.begin(), draft.referrals.end(), [&](const Referral& referral) {
    return referral.from == puts.from && referral.to == puts.to;
  });
  if (!listed) {
    found.error("unknown-referral", path + ".referral", "there is no referral " + arrow(puts.from, puts.to),
                "list it under [[referral]], with per_period = 0 if it does not happen today");
  }
  return found += check_numbers(path, puts, draft);
}

[[nodiscard]] inline Findings check_puts(const ModelDraft& draft, const KnownNames& known, const PutsDwell& puts,
                                         const std::string& path) {
  Findings found = check_known("state", path + ".dwell", puts.state, known.states);
  const auto state = known.states.find(puts.state);
  if (state && !draft.states[*state].dwell) {
    found.error("no-dwell", path + ".dwell", in_quotes(puts.state) + " has no dwell",
                "give the state a dwell, or put its transitions");
  }
  found += check_numbers(path, puts, draft);
  return found +=
         check_multiple(path + ".factor", puts.factor.mean, "today's chance to leave in a period", "1 changes nothing");
}

/// The probabilities that an action puts on one state's row.
struct PutRow {
  std::vector<const Number*> probability{};
  std::set<std::string> successors{};
  std::size_t first_effect = 0;
};

[[nodiscard]] inline PutRow put_row(const Action& action, const std::string& state) {
  PutRow row;
  for (std::size_t k = 0; k < action.effects.size(); ++k) {
    const auto* puts = std::get_if<PutsTransition>(&action.effects[k]);
    if (!puts || puts->from != state || !puts->probability) continue;
    if (row.probability.empty()) row.first_effect = k;
    row.probability.push_back(&*puts->probability);
    row.successors.insert(puts->to);
  }
  return row;
}

/// Whether something is left of a state's row to take what an action's probabilities leave over.
[[nodiscard]] inline bool leaves_an_entry(const ModelDraft& draft, const std::string& state, const PutRow& row) {
  bool has_dwell = false;
  for (const State& one : draft.states) has_dwell = has_dwell || (one.name == state && one.dwell);
  bool may_stay = !has_dwell;
  for (const Transition& transition : draft.transitions) {
    if (transition.from != state) continue;
    if (!row.successors.contains(transition.to)) return true;
    if (transition.to == state || std::holds_alternative<Rest>(transition.probability)) may_stay = false;
  }
  return may_stay;
}

[[nodiscard]] inline Findings check_put_row(const ModelDraft& draft, const Action& action, const std::string& state,
                                            const std::string& path) {
  Findings found;
  const PutRow row = put_row(action, state);
  if (row.probability.empty()) return found;
  std::int64_t scheduled = 1;
  bool growing = false;
  for (const Number* number : row.probability) {
    scheduled = std::max(scheduled, static_cast<std::int64_t>(number->schedule.size()));
    growing = growing || grows(*number);
  }
  if (draft.horizon) scheduled = std::clamp<std::int64_t>(scheduled, 1, std::max<std::int64_t>(1, *draft.horizon));
  const bool has_rest = leaves_an_entry(draft, state, row);
  const auto check_at = [&](std::int64_t t) {
    CompensatedSum sum;
    for (const Number* number : row.probability) sum.add(mean_at(*number, t, draft.period));
    const bool too_much = !(sum.value() <= 1 + limits::row_rounding);
    if (!too_much && (has_rest || sum.value() >= 1 - limits::row_rounding)) return;
    const std::string when = scheduled > 1 || growing ? " in period " + std::to_string(t) : "";
    found.error("row-sum", path + "." + place("effect", row.first_effect) + ".probability",
                "the action " + in_quotes(action.name) + " puts probabilities of " + in_quotes(state) +
                    " that sum to " + shortest(sum.value()) + when,
                too_much ? "they must not sum to more than 1"
                         : "it puts the whole row: let them sum to 1, or leave one transition to take the rest");
  };
  for (std::int64_t t = 0; t < scheduled && found.errors.empty(); ++t) check_at(t);
  if (growing && draft.horizon && found.errors.empty()) check_at(std::max<std::int64_t>(0, *draft.horizon - 1));
  return found;
}

[[nodiscard]] inline Findings check_effects_of_action(const ModelDraft& draft, const KnownNames& known,
                                                      const Action& action, const std::string& path) {
  Findings found;
  std::map<std::string, std::size_t> put;
  for (std::size_t k = 0; k < action.effects.size(); ++k) {
    const ActionEffect& effect = action.effects[k];
    const std::string where = path + "." + place("effect", k);
    found += std::visit([&](const auto& puts) { return check_puts(draft, known, puts, where); }, effect);
    const std::string& state = state_of(effect);
    if (known.states.contains(state) && std::find(action.in.begin(), action.in.end(), state) == action.in.end()) {
      found.error("action-elsewhere", where,
                  "it puts something of " + in_quotes(state) + ", in which the action is not offered",
                  "name the state in `in`, or leave the effect out");
    }
    const auto [earlier, is_new] = put.emplace(words_for(effect), k);
    if (!is_new) {
      found.error("moved-twice", where, "the action puts the " + earlier->first + " twice",
                  "say it once; " + place("effect", earlier->second) + " does already");
    }
  }
  const bool saves = action.cost.mean < 0 || std::any_of(action.cost.schedule.begin(), action.cost.schedule.end(),
                                                         [](double cost) { return cost < 0; });
  if (action.effects.empty() && !saves) {
    found.error("no-effect", path, "the action " + in_quotes(action.name) + " changes nothing",
                "give it an [[action.effect]], or a cost below 0 if it saves something");
  }
  return found;
}

[[nodiscard]] inline Findings check_action(const ModelDraft& draft, const KnownNames& known, const Action& action,
                                           const std::string& path) {
  Findings found;
  if (action.name == no_action_name) {
    found.error("reserved-name", path + ".name", in_quotes(action.name) + " is what is done where no action is taken",
                "give the action another name");
  }
  const auto refused = action.label == action.name ? std::nullopt : name_refusal(action.label, known.rules);
  if (refused) found.error("name", path + ".label", *refused, "found " + in_quotes(action.label));
  if (action.in.empty()) {
    found.error("offered-nowhere", path + ".in", "the action " + in_quotes(action.name) + " is offered nowhere",
                "name the states in which it may be taken");
  }
  std::set<std::string> offered;
  for (const std::string& state : action.in) {
    found += check_known("state", path + ".in", state, known.states);
    if (!offered.insert(state).second) {
      found.error("offered-twice", path + ".in", "the action is offered in " + in_quotes(state) + " twice",
                  "name each state once");
    }
  }
  for (const std::string& segment : action.segments) {
    found += check_known("segment", path + ".segments", segment, known.segments);
  }
  found += check_numbers(path, action, draft);
  found += check_effects_of_action(draft, known, action, path);
  if (!found.errors.empty()) return found;
  for (const std::string& state : action.in) found += check_put_row(draft, action, state, path);
  return found;
}

[[nodiscard]] inline Findings check_actions(const ModelDraft& draft, const KnownNames& known) {
  Findings found;
  for (std::size_t k = 0; k < draft.actions.size(); ++k) {
    found += check_action(draft, known, draft.actions[k], place("action", k));
  }
  return found;
}

}  // namespace tenure::detail
