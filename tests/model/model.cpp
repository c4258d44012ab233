// The model as a value: equality, defaults, scenarios, and the builder that says the same as a draft.

#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "full_draft.hpp"
#include "support/problems.hpp"
#include "tenure/model/builder.hpp"
#include "tenure/model/model.hpp"

namespace tenure::test::models {

TEST_CASE("Model: keeps what was said") {
  const Model model{full_draft()};
  CHECK(model.draft() == full_draft());
  CHECK(model.name() == "Club");
  CHECK(model.currency() == "EUR");
  CHECK(model.period() == Period::month);
  CHECK(model.horizon() == Horizon{24});
  CHECK(model.states().size() == 4);
  CHECK(model.transitions().size() == 5);
  CHECK(model.arrivals().size() == 3);
  CHECK(model.referrals().size() == 1);
  CHECK(model.levers().size() == 3);
  CHECK(model.scenarios().size() == 2);
  CHECK(model.state_index("prospect") == 0);
  CHECK(model.state_index("lost") == 3);
}

TEST_CASE("Model: equal if all that was said is equal") {
  const Model model{full_draft()};
  CHECK(model == Model{full_draft()});
  const std::vector<void (*)(ModelDraft&)> changes{
      [](ModelDraft& d) { d.name = "Other"; },
      [](ModelDraft& d) { d.currency = "USD"; },
      [](ModelDraft& d) { d.period = Period::quarter; },
      [](ModelDraft& d) { d.horizon = infinite_horizon; },
      [](ModelDraft& d) { d.discount_rate = 0.09; },
      [](ModelDraft& d) { d.cash_flow_timing = CashFlowTiming::middle; },
      [](ModelDraft& d) { d.states[1].cash_flow.mean = 31; },
      [](ModelDraft& d) { d.states[1].satisfaction.reset(); },
      [](ModelDraft& d) { d.states[2].dwell = FixedDwell{4}; },
      [](ModelDraft& d) { d.states[0].stage = Stage::lost; },
      [](ModelDraft& d) { probability_of(d, 2).growth = -0.1; },
      [](ModelDraft& d) {
        probability_of(d, 2).uncertain = Distribution{DistributionKind::beta, SampleCount{9}};
      },
      [](ModelDraft& d) { d.transitions[0].cash_flow = -8; },
      [](ModelDraft& d) {
        d.arrivals[0].flow = ArriveSteadily{101, 0.05};
      },
      [](ModelDraft& d) { d.arrivals[0].until = 9; },
      [](ModelDraft& d) { d.arrivals[0].mix.reset(); },
      [](ModelDraft& d) { d.referrals[0].per_period = 0.03; },
      [](ModelDraft& d) { d.segments[0].states.clear(); },
      [](ModelDraft& d) { d.calendar[0].odds.push_back(1); },
      [](ModelDraft& d) { d.environment->start = "war"; },
      [](ModelDraft& d) { d.environment.reset(); },
      [](ModelDraft& d) { d.levers[0].carry_over = 0.1; },
      [](ModelDraft& d) { d.levers[0].effects[0].curve.shape = ResponseShape::hill; },
      [](ModelDraft& d) { d.levers[0].label = "The lounge"; },
      [](ModelDraft& d) { d.scenarios[0].note = ""; },
      [](ModelDraft& d) { d.scenarios[1].reference = true; },
  };
  for (std::size_t k = 0; k < changes.size(); ++k) {
    INFO("change " << k);
    ModelDraft draft = full_draft();
    changes[k](draft);
    CHECK_FALSE(Model{draft} == model);
  }
}

TEST_CASE("Model: names that default to others are filled in") {
  ModelDraft draft = full_draft();
  draft.levers[0].label.clear();
  draft.arrivals[1].name.clear();
  const Model model{draft};
  CHECK(model.levers()[0].label == "lounge");
  CHECK(model.arrivals()[1].name == "member");
  draft.levers[0].label = "lounge";
  draft.arrivals[1].name = "member";
  CHECK(model == Model{draft});
}

TEST_CASE("Model: copies share, and other warnings make another model of the same content") {
  ModelDraft draft = full_draft();
  draft.discount_rate = -0.01;
  const Model model{draft};
  const Model copy = model;
  CHECK(&copy.draft() == &model.draft());
  REQUIRE(model.warnings().size() == 1);
  const Model quiet = model.with_warnings({});
  CHECK(quiet.warnings().empty());
  CHECK(model.warnings().size() == 1);
  CHECK(quiet == model);
  CHECK(quiet.state_index("lost") == 3);
}

TEST_CASE("Scenarios: baseline always exists, and may be defined otherwise") {
  const Model model{full_draft()};
  const std::vector<Scenario> scenarios = all_scenarios(model);
  REQUIRE(scenarios.size() == 3);
  CHECK(scenarios[0] == Scenario{.name = "baseline"});
  CHECK(scenarios[1].name == "farm");
  ModelDraft draft = full_draft();
  draft.scenarios.push_back({"baseline", "", SpendLevels{{"lounge", 3}}});
  REQUIRE(all_scenarios(Model{draft}).size() == 3);
  CHECK(scenario_named(Model{draft}, "baseline").plan == Scenario{"", "", SpendLevels{{"lounge", 3}}}.plan);
}

TEST_CASE("Scenarios: one that spends nothing is the baseline, which then is not listed beside it") {
  const auto names_with = [](const Scenario& scenario) {
    ModelDraft draft = full_draft();
    draft.scenarios.push_back(scenario);
    const Model model{draft};
    CHECK(scenario_named(model, scenario.name) == scenario);
    return names_of(all_scenarios(model)).front() + ", " + scenario_named(model, "baseline").name;
  };
  CHECK(names_with({"today", "", SpendLevels{}}) == "farm, today");
  CHECK(names_with({"today", "", SpendLevels{{"lounge", 0}}}) == "farm, today");
  CHECK(names_with({"today", "", BudgetSplit{0, {{"lounge", 1}}}}) == "farm, today");
  CHECK(names_with({"today", "", SpendLevels{{"lounge", 1e-9}}}) == "baseline, baseline");
  CHECK(names_with({"today", "", BudgetSplit{1e-9, {{"lounge", 1}}}}) == "baseline, baseline");
  ModelDraft draft = full_draft();
  draft.scenarios.push_back({"today", "", SpendLevels{}});
  draft.scenarios.push_back({"baseline", "", SpendLevels{{"lounge", 3}}});
  CHECK(scenario_named(Model{draft}, "baseline").name == "baseline");
  CHECK(all_scenarios(Model{draft}).size() == 4);
}

TEST_CASE("Scenarios: the reference is the one that says so, else the first, else baseline") {
  ModelDraft draft = full_draft();
  CHECK(reference_scenario(Model{draft}).name == "farm");
  draft.scenarios[1].reference = true;
  CHECK(reference_scenario(Model{draft}).name == "half");
  draft.scenarios.clear();
  CHECK(reference_scenario(Model{draft}).name == "baseline");
}

TEST_CASE("Scenarios: an unknown one is answered with the nearest") {
  const Model model{full_draft()};
  CHECK(scenario_named(model, "half").name == "half");
  CHECK(scenario_named(model, "baseline").name == "baseline");
  const auto problems = problems_of<ModelError>([&] { return scenario_named(model, "fram"); });
  CHECK(says(problems, "unknown-scenario", "there is no scenario \"fram\"; did you mean \"farm\"?"));
}

TEST_CASE("Builder: says the same as a draft, word by word") {
  ModelBuilder builder{"Club", Period::month, years(2), annual_rate(0.08)};
  builder.currency("EUR")
      .state("prospect", Stage::acquisition)
      .state("member", Stage::servicing, {.cash_flow = 30, .satisfaction = 0.4})
      .state("car", Stage::repurchase, {.dwell = FixedDwell{3}})
      .state("lost", Stage::lost)
      .transition("prospect", "member", 0.1, {.cash_flow = -7})
      .transition("prospect", "lost", 0.3)
      .transition("member", "lost", 0.05)
      .transition("member", "car", 0.02, {.cash_flow = 300})
      .transition("car", "member", rest)
      .arrivals("prospect", per_period(100, 0.05), {.name = "web", .mix = {{{"loyal", 0.25}, {"others", 0.75}}}})
      .arrivals("member", once(10), {.name = "fair"})
      .arrivals("prospect", by_schedule({5, 6, 7}), {.name = "web"})
      .referral("member", "prospect", 0.02)
      .calendar("member", "lost", {1, 2})
      .environment(full_market())
      .scenario("farm", {{"lounge", 25}}, "More of what works")
      .budget("half", 4000, {{"lounge", 0.5}, {"posters", 0.5}});
  for (const Segment& segment : full_segments()) builder.segment(segment);
  builder.lever({.name = "lounge",
                 .while_in = {"member"},
                 .effects = {moves_transition("member", "lost").towards(0.01).half_spend(25),
                             moves_cash_flow("member").towards(60).half_spend(40),
                             moves_referral("member", "prospect").towards(0.1).half_spend(10)}});
  builder.lever({.name = "posters",
                 .kind = LeverKind::acquisition,
                 .spend_per = SpendPer::period,
                 .effects = {moves_arrivals("web").towards(2.5).half_spend(40000)}});
  builder.lever({.name = "loaner",
                 .while_in = {"car"},
                 .segments = {"loyal"},
                 .effects = {moves_dwell("car").towards(1.3).half_spend(20)}});
  builder.action({.name = "court",
                  .label = "A call and a gift",
                  .in = {"member", "prospect"},
                  .cost = 5,
                  .effects = {puts_probability("member", "lost", 0.01), PutsTransition{"member", "car", {}, 350},
                              puts_transition("prospect", "member", 0.2, 10), puts_referral("member", "prospect", 0.04),
                              puts_cash_flow("member", 33)}});
  builder.action({.name = "hurry",
                  .in = {"car"},
                  .cost = scheduled({3, 2}),
                  .segments = {"others"},
                  .effects = {puts_dwell("car", 2)}});
  CHECK(builder.build() == Model{full_draft()});
}

TEST_CASE("Builder: numbers, shapes, timing and references") {
  const auto draft_of = [](const ModelBuilder& builder) { return builder.build().draft(); };
  ModelBuilder builder{"Small", Period::quarter, infinite_horizon};
  builder.cash_flow_timing(CashFlowTiming::end)
      .state("a", Stage::servicing, {.cash_flow = growing(5, 0.02)})
      .state("b", Stage::lost)
      .transition("a", "b", scheduled({0.1, 0.2}))
      .arrivals("a", per_period(3), {.from = 2, .until = 7})
      .lever({.name = "hill", .while_in = {"a"}, .effects = {moves_cash_flow("a").towards(9).hill(2).half_spend(4)}})
      .lever({.name = "table", .while_in = {"a"}, .effects = {moves_cash_flow("a").towards(9).table({{0, 0}, {1, 1}})}})
      .scenario("one", {})
      .as_reference()
      .scenario("two", {});
  const ModelDraft draft = draft_of(builder);
  CHECK(draft.horizon == infinite_horizon);
  CHECK(draft.discount_rate == 0);
  CHECK(draft.cash_flow_timing == CashFlowTiming::end);
  CHECK(draft.states[0].cash_flow.mean == 5);
  CHECK(draft.states[0].cash_flow.growth == 0.02);
  CHECK(std::get<Number>(draft.transitions[0].probability).schedule == std::vector<double>{0.1, 0.2});
  CHECK(draft.arrivals[0].name == "a");
  CHECK(draft.arrivals[0].from == 2);
  CHECK(draft.arrivals[0].until == 7);
  CHECK(draft.levers[0].effects[0].curve == ResponseCurve{.shape = ResponseShape::hill, .steepness = 2});
  CHECK(draft.levers[1].effects[0].curve == ResponseCurve{.shape = ResponseShape::table, .points = {{0, 0}, {1, 1}}});
  CHECK(draft.scenarios[0].reference);
  CHECK_FALSE(draft.scenarios[1].reference);
}

TEST_CASE("Builder: horizons as spans of calendar time") {
  const auto horizon_of = [](Period period, Span span) {
    return ModelBuilder{"Small", period, span}.state("a", Stage::servicing).build().horizon();
  };
  CHECK(horizon_of(Period::month, years(20)) == Horizon{240});
  CHECK(horizon_of(Period::year, quarters(6)) == Horizon{2});
  CHECK(horizon_of(Period::week, days(14)) == Horizon{2});
  CHECK(horizon_of(Period::day, weeks(3)) == Horizon{21});
  CHECK(horizon_of(Period::quarter, months(30)) == Horizon{10});
}

TEST_CASE("Builder: build() throws every problem at once, and leaves the builder usable") {
  ModelBuilder builder{"Broken", Period::month, Horizon{-5}, annual_rate(-2)};
  builder.state("a", Stage::servicing, {.satisfaction = 3}).transition("a", "nowhere", 0.5);
  const auto problems = problems_of<ModelError>([&] { return builder.build(); });
  CHECK(codes_of(problems) == std::vector<std::string>{"discount-rate", "horizon", "satisfaction", "unknown-state"});
  builder.state("nowhere", Stage::lost);
  CHECK(problems_of<ModelError>([&] { return builder.build(); }).size() == 3);
}

TEST_CASE("Builder: words say of a number that it is not one number, and what is usual is filled in") {
  const auto law = [](DistributionKind kind, Spread spread) { return Distribution{kind, spread}; };
  const Spread third = StandardDeviation{0.03};
  const ModelDraft draft =
      ModelBuilder{"Words", Period::month, years(2)}
          .state("a", Stage::servicing, {.cash_flow = varies(differs(uncertain(20, sd(2)), sd(3)), sd(4))})
          .state("b", Stage::servicing, {.cash_flow = varies(between(5, 9))})
          .state("c", Stage::lost)
          .transition("a", "b", differs(uncertain(0.2, count(400)), sd(0.03)))
          .transition("b", "c", uncertain(beta(2, 18)), {.cash_flow = varies(-8, sd(2, DistributionKind::normal))})
          .referral("a", "a", uncertain(0.1, sd(0.03)))
          .segment({.name = "all",
                    .share = 1,
                    .transitions = {{"a", "b", differs(0.1, sd(0.03)), differs(4, sd(1))}},
                    .states = {{"a", varies(9, sd(1))}}})
          .lever(
              {.name = "gifts",
               .while_in = {"a"},
               .effects = {moves_transition("a", "b").towards(uncertain(0.1, sd(0.03))).half_spend(uncertain(5, sd(1))),
                           moves_cash_flow("a").towards(uncertain(30, sd(1)))}})
          .action({.name = "call",
                   .in = {"a"},
                   .cost = uncertain(3, sd(1)),
                   .effects = {puts_referral("a", "a", uncertain(0.2, sd(0.03)))}})
          .build()
          .draft();
  const Number& a = draft.states[0].cash_flow;
  CHECK(a.mean == 20);
  CHECK(a.uncertain == law(DistributionKind::normal, StandardDeviation{2}));
  CHECK(a.differs == law(DistributionKind::normal, StandardDeviation{3}));
  CHECK(a.varies == law(DistributionKind::gamma, StandardDeviation{4}));
  CHECK(draft.states[1].cash_flow.mean == 7);
  CHECK(draft.states[1].cash_flow.varies == law(DistributionKind::uniform, Range{5, 9}));
  const Number& leaves = std::get<Number>(draft.transitions[0].probability);
  CHECK(leaves.uncertain == law(DistributionKind::beta, SampleCount{400}));
  CHECK(leaves.differs == law(DistributionKind::beta, third));
  CHECK(std::get<Number>(draft.transitions[1].probability).mean == 0.1);
  CHECK(std::get<Number>(draft.transitions[1].probability).uncertain ==
        law(DistributionKind::beta, BetaParameters{2, 18}));
  CHECK(draft.transitions[1].cash_flow.varies == law(DistributionKind::normal, StandardDeviation{2}));
  CHECK(draft.referrals[0].per_period.uncertain == law(DistributionKind::gamma, third));
  const Segment& all = draft.segments[0];
  CHECK(std::get<Number>(*all.transitions[0].probability).differs == law(DistributionKind::beta, third));
  CHECK(all.transitions[0].cash_flow->differs == law(DistributionKind::normal, StandardDeviation{1}));
  CHECK(all.states[0].cash_flow->varies == law(DistributionKind::gamma, StandardDeviation{1}));
  const std::vector<LeverEffect>& effects = draft.levers[0].effects;
  CHECK(effects[0].limit.uncertain == law(DistributionKind::beta, third));
  CHECK(effects[0].half_spend.uncertain == law(DistributionKind::gamma, StandardDeviation{1}));
  CHECK(effects[1].limit.uncertain == law(DistributionKind::normal, StandardDeviation{1}));
  CHECK(draft.actions[0].cost.uncertain == law(DistributionKind::normal, StandardDeviation{1}));
  CHECK(std::get<PutsReferral>(draft.actions[0].effects[0]).per_period.uncertain ==
        law(DistributionKind::gamma, third));
}

TEST_CASE("Builder: words around numbers that change with time, and a draft that is checked as it was said") {
  const Number price = varies(growing(60, 0.02), sd(6));
  CHECK(price.mean == 60);
  CHECK(price.growth == 0.02);
  const Number leaving = uncertain(scheduled({0.3, 0.2}, 0.25), count(100));
  CHECK(leaving.mean == 0.25);
  CHECK(leaving.schedule == std::vector<double>{0.3, 0.2});
  ModelDraft draft = full_draft();
  draft.transitions[2].probability = uncertain(0.05, sd(0.4));
  CHECK(says(check(draft).errors, "distribution", "no beta distribution has this mean and sd"));
}

TEST_CASE("Builder: a calendar has a first period and one that it ends before") {
  const ModelDraft draft = ModelBuilder{"Sale", Period::month, years(2)}
                               .state("a", Stage::servicing)
                               .state("b", Stage::lost)
                               .transition("a", "b", 0.1)
                               .calendar("a", "b", {2, 3}, {.from = 4, .until = 9})
                               .calendar("a", "b", {1, 2})
                               .build()
                               .draft();
  CHECK(draft.calendar[0] == CalendarEntry{"a", "b", {2, 3}, 4, 9});
  CHECK(draft.calendar[1] == CalendarEntry{"a", "b", {1, 2}, {}, {}});
}

}  // namespace tenure::test::models
