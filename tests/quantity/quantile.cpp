// Quantiles against Boost.Math, which integrates otherwise and is used nowhere else.

#include <cmath>
#include <cstddef>
#include <vector>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/quantity/normal_score.hpp"
#include "tenure/quantity/quantile.hpp"

namespace tenure::test::quantiles {

const std::vector<double> probabilities{1e-12, 1e-6, 0.001, 0.01, 0.074, 0.1,     0.3,
                                        0.5,   0.7,  0.9,   0.95, 0.999, 1 - 1e-6};

Distribution law(DistributionKind kind, Spread spread) { return {kind, spread}; }

TEST_CASE("Normal scores: as Boost.Math has them") {
  const boost::math::normal_distribution<double> normal;
  for (const double p : probabilities)
    CHECK(std::abs(normal_score(p) - quantile(normal, p)) <= 4e-15 * (1 + std::abs(quantile(normal, p))));
  CHECK(normal_score(0.5) == 0);
  CHECK(normal_score(1e-300) < -37);
}

template <class Law>
void check_law(const Distribution& given, double mean, const Law& expected, double sign = 1) {
  const QuantileFunction number{given, mean};
  for (const double p : probabilities) {
    const double z = sign < 0 ? -normal_score(p) : normal_score(p);
    INFO("mean " << mean << ", p " << p);
    const double want = quantile(expected, p);
    if (want < 1e-280) continue;
    const bool is_far = p < 0.001 || p > 0.9991;
    CHECK(std::abs(number(z) * sign - want) <= (is_far ? 3e-5 : 3e-8) * want);
  }
}

TEST_CASE("Quantiles: beta laws, however they say their spread") {
  using boost::math::beta_distribution;
  for (const auto& [alpha, beta] :
       std::vector<std::pair<double, double>>{{1, 1}, {0.5, 0.5}, {0.1, 3}, {2, 7}, {48, 52}, {3000, 9}, {1e5, 4e6}}) {
    const double mean = alpha / (alpha + beta);
    const beta_distribution<double> expected{alpha, beta};
    check_law(law(DistributionKind::beta, BetaParameters{alpha, beta}), mean, expected);
    check_law(law(DistributionKind::beta, SampleCount{alpha + beta}), mean, expected);
    check_law(law(DistributionKind::beta, StandardDeviation{std::sqrt(mean * (1 - mean) / (alpha + beta + 1))}), mean,
              expected);
  }
}

TEST_CASE("Quantiles: gamma and lognormal laws carry the sign of their mean") {
  for (const double sd : {0.05, 1.0, 6.0, 20.0}) {
    const double mean = 7;
    const boost::math::gamma_distribution<double> gamma{mean * mean / sd / sd, sd * sd / mean};
    const double variance = std::log1p(sd * sd / mean / mean);
    const boost::math::lognormal_distribution<double> lognormal{std::log(mean) - variance / 2, std::sqrt(variance)};
    for (const double sign : {1.0, -1.0}) {
      check_law(law(DistributionKind::gamma, StandardDeviation{sd}), sign * mean, gamma, sign);
      check_law(law(DistributionKind::lognormal, StandardDeviation{sd}), sign * mean, lognormal, sign);
    }
  }
}

TEST_CASE("Quantiles: normal, uniform and fixed laws") {
  const QuantileFunction normal{law(DistributionKind::normal, StandardDeviation{3}), -2};
  CHECK(normal(0) == -2);
  CHECK(normal(1.5) == -2 + 4.5);
  const QuantileFunction range{law(DistributionKind::uniform, Range{2, 10}), 6};
  const QuantileFunction spread{law(DistributionKind::uniform, StandardDeviation{8 / std::sqrt(12.0)}), 6};
  for (const double p : probabilities) {
    CHECK(std::abs(range(normal_score(p)) - (2 + 8 * p)) < 1e-13);
    CHECK(std::abs(spread(normal_score(p)) - (2 + 8 * p)) < 1e-13);
  }
  CHECK(range(-40) >= 2);
  CHECK(range(40) <= 10);
  CHECK(QuantileFunction{law(DistributionKind::fixed, StandardDeviation{0}), 5}(2.5) == 5);
  CHECK(QuantileFunction{law(DistributionKind::normal, StandardDeviation{0}), 5}(2.5) == 5);
}

}  // namespace tenure::test::quantiles
