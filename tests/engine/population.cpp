// The population engine as a machine: what it expects, what it promises about bits, whom it refuses, how it stops.
// Whether what it draws follows the right law is asked in tests/statistical.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/compiled.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "support/problems.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/detail/population/expectation.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/population.hpp"

namespace tenure::test::population {

/// A seeded chain with all features: rows, money, levers and referrals that change with time.
ChainParts seeded_parts(std::uint64_t seed) {
  Mixing mixing{seed};
  ChainParts parts = seeded_chain(mixing, {.states = 1 + mixing.below(6), .distinct_periods = 1 + mixing.below(3)});
  parts.horizon = 1 + static_cast<std::int64_t>(mixing.below(12));
  return parts;
}

/// Those who stay with .8 and bring 10 at the start of each of `horizon` periods.
ChainParts customers(std::vector<ArrivalGroup> arriving, Horizon horizon, double staying = 0.8) {
  ChainParts parts = constant_chain({{staying, 1 - staying}, {0, 1}}, {10, 0}, 0.9, horizon);
  parts.stages = {Stage::servicing, Stage::lost};
  parts.arrivals = std::move(arriving);
  return parts;
}

bool same_estimate(const Estimate& a, const Estimate& b) {
  return same_bits(a.mean, b.mean) && a.standard_error.has_value() == b.standard_error.has_value() &&
         same_bits(a.standard_error.value_or(0), b.standard_error.value_or(0));
}

bool same_estimates(const std::vector<Estimate>& a, const std::vector<Estimate>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_estimate);
}

bool same_traces(const std::optional<PopulationTrace>& a, const std::optional<PopulationTrace>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return same_estimates(a->cash_flow, b->cash_flow) &&
         same_estimates(a->discounted_cash_flow, b->discounted_cash_flow) && same_estimates(a->spend, b->spend) &&
         std::equal(a->people.begin(), a->people.end(), b->people.begin(), b->people.end(), same_estimates);
}

/// Whether two results are the same to the last bit, traces and all.
bool same_result(const PopulationResult& a, const PopulationResult& b) {
  return a.seed == b.seed && a.first_replicate == b.first_replicate && a.periods == b.periods &&
         a.complete == b.complete && same_bits(a.equity_of_replicate, b.equity_of_replicate) &&
         same_estimate(a.customer_equity.estimate(), b.customer_equity.estimate()) &&
         same_estimate(a.investment(), b.investment()) && same_traces(a.trace(), b.trace()) && a.figures == b.figures;
}

TEST_CASE("Cohort: what is expected is what the exact engine says, to rounding") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Chain chain = chain_of(seeded_parts(seed));
    const ExactValue exact = exact_value(chain);
    const tenure::detail::Expectation expected = tenure::detail::expectation(chain, *chain.horizon, true);
    double scale = 1;
    for (const double flow : exact.business->trace->discounted_cash_flow) scale += std::abs(flow);
    CHECK_THAT(expected.customer_equity, close_to_on_scale(exact.business->customer_equity, scale));
    CHECK_THAT(expected.investment, close_to_on_scale(exact.investment.total, scale));
    const std::size_t width = tenure::detail::people_figures + chain.states();
    REQUIRE(expected.figures.size() == width * static_cast<std::size_t>(*chain.horizon));
    for (std::size_t t = 0; t < exact.business->trace->cash_flow.size(); ++t) {
      CHECK(same_bits(expected.figures[t * width + tenure::detail::cash_flow_figure],
                      exact.business->trace->cash_flow[t]));
      CHECK(same_bits(expected.figures[t * width + tenure::detail::discounted_cash_flow_figure],
                      exact.business->trace->discounted_cash_flow[t]));
      CHECK(same_bits(expected.figures[t * width + tenure::detail::spend_figure], exact.business->trace->spend[t]));
      for (std::size_t i = 0; i < chain.states(); ++i) {
        CHECK(same_bits(expected.figures[t * width + tenure::detail::people_figures + i],
                        exact.business->trace->people[i][t]));
      }
    }
  }
}

TEST_CASE("Cohort: where nothing is left to chance, every replicate is the exact value") {
  // a ring of certain moves, with money everywhere, levers, and a late second group; discounted in the middle
  ChainParts parts = constant_chain({{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}, {5, -3, 0.25}, 0.75, 7);
  parts.timing = CashFlowTiming::middle;
  parts.periods[0].cash_of_moves = {{0, 2, 0}, {0, 0, -1}, {0.5, 0, 0}};
  parts.arrivals = {{.state = 0, .channel = 0, .count = {1000, 0}}, {.state = 2, .channel = 0, .count = {0, 0, 64, 0}}};
  parts.streams = {{.per_person = true, .states = {1, 2}, .from = 1, .until = 5, .level = 0.5},
                   {.per_person = false, .from = 2, .level = 100}};
  const Chain chain = chain_of(parts);
  const ExactValue exact = exact_value(chain);
  const PopulationResult result = simulate_population(chain, {.replicates = 70, .threads = 2, .traces = true});
  CHECK_THAT(result.customer_equity.mean(), close_to(exact.business->customer_equity));
  CHECK(result.customer_equity.standard_deviation().value() == 0);
  CHECK(result.customer_equity.minimum() == result.customer_equity.maximum());
  CHECK_THAT(result.investment().mean, close_to(exact.investment.total));
  CHECK(result.investment().standard_error.value() == 0);
  const PopulationTrace trace = result.trace().value();
  for (std::size_t t = 0; t < 7; ++t) {
    CHECK_THAT(trace.cash_flow[t].mean, close_to(exact.business->trace->cash_flow[t]));
    CHECK_THAT(trace.discounted_cash_flow[t].mean, close_to(exact.business->trace->discounted_cash_flow[t]));
    CHECK_THAT(trace.spend[t].mean, close_to(exact.business->trace->spend[t]));
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(trace.people[i][t].mean == exact.business->trace->people[i][t]);
      CHECK(trace.people[i][t].standard_error.value() == 0);
    }
  }
}

TEST_CASE("Cohort: the same bits for any number of threads and any split into blocks") {
  for (const std::uint64_t seed : {3U, 8U, 21U}) {
    const Chain chain = chain_of(seeded_parts(seed));
    const PopulationOptions options{.seed = 5, .replicates = 500, .threads = 1, .traces = true};
    const PopulationResult alone = simulate_population(chain, options);
    CHECK(alone.replicates() == 500);
    CHECK(alone.complete);
    CHECK(alone.customer_equity.standard_deviation().value() > 0);
    for (const unsigned threads : {2U, 3U, 7U, 64U, 0U}) {
      PopulationOptions with = options;
      with.threads = threads;
      CHECK(same_result(simulate_population(chain, with), alone));
    }
    REQUIRE(blocks_of(options) == 16);
    const auto part = [&](std::uint64_t first, std::uint64_t last) {
      return simulate_population_blocks(chain, options, first, last);
    };
    CHECK(same_result(merge(merge(part(0, 1), part(1, 9)), part(9, 16)), alone));
    CHECK(same_result(merge(part(0, 1), merge(part(1, 9), part(9, 99))), alone));
    CHECK(same_result(merge(part(0, 16), part(16, 16)), alone));
  }
}

TEST_CASE("Cohort: the first replicates are the same however many there are") {
  const Chain chain = chain_of(seeded_parts(3));
  const PopulationResult many = simulate_population(chain, {.seed = 9, .replicates = 100});
  const PopulationResult few = simulate_population(chain, {.seed = 9, .replicates = 41});
  REQUIRE(few.replicates() == 41);
  for (std::size_t r = 0; r < 41; ++r) CHECK(same_bits(many.equity_of_replicate[r], few.equity_of_replicate[r]));
}

TEST_CASE("Cohort: asking for the course of the business changes nothing else") {
  const Chain chain = chain_of(seeded_parts(8));
  const PopulationResult with = simulate_population(chain, {.replicates = 60, .traces = true});
  const PopulationResult without = simulate_population(chain, {.replicates = 60});
  CHECK(same_bits(with.equity_of_replicate, without.equity_of_replicate));
  CHECK(same_estimate(with.investment(), without.investment()));
  CHECK(with.trace().has_value());
  CHECK_FALSE(without.trace().has_value());
}

TEST_CASE("Cohort: another seed is other luck, and the luck of a seed is pinned") {
  const Chain chain = chain_of(customers({{.state = 0, .channel = 0, .count = {1e6, 0}}}, 2));
  const PopulationResult one = simulate_population(chain, {.seed = 1, .replicates = 4});
  const PopulationResult two = simulate_population(chain, {.seed = 2, .replicates = 4});
  CHECK_FALSE(same_bits(one.equity_of_replicate, two.equity_of_replicate));
  // whoever changes these numbers changes stream_version
  const double of_stayers = 9;
  std::vector<double> stayers;
  for (const double equity : one.equity_of_replicate) stayers.push_back(std::round((equity - 1e7) / of_stayers));
  CHECK(stayers == std::vector<double>{799912, 800379, 799523, 800075});
  // few and many who move, arrive and are brought: people over three periods, one each for the state they are in
  ChainParts parts = constant_chain({{0.7, 0.2, 0.1}, {0.4, 0.5, 0.1}, {0, 0, 1}}, {1, 1e6, 0}, 1, 3);
  parts.periods[0].referred = {{0, 0.01, 0}, {0.3, 0, 0}, {0, 0, 0}};
  parts.arrivals = {{.state = 0, .channel = 0, .count = {40, 1000, 0}}, {.state = 1, .channel = 0, .count = {7, 0}}};
  CHECK(simulate_population(chain_of(parts), {.seed = 2026, .replicates = 3}).equity_of_replicate ==
        std::vector<double>{254001835, 254001736, 241001826});
}

TEST_CASE("Cohort: a group that comes once comes as counted, a fraction of a person by chance") {
  const PopulationResult result = simulate_population(
      chain_of(
          customers({{.state = 1, .channel = 0, .count = {0, 10.25, 0}}, {.state = 0, .channel = 0, .count = {4}}}, 1)),
      {.replicates = 50, .traces = true});
  CHECK(result.trace()->people[0][0].mean == 4);  // nobody else comes within the horizon
  CHECK(result.trace()->people[0][0].standard_error.value() == 0);
  const PopulationResult fraction = simulate_population(
      chain_of(customers({{.state = 0, .channel = 0, .count = {10.25, 0}}}, 1)), {.replicates = 4'000});
  int above = 0;
  for (const double equity : fraction.equity_of_replicate) {
    CHECK((equity == 100 || equity == 110));
    above += equity == 110 ? 1 : 0;
  }
  CHECK(std::abs(above - 1'000) < 6 * std::sqrt(4'000 * 0.25 * 0.75));
}

TEST_CASE("Cohort: a group that comes more than once is a stream, whose numbers are means") {
  const Chain chain = chain_of(customers({{.state = 1, .channel = 0, .count = {100, 50, 0}}}, 3));
  const PopulationTrace trace = simulate_population(chain, {.replicates = 2'000, .traces = true}).trace().value();
  CHECK(std::abs(trace.people[1][0].mean - 100) < 6 * *trace.people[1][0].standard_error);
  CHECK_THAT(*trace.people[1][0].standard_error, close_to(10 / std::sqrt(2'000), 0.1));
  CHECK_THAT(*trace.people[1][1].standard_error, close_to(std::sqrt(150.0) / std::sqrt(2'000), 0.1));
  CHECK(same_estimate(trace.people[1][1], trace.people[1][2]));
}

TEST_CASE("Cohort: a change of one row leaves the luck of all other states as it was") {
  ChainParts parts = constant_chain(
      {{0.6, 0.3, 0.1, 0, 0}, {0, 1, 0, 0, 0}, {0, 0, 1, 0, 0}, {0, 0, 0, 0.5, 0.5}, {0, 0, 0, 0.2, 0.8}},
      {0, 0, 0, 1, 0}, 1, 6);
  parts.arrivals = {{.state = 0, .channel = 0, .count = {1e6, 0}}, {.state = 3, .channel = 0, .count = {500, 400}}};
  const PopulationOptions options{.replicates = 40, .traces = true};
  const PopulationResult before = simulate_population(chain_of(parts), options);
  parts.periods[0].moves[0] = {0.1, 0.8, 0.1, 0, 0};
  const PopulationResult changed = simulate_population(chain_of(parts), options);
  CHECK(same_bits(before.equity_of_replicate, changed.equity_of_replicate));  // money is in state 3 alone
  parts.periods[0].moves[0] = {0, 0.9, 0.1, 0, 0};                            // a move that can no longer happen
  CHECK(same_bits(before.equity_of_replicate, simulate_population(chain_of(parts), options).equity_of_replicate));
}

TEST_CASE("Cohort: moves of probability 0 never happen and disturb nobody, listed or not") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    ChainParts parts = seeded_parts(seed);
    parts.keep_zeros = false;
    const Chain plain = chain_of(parts);
    parts.keep_zeros = true;
    CHECK(same_bits(simulate_population(plain, {.replicates = 20}).equity_of_replicate,
                    simulate_population(chain_of(parts), {.replicates = 20}).equity_of_replicate));
  }
}

TEST_CASE("Cohort: a thousand million million people are counted to the last") {
  ChainParts parts = constant_chain({{0.5, 0.3, 0.2}, {0.1, 0.6, 0.3}, {0, 0, 1}}, {1, 1, 1}, 1, 5);
  parts.arrivals = {{.state = 0, .channel = 0, .count = {1e15, 0}}};
  const PopulationResult result = simulate_population(chain_of(parts), {.replicates = 20});
  CHECK(result.customer_equity.minimum() == 5e15);
  CHECK(result.customer_equity.maximum() == 5e15);
}

TEST_CASE("Cohort: compared with itself a scenario is worth exactly 0 more, and differences change their sign") {
  const Chain a = chain_of(customers({{.state = 0, .channel = 0, .count = {1e4}}}, 12, 0.8));
  const Chain b = chain_of(customers({{.state = 0, .channel = 0, .count = {1e4}}}, 12, 0.82));
  const PopulationResult of_a = simulate_population(a, {.replicates = 300});
  const PopulationResult of_b = simulate_population(b, {.replicates = 300});
  const ValueSummary none = paired_difference(of_a, of_a);
  CHECK(none.count() == 300);
  CHECK(none.minimum() == 0);
  CHECK(none.maximum() == 0);
  const ValueSummary gain = paired_difference(of_b, of_a);
  const ValueSummary loss = paired_difference(of_a, of_b);
  CHECK(gain.mean() == -loss.mean());
  CHECK(gain.minimum() == -loss.maximum());
  CHECK(gain.minimum() > 0);  // the same draws: more sojourn in every replicate
  CHECK(*gain.standard_deviation() < 0.15 * *of_a.customer_equity.standard_deviation());
}

TEST_CASE("Cohort: an infinite horizon is followed until nothing that matters is left") {
  for (const CashFlowTiming timing : {CashFlowTiming::start, CashFlowTiming::middle, CashFlowTiming::end}) {
    ChainParts parts = customers({{.state = 0, .channel = 0, .count = {1000, 0}}}, infinite_horizon);
    parts.timing = timing;
    parts.streams = {{.per_person = true, .states = {0}, .level = 2}, {.per_person = false, .until = 9, .level = 30}};
    const Chain chain = chain_of(parts);
    const PopulationResult result = simulate_population(chain, {.replicates = 10, .traces = true});
    const ExactValue exact = exact_value(chain);
    CHECK_THAT(result.customer_equity.centre(), close_to(exact.business->customer_equity, 3e-9));
    CHECK_THAT(result.figures.centres()[0], close_to(exact.investment.total, 3e-9));
    CHECK(result.periods > 50);  // 0.72^t falls below 10^-9 after 63 periods
    CHECK(result.periods < 70);
    CHECK_FALSE(result.trace().has_value());
  }
  ChainParts growing = customers({{.state = 0, .channel = 0, .count = {100}, .growth_factor = 1.05}}, infinite_horizon);
  const Chain chain = chain_of(growing);
  CHECK_THAT(simulate_population(chain, {.replicates = 2}).customer_equity.centre(),
             close_to(exact_value(chain).business->customer_equity, 2e-9));
}

TEST_CASE("Cohort: money that is only spent is followed as far as money that is earned") {
  for (const bool per_person : {true, false}) {
    ChainParts parts = customers({{.state = 0, .channel = 0, .count = {1000, 0}}}, infinite_horizon);
    parts.periods[0].cash_flow = {0, 0};
    parts.streams = {{.per_person = per_person, .level = 4}};
    if (per_person) parts.streams[0].states = {0};
    const Chain chain = chain_of(parts);
    const PopulationResult result = simulate_population(chain, {.replicates = 200});
    CHECK(result.periods > 50);
    CHECK_THAT(result.customer_equity.centre(), close_to(-exact_value(chain).investment.total, 3e-9));
    CHECK_THAT(result.investment().mean, close_to(-result.customer_equity.mean()));
    CHECK_THAT(*result.investment().standard_error, close_to(*result.customer_equity.estimate().standard_error, 1e-9));
  }
}

TEST_CASE("Cohort: without money an infinite horizon is over at once, and an empty one is worth nothing") {
  ChainParts parts = customers({{.state = 0, .channel = 0, .count = {1000, 0}}}, infinite_horizon);
  parts.periods[0].cash_flow = {0, 0};
  CHECK(simulate_population(chain_of(parts), {.replicates = 3}).periods == 0);
  const PopulationResult nobody =
      simulate_population(chain_of(customers({{.state = 0, .channel = 0, .count = {0}}}, 4)), {.replicates = 3});
  CHECK(nobody.customer_equity.maximum() == 0);
  const PopulationResult no_time = simulate_population(
      chain_of(customers({{.state = 0, .channel = 0, .count = {5}}}, 0)), {.replicates = 3, .traces = true});
  CHECK(no_time.customer_equity.mean() == 0);
  CHECK(no_time.replicates() == 3);
  const PopulationResult none =
      simulate_population(chain_of(customers({{.state = 0, .channel = 0, .count = {5}}}, 4)), {.replicates = 0});
  CHECK(none.replicates() == 0);
  CHECK(none.complete);
  CHECK_FALSE(none.customer_equity.estimate().standard_error.has_value());
  const PopulationResult one =
      simulate_population(chain_of(customers({{.state = 0, .channel = 0, .count = {5}}}, 4)), {.replicates = 1});
  CHECK_FALSE(one.investment().standard_error.has_value());
}

constexpr std::uint64_t more_than_can_be_done = 100'000'000;  // before the calling thread gets its turn

TEST_CASE("Cohort: a run that is stopped is the run of fewer replicates, marked as incomplete") {
  const Chain chain = chain_of(customers({{.state = 0, .channel = 0, .count = {1e5}}}, 50));
  for (const unsigned threads : {1U, 2U, 5U}) {
    PopulationOptions options{.seed = 4, .replicates = more_than_can_be_done, .threads = threads, .traces = true};
    int asked = 0;
    const std::thread::id here = std::this_thread::get_id();
    options.stop = [&] {
      CHECK(std::this_thread::get_id() == here);
      return ++asked > 12;
    };
    const PopulationResult stopped = simulate_population(chain, options);
    CHECK_FALSE(stopped.complete);
    REQUIRE(stopped.replicates() < more_than_can_be_done);
    PopulationResult fewer =
        simulate_population(chain, {.seed = 4, .replicates = stopped.replicates(), .threads = 1, .traces = true});
    CHECK(fewer.complete);
    fewer.complete = false;
    CHECK(same_result(stopped, fewer));
    if (threads == 1) CHECK(stopped.replicates() > 32);
  }
  for (const unsigned threads : {1U, 5U}) {
    PopulationOptions at_once{.replicates = 5'000, .threads = threads};
    at_once.stop = [] { return true; };
    const PopulationResult nothing = simulate_population(chain, at_once);
    CHECK(nothing.replicates() == 0);
    CHECK_FALSE(nothing.complete);
  }
}

TEST_CASE("Cohort: a long replicate is left in the middle when the run is stopped") {
  const Chain chain = chain_of(customers({{.state = 0, .channel = 0, .count = {1e5}}}, 100'000));
  PopulationOptions options{.replicates = 5'000, .threads = 1};
  int asked = 0;
  options.stop = [&] { return ++asked > 4; };
  const PopulationResult stopped = simulate_population(chain, options);
  CHECK(stopped.replicates() == 0);
  CHECK(asked == 5);
}

TEST_CASE("Cohort: while others finish the last blocks, the calling thread can still stop them") {
  // two blocks, of 32 replicates and of one, in which it is asked some 23 times whether to stop; whoever has the other
  // needs longer than it takes to be asked a few times more
  const Chain chain = chain_of(customers({{.state = 0, .channel = 0, .count = {1e5}}}, 300'000));
  PopulationOptions options{.replicates = 33, .threads = 2};
  int asked = 0;
  options.stop = [&] { return ++asked > 28; };
  CHECK_FALSE(simulate_population(chain, options).complete);
  CHECK(asked == 29);
}

TEST_CASE("Cohort: progress rises to 1 in the calling thread") {
  const Chain chain = chain_of(customers({{.state = 0, .channel = 0, .count = {1e5}}}, 50));
  for (const unsigned threads : {1U, 3U}) {
    std::vector<double> shares;
    PopulationOptions options{.replicates = 2'000, .threads = threads};
    const std::thread::id here = std::this_thread::get_id();
    options.progress = [&](double share) {
      CHECK(std::this_thread::get_id() == here);
      shares.push_back(share);
    };
    CHECK(simulate_population(chain, options).complete);
    REQUIRE(shares.size() > (threads == 1 ? 2U : 0U));
    CHECK(std::is_sorted(shares.begin(), shares.end()));
    CHECK(shares.front() > 0);
    CHECK(shares.back() == 1);
  }
}

TEST_CASE("Cohort: what is thrown in a call back arrives at the caller, when all threads have ended") {
  const Chain chain = chain_of(customers({{.state = 0, .channel = 0, .count = {1e5}}}, 50));
  for (const unsigned threads : {1U, 4U}) {
    PopulationOptions options{.replicates = more_than_can_be_done, .threads = threads};
    int asked = 0;
    options.stop = [&]() -> bool {
      if (++asked > 3) throw std::runtime_error{"enough"};
      return false;
    };
    CHECK_THROWS_WITH(simulate_population(chain, options), "enough");
  }
}

TEST_CASE("Cohort: crowds that cannot be counted are refused, before the run where they are expected") {
  ChainParts parts = customers({{.state = 0, .channel = 0, .count = {1e14}}}, 40, 1);
  const auto simulate = [](const Chain& chain) {
    return simulate_population(chain, {.replicates = 100, .threads = 2});
  };
  const auto expected = problems_of<LimitError>([&] { return simulate(chain_of(parts)); });
  CHECK(says(expected, "population", "10^15 people"));
  CHECK(says(expected, "population", "shorten the horizon"));
  // a family of one: it may die out or become a people, and on average it stays below the limit
  ChainParts family = constant_chain({{0.5, 0.5}, {0, 1}}, {1, 0}, 1, 150);
  family.periods[0].referred = {{0.75, 0}, {0, 0}};
  family.arrivals = {{.state = 0, .channel = 0, .count = {100, 0}}};
  CHECK(says(problems_of<LimitError>([&] { return simulate(chain_of(family)); }), "population", "too many"));
  family.horizon = 130;
  family.arrivals[0].count = {100, 0};
  CHECK(simulate(chain_of(family)).complete);
}

/// Nobody, but with a small probability someone who brings very many.
ChainParts rare_crowd(double probability, double referred, Horizon horizon) {
  ChainParts parts = constant_chain({{1 - probability, probability, 0}, {0, 1, 0}, {0, 0, 1}}, {1, 0, 0}, 1, horizon);
  parts.periods[0].referred = {{0, 0, 0}, {0, 0, referred}, {0, 0, 0}};
  parts.arrivals = {{.state = 0, .channel = 0, .count = {1, 0}}};
  return parts;
}

TEST_CASE("Cohort: a crowd that comes by chance is refused while it is drawn") {
  const auto simulate = [](const ChainParts& parts) {
    return simulate_population(chain_of(parts), {.replicates = 200'000, .threads = 1});
  };
  // more in one draw than a whole number could hold, and a few draws that are too many together
  const auto in_one_draw = problems_of<LimitError>([&] { return simulate(rare_crowd(5e-5, 1e19, 3)); });
  CHECK(says(in_one_draw, "population", "10^15"));
  const auto together = problems_of<LimitError>([&] { return simulate(rare_crowd(1e-4, 0x1.8p51, 4)); });
  CHECK(says(together, "population", "10^15"));
  CHECK(simulate(rare_crowd(1e-4, 0x1.8p51, 3)).complete);
  CHECK(simulate(rare_crowd(5e-5, 1e19, 2)).complete);  // who would be brought would come after the horizon
}

TEST_CASE("Cohort: what cannot be simulated is refused in words") {
  const ChainParts plain = customers({{.state = 0, .channel = 0, .count = {10}}}, 5);
  const auto nobody = problems_of<ModelError>([] { return simulate_population(chain_of(customers({}, 5))); });
  CHECK(says(nobody, "no-arrivals", "nobody arrives"));
  const auto many = problems_of<LimitError>(
      [&] { return simulate_population(chain_of(plain), {.replicates = (std::uint64_t{1} << 32) + 1}); });
  CHECK(says(many, "replicates", "4294967297 replicates are too many"));
  const auto memory = problems_of<LimitError>(
      [&] { return simulate_population(chain_of(plain), {.replicates = std::uint64_t{1} << 32}); });
  CHECK(says(memory, "memory", "68.7"));
  CHECK(simulate_population_blocks(chain_of(plain), {.replicates = std::uint64_t{1} << 32}, 134'217'727, 134'217'728)
            .first_replicate == 4'294'967'264);
  ChainParts long_one = plain;
  long_one.horizon = 10'000'000;
  const auto trace = problems_of<LimitError>(
      [&] { return simulate_population(chain_of(long_one), {.replicates = 1, .traces = true}); });
  CHECK(says(trace, "memory", "2 states over 10000000 periods"));
  CHECK(says(trace, "memory", "leave the traces out"));
  ChainParts groups = long_one;
  groups.arrivals.assign(20, groups.arrivals.front());
  CHECK(says(problems_of<LimitError>([&] { return simulate_population(chain_of(groups)); }), "memory",
             "rows and arrivals"));
  ChainParts no_row = plain;
  no_row.keep_zeros = true;
  no_row.periods[0].moves[1] = {0, 0};
  CHECK(says(problems_of<ModelError>([&] { return simulate_population(chain_of(no_row)); }), "row-sum", "state 1"));
}

TEST_CASE("Cohort: money beyond all bounds is refused, expected or drawn") {
  ChainParts parts = customers({{.state = 0, .channel = 0, .count = {1e15, 0}}}, 3);
  parts.periods[0].cash_flow = {1e82, 0};
  CHECK(says(problems_of<DivergentError>([&] { return simulate_population(chain_of(parts), {.replicates = 2}); }),
             "overflow", "exceeds"));
  parts.periods[0].cash_flow = {1e79, 0};
  const PopulationResult large = simulate_population(chain_of(parts), {.replicates = 50, .traces = true});
  CHECK(std::isfinite(large.customer_equity.skewness().value()));
  CHECK(std::isfinite(large.trace()->cash_flow[1].standard_error.value()));
  // expected to be just within, drawn beyond in some replicate
  ChainParts draws = customers({{.state = 0, .channel = 0, .count = {100, 20}}}, 2);
  draws.periods[0].cash_flow = {4.5e92, 0};
  CHECK(says(problems_of<DivergentError>([&] { return simulate_population(chain_of(draws), {.replicates = 500}); }),
             "overflow", "exceeds"));
}

TEST_CASE("Cohort: an infinite horizon without a finite value is refused as the exact engine does") {
  ChainParts undiscounted = customers({{.state = 0, .channel = 0, .count = {10}}}, infinite_horizon);
  undiscounted.discount_factor = 1;
  CHECK(
      says(problems_of<DivergentError>([&] { return simulate_population(chain_of(undiscounted)); }), "divergent", ""));
  ChainParts slow = customers({{.state = 0, .channel = 0, .count = {10, 0}}}, infinite_horizon, 1);
  slow.discount_factor = 1 - 1e-7;
  const auto found = problems_of<LimitError>([&] { return simulate_population(chain_of(slow)); });
  CHECK(says(found, "horizon", "a million periods"));
  CHECK(says(found, "horizon", "give a finite horizon"));
}

TEST_CASE("Cohort: parts that do not belong together are not merged, nor compared") {
  const Chain chain = chain_of(customers({{.state = 0, .channel = 0, .count = {10, 0}}}, 5));
  const PopulationOptions options{.replicates = 320};
  const auto part = [&](std::uint64_t first, std::uint64_t last) {
    return simulate_population_blocks(chain, options, first, last);
  };
  const auto misfit = [](auto action) { return problems_of<ModelError>(action); };
  const PopulationResult first = part(0, 4);
  CHECK(says(misfit([&] { return merge(first, part(5, 10)); }), "misfit", "replicate 160 does not follow"));
  CHECK(says(misfit([&] { return merge(first, part(0, 4)); }), "misfit", "ends before replicate 128"));
  PopulationOptions other_seed = options;
  other_seed.seed = 2;
  CHECK(says(misfit([&] { return merge(first, simulate_population_blocks(chain, other_seed, 4, 10)); }), "misfit",
             "different runs"));
  PopulationOptions traced = options;
  traced.traces = true;
  CHECK(says(misfit([&] { return merge(first, simulate_population_blocks(chain, traced, 4, 10)); }), "misfit",
             "different runs"));
  const Chain other = chain_of(customers({{.state = 0, .channel = 0, .count = {11, 0}}}, 5));
  CHECK(says(misfit([&] { return merge(first, simulate_population_blocks(other, options, 4, 10)); }), "misfit",
             "different runs"));
  CHECK(
      says(misfit([&] { return paired_difference(first, simulate_population(chain, other_seed)); }), "misfit", "draws"));
  CHECK(says(misfit([&] { return paired_difference(first, part(4, 8)); }), "misfit", "draws"));
  CHECK(paired_difference(part(0, 10), first).count() == 128);  // those that both have
  PopulationResult cut = part(4, 10);
  CHECK(merge(first, cut).complete);
  cut.complete = false;
  CHECK_FALSE(merge(first, cut).complete);
}

TEST_CASE("Cohort: means and standard errors of figures, in any order of blocks") {
  const auto block = [](std::initializer_list<double> deviations) {
    BlockMoments moments{1};
    for (const double deviation : deviations) moments.add(0, deviation);
    return moments;
  };
  FigureMoments moments{{100}};
  moments.add_block(block({1, 5}));
  moments.add_block(block({-3}));
  const Estimate estimate = moments.estimate(0, 3);  // of 101, 105 and 97: variance 16
  CHECK(estimate.mean == 101);
  CHECK_THAT(*estimate.standard_error, close_to(4 / std::sqrt(3.0)));
  FigureMoments first{{100}}, second{{100}};
  first.add_block(block({-3}));
  second.add_block(block({1, 5}));
  first.merge(second);
  CHECK(first == moments);
  CHECK(FigureMoments{{7}}.estimate(0, 0).mean == 0);
  CHECK_FALSE(moments.estimate(0, 1).standard_error.has_value());
}

TEST_CASE("Cohort: blocks beyond the last are empty parts") {
  const Chain chain = chain_of(customers({{.state = 0, .channel = 0, .count = {10, 0}}}, 5));
  const auto blocks = [](std::uint64_t replicates) { return blocks_of(PopulationOptions{.replicates = replicates}); };
  CHECK(blocks(0) == 0);
  CHECK(blocks(1) == 1);
  CHECK(blocks(32) == 1);
  CHECK(blocks(33) == 2);
  const PopulationResult beyond = simulate_population_blocks(chain, {.replicates = 33}, 7, 3);
  CHECK(beyond.replicates() == 0);
  CHECK(beyond.first_replicate == 33);
  CHECK(beyond.complete);
}

}  // namespace tenure::test::population
