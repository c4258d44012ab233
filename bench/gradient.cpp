// What all slopes of a model cost beside its value alone: from the model, with everything compiled, for five numbers
// and for five hundred. The counter ratio is time of the gradient over time of the value. Each run first checks one
// slope against a difference of values, so that nothing wrong is fast.

#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>

#include <benchmark/benchmark.h>

#include "tenure/chain/compile.hpp"
#include "tenure/decide/equity_gradient.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/model_numbers.hpp"

namespace {

using namespace tenure;

/// States in a line with a way back, out and on from each, so many that the model has about so many probabilities and
/// cash flows that are not 0.
Model model_of(std::int64_t numbers) {
  const std::int64_t states = numbers <= 5 ? 2 : numbers / 4;
  ModelDraft draft;
  draft.name = "measured";
  draft.period = Period::month;
  draft.horizon = 240;
  draft.discount_rate = 0.08;
  for (std::int64_t i = 0; i < states; ++i) {
    draft.states.push_back({"state " + std::to_string(i), Stage::servicing, 10.0 + static_cast<double>(i % 7), {}, {}});
  }
  draft.states.push_back({"gone", Stage::lost, 0, {}, {}});
  for (std::int64_t i = 0; i < states; ++i) {
    const std::string& name = draft.states[static_cast<std::size_t>(i)].name;
    draft.transitions.push_back({name, "gone", Number{0.02}, 0});
    draft.transitions.push_back({name, "state " + std::to_string((i + 1) % states), Number{0.1}, 5});
    if (states > 2) draft.transitions.push_back({name, "state " + std::to_string((i + 5) % states), Number{0.05}, 0});
  }
  draft.arrivals = {{"door", "state 0", ArriveSteadily{100, 0}, 0, {}, {}}};
  return Model{draft};
}

double equity_of(const Model& model) {
  return exact_value(compile(model, Spending{}), {.trace = false}).business->customer_equity;
}

bool agrees(const Model& model) {
  const EquityGradient gradient = equity_gradient(model, Spending{});
  const ModelNumber first = numbers_of(model.draft()).front();
  const double step = 1e-5;
  const double above = equity_of(Model{with_value(model.draft(), first.place, value_of(first.number) + step)});
  const double below = equity_of(Model{with_value(model.draft(), first.place, value_of(first.number) - step)});
  return std::abs((above - below) / (2 * step) / gradient.by_number.front().value() - 1) < 1e-5;
}

void value_of_model(benchmark::State& state) {
  const Model model = model_of(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(equity_of(model));
}
BENCHMARK(value_of_model)->ArgName("numbers")->Arg(5)->Arg(500)->Unit(benchmark::kMicrosecond);

void gradient_of_model(benchmark::State& state) {
  const Model model = model_of(state.range(0));
  if (!agrees(model)) return state.SkipWithError("differs from a difference of values");
  using Clock = std::chrono::steady_clock;
  Clock::duration of_value{}, of_gradient{};
  for (auto _ : state) {
    const auto start = Clock::now();
    benchmark::DoNotOptimize(equity_of(model));
    const auto between = Clock::now();
    benchmark::DoNotOptimize(equity_gradient(model, Spending{}));
    of_gradient += Clock::now() - between;
    of_value += between - start;
    state.SetIterationTime(std::chrono::duration<double>(Clock::now() - between).count());
  }
  state.counters["ratio"] = std::chrono::duration<double>(of_gradient) / std::chrono::duration<double>(of_value);
}
BENCHMARK(gradient_of_model)->ArgName("numbers")->Arg(5)->Arg(500)->UseManualTime()->Unit(benchmark::kMicrosecond);

}  // namespace
