// How long the best use of a budget takes to find: over the number of S-shaped levers, in a club of four states over
// ten years; and over the length of the horizon. Each run checks its answer: equal marginal returns, and no other use
// of the money that is better.

#include <cstddef>
#include <cstdint>
#include <string>

#include <benchmark/benchmark.h>

#include "tenure/decide/optimize.hpp"
#include "tenure/model/builder.hpp"

namespace {

using namespace tenure;

/// So many levers with curves of several steepnesses, on one business.
[[nodiscard]] Model club(std::size_t levers, std::int64_t horizon) {
  ModelBuilder builder{"Club", Period::year, Horizon{horizon}, annual_rate(0.1)};
  builder.state("prospect", Stage::acquisition)
      .state("member", Stage::servicing, {.cash_flow = 100})
      .state("fan", Stage::advocacy, {.cash_flow = 160})
      .state("lost", Stage::lost)
      .transition("prospect", "member", 0.15)
      .transition("prospect", "lost", 0.5)
      .transition("member", "fan", 0.1)
      .transition("member", "lost", 0.25)
      .transition("fan", "lost", 0.1)
      .referral("fan", "prospect", 0.1)
      .arrivals("prospect", per_period(100), {.name = "web"})
      .arrivals("member", once(50));
  const auto add = [&](std::size_t k, LeverKind kind, const char* state, EffectBuilder effect, double half,
                       double steepness) {
    effect.half_spend(half * (1 + 0.1 * static_cast<double>(k / 6))).hill(steepness);
    builder.lever({.name = "lever " + std::to_string(k), .kind = kind, .while_in = {state}, .effects = {effect}});
  };
  for (std::size_t k = 0; k < levers; ++k) {
    switch (k % 6) {
      case 0:
        add(k, LeverKind::retention, "member", moves_transition("member", "lost").towards(0.1), 12, 3);
        break;
      case 1:
        add(k, LeverKind::acquisition, "prospect", moves_transition("prospect", "member").towards(0.3), 8, 2.5);
        break;
      case 2:
        add(k, LeverKind::development, "member", moves_transition("member", "fan").towards(0.3), 15, 4);
        break;
      case 3:
        add(k, LeverKind::referral, "fan", moves_referral("fan", "prospect").towards(0.4), 10, 2);
        break;
      case 4:
        add(k, LeverKind::development, "fan", moves_cash_flow("fan").towards(220), 20, 5);
        break;
      default:
        add(k, LeverKind::retention, "fan", moves_transition("fan", "lost").towards(0.05), 9, 1.5);
        break;
    }
  }
  return builder.build();
}

void optimal(benchmark::State& state, const Model& model, OptimizeOptions options) {
  options.threads = 1;
  for (auto _ : state) {
    const Optimization found = optimize(model, options);
    benchmark::DoNotOptimize(found.best.customer_equity);
    if (!(found.best.residual < 1e-6)) state.SkipWithError("marginal returns are not equal");
    if (!(found.best.best_other_use < 1e-3)) state.SkipWithError("another use of the money is better");
    state.counters["added"] = found.best.incremental_value;
    state.counters["shadow_price"] = found.best.shadow_price;
  }
}

void optimal_over_levers(benchmark::State& state) {
  optimal(state, club(static_cast<std::size_t>(state.range(0)), 10), {.budget = 20000});
}
BENCHMARK(optimal_over_levers)->ArgName("levers")->DenseRange(1, 6)->Arg(9)->Arg(12)->Unit(benchmark::kMillisecond);

void optimal_over_periods(benchmark::State& state) { optimal(state, club(3, state.range(0)), {.budget = 20000}); }
BENCHMARK(optimal_over_periods)->ArgName("periods")->Arg(10)->Arg(40)->Arg(160)->Unit(benchmark::kMillisecond);

void optimal_by_pieces(benchmark::State& state) {
  optimal(state, club(3, 12), {.budget = 20000, .pieces = static_cast<std::size_t>(state.range(0))});
}
BENCHMARK(optimal_by_pieces)->ArgName("pieces")->Arg(1)->Arg(2)->Arg(4)->Unit(benchmark::kMillisecond);

void smallest_budget(benchmark::State& state) { optimal(state, club(3, 10), {.target_gain = 2000}); }
BENCHMARK(smallest_budget)->Unit(benchmark::kMillisecond);

}  // namespace
