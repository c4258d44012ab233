// Sensitivities, wavelines and break-even against models small enough to work out by hand.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "support/problems.hpp"
#include "tenure/decide/sensitivity.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::sensitivities {

/// Gupta and Lehmann's customer: margin 100, retention 0.9, 10 % a year, and a hundred of them; a lever that earns and
/// one that costs.
ModelDraft loyal() {
  ModelDraft draft;
  draft.name = "Loyal";
  draft.period = Period::year;
  draft.discount_rate = 0.1;
  draft.states = {{"customer", Stage::servicing, 100, 0.5, {}}, {"gone", Stage::lost, 0, {}, {}}};
  draft.transitions = {{"customer", "gone", Number{0.1}, 0}};
  draft.arrivals = {{"web", "customer", ArriveOnce{100}, 0, {}, {}}};
  Lever gift{.name = "gift", .kind = LeverKind::development, .while_in = {"customer"}};
  gift.effects = {{CashFlowTarget{"customer"}, Number{120}, Number{5}, {}}};
  draft.levers = {gift};
  draft.scenarios = {{"nothing", "", SpendLevels{}}, {"gifts", "", SpendLevels{{"gift", 5}}}};
  return draft;
}

NumberSensitivity by(const Sensitivity& sensitivity, const std::string& name) {
  const auto found = std::find_if(sensitivity.numbers.begin(), sensitivity.numbers.end(),
                                  [&](const NumberSensitivity& number) { return number.number.name == name; });
  REQUIRE(found != sensitivity.numbers.end());
  return *found;
}

TEST_CASE("Sensitivity: derivative, elasticity and both ends of the range of a simple customer") {
  const Sensitivity seen = sensitivity(Model{loyal()});
  CHECK(seen.scenario == "nothing");
  CHECK_THAT(seen.value, close_to(100 * 100 * 1.1 / 0.2));  // m (1+i) / (1+i-r)
  const NumberSensitivity churn = by(seen, "transition customer -> gone");
  CHECK_THAT(churn.derivative.value(), close_to(-100 * 110 / 0.04, 1e-10));
  CHECK_THAT(churn.elasticity.value(), close_to(-0.5, 1e-10));
  CHECK_THAT(churn.at_low.value(), close_to(100 * 110 / 0.19));
  CHECK_THAT(churn.at_high.value(), close_to(100 * 110 / 0.21));
  CHECK_FALSE(churn.flips.has_value());
  const NumberSensitivity margin = by(seen, "state customer, cash_flow");
  CHECK_THAT(margin.elasticity.value(), close_to(1.0));
  CHECK_THAT(by(seen, "arrivals web").derivative.value(), close_to(550));
  CHECK(by(seen, "transition customer -> gone, cash_flow").swing() == 0);
  CHECK_THAT(by(seen, "transition customer -> gone, cash_flow").derivative.value(), close_to(100 * 0.1 / 0.2));
  CHECK(by(seen, "state gone, cash_flow").derivative.value() > 0);
  for (std::size_t k = 1; k < seen.numbers.size(); ++k) CHECK(seen.numbers[k - 1].swing() >= seen.numbers[k].swing());
}

TEST_CASE("Sensitivity: ranges are quantiles of what is uncertain, and stay within what a row allows") {
  ModelDraft draft = loyal();
  std::get<Number>(draft.transitions[0].probability).uncertain =
      Distribution{DistributionKind::uniform, Range{0.05, 0.15}};
  draft.states[0].cash_flow.uncertain = Distribution{DistributionKind::normal, StandardDeviation{10}};
  draft.transitions.push_back({"customer", "customer", Number{0.89}, 0});
  const Sensitivity seen = sensitivity(Model{draft});
  const NumberSensitivity churn = by(seen, "transition customer -> gone");
  CHECK(churn.range.is_known);
  CHECK_THAT(churn.range.low, close_to(0.055));
  CHECK_THAT(churn.range.high, close_to(0.11));  // no more is left over
  const NumberSensitivity margin = by(seen, "state customer, cash_flow");
  CHECK_THAT(margin.range.low, close_to(100 - 16.448536269514722));
  CHECK_THAT(margin.range.high, close_to(100 + 16.448536269514722));
}

TEST_CASE("Sensitivity: ranges by gamma, lognormal and beta laws hold 5 % and 95 %") {
  const auto range = [](DistributionKind kind, double mean, double sd) {
    ModelDraft draft = loyal();
    Number& number =
        kind == DistributionKind::beta ? std::get<Number>(draft.transitions[0].probability) : draft.states[0].cash_flow;
    number = mean;
    number.uncertain = Distribution{kind, StandardDeviation{sd}};
    const bool is_beta = kind == DistributionKind::beta;
    return by(sensitivity(Model{draft}), is_beta ? "transition customer -> gone" : "state customer, cash_flow").range;
  };
  const auto near_to = [](double value) { return close_to(value, 3e-8); };                 // as quantile.hpp promises
  CHECK_THAT(range(DistributionKind::gamma, 10, 10).high, near_to(-10 * std::log(0.05)));  // exponential
  CHECK_THAT(range(DistributionKind::gamma, 10, 10).low, near_to(-10 * std::log(0.95)));
  CHECK_THAT(range(DistributionKind::gamma, -10, 10).low, near_to(10 * std::log(0.05)));
  CHECK_THAT(range(DistributionKind::beta, 0.5, std::sqrt(1.0 / 12)).low, near_to(0.05));  // uniform
  CHECK_THAT(range(DistributionKind::beta, 0.5, std::sqrt(1.0 / 12)).high, near_to(0.95));
  const double spread = std::sqrt(std::exp(1.0) - 1);  // of e^N(-1/2, 1)
  CHECK_THAT(range(DistributionKind::lognormal, 1, spread).high, close_to(std::exp(1.6448536269514722 - 0.5), 1e-10));
  CHECK_THAT(range(DistributionKind::lognormal, -1, spread).low, close_to(-std::exp(1.6448536269514722 - 0.5), 1e-10));
}

TEST_CASE("Sensitivity: a law that is nearly all at 0 and at 1 has a range, and so has one of a gigantic spread") {
  for (const double count : {1e-4, 1e-3, 0.1}) {
    ModelDraft draft = loyal();
    std::get<Number>(draft.transitions[0].probability).uncertain =
        Distribution{DistributionKind::beta, SampleCount{count}};
    draft.states[0].cash_flow.uncertain = Distribution{DistributionKind::lognormal, StandardDeviation{1e7}};
    const Sensitivity seen = sensitivity(Model{draft});
    const NumberSensitivity churn = by(seen, "transition customer -> gone");
    INFO("count " << count);
    CHECK((churn.range.low >= 0 && churn.range.low < 1e-6));
    CHECK((churn.range.high > 0.4 && churn.range.high <= 1));  // a tenth of the law is beyond
    const NumberSensitivity margin = by(seen, "state customer, cash_flow");
    CHECK((margin.range.low >= 0 && margin.range.low < 1));
    CHECK(std::isfinite(margin.range.high));
  }
}

TEST_CASE("Sensitivity: in a full row the other outcomes give way, and a certain move can only become less") {
  ModelDraft draft = loyal();
  draft.transitions.push_back({"customer", "customer", Number{0.9}, 0});
  const Sensitivity seen = sensitivity(Model{draft});
  const NumberSensitivity sojourns = by(seen, "transition customer -> customer");
  CHECK_THAT(sojourns.derivative.value(), close_to(100 * 110 / 0.04, 1e-10));
  CHECK_THAT(sojourns.elasticity.value(), close_to(4.5, 1e-10));
  CHECK_THAT(sojourns.range.high, close_to(0.99));
  CHECK_THAT(sojourns.at_high.value(), close_to(100 * 110 / 0.11, 1e-10));
  ModelDraft certain = loyal();
  certain.transitions[0].probability = Number{1};
  const NumberSensitivity goes = by(sensitivity(Model{certain}), "transition customer -> gone");
  CHECK_THAT(goes.derivative.value(), close_to(-100 * 100 / 1.1));
  CHECK(goes.range.high == 1);
  CHECK_THAT(goes.at_low.value(), close_to(100 * 110 / 1.0));  // leaving 0.9, staying 0.1
}

TEST_CASE("Sensitivity: of a lead, and where the winner flips") {
  ModelDraft draft = loyal();
  const Sensitivity seen = sensitivity(Model{draft}, {.scenario = "gifts", .versus = "nothing"});
  CHECK_THAT(seen.of(), close_to(100 * (10 - 5) * 1.1 / 0.2, 1e-9));  // half way from 100 to 120, for 5 each
  const NumberSensitivity limit = by(seen, "lever gift, state customer, limit");
  CHECK_THAT(limit.derivative.value(), close_to(0.5 * 550, 1e-9));
  CHECK(limit.flips.value());  // at 108 a gift brings 4 and costs 5
  CHECK_FALSE(by(seen, "transition customer -> gone").flips.value());
  CHECK_THAT(by(seen, "spend on gift").derivative.value(), close_to(550 * (10 * std::log(2.0) / 5 - 1), 1e-9));
  const Sensitivity back = sensitivity(Model{draft}, {.scenario = "nothing", .versus = "gifts"});
  CHECK_THAT(back.of(), close_to(-seen.of()));
}

TEST_CASE("Sensitivity: identical scenarios have no lead, no elasticity, no flip, and tie always") {
  ModelDraft draft = loyal();
  draft.scenarios.push_back({"gifts again", "", SpendLevels{{"gift", 5}}});
  const Sensitivity seen = sensitivity(
      Model{draft}, {.scenario = "gifts", .versus = "gifts again", .break_even = {"transition customer -> gone"}});
  CHECK(seen.of() == 0);
  for (const NumberSensitivity& number : seen.numbers) {
    if (number.number.name == "spend on gift") continue;  // of one of them alone
    CHECK(number.derivative.value() == 0);
    CHECK_FALSE(number.elasticity.has_value());
    CHECK_FALSE(number.flips.value());
    CHECK(number.swing() == 0);
  }
  CHECK(by(seen, "transition customer -> gone").break_even->outcome == BreakEvenOutcome::always);
}

TEST_CASE("Break-even: the value at which two scenarios tie, or never") {
  const Model model{loyal()};
  const Sensitivity seen =
      sensitivity(model, {.scenario = "gifts",
                          .versus = "nothing",
                          .break_even = {"lever gift, state customer, limit", "state customer, cash_flow",
                                         "transition customer -> gone", "spend on gift"}});
  const BreakEven limit = by(seen, "lever gift, state customer, limit").break_even.value();
  CHECK(limit.outcome == BreakEvenOutcome::at);
  CHECK_THAT(limit.value.value(), close_to(110, 1e-9));
  CHECK(limit.low <= *limit.value);
  CHECK(*limit.value <= limit.high);
  CHECK_THAT(by(seen, "state customer, cash_flow").break_even->value.value(), close_to(110, 1e-9));
  const BreakEven churn = by(seen, "transition customer -> gone").break_even.value();
  CHECK(churn.outcome == BreakEvenOutcome::never);
  CHECK(churn.low < 0.01);
  CHECK(churn.high > 0.99);
  const double spend = by(seen, "spend on gift").break_even->value.value();
  CHECK_THAT(20 * (1 - std::exp2(-spend / 5)), close_to(spend, 1e-9));
  CHECK(spend > 5);
}

TEST_CASE("Sensitivity: what cannot be asked is refused in words") {
  const Model model{loyal()};
  const auto refused = [&](const SensitivityOptions& options) {
    return problems_of<ModelError>([&] { return sensitivity(model, options); });
  };
  CHECK(says(refused({.break_even = {"state customer, cash_flow"}}), "break-even", "--versus"));
  CHECK(says(refused({.from = "custmer"}), "unknown-state", "customer"));
  CHECK(says(refused({.scenario = "gift"}), "unknown-scenario", "gifts"));
  CHECK(says(refused({.scenario = "gifts", .versus = "nothing", .break_even = {"state customer, cash_flw"}}),
             "unknown-number", "state customer, cash_flow"));
}

TEST_CASE("Sensitivity: without arrivals it is of one person who enters the first state") {
  ModelDraft draft = loyal();
  draft.arrivals.clear();
  const Sensitivity seen = sensitivity(Model{draft});
  CHECK(seen.from == "customer");
  CHECK_THAT(seen.value, close_to(550));
}

TEST_CASE("Sensitivity: hazards of a dwell, and their multiple") {
  ModelDraft draft = loyal();
  draft.states[0].dwell = TableDwell{{0.1}};
  draft.transitions[0].probability = Number{1};
  const NumberSensitivity hazard = by(sensitivity(Model{draft}), "dwell customer, hazard multiple");
  // H = 1 - 0.9^m, and dH/dm = -0.9 ln 0.9
  CHECK_THAT(hazard.derivative.value(), close_to(100 * 110 / 0.04 * 0.9 * std::log(0.9), 1e-10));
  CHECK_THAT(hazard.at_high.value(), close_to(100 * 110 / (1.1 - std::pow(0.9, 1.1)), 1e-10));
}

TEST_CASE("Waveline: people, what they bring, where they leave, and what a point is worth") {
  ModelDraft draft = loyal();
  draft.horizon = 3;
  draft.transitions[0].cash_flow = Number{-11};
  const Waveline line = sensitivity(Model{draft}).waveline;
  REQUIRE(line.touchpoints.size() == 2);
  const Touchpoint& customer = line.touchpoints[0];
  const double d = 1 / 1.1;
  const double people = 100 * (1 + 0.9 * d + 0.81 * d * d);
  CHECK_THAT(customer.people.value(), close_to(people));
  CHECK_THAT(customer.leaving.value(), close_to(people * 0.1 * d));
  CHECK_THAT(customer.value_rate.value(), close_to(100 - 11 * 0.1 * d));
  CHECK(customer.satisfaction == 0.5);
  CHECK(customer.best_move == std::size_t{0});
  // W_3 = 0, W_2 = r, W_1 = r + 0.9 d r with r = 100 - 1.1 d; a point stays instead of going, which costs 11
  const double r = 100 - 1.1 * d;
  const double point = 100 * d * ((11 + r + 0.9 * d * r) + 0.9 * d * (11 + r) + 0.81 * d * d * 11) / 100;
  CHECK_THAT(customer.worth_of_a_point.value(), close_to(point));
  CHECK_FALSE(line.touchpoints[1].worth_of_a_point.has_value());
  REQUIRE(line.over_time.size() == 3);
  CHECK_THAT(line.over_time[1].people, close_to(90));
  CHECK(line.over_time[1].satisfaction == 0.5);
  CHECK(line.over_time[1].satisfaction_sd == 0.0);
  CHECK_THAT(line.over_time[1].cash_flow, close_to(90 * (100 - 1.1)));
}

TEST_CASE("Waveline: satisfaction over people who feel differently") {
  ModelDraft draft = loyal();
  draft.horizon = 2;
  draft.states[1].satisfaction = -1;
  const Waveline line = sensitivity(Model{draft}).waveline;
  CHECK_THAT(line.over_time[1].satisfaction.value(), close_to(0.9 * 0.5 - 0.1));
  CHECK_THAT(line.over_time[1].satisfaction_sd.value(), close_to(1.5 * std::sqrt(0.09)));
}

}  // namespace tenure::test::sensitivities
