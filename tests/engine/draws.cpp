// Addresses of randomness, and rows as whole numbers: known answers, packing, weights that sum to 2^64 exactly, columns
// that realise the same weights, extreme words, and how little a small change of a row moves.

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>
#include <boost/random/uniform_int_distribution.hpp>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/detail/sampler.hpp"
#include "tenure/engine/stream.hpp"

namespace tenure::test::draws {

using namespace tenure::detail;

using Whole = boost::multiprecision::cpp_int;

const Whole two_64 = Whole{1} << 64;

/// p · 2^64 without rounding.
Whole exactly(double p) {
  int exponent = 0;
  const double mantissa = std::frexp(p, &exponent);
  const auto digits = static_cast<std::int64_t>(std::ldexp(mantissa, 53));
  const int shift = exponent - 53 + 64;
  return shift >= 0 ? Whole{digits} << shift : Whole{digits} >> -shift;
}

/// What an alias row realises for each entry, in parts of 2^64.
std::vector<Whole> realised(const std::vector<AliasColumn>& row, int column_bits, std::size_t entries) {
  const Whole full = Whole{1} << (64 - column_bits);
  std::vector<Whole> weight(std::max(entries, row.size()));
  for (const AliasColumn& column : row) {
    weight[column.entry[0]] += column.threshold;
    weight[column.entry[1]] += full - column.threshold;
  }
  return weight;
}

std::vector<Whole> weights_of(const ApportionedRow& row) {
  std::vector<Whole> weights;
  for (const std::uint64_t weight : row.weights) weights.emplace_back(weight);
  if (row.is_certain) weights[row.largest] = two_64;
  return weights;
}

/// Rows of every sort: some zero, some tiny, some all but certain, some off by rounding.
std::vector<double> row_of(Mixing& mixing) {
  const std::size_t size = 1 + mixing.below(mixing.chance(0.05) ? 300 : 9);
  std::vector<double> row = seeded_row(mixing, size);
  if (mixing.chance(0.1)) row[mixing.below(size)] += 1e-300;
  if (mixing.chance(0.1) && size > 1) {
    row.assign(size, 0);
    row[0] = 1 - 0x1p-53;
    row[size - 1] = 0x1p-53;
  }
  if (mixing.chance(0.1)) row[mixing.below(size)] *= 1 - 1e-13;
  return row;
}

TEST_CASE("Draws: C++26's philox4x32 has this ten-thousandth number") {
  // [rand.predef]: the default seed is 20111115, which is the first key word; the counter starts at 0 and its first
  // word counts; four words of each block come in order.
  const RandomBlock block = philox({9999 / 4, 0, 0, 0}, {20111115, 0});
  CHECK(block[9999 % 4] == 1955073260);
}

TEST_CASE("Draws: an address can be read back from its counter") {
  Mixing mixing{1};
  for (int k = 0; k < 20'000; ++k) {
    const StreamAddress address{mixing.next() >> 16, static_cast<std::uint32_t>(mixing.next()),
                                static_cast<Purpose>(mixing.next() & 0xFFFF),
                                static_cast<std::uint32_t>(mixing.next())};
    const RandomBlock counter = counter_of(address);
    CHECK(counter[0] == address.block);
    CHECK((counter[1] | (std::uint64_t{counter[2] & 0xFFFF} << 32)) == address.person);
    CHECK((counter[2] >> 16) == static_cast<std::uint32_t>(address.purpose));
    CHECK(counter[3] == address.replicate);
  }
}

TEST_CASE("Draws: different seeds have different keys") {
  std::set<std::array<std::uint32_t, 2>> keys;
  for (std::uint64_t seed = 0; seed < 50'000; ++seed) keys.insert({stream_key(seed).first, stream_key(seed).second});
  CHECK(keys.size() == 50'000);
}

TEST_CASE("Draws: an address is a standard engine") {
  StreamEngine engine{stream_key(5), {77, 0, Purpose::population, 3}};
  const RandomBlock first = random_block(stream_key(5), {77, 0, Purpose::population, 3});
  const RandomBlock second = random_block(stream_key(5), {77, 0, Purpose::population, 4});
  for (const std::uint32_t word : first) CHECK(engine() == word);
  for (const std::uint32_t word : second) CHECK(engine() == word);
  boost::random::uniform_int_distribution<int> die{1, 6};
  std::set<int> faces;
  for (int k = 0; k < 200; ++k) faces.insert(die(engine));
  CHECK(faces == std::set<int>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("Draws: weights sum to 2^64, zero stays zero, and nothing is off by more than the row itself") {
  Mixing mixing{2};
  for (int k = 0; k < 5'000; ++k) {
    const std::vector<double> row = row_of(mixing);
    const std::vector<Whole> weights = weights_of(apportioned(row));
    Whole sum = 0, of_row = 0;
    for (std::size_t e = 0; e < row.size(); ++e) {
      sum += weights[e];
      of_row += exactly(row[e]);
      if (row[e] == 0) CHECK(weights[e] == 0);
    }
    CHECK(sum == two_64);
    const Whole lacking = abs(two_64 - of_row) + row.size();
    for (std::size_t e = 0; e < row.size(); ++e) CHECK(abs(weights[e] - exactly(row[e])) <= lacking);
  }
}

TEST_CASE("Draws: columns realise the weights to the last part of 2^64") {
  Mixing mixing{3};
  for (int k = 0; k < 5'000; ++k) {
    const std::vector<double> row = row_of(mixing);
    const int bits = column_bits_of(row.size()) + static_cast<int>(mixing.below(3));
    std::vector<Whole> weights = weights_of(apportioned(row));
    weights.resize(std::size_t{1} << bits);
    CHECK(realised(alias_row(row, bits), bits, row.size()) == weights);
  }
}

TEST_CASE("Draws: a threshold decides for those at or above it, the extreme words choose the ends") {
  Mixing mixing{4};
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  for (int k = 0; k < 5'000; ++k) {
    const std::vector<double> row = row_of(mixing);
    const ThresholdRow sampled = threshold_row(row);
    CHECK(chosen_entry(sampled, 0) == sampled.entries.front());
    CHECK(chosen_entry(sampled, most) == sampled.entries.back());
    for (const std::uint32_t entry : sampled.entries) CHECK(row[entry] > 0);
    for (std::size_t e = 0; e < sampled.thresholds.size(); ++e) {
      CHECK(chosen_entry(sampled, sampled.thresholds[e] - 1) == sampled.entries[e]);
      CHECK(chosen_entry(sampled, sampled.thresholds[e]) == sampled.entries[e + 1]);
    }
  }
}

TEST_CASE("Draws: a row that changes a little moves few draws") {
  // Shares of draws that differ, counted exactly from the columns, against the least that could be: half the sum of the
  // changes. Rows of customers have one large entry, from which the others are filled up.
  Mixing mixing{5};
  for (int k = 0; k < 2'000; ++k) {
    std::vector<double> row{mixing.between(0.7, 0.95), 0, 0, 0};
    const double rest = 1 - row[0];
    row[1] = rest * mixing.between(0.2, 0.5);
    row[2] = rest * mixing.between(0.1, 0.3);
    row[3] = 1 - row[0] - row[1] - row[2];
    std::vector<double> changed = row;
    const double change = rest * mixing.between(0.001, 0.1);
    changed[3] -= change;
    changed[0] += change;
    const auto before = alias_row(row, 2);
    const auto after = alias_row(changed, 2);
    double moved = 0;
    for (std::size_t c = 0; c < 4; ++c) {
      CHECK(before[c].entry == after[c].entry);
      moved += std::ldexp(static_cast<double>(std::max(before[c].threshold, after[c].threshold) -
                                              std::min(before[c].threshold, after[c].threshold)),
                          -64);
    }
    CHECK(moved == Approx(change).epsilon(1e-9));
  }
}

}  // namespace tenure::test::draws
