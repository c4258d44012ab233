// What it costs to draw stays whole, beside going through them period by period; and what amounts cost that vary from
// event to event. The chain of bench/life_chain.hpp, with sojourns of 34 periods on average: as a plain chain, and with
// the same hazards kept by age, which is how states with a dwell are kept. Each checks its mean against the exact
// engine.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "life_chain.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/chain/detail/unrolled.hpp"
#include "tenure/engine/arrival.hpp"
#include "tenure/engine/detail/amount_quantiles.hpp"
#include "tenure/engine/detail/individual/block_runner.hpp"
#include "tenure/engine/detail/individual/plain_sojourns.hpp"
#include "tenure/engine/detail/individual/sojourn_block.hpp"
#include "tenure/engine/detail/individual/sojourn_draws.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/individual.hpp"
#include "tenure/model/builder.hpp"
#include "tenure/quantity/discounting.hpp"

namespace {

using namespace tenure;
using namespace tenure::detail;
using namespace tenure::measured;

constexpr double mean_stay = 34;
constexpr std::uint32_t ages_kept = 120;

/// The life chain with every state left once in 34 periods.
Chain long_sojourns() {
  Chain chain = life_chain();
  std::vector<double> probability = chain.probability.at(0);
  for (StateIndex i = 0; i + 1 < life_states; ++i) {
    double leaving = 0;
    for (std::uint32_t e = chain.transitions.first[i]; e < chain.transitions.first[i + 1]; ++e)
      leaving += chain.transitions.successor[e] == i ? 0 : probability[e];
    for (std::uint32_t e = chain.transitions.first[i]; e < chain.transitions.first[i + 1]; ++e)
      probability[e] = chain.transitions.successor[e] == i ? 1 - 1 / mean_stay : probability[e] / (leaving * mean_stay);
  }
  chain.probability = Timeline<std::vector<double>>{std::move(probability)};
  return chain;
}

/// The same law, with hazards by age and rows that say where to.
Chain by_age(const Chain& plain) {
  Chain chain = plain;
  chain.transitions = {};
  std::vector<double> probability;
  std::vector<double> hazard;
  for (StateIndex i = 0; i < plain.states(); ++i) {
    const bool lasts = i + 1 < plain.states();
    chain.dwells.first_place.push_back(static_cast<std::uint32_t>(hazard.size()));
    hazard.insert(hazard.end(), lasts ? ages_kept : 1, lasts ? 1 / mean_stay : 1);
    for (std::uint32_t e = plain.transitions.first[i]; e < plain.transitions.first[i + 1]; ++e) {
      const StateIndex to = plain.transitions.successor[e];
      if (lasts && to == i) continue;
      chain.transitions.successor.push_back(to);
      probability.push_back(plain.probability.at(0)[e] * (lasts ? mean_stay : 1));
    }
    chain.transitions.first.push_back(static_cast<std::uint32_t>(probability.size()));
  }
  chain.dwells.first_place.push_back(static_cast<std::uint32_t>(hazard.size()));
  chain.dwells.hazard = Timeline<std::vector<double>>{std::move(hazard)};
  chain.transition_cash_flow = Timeline<std::vector<double>>{std::vector<double>(probability.size())};
  chain.probability = Timeline<std::vector<double>>{std::move(probability)};
  return chain;
}

/// Gamma margins in every state that brings something.
Chain with_gamma_margins(Chain chain, double variation) {
  std::vector<EventLaw> laws;
  for (const double mean : chain.cash_flow.at(0))
    laws.push_back(mean == 0 ? EventLaw{} : EventLaw{DistributionKind::gamma, mean, std::fabs(mean) * variation});
  chain.state_events = Timeline<std::vector<EventLaw>>{std::move(laws)};
  return chain;
}

/// Periods that a life has before it is lost, on average, and those of them in which something varies.
std::pair<double, double> steps_of_life(const Chain& chain) {
  Chain one = chain;
  one.channels = 1;
  one.arrivals = {{.state = 0, .count = {1, 0}}};
  const ExactValue value = exact_value(one);
  double live = 0;
  double varying = 0;
  for (StateIndex i = 0; i + 1 < chain.states(); ++i) {
    double in_state = 0;
    for (const double people : value.business->trace->people[i]) in_state += people;
    live += in_state;
    varying += chain.cash_flow.at(0)[i] != 0 ? in_state : 0;
  }
  return {live, varying};
}

void check_mean(benchmark::State& state, const Chain& chain, double mean, double people) {
  const StateValue exact = exact_value(chain, {.trace = false}).states.front();
  const double z = (mean - *exact.clv) / (*exact.clv_sd / std::sqrt(people));
  if (!(std::fabs(z) < 5)) state.SkipWithError(("the mean is " + std::to_string(z) + " standard errors off").c_str());
}

void count(benchmark::State& state, const Chain& chain) {
  const double lives = static_cast<double>(people_of_block) * static_cast<double>(state.iterations());
  const auto [live, varying] = steps_of_life(chain);
  state.counters["customer_steps"] = benchmark::Counter(lives * live, benchmark::Counter::kIsRate);
  state.counters["lives"] = benchmark::Counter(lives, benchmark::Counter::kIsRate);
  if (!chain.has_events()) return;
  const auto for_each = benchmark::Counter::kIsRate | benchmark::Counter::kInvert;
  state.counters["time_per_event"] = benchmark::Counter(lives * varying, for_each);
}

/// Period by period.
void in_steps(benchmark::State& state, InstructionSet instructions, bool ages) {
  if (!is_available(instructions)) return state.SkipWithError("this processor has no such instructions");
  const Chain plain = long_sojourns();
  const Chain chain = ages ? unrolled(by_age(plain)) : plain;
  const LifeTables tables = life_tables(chain, life_periods);
  const ArrivalLottery lottery = arrival_lottery(tables, {entry_at(0)});
  const BlockRunner live = block_runner(tables, instructions);
  const StreamKey key = stream_key(1);
  Block block;
  std::uint64_t blocks = 0;
  double sum = 0;
  for (auto _ : state) {
    block =
        live(tables, key,
             begin_block(tables, lottery, key, people_of_block * blocks++, people_of_block, false, std::move(block)));
    std::int64_t units = 0;
    for (const std::int64_t value : block.units) units += value;
    sum += static_cast<double>(units);
  }
  const auto people = static_cast<double>(blocks * people_of_block);
  check_mean(state, plain, std::ldexp(sum, tables.unit_exponent) / people, people);
  count(state, plain);
}

/// Blocks of people who live by sojourns, and their mean.
double lived(benchmark::State& state, const Chain& chain, InstructionSet instructions, std::vector<Entry> entries) {
  SojournPopulation population;
  population.tables = sojourn_tables(chain, life_periods);
  population.tables.draw_ways = draw_ways(instructions);
  population.plain = plain_sojourns(population.tables);
  if (!population.plain) state.SkipWithError("people do not live side by side");
  population.entries = arrival_lottery(std::move(entries));
  const StreamKey key = stream_key(1);
  Block block;
  std::uint64_t blocks = 0;
  double sum = 0;
  for (auto _ : state) {
    block =
        live_block_by_sojourns(population, key, people_of_block * blocks++, people_of_block, false, std::move(block));
    for (const double value : block.values) sum += value;
  }
  return sum / static_cast<double>(blocks * people_of_block);
}

[[nodiscard]] double people_of(const benchmark::State& state) {
  return static_cast<double>(state.iterations()) * static_cast<double>(people_of_block);
}

void in_sojourns(benchmark::State& state, InstructionSet instructions, bool gamma_margins) {
  if (!is_available(instructions)) return state.SkipWithError("this processor has no such instructions");
  Chain chain = by_age(long_sojourns());
  if (gamma_margins) chain = with_gamma_margins(std::move(chain), 0.7);
  const double mean = lived(state, chain, instructions, {entry_at(0)});
  check_mean(state, chain, mean, people_of(state));
  count(state, chain);
}

/// Owners whose cars last 34 months, give or take 20, who pay a margin that varies each month, and buy again with a
/// probability of their own, for life.
Model owners_who_differ() {
  Number margin{35};
  margin.varies = Distribution{DistributionKind::gamma, StandardDeviation{25}};
  Number buys_again{0.6};
  buys_again.differs = Distribution{DistributionKind::beta, BetaParameters{3, 2}};
  return ModelBuilder{"Owners", Period::month, life_periods, annual_rate(0.08)}
      .state("owner", Stage::servicing, {.cash_flow = margin, .dwell = NegativeBinomialDwell{34, 20}})
      .state("chooses", Stage::repurchase)
      .state("lost", Stage::lost)
      .transition("owner", "chooses", Rest{})
      .transition("chooses", "owner", buys_again, {.cash_flow = 2400})
      .transition("chooses", "lost", Rest{})
      .arrivals("owner", once(1))
      .build();
}

void owners(benchmark::State& state, InstructionSet instructions) {
  if (!is_available(instructions)) return state.SkipWithError("this processor has no such instructions");
  const Model model = owners_who_differ();
  const Chain chain = compile_for_persons(model, Spending{});
  const double mean = lived(state, chain, instructions, arrivals_of_chain(chain));
  const ExactValue exact = exact_value(compile(model, Spending{}));
  const StateValue& owner = exact.states.front();
  const double z = (mean - *owner.clv) / (*owner.clv_sd / std::sqrt(people_of(state)));
  if (!(std::fabs(z) < 5)) state.SkipWithError("the mean is not the exact one");
  double months = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    for (const double people : exact.business->trace->people[i]) months += people;
  }
  state.counters["customer_steps"] = benchmark::Counter(people_of(state) * months, benchmark::Counter::kIsRate);
  state.counters["lives"] = benchmark::Counter(people_of(state), benchmark::Counter::kIsRate);
}

/// Amounts alone: random words, their quantiles and their discounted sum, 64 periods of one person after the other. The
/// law makes no difference.
void amounts(benchmark::State& state, InstructionSet instructions, DistributionKind kind) {
  if (!is_available(instructions)) return state.SkipWithError("this processor has no such instructions");
  const DrawWays ways = draw_ways(instructions);
  const AmountQuantiles quantiles{{kind, 0.7}};
  const std::vector<double> discount = discount_factors(monthly_discount, periods_of_draws);
  double weights = 0;
  for (std::size_t k = 0; k < periods_of_draws; ++k) weights += discount[k] * discount[k];
  std::uint64_t person = 0;
  double sum = 0;
  for (auto _ : state) {
    const EventWords words = ways.events(stream_key(1), {person++, 0, Purpose::event_in_state, 0});
    sum += ways.sum(quantiles, words, discount.data(), 0, periods_of_draws).sum;
  }
  const double z = sum / std::sqrt(weights * static_cast<double>(person));
  if (!(std::fabs(z) < 5)) state.SkipWithError("the mean is not 0");
  state.counters["time_per_event"] = benchmark::Counter(static_cast<double>(person * periods_of_draws),
                                                        benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

}  // namespace

BENCHMARK_CAPTURE(amounts, gamma_portable, InstructionSet::portable, DistributionKind::gamma);
BENCHMARK_CAPTURE(amounts, gamma_avx2, InstructionSet::avx2, DistributionKind::gamma);
BENCHMARK_CAPTURE(amounts, gamma_avx512, InstructionSet::avx512, DistributionKind::gamma);
BENCHMARK_CAPTURE(amounts, lognormal_avx512, InstructionSet::avx512, DistributionKind::lognormal);
BENCHMARK_CAPTURE(in_steps, plain_portable, InstructionSet::portable, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(in_steps, plain_avx2, InstructionSet::avx2, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(in_steps, plain_avx512, InstructionSet::avx512, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(in_steps, ages_unrolled, widest_instruction_set(), true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(in_sojourns, portable, InstructionSet::portable, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(in_sojourns, avx2, InstructionSet::avx2, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(in_sojourns, avx512, InstructionSet::avx512, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(in_sojourns, gamma_margins_portable, InstructionSet::portable, true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(in_sojourns, gamma_margins_avx2, InstructionSet::avx2, true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(in_sojourns, gamma_margins_avx512, InstructionSet::avx512, true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(owners, dwell_beta_gamma_portable, InstructionSet::portable)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(owners, dwell_beta_gamma_avx2, InstructionSet::avx2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(owners, dwell_beta_gamma_avx512, InstructionSet::avx512)->Unit(benchmark::kMicrosecond);
