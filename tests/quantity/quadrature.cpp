// Rules that stand for laws: their moments against the products and integrals that these are known to be.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/quantity/detail/quadrature.hpp"

namespace tenure::test::quadrature_rules {

using namespace tenure::detail;

template <class Function>
double mean_of(const Quadrature& rule, Function f) {
  long double sum = 0;
  for (const QuadraturePoint& point : rule) sum += static_cast<long double>(point.weight) * f(point.value);
  return static_cast<double>(sum);
}

double epoch(const Quadrature& rule, std::size_t k) {
  return mean_of(rule, [&](double x) { return std::pow(static_cast<long double>(x), static_cast<long double>(k)); });
}

/// E[X^k] of a beta law: Π (a + j)/(a + b + j) over j = 0 … k - 1.
double beta_moment(const BetaParameters& law, std::size_t k) {
  long double product = 1;
  for (std::size_t j = 0; j < k; ++j) {
    product *= (static_cast<long double>(law.alpha) + j) / (static_cast<long double>(law.alpha) + law.beta + j);
  }
  return static_cast<double>(product);
}

/// E[f(X)] of a beta law with both parameters at least 1 by Simpson's rule over [from, to], with a number of steps.
template <class Function>
double beta_integral(const BetaParameters& law, double from, double to, Function f, int steps = 40'000) {
  const long double scale = std::lgamma(static_cast<long double>(law.alpha) + law.beta) -
                            std::lgamma(static_cast<long double>(law.alpha)) -
                            std::lgamma(static_cast<long double>(law.beta));
  const auto at = [&](long double x) -> long double {
    if (x <= 0 || x >= 1) {
      const bool counts = (x <= 0 && law.alpha == 1) || (x >= 1 && law.beta == 1);
      return counts ? std::exp(scale) * f(static_cast<double>(x)) : 0.0L;
    }
    return std::exp(scale + (law.alpha - 1) * std::log(x) + (law.beta - 1) * std::log1p(-x)) *
           f(static_cast<double>(x));
  };
  const long double h = (static_cast<long double>(to) - from) / steps;
  long double sum = at(from) + at(to);
  for (int k = 1; k < steps; ++k) sum += (k % 2 ? 4 : 2) * at(from + k * h);
  return static_cast<double>(sum * h / 3);
}

const std::vector<BetaParameters> laws{{1, 1},     {2, 3},     {0.764, 1.296}, {0.1, 0.1}, {0.1, 5},
                                       {5, 0.1},   {0.5, 0.5}, {0.05, 0.9},    {30, 70},   {900, 100},
                                       {1e4, 3e4}, {1, 60},    {0.668, 3.806}};

TEST_CASE("Quadrature: a beta law's moments are exact up to degree 2n - 1") {
  for (const BetaParameters& law : laws) {
    for (const std::size_t n : {1U, 2U, 3U, 5U, 12U, 32U, 128U}) {
      INFO("beta(" << law.alpha << ", " << law.beta << "), " << n << " points");
      const Quadrature rule = beta_quadrature(law, n);
      REQUIRE(rule.size() == n);
      double weights = 0;
      for (const QuadraturePoint& point : rule) {
        weights += point.weight;
        if (!(point.weight >= 0 && point.value >= 0 && point.value <= 1))
          FAIL_CHECK(point.value << ": " << point.weight);
      }
      CHECK_THAT(weights, close_to(1, 1e-14));
      for (std::size_t k = 1; k <= 2 * n - 1; ++k) {
        const double expected = beta_moment(law, k);
        if (std::abs(epoch(rule, k) - expected) > 1e-12)
          FAIL_CHECK("moment " << k << ": " << epoch(rule, k) << ", not " << expected);
      }
    }
  }
}

TEST_CASE("Quadrature: the first moment that a rule misses is that of degree 2n") {
  for (const std::size_t n : {1U, 2U, 3U, 4U}) {
    CHECK(std::abs(epoch(beta_quadrature({2, 3}, n), 2 * n) - beta_moment({2, 3}, 2 * n)) > 1e-6);
  }
}

TEST_CASE("Quadrature: a single point is the mean, and a mirrored law has mirrored points") {
  CHECK_THAT(beta_quadrature({2, 6}, 1)[0].value, close_to(0.25, 1e-15));
  for (const BetaParameters& law : laws) {
    const Quadrature there = beta_quadrature(law, 20), back = beta_quadrature({law.beta, law.alpha}, 20);
    for (std::size_t k = 0; k < 20; ++k) {
      CHECK_THAT(there[k].value, close_to_on_scale(1 - back[19 - k].value, 1, 1e-13));
      CHECK_THAT(there[k].weight, close_to_on_scale(back[19 - k].weight, 1, 1e-12));
    }
  }
}

TEST_CASE("Quadrature: two pieces keep a beta law whole") {
  for (const BetaParameters& law : laws) {
    if (law.alpha + law.beta > 200) continue;  // below
    for (const double kink : {0.1, 0.3, 0.5, 0.9}) {
      INFO("beta(" << law.alpha << ", " << law.beta << "), kink at " << kink);
      const Quadrature rule = BetaQuadratureInPieces{law, 128}.meeting_at({kink});
      for (std::size_t k = 0; k <= 6; ++k) CHECK_THAT(epoch(rule, k), close_to_on_scale(beta_moment(law, k), 1, 1e-9));
    }
  }
}

TEST_CASE("Quadrature: in pieces a kinked function is as good as a smooth one") {
  for (const BetaParameters& law : {BetaParameters{1, 1}, {2, 3}, {6, 5}, {12, 28}, {1, 4}}) {
    for (const double kink : {0.2, 0.45, 0.8}) {
      INFO("beta(" << law.alpha << ", " << law.beta << "), kink at " << kink);
      const auto value = [&](double x) { return x <= kink ? 1 / (1.5 - x) : kink / x + 3 * (x - kink); };
      const auto jumping = [&](double x) { return x < kink ? x : 2.0; };
      const double expected = beta_integral(law, 0, kink, [](double x) { return 1 / (1.5 - x); }) +
                              beta_integral(law, kink, 1, [&](double x) { return kink / x + 3 * (x - kink); });
      const double jumps = beta_integral(law, 0, kink, [](double x) { return x; }) +
                           beta_integral(law, kink, 1, [](double) { return 2.0; });
      const Quadrature rule = BetaQuadratureInPieces{law, 48}.meeting_at({kink});
      CHECK_THAT(mean_of(rule, value), close_to_on_scale(expected, 1, 1e-10));
      CHECK_THAT(mean_of(rule, jumping), close_to_on_scale(jumps, 1, 1e-10));
      const double further = kink / 2;
      const auto twice = [&](double x) { return value(x) + std::abs(x - further); };
      const double more = beta_integral(law, 0, further, [&](double x) { return further - x; }) +
                          beta_integral(law, further, 1, [&](double x) { return x - further; });
      const Quadrature in_three = BetaQuadratureInPieces{law, 48}.meeting_at({further, kink});
      CHECK(in_three.size() >= 3 * 48);
      CHECK_THAT(mean_of(in_three, twice), close_to_on_scale(expected + more, 1, 1e-10));
      // a rule in one piece sees the kink; the test can tell
      if (law.alpha == 6) CHECK(std::abs(mean_of(beta_quadrature(law, 96), value) - expected) > 1e-9);
    }
  }
}

TEST_CASE("Quadrature: in two pieces a U-shaped law keeps its mass at either end") {
  // beta(1/2, 1/2) is the arcsine law: P(X <= x) = 2/π·asin(√x)
  for (const double kink : {1e-9, 0.002, 0.05, 0.25, 0.5, 0.7, 0.998, 1 - 1e-9}) {
    INFO("kink at " << kink);
    const Quadrature rule = BetaQuadratureInPieces{{0.5, 0.5}, 32}.meeting_at({kink});
    const double below = mean_of(rule, [&](double x) { return x < kink ? 1.0 : 0.0; });
    const auto mass = [](double x) { return 2 / std::acos(-1.0) * std::asin(std::sqrt(x)); };
    CHECK_THAT(below, close_to(kink < 0.5 ? mass(kink) : 1 - mass(1 - kink), 1e-12));
    CHECK_THAT(mean_of(rule, [](double x) { return x * x; }), close_to(0.375, 1e-12));
  }
}

TEST_CASE("Quadrature: a law that hardly reaches the kink needs no pieces") {
  CHECK(BetaQuadratureInPieces{{30, 70}, 16}.meeting_at({0.9}).size() == 16);
  CHECK(BetaQuadratureInPieces{{30, 70}, 16}.meeting_at({0.02}).size() == 16);
  CHECK(BetaQuadratureInPieces{{30, 70}, 16}.meeting_at({0.5}).size() == 32);
  CHECK(BetaQuadratureInPieces{{0.1, 0.1}, 16}.meeting_at({0.8}).size() == 32);
  CHECK(BetaQuadratureInPieces{{0.1, 0.1}, 16}.meeting_at({0.999}).size() == 80);  // closer and closer to 1
}

TEST_CASE("Quadrature: a narrow law in two pieces is still a law, wherever they meet") {
  // a probability measured on many customers, in a row whose others leave room far above it
  for (const BetaParameters& law : {BetaParameters{157, 367}, {750, 750}, {1250, 1250}, {3000, 7000}}) {
    const double mean = law.alpha / (law.alpha + law.beta);
    for (const double kink : {mean, mean + 0.02, 0.7, 0.9, 0.98}) {
      INFO("beta(" << law.alpha << ", " << law.beta << "), kink at " << kink);
      const Quadrature rule = BetaQuadratureInPieces{law, 128}.meeting_at({kink});
      double weights = 0;
      for (const QuadraturePoint& point : rule) weights += point.weight;
      CHECK_THAT(weights, close_to(1, 1e-12));
      CHECK_THAT(epoch(rule, 1), close_to(beta_moment(law, 1), 1e-8));
      CHECK_THAT(epoch(rule, 2), close_to(beta_moment(law, 2), 1e-8));
    }
  }
}

TEST_CASE("Quadrature: a law narrow at one of its ends in two pieces") {
  for (const BetaParameters& law : {BetaParameters{2, 2000}, {1.5, 400}, {0.7, 300}, {12, 5000}, {1, 900}}) {
    const double mean = law.alpha / (law.alpha + law.beta);
    for (const double kink : {mean / 3, mean, 3 * mean, 0.5}) {
      INFO("beta(" << law.alpha << ", " << law.beta << "), kink at " << kink);
      const Quadrature rule = BetaQuadratureInPieces{law, 64}.meeting_at({kink});
      const Quadrature mirrored = BetaQuadratureInPieces{{law.beta, law.alpha}, 64}.meeting_at({1 - kink});
      for (std::size_t k = 1; k <= 4; ++k) CHECK_THAT(epoch(rule, k), close_to(beta_moment(law, k), 1e-9));
      CHECK_THAT(epoch(mirrored, 1), close_to(1 - mean, 1e-11));
      CHECK_THAT(epoch(mirrored, 2), close_to(beta_moment({law.beta, law.alpha}, 2), 1e-11));
    }
  }
}

TEST_CASE("Quadrature: the uniform law, whole and in pieces") {
  for (const double kink : {0.0, 0.2, 0.35, 0.5, 0.7, 1.0}) {
    const Quadrature rule = uniform_quadrature(0.2, 0.7, {kink}, 8);
    CHECK(rule.size() == (kink > 0.2 && kink < 0.7 ? 16U : 8U));
    for (std::size_t k = 0; k <= 15; ++k) {
      const auto power = static_cast<double>(k + 1);
      CHECK_THAT(epoch(rule, k), close_to((std::pow(0.7, power) - std::pow(0.2, power)) / power / 0.5, 1e-13));
    }
  }
  const Quadrature rule = uniform_quadrature(0.2, 0.7, {0.35}, 8);
  CHECK_THAT(mean_of(rule, [](double x) { return std::abs(x - 0.35); }),
             close_to((0.15 * 0.15 + 0.35 * 0.35) / 2 / 0.5, 1e-14));
}

TEST_CASE("Quadrature: two points have a law's mean, spread and skewness") {
  for (const double mean : {-3.0, 0.0, 120.0}) {
    for (const double sd : {0.01, 1.0, 70.0}) {
      for (const double skewness : {-4.0, -0.5, 0.0, 0.5, 2.0, 30.0}) {
        const Quadrature rule = two_point_quadrature(mean, sd, skewness);
        REQUIRE(rule.size() == 2);
        const auto central = [&](int k) {
          return mean_of(rule, [&](double x) { return std::pow((x - mean) / sd, k); });
        };
        const double rounding = 1e-14 * (1 + std::abs(mean) / sd) * (1 + std::abs(skewness));
        CHECK_THAT(central(0), close_to_on_scale(1, 1, 1e-14));
        CHECK_THAT(central(1), close_to_on_scale(0, 1, 10 * rounding));
        CHECK_THAT(central(2), close_to_on_scale(1, 1, 100 * rounding));
        CHECK_THAT(central(3), close_to_on_scale(skewness, 1, 1000 * rounding * (1 + std::abs(skewness))));
      }
    }
  }
  CHECK(two_point_quadrature(5, 0, 0).size() == 1);
  CHECK(two_point_quadrature(5, 0, 0)[0].value == 5);
}

TEST_CASE("Quadrature: a probability's law from each way of saying it") {
  using CustomerType = DistributionKind;
  const auto mean_and_sd = [](const Quadrature& rule) {
    const double mean = epoch(rule, 1);
    return std::pair{mean, std::sqrt(mean_of(rule, [&](double x) { return (x - mean) * (x - mean); }))};
  };
  const auto check = [&](const Distribution& law, double mean, double sd, double kink) {
    const auto [found_mean, found_sd] = mean_and_sd(ProbabilityQuadrature{law, mean, 64}.with_kinks_at({kink}));
    CHECK_THAT(found_mean, close_to(mean, 1e-9));
    CHECK_THAT(found_sd, close_to(sd, 1e-8));
  };
  for (const double kink : {1.0, 0.6}) {
    check({CustomerType::beta, StandardDeviation{0.2}}, 0.48, 0.2, kink);
    check({CustomerType::beta, BetaParameters{2, 6}}, 0.25, std::sqrt(2.0 * 6 / 9) / 8, kink);
    check({CustomerType::beta, SampleCount{24}}, 0.25, std::sqrt(0.25 * 0.75 / 25), kink);
    check({CustomerType::uniform, StandardDeviation{0.1}}, 0.5, 0.1, kink);
    check({CustomerType::uniform, Range{0.1, 0.7}}, 0.4, 0.6 / std::sqrt(12.0), kink);
  }
}

}  // namespace tenure::test::quadrature_rules
