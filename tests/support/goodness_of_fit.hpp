#pragma once
// Whether observed counts come from a law: Pearson's chi-square over classes that are expected often enough, with the
// probability that a true law would fit as badly. What is rare is pooled with its neighbour; what is impossible must
// not have been seen.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <boost/math/distributions/chi_squared.hpp>

namespace tenure::test {

/// One possible outcome, or class of outcomes.
struct Class {
  double probability = 0;
  std::uint64_t seen = 0;
};

/// The probability that the law itself would give counts that fit as badly; 0 where the impossible was seen.
[[nodiscard]] inline double goodness_of_fit(const std::vector<Class>& classes) {
  constexpr double often = 10;
  double draws = 0;
  for (const Class& c : classes) draws += static_cast<double>(c.seen);
  double statistic = 0, expected = 0, seen = 0, all_expected = 0;
  int pooled = 0;
  for (const Class& c : classes) {
    if (c.probability == 0 && c.seen > 0) return 0;
    expected += c.probability * draws;
    seen += static_cast<double>(c.seen);
    all_expected += c.probability * draws;
    if (expected < often || draws - all_expected < often) continue;  // what remains goes to the last pool
    statistic += (seen - expected) * (seen - expected) / expected;
    expected = seen = 0;
    ++pooled;
  }
  if (expected > 0) {
    statistic += (seen - expected) * (seen - expected) / expected;
    ++pooled;
  }
  if (pooled < 2) return 1;
  const boost::math::chi_squared_distribution<double> law{static_cast<double>(pooled - 1)};
  return boost::math::cdf(complement(law, statistic));
}

}  // namespace tenure::test
