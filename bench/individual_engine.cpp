// What a simulated life costs: the individual engine on each set of instructions, alone and as `simulate` uses it,
// beside the ways in which lives are usually simulated, on one chain and in one run. Each checks its mean against the
// exact engine before it counts. The counter customer_steps is live customers advanced by a period, per second.

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/random/discrete_distribution.hpp>
#include <boost/random/mersenne_twister.hpp>

#include "life_chain.hpp"
#include "processor_time.hpp"
#include "tenure/engine/detail/individual/block_runner.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/individual.hpp"

namespace {

using namespace tenure;
using namespace tenure::detail;
using namespace tenure::measured;

[[nodiscard]] const StateValue& exact_of_first_state() {
  static const ExactValue value = exact_value(life_chain());
  return value.states.front();
}

/// Ends the benchmark where a mean is further from the exact one than chance allows.
void check_mean(benchmark::State& state, double mean, double people) {
  const double z =
      (mean - exact_of_first_state().clv.value()) / (exact_of_first_state().clv_sd.value() / std::sqrt(people));
  if (!(std::fabs(z) < 5))
    state.SkipWithError(("the mean is " + std::to_string(z) + " standard errors from the exact one").c_str());
}

void count_steps(benchmark::State& state, double lives) {
  const double total = lives * static_cast<double>(state.iterations());
  state.counters["customer_steps"] = benchmark::Counter(total * live_steps, benchmark::Counter::kIsRate);
  state.counters["lives"] = benchmark::Counter(total, benchmark::Counter::kIsRate);
  const auto for_each = benchmark::Counter::kIsRate | benchmark::Counter::kInvert;
  state.counters["time_per_life"] = benchmark::Counter(total, for_each);
  const double lives_needed =
      std::pow(exact_of_first_state().clv_sd.value() / (0.005 * exact_of_first_state().clv.value()), 2);
  state.counters["time_to_half_percent"] =
      benchmark::Counter(total / lives_needed, for_each);  // standard error of the mean
}

/// Blocks alone: lives and their values, nothing summed up.
void bare_lives(benchmark::State& state, InstructionSet instructions) {
  if (!is_available(instructions)) return state.SkipWithError("this processor has no such instructions");
  const Chain chain = life_chain();
  const LifeTables tables = life_tables(chain, life_periods);
  const ArrivalLottery lottery = arrival_lottery(tables, {entry_at(0)});
  const BlockRunner live = block_runner(tables, instructions);
  const StreamKey key = stream_key(1);
  Block block;
  std::uint64_t blocks = 0;
  double sum = 0;
  for (auto _ : state) {
    block = live(tables, key,
                 begin_block(tables, lottery, key, people_of_block * blocks, people_of_block, false, std::move(block)));
    ++blocks;
    std::int64_t units = 0;
    for (const std::int64_t value : block.units) units += value;
    sum += static_cast<double>(units);
  }
  const double people = static_cast<double>(blocks * people_of_block);
  check_mean(state, std::ldexp(sum, tables.unit_exponent) / people, people);
  count_steps(state, static_cast<double>(people_of_block));
}

/// As `simulate` runs it: moments, quantiles, histogram and, if asked for, traces.
void simulated(benchmark::State& state, bool traces, unsigned threads, std::uint64_t people) {
  const Chain chain = life_chain();
  IndividualOptions options{.people = people, .entries = {entry_at(0)}, .traces = traces, .threads = threads};
  for (auto _ : state) {
    const IndividualResult result = simulate_individuals(chain, options);
    benchmark::DoNotOptimize(result.values.quantile(0.5));
    check_mean(state, result.values.mean(), static_cast<double>(people));
    ++options.seed;
  }
  count_steps(state, static_cast<double>(people));
}

/// Two scenarios with the same people, retention 5 % better in the second.
void paired(benchmark::State& state) {
  const std::vector<Chain> chains{life_chain(), life_chain(0.05)};
  IndividualOptions options{.people = 1 << 20, .entries = {entry_at(0)}, .threads = 1};
  double gain = 0;
  for (auto _ : state) {
    const PairedResult result = simulate_paired(chains, options);
    const double together = std::pow(result.difference[0].standard_deviation().value(), 2);
    const double apart = std::pow(result.each[0].values.standard_deviation().value(), 2) +
                         std::pow(result.each[1].values.standard_deviation().value(), 2);
    gain = apart / together;
    ++options.seed;
  }
  count_steps(state, 1 << 20);
  state.counters["variance_ratio"] = gain;
}

/// Two scenarios, retention 5 % better in the second, and the first alone, in turns within one loop, so that whatever
/// else the machine does meets both: `times_one` is the ratio of their times. run(chains) does the work.
template <class Run>
void one_and_two_scenarios(benchmark::State& state, Run&& run) {
  const std::vector<Chain> chains{life_chain(), life_chain(0.05)};
  const std::vector<const Chain*> places{&chains[0], &chains[1]};
  double two = 0;
  double one = 0;
  for (auto _ : state) {
    const double seconds = seconds_of([&] { run(std::span{places}); });
    state.SetIterationTime(seconds);
    two += seconds;
    one += seconds_of([&] { run(std::span{places}.first(1)); });
  }
  state.counters["times_one"] = two / one;
}

constexpr std::uint64_t people_of_scenario = 1 << 20;

/// Lives alone, nothing summed up.
void two_scenarios_bare(benchmark::State& state, InstructionSet instructions) {
  if (!is_available(instructions)) return state.SkipWithError("this processor has no such instructions");
  const ArrivalLottery lottery = arrival_lottery(life_tables(life_chain(), life_periods), {entry_at(0)});
  const StreamKey key = stream_key(1);
  one_and_two_scenarios(state, [&](std::span<const Chain* const> chains) {
    std::vector<LifeTables> tables;
    for (const Chain* chain : chains) tables.push_back(life_tables(*chain, life_periods));
    std::vector<const LifeTables*> places;
    for (const LifeTables& each : tables) places.push_back(&each);
    const BlocksRunner live = blocks_runner(places, instructions);
    std::vector<Block> blocks(tables.size());
    for (std::uint64_t first = 0; first < people_of_scenario; first += people_of_block) {
      for (std::size_t k = 0; k < blocks.size(); ++k)
        blocks[k] = begin_block(tables[k], lottery, key, first, people_of_block, false, std::move(blocks[k]));
      blocks = live(key, std::move(blocks));
    }
    benchmark::DoNotOptimize(blocks.back().units.data());
  });
}

/// Lives and summaries: each scenario's, and with `differences` how they differ.
void two_scenarios_summed_up(benchmark::State& state, InstructionSet instructions, bool differences) {
  if (!is_available(instructions)) return state.SkipWithError("this processor has no such instructions");
  IndividualOptions options{
      .people = people_of_scenario, .entries = {entry_at(0)}, .threads = 1, .instructions = instructions};
  one_and_two_scenarios(state, [&](std::span<const Chain* const> chains) {
    if (differences && chains.size() == 2) {
      const std::vector<Chain> both{*chains[0], *chains[1]};
      benchmark::DoNotOptimize(simulate_paired(both, options).difference.front().mean());
    } else {
      benchmark::DoNotOptimize(simulate_together(chains, options, 0, blocks_of(options)).front().values.mean());
    }
  });
}

/// As `simulate` uses it: with quantiles and a histogram of each scenario.
void two_scenarios_described(benchmark::State& state, InstructionSet instructions) {
  if (!is_available(instructions)) return state.SkipWithError("this processor has no such instructions");
  constexpr std::array<double, 9> shares{0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};
  IndividualOptions options{
      .people = people_of_scenario, .entries = {entry_at(0)}, .threads = 1, .instructions = instructions};
  one_and_two_scenarios(state, [&](std::span<const Chain* const> chains) {
    for (const IndividualResult& result : simulate_together(chains, options, 0, blocks_of(options))) {
      benchmark::DoNotOptimize(result.values.quantiles(shares).front().low);
      benchmark::DoNotOptimize(result.values.histogram(40).counts.front());
    }
  });
}

/// xoshiro256++ (Blackman and Vigna 2021), the usual fast generator.
struct Xoshiro {
  std::array<std::uint64_t, 4> s;
  explicit Xoshiro(std::uint64_t seed) {
    for (std::uint64_t& word : s) word = detail::mixed(seed += 0x9E3779B97F4A7C15);
  }
  static std::uint64_t rotated(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  std::uint64_t operator()() {
    const std::uint64_t result = rotated(s[0] + s[3], 23) + s[0];
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return result;
  }
};

/// Lives one after the other, each period's next state from draw(state).
template <class Draw>
double live_plainly(int lives, Draw&& draw) {
  double total = 0;
  for (int k = 0; k < lives; ++k) {
    double discount = 1;
    int s = 0;
    for (int t = 0; t < life_periods && s != static_cast<int>(life_states) - 1; ++t, discount *= monthly_discount) {
      total += discount * life_rewards[s];
      s = draw(s);
    }
  }
  return total;
}

constexpr int rival_lives = 20'000;

template <class Draw>
void rival(benchmark::State& state, Draw&& draw) {
  double total = 0;
  for (auto _ : state) total += live_plainly(rival_lives, draw);
  const double people = static_cast<double>(state.iterations()) * rival_lives;
  check_mean(state, total / people, people);
  count_steps(state, rival_lives);
}

void rival_standard_library(benchmark::State& state) {
  std::mt19937_64 random{1};
  std::vector<std::discrete_distribution<int>> rows;
  for (const auto& row : life_rows) rows.emplace_back(row, row + life_states);
  rival(state, [&](int s) { return rows[static_cast<std::size_t>(s)](random); });
}

void rival_boost(benchmark::State& state) {
  boost::random::mt19937 random{1};
  std::vector<boost::random::discrete_distribution<int>> rows;
  for (const auto& row : life_rows) rows.emplace_back(row, row + life_states);
  rival(state, [&](int s) { return rows[static_cast<std::size_t>(s)](random); });
}

void rival_xoshiro_linear_scan(benchmark::State& state) {
  Xoshiro random{1};
  rival(state, [&](int s) {
    const double u = static_cast<double>(random() >> 11) * 0x1p-53;
    double cumulated = 0;
    int next = 0;
    for (; next + 1 < static_cast<int>(life_states); ++next) {
      cumulated += life_rows[s][next];
      if (u < cumulated) break;
    }
    return next;
  });
}

BENCHMARK_CAPTURE(bare_lives, avx512, InstructionSet::avx512);
BENCHMARK_CAPTURE(bare_lives, avx2, InstructionSet::avx2);
BENCHMARK_CAPTURE(bare_lives, sse4, InstructionSet::sse4);
BENCHMARK_CAPTURE(bare_lives, portable, InstructionSet::portable);
BENCHMARK_CAPTURE(simulated, one_thread, false, 1, std::uint64_t{1} << 24)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulated, one_thread_traces, true, 1, std::uint64_t{1} << 24)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulated, two_threads, false, 2, std::uint64_t{1} << 24)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(simulated, hundred_million_lives, false, 0, std::uint64_t{100'000'000})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(1);
BENCHMARK(paired)->Unit(benchmark::kMillisecond);
#define TWO_SCENARIOS(instructions)                                                                              \
  BENCHMARK_CAPTURE(two_scenarios_bare, instructions, InstructionSet::instructions)                              \
      ->UseManualTime()                                                                                          \
      ->Unit(benchmark::kMillisecond);                                                                           \
  BENCHMARK_CAPTURE(two_scenarios_summed_up, instructions, InstructionSet::instructions, false)                  \
      ->UseManualTime()                                                                                          \
      ->Unit(benchmark::kMillisecond);                                                                           \
  BENCHMARK_CAPTURE(two_scenarios_summed_up, instructions##_and_differences, InstructionSet::instructions, true) \
      ->UseManualTime()                                                                                          \
      ->Unit(benchmark::kMillisecond);                                                                           \
  BENCHMARK_CAPTURE(two_scenarios_described, instructions, InstructionSet::instructions)                         \
      ->UseManualTime()                                                                                          \
      ->Unit(benchmark::kMillisecond)
TWO_SCENARIOS(avx512);
TWO_SCENARIOS(avx2);
TWO_SCENARIOS(sse4);
BENCHMARK(rival_standard_library)->Unit(benchmark::kMillisecond);
BENCHMARK(rival_boost)->Unit(benchmark::kMillisecond);
BENCHMARK(rival_xoshiro_linear_scan)->Unit(benchmark::kMillisecond);

}  // namespace
