#pragma once
// The bodies of tenure/decide/break_even.hpp.

#include <algorithm>
#include <cmath>
#include <optional>
#include <variant>
#include <vector>

#include "tenure/decide/break_even.hpp"
#include "tenure/decide/movable_numbers.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/detail/root.hpp"

namespace tenure {

namespace detail {

/// The difference of two scenarios by one number.
struct DifferenceByNumber {
  const Model& model;
  const SpentScenario& scenario;
  const SpentScenario& versus;
  const MovableNumber& number;
  const ValuedPerson& person;

  /// No value where the model does not allow it. Differences within rounding are 0.
  [[nodiscard]] std::optional<double> operator()(double value) const {
    const auto ours = value_with(model, scenario, number, value, person);
    const auto theirs = value_with(model, versus, number, value, person, false);
    if (!ours || !theirs) return std::nullopt;
    const double difference = *ours - *theirs;
    return std::abs(difference) <= 1e-13 * (std::abs(*ours) + std::abs(*theirs)) ? 0 : difference;
  }
};

/// The values at which the difference is looked at on one side, from today's outwards.
[[nodiscard]] inline std::vector<double> steps_outwards(double value, double end) {
  constexpr int steps = 48;
  std::vector<double> at;
  if (std::isfinite(end)) {
    for (int k = 1; k <= steps; ++k) at.push_back(value + (end - value) * k / steps);
    return at;
  }
  double step = (end > 0 ? 0.02 : -0.02) * std::max(std::abs(value), 1e-3);
  for (int k = 0; k < steps; ++k, step *= 1.7) at.push_back(value + step);
  return at;
}

[[nodiscard]] inline BreakEven narrowed(const DifferenceByNumber& difference, const Bracket& bracket) {
  const auto safe = [&](double value) { return difference(value).value_or(bracket.at_low); };
  const Bracket found = narrowed_root(safe, bracket);
  return {BreakEvenOutcome::at, found.middle(), found.low, found.high};
}

/// The first change of sign from a value outwards, and how far one could go.
[[nodiscard]] inline BreakEven look_outwards(const DifferenceByNumber& difference, double value, double at_value,
                                             double end) {
  BreakEven result{BreakEvenOutcome::never, {}, value, value};
  double before = value;
  double at_before = at_value;
  for (const double next : steps_outwards(value, end)) {
    const std::optional<double> there = difference(next);
    if (!there || !std::isfinite(*there)) break;
    result.low = std::min(result.low, next);
    result.high = std::max(result.high, next);
    if (*there == 0 && at_before != 0) return {BreakEvenOutcome::at, next, next, next};
    if ((*there > 0) != (at_before > 0) && at_before != 0) {
      return narrowed(difference, bracket_of(before, next, at_before, *there));
    }
    before = next;
    at_before = *there;
  }
  return result;
}

}  // namespace detail

TENURE_INLINE BreakEven break_even(const Model& model, const SpentScenario& scenario, const SpentScenario& versus,
                                   const MovableNumber& number, const ValuedPerson& person) {
  const detail::DifferenceByNumber difference{model, scenario, versus, number, person};
  const AdmissibleRange range = admissible_range(model, number);
  const std::optional<double> today = difference(number.value);
  if (!today) return {BreakEvenOutcome::never, {}, number.value, number.value};
  if (*today == 0) {
    const double nearby = number.value < range.high
                              ? std::min(range.high, number.value + 0.01 * (1 + std::abs(number.value)))
                              : number.value - 0.01;
    const bool always = difference(nearby).value_or(0) == 0;
    if (always) return {BreakEvenOutcome::always, number.value, number.value, number.value};
    return {BreakEvenOutcome::at, number.value, number.value, number.value};
  }
  const BreakEven above = detail::look_outwards(difference, number.value, *today, range.high);
  const BreakEven below = detail::look_outwards(difference, number.value, *today, range.low);
  const bool nothing_spent = std::holds_alternative<SpendPlace>(number.place) && below.value == 0.0;
  if (above.value && nothing_spent)
    return above;  // that two scenarios tie where one spends nothing goes without saying
  if (above.value && below.value) {
    return std::abs(*above.value - number.value) <= std::abs(*below.value - number.value) ? above : below;
  }
  if (above.value) return above;
  if (below.value) return below;
  return {BreakEvenOutcome::never, {}, below.low, above.high};
}

}  // namespace tenure
