#pragma once
// How much chance there is in a value: its distribution under each scenario, by the cheapest engine that can answer. A
// person's value is followed life by life (individual) or computed as a distribution (exact); the business's is drawn
// from counts of people (cohort).

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tenure/chain/compile.hpp"
#include "tenure/chain/unrolled.hpp"
#include "tenure/decide/budget.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/decide/equity_risk.hpp"
#include "tenure/decide/simulation_rounds.hpp"
#include "tenure/decide/ties.hpp"
#include "tenure/engine/cohort.hpp"
#include "tenure/engine/distribution.hpp"
#include "tenure/engine/entry.hpp"
#include "tenure/engine/estimate.hpp"
#include "tenure/engine/exact_mean.hpp"
#include "tenure/engine/individual.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

enum class SimulationEngine : std::uint8_t { individual, cohort, exact };

inline constexpr std::array<std::string_view, 3> simulation_engine_names{"individual", "cohort", "exact"};

struct SimulationOptions {
  std::optional<SimulationEngine> engine{};  ///< default the cheapest that can answer
  std::uint64_t seed = 1;
  Effort effort{};                           ///< default a million people, ten thousand replicates
  std::optional<std::string> from{};         ///< the state in which a person enters at t = 0; default as the arrivals do
  bool referrals = false;                    ///< count everyone whom a person brings, and whom those bring
  std::optional<InstructionSet> instructions{};
};

struct QuantileEstimate {
  double share = 0;
  Interval value{};
};

/// A histogram of shares: share[k] of all values lie from edges[k] to edges[k + 1]. Counts are absent where nothing was
/// counted but the shares are known.
struct ValueHistogram {
  std::vector<double> edges{};
  std::vector<double> share{};
  std::vector<std::uint64_t> counts{};
};

/// One scenario's value: a person's, in money at entry, or the business's, discounted to today.
struct SimulatedScenario {
  Scenario scenario{};
  Spending spending{};
  Estimate mean{};
  std::optional<double> exact_mean{};  ///< where the exact engine has one
  double quadrature_error = 0;         ///< of the exact mean: see ScenarioChain
  std::optional<double> standard_deviation{};
  std::optional<double> skewness{};
  double minimum = 0;
  double maximum = 0;
  std::vector<QuantileEstimate> quantiles{};
  ValueHistogram histogram{};
  Estimate share_negative{};      ///< controlled by the exact mean, where there is one
  std::optional<double> error{};  ///< of an exact quantile, in money
  std::optional<EquityRisk> risk{};  ///< what people and what the market do: of the whole business exactly, of a person
                                     ///< who shares a market as simulated
};

struct Simulation {
  Model model;
  double discount_factor = 1;
  SimulationEngine engine = SimulationEngine::individual;
  std::string why{};  ///< this engine
  std::uint64_t seed = 1;
  std::uint64_t count = 0;  ///< people or replicates; 0 where nothing was drawn
  bool complete = true;
  std::vector<SimulatedScenario> scenarios{};
  std::optional<Reached> reached{};  ///< where a precision or a time was asked for
};

inline constexpr std::array<double, 9> reported_quantiles{0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};
inline constexpr std::size_t histogram_bins = 40;

/// How many a precision never stops short of: a standard error from fewer may be small by chance.
/// tests/statistical/coverage.cpp shows that it is honest from here on.
inline constexpr std::uint64_t least_people = 65'536;
inline constexpr std::uint64_t least_replicates = 256;

namespace detail {

[[nodiscard]] inline std::vector<QuantileEstimate> quantiles_of(const ValueSummary& values, std::span<const double> shares) {
  const std::vector<Interval> found = values.quantiles(shares);
  std::vector<QuantileEstimate> quantiles;
  for (std::size_t k = 0; k < shares.size(); ++k) quantiles.push_back({shares[k], found[k]});
  return quantiles;
}

[[nodiscard]] inline SimulatedScenario described(const ValueSummary& values, std::optional<double> exact_mean) {
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
[[nodiscard]] inline SimulatedScenario described(const IndividualResult& result, std::optional<double> exact_mean) {
  SimulatedScenario simulated = described(result.values, exact_mean);
  if (!result.shared) return simulated;
  simulated.mean = result.estimate();
  simulated.share_negative = result.shared->share_negative(result.values);
  const std::vector<Interval> quantiles = result.shared->quantiles(result.values, reported_quantiles);
  for (std::size_t k = 0; k < quantiles.size(); ++k) simulated.quantiles[k].value = quantiles[k];
  if (const auto variance = result.shared->variance(result.values))
    simulated.risk = EquityRisk{variance->people, variance->market};
  return simulated;
}

[[nodiscard]] inline SimulatedScenario described(const ValueDistribution& distribution) {
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

[[nodiscard]] inline StateIndex state_named(const Model& model, const std::string& name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < model.states().size(); ++i) {
    if (model.states()[i].name == name) return static_cast<StateIndex>(i);
    names.push_back(model.states()[i].name);
  }
  throw ModelError{{{"unknown-state", "from", "there is no state " + in_quotes(name), suggestion(name, names), {}}}};
}

/// Where the people of a simulation enter: by the shares of segments, or as they arrive in `arrivals`, which may be the
/// chain unrolled.
[[nodiscard]] inline std::vector<Entry> entries_for(const Model& model, const Chain& chain, const Chain& arrivals,
                                                    const std::optional<std::string>& from) {
  if (!from) {
    std::vector<Entry> entries = entries_of_arrivals(arrivals);
    if (!entries.empty()) return entries;
    throw ModelError{{{"no-arrivals", "arrivals", "nobody arrives, so it is not known who is to be simulated",
                       "say where a person enters (--from STATE), or add [[arrivals]]", {}}}};
  }
  const StateIndex state = state_named(model, *from);
  const UnrolledPlaces places{chain};
  const bool is_unrolled = &arrivals != &chain;
  std::vector<Entry> entries;
  for (std::size_t kind = 0; kind < chain.kinds.size(); ++kind) {
    const auto own = static_cast<StateIndex>(kind * chain.states_of_a_kind() + state);
    const StateIndex place = is_unrolled ? places.entry(own, chain.market.start) : own;
    if (chain.kinds[kind].share > 0) entries.push_back({place, 0, chain.kinds[kind].share, {}});
  }
  return entries;
}

/// One scenario compiled, with what it spends.
struct PreparedScenario {
  Scenario scenario{};
  Spending spending{};
  Chain chain{};
  std::size_t points = default_quadrature_points;  ///< of each probability that differs
  double quadrature_error = 0;                     ///< see ScenarioChain
};

[[nodiscard]] inline std::vector<PreparedScenario> prepared(const Model& model, std::span<const Scenario> scenarios,
                                                            const Interrupted& interrupted = uninterrupted) {
  std::vector<PreparedScenario> all;
  for (const Scenario& scenario : scenarios) {
    Spending spending = spending_for(model, scenario, interrupted);
    ScenarioChain compiled = scenario_chain(model, spending, one_piece, interrupted);
    all.push_back({scenario, std::move(spending), std::move(compiled.chain), compiled.points, compiled.quadrature_error});
  }
  return all;
}

/// The same for people who are followed one by one: all that the exact engine can say of a scenario is left out where
/// it can say nothing.
[[nodiscard]] inline std::vector<PreparedScenario> prepared_for_lives(const Model& model,
                                                                      std::span<const Scenario> scenarios,
                                                                      const Interrupted& interrupted) {
  const auto combines_too_much = [](const LimitError& error) { return error.problems().front().code == "differs"; };
  try {
    return prepared(model, scenarios, interrupted);
  } catch (const LimitError& error) {
    if (!combines_too_much(error)) throw;
  }
  std::vector<PreparedScenario> all;
  for (const Scenario& scenario : scenarios) {
    const auto* levels = std::get_if<SpendLevels>(&scenario.plan);
    if (levels == nullptr) return prepared(model, scenarios, interrupted);  // a budget is solved for by the exact engine
    all.push_back({scenario, spending_of(model, *levels), Chain{}});
  }
  return all;
}

/// Whether the exact engine has an answer beside the simulation's.
[[nodiscard]] inline bool has_exact_answer(const PreparedScenario& prepared) { return prepared.chain.states() > 0; }

inline Simulation finished(Simulation simulation, const std::vector<PreparedScenario>& scenarios, std::vector<SimulatedScenario> values) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    values[k].scenario = scenarios[k].scenario;
    values[k].spending = scenarios[k].spending;
    values[k].quadrature_error = scenarios[k].quadrature_error;
    simulation.scenarios.push_back(std::move(values[k]));
  }
  return simulation;
}

[[nodiscard]] inline std::vector<std::optional<double>> exact_means_of_people(const Model& model, const std::vector<PreparedScenario>& scenarios,
                                                                              const SimulationOptions& options) {
  PersonAskedFor person{{}, options.referrals};
  if (options.from) person.from = state_named(model, *options.from);
  std::vector<std::optional<double>> means;
  for (const PreparedScenario& prepared : scenarios)
    means.push_back(has_exact_answer(prepared) ? exact_mean(prepared.chain, person, options.effort.interrupted) : std::nullopt);
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
  return std::all_of(all.begin(), all.end(), [&](const Expected& one) { return is_precise(*effort.precision, one, patient); });
}

/// What a precision or a time came to; nothing where neither was asked for.
[[nodiscard]] inline std::optional<Reached> reached(const Effort& effort, std::uint64_t least, std::uint64_t most, EndedBy ended_by,
                                                    const std::vector<Expected>& asked) {
  if (!effort.precision && !effort.seconds) return std::nullopt;
  return Reached{effort.precision, effort.seconds, std::min(least, most), most, ended_by, largest_error(effort.precision, asked)};
}

/// Scenarios in which people enter alike, so that the same people can live in all of them at once.
struct AlikeEntered {
  std::vector<Entry> entries{};
  std::vector<std::size_t> scenarios{};
  std::vector<const Chain*> chains{};
};

/// `lived` are the chains of the scenarios in which people are followed.
[[nodiscard]] inline std::vector<AlikeEntered> alike_entered(const Model& model, const std::vector<PreparedScenario>& scenarios,
                                                             const std::vector<Chain>& lived, const SimulationOptions& options) {
  std::vector<AlikeEntered> groups;
  for (std::size_t k = 0; k < scenarios.size(); ++k) {
    std::vector<Entry> entries = entries_for(model, lived[k], lived[k], options.from);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const AlikeEntered& other) { return other.entries == entries; });
    if (group == groups.end()) group = groups.insert(groups.end(), {std::move(entries), {}, {}});
    group->scenarios.push_back(k);
    group->chains.push_back(&lived[k]);
  }
  return groups;
}

/// All scenarios with the same people, in rounds.
[[nodiscard]] inline Simulation simulate_people(Simulation simulation, const std::vector<PreparedScenario>& scenarios,
                                                const SimulationOptions& options) {
  IndividualOptions individual{.seed = options.seed, .people = count_or(options.effort, 1'000'000, std::uint64_t{1} << 40)};
  individual.referrals = options.referrals;
  individual.threads = options.effort.threads;
  individual.instructions = options.instructions;
  individual.stop = options.effort.interrupted;
  std::vector<std::optional<IndividualResult>> results(scenarios.size());
  std::vector<Chain> lived;
  for (const PreparedScenario& prepared : scenarios)
    lived.push_back(compile_for_persons(simulation.model, prepared.spending, prepared.points, options.effort.interrupted));
  const std::vector<AlikeEntered> groups = alike_entered(simulation.model, scenarios, lived, options);
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
    for (std::size_t k = 0; k < results.size() && results[k]; ++k) all.push_back(expected(results[k]->estimate(), exact[k]));
    return all;
  };
  const auto precise = [&](bool patient) { return all_precise(options.effort, asked(), patient); };
  const RoundsDone done = in_rounds(options.effort, {blocks_of(individual), blocks_of(IndividualOptions{.people = least_people})}, run, precise);
  if (done.blocks == 0 && individual.people > 0) refuse_interrupted();
  simulation.complete = done.ended_by != EndedBy::interruption;
  simulation.reached = reached(options.effort, least_people, individual.people, done.ended_by, asked());
  std::vector<SimulatedScenario> values;
  for (std::size_t k = 0; k < results.size(); ++k) {
    simulation.count = results[k] ? results[k]->people() : 0;
    values.push_back(results[k] ? described(*results[k], exact[k]) : SimulatedScenario{});
  }
  return finished(std::move(simulation), scenarios, std::move(values));
}

/// Replicates of the whole business in all scenarios, in rounds.
struct CohortRounds {
  std::vector<CohortResult> results{};
  bool complete = true;
  std::optional<Reached> reached{};
};

/// asked(results) tells whose precision is asked for.
template <class Asked>
[[nodiscard]] CohortRounds simulate_businesses(const std::vector<PreparedScenario>& scenarios, const SimulationOptions& options, Asked&& asked) {
  CohortOptions cohort{.seed = options.seed, .replicates = count_or(options.effort, 10'000, std::uint64_t{1} << 24)};
  cohort.threads = options.effort.threads;
  cohort.stop = options.effort.interrupted;
  CohortRounds rounds;
  const auto run = [&](std::uint64_t first, std::uint64_t last) {
    std::vector<CohortResult> round;
    for (const PreparedScenario& prepared : scenarios) {
      cohort.progress = progress_of_round(options.effort, {first, last, blocks_of(cohort)}, {round.size(), 1, scenarios.size()});
      round.push_back(simulate_cohort_blocks(prepared.chain, cohort, first, last));
      if (!round.back().complete) return false;
    }
    for (std::size_t k = 0; k < round.size(); ++k) {
      if (rounds.results.size() < scenarios.size()) rounds.results.push_back(std::move(round[k]));
      else rounds.results[k] = merge(std::move(rounds.results[k]), round[k]);
    }
    return true;
  };
  const auto precise = [&](bool patient) { return all_precise(options.effort, asked(rounds.results), patient); };
  const RoundsDone done = in_rounds(options.effort, {blocks_of(cohort), blocks_of(CohortOptions{.replicates = least_replicates})}, run, precise);
  if (done.blocks == 0) refuse_interrupted();
  rounds.complete = done.ended_by != EndedBy::interruption;
  rounds.reached = reached(options.effort, least_replicates, cohort.replicates, done.ended_by, asked(rounds.results));
  return rounds;
}

[[nodiscard]] inline Simulation simulate_business(Simulation simulation, const std::vector<PreparedScenario>& scenarios,
                                                  const SimulationOptions& options) {
  std::vector<std::optional<double>> exact;
  for (const PreparedScenario& prepared : scenarios) exact.push_back(exact_mean_of_business(prepared.chain, options.effort.interrupted));
  const auto asked = [&](const std::vector<CohortResult>& results) {
    std::vector<Expected> all;
    for (std::size_t k = 0; k < results.size(); ++k) all.push_back(expected(results[k].customer_equity.estimate(), exact[k]));
    return all;
  };
  CohortRounds rounds = simulate_businesses(scenarios, options, asked);
  simulation.complete = rounds.complete;
  simulation.reached = rounds.reached;
  simulation.count = rounds.results.front().replicates();
  std::vector<SimulatedScenario> values;
  for (std::size_t k = 0; k < rounds.results.size(); ++k) {
    values.push_back(described(rounds.results[k].customer_equity, exact[k]));
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

[[nodiscard]] inline Simulation compute_distributions(Simulation simulation, const std::vector<PreparedScenario>& scenarios,
                                                      const SimulationOptions& options) {
  std::vector<SimulatedScenario> values;
  for (const PreparedScenario& prepared : scenarios) {
    const Chain plain = unrolled(prepared.chain);
    values.push_back(described(value_distribution(
        plain, entries_for(simulation.model, prepared.chain, plain, options.from), {.interrupted = options.effort.interrupted})));
  }
  return finished(std::move(simulation), scenarios, std::move(values));
}

/// Whether a distribution needs no drawing: somebody asked for no sample, and it can be computed.
[[nodiscard]] inline bool asks_for_a_sample(const SimulationOptions& options) {
  return options.effort.count || options.effort.precision || options.effort.seconds;
}

}  // namespace detail

/// Simulates each of these scenarios with the same people, or the same luck. Throws ModelError where nobody arrives or a
/// state does not exist, LimitError for what no engine can do within limits, DivergentError where a value is infinite.
[[nodiscard]] inline Simulation simulate(const Model& model, std::span<const Scenario> scenarios, const SimulationOptions& options) {
  detail::check_effort(options.effort);
  const bool may_be_lives = !options.engine || options.engine == SimulationEngine::individual;
  const std::vector<detail::PreparedScenario> prepared =
      may_be_lives ? detail::prepared_for_lives(model, scenarios, options.effort.interrupted)
                   : detail::prepared(model, scenarios, options.effort.interrupted);
  Simulation simulation{model, discount_factor(model.draft().discount_rate, model.period()), SimulationEngine::individual, {}, options.seed, 0, true, {}, {}};
  const auto with = [&](SimulationEngine engine, std::string why) {
    simulation.engine = engine;
    simulation.why = std::move(why);
    return simulation;
  };
  if (options.engine == SimulationEngine::cohort) {
    return detail::simulate_business(with(SimulationEngine::cohort, "it was asked for"), prepared, options);
  }
  if (options.engine == SimulationEngine::exact) {
    if (options.referrals) {
      throw LimitError{{{"unsupported", "referrals", "the exact distribution of a person's value leaves out whom they bring",
                         "use the individual engine, or leave --referrals out", {}}}};
    }
    return detail::compute_distributions(with(SimulationEngine::exact, "it was asked for"), prepared, options);
  }
  if (options.engine) return detail::simulate_people(with(SimulationEngine::individual, "it was asked for"), prepared, options);
  if (options.referrals) {
    return detail::simulate_people(with(SimulationEngine::individual, "families can only be followed one by one"), prepared, options);
  }
  if (detail::asks_for_a_sample(options)) {
    return detail::simulate_people(with(SimulationEngine::individual, "a sample of people was asked for"), prepared, options);
  }
  if (!std::all_of(prepared.begin(), prepared.end(), detail::has_exact_answer)) {
    return detail::simulate_people(with(SimulationEngine::individual, "more numbers differ than the exact engine combines"), prepared, options);
  }
  try {
    return detail::compute_distributions(with(SimulationEngine::exact, "the distribution of a person's value can be computed, without sampling error"),
                                         prepared, options);
  } catch (const LimitError&) {
    return detail::simulate_people(with(SimulationEngine::individual, "the exact distribution cannot be computed, or would take more work than is allowed"), prepared, options);
  }
}

/// What chance does to one scenario of a comparison.
struct SimulatedBusiness {
  Estimate mean{};
  std::optional<double> standard_deviation{};
  std::vector<QuantileEstimate> quantiles{};
  Estimate probability_best{};  ///< that no scenario has a higher customer equity; ties are shared
  std::optional<Estimate> incremental{};  ///< over the reference, replicate by replicate; none for the reference
  std::vector<QuantileEstimate> incremental_quantiles{};
};

/// A comparison with the distribution of each scenario's customer equity, in the order of its scenarios.
struct SimulatedComparison {
  Comparison comparison;
  std::uint64_t seed = 1;
  std::uint64_t replicates = 0;
  bool complete = true;
  std::vector<SimulatedBusiness> simulated{};
  std::optional<Reached> reached{};  ///< where a precision or a time was asked for
};

inline constexpr std::array<double, 3> compared_quantiles{0.05, 0.5, 0.95};

namespace detail {

/// Replicate by replicate, whether each scenario is worth most; ties are shared.
[[nodiscard]] inline std::vector<std::vector<double>> wins_of(const std::vector<CohortResult>& results) {
  return first_places(results.size(), results.front().equity_of_replicate.size(),
                      [&](std::size_t k, std::size_t replicate) { return results[k].equity_of_replicate[replicate]; });
}

/// How likely each scenario is worth most, controlled by the differences to the reference, whose expectations the exact
/// engine knows. What has no share of the sample to begin with, or all of it, stays so.
[[nodiscard]] inline std::vector<Estimate> probabilities_best(const std::vector<CohortResult>& results, const std::vector<double>& exact,
                                                              std::size_t reference) {
  std::vector<std::vector<double>> differences;
  std::vector<double> expectations;
  for (std::size_t k = 0; k < results.size(); ++k) {
    const ValueSummary difference = paired_difference(results[k], results[reference]);
    if (k == reference || difference.minimum() == difference.maximum()) continue;
    std::vector<double>& column = differences.emplace_back(results[k].equity_of_replicate);
    for (std::size_t r = 0; r < column.size(); ++r) column[r] -= results[reference].equity_of_replicate[r];
    expectations.push_back(exact[k] - exact[reference]);
  }
  std::vector<Estimate> best = controlled(controlled_sample(differences, expectations, wins_of(results)));
  double sum = 0;
  for (Estimate& probability : best) {
    probability.mean = std::clamp(probability.mean, 0.0, 1.0);
    sum += probability.mean;
  }
  for (Estimate& probability : best) probability.mean /= sum;
  return best;
}

/// The differences to the reference, which are what a comparison asks for; where there is nothing else, the reference.
[[nodiscard]] inline std::vector<Expected> expected_differences(const std::vector<CohortResult>& results, const std::vector<double>& exact,
                                                                std::size_t reference) {
  if (results.size() == 1) return {expected(results.front().customer_equity.estimate(), exact.front())};
  std::vector<Expected> all;
  for (std::size_t k = 0; k < results.size(); ++k) {
    if (k == reference) continue;
    const double rounding = 1e-9 * (std::abs(exact[k]) + std::abs(exact[reference]));
    all.push_back({paired_difference(results[k], results[reference]).estimate(), exact[k] - exact[reference], rounding});
  }
  return all;
}

}  // namespace detail

/// Compares scenarios as compare() does, and draws the whole business under each of them with the same luck.
[[nodiscard]] inline SimulatedComparison compare_simulated(const Model& model, std::span<const Scenario> scenarios, const SimulationOptions& options) {
  detail::check_effort(options.effort);
  const Interrupted& interrupted = options.effort.interrupted;
  SimulatedComparison result{compare(model, scenarios, {}, interrupted), options.seed, 0, true, {}, {}};
  if (!result.comparison.complete) detail::refuse_interrupted();
  std::vector<detail::PreparedScenario> prepared;
  std::size_t reference = 0;
  for (const ComparedScenario& compared : result.comparison.scenarios) {
    if (compared.valued.scenario.name == result.comparison.reference) reference = prepared.size();
    prepared.push_back({compared.valued.scenario, compared.valued.spending, scenario_chain(model, compared.valued.spending, one_piece, interrupted).chain});
  }
  std::vector<double> exact;
  for (const ComparedScenario& compared : result.comparison.scenarios) exact.push_back(compared.business().customer_equity);
  const auto asked = [&](const std::vector<CohortResult>& results) { return detail::expected_differences(results, exact, reference); };
  const detail::CohortRounds rounds = detail::simulate_businesses(prepared, options, asked);
  result.complete = rounds.complete;
  result.reached = rounds.reached;
  result.replicates = rounds.results.front().replicates();
  const std::vector<Estimate> best = detail::probabilities_best(rounds.results, exact, reference);
  for (std::size_t k = 0; k < rounds.results.size(); ++k) {
    const ValueSummary& equity = rounds.results[k].customer_equity;
    SimulatedBusiness business{equity.estimate(), equity.standard_deviation(), detail::quantiles_of(equity, compared_quantiles), best[k], {}, {}};
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
