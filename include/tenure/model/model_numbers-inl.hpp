#pragma once
// The bodies of tenure/model/model_numbers.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "tenure/model/detail/fields.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/model_numbers.hpp"
#include "tenure/quantity/detail/law/laws.hpp"
#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/number.hpp"

namespace tenure {

namespace detail {

[[nodiscard]] inline std::string from_to(const std::string& from, const std::string& to) { return from + " -> " + to; }

TENURE_INLINE std::string target_in_words(const EffectTarget& target) {
  return std::visit(
      []<class Target>(const Target& moved) {
        constexpr auto key = std::get<0>(fields<Target>);
        if constexpr (requires { key.from; }) {
          return std::string{key.key} + " " + from_to(moved.*key.from, moved.*key.to);
        } else {
          return std::string{key.key} + " " + moved.*key.member;
        }
      },
      target);
}

/// "transition owner -> lost", "state owner": how a thing is called by its table and what it is known by there.
template <class Thing>
[[nodiscard]] std::string thing_in_words(std::string_view table, const Thing& thing) {
  if constexpr (std::is_same_v<Thing, LeverEffect>) {
    return target_in_words(thing.target);
  } else if constexpr (requires { thing.to; }) {
    return std::string{table} + " " + from_to(thing.from, thing.to);
  } else {
    return std::string{table} + " " + thing.name;
  }
}

/// The numbers of a thing and of the things in it, from its own place and name.
template <class Thing>
void list_numbers(const Thing& thing, const NumberPlace& place, const std::string& name,
                  std::vector<ModelNumber>& numbers) {
  for_each_value(thing, [&]<class Value>(const auto& field, const Value& value) {
    const std::string what = place.what + "." + std::string{field.key};
    if constexpr (is_number<Value>) {
      const Number* number = counts(field, thing) ? number_of(value) : nullptr;
      if (!number) return;
      numbers.push_back({{what, place.item, place.part},
                         field.is_meant_by_name ? name : name + ", " + std::string{field.key},
                         quantity_of(field, thing),
                         *number});
    } else if constexpr (is_list_of_tables<Value>) {
      for (std::size_t k = 0; k < value.size(); ++k) {
        list_numbers(value[k], {what, place.item, k}, name + ", " + thing_in_words(field.key, value[k]), numbers);
      }
    }
  });
}

/// The number of a thing under a key, or under a key of the things in it: "transition.probability" of a segment.
template <class Thing>
[[nodiscard]] auto number_under(Thing& thing, std::string_view what, std::size_t item, std::size_t part)
    -> std::conditional_t<std::is_const_v<Thing>, const Number, Number>* {
  const std::string_view key = what.substr(0, what.find('.'));
  std::conditional_t<std::is_const_v<Thing>, const Number, Number>* found = nullptr;
  for_each_value(thing, [&](const auto& field, auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if (field.key != key) return;
    if constexpr (is_number<Value>) {
      found = number_of(value);
    } else if constexpr (is_list_of_tables<Value>) {
      if constexpr (Table<typename Value::value_type>) {
        found = number_under(value[item], what.substr(key.size() + 1), part, 0);
      }
    }
  });
  return found;
}

TENURE_INLINE Number& number_in(ModelDraft& draft, const NumberPlace& place) {
  return *number_under(draft, place.what, place.item, place.part);
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

}  // namespace detail

TENURE_INLINE bool is_probability(const NumberPlace& place) { return place.what.ends_with(".probability"); }

TENURE_INLINE void put_drawn(ModelDraft& draft, const NumberPlace& place, double value) {
  Number& number = detail::number_in(draft, place);
  const double before = mean_of_law(number);
  for (double& of_period : number.schedule) {
    of_period = before != 0 ? of_period * (value / before) : of_period + value;
    if (is_probability(place)) of_period = std::clamp(of_period, 0.0, 1.0);
  }
  number.mean = value;
  const Quantity quantity = is_probability(place)                   ? Quantity::probability
                            : place.what == NumberOf::referral_rate ? Quantity::rate
                                                                    : Quantity::cash_flow;
  detail::follow_mean(number, before, quantity);
}

TENURE_INLINE std::vector<ModelNumber> numbers_of(const ModelDraft& draft) {
  std::vector<ModelNumber> numbers;
  const auto list = [&](std::string_view table, const auto& things) {
    for (std::size_t k = 0; k < things.size(); ++k) {
      detail::list_numbers(things[k], {std::string{table}, k, 0}, detail::thing_in_words(table, things[k]), numbers);
    }
  };
  list("transition", draft.transitions);
  list("state", draft.states);
  list("referral", draft.referrals);
  list("segment", draft.segments);
  list("lever", draft.levers);
  return numbers;
}

TENURE_INLINE std::string key_of(const NumberPlace& place) {
  std::string key = place.what;
  const auto put_place = [&](std::size_t end, std::size_t k) { key.insert(end, "[" + std::to_string(k + 1) + "]"); };
  if (key.find('.') != key.rfind('.')) put_place(key.rfind('.'), place.part);
  put_place(key.find('.'), place.item);
  return key;
}

TENURE_INLINE std::vector<ModelNumber> uncertain_numbers_of(const ModelDraft& draft) {
  std::vector<ModelNumber> numbers = numbers_of(draft);
  std::erase_if(numbers, [](const ModelNumber& one) {
    return !one.number.uncertain || standard_deviation(*one.number.uncertain, mean_of_law(one.number)) == 0;
  });
  return numbers;
}

TENURE_INLINE const Number& number_at(const ModelDraft& draft, const NumberPlace& place) {
  return *detail::number_under(draft, place.what, place.item, place.part);
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
