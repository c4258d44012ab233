// Policies of whole models: what actions mean for rows, cash flows, referrals and stays; and the best policy against
// every other one that can be said in other words: as a model without actions.

#include "tenure/decide/policy.hpp"
#include "tenure/chain/compile_decisions.hpp"
#include "tenure/chain/decision_chain.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::policies {

/// A shop whose customers may be courted; lapsed ones too.
ModelBuilder shop(Horizon horizon = infinite_horizon) {
  ModelBuilder builder{"Shop", Period::year, horizon, annual_rate(0.1)};
  builder.state("customer", Stage::servicing, {.cash_flow = 100})
      .state("lapsed", Stage::dormant, {.cash_flow = -2})
      .state("gone", Stage::lost)
      .transition("customer", "lapsed", 0.3)
      .transition("customer", "gone", 0.1)
      .transition("lapsed", "customer", 0.1)
      .transition("lapsed", "gone", 0.4)
      .referral("customer", "customer", 0.05)
      .arrivals("customer", once(10));
  return builder;
}

double row_entry(const CompiledDecisions& decisions, std::size_t layer, StateIndex from, StateIndex to) {
  const Chain& chain = decisions.chain.layers.at(layer);
  for (std::uint32_t k = chain.transitions.first[from]; k < chain.transitions.first[from + 1]; ++k) {
    if (chain.transitions.successor[k] == to) return chain.probability.at(0)[k];
  }
  return 0;
}

TEST_CASE("an action's probabilities stand exactly, and the rest of the row gives way in proportion") {
  const Model model =
      shop()
          .action({.name = "court",
                   .in = {"customer", "lapsed"},
                   .cost = 7,
                   .effects = {puts_probability("customer", "lapsed", 0.1), puts_probability("lapsed", "customer", 0.5),
                               puts_probability("lapsed", "gone", 0.5), puts_cash_flow("customer", 120)}})
          .build();
  const CompiledDecisions decisions = compile_decisions(model, Spending{});
  CHECK(decisions.chain.alternatives == std::vector<Alternative>{2, 2, 1});
  CHECK(row_entry(decisions, 1, 0, 1) == 0.1);
  CHECK_THAT(row_entry(decisions, 1, 0, 2), close_to(0.1 * 0.9 / 0.7));  // gone and staying share .9 as they shared .7
  CHECK_THAT(row_entry(decisions, 1, 0, 0), close_to(0.6 * 0.9 / 0.7));
  CHECK(row_entry(decisions, 1, 1, 0) == 0.5);
  CHECK(row_entry(decisions, 1, 1, 1) == 0);
  CHECK(row_entry(decisions, 0, 0, 1) == 0.3);
  CHECK(decisions.chain.layers[1].cash_flow.at(0) == std::vector<double>{120, -2, 0});
  CHECK(decisions.chain.layers[1].spend.at(0) == std::vector<double>{7, 7, 0});
}

TEST_CASE("what is put of a certain row is left to staying") {
  const Model model = ModelBuilder{"Stay", Period::year, infinite_horizon, annual_rate(0.1)}
                          .state("a", Stage::servicing, {.cash_flow = 1})
                          .state("b", Stage::lost)
                          .transition("a", "b", 1)
                          .action({.name = "hold", .in = {"a"}, .effects = {puts_probability("a", "b", 0.25)}})
                          .build();
  const CompiledDecisions decisions = compile_decisions(model, Spending{});
  CHECK(row_entry(decisions, 1, 0, 0) == 0.75);
  CHECK_THAT(best_policy(model).value[0].value(), close_to(1 / (1 - 0.75 / 1.1)));
  CHECK(best_policy(model, {}).value == best_policy(model).value);  // {} are the usual options, not a scenario
}

/// The value of the shop without actions, with these numbers instead.
std::vector<double> said_otherwise(double lapse, double back, double cash, double lapsed_cash, double referrals,
                                   Horizon horizon) {
  ModelBuilder builder{"Shop", Period::year, horizon, annual_rate(0.1)};
  builder.state("customer", Stage::servicing, {.cash_flow = cash})
      .state("lapsed", Stage::dormant, {.cash_flow = lapsed_cash})
      .state("gone", Stage::lost)
      .transition("customer", "lapsed", lapse)
      .transition("customer", "gone", 0.1 * (1 - lapse) / 0.7)
      .transition("lapsed", "customer", back)
      .transition("lapsed", "gone", 0.4 * (1 - back) / 0.9)
      .referral("customer", "customer", referrals);
  const ExactValue value = value_of(builder.build(), Scenario{.name = "baseline"}).value;
  return {value.states[0].clv_with_referrals.value(), value.states[1].clv_with_referrals.value()};
}

TEST_CASE("the best policy is worth as much as the best of the models in which it is simply so") {
  for (const double cost : {2.0, 8.0, 20.0, 60.0}) {
    const Model model = shop()
                            .action({.name = "court",
                                     .in = {"customer", "lapsed"},
                                     .cost = cost,
                                     .effects = {puts_probability("customer", "lapsed", 0.2),
                                                 puts_probability("lapsed", "customer", 0.25)}})
                            .action({.name = "party",
                                     .in = {"customer"},
                                     .cost = cost,
                                     .effects = {puts_referral("customer", "customer", 0.09)}})
                            .build();
    double customer = -std::numeric_limits<double>::infinity();
    double lapsed = customer;
    for (int in_customer = 0; in_customer < 3; ++in_customer) {
      for (int in_lapsed = 0; in_lapsed < 2; ++in_lapsed) {
        const std::vector<double> values = said_otherwise(
            in_customer == 1 ? 0.2 : 0.3, in_lapsed == 1 ? 0.25 : 0.1, 100 - (in_customer > 0 ? cost : 0),
            -2 - (in_lapsed == 1 ? cost : 0), in_customer == 2 ? 0.09 : 0.05, infinite_horizon);
        customer = std::max(customer, values[0]);
        lapsed = std::max(lapsed, values[1]);
      }
    }
    const PolicyValue best = best_policy(model);
    CAPTURE(cost);
    CHECK_THAT(best.value[0].value(), close_to(customer));
    CHECK_THAT(best.value[1].value(), close_to(lapsed));
    CHECK_THAT(best.customer_equity.value(), close_to(10 * customer));
    CHECK(best.gain().value() >= -1e-9);
  }
}

TEST_CASE("a free action that changes nothing changes nothing, and is not taken") {
  const Model model =
      shop(Horizon{12})
          .action({.name = "same", .in = {"customer", "lapsed"}, .effects = {puts_cash_flow("customer", 100)}})
          .build();
  const PolicyValue best = best_policy(model);
  for (const PolicyRow& row : best.rows) {
    CHECK_FALSE(row.action.has_value());
    CHECK(row.advantage == 0);
  }
  CHECK(best.customer_equity == value(shop(Horizon{12}).build()).scenarios[0].value.business->customer_equity);
  CHECK(best.cost == 0.0);
}

TEST_CASE("what the actions cost is part of the equity") {
  const Model model =
      shop(Horizon{3})
          .action({.name = "gift", .in = {"customer"}, .cost = 4, .effects = {puts_cash_flow("customer", 500)}})
          .build();
  const PolicyValue best = best_policy(model);
  // 10 customers, of whom .6 stay, .05 are brought and .3 lapse, of whom .1 come back: 10, 6.5, 6.5·.65 + 3·.1
  CHECK_THAT(best.cost.value(), close_to(4 * (10 + 6.5 / 1.1 + (6.5 * 0.65 + 0.3) / 1.21)));
}

TEST_CASE("segments are treated each in its own way, and an action may be for one of them") {
  const auto model = [](std::vector<std::string> only) {
    return shop()
        .segment({.name = "fickle", .share = 0.5, .transitions = {{"customer", "lapsed", Number{0.8}, {}}}})
        .segment({.name = "true", .share = 0.5})
        .action({.name = "court",
                 .in = {"customer"},
                 .cost = 65,
                 .segments = std::move(only),
                 .effects = {puts_probability("customer", "lapsed", 0.05), puts_probability("customer", "gone", 0.1)}})
        .build();
  };
  const PolicyValue both = best_policy(model({}));
  REQUIRE(both.rows.size() == 2);
  CHECK(both.rows[0].segment == 0);
  CHECK(both.rows[0].action == 0u);
  CHECK(both.rows[1].segment == 1);
  CHECK_FALSE(both.rows[1].action.has_value());
  const PolicyValue one = best_policy(model({"true"}));
  REQUIRE(one.rows.size() == 1);
  CHECK(one.rows[0].segment == 1);
}

/// Who is held leaves with probability .1 in place of .5, which costs 10 now and brings .4 of what comes later.
TEST_CASE("what is done only because the end is near is marked, and what is so for other reasons is not") {
  const auto model_for = [](Horizon horizon) {
    ModelBuilder builder{"Ends", Period::year, horizon};
    builder.state("customer", Stage::servicing, {.cash_flow = 100})
        .state("poor", Stage::servicing, {.cash_flow = 1})
        .state("dear", Stage::servicing, {.cash_flow = 100})
        .state("gone", Stage::lost);
    for (const char* state : {"customer", "poor", "dear"}) builder.transition(state, "gone", 0.5);
    return builder
        .action({.name = "hold",
                 .in = {"customer", "poor"},
                 .cost = 10,
                 .effects = {puts_probability("customer", "gone", 0.1), puts_probability("poor", "gone", 0.1)}})
        .action({.name = "hold while it is cheap",
                 .in = {"dear"},
                 .cost = scheduled({10, 10, 10, 1000}),
                 .effects = {puts_probability("dear", "gone", 0.1)}})
        .build();
  };
  const PolicyValue found = best_policy(model_for(6));
  REQUIRE(found.rows.size() == 5);
  const auto is = [](const PolicyRow& row, std::size_t state, std::int64_t from, std::int64_t until, bool acts) {
    return row.state == state && row.from == from && row.until == until && row.action.has_value() == acts;
  };
  CHECK((is(found.rows[0], 0, 0, 5, true) && found.rows[0].end_effect == false));
  CHECK((is(found.rows[1], 0, 5, 6, false) && found.rows[1].end_effect == true));  // 10 now, and nothing comes later
  CHECK((is(found.rows[2], 1, 0, 6, false) && found.rows[2].end_effect == false));
  CHECK((is(found.rows[3], 2, 0, 3, true) && found.rows[3].end_effect == false));
  CHECK((is(found.rows[4], 2, 3, 6, false) && found.rows[4].end_effect == false));
  CHECK(found.end_effect_from() == 5);
  for (const PolicyRow& row :
       best_policy(shop()
                       .action({.name = "court",
     .in = {"lapsed"},
     .cost = 1,
     .effects = {puts_probability("lapsed", "customer", 0.5), puts_probability("lapsed", "gone", 0.2)}})
                       .build())
           .rows)
    CHECK(row.end_effect == false);
}

TEST_CASE("the age of a stay is heeded") {
  // leaving becomes likely in the third period: only then is it worth 10 to hold people, who would bring 30 more
  const Model model = ModelBuilder{"Stay", Period::year, Horizon{30}, annual_rate(0)}
                          .state("guest", Stage::servicing, {.cash_flow = 30, .dwell = TableDwell{{0.01, 0.01, 0.9}}})
                          .state("gone", Stage::lost)
                          .transition("guest", "gone", 1)
                          .arrivals("guest", once(1))
                          .action({.name = "hold", .in = {"guest"}, .cost = 10, .effects = {puts_dwell("guest", 0.2)}})
                          .build();
  const PolicyValue best = best_policy(model);
  for (const PolicyRow& row : best.rows) {
    if (row.from > 20 || row.age > 20) continue;
    CAPTURE(row.age, row.from);
    CHECK(row.action.has_value() == (row.age >= 2));
  }
  CHECK_FALSE(best.rows.back().age_until.has_value());
}

TEST_CASE("the state of the market is heeded") {
  const Model model = shop()
                          .environment({.states = {"calm", "war"},
                                        .start = "calm",
                                        .matrix = {{0.8, 0.2}, {0.5, 0.5}},
                                        .effects = {{"war", MarketMovesTransition{"customer", "gone", 10}}}})
                          .action({.name = "court",
                                   .in = {"customer"},
                                   .cost = 25,
                                   .effects = {puts_probability("customer", "gone", 0.02)}})
                          .build();
  const PolicyValue best = best_policy(model);
  REQUIRE(best.rows.size() == 2);
  CHECK(best.regimes == std::vector<std::string>{"calm", "war"});
  CHECK_FALSE(best.rows[0].action.has_value());
  CHECK(best.rows[1].action == 0u);
  CHECK(best.customer_equity.value() > best.fixed[0].customer_equity.value());
  CHECK(best.customer_equity.value() > best.fixed[1].customer_equity.value());
}

TEST_CASE("a scenario's levers work beneath the actions, and doing nothing is the scenario") {
  const Model model =
      shop()
          .lever({.name = "lounge",
                  .while_in = {"customer"},
                  .effects = {moves_transition("customer", "lapsed").towards(0.1).half_spend(10)}})
          .scenario("farm", {{"lounge", 10}})
          .action(
              {.name = "court", .in = {"lapsed"}, .cost = 5, .effects = {puts_probability("lapsed", "customer", 0.6)}})
          .build();
  const PolicyValue best = best_policy(model);
  CHECK(best.scenario.name == "farm");
  const double farm = value_of(model, scenario_named(model, "farm")).value.business->customer_equity;
  CHECK_THAT(best.fixed[0].customer_equity.value(), close_to(farm));
  CHECK(best.fixed.back().plan == FixedPlan::scenario);
  CHECK(best_policy(model, scenario_named(model, "baseline")).fixed[0].customer_equity.value() != farm);
  CHECK(best.customer_equity.value() > farm);
  CHECK(best.gain() == 0.0);  // it is the same as to court all whom one may
}

TEST_CASE("people who live under a policy are worth what it says") {
  for (const Horizon& horizon : {infinite_horizon, Horizon{9}}) {
    const Model model = shop(horizon)
                            .action({.name = "court",
                                     .in = {"lapsed"},
                                     .cost = 5,
                                     .effects = {puts_probability("lapsed", "customer", 0.6)}})
                            .build();
    const PolicyValue best = best_policy(model, PolicyOptions{.people = 100'000, .seed = 7, .threads = 1});
    const SimulatedPolicy& simulated = best.simulated.value();
    CHECK(simulated.people == 100'000);
    CHECK_THAT(simulated.exact_mean.value(), close_to(best.customer_equity.value() / 10));
    const double errors = (simulated.mean.mean - *simulated.exact_mean) / simulated.mean.standard_error.value();
    CHECK(std::abs(errors) < 4);
    // and doing nothing is something else
    CHECK(std::abs(simulated.mean.mean - best.fixed[0].customer_equity.value() / 10) >
          10 * simulated.mean.standard_error.value());
  }
}

TEST_CASE("what a policy cannot see is refused, or at its mean") {
  const auto with = [](ModelBuilder builder) {
    return builder
        .action(
            {.name = "court", .in = {"lapsed"}, .cost = 5, .effects = {puts_probability("lapsed", "customer", 0.6)}})
        .build();
  };
  ModelDraft draft = with(shop()).draft();
  std::get<Number>(draft.transitions[0].probability).differs =
      Distribution{DistributionKind::beta, StandardDeviation{0.1}};
  CHECK_THROWS_WITH(best_policy(Model{draft}),
                    Catch::Matchers::ContainsSubstring(
                        "the number \"transition customer -> lapsed\" differs from person to person, unseen"));
  CHECK_THROWS_WITH(best_policy(Model{draft}),
                    Catch::Matchers::ContainsSubstring("transition[1].probability.differs: the number"));
  CHECK_THROWS_AS(best_policy(Model{draft}), LimitError);
  ModelDraft amounts = with(shop()).draft();
  amounts.states[0].cash_flow.differs = Distribution{DistributionKind::normal, StandardDeviation{20}};
  const PolicyValue best = best_policy(Model{amounts});
  CHECK(best.customer_equity == best_policy(with(shop())).customer_equity);
  CHECK_THROWS_WITH(best_policy(shop().build()), Catch::Matchers::ContainsSubstring("the model offers no actions"));
}

TEST_CASE("an infinite best value is refused by the names of its states") {
  const Model model =
      ModelBuilder{"For ever", Period::year, infinite_horizon}
          .state("customer", Stage::servicing, {.cash_flow = 1})
          .state("gone", Stage::lost)
          .transition("customer", "gone", 0.5)
          .action({.name = "hold", .in = {"customer"}, .effects = {puts_probability("customer", "gone", 0)}})
          .build();
  CHECK_THROWS_AS(best_policy(model), DivergentError);
  CHECK_THROWS_WITH(best_policy(model), Catch::Matchers::ContainsSubstring("the best policy") &&
                                            Catch::Matchers::ContainsSubstring("\"customer\", on average 1 a period"));
}

}  // namespace tenure::test::policies
