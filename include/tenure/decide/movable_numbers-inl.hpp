#pragma once
// The bodies of tenure/decide/movable_numbers.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/chain/compile.hpp"
#include "tenure/chain/detail/compile/types.hpp"
#include "tenure/decide/equity_gradient.hpp"
#include "tenure/decide/movable_numbers.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/model_numbers.hpp"
#include "tenure/quantity/detail/hazard.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure {

namespace detail {

[[nodiscard]] inline MovableNumber movable_arrivals(const Model& model, std::size_t item) {
  const Arrivals& arrivals = model.arrivals()[item];
  std::string name = "arrivals " + arrivals.name;
  std::size_t earlier = 0;
  for (std::size_t k = 0; k < item; ++k) {
    if (model.arrivals()[k].name == arrivals.name) ++earlier;
  }
  if (earlier > 0) name += " (" + std::to_string(earlier + 1) + ")";
  MovableNumber number{name, 1, Quantity::rate, ArrivalsPlace{item}, {}, 0};
  if (const auto* once = std::get_if<ArriveOnce>(&arrivals.flow)) number.value = once->count;
  if (const auto* steady = std::get_if<ArriveSteadily>(&arrivals.flow)) number.value = steady->per_period;
  if (std::holds_alternative<ArriveBySchedule>(arrivals.flow)) number.name += ", multiple of its schedule";
  return number;
}

}  // namespace detail

TENURE_INLINE std::vector<MovableNumber> movable_numbers(const Model& model, const Spending& spending) {
  std::vector<MovableNumber> numbers;
  for (ModelNumber& number : numbers_of(model.draft())) {
    numbers.push_back({std::move(number.name), value_of(number.number), number.quantity, number.place,
                       number.number.uncertain, mean_of_law(number.number)});
  }
  for (std::size_t k = 0; k < model.arrivals().size(); ++k) numbers.push_back(detail::movable_arrivals(model, k));
  for (std::size_t l = 0; l < model.levers().size(); ++l) {
    if (spending[l] > 0)
      numbers.push_back({"spend on " + model.levers()[l].name, spending[l], Quantity::spend, SpendPlace{l}, {}, 0});
  }
  for (std::size_t i = 0; i < model.states().size(); ++i) {
    if (model.states()[i].dwell)
      numbers.push_back(
          {"dwell " + model.states()[i].name + ", hazard multiple", 1, Quantity::rate, DwellPlace{i}, {}, 0});
  }
  return numbers;
}

namespace detail {

/// Periods in which the numbers of a model may still change, as far as they are looked at.
[[nodiscard]] inline std::int64_t periods_looked_at(const Model& model) {
  std::int64_t periods = 1;
  for (const ModelNumber& number : numbers_of(model.draft())) {
    periods = std::max(periods, static_cast<std::int64_t>(number.number.schedule.size()));
    if (grows(number.number)) periods = std::max<std::int64_t>(periods, model.horizon().value_or(1));
  }
  return std::min<std::int64_t>(periods, 4096);
}

/// The listed probabilities of one row, as some segment has them.
struct SegmentRow {
  std::vector<std::size_t> transitions{};  ///< places in the model
  std::vector<const Number*> numbers{};
  bool has_rest = false;
};

[[nodiscard]] inline SegmentRow row_in_segment(const Model& model, const TypeNumbers& segment,
                                               const std::string& from) {
  SegmentRow row;
  for (std::size_t k = 0; k < model.transitions().size(); ++k) {
    if (model.transitions()[k].from != from) continue;
    const auto* number = std::get_if<Number>(segment.probability[k]);
    if (number == nullptr) {
      row.has_rest = true;
      continue;
    }
    row.transitions.push_back(k);
    row.numbers.push_back(number);
  }
  return row;
}

[[nodiscard]] inline double listed_sum(const Model& model, const SegmentRow& row, std::int64_t t) {
  CompensatedSum sum;
  for (const Number* number : row.numbers) sum.add(mean_at(*number, t, model.period()));
  return sum.value();
}

[[nodiscard]] inline bool is_full_row(const Model& model, const SegmentRow& row) {
  if (row.has_rest || !(std::abs(listed_sum(model, row, 0) - 1) <= 1e-9)) return false;
  return std::none_of(row.numbers.begin(), row.numbers.end(), [](const Number* n) { return changes_with_time(*n); });
}

/// From which state a probability leads.
[[nodiscard]] inline std::string row_of(const ModelDraft& draft, const NumberPlace& place) {
  if (place.what == NumberOf::transition_probability) return draft.transitions[place.item].from;
  return draft.segments[place.item].transitions[place.part].from;
}

/// Up to which value a probability can rise while its rows sum to at most 1; 1 in full rows.
[[nodiscard]] inline double highest_probability(const Model& model, const NumberPlace& place) {
  const Number* moved = &number_at(model.draft(), place);
  const std::int64_t periods = periods_looked_at(model);
  double room = 1 - value_of(*moved);
  for (std::uint32_t s = 0; s < segments_of(model); ++s) {
    const TypeNumbers segment = numbers_of_segment(model, s);
    const SegmentRow row = row_in_segment(model, segment, row_of(model.draft(), place));
    if (std::find(row.numbers.begin(), row.numbers.end(), moved) == row.numbers.end() || is_full_row(model, row))
      continue;
    for (std::int64_t t = 0; t < periods; ++t) room = std::min(room, std::max(0.0, 1 - listed_sum(model, row, t)));
  }
  return value_of(*moved) + room;
}

/// Writes into a segment, or into the model where it has none, a probability of its own of one transition.
inline void set_own_probability(ModelDraft& draft, std::uint32_t segment, std::size_t transition,
                                const Number& number) {
  if (draft.segments.empty()) {
    draft.transitions[transition].probability = number;
    return;
  }
  const Transition& moved = draft.transitions[transition];
  std::vector<SegmentTransition>& own = draft.segments[segment].transitions;
  const auto found = std::find_if(own.begin(), own.end(), [&](const SegmentTransition& replaced) {
    return replaced.from == moved.from && replaced.to == moved.to;
  });
  if (found == own.end())
    own.push_back({moved.from, moved.to, number, {}});
  else
    found->probability = number;
}

/// The draft with another probability, from which other outcomes of full rows give way in proportion.
[[nodiscard]] inline ModelDraft with_probability(const Model& model, const NumberPlace& place, double value) {
  const Number* moved = &number_at(model.draft(), place);
  ModelDraft draft = model.draft();
  const double before = value_of(*moved);
  for (std::uint32_t s = 0; s < segments_of(model); ++s) {
    const TypeNumbers segment = numbers_of_segment(model, s);
    const SegmentRow row = row_in_segment(model, segment, row_of(model.draft(), place));
    const bool has_it = std::find(row.numbers.begin(), row.numbers.end(), moved) != row.numbers.end();
    if (!has_it || !is_full_row(model, row) || !(before < 1)) continue;
    for (std::size_t k = 0; k < row.numbers.size(); ++k) {
      Number own = *row.numbers[k];
      const bool is_moved = row.numbers[k] == moved;
      set_value(own, is_moved ? value : value_of(own) * ((1 - value) / (1 - before)));
      set_own_probability(draft, s, row.transitions[k], own);
    }
  }
  return with_value(std::move(draft), place, value);
}

[[nodiscard]] inline ModelDraft with_arrivals(ModelDraft draft, std::size_t item, double value) {
  ArrivalFlow& flow = draft.arrivals[item].flow;
  if (auto* once = std::get_if<ArriveOnce>(&flow)) once->count = value;
  if (auto* steady = std::get_if<ArriveSteadily>(&flow)) steady->per_period = value;
  if (auto* listed = std::get_if<ArriveBySchedule>(&flow)) {
    for (double& people : listed->schedule) people *= value;
  }
  return draft;
}

/// The chain in which a state's leaving hazards are raised as by a lever.
[[nodiscard]] inline Chain with_hazard_multiple(Chain chain, std::size_t state, double multiple) {
  std::vector<std::vector<double>> distinct = chain.dwells.hazard.distinct();
  for (std::vector<double>& hazard : distinct) {
    for (std::size_t i = state; i < chain.states(); i += chain.states_of_a_type()) {
      for (std::size_t place = chain.dwells.first_place[i]; place < chain.dwells.first_place[i + 1]; ++place)
        hazard[place] = hazard_times(hazard[place], multiple);
    }
  }
  chain.dwells.hazard = {std::move(distinct), chain.dwells.hazard.course(), chain.dwells.hazard.repeats_from()};
  return chain;
}

[[nodiscard]] inline double worth_of(const Chain& chain, const ValuedPerson& person, const Interrupted& interrupted) {
  return exact_value(valued_chain(chain, person), {.trace = false, .interrupted = interrupted})
      .business->customer_equity;
}

}  // namespace detail

TENURE_INLINE AdmissibleRange admissible_range(const Model& model, const MovableNumber& number) {
  AdmissibleRange range;
  if (number.quantity == Quantity::cash_flow) return range;
  range.low = 0;
  if (number.quantity != Quantity::probability) return range;
  const auto& place = std::get<NumberPlace>(number.place);
  range.high = is_probability(place) ? detail::highest_probability(model, place) : 1;
  return range;
}

TENURE_INLINE std::optional<double> value_with(const Model& model, const SpentScenario& scenario,
                                               const MovableNumber& number, double value, const ValuedPerson& person,
                                               bool moves_spend) {
  const auto compiled = [&](const Model& moved, const Spending& spending) {
    return compile_in_pieces(moved, spending, one_piece, scenario.points, scenario.interrupted);
  };
  const auto worth_of = [&](const Chain& chain) { return detail::worth_of(chain, person, scenario.interrupted); };
  try {
    if (const auto* spend = std::get_if<SpendPlace>(&number.place)) {
      Spending spending = scenario.spending;
      if (moves_spend) spending[spend->lever] = value;
      return worth_of(compiled(model, spending));
    }
    if (const auto* dwell = std::get_if<DwellPlace>(&number.place)) {
      return worth_of(detail::with_hazard_multiple(compiled(model, scenario.spending), dwell->state, value));
    }
    const auto moved = [&] {
      if (const auto* arrivals = std::get_if<ArrivalsPlace>(&number.place))
        return detail::with_arrivals(model.draft(), arrivals->item, value);
      const auto& place = std::get<NumberPlace>(number.place);
      return is_probability(place) ? detail::with_probability(model, place, value)
                                   : with_value(model.draft(), place, value);
    };
    return worth_of(compiled(Model{moved()}, scenario.spending));
  } catch (const ModelError&) {
    return std::nullopt;
  } catch (const DivergentError&) {
    return std::nullopt;
  }
}

TENURE_INLINE std::optional<double> slope_by(const EquityGradient& gradient, const MovableNumber& number,
                                             std::size_t place_in_model) {
  if (const auto* arrivals = std::get_if<ArrivalsPlace>(&number.place)) return gradient.by_arrivals[arrivals->item];
  if (const auto* spend = std::get_if<SpendPlace>(&number.place)) return gradient.by_spend[spend->lever];
  if (const auto* dwell = std::get_if<DwellPlace>(&number.place)) return gradient.by_dwell[dwell->state];
  return gradient.by_number[place_in_model];
}

}  // namespace tenure
