#pragma once
// How much chance there is in a value: its distribution under each scenario, by the cheapest engine that can answer. A
// person's value is followed life by life (individual) or computed as a distribution (exact); the business's is drawn
// from counts of people (population).

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tenure/chain/spending.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/decide/simulation_rounds.hpp"
#include "tenure/engine/estimate.hpp"
#include "tenure/engine/individual/instruction_set.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// Lives one by one, the whole business by counts, or the distribution without drawing.
enum class SimulationEngine : std::uint8_t { individual, population, exact };

/// The names of these engines, in their order.
inline constexpr std::array<std::string_view, 3> simulation_engine_names{"individual", "population", "exact"};

/// Whom to simulate, how, and for how long.
struct SimulationOptions {
  std::optional<SimulationEngine> engine{};  ///< default the cheapest that can answer
  std::uint64_t seed = 1;
  Effort effort{};                    ///< default a million people, ten thousand replicates
  std::optional<std::string> from{};  ///< the state in which a person enters at t = 0; default as the arrivals do
  bool referrals = false;             ///< count everyone whom a person brings, and whom those bring
  std::optional<InstructionSet> instructions{};
};

/// The value below which a share of all values lie.
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
  Estimate share_negative{};         ///< controlled by the exact mean, where there is one
  std::optional<double> error{};     ///< of an exact quantile, in money
  std::optional<EquityRisk> risk{};  ///< what people and what the market do: of the whole business exactly, of a person
                                     ///< who shares a market as simulated
};

/// The distribution of a value under each scenario, and how it was found.
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

/// The shares whose quantiles a simulation reports.
inline constexpr std::array<double, 9> reported_quantiles{0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};

/// How many bins a reported histogram has.
inline constexpr std::size_t histogram_bins = 40;

/// How many a precision never stops short of: a standard error from fewer may be small by chance.
/// tests/statistical/coverage.cpp shows that it is honest from here on.
inline constexpr std::uint64_t least_people = 65'536;

/// The same of replicates.
inline constexpr std::uint64_t least_replicates = 256;

/// Simulates each of these scenarios with the same people, or the same draws. Throws ModelError where nobody arrives or
/// a state does not exist, LimitError for what no engine can do within limits, DivergentError where a value is
/// infinite.
[[nodiscard]] Simulation simulate(const Model& model, std::span<const Scenario> scenarios,
                                  const SimulationOptions& options);

/// What chance does to one scenario of a comparison.
struct SimulatedBusiness {
  Estimate mean{};
  std::optional<double> standard_deviation{};
  std::vector<QuantileEstimate> quantiles{};
  Estimate probability_best{};            ///< that no scenario has a higher customer equity; ties are shared
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

/// The shares whose quantiles a simulated comparison reports.
inline constexpr std::array<double, 3> compared_quantiles{0.05, 0.5, 0.95};

/// Compares scenarios as compare() does, and draws the whole business under each of them with the same draws.
[[nodiscard]] SimulatedComparison compare_simulated(const Model& model, std::span<const Scenario> scenarios,
                                                    const SimulationOptions& options);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/decide/simulate-inl.hpp"
#endif
