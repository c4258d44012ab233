// Scenarios side by side: every column of a comparison against numbers computed by hand, and what payback means.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "support/problems.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::comparisons {

constexpr double d = 1 / 1.25;  // exact in the rate: a quarter a year

/// A hundred customers, half of whom are lost each year; "keep" at 2 each brings that to 3 in 10, "posters" at 300 a
/// year double the prospects who arrive, a fifth of whom buy.
ModelBuilder shop(Horizon horizon = 3) {
  ModelBuilder builder{"Shop", Period::year, horizon, annual_rate(0.25)};
  builder.state("prospect", Stage::acquisition)
      .state("customer", Stage::servicing, {.cash_flow = 10})
      .state("lost", Stage::lost)
      .transition("prospect", "customer", 0.2)
      .transition("prospect", "lost", rest)
      .transition("customer", "lost", 0.5)
      .arrivals("customer", once(100))
      .arrivals("prospect", per_period(50), {.name = "web", .until = 3})
      .lever({.name = "keep",
              .while_in = {"customer"},
              .effects = {moves_transition("customer", "lost").towards(0.1).half_spend(2)}})
      .lever({.name = "posters",
              .kind = LeverKind::acquisition,
              .spend_per = SpendPer::period,
              .effects = {moves_arrivals("web").towards(3).half_spend(300)}});
  return builder;
}

/// Customers at the start of each of three years, if so many prospects come a year and such a share of customers stays.
std::vector<double> customers(double prospects, double sojourn) {
  std::vector<double> count{100};
  for (int t = 1; t < 3; ++t) count.push_back(count.back() * sojourn + prospects * 0.2);
  return count;
}

double present_value(const std::vector<double>& flows) {
  double value = 0;
  for (std::size_t t = 0; t < flows.size(); ++t) value += std::pow(d, static_cast<double>(t)) * flows[t];
  return value;
}

const ComparedScenario& named(const Comparison& comparison, const std::string& name) {
  for (const ComparedScenario& scenario : comparison.scenarios) {
    if (scenario.valued.scenario.name == name) return scenario;
  }
  FAIL("no scenario " << name);
  return comparison.scenarios.front();
}

TEST_CASE("Compare: all columns of three scenarios by hand") {
  const Comparison comparison = compare(
      shop().scenario("farm", {{"keep", 2}}).scenario("hunt", {{"posters", 300}}).build(),
      std::vector<Scenario>{
          {.name = "baseline"}, {"farm", "", SpendLevels{{"keep", 2}}}, {"hunt", "", SpendLevels{{"posters", 300}}}});
  CHECK(comparison.reference == "farm");  // the first that is written
  CHECK(same_bits(comparison.discount_factor, 0.8));
  REQUIRE(comparison.scenarios.size() == 3);
  const std::vector<double> base = customers(50, 0.5), farm = customers(50, 0.7), hunt = customers(100, 0.5);
  const double base_equity = 10 * present_value(base);
  const double farm_invested = 2 * present_value(farm);
  const double farm_equity = 10 * present_value(farm) - farm_invested;
  const double hunt_invested = 300 * (1 + d + d * d);
  const double hunt_equity = 10 * present_value(hunt) - hunt_invested;

  const ComparedScenario& baseline = named(comparison, "baseline");
  CHECK_THAT(baseline.business().customer_equity, close_to(base_equity));
  CHECK(baseline.valued.value.investment.total == 0);
  CHECK_THAT(baseline.advantage->incremental_value, close_to(base_equity - farm_equity));
  CHECK_FALSE(baseline.advantage->return_on_investment.has_value());  // it invests less
  CHECK_THAT(baseline.business().acquired.value(), close_to(100 + 2 * 10));
  CHECK(baseline.business().acquisition_cost == 0);
  CHECK_THAT(baseline.business().retention_rate.value(), close_to(0.5));

  const ComparedScenario& farming = named(comparison, "farm");
  CHECK_FALSE(farming.advantage.has_value());  // the reference itself
  CHECK_THAT(farming.business().customer_equity, close_to(farm_equity));
  CHECK_THAT(farming.valued.value.investment.total, close_to(farm_invested));
  CHECK_THAT(farming.business().retention_rate.value(), close_to(0.7));

  const ComparedScenario& hunting = named(comparison, "hunt");
  CHECK_THAT(hunting.business().customer_equity, close_to(hunt_equity));
  CHECK_THAT(hunting.advantage->incremental_value, close_to(hunt_equity - farm_equity));
  CHECK_THAT(hunting.advantage->return_on_investment.value(),
             close_to((hunt_equity - farm_equity) / (hunt_invested - farm_invested)));
  CHECK_THAT(hunting.business().acquired.value(), close_to(100 + 2 * 20));
  CHECK_THAT(hunting.business().acquisition_cost.value(), close_to(hunt_invested / 140));
  CHECK(hunting.valued.spending == Spending{0, 300});
}

TEST_CASE("Compare: the trace is the business, year by year") {
  const Comparison comparison = compare(shop().scenario("farm", {{"keep", 2}}).build());
  const Trace& trace = named(comparison, "farm").business().trace.value();
  const std::vector<double> farm = customers(50, 0.7);
  for (std::size_t t = 0; t < 3; ++t) {
    CHECK_THAT(trace.cash_flow[t], close_to(10 * farm[t]));
    CHECK_THAT(trace.spend[t], close_to(2 * farm[t]));
    CHECK_THAT(trace.discounted_cash_flow[t], close_to(std::pow(d, static_cast<double>(t)) * 8 * farm[t]));
    CHECK_THAT(trace.people[1][t], close_to(farm[t]));
    CHECK_THAT(trace.people[0][t], close_to(50));
  }
}

TEST_CASE("Compare: the reference is put in front where it is not asked for") {
  const Model model =
      shop().scenario("farm", {{"keep", 2}}).as_reference().scenario("hunt", {{"posters", 300}}).build();
  const Comparison comparison = compare(model, std::vector<Scenario>{scenario_named(model, "hunt")});
  REQUIRE(comparison.scenarios.size() == 2);
  CHECK(comparison.scenarios[0].valued.scenario.name == "farm");
  CHECK_FALSE(comparison.scenarios[0].advantage.has_value());
  CHECK(comparison.scenarios[1].advantage.has_value());
  CHECK(compare(shop().build()).reference == "baseline");
}

TEST_CASE("Compare: a plan that is the reference's own gains exactly nothing") {
  const Model model = shop().scenario("farm", {{"keep", 2}}).scenario("twin", {{"keep", 2}}).build();
  const Advantage twin = named(compare(model), "twin").advantage.value();
  CHECK(twin.incremental_value == 0);
  CHECK_FALSE(twin.return_on_investment.has_value());
  CHECK(twin.payback_period == 0);
}

TEST_CASE("Compare: nobody arrives, nothing to compare") {
  ModelDraft draft = shop().build().draft();
  draft.arrivals.clear();
  draft.levers.pop_back();
  const auto problems = problems_of<ModelError>([&] { return compare(Model{draft}); });
  CHECK(says(problems, "no-arrivals", "arrivals: nobody arrives, so there is no customer equity to compare"));
  CHECK(says(problems, "no-arrivals", "add an [[arrivals]] table; `value` values one person per state without it"));
}

TEST_CASE("Compare: progress is told after each scenario, and may stop the work") {
  const Model model = shop().scenario("farm", {{"keep", 2}}).build();
  std::vector<double> told;
  static_cast<void>(compare(model, all_scenarios(model), [&](double share) { told.push_back(share); }));
  CHECK(told == std::vector<double>{0.5, 1});
  struct Stopped {};
  CHECK_THROWS_AS(compare(model, all_scenarios(model), [](double) { throw Stopped{}; }), Stopped);
}

using Flows = std::vector<double>;
std::optional<std::int64_t> payback(const Flows& scenario, const Flows& reference) {
  return tenure::detail::payback(scenario, reference);
}

TEST_CASE("Payback: the first period from which on the cumulated flows stay at or above the reference's") {
  CHECK(payback({-10, 5, 6}, {0, 0, 0}) == 2);
  CHECK(payback({-10, 5, 5}, {0, 0, 0}) == 2);  // at is enough
  CHECK(payback({-10, 5, 4}, {0, 0, 0}) == std::nullopt);
  CHECK(payback({1, 0, 0}, {0, 0, 0}) == 0);
  CHECK(payback({0, 0, 0}, {0, 0, 0}) == 0);
  CHECK(payback({-10, 30, 6}, {0, 10, 10}) == 1);
}

TEST_CASE("Payback: ahead for a while, behind again, then ahead for good: the last time counts") {
  CHECK(payback({5, -10, 2, 4, 1}, {0, 0, 0, 0, 0}) == 3);
  CHECK(payback({-1, 2, -3, 1, 2}, {0, 0, 0, 0, 0}) == 4);
  CHECK(payback({-1, 2, 3, -9}, {0, 0, 0, 0}) == std::nullopt);
}

TEST_CASE("Payback: differences of rounding are none") {
  CHECK(payback({0.1 + 0.2, -0.3}, {0.3, -0.3}) == 0);
  CHECK(payback({0.3, -0.3}, {0.1 + 0.2, -0.3}) == 0);
  CHECK(payback({1e9, -1e9 - 0.01, 0.01}, {0, 0, 0}) == 2);  // a cent of a billion is not rounding
}

/// One customer for ever, worth 10 a year, whom a lever makes worth `limits` instead, half the way for 1 a year.
Model one_customer(std::vector<double> limits, Horizon horizon, double rate) {
  return ModelBuilder{"One", Period::year, horizon, annual_rate(rate)}
      .state("customer", Stage::servicing, {.cash_flow = 10})
      .arrivals("customer", once(1))
      .lever({.name = "care",
              .while_in = {"customer"},
              .effects = {moves_cash_flow("customer").towards(scheduled(std::move(limits))).half_spend(1)}})
      .scenario("today", {})
      .scenario("care", {{"care", 1}})
      .build();
}

/// The first period from which on the cumulated gains less spend stay at or above 0, by adding up.
std::optional<std::int64_t> payback_by_adding(const std::vector<double>& limits, double rate, int periods) {
  double sum = 0, factor = 1;
  std::optional<std::int64_t> since;
  for (int t = 0; t < periods; ++t) {
    const double limit = limits[std::min(static_cast<std::size_t>(t), limits.size() - 1)];
    sum += factor * ((limit - 10) / 2 - 1);
    factor /= 1 + rate;
    if (sum < 0)
      since.reset();
    else if (!since)
      since = t;
  }
  return since;
}

std::optional<std::int64_t> payback_of(const Model& model) {
  return named(compare(model), "care").advantage->payback_period;
}

TEST_CASE("Payback: through a comparison, over finite and infinite horizons") {
  const std::vector<std::vector<double>> courses{{10, 10, 10, 20},         // three years of cost, then gains
                                                 {20, 8, 8, 8, 8, 8, 14},  // ahead, behind, ahead again
                                                 {13},                     // ahead at once
                                                 {8, 8, 12, 12, 11},       // never
                                                 std::vector<double>(40, 4.0)};
  for (const std::vector<double>& limits : courses) {
    const auto expected = payback_by_adding(limits, 0.05, 900);
    INFO("first limit " << limits.front() << ", length " << limits.size());
    CHECK(payback_of(one_customer(limits, 900, 0.05)) == expected);
    CHECK(payback_of(one_customer(limits, infinite_horizon, 0.05)) == expected);
  }
  CHECK(payback_by_adding(courses[0], 0.05, 900) == 3);
  CHECK(payback_by_adding(courses[1], 0.05, 900) > 6);
  CHECK_FALSE(payback_by_adding(courses[3], 0.05, 900).has_value());
}

TEST_CASE("Payback: found where it lies beyond a thousand periods of an infinite horizon") {
  std::vector<double> limits(1500, 11.0);  // a loss of half for 1500 years, then a gain of two
  limits.push_back(16);
  const auto expected = payback_by_adding(limits, 0.0001, 6000);
  REQUIRE(expected.has_value());
  REQUIRE(*expected > 1800);
  CHECK(payback_of(one_customer(limits, infinite_horizon, 0.0001)) == expected);
}

TEST_CASE("Payback: of spend before the horizon's end only what is back by then counts") {
  CHECK(payback_of(one_customer({10, 10, 10, 20}, 3, 0.05)) == std::nullopt);
  CHECK(payback_of(one_customer({10, 10, 10, 20}, 4, 0.05)) == 3);
}

TEST_CASE("Value: every scenario with its levels, baseline first") {
  const Model model = shop().scenario("farm", {{"keep", 2}}).build();
  const Valuation valuation = value(model);
  REQUIRE(valuation.scenarios.size() == 2);
  CHECK(valuation.scenarios[0].scenario.name == "baseline");
  CHECK(valuation.scenarios[0].spending == Spending{0, 0});
  CHECK(valuation.scenarios[1].spending == Spending{2, 0});
  CHECK(valuation.model == model);
  CHECK(same_bits(valuation.discount_factor, 0.8));
  CHECK_THAT(valuation.scenarios[1].value.states[1].clv.value(), close_to(8 * (1 + 0.7 * d + 0.49 * d * d)));
}

}  // namespace tenure::test::comparisons
