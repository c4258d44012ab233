// Every check: each mistake is answered with its code, its place and its words, and all mistakes in one go.

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <boost/math/distributions/beta.hpp>

#include "catch.hpp"
#include "refused_drafts.hpp"
#include "support/problems.hpp"
#include "tenure/model/builder.hpp"
#include "tenure/model/detail/check/head.hpp"
#include "tenure/model/model.hpp"

namespace tenure::test::checks {

TEST_CASE("Check: a draft with every part and no mistake passes without a word") {
  const Findings found = check(full_draft());
  CHECK(describe(found.errors).empty());
  CHECK(describe(found.warnings).empty());
}

TEST_CASE("Check: each mistake has its code, place and words") {
  for (const RefusedDraft& refused : refused_drafts()) {
    ModelDraft draft = full_draft();
    refused.change(draft);
    const Findings found = check(draft);
    INFO("expected [" << refused.code << "] " << refused.words);
    INFO("found    " << describe(found.errors));
    CHECK(says(found.errors, refused.code, refused.words));
    if (refused.alone) CHECK(found.errors.size() == 1);
    CHECK_THROWS_AS(Model{draft}, ModelError);
  }
}

TEST_CASE("Check: each suspicion is a warning, and no error") {
  for (const RefusedDraft& suspicious : suspicious_drafts()) {
    ModelDraft draft = full_draft();
    suspicious.change(draft);
    const Findings found = check(draft);
    INFO("expected [" << suspicious.code << "] " << suspicious.words);
    INFO("found    " << describe(found.warnings));
    CHECK(found.errors.empty());
    CHECK(says(found.warnings, suspicious.code, suspicious.words));
    CHECK(found.warnings.size() == 1);
    CHECK(Model{draft}.warnings().size() == 1);
  }
}

TEST_CASE("Check: mistakes are reported in one go, in the order of the file's parts") {
  ModelDraft draft = full_draft();
  draft.discount_rate = -3;
  draft.states[1].satisfaction = 2;
  probability_of(draft, 2) = -0.5;
  draft.arrivals[1].flow = ArriveOnce{-1};
  draft.levers[0].carry_over = 7;
  draft.scenarios[1].plan = BudgetSplit{-1, {{"lounge", 1}}};
  const auto problems = problems_of<ModelError>([&] { return Model{draft}; });
  CHECK(codes_of(problems) ==
        std::vector<std::string>{"discount-rate", "satisfaction", "probability", "arrivals", "carry-over", "budget"});
}

/// Every text of the form error("code" or warn("code" in the headers of the model.
std::set<std::string> codes_in_headers(const std::string& kind) {
  const std::regex pattern{kind + R"re(\(\s*"([a-z -]+)")re"};
  std::set<std::string> codes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{TENURE_SOURCE_DIR "/include/tenure/model"}) {
    if (entry.path().extension() != ".hpp") continue;
    std::ifstream file{entry.path()};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    for (std::sregex_iterator match{text.begin(), text.end(), pattern}; match != std::sregex_iterator{}; ++match) {
      codes.insert((*match)[1]);
    }
  }
  return codes;
}

std::set<std::string> codes_tested(const std::vector<RefusedDraft>& drafts) {
  std::set<std::string> codes;
  for (const RefusedDraft& draft : drafts) codes.insert(draft.code);
  return codes;
}

TEST_CASE("Check: no code in the headers is without a test") {
  std::set<std::string> untested = codes_in_headers("error");
  REQUIRE(untested.size() > 30);
  for (const std::string& code : codes_tested(refused_drafts())) untested.erase(code);
  untested.erase("unknown-");         // the beginning of unknown-state, unknown-lever, …
  untested.erase("too-many-states");  // below
  CHECK(untested == std::set<std::string>{});
  std::set<std::string> unwarned = codes_in_headers("warn");
  REQUIRE(unwarned.size() > 5);
  for (const std::string& code : codes_tested(suspicious_drafts())) unwarned.erase(code);
  CHECK(unwarned == std::set<std::string>{});
}

TEST_CASE("Check: more states than the limit", "[slow]") {
  ModelDraft draft = full_draft();
  draft.states.resize(limits::states + 1);
  const Findings found = tenure::detail::check_head(draft);
  CHECK(says(found.errors, "too-many-states", "state: 1000001 states; at most 1000000 are allowed"));
  draft.states.resize(limits::states);
  CHECK(tenure::detail::check_head(draft).errors.empty());
}

TEST_CASE("Check: what lies exactly on a limit is allowed") {
  const auto passes = [](auto change) {
    ModelDraft draft = full_draft();
    change(draft);
    const Findings found = check(draft);
    INFO(describe(found.errors));
    CHECK(found.errors.empty());
  };
  passes([](ModelDraft& d) { d.horizon = limits::periods; });
  passes([](ModelDraft& d) { d.name.assign(limits::name_bytes, 'x'); });
  passes([](ModelDraft& d) { d.states[1].cash_flow = limits::amount; });
  passes([](ModelDraft& d) { d.states[1].cash_flow = -limits::amount; });
  passes([](ModelDraft& d) { d.arrivals[1].flow = ArriveOnce{limits::people}; });
  passes([](ModelDraft& d) { d.states[1].satisfaction = -1; });
  passes([](ModelDraft& d) { probability_of(d, 2) = -0.0; });
  passes([](ModelDraft& d) { probability_of(d, 2) = 5e-324; });
  passes([](ModelDraft& d) { probability_of(d, 3) = 0.95 + 5e-10; });  // rescaled
  passes([](ModelDraft& d) {
    d.levers[0].effects.erase(d.levers[0].effects.begin());
    d.segments[0].transitions.clear();
    probability_of(d, 3) = 0.0;
    probability_of(d, 2) = 1 + 4 * 0x1p-52;  // what 0.1 + 0.2 + 0.7 may be
  });
  passes([](ModelDraft& d) { d.levers[0].carry_over = 0.999; });
  passes([](ModelDraft& d) { d.levers[0].effects[0].limit = 0.0; });
  passes([](ModelDraft& d) { d.levers[0].effects[0].limit = 1.0; });
  passes([](ModelDraft& d) { d.calendar[0].odds = {0, 1e12}; });
  passes([](ModelDraft& d) { d.discount_rate = 0; });
  passes([](ModelDraft& d) { d.environment->effects[1].moves = MarketMovesCashFlow{"member", -2}; });
  passes([](ModelDraft& d) { d.scenarios[1].plan = BudgetSplit{0, {{"lounge", 1}}}; });
}

TEST_CASE("Check: a row of zeros is allowed if a lever or an action can lift it") {
  ModelDraft draft = full_draft();
  probability_of(draft, 2) = probability_of(draft, 3) = 0.0;
  draft.segments.front().transitions.clear();
  CHECK(check(draft).errors.empty());
  ModelDraft with_action = draft;
  with_action.levers.front().effects.front().target = CashFlowTarget{"car"};
  CHECK(check(with_action).errors.empty());
  draft.actions.clear();
  CHECK(check(draft).errors.empty());
  draft.levers.front().effects.front().target = CashFlowTarget{"car"};
  CHECK(says(check(draft).errors, "row-zero", "all probabilities of \"member\" are 0"));
}

TEST_CASE("Check: unreachable states are looked for only where somebody arrives, and referrals count as ways") {
  ModelDraft draft = full_draft();
  draft.states.push_back({"friend", Stage::acquisition, 0, {}, {}});
  CHECK(says(check(draft).warnings, "unreachable", "\"friend\""));
  draft.referrals.push_back({"member", "friend", 0.1});
  CHECK(check(draft).warnings.empty());
  draft.referrals.pop_back();
  draft.arrivals.clear();
  draft.environment->effects.pop_back();
  draft.levers[1].effects.front().target = CashFlowTarget{"member"};
  CHECK(check(draft).warnings.empty());
}

TEST_CASE("Check: a builder's annual_rate(10) is asked about as a file's is") {
  const auto warnings = [](double rate) {
    return ModelBuilder{"Rates", Period::month, years(10), annual_rate(rate)}
        .state("here", Stage::servicing, {.cash_flow = 1})
        .build()
        .warnings();
  };
  CHECK(says(warnings(10), "discount-rate", "10 is 1000 % a year; if 10 % was meant, write 0.1"));
  CHECK(warnings(0.1).empty());
  CHECK(warnings(1).empty());
}

/// Whether draws of the row of "member" are said to be able to sum to more than 1.
bool can_exceed(const std::vector<Number>& row, const std::vector<Correlation>& correlations = {}) {
  ModelDraft draft = full_draft();
  const std::vector<std::string> to{"lost", "car", "prospect"};
  draft.transitions.resize(2);
  for (std::size_t k = 0; k < row.size(); ++k) draft.transitions.push_back({"member", to[k], row[k], 0});
  draft.transitions.push_back({"car", "member", rest, 0});
  draft.correlations = correlations;
  const Findings found = check(draft);
  REQUIRE(describe(found.errors).empty());
  return says(found.warnings, "row-draws", "\"member\"");
}

Number drawn(double mean, DistributionKind kind, Spread spread) {
  Number number{mean};
  number.uncertain = Distribution{kind, spread};
  return number;
}

TEST_CASE("Check: rows are said to exceed 1 where one in a million does, and not where none does") {
  for (const double sd : {0.05, 0.1, 0.11, 0.12, 0.15, 0.2}) {
    const double total = 0.05 * 0.95 / (sd * sd) - 1;
    const boost::math::beta_distribution<double> law{0.05 * total, 0.95 * total};
    INFO("sd " << sd << ", exceeds with probability " << cdf(complement(law, 0.98)));
    CHECK(can_exceed({drawn(0.05, DistributionKind::beta, StandardDeviation{sd}), Number{0.02}}) ==
          (cdf(complement(law, 0.98)) > 1e-6));
  }
  CHECK_FALSE(can_exceed({Number{0.05}, drawn(0.2, DistributionKind::beta, StandardDeviation{0.026})}));
  CHECK_FALSE(can_exceed({drawn(0.2, DistributionKind::beta, SampleCount{0.01}), Number{0}}));  // alone it is at most 1
  CHECK(can_exceed({drawn(0.2, DistributionKind::beta, SampleCount{0.01}), Number{0.3}}));
  Number differing = drawn(0.3, DistributionKind::uniform, Range{0.25, 0.35});
  differing.differs = Distribution{DistributionKind::uniform, StandardDeviation{0.1}};
  CHECK_FALSE(can_exceed({differing, Number{0.45}}));  // at most 0.35 + 0.1·√3 = 0.523
  CHECK(can_exceed({differing, Number{0.5}}));
}

TEST_CASE("Check: rows of independent numbers exceed 1 more rarely than those of numbers that move together") {
  const Number third = drawn(0.25, DistributionKind::beta, StandardDeviation{0.02});  // sum 0.75 ± 0.035, or ± 0.06
  CHECK_FALSE(can_exceed({third, third, third}));
  CHECK(
      can_exceed({third, third, third},
                 {{{"transition member -> lost", "transition member -> car", "transition member -> prospect"}, 0.99}}));
  const Number half = drawn(0.3, DistributionKind::uniform, Range{0.1, 0.5});
  CHECK_FALSE(can_exceed({half, half}, {{{"transition member -> lost", "transition member -> car"}, 0.9}}));
  CHECK(can_exceed({half, half, Number{0.1}}));
}

TEST_CASE("Check: rows are looked at in every period, as their schedules move what is drawn") {
  Number rising = drawn(0.2, DistributionKind::beta, StandardDeviation{0.02});
  rising.schedule = {0.2, 0.2};
  CHECK_FALSE(can_exceed({rising, Number{0.1}}));
  rising.schedule = {0.2, 0.85};
  CHECK(can_exceed({rising, Number{0.1}}));
}

}  // namespace tenure::test::checks
