// One number that stands for everything the simulating engines have to say: moments, quantiles, histograms, traces,
// people by state and period, differences between chains, replicate by replicate, of a fixed set of chains. The promise
// is that nothing but the stream version may change it: not threads, not the processor's instructions, not how blocks
// are shared out and put together, nor compiler, optimisation or whether the library or its headers are used. So the
// number is computed in many ways, and there must be one. scripts/same_bits does that for many builds of this file.
//
//     fingerprint              prints a line for each way that this build and processor have: what it is, and its
//     number fingerprint --check      the same, compared with the number of this stream version that is kept below
//     fingerprint --kept       prints that number
//     fingerprint --threads N --instructions NAME --parts N --order SEED      prints one

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/mixing.hpp"
#include "support/small_chain.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/engine/individual.hpp"
#include "tenure/engine/population.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::fingerprint {

/// The number of each stream version. Where it moves, results have moved, and whoever moved them says so by a new
/// stream version (tenure/engine/stream.hpp), or, where no draw is another, in the changelog.
struct Golden {
  int stream = 0;
  std::uint64_t number = 0;
};
constexpr Golden golden{1, 0x1dbd895bf42da9d2};
static_assert(golden.stream == stream_version, "a new stream version has a new fingerprint");

/// One way to compute it.
struct Way {
  unsigned threads = 1;
  InstructionSet instructions = InstructionSet::portable;
  std::uint64_t parts = 1;  ///< ranges of blocks that are simulated apart; as many as there are blocks at most
  std::uint64_t order = 0;  ///< decides where ranges begin and in which order they are merged
};

/// FNV-1a (Fowler, Noll and Vo) of 64 bits.
class Hash {
 public:
  void add(std::uint64_t word) {
    for (int byte = 0; byte < 8; ++byte) number_ = (number_ ^ ((word >> (8 * byte)) & 0xFF)) * 0x100000001B3;
  }
  void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }
  void add(const std::optional<double>& value) {
    add(std::uint64_t{value.has_value()});
    add(value.value_or(0));
  }
  void add(const Estimate& estimate) {
    add(estimate.mean);
    add(estimate.standard_error);
  }
  void add(const Interval& interval) {
    for (const double value : {interval.estimate, interval.low, interval.high}) add(value);
  }
  template <class Value>
  void add(const std::vector<Value>& values) {
    add(std::uint64_t{values.size()});
    for (const Value& value : values) add(value);
  }
  [[nodiscard]] std::uint64_t number() const { return number_; }

 private:
  std::uint64_t number_ = 0xCBF29CE484222325;
};

void add(Hash& hash, const ValueSummary& summary) {
  hash.add(summary.count());
  hash.add(summary.centre());
  hash.add(summary.mean());
  hash.add(summary.standard_deviation());
  hash.add(summary.estimate());
  hash.add(summary.skewness());
  hash.add(summary.minimum());
  hash.add(summary.maximum());
  hash.add(summary.share_negative());
  std::vector<double> shares;
  for (int percent = 0; percent <= 100; percent += 5) shares.push_back(percent / 100.0);
  hash.add(summary.quantiles(shares));
  const Histogram histogram = summary.histogram(50);
  hash.add(histogram.edges);
  hash.add(histogram.counts);
}

void add(Hash& hash, const IndividualResult& result, const Chain& chain) {
  hash.add(std::uint64_t{result.complete});
  hash.add(result.seed);
  hash.add(static_cast<std::uint64_t>(result.periods));
  add(hash, result.values);
  hash.add(result.people_in);
  const IndividualTrace trace = trace_of(result, chain);
  hash.add(trace.share);
  hash.add(trace.discounted_cash_flow);
}

void add(Hash& hash, const PopulationResult& result) {
  hash.add(std::uint64_t{result.complete});
  hash.add(result.seed);
  hash.add(result.first_replicate);
  hash.add(static_cast<std::uint64_t>(result.periods));
  add(hash, result.customer_equity);
  hash.add(result.equity_of_replicate);
  hash.add(result.investment());
  const std::optional<PopulationTrace> trace = result.trace();
  hash.add(std::uint64_t{trace.has_value()});
  if (!trace) return;
  hash.add(trace->cash_flow);
  hash.add(trace->discounted_cash_flow);
  hash.add(trace->spend);
  hash.add(trace->people);
}

/// [0, blocks) in ranges that leave nothing out, one after the other.
std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges_of(std::uint64_t blocks, const Way& way) {
  Mixing mixing{way.order};
  std::vector<std::uint64_t> inner;
  for (std::uint64_t block = 1; block < blocks; ++block) inner.push_back(block);
  while (inner.size() + 1 > way.parts)
    inner.erase(inner.begin() + static_cast<std::ptrdiff_t>(mixing.below(inner.size())));
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  std::uint64_t first = 0;
  for (const std::uint64_t block : inner) ranges.emplace_back(std::exchange(first, block), block);
  ranges.emplace_back(first, blocks);
  return ranges;
}

/// Parts of a run merged two by two until there is one: any two, or neighbours where only they can be.
template <class Result>
Result merged(std::vector<Result> parts, const Way& way, bool any_two) {
  Mixing mixing{way.order + 1};
  while (parts.size() > 1) {
    std::size_t one = mixing.below(parts.size());
    std::size_t other = any_two ? (one + 1 + mixing.below(parts.size() - 1)) % parts.size() : one + 1;
    if (other == parts.size()) other = std::exchange(one, one - 1);
    parts[one] = merge(std::move(parts[one]), std::move(parts[other]));
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(other));
  }
  return std::move(parts.front());
}

IndividualResult individuals(const Chain& chain, const IndividualOptions& options, const Way& way) {
  if (way.parts == 1) return simulate_individuals(chain, options);
  std::vector<IndividualResult> parts;
  for (const auto& [first, last] : ranges_of(blocks_of(options), way)) {
    parts.push_back(simulate_blocks(chain, options, first, last));
  }
  return merged(std::move(parts), way, true);
}

PopulationResult population(const Chain& chain, const PopulationOptions& options, const Way& way) {
  if (way.parts == 1) return simulate_population(chain, options);
  std::vector<PopulationResult> parts;
  for (const auto& [first, last] : ranges_of(blocks_of(options), way)) {
    parts.push_back(simulate_population_blocks(chain, options, first, last));
  }
  return merged(std::move(parts), way, false);
}

/// Chains in which everything happens: rows and money that change, money on moves, spend, referrals, certain moves.
Chain seeded(std::uint64_t seed, std::size_t states, std::int64_t horizon, double largest_referral_rate) {
  Mixing mixing{seed};
  SeededOptions options{.states = states, .referrals = largest_referral_rate > 0};
  options.largest_referral_rate = largest_referral_rate;
  ChainParts parts = seeded_chain(mixing, options);
  parts.horizon = horizon;
  return chain_of(parts);
}

/// Customers who stay, lapse, return and are lost, as most models have them: rows of at most four entries.
Chain customers(double staying, Horizon horizon) {
  ChainParts parts =
      constant_chain({{staying, 0.9 - staying, 0.1}, {0.25, 0.55, 0.2}, {0, 0, 1}}, {100, -10, 0}, 0.97, horizon);
  parts.periods[0].cash_of_moves = {{0, -5, -12}, {30, 0, 0}, {0, 0, 0}};
  return chain_of(parts);
}

/// A model in words, with all that compilation computes by tenure's own powers and exponentials.
Chain compiled(double lounge, double posters) {
  Lever retention{.name = "lounge",
                  .while_in = {"member"},
                  .carry_over = 0.5,
                  .effects = {moves_transition("member", "lost").towards(0.01).half_spend(12.0),
                              moves_cash_flow("member").towards(60).half_spend(25.0).hill(1.7)}};
  Lever acquisition{.name = "posters",
                    .kind = LeverKind::acquisition,
                    .spend_per = SpendPer::period,
                    .effects = {moves_arrivals("prospect").towards(1.9).half_spend(9'000.0)}};
  ModelBuilder builder{"club", Period::month, Horizon{30}, annual_rate(0.083)};
  builder.state("prospect", Stage::acquisition)
      .state("member", Stage::servicing, {.cash_flow = growing(31.7, 0.04)})
      .state("lost", Stage::lost)
      .transition("prospect", "member", 0.11, {.cash_flow = -7})
      .transition("prospect", "lost", 0.3)
      .transition("member", "lost", 0.05)
      .calendar("member", "lost", {1, 1, 1.3, 0.8})
      .arrivals("prospect", per_period(200, 0.1))
      .referral("member", "prospect", 0.02)
      .lever(retention)
      .lever(acquisition)
      .scenario("plan", {{"lounge", lounge}, {"posters", posters}});
  const Model model = builder.build();
  return compile(model, model.scenarios().front());
}

/// Stays of a length, and amounts that vary by every law there is; for persons, one that is their own.
Model varying(bool own) {
  const Number margin = varies(31.7, sd(40));
  ModelBuilder builder{"garage", Period::month, Horizon{36}, annual_rate(0.06)};
  builder
      .state("owner", Stage::servicing,
             {.cash_flow = own ? differs(margin, sd(9)) : margin, .dwell = WeibullDwell{14, 1.6}})
      .state("waiting", Stage::dormant, {.cash_flow = varies(-3, sd(2, DistributionKind::normal))})
      .state("lost", Stage::lost)
      .transition("owner", "waiting", 0.7, {.cash_flow = varies(900, sd(400, DistributionKind::lognormal))})
      .transition("owner", "lost", 0.3, {.cash_flow = varies(-50, sd(20, DistributionKind::gamma))})
      .transition("waiting", "owner", 0.2, {.cash_flow = varies(between(20, 45))})
      .arrivals("owner", per_period(30));
  return builder.build();
}

void add_lives(Hash& hash, const Way& way) {
  const auto options = [&](std::uint64_t seed, std::uint64_t people) {
    IndividualOptions chosen{.seed = seed, .people = people};
    chosen.threads = way.threads;
    chosen.instructions = way.instructions;
    return chosen;
  };
  const auto live = [&](const Chain& chain, const IndividualOptions& chosen) {
    add(hash, individuals(chain, chosen, way), chain);
  };
  // many blocks, without traces and with them
  IndividualOptions many = options(1, 18 * 4096 + 1);
  many.entries = {entry_at(0)};
  live(customers(0.8, 9), many);
  IndividualOptions traced = options(2, 9'000);
  traced.traces = true;
  // entries in several periods and states, each horizon with other remainders of eight, wide and narrow rows
  traced.entries = {{0, 0, 0.5}, {1, 3, 0.3}, {0, 8, 0.1}, {1, 11, 0.1}};
  live(customers(0.75, 17), traced);
  live(seeded(11, 5, 25, 0), traced);
  live(seeded(12, 3, 40, 0), traced);
  live(seeded(13, 30, 16, 0), traced);
  traced.entries = {};  // as people arrive
  live(seeded(14, 4, 8, 0), traced);
  live(compiled(15, 4'000), traced);
  traced.entries = {entry_at(0)};
  live(customers(0.7, infinite_horizon), traced);
  // sojourns, side by side and one by one, with amounts that vary
  traced.entries = {};
  live(compile(varying(false), Spending{}), traced);
  live(compile_for_persons(varying(true), Spending{}), traced);
  // families, whom a person brought
  IndividualOptions families = options(3, 9'000);
  families.referrals = true;
  live(seeded(15, 4, 10, 0.1), families);
  families.entries = {{0, 0, 2}, {1, 2, 1}};
  live(compiled(0, 0), families);
  // a part of a run so large that its quantiles are those of buckets
  IndividualOptions large = options(4, std::uint64_t{1} << 40);
  large.entries = {entry_at(1)};
  const Chain chain = customers(0.72, 12);
  IndividualResult low = simulate_blocks(chain, large, 4'000'000, 4'000'002);
  IndividualResult high = simulate_blocks(chain, large, 4'000'002, 4'000'003);
  add(hash, way.order % 2 == 0 ? merge(std::move(low), std::move(high)) : merge(std::move(high), std::move(low)),
      chain);
}

void add_pairs(Hash& hash, const Way& way) {
  IndividualOptions options{.seed = 5, .people = 13'000, .entries = {{0, 0, 3}, {1, 5, 1}}, .traces = true};
  options.threads = way.threads;
  options.instructions = way.instructions;
  const std::vector<Chain> chains{customers(0.8, 20), customers(0.81, 20), customers(0.8, 20)};
  const PairedResult result = simulate_paired(chains, options);
  for (std::size_t k = 0; k < chains.size(); ++k) add(hash, result.each[k], chains[k]);
  for (const ValueSummary& difference : result.difference) add(hash, difference);
}

void add_populations(Hash& hash, const Way& way) {
  const auto options = [&](std::uint64_t seed, std::uint64_t replicates, bool traces) {
    PopulationOptions chosen{.seed = seed, .replicates = replicates};
    chosen.threads = way.threads;
    chosen.traces = traces;
    return chosen;
  };
  add(hash, population(seeded(21, 3, 6, 0.2), options(6, 17 * replicates_of_block + 3, false), way));
  add(hash, population(seeded(22, 5, 12, 0.1), options(7, 3 * replicates_of_block, true), way));
  add(hash, population(compile(varying(false), Spending{}), options(9, 90, true), way));
  const PopulationResult before = population(compiled(0, 0), options(8, 150, true), way);
  const PopulationResult after = population(compiled(20, 6'000), options(8, 150, true), way);
  add(hash, before);
  add(hash, after);
  add(hash, paired_difference(after, before));
}

std::uint64_t number_of(const Way& way) {
  Hash hash;
  add_lives(hash, way);
  add_pairs(hash, way);
  add_populations(hash, way);
  return hash.number();
}

/// All threads with all instructions, each with the whole, two and five ranges and single blocks, merged in two orders.
std::vector<Way> all_ways() {
  std::vector<Way> ways;
  for (std::size_t set = 0; set < instruction_set_names.size(); ++set) {
    const auto instructions = static_cast<InstructionSet>(set);
    if (!is_available(instructions)) continue;
    for (const unsigned threads : {1U, 2U, 3U, 7U, 16U}) {
      ways.push_back({threads, instructions, 1, 0});
      ways.push_back({threads, instructions, 2, 2 * threads});
      ways.push_back({threads, instructions, 5, 2 * threads + 1});
      ways.push_back({threads, instructions, ~std::uint64_t{0}, 5 * threads});
    }
  }
  return ways;
}

std::string words_of(const Way& way) {
  const std::string parts = way.parts == ~std::uint64_t{0} ? "blocks" : std::to_string(way.parts);
  return "threads " + std::to_string(way.threads) + ", instructions " +
         std::string{instruction_set_names[static_cast<std::size_t>(way.instructions)]} + ", parts " + parts +
         ", order " + std::to_string(way.order);
}

void print(const Way& way, std::uint64_t number) {
  std::printf("%016llx  %s\n", static_cast<unsigned long long>(number), words_of(way).c_str());
  std::fflush(stdout);
}

int check() {
  int odd = 0;
  const std::vector<Way> ways = all_ways();
  for (const Way& way : ways) {
    const std::uint64_t number = number_of(way);
    if (number == golden.number) continue;
    ++odd;
    print(way, number);
  }
  std::printf("%zu of %zu ways give %016llx, the number of stream version %d\n",
              ways.size() - static_cast<std::size_t>(odd), ways.size(), static_cast<unsigned long long>(golden.number),
              golden.stream);
  if (odd > 0) std::puts("Results have moved. If they are meant to, change stream_version and the number kept here.");
  return odd > 0 ? 1 : 0;
}

/// The way that a command line asks for; none if it is not understood.
std::optional<Way> way_of(const std::vector<std::string_view>& words) {
  Way way;
  for (std::size_t k = 0; k + 1 < words.size(); k += 2) {
    const std::string_view value = words[k + 1];
    if (words[k] == "--instructions") {
      const auto* found = std::find(instruction_set_names.begin(), instruction_set_names.end(), value);
      if (found == instruction_set_names.end()) return std::nullopt;
      way.instructions = static_cast<InstructionSet>(found - instruction_set_names.begin());
      continue;
    }
    std::uint64_t number = 0;
    if (std::from_chars(value.data(), value.data() + value.size(), number).ptr != value.data() + value.size())
      return std::nullopt;
    if (words[k] == "--threads") {
      way.threads = static_cast<unsigned>(number);
    } else if (words[k] == "--parts" && number > 0) {
      way.parts = number;
    } else if (words[k] == "--order") {
      way.order = number;
    } else {
      return std::nullopt;
    }
  }
  return words.size() % 2 == 0 ? std::optional{way} : std::nullopt;
}

}  // namespace tenure::test::fingerprint

int main(int count, char** arguments) {
  using namespace tenure::test::fingerprint;
  const std::vector<std::string_view> words(arguments + 1, arguments + count);
  if (words.size() == 1 && words[0] == "--check") return check();
  if (words.size() == 1 && words[0] == "--kept") {
    std::printf("%016llx\n", static_cast<unsigned long long>(golden.number));
    return 0;
  }
  if (words.empty()) {
    for (const Way& way : all_ways()) print(way, number_of(way));
    return 0;
  }
  const std::optional<Way> way = way_of(words);
  if (!way) {
    std::fputs(
        "usage: fingerprint [--check | --kept | [--threads N] [--instructions NAME] [--parts N] [--order SEED]]\n",
        stderr);
    return 2;
  }
  print(*way, number_of(*way));
  return 0;
}
