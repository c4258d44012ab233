// What cannot be compiled: influences that do not go together, more than can be combined, work without end.

#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/problems.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/chain/compile_decisions.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::refusals {

ModelBuilder shop(Horizon horizon = 24) {
  ModelBuilder builder{"Shop", Period::month, horizon};
  builder.state("a", Stage::servicing).state("b", Stage::servicing).state("c", Stage::lost);
  return builder;
}

Lever lever(std::string name, LeverEffect effect) {
  return {.name = std::move(name), .while_in = {"a"}, .effects = {std::move(effect)}};
}

std::vector<Problem> refused(const ModelBuilder& builder, Spending spending) {
  return problems_of<ModelError>([&] { return compile(builder.build(), spending); });
}

TEST_CASE("Conflict: from 0 together with another influence on the row") {
  ModelBuilder builder = shop();
  builder.transition("a", "b", 0.0).transition("a", "c", 0.5).calendar("a", "c", {1.0, 2.0});
  builder.lever(lever("lift", moves_transition("a", "b").towards(0.3).half_spend(1)));
  const auto problems = refused(builder, {5});
  CHECK(codes_of(problems) == std::vector<std::string>{"only-alone"});
  CHECK(says(problems, "only-alone", "lever[1].effect[1]: the transition \"a\" -> \"b\" starts from 0"));
  CHECK(says(problems, "only-alone", "in period 1"));  // in period 0 the calendar changes nothing
  CHECK(says(problems, "only-alone", "odds cannot express that"));
  CHECK_NOTHROW(compile(builder.build(), Spending{0}));
}

TEST_CASE("Conflict: a limit of 0 or 1 together with another influence on the row") {
  for (const double limit : {0.0, 1.0}) {
    ModelBuilder builder = shop();
    builder.transition("a", "b", 0.2).transition("a", "c", 0.5);
    builder.lever(lever("one", moves_transition("a", "c").towards(0.4).half_spend(1)));
    builder.lever(lever("two", moves_transition("a", "b").towards(limit).half_spend(1)));
    CHECK(says(refused(builder, {5, 5}), "only-alone", "lever[2].effect[1]: the transition \"a\" -> \"b\""));
    CHECK_NOTHROW(compile(builder.build(), Spending{0, 5}));
    CHECK_NOTHROW(compile(builder.build(), Spending{5, 0}));
  }
}

TEST_CASE("Conflict: what becomes certain in a later period cannot be moved there") {
  ModelBuilder builder = shop();
  builder.transition("a", "b", scheduled({0.5, 0.5, 0})).transition("a", "c", rest);
  builder.lever(lever("stop", moves_transition("a", "c").towards(0.2).half_spend(1)));
  const auto problems = refused(builder, {5});
  CHECK(
      says(problems, "certain-transition", "the transition \"a\" -> \"c\" is certain in period 2 and cannot be moved"));
  CHECK(says(problems, "certain-transition", "give its row another way out, or move another transition"));
}

TEST_CASE("Conflict: a calendar that leaves a row nowhere to go") {
  ModelBuilder builder = shop();
  builder.transition("a", "b", 0.5).transition("a", "c", 0.5).calendar("a", "b", {1.0, 0.0}).calendar("a", "c", {0.0});
  const auto problems = refused(builder, {});
  CHECK(says(problems, "nothing-left", "the calendar leaves the row of \"a\" nowhere to go in period 1"));
  CHECK(says(problems, "nothing-left", "let one of its odds be above 0"));
}

TEST_CASE("Compile: a budget has no spend levels before it is solved") {
  const Model model = shop()
                          .lever(lever("one", moves_cash_flow("a").towards(2).half_spend(1)))
                          .budget("half", 100, {{"one", 1}})
                          .build();
  const auto problems = problems_of<ModelError>([&] { return compile(model, model.scenarios().front()); });
  CHECK(says(problems, "budget-not-solved", "the scenario \"half\" gives a budget, not spend levels"));
  CHECK(says(problems, "budget-not-solved", "compile(model, spending_for(model, scenario))"));
}

TEST_CASE("Compile: a scenario with spend levels is compiled with them") {
  const Model model =
      shop().lever(lever("one", moves_cash_flow("a").towards(2).half_spend(1))).scenario("spend", {{"one", 1}}).build();
  CHECK(compile(model, model.scenarios().front()).cash_flow.at(0)[0] == 1);
}

TEST_CASE("Compile: more numbers that differ from person to person than can be combined are refused") {
  ModelDraft draft = shop().transition("a", "b", 0.5, {.cash_flow = 3}).transition("b", "c", 1.0).build().draft();
  const Distribution law{DistributionKind::normal, StandardDeviation{1}};
  for (State& state : draft.states) state.cash_flow.differs = law;
  CHECK_NOTHROW(compile(Model{draft}, Spending{}));
  draft.transitions[0].cash_flow.differs = law;
  const auto problems = problems_of<LimitError>([&] { return compile(Model{draft}, Spending{}); });
  CHECK(says(problems, "differs", "4 numbers differ from person to person in the model"));
  CHECK(says(problems, "differs", "let at most 3 of them differ"));
  CHECK(problems.front().path ==
        "state[3].cash_flow.differs");  // the fourth of them, money of transitions before states'
  draft.segments = {{.name = "all", .share = 1}};
  CHECK(says(problems_of<LimitError>([&] { return compile(Model{draft}, Spending{}); }), "differs",
             "in the segment \"all\""));
  draft.segments[0].states = {{.name = "c", .cash_flow = draft.states[2].cash_flow}};
  CHECK(problems_of<LimitError>([&] { return compile(Model{draft}, Spending{}); }).front().path ==
        "segment[1].state[1].cash_flow.differs");
}

TEST_CASE("Compile: `uncertain` numbers stand at their mean") {
  ModelDraft draft = shop().transition("a", "b", 0.5).build().draft();
  std::get<Number>(draft.transitions[0].probability).uncertain =
      Distribution{DistributionKind::beta, StandardDeviation{0.1}};
  CHECK(compile(Model{draft}, Spending{}).probability.at(0)[1] == 0.5);
}

TEST_CASE("Compile: for ever, numbers must stop changing at some time") {
  const auto unsettled = [](const ModelBuilder& builder, Spending spending) {
    return problems_of<LimitError>([&] { return compile(builder.build(), spending); });
  };
  ModelBuilder growing_money = shop(infinite_horizon);
  growing_money.transition("a", "c", 0.5, {.cash_flow = growing(3, 0.02)});
  CHECK(says(unsettled(growing_money, {}), "unsettled",
             "with an infinite horizon, numbers must stop changing at some time"));
  CHECK(says(unsettled(growing_money, {}), "unsettled", "give a finite horizon, or a schedule instead of growth"));
  ModelBuilder growing_limit = shop(infinite_horizon);
  growing_limit.transition("a", "c", 0.5);
  growing_limit.lever(lever("one", moves_cash_flow("a").towards(growing(3, 0.02)).half_spend(1)));
  CHECK(codes_of(unsettled(growing_limit, {1})) == std::vector<std::string>{"unsettled"});
  CHECK_NOTHROW(compile(growing_limit.build(), Spending{0}));  // a lever without spend moves nothing
}

TEST_CASE("Compile: for ever, stays may not have more ages than can be solved for") {
  const auto problems_with = [](Dwell dwell, Horizon horizon) {
    ModelDraft draft = shop(horizon).transition("a", "b", 1.0).transition("b", "c", 1.0).build().draft();
    draft.states[0].dwell = std::move(dwell);
    try {
      (void)compile(Model{draft}, Spending{});
    } catch (const LimitError& error) {
      return error.problems();
    }
    return std::vector<Problem>{};
  };
  const auto endless = problems_with(WeibullDwell{60, 0.3}, infinite_horizon);
  CHECK(says(endless, "memory", "states last so long that 3826552 ages"));  // 60·27.63^(1/0.3)
  CHECK(says(endless, "memory", "of them would have to be kept, more than 2000000"));
  CHECK(says(endless, "memory", "give a finite horizon, shorten the dwells, or use longer periods"));
  CHECK(says(problems_with(NegativeBinomialDwell{54, 20'000}, infinite_horizon), "memory", "more than 2000000"));
  CHECK(problems_with(WeibullDwell{60, 0.3}, 240).empty());
  CHECK(problems_with(WeibullDwell{60, 0.9}, infinite_horizon).empty());
}

TEST_CASE("Compile: decisions between more actions in one state than can be told apart are refused") {
  ModelBuilder builder = shop();
  builder.transition("a", "b", 0.5);
  for (int k = 0; k < 65'535; ++k) builder.action({.name = "action " + std::to_string(k), .in = {"a"}, .cost = -1});
  const auto problems = problems_of<LimitError>([&] { return compile_decisions(builder.build(), {}); });
  CHECK(says(problems, "actions", "65535 actions are offered in one state; offer at most 65534"));
}

TEST_CASE("Compile: seasons without common factors repeat too late") {
  ModelBuilder builder = shop();
  builder.transition("a", "b", 0.5);
  for (const std::size_t length : {101u, 103u, 107u}) builder.calendar("a", "b", std::vector<double>(length, 1.0));
  const auto problems = problems_of<LimitError>([&] { return compile(builder.build(), Spending{}); });
  CHECK(says(problems, "season", "the seasons together repeat only after 1113121 periods"));
  CHECK(says(problems, "season", "let the lengths of the odds lists have common factors"));
}

}  // namespace tenure::test::refusals
