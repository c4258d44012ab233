// A customer who brings others: the mean of a branching process (Harris, T. E. 1963, The Theory of Branching Processes)
// in the one-state form that Kumar, V., Petersen, J. A., and Leone, R. P. (2007) argue for in words. With rate i a
// year, retention r and ρ people brought a year who enter at the start of the next: m(1 + i)/(1 + i - r - ρ).

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::referral_branching {

ModelBuilder advocate(Horizon horizon) {
  ModelBuilder builder{"Advocates", Period::year, horizon, annual_rate(0.1)};
  builder.state("advocate", Stage::advocacy, {.cash_flow = 100.0})
      .state("lost", Stage::lost)
      .transition("advocate", "lost", 0.2)
      .referral("advocate", "advocate", 0.05)
      .arrivals("advocate", once(1));
  return builder;
}

TEST_CASE("Referral branching: 440 with the people brought, 366.667 without") {
  const Valuation valuation = value(advocate(infinite_horizon).build());
  const ExactValue& exact = valuation.scenarios.front().value;
  CHECK_THAT(exact.states[0].clv_with_referrals.value(), prints_as(440, 9));
  CHECK_THAT(exact.states[0].clv.value(), prints_as(366.667, 3));
  CHECK_THAT(exact.business.value().customer_equity, prints_as(440, 9));
  CHECK_THAT(exact.business.value().acquired.value(),
             close_to(1 / (1 - 0.05 / 0.2)));  // the whole tree: each brings 0.25 in five years
}

TEST_CASE("Referral branching: a whole tree within a horizon is a geometric sum") {
  const Valuation valuation = value(advocate(3).build());
  const double growth = 0.85 / 1.1;
  CHECK_THAT(valuation.scenarios.front().value.states[0].clv_with_referrals.value(),
             close_to(100 * (1 + growth + growth * growth)));
}

}  // namespace tenure::test::referral_branching
