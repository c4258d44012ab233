// What the population engine costs: a replicate of the life chain over the number of people and over the horizon, and
// of other chains over states; one count; and the same replicate drawn with the binomial distribution of Boost.Random.
// Each run first checks that its replicates have the mean and the standard deviation that the exact engine says, so
// that nothing wrong is fast.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>
#include <Eigen/Core>
#include <Eigen/SparseCore>
#include <boost/random/binomial_distribution.hpp>
#include <boost/random/mersenne_twister.hpp>

#include "life_chain.hpp"
#include "tenure/chain/from_matrix.hpp"
#include "tenure/engine/detail/population/binomial.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/population.hpp"
#include "tenure/engine/stream.hpp"

namespace {

using namespace tenure;
using namespace tenure::measured;

/// The life chain, with people who all come at once.
Chain customers(double people, std::int64_t horizon = life_periods) {
  Chain chain = life_chain();
  chain.horizon = horizon;
  chain.channels = 1;
  chain.arrivals = {{.state = 0, .channel = 0, .count = {people, 0}}};
  return chain;
}

/// Whether replicates agree with the exact engine: the mean within five standard errors, the deviation within five of
/// its own, as sums over so many people are nearly normal.
bool agrees(const Chain& chain, double people, ValueSummary equity) {
  const StateValue person = exact_value(chain, {.trace = false}).states[0];
  const double sd = *person.clv_sd * std::sqrt(people);
  const double error = sd / std::sqrt(static_cast<double>(equity.count()));
  return std::abs(equity.mean() - people * *person.clv) < 5 * error &&
         std::abs(*equity.standard_deviation() / sd - 1) < 5 / std::sqrt(2 * static_cast<double>(equity.count()));
}

void count_replicates(benchmark::State& state, std::uint64_t replicates) {
  state.counters["time_per_replicate"] = benchmark::Counter(
      static_cast<double>(replicates), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void population(benchmark::State& state) {
  const double people = std::pow(10, state.range(0));
  const Chain chain = customers(people);
  const PopulationOptions options{
      .replicates = 1'024, .threads = static_cast<unsigned>(state.range(1)), .traces = state.range(2) != 0};
  if (!agrees(chain, people, simulate_population(chain, options).customer_equity))
    return state.SkipWithError("differs from the exact engine");
  for (auto _ : state) benchmark::DoNotOptimize(simulate_population(chain, options));
  count_replicates(state, options.replicates);
}
BENCHMARK(population)
    ->ArgNames({"log10_people", "threads", "traces"})
    ->ArgsProduct({{2, 4, 6, 9, 12, 15}, {1}, {0}})
    ->Args({9, 1, 1})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(population)
    ->ArgNames({"log10_people", "threads", "traces"})
    ->ArgsProduct({{9}, {1, 2}, {0, 1}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void population_over_horizon(benchmark::State& state) {
  const Chain chain = customers(1e9, state.range(0));
  const PopulationOptions options{.replicates = 256, .threads = 1};
  if (!agrees(chain, 1e9, simulate_population(chain, options).customer_equity))
    return state.SkipWithError("differs from the exact engine");
  for (auto _ : state) benchmark::DoNotOptimize(simulate_population(chain, options));
  count_replicates(state, options.replicates);
}
BENCHMARK(population_over_horizon)->ArgName("horizon")->Arg(24)->Arg(240)->Arg(2'400)->Unit(benchmark::kMillisecond);

/// A ring of states, each with four moves.
void population_over_states(benchmark::State& state) {
  const auto states = static_cast<int>(state.range(0));
  std::vector<Eigen::Triplet<double>> entries;
  for (int i = 0; i < states; ++i) {
    const double moves[]{0.9, 0.05, 0.03, 0.02};
    for (int step = 0; step < 4; ++step) entries.emplace_back(i, (i + step) % states, moves[step]);
  }
  Eigen::SparseMatrix<double, Eigen::RowMajor> matrix(states, states);
  matrix.setFromTriplets(entries.begin(), entries.end());
  const Chain chain = chain_from_matrix(matrix, Eigen::VectorXd::Ones(states),
                                        {.horizon = life_periods,
                                         .discount_factor = monthly_discount,
                                         .arrivals = {{.state = 0, .channel = 0, .count = {1e9, 0}}}});
  const PopulationOptions options{.replicates = 32, .threads = 1};
  // nobody leaves and everybody brings the same, so that every replicate is certain
  const double certain = 1e9 * *exact_value(chain, {.trace = false}).states[0].clv;
  if (!(std::abs(simulate_population(chain, options).customer_equity.mean() / certain - 1) < 1e-12))
    return state.SkipWithError("differs from the exact engine");
  for (auto _ : state) benchmark::DoNotOptimize(simulate_population(chain, options));
  count_replicates(state, options.replicates);
}
BENCHMARK(population_over_states)->ArgName("states")->Arg(10)->Arg(100)->Arg(1'000)->Unit(benchmark::kMillisecond);

/// One replicate as one would write it with Boost.Random.
double replicate_with_boost(double people, boost::random::mt19937& random) {
  using Binomial = boost::random::binomial_distribution<std::int64_t, double>;
  std::array<std::int64_t, life_states> now{static_cast<std::int64_t>(people)};
  double equity = 0;
  double factor = 1;
  for (int t = 0; t < life_periods; ++t) {
    std::array<std::int64_t, life_states> next{};
    for (std::size_t i = 0; i < life_states; ++i) {
      const double sojourn = life_rows[i][i];
      equity += factor * static_cast<double>(now[i]) * life_rewards[i];
      std::int64_t left = now[i];
      double rest = 1 - sojourn;
      for (std::size_t j = 0; j < life_states && left > 0; ++j) {
        const double p = life_rows[i][j];
        if (j == i || p == 0) continue;
        const std::int64_t movers = Binomial{left, p / (rest + sojourn)}(random);
        next[j] += movers;
        left -= movers;
        rest -= p;
      }
      next[i] += left;
    }
    now = next;
    factor *= monthly_discount;
  }
  return equity;
}

void population_with_boost(benchmark::State& state) {
  const double people = std::pow(10, state.range(0));
  const Chain chain = customers(people);
  boost::random::mt19937 random{1};
  ValueSummary equity{people * *exact_value(chain).states[0].clv};
  std::vector<double> values;
  for (int r = 0; r < 1'024; ++r) values.push_back(replicate_with_boost(people, random));
  equity.add_block(values);
  if (!agrees(chain, people, equity)) return state.SkipWithError("differs from the exact engine");
  for (auto _ : state) benchmark::DoNotOptimize(replicate_with_boost(people, random));
  count_replicates(state, 1);
}
BENCHMARK(population_with_boost)
    ->ArgName("log10_people")
    ->Arg(2)
    ->Arg(4)
    ->Arg(6)
    ->Arg(9)
    ->Arg(12)
    ->Unit(benchmark::kMillisecond);

/// One binomial count, its random bits included.
void one_count(benchmark::State& state) {
  const double n = std::pow(10, state.range(0));
  const double mean = std::pow(10, state.range(1)) / 2;
  const tenure::detail::Chance chance = tenure::detail::chance_of(mean / n, 1 - mean / n);
  const StreamKey key = stream_key(1);
  std::uint32_t replicate = 0;
  for (auto _ : state) {
    const RandomBlock block = random_block(key, {0, replicate++, Purpose::population, 0});
    benchmark::DoNotOptimize(
        tenure::detail::binomial_quantile(n, chance, tenure::detail::rank_of(first_64_bits(block))));
  }
}
BENCHMARK(one_count)
    ->ArgNames({"log10_people", "log10_twice_mean"})
    ->Args({6, -2})
    ->Args({6, 0})
    ->Args({6, 1})
    ->Args({6, 2})
    ->Args({6, 6})
    ->Args({12, 0})
    ->Args({12, 12});

void one_count_with_boost(benchmark::State& state) {
  const double n = std::pow(10, state.range(0));
  const double mean = std::pow(10, state.range(1)) / 2;
  boost::random::mt19937 random{1};
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        boost::random::binomial_distribution<std::int64_t, double>{static_cast<std::int64_t>(n), mean / n}(random));
  }
}
BENCHMARK(one_count_with_boost)
    ->ArgNames({"log10_people", "log10_twice_mean"})
    ->Args({6, -2})
    ->Args({6, 0})
    ->Args({6, 1})
    ->Args({6, 2})
    ->Args({6, 6})
    ->Args({12, 0})
    ->Args({12, 12});

}  // namespace
