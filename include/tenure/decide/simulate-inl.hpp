#pragma once
// The bodies of tenure/decide/simulate.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/compile.hpp"
#include "tenure/chain/detail/unrolled.hpp"
#include "tenure/decide/budget.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/decide/detail/equity_risk.hpp"
#include "tenure/decide/detail/simulate/prepared.hpp"
#include "tenure/decide/detail/simulate/rounds.hpp"
#include "tenure/decide/detail/simulate/wins.hpp"
#include "tenure/decide/detail/ties.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/decide/simulation_rounds.hpp"
#include "tenure/engine/arrival.hpp"
#include "tenure/engine/detail/exact_mean.hpp"
#include "tenure/engine/distribution.hpp"
#include "tenure/engine/estimate.hpp"
#include "tenure/engine/individual.hpp"
#include "tenure/engine/population.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

namespace detail {

[[nodiscard]] inline std::vector<QuantileEstimate> quantiles_of(const ValueSummary& values,
                                                                std::span<const double> shares) {
  const std::vector<Interval> found = values.quantiles(shares);
  std::vector<QuantileEstimate> quantiles;
  for (std::size_t k = 0; k < shares.size(); ++k) quantiles.push_back({shares[k], found[k]});
  return quantiles;
}

[[nodiscard]] inline SimulatedScenario summarised(const ValueSummary& values, std::optional<double> exact_mean) {
  SimulatedScenario simulated;
  simulated.mean = values.estimate();
  simulated.exact_mean = exact_mean;
  simulated.standard_deviation = values.standard_deviation();
  simulated.skewness = values.skewness();
  simulated.minimum = values.minimum();
  simulated.maximum = values.maximum();
  simulated.quantiles = quantiles_of(values, reported_quantiles);
  Histogram histogram = values.histogram(histogram_bins);
  for (const std::uint64_t count : histogram.counts) {
    simulated.histogram.share.push_back(static_cast<double>(count) / static_cast<double>(values.count()));
  }
  simulated.histogram.edges = std::move(histogram.edges);
  simulated.histogram.counts = std::move(histogram.counts);
  simulated.share_negative = exact_mean ? values.share_negative(*exact_mean) : values.share_negative();
  return simulated;
}

/// The same of people, who may share markets.
[[nodiscard]] inline SimulatedScenario summarised(const IndividualResult& result, std::optional<double> exact_mean) {
  SimulatedScenario simulated = summarised(result.values, exact_mean);
  if (!result.shared) return simulated;
  simulated.mean = result.estimate();
  simulated.share_negative = result.shared->share_negative(result.values);
  const std::vector<Interval> quantiles = result.shared->quantiles(result.values, reported_quantiles);
  for (std::size_t k = 0; k < quantiles.size(); ++k) simulated.quantiles[k].value = quantiles[k];
  if (const auto variance = result.shared->variance(result.values))
    simulated.risk = EquityRisk{variance->people, variance->market};
  return simulated;
}

[[nodiscard]] inline SimulatedScenario summarised(const ValueDistribution& distribution) {
  SimulatedScenario simulated;
  simulated.mean = {distribution.mean, 0.0};
  simulated.exact_mean = distribution.mean;
  simulated.standard_deviation = distribution.sd;
  simulated.skewness = distribution.skewness;
  simulated.minimum = distribution.minimum;
  simulated.maximum = distribution.maximum;
  for (const double share : reported_quantiles) {
    const ProvedRange range = distribution.quantile_range(share);
    simulated.quantiles.push_back({share, {distribution.quantile(share), range.low, range.high}});
  }
  ProbabilityBins bins = distribution.bins(histogram_bins);
  simulated.histogram = {std::move(bins.edges), std::move(bins.probability), {}};
  simulated.share_negative = {distribution.share_negative, 0.0};
  simulated.error = distribution.error;
  return simulated;
}

inline Simulation finished(Simulation simulation, const std::vector<PreparedScenario>& scenarios,
                           std::vector<SimulatedScenario> values) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    values[k].scenario = scenarios[k].scenario;
    values[k].spending = scenarios[k].spending;
    values[k].quadrature_error = scenarios[k].quadrature_error;
    simulation.scenarios.push_back(std::move(values[k]));
  }
  return simulation;
}

[[nodiscard]] inline std::vector<std::optional<double>> exact_means_of_people(
    const Model& model, const std::vector<PreparedScenario>& scenarios, const SimulationOptions& options) {
  PersonAskedFor person{{}, options.referrals};
  if (options.from) person.from = state_named(model, *options.from);
  std::vector<std::optional<double>> means;
  for (const PreparedScenario& prepared : scenarios)
    means.push_back(has_exact_answer(prepared) ? exact_mean(prepared.chain, person, options.effort.interrupted)
                                               : std::nullopt);
  return means;
}

[[nodiscard]] inline std::uint64_t count_or(const Effort& effort, std::uint64_t usual, std::uint64_t open_ended) {
  return effort.count.value_or(effort.precision || effort.seconds ? open_ended : usual);
}

/// What is known of a mean beside what was simulated of it; the exact engine rounds, too.
[[nodiscard]] inline Expected expected(const Estimate& estimate, std::optional<double> exact) {
  return {estimate, exact, 1e-9 * std::abs(exact.value_or(0))};
}

[[nodiscard]] inline bool all_precise(const Effort& effort, const std::vector<Expected>& all, bool patient) {
  return std::all_of(all.begin(), all.end(),
                     [&](const Expected& one) { return is_precise(*effort.precision, one, patient); });
}

/// What a precision or a time came to; nothing where neither was asked for.
[[nodiscard]] inline std::optional<Reached> reached(const Effort& effort, std::uint64_t least, std::uint64_t most,
                                                    EndedBy ended_by, const std::vector<Expected>& asked) {
  if (!effort.precision && !effort.seconds) return std::nullopt;
  return Reached{
      effort.precision, effort.seconds, std::min(least, most), most, ended_by, largest_error(effort.precision, asked)};
}

/// All scenarios with the same people, in rounds.
[[nodiscard]] inline Simulation simulate_people(Simulation simulation, const std::vector<PreparedScenario>& scenarios,
                                                const SimulationOptions& options) {
  IndividualOptions individual{.seed = options.seed,
                               .people = count_or(options.effort, 1'000'000, std::uint64_t{1} << 40)};
  individual.referrals = options.referrals;
  individual.threads = options.effort.threads;
  individual.instructions = options.instructions;
  individual.stop = options.effort.interrupted;
  std::vector<std::optional<IndividualResult>> results(scenarios.size());
  std::vector<Chain> lived;
  for (const PreparedScenario& prepared : scenarios)
    lived.push_back(
        compile_for_persons(simulation.model, prepared.spending, prepared.points, options.effort.interrupted));
  const std::vector<AlikeEntered> groups = alike_entered(simulation.model, scenarios, lived, options.from);
  const auto run = [&](std::uint64_t first, std::uint64_t last) {
    std::vector<IndividualResult> round(scenarios.size());
    std::size_t done = 0;
    for (const AlikeEntered& group : groups) {
      const RoundOfBlocks blocks{first, last, blocks_of(individual)};
      individual.progress = progress_of_round(options.effort, blocks, {done, group.scenarios.size(), scenarios.size()});
      individual.entries = group.entries;
      std::vector<IndividualResult> together = simulate_together(group.chains, individual, first, last);
      if (!together.front().complete) return false;
      for (std::size_t k = 0; k < together.size(); ++k) round[group.scenarios[k]] = std::move(together[k]);
      done += together.size();
    }
    for (std::size_t k = 0; k < round.size(); ++k) {
      results[k] = results[k] ? merge(std::move(*results[k]), std::move(round[k])) : std::move(round[k]);
    }
    return true;
  };
  const std::vector<std::optional<double>> exact = exact_means_of_people(simulation.model, scenarios, options);
  const auto asked = [&] {
    std::vector<Expected> all;
    for (std::size_t k = 0; k < results.size() && results[k]; ++k)
      all.push_back(expected(results[k]->estimate(), exact[k]));
    return all;
  };
  const auto precise = [&](bool patient) { return all_precise(options.effort, asked(), patient); };
  const RoundsDone done = in_rounds(
      options.effort, {blocks_of(individual), blocks_of(IndividualOptions{.people = least_people})}, run, precise);
  if (done.blocks == 0 && individual.people > 0) refuse_interrupted();
  simulation.complete = done.ended_by != EndedBy::interruption;
  simulation.reached = reached(options.effort, least_people, individual.people, done.ended_by, asked());
  std::vector<SimulatedScenario> values;
  for (std::size_t k = 0; k < results.size(); ++k) {
    simulation.count = results[k] ? results[k]->people() : 0;
    values.push_back(results[k] ? summarised(*results[k], exact[k]) : SimulatedScenario{});
  }
  return finished(std::move(simulation), scenarios, std::move(values));
}

/// Replicates of the whole business in all scenarios, in rounds.
struct PopulationRounds {
  std::vector<PopulationResult> results{};
  bool complete = true;
  std::optional<Reached> reached{};
};

/// asked(results) tells whose precision is asked for.
template <class Asked>
[[nodiscard]] PopulationRounds simulate_businesses(const std::vector<PreparedScenario>& scenarios,
                                                   const SimulationOptions& options, Asked&& asked) {
  PopulationOptions population{.seed = options.seed,
                               .replicates = count_or(options.effort, 10'000, std::uint64_t{1} << 24)};
  population.threads = options.effort.threads;
  population.stop = options.effort.interrupted;
  PopulationRounds rounds;
  const auto run = [&](std::uint64_t first, std::uint64_t last) {
    std::vector<PopulationResult> round;
    for (const PreparedScenario& prepared : scenarios) {
      population.progress =
          progress_of_round(options.effort, {first, last, blocks_of(population)}, {round.size(), 1, scenarios.size()});
      round.push_back(simulate_population_blocks(prepared.chain, population, first, last));
      if (!round.back().complete) return false;
    }
    for (std::size_t k = 0; k < round.size(); ++k) {
      if (rounds.results.size() < scenarios.size())
        rounds.results.push_back(std::move(round[k]));
      else
        rounds.results[k] = merge(std::move(rounds.results[k]), round[k]);
    }
    return true;
  };
  const auto precise = [&](bool patient) { return all_precise(options.effort, asked(rounds.results), patient); };
  const RoundsDone done =
      in_rounds(options.effort, {blocks_of(population), blocks_of(PopulationOptions{.replicates = least_replicates})},
                run, precise);
  if (done.blocks == 0) refuse_interrupted();
  rounds.complete = done.ended_by != EndedBy::interruption;
  rounds.reached =
      reached(options.effort, least_replicates, population.replicates, done.ended_by, asked(rounds.results));
  return rounds;
}

[[nodiscard]] inline Simulation simulate_business(Simulation simulation, const std::vector<PreparedScenario>& scenarios,
                                                  const SimulationOptions& options) {
  std::vector<std::optional<double>> exact;
  for (const PreparedScenario& prepared : scenarios)
    exact.push_back(exact_mean_of_business(prepared.chain, options.effort.interrupted));
  const auto asked = [&](const std::vector<PopulationResult>& results) {
    std::vector<Expected> all;
    for (std::size_t k = 0; k < results.size(); ++k)
      all.push_back(expected(results[k].customer_equity.estimate(), exact[k]));
    return all;
  };
  PopulationRounds rounds = simulate_businesses(scenarios, options, asked);
  simulation.complete = rounds.complete;
  simulation.reached = rounds.reached;
  simulation.count = rounds.results.front().replicates();
  std::vector<SimulatedScenario> values;
  for (std::size_t k = 0; k < rounds.results.size(); ++k) {
    values.push_back(summarised(rounds.results[k].customer_equity, exact[k]));
    if (!simulation.complete) continue;  // somebody is in a hurry
    try {
      values.back().risk = equity_risk_of(simulation.model, scenarios[k].spending, scenarios[k].chain,
                                          scenarios[k].points, options.effort.interrupted);
    } catch (const InterruptedError&) {  // the replicates are there
      simulation.complete = false;
    }
  }
  return finished(std::move(simulation), scenarios, std::move(values));
}

[[nodiscard]] inline Simulation compute_distributions(Simulation simulation,
                                                      const std::vector<PreparedScenario>& scenarios,
                                                      const SimulationOptions& options) {
  std::vector<SimulatedScenario> values;
  for (const PreparedScenario& prepared : scenarios) {
    const Chain plain = unrolled(prepared.chain);
    values.push_back(
        summarised(value_distribution(plain, arrivals_for(simulation.model, prepared.chain, plain, options.from),
                                      {.interrupted = options.effort.interrupted})));
  }
  return finished(std::move(simulation), scenarios, std::move(values));
}

/// Whether a distribution needs no drawing: somebody asked for no sample, and it can be computed.
[[nodiscard]] inline bool asks_for_a_sample(const SimulationOptions& options) {
  return options.effort.count || options.effort.precision || options.effort.seconds;
}

}  // namespace detail

TENURE_INLINE Simulation simulate(const Model& model, std::span<const Scenario> scenarios,
                                  const SimulationOptions& options) {
  detail::check_effort(options.effort);
  const bool may_be_lives = !options.engine || options.engine == SimulationEngine::individual;
  const std::vector<detail::PreparedScenario> prepared =
      may_be_lives ? detail::prepared_for_lives(model, scenarios, options.effort.interrupted)
                   : detail::prepared(model, scenarios, options.effort.interrupted);
  Simulation simulation{model,
                        discount_factor(model.draft().discount_rate, model.period()),
                        SimulationEngine::individual,
                        {},
                        options.seed,
                        0,
                        true,
                        {},
                        {}};
  const auto with = [&](SimulationEngine engine, std::string why) {
    simulation.engine = engine;
    simulation.why = std::move(why);
    return simulation;
  };
  if (options.engine == SimulationEngine::population) {
    return detail::simulate_business(with(SimulationEngine::population, "it was asked for"), prepared, options);
  }
  if (options.engine == SimulationEngine::exact) {
    if (options.referrals) {
      throw LimitError{{{"unsupported",
                         "referrals",
                         "the exact distribution of a person's value leaves out whom they bring",
                         "use the individual engine, or leave --referrals out",
                         {}}}};
    }
    return detail::compute_distributions(with(SimulationEngine::exact, "it was asked for"), prepared, options);
  }
  if (options.engine)
    return detail::simulate_people(with(SimulationEngine::individual, "it was asked for"), prepared, options);
  if (options.referrals) {
    return detail::simulate_people(with(SimulationEngine::individual, "families can only be followed one by one"),
                                   prepared, options);
  }
  if (detail::asks_for_a_sample(options)) {
    return detail::simulate_people(with(SimulationEngine::individual, "a sample of people was asked for"), prepared,
                                   options);
  }
  if (!std::all_of(prepared.begin(), prepared.end(), detail::has_exact_answer)) {
    return detail::simulate_people(
        with(SimulationEngine::individual, "more numbers differ than the exact engine combines"), prepared, options);
  }
  try {
    return detail::compute_distributions(
        with(SimulationEngine::exact, "the distribution of a person's value can be computed, without sampling error"),
        prepared, options);
  } catch (const LimitError&) {
    return detail::simulate_people(
        with(SimulationEngine::individual,
             "the exact distribution cannot be computed, or would take more work than is allowed"),
        prepared, options);
  }
}

namespace detail {

/// The differences to the reference, which are what a comparison asks for; where there is nothing else, the reference.
[[nodiscard]] inline std::vector<Expected> expected_differences(const std::vector<PopulationResult>& results,
                                                                const std::vector<double>& exact,
                                                                std::size_t reference) {
  if (results.size() == 1) return {expected(results.front().customer_equity.estimate(), exact.front())};
  std::vector<Expected> all;
  for (std::size_t k = 0; k < results.size(); ++k) {
    if (k == reference) continue;
    const double rounding = 1e-9 * (std::abs(exact[k]) + std::abs(exact[reference]));
    all.push_back(
        {paired_difference(results[k], results[reference]).estimate(), exact[k] - exact[reference], rounding});
  }
  return all;
}

}  // namespace detail

TENURE_INLINE SimulatedComparison compare_simulated(const Model& model, std::span<const Scenario> scenarios,
                                                    const SimulationOptions& options) {
  detail::check_effort(options.effort);
  const Interrupted& interrupted = options.effort.interrupted;
  SimulatedComparison result{compare(model, scenarios, {}, interrupted), options.seed, 0, true, {}, {}};
  if (!result.comparison.complete) detail::refuse_interrupted();
  std::vector<detail::PreparedScenario> prepared;
  std::size_t reference = 0;
  for (const ComparedScenario& compared : result.comparison.scenarios) {
    if (compared.valued.scenario.name == result.comparison.reference) reference = prepared.size();
    prepared.push_back({compared.valued.scenario, compared.valued.spending,
                        scenario_chain(model, compared.valued.spending, one_piece, interrupted).chain});
  }
  std::vector<double> exact;
  for (const ComparedScenario& compared : result.comparison.scenarios)
    exact.push_back(compared.business().customer_equity);
  const auto asked = [&](const std::vector<PopulationResult>& results) {
    return detail::expected_differences(results, exact, reference);
  };
  const detail::PopulationRounds rounds = detail::simulate_businesses(prepared, options, asked);
  result.complete = rounds.complete;
  result.reached = rounds.reached;
  result.replicates = rounds.results.front().replicates();
  const std::vector<Estimate> best = detail::probabilities_best(rounds.results, exact, reference);
  for (std::size_t k = 0; k < rounds.results.size(); ++k) {
    const ValueSummary& equity = rounds.results[k].customer_equity;
    SimulatedBusiness business{equity.estimate(),
                               equity.standard_deviation(),
                               detail::quantiles_of(equity, compared_quantiles),
                               best[k],
                               {},
                               {}};
    if (k != reference) {
      const ValueSummary difference = paired_difference(rounds.results[k], rounds.results[reference]);
      business.incremental = difference.estimate();
      business.incremental_quantiles = detail::quantiles_of(difference, compared_quantiles);
    }
    result.simulated.push_back(std::move(business));
  }
  return result;
}

}  // namespace tenure
