#pragma once
// The bodies of tenure/decide/value.hpp.

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/compile.hpp"
#include "tenure/decide/budget.hpp"
#include "tenure/decide/detail/equity_risk.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

namespace detail {

[[nodiscard]] inline std::string state_list(const Model& model, const std::vector<std::size_t>& states) {
  constexpr std::size_t shown = 8;
  std::string text;
  for (std::size_t k = 0; k < std::min(shown, states.size()); ++k) {
    text += (k ? ", " : "") + in_quotes(model.states()[states[k]].name);
  }
  return text + (states.size() > shown ? ", … (" + std::to_string(states.size()) + " states)" : "");
}

TENURE_INLINE std::string divergence_in_words(const Model& model, const DivergentError& error) {
  const Divergence& why = error.divergence();
  std::string text = error.problems().front().message;
  if (!why.states.empty()) text += ": " + state_list(model, why.states);
  if (why.average_reward) text += ", on average " + shortest(*why.average_reward) + " a period";
  if (why.growth_factor)
    text += ": by a factor of " + shortest(*why.growth_factor) + " a " + std::string{name_of(model.period())};
  if (why.doubling_periods) {
    text += ", doubling every " + shortest(*why.doubling_periods) + " " + std::string{name_of(model.period())} + "s";
  }
  return text;
}

/// What the same chain is worth within twenty years, as an offer.
[[nodiscard]] inline std::string finite_offer(const Model& model, Chain chain, const Interrupted& interrupted) {
  const Span span = {20, Period::year};
  chain.horizon = periods_in(span, model.period());
  try {
    const ExactValue value = exact_value(chain, {.trace = false, .interrupted = interrupted});
    if (value.business) return "within 20 years the customer equity is " + shortest(value.business->customer_equity);
    const double clv = value.states.front().clv.value_or(0);
    return "within 20 years the value of a person in " + in_quotes(model.states().front().name) + " is " +
           shortest(clv);
  } catch (const InterruptedError&) {
    throw;
  } catch (const Error&) {
    return "even within 20 years it exceeds what double precision can hold";
  }
}

/// What compute() gives; a refusal of it names the scenario and the model's states, and offers a finite horizon of the
/// chain that chain() gives.
template <class Compute, class MakeChain>
[[nodiscard]] auto in_names(const Model& model, const Scenario& scenario, Compute compute, MakeChain chain,
                            const Interrupted& interrupted = uninterrupted) {
  try {
    return compute();
  } catch (const DivergentError& error) {
    Problem problem = error.problems().front();
    problem.message = "scenario " + in_quotes(scenario.name) + ": " + divergence_in_words(model, error);
    problem.hint += (problem.hint.empty() ? "" : "; ") + finite_offer(model, chain(), interrupted);
    throw DivergentError{{std::move(problem)}, error.divergence()};
  }
}

/// Takes away what is infinite, or not known, where some people who differ may never leave.
inline void forget_durations(ExactValue& value) {
  for (StateValue& state : value.states) state.expected_periods_as_customer.reset();
  for (SegmentValue& segment : value.segments) {
    for (StateValue& state : segment.states) state.expected_periods_as_customer.reset();
  }
  if (value.business) value.business->retention_rate.reset();
}

}  // namespace detail

TENURE_INLINE ScenarioValue value_of(const Model& model, const Scenario& scenario, const Interrupted& interrupted) {
  Spending spending = spending_for(model, scenario, interrupted);
  const ScenarioChain compiled = detail::in_names(
      model, scenario, [&] { return scenario_chain(model, spending, one_piece, interrupted); },
      [&] { return compile(model, spending); }, interrupted);
  ExactValue value = detail::in_names(
      model, scenario, [&] { return exact_value(compiled.chain, {.risk = true, .interrupted = interrupted}); },
      [&] { return compiled.chain; }, interrupted);
  if (!model.horizon() && !compiled.duration_settles) detail::forget_durations(value);
  if (value.business && !value.business->risk)
    value.business->risk = detail::equity_risk_of(model, spending, compiled.chain, compiled.points, interrupted);
  return {scenario, std::move(spending), std::move(value), compiled.quadrature_error};
}

TENURE_INLINE Valuation value(const Model& model, std::span<const Scenario> scenarios, const Progress& progress,
                              const Interrupted& interrupted) {
  Valuation valuation{model, discount_factor(model.draft().discount_rate, model.period()), {}};
  for (const Scenario& scenario : scenarios) {
    try {
      valuation.scenarios.push_back(value_of(model, scenario, interrupted));
    } catch (const InterruptedError&) {
      if (valuation.scenarios.empty()) throw;
      valuation.complete = false;
      break;
    }
    if (progress) progress(static_cast<double>(valuation.scenarios.size()) / static_cast<double>(scenarios.size()));
  }
  return valuation;
}

TENURE_INLINE Valuation value(const Model& model) { return value(model, all_scenarios(model)); }

}  // namespace tenure
