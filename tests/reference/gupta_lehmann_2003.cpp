// Gupta, S., and Lehmann, D. R. (2003). Customers as assets. Journal of Interactive Marketing 17(1), 9-24: a constant
// margin m, kept with probability r a year, the first margin falling after the first renewal, for ever: m·r/(1 + i -
// r).

#include <array>
#include <cmath>
#include <cstddef>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::gupta_lehmann_2003 {

/// A customer whose margin falls at each renewal, that is at the end of each year that is followed by another.
double value_of_customer(double margin, double retention, double rate) {
  const Model model = ModelBuilder{"Customer", Period::year, infinite_horizon, annual_rate(rate)}
                          .state("customer", Stage::servicing)
                          .state("lost", Stage::lost)
                          .transition("customer", "customer", retention, {.cash_flow = margin})
                          .transition("customer", "lost", rest)
                          .build();
  return value(model).scenarios.front().value.states.front().clv.value();
}

TEST_CASE("Gupta and Lehmann 2003: two customers") {
  CHECK_THAT(value_of_customer(100, .9, .10), prints_as(450, 9));
  CHECK_THAT(value_of_customer(100, .8, .12), prints_as(250, 9));
}

TEST_CASE("Gupta and Lehmann 2003: table of margin multiples") {
  const std::array<double, 4> rates{.10, .12, .14, .16};
  const std::array<double, 4> retention{.6, .7, .8, .9};
  const double printed[4][4] = {
      {1.20, 1.15, 1.11, 1.07}, {1.75, 1.67, 1.59, 1.52}, {2.67, 2.50, 2.35, 2.22}, {4.50, 4.09, 3.75, 3.46}};
  for (std::size_t r = 0; r < retention.size(); ++r) {
    for (std::size_t i = 0; i < rates.size(); ++i) {
      CHECK_THAT(value_of_customer(1, retention[r], rates[i]), prints_as(printed[r][i], 2));
    }
  }
}

TEST_CASE("Gupta and Lehmann 2003: one percent of retention moves value by five and a half") {
  const double step = 1e-6;
  const double above = std::log(value_of_customer(100, .9 * (1 + step), .10));
  const double below = std::log(value_of_customer(100, .9 * (1 - step), .10));
  CHECK_THAT((above - below) / (2 * step), prints_as(5.5, 6));
}

}  // namespace tenure::test::gupta_lehmann_2003
