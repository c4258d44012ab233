// How the cost of simulating lives grows: with people, with periods, with threads, and what memory it takes. Cost must
// be linear in people and in periods, so that `time_per_step` stays as it is; and memory must not grow with people
// beyond the ten million values that a summary keeps.

#include <cmath>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "life_variants.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/individual.hpp"

namespace {

using namespace tenure;
using namespace tenure::measured;

/// A figure of this process in megabytes, such as VmRSS or VmHWM, the most it ever had; 0 where the system does not
/// tell.
[[nodiscard]] double megabytes(const std::string& of) {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == of + ":" && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

/// Lets the system forget what the process had at most.
void forget_peak() { std::ofstream{"/proc/self/clear_refs"} << 5; }

void check_mean(benchmark::State& state, const Chain& chain, const ValueSummary& values) {
  const StateValue exact = exact_value(chain, {.trace = false}).states.front();
  const double z = (values.mean() - *exact.clv) / (*exact.clv_sd / std::sqrt(static_cast<double>(values.count())));
  if (!(std::fabs(z) < 5))
    state.SkipWithError(("the mean is " + std::to_string(z) + " standard errors from the exact one").c_str());
}

void simulate(benchmark::State& state, const Chain& chain, IndividualOptions options) {
  options.entries = {entry_at(0)};
  forget_peak();
  const double before = megabytes("VmRSS");
  for (auto _ : state) {
    const IndividualResult result = simulate_individuals(chain, options);
    benchmark::DoNotOptimize(result.values.quantile(0.5));
    check_mean(state, chain, result.values);
    ++options.seed;
  }
  const double steps =
      static_cast<double>(state.iterations()) * static_cast<double>(options.people) * live_steps_of(chain);
  state.counters["peak_megabytes"] = megabytes("VmHWM") - before;
  state.counters["customer_steps"] = benchmark::Counter(steps, benchmark::Counter::kIsRate);
  state.counters["time_per_step"] =
      benchmark::Counter(steps, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void lives_over_people(benchmark::State& state) {
  simulate(state, life_chain(), {.people = std::uint64_t{1} << state.range(0), .threads = 1});
}
BENCHMARK(lives_over_people)->ArgName("log2_people")->DenseRange(12, 26, 2)->Unit(benchmark::kMillisecond);

/// Customers who never leave, so that each life takes a step in each period.
void lives_over_periods(benchmark::State& state) {
  Chain chain = life_chain(1.0);
  chain.horizon = state.range(0);
  simulate(state, chain, {.people = 1 << 18, .threads = 1});
}
BENCHMARK(lives_over_periods)
    ->ArgName("periods")
    ->Arg(30)
    ->Arg(60)
    ->Arg(120)
    ->Arg(240)
    ->Arg(480)
    ->Arg(960)
    ->Unit(benchmark::kMillisecond);

/// Real time, which says little where others work on the same processors; `processor_time` of all threads together is
/// the same for two as for one if they are not in each other's way.
void lives_over_threads(benchmark::State& state) {
  const std::clock_t before = std::clock();
  simulate(state, life_chain(), {.people = 1 << 22, .threads = static_cast<unsigned>(state.range(0))});
  const double seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  state.counters["processor_time"] = seconds / static_cast<double>(state.iterations());
}
BENCHMARK(lives_over_threads)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// A ring of states with so many moves each, and customers who never leave. Kernels look states up in registers, which
/// hold only so many; the rest is portable code.
void lives_over_states(benchmark::State& state) {
  const auto states = static_cast<std::uint32_t>(state.range(0));
  const auto moves = static_cast<std::uint32_t>(state.range(1));
  Chain chain;
  chain.horizon = life_periods;
  chain.discount_factor = monthly_discount;
  chain.stages.assign(states, Stage::servicing);
  std::vector<double> probability;
  std::vector<double> money;
  for (std::uint32_t i = 0; i < states; ++i) {
    for (std::uint32_t k = 0; k < moves; ++k) {
      chain.transitions.successor.push_back((i + k) % states);
      probability.push_back(k == 0 ? 0.9 : 0.1 / (moves - 1));
    }
    chain.transitions.first.push_back(static_cast<std::uint32_t>(chain.transitions.successor.size()));
    money.push_back(i % 7 * 10.0 - 15);
  }
  chain.transition_cash_flow = Timeline<std::vector<double>>{std::vector<double>(probability.size())};
  chain.probability = Timeline<std::vector<double>>{std::move(probability)};
  chain.cash_flow = Timeline<std::vector<double>>{std::move(money)};
  chain.spend = Timeline<std::vector<double>>{std::vector<double>(states)};
  chain.referrals.first.assign(states + 1, 0);
  simulate(state, chain, {.people = 1 << 17, .threads = 1});
}
BENCHMARK(lives_over_states)
    ->ArgNames({"states", "moves"})
    ->ArgsProduct({{8, 15, 16, 40, 63, 64}, {4}})
    ->ArgsProduct({{15, 16, 31, 32}, {8}})
    ->ArgsProduct({{15, 16}, {12}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
