// How far customer equity may be from what is expected, where people differ and share a market.

#include <cmath>
#include <optional>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/decide/detail/equity_risk.hpp"
#include "tenure/engine/detail/exact/risk_in_reach.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::risk_of_equity {

using namespace tenure::detail;

/// Owners who leave with a probability of their own, four times as easily while rivals cut their prices.
Model owners(std::int64_t periods) {
  Number leaving{0.2};
  leaving.differs = Distribution{DistributionKind::beta, BetaParameters{2, 8}};
  Environment environment{{"calm", "price war"}, "calm", {{0.9, 0.1}, {0.3, 0.7}}};
  environment.effects.push_back({"price war", MarketMovesTransition{"owner", "lost", 4.0}});
  return ModelBuilder{"Owners", Period::year, periods, annual_rate(0.05)}
      .state("owner", Stage::servicing, {.cash_flow = 10})
      .state("lost", Stage::lost)
      .transition("owner", "lost", leaving)
      .arrivals("owner", once(1000))
      .environment(environment)
      .build();
}

TEST_CASE("Risk of equity: fewer values for what differs give the same deviations") {
  const Model model = owners(12);
  const Spending spending;
  const std::optional<EquityRisk> fine = equity_risk_of(model, spending, compile(model, spending, 64), 64);
  REQUIRE(fine);
  CHECK(fine->variance_from_market > 0);
  for (const std::size_t points : {8U, 16U}) {
    const std::optional<EquityRisk> coarse = equity_risk_of(model, spending, compile(model, spending, points), points);
    REQUIRE(coarse);
    CHECK_THAT(coarse->variance_from_people, close_to(fine->variance_from_people, 1e-3));
    CHECK_THAT(coarse->variance_from_market, close_to(fine->variance_from_market, 1e-3));
  }
}

TEST_CASE("Risk of equity: it is found for more kinds of people than covariances can join") {
  const Model model = owners(200);
  const Spending spending;
  const Chain many = compile(model, spending, 512);
  REQUIRE_FALSE(tenure::detail::is_risk_in_reach(many, 200));
  const std::optional<EquityRisk> found = equity_risk_of(model, spending, many, 512);
  REQUIRE(found);
  const std::optional<EquityRisk> few = equity_risk_of(model, spending, compile(model, spending, 32), 32);
  CHECK_THAT(found->variance_from_market, close_to(few->variance_from_market, 1e-4));
  CHECK_THAT(found->variance_from_people, close_to(few->variance_from_people, 1e-4));
}

}  // namespace tenure::test::risk_of_equity
