// See commands.hpp.

#include "commands.hpp"
#include "tenure/model/model.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tenure/chain/compile.hpp"
#include "tenure/chain/compile_decisions.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/decide/optimize.hpp"
#include "tenure/decide/policy.hpp"
#include "tenure/decide/sensitivity.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/decide/uncertainty.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/io/csv.hpp"
#include "tenure/io/json.hpp"
#include "tenure/io/table.hpp"
#include "tenure/quantity/limits.hpp"
#include "terminal.hpp"

namespace tenure::program {
namespace {

[[nodiscard]] std::vector<Scenario> chosen_scenarios(const Options& options, const Model& model) {
  if (options.scenarios.empty()) return all_scenarios(model);
  std::vector<Scenario> chosen;
  for (const std::string& name : options.scenarios) {
    Scenario scenario = scenario_named(model, name);
    if (std::find(chosen.begin(), chosen.end(), scenario) == chosen.end()) chosen.push_back(std::move(scenario));
  }
  return chosen;
}

[[nodiscard]] Colour colour_for(const Options& options) {
  return options.output.empty() ? colour_of_output() : Colour::none;
}

/// A model may be sound and yet combine levers in a way that a row cannot follow, or ask for more than can be computed;
/// only compiling its scenarios tells.
[[nodiscard]] Model checked_in_depth(const ModelFile& file) {
  std::vector<Problem> warnings = file.model.warnings();
  try {
    for (const Scenario& scenario : all_scenarios(file.model)) {
      if (std::holds_alternative<SpendLevels>(scenario.plan)) static_cast<void>(compile(file.model, scenario));
    }
    if (!file.model.actions().empty()) {
      static_cast<void>(compile_decisions(file.model, spending_of(file.model, SpendLevels{})));
    }
  } catch (const LimitError& error) {
    const std::vector<Problem> beyond = located(error.problems(), file.places);
    warnings.insert(warnings.end(), beyond.begin(), beyond.end());
  }
  return file.model.with_warnings(std::move(warnings));
}

[[nodiscard]] std::string run_check(const Options& options, const ModelFile& file) {
  if (options.format == Format::toml) return to_toml(file.model);
  const Model model = checked_in_depth(file);
  return options.format == Format::json ? to_json(model) : table(model, colour_for(options));
}

template <class Result>
[[nodiscard]] std::string printed(const Options& options, const Result& result) {
  if (options.format == Format::json) return to_json(result);
  if (options.format == Format::csv) return to_csv(result, options.raw_csv ? CsvText::raw : CsvText::defused);
  return table(result, colour_for(options), options.scale);
}

/// The course of every scenario is written period by period: what would not fit into memory is refused before it is
/// computed.
void refuse_long_result(const Options& options, const Model& model, std::size_t scenarios) {
  if (!model.horizon() || model.draft().arrivals.empty() || options.format == Format::table) return;
  const double bytes_each =
      options.format == Format::csv ? 100 : 64;  // of one number: as it is, as JSON holds it, as text
  const double numbers = static_cast<double>(*model.horizon()) * static_cast<double>(model.states().size() + 3) *
                         static_cast<double>(scenarios);
  if (numbers * bytes_each <= static_cast<double>(limits::bytes_of_work)) return;
  throw LimitError{
      {{"memory",
        "model.horizon",
        fmt::format("the course of {} states over {} periods in {} scenarios, written out, would need {} GB",
                    model.states().size(), *model.horizon(), scenarios, std::llround(numbers * bytes_each / 1e9)),
        "shorten the horizon, use longer periods, name one --scenario, or ask for a table",
        {}}}};
}

[[nodiscard]] Outcome run_policy(const Options& options, const Model& model, const Progress& progress) {
  constexpr std::uint64_t usual = 1'000'000;
  const std::optional<std::uint64_t>& count = options.simulation.effort.count;
  const bool simulates = options.simulate || count || options.simulation.from;
  const Scenario scenario =
      options.scenarios.empty() ? reference_scenario(model) : scenario_named(model, options.scenarios.front());
  const PolicyValue best = best_policy(model, scenario,
                                       {.people = simulates ? count.value_or(usual) : 0,
                                        .seed = options.seed,
                                        .threads = options.threads,
                                        .from = options.simulation.from,
                                        .interrupted = interrupted,
                                        .progress = progress});
  return {printed(options, best), best.complete()};
}

[[nodiscard]] Outcome run_optimize(const Options& options, const Model& model, const Progress& progress) {
  OptimizeOptions optimization = options.optimization;
  if (!options.scenarios.empty()) optimization.versus = options.scenarios.front();
  optimization.threads = options.threads;
  optimization.progress = progress;
  optimization.interrupted = interrupted;
  const Optimization result = optimize(model, optimization);
  return {printed(options, result), result.complete};
}

}  // namespace

Outcome run(const Options& options, const ModelFile& file) {
  if (options.command == Command::check) return {run_check(options, file)};
  ProgressBar bar{options.quiet};
  const Progress progress = [&bar](double share) { bar.show(share); };
  if (options.command == Command::sensitivity) {
    SensitivityOptions asked = options.sensitivity;
    asked.progress = progress;
    asked.interrupted = interrupted;
    return {printed(options, sensitivity(file.model, asked))};
  }
  if (options.command == Command::optimize) return run_optimize(options, file.model, progress);
  if (options.command == Command::policy) return run_policy(options, file.model, progress);
  const std::vector<Scenario> scenarios = chosen_scenarios(options, file.model);
  if (options.command == Command::value) {
    refuse_long_result(options, file.model, scenarios.size());
    const Valuation result = value(file.model, scenarios, progress, interrupted);
    return {printed(options, result), result.complete};
  }
  if (options.command == Command::uncertainty) {
    UncertaintyOptions asked = options.uncertainty;
    asked.progress = progress;
    asked.interrupted = interrupted;
    const Uncertainty result = uncertainty(file.model, scenarios, asked);
    return {printed(options, result), result.complete};
  }
  SimulationOptions simulation = options.simulation;
  simulation.effort.progress = progress;
  simulation.effort.interrupted = interrupted;
  if (options.command == Command::simulate) {
    const Simulation result = simulate(file.model, scenarios, simulation);
    return {printed(options, result), result.complete};
  }
  if (options.simulate) {
    const SimulatedComparison result = compare_simulated(file.model, scenarios, simulation);
    return {printed(options, result), result.complete};
  }
  const Comparison result = compare(file.model, scenarios, progress, interrupted);
  return {printed(options, result), result.complete};
}

}  // namespace tenure::program
