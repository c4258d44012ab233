// Rows under influences on their odds: one alone puts exactly its own probability, several multiply, none comes first.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "tenure/chain/detail/influence.hpp"

namespace tenure::test::influence {

using namespace tenure::detail;

/// A lever that alone would reach a probability.
Influence lever(std::size_t entry, double alone) { return {.entry = entry, .alone = ReachedAlone{alone, 1 - alone}}; }
Influence calendar(std::size_t entry, double odds) { return {.entry = entry, .odds = odds}; }

std::vector<double> moved(const std::vector<double>& row, const std::vector<Influence>& influences) {
  const InfluencedRow result = influenced(row, influences);
  REQUIRE_FALSE(result.conflict.has_value());
  return result.probability;
}

double odds_of(double p) { return p / (1 - p); }

TEST_CASE("Influence: a lever alone puts exactly its probability, and scales the rest in proportion") {
  Mixing mixing{1};
  for (int round = 0; round < 500; ++round) {
    const std::vector<double> row = mixing.shares(2 + mixing.below(6));
    const std::size_t entry = mixing.below(row.size());
    const double target = mixing.unit();
    const std::vector<double> after = moved(row, {lever(entry, target)});
    CHECK(same_bits(after[entry], target));
    CHECK_THAT(std::accumulate(after.begin(), after.end(), 0.0), close_to(1, 4e-16));
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (k != entry) CHECK_THAT(after[k], close_to(row[k] * (1 - target) / (1 - row[entry]), 1e-13));
    }
  }
}

TEST_CASE("Influence: a calendar alone multiplies the odds") {
  Mixing mixing{2};
  for (int round = 0; round < 500; ++round) {
    const std::vector<double> row = mixing.shares(2 + mixing.below(6));
    const std::size_t entry = mixing.below(row.size());
    const double m = mixing.between(0, 10);
    const std::vector<double> after = moved(row, {calendar(entry, m)});
    CHECK_THAT(after[entry], close_to(m * row[entry] / (1 - row[entry] + m * row[entry]), 1e-13));
    const double scale = 1 / (1 - row[entry] + m * row[entry]);
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (k != entry) CHECK_THAT(after[k], close_to(row[k] * scale, 1e-13));
    }
  }
}

TEST_CASE("Influence: multipliers on one transition multiply its odds") {
  const std::vector<double> row{0.1, 0.3, 0.6};
  const std::vector<double> after = moved(row, {calendar(1, 2), lever(1, 0.5), calendar(1, 0.7)});
  const double multiplier = 2 * (odds_of(0.5) / odds_of(0.3)) * 0.7;
  CHECK_THAT(odds_of(after[1]), close_to(odds_of(0.3) * multiplier));
  CHECK_THAT(after[0] / after[2], close_to(0.1 / 0.6));
}

TEST_CASE("Influence: influences on different transitions make one row of weights") {
  const std::vector<double> row{0.1, 0.3, 0.6};
  const std::vector<double> after = moved(row, {lever(0, 0.2), lever(1, 0.1)});
  const double first = 0.1 * (odds_of(0.2) / odds_of(0.1));
  const double second = 0.3 * (odds_of(0.1) / odds_of(0.3));
  const double sum = first + second + 0.6;
  CHECK_THAT(after[0], close_to(first / sum));
  CHECK_THAT(after[1], close_to(second / sum));
  CHECK_THAT(after[2], close_to(0.6 / sum));
}

TEST_CASE("Influence: order never matters") {
  Mixing mixing{3};
  for (int round = 0; round < 300; ++round) {
    const std::vector<double> row = mixing.shares(2 + mixing.below(5));
    std::vector<Influence> influences;
    for (std::size_t k = 2 + mixing.below(4); k-- > 0;) {
      const std::size_t entry = mixing.below(row.size());
      influences.push_back(mixing.chance(0.5) ? lever(entry, mixing.between(0.01, 0.99))
                                              : calendar(entry, mixing.between(0.1, 5)));
    }
    const std::vector<double> one_way = moved(row, influences);
    std::reverse(influences.begin(), influences.end());
    const std::vector<double> other_way = moved(row, influences);
    for (std::size_t k = 0; k < row.size(); ++k) CHECK_THAT(one_way[k], close_to(other_way[k], 1e-14));
  }
}

TEST_CASE("Influence: a lever that leaves things as they are changes nothing when combined") {
  const std::vector<double> row{0.25, 0.25, 0.5};
  const std::vector<double> with = moved(row, {calendar(0, 3), lever(2, 0.5)});
  const std::vector<double> without = moved(row, {calendar(0, 3)});
  for (std::size_t k = 0; k < row.size(); ++k) CHECK_THAT(with[k], close_to(without[k], 1e-15));
}

TEST_CASE("Influence: from nothing, and to a limit of 0 or 1, only alone") {
  const std::vector<double> row{0, 0.4, 0.6};
  CHECK(moved(row, {lever(0, 0.3)}) == std::vector<double>{0.3, 0.4 * 0.7, 0.6 * 0.7});
  CHECK(influenced(row, std::vector{lever(0, 0.3), calendar(1, 2)}).conflict == InfluenceConflict::only_alone);
  Influence absolute = lever(1, 0.5);
  absolute.absolute = true;
  CHECK(moved(row, {absolute})[1] == 0.5);
  const InfluencedRow both = influenced(row, std::vector{calendar(2, 2), absolute});
  CHECK(both.conflict == InfluenceConflict::only_alone);
  CHECK(both.influence == 1);
}

TEST_CASE("Influence: what is certain cannot be moved by a lever, and stays certain in any season") {
  const std::vector<double> row{0, 1};
  CHECK(influenced(row, std::vector{lever(1, 0.5)}).conflict == InfluenceConflict::certain);
  CHECK(influenced(row, std::vector{lever(1, 0.5), calendar(1, 2)}).conflict == InfluenceConflict::certain);
  CHECK(moved(row, {calendar(1, 0.001)}) == row);
}

TEST_CASE("Influence: a season may close a way, but not all of them") {
  const std::vector<double> row{0.25, 0.75};
  CHECK(moved(row, {calendar(0, 0)}) == std::vector<double>{0, 1});
  CHECK(influenced(row, std::vector{calendar(0, 0), calendar(1, 0)}).conflict == InfluenceConflict::nothing_left);
}

TEST_CASE("Influence: a chance of leaving of 1e-12 is moved without losing its digits") {
  const double leaving = 1e-12;
  const std::vector<double> row{1 - leaving, leaving};
  // staying is moved: what it leaves to the rest is said apart, as a share of the way
  const Influence sojourns{.entry = 0, .alone = ReachedAlone{1 - 2.5e-13, 2.5e-13}};
  CHECK_THAT(moved(row, {sojourns})[1], close_to(2.5e-13, 1e-15));
  CHECK_THAT(moved(row, {sojourns, calendar(0, 1)})[1], close_to(2.5e-13, 1e-15));
}

}  // namespace tenure::test::influence
