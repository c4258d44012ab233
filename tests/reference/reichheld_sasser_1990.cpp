// Reichheld, F. F., and Sasser, W. E. (1990). Zero defections: quality comes to services. Harvard Business Review
// 68(5), 105-111, claims 25-95 % more profit from five points of retention. What the formula m(1 + i)/(1 + i - r) says
// of that, and of a car that is replaced every six years, was computed from the formula.

#include <array>
#include <cstddef>
#include <string>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::reichheld_sasser_1990 {

double first_clv(const ModelBuilder& builder) {
  return value(builder.build()).scenarios.front().value.states.front().clv.value();
}

double kept_with(double retention) {
  ModelBuilder builder{"Customer", Period::year, infinite_horizon, annual_rate(0.10)};
  builder.state("customer", Stage::servicing, {.cash_flow = 1.0})
      .state("lost", Stage::lost)
      .transition("customer", "customer", retention)
      .transition("customer", "lost", rest);
  return first_clv(builder);
}

/// Buys now, and again after each six years with this probability; worth 1 a purchase.
double car_every_six_years(double repurchase) {
  ModelBuilder builder{"Car owner", Period::year, infinite_horizon, annual_rate(0.08)};
  builder.state("year 1", Stage::repurchase, {.cash_flow = 1.0});
  for (int year = 2; year <= 6; ++year) builder.state("year " + std::to_string(year), Stage::servicing);
  builder.state("gone", Stage::lost);
  for (int year = 1; year < 6; ++year) {
    builder.transition("year " + std::to_string(year), "year " + std::to_string(year + 1), rest);
  }
  builder.transition("year 6", "year 1", repurchase).transition("year 6", "gone", rest);
  return first_clv(builder);
}

TEST_CASE("Reichheld and Sasser 1990: five points of retention, in percent of value") {
  const std::array<double, 5> retention{.60, .70, .80, .85, .90};
  const std::array<double, 5> gain{11.1, 14.3, 20.0, 25.0, 33.3};
  for (std::size_t k = 0; k < retention.size(); ++k) {
    CHECK_THAT(100 * (kept_with(retention[k] + .05) / kept_with(retention[k]) - 1), prints_as(gain[k], 1));
  }
}

TEST_CASE("A repurchase rate is a probability per replacement: 48 to 53 percent adds 4.73 percent") {
  CHECK_THAT(car_every_six_years(.48), prints_as(1.43365, 5));
  CHECK_THAT(car_every_six_years(.53), prints_as(1.50148, 5));
  CHECK_THAT(100 * (car_every_six_years(.53) / car_every_six_years(.48) - 1), prints_as(4.73, 2));
}

}  // namespace tenure::test::reichheld_sasser_1990
