// Quantiles against Boost.Math, which integrates otherwise and is used nowhere else.

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/quantity/detail/law/normal.hpp"
#include "tenure/quantity/detail/quantile.hpp"

namespace tenure::test::quantiles {

using namespace tenure::detail;

const std::vector<double> probabilities{1e-12, 1e-6, 0.001, 0.01, 0.074, 0.1,     0.3,
                                        0.5,   0.7,  0.9,   0.95, 0.999, 1 - 1e-6};

Distribution law(DistributionKind kind, Spread spread) { return {kind, spread}; }

TEST_CASE("Normal scores: as Boost.Math has them") {
  const boost::math::normal_distribution<double> normal;
  for (const double p : probabilities)
    CHECK(std::abs(normal_quantile(p) - quantile(normal, p)) <= 4e-15 * (1 + std::abs(quantile(normal, p))));
  CHECK(normal_quantile(0.5) == 0);
  CHECK(normal_quantile(1e-300) < -37);
}

template <class Law>
void check_law(const Distribution& given, double mean, const Law& expected, double sign = 1) {
  const QuantileFunction number{given, mean};
  for (const double p : probabilities) {
    const double z = sign < 0 ? -normal_quantile(p) : normal_quantile(p);
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

TEST_CASE("Quantiles: beta laws that are nearly a coin, a number, or all at one end") {
  for (const auto& [alpha, beta] : std::vector<std::pair<double, double>>{
           {1e-3, 2}, {2e-3, 1e-3}, {1e-5, 1e-5}, {2e7, 3e8}, {2e8, 3e8}, {1e9, 3e9}, {5, 1e9}, {5, 1e14}, {1e14, 5}}) {
    check_law(law(DistributionKind::beta, BetaParameters{alpha, beta}), alpha / (alpha + beta),
              boost::math::beta_distribution<double>{alpha, beta});
  }
}

TEST_CASE("Quantiles: gamma laws that hardly vary, or hardly ever are anything") {
  for (const double variation : {0.9e-4, 1.1e-4, 1e-3, 30.0}) {
    check_law(law(DistributionKind::gamma, StandardDeviation{variation * 7}), 7,
              boost::math::gamma_distribution<double>{1 / variation / variation, 7 * variation * variation});
  }
}

TEST_CASE("Quantiles: laws so narrow that nothing else can integrate them are normal, up to their skewness") {
  const auto check_normal = [](const Distribution& given, double mean, double sd) {
    const QuantileFunction number{given, mean};
    for (const double z : {-4.0, -1.0, 0.0, 0.5, 3.0})
      CHECK(std::abs(number(z) - (mean + sd * z)) <= 1e-4 * sd + 1e-15 * mean);
  };
  for (const double total : {1e11, 1e13, 1e15, 1e29}) {
    check_normal(law(DistributionKind::beta, SampleCount{total}), 0.25, std::sqrt(0.25 * 0.75 / total));
  }
  for (const double variation : {1e-5, 1e-7, 1e-12, 1e-200})
    check_normal(law(DistributionKind::gamma, StandardDeviation{7 * variation}), 7, 7 * variation);
}

TEST_CASE(
    "Laws: what double precision cannot tell from a coin, a number or nothing is refused, and no sd is negative") {
  const auto refused = [](DistributionKind kind, Spread spread, double mean, Quantity quantity) {
    return refusal(law(kind, spread), mean, quantity).has_value();
  };
  for (const double count : {1e-300, 1e-9, 5e-324, 1e32, 1e300}) {
    CHECK(refused(DistributionKind::beta, SampleCount{count}, 0.2, Quantity::probability));
    CHECK(refused(DistributionKind::beta, BetaParameters{count, 1}, count / (1 + count), Quantity::probability));
  }
  CHECK_FALSE(refused(DistributionKind::beta, SampleCount{1e-4}, 0.2, Quantity::probability));
  CHECK_FALSE(refused(DistributionKind::beta, SampleCount{1e29}, 0.2, Quantity::probability));
  for (const double sd : {-1.0, -1e-300, std::nan(""), HUGE_VAL, 1e91}) {
    for (const auto kind : {DistributionKind::normal, DistributionKind::gamma, DistributionKind::lognormal,
                            DistributionKind::uniform, DistributionKind::fixed}) {
      CHECK(refused(kind, StandardDeviation{sd}, 10, Quantity::cash_flow));
    }
    CHECK(refused(DistributionKind::beta, StandardDeviation{sd}, 0.2, Quantity::probability));
  }
  CHECK(refused(DistributionKind::gamma, StandardDeviation{1e8}, 10, Quantity::cash_flow));
  CHECK(refused(DistributionKind::uniform, Range{-1e91, 1e91}, 0, Quantity::cash_flow));
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
    CHECK(std::abs(range(normal_quantile(p)) - (2 + 8 * p)) < 1e-13);
    CHECK(std::abs(spread(normal_quantile(p)) - (2 + 8 * p)) < 1e-13);
  }
  CHECK(range(-40) >= 2);
  CHECK(range(40) <= 10);
  CHECK(QuantileFunction{law(DistributionKind::fixed, StandardDeviation{0}), 5}(2.5) == 5);
  CHECK(QuantileFunction{law(DistributionKind::normal, StandardDeviation{0}), 5}(2.5) == 5);
}

}  // namespace tenure::test::quantiles
