// Counts by inversion, each part against an independent computation of it: Boost.Math and extended precision for the
// elementary functions and the laws, and adding up probabilities for the expansion that guesses large counts.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "tenure/engine/detail/population/binomial.hpp"
#include "tenure/engine/detail/population/poisson.hpp"

namespace tenure::test::population_counts {

using namespace tenure::detail;

constexpr std::uint64_t all_ones = ~std::uint64_t{0};

double relative(double found, long double expected) {
  return static_cast<double>(std::abs(static_cast<long double>(found) - expected) / std::abs(expected));
}

/// Words of which half are ordinary and half far out in the tails.
std::uint64_t word(Mixing& mixing) {
  const std::uint64_t bits = mixing.next();
  if (mixing.chance(0.5)) return bits;
  const std::uint64_t small = bits >> mixing.below(60);
  return mixing.chance(0.5) ? small : ~small;
}

Chance chance(double p) { return chance_of(p, 1 - p); }

TEST_CASE("Counts: normal quantiles against Boost.Math, over all ranks that 64 bits have") {
  const boost::math::normal_distribution<long double> normal;
  Mixing mixing{2};
  double worst = 0;
  const auto check = [&](double beyond) {
    if (beyond > 0.4999) return;
    const long double z = boost::math::quantile(complement(normal, static_cast<long double>(beyond)));
    worst = std::max(worst, relative(normal_excess(beyond), z));
  };
  for (int k = 0; k < 100'000; ++k) check(rank_of(word(mixing)).beyond);
  for (const double beyond : {0x1p-65, 0x1p-60, 0x1.fffp-5, 0x1p-4, std::nextafter(0x1p-4, 0), 0.25, 0.4})
    check(beyond);
  CHECK(worst < 3e-14);
  CHECK(normal_excess(0.5) == 0);
}

TEST_CASE("Counts: words become ranks that are exact at both ends") {
  CHECK(rank_of(0).beyond == 0x1p-65);
  CHECK_FALSE(rank_of(0).upper);
  CHECK(rank_of(all_ones).beyond == 0x1p-65);
  CHECK(rank_of(all_ones).upper);
  CHECK(rank_of(all_ones).above() == 0x1p-65);
  CHECK(rank_of(all_ones >> 1).beyond == 0.5);
  CHECK_FALSE(rank_of(all_ones >> 1).upper);
  CHECK(rank_of((all_ones >> 1) + 1).upper);
  CHECK(rank_of(std::uint64_t{1} << 62).beyond == 0.25);
  CHECK(rank_of(0).above() == 1);
  CHECK(rank_of(0).mirrored().above() == 0x1p-65);
}

TEST_CASE("Counts: probabilities of single counts of 10^12 people against forty digits") {
  struct Known {
    double p, count, probability;
  };
  for (const Known& known :
       {Known{0.5, 499999000000, 1.0798193302642109637e-7},  // mpmath 1.3, 40 digits
        Known{0.5, 500002500000, 2.9734390293501534278e-12}, Known{0.3, 300001000000, 8.0494495100300733246e-8},
        Known{1e-6, 1003000, 4.4451258079885173653e-6}, Known{1e-12, 3, 0.061313240195209727846}}) {
    const Chance prepared = chance(known.p);
    CHECK(relative(BinomialLaw{1e12, prepared}.mass(known.count), known.probability) < 1e-9);
  }
}

TEST_CASE("Counts: probabilities of single counts against Boost.Math") {
  Mixing mixing{3};
  double worst = 0;
  for (const double p : {0.5, 0.3, 0.02, 1e-6, 1e-12}) {
    for (const double n : {1.0, 2.0, 15.0, 16.0, 17.0, 100.0, 1e4, 1e6}) {
      const Chance prepared = chance(p);
      const BinomialLaw law{n, prepared};
      const boost::math::binomial_distribution<long double> reference{static_cast<long double>(n),
                                                                      static_cast<long double>(p)};
      const double spread = std::sqrt(n * p * (1 - p)) + 1;
      for (int k = 0; k < 40; ++k) {
        const double count = std::clamp(std::floor(n * p + mixing.between(-6, 6) * spread), 0.0, n);
        const long double expected = pdf(reference, static_cast<long double>(count));
        if (expected > 1e-250L) worst = std::max(worst, relative(law.mass(count), expected));
        if (count < n && expected > 1e-250L) {
          worst = std::max(worst, relative(law.ratio(count), static_cast<long double>((n - count) * p) /
                                                                 static_cast<long double>((count + 1) * (1 - p))));
        }
      }
    }
  }
  for (const double mean : {1e-9, 0.3, 5.0, 40.0, 1e5}) {
    const PoissonLaw law{mean};
    const boost::math::poisson_distribution<long double> reference{static_cast<long double>(mean)};
    for (int k = 0; k < 40; ++k) {
      const double count = std::max(0.0, std::floor(mean + mixing.between(-6, 6) * std::sqrt(mean + 1)));
      worst = std::max(worst, relative(law.mass(count), pdf(reference, static_cast<long double>(count))));
    }
  }
  CHECK(worst < 1e-12);
}

/// Whether the count is the quantile by someone else's distribution function, up to that function's own rounding.
template <class Reference>
bool is_quantile(const Reference& reference, double last, double count, const Rank& rank) {
  const long double beyond = rank.beyond;
  constexpr long double rounding = 1e-11L;
  const auto below_or_at = [&](double k) { return k < 0 ? 0.0L : cdf(reference, static_cast<long double>(k)); };
  const auto above = [&](double k) {
    return k < 0 ? 1.0L : k >= last ? 0.0L : cdf(complement(reference, static_cast<long double>(k)));
  };
  if (!rank.upper) {
    return below_or_at(count) >= beyond * (1 - rounding) && below_or_at(count - 1) <= beyond * (1 + rounding);
  }
  return above(count) <= beyond * (1 + rounding) && above(count - 1) >= beyond * (1 - rounding);
}

TEST_CASE("Counts: quantiles against the distribution functions of Boost.Math") {
  Mixing mixing{4};
  int wrong = 0;
  for (const double p : {0.5, 0.3, 0.07, 1e-3, 1e-6, 1e-12}) {
    for (const double n : {1.0, 2.0, 5.0, 13.0, 40.0, 200.0, 1e3, 2e4, 1e6, 1e12}) {
      if (n * p * (1 - p) > 1e6) continue;  // there long double cannot tell neighbours apart
      const Chance prepared = chance(p);
      const boost::math::binomial_distribution<long double> reference{static_cast<long double>(n),
                                                                      static_cast<long double>(p)};
      for (int k = 0; k < 60; ++k) {
        const Rank rank = rank_of(word(mixing));
        if (!is_quantile(reference, n, binomial_quantile(n, prepared, rank), rank)) ++wrong;
      }
    }
  }
  for (const double mean : {1e-12, 0.02, 0.9, 5.9, 6.0, 7.0, 30.0, 1e3, 1e5}) {
    const boost::math::poisson_distribution<long double> reference{static_cast<long double>(mean)};
    for (int k = 0; k < 60; ++k) {
      const Rank rank = rank_of(word(mixing));
      if (!is_quantile(reference, std::numeric_limits<double>::infinity(), poisson_quantile(mean, rank), rank)) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("Counts: the expansion never disagrees with adding up") {
  Mixing mixing{5};
  int wrong = 0;
  for (const double p : {0.5, 0.49, 0.3, 0.1, 0.01, 1e-4, 1e-12}) {
    const Chance prepared = chance(p);
    for (const double mean : {6.0, 6.3, 7.0, 8.0, 10.0, 15.0, 30.0, 100.0, 1e3, 1e4, 1e6}) {
      const double n = std::ceil(mean / p);
      if (n * prepared.w > 0x1p20) continue;
      const BinomialLaw law{n, prepared};
      for (int k = 0; k < (mean > 1e3 ? 200 : 20'000); ++k) {
        const Rank rank = rank_of(word(mixing));
        const double count = binomial_quantile(n, prepared, rank);
        if (count != quantile_by_adding_up(law, rank, count)) ++wrong;
      }
    }
  }
  for (const double mean : {6.0, 6.5, 9.0, 20.0, 300.0, 1e4, 1e6}) {
    const PoissonLaw law{mean};
    for (int k = 0; k < (mean > 1e3 ? 200 : 20'000); ++k) {
      const Rank rank = rank_of(word(mixing));
      const double count = poisson_quantile(mean, rank);
      if (count != quantile_by_adding_up(law, rank, count)) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("Counts: adding up finds the same count from any guess") {
  Mixing mixing{6};
  const Chance prepared = chance(0.2);
  const BinomialLaw law{60, prepared};
  for (int k = 0; k < 300; ++k) {
    const Rank rank = rank_of(word(mixing));
    const double count = quantile_by_adding_up(law, rank, 12);
    for (const double guess : {0.0, 5.0, 30.0, 60.0, -3.0, 99.0})
      CHECK(quantile_by_adding_up(law, rank, guess) == count);
  }
}

TEST_CASE("Counts: one person is decided at the threshold of the probability itself") {
  const Chance quarter = chance(0.25);
  constexpr std::uint64_t rounding = 2'048;                // of 2^64 words: ranks near the middle have 53 bits
  const std::uint64_t threshold = std::uint64_t{3} << 62;  // one moves where the rank is among the upper quarter
  CHECK(binomial_quantile(1, quarter, rank_of(threshold + rounding)) == 1);
  CHECK(binomial_quantile(1, quarter, rank_of(threshold - rounding)) == 0);
  const Chance most = chance(0.75);
  CHECK(binomial_quantile(1, most, rank_of((std::uint64_t{1} << 62) + rounding)) == 1);
  CHECK(binomial_quantile(1, most, rank_of((std::uint64_t{1} << 62) - rounding)) == 0);
  const Chance rare = chance(0x1p-60);
  CHECK(binomial_quantile(1, rare, rank_of(all_ones - 15)) == 1);  // 16 of 2^64 words
  CHECK(binomial_quantile(1, rare, rank_of(all_ones - 16)) == 0);
}

TEST_CASE("Counts: the first and the last word") {
  for (const double n : {1.0, 7.0, 100.0, 1e6, 1e12, 1e15}) {
    for (const double p : {1e-12, 1e-3, 0.5, 0.999}) {
      const double lowest = binomial_quantile(n, chance(p), rank_of(0));
      const double highest = binomial_quantile(n, chance(p), rank_of(all_ones));
      CHECK(0 <= lowest);
      CHECK(lowest <= n * p);
      CHECK(n * p <= highest);
      CHECK(highest <= n);
      CHECK(highest <= n * p + 10 * std::sqrt(n * p * (1 - p)) + 22);
      CHECK(lowest == std::floor(lowest));
      CHECK(highest == std::floor(highest));
    }
  }
  CHECK(binomial_quantile(30, chance(0.5), rank_of(0)) == 0);  // 2^-30 is far above 2^-65
  CHECK(binomial_quantile(30, chance(0.5), rank_of(all_ones)) == 30);
  CHECK(binomial_quantile(100, chance(0.5), rank_of(0)) > 0);
  CHECK(poisson_quantile(1e15, rank_of(all_ones)) > 1e15);
  CHECK(poisson_quantile(0, rank_of(all_ones)) == 0);
}

TEST_CASE("Counts: a quantile rises with its rank, with the number of people and with the probability") {
  Mixing mixing{7};
  for (int k = 0; k < 20'000; ++k) {
    const double n = std::floor(std::exp2(mixing.between(0, 40)));
    const double p = std::exp2(-mixing.between(0.01, 30));
    const Chance prepared = chance(p);
    const std::uint64_t bits = word(mixing);
    const double count = binomial_quantile(n, prepared, rank_of(bits));
    CHECK(count <= binomial_quantile(n, prepared, rank_of(bits | (bits + 1))));
    CHECK(count <= binomial_quantile(n + 1, prepared, rank_of(bits)));
    CHECK(count <= binomial_quantile(n, chance(p * 1.001), rank_of(bits)));
    CHECK(poisson_quantile(n * p, rank_of(bits)) <= poisson_quantile(n * p * 1.001, rank_of(bits)));
  }
}

TEST_CASE("Counts: those who go and those who stay are mirror images") {
  Mixing mixing{8};
  for (int k = 0; k < 5'000; ++k) {
    const double n = std::floor(std::exp2(mixing.between(0, 50)));
    const double p = mixing.unit() / 2;
    const Rank rank = rank_of(word(mixing));
    CHECK(binomial_quantile(n, chance_of(p, 1 - p), rank) +
              binomial_quantile(n, chance_of(1 - p, p), rank.mirrored()) ==
          n);
  }
}

TEST_CASE("Counts: a probability next to 1 loses nothing of its complement") {
  const Chance prepared = chance_of(1, 1e-20);  // as conditioning gives it
  CHECK(prepared.mirrored);
  CHECK(prepared.p == 1e-20);
  CHECK(relative(prepared.decay, 1e-20L) < 1e-15);
  // on average 10^-5 of 10^15 do otherwise: three with probability 1.7e-16, four with less than 2^-65
  CHECK(binomial_quantile(1e15, prepared, rank_of(0)) == 1e15 - 3);
  CHECK(binomial_quantile(1e15, prepared, rank_of(all_ones)) == 1e15);
}

}  // namespace tenure::test::population_counts
