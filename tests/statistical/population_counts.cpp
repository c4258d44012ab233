// Whether counts follow their law, as the engine draws them: bits of a stream, ranks, quantiles. The exact tests of
// tests/engine/population_counts.cpp see errors that no sample can; these see what was left out there, such as bits
// that are used twice. Seeds are fixed. Each law is rejected where it would fit so badly once in ten million runs, and
// the same test must reject it once its probability is off by a stated share.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>

#include "catch.hpp"
#include "support/goodness_of_fit.hpp"
#include "tenure/engine/detail/population/binomial.hpp"
#include "tenure/engine/detail/population/poisson.hpp"
#include "tenure/engine/stream.hpp"

namespace tenure::test::population_laws {

constexpr double false_alarm = 1e-7;
constexpr std::uint32_t draws = 200'000;

/// Counts drawn from addresses that differ in one of their words.
enum class Varying { replicate, period, place };

template <class Quantile>
std::vector<double> counts(Varying varying, const Quantile& quantile) {
  const StreamKey key = stream_key(20);
  std::vector<double> drawn;
  for (std::uint32_t k = 0; k < draws; ++k) {
    StreamAddress address{7, 11, Purpose::population, 13};
    if (varying == Varying::replicate) address.replicate = k;
    if (varying == Varying::period) address.block = k;
    if (varying == Varying::place) address.person = k;
    drawn.push_back(quantile(tenure::detail::rank_of(first_64_bits(random_block(key, address)))));
  }
  return drawn;
}

/// Classes of counts up to a twentieth of a standard deviation wide, with their probabilities by Boost.Math.
template <class Law>
double fit(std::vector<double> drawn, const Law& law, double last, double mean, double sd) {
  std::sort(drawn.begin(), drawn.end());
  const double step = std::max(1.0, std::floor(sd / 20));
  std::vector<Class> classes;
  double below = 0;
  std::size_t place = 0;
  const double end = std::max(drawn.back(), mean + 5 * sd + 5) + step;
  for (double top = std::max(0.0, std::floor(mean - 5 * sd)); top < end; top += step) {
    const double up_to = top < last ? boost::math::cdf(law, top) : 1.0;
    Class c{std::max(0.0, up_to - below), 0};
    while (place < drawn.size() && drawn[place] <= top) {
      ++place;
      ++c.seen;
    }
    classes.push_back(c);
    below = up_to;
  }
  return goodness_of_fit(classes);
}

double binomial_fit(double n, double p, double claimed, Varying varying) {
  const tenure::detail::Chance chance = tenure::detail::chance_of(p, 1 - p);
  const auto drawn = counts(
      varying, [&](const tenure::detail::Rank& rank) { return tenure::detail::binomial_quantile(n, chance, rank); });
  return fit(drawn, boost::math::binomial_distribution<double>{n, claimed}, n, n * claimed, std::sqrt(n * p * (1 - p)));
}

double poisson_fit(double mean, double claimed, Varying varying) {
  const auto drawn =
      counts(varying, [&](const tenure::detail::Rank& rank) { return tenure::detail::poisson_quantile(mean, rank); });
  if (mean > 1e9) {  // the normal law, which is then as near as the sample can tell, and Boost.Math gives up
    return fit(drawn, boost::math::normal_distribution<double>{claimed, std::sqrt(claimed)}, HUGE_VAL, claimed,
               std::sqrt(mean));
  }
  return fit(drawn, boost::math::poisson_distribution<double>{claimed}, HUGE_VAL, claimed, std::sqrt(mean));
}

TEST_CASE("Laws of counts: binomial, from a single person to 10^12") {
  struct Cell {
    double n, p;
  };
  for (const Cell& cell :
       {Cell{1, 0.3}, {2, 0.5},    {5, 0.9},     {20, 0.05},    {11, 0.5},     {13, 0.5},   {60, 0.1},
        {59, 0.1},    {100, 0.97}, {1e3, 0.004}, {1e3, 0.006},  {1e3, 0.3},    {1e4, 0.5},  {1e6, 1e-6},
        {1e6, 3e-5},  {1e9, 1e-7}, {1e9, 0.02},  {1e12, 1e-12}, {1e12, 1e-11}, {1e12, 0.5}, {1e12, 0.88}}) {
    CAPTURE(cell.n, cell.p);
    for (const Varying varying : {Varying::replicate, Varying::period, Varying::place}) {
      CHECK(binomial_fit(cell.n, cell.p, cell.p, varying) > false_alarm);
    }
    const double sd_of_mean = std::sqrt((1 - cell.p) / (cell.n * cell.p * draws));  // as a share of the mean
    CHECK(binomial_fit(cell.n, cell.p, cell.p * (1 + 20 * sd_of_mean), Varying::replicate) < false_alarm);
    CHECK(binomial_fit(cell.n, cell.p, cell.p * (1 - 20 * sd_of_mean), Varying::replicate) < false_alarm);
  }
}

TEST_CASE("Laws of counts: Poisson, from nearly nobody to 10^15") {
  for (const double mean : {1e-3, 0.2, 1.0, 5.9, 6.0, 6.5, 20.0, 300.0, 1e5, 1e9, 1e12, 1e15}) {
    CAPTURE(mean);
    for (const Varying varying : {Varying::replicate, Varying::period, Varying::place}) {
      CHECK(poisson_fit(mean, mean, varying) > false_alarm);
    }
    const double sd_of_mean = 1 / std::sqrt(mean * draws);
    CHECK(poisson_fit(mean, mean * (1 + 20 * sd_of_mean), Varying::replicate) < false_alarm);
  }
}

}  // namespace tenure::test::population_laws
