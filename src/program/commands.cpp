// See commands.hpp.

#include "commands.hpp"

#include <utility>
#include <vector>

#include "tenure/chain/compile.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/decide/optimize.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/io/csv.hpp"
#include "tenure/io/json.hpp"
#include "tenure/io/table.hpp"
#include "terminal.hpp"

namespace tenure::program {
namespace {

[[nodiscard]] std::vector<Scenario> chosen_scenarios(const Options& options, const Model& model) {
  if (options.scenarios.empty()) return all_scenarios(model);
  std::vector<Scenario> chosen;
  for (const std::string& name : options.scenarios) chosen.push_back(scenario_named(model, name));
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
  return table(result, colour_for(options));
}

[[nodiscard]] Outcome run_optimize(const Options& options, const ModelFile& file) {
  ProgressBar bar{options.quiet};
  OptimizeOptions optimization = options.optimization;
  if (!options.scenarios.empty()) optimization.versus = options.scenarios.front();
  optimization.threads = options.threads;
  optimization.progress = [&bar](double share) { bar.show(share); };
  optimization.interrupted = interrupted;
  const Optimization result = optimize(file.model, optimization);
  return {printed(options, result), result.complete};
}

}  // namespace

Outcome run(const Options& options, const ModelFile& file) {
  if (options.command == Command::check) return {run_check(options, file)};
  if (options.command == Command::optimize) return run_optimize(options, file);
  const std::vector<Scenario> scenarios = chosen_scenarios(options, file.model);
  ProgressBar bar{options.quiet};
  const Progress progress = [&bar](double share) { bar.show(share); };
  if (options.command == Command::value) return {printed(options, value(file.model, scenarios, progress))};
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
  return {printed(options, compare(file.model, scenarios, progress))};
}

}  // namespace tenure::program
