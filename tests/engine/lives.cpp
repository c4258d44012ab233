// The individual engine. What a life is stands in life.hpp, in the plainest words; here every faster way must give the
// same lives to the last bit, and runs must not depend on how the work is divided. Whether they have the exact engine's
// law is judged in tests/statistical/individual.cpp.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/detail/individual/block_runner.hpp"
#include "tenure/engine/detail/individual/people.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/individual.hpp"

namespace tenure::test::lives {

using namespace tenure::detail;

std::vector<InstructionSet> available() {
  std::vector<InstructionSet> sets;
  for (const InstructionSet set : {InstructionSet::portable, InstructionSet::sse4, InstructionSet::avx2,
                                   InstructionSet::avx512, InstructionSet::neon}) {
    if (is_available(set)) sets.push_back(set);
  }
  return sets;
}

/// Chains of all sorts: rows that change, money on moves, nobody or several states gone, short and long horizons.
Chain some_chain(std::uint64_t seed, std::size_t most_states = 8) {
  Mixing mixing{seed};
  SeededOptions options{
      .states = 1 + mixing.below(most_states), .distinct_periods = 1 + mixing.below(3), .head = mixing.below(3)};
  options.referrals = false;
  ChainParts parts = seeded_chain(mixing, options);
  if (options.states > 4) {  // sparse, so that rows are short
    for (PeriodParts& period : parts.periods) {
      for (std::size_t i = 0; i < options.states; ++i) {
        std::vector<double>& row = period.moves[i];
        double sum = 0;
        for (std::size_t j = 0; j < row.size(); ++j) {
          if ((j + i) % options.states >= 3 + mixing.below(2)) row[j] = 0;
          sum += row[j];
        }
        if (sum == 0) sum = row[i] = 1;
        for (double& p : row) p /= sum;
      }
    }
  }
  for (std::size_t absorbed = mixing.below(3); absorbed-- > 0 && absorbed + 1 < options.states;) {
    const std::size_t i = options.states - 1 - absorbed;
    for (PeriodParts& period : parts.periods) {
      std::fill(period.moves[i].begin(), period.moves[i].end(), 0.0);
      period.moves[i][i] = 1;
      period.cash_flow[i] = 0;
      if (!period.cash_of_moves.empty()) std::fill(period.cash_of_moves[i].begin(), period.cash_of_moves[i].end(), 0.0);
    }
    for (SpendStream& stream : parts.streams) std::erase(stream.states, static_cast<StateIndex>(i));
  }
  const std::int64_t horizons[]{0, 1, 2, 7, 8, 9, 16, 17, 40, 100};
  parts.horizon = horizons[mixing.below(std::size(horizons))];
  return chain_of(parts);
}

std::vector<Entry> some_entries(const Chain& chain, std::uint64_t seed) {
  Mixing mixing{seed};
  std::vector<Entry> entries;
  for (std::size_t k = 1 + mixing.below(4); k-- > 0;) {
    const auto periods = static_cast<std::size_t>(std::max<std::int64_t>(1, *chain.horizon));
    entries.push_back({static_cast<StateIndex>(mixing.below(chain.states())),
                       static_cast<std::int64_t>(mixing.below(periods)), mixing.between(0.1, 1)});
  }
  if (*chain.horizon == 0) entries.resize(1);
  return entries;
}

/// A block by the plainest words: each life in turn, from the day it begins.
Block plainly(const LifeTables& tables, const ArrivalLottery& lottery, StreamKey key, std::uint64_t first,
              std::uint32_t people) {
  Block block{first,
              0,
              {},
              {},
              std::vector<std::int64_t>(people),
              std::vector<std::uint64_t>(static_cast<std::size_t>(tables.periods + 1) * tables.states())};
  for (std::uint32_t k = 0; k < people; ++k) {
    const Entry& entry = entry_of(lottery, key, first + k, 0);
    Draws draws = draws_of_transitions(key, first + k);
    Life life{tables.arrival_state[entry.state], entry.period, 0};
    live_until(tables, draws, life, tables.periods, [&](std::uint32_t s, std::int64_t t) {
      ++block.people_in[static_cast<std::size_t>(t) * tables.states() + s];
    });
    ++block.people_in[static_cast<std::size_t>(tables.periods) * tables.states() + life.state];
    block.units[k] = life.units;
  }
  return block;
}

TEST_CASE("Lives: every set of instructions lives them to the last bit as the plainest words do") {
  std::size_t wide = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const Chain chain = some_chain(seed, seed % 3 == 0 ? 40 : 8);
    const LifeTables tables = life_tables(chain, *chain.horizon);
    if (tables.states() > 15) ++wide;
    const ArrivalLottery lottery = arrival_lottery(tables, some_entries(chain, seed));
    const StreamKey key = stream_key(seed);
    const std::uint32_t sizes[]{1, 63, 64, 65, 700, 4095, 4096};
    const std::uint32_t people = sizes[seed % 7];
    const std::uint64_t first = 4096 * (seed % 5) + (seed % 4 == 0 ? std::uint64_t{1} << 40 : 0);
    const Block expected = plainly(tables, lottery, key, first, people);
    for (const InstructionSet set : available()) {
      const BlockRunner live = block_runner(tables, set);
      for (const bool counting : {false, true}) {
        const Block block = live(tables, key, begin_block(tables, lottery, key, first, people, counting));
        INFO("seed " << seed << ", " << instruction_set_names[static_cast<std::size_t>(set)]);
        CHECK(block.units == expected.units);
        if (counting) CHECK(block.people_in == expected.people_in);
      }
    }
  }
  CHECK(wide > 5);  // both lengths of strips were tried
}

/// Money on some moves, each another amount; whoever is in the last state stays there if `absorbed`.
Chain paying_chain(std::size_t states, std::size_t moves, std::size_t paying, bool absorbed) {
  Mixing mixing{states + 100 * moves + 1000 * paying};
  Matrix rows(states, std::vector<double>(states));
  Matrix cash(states, std::vector<double>(states));
  std::vector<double> cash_flow(states);
  for (std::size_t i = 0; i < states; ++i) {
    cash_flow[i] = mixing.between(-50, 100);
    for (std::size_t m = 0; m < moves; ++m) rows[i][(i + m * (1 + i % 3)) % states] += 1.0 / static_cast<double>(moves);
  }
  for (std::size_t k = 0; k < paying; ++k)
    cash[k % states][(k % states + (k / states) * (1 + (k % states) % 3)) % states] = static_cast<double>(k + 1) * 1.37;
  if (absorbed) {
    std::fill(rows.back().begin(), rows.back().end(), 0.0);
    std::fill(cash.back().begin(), cash.back().end(), 0.0);
    rows.back().back() = 1;
    cash_flow.back() = 0;
  }
  ChainParts parts = constant_chain(rows, cash_flow, 0.99, 43);
  parts.periods[0].cash_of_moves = cash;
  return chain_of(parts);
}

TEST_CASE("Lives: however many states, moves and amounts of money there are, the same bits") {
  // states, moves, paying moves: shapes of tables from the smallest to beyond what kernels hold
  const std::size_t shapes[][3]{{5, 3, 0},   {8, 4, 6},   {8, 4, 20},  {8, 4, 32},  {12, 4, 3},   {12, 4, 40},
                                {14, 4, 56}, {16, 4, 0},  {20, 4, 9},  {31, 4, 0},  {32, 4, 0},   {40, 3, 0},
                                {40, 4, 20}, {63, 4, 0},  {64, 4, 0},  {7, 7, 30},  {8, 8, 0},    {15, 8, 0},
                                {15, 8, 40}, {31, 8, 0},  {31, 8, 30}, {15, 12, 0}, {15, 12, 45}, {16, 12, 5},
                                {8, 4, 5},   {16, 16, 20}};
  const StreamKey key = stream_key(77);
  for (const auto& [states, moves, paying] : shapes) {
    for (const bool absorbed : {false, true}) {
      const Chain chain = paying_chain(states, moves, paying, absorbed);
      const LifeTables tables = life_tables(chain, *chain.horizon);
      CHECK(tables.states() >= states);
      const ArrivalLottery lottery = arrival_lottery(tables, {entry_at(0), {1, 9, 0.5}});
      const Block expected = plainly(tables, lottery, key, 4096, 1000);
      for (const InstructionSet set : available()) {
        const BlockRunner live = block_runner(tables, set);
        for (const bool counting : {false, true}) {
          const Block block = live(tables, key, begin_block(tables, lottery, key, 4096, 1000, counting));
          INFO(states << " states, " << moves << " moves, " << paying << " of all paying, "
                      << instruction_set_names[static_cast<std::size_t>(set)]);
          CHECK(block.units == expected.units);
          if (counting) CHECK(block.people_in == expected.people_in);
        }
      }
    }
  }
}

/// Everything that a result holds, for comparison to the last bit.
void check_same(const IndividualResult& a, const IndividualResult& b) {
  CHECK(a.people() == b.people());
  CHECK(a.values.mean() == b.values.mean());
  CHECK(a.values.standard_deviation() == b.values.standard_deviation());
  CHECK(a.values.skewness() == b.values.skewness());
  CHECK(a.values.minimum() == b.values.minimum());
  CHECK(a.values.maximum() == b.values.maximum());
  CHECK(a.values.share_negative().mean == b.values.share_negative().mean);
  for (const double p : {0.0, 0.05, 0.5, 0.95, 1.0})
    CHECK(a.values.quantile(p).estimate == b.values.quantile(p).estimate);
  CHECK(a.people_in == b.people_in);
}

TEST_CASE("Lives: threads, and blocks merged in any order, give the same bits") {
  for (std::uint64_t seed = 200; seed < 212; ++seed) {
    const Chain chain = some_chain(seed);
    if (*chain.horizon == 0) continue;
    IndividualOptions options{
        .seed = seed, .people = 30'001, .entries = some_entries(chain, seed), .traces = true, .threads = 1};
    const IndividualResult whole = simulate_individuals(chain, options);
    CHECK(whole.people() == 30'001);
    for (const unsigned threads : {2U, 3U, 7U, 16U}) {
      options.threads = threads;
      check_same(simulate_individuals(chain, options), whole);
    }
    options.threads = 1;
    std::vector<IndividualResult> parts;
    for (const auto& [first, last] : {std::pair{0, 1}, std::pair{1, 4}, std::pair{4, 5}, std::pair{5, 8}}) {
      parts.push_back(
          simulate_blocks(chain, options, static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(last)));
    }
    check_same(merge(merge(parts[3], parts[1]), merge(parts[2], parts[0])), whole);
    check_same(merge(parts[0], merge(parts[1], merge(parts[2], parts[3]))), whole);
  }
}

TEST_CASE("Lives: large runs keep buckets, and they merge to the same bits too") {
  const Chain chain = some_chain(301);
  IndividualOptions options{.seed = 9, .people = 11'000'000, .entries = {some_entries(chain, 1)}};
  const IndividualResult low = simulate_blocks(chain, options, 0, 3);
  const IndividualResult high = simulate_blocks(chain, options, 3, 7);
  check_same(merge(high, low), merge(low, high));
  IndividualOptions few = options;
  few.people = 7 * people_of_block;
  const IndividualResult kept = simulate_individuals(chain, few);
  for (const double p : {0.1, 0.5, 0.9}) {
    const double exact = kept.values.quantile(p).estimate;
    CHECK(merge(low, high).values.quantile(p).estimate == Approx(exact).epsilon(0.004).margin(1e-9));
  }
}

TEST_CASE("Lives: the first people of a run are the same however many follow, and whatever else is asked") {
  const Chain chain = chain_of(constant_chain({{0.8, 0.15, 0.05}, {0.3, 0.6, 0.1}, {0, 0, 1}}, {50, -10, 0}, 0.97, 40));
  IndividualOptions options{.seed = 3, .people = 8192, .entries = some_entries(chain, 3)};
  const IndividualResult few = simulate_individuals(chain, options);
  options.people = 50'000;
  check_same(simulate_blocks(chain, options, 0, 2), few);
  options.traces = true;
  CHECK(simulate_blocks(chain, options, 0, 2).values.mean() == few.values.mean());
  options.seed = 4;
  CHECK(simulate_blocks(chain, options, 0, 2).values.mean() != few.values.mean());
}

TEST_CASE("Lives: stopped, a run has lived its first blocks and no others") {
  const Chain chain = chain_of(constant_chain({{0.8, 0.15, 0.05}, {0.3, 0.6, 0.1}, {0, 0, 1}}, {50, -10, 0}, 0.97, 40));
  for (const unsigned threads : {1U, 3U}) {
    IndividualOptions options{.seed = 3, .people = 10'000'000, .entries = some_entries(chain, 3), .threads = threads};
    for (const int often : {0, 1, 2, 9, 40}) {
      int asked = 0;
      const std::thread::id here = std::this_thread::get_id();
      options.stop = [&] {
        CHECK(std::this_thread::get_id() == here);
        return ++asked > often;
      };
      const IndividualResult stopped = simulate_individuals(chain, options);
      CHECK(asked == often + 1);
      CHECK_FALSE(stopped.complete);
      CHECK(stopped.people() % people_of_block == 0);
      if (threads == 1) CHECK(stopped.people() == static_cast<std::uint64_t>(std::max(0, often - 1)) * people_of_block);
      options.stop = {};
      check_same(stopped, simulate_blocks(chain, options, 0, stopped.people() / people_of_block));
    }
  }
}

TEST_CASE("Lives: a long block is left in the middle when the run is stopped, and does not count") {
  const Chain chain =
      chain_of(constant_chain({{0.8, 0.15, 0.05}, {0.3, 0.6, 0.1}, {0, 0, 1}}, {50, -10, 0}, 0.97, 1'000'000));
  ChainParts parts = constant_chain({{0.9, 0.1}, {0, 1}}, {1, 0}, 0.99, 200);
  parts.periods[0].referred = {{0.098, 0}, {0, 0}};
  const Chain families = chain_of(parts);
  for (const unsigned threads : {1U, 2U}) {
    for (const Chain* each : {&chain, &families}) {
      IndividualOptions options{.people = 4096, .entries = {entry_at(0)}, .referrals = true, .threads = threads};
      int asked = 0;
      options.stop = [&] { return ++asked > 4; };
      if (each == &chain) {
        CHECK(simulate_individuals(*each, options).people() == 0);
      } else {  // stopped in the first families, about whose mean moments are to be taken
        CHECK_THROWS_AS(simulate_individuals(*each, options), InterruptedError);
      }
      CHECK(asked == 5);
    }
  }
}

TEST_CASE("Lives: progress rises to 1 in the calling thread") {
  const Chain chain = chain_of(constant_chain({{0.8, 0.15, 0.05}, {0.3, 0.6, 0.1}, {0, 0, 1}}, {50, -10, 0}, 0.97, 40));
  for (const unsigned threads : {1U, 3U}) {
    std::vector<double> shares;
    const std::thread::id here = std::this_thread::get_id();
    IndividualOptions options{.people = 200'000, .entries = {entry_at(0)}, .threads = threads};
    options.progress = [&](double share) {
      CHECK(std::this_thread::get_id() == here);
      shares.push_back(share);
    };
    CHECK(simulate_individuals(chain, options).complete);
    REQUIRE(!shares.empty());
    CHECK(std::is_sorted(shares.begin(), shares.end()));
    CHECK(shares.back() == 1);
  }
}

TEST_CASE("Lives: watched one by one, they are those that were simulated") {
  const Chain chain = some_chain(23);
  const LifeTables tables = life_tables(chain, *chain.horizon);
  const ArrivalLottery lottery = arrival_lottery(tables, {entry_at(0)});
  const Block block = plainly(tables, lottery, stream_key(11), 0, 300);
  std::vector<double> referred(300);
  std::vector<std::int64_t> periods(300);
  observe_lives(chain, entry_at(0), {.seed = 11, .first_person = 0, .people = 300}, [&](const LifeEvent& event) {
    referred[event.person] += event.value;
    CHECK(event.period == periods[event.person]++);
  });
  for (std::size_t k = 0; k < 300; ++k) {
    CHECK(periods[k] == *chain.horizon);
    const auto last = static_cast<double>(block.units[k]) * std::ldexp(1.0, tables.unit_exponent);
    CHECK(referred[k] == Approx(last).epsilon(1e-12));
  }
}

TEST_CASE("Lives: what can only go one way is worth what the exact engine says") {
  Matrix moves{{0, 1, 0}, {0, 0, 1}, {0, 0, 1}};
  ChainParts parts = constant_chain(moves, {100, -7, 3.25}, 0.97, 30);
  parts.periods[0].cash_of_moves = {{0, 40, 0}, {0, 0, 11}, {0, 0, 0.5}};
  parts.timing = CashFlowTiming::middle;
  const Chain chain = chain_of(parts);
  const IndividualResult result = simulate_individuals(chain, {.people = 5000, .entries = {entry_at(0)}});
  const double exact = exact_value(chain).states[0].clv.value();
  CHECK(result.values.mean() == Approx(exact).epsilon(1e-10));
  CHECK(result.values.standard_deviation() == 0.0);
  CHECK(result.values.minimum() == result.values.maximum());
}

TEST_CASE("Lives: rounding to units is far below what chance does") {
  // The expectation over the tables, computed without sampling, against the exact engine.
  for (std::uint64_t seed = 400; seed < 700; ++seed) {
    const Chain chain = some_chain(seed);
    if (*chain.horizon == 0) continue;
    const LifeTables tables = life_tables(chain, *chain.horizon);
    const StateValue exact = exact_value(chain).states[0];
    const double mean = tenure::detail::expected_value(tables, arrival_lottery(tables, {entry_at(0)}));
    const double off = std::fabs(mean - exact.clv.value());
    const double half_a_unit_each = std::ldexp(static_cast<double>(tables.periods + 1), tables.unit_exponent - 1);
    INFO("seed " << seed);
    CHECK(off <= half_a_unit_each + 1e-12 * std::fabs(exact.clv.value()));
    if (exact.clv_sd.value() > 0.01) CHECK(off <= 1e-7 * exact.clv_sd.value());
  }
}

TEST_CASE("Lives: the same people in two equal chains differ by nothing, in two that differ by little by little") {
  const Chain chain = some_chain(31);
  const std::vector<Chain> same{chain, chain};
  const PairedResult equal = simulate_paired(same, {.people = 10'000, .entries = {entry_at(0)}});
  CHECK(equal.difference[0].minimum() == 0);
  CHECK(equal.difference[0].maximum() == 0);
  ChainParts parts = constant_chain({{0.9, 0.1}, {0, 1}}, {100, 0}, 0.99, 60);
  const Chain before = chain_of(parts);
  parts.periods[0].moves = {{0.905, 0.095}, {0, 1}};
  const std::vector<Chain> two{before, chain_of(parts)};
  const PairedResult result = simulate_paired(two, {.people = 200'000, .entries = {entry_at(0)}});
  const double apart = std::pow(result.each[0].values.standard_deviation().value(), 2) +
                       std::pow(result.each[1].values.standard_deviation().value(), 2);
  CHECK(apart > 10 * std::pow(result.difference[0].standard_deviation().value(), 2));
  const double exact = exact_value(two[1]).states[0].clv.value() - exact_value(two[0]).states[0].clv.value();
  CHECK(std::fabs(result.difference[0].mean() - exact) < 6 * result.difference[0].estimate().standard_error.value());
}

/// A chain that differs a little from another: every few rows give some of one entry to the next, or bring other money.
Chain like(Chain chain, std::uint64_t seed) {
  Mixing mixing{seed};
  const bool other_money = mixing.below(2) == 0;
  std::vector<std::vector<double>> probability = chain.probability.distinct();
  for (std::vector<double>& p : probability) {
    for (StateIndex i = 0; i < chain.states(); ++i) {
      const std::uint32_t first = chain.transitions.first[i];
      if (chain.transitions.first[i + 1] - first < 2 || p[first] == 1 || mixing.below(3) == 0) continue;
      const double moved = p[first] * mixing.between(0, mixing.below(4) == 0 ? 1 : 0.05);
      p[first] -= moved;
      p[first + 1] += moved;
    }
  }
  chain.probability = {std::move(probability), chain.probability.course(), chain.probability.repeats_from()};
  std::vector<std::vector<double>> cash_flow = chain.cash_flow.distinct();
  for (std::vector<double>& c : cash_flow) {
    for (double& amount : c) amount *= other_money ? 1.25 : 1;
  }
  chain.cash_flow = {std::move(cash_flow), chain.cash_flow.course(), chain.cash_flow.repeats_from()};
  return chain;
}

TEST_CASE("Lives: the same people in many chains at once live in each as they would there alone", "[slow]") {
  std::uint64_t alike = 0;
  std::uint64_t apart = 0;
  for (std::uint64_t seed = 300; seed < 340; ++seed) {
    std::vector<Chain> chains{some_chain(seed, seed % 3 == 0 ? 40 : 8)};
    if (*chains[0].horizon == 0) continue;
    for (std::uint64_t other = 1; other <= (seed % 8 == 0 ? 9U : 3U); ++other)
      chains.push_back(like(chains[0], 10 * seed + other));
    chains.push_back(chains[0]);
    chains.push_back(some_chain(seed + 1000));  // with other states
    chains.back().horizon = chains[0].horizon;
    std::vector<Entry> entries = some_entries(chains[0], seed);
    for (Entry& entry : entries) {
      entry.state = static_cast<StateIndex>(entry.state % chains.back().states());
      entry.period = std::min<std::int64_t>(entry.period, 12);  // so that discounting leaves something
    }
    IndividualOptions options{.seed = seed, .people = 5'000, .entries = entries, .threads = 1};
    for (const InstructionSet set : available()) {
      INFO("seed " << seed << ", " << instruction_set_names[static_cast<std::size_t>(set)]);
      options.instructions = set;
      const PairedResult together = simulate_paired(chains, options);
      for (std::size_t k = 0; k < chains.size(); ++k)
        check_same(together.each[k], simulate_individuals(chains[k], options));
      std::vector<const Chain*> places;
      for (const Chain& chain : chains) places.push_back(&chain);
      const std::vector<IndividualResult> without_differences =
          simulate_together(places, options, 0, blocks_of(options));
      REQUIRE(without_differences.size() == chains.size());
      for (std::size_t k = 0; k < chains.size(); ++k) check_same(without_differences[k], together.each[k]);
      CHECK(together.difference[chains.size() - 3].minimum() == 0);
      CHECK(together.difference[chains.size() - 3].maximum() == 0);
      for (const ValueSummary& difference : together.difference)
        ++(difference.minimum() == difference.maximum() ? alike : apart);
    }
  }
  CHECK(alike > 0);
  CHECK(apart > 100);
}

TEST_CASE("Lives: some blocks of people in many chains are those blocks of each, and none in none") {
  const Chain chain = some_chain(31);
  const Chain other = like(chain, 7);
  const std::vector<const Chain*> places{&chain, &other};
  IndividualOptions options{.seed = 12, .people = 20'000, .entries = {entry_at(0)}};
  for (const bool traces : {false, true}) {
    options.traces = traces;
    const std::vector<IndividualResult> middle = simulate_together(places, options, 1, 4);
    check_same(middle[0], simulate_blocks(chain, options, 1, 4));
    check_same(middle[1], simulate_blocks(other, options, 1, 4));
    const std::vector<IndividualResult> end = simulate_together(places, options, 4, 99);
    check_same(end[1], simulate_blocks(other, options, 4, 5));
  }
  int asked = 0;
  options.traces = false;
  options.threads = 1;
  options.stop = [&] { return ++asked > 4; };
  const std::vector<IndividualResult> stopped = simulate_together(places, options, 0, 5);
  options.stop = {};
  for (std::size_t k = 0; k < places.size(); ++k) {
    CHECK_FALSE(stopped[k].complete);
    check_same(stopped[k], simulate_blocks(*places[k], options, 0, 3));
  }
  CHECK(simulate_together({}, options, 0, 5).empty());
}

TEST_CASE("Lives: families are worth what the exact engine says, and are refused where they have no bound") {
  ChainParts parts = constant_chain({{0.8, 0.2}, {0, 1}}, {50, 0}, 0.8, 40);  // a period early would show: 10 % more
  parts.periods[0].referred = {{0.12, 0}, {0, 0}};
  const Chain chain = chain_of(parts);
  const IndividualResult result =
      simulate_individuals(chain, {.people = 100'000, .entries = {entry_at(0)}, .referrals = true});
  const double exact = exact_value(chain).states[0].clv_with_referrals.value();
  CHECK(std::fabs(result.values.mean() - exact) < 6 * result.values.estimate().standard_error.value());
  check_same(
      simulate_individuals(chain, {.people = 100'000, .entries = {entry_at(0)}, .referrals = true, .threads = 3}),
      result);
  parts.periods[0].moves = {{1, 0}, {0, 1}};
  parts.periods[0].referred = {{2, 0}, {0, 0}};
  CHECK_THROWS_AS(simulate_individuals(chain_of(parts), {.people = 10, .entries = {entry_at(0)}, .referrals = true}),
                  LimitError);
}

TEST_CASE("Lives: an infinite horizon is followed until nothing is left to come") {
  const Chain chain = chain_of(constant_chain({{0.8, 0.2}, {0, 1}}, {50, 0}, 0.95));
  const IndividualResult result = simulate_individuals(chain, {.people = 100'000, .entries = {entry_at(0)}});
  const double exact = exact_value(chain).states[0].clv.value();
  CHECK(std::fabs(result.values.mean() - exact) < 6 * result.values.estimate().standard_error.value());
  const Chain endless = chain_of(constant_chain({{0, 1}, {1, 0}}, {1, -1}, 1));
  CHECK_THROWS_AS(simulate_individuals(endless, {.people = 10, .entries = {entry_at(0)}}), LimitError);
}

TEST_CASE("Lives: traces are shares of people, with errors") {
  const Chain chain = chain_of(constant_chain({{0.8, 0.2}, {0, 1}}, {50, 0}, 0.95, 12));
  const IndividualResult result =
      simulate_individuals(chain, {.people = 40'000, .entries = {entry_at(0)}, .traces = true});
  const IndividualTrace trace = trace_of(result, chain);
  for (std::size_t t = 0; t < 12; ++t) {
    const double share = std::pow(0.8, static_cast<double>(t));
    const double error = std::sqrt(share * (1 - share) / 40'000);
    CHECK(std::fabs(trace.share[0][t].mean - share) <= 6 * error);
    CHECK(trace.share[0][t].mean + trace.share[1][t].mean == Approx(1));
    CHECK(trace.share[0][t].standard_error.value() == Approx(error).epsilon(0.1).margin(1e-12));
    CHECK(trace.discounted_cash_flow[t].mean ==
          Approx(trace.share[0][t].mean * 50 * std::pow(0.95, static_cast<double>(t))));
  }
}

}  // namespace tenure::test::lives
