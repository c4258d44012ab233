// What the whole distribution of a person's value costs, on the life chain, over the error that is asked for, over the
// horizon and over entries. Each run checks first that the distribution has the mean and the standard deviation that
// the exact engine says, and how far its quantiles are from those of a distribution proved to 0.01 %: that is
// `seen_error`, beside `proved_error`, both as shares of the standard deviation. The rival draws a million lives.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "life_variants.hpp"
#include "tenure/engine/distribution.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/individual.hpp"

namespace {

using namespace tenure;
using namespace tenure::measured;

[[nodiscard]] ValueDistribution law_of(const Chain& chain, double error) {
  return value_distribution(chain, entry_at(0), {.error = error});
}

/// Fine enough to tell how wrong the others are, and allowed the work that this takes.
[[nodiscard]] const ValueDistribution& fine_law() {
  static const ValueDistribution law = value_distribution(life_chain(), entry_at(0), {.error = 1e-4, .work = 1e12});
  return law;
}

/// Ends the benchmark where the moments are not those of the exact engine: the lattice keeps means, and moves a value
/// by no more than the error.
void check_moments(benchmark::State& state, const Chain& chain, const ValueDistribution& law) {
  const StateValue exact = exact_value(chain, {.trace = false}).states.front();
  const double sd = exact.clv_sd.value();
  if (!(std::fabs(law.mean - exact.clv.value()) < 1e-7 * sd))
    return state.SkipWithError("the mean differs from the exact one");
  if (!(std::fabs(law.sd - sd) < law.error))
    return state.SkipWithError("the standard deviation differs from the exact one");
}

[[nodiscard]] double farthest_quantile(const ValueDistribution& law, const ValueDistribution& fine) {
  double farthest = 0;
  for (int k = 1; k < 1000; ++k)
    farthest = std::max(farthest, std::fabs(law.quantile(k / 1000.0) - fine.quantile(k / 1000.0)));
  return farthest;
}

void distribution_of_life(benchmark::State& state) {
  const double error = static_cast<double>(state.range(0)) * 1e-4;
  const Chain chain = life_chain();
  const ValueDistribution law = law_of(chain, error);
  check_moments(state, chain, law);
  const double seen = farthest_quantile(law, fine_law());
  if (!(seen <= law.error + fine_law().error))
    state.SkipWithError("quantiles are further from the finer ones than is proved");
  for (auto _ : state) benchmark::DoNotOptimize(law_of(chain, error));
  state.counters["proved_error"] = law.error / law.sd;
  state.counters["seen_error"] = seen / law.sd;
  state.counters["points"] = static_cast<double>(law.value.size());
}
BENCHMARK(distribution_of_life)
    ->ArgName("error_in_10000ths_of_sd")
    ->Arg(10)
    ->Arg(30)
    ->Arg(100)
    ->Arg(300)
    ->Arg(1'000)
    ->Unit(benchmark::kMillisecond);

/// A longer horizon: more periods, and a value with more that can happen.
void distribution_over_periods(benchmark::State& state) {
  const Chain chain = life_chain(Variant{.periods = state.range(0)});
  check_moments(state, chain, law_of(chain, 0.003));
  for (auto _ : state) benchmark::DoNotOptimize(law_of(chain, 0.003));
}
BENCHMARK(distribution_over_periods)
    ->ArgName("periods")
    ->Arg(60)
    ->Arg(120)
    ->Arg(240)
    ->Arg(480)
    ->Unit(benchmark::kMillisecond);

/// One person a year enters, in as many years.
void distribution_over_entries(benchmark::State& state) {
  const Chain chain = life_chain();
  std::vector<Entry> entries;
  for (std::int64_t k = 0; k < state.range(0); ++k) entries.push_back({0, 12 * k, 1});
  for (auto _ : state) benchmark::DoNotOptimize(value_distribution(chain, entries));
}
BENCHMARK(distribution_over_entries)->ArgName("entries")->Arg(1)->Arg(2)->Arg(20)->Unit(benchmark::kMillisecond);

/// What one would do without it: a million lives on one thread, whose quantiles chance moves by `sampling_error` (half
/// of a 95 % interval of the median, as a share of the standard deviation).
void rival_quantiles_of_a_million_lives(benchmark::State& state) {
  const Chain chain = life_chain();
  IndividualOptions options{.people = 1'000'000, .entries = {entry_at(0)}, .threads = 1};
  double sampling_error = 0;
  for (auto _ : state) {
    const IndividualResult result = simulate_individuals(chain, options);
    const Interval median = result.values.quantile(0.5);
    sampling_error = (median.high - median.low) / 2 / result.values.standard_deviation().value();
    ++options.seed;
  }
  state.counters["sampling_error"] = sampling_error;
}
BENCHMARK(rival_quantiles_of_a_million_lives)->Unit(benchmark::kMillisecond);

}  // namespace
