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
#include "tenure/chain/detail/compile/plan.hpp"
#include "tenure/chain/detail/influence.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

/// A sum within this of 1 is meant to be 1: what is missing does not stay in the state.
inline constexpr double rounding_shortfall = 1e-12;

/// One entry of a row: a listed transition, or what stays.
struct RowEntry {
  StateIndex successor = 0;
  std::optional<std::size_t> transition{};  ///< its place in the model
};

/// One influence that may act on a row: an effect of a lever, an entry of the calendar, or the market.
struct RowInfluence {
  std::size_t entry = 0;  ///< within the row
  const LeverEffect* effect = nullptr;
  std::size_t lever = 0;
  std::size_t effect_place = 0;
  const CalendarEntry* calendar = nullptr;
  std::size_t calendar_place = 0;
  const EnvironmentEffect* market = nullptr;
};

/// A probability that the action taken puts on an entry of a row.
struct PutProbability {
  std::size_t entry = 0;
  const Number* number = nullptr;
};

/// The row of a state of the model, in one segment.
struct RowPlan {
  std::uint32_t segment = 0;
  std::vector<RowEntry> entries{};  ///< by successor, a state of the model
  std::size_t completion = 0;       ///< the entry that takes what is left over
  bool is_rest = false;
  bool is_whole = false;              ///< nothing is left over: where to when a dwell ends
  std::vector<PutProbability> put{};  ///< in the place of the base row's
  std::vector<RowInfluence> influences{};
};

/// The segment's word on what takes the rest, too: it may give that to another transition than the model, or to none.
[[nodiscard]] inline RowPlan row_plan(const Model& model, const TypeNumbers& of_segment, StateIndex state,
                                      const std::vector<std::size_t>& listed) {
  RowPlan row{.segment = of_segment.segment};
  for (const std::size_t k : listed) {
    row.entries.push_back({static_cast<StateIndex>(model.state_index(model.transitions()[k].to)), k});
  }
  const auto is_rest = [&](const RowEntry& entry) {
    return entry.transition && std::holds_alternative<Rest>(*of_segment.probability[*entry.transition]);
  };
  const auto sojourns = [&](const RowEntry& entry) { return entry.successor == state; };
  row.is_rest = std::any_of(row.entries.begin(), row.entries.end(), is_rest);
  row.is_whole = model.states()[state].dwell && !row.is_rest;
  if (!row.is_rest && !row.is_whole && std::none_of(row.entries.begin(), row.entries.end(), sojourns))
    row.entries.push_back({state, {}});
  std::sort(row.entries.begin(), row.entries.end(),
            [](const RowEntry& a, const RowEntry& b) { return a.successor < b.successor; });
  const auto completion = row.is_rest ? std::find_if(row.entries.begin(), row.entries.end(), is_rest)
                                      : std::find_if(row.entries.begin(), row.entries.end(), sojourns);
  row.completion = static_cast<std::size_t>(completion - row.entries.begin());
  return row;
}

[[noreturn]] inline void refuse_row_without_way(const CompilePlan& plan, const RowPlan& row) {
  const Transition& transition = plan.model.transitions()[row.entries.front().transition.value()];
  throw ModelError{{{"dwell-row",
                     "transition",
                     "a stay in " + in_quotes(transition.from) + " ends and leads nowhere",
                     "let one of its probabilities be above 0",
                     {}}}};
}

[[noreturn]] inline void refuse_put_row(const CompilePlan& plan, const RowPlan& row, double sum, std::int64_t t) {
  const Transition& transition = plan.model.transitions()[row.entries[row.put.front().entry].transition.value()];
  throw ModelError{{{"row-sum",
                     "action",
                     "an action puts probabilities of " + in_quotes(transition.from) + " that sum to " + shortest(sum) +
                         " in period " + std::to_string(t) + ", and nothing else of its row can take the rest",
                     "let them sum to 1, or leave one transition to take the rest",
                     {}}}};
}

/// A completed row with what the action taken puts on it: the other entries keep their proportions; where all of them
/// are 0, what completes the row takes what is left.
[[nodiscard]] inline std::vector<double> with_put(const CompilePlan& plan, const RowPlan& row,
                                                  std::vector<double> probability, std::int64_t t) {
  CompensatedSum put;
  std::vector<bool> is_put(probability.size(), false);
  for (const PutProbability& one : row.put) {
    is_put[one.entry] = true;
    probability[one.entry] = std::min(1.0, plan.mean(*one.number, t));
    put.add(probability[one.entry]);
  }
  CompensatedSum others;
  for (std::size_t k = 0; k < probability.size(); ++k) {
    if (!is_put[k]) others.add(probability[k]);
  }
  CompensatedSum left;
  left.add(1);
  left.add(-put.value());
  const bool can_complete = row.completion < probability.size() && !is_put[row.completion];
  constexpr double rounding = limits::row_rounding;  // as the checks forgive
  if (left.value() <= rounding_shortfall || (left.value() <= rounding && !can_complete && others.value() <= 0)) {
    for (std::size_t k = 0; k < probability.size(); ++k)
      probability[k] = is_put[k] ? probability[k] / put.value() : 0.0;
  } else if (others.value() > 0) {
    for (std::size_t k = 0; k < probability.size(); ++k) {
      if (!is_put[k]) probability[k] *= left.value() / others.value();
    }
  } else if (can_complete) {
    probability[row.completion] = left.value();
  } else {
    refuse_put_row(plan, row, put.value(), t);
  }
  return probability;
}

/// The listed probabilities of a row in period t, completed; they sum to 1 up to rounding.
[[nodiscard]] inline std::vector<double> base_row(const CompilePlan& plan, const TypeNumbers& type, const RowPlan& row,
                                                  std::int64_t t) {
  std::vector<double> probability(row.entries.size(), 0.0);
  CompensatedSum sum;
  for (std::size_t k = 0; k < row.entries.size(); ++k) {
    if (!row.entries[k].transition) continue;
    if (const auto* number = std::get_if<Number>(type.probability[*row.entries[k].transition])) {
      probability[k] = std::min(1.0, plan.at(type, *number, t));
      sum.add(probability[k]);
    }
  }
  const double total = sum.value();
  const bool is_whole = row.is_whole || total > 1 || (!row.is_rest && std::abs(total - 1) <= rounding_shortfall);
  if (!is_whole) {
    sum.add(-1);
    probability[row.completion] -= sum.value();
  } else if (total != 1) {
    if (!(total > 0)) refuse_row_without_way(plan, row);
    probability = normalised(std::move(probability)).value();
  }
  return row.put.empty() ? probability : with_put(plan, row, std::move(probability), t);
}

[[nodiscard]] inline double calendar_odds(const CalendarEntry& entry, std::int64_t t) {
  const std::int64_t from = entry.from.value_or(0);
  if (t < from || (entry.until && t >= *entry.until)) return 1;
  return entry.odds[static_cast<std::size_t>(t - from) % entry.odds.size()];
}

/// The odds by which the market multiplies a transition in a regime; 1 where it leaves it alone.
[[nodiscard]] inline double market_odds(const CompilePlan& plan, const RowInfluence& influence, std::size_t regime) {
  const auto& effects = plan.market.effects[regime];
  const bool acts = std::find(effects.begin(), effects.end(), influence.market) != effects.end();
  return acts ? std::get<MarketMovesTransition>(influence.market->moves).odds : 1;
}

/// Whether a row's people have probabilities of their own in it.
[[nodiscard]] inline bool differs_in_row(const TypeNumbers& type, const RowPlan& row) {
  return std::any_of(row.entries.begin(), row.entries.end(), [&](const RowEntry& entry) {
    const auto* number = entry.transition ? std::get_if<Number>(type.probability[*entry.transition]) : nullptr;
    return number != nullptr && type.differs_in(*number);
  });
}

/// What a lever does to a row in period t, from the row of the mean. People whose own row is another have their odds
/// multiplied as those of the mean are.
[[nodiscard]] inline std::optional<Influence> influence_of_lever(const CompilePlan& plan, const RowInfluence& influence,
                                                                 const std::vector<double>& mean_row, bool own_row,
                                                                 std::int64_t t) {
  const double today = mean_row[influence.entry];
  const double limit = plan.mean(influence.effect->limit, t);
  const double moved_by = (limit - today) * plan.share(influence.lever, *influence.effect, t);
  if (moved_by == 0) return std::nullopt;
  const double rest = rest_of_row(mean_row, influence.entry);
  const ReachedAlone alone{std::clamp(today + moved_by, 0.0, 1.0), std::clamp(rest - moved_by, 0.0, 1.0)};
  const bool has_odds = today > 0 && today < 1 && alone.probability > 0 && alone.complement > 0;
  if (own_row && has_odds) return Influence{.entry = influence.entry, .odds = odds_multiplier(today, rest, alone)};
  return Influence{.entry = influence.entry, .alone = alone, .absolute = limit <= 0 || limit >= 1};
}

[[nodiscard]] inline std::vector<Influence> influences_at(const CompilePlan& plan, const TypeNumbers& type,
                                                          const RowPlan& row, const std::vector<double>& base,
                                                          std::int64_t t, std::size_t regime) {
  const bool own_row = differs_in_row(type, row);
  const std::vector<double> mean_row =
      own_row ? base_row(plan, numbers_of_segment(plan.model, type.segment), row, t) : base;
  std::vector<Influence> acting;
  for (const RowInfluence& influence : row.influences) {
    if (influence.effect) {
      if (const auto of_lever = influence_of_lever(plan, influence, mean_row, own_row, t)) acting.push_back(*of_lever);
      continue;
    }
    const double odds =
        influence.calendar ? calendar_odds(*influence.calendar, t) : market_odds(plan, influence, regime);
    if (odds != 1) acting.push_back({.entry = influence.entry, .odds = odds});
  }
  return acting;
}

[[noreturn]] inline void refuse_conflict(const CompilePlan& plan, const RowPlan& row,
                                         const std::vector<Influence>& acting, const InfluencedRow& result,
                                         std::int64_t t) {
  const std::size_t entry = acting[result.influence].entry;
  std::string path = "calendar";
  for (const RowInfluence& influence : row.influences) {
    if (influence.entry != entry) continue;
    path = influence.calendar ? "calendar[" + std::to_string(influence.calendar_place + 1) + "]"
           : influence.market ? std::string{"environment.effect"}
                              : "lever[" + std::to_string(influence.lever + 1) + "].effect[" +
                                    std::to_string(influence.effect_place + 1) + "]";
    if (influence.effect) break;
  }
  const Transition& moved = plan.model.transitions()[row.entries[entry].transition.value()];
  const std::string what = "the transition " + in_quotes(moved.from) + " -> " + in_quotes(moved.to);
  const std::string when = " in period " + std::to_string(t);
  switch (result.conflict.value()) {
    case InfluenceConflict::certain:
      throw ModelError{{{"certain-transition",
                         path,
                         what + " is certain" + when + " and cannot be moved",
                         "give its row another way out, or move another transition",
                         {}}}};
    case InfluenceConflict::only_alone:
      throw ModelError{
          {{"only-alone",
            path,
            what + " starts from 0, or goes to a limit of 0 or 1, while something else moves its row" + when,
            "odds cannot express that: start above 0 and let the limit lie between 0 and 1, or let nothing else move "
            "the row",
            {}}}};
    case InfluenceConflict::nothing_left:
      break;
  }
  throw ModelError{{{"nothing-left",
                     path,
                     "the calendar leaves the row of " + in_quotes(moved.from) + " nowhere to go" + when,
                     "let one of its odds be above 0",
                     {}}}};
}

/// Whether a row is the same in every period before anything acts on it.
[[nodiscard]] inline bool is_steady(const TypeNumbers& type, const RowPlan& row) {
  if (std::any_of(row.put.begin(), row.put.end(),
                  [](const PutProbability& put) { return changes_with_time(*put.number); }))
    return false;
  return std::none_of(row.entries.begin(), row.entries.end(), [&](const RowEntry& entry) {
    const auto* number = entry.transition ? std::get_if<Number>(type.probability[*entry.transition]) : nullptr;
    return number != nullptr && changes_with_time(*number);
  });
}

/// A base row under what acts on it.
[[nodiscard]] inline std::vector<double> row_from(const CompilePlan& plan, const TypeNumbers& type, const RowPlan& row,
                                                  const std::vector<double>& base, std::int64_t t, std::size_t regime) {
  const std::vector<Influence> acting = influences_at(plan, type, row, base, t, regime);
  if (acting.empty()) return base;
  InfluencedRow moved = influenced(base, acting);
  if (moved.conflict) refuse_conflict(plan, row, acting, moved, t);
  return std::move(moved.probability);
}

/// The rows of the model's states in one segment.
[[nodiscard]] inline std::vector<RowPlan> row_plans(const CompilePlan& plan, std::uint32_t segment) {
  const Model& model = plan.model;
  std::vector<std::vector<std::size_t>> listed(model.states().size());
  for (std::size_t k = 0; k < model.transitions().size(); ++k) {
    listed[model.state_index(model.transitions()[k].from)].push_back(k);
  }
  std::vector<RowPlan> rows;
  rows.reserve(listed.size());
  const TypeNumbers of_segment = numbers_of_segment(model, segment);
  for (StateIndex i = 0; i < listed.size(); ++i) rows.push_back(row_plan(model, of_segment, i, listed[i]));
  const auto influence_on = [&](const std::string& from, const std::string& to, RowInfluence influence) {
    RowPlan& row = rows[model.state_index(from)];
    const auto successor = static_cast<StateIndex>(model.state_index(to));
    while (row.entries[influence.entry].successor != successor) ++influence.entry;
    row.influences.push_back(influence);
  };
  for_each_effect_taken(plan, [&](std::uint32_t of, std::size_t state, const ActionEffect& effect) {
    const auto* puts = std::get_if<PutsTransition>(&effect);
    if (of != segment || puts == nullptr || !puts->probability) return;
    RowPlan& row = rows[state];
    const auto successor = static_cast<StateIndex>(model.state_index(puts->to));
    std::size_t entry = 0;
    while (row.entries[entry].successor != successor) ++entry;
    row.put.push_back({entry, &*puts->probability});
  });
  const std::vector<CalendarEntry>& calendar = plan.draft().calendar;
  for (std::size_t k = 0; k < calendar.size(); ++k) {
    influence_on(calendar[k].from_state, calendar[k].to_state, {.calendar = &calendar[k], .calendar_place = k});
  }
  for_each_active_effect(plan, [&](std::size_t lever, std::size_t place, const LeverEffect& effect) {
    const auto* target = std::get_if<TransitionTarget>(&effect.target);
    if (target == nullptr || !plan.works_in(model.levers()[lever], segment)) return;
    influence_on(target->from, target->to, {.effect = &effect, .lever = lever, .effect_place = place});
  });
  for (const std::vector<const EnvironmentEffect*>& effects : plan.market.effects) {
    for (const EnvironmentEffect* effect : effects) {
      if (const auto* moves = std::get_if<MarketMovesTransition>(&effect->moves))
        influence_on(moves->from, moves->to, {.market = effect});
    }
  }
  return rows;
}

/// All that the rows of an epoch depend on, as far as it changes.
[[nodiscard]] inline std::vector<double> row_inputs(const CompilePlan& plan, std::int64_t t, std::size_t regime) {
  std::vector<double> inputs;
  for (const TypeNumbers* segment : plan.segments()) {
    for (const Probability* probability : segment->probability) {
      const auto* number = std::get_if<Number>(probability);
      if (number && changes_with_time(*number)) inputs.push_back(plan.mean(*number, t));
    }
  }
  for_each_number_of_actions(plan, [&](const Number& number) {
    if (changes_with_time(number)) inputs.push_back(plan.mean(number, t));
  });
  for (const CalendarEntry& entry : plan.draft().calendar) inputs.push_back(calendar_odds(entry, t));
  for_each_active_effect(plan, [&](std::size_t lever, std::size_t, const LeverEffect& effect) {
    if (!std::holds_alternative<TransitionTarget>(effect.target)) return;
    inputs.push_back(effective_spend_at(plan.effective[lever], t));
    if (changes_with_time(effect.limit)) inputs.push_back(plan.mean(effect.limit, t));
    if (changes_with_time(effect.half_spend)) inputs.push_back(plan.mean(effect.half_spend, t));
  });
  const bool is_moved = std::any_of(plan.market.effects.begin(), plan.market.effects.end(), [](const auto& effects) {
    return std::any_of(effects.begin(), effects.end(), [](const EnvironmentEffect* effect) {
      return std::holds_alternative<MarketMovesTransition>(effect->moves);
    });
  });
  if (is_moved) inputs.push_back(static_cast<double>(regime));
  return inputs;
}

struct CompiledRows {
  Pattern pattern{};
  Timeline<std::vector<double>> probability{};
  Timeline<std::vector<double>> cash_flow{};
  Timeline<std::vector<EventLaw>> events{};
};

/// One row of one kind.
struct TypeRow {
  std::size_t type = 0;
  const RowPlan* row = nullptr;
  std::vector<double> base{};  ///< where it is the same in every period; made once
};

[[nodiscard]] inline std::vector<TypeRow> rows_of_types(const CompilePlan& plan,
                                                        const std::vector<std::vector<RowPlan>>& by_segment) {
  std::vector<TypeRow> rows;
  for (std::size_t type = 0; type < plan.types.size(); ++type) {
    for (const RowPlan& row : by_segment[plan.types[type].segment]) {
      TypeRow& each = rows.emplace_back(TypeRow{type, &row});
      if (row.entries.size() == 1)
        each.base = {1.0};
      else if (is_steady(plan.types[type], row))
        each.base = base_row(plan, plan.types[type], row, 0);
    }
  }
  return rows;
}

/// An entry of the chain's rows: which kind's, and which of the model's transitions, if it is one of these.
struct ChainEntry {
  std::size_t type = 0;
  std::optional<std::size_t> transition{};
};

[[nodiscard]] inline std::size_t entries_of(const std::vector<TypeRow>& rows) {
  std::size_t entries = 0;
  for (const TypeRow& each : rows) entries += each.row->entries.size();
  return entries;
}

/// Marks the entries that are more than 0 at some time, or carry a name in the model.
[[nodiscard]] inline std::vector<bool> entries_in_use(const std::vector<TypeRow>& rows,
                                                      const std::vector<std::vector<double>>& distinct) {
  std::vector<bool> used;
  for (const TypeRow& each : rows) {
    for (const RowEntry& entry : each.row->entries) used.push_back(entry.transition.has_value());
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

[[nodiscard]] inline CompiledRows drop_unused(const CompilePlan& plan, const std::vector<TypeRow>& rows,
                                              const Timeline<std::vector<double>>& probability,
                                              std::vector<ChainEntry>& kept_entries) {
  const std::vector<bool> used = entries_in_use(rows, probability.distinct());
  CompiledRows compiled;
  std::size_t k = 0;
  for (const TypeRow& each : rows) {
    for (const RowEntry& entry : each.row->entries) {
      if (!used[k++]) continue;
      compiled.pattern.successor.push_back(plan.state(each.type, entry.successor));
      kept_entries.push_back({each.type, entry.transition});
    }
    compiled.pattern.first.push_back(static_cast<std::uint32_t>(compiled.pattern.successor.size()));
  }
  std::vector<std::vector<double>> distinct;
  for (const std::vector<double>& all : probability.distinct()) distinct.push_back(keep_used(all, used));
  compiled.probability =
      Timeline<std::vector<double>>{std::move(distinct), probability.course(), probability.repeats_from()};
  return compiled;
}

/// The transitions' cash flows that change with time, in period t.
[[nodiscard]] inline std::vector<double> changing_transition_cash_flows(const CompilePlan& plan, std::int64_t t) {
  std::vector<double> changing;
  for (const TypeNumbers* segment : plan.segments()) {
    for (const Number* number : segment->transition_cash_flow) {
      if (changes_with_time(*number)) changing.push_back(plan.mean(*number, t));
    }
  }
  return changing;
}

[[nodiscard]] inline Timeline<std::vector<double>> transition_cash_flows(const CompilePlan& plan,
                                                                         const std::vector<ChainEntry>& entries) {
  const auto inputs = [&](std::int64_t t, std::size_t) { return changing_transition_cash_flows(plan, t); };
  const auto make = [&](std::int64_t t, std::size_t) {
    std::vector<double> cash_flow;
    for (const ChainEntry& entry : entries) {
      const TypeNumbers& type = plan.types[entry.type];
      cash_flow.push_back(entry.transition ? plan.at(type, *type.transition_cash_flow[*entry.transition], t) : 0.0);
    }
    return cash_flow;
  };
  return make_timeline<std::vector<double>>(plan, entries.size() * sizeof(double), inputs, make);
}

/// How transitions' cash flows vary; empty where none does.
[[nodiscard]] inline Timeline<std::vector<EventLaw>> transition_events(const CompilePlan& plan,
                                                                       const std::vector<ChainEntry>& entries) {
  const auto varies = [&](const ChainEntry& entry) {
    return entry.transition && plan.types[entry.type].transition_cash_flow[*entry.transition]->varies.has_value();
  };
  if (std::none_of(entries.begin(), entries.end(), varies)) return {};
  const auto inputs = [&](std::int64_t t, std::size_t) { return changing_transition_cash_flows(plan, t); };
  const auto make = [&](std::int64_t t, std::size_t) {
    std::vector<EventLaw> events;
    for (const ChainEntry& entry : entries) {
      const TypeNumbers& type = plan.types[entry.type];
      events.push_back(varies(entry) ? event_law(plan, type, *type.transition_cash_flow[*entry.transition], t)
                                     : EventLaw{});
    }
    return events;
  };
  return make_timeline<std::vector<EventLaw>>(plan, entries.size() * sizeof(EventLaw), inputs, make);
}

[[nodiscard]] inline CompiledRows compile_rows(const CompilePlan& plan) {
  std::vector<std::vector<RowPlan>> by_segment;
  for (std::uint32_t segment = 0; segment < segments_of(plan.model); ++segment)
    by_segment.push_back(row_plans(plan, segment));
  const std::vector<TypeRow> rows = rows_of_types(plan, by_segment);
  const std::size_t entries = entries_of(rows);
  const auto make = [&](std::int64_t t, std::size_t regime) {
    std::vector<double> probability;
    probability.reserve(entries);
    for (const TypeRow& each : rows) {
      const TypeNumbers& type = plan.types[each.type];
      std::vector<double> moved;
      const std::vector<double>* row = &each.base;
      if (each.base.empty()) row = &(moved = base_row(plan, type, *each.row, t));
      if (each.row->entries.size() > 1 && !each.row->influences.empty())
        row = &(moved = row_from(plan, type, *each.row, *row, t, regime));
      probability.insert(probability.end(), row->begin(), row->end());
    }
    return probability;
  };
  const auto all = make_timeline<std::vector<double>>(
      plan, entries * sizeof(double), [&](std::int64_t t, std::size_t regime) { return row_inputs(plan, t, regime); },
      make);
  std::vector<ChainEntry> kept;
  CompiledRows compiled = drop_unused(plan, rows, all, kept);
  compiled.cash_flow = transition_cash_flows(plan, kept);
  compiled.events = transition_events(plan, kept);
  return compiled;
}

}  // namespace tenure::detail
