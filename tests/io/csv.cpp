// CSV: the lines of RFC 4180, exact numbers, empty cells for what does not exist, and no formulas.

#include "tenure/io/csv.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/model/model.hpp"

#include <charconv>
#include <limits>
#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "results.hpp"

using namespace tenure;
using tenure::test::lines_of;
using tenure::test::shop;

namespace {

Comparison named(const std::string& name) {
  return test::said(test::timed(Period::month, 12), {{"baseline", 1, 0}, {name, 2, 1, 1.0, 0}});
}

std::string last_line(const std::string& text) { return lines_of(text).back(); }

}  // namespace

TEST_CASE("a valuation is one figure a line") {
  const Model model = shop().build();
  CHECK(to_csv(value(model, std::vector{scenario_named(model, "write")})) ==
        "scenario,measure,name,period,value\n"
        "write,customer_equity,,,247\n"
        "write,investment,,,13\n"
        "write,acquired,,,4\n"
        "write,acquisition_cost,,,0\n"
        "write,retention_rate,,,0.625\n"
        "write,lever_spend,letters,,2\n"
        "write,lever_investment,letters,,13\n"
        "write,clv,guest,,61.75\n"
        "write,clv_sd,guest,,18.39667089448523\n"
        "write,clv_with_referrals,guest,,61.75\n"
        "write,expected_periods_as_customer,guest,,1.625\n"
        "write,clv,gone,,0\n"
        "write,clv_sd,gone,,0\n"
        "write,clv_with_referrals,gone,,0\n"
        "write,expected_periods_as_customer,gone,,0\n"
        "write,arrival_people,door,,4\n"
        "write,arrival_customer_equity,door,,247\n"
        "write,arrival_value_each,door,,61.75\n"
        "write,cash_flow,,0,160\n"
        "write,cash_flow,,1,100\n"
        "write,discounted_cash_flow,,0,152\n"
        "write,discounted_cash_flow,,1,95\n"
        "write,spend,,0,8\n"
        "write,spend,,1,5\n"
        "write,people,guest,0,4\n"
        "write,people,guest,1,2.5\n"
        "write,people,gone,0,0\n"
        "write,people,gone,1,1.5\n");
}

TEST_CASE("a valuation as CSV says what the people of each segment bring") {
  ModelDraft draft = shop().build().draft();
  draft.segments = {{.name = "regulars", .share = 0.75},
                    {.name = "passers-by", .share = 0.25, .states = {{.name = "guest", .cash_flow = 0.0}}}};
  const Model model{draft};
  const std::string text = to_csv(value(model, {&model.scenarios()[1], 1}));
  for (const char* row : {"write,segment_people,regulars,,3\n", "write,segment_people,passers-by,,1\n",
                          "write,segment_value_each,regulars,,61.75\n"}) {
    INFO(row);
    CHECK(text.find(row) != std::string::npos);
  }
  CHECK(text.find("write,segment_customer_equity,passers-by,,-") != std::string::npos);  // they cost their letters
}

TEST_CASE("a valuation as CSV says how well values stand for the law of what differs") {
  ModelDraft draft = shop().build().draft();
  std::get<Number>(draft.transitions.front().probability).differs =
      Distribution{DistributionKind::uniform, StandardDeviation{0.1}};
  const Model model{draft};
  CHECK(to_csv(value(model, {&model.scenarios()[1], 1})).find("write,quadrature_error,,,") != std::string::npos);
}

TEST_CASE("a comparison is one scenario a line") {
  CHECK(to_csv(compare(shop().build())) ==
        "scenario,reference,customer_equity,investment,incremental_value,return_on_investment,payback_period,acquired,"
        "acquisition_cost,retention_rate,spend: letters\n"
        "baseline,true,240,0,,,,4,0,0.5,0\n"
        "write,false,247,13,7,0.5384615384615384,1,4,0,0.625,2\n");
}

TEST_CASE("what does not exist is an empty cell") {
  const Model model = ModelBuilder{"One", Period::year, Horizon{1}}.state("guest", Stage::servicing).build();
  const std::string text = to_csv(value(model));
  CHECK(text.find("baseline,customer_equity,,,\n") != std::string::npos);
  CHECK(text.find("baseline,retention_rate,,,\n") != std::string::npos);
  CHECK(text.find("people") == std::string::npos);
}

TEST_CASE("text that a spreadsheet would run is defused, unless raw text is asked for") {
  for (const std::string name : {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"}) {
    const std::string defused = last_line(to_csv(named(name)));
    const std::string raw = last_line(to_csv(named(name), CsvText::raw));
    const bool needs_quotes = name.front() == '\r';
    CHECK(defused.substr(0, name.size() + 2) == (needs_quotes ? "\"'" + name : "'" + name + ","));
    CHECK(raw.substr(0, name.size() + 1) == (needs_quotes ? "\"" + name : name + ","));
  }
}

TEST_CASE("quotation marks do not defuse") {
  CHECK(last_line(to_csv(named("=HYPERLINK(\"a\",\"b\")"))).starts_with("\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\","));
}

TEST_CASE("cells with commas, quotation marks and line ends are quoted") {
  CHECK(last_line(to_csv(named("a, b"))).starts_with("\"a, b\",false"));
  CHECK(last_line(to_csv(named("a \"b\""))).starts_with("\"a \"\"b\"\"\",false"));
  CHECK(to_csv(named("a\nb")).find("\n\"a\nb\",false") != std::string::npos);
  CHECK(last_line(to_csv(named("plain – ünïcode"))).starts_with("plain – ünïcode,false"));
}

TEST_CASE("negative numbers are never touched") {
  const Comparison comparison =
      test::said(test::timed(Period::month, 12), {{"baseline", 1, 0}, {"worse", -2.5, 1, -3.5, {}}});
  CHECK(last_line(to_csv(comparison)) == "worse,false,-2.5,1,-3.5,-3.5,,,,");
}

TEST_CASE("CSV numbers read back to the same double") {
  for (const double number : {0.1, 1.0 / 3, 1e-7, 5e-324, 1.7976931348623157e308, 400000.0, 123456789012345680.0}) {
    const std::string line = last_line(to_csv(test::said(test::timed(Period::month, 12), {{"a", number, 0}})));
    const std::size_t first = line.find("true,") + 5;
    double read = 0;
    std::from_chars(line.data() + first, line.data() + line.size(), read);
    CHECK(read == number);
  }
  CHECK(last_line(to_csv(test::said(test::timed(Period::month, 12), {{"a", 400000.0, 0}}))) == "a,true,400000,0,,,,,,");
}

TEST_CASE("a number that is not finite never gets into CSV") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(to_csv(test::said(test::timed(Period::month, 12), {{"a", nan, 0}})), std::logic_error);
}
