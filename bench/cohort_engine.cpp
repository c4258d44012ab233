// What the cohort engine costs: a replicate over the number of people, over states and over the horizon; one count; and
// the same replicate drawn with the binomial distribution of Boost.Random. Each run first checks that its replicates
// have the mean and the standard deviation that the exact engine says, so that nothing wrong is fast.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>
#include <Eigen/Core>
#include <boost/random/binomial_distribution.hpp>
#include <boost/random/mersenne_twister.hpp>

#include "tenure/chain/from_matrix.hpp"
#include "tenure/engine/cohort.hpp"
#include "tenure/engine/cohort/binomial.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/stream.hpp"

namespace {

using namespace tenure;

constexpr int months = 240;
constexpr double discount = 0.9920889434469910;  // a tenth a year

/// Seven kinds of customers and those who are lost.
Eigen::MatrixXd customer_moves() {
  Eigen::MatrixXd moves(8, 8);
  moves << 0.88, 0.08, 0.03, 0, 0.01, 0, 0, 0,  //
      0.004, 0.93, 0.046, 0.02, 0, 0, 0, 0,     //
      0, 0.06, 0.86, 0.03, 0.05, 0, 0, 0,       //
      0.15, 0.05, 0, 0.7, 0, 0.1, 0, 0,         //
      0, 0, 0.08, 0, 0.82, 0.06, 0, 0.04,       //
      0, 0, 0, 0, 0.03, 0.9, 0.04, 0.03,        //
      0, 0.12, 0.15, 0, 0, 0, 0.55, 0.18,       //
      0, 0, 0, 0, 0, 0, 0, 1;
  return moves;
}

Eigen::VectorXd customer_money() { return Eigen::VectorXd{{210, 62.5, 23, -18, 6.5, 0, -35, 0}}; }

Chain customers(double people, std::int64_t horizon = months) {
  return chain_from_matrix(customer_moves(), customer_money(),
                           {.horizon = horizon,
                            .discount_factor = discount,
                            .arrivals = {{.state = 0, .channel = 0, .count = {people, 0}}}});
}

/// Whether replicates agree with the exact engine: the mean within five standard errors, the deviation within a tenth.
bool agrees(const Chain& chain, double people, ValueSummary equity) {
  const StateValue person = exact_value(chain, {.trace = false}).states[0];
  const double sd = *person.clv_sd * std::sqrt(people);
  const double error = sd / std::sqrt(static_cast<double>(equity.count()));
  return std::abs(equity.mean() - people * *person.clv) < 5 * error &&
         std::abs(*equity.standard_deviation() / sd - 1) < 0.1;
}

void count_replicates(benchmark::State& state, std::uint64_t replicates) {
  state.counters["time_per_replicate"] = benchmark::Counter(
      static_cast<double>(replicates), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void cohort(benchmark::State& state) {
  const double people = std::pow(10, state.range(0));
  const Chain chain = customers(people);
  const CohortOptions options{
      .replicates = 1'024, .threads = static_cast<unsigned>(state.range(1)), .traces = state.range(2) != 0};
  if (!agrees(chain, people, simulate_cohort(chain, options).customer_equity))
    return state.SkipWithError("differs from the exact engine");
  for (auto _ : state) benchmark::DoNotOptimize(simulate_cohort(chain, options));
  count_replicates(state, options.replicates);
}
BENCHMARK(cohort)
    ->ArgNames({"log10_people", "threads", "traces"})
    ->ArgsProduct({{2, 4, 6, 9, 12, 15}, {1}, {0}})
    ->Args({9, 1, 1})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(cohort)
    ->ArgNames({"log10_people", "threads", "traces"})
    ->ArgsProduct({{9}, {1, 2}, {0, 1}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void cohort_over_horizon(benchmark::State& state) {
  const Chain chain = customers(1e9, state.range(0));
  const CohortOptions options{.replicates = 256, .threads = 1};
  for (auto _ : state) benchmark::DoNotOptimize(simulate_cohort(chain, options));
  count_replicates(state, options.replicates);
}
BENCHMARK(cohort_over_horizon)->ArgName("horizon")->Arg(24)->Arg(240)->Arg(2'400)->Unit(benchmark::kMillisecond);

/// A ring of states, each with four moves.
void cohort_over_states(benchmark::State& state) {
  const auto states = static_cast<int>(state.range(0));
  std::vector<Eigen::Triplet<double>> entries;
  for (int i = 0; i < states; ++i) {
    const double moves[]{0.9, 0.05, 0.03, 0.02};
    for (int step = 0; step < 4; ++step) entries.emplace_back(i, (i + step) % states, moves[step]);
  }
  SparseMatrix matrix(states, states);
  matrix.setFromTriplets(entries.begin(), entries.end());
  const Chain chain = chain_from_matrix(
      matrix, Eigen::VectorXd::Ones(states),
      {.horizon = months, .discount_factor = discount, .arrivals = {{.state = 0, .channel = 0, .count = {1e9}}}});
  const CohortOptions options{.replicates = 32, .threads = 1};
  for (auto _ : state) benchmark::DoNotOptimize(simulate_cohort(chain, options));
  count_replicates(state, options.replicates);
}
BENCHMARK(cohort_over_states)->ArgName("states")->Arg(10)->Arg(100)->Arg(1'000)->Unit(benchmark::kMillisecond);

/// One replicate as one would write it with Boost.Random.
double replicate_with_boost(const Eigen::MatrixXd& moves, const Eigen::VectorXd& money, double people,
                            boost::random::mt19937& random) {
  using Binomial = boost::random::binomial_distribution<std::int64_t, double>;
  const auto states = static_cast<std::size_t>(money.size());
  std::vector<std::int64_t> now(states), next(states);
  now[0] = static_cast<std::int64_t>(people);
  double equity = 0;
  double factor = 1;
  for (int t = 0; t < months; ++t) {
    std::fill(next.begin(), next.end(), 0);
    for (std::size_t i = 0; i < states; ++i) {
      const auto row = static_cast<Eigen::Index>(i);
      equity += factor * static_cast<double>(now[i]) * money[row];
      std::int64_t left = now[i];
      double rest = 1 - moves(row, row);
      for (std::size_t j = 0; j < states && left > 0; ++j) {
        const double p = moves(row, static_cast<Eigen::Index>(j));
        if (j == i || p == 0) continue;
        const std::int64_t movers = Binomial{left, p / (rest + moves(row, row))}(random);
        next[j] += movers;
        left -= movers;
        rest -= p;
      }
      next[i] += left;
    }
    std::swap(now, next);
    factor *= discount;
  }
  return equity;
}

void cohort_with_boost(benchmark::State& state) {
  const double people = std::pow(10, state.range(0));
  const Chain chain = customers(people);
  boost::random::mt19937 random{1};
  ValueSummary equity{people * 4434.5};
  std::vector<double> values;
  for (int r = 0; r < 1'024; ++r)
    values.push_back(replicate_with_boost(customer_moves(), customer_money(), people, random));
  equity.add_block(values);
  if (!agrees(chain, people, equity)) return state.SkipWithError("differs from the exact engine");
  const Eigen::MatrixXd moves = customer_moves();
  const Eigen::VectorXd money = customer_money();
  for (auto _ : state) benchmark::DoNotOptimize(replicate_with_boost(moves, money, people, random));
  count_replicates(state, 1);
}
BENCHMARK(cohort_with_boost)
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
