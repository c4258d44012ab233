// The sentences above a comparison: who wins by how much, for what, at which return, and when it pays back.

#include <string>
#include <vector>

#include "catch.hpp"
#include "results.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/io/table.hpp"
#include "tenure/model/model.hpp"

using namespace tenure;
using tenure::test::lines_of;
using tenure::test::said;
using tenure::test::timed;

namespace {

/// The second paragraph of the page, on one line.
std::string verdict_of(const Comparison& comparison) {
  std::string text;
  int blank_lines = 0;
  for (const std::string& line : lines_of(table(comparison))) {
    if (line.empty() && ++blank_lines == 2) break;
    if (blank_lines == 1 && !line.empty()) text += (text.empty() ? "" : " ") + line;
  }
  return text;
}

const Model monthly = timed(Period::month, 60);

}  // namespace

TEST_CASE("a challenger wins") {
  CHECK(verdict_of(said(monthly, {{"hunt", 1000000, 50000}, {"farm", 1250000, 150000, 2.5, 38}})) ==
        "“farm” is best: it is worth 250,000 USD more than “hunt”, the reference. That takes an additional investment "
        "of 100,000 USD, which this figure has paid for already, and returns 250 %: each USD comes back and brings "
        "2.50 more. It pays back in month 38, 3 years and 2 months in.");
}

TEST_CASE("without a currency there are numbers alone") {
  CHECK(verdict_of(said(timed(Period::year, 9, ""), {{"a", 100, 0}, {"b", 150, 20, 2.5, 2}})) ==
        "“b” is best: it is worth 50 more than “a”, the reference. That takes an additional investment of 20, which "
        "this figure has paid for already, and returns 250 %: each unit of money comes back and brings 2.50 more. It "
        "pays back in year 2, 2 years in.");
}

TEST_CASE("the reference wins") {
  CHECK(verdict_of(said(monthly, {{"now", 500, 0}, {"more", 400.25, 20, -4.9, {}}})) ==
        "“now”, the reference, is best, worth 500 USD. “more” is worth 99.75 USD less.");
  CHECK(verdict_of(said(monthly, {{"now", 500, 0}, {"much more", 300, 20}, {"more", 400, 20}})) ==
        "“now”, the reference, is best, worth 500 USD. “more” comes nearest and is worth 100 USD less.");
}

TEST_CASE("ties are ties, and differences that rounding makes are none") {
  CHECK(verdict_of(said(monthly, {{"a", 500, 0}, {"b", 500 * (1 + 1e-14), 20}})) ==
        "It is a tie: “a”, the reference, and “b” are worth the same, 500 USD, and nothing is worth more.");
  CHECK(verdict_of(said(monthly, {{"a", 500, 0}, {"b", 500, 20}, {"c", 500, 5}})) ==
        "It is a tie: “a”, the reference, and “b” and “c” are worth the same, 500 USD, and nothing is worth more.");
  CHECK(verdict_of(said(monthly, {{"a", 500, 0}, {"b", 600, 20, 5.0, 1}, {"c", 600, 5, 20.0, 0}})) ==
        "It is a tie: “b” and “c” are best and are worth the same, 100 USD more than “a”, the reference. “c” needs the "
        "least investment. That takes an additional investment of 5 USD, which this figure has paid for already, and "
        "returns "
        "2,000 %: each USD comes back and brings 20.00 more. It is ahead from the first month on.");
}

TEST_CASE("a winner that invests no more") {
  CHECK(verdict_of(said(monthly, {{"a", 500, 30}, {"b", 600, 30, {}, 0}})) ==
        "“b” is best: it is worth 100 USD more than “a”, the reference. That takes no additional investment. It is "
        "ahead from the first month on.");
  CHECK(verdict_of(said(monthly, {{"a", 500, 30}, {"b", 600, 10, {}, 3}})) ==
        "“b” is best: it is worth 100 USD more than “a”, the reference. And it invests 20 USD less. It pays back in "
        "month 3, 3 months in.");
}

TEST_CASE("a winner that is never seen to pay back") {
  CHECK(verdict_of(said(monthly, {{"a", 500, 0}, {"b", 600, 0}})) ==
        "“b” is best: it is worth 100 USD more than “a”, the reference. That takes no additional investment. It does "
        "not pay back within 60 months (5 years).");
  CHECK(verdict_of(said(timed(Period::month, infinite_horizon), {{"a", 500, 0}, {"b", 600, 0}})) ==
        "“b” is best: it is worth 100 USD more than “a”, the reference. That takes no additional investment. It never "
        "pays back.");
}

TEST_CASE("one scenario alone") {
  CHECK(verdict_of(said(monthly, {{"now", 1234.5, 0}})) ==
        "There is one scenario only, “now”, and nothing to compare it with. It is worth 1,234.50 USD.");
}

TEST_CASE("where every plan loses money, no plan pays, and one loses least") {
  CHECK(verdict_of(said(monthly, {{"a", -500, 0}, {"b", -400, 0, {}, 0}})) ==
        "No plan pays: each of them loses money. “b” loses least: it is worth -400 USD, 100 USD more than “a”, the "
        "reference. That takes no additional investment. It is ahead from the first month on.");
  CHECK(verdict_of(said(monthly, {{"a", -500, 0}, {"b", -600, 0}})) ==
        "No plan pays: each of them loses money. “a”, the reference, loses least and is worth -500 USD. “b” is worth "
        "100 USD less.");
  CHECK(
      verdict_of(said(monthly, {{"a", -500, 0}, {"b", -500, 0}})) ==
      "No plan pays: each of them loses money. It is a tie: “a”, the reference, and “b” are worth the same, -500 USD, "
      "and nothing is worth more.");
  CHECK(verdict_of(said(monthly, {{"a", -500, 0}, {"b", -400, 0, {}, 0}, {"c", -400, 20, 5.0, 1}}))
            .find("It is a tie: “b” and “c” lose least and are worth the same") != std::string::npos);
  CHECK(verdict_of(said(monthly, {{"now", -1, 0}})) ==
        "There is one scenario only, “now”, and nothing to compare it with. It is worth -1 USD: it loses money.");
}

TEST_CASE("payback in calendar time") {
  const auto payback = [](Period period, std::int64_t t) {
    const std::string text = verdict_of(said(timed(period, 5000), {{"a", 1, 0}, {"b", 2, 0, {}, t}}));
    return text.substr(text.rfind(" It ") + 4);
  };
  CHECK(payback(Period::year, 1) == "pays back in year 1, 1 year in.");
  CHECK(payback(Period::quarter, 1) == "pays back in quarter 1, 3 months in.");
  CHECK(payback(Period::quarter, 13) == "pays back in quarter 13, 3 years and 3 months in.");
  CHECK(payback(Period::month, 12) == "pays back in month 12, 1 year in.");
  CHECK(payback(Period::month, 13) == "pays back in month 13, 1 year and 1 month in.");
  CHECK(payback(Period::week, 6) == "pays back in week 6, 6 weeks in.");
  CHECK(payback(Period::week, 52) == "pays back in week 52, about 1 year in.");
  CHECK(payback(Period::day, 45) == "pays back in day 45, 45 days in.");
  CHECK(payback(Period::day, 1000) == "pays back in day 1000, about 2 years and 9 months in.");
}
