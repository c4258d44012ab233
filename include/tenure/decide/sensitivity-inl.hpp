#pragma once
// The bodies of tenure/decide/sensitivity.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tenure/decide/break_even.hpp"
#include "tenure/decide/budget.hpp"
#include "tenure/decide/equity_gradient.hpp"
#include "tenure/decide/movable_numbers.hpp"
#include "tenure/decide/plausible_range.hpp"
#include "tenure/decide/sensitivity.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/decide/waveline.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure {

namespace detail {

/// Who wins: 1 the scenario, -1 the other, 0 neither as far as rounding allows to say.
[[nodiscard]] inline int winner(double difference, double scale) {
  if (std::abs(difference) <= 1e-12 * scale) return 0;
  return difference > 0 ? 1 : -1;
}

[[nodiscard]] inline bool winner_flips(double today, double at_low, double at_high, double scale) {
  const int now = winner(today, scale);
  const int low = winner(at_low, scale);
  const int high = winner(at_high, scale);
  if (now == 0) return low * high < 0;
  return low == -now || high == -now;
}

/// The two sides of a sensitivity: a scenario, and the one that it is compared with.
struct ComparedScenarios {
  SpentScenario scenario{};
  std::optional<SpentScenario> versus{};
  EquityGradient gradient{};
  std::optional<EquityGradient> versus_gradient{};
};

[[nodiscard]] inline std::optional<double> difference_with(const Model& model, const ComparedScenarios& compared,
                                                           const MovableNumber& number, double value,
                                                           const ValuedPerson& person) {
  const auto ours = value_with(model, compared.scenario, number, value, person);
  if (!compared.versus || !ours) return ours;
  const auto theirs = value_with(model, *compared.versus, number, value, person, false);
  return theirs ? std::optional{*ours - *theirs} : std::nullopt;
}

[[nodiscard]] inline std::optional<double> slope_of_difference(const ComparedScenarios& compared,
                                                               const MovableNumber& number, std::size_t place) {
  const std::optional<double> ours = slope_by(compared.gradient, number, place);
  if (!compared.versus_gradient || !ours || std::holds_alternative<SpendPlace>(number.place)) return ours;
  const std::optional<double> theirs = slope_by(*compared.versus_gradient, number, place);
  return theirs ? std::optional{*ours - *theirs} : std::nullopt;
}

/// Whether a number belongs to a lever on which neither scenario spends.
[[nodiscard]] inline bool is_idle(const ComparedScenarios& compared, const MovableNumber& number) {
  const auto* place = std::get_if<NumberPlace>(&number.place);
  if (!place || (place->what != NumberOf::effect_limit && place->what != NumberOf::effect_half_spend)) return false;
  const bool theirs = compared.versus && compared.versus->spending[place->item] > 0;
  return !theirs && !(compared.scenario.spending[place->item] > 0);
}

[[nodiscard]] inline NumberSensitivity sensitivity_by(const Model& model, const ComparedScenarios& compared,
                                                      const MovableNumber& number, std::size_t place,
                                                      const ValuedPerson& person) {
  const double theirs = compared.versus_gradient ? compared.versus_gradient->value : 0;
  const double today = compared.gradient.value - theirs;
  NumberSensitivity result{.number = number};
  result.derivative = slope_of_difference(compared, number, place);
  if (result.derivative && today != 0) result.elasticity = if_finite(*result.derivative * number.value / today);
  result.range = plausible_range(model, number);
  const auto at = [&](double value) {
    if (value == number.value || is_idle(compared, number)) return std::optional{today};
    return difference_with(model, compared, number, value, person);
  };
  result.at_low = at(result.range.low);
  result.at_high = at(result.range.high);
  if (!compared.versus) return result;
  const double scale = std::abs(compared.gradient.value) + std::abs(theirs);
  result.flips = winner_flips(today, result.at_low.value_or(today), result.at_high.value_or(today), scale);
  return result;
}

[[nodiscard]] inline std::string scenario_looked_at(const Model& model, const std::string& asked,
                                                    const std::optional<std::string>& versus) {
  if (!asked.empty()) return scenario_named(model, asked).name;
  const std::string reference = reference_scenario(model).name;
  if (versus != reference) return reference;
  for (const Scenario& scenario : all_scenarios(model)) {
    if (scenario.name != *versus) return scenario.name;
  }
  return reference;
}

[[nodiscard]] inline ValuedPerson valued_person(const Model& model, const std::optional<std::string>& from) {
  if (!from) return model.arrivals().empty() ? ValuedPerson{0} : std::nullopt;
  const std::vector<std::string> names = names_of(model.states());
  const auto found = std::find(names.begin(), names.end(), *from);
  if (found == names.end()) {
    throw ModelError{{{"unknown-state", "", "there is no state " + in_quotes(*from), suggestion(*from, names), {}}}};
  }
  return static_cast<StateIndex>(found - names.begin());
}

/// The place of a number by its name.
[[nodiscard]] inline std::size_t number_named(const std::vector<NumberSensitivity>& numbers, const std::string& name) {
  std::vector<std::string> names;
  for (const NumberSensitivity& number : numbers) names.push_back(number.number.name);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  throw ModelError{{{"unknown-number", "", "there is no number " + in_quotes(name), suggestion(name, names), {}}}};
}

inline void add_break_evens(const Model& model, const ComparedScenarios& compared, const SensitivityOptions& options,
                            const ValuedPerson& person, std::vector<NumberSensitivity>& numbers) {
  if (options.break_even.empty()) return;
  if (!compared.versus) {
    throw ModelError{{{"break-even",
                       "",
                       "break-even is between two scenarios, and only one is given",
                       "say with which other scenario: --versus NAME",
                       {}}}};
  }
  for (const std::string& name : options.break_even) {
    NumberSensitivity& number = numbers[number_named(numbers, name)];
    number.break_even = break_even(model, compared.scenario, *compared.versus, number.number, person);
  }
}

}  // namespace detail

TENURE_INLINE Sensitivity sensitivity(const Model& model, const SensitivityOptions& options) {
  const ValuedPerson person = detail::valued_person(model, options.from);
  Sensitivity result{.model = model};
  result.discount_factor = discount_factor(model.draft().discount_rate, model.period());
  if (options.versus) result.versus = scenario_named(model, *options.versus).name;
  result.scenario = detail::scenario_looked_at(model, options.scenario, result.versus);
  if (person) result.from = model.states()[*person].name;
  detail::ComparedScenarios compared;
  const auto prepared = [&](const std::string& name, SpentScenario& spent) {
    spent = {name, spending_for(model, scenario_named(model, name), options.interrupted), default_quadrature_points,
             options.interrupted};
    ScenarioChain chain = scenario_chain(model, spent.spending, one_piece, options.interrupted);
    spent.points = chain.points;
    result.quadrature_error = std::max(result.quadrature_error, chain.quadrature_error);
    return chain;
  };
  const ScenarioChain chain = prepared(result.scenario, compared.scenario);
  compared.gradient = equity_gradient(model, compared.scenario.spending, chain, person, options.interrupted);
  result.value = compared.gradient.value;
  if (options.versus) {
    const ScenarioChain other = prepared(*result.versus, compared.versus.emplace());
    compared.versus_gradient = equity_gradient(model, compared.versus->spending, other, person, options.interrupted);
    result.versus_value = compared.versus_gradient->value;
  }
  result.waveline = waveline(model, chain, person, options.interrupted);
  const std::vector<MovableNumber> numbers = movable_numbers(model, compared.scenario.spending);
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    if (person && std::holds_alternative<ArrivalsPlace>(numbers[k].place)) continue;
    result.numbers.push_back(detail::sensitivity_by(model, compared, numbers[k], k, person));
    if (options.progress) options.progress(static_cast<double>(k + 1) / static_cast<double>(numbers.size()));
  }
  detail::add_break_evens(model, compared, options, person, result.numbers);
  std::stable_sort(result.numbers.begin(), result.numbers.end(),
                   [](const NumberSensitivity& a, const NumberSensitivity& b) { return a.swing() > b.swing(); });
  return result;
}

}  // namespace tenure
