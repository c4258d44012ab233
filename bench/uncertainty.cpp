// How many model evaluations a second an uncertainty analysis makes of the dealership (examples/02_dealership), in
// which a model evaluation is a scenario compiled with a draw's numbers and its customer equity. Checked against
// exact_value() of the model with these numbers, compiled on its own.

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "tenure/chain/compile.hpp"
#include "tenure/decide/detail/uncertainty/draws.hpp"
#include "tenure/decide/detail/uncertainty/evaluation.hpp"
#include "tenure/decide/uncertainty.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/io/model_file.hpp"
#include "tenure/model/model.hpp"

namespace {

using namespace tenure;
using namespace tenure::detail;

bool is_right(const Model& model) {
  const UncertainDraws draws{model, 64, 1};
  const std::vector<Scenario> scenarios = all_scenarios(model);
  const detail::AcceptabilityPlan plan{};
  const auto repeated = detail::all_repeated(model, scenarios, draws, plan);
  const detail::EvaluatedDraws done = detail::evaluated(model, draws, repeated, plan, 1, {}, {});
  const Model drawn = model.with_drawn(draws.places(), draws.values(draws.scores(33)));
  for (std::size_t s = 0; s < scenarios.size(); ++s) {
    const ExactValue value = exact_value(compile(drawn, repeated[s].spending));
    const double expected = value.business.value().customer_equity;
    if (!(std::fabs(done.sample.values[s][33] - expected) <= 1e-11 * std::fabs(expected))) return false;
  }
  return true;
}

/// All of it: draws, evaluations, information, acceptability.
void dealership(benchmark::State& state) {
  const Model model = read_model_file(TENURE_SOURCE_DIR "/examples/02_dealership/dealership.toml").model;
  if (!is_right(model)) return state.SkipWithError("a draw is worth something else");
  UncertaintyOptions options{.draws = static_cast<std::uint64_t>(state.range(0)),
                             .threads = static_cast<unsigned>(state.range(1))};
  for (auto _ : state) benchmark::DoNotOptimize(uncertainty(model, options));
  const double evaluations = static_cast<double>(options.draws * all_scenarios(model).size());
  state.counters["evaluations/s"] = benchmark::Counter(evaluations, benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK(dealership)
    ->Args({4096, 1})
    ->Args({4096, 2})
    ->Args({250'000, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
