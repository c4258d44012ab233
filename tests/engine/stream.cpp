// Addresses of randomness against other people's words and code: Random123's known answers, the text of C++26's
// philox_engine written down once more, Random123 itself where it is installed, and proofs that neither seeds nor
// addresses can meet. draws.cpp has the shorter checks.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <boost/random/binomial_distribution.hpp>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <boost/random/uniform_01.hpp>

#include "catch.hpp"
#include "support/goodness_of_fit.hpp"
#include "support/mixing.hpp"
#include "tenure/engine/detail/individual/life.hpp"
#include "tenure/engine/stream.hpp"

#if defined(__GNUC__) && __has_include(<Random123/philox.h>)
#define TENURE_TEST_HAS_RANDOM123 1
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wshadow"
#include <Random123/philox.h>
#pragma GCC diagnostic pop
#endif

namespace tenure::test::streams {

using namespace tenure::detail;

/// A row of Random123's file kat_vectors.
struct KnownAnswer {
  int rounds;
  RandomBlock counter;
  StreamKey key;
  RandomBlock answer;
};

constexpr KnownAnswer known_answers[]{
    {7, {0, 0, 0, 0}, {0, 0}, {0x5F6FB709, 0x0D893F64, 0x4F121F81, 0x4F730A48}},
    {10, {0, 0, 0, 0}, {0, 0}, {0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8}},
    {10, {~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}, {0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD}},
    {10,
     {0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344},
     {0xA4093822, 0x299F31D0},
     {0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1}},
};

TEST_CASE("Streams: Random123's known answers, computed at run time") {
  for (const KnownAnswer& known : known_answers) {
    volatile std::uint32_t hidden = known.counter[0];  // so that no compiler answers in advance
    const RandomBlock counter{hidden, known.counter[1], known.counter[2], known.counter[3]};
    CHECK((known.rounds == 7 ? philox<7>(counter, known.key) : philox(counter, known.key)) == known.answer);
  }
}

/// std::philox4x32 as [rand.eng.philox] defines it, with its names and in its order, and nothing of tenure's.
class StandardPhilox {
 public:
  explicit StandardPhilox(std::uint32_t seed = 20111115U) : K_{seed, 0} {}  // all but K_0 is 0, X is 0, i is n - 1
  std::uint32_t operator()() {
    i_ = i_ + 1;
    if (i_ == n) {
      Y_ = philox_of_X();
      for (std::uint32_t& word : X_) {  // Z := Z + 1, words from the least on
        if (++word != 0) break;
      }
      i_ = 0;
    }
    return Y_[i_];
  }

 private:
  static constexpr std::size_t n = 4;
  static constexpr std::size_t r = 10;
  static constexpr std::array<std::uint64_t, 2> M{0xCD9E8D57, 0xD2511F53};
  static constexpr std::array<std::uint64_t, 2> C{0x9E3779B9, 0xBB67AE85};
  static constexpr std::array<std::size_t, n> f{2, 1, 0, 3};  ///< the permutation for n = 4

  [[nodiscard]] std::array<std::uint32_t, n> philox_of_X() const {
    std::array<std::uint32_t, n> X = X_;
    for (std::uint64_t q = 0; q < r; ++q) {
      std::array<std::uint32_t, n> V{};
      for (std::size_t j = 0; j < n; ++j) V[j] = X[f[j]];
      for (std::size_t k = 0; k < n / 2; ++k) {
        const std::uint64_t product = V[2 * k] * M[k];
        const auto key = static_cast<std::uint32_t>(K_[k] + q * C[k]);
        X[2 * k] = static_cast<std::uint32_t>(product >> 32) ^ key ^ V[2 * k + 1];
        X[2 * k + 1] = static_cast<std::uint32_t>(product);
      }
    }
    return X;
  }

  std::array<std::uint32_t, n> X_{};
  std::array<std::uint32_t, 2> K_;
  std::array<std::uint32_t, n> Y_{};
  std::size_t i_ = n - 1;
};

TEST_CASE("Streams: an address whose key is a seed of C++26's engine draws what that engine draws") {
  StandardPhilox standard;
  StreamEngine engine{{20111115, 0}, {}};
  std::uint32_t last = 0;
  for (int k = 0; k < 10'000; ++k) {
    last = engine();
    REQUIRE(last == standard());
  }
  CHECK(last == 1955073260);  // [rand.predef], and so the text was written down rightly
  for (const std::uint32_t seed : {0U, 1U, 77U, 0x80000000U, ~0U}) {
    StandardPhilox other{seed};
    StreamEngine same{{seed, 0}, {}};
    for (int k = 0; k < 1'000; ++k) REQUIRE(same() == other());
  }
}

#if defined(TENURE_TEST_HAS_RANDOM123)
TEST_CASE("Streams: Random123's own code gives the same bits") {
  Mixing mixing{123};
  for (int k = 0; k < 400'000; ++k) {
    const std::uint64_t a = mixing.next(), b = mixing.next(), c = mixing.next();
    const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
    const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); };
    const RandomBlock counter{low(a), high(a), low(b), high(b)};
    const StreamKey key{low(c), high(c)};
    const r123::Philox4x32::ctr_type r123_counter{{counter[0], counter[1], counter[2], counter[3]}};
    const r123::Philox4x32::key_type r123_key{{key.first, key.second}};
    const auto ten = r123::Philox4x32_R<10>{}(r123_counter, r123_key);
    const auto three = r123::Philox4x32_R<3>{}(r123_counter, r123_key);
    const RandomBlock mine = philox(counter, key), weak = philox<3>(counter, key);
    for (std::size_t word = 0; word < 4; ++word) {
      if (mine[word] != ten[word] || weak[word] != three[word]) FAIL("word " << word << " of draw " << k << " differs");
    }
  }
}
#else
TEST_CASE("Streams: Random123's own code gives the same bits") {
  SUCCEED("not asked: librandom123-dev is not installed");
}
#endif

/// An address with one bit set, of the 128 that addresses have.
StreamAddress address_of_bit(int bit) {
  StreamAddress address;
  if (bit < 48)
    address.person = std::uint64_t{1} << bit;
  else if (bit < 80)
    address.replicate = std::uint32_t{1} << (bit - 48);
  else if (bit < 96)
    address.purpose = static_cast<Purpose>(1U << (bit - 80));
  else
    address.block = std::uint32_t{1} << (bit - 96);
  return address;
}

int bits_set(const RandomBlock& words) {
  int count = 0;
  for (const std::uint32_t word : words) count += std::popcount(word);
  return count;
}

RandomBlock either(const RandomBlock& a, const RandomBlock& b) {
  return {a[0] | b[0], a[1] | b[1], a[2] | b[2], a[3] | b[3]};
}

TEST_CASE("Streams: each of an address's 128 bits has a bit of the counter to itself") {
  // so that packing is a permutation of bits, and different addresses have different counters
  std::vector<RandomBlock> place;
  RandomBlock all{};
  for (int bit = 0; bit < 128; ++bit) {
    place.push_back(counter_of(address_of_bit(bit)));
    CHECK(bits_set(place.back()) == 1);
    all = either(all, place.back());
  }
  CHECK(bits_set(all) == 128);
  Mixing mixing{7};
  for (int k = 0; k < 20'000; ++k) {
    const StreamAddress address{mixing.next() >> 16, static_cast<std::uint32_t>(mixing.next()),
                                static_cast<Purpose>(mixing.next() & 0xFFFF),
                                static_cast<std::uint32_t>(mixing.next())};
    RandomBlock expected{};
    for (int bit = 0; bit < 48; ++bit) {
      if ((address.person >> bit & 1) != 0) expected = either(expected, place[static_cast<std::size_t>(bit)]);
    }
    const std::uint32_t words[]{address.replicate, static_cast<std::uint32_t>(address.purpose), address.block};
    const int first[]{48, 80, 96, 128};
    for (std::size_t w = 0; w < 3; ++w) {
      for (int bit = first[w]; bit < first[w + 1]; ++bit) {
        if ((words[w] >> (bit - first[w]) & 1) != 0) expected = either(expected, place[static_cast<std::size_t>(bit)]);
      }
    }
    REQUIRE(counter_of(address) == expected);
  }
}

TEST_CASE("Streams: all addresses of reduced words have blocks of their own") {
  const std::uint64_t persons[]{
      0, 1, 2, 3, 0xFFFF, 0x10000, 0xFFFFFFFF, 0x100000000, 0x100000001, 0xFFFF00000000, 0xFFFFFFFFFFFF};
  const std::uint32_t words[]{0, 1, 2, 3, 0xFFFF, 0x10000, 0x80000000, 0xFFFFFFFF};
  std::vector<RandomBlock> counters, blocks;
  for (const std::uint64_t person : persons) {
    for (const std::uint32_t replicate : words) {
      for (const std::uint32_t block : words) {
        for (std::uint32_t purpose = 0; purpose < 6; ++purpose) {
          const StreamAddress address{person, replicate, static_cast<Purpose>(purpose), block};
          counters.push_back(counter_of(address));
          blocks.push_back(random_block(stream_key(1), address));
        }
      }
    }
  }
  const auto distinct = [](std::vector<RandomBlock> all) {
    std::sort(all.begin(), all.end());
    return std::adjacent_find(all.begin(), all.end()) == all.end();
  };
  CHECK(counters.size() == 11 * 8 * 8 * 6);
  CHECK(distinct(counters));
  CHECK(distinct(blocks));
}

/// Undoes x ^= x >> shift.
std::uint64_t without_shift(std::uint64_t x, int shift) {
  std::uint64_t undone = x;
  for (int known = shift; known < 64; known += shift) undone = x ^ (undone >> shift);
  return undone;
}

/// The inverse of an odd number modulo 2^64, by Newton's iteration.
std::uint64_t inverse(std::uint64_t odd) {
  std::uint64_t x = odd;
  for (int k = 0; k < 6; ++k) x *= 2 - odd * x;
  return x;
}

TEST_CASE("Streams: a seed can be read back from its key, so that no two seeds share one") {
  const std::uint64_t unmix_1 = inverse(0xBF58476D1CE4E5B9), unmix_2 = inverse(0x94D049BB133111EB);
  const auto seed_of = [&](StreamKey key) {
    std::uint64_t x = key.first | (std::uint64_t{key.second} << 32);
    x = without_shift(x, 31) * unmix_2;
    x = without_shift(x, 27) * unmix_1;
    return without_shift(x, 30) - std::uint64_t{0x9E3779B97F4A7C15} * static_cast<std::uint64_t>(stream_version);
  };
  Mixing mixing{8};
  for (std::uint64_t k = 0; k < 20'000; ++k) {
    for (const std::uint64_t seed : {k, ~k, std::uint64_t{1} << (k % 64), mixing.next()})
      REQUIRE(seed_of(stream_key(seed)) == seed);
  }
}

TEST_CASE("Streams: neighbouring seeds, persons, periods and purposes differ in half of their bits") {
  // 128 bits each: of 4,000 pairs together, 256,000 expected, 6.5 standard deviations (8e-11) are 2,327
  const auto apart = [](const RandomBlock& a, const RandomBlock& b) {
    return bits_set({a[0] ^ b[0], a[1] ^ b[1], a[2] ^ b[2], a[3] ^ b[3]});
  };
  std::array<int, 5> total{};
  for (std::uint32_t k = 0; k < 4'000; ++k) {
    const StreamAddress here{k, k, Purpose::transition, k};
    StreamAddress other = here;
    const RandomBlock drawn = random_block(stream_key(k), here);
    total[0] += apart(drawn, random_block(stream_key(k + 1), here));
    other.person += 1;
    total[1] += apart(drawn, random_block(stream_key(k), other));
    other = here;
    other.block += 1;
    total[2] += apart(drawn, random_block(stream_key(k), other));
    other = here;
    other.purpose = Purpose::refinement;
    total[3] += apart(drawn, random_block(stream_key(k), other));
    other = here;
    other.replicate += 1;
    total[4] += apart(drawn, random_block(stream_key(k), other));
  }
  for (const int bits : total) CHECK(std::abs(bits - 256'000) < 2'327);
}

TEST_CASE("Streams: the unit interval begins at 0, ends below 1 and drops eleven bits") {
  CHECK(unit_interval(0) == 0);
  CHECK(unit_interval(2047) == 0);
  CHECK(unit_interval(2048) == 0x1p-53);
  CHECK(unit_interval(std::numeric_limits<std::uint64_t>::max()) == 1 - 0x1p-53);
  CHECK(unit_interval(std::uint64_t{1} << 63) == 0.5);
  CHECK(first_64_bits({1, 2, 3, 4}) == 0x200000001);
  CHECK(last_64_bits({1, 2, 3, 4}) == 0x400000003);
}

TEST_CASE("Streams: engines are equal where they will draw the same") {
  const StreamKey key = stream_key(9);
  StreamEngine a{key, {5, 0, Purpose::arrival, 0}}, b{key, {5, 0, Purpose::arrival, 0}};
  CHECK(a == b);
  static_cast<void>(a());
  CHECK_FALSE(a == b);
  static_cast<void>(b());
  CHECK(a == b);
  CHECK_FALSE(StreamEngine{key, {5, 0, Purpose::arrival, 0}} == StreamEngine{key, {6, 0, Purpose::arrival, 0}});
  CHECK_FALSE(StreamEngine{key, {}} == StreamEngine{stream_key(10), {}});
}

TEST_CASE("Streams: eight periods take each of a block's 128 bits once, and further bits come from elsewhere") {
  const StreamKey key = stream_key(4);
  for (std::uint64_t person = 0; person < 200; ++person) {
    Draws draws = draws_of_transitions(key, person, 3);
    for (std::uint32_t block = 0; block < 3; ++block) {
      const RandomBlock drawn = random_block(key, {person, 3, Purpose::transition, block});
      RandomBlock seen{};
      for (std::uint32_t h = 0; h < 8; ++h) {
        const std::uint32_t sixteen = draws.sixteen_bits(8 * std::int64_t{block} + h);
        REQUIRE(sixteen <= 0xFFFF);
        REQUIRE(sixteen == sixteen_of(drawn, h));
        seen[h / 2] |= (sixteen ^ 0x8000U) << (16 * (h % 2));
        REQUIRE(draws.further_bits(8 * std::int64_t{block} + h) ==
                first_64_bits(random_block(key, {person, 3, Purpose::refinement, 8 * block + h})));
      }
      REQUIRE(seen == drawn);
    }
    Draws again = draws_of_transitions(key, person, 3);  // in whichever order periods are asked for
    for (std::int64_t t = 23; t >= 0; --t)
      REQUIRE(again.sixteen_bits(t) == draws_of_transitions(key, person, 3).sixteen_bits(t));
  }
}

/// Shares of draws by class, against the probabilities of the classes.
template <class Draw, class Below>
double fit_of(Draw&& draw, const std::vector<double>& edges, Below&& below) {
  std::vector<Class> classes(edges.size() + 1);
  double last = 0;
  for (std::size_t k = 0; k < edges.size(); ++k) {
    classes[k].probability = below(edges[k]) - last;
    last = below(edges[k]);
  }
  classes.back().probability = 1 - last;
  for (int k = 0; k < 50'000; ++k) {
    const auto place = std::lower_bound(edges.begin(), edges.end(), static_cast<double>(draw()));
    ++classes[static_cast<std::size_t>(place - edges.begin())].seen;
  }
  return goodness_of_fit(classes);
}

TEST_CASE("Streams: Boost.Random's distributions draw their laws from an address") {
  constexpr double false_alarm = 1e-10;  // of each of five
  StreamEngine engine{stream_key(6), {1, 0, Purpose::population, 0}};
  std::vector<double> tenths, sigmas, counts;
  for (int k = 1; k < 40; ++k) tenths.push_back(k / 40.0);
  for (int k = -20; k <= 20; ++k) sigmas.push_back(k / 8.0);
  for (int k = 0; k < 30; ++k) counts.push_back(k);
  boost::random::uniform_01<double> uniform;
  boost::random::normal_distribution<double> normal;
  boost::random::exponential_distribution<double> exponential{2};
  boost::random::poisson_distribution<int> poisson{6.5};
  boost::random::binomial_distribution<int> binomial{25, 0.3};
  const boost::math::normal_distribution<double> normal_law;
  const boost::math::poisson_distribution<double> poisson_law{6.5}, wrong_law{6.7};
  const boost::math::binomial_distribution<double> binomial_law{25, 0.3};
  CHECK(fit_of([&] { return uniform(engine); }, tenths, [](double x) { return x; }) > false_alarm);
  CHECK(fit_of([&] { return normal(engine); }, sigmas, [&](double x) { return cdf(normal_law, x); }) > false_alarm);
  CHECK(fit_of([&] { return exponential(engine); }, tenths, [](double x) { return 1 - std::exp(-2 * x); }) >
        false_alarm);
  CHECK(fit_of([&] { return poisson(engine); }, counts, [&](double x) { return cdf(poisson_law, x); }) > false_alarm);
  const std::vector<double> successes(counts.begin(), counts.begin() + 25);
  CHECK(fit_of([&] { return binomial(engine); }, successes, [&](double x) { return cdf(binomial_law, x); }) >
        false_alarm);
  CHECK(fit_of([&] { return poisson(engine); }, counts, [&](double x) { return cdf(wrong_law, x); }) <
        false_alarm);  // it can fail
}

}  // namespace tenure::test::streams
