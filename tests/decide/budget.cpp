// Budgets: spend levels at which every lever's present value is its share, and what is said where there are none.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "support/problems.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/decide/budget.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::budgets {

constexpr double discount = 1 / 1.1;

ModelBuilder shop(Horizon horizon, double rate = 0.1) {
  ModelBuilder builder{"Shop", Period::year, horizon, annual_rate(rate)};
  builder.state("prospect", Stage::acquisition)
      .state("customer", Stage::servicing, {.cash_flow = 100})
      .state("dormant", Stage::dormant)
      .state("lost", Stage::lost)
      .transition("prospect", "customer", 0.2)
      .transition("prospect", "lost", rest)
      .transition("customer", "dormant", 0.3)
      .transition("customer", "lost", 0.1)
      .transition("dormant", "customer", 0.1)
      .transition("dormant", "lost", 0.4)
      .arrivals("prospect", per_period(1000), {.name = "web", .until = 10})
      .arrivals("customer", once(50));
  return builder;
}

Lever posters() {
  return {.name = "posters",
          .kind = LeverKind::acquisition,
          .spend_per = SpendPer::period,
          .effects = {moves_arrivals("web").towards(2).half_spend(1000)}};
}

Lever keep() {
  return {.name = "keep",
          .while_in = {"customer"},
          .carry_over = 0.3,
          .effects = {moves_transition("customer", "dormant").towards(0.1).half_spend(20)}};
}

Lever wake() {
  return {.name = "wake",
          .while_in = {"dormant"},
          .from = 1,
          .effects = {moves_transition("dormant", "customer").towards(0.6).half_spend(10)}};
}

Spending levels(const ModelBuilder& builder) {
  const Model model = builder.build();
  return spending_for(model, model.scenarios().front());
}

/// What each lever's spend is worth at its solved level, from the engine's own account of the compiled chain.
Investment investment_at(const Model& model, const Spending& spending) {
  return exact_value(compile(model, spending)).investment;
}

TEST_CASE("Budget: spend per period is the budget over its discounted periods") {
  Lever window = posters();
  window.from = 2;
  window.until = 5;
  const Spending found = levels(shop(20).lever(window).budget("plan", 10000, {{"posters", 1}}));
  CHECK_THAT(found.front(), close_to(10000 / (std::pow(discount, 2) + std::pow(discount, 3) + std::pow(discount, 4))));
  const Spending forever = levels(shop(infinite_horizon).lever(posters()).budget("plan", 10000, {{"posters", 1}}));
  CHECK_THAT(forever.front(), close_to(10000 * (1 - discount)));
}

TEST_CASE("Budget: spend per customer where it moves nobody is the budget over discounted people") {
  Lever gift = keep();
  gift.effects = {moves_cash_flow("customer").towards(120).half_spend(5)};
  gift.carry_over = 0;
  gift.until = 1;
  CHECK_THAT(levels(shop(20).lever(gift).budget("plan", 600, {{"keep", 1}})).front(), close_to(600.0 / 50));
}

TEST_CASE("Budget: spend that keeps its own targets is solved with those it keeps") {
  // customers stay with 1/2 + 1/2·share(s), spend s each year for two years on 50 of them: s·50·(1 + d·stay)
  ModelBuilder builder{"Two years", Period::year, Horizon{2}, annual_rate(0.1)};
  builder.state("customer", Stage::servicing, {.cash_flow = 100})
      .state("lost", Stage::lost)
      .transition("customer", "lost", 0.5)
      .arrivals("customer", once(50))
      .lever({.name = "keep",
              .while_in = {"customer"},
              .effects = {moves_transition("customer", "lost").towards(0.0).half_spend(10)}})
      .budget("plan", 2000, {{"keep", 1}});
  const double level = levels(builder).front();
  const double sojourn = 1 - 0.5 * std::exp2(-level / 10);
  CHECK_THAT(level * 50 * (1 + discount * sojourn), close_to(2000));
}

TEST_CASE("Budget: several levers that depend on each other, each within 1e-9 of its share") {
  Mixing mixing{17};
  for (int round = 0; round < 40; ++round) {
    INFO("round " << round);
    const Horizon horizon = mixing.chance(0.3) ? Horizon{} : Horizon{static_cast<std::int64_t>(3 + mixing.below(40))};
    const double budget = std::pow(10.0, mixing.between(1, 6));
    const std::vector<double> shares = mixing.shares(3);
    ModelBuilder builder = shop(horizon);
    builder.lever(posters()).lever(keep()).lever(wake());
    builder.budget("plan", budget, {{"posters", shares[0]}, {"keep", shares[1]}, {"wake", shares[2]}});
    const Model model = builder.build();
    const Spending spending = spending_for(model, model.scenarios().front());
    const Investment invested = investment_at(model, spending);
    for (std::size_t l = 0; l < 3; ++l) {
      CHECK(spending[l] > 0);
      CHECK(std::abs(invested.by_stream[l] - shares[l] * budget) <= 1e-9 * budget);
    }
    CHECK(std::abs(invested.total - budget) <= 1e-9 * budget);
  }
}

TEST_CASE("Budget: levers without a share are not spent on, and none of nothing is nothing") {
  ModelBuilder builder = shop(20);
  builder.lever(posters()).lever(keep());
  CHECK(levels(ModelBuilder{builder}.budget("plan", 500, {{"keep", 1}}))[0] == 0);
  CHECK(levels(ModelBuilder{builder}.budget("plan", 500, {{"keep", 1}, {"posters", 0}}))[0] == 0);
  CHECK(levels(ModelBuilder{builder}.budget("plan", 0, {{"keep", 0.5}, {"posters", 0.5}})) == Spending{0, 0});
}

TEST_CASE("Budget: a scenario with spend levels keeps them") {
  CHECK(levels(shop(20).lever(posters()).lever(keep()).scenario("plan", {{"keep", 7}})) == Spending{0, 7});
}

TEST_CASE("Budget: the value under a budget is the value at its levels") {
  const Model model =
      shop(20).lever(posters()).lever(keep()).budget("plan", 5000, {{"keep", 0.4}, {"posters", 0.6}}).build();
  const ScenarioValue valued = value_of(model, model.scenarios().front());
  const ExactValue again = exact_value(compile(model, valued.spending));
  CHECK(same_bits(valued.value.business->customer_equity, again.business->customer_equity));
  CHECK_THAT(valued.value.investment.total, close_to(5000, 1e-9));
}

/// People who look in for one period; advertising drives them away: n·s·2^(-s/h) can be spent, at most at s = h/ln 2.
ModelBuilder driven_away(double half_spend) {
  ModelBuilder builder{"Visitors", Period::year, Horizon{1}};
  builder.state("visitor", Stage::servicing)
      .state("gone", Stage::lost)
      .transition("visitor", "gone", rest)
      .arrivals("visitor", per_period(1000), {.name = "web"})
      .lever({.name = "noise",
              .while_in = {"visitor"},
              .effects = {moves_arrivals("web").towards(0).half_spend(half_spend)}});
  return builder;
}

/// The number at the end of "the largest budget that can be spent this way is about …".
double largest_named(const std::vector<Problem>& problems) {
  std::smatch match;
  const std::string& hint = problems.front().hint;
  REQUIRE(
      std::regex_search(hint, match, std::regex{"the largest budget that can be spent this way is about ([0-9.e+]+)"}));
  return std::stod(match[1]);
}

TEST_CASE("Budget: the largest that can be spent is named where there is one") {
  const double half = 200;
  const double largest = 1000 * half / std::log(2.0) / std::exp(1.0);
  for (const double factor : {1.01, 2.0, 50.0}) {
    INFO("budget " << factor << " times the largest");
    ModelBuilder builder = driven_away(half);
    const auto problems = problems_of<ModelError>([&] {
      return levels(builder.budget("loud", factor * largest, {{"noise", 1}}));
    });
    CHECK(codes_of(problems) == std::vector<std::string>{"budget-not-spendable"});
    CHECK(says(problems, "budget-not-spendable", "the scenario \"loud\" cannot spend its budget of"));
    CHECK(says(problems, "budget-not-spendable", "on \"noise\" in this split"));
    CHECK(largest_named(problems) <= largest);
    CHECK(largest_named(problems) >= 0.999 * largest);
  }
}

TEST_CASE("Budget: just below the largest it is spent") {
  const double half = 200;
  const double largest = 1000 * half / std::log(2.0) / std::exp(1.0);
  for (const double factor : {0.1, 0.5, 0.9, 0.999}) {
    ModelBuilder builder = driven_away(half);
    const double level = levels(builder.budget("loud", factor * largest, {{"noise", 1}})).front();
    CHECK_THAT(1000 * level * std::exp2(-level / half), close_to(factor * largest, 1e-9));
  }
}

TEST_CASE("Budget: nothing can be spent on those who are never there") {
  Lever late = keep();
  late.from = 30;
  const auto problems = problems_of<ModelError>([&] {
    return levels(shop(20).lever(late).budget("plan", 100, {{"keep", 1}}));
  });
  CHECK(says(problems, "budget-not-spendable",
             "the scenario \"plan\" gives 100 to \"keep\", on which nothing can be spent"));
  CHECK(says(problems, "budget-not-spendable", "its largest budget is 0: nobody is ever in its states while it runs"));
}

TEST_CASE("Budget: what would cost without end has no levels") {
  const ModelBuilder builder = shop(infinite_horizon, 0).lever(posters()).budget("plan", 100, {{"posters", 1}});
  const auto problems = problems_of<DivergentError>([&] { return levels(builder); });
  CHECK(says(problems, "divergent", "spend per period goes on for ever without discounting"));
}

TEST_CASE("Budget: conflicts between levers are those of any spend") {
  ModelBuilder builder = shop(20);
  builder.lever(keep());
  builder.lever({.name = "stop",
                 .while_in = {"customer"},
                 .effects = {moves_transition("customer", "lost").towards(0.0).half_spend(10)}});
  builder.budget("plan", 100, {{"keep", 0.5}, {"stop", 0.5}});
  CHECK(says(problems_of<ModelError>([&] { return levels(builder); }), "only-alone", "goes to a limit of 0 or 1"));
}

}  // namespace tenure::test::budgets
