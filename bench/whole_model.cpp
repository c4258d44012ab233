// What it costs that states last by laws of their own, that people are of many kinds, that a market is shared and that
// cash flows vary, each checked against a plain chain that must be worth the same.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "life_chain.hpp"
#include "tenure/chain/chain.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/population.hpp"

namespace {

using namespace tenure;
using namespace tenure::measured;

void check(benchmark::State& state, double found, double expected) {
  if (!(std::fabs(found - expected) <= 1e-9 * std::fabs(expected))) state.SkipWithError("it is worth something else");
}

/// States in a ring, each left with probability 0.1 a period, half for the next one and half for the last, which is
/// gone. With `ages` above 0 the same hazard is kept for so many ages of each.
Chain ring(std::size_t states, std::uint32_t ages, std::int64_t horizon) {
  constexpr double leaves = 0.1;
  Chain chain;
  chain.horizon = horizon;
  chain.discount_factor = monthly_discount;
  chain.stages.assign(states + 1, Stage::servicing);
  chain.stages.back() = Stage::lost;
  std::vector<double> probability;
  const auto lead = [&](std::size_t to, double p) {
    chain.transitions.successor.push_back(static_cast<StateIndex>(to));
    probability.push_back(p);
  };
  for (std::size_t i = 0; i < states; ++i) {
    if (ages == 0) lead(i, 1 - leaves);
    lead((i + 1) % states, ages == 0 ? leaves / 2 : 0.5);
    lead(states, ages == 0 ? leaves / 2 : 0.5);
    chain.transitions.first.push_back(static_cast<std::uint32_t>(probability.size()));
  }
  lead(states, 1);
  chain.transitions.first.push_back(static_cast<std::uint32_t>(probability.size()));
  const std::size_t entries = probability.size();
  chain.probability = Timeline<std::vector<double>>{std::move(probability)};
  chain.transition_cash_flow = Timeline<std::vector<double>>{std::vector<double>(entries)};
  std::vector<double> cash_flow(states + 1);
  for (std::size_t i = 0; i < states; ++i) cash_flow[i] = static_cast<double>(10 + i % 7);
  chain.cash_flow = Timeline<std::vector<double>>{std::move(cash_flow)};
  chain.spend = Timeline<std::vector<double>>{std::vector<double>(states + 1)};
  chain.referrals.first.assign(states + 2, 0);
  chain.channels = 1;
  chain.arrivals = {{.state = 0, .count = {1000, 0}}};
  if (ages == 0) return chain;
  std::vector<double> hazard;
  for (std::size_t i = 0; i < states; ++i) {
    chain.dwells.first_place.push_back(static_cast<std::uint32_t>(hazard.size()));
    hazard.insert(hazard.end(), ages, leaves);
  }
  chain.dwells.first_place.push_back(static_cast<std::uint32_t>(hazard.size()));
  hazard.push_back(1);
  chain.dwells.first_place.push_back(static_cast<std::uint32_t>(hazard.size()));
  chain.dwells.hazard = Timeline<std::vector<double>>{std::move(hazard)};
  return chain;
}

void exact_ages(benchmark::State& state) {
  const auto states = static_cast<std::size_t>(state.range(0));
  const auto ages = static_cast<std::uint32_t>(state.range(1));
  const Chain chain = ring(states, ages, state.range(2));
  const double expected = exact_value(ring(states, 0, state.range(2)), {.trace = false}).business->customer_equity;
  for (auto _ : state) check(state, exact_value(chain, {.trace = false}).business->customer_equity, expected);
}

/// The life chain so many times over, as the types of people of as many segments.
Chain life_of_kinds(std::size_t types) {
  const Chain one = life_chain();
  Chain chain = one;
  chain.transitions = {};
  std::vector<double> probability;
  std::vector<double> cash_flow;
  chain.types.clear();
  chain.stages.clear();
  for (std::size_t k = 0; k < types; ++k) {
    chain.types.push_back({static_cast<std::uint32_t>(k), 1.0 / static_cast<double>(types)});
    chain.stages.insert(chain.stages.end(), one.stages.begin(), one.stages.end());
    cash_flow.insert(cash_flow.end(), one.cash_flow.at(0).begin(), one.cash_flow.at(0).end());
    probability.insert(probability.end(), one.probability.at(0).begin(), one.probability.at(0).end());
    const auto before = static_cast<std::uint32_t>(chain.transitions.successor.size());
    for (const StateIndex to : one.transitions.successor) {
      chain.transitions.successor.push_back(static_cast<StateIndex>(k * life_states) + to);
    }
    for (std::size_t i = 1; i <= life_states; ++i) chain.transitions.first.push_back(before + one.transitions.first[i]);
  }
  const std::size_t entries = probability.size();
  chain.probability = Timeline<std::vector<double>>{std::move(probability)};
  chain.transition_cash_flow = Timeline<std::vector<double>>{std::vector<double>(entries)};
  chain.cash_flow = Timeline<std::vector<double>>{std::move(cash_flow)};
  chain.spend = Timeline<std::vector<double>>{std::vector<double>(chain.stages.size())};
  chain.referrals.first.assign(chain.stages.size() + 1, 0);
  return chain;
}

void exact_kinds(benchmark::State& state) {
  const Chain chain = life_of_kinds(static_cast<std::size_t>(state.range(0)));
  const double expected = *exact_value(life_chain(), {.trace = false}).states.front().clv;
  for (auto _ : state) check(state, *exact_value(chain, {.trace = false}).states.front().clv, expected);
}

/// A market of so many regimes that move nothing, and are told apart all the same.
Chain life_in_market(std::size_t regimes) {
  Chain chain = life_chain();
  chain.market.matrix.assign(regimes, std::vector<double>(regimes, 0.1 / static_cast<double>(regimes)));
  for (std::size_t e = 0; e < regimes; ++e) chain.market.matrix[e][e] += 0.9;
  chain.channels = 1;
  chain.arrivals = {{.state = 0, .count = {1e6, 0}}};
  return chain;
}

void exact_market(benchmark::State& state) {
  const Chain chain = life_in_market(static_cast<std::size_t>(state.range(0)));
  const double expected = 1e6 * *exact_value(life_chain(), {.trace = false}).states.front().clv;
  const bool risk = state.range(1) != 0;
  for (auto _ : state) {
    check(state, exact_value(chain, {.trace = false, .risk = risk}).business->customer_equity, expected);
  }
}

/// A thousand replicates' mean against the exact one, then the time of a replicate.
void population_of(benchmark::State& state, const Chain& chain) {
  constexpr std::uint64_t replicates = 256;
  const BusinessValue exact = *exact_value(chain, {.trace = false, .risk = true}).business;
  const double sd = std::sqrt(exact.risk->variance_from_people + exact.risk->variance_from_market);
  std::uint64_t seed = 0;
  double sum = 0;
  for (auto _ : state) {
    sum += simulate_population(chain, {.seed = ++seed, .replicates = replicates, .threads = 1}).customer_equity.mean();
  }
  const auto runs = static_cast<double>(state.iterations());
  const double z = (sum / runs - exact.customer_equity) / (sd / std::sqrt(runs * replicates));
  if (!(std::fabs(z) < 5)) state.SkipWithError("the mean differs from the exact one");
  state.counters["time_of_replicate"] =
      benchmark::Counter(runs * replicates, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void population_plain(benchmark::State& state) { population_of(state, life_in_market(1)); }
void population_market(benchmark::State& state) { population_of(state, life_in_market(3)); }
void population_gamma_margins(benchmark::State& state) {
  Chain chain = life_in_market(1);
  std::vector<EventLaw> laws;
  for (const double amount : chain.cash_flow.at(0))
    laws.push_back({DistributionKind::gamma, amount, 0.3 * std::fabs(amount)});
  chain.state_events = Timeline<std::vector<EventLaw>>{std::move(laws)};
  population_of(state, chain);
}
void population_ages(benchmark::State& state) { population_of(state, ring(10, 120, 600)); }

BENCHMARK(exact_ages)
    ->ArgNames({"states", "ages", "periods"})
    ->Args({10, 120, 600})
    ->Args({100, 100, 100})
    ->Args({10'000, 100, 100})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(exact_kinds)->ArgName("kinds_of_8_states")->Arg(1)->Arg(64)->Arg(1250)->Unit(benchmark::kMillisecond);
BENCHMARK(exact_market)
    ->ArgNames({"regimes", "risk"})
    ->Args({1, 0})
    ->Args({3, 0})
    ->Args({1, 1})
    ->Args({3, 1})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(population_plain)->Unit(benchmark::kMillisecond);
BENCHMARK(population_market)->Unit(benchmark::kMillisecond);
BENCHMARK(population_gamma_margins)->Unit(benchmark::kMillisecond);
BENCHMARK(population_ages)->Unit(benchmark::kMillisecond);

}  // namespace
