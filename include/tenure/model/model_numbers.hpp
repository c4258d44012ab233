#pragma once
// The numbers of a model one by one: every probability, cash flow, referral rate, limit and half_spend that is written
// in it, each under a name that people can read and at a place where another number may be put. Decisions walk through
// them: what is one more point of it worth, what if it is another, at which value do two scenarios tie.

#include <cstddef>
#include <string>
#include <vector>

#include "tenure/model/draft.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/number.hpp"

namespace tenure {

/// What a number is of: the tables in which it stands and its key, as files name them. All numbers have such a text;
/// these are the ones that are asked for.
struct NumberOf {
  static constexpr const char* transition_probability = "transition.probability";
  static constexpr const char* transition_cash_flow = "transition.cash_flow";
  static constexpr const char* state_cash_flow = "state.cash_flow";
  static constexpr const char* referral_rate = "referral.per_period";
  static constexpr const char* segment_probability = "segment.transition.probability";
  static constexpr const char* segment_transition_cash_flow = "segment.transition.cash_flow";
  static constexpr const char* segment_state_cash_flow = "segment.state.cash_flow";
  static constexpr const char* effect_limit = "lever.effect.limit";
  static constexpr const char* effect_half_spend = "lever.effect.half_spend";
};

/// Where a number stands in a draft: `item` of the list of transitions, states, referrals, segments or levers, and
/// within a segment or lever its `part`.
struct NumberPlace {
  std::string what = NumberOf::transition_probability;
  std::size_t item = 0;
  std::size_t part = 0;
  bool operator==(const NumberPlace&) const = default;
};

/// Whether it is a probability of a transition, in the model or in a segment.
[[nodiscard]] bool is_probability(const NumberPlace& place);

/// One number of a model, by name and place.
struct ModelNumber {
  NumberPlace place{};
  std::string name{};  ///< "transition owner -> lost", "state owner, cash_flow", "lever lounge, state owner, limit"
  Quantity quantity = Quantity::probability;
  Number number{};
};

namespace detail {

[[nodiscard]] std::string target_in_words(const EffectTarget& target);

/// The number at a place, to be changed.
[[nodiscard]] Number& number_in(ModelDraft& draft, const NumberPlace& place);

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
