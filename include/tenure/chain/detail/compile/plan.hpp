#pragma once
// What compiling one scenario needs to know of time: for how many periods things change, from when on they repeat, and
// how strongly each lever works in each period.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/actions_taken.hpp"
#include "tenure/chain/chain.hpp"
#include "tenure/chain/compile_memory.hpp"
#include "tenure/chain/detail/compile/market.hpp"
#include "tenure/chain/detail/compile/types.hpp"
#include "tenure/chain/spending.hpp"
#include "tenure/chain/timeline.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/detail/memory.hpp"
#include "tenure/quantity/interruption.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

struct CompilePlan {
  const Model& model;
  Spending spending;  ///< by lever, and by piece where there are several
  std::vector<TypeNumbers> types{};
  CompiledMarket market{};
  std::vector<std::vector<double>> effective{};  ///< by lever, its course of effective spend
  SpendPieces pieces = one_piece;
  /// By lever and piece, what a unit of its level makes of the effective spend; empty where there is one piece only.
  std::vector<std::vector<double>> effective_of_unit{};
  std::int64_t length = 1;  ///< periods that are listed one by one
  std::int64_t repeats_from = 0;
  ActionsTaken taken{};
  CompileMemory* memory = nullptr;  ///< of an earlier time with other numbers, or for a later one
  Interrupted interrupted{};

  [[nodiscard]] const ModelDraft& draft() const { return model.draft(); }
  /// The levels of a lever, piece by piece.
  [[nodiscard]] std::vector<double> levels_of(std::size_t lever) const {
    const auto first = spending.begin() + static_cast<std::ptrdiff_t>(lever * pieces.size());
    return {first, first + static_cast<std::ptrdiff_t>(pieces.size())};
  }
  [[nodiscard]] bool is_active(std::size_t lever) const {
    const std::vector<double> levels = levels_of(lever);
    return std::any_of(levels.begin(), levels.end(), [](double level) { return level > 0; });
  }
  [[nodiscard]] std::size_t regimes() const { return market.market.regimes(); }
  /// The place of a state of one kind among all states.
  [[nodiscard]] StateIndex state(std::size_t type, std::size_t of_model) const {
    return static_cast<StateIndex>(type * model.states().size() + of_model);
  }
  /// The first kind of each segment: what changes with time, changes alike for all kinds of a segment.
  [[nodiscard]] std::vector<const TypeNumbers*> segments() const {
    std::vector<const TypeNumbers*> first;
    for (const TypeNumbers& type : types) {
      if (type.segment == first.size()) first.push_back(&type);
    }
    return first;
  }
  [[nodiscard]] bool works_in(const Lever& lever, std::uint32_t segment) const {
    if (lever.segments.empty()) return true;
    const std::string& name = draft().segments[segment].name;
    return std::find(lever.segments.begin(), lever.segments.end(), name) != lever.segments.end();
  }
  /// The action taken in a state of a segment; none where nothing is done.
  [[nodiscard]] const Action* action_in(std::uint32_t segment, std::size_t state) const {
    if (taken.empty()) return nullptr;
    const std::optional<std::size_t> action = taken[segment * model.states().size() + state];
    return action ? &model.actions()[*action] : nullptr;
  }
  [[nodiscard]] double at(const TypeNumbers& type, const Number& number, std::int64_t t) const {
    return type.at(number, t, model.period());
  }
  [[nodiscard]] double mean(const Number& number, std::int64_t t) const { return mean_at(number, t, model.period()); }

  /// How far an effect of a lever goes in period t, as a share of the way from today's value to the limit.
  [[nodiscard]] double share(std::size_t lever, const LeverEffect& effect, std::int64_t t) const {
    return share_of_the_way(effect.curve, effective_spend_at(effective[lever], t), mean(effect.half_spend, t));
  }
  /// The slope of that share by the effective spend.
  [[nodiscard]] double slope_of_share(std::size_t lever, const LeverEffect& effect, std::int64_t t) const {
    return slope_of_the_way(effect.curve, effective_spend_at(effective[lever], t), mean(effect.half_spend, t));
  }
  /// Where an effect of a lever takes a value in period t: today + (limit - today)·share.
  [[nodiscard]] double moved(double today, std::size_t lever, const LeverEffect& effect, std::int64_t t) const {
    return today + (mean(effect.limit, t) - today) * share(lever, effect, t);
  }
};

/// Whether a kind is the first of its segment.
[[nodiscard]] inline bool is_first_of_segment(const CompilePlan& plan, const TypeNumbers& type) {
  return &type == &plan.types.front() || (&type - 1)->segment != type.segment;
}

/// Visits every effect of every lever that is spent on, as visit(lever index, effect index, effect).
template <class Visit>
void for_each_active_effect(const CompilePlan& plan, Visit visit) {
  const std::vector<Lever>& levers = plan.model.levers();
  for (std::size_t l = 0; l < levers.size(); ++l) {
    if (!plan.is_active(l)) continue;
    for (std::size_t e = 0; e < levers[l].effects.size(); ++e) visit(l, e, levers[l].effects[e]);
  }
}

/// Visits every effect of the actions taken, as visit(segment, state, effect).
template <class Visit>
void for_each_effect_taken(const CompilePlan& plan, Visit visit) {
  if (plan.taken.empty()) return;
  for (std::uint32_t segment = 0; segment < segments_of(plan.model); ++segment) {
    for (std::size_t state = 0; state < plan.model.states().size(); ++state) {
      const Action* action = plan.action_in(segment, state);
      if (action == nullptr) continue;
      for (const ActionEffect& effect : action->effects) {
        if (state_of(effect) == plan.model.states()[state].name) visit(segment, state, effect);
      }
    }
  }
}

/// Puts what the actions taken say in the place of the numbers of the model and its segments. Probabilities are put
/// where rows are made.
inline void put_numbers_of_actions(CompilePlan& plan) {
  const Model& model = plan.model;
  for_each_effect_taken(plan, [&](std::uint32_t segment, std::size_t state, const ActionEffect& effect) {
    for (TypeNumbers& type : plan.types) {
      if (type.segment != segment) continue;
      if (const auto* cash = std::get_if<PutsCashFlow>(&effect)) type.cash_flow[state] = &cash->cash_flow;
      if (const auto* row = std::get_if<PutsTransition>(&effect); row && row->cash_flow) {
        for (std::size_t k = 0; k < model.transitions().size(); ++k) {
          const Transition& transition = model.transitions()[k];
          const bool is_it = transition.from == row->from && transition.to == row->to;
          if (is_it) type.transition_cash_flow[k] = &*row->cash_flow;
        }
      }
      if (const auto* referred = std::get_if<PutsReferral>(&effect)) {
        for (std::size_t k = 0; k < model.referrals().size(); ++k) {
          const Referral& referral = model.referrals()[k];
          if (referral.from == referred->from && referral.to == referred->to)
            type.referral_rate[k] = &referred->per_period;
        }
      }
    }
  });
}

/// Visits every number of the actions taken that is not put in the place of another: probabilities, factors, costs.
template <class Visit>
void for_each_number_of_actions(const CompilePlan& plan, Visit visit) {
  for_each_effect_taken(plan, [&](std::uint32_t, std::size_t, const ActionEffect& effect) {
    if (const auto* row = std::get_if<PutsTransition>(&effect); row && row->probability) visit(*row->probability);
    if (const auto* dwell = std::get_if<PutsDwell>(&effect)) visit(dwell->factor);
  });
  for (const std::optional<std::size_t>& action : plan.taken) {
    if (action) visit(plan.model.actions()[*action].cost);
  }
}

/// Visits every number that a scenario's chain depends on.
template <class Visit>
void for_each_number(const CompilePlan& plan, Visit visit) {
  for (const TypeNumbers* segment : plan.segments()) {
    for (const Number* number : segment->cash_flow) visit(*number);
    for (const Probability* probability : segment->probability) {
      if (const auto* number = std::get_if<Number>(probability)) visit(*number);
    }
    for (const Number* number : segment->transition_cash_flow) visit(*number);
    for (const Number* number : segment->referral_rate) visit(*number);
  }
  for_each_active_effect(plan, [&](std::size_t, std::size_t, const LeverEffect& effect) {
    visit(effect.limit);
    visit(effect.half_spend);
  });
  for_each_number_of_actions(plan, visit);
}

/// The first period from which on nothing but seasons changes; no value if something grows for ever.
[[nodiscard]] inline std::optional<std::int64_t> settling_period(const CompilePlan& plan) {
  std::optional<std::int64_t> settled = 0;
  const auto wait_for = [&](std::optional<std::int64_t> period) {
    settled = settled && period ? std::optional{std::max(*settled, *period)} : std::nullopt;
  };
  for_each_number(plan, [&](const Number& number) { wait_for(settles_at(number)); });
  for (const CalendarEntry& entry : plan.draft().calendar) wait_for(entry.until.value_or(entry.from.value_or(0)));
  for (const std::vector<double>& course : plan.effective) wait_for(static_cast<std::int64_t>(course.size()) - 1);
  for (std::size_t l = 0; l < plan.model.levers().size(); ++l) {
    const Lever& lever = plan.model.levers()[l];
    if (plan.is_active(l)) wait_for(std::max(lever.until.value_or(lever.from), plan.pieces.back()));
  }
  return settled;
}

[[nodiscard]] inline std::int64_t season_length(const CompilePlan& plan) {
  std::int64_t cycle = 1;
  for (const CalendarEntry& entry : plan.draft().calendar) {
    if (!entry.until) cycle = std::lcm(cycle, static_cast<std::int64_t>(entry.odds.size()));
    if (cycle > limits::settling_periods) {
      throw LimitError{{{"season",
                         "calendar",
                         "the seasons together repeat only after " + std::to_string(cycle) + " periods",
                         "let the lengths of the odds lists have common factors",
                         {}}}};
    }
  }
  return cycle;
}

/// For each lever and piece its effective spend where it is spent on at level 1 there, and at 0 in all other pieces.
[[nodiscard]] inline std::vector<std::vector<double>> effective_of_units(const Model& model, const SpendPieces& pieces,
                                                                         std::int64_t most) {
  std::vector<std::vector<double>> courses;
  if (pieces.size() == 1) return courses;
  for (const Lever& lever : model.levers()) {
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      std::vector<double> unit(pieces.size(), 0.0);
      unit[k] = 1;
      courses.push_back(effective_spend(lever, unit, pieces, most));
    }
  }
  return courses;
}

/// What is otherwise than usual.
struct PlanContext {
  ActionsTaken taken{};
  SpendPieces pieces = one_piece;
  CompileMemory* memory = nullptr;
  Interrupted interrupted{};
};

/// A level for each lever and piece; none at all mean that nothing is spent.
[[nodiscard]] inline Spending all_levels(const Model& model, Spending spending, const SpendPieces& pieces) {
  const std::size_t wanted = model.levers().size() * pieces.size();
  if (spending.empty()) spending.assign(wanted, 0.0);
  if (spending.size() == wanted) return spending;
  throw ModelError{{{"spending",
                     "",
                     "there are " + std::to_string(spending.size()) + " spend levels where " + std::to_string(wanted) +
                         " are wanted",
                     "give one for each lever, and each piece of time if there are several, in the model's order",
                     {}}}};
}

[[nodiscard]] inline CompilePlan make_plan(const Model& model, Spending spending, const TypesPlan& types,
                                           const PlanContext& context = {}) {
  CompilePlan plan{model, all_levels(model, std::move(spending), context.pieces), types_of(model, types),
                   compile_market(model)};
  plan.taken = context.taken;
  put_numbers_of_actions(plan);
  const SpendPieces& pieces = context.pieces;
  plan.pieces = pieces;
  plan.memory = context.memory;
  plan.interrupted = context.interrupted;
  const std::int64_t most = model.horizon() ? std::max<std::int64_t>(1, *model.horizon()) : limits::settling_periods;
  for (std::size_t l = 0; l < model.levers().size(); ++l) {
    plan.effective.push_back(effective_spend(model.levers()[l], plan.levels_of(l), pieces, most));
  }
  plan.effective_of_unit = effective_of_units(model, pieces, most);
  const std::optional<std::int64_t> settled = settling_period(plan);
  if (!model.horizon() && (!settled || *settled >= limits::settling_periods)) {
    throw LimitError{{{"unsettled",
                       "model.horizon",
                       "with an infinite horizon, numbers must stop changing at some time",
                       "give a finite horizon, or a schedule instead of growth",
                       {}}}};
  }
  const std::int64_t cycle = season_length(plan);
  plan.length = settled ? std::min(most, *settled + cycle) : most;
  plan.repeats_from = settled && plan.length == *settled + cycle ? *settled : plan.length - 1;
  return plan;
}

/// A timeline whose course is known from an earlier time.
template <class T, class Make>
[[nodiscard]] Timeline<T> remembered_timeline(const CompilePlan& plan, const Make& make) {
  const CompileMemory::Course& course = plan.memory->courses[plan.memory->next_course++];
  const auto regimes = static_cast<std::int64_t>(plan.regimes());
  std::vector<T> distinct;
  distinct.reserve(course.first.size());
  for (const std::int64_t epoch : course.first) {
    heed(plan.interrupted);
    distinct.push_back(make(epoch / regimes, static_cast<std::size_t>(epoch % regimes)));
  }
  return Timeline<T>{std::move(distinct), course.places, static_cast<std::size_t>(plan.repeats_from) * plan.regimes()};
}

/// What a period owes to each piece of each lever. Periods that owe the same level to different pieces are not alike:
/// the slope of one belongs to its own piece.
inline void append_pieces_at(const CompilePlan& plan, std::int64_t t, std::vector<double>& inputs) {
  for (const std::vector<double>& course : plan.effective_of_unit) inputs.push_back(effective_spend_at(course, t));
}

/// A timeline over a plan's moments: `inputs(t, regime)` are all the numbers that its entry depends on, `make(t,
/// regime)` makes it. Moments with equal inputs share one entry.
template <class T>
[[nodiscard]] Timeline<T> make_timeline(const CompilePlan& plan, std::size_t bytes_each,
                                        const std::function<std::vector<double>(std::int64_t, std::size_t)>& inputs,
                                        const std::function<T(std::int64_t, std::size_t)>& make) {
  if (plan.memory != nullptr && plan.memory->next_course < plan.memory->courses.size())
    return remembered_timeline<T>(plan, make);
  std::vector<T> distinct;
  std::vector<std::uint32_t> course;
  std::vector<std::int64_t> first;
  std::map<std::vector<double>, std::uint32_t> known;
  for (std::int64_t t = 0; t < plan.length; ++t) {
    for (std::size_t regime = 0; regime < plan.regimes(); ++regime) {
      heed(plan.interrupted);
      std::vector<double> of_epoch = inputs(t, regime);
      append_pieces_at(plan, t, of_epoch);
      const auto [entry, is_new] = known.emplace(std::move(of_epoch), static_cast<std::uint32_t>(distinct.size()));
      if (is_new) {
        refuse_beyond_memory(static_cast<double>(distinct.size() + 1) * static_cast<double>(bytes_each),
                             "the periods of this model, all different,", "",
                             "shorten the horizon, or let fewer numbers change with time");
        distinct.push_back(make(t, regime));
        first.push_back(t * static_cast<std::int64_t>(plan.regimes()) + static_cast<std::int64_t>(regime));
      }
      course.push_back(entry->second);
    }
  }
  if (plan.memory != nullptr) {
    plan.memory->courses.push_back({course, std::move(first)});
    plan.memory->next_course = plan.memory->courses.size();
  }
  return Timeline<T>{std::move(distinct), std::move(course),
                     static_cast<std::size_t>(plan.repeats_from) * plan.regimes()};
}

/// The law of a varying cash flow in period t: its spread is in proportion to the mean.
[[nodiscard]] inline EventLaw event_law(const CompilePlan& plan, const TypeNumbers& type, const Number& number,
                                        std::int64_t t) {
  const double sd = standard_deviation(*number.varies, mean_of_law(number));
  return {number.varies->kind, plan.at(type, number, t), sd * spread_factor_at(number, t, plan.model.period())};
}

}  // namespace tenure::detail
