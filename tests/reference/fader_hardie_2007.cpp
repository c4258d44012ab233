// Fader, P. S., and Hardie, B. G. S. (2007). How to project customer retention. Journal of Interactive Marketing 21(1),
// 76-90: retention that rises with tenure because the less loyal leave first. With beta-distributed chances to leave, a
// customer of t - 1 renewals renews with probability r_t = (beta + t - 1) / (alpha + beta + t - 1).
//
// Discounted expected (residual) lifetimes: Fader, P. S., and Hardie, B. G. S. (2010). Customer-base valuation in a
// contractual setting: the perils of ignoring heterogeneity. Marketing Science 29(1), 85-93.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::fader_hardie_2007 {

struct Loyalty {
  double alpha = 1;
  double beta = 1;
};

/// Retention of those who have renewed so many times already, year by year.
std::vector<double> retention(Loyalty loyalty, int renewals_so_far, int years_listed) {
  std::vector<double> rates;
  for (int t = renewals_so_far + 1; t <= renewals_so_far + years_listed; ++t) {
    rates.push_back((loyalty.beta + t - 1) / (loyalty.alpha + loyalty.beta + t - 1));
  }
  return rates;
}

struct Money {
  double each_year = 0;  ///< at its start
  double each_renewal = 0;
};

Model subscribers(std::vector<double> rates, Horizon horizon, double discount_rate, Money money) {
  return ModelBuilder{"Subscribers", Period::year, horizon, annual_rate(discount_rate)}
      .state("subscriber", Stage::servicing, {.cash_flow = money.each_year})
      .state("lost", Stage::lost)
      .transition("subscriber", "subscriber", scheduled(std::move(rates)), {.cash_flow = money.each_renewal})
      .transition("subscriber", "lost", rest)
      .arrivals("subscriber", once(1000))
      .build();
}

/// Subscribers left of 1000 at the start of years 0, 1, …
std::vector<double> survivors(Loyalty loyalty, int years_ahead) {
  const Model model = subscribers(retention(loyalty, 0, years_ahead), years_ahead + 1, 0, {});
  return value(model).scenarios.front().value.business.value().trace.value().people.front();
}

double clv(const Model& model) { return value(model).scenarios.front().value.states.front().clv.value(); }

/// ln of the probability of a table of survivors, year by year from 1000 in year 0.
double log_likelihood(const std::vector<double>& observed, Loyalty loyalty) {
  const std::vector<double> left = survivors(loyalty, static_cast<int>(observed.size()) - 1);
  double log = observed.back() * std::log(left[observed.size() - 1] / 1000);
  for (std::size_t t = 1; t < observed.size(); ++t) {
    log += (observed[t - 1] - observed[t]) * std::log((left[t - 1] - left[t]) / 1000);
  }
  return log;
}

/// Whether no neighbour, a hundredth away in either parameter, explains the table better.
bool is_best_nearby(const std::vector<double>& observed, Loyalty loyalty) {
  const double here = log_likelihood(observed, loyalty);
  for (const double a : {0.99, 1.0, 1.01}) {
    for (const double b : {0.99, 1.0, 1.01}) {
      if (a == 1 && b == 1) continue;
      if (log_likelihood(observed, {loyalty.alpha * a, loyalty.beta * b}) >= here) return false;
    }
  }
  return true;
}

const std::vector<double> regular{1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173};
const std::vector<double> high_end{1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394};

std::vector<double> first_years(const std::vector<double>& observed, std::size_t years_used) {
  return {observed.begin(), observed.begin() + static_cast<std::ptrdiff_t>(years_used) + 1};
}

TEST_CASE("Fader and Hardie 2007: log-likelihoods of the survivor tables, years 1 to 7") {
  const Loyalty high_end_fit{.6681, 3.8061};
  const Loyalty regular_fit{.7041, 1.1820};
  CHECK_THAT(log_likelihood(first_years(high_end, 7), high_end_fit), prints_as(-1611.16, 2));
  CHECK_THAT(log_likelihood(first_years(regular, 7), regular_fit), prints_as(-1680.27, 2));
  CHECK(is_best_nearby(first_years(high_end, 7), high_end_fit));
  CHECK(is_best_nearby(first_years(regular, 7), regular_fit));
}

TEST_CASE("Fader and Hardie 2007: the fit to years 1 to 4 is the best there is") {
  CHECK(is_best_nearby(first_years(regular, 4), {.7637, 1.2958}));
  CHECK_FALSE(is_best_nearby(first_years(regular, 4), {.7637 * 1.02, 1.2958}));
}

TEST_CASE("Fader and Hardie 2007: projected survivors stay near those observed for twelve years") {
  // the article's point: fitted on seven years, the law still holds in the twelfth (its figures 4 and 5)
  for (const auto& [observed, fitted] : {std::pair{regular, Loyalty{.7041, 1.1820}}, {high_end, {.6681, 3.8061}}}) {
    const std::vector<double> projected = survivors(fitted, 12);
    REQUIRE(projected.size() == observed.size());
    for (std::size_t t = 0; t < observed.size(); ++t) CHECK(std::abs(projected[t] - observed[t]) < 20);
  }
}

TEST_CASE("Fader and Hardie 2007: discounted expected lifetime of a new subscriber") {
  const Loyalty loyalty{.764, 1.296};
  const int enough = 400;  // 1.1^-400 is 1e-17
  CHECK_THAT(clv(subscribers(retention(loyalty, 0, enough), enough, .1, {.each_year = 1})), prints_as(3.62019, 5));
  CHECK_THAT(clv(subscribers(retention(loyalty, 0, enough), infinite_horizon, .1, {.each_year = 1})),
             prints_as(3.62019, 5));
}

TEST_CASE("Fader and Hardie 2010: discounted expected residual lifetimes, times 100, by number of renewals") {
  const std::array<double, 6> printed{288.2, 393.9, 467.5, 523.5, 568.2, 605.2};
  for (int renewals = 0; renewals < 6; ++renewals) {
    // seen just before the next renewal, which tenure's periods place one year ahead
    const std::vector<double> rates = retention({.764, 1.296}, renewals, 400);
    const double one_year_earlier = clv(subscribers(rates, infinite_horizon, .1, {.each_renewal = 100}));
    CHECK_THAT(1.1 * one_year_earlier, prints_as(printed[static_cast<std::size_t>(renewals)], 1));
  }
}

TEST_CASE("Fader and Hardie 2007: a subscriber's survival is the product of the schedule") {
  const std::vector<double> left = survivors({.7041, 1.1820}, 3);
  CHECK(left[0] == 1000);
  CHECK_THAT(left[1], close_to(1000 * 1.1820 / 1.8861));
  CHECK_THAT(left[2], close_to(1000 * 1.1820 / 1.8861 * 2.1820 / 2.8861));
  CHECK_THAT(left[3], close_to(1000 * 1.1820 / 1.8861 * 2.1820 / 2.8861 * 3.1820 / 3.8861));
}

}  // namespace tenure::test::fader_hardie_2007
