// What it costs that a chain is not the same in every period, or that moves bring money: each variant of the life chain
// beside the plain one, in turns within one loop, so that whatever else the machine does meets both. The counter
// `times_plain` is CPU time for a customer-step (or a replicate, or a chain) over that of the plain chain. Each
// variant's mean is checked against the exact engine's, and that against a plain recursion of its own.

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "life_variants.hpp"
#include "processor_time.hpp"
#include "tenure/engine/distribution.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/individual.hpp"
#include "tenure/engine/individual/instruction_set.hpp"
#include "tenure/engine/population.hpp"

namespace {

using namespace tenure;
using namespace tenure::measured;

/// V_t = c_t + d P_t (g_t + V_{t+1}), as one would write it for a page.
[[nodiscard]] double plain_mean(const Chain& chain) {
  std::vector<double> value(chain.states());
  for (std::int64_t t = *chain.horizon; t-- > 0;) {
    std::vector<double> before = chain.cash_flow.at(t);
    for (std::size_t i = 0; i < before.size(); ++i) {
      for (std::size_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
        before[i] += chain.discount_factor * chain.probability.at(t)[k] *
                     (chain.transition_cash_flow.at(t)[k] + value[chain.transitions.successor[k]]);
      }
    }
    value = std::move(before);
  }
  return value[0];
}

/// The exact value, or an error that ends the benchmark where the plain recursion says something else.
[[nodiscard]] StateValue checked_value(benchmark::State& state, const Chain& chain) {
  const StateValue exact = exact_value(chain, {.trace = false}).states.front();
  if (!(std::fabs(plain_mean(chain) / exact.clv.value() - 1) < 1e-11))
    state.SkipWithError("the exact engine differs from a plain recursion");
  return exact;
}

void check_mean(benchmark::State& state, double mean, const StateValue& exact, double people) {
  const double z = (mean - *exact.clv) / (*exact.clv_sd / std::sqrt(people));
  if (!(std::fabs(z) < 5))
    state.SkipWithError(("the mean is " + std::to_string(z) + " standard errors from the exact one").c_str());
}

/// Variant and plain chain in turns; the variant's time is the benchmark's.
template <class Work>
void in_turns(benchmark::State& state, double steps_of_variant, double steps_of_plain, Work&& work_of) {
  const auto of_variant = work_of(true);
  const auto of_plain = work_of(false);
  double variant = 0;
  double plain = 0;
  for (auto _ : state) {
    const double seconds = seconds_of(of_variant);
    state.SetIterationTime(seconds);
    variant += seconds;
    plain += seconds_of(of_plain);
  }
  state.counters["times_plain"] = variant / steps_of_variant / (plain / steps_of_plain);
}

/// As `simulate` uses it: moments, quantiles and, if asked for, people by state and period.
void lives_on(benchmark::State& state, InstructionSet instructions, Variant variant, bool traces) {
  if (!is_available(instructions)) return state.SkipWithError("this processor has no such instructions");
  constexpr std::uint64_t people = 1 << 18;
  const Chain chain = life_chain(variant);
  const Chain plain = life_chain();
  const StateValue exact = checked_value(state, chain);
  std::uint64_t seed = 0;
  double sum = 0;
  const auto simulate = [&](const Chain& of) {
    const IndividualOptions options{.seed = ++seed,
                                    .people = people,
                                    .entries = {entry_at(0)},
                                    .traces = traces,
                                    .threads = 1,
                                    .instructions = instructions};
    const IndividualResult result = simulate_individuals(of, options);
    benchmark::DoNotOptimize(result.values.quantile(0.5));
    return result.values.mean();
  };
  in_turns(state, live_steps_of(chain), live_steps_of(plain), [&](bool varied) {
    return [&, varied] {
      const double mean = simulate(varied ? chain : plain);
      if (varied) sum += mean;
    };
  });
  const auto runs = static_cast<double>(state.iterations());
  check_mean(state, sum / runs, exact, runs * people);
  state.counters["customer_steps"] =
      benchmark::Counter(runs * people * live_steps_of(chain), benchmark::Counter::kIsRate);
  state.counters["lives"] = benchmark::Counter(runs * people, benchmark::Counter::kIsRate);
}

void lives(benchmark::State& state, Variant variant, bool traces) {
  lives_on(state, widest_instruction_set(), variant, traces);
}

void population_of_variant(benchmark::State& state, Variant variant) {
  constexpr double people = 1e9;
  constexpr std::uint64_t replicates = 256;
  Chain chain = life_chain(variant);
  Chain plain = life_chain();
  const StateValue exact = checked_value(state, chain);
  for (Chain* each : {&chain, &plain}) {
    each->channels = 1;
    each->arrivals = {{.state = 0, .channel = 0, .count = {people, 0}}};
  }
  std::uint64_t seed = 0;
  double sum = 0;
  in_turns(state, 1, 1, [&](bool varied) {
    return [&, varied] {
      const PopulationResult result =
          simulate_population(varied ? chain : plain, {.seed = ++seed, .replicates = replicates, .threads = 1});
      if (varied) sum += result.customer_equity.mean() / people;
    };
  });
  const auto runs = static_cast<double>(state.iterations());
  check_mean(state, sum / runs, exact, runs * replicates * people);
}

void exact_of_variant(benchmark::State& state, Variant variant) {
  const Chain chain = life_chain(variant);
  const Chain plain = life_chain();
  static_cast<void>(checked_value(state, chain));
  in_turns(state, 1, 1, [&](bool varied) {
    return [&, varied] { benchmark::DoNotOptimize(exact_value(varied ? chain : plain, {.trace = false})); };
  });
}

void distribution_of_variant(benchmark::State& state, Variant variant) {
  const Chain chain = life_chain(variant);
  const Chain plain = life_chain();
  const StateValue exact = checked_value(state, chain);
  double mean = 0;
  in_turns(state, 1, 1, [&](bool varied) {
    return [&, varied] {
      const ValueDistribution law = value_distribution(varied ? chain : plain, entry_at(0));
      if (varied) mean = law.mean;
    };
  });
  if (!(std::fabs(mean - *exact.clv) < 1e-7 * *exact.clv_sd))
    state.SkipWithError("the mean differs from the exact one");
}

constexpr Variant twelve_rows{.distinct_rows = 12};
constexpr Variant rows_of_each_period{.distinct_rows = life_periods};
constexpr Variant all_of_each_period{.distinct_rows = life_periods, .distinct_amounts = life_periods};
constexpr Variant three_paying_moves{.paying_moves = 3};
constexpr Variant seven_paying_moves{.paying_moves = 7};
constexpr Variant all_moves_paying{.paying_moves = 100};
constexpr Variant everything{.distinct_rows = life_periods, .distinct_amounts = life_periods, .paying_moves = 100};

#define EACH_VARIANT(register_one)   \
  register_one(twelve_rows);         \
  register_one(rows_of_each_period); \
  register_one(all_of_each_period);  \
  register_one(three_paying_moves);  \
  register_one(seven_paying_moves);  \
  register_one(all_moves_paying);    \
  register_one(everything)

#define LIVES(variant) BENCHMARK_CAPTURE(lives, variant, variant, false)->UseManualTime()->Unit(benchmark::kMillisecond)
#define NARROWER(variant)                                                                             \
  BENCHMARK_CAPTURE(lives_on, avx2_##variant, InstructionSet::avx2, variant, false)->UseManualTime(); \
  BENCHMARK_CAPTURE(lives_on, sse4_##variant, InstructionSet::sse4, variant, false)->UseManualTime()
#define TRACED(variant) \
  BENCHMARK_CAPTURE(lives, variant##_traces, variant, true)->UseManualTime()->Unit(benchmark::kMillisecond)
#define COHORT(variant) \
  BENCHMARK_CAPTURE(population_of_variant, variant, variant)->UseManualTime()->Unit(benchmark::kMillisecond)
#define EXACT(variant) \
  BENCHMARK_CAPTURE(exact_of_variant, variant, variant)->UseManualTime()->Unit(benchmark::kMicrosecond)->MinTime(0.2)
#define DISTRIBUTION(variant) \
  BENCHMARK_CAPTURE(distribution_of_variant, variant, variant)->UseManualTime()->Unit(benchmark::kMillisecond)

EACH_VARIANT(LIVES);
EACH_VARIANT(NARROWER);
EACH_VARIANT(TRACED);
EACH_VARIANT(COHORT);
EACH_VARIANT(EXACT);
EACH_VARIANT(DISTRIBUTION);

}  // namespace
