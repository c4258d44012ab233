// Uncertain numbers: against closed forms of the value of information, an independent evaluation of single draws, and
// cases at the borders.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "support/problems.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/decide/detail/uncertainty/draws.hpp"
#include "tenure/decide/detail/uncertainty/evaluation.hpp"
#include "tenure/decide/uncertainty.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::uncertain {

using namespace tenure::detail;

Number unknown(double mean, Distribution law) {
  Number number{mean};
  number.uncertain = law;
  return number;
}
Number normal(double mean, double sd) { return unknown(mean, {DistributionKind::normal, StandardDeviation{sd}}); }
Number counted(double mean, double count) { return unknown(mean, {DistributionKind::beta, SampleCount{count}}); }

/// One person is worth p1 - p2 under "go", and does not come under "stop".
ModelBuilder choice(const Number& p1, const Number& minus_p2) {
  Lever door{.name = "door",
             .kind = LeverKind::acquisition,
             .spend_per = SpendPer::period,
             .effects = {moves_arrivals("person").towards(0).table({{0, 0}, {1e-12, 1}})}};
  ModelBuilder builder{"choice", Period::year, Horizon{1}};
  builder.state("person", Stage::servicing, {.cash_flow = p1})
      .state("gone", Stage::lost)
      .transition("person", "gone", 1.0, {.cash_flow = minus_p2})
      .arrivals("person", once(1))
      .lever(door)
      .scenario("go", SpendLevels{})
      .scenario("stop", {{"door", 1e-12}});
  return builder;
}

/// E max(0, D) - max(0, E D) for normal D.
double unit_loss(double mean, double sd) {
  const boost::math::normal_distribution<double> z;
  return mean * cdf(z, mean / sd) + sd * pdf(z, mean / sd) - std::max(0.0, mean);
}

UncertaintyOptions draws(std::uint64_t count) { return {.draws = count, .threads = 1}; }

void check_estimate(const Estimate& found, double expected, double largest_error) {
  INFO(found.mean << " for " << expected << ", standard error " << found.standard_error.value());
  CHECK(std::abs(found.mean - expected) <= 4 * *found.standard_error + 1e-9);
  CHECK(*found.standard_error <= largest_error);
}

std::vector<Scenario> both(const Model& model) { return {model.scenarios()[0], model.scenarios()[1]}; }

TEST_CASE("Uncertainty: the value of information of two normal numbers has a closed form") {
  const Model model = choice(normal(1, 1), normal(0, 2)).build();
  const Uncertainty found = uncertainty(model, both(model), draws(16384));
  check_estimate(found.evpi, unit_loss(1, std::sqrt(5.0)), 0.01);
  REQUIRE(found.evppi.size() == 2);
  CHECK(found.evppi[0].name == "transition person -> gone, cash_flow");
  check_estimate(found.evppi[0].value.value(), unit_loss(1, 2), 0.01);
  check_estimate(found.evppi[1].value.value(), unit_loss(1, 1), 0.01);
  const boost::math::normal_distribution<double> z;
  check_estimate(found.scenarios[0].probability_best, cdf(z, 1 / std::sqrt(5.0)), 0.005);
  check_estimate(found.scenarios[1].expected_loss, unit_loss(1, std::sqrt(5.0)) + 1, 0.01);
  check_estimate(found.scenarios[0].mean, 1, 0.01);
  CHECK(std::abs(found.scenarios[0].standard_deviation - std::sqrt(5.0)) < 0.02);
  for (const auto& [share, value] : found.scenarios[0].quantiles) {
    CHECK(std::abs(value - (1 + std::sqrt(5.0) * quantile(z, share))) < 0.06);
  }
  CHECK(found.evsi.empty());
}

TEST_CASE("Uncertainty: numbers that are correlated tell of each other") {
  const Model model = choice(normal(1, 1), normal(0, 2))
                          .correlation({"state person, cash_flow", "transition person -> gone, cash_flow"}, 0.6)
                          .build();
  const Uncertainty found = uncertainty(model, both(model), draws(16384));
  check_estimate(found.evpi, unit_loss(1, std::sqrt(5 + 2 * 0.6 * 2)), 0.01);
  check_estimate(found.evppi[0].value.value(), unit_loss(1, 2 + 0.6), 0.01);
  check_estimate(found.evppi[1].value.value(), unit_loss(1, 1 + 1.2), 0.01);
}

TEST_CASE("Uncertainty: a group of all numbers is worth as much as knowing everything, part of it less") {
  const Model model = choice(normal(1, 1), normal(0, 2)).build();
  UncertaintyOptions options = draws(4096);
  options.groups = {{"both", {"state person, cash_flow", "transition person -> gone, cash_flow"}},
                    {"one", {"state person, cash_flow"}}};
  const Uncertainty found = uncertainty(model, both(model), options);
  CHECK(found.groups[0].value->mean == found.evpi.mean);
  CHECK(found.groups[1].value->mean == found.evppi[1].value->mean);
}

/// 100 p - 30 against nothing, with p ~ Beta(30, 70).
TEST_CASE("Uncertainty: a pilot is worth what counting says") {
  Lever door{.name = "door",
             .kind = LeverKind::acquisition,
             .spend_per = SpendPer::period,
             .effects = {moves_arrivals("guest").towards(0).table({{0, 0}, {1e-12, 1}})}};
  ModelBuilder builder{"pilot", Period::year, Horizon{1}};
  builder.state("guest", Stage::servicing, {.cash_flow = -29})
      .state("sold", Stage::servicing)
      .transition("guest", "sold", counted(0.3, 20), {.cash_flow = 100})
      .arrivals("guest", once(1))
      .lever(door)
      .scenario("go", SpendLevels{})
      .scenario("stop", {{"door", 1e-12}});
  const Model model = builder.build();
  UncertaintyOptions options = draws(16384);
  options.pilots = {
      {"transition guest -> sold", 1}, {"transition guest -> sold", 50}, {"transition guest -> sold", 100000}};
  const Uncertainty found = uncertainty(model, both(model), options);
  const double alpha = 6;
  const double beta = 14;
  const boost::math::beta_distribution<double> law{alpha, beta};
  for (const PilotValue& worth : found.evsi) {
    const auto n = static_cast<double>(worth.pilot.customers);
    double expected = 0;  // Σ BB(x) max(0, 100 (α + x)/(α + β + n) - 29) - 1, by the beta-binomial law
    for (double x = 0; x <= n && n < 1000; ++x) {
      const double log_choose = std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1);
      const double log_beta = [](double a, double b) { return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b); }(
                                  alpha + x, beta + n - x);
      const double likely =
          std::exp(log_choose + log_beta - std::lgamma(alpha) - std::lgamma(beta) + std::lgamma(alpha + beta));
      expected += likely * std::max(0.0, 100 * (alpha + x) / (alpha + beta + n) - 29);
    }
    if (n >= 1000) {  // all but certainty: ∫ max(0, 100 p - 29) dB(p)
      const boost::math::beta_distribution<double> next{alpha + 1, beta};
      expected = 100 * 0.3 * cdf(complement(next, 0.29)) - 29 * cdf(complement(law, 0.29));
    }
    INFO(n << " customers: " << worth.value->mean << " for " << expected - 1);
    CHECK(std::abs(worth.value->mean - (expected - 1)) < 0.02 * (0.2 + expected - 1));
  }
  CHECK(std::abs(found.evsi[2].value->mean - found.evpi.mean) <
        0.02 * found.evpi.mean + 4 * *found.evpi.standard_error);
  CHECK(found.evsi[0].value->mean < found.evsi[1].value->mean);
}

Model club(bool with_spread = true) {
  Number sojourns = with_spread ? counted(0.05, 80) : Number{0.05};
  Number grows = with_spread ? normal(31.7, 6) : Number{31.7};
  grows.growth = 0.03;
  Number planned = scheduled({0.11, 0.13, 0.12});
  if (with_spread) planned.uncertain = {DistributionKind::beta, StandardDeviation{0.02}};
  planned.mean = 0.11;
  Lever lounge{.name = "lounge",
               .while_in = {"member"},
               .carry_over = 0.4,
               .effects = {moves_transition("member", "lost")
                               .towards(with_spread ? counted(0.02, 300) : Number{0.02})
                               .half_spend(with_spread ? unknown(12, {DistributionKind::gamma, StandardDeviation{4}})
                                                       : Number{12})}};
  lounge.until = 9;
  Lever posters{.name = "posters",
                .kind = LeverKind::acquisition,
                .spend_per = SpendPer::period,
                .from = 3,
                .effects = {moves_arrivals("prospect").towards(1.9).half_spend(9'000.0)}};
  Segment careful{.name = "careful", .share = 0.3};
  careful.transitions = {{"member", "lost", with_spread ? counted(0.03, 50) : Number{0.03}, {}}};
  ModelBuilder builder{"club", Period::month, Horizon{30}, annual_rate(0.083)};
  builder.state("prospect", Stage::acquisition)
      .state("member", Stage::servicing, {.cash_flow = grows})
      .state("lost", Stage::lost)
      .transition("prospect", "member", planned, {.cash_flow = -7})
      .transition("prospect", "lost", 0.3)
      .transition("member", "lost", sojourns)
      .referral("member", "prospect",
                with_spread ? unknown(0.03, {DistributionKind::gamma, StandardDeviation{0.01}}) : Number{0.03})
      .calendar("member", "lost", {1, 1.2, 0.9})
      .arrivals("prospect", per_period(200, 0.1))
      .segment(careful)
      .segment({.name = "others", .share = 0.7})
      .environment(
          {{"calm", "war"},
           "calm",
           {{0.9, 0.1}, {0.3, 0.7}},
           {{"war", MarketMovesTransition{"member", "lost", 1.5}}, {"war", MarketMovesArrivals{"prospect", 0.8}}}})
      .lever(lounge)
      .lever(posters)
      .scenario("nothing", SpendLevels{})
      .scenario("posters", {{"posters", 4'000.0}})
      .scenario("lounge", {{"lounge", 15.0}});
  return builder.build();
}

TEST_CASE("Uncertainty: a draw is worth what the model with its numbers is worth, evaluated on its own") {
  const Model model = club();
  const UncertainDraws drawn{model, 64, 5};
  REQUIRE(drawn.numbers().size() == 7);
  const std::vector<Scenario> scenarios = all_scenarios(model);
  const tenure::detail::AcceptabilityPlan plan = tenure::detail::acceptability_plan(model, AcceptabilityAxis::horizon);
  const std::vector<tenure::detail::RepeatedScenario> repeated =
      tenure::detail::all_repeated(model, scenarios, drawn, plan);
  const tenure::detail::EvaluatedDraws done = tenure::detail::evaluated(model, drawn, repeated, plan, 1, {}, {});
  const std::size_t step = 1 + plan.changes.size();
  for (const std::size_t draw : {0U, 1U, 17U, 63U}) {
    const std::vector<double> values = drawn.values(drawn.scores(draw));
    ModelDraft draft = model.draft();
    for (std::size_t i = 0; i < values.size(); ++i) put_drawn(draft, drawn.places()[i], values[i]);
    const Valuation expected = value(Model{draft}, scenarios);
    for (std::size_t s = 0; s < scenarios.size(); ++s) {
      const double equity = expected.scenarios[s].value.business->customer_equity;
      CHECK_THAT(done.sample.values[s * step][draw], close_to(equity, 1e-11));
      ModelDraft shorter = draft;
      shorter.horizon = static_cast<std::int64_t>(plan.points[2]);
      if (scenarios[s].name == "lounge" && plan.points[2] < 12) continue;  // its season would repeat otherwise
      const double within =
          value(Model{shorter}, std::vector{scenarios[s]}).scenarios[0].value.business->customer_equity;
      CHECK_THAT(done.sample.values[s * step + 3][draw], close_to(within, 1e-11));
    }
  }
}

TEST_CASE("Uncertainty: draws follow their laws, evenly in each randomisation") {
  const Model model = club();
  const UncertainDraws drawn{model, 16 * 64, 3};
  for (std::size_t i = 0; i < drawn.numbers().size(); ++i) {
    for (std::uint64_t r = 0; r < 16; ++r) {
      std::vector<int> in_part(64, 0);
      for (std::uint64_t j = 0; j < 64; ++j) {
        const double z = drawn.scores(drawn.first_of(r) + j)[i];
        const boost::math::normal_distribution<double> normal_law;
        ++in_part[static_cast<std::size_t>(64 * cdf(normal_law, z))];
      }
      CHECK(std::all_of(in_part.begin(), in_part.end(), [](int count) { return count == 1; }));
    }
  }
  CHECK(drawn.scores(0) != drawn.scores(64));
  CHECK(UncertainDraws{model, 1024, 4}.scores(0) != drawn.scores(0));
}

TEST_CASE("Uncertainty: {} are the usual options, not a list of scenarios") {
  const Model model = club();
  CHECK(uncertainty(model, {}).complete);
}

TEST_CASE("Uncertainty: the same bits for any number of threads") {
  const Model model = club();
  const Uncertainty one = uncertainty(model, draws(500));
  UncertaintyOptions three = draws(500);
  three.threads = 3;
  const Uncertainty other = uncertainty(model, three);
  for (std::size_t s = 0; s < one.scenarios.size(); ++s) {
    CHECK(same_bits(one.scenarios[s].mean.mean, other.scenarios[s].mean.mean));
    CHECK(same_bits(one.scenarios[s].expected_loss.mean, other.scenarios[s].expected_loss.mean));
  }
  for (std::size_t i = 0; i < one.evppi.size(); ++i)
    CHECK(same_bits(one.evppi[i].value->mean, other.evppi[i].value->mean));
  for (std::size_t i = 0; i < one.evsi.size(); ++i)
    CHECK(same_bits(one.evsi[i].value->mean, other.evsi[i].value->mean));
}

TEST_CASE("Uncertainty: scenarios that are the same share the first place, and nothing is worth knowing") {
  const Model model = club();
  Scenario twin = model.scenarios()[1];
  twin.name = "twin";
  const Uncertainty found = uncertainty(model, std::vector{model.scenarios()[1], twin}, draws(256));
  CHECK(found.scenarios[0].probability_best.mean == 0.5);
  CHECK(found.scenarios[1].probability_best.mean == 0.5);
  CHECK(found.evpi.mean == 0);
  for (const InformationValue& worth : found.evppi) CHECK(worth.value->mean == 0);
  for (const PilotValue& worth : found.evsi) CHECK(worth.value->mean == 0);
}

TEST_CASE("Uncertainty: nothing uncertain, and one draw") {
  const Model known = club(false);
  const Uncertainty certain = uncertainty(known);
  CHECK(certain.draws == 1);
  CHECK(certain.numbers.empty());
  CHECK(certain.evpi.mean == 0);
  CHECK(certain.evppi.empty());
  for (const UncertainScenario& each : certain.scenarios) {
    CHECK(each.standard_deviation == 0);
    CHECK_THAT(each.mean.mean, close_to(each.at_means, 1e-12));
  }
  const Uncertainty one = uncertainty(club(), draws(1));
  CHECK(one.draws == 1);
  CHECK(one.evpi.mean >= 0);
  CHECK(!one.evpi.standard_error);
  CHECK(!one.evppi[0].value);
}

TEST_CASE("Uncertainty: acceptability by hurdle rate and by budget") {
  const Model model = club();
  for (const AcceptabilityAxis axis :
       {AcceptabilityAxis::hurdle_rate, AcceptabilityAxis::budget, AcceptabilityAxis::horizon}) {
    UncertaintyOptions options = draws(64);
    options.axis = axis;
    const Uncertainty found = uncertainty(model, options);
    const Acceptability& curve = found.acceptability;
    REQUIRE(curve.probability_best.size() == found.scenarios.size());
    const double own = axis == AcceptabilityAxis::budget ? 1 : axis == AcceptabilityAxis::horizon ? 30 : 0.083;
    for (std::size_t p = 0; p < curve.points.size(); ++p) {
      double sum = 0;
      for (std::size_t s = 0; s < found.scenarios.size(); ++s) {
        sum += curve.probability_best[s][p];
        if (curve.points[p] == own) CHECK(curve.probability_best[s][p] == found.scenarios[s].probability_best.mean);
      }
      CHECK_THAT(sum, close_to(1, 1e-12));
    }
    CHECK(std::count(curve.points.begin(), curve.points.end(), own) == 1);
  }
}

TEST_CASE("Uncertainty: a draw without a finite value is reported, and the same one for any number of threads") {
  ModelBuilder builder{"fans", Period::year, infinite_horizon, annual_rate(0.1)};
  builder.state("fan", Stage::advocacy, {.cash_flow = 100})
      .state("lost", Stage::lost)
      .transition("fan", "lost", 0.2)
      .referral("fan", "fan", unknown(0.2, {DistributionKind::gamma, StandardDeviation{0.08}}))
      .arrivals("fan", once(10));
  const Model model = builder.build();
  std::vector<std::string> said;
  for (const unsigned threads : {1U, 3U}) {
    UncertaintyOptions options{.draws = 512, .threads = threads};
    try {
      static_cast<void>(uncertainty(model, options));
    } catch (const DivergentError& error) {
      said.push_back(error.what());
    }
  }
  REQUIRE(said.size() == 2);
  CHECK(said[0] == said[1]);
  CHECK(said[0].find("of the uncertain numbers, scenario \"baseline\" (referral fan -> fan = ") != std::string::npos);
}

TEST_CASE("Uncertainty: stopped, it reports whole randomisations") {
  UncertaintyOptions options = draws(1600);
  options.threads = 1;
  int asked = 0;
  int most = 1'000'000'000;
  options.interrupted = [&] { return ++asked > most; };
  CHECK(uncertainty(club(), options).complete);
  most = std::exchange(asked, 0) / 4;
  const Uncertainty found = uncertainty(club(), options);
  CHECK(!found.complete);
  CHECK(found.draws == 100 * found.randomisations);
  CHECK(found.randomisations < 16);
  const Uncertainty whole = uncertainty(club(), draws(1600));
  CHECK(whole.complete);
  options.interrupted = [] { return true; };
  CHECK_THROWS_AS(uncertainty(club(), options), InterruptedError);
}

TEST_CASE("Uncertainty: no scenario, and a pilot on nobody or on more than can be counted, are refused") {
  const Model model = club();
  const auto refused = [&](std::span<const Scenario> scenarios, std::uint64_t customers) {
    UncertaintyOptions options = draws(16);
    options.pilots = {{"transition member -> lost", customers}};
    return problems_of<ModelError>([&] { return uncertainty(model, scenarios, options); });
  };
  const std::vector<Scenario> all = all_scenarios(model);
  CHECK(says(refused({}, 10), "no-scenarios", "no scenario is given"));
  CHECK(says(refused(all, 0), "pilot", "a pilot on 0 customers"));
  CHECK(says(refused(all, most_pilot_customers + 1), "pilot", "ask for 1 to 1000000"));
}

TEST_CASE("Correlations: a model with another correlation is another model") {
  const std::vector<std::string> between{"state person, cash_flow", "transition person -> gone, cash_flow"};
  const auto with = [&](double value) {
    return choice(normal(1, 1), normal(0, 2)).correlation(between, value).build();
  };
  CHECK(with(0.5) == with(0.5));
  CHECK_FALSE(with(0.5) == with(0.4));
}

TEST_CASE("Correlations: what is refused") {
  const std::string state = "state person, cash_flow";
  const std::string move = "transition person -> gone, cash_flow";
  const auto refused = [&](std::vector<std::string> between, double value, const std::string& words) {
    try {
      static_cast<void>(choice(normal(1, 1), normal(0, 2)).correlation(std::move(between), value).build());
      FAIL("accepted");
    } catch (const ModelError& error) {
      INFO(error.what());
      CHECK(std::string{error.what()}.find(words) != std::string::npos);
    }
  };
  refused({state, "transition person -> gon, cash_flow"}, 0.5, "correlation[1].between: there is no number");
  refused({state, "transition person -> gon, cash_flow"}, 0.5, move);
  refused({state, "transition person -> gone"}, 0.5, "is not uncertain");
  refused({state, move}, 1, "1 is no correlation of two numbers");
  refused({state, move}, std::nan(""), "is no correlation of two numbers");
  refused({state}, 0.5, "between two numbers or more");
  refused({state, state}, 0.5, "is named twice");
}

}  // namespace tenure::test::uncertain
