// Whether the two engines that simulate have one law: what a few people are worth together, by counts from the
// population engine and as the sum of single lives, or of single families, from the individual engine. The two have
// nothing in common but the chain: one draws how many move, the other who does.
//
// Two samples of n values of one law differ in their distribution functions by ε somewhere with a probability of at
// most 2 exp(-n ε²), for every law, discrete ones too, and n of at least 458 (Wei and Dudley 2012, theorem 1). The
// false alarm rate of all comparisons in this file together is 1e-9. The engines round values differently, so distances
// are taken only where the next value is further away than rounding reaches; that makes none of them larger.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/detail/individual/people.hpp"
#include "tenure/engine/individual.hpp"
#include "tenure/engine/population.hpp"

namespace tenure::test::same_law {

using namespace tenure::detail;

constexpr std::uint64_t samples = 100'000;  ///< of each engine
constexpr double comparisons = 100;         ///< at most, in this file
constexpr double false_alarms = 1e-9;

/// The largest distance between the distribution functions of two samples.
double distance_between(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  const double size = std::max({std::fabs(a.front()), std::fabs(a.back()), std::fabs(b.front()), std::fabs(b.back())});
  const double rounding = 1e-9 * size;
  double distance = 0;
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    double here = std::min(a[i], b[j]);
    while (true) {  // all that rounding may have torn apart
      if (i < a.size() && a[i] <= here + rounding) {
        here = std::max(here, a[i++]);
      } else if (j < b.size() && b[j] <= here + rounding) {
        here = std::max(here, b[j++]);
      } else {
        break;
      }
    }
    distance = std::max(distance, std::fabs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                            static_cast<double>(j) / static_cast<double>(b.size())));
  }
  return distance;
}

bool of_one_law(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == samples);
  REQUIRE(b.size() == samples);
  const double furthest = std::sqrt(std::log(2 * comparisons / false_alarms) / static_cast<double>(samples));
  const double distance = distance_between(a, b);
  UNSCOPED_INFO("distance " << distance << " of " << furthest);
  return distance <= furthest;
}

/// So many people who enter together.
struct Arrivals {
  StateIndex state = 0;
  std::size_t period = 0;
  std::uint64_t people = 1;
};

/// What they are worth by the population engine, in each of many replicates.
std::vector<double> by_counts(ChainParts parts, const std::vector<Arrivals>& arrivals, std::uint64_t seed) {
  parts.arrivals.clear();
  for (const Arrivals& group : arrivals) {
    std::vector<double> count(group.period + 2);
    count[group.period] = static_cast<double>(group.people);
    parts.arrivals.push_back({.state = group.state, .channel = 0, .count = std::move(count)});
  }
  return simulate_population(chain_of(parts), {.seed = seed, .replicates = samples, .threads = 1}).equity_of_replicate;
}

/// The value of each of many people, in the order of people.
std::vector<double> values_of_people(const Chain& chain, const Entry& entry, std::uint64_t seed, std::uint64_t people,
                                     bool referrals) {
  const IndividualOptions options{.seed = seed, .people = people, .entries = {entry}, .referrals = referrals};
  const Chain* const place = &chain;
  const auto populations = tenure::detail::populations_of({&place, 1}, options);
  const tenure::detail::Crowd crowd{populations, options};
  std::vector<Block> blocks;
  std::vector<double> values;
  values.reserve(people);
  for (std::uint64_t first = 0; first < people; first += people_of_block) {
    const auto some = static_cast<std::uint32_t>(std::min(people_of_block, people - first));
    blocks = crowd.lived(first, some, std::move(blocks));
    const Block& block = blocks[0];
    for (std::uint32_t k = 0; k < some; ++k) {
      values.push_back(referrals ? block.values[k] : static_cast<double>(block.units[k]) * block.money_per_unit[k]);
    }
  }
  return values;
}

/// What they are worth by the individual engine: lives added up, less spend on nobody in particular.
std::vector<double> by_lives(const ChainParts& parts, const std::vector<Arrivals>& arrivals, std::uint64_t seed,
                             bool referrals = false) {
  const Chain chain = chain_of(parts);
  double fixed = 0;
  for (std::int64_t t = 0; t < *chain.horizon; ++t) {
    fixed += std::pow(chain.discount_factor, t) * spend_per_period(chain, t);
  }
  std::vector<double> sums(samples, -fixed);
  for (const Arrivals& group : arrivals) {
    const Entry entry{group.state, static_cast<std::int64_t>(group.period), 1};
    const double discount = std::pow(chain.discount_factor, static_cast<double>(group.period));
    const std::vector<double> values = values_of_people(chain, entry, seed++, samples * group.people, referrals);
    for (std::size_t k = 0; k < values.size(); ++k) sums[k / group.people] += discount * values[k];
  }
  return sums;
}

/// A chain with money on states and moves, spend that comes and goes, and rows that change.
ChainParts some_chain(std::uint64_t seed, bool referrals) {
  Mixing mixing{seed};
  ChainParts parts = seeded_chain(mixing, {.states = 2 + mixing.below(4),
                                           .distinct_periods = 1 + mixing.below(3),
                                           .referrals = referrals,
                                           .arrivals = false,
                                           .largest_referral_rate = 0.15});
  parts.horizon = 1 + static_cast<std::int64_t>(mixing.below(8));
  return parts;
}

/// Two states, one way and back, over some periods: few values, each of them likely.
ChainParts coming_and_going() {
  ChainParts parts = constant_chain({{0.7, 0.25, 0.05}, {0.3, 0.5, 0.2}, {0, 0, 1}}, {100, -10, 0}, 0.9, 6);
  parts.periods[0].cash_of_moves = {{0, 0, -40}, {60, 0, 0}, {0, 0, 0}};
  parts.periods.push_back(parts.periods[0]);
  parts.periods[1].moves[0] = {0.5, 0.3, 0.2};
  parts.course = {0, 1, 0};
  parts.timing = CashFlowTiming::middle;
  parts.streams = {{.per_person = true, .states = {0, 1}, .from = 1, .until = 4, .level = 5},
                   {.per_person = false, .from = 0, .until = 3, .level = 17}};
  return parts;
}

TEST_CASE("Same law: one person, three and twenty are worth the same by counts and life by life", "[slow]") {
  for (const std::uint64_t people : {1U, 3U, 20U}) {
    INFO(people << " people");
    CHECK(of_one_law(by_counts(coming_and_going(), {{0, 0, people}}, 1),
                     by_lives(coming_and_going(), {{0, 0, people}}, 2)));
  }
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const ChainParts parts = some_chain(seed, false);
    for (const std::uint64_t people : {1U, 3U, 20U}) {
      if (people == 20 && seed % 4 != 0) continue;
      INFO("chain " << seed << ", " << people << " people");
      CHECK(of_one_law(by_counts(parts, {{1, 0, people}}, seed), by_lives(parts, {{1, 0, people}}, seed + 100)));
    }
  }
}

TEST_CASE("Same law: people who come in several periods and states", "[slow]") {
  const std::vector<Arrivals> arrivals{{0, 0, 2}, {1, 2, 3}, {0, 5, 1}};
  CHECK(of_one_law(by_counts(coming_and_going(), arrivals, 3), by_lives(coming_and_going(), arrivals, 4)));
  const std::vector<Arrivals> other{{0, 0, 2}, {1, 3, 3}, {0, 5, 1}};
  CHECK_FALSE(of_one_law(by_counts(coming_and_going(), arrivals, 3), by_lives(coming_and_going(), other, 4)));
}

TEST_CASE("Same law: people with everyone whom they bring", "[slow]") {
  for (std::uint64_t seed = 50; seed < 62; ++seed) {
    const ChainParts parts = some_chain(seed, true);
    for (const std::uint64_t people : {1U, 3U}) {
      INFO("chain " << seed << ", " << people << " people");
      CHECK(of_one_law(by_counts(parts, {{0, 0, people}}, seed), by_lives(parts, {{0, 0, people}}, seed + 100, true)));
    }
  }
}

TEST_CASE("Same law: a branching family, and one that brings a little less", "[slow]") {
  ChainParts parts = constant_chain({{0.8, 0.2}, {0, 1}}, {50, 0}, 0.95, 12);
  parts.periods[0].cash_of_moves = {{0, 30}, {0, 0}};
  parts.periods[0].referred = {{0.15, 0.02}, {0, 0.01}};
  const std::vector<double> counted = by_counts(parts, {{0, 0, 1}}, 5);
  CHECK(of_one_law(counted, by_lives(parts, {{0, 0, 1}}, 6, true)));
  CHECK_FALSE(of_one_law(counted, by_lives(parts, {{0, 0, 1}}, 6, false)));
  parts.periods[0].referred[0][0] = 0.13;
  CHECK_FALSE(of_one_law(counted, by_lives(parts, {{0, 0, 1}}, 6, true)));
}

TEST_CASE("Same law: a row that is a little off, a person too many, and shared luck do not pass", "[slow]") {
  for (const std::uint64_t people : {1U, 3U, 20U}) {
    INFO(people << " people");
    const std::vector<double> counted = by_counts(coming_and_going(), {{0, 0, people}}, 1);
    ChainParts parts = coming_and_going();
    parts.periods[0].moves[0] = {0.67, 0.28, 0.05};
    CHECK_FALSE(of_one_law(counted, by_lives(parts, {{0, 0, people}}, 2)));
    CHECK_FALSE(of_one_law(counted, by_lives(coming_and_going(), {{0, 0, people + 1}}, 2)));
    if (people == 1) continue;
    std::vector<double> draws_of_one = by_lives(coming_and_going(), {{0, 0, 1}}, 2);
    const double fixed = 17 * (1 + 0.9 + 0.81);
    for (double& value : draws_of_one) value = static_cast<double>(people) * (value + fixed) - fixed;
    CHECK_FALSE(of_one_law(counted, draws_of_one));
  }
}

}  // namespace tenure::test::same_law
