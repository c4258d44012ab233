// Berger, P. D., and Nasr, N. I. (1998). Customer lifetime value: marketing models and applications. Journal of
// Interactive Marketing 12(1), 17-30, case 1: a gross contribution of 260 once a year, ten years of renewals with
// probability .75, promotion of 50 in the middle of each year, 20 % a year.
//
//   260·Σ_{i=0..10} .75^i / 1.2^i - 50·Σ_{i=1..10} .75^(i-1) / 1.2^(i-.5) = 568.783

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::berger_nasr_1998 {

ModelBuilder customer(std::int64_t years_ahead, CashFlowTiming timing, double cash_flow, double cash_flow_of_renewal) {
  ModelBuilder builder{"Customer", Period::year, Horizon{years_ahead}, annual_rate(0.20)};
  builder.cash_flow_timing(timing)
      .state("customer", Stage::servicing, {.cash_flow = cash_flow})
      .state("lost", Stage::lost)
      .transition("customer", "customer", 0.75, {.cash_flow = cash_flow_of_renewal})
      .transition("customer", "lost", rest);
  return builder;
}

double clv(const ModelBuilder& builder) {
  return value(builder.build()).scenarios.front().value.states.front().clv.value();
}

TEST_CASE("Berger and Nasr 1998: case 1 as contributions and promotions, each with its own timing") {
  const double contributions = clv(customer(11, CashFlowTiming::start, 260, 0));
  const double promotions = clv(customer(10, CashFlowTiming::middle, -50, 0));
  CHECK_THAT(contributions + promotions, prints_as(568.783, 3));
}

TEST_CASE("Berger and Nasr 1998: case 1 as one chain, contributions falling with each renewal") {
  const double first = 260;
  CHECK_THAT(first + clv(customer(10, CashFlowTiming::middle, -50, 260)), prints_as(568.783, 3));
}

}  // namespace tenure::test::berger_nasr_1998
