// Which laws exist around a mean, and why others do not.

#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/quantity/distribution.hpp"

namespace tenure::test::distribution {

using enum DistributionKind;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Distribution with_sd(DistributionKind kind, double sd) { return {kind, StandardDeviation{sd}}; }

/// Why a law is refused, or "accepted".
std::string answer(const Distribution& law, double mean, Quantity quantity) {
  return refusal(law, mean, quantity).value_or("accepted");
}

TEST_CASE("Distribution: the table of what fits where") {
  struct Row {
    DistributionKind kind;
    bool probability, cash_flow, rate, spend;
  };
  constexpr Row rows[]{{beta, true, false, false, false},    {normal, false, true, false, false},
                       {lognormal, false, true, true, true}, {gamma, false, true, true, true},
                       {uniform, true, true, true, true},    {fixed, true, true, true, true}};
  for (const Row& row : rows) {
    INFO(name_of(row.kind));
    const Distribution law = with_sd(row.kind, 0.1);
    const auto fits = [&](Quantity quantity) { return !refusal(law, 0.5, quantity).has_value(); };
    CHECK(fits(Quantity::probability) == row.probability);
    CHECK(fits(Quantity::cash_flow) == row.cash_flow);
    CHECK(fits(Quantity::rate) == row.rate);
    CHECK(fits(Quantity::spend) == row.spend);
  }
  CHECK(answer(with_sd(gamma, 0.1), 0.5, Quantity::probability) == "a gamma distribution does not fit here");
  CHECK(answer(with_sd(beta, 0.1), 0.5, Quantity::cash_flow) == "a beta distribution does not fit here");
  CHECK(answer(with_sd(normal, 0.1), 0.5, Quantity::rate) == "a normal distribution does not fit here");
}

TEST_CASE("Distribution: a beta's mean and sd") {
  const std::string none = "no beta distribution has this mean and sd: sd must be below sqrt(mean·(1 - mean))";
  CHECK(answer(with_sd(beta, 0.5), 0.5, Quantity::probability) == none);  // the limit itself
  CHECK(answer(with_sd(beta, 0.4999), 0.5, Quantity::probability) == "accepted");
  CHECK(answer(with_sd(beta, nan), 0.5, Quantity::probability) == "sd must not be negative");
  for (const double mean : {0.0, 1.0, -0.1, 1.1, nan}) {
    CHECK(answer(with_sd(beta, 0.1), mean, Quantity::probability) ==
          "a beta distribution needs a mean above 0 and below 1");
  }
}

TEST_CASE("Distribution: a beta by its parameters, or by the customers it was measured on") {
  CHECK(answer({beta, BetaParameters{2, 8}}, 0.2, Quantity::probability) == "accepted");
  CHECK(answer({beta, BetaParameters{0, 8}}, 0.2, Quantity::probability) ==
        "a beta distribution needs alpha > 0 and beta > 0");
  CHECK(answer({beta, BetaParameters{2, -1}}, 0.2, Quantity::probability) ==
        "a beta distribution needs alpha > 0 and beta > 0");
  CHECK(answer({beta, BetaParameters{nan, 1}}, 0.2, Quantity::probability) ==
        "a beta distribution needs alpha > 0 and beta > 0");
  CHECK(answer({beta, SampleCount{250}}, 0.2, Quantity::probability) == "accepted");
  CHECK(answer({beta, SampleCount{0}}, 0.2, Quantity::probability) == "count must be above 0");
  CHECK(answer({beta, SampleCount{250}}, 0, Quantity::probability) ==
        "a beta distribution needs a mean above 0 and below 1");
}

TEST_CASE("Distribution: a uniform's range stays where the quantity may be") {
  CHECK(answer({uniform, Range{0, 1}}, 0.5, Quantity::probability) == "accepted");
  CHECK(answer({uniform, Range{-0.1, 0.9}}, 0.4, Quantity::probability) == "the range leaves 0 … 1");
  CHECK(answer({uniform, Range{0.2, 1.1}}, 0.65, Quantity::probability) == "the range leaves 0 … 1");
  CHECK(answer({uniform, Range{0.6, 0.4}}, 0.5, Quantity::probability) == "low must not be above high");
  CHECK(answer({uniform, Range{nan, 0.4}}, 0.5, Quantity::probability) == "low must not be above high");
  CHECK(answer({uniform, Range{-1, 3}}, 1, Quantity::rate) == "the range goes below 0");
  CHECK(answer({uniform, Range{-1, 3}}, 1, Quantity::spend) == "the range goes below 0");
  CHECK(answer({uniform, Range{-1, 3}}, 1, Quantity::cash_flow) == "accepted");
  CHECK(answer(with_sd(uniform, 0.1), 0.2, Quantity::probability) == "accepted");  // .2 ± .173
  CHECK(answer(with_sd(uniform, 0.12), 0.2, Quantity::probability) == "the range leaves 0 … 1");
  CHECK(answer(with_sd(uniform, 1), 1, Quantity::rate) == "the range goes below 0");
}

TEST_CASE("Distribution: no spread is a spread like any other, of every law and around every mean") {
  for (const DistributionKind kind : {beta, uniform, fixed}) {
    for (const double mean : {0.0, 0.3, 1.0})
      CHECK(answer(with_sd(kind, 0), mean, Quantity::probability) == "accepted");
  }
  for (const DistributionKind kind : {normal, gamma, lognormal, uniform, fixed}) {
    for (const double mean : {0.0, -3.0, 7.0}) CHECK(answer(with_sd(kind, 0), mean, Quantity::cash_flow) == "accepted");
  }
  CHECK(answer(with_sd(normal, 0), 0.3, Quantity::probability) == "a normal distribution does not fit here");
}

TEST_CASE("Distribution: spreads go with the laws that they describe") {
  const std::string misplaced = "alpha and beta, or count, go with beta only; low and high with uniform only";
  CHECK(answer({normal, BetaParameters{1, 1}}, 1, Quantity::cash_flow) == misplaced);
  CHECK(answer({gamma, SampleCount{10}}, 1, Quantity::rate) == misplaced);
  CHECK(answer({normal, Range{0, 1}}, 0.5, Quantity::cash_flow) == misplaced);
  CHECK(answer({beta, Range{0, 1}}, 0.5, Quantity::probability) == misplaced);
  CHECK(answer({uniform, SampleCount{10}}, 0.5, Quantity::probability) == misplaced);
  CHECK(answer({fixed, Range{0, 1}}, 0.5, Quantity::probability) == "accepted");  // its spread is never read
}

TEST_CASE("Distribution: laws of positive numbers need a mean that has a sign") {
  CHECK(answer(with_sd(gamma, 1), 0, Quantity::rate) == "a gamma distribution needs a mean above 0");
  CHECK(answer(with_sd(lognormal, 1), 0, Quantity::spend) == "a lognormal distribution needs a mean above 0");
  CHECK(answer(with_sd(gamma, 1), 0, Quantity::cash_flow) == "a gamma distribution needs a mean other than 0");
  CHECK(answer(with_sd(gamma, 1), -5, Quantity::cash_flow) == "accepted");  // a cost, its sign carried
  CHECK(answer(with_sd(normal, 1), 0, Quantity::cash_flow) == "accepted");
  CHECK(answer(with_sd(normal, -1), 0, Quantity::cash_flow) == "sd must not be negative");
  CHECK(answer(with_sd(gamma, nan), 1, Quantity::rate) == "sd must not be negative");
}

TEST_CASE("Distribution: standard deviations and implied means") {
  CHECK(standard_deviation(with_sd(gamma, 3), 7) == 3);
  CHECK(standard_deviation(with_sd(fixed, 3), 7) == 0);
  CHECK_THAT(standard_deviation({uniform, Range{1, 7}}, 4), close_to(std::sqrt(3.0)));
  CHECK_THAT(standard_deviation({beta, BetaParameters{2, 6}}, 0.25), close_to(std::sqrt(0.25 * 0.75 / 9)));
  CHECK_THAT(standard_deviation({beta, SampleCount{8}}, 0.25), close_to(std::sqrt(0.25 * 0.75 / 9)));  // the same law
  CHECK(implied_mean(BetaParameters{2, 6}).value() == 0.25);
  CHECK(implied_mean(Range{-1, 4}).value() == 1.5);
  CHECK_FALSE(implied_mean(StandardDeviation{2}).has_value());
  CHECK_FALSE(implied_mean(SampleCount{2}).has_value());
}

TEST_CASE("Distribution: laws have the names of the model file") {
  CHECK(name_of(beta) == "beta");
  CHECK(name_of(normal) == "normal");
  CHECK(name_of(lognormal) == "lognormal");
  CHECK(name_of(gamma) == "gamma");
  CHECK(name_of(uniform) == "uniform");
  CHECK(name_of(fixed) == "fixed");
}

}  // namespace tenure::test::distribution
