#pragma once
// The numbers of a model one by one: every probability, cash flow, referral rate, limit and half_spend that is written
// in it, each under a name that people can read and at a place where another number may be put. Decisions walk through
// them: what is one more point of it worth, what if it is another, at which value do two scenarios tie.

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "tenure/model/draft.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/number.hpp"

namespace tenure {

/// What a number is of.
enum class NumberOf : std::uint8_t {
  transition_probability,
  transition_cash_flow,
  state_cash_flow,
  referral_rate,
  segment_probability,
  segment_transition_cash_flow,
  segment_state_cash_flow,
  effect_limit,
  effect_half_spend
};

/// Where a number stands in a draft: `item` of the list of transitions, states, referrals, segments or levers, and
/// within a segment or lever its `part`.
struct NumberPlace {
  NumberOf what = NumberOf::transition_probability;
  std::size_t item = 0;
  std::size_t part = 0;
  bool operator==(const NumberPlace&) const = default;
};

/// One number of a model, by name and place.
struct ModelNumber {
  NumberPlace place{};
  std::string name{};  ///< "transition owner -> lost", "state owner, cash_flow", "lever lounge, state owner, limit"
  Quantity quantity = Quantity::probability;
  Number number{};
};

namespace detail {

[[nodiscard]] std::string target_in_words(const EffectTarget& target);

/// What a limit is a value of; multiples of arrivals and hazards are rates.
[[nodiscard]] Quantity quantity_moved(const EffectTarget& target);

/// Serves const and other drafts alike.
template <class Draft>
[[nodiscard]] auto& number_in(Draft& draft, const NumberPlace& place) {
  const std::size_t item = place.item;
  const std::size_t part = place.part;
  switch (place.what) {
    case NumberOf::transition_cash_flow:
      return draft.transitions[item].cash_flow;
    case NumberOf::state_cash_flow:
      return draft.states[item].cash_flow;
    case NumberOf::referral_rate:
      return draft.referrals[item].per_period;
    case NumberOf::segment_probability:
      return std::get<Number>(draft.segments[item].transitions[part].probability.value());
    case NumberOf::segment_transition_cash_flow:
      return draft.segments[item].transitions[part].cash_flow.value();
    case NumberOf::segment_state_cash_flow:
      return draft.segments[item].states[part].cash_flow.value();
    case NumberOf::effect_limit:
      return draft.levers[item].effects[part].limit;
    case NumberOf::effect_half_spend:
      return draft.levers[item].effects[part].half_spend;
    case NumberOf::transition_probability:
      break;
  }
  return std::get<Number>(draft.transitions[item].probability);
}

}  // namespace detail

/// Puts a draw of an uncertain number in its place. A schedule is multiplied by draw / mean, as growth goes on from the
/// draw; where the mean is 0 the draw is added to it. Probabilities stay within 0 … 1.
void put_drawn(ModelDraft& draft, const NumberPlace& place, double value);

/// All numbers of a model, in the order in which a file lists them: transitions, states, referrals, segments, levers.
[[nodiscard]] std::vector<ModelNumber> numbers_of(const ModelDraft& draft);

/// The key under which a number stands in a file, as problems name it: "segment[1].transition[2].probability".
[[nodiscard]] std::string key_of(const NumberPlace& place);

/// Those that are not known for certain.
[[nodiscard]] std::vector<ModelNumber> uncertain_numbers_of(const ModelDraft& draft);

/// The number at a place.
[[nodiscard]] const Number& number_at(const ModelDraft& draft, const NumberPlace& place);

/// The number in period 0.
[[nodiscard]] double value_of(const Number& number);

/// Another value of a number: of a schedule every period is moved by as much. What differs or varies keeps its standard
/// deviation, or where a schedule has a mean of its own beside it, its ratio to that.
void set_value(Number& number, double value);

/// The draft with another value of a number.
[[nodiscard]] ModelDraft with_value(ModelDraft draft, const NumberPlace& place, double value);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/model/model_numbers-inl.hpp"
#endif
