#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/whole_chain.hpp"
#include "tenure/engine/detail/individual/plain_sojourns.hpp"
#include "tenure/engine/detail/individual/sojourn_block.hpp"
#include "tenure/engine/detail/individual/sojourn_draws.hpp"
#include "tenure/engine/detail/individual/sojourn_tables.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/individual.hpp"

using namespace tenure;
using namespace tenure::detail;
using namespace tenure::test;

namespace {

/// How many standard errors a simulated mean is from the exact value of a person who enters in state i.
double distance(const Chain& chain, StateIndex i, bool with_families, std::uint64_t seed) {
  const StateValue exact = exact_value(chain, {.trace = false}).states[i];
  IndividualOptions options{.seed = seed, .people = 10'000};
  for (std::size_t kind = 0; kind < chain.types.size(); ++kind)
    options.entries.push_back(
        {static_cast<StateIndex>(kind * chain.states_of_a_type() + i), 0, chain.types[kind].share, {}});
  options.referrals = with_families;
  options.threads = 2;
  const IndividualResult result = simulate_individuals(chain, options);
  const Estimate mean = result.estimate();
  const double expected = *(with_families ? exact.clv_with_referrals : exact.clv);
  if (*mean.standard_error == 0) return std::fabs(mean.mean - expected) <= 1e-9 * (1 + std::fabs(expected)) ? 0 : 1e9;
  if (!with_families && !result.shared && *exact.clv_sd > 0) {
    const double ratio = *result.values.standard_deviation() / *exact.clv_sd;
    CHECK(ratio > 0.9);
    CHECK(ratio < 1.1);
  }
  return (mean.mean - expected) / *mean.standard_error;
}

}  // namespace

TEST_CASE("Stays: people live as the exact engine says, whatever a chain has") {
  double worst = 0;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    Mixing mixing{seed};
    WholeOptions options;
    options.states = 2 + seed % 3;
    options.types = 1 + seed % 2;
    options.regimes = 1 + (seed / 2) % 3;
    options.dwells = seed % 4 != 0;
    options.events = seed % 5 != 0;
    options.horizon = static_cast<std::int64_t>(3 + seed % 9);
    const Chain chain = whole_chain(mixing, options);
    for (const bool with_families : {false, true}) {
      const double z = distance(chain, static_cast<StateIndex>(seed % chain.states_of_a_type()), with_families, seed);
      INFO(seed << (with_families ? " with families " : " ") << z);
      CHECK(std::fabs(z) < 5);
      worst = std::max(worst, std::fabs(z));
    }
  }
  CHECK(worst > 1);
}

namespace {

/// Two states that last by hazards, then gone; a market of two regimes, and gamma cash flows if asked for.
Chain two_sojourns(double first_hazard, std::size_t regimes, bool events) {
  Chain chain;
  chain.horizon = 40;
  chain.discount_factor = 0.98;
  chain.stages = {Stage::servicing, Stage::servicing, Stage::lost};
  chain.transitions.first = {0, 1, 3, 4};
  chain.transitions.successor = {1, 0, 2, 2};
  std::vector<std::vector<double>> rows{{1, 0.5, 0.5, 1}};
  std::vector<std::uint32_t> course{0};
  if (regimes == 2) {
    chain.market.matrix = {{0.9, 0.1}, {0.2, 0.8}};
    rows.push_back({1, 0.1, 0.9, 1});
    course = {0, 1};
  }
  chain.probability = Timeline<std::vector<double>>{rows, course, 0};
  chain.transition_cash_flow = Timeline<std::vector<double>>{std::vector<double>{5, 0, 0, 0}};
  chain.cash_flow = Timeline<std::vector<double>>{std::vector<double>{10, -3, 0}};
  chain.spend = Timeline<std::vector<double>>{std::vector<double>{1, 0, 0}};
  chain.dwells.first_place = {0, 3, 5, 6};
  chain.dwells.hazard = Timeline<std::vector<double>>{std::vector<double>{0.05, first_hazard, 0.4, 0.3, 0.1, 1}};
  chain.referrals.first.assign(4, 0);
  if (events) {
    chain.state_events = Timeline<std::vector<EventLaw>>{
        std::vector<EventLaw>{{DistributionKind::gamma, 10, 6}, {DistributionKind::lognormal, -3, 2}, {}}};
    chain.transition_events =
        Timeline<std::vector<EventLaw>>{std::vector<EventLaw>{{DistributionKind::gamma, 5, 5}, {}, {}, {}}};
  }
  return chain;
}

bool same_values(const IndividualResult& a, const IndividualResult& b) {
  return a.values.mean() == b.values.mean() && a.values.standard_deviation() == b.values.standard_deviation() &&
         a.values.minimum() == b.values.minimum() && a.values.maximum() == b.values.maximum() &&
         a.values.quantile(0.3).estimate == b.values.quantile(0.3).estimate && a.people_in == b.people_in &&
         a.estimate().standard_error == b.estimate().standard_error;
}

}  // namespace

TEST_CASE("Stays: threads, instructions, and blocks merged in any order give the same bits") {
  for (const std::size_t regimes : {1U, 2U}) {
    const Chain chain = two_sojourns(0.1, regimes, true);
    IndividualOptions options{.seed = 5, .people = 3 * 4096 + 77, .entries = {entry_at(0), {1, 7, 0.5, {}}}};
    options.traces = true;
    options.threads = 1;
    const IndividualResult one = simulate_individuals(chain, options);
    options.threads = 3;
    CHECK(same_values(one, simulate_individuals(chain, options)));
    options.instructions = InstructionSet::portable;
    CHECK(same_values(one, simulate_individuals(chain, options)));
    IndividualResult merged = simulate_blocks(chain, options, 2, 4);
    merged = merge(std::move(merged), simulate_blocks(chain, options, 1, 2));
    merged = merge(simulate_blocks(chain, options, 0, 1), std::move(merged));
    CHECK(same_values(one, merged));
  }
}

TEST_CASE("Stays: people who live side by side live as they would one by one, whatever the instructions") {
  const StreamKey key = stream_key(8);
  for (const bool varies : {false, true}) {
    const Chain chain = two_sojourns(0.1, 1, varies);
    SojournPopulation population;
    population.tables = sojourn_tables(chain, *chain.horizon);
    population.entries = arrival_lottery({entry_at(0), {1, 7, 0.5, {}}});
    const std::optional<PlainSojourns> plain = plain_sojourns(population.tables);
    REQUIRE(plain);
    for (const std::uint64_t first :
         {std::uint64_t{0}, (std::uint64_t{1} << 32) - 300}) {  // numbers' upper halves differ
      population.plain.reset();
      population.tables.draw_ways = draw_ways_anywhere;
      const Block one_by_one = live_block_by_sojourns(population, key, first, 1'500, true);
      population.plain = plain;
      for (const InstructionSet set : {InstructionSet::portable, InstructionSet::sse4, InstructionSet::avx2,
                                       InstructionSet::avx512, InstructionSet::neon}) {
        if (!is_available(set)) continue;
        INFO(instruction_set_names[static_cast<std::size_t>(set)] << " from " << first << (varies ? ", varying" : ""));
        population.tables.draw_ways = draw_ways(set);
        const Block side_by_side = live_block_by_sojourns(population, key, first, 1'500, true);
        CHECK(side_by_side.values == one_by_one.values);
        CHECK(side_by_side.people_in == one_by_one.people_in);
        CHECK(live_block_by_sojourns(population, key, first, 1'500, false).values == one_by_one.values);
      }
    }
  }
}

TEST_CASE("Stays: only where nothing but the state decides do people live side by side") {
  const auto is_plain = [](const Chain& chain) {
    return plain_sojourns(sojourn_tables(chain, *chain.horizon)).has_value();
  };
  CHECK(is_plain(two_sojourns(0.1, 1, false)));
  CHECK_FALSE(is_plain(two_sojourns(0.1, 2, false)));
  Chain changing = two_sojourns(0.1, 1, false);
  std::vector<double> hazard = changing.dwells.hazard.at(0);
  hazard[0] /= 2;
  changing.dwells.hazard = Timeline<std::vector<double>>{{changing.dwells.hazard.at(0), hazard}, {0, 0, 0, 1}, 3};
  CHECK_FALSE(is_plain(changing));
}

TEST_CASE("Stays: how many people are where is what the exact engine expects") {
  Chain chain = two_sojourns(0.1, 1, false);
  IndividualOptions options{.seed = 3, .people = 50'000, .entries = {entry_at(0)}};
  options.traces = true;
  const IndividualTrace trace = trace_of(simulate_individuals(chain, options), chain);
  chain.channels = 1;
  chain.arrivals = {{.state = 0, .count = {1, 0}}};
  const ExactValue exact = exact_value(chain);
  for (std::size_t i = 0; i < chain.states(); ++i) {
    for (std::size_t t = 0; t < 40; ++t) {
      const double share = exact.business->trace->people[i][t];
      CHECK(std::fabs(trace.share[i][t].mean - share) <= 5 * std::sqrt(share * (1 - share) / 50'000) + 1e-12);
    }
  }
}

TEST_CASE("Stays: the same people in two chains with slightly different stays differ by little") {
  const std::vector<Chain> chains{two_sojourns(0.1, 2, true), two_sojourns(0.104, 2, true)};
  const IndividualOptions options{.seed = 9, .people = 40'960, .entries = {entry_at(0)}};
  const PairedResult paired = simulate_paired(chains, options);
  const double apart = *paired.each[0].values.standard_deviation();
  CHECK(*paired.difference[0].standard_deviation() < 0.35 * apart);
  const double expected =
      *exact_value(chains[1], {.trace = false}).states[0].clv - *exact_value(chains[0], {.trace = false}).states[0].clv;
  const Estimate difference = paired.estimate_of_difference(0);
  CHECK(std::fabs(difference.mean - expected) < 5 * *difference.standard_error);
}

TEST_CASE("Stays: a fixed dwell leaves nothing to chance") {
  Chain chain = two_sojourns(0, 1, false);
  chain.probability = Timeline<std::vector<double>>{std::vector<double>{1, 1, 0, 1}};
  chain.dwells.hazard = Timeline<std::vector<double>>{std::vector<double>{0, 0, 1, 0, 1, 1}};
  const IndividualResult result = simulate_individuals(chain, {.seed = 1, .people = 5'000, .entries = {entry_at(0)}});
  const double expected = *exact_value(chain, {.trace = false}).states[0].clv;
  CHECK(result.values.minimum() == result.values.maximum());
  CHECK(std::fabs(result.values.minimum() - expected) < 1e-12 * std::fabs(expected));
}

TEST_CASE("Stays: people who share a market are no independent people, and the errors say so") {
  const Chain chain = two_sojourns(0.1, 2, false);
  const double expected = *exact_value(chain, {.trace = false}).states[0].clv;
  double squares = 0;
  double wider = 0;
  constexpr int runs = 60;
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    const IndividualResult result =
        simulate_individuals(chain, {.seed = seed, .people = 8'192, .entries = {entry_at(0)}});
    const Estimate mean = result.estimate();
    squares += std::pow((mean.mean - expected) / *mean.standard_error, 2);
    wider += *mean.standard_error / *result.values.estimate().standard_error;
  }
  CHECK(wider / runs > 1.05);
  CHECK(squares / runs > 0.4);  // chi-squared with 60 degrees of freedom: beyond 0.4 or 2.0 with probability 1e-5
  CHECK(squares / runs < 2.0);
  // the market's share of the variance, from its exact parts over all courses of a short horizon
  Chain brief = chain;
  brief.horizon = 8;
  LifeMoments all = true_lives(brief)[0];
  long double between = 0;
  for_each_course(brief.market, 8, [&](long double p, const auto& course) {
    const long double off = OnCourse{brief, course}.lives()[0][0].mean - all.mean;
    between += p * off * off;
  });
  const IndividualResult result = simulate_individuals(brief, {.seed = 1, .people = 400'000, .entries = {entry_at(0)}});
  const SharedVariance variance = *result.shared->variance(result.values);
  CHECK(std::fabs(variance.market - static_cast<double>(between)) < 0.1 * static_cast<double>(between));
  CHECK(std::fabs(variance.people + variance.market - static_cast<double>(all.variance)) <
        0.02 * static_cast<double>(all.variance));
}

TEST_CASE("Stays: where the market moves arrivals, people enter in the markets that bring them") {
  Chain chain = two_sojourns(0.1, 2, false);
  chain.channels = 1;
  chain.arrivals = {{.state = 0, .count = {10, 4, 4, 4, 4, 0}, .factor_in_regime = {1, 0.2}},
                    {.state = 1, .count = {3, 0}}};
  const ExactValue exact = exact_value(chain, {.trace = false});
  double people = 0;
  double equity = 0;
  for (const ChannelValue& channel : exact.business->channels) {
    people += channel.people;
    equity += channel.customer_equity;
  }
  const IndividualResult result = simulate_individuals(chain, {.seed = 2, .people = 400'000});
  const Estimate mean = result.estimate();
  CHECK(std::fabs(mean.mean - equity / people) < 5 * *mean.standard_error);
  CHECK(*mean.standard_error < 0.01 * std::fabs(mean.mean));
  chain.arrivals[0].factor_in_regime = {0.02, 1};
  CHECK(std::fabs(simulate_individuals(chain, {.seed = 2, .people = 400'000}).values.mean() - mean.mean) >
        5 * *mean.standard_error);
}

TEST_CASE("Stays: laws of stays have the probabilities they were made from") {
  const std::vector<double> lasting{0, 0, 0.25, 0.5, 0, 0.125, 0.125};  // 3, 4, 6 periods, or longer
  const SojournLaw law{lasting};
  const auto longest = law.periods(0);
  CHECK(longest == 7);
  CHECK(law.periods((std::uint64_t{1} << 61) - 1) == 7);
  CHECK(law.periods(std::uint64_t{1} << 61) == 6);
  CHECK(law.periods((std::uint64_t{1} << 62) - 1) == 6);
  CHECK(law.periods(std::uint64_t{1} << 62) == 4);
  CHECK(law.periods((std::uint64_t{3} << 62) - 1) == 4);
  CHECK(law.periods(std::uint64_t{3} << 62) == 3);
  CHECK(law.periods(~std::uint64_t{0}) == 3);
  CHECK(SojournLaw{std::vector<double>{0, 1, 0}}.periods(0) == 2);
  CHECK(SojournLaw{std::vector<double>{0, 1, 0}}.periods(~std::uint64_t{0}) == 2);
  CHECK(SojournLaw{std::vector<double>{0, 0, 1}}.periods(77) == 3);
}
