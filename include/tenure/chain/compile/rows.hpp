#pragma once
// Transition rows of a scenario: completed by "rest" or by staying, then moved by levers and calendar.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/compile/plan.hpp"
#include "tenure/chain/influence.hpp"
#include "tenure/model/model.hpp"

namespace tenure::detail {

/// A sum within this of 1 is meant to be 1: what is missing does not stay in the state.
inline constexpr double rounding_shortfall = 1e-12;

/// One entry of a row: a listed transition, or what stays.
struct RowEntry {
  StateIndex successor = 0;
  std::optional<std::size_t> transition{};  ///< its place in the model
};

/// One influence that may act on a row: an effect of a lever, or an entry of the calendar.
struct RowInfluence {
  std::size_t entry = 0;  ///< within the row
  const LeverEffect* effect = nullptr;
  std::size_t lever = 0;
  std::size_t effect_place = 0;
  const CalendarEntry* calendar = nullptr;
  std::size_t calendar_place = 0;
};

struct RowPlan {
  std::vector<RowEntry> entries{};  ///< by successor
  std::size_t completion = 0;       ///< the entry that takes what is left over
  bool is_rest = false;
  std::vector<RowInfluence> influences{};
};

[[nodiscard]] inline RowPlan row_plan(const Model& model, StateIndex state, const std::vector<std::size_t>& listed) {
  RowPlan row;
  for (const std::size_t k : listed) {
    row.entries.push_back({static_cast<StateIndex>(model.state_index(model.transitions()[k].to)), k});
  }
  const auto is_rest = [&](const RowEntry& entry) {
    return entry.transition && std::holds_alternative<Rest>(model.transitions()[*entry.transition].probability);
  };
  const auto stays = [&](const RowEntry& entry) { return entry.successor == state; };
  row.is_rest = std::any_of(row.entries.begin(), row.entries.end(), is_rest);
  if (!row.is_rest && std::none_of(row.entries.begin(), row.entries.end(), stays)) row.entries.push_back({state, {}});
  std::sort(row.entries.begin(), row.entries.end(),
            [](const RowEntry& a, const RowEntry& b) { return a.successor < b.successor; });
  const auto completion = row.is_rest ? std::find_if(row.entries.begin(), row.entries.end(), is_rest)
                                      : std::find_if(row.entries.begin(), row.entries.end(), stays);
  row.completion = static_cast<std::size_t>(completion - row.entries.begin());
  return row;
}

/// The listed probabilities of a row in period t, completed; they sum to 1 up to rounding.
[[nodiscard]] inline std::vector<double> base_row(const CompilePlan& plan, const RowPlan& row, std::int64_t t) {
  std::vector<double> probability(row.entries.size(), 0.0);
  CompensatedSum sum;
  for (std::size_t k = 0; k < row.entries.size(); ++k) {
    if (!row.entries[k].transition) continue;
    const Transition& transition = plan.model.transitions()[*row.entries[k].transition];
    if (const auto* number = std::get_if<Number>(&transition.probability)) {
      probability[k] = std::min(1.0, plan.mean(*number, t));
      sum.add(probability[k]);
    }
  }
  const double total = sum.value();
  const bool is_whole = total > 1 || (!row.is_rest && std::abs(total - 1) <= rounding_shortfall);
  if (!is_whole) {
    sum.add(-1);
    probability[row.completion] -= sum.value();
  } else if (total != 1) {
    probability = normalised(std::move(probability)).value();
  }
  return probability;
}

[[nodiscard]] inline double calendar_odds(const CalendarEntry& entry, std::int64_t t) {
  const std::int64_t from = entry.from.value_or(0);
  if (t < from || (entry.until && t >= *entry.until)) return 1;
  return entry.odds[static_cast<std::size_t>(t - from) % entry.odds.size()];
}

[[nodiscard]] inline std::vector<Influence> influences_at(const CompilePlan& plan, const RowPlan& row,
                                                          const std::vector<double>& base, std::int64_t t) {
  std::vector<Influence> acting;
  for (const RowInfluence& influence : row.influences) {
    if (influence.calendar) {
      const double odds = calendar_odds(*influence.calendar, t);
      if (odds != 1) acting.push_back({.entry = influence.entry, .odds = odds});
      continue;
    }
    const double today = base[influence.entry];
    const double limit = plan.mean(influence.effect->limit, t);
    const double moved_by = (limit - today) * plan.share(influence.lever, *influence.effect, t);
    if (moved_by == 0) continue;
    const ReachedAlone alone{std::clamp(today + moved_by, 0.0, 1.0),
                             std::clamp(rest_of_row(base, influence.entry) - moved_by, 0.0, 1.0)};
    acting.push_back({.entry = influence.entry, .alone = alone, .absolute = limit <= 0 || limit >= 1});
  }
  return acting;
}

[[noreturn]] inline void refuse_conflict(const CompilePlan& plan, const RowPlan& row, const std::vector<Influence>& acting,
                                         const InfluencedRow& result, std::int64_t t) {
  const std::size_t entry = acting[result.influence].entry;
  std::string path = "calendar";
  for (const RowInfluence& influence : row.influences) {
    if (influence.entry != entry) continue;
    path = influence.calendar ? "calendar[" + std::to_string(influence.calendar_place + 1) + "]"
                              : "lever[" + std::to_string(influence.lever + 1) + "].effect[" +
                                    std::to_string(influence.effect_place + 1) + "]";
    if (!influence.calendar) break;
  }
  const Transition& moved = plan.model.transitions()[row.entries[entry].transition.value()];
  const std::string what = "the transition " + in_quotes(moved.from) + " -> " + in_quotes(moved.to);
  const std::string when = " in period " + std::to_string(t);
  switch (result.conflict.value()) {
    case InfluenceConflict::certain:
      throw ModelError{{{"certain-transition", path, what + " is certain" + when + " and cannot be moved",
                         "give its row another way out, or move another transition", {}}}};
    case InfluenceConflict::only_alone:
      throw ModelError{{{"only-alone", path, what + " starts from 0, or goes to a limit of 0 or 1, while something else moves its row" + when,
                         "odds cannot express that: start above 0 and let the limit lie between 0 and 1, or let nothing else move the row", {}}}};
    case InfluenceConflict::nothing_left: break;
  }
  throw ModelError{{{"nothing-left", path, "the calendar leaves the row of " + in_quotes(moved.from) + " nowhere to go" + when,
                     "let one of its odds be above 0", {}}}};
}

[[nodiscard]] inline std::vector<double> row_at(const CompilePlan& plan, const RowPlan& row, std::int64_t t) {
  if (row.entries.size() == 1) return {1.0};
  std::vector<double> base = base_row(plan, row, t);
  if (row.influences.empty()) return base;
  const std::vector<Influence> acting = influences_at(plan, row, base, t);
  if (acting.empty()) return base;
  InfluencedRow moved = influenced(base, acting);
  if (moved.conflict) refuse_conflict(plan, row, acting, moved, t);
  return std::move(moved.probability);
}

[[nodiscard]] inline std::vector<RowPlan> row_plans(const CompilePlan& plan) {
  const Model& model = plan.model;
  std::vector<std::vector<std::size_t>> listed(model.states().size());
  for (std::size_t k = 0; k < model.transitions().size(); ++k) {
    listed[model.state_index(model.transitions()[k].from)].push_back(k);
  }
  std::vector<RowPlan> rows;
  rows.reserve(listed.size());
  for (StateIndex i = 0; i < listed.size(); ++i) rows.push_back(row_plan(model, i, listed[i]));
  const auto influence_on = [&](const std::string& from, const std::string& to, RowInfluence influence) {
    RowPlan& row = rows[model.state_index(from)];
    const auto successor = static_cast<StateIndex>(model.state_index(to));
    while (row.entries[influence.entry].successor != successor) ++influence.entry;
    row.influences.push_back(influence);
  };
  const std::vector<CalendarEntry>& calendar = plan.draft().calendar;
  for (std::size_t k = 0; k < calendar.size(); ++k) {
    influence_on(calendar[k].from_state, calendar[k].to_state, {.calendar = &calendar[k], .calendar_place = k});
  }
  for_each_active_effect(plan, [&](std::size_t lever, std::size_t place, const LeverEffect& effect) {
    const auto* target = std::get_if<TransitionTarget>(&effect.target);
    if (target) influence_on(target->from, target->to, {.effect = &effect, .lever = lever, .effect_place = place});
  });
  return rows;
}

/// All that the rows of period t depend on, as far as it changes with time.
[[nodiscard]] inline std::vector<double> row_inputs(const CompilePlan& plan, std::int64_t t) {
  std::vector<double> inputs;
  for (const Transition& transition : plan.model.transitions()) {
    const auto* number = std::get_if<Number>(&transition.probability);
    if (number && changes_with_time(*number)) inputs.push_back(plan.mean(*number, t));
  }
  for (const CalendarEntry& entry : plan.draft().calendar) inputs.push_back(calendar_odds(entry, t));
  for_each_active_effect(plan, [&](std::size_t lever, std::size_t, const LeverEffect& effect) {
    if (!std::holds_alternative<TransitionTarget>(effect.target)) return;
    inputs.push_back(effective_spend_at(plan.effective[lever], t));
    if (changes_with_time(effect.limit)) inputs.push_back(plan.mean(effect.limit, t));
    if (changes_with_time(effect.half_spend)) inputs.push_back(plan.mean(effect.half_spend, t));
  });
  return inputs;
}

struct CompiledRows {
  Pattern pattern{};
  Timeline<std::vector<double>> probability{};
  Timeline<std::vector<double>> cash_flow{};
};

[[nodiscard]] inline Pattern full_pattern(const std::vector<RowPlan>& rows) {
  Pattern pattern;
  for (const RowPlan& row : rows) {
    for (const RowEntry& entry : row.entries) pattern.successor.push_back(entry.successor);
    pattern.first.push_back(static_cast<std::uint32_t>(pattern.successor.size()));
  }
  return pattern;
}

/// Marks the entries that are more than 0 at some time, or carry a name in the model.
[[nodiscard]] inline std::vector<bool> entries_in_use(const std::vector<RowPlan>& rows,
                                                      const std::vector<std::vector<double>>& distinct) {
  std::vector<bool> used;
  for (const RowPlan& row : rows) {
    for (const RowEntry& entry : row.entries) used.push_back(entry.transition.has_value());
  }
  for (const std::vector<double>& probability : distinct) {
    for (std::size_t k = 0; k < used.size(); ++k) used[k] = used[k] || probability[k] > 0;
  }
  return used;
}

[[nodiscard]] inline std::vector<double> keep_used(const std::vector<double>& all, const std::vector<bool>& used) {
  std::vector<double> kept;
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (used[k]) kept.push_back(all[k]);
  }
  return kept;
}

[[nodiscard]] inline CompiledRows drop_unused(const std::vector<RowPlan>& rows, const Timeline<std::vector<double>>& probability,
                                              std::vector<RowEntry>& kept_entries) {
  const std::vector<bool> used = entries_in_use(rows, probability.distinct());
  CompiledRows compiled;
  std::size_t k = 0;
  for (const RowPlan& row : rows) {
    for (const RowEntry& entry : row.entries) {
      if (!used[k++]) continue;
      compiled.pattern.successor.push_back(entry.successor);
      kept_entries.push_back(entry);
    }
    compiled.pattern.first.push_back(static_cast<std::uint32_t>(compiled.pattern.successor.size()));
  }
  std::vector<std::vector<double>> distinct;
  for (const std::vector<double>& all : probability.distinct()) distinct.push_back(keep_used(all, used));
  compiled.probability = Timeline<std::vector<double>>{std::move(distinct), probability.course(), probability.repeats_from()};
  return compiled;
}

[[nodiscard]] inline Timeline<std::vector<double>> transition_cash_flows(const CompilePlan& plan,
                                                                         const std::vector<RowEntry>& entries) {
  const std::vector<Transition>& transitions = plan.model.transitions();
  const auto inputs = [&](std::int64_t t) {
    std::vector<double> changing;
    for (const Transition& transition : transitions) {
      if (changes_with_time(transition.cash_flow)) changing.push_back(plan.mean(transition.cash_flow, t));
    }
    return changing;
  };
  const auto make = [&](std::int64_t t) {
    std::vector<double> cash_flow;
    for (const RowEntry& entry : entries) {
      cash_flow.push_back(entry.transition ? plan.mean(transitions[*entry.transition].cash_flow, t) : 0.0);
    }
    return cash_flow;
  };
  return make_timeline<std::vector<double>>(plan, entries.size() * sizeof(double), inputs, make);
}

[[nodiscard]] inline CompiledRows compile_rows(const CompilePlan& plan) {
  const std::vector<RowPlan> rows = row_plans(plan);
  const std::size_t entries = full_pattern(rows).entries();
  const auto make = [&](std::int64_t t) {
    std::vector<double> probability;
    probability.reserve(entries);
    for (const RowPlan& row : rows) {
      const std::vector<double> one = row_at(plan, row, t);
      probability.insert(probability.end(), one.begin(), one.end());
    }
    return probability;
  };
  const auto all = make_timeline<std::vector<double>>(
      plan, entries * sizeof(double), [&](std::int64_t t) { return row_inputs(plan, t); }, make);
  std::vector<RowEntry> kept;
  CompiledRows compiled = drop_unused(rows, all, kept);
  compiled.cash_flow = transition_cash_flows(plan, kept);
  return compiled;
}

}  // namespace tenure::detail
