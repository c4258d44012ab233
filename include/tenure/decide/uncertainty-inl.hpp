#pragma once
// The bodies of tenure/decide/uncertainty.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tenure/decide/compare.hpp"
#include "tenure/decide/detail/uncertainty/acceptability_plan.hpp"
#include "tenure/decide/detail/uncertainty/draws.hpp"
#include "tenure/decide/detail/uncertainty/evaluation.hpp"
#include "tenure/decide/detail/uncertainty/information.hpp"
#include "tenure/decide/detail/uncertainty/sample.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/decide/uncertainty.hpp"
#include "tenure/engine/estimate.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure {

namespace detail {

[[nodiscard]] inline std::size_t uncertain_number_named(const UncertainDraws& draws, const std::string& name) {
  const std::vector<std::string> names = names_of(draws.numbers());
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  throw ModelError{
      {{"unknown-number", "", "there is no uncertain number " + in_quotes(name), suggestion(name, names), {}}}};
}

[[nodiscard]] inline bool has_beta_law(const ModelNumber& number) {
  return number.number.uncertain->kind == DistributionKind::beta;
}

[[nodiscard]] inline std::vector<Pilot> pilots_of(const UncertainDraws& draws, std::vector<Pilot> asked) {
  for (const Pilot& pilot : asked) {
    const ModelNumber& number = draws.numbers()[uncertain_number_named(draws, pilot.number)];
    if (!has_beta_law(number)) {
      throw ModelError{
          {{"pilot",
            "",
            in_quotes(pilot.number) + " has no beta law, so that no count of customers is known to tell of it",
            "ask for a pilot of an uncertain probability",
            {}}}};
    }
    if (pilot.customers < 1 || pilot.customers > most_pilot_customers) {
      throw ModelError{{{"pilot",
                         "",
                         "a pilot on " + std::to_string(pilot.customers) + " customers",
                         "ask for 1 to " + std::to_string(most_pilot_customers),
                         {}}}};
    }
  }
  if (!asked.empty()) return asked;
  for (const ModelNumber& number : draws.numbers()) {
    if (!has_beta_law(number)) continue;
    for (const std::uint64_t customers : {100U, 400U, 1600U}) asked.push_back({number.name, customers});
  }
  return asked;
}

/// Why no count of customers tells of a number; nothing where one does.
[[nodiscard]] inline std::optional<std::string> not_piloted_because(const ModelNumber& number) {
  if (has_beta_law(number)) return std::nullopt;
  switch (number.quantity) {
    case Quantity::probability:
      return "its law is " + std::string{name_of(number.number.uncertain->kind)} +
             ", and what a count of customers says is known for a beta law";
    case Quantity::cash_flow:
      return "it is an amount of money, which no count of customers tells";
    case Quantity::rate:
      return "it is a rate, of which no share of so many customers tells";
    case Quantity::spend:
      break;
  }
  return "it is a spend level, which no count of customers tells";
}

/// The variance from chance, on average over the first draw of each randomisation.
[[nodiscard]] inline std::optional<double> deviation_by_chance(const Model& model, const UncertainDraws& draws,
                                                               const Spending& spending,
                                                               const Interrupted& interrupted) {
  if (!model.horizon()) return std::nullopt;
  double sum = 0;
  for (std::uint64_t r = 0; r < draws.randomisations(); ++r) {
    const std::vector<double> values = draws.values(draws.scores(draws.first_of(r)));
    const Chain chain = compile_in_pieces(model.with_drawn(draws.places(), values), spending, one_piece,
                                          default_quadrature_points, interrupted);
    const ExactValue value = exact_value(chain, {.trace = false, .risk = true, .interrupted = interrupted});
    if (!value.business || !value.business->risk) return std::nullopt;
    sum += value.business->risk->variance_from_people + value.business->risk->variance_from_market;
  }
  return std::sqrt(std::max(0.0, sum) / static_cast<double>(draws.randomisations()));
}

[[nodiscard]] inline std::vector<UncertainScenario> summarised(const UncertaintySample& sample) {
  const std::vector<std::vector<double>> won = wins(sample.values);
  const std::vector<std::vector<double>> lost = losses(sample.values);
  std::vector<UncertainScenario> all(sample.values.size());
  for (std::size_t s = 0; s < all.size(); ++s) {
    std::vector<double> sorted = sample.values[s];
    std::sort(sorted.begin(), sorted.end());
    all[s].mean = mean_over_randomisations(sample, sample.values[s]);
    all[s].standard_deviation = deviation_of(sample.values[s]);
    for (const double share : uncertainty_quantiles) all[s].quantiles.emplace_back(share, quantile_of(sorted, share));
    all[s].probability_best = mean_over_randomisations(sample, won[s]);
    all[s].expected_loss = mean_over_randomisations(sample, lost[s]);
  }
  return all;
}

[[nodiscard]] inline std::optional<Estimate> value_of_knowing(const UncertaintySample& sample,
                                                              const UncertainDraws& draws,
                                                              const std::vector<std::size_t>& numbers,
                                                              const Interrupted& interrupted) {
  heed(interrupted);
  const ConditionalMeans means{sample, draws, numbers};
  if (!means.tell()) return std::nullopt;
  return means.estimated([&](const ConditionalMeans::Part& part) { return means.worth(part); });
}

inline void add_pilots(Uncertainty& result, const UncertaintySample& sample, const UncertainDraws& draws,
                       const UncertaintyOptions& options, const Interrupted& interrupted) {
  for (const Pilot& pilot : pilots_of(draws, options.pilots)) {
    heed(interrupted);
    const std::size_t place = uncertain_number_named(draws, pilot.number);
    const Number& number = draws.numbers()[place].number;
    const BetaParameters law = beta_parameters(number.uncertain->spread, mean_of_law(number));
    const ConditionalMeans means{sample, draws, {place}};
    PilotValue worth{pilot, {}};
    if (means.tell()) {
      const PilotTable table = pilot_table(law, pilot.customers, means.basis().degree);
      worth.value =
          means.estimated([&](const ConditionalMeans::Part& part) { return value_of_pilot(table, means.fit(part)); });
    }
    result.evsi.push_back(std::move(worth));
  }
  for (const ModelNumber& number : draws.numbers()) {
    if (const auto reason = not_piloted_because(number)) result.not_piloted.push_back({number.name, *reason});
  }
}

inline void add_information(Uncertainty& result, const UncertaintySample& sample, const UncertainDraws& draws,
                            const UncertaintyOptions& options, const Interrupted& interrupted) {
  for (std::size_t i = 0; i < draws.numbers().size(); ++i) {
    const std::string& name = draws.numbers()[i].name;
    std::optional<Estimate> value =
        draws.numbers().size() == 1 ? result.evpi : value_of_knowing(sample, draws, {i}, interrupted);
    result.evppi.push_back({name, {name}, value});
  }
  for (const NumberGroup& group : options.groups) {
    std::vector<std::size_t> members;
    for (const std::string& name : group.numbers) members.push_back(uncertain_number_named(draws, name));
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    const bool is_all = members.size() == draws.numbers().size();
    result.groups.push_back(
        {group.name, group.numbers, is_all ? result.evpi : value_of_knowing(sample, draws, members, interrupted)});
  }
  add_pilots(result, sample, draws, options, interrupted);
}

/// Columns of an evaluation as the scenarios' own, and those of the points of an axis.
struct ColumnsOfScenarios {
  UncertaintySample own{};
  std::vector<std::vector<std::vector<double>>> at_points{};  ///< by point and scenario
};

[[nodiscard]] inline ColumnsOfScenarios separated(UncertaintySample sample, std::size_t scenarios,
                                                  const AcceptabilityPlan& plan) {
  ColumnsOfScenarios columns{{{}, std::move(sample.scores), std::move(sample.first)}, {}};
  columns.at_points.resize(plan.points.size());
  const std::size_t step = 1 + plan.changes.size();
  for (std::size_t k = 0; k < sample.values.size() / step; ++k) {
    for (std::size_t p = 0; p < plan.changes.size(); ++p)
      columns.at_points[p].push_back(std::move(sample.values[k * step + 1 + p]));
    if (k < scenarios)
      columns.own.values.push_back(std::move(sample.values[k * step]));
    else
      columns.at_points[k / scenarios - 1].push_back(std::move(sample.values[k * step]));
  }
  return columns;
}

[[nodiscard]] inline Acceptability acceptability_of(const AcceptabilityPlan& plan, const ColumnsOfScenarios& columns) {
  Acceptability acceptability{plan.axis, plan.points, std::vector<std::vector<double>>(columns.own.values.size())};
  for (const std::vector<std::vector<double>>& values : columns.at_points) {
    const std::vector<std::vector<double>> won = wins(values);
    for (std::size_t s = 0; s < won.size(); ++s) {
      acceptability.probability_best[s].push_back(mean_of(won[s], 0, won[s].size()));
    }
  }
  return acceptability;
}

TENURE_INLINE Uncertainty uncertainty_of(const Model& model, std::span<const Scenario> scenarios,
                                         const UncertaintyOptions& options) {
  refuse_nobody_arriving(model);
  if (scenarios.empty()) {
    throw ModelError{{{"no-scenarios", "", "no scenario is given", "give one or more", {}}}};
  }
  const UncertainDraws draws{model, options.draws, options.seed};
  static_cast<void>(pilots_of(draws, options.pilots));  // refused before the work begins
  for (const NumberGroup& group : options.groups) {
    for (const std::string& name : group.numbers) static_cast<void>(uncertain_number_named(draws, name));
  }
  const AcceptabilityPlan plan = acceptability_plan(model, options.axis);
  const Interrupted interrupted = asked_in_this_thread(options.interrupted);
  const std::vector<RepeatedScenario> repeated = all_repeated(model, scenarios, draws, plan, interrupted);
  std::vector<double> at_means;  // before the draws: after them somebody may be in a hurry
  for (std::size_t s = 0; s < scenarios.size(); ++s) {
    const ScenarioChain compiled = scenario_chain(model, repeated[s].spending, one_piece, interrupted);
    at_means.push_back(customer_equity(compiled.chain, interrupted));
  }
  EvaluatedDraws done = evaluated(model, draws, repeated, plan, options.threads, interrupted, options.progress);
  if (done.sample.draws() == 0) refuse_interrupted();
  const ColumnsOfScenarios columns = separated(std::move(done.sample), scenarios.size(), plan);
  Uncertainty result{model, discount_factor(model.draft().discount_rate, model.period()), options.seed};
  result.draws = columns.own.draws();
  result.randomisations = columns.own.randomisations();
  result.complete = done.complete;
  result.numbers = names_of(draws.numbers());
  result.scenarios = summarised(columns.own);
  for (std::size_t s = 0; s < scenarios.size(); ++s) {
    result.scenarios[s].scenario = scenarios[s];
    result.scenarios[s].spending = repeated[s].spending;
    result.scenarios[s].at_means = at_means[s];
    try {
      if (result.complete)
        result.scenarios[s].chance = deviation_by_chance(model, draws, repeated[s].spending, interrupted);
    } catch (const InterruptedError&) {  // the draws are there
      result.complete = false;
    }
  }
  result.best = best_of(columns.own.values);
  for (std::size_t s = 0; s < scenarios.size(); ++s) {
    const bool ties = are_the_same(result.scenarios[s].mean.mean, result.scenarios[result.best].mean.mean);
    if (s != result.best && ties) result.ties.push_back(s);
  }
  result.evpi = result.scenarios[result.best].expected_loss;
  try {
    add_information(result, columns.own, draws, options, interrupted);
  } catch (const InterruptedError&) {  // what is known by then is told
    result.complete = false;
  }
  result.acceptability = acceptability_of(plan, columns);
  return result;
}

}  // namespace detail

TENURE_INLINE Uncertainty uncertainty(const Model& model, const UncertaintyOptions& options) {
  return uncertainty(model, all_scenarios(model), options);
}

}  // namespace tenure
