// JSON: the keys of the contract in their order, numbers that read back, null for what does not exist.

#include "tenure/io/json.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/model/model.hpp"

#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "results.hpp"
#include "tenure/version.hpp"

using namespace tenure;
using tenure::test::shop;

namespace {

using Json = nlohmann::ordered_json;

template <class Result>
Json read_back(const Result& result) {
  return Json::parse(to_json(result));
}

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& item : object.items()) keys.push_back(item.key());
  return keys;
}

Model without_arrivals() {
  return ModelBuilder{"One", Period::year, Horizon{1}}
      .state("guest", Stage::servicing, {.cash_flow = 3})
      .lever({.name = "ads",
              .kind = LeverKind::acquisition,
              .spend_per = SpendPer::period,
              .effects = {moves_cash_flow("guest").towards(9).half_spend(1)}})
      .scenario("some", {{"ads", 1.0}})
      .build();
}

}  // namespace

TEST_CASE("a valuation has the keys of the contract, in their order") {
  const Json document = read_back(value(shop().build()));
  CHECK(keys_of(document) ==
        std::vector<std::string>{"tenure", "model", "currency", "period", "horizon", "discount_factor", "scenarios"});
  const Json& scenario = document["scenarios"][1];
  CHECK(keys_of(scenario) == std::vector<std::string>{"name", "customer_equity", "investment", "acquired",
                                                      "acquisition_cost", "retention_rate", "risk", "levers", "states",
                                                      "arrivals", "trace"});
  CHECK(keys_of(scenario["states"][0]) == std::vector<std::string>{"name", "stage", "clv", "clv_sd",
                                                                   "clv_with_referrals",
                                                                   "expected_periods_as_customer"});
  CHECK(keys_of(scenario["trace"]) == std::vector<std::string>{"cash_flow", "discounted_cash_flow", "spend", "people"});
  CHECK(keys_of(scenario["trace"]["people"]) == std::vector<std::string>{"guest", "gone"});
}

TEST_CASE("a valuation says what was computed") {
  const Json document = read_back(value(shop().build()));
  CHECK(document["tenure"] == std::string{version});
  CHECK(document["model"] == "Shop");
  CHECK(document["currency"] == "EUR");
  CHECK(document["period"] == "month");
  CHECK(document["horizon"] == 2);
  CHECK(document["discount_factor"] == 1.0);
  const Json& scenario = document["scenarios"][1];
  CHECK(scenario["name"] == "write");
  CHECK(scenario["customer_equity"] == 247.0);
  CHECK(scenario["investment"] == 13.0);
  CHECK(scenario["acquired"] == 4.0);
  CHECK(scenario["acquisition_cost"] == 0.0);
  CHECK(scenario["retention_rate"] == 0.625);
  CHECK(scenario["levers"] == Json::parse(R"([{"name": "letters", "spend": 2.0, "investment": 13.0}])"));
  CHECK(scenario["arrivals"] ==
        Json::parse(R"([{"name": "door", "people": 4.0, "customer_equity": 247.0, "value_each": 61.75}])"));
  CHECK(scenario["trace"] == Json::parse(R"({"cash_flow": [160.0, 100.0], "discounted_cash_flow": [152.0, 95.0],
                                             "spend": [8.0, 5.0], "people": {"guest": [4.0, 2.5], "gone": [0.0, 1.5]}})"));
}

TEST_CASE("what was interrupted says that it is not complete, and nothing else does") {
  Valuation valuation = value(shop().build());
  Comparison comparison = compare(shop().build());
  CHECK_FALSE(read_back(valuation).contains("complete"));
  CHECK_FALSE(read_back(comparison).contains("complete"));
  valuation.complete = comparison.complete = false;
  CHECK(read_back(valuation)["complete"] == false);
  CHECK(read_back(comparison)["complete"] == false);
}

TEST_CASE("a comparison has no states and no trace, and measures against the reference") {
  const Json document = read_back(compare(shop().build()));
  CHECK(keys_of(document) == std::vector<std::string>{"tenure", "model", "currency", "period", "horizon",
                                                      "discount_factor", "reference", "scenarios"});
  CHECK(document["reference"] == "baseline");
  const Json& reference = document["scenarios"][0];
  const Json& other = document["scenarios"][1];
  CHECK(keys_of(other) == std::vector<std::string>{"name", "customer_equity", "investment", "acquired",
                                                   "acquisition_cost", "retention_rate", "risk", "levers", "arrivals",
                                                   "incremental_value", "return_on_investment", "payback_period"});
  CHECK(reference["incremental_value"].is_null());
  CHECK(reference["return_on_investment"].is_null());
  CHECK(reference["payback_period"].is_null());
  CHECK(other["incremental_value"] == 7.0);
  CHECK(other["return_on_investment"].get<double>() == 7.0 / 13.0);
  CHECK(other["payback_period"] == 1);
  CHECK(other["payback_period"].is_number_integer());
}

TEST_CASE("nobody arrives: no business, but persons and spend") {
  const Json scenario = read_back(value(without_arrivals()))["scenarios"][1];
  for (const char* key : {"customer_equity", "acquired", "acquisition_cost", "retention_rate", "trace"}) {
    CHECK(scenario[key].is_null());
  }
  CHECK(scenario["investment"] == 1.0);
  CHECK(scenario["levers"][0]["investment"] == 1.0);
  CHECK(scenario["arrivals"] == Json::array());
  CHECK(scenario["states"][0]["clv"] == 6.0);
}

TEST_CASE("an infinite horizon has a word and no trace") {
  const Model model = ModelBuilder{"Ever", Period::year, infinite_horizon, annual_rate(0.25)}
                          .state("guest", Stage::servicing, {.cash_flow = 1})
                          .arrivals("guest", once(1))
                          .build();
  const Json document = read_back(value(model));
  CHECK(document["horizon"] == "infinite");
  CHECK(document["scenarios"][0]["trace"].is_null());
  CHECK(document["scenarios"][0]["customer_equity"].get<double>() == Approx(5));
}

TEST_CASE("numbers read back to the same double") {
  Valuation valuation = value(shop().build());
  for (const double number : {0.1, 1.0 / 3, 1e-300, 5e-324, 1.7976931348623157e308, 123456789.123456789, -0.0, 1e22}) {
    valuation.scenarios[0].value.business->customer_equity = number;
    CHECK(read_back(valuation)["scenarios"][0]["customer_equity"].get<double>() == number);
  }
}

TEST_CASE("a number that is not finite is a defect and never written") {
  Valuation valuation = value(shop().build());
  valuation.scenarios[0].value.business->customer_equity = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(to_json(valuation), std::logic_error);
  valuation.scenarios[0].value.business->customer_equity = 1;
  valuation.scenarios[0].value.states[0].clv_sd = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(to_json(valuation), std::logic_error);
}

TEST_CASE("names are escaped, and bytes that are no UTF-8 replaced") {
  Valuation valuation = value(shop().build());
  valuation.scenarios[0].scenario.name = "a \"quoted\" </script>\x1b";
  CHECK(read_back(valuation)["scenarios"][0]["name"] == "a \"quoted\" </script>\x1b");
  valuation.scenarios[0].scenario.name = "caf\xe9";
  CHECK(read_back(valuation)["scenarios"][0]["name"] == "caf\xef\xbf\xbd");
}

TEST_CASE("a checked model shows its rows completed") {
  const Model model = ModelBuilder{"Rows", Period::month, Horizon{3}}
                          .state("new", Stage::acquisition)
                          .state("owner", Stage::servicing, {.cash_flow = scheduled({7, 8}), .satisfaction = 0.5})
                          .state("lost", Stage::lost)
                          .transition("new", "owner", 0.25, {.cash_flow = 100})
                          .transition("new", "lost", rest)
                          .transition("owner", "lost", 0.125)
                          .build();
  const Json document = read_back(model);
  const Json states = document["states"];
  CHECK(states[0]["row"] == Json::parse(R"([
      {"to": "owner", "probability": 0.25, "cash_flow": 100.0, "origin": "listed"},
      {"to": "lost", "probability": 0.75, "cash_flow": 0.0, "origin": "rest"}])"));
  CHECK(states[0]["row_sum"] == 0.25);
  CHECK(states[1]["row"] == Json::parse(R"([
      {"to": "owner", "probability": 0.875, "cash_flow": 0.0, "origin": "staying"},
      {"to": "lost", "probability": 0.125, "cash_flow": 0.0, "origin": "listed"}])"));
  CHECK(states[1]["cash_flow"] == 7.0);
  CHECK(states[1]["satisfaction"] == 0.5);
  CHECK(states[1]["absorbing"] == false);
  CHECK(states[2]["absorbing"] == true);
  CHECK(states[2]["row_sum"] == 0.0);
  CHECK(states[2]["row"] ==
        Json::parse(R"([{"to": "lost", "probability": 1.0, "cash_flow": 0.0, "origin": "staying"}])"));
  CHECK(document["currency"] == "");
  CHECK(document["environment"].is_null());
}

TEST_CASE("rows keep transitions of probability 0 and lose what rounding left") {
  const Model model = ModelBuilder{"Rows", Period::month, Horizon{3}}
                          .state("a", Stage::servicing)
                          .state("b", Stage::lost)
                          .transition("a", "b", 0.0)
                          .transition("a", "a", 0.5)
                          .state("c", Stage::dormant)
                          .transition("c", "a", 0.8)
                          .transition("c", "b", 0.2)
                          .build();
  const Json states = read_back(model)["states"];
  CHECK(states[0]["row"] == Json::parse(R"([
      {"to": "a", "probability": 1.0, "cash_flow": 0.0, "origin": "listed"},
      {"to": "b", "probability": 0.0, "cash_flow": 0.0, "origin": "listed"}])"));
  CHECK(states[2]["row"].size() == 2);
  for (const Json& entry : states[2]["row"]) CHECK(entry["probability"].get<double>() > 0);
}

TEST_CASE("a checked model shows levers, scenarios and warnings") {
  const Model model = shop().as_reference().budget("pot", 100, {{"letters", 1.0}}).build();
  const Problem warning{"seen", "state[1]", "looks odd", "look again", {12, 3}};
  const Json document = read_back(model.with_warnings({warning, Problem{"bare", "", "nothing", "", {}}}));
  CHECK(document["levers"] == Json::parse(R"([
      {"name": "letters", "label": "letters", "kind": "retention", "spend_per": "customer", "while_in": ["guest"],
       "from": 0, "until": null, "carry_over": 0.0, "segments": [],
       "effects": [{"moves": "transition", "from": "guest", "to": "gone", "today": 0.5, "limit": 0.25,
                    "half_spend": 2.0, "shape": "exponential", "steepness": null, "points": null}]}])"));
  CHECK(document["scenarios"] == Json::parse(R"([
      {"name": "baseline", "note": "", "reference": false, "spend": {}, "budget": null, "split": null},
      {"name": "write", "note": "By hand", "reference": true, "spend": {"letters": 2.0}, "budget": null, "split": null},
      {"name": "pot", "note": "", "reference": false, "spend": null, "budget": 100.0, "split": {"letters": 1.0}}])"));
  CHECK(document["warnings"] == Json::parse(R"([
      {"code": "seen", "path": "state[1]", "message": "looks odd", "hint": "look again", "line": 12, "column": 3},
      {"code": "bare", "path": "", "message": "nothing", "hint": "", "line": null, "column": null}])"));
}

TEST_CASE("what no engine answers for is checked and shown all the same") {
  const Model model =
      ModelBuilder{"Later", Period::month, infinite_horizon}
          .state("owner", Stage::servicing, {.cash_flow = growing(5, 0.1), .dwell = FixedDwell{3}})
          .state("lost", Stage::lost)
          .transition("owner", "lost", 1)
          .arrivals("owner", by_schedule({1, 2}), {.mix = {{{"few", 1.0}, {"many", 0.0}}}})
          .segment({"few", 0.25, {{"owner", "lost", {}, Number{5}}}, {{"owner", Number{2}}}})
          .segment({"many", 0.75})
          .calendar("owner", "lost", {1, 2})
          .environment({{"calm"}, "calm", {{1}}, {{"calm", MarketMovesArrivals{"owner", 2}}}})
          .lever({.name = "care", .while_in = {"owner"}, .effects = {moves_dwell("owner").towards(0.5)}})
          .build();
  const Json document = read_back(model);
  CHECK(document["states"][0]["dwell"] == Json::parse(R"({"distribution": "fixed", "periods": 3.0})"));
  CHECK(document["states"][0]["row"].size() == 1);
  CHECK(document["arrivals"][0]["mix"] == Json::parse(R"({"few": 1.0, "many": 0.0})"));
  CHECK(document["segments"][0]["transitions"][0]["probability"].is_null());
  CHECK(document["segments"][0]["states"][0]["cash_flow"] == 2.0);
  CHECK(document["calendar"][0]["odds"] == Json::parse("[1.0, 2.0]"));
  CHECK(document["environment"]["effects"][0]["factor"] == 2.0);
  CHECK(document["levers"][0]["effects"][0]["today"] == 1.0);
}
