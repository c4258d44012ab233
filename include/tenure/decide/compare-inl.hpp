#pragma once
// The bodies of tenure/decide/compare.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tenure/decide/compare.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure {

namespace detail {

TENURE_INLINE std::optional<std::int64_t> payback(const std::vector<double>& scenario,
                                                  const std::vector<double>& reference) {
  CompensatedSum difference;
  double moved = 0;
  std::optional<std::int64_t> since;
  for (std::size_t t = 0; t < scenario.size(); ++t) {
    difference.add(scenario[t]);
    difference.add(-reference[t]);
    moved += std::abs(scenario[t]) + std::abs(reference[t]);
    const bool ahead = difference.value() >= -1e-13 * moved;
    if (!ahead)
      since.reset();
    else if (!since)
      since = static_cast<std::int64_t>(t);
  }
  return since;
}

/// Discounted cash flows of a scenario for so many periods of an infinite horizon.
[[nodiscard]] inline std::vector<double> first_cash_flows(const Model& model, const ScenarioValue& valued,
                                                          std::int64_t periods, const Interrupted& interrupted) {
  Chain chain = scenario_chain(model, valued.spending, one_piece, interrupted).chain;
  chain.horizon = periods;
  return exact_value(chain, {.interrupted = interrupted}).business.value().trace.value().discounted_cash_flow;
}

[[nodiscard]] inline double sum_of(const std::vector<double>& values) {
  CompensatedSum sum;
  for (const double value : values) sum.add(value);
  return sum.value();
}

/// Whether cash flows so far add up to what a business is worth for ever.
[[nodiscard]] inline bool told_all(const std::vector<double>& cash_flows, const ScenarioValue& valued) {
  const double equity = valued.value.business->customer_equity;
  return std::abs(sum_of(cash_flows) - equity) <= 1e-12 * std::abs(equity);
}

/// Payback over an infinite horizon: looked for in more and more periods, until nothing is left to come that could
/// change it, or until heads can no longer be counted in double precision.
[[nodiscard]] inline std::optional<std::int64_t> payback_for_ever(const Model& model, const ScenarioValue& scenario,
                                                                  const ScenarioValue& reference,
                                                                  const Interrupted& interrupted) {
  constexpr std::int64_t most = 1 << 16;
  std::optional<std::int64_t> found;
  for (std::int64_t periods = 32; periods <= most; periods *= 2) {
    try {
      const std::vector<double> ours = first_cash_flows(model, scenario, periods, interrupted);
      const std::vector<double> theirs = first_cash_flows(model, reference, periods, interrupted);
      found = payback(ours, theirs);
      if (told_all(ours, scenario) && told_all(theirs, reference)) return found;
    } catch (const DivergentError&) {
      return found;
    }
  }
  return found;
}

/// What a scenario gains over the reference, but for when that has paid back.
[[nodiscard]] inline Advantage gain_over(const ScenarioValue& scenario, const ScenarioValue& reference) {
  Advantage advantage;
  advantage.incremental_value = scenario.value.business->customer_equity - reference.value.business->customer_equity;
  const double invested = scenario.value.investment.total - reference.value.investment.total;
  if (invested > 0 && std::isfinite(advantage.incremental_value / invested)) {
    advantage.return_on_investment = advantage.incremental_value / invested;
  }
  return advantage;
}

[[nodiscard]] inline std::optional<std::int64_t> payback_of(const Model& model, const ScenarioValue& scenario,
                                                            const ScenarioValue& reference,
                                                            const Interrupted& interrupted) {
  const BusinessValue& ours = scenario.value.business.value();
  const BusinessValue& theirs = reference.value.business.value();
  return ours.trace ? payback(ours.trace->discounted_cash_flow, theirs.trace->discounted_cash_flow)
                    : payback_for_ever(model, scenario, reference, interrupted);
}

[[nodiscard]] inline std::size_t place_of(const std::vector<ScenarioValue>& scenarios, const std::string& name) {
  const auto found = std::find_if(scenarios.begin(), scenarios.end(),
                                  [&](const ScenarioValue& valued) { return valued.scenario.name == name; });
  return static_cast<std::size_t>(found - scenarios.begin());
}

TENURE_INLINE void refuse_nobody_arriving(const Model& model) {
  if (model.arrivals().empty()) {
    throw ModelError{{{"no-arrivals",
                       "arrivals",
                       "nobody arrives, so there is no customer equity to compare",
                       "add an [[arrivals]] table; `value` values one person per state without it",
                       {}}}};
  }
}

}  // namespace detail

TENURE_INLINE Comparison compare(const Model& model, std::span<const Scenario> scenarios, const Progress& progress,
                                 const Interrupted& interrupted) {
  detail::refuse_nobody_arriving(model);
  const Scenario reference = reference_scenario(model);
  std::vector<Scenario> all(scenarios.begin(), scenarios.end());
  const bool listed = std::any_of(all.begin(), all.end(), [&](const Scenario& s) { return s.name == reference.name; });
  if (!listed) all.insert(all.begin(), reference);
  Valuation valuation = value(model, all, progress, interrupted);
  Comparison comparison{model, valuation.discount_factor, reference.name, {}};
  comparison.complete = valuation.complete;
  const std::size_t place = detail::place_of(valuation.scenarios, reference.name);
  if (place == valuation.scenarios.size()) detail::refuse_interrupted();
  for (std::size_t s = 0; s < valuation.scenarios.size(); ++s) {
    const ScenarioValue& scenario = valuation.scenarios[s];
    const ScenarioValue& other = valuation.scenarios[place];
    std::optional<Advantage> advantage;
    if (s != place) {
      advantage = detail::gain_over(scenario, other);
      try {
        advantage->payback_period = detail::payback_of(model, scenario, other, interrupted);
      } catch (const InterruptedError&) {  // the values are there
        comparison.complete = false;
      }
    }
    comparison.scenarios.push_back({scenario, advantage});
  }
  return comparison;
}

TENURE_INLINE Comparison compare(const Model& model) { return compare(model, all_scenarios(model)); }

}  // namespace tenure
