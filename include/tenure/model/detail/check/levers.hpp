#pragma once
// Checks of levers and scenarios: what money may change, and by which plan.

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "tenure/model/detail/check/names.hpp"
#include "tenure/model/detail/check/numbers.hpp"
#include "tenure/model/detail/check/people.hpp"
#include "tenure/model/detail/check/surroundings.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"

namespace tenure::detail {

[[nodiscard]] inline std::string words_for(const EffectTarget& target) {
  if (const auto* row = std::get_if<TransitionTarget>(&target)) return "transition " + arrow(row->from, row->to);
  if (const auto* cash = std::get_if<CashFlowTarget>(&target)) return "cash flow of " + in_quotes(cash->state);
  if (const auto* referred = std::get_if<ReferralTarget>(&target))
    return "referral " + arrow(referred->from, referred->to);
  if (const auto* arrivals = std::get_if<ArrivalsTarget>(&target)) return "arrivals " + in_quotes(arrivals->name);
  return "dwell of " + in_quotes(std::get<DwellTarget>(target).state);
}

[[nodiscard]] inline Findings check_transition_target(const ModelDraft& draft, const KnownNames& known,
                                                      const TransitionTarget& target, const std::string& path) {
  Findings found = check_listed(known, path + ".transition", target.from, target.to);
  if (found.errors.empty() && is_certain(draft, known, {target.from, target.to})) {
    found.error("certain-transition", path + ".transition",
                arrow(target.from, target.to) + " is certain (probability 1) and cannot be moved",
                "give its row another way out, or move another transition");
  }
  return found;
}

[[nodiscard]] inline Findings check_target(const ModelDraft& draft, const KnownNames& known, const EffectTarget& target,
                                           const std::string& path) {
  if (const auto* row = std::get_if<TransitionTarget>(&target))
    return check_transition_target(draft, known, *row, path);
  if (const auto* cash = std::get_if<CashFlowTarget>(&target)) {
    return check_known("state", path + ".state", cash->state, known.states);
  }
  if (const auto* arrivals = std::get_if<ArrivalsTarget>(&target)) {
    return check_known("arrivals", path + ".arrivals", arrivals->name, known.arrivals);
  }
  Findings found;
  if (const auto* referred = std::get_if<ReferralTarget>(&target)) {
    const bool listed = std::any_of(draft.referrals.begin(), draft.referrals.end(), [&](const Referral& referral) {
      return referral.from == referred->from && referral.to == referred->to;
    });
    if (!listed) {
      found.error("unknown-referral", path + ".referral", "there is no referral " + arrow(referred->from, referred->to),
                  "list it under [[referral]], with per_period = 0 if it does not happen today");
    }
    return found;
  }
  const std::string& state = std::get<DwellTarget>(target).state;
  found += check_known("state", path + ".dwell", state, known.states);
  const auto place_of_state = known.states.find(state);
  if (place_of_state && !draft.states[*place_of_state].dwell) {
    found.error("no-dwell", path + ".dwell", in_quotes(state) + " has no dwell",
                "give the state a dwell, or move its transitions");
  }
  return found;
}

[[nodiscard]] inline Findings check_response_table(const std::vector<ResponsePoint>& points, const std::string& path) {
  Findings found;
  const std::string hint =
      "give [spend, share] pairs from [0, 0] on, with rising spend and shares that never fall, up to 1";
  if (points.size() < 2 || points.front() != ResponsePoint{0, 0}) {
    found.error("response-table", path, "a response table begins at [0, 0] and has at least two points", hint);
    return found;
  }
  for (std::size_t k = 1; k < points.size(); ++k) {
    const bool rises = points[k].spend > points[k - 1].spend && points[k].spend <= limits::amount;
    const bool never_falls = points[k].share >= points[k - 1].share && points[k].share <= 1;
    if (rises && never_falls) continue;
    found.error(
        "response-table", path,
        "point " + std::to_string(k + 1) + " is [" + shortest(points[k].spend) + ", " + shortest(points[k].share) + "]",
        hint + if_percent(points[k].share));
    return found;
  }
  return found;
}

/// A limit on arrivals or on a dwell is a multiple of today's, which a count is easily taken for.
[[nodiscard]] inline Findings check_limit_as_multiple(const ModelDraft& draft, const LeverEffect& effect,
                                                      const std::string& path) {
  const double limit = effect.limit.mean;
  if (std::holds_alternative<DwellTarget>(effect.target)) {
    return check_multiple(path, limit, "today's chance to leave in a period", "1 is today's");
  }
  const auto* target = std::get_if<ArrivalsTarget>(&effect.target);
  if (!target) return {};
  double today = 0;
  for (const Arrivals& arrivals : draft.arrivals) {
    const auto* steady = std::get_if<ArriveSteadily>(&arrivals.flow);
    if (arrivals.name == target->name && steady) today += steady->per_period;
  }
  const std::string meant =
      "if " + shortest(limit) + " people a " + std::string{name_of(draft.period)} + " were meant, ";
  return check_multiple(path, limit, "today's arrivals",
                        meant + (today > 0 ? "write " + shortest(limit / today) : "divide by how many come today"));
}

[[nodiscard]] inline Findings check_effect(const ModelDraft& draft, const KnownNames& known, const LeverEffect& effect,
                                           const std::string& path) {
  Findings found = check_target(draft, known, effect.target, path);
  found += check_numbers(path, effect, draft);
  found += check_limit_as_multiple(draft, effect, path + ".limit");
  if (effect.curve.shape == ResponseShape::table)
    return found += check_response_table(effect.curve.points, path + ".points");
  const double steepness = effect.curve.steepness;
  if (!(steepness > 0 && steepness <= 100)) {
    found.error("steepness", path + ".steepness", shortest(steepness) + " is out of range",
                "give a number above 0, up to 100");
  }
  return found;
}

[[nodiscard]] inline Findings check_lever(const ModelDraft& draft, const KnownNames& known, const Lever& lever,
                                          const std::string& path) {
  Findings found = check_window(path, lever.from, lever.until);
  if (!(lever.carry_over >= 0 && lever.carry_over < 1)) {
    found.error("carry-over", path + ".carry_over", shortest(lever.carry_over) + " is out of range",
                "give a number from 0 up to, but not, 1" + if_percent(lever.carry_over));
  }
  if (lever.spend_per == SpendPer::customer && lever.while_in.empty()) {
    found.error("while-in", path + ".while_in", "spend per customer needs to know on whom",
                "name the states in while_in, or say spend_per = \"period\"");
  }
  if (lever.spend_per == SpendPer::period && !lever.while_in.empty()) {
    found.warn("while-in", path + ".while_in",
               "spend per period falls on nobody in particular; while_in has no meaning here");
  }
  for (const std::string& state : lever.while_in)
    found += check_known("state", path + ".while_in", state, known.states);
  std::set<std::string> spent_on;
  for (const std::string& state : lever.while_in) {
    if (spent_on.insert(state).second) continue;
    found.error("while-in", path + ".while_in", "a state is named twice", "name each state once: " + in_quotes(state));
  }
  for (const std::string& segment : lever.segments) {
    found += check_known("segment", path + ".segments", segment, known.segments);
  }
  if (lever.effects.empty()) {
    found.error("no-effect", path, "the lever " + in_quotes(lever.name) + " changes nothing",
                "give it a [[lever.effect]]");
  }
  std::map<std::string, std::size_t> moved;
  for (std::size_t k = 0; k < lever.effects.size(); ++k) {
    const std::string where = path + "." + place("effect", k);
    found += check_effect(draft, known, lever.effects[k], where);
    const auto [earlier, is_new] = moved.emplace(words_for(lever.effects[k].target), k);
    if (!is_new) {
      found.error("moved-twice", where, "the lever moves " + earlier->first + " twice",
                  "a lever may move one thing once; " + place("effect", earlier->second) + " does already");
    }
  }
  return found;
}

[[nodiscard]] inline Findings check_levers(const ModelDraft& draft, const KnownNames& known) {
  Findings found;
  for (std::size_t k = 0; k < draft.levers.size(); ++k) {
    const Lever& lever = draft.levers[k];
    const auto refusal = lever.label == lever.name ? std::nullopt : name_refusal(lever.label, known.rules);
    if (refusal) found.error("name", place("lever", k) + ".label", *refusal, "found " + in_quotes(lever.label));
    found += check_lever(draft, known, lever, place("lever", k));
  }
  return found;
}

[[nodiscard]] inline Findings check_plan(const Scenario& scenario, const KnownNames& known, const std::string& path) {
  Findings found;
  if (const auto* levels = std::get_if<SpendLevels>(&scenario.plan)) {
    for (const auto& [lever, spend] : *levels) {
      found += check_known("lever", path + ".spend", lever, known.levers);
      if (!(spend >= 0 && spend <= limits::amount)) {
        found.error("spend", path + ".spend", "the spend on " + in_quotes(lever) + " is " + shortest(spend),
                    "give a finite amount of at least 0, up to 1e90");
      }
    }
    return found;
  }
  const auto& plan = std::get<BudgetSplit>(scenario.plan);
  if (!(plan.budget >= 0 && plan.budget <= limits::amount)) {
    found.error("budget", path + ".budget", shortest(plan.budget) + " is no budget",
                "give a finite amount of at least 0, up to 1e90");
  }
  found += check_shares(path + ".split", plan.split, "lever", known.levers);
  return found;
}

[[nodiscard]] inline Findings check_scenarios(const ModelDraft& draft, const KnownNames& known) {
  Findings found;
  std::string reference;
  for (std::size_t k = 0; k < draft.scenarios.size(); ++k) {
    const Scenario& scenario = draft.scenarios[k];
    const std::string path = place("scenario", k);
    found += check_plan(scenario, known, path);
    if (scenario.reference && !reference.empty()) {
      found.error("two-references", path + ".reference", in_quotes(reference) + " is the reference already",
                  "at most one scenario has reference = true");
    }
    if (scenario.reference) reference = scenario.name;
  }
  return found;
}

}  // namespace tenure::detail
