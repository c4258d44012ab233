// Tables of leaving hazards against survival functions that are computed another way: masses one by one, sums of them,
// and the standard library's exponential function.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "tenure/quantity/detail/hazard.hpp"

namespace tenure::test::hazard_tables {

using namespace tenure::detail;

double hazard_at(const std::vector<double>& hazard, std::size_t age) {
  return hazard[std::min(age, hazard.size() - 1)];
}

/// The probabilities of a sojourn of more than 0, 1, … periods - 1 periods.
std::vector<double> survival(const std::vector<double>& hazard, std::size_t periods) {
  std::vector<double> left{1};
  for (std::size_t age = 0; age + 1 < periods; ++age) left.push_back(left.back() * (1 - hazard_at(hazard, age)));
  return left;
}

/// A law of whole numbers from 1 by its probabilities: how long someone stays, mean and standard deviation.
struct Sojourn {
  double mean = 0;
  double sd = 0;
};
Sojourn stay_of(const std::vector<double>& hazard, std::size_t periods) {
  const std::vector<double> left = survival(hazard, periods + 1);
  double mean = 0, square = 0;
  for (std::size_t n = 1; n <= periods; ++n) {
    const double p = left[n - 1] - left[n];
    mean += static_cast<double>(n) * p;
    square += static_cast<double>(n) * static_cast<double>(n) * p;
  }
  return {mean, std::sqrt(square - mean * mean)};
}

TEST_CASE("Hazards: a fixed stay ends when it is over and not before") {
  CHECK(leaving_hazards(FixedDwell{1}, 100) == std::vector<double>{1});
  CHECK(leaving_hazards(FixedDwell{4}, 100) == std::vector<double>{0, 0, 0, 1});
  CHECK(leaving_hazards(FixedDwell{4}, 4) == std::vector<double>{0, 0, 0, 1});
  CHECK(leaving_hazards(FixedDwell{4}, 3) == std::vector<double>{0, 0, 0});  // beyond the horizon
  CHECK(leaving_hazards(FixedDwell{1e9}, 3) == std::vector<double>{0, 0, 0});
  CHECK(leaving_hazards(FixedDwell{3}, 0) == std::vector<double>{0});
}

TEST_CASE("Hazards: a table is itself, as far as it is wanted") {
  const TableDwell table{{0.1, 0.7, 0.3}};
  CHECK(leaving_hazards(table, 10) == std::vector<double>{0.1, 0.7, 0.3});
  CHECK(leaving_hazards(table, 2) == std::vector<double>{0.1, 0.7});
}

TEST_CASE("Hazards: 1 plus a negative binomial, from its masses and the sums of them") {
  struct Case {
    double mean, sd;
  };
  for (const auto& [mean, sd] :
       {Case{54, 14}, {2, 1.001}, {1.5, 3}, {10, 9.487}, {120, 200}, {1.001, 0.5}, {600, 24.6}}) {
    INFO("mean " << mean << ", sd " << sd);
    // 1 + N, N negative binomial: shape r, f(0) = p^r, f(k + 1) = f(k) q (r + k)/(k + 1)
    const long double m = mean - 1, v = sd * sd;
    const long double r = m * m / (v - m), p = m / v, q = (v - m) / v;
    const std::size_t periods = static_cast<std::size_t>(mean + 12 * sd) + 20;
    std::vector<long double> mass;
    for (std::size_t k = 0; k < periods; ++k) {
      const auto n = static_cast<long double>(k);
      mass.push_back(
          std::exp(std::lgamma(n + r) - std::lgamma(r) - std::lgamma(n + 1) + r * std::log(p) + n * std::log(q)));
    }
    const std::vector<double> hazard = leaving_hazards(NegativeBinomialDwell{mean, sd}, periods);
    REQUIRE(hazard.size() == periods);
    const std::vector<double> left = survival(hazard, periods);
    long double expected = 1;
    for (std::size_t k = 0; k + 1 < periods; ++k) {
      if (std::abs(left[k] - static_cast<double>(expected)) > 1e-12) FAIL_CHECK("period " << k << ": " << left[k]);
      if (expected > 1e-3L) CHECK_THAT(hazard[k], close_to(static_cast<double>(mass[k] / expected), 1e-10));
      expected -= mass[k];
    }
  }
}

TEST_CASE("Hazards: far out, a negative binomial is left at the rate of its geometric tail") {
  // f(a + 1)/f(a) tends to q, so the hazard to 1 - q = mean/variance of what is above 1
  const std::vector<double> hazard = leaving_hazards(NegativeBinomialDwell{54, 14}, 200'000);
  CHECK_THAT(hazard.back(), close_to(53.0 / 196, 1e-3));
  CHECK(hazard.back() < 53.0 / 196);
  CHECK(std::is_sorted(hazard.begin(), hazard.end()));  // shape above 1
  for (const double h : hazard) {
    if (!(h >= 0 && h <= 1)) FAIL_CHECK(h);
  }
  // shape 1 is the geometric law on 1, 2, …: variance = mean·(mean - 1)
  for (const double h : leaving_hazards(NegativeBinomialDwell{5, std::sqrt(20.0)}, 1000)) {
    if (std::abs(h - 0.2) > 1e-13) FAIL_CHECK(h);
  }
}

TEST_CASE("Hazards: a negative binomial has the mean and standard deviation that it was given") {
  struct Case {
    double mean, sd;
  };
  for (const auto& [mean, sd] : {Case{54, 14}, {1.5, 3}, {7, 2.5}, {200, 30}}) {
    const std::size_t enough = static_cast<std::size_t>(mean + 60 * sd) + 800;
    const Sojourn sojourn = stay_of(leaving_hazards(NegativeBinomialDwell{mean, sd}, enough), enough);
    CHECK_THAT(sojourn.mean, close_to(mean, 1e-11));
    CHECK_THAT(sojourn.sd, close_to(sd, 1e-9));
  }
}

TEST_CASE("Hazards: Weibull's law survives k periods with probability exp(-(k/scale)^shape)") {
  struct Case {
    double scale, shape;
  };
  for (const auto& [scale, shape] : {Case{40, 3.2}, {1, 1}, {0.3, 0.5}, {12, 0.4}, {7.5, 1}, {2, 25}, {1000, 2}}) {
    INFO("scale " << scale << ", shape " << shape);
    const std::vector<double> left = survival(leaving_hazards(WeibullDwell{scale, shape}, 3000), 3000);
    for (std::size_t k = 0; k < left.size(); ++k) {
      const double expected = std::exp(-std::pow(static_cast<double>(k) / scale, shape));
      if (std::abs(left[k] - expected) > 1e-12) FAIL_CHECK("period " << k << ": " << left[k] << ", not " << expected);
    }
  }
  // shape 1 is geometric
  for (const double h : leaving_hazards(WeibullDwell{7.5, 1}, 100))
    CHECK_THAT(h, close_to(1 - std::exp(-1 / 7.5), 1e-13));
}

TEST_CASE("Hazards: nobody outstays a law that ends, and a table ends with it") {
  const std::vector<double> hazard = leaving_hazards(WeibullDwell{2, 25}, 3000);
  CHECK(hazard.back() == 1);
  CHECK(hazard.size() < 10);
}

TEST_CASE("Hazards: a factor raises the probability of staying to its power") {
  Mixing mixing{5};
  for (int round = 0; round < 200; ++round) {
    const double h = mixing.between(0.0001, 0.9), m = mixing.between(0.01, 5);
    CHECK_THAT(hazard_times(h, m), close_to(-std::expm1(m * std::log1p(-h)), 1e-13));
  }
  CHECK(hazard_times(0.3, 1) == 0.3);
  CHECK(hazard_times(0, 7) == 0);
  CHECK(hazard_times(1, 0.01) == 1);
  CHECK(hazard_times(0.4, 0) == 0);
  CHECK(hazard_times(1, 0) == 0);
  CHECK_THAT(hazard_times(1e-15, 2), close_to(2e-15, 1e-12));  // 1 - (1 - h)² computed as it stands would be 1.998e-15
  // twice in halves is once
  CHECK_THAT(hazard_times(hazard_times(0.37, 0.5), 2), close_to(0.37, 1e-15));
}

TEST_CASE("Hazards: a factor of m raises the whole survival function to the power m") {
  const std::vector<double> hazard = leaving_hazards(NegativeBinomialDwell{54, 14}, 300);
  for (const double m : {0.25, 1.3, 3.0}) {
    std::vector<double> faster;
    for (const double h : hazard) faster.push_back(hazard_times(h, m));
    const std::vector<double> before = survival(hazard, 200), after = survival(faster, 200);
    for (std::size_t k = 0; k < before.size(); ++k) {
      if (std::abs(after[k] - std::pow(before[k], m)) > 1e-12) FAIL_CHECK("factor " << m << ", period " << k);
    }
  }
}

TEST_CASE("Hazards: a table is cut where fewer are left than asked for, and its last hazard repeated") {
  const std::vector<double> half(100, 0.5);
  // more than 2^-10 are left of up to 9 periods, 2^-10 exactly after 10: not fewer
  CHECK(cut_where_few_are_left(half, 0x1p-10).size() == 11);
  CHECK(cut_where_few_are_left(half, 0x1p-9).size() == 10);
  CHECK(cut_where_few_are_left({0.1, 1}, 1e-12) == std::vector<double>{0.1, 1});
  CHECK(cut_where_few_are_left({1, 0.3, 0.2}, 1e-12) == std::vector<double>{1});
  CHECK(cut_where_few_are_left({0.1, 0.1}, 1e-12) == std::vector<double>{0.1, 0.1});
  const std::vector<double> whole = leaving_hazards(NegativeBinomialDwell{54, 14}, 4096);
  const std::vector<double> cut = cut_where_few_are_left(whole, 1e-12);
  REQUIRE(cut.size() < 400);
  CHECK(std::equal(cut.begin(), cut.end(), whole.begin()));
  CHECK(survival(whole, cut.size()).back() >= 1e-12);
  CHECK(survival(whole, cut.size() + 1).back() < 1e-12);
}

}  // namespace tenure::test::hazard_tables
