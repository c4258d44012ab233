// Sums of varying cash flows: their first three moments against the cumulants of each law, with bounds from the law's
// own sixth moment, and their distribution where it is known. Seeds are fixed.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>

#include "catch.hpp"
#include "support/verdicts.hpp"
#include "tenure/engine/detail/event_draw.hpp"

namespace tenure::test::event_draws {

using namespace tenure::detail;

using CustomerType = DistributionKind;

std::vector<double> deviations(const EventLaw& law, double count, std::size_t draws, std::uint64_t seed = 1) {
  std::vector<double> seen;
  seen.reserve(draws);
  for (std::size_t k = 0; k < draws; ++k) {
    seen.push_back(deviation_of_events(law, count, StreamEngine{stream_key(seed), {k, 0, Purpose::state_amount, 0}}));
  }
  return seen;
}

/// Cumulants of a sum of standardised amounts, over the power of its standard deviation.
struct Cumulants {
  double third = 0, fourth = 0, sixth = 0;
  [[nodiscard]] Cumulants of_sum(double n) const { return {third / std::sqrt(n), fourth / n, sixth / (n * n)}; }
  [[nodiscard]] double fourth_moment() const { return fourth + 3; }
  [[nodiscard]] double sixth_moment() const { return sixth + 15 * fourth + 10 * third * third + 15; }
};

Cumulants cumulants_of(const EventLaw& law) {
  const double v = law.mean == 0 ? 0 : law.sd / law.mean;  // carries the sign
  if (law.kind == CustomerType::gamma) return {2 * v, 6 * v * v, 120 * v * v * v * v};
  if (law.kind == CustomerType::uniform) return {0, -6.0 / 5, 48.0 / 7};
  if (law.kind != CustomerType::lognormal) return {};
  // raw moments w^(k(k-1)/2) of a lognormal number of mean 1, w = 1 + v²
  constexpr int binomial[7][7]{
      {1}, {1, 1}, {1, 2, 1}, {1, 3, 3, 1}, {1, 4, 6, 4, 1}, {1, 5, 10, 10, 5, 1}, {1, 6, 15, 20, 15, 6, 1}};
  const auto central = [&](int order) {
    long double sum = 0;
    for (int k = 0; k <= order; ++k) {
      sum += binomial[order][k] * ((order - k) % 2 ? -1.0L : 1.0L) *
             std::pow(1 + static_cast<long double>(v) * v, k * (k - 1) / 2.0L);
    }
    return static_cast<double>(sum / std::pow(std::abs(static_cast<long double>(v)), order));
  };
  const double third = central(3), fourth = central(4), sixth = central(6);
  return {v < 0 ? -third : third, fourth - 3, sixth - 15 * fourth - 10 * third * third + 30};
}

/// The largest distance between the shares of numbers up to x and a law.
template <class Law>
double distance(std::vector<double> seen, Law cdf) {
  std::sort(seen.begin(), seen.end());
  const auto n = static_cast<double>(seen.size());
  double largest = 0;
  for (std::size_t k = 0; k < seen.size(); ++k) {
    const double share = cdf(seen[k]);
    largest = std::max({largest, share - static_cast<double>(k) / n, static_cast<double>(k + 1) / n - share});
  }
  return largest;
}

template <class Law>
bool fits(const EventLaw& law, double count, std::size_t draws, Law cdf) {
  const std::vector<double> seen = deviations(law, count, draws, 7);
  return kolmogorov(distance(seen, cdf), draws) > 1e-6;
}

TEST_CASE("Events: sums have the mean, spread and skewness of their law, whatever their number") {
  constexpr double sigmas = 5;
  for (const EventLaw& law : {EventLaw{CustomerType::gamma, 6500, 2100},
                              {CustomerType::gamma, 10, 25},
                              {CustomerType::gamma, -40, 20},
                              {CustomerType::normal, 100, 30},
                              {CustomerType::normal, 0, 3},
                              {CustomerType::normal, -5, 50},
                              {CustomerType::lognormal, 6500, 2100},
                              {CustomerType::lognormal, -20, 12},
                              {CustomerType::uniform, 10, 4},
                              {CustomerType::uniform, -10, 8},
                              {CustomerType::uniform, 0, 2}}) {
    for (const double count : {1.0, 5.0, 64.0, 65.0, 1000.0}) {
      INFO(name_of(law.kind) << " of mean " << law.mean << ", sd " << law.sd << ", " << count << " events");
      const bool one_by_one =
          count > 1 && count <= 64 && (law.kind == CustomerType::lognormal || law.kind == CustomerType::uniform);
      const std::size_t draws = one_by_one ? 3'000 : 20'000;
      const Cumulants cumulants = cumulants_of(law).of_sum(count);
      const double sd = law.sd * std::sqrt(count), n = static_cast<double>(draws);
      double first = 0, second = 0, third = 0;
      for (const double deviation : deviations(law, count, draws)) {
        const double z = deviation / sd;
        first += z / n;
        second += z * z / n;
        third += z * z * z / n;
      }
      CHECK(std::abs(first) < sigmas / std::sqrt(n));
      CHECK(std::abs(second - 1) < sigmas * std::sqrt((cumulants.fourth_moment() - 1) / n));
      CHECK(std::abs(third - cumulants.third) <
            sigmas * std::sqrt((cumulants.sixth_moment() - cumulants.third * cumulants.third) / n));
    }
  }
}

TEST_CASE("Events: sums of gamma amounts are gamma numbers, of small and of large shape") {
  struct Case {
    double variation, count;
  };
  for (const auto& [variation, count] :
       {Case{1.7, 1}, {1.7, 2}, {1.7, 3}, {1, 1}, {0.32, 1}, {0.32, 5}, {0.32, 64}, {1, 1000}}) {
    INFO("variation " << variation << ", " << count << " events");
    const boost::math::gamma_distribution<double> gamma{count / (variation * variation), variation * variation};
    const std::size_t draws = count > 10 ? 5'000 : 20'000;
    const double n = count;
    CHECK(fits({CustomerType::gamma, 1, variation}, n, draws,
               [&](double x) { return boost::math::cdf(gamma, std::max(0.0, x + n)); }));
    CHECK(fits({CustomerType::gamma, -1, variation}, n, draws,
               [&](double x) { return boost::math::cdf(complement(gamma, std::max(0.0, n - x))); }));
  }
  // of shape 5·10^7 and more they are normal numbers to this test, with and without the expansion
  const boost::math::normal_distribution<double> normal;
  for (const double count : {5e3, 1e4, 1e9}) {
    CHECK(fits({CustomerType::gamma, 1, 0.01}, count, 20'000,
               [&](double x) { return boost::math::cdf(normal, x / 0.01 / std::sqrt(count)); }));
  }
}

TEST_CASE("Events: a single event has its own law") {
  const boost::math::normal_distribution<double> normal;
  CHECK(fits({CustomerType::normal, 100, 30}, 1, 50'000, [&](double x) { return boost::math::cdf(normal, x / 30); }));
  for (const double mean : {50.0, 0.0, -50.0}) {
    INFO("uniform about " << mean);
    const double reach = 12 * std::sqrt(3.0);
    CHECK(fits({CustomerType::uniform, mean, 12}, 1, 50'000,
               [&](double x) { return std::clamp((x / reach + 1) / 2, 0.0, 1.0); }));
  }
  const double variance = std::log1p(0.36);
  const auto lognormal = [&](double x) {
    return x <= 0 ? 0 : boost::math::cdf(normal, (std::log(x) + variance / 2) / std::sqrt(variance));
  };
  CHECK(fits({CustomerType::lognormal, 10, 6}, 1, 50'000, [&](double x) { return lognormal(x / 10 + 1); }));
  CHECK(fits({CustomerType::lognormal, -10, 6}, 1, 50'000, [&](double x) { return 1 - lognormal(1 - x / 10); }));
  CHECK_FALSE(fits({CustomerType::lognormal, 10, 6.3}, 1, 50'000,
                   [&](double x) { return lognormal(x / 10 + 1); }));  // the test can tell
}

TEST_CASE("Events: two uniform amounts have a triangular sum, and normal sums are normal") {
  const double reach = std::sqrt(3.0);
  CHECK(fits({CustomerType::uniform, 9, 1}, 2, 30'000, [&](double x) {
    const double up = std::clamp(1 - std::abs(x) / (2 * reach), 0.0, 1.0);
    return x < 0 ? up * up / 2 : 1 - up * up / 2;
  }));
  const boost::math::normal_distribution<double> normal;
  for (const double count : {3.0, 1e4, 1e15}) {
    CHECK(fits({CustomerType::normal, -3, 2}, count, 30'000,
               [&](double x) { return boost::math::cdf(normal, x / 2 / std::sqrt(count)); }));
  }
}

TEST_CASE("Events: amounts that are positive stay positive, however few and however widely they spread") {
  for (const CustomerType kind : {CustomerType::gamma, CustomerType::lognormal}) {
    for (const double variation : {0.3, 2.0, 10.0}) {
      for (const double deviation : deviations({kind, 1, variation}, 1, 2000)) {
        if (!(deviation >= -1)) FAIL_CHECK(name_of(kind) << ": " << deviation);
      }
      for (const double deviation : deviations({kind, -1, variation}, 3, 2000)) {
        if (!(deviation <= 3)) FAIL_CHECK(name_of(kind) << ": " << deviation);
      }
    }
  }
}

TEST_CASE("Events: no events and no spread bring nothing above the mean") {
  const StreamEngine random{stream_key(1), {}};
  for (const CustomerType kind :
       {CustomerType::gamma, CustomerType::normal, CustomerType::lognormal, CustomerType::uniform}) {
    CHECK(deviation_of_events({kind, 5, 2}, 0, random) == 0);
    CHECK(deviation_of_events({kind, 5, 0}, 10, random) == 0);
  }
  CHECK(deviation_of_events({CustomerType::fixed, 5, 2}, 10, random) == 0);
}

}  // namespace tenure::test::event_draws
