#pragma once
// What makes a statistical test a proof: for each kind of statistic, a bound on how probable it would be that a true
// engine strays as far as what was seen, and nothing about it approximate. Counts are turned into numbers that are
// exactly uniform, so that sums and squares of many have laws in closed form; means are judged by Bernstein's
// inequality with the true variance and the true range, which holds for every number of lives and every skewness.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>

namespace tenure::test {

/// The probability, at most, that a sum of independent terms of mean 0 strays so far to either side: `variance` is the
/// sum's, and no term is larger than `largest` (Bernstein; Boucheron, Lugosi and Massart 2013, theorem 2.10).
[[nodiscard]] inline double bernstein(double strays, double variance, double largest) {
  strays = std::fabs(strays);
  if (strays == 0) return 1;
  return std::min(1.0, 2 * std::exp(-strays * strays / (2 * (variance + largest * strays / 3))));
}

/// Both tails of a law: how probable it is to be further out than `seen`, on the nearer side, twice.
template <class Law>
[[nodiscard]] double both_tails(const Law& law, double seen) {
  return std::min(1.0, 2 * std::min(boost::math::cdf(law, seen), boost::math::cdf(complement(law, seen))));
}

[[nodiscard]] inline double normal_tails(double z) { return both_tails(boost::math::normal_distribution<double>{}, z); }

[[nodiscard]] inline double chi_squared_tails(double sum, std::size_t numbers) {
  if (numbers == 0) return 1;
  return both_tails(boost::math::chi_squared_distribution<double>{static_cast<double>(numbers)}, sum);
}
[[nodiscard]] inline double chi_squared_upper_tail(double sum, std::size_t numbers) {
  if (numbers == 0) return 1;
  const boost::math::chi_squared_distribution<double> law{static_cast<double>(numbers)};
  return boost::math::cdf(complement(law, sum));
}

/// How probable it is that of `draws` draws at least so many, or at most so many, succeed: the rarer, twice. What is
/// impossible has 0.
[[nodiscard]] inline double binomial_tails(std::uint64_t seen, std::uint64_t draws, double probability) {
  if (!(probability > 0)) return seen == 0 ? 1 : 0;
  if (!(probability < 1)) return seen == draws ? 1 : 0;
  const boost::math::binomial_distribution<double> law{static_cast<double>(draws), probability};
  const double most = boost::math::cdf(law, static_cast<double>(seen));
  const double least = seen == 0 ? 1 : boost::math::cdf(complement(law, static_cast<double>(seen) - 1));
  return std::min(1.0, 2 * std::min(most, least));
}

/// A binomial count as a number that is exactly standard normal where the count is exactly binomial: with a uniform
/// number `chance` of the test's own, F(seen - 1) + chance · f(seen) is exactly uniform.
[[nodiscard]] inline double normal_score(std::uint64_t seen, std::uint64_t draws, double probability, double chance) {
  constexpr double never = 1e-300;
  const boost::math::binomial_distribution<double> law{static_cast<double>(draws), probability};
  const auto k = static_cast<double>(seen);
  const double here = boost::math::pdf(law, k);
  const double below = (seen == 0 ? 0 : boost::math::cdf(law, k - 1)) + chance * here;
  const double above = (seen == draws ? 0 : boost::math::cdf(complement(law, k))) + (1 - chance) * here;
  const boost::math::normal_distribution<double> normal;
  if (below < above) return boost::math::quantile(normal, std::max(below, never));
  return -boost::math::quantile(normal, std::max(above, never));
}

/// The largest distance between the shares of numbers up to x and the standard normal law (Kolmogorov 1933).
[[nodiscard]] inline double distance_from_normal(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  const boost::math::normal_distribution<double> normal;
  const auto n = static_cast<double>(numbers.size());
  double distance = 0;
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    const double share = boost::math::cdf(normal, std::clamp(numbers[k], -38.0, 38.0));
    distance = std::max({distance, share - static_cast<double>(k) / n, static_cast<double>(k + 1) / n - share});
  }
  return distance;
}

/// The probability, at most, of such a distance between n independent numbers and their law, for every n (Massart
/// 1990).
[[nodiscard]] inline double kolmogorov(double distance, std::size_t n) {
  return distance <= 0 ? 1 : std::min(1.0, 2 * std::exp(-2 * static_cast<double>(n) * distance * distance));
}

}  // namespace tenure::test
