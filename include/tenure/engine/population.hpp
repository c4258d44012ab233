#pragma once
// The population engine: what the whole business may be worth, by drawing how many people move instead of following
// each of them. Counts of people by state go from period to period by exact multinomial draws, those who arrive and
// those who are brought by Poisson draws, so that a replicate costs the same for a thousand people and for a thousand
// million. The expectation of a replicate's customer equity is the exact engine's; what the replicates add is how far
// luck may carry the business from it. Definitions stand in docs/semantics.md, the drawing of counts in
// population/count_law.hpp.
//
// A run is a function of the chain, the seed and the number of replicates. Replicate r draws from addresses of its own,
// and each count in it from one address (the period, the state and where people go), by inversion: so compared
// scenarios meet the same draws, replicate by replicate, and the first n replicates are the same whatever n is.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/estimate.hpp"
#include "tenure/engine/population/moments.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/engine/summary.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// How many replicates, of which seed, and what to keep of them.
struct PopulationOptions {
  std::uint64_t seed = 1;
  std::uint64_t replicates = 10'000;       ///< at most 2^32
  unsigned threads = 0;                    ///< 0: as many as the processor has; no result depends on it
  bool traces = false;                     ///< the course of the business, period by period (finite horizons)
  std::function<bool()> stop{};            ///< asked now and then in the calling thread; ends the run if it says true
  std::function<void(double)> progress{};  ///< told there, too, which share of the replicates is done
};

/// Replicates are simulated in blocks of so many: block b holds replicates 32b … 32b + 31.
inline constexpr std::uint64_t replicates_of_block = 32;

/// How many blocks a run has; the last may be short.
[[nodiscard]] inline std::uint64_t blocks_of(const PopulationOptions& options) {
  return options.replicates / replicates_of_block + (options.replicates % replicates_of_block != 0 ? 1 : 0);
}

/// Mean course of the whole business, as in the exact engine's Trace; index t is period t.
struct PopulationTrace {
  std::vector<Estimate> cash_flow{};
  std::vector<Estimate> discounted_cash_flow{};
  std::vector<Estimate> spend{};
  std::vector<std::vector<Estimate>> people{};  ///< by state
};

/// Replicates first_replicate, first_replicate + 1, … without a gap.
struct PopulationResult {
  std::uint64_t seed = 1;
  int stream = stream_version;
  std::uint64_t first_replicate = 0;
  bool complete = true;  ///< every replicate that was asked for is there
  std::size_t states = 0;
  std::int64_t periods = 0;                   ///< simulated: the horizon, or as far as an infinite one matters
  ValueSummary customer_equity{};             ///< one value for each replicate
  std::vector<double> equity_of_replicate{};  ///< the same values in the order of replicates
  FigureMoments figures{};  ///< investment, then period by period the figures of the trace, if asked for

  [[nodiscard]] std::uint64_t replicates() const { return equity_of_replicate.size(); }
  /// Present value of all lever spend.
  [[nodiscard]] Estimate investment() const { return figures.estimate(0, replicates()); }
  /// None for an infinite horizon, or if not asked for.
  [[nodiscard]] std::optional<PopulationTrace> trace() const;
};

/// Simulates all replicates. Throws ModelError where nobody arrives, LimitError where the work would need too much
/// memory or there would be more than 10^15 people, DivergentError where an infinite horizon has no finite value.
[[nodiscard]] PopulationResult simulate_population(const Chain& chain, const PopulationOptions& options = {});

/// Simulates blocks first … last - 1 of the same run, as far as it has them: one part of the work of many machines.
[[nodiscard]] PopulationResult simulate_population_blocks(const Chain& chain, const PopulationOptions& options,
                                                          std::uint64_t first, std::uint64_t last);

/// Two parts of one run, the second beginning where the first ends, as the one part that they are: the same bits as if
/// they had been simulated together. Throws ModelError for parts that do not fit.
[[nodiscard]] PopulationResult merge(PopulationResult earlier, const PopulationResult& later);

/// How much more a scenario is worth than a reference of the same seed, replicate by replicate with the same draws,
/// over the replicates that both have. Throws ModelError for results that do not fit.
[[nodiscard]] ValueSummary paired_difference(const PopulationResult& scenario, const PopulationResult& reference);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/engine/population-inl.hpp"
#endif
