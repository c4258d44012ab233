#pragma once
// The bodies of tenure/model/model_numbers.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tenure/model/draft.hpp"
#include "tenure/model/model_numbers.hpp"
#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/number.hpp"

namespace tenure {

namespace detail {

[[nodiscard]] inline std::string from_to(const std::string& from, const std::string& to) { return from + " -> " + to; }

TENURE_INLINE std::string target_in_words(const EffectTarget& target) {
  struct Words {
    std::string operator()(const TransitionTarget& moved) const {
      return "transition " + from_to(moved.from, moved.to);
    }
    std::string operator()(const CashFlowTarget& moved) const { return "state " + moved.state; }
    std::string operator()(const ReferralTarget& moved) const { return "referral " + from_to(moved.from, moved.to); }
    std::string operator()(const ArrivalsTarget& moved) const { return "arrivals " + moved.name; }
    std::string operator()(const DwellTarget& moved) const { return "dwell " + moved.state; }
  };
  return std::visit(Words{}, target);
}

TENURE_INLINE Quantity quantity_moved(const EffectTarget& target) {
  if (std::holds_alternative<TransitionTarget>(target)) return Quantity::probability;
  return std::holds_alternative<CashFlowTarget>(target) ? Quantity::cash_flow : Quantity::rate;
}

inline void list_own_numbers(const ModelDraft& draft, std::vector<ModelNumber>& numbers) {
  for (std::size_t k = 0; k < draft.transitions.size(); ++k) {
    const Transition& transition = draft.transitions[k];
    const std::string name = "transition " + from_to(transition.from, transition.to);
    if (const auto* probability = std::get_if<Number>(&transition.probability)) {
      numbers.push_back({{NumberOf::transition_probability, k, 0}, name, Quantity::probability, *probability});
    }
    numbers.push_back(
        {{NumberOf::transition_cash_flow, k, 0}, name + ", cash_flow", Quantity::cash_flow, transition.cash_flow});
  }
  for (std::size_t k = 0; k < draft.states.size(); ++k) {
    numbers.push_back({{NumberOf::state_cash_flow, k, 0},
                       "state " + draft.states[k].name + ", cash_flow",
                       Quantity::cash_flow,
                       draft.states[k].cash_flow});
  }
  for (std::size_t k = 0; k < draft.referrals.size(); ++k) {
    const Referral& referral = draft.referrals[k];
    numbers.push_back({{NumberOf::referral_rate, k, 0},
                       "referral " + from_to(referral.from, referral.to),
                       Quantity::rate,
                       referral.per_period});
  }
}

inline void list_numbers_of_segment(const ModelDraft& draft, std::size_t item, std::vector<ModelNumber>& numbers) {
  const Segment& segment = draft.segments[item];
  for (std::size_t part = 0; part < segment.transitions.size(); ++part) {
    const SegmentTransition& own = segment.transitions[part];
    const std::string name = "segment " + segment.name + ", transition " + from_to(own.from, own.to);
    const auto* probability = own.probability ? std::get_if<Number>(&*own.probability) : nullptr;
    if (probability != nullptr) {
      numbers.push_back({{NumberOf::segment_probability, item, part}, name, Quantity::probability, *probability});
    }
    if (!own.cash_flow) continue;
    numbers.push_back({{NumberOf::segment_transition_cash_flow, item, part},
                       name + ", cash_flow",
                       Quantity::cash_flow,
                       *own.cash_flow});
  }
  for (std::size_t part = 0; part < segment.states.size(); ++part) {
    const SegmentState& own = segment.states[part];
    if (!own.cash_flow) continue;
    numbers.push_back({{NumberOf::segment_state_cash_flow, item, part},
                       "segment " + segment.name + ", state " + own.name + ", cash_flow",
                       Quantity::cash_flow,
                       *own.cash_flow});
  }
}

inline void list_numbers_of_lever(const ModelDraft& draft, std::size_t item, std::vector<ModelNumber>& numbers) {
  const Lever& lever = draft.levers[item];
  for (std::size_t part = 0; part < lever.effects.size(); ++part) {
    const LeverEffect& effect = lever.effects[part];
    const std::string name = "lever " + lever.name + ", " + target_in_words(effect.target);
    numbers.push_back(
        {{NumberOf::effect_limit, item, part}, name + ", limit", quantity_moved(effect.target), effect.limit});
    if (effect.curve.shape == ResponseShape::table) continue;
    numbers.push_back(
        {{NumberOf::effect_half_spend, item, part}, name + ", half_spend", Quantity::spend, effect.half_spend});
  }
}

/// A spread that says where its mean is becomes one that does not.
inline void free_mean(std::optional<Distribution>& distribution, double mean) {
  if (distribution) distribution->spread = StandardDeviation{standard_deviation(*distribution, mean)};
}

/// Where people differ around a drawn mean they do so by the same standard deviation, as far as a law has both.
inline void follow_mean(Number& number, double before, Quantity quantity) {
  if (number.differs && !std::holds_alternative<SampleCount>(number.differs->spread)) {
    const double most = with_law(number.differs->kind, [&](auto law) { return law.most_sd(number.mean, quantity); });
    number.differs->spread = StandardDeviation{std::min(standard_deviation(*number.differs, before), 0.99 * most)};
  }
  if (number.varies) number.varies->spread = StandardDeviation{standard_deviation(*number.varies, before)};
}

[[nodiscard]] constexpr bool is_probability(NumberOf what) {
  return what == NumberOf::transition_probability || what == NumberOf::segment_probability;
}

}  // namespace detail

TENURE_INLINE void put_drawn(ModelDraft& draft, const NumberPlace& place, double value) {
  Number& number = detail::number_in(draft, place);
  const double before = mean_of_law(number);
  for (double& of_period : number.schedule) {
    of_period = before != 0 ? of_period * (value / before) : of_period + value;
    if (detail::is_probability(place.what)) of_period = std::clamp(of_period, 0.0, 1.0);
  }
  number.mean = value;
  const Quantity quantity = detail::is_probability(place.what)      ? Quantity::probability
                            : place.what == NumberOf::referral_rate ? Quantity::rate
                                                                    : Quantity::cash_flow;
  detail::follow_mean(number, before, quantity);
}

TENURE_INLINE std::vector<ModelNumber> numbers_of(const ModelDraft& draft) {
  std::vector<ModelNumber> numbers;
  detail::list_own_numbers(draft, numbers);
  for (std::size_t k = 0; k < draft.segments.size(); ++k) detail::list_numbers_of_segment(draft, k, numbers);
  for (std::size_t k = 0; k < draft.levers.size(); ++k) detail::list_numbers_of_lever(draft, k, numbers);
  return numbers;
}

TENURE_INLINE std::string key_of(const NumberPlace& place) {
  const auto entry = [](const char* list, std::size_t k) { return list + ("[" + std::to_string(k + 1) + "]"); };
  const std::string segment = entry("segment", place.item) + ".";
  const std::string effect = entry("lever", place.item) + "." + entry("effect", place.part);
  switch (place.what) {
    case NumberOf::transition_cash_flow:
      return entry("transition", place.item) + ".cash_flow";
    case NumberOf::state_cash_flow:
      return entry("state", place.item) + ".cash_flow";
    case NumberOf::referral_rate:
      return entry("referral", place.item) + ".per_period";
    case NumberOf::segment_probability:
      return segment + entry("transition", place.part) + ".probability";
    case NumberOf::segment_transition_cash_flow:
      return segment + entry("transition", place.part) + ".cash_flow";
    case NumberOf::segment_state_cash_flow:
      return segment + entry("state", place.part) + ".cash_flow";
    case NumberOf::effect_limit:
      return effect + ".limit";
    case NumberOf::effect_half_spend:
      return effect + ".half_spend";
    case NumberOf::transition_probability:
      break;
  }
  return entry("transition", place.item) + ".probability";
}

TENURE_INLINE std::vector<ModelNumber> uncertain_numbers_of(const ModelDraft& draft) {
  std::vector<ModelNumber> numbers = numbers_of(draft);
  std::erase_if(numbers, [](const ModelNumber& one) {
    return !one.number.uncertain || standard_deviation(*one.number.uncertain, mean_of_law(one.number)) == 0;
  });
  return numbers;
}

TENURE_INLINE const Number& number_at(const ModelDraft& draft, const NumberPlace& place) {
  return detail::number_in(draft, place);
}

TENURE_INLINE double value_of(const Number& number) {
  return number.schedule.empty() ? number.mean : number.schedule.front();
}

TENURE_INLINE void set_value(Number& number, double value) {
  const double before = value_of(number);
  const double of_law = mean_of_law(number);
  detail::free_mean(number.uncertain, of_law);
  detail::free_mean(number.differs, of_law);
  detail::free_mean(number.varies, of_law);
  for (double& of_period : number.schedule) of_period += value - before;
  number.mean = of_law == before ? value : of_law;
}

TENURE_INLINE ModelDraft with_value(ModelDraft draft, const NumberPlace& place, double value) {
  set_value(detail::number_in(draft, place), value);
  return draft;
}

}  // namespace tenure
