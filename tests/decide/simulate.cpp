// Simulations of several scenarios: each as it is alone, whether people enter alike in them or not; told how far they
// are; and stopped, with the same people in all of them.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/decide/detail/simulate/prepared.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::simulating {

/// Posters bring more prospects later on, so that people enter otherwise; the lounge keeps members.
Model club() {
  Lever lounge{.name = "lounge",
               .while_in = {"member"},
               .effects = {moves_transition("member", "lost").towards(0.01).half_spend(12.0)}};
  Lever posters{.name = "posters",
                .kind = LeverKind::acquisition,
                .spend_per = SpendPer::period,
                .from = 3,
                .effects = {moves_arrivals("prospect").towards(1.9).half_spend(9'000.0)}};
  ModelBuilder builder{"club", Period::month, Horizon{30}, annual_rate(0.083)};
  builder.state("prospect", Stage::acquisition)
      .state("member", Stage::servicing, {.cash_flow = 31.7})
      .state("lost", Stage::lost)
      .transition("prospect", "member", 0.11, {.cash_flow = -7})
      .transition("prospect", "lost", 0.3)
      .transition("member", "lost", 0.05)
      .arrivals("prospect", per_period(200, 0.1))
      .lever(lounge)
      .lever(posters)
      .scenario("nothing", {{"lounge", 0.0}, {"posters", 0.0}})
      .scenario("posters", {{"lounge", 0.0}, {"posters", 4'000.0}})
      .scenario("lounge", {{"lounge", 15.0}, {"posters", 0.0}});
  return builder.build();
}

SimulationOptions people(std::uint64_t count) {
  SimulationOptions options{.engine = SimulationEngine::individual};
  options.effort.count = count;
  options.effort.threads = 1;
  return options;
}

void check_same(const SimulatedScenario& one, const SimulatedScenario& other) {
  CHECK(one.scenario.name == other.scenario.name);
  CHECK(same_bits(one.mean.mean, other.mean.mean));
  CHECK(one.mean.standard_error == other.mean.standard_error);
  CHECK(one.skewness == other.skewness);
  CHECK(same_bits(one.minimum, other.minimum));
  CHECK(same_bits(one.maximum, other.maximum));
  CHECK(same_bits(one.share_negative.mean, other.share_negative.mean));
  CHECK(one.histogram.counts == other.histogram.counts);
  for (std::size_t k = 0; k < one.quantiles.size(); ++k) {
    CHECK(same_bits(one.quantiles[k].value.estimate, other.quantiles[k].value.estimate));
    CHECK(same_bits(one.quantiles[k].value.low, other.quantiles[k].value.low));
    CHECK(same_bits(one.quantiles[k].value.high, other.quantiles[k].value.high));
  }
}

TEST_CASE("Simulate: a scenario among others is what it is alone, wherever people enter") {
  const Model model = club();
  const std::vector<Scenario>& scenarios = model.scenarios();
  const std::vector<tenure::detail::PreparedScenario> prepared = tenure::detail::prepared(model, scenarios);
  std::vector<Chain> lived;
  for (const tenure::detail::PreparedScenario& each : prepared) lived.push_back(each.chain);
  const std::vector<tenure::detail::AlikeEntered> groups =
      tenure::detail::alike_entered(model, prepared, lived, people(1).from);
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].scenarios == std::vector<std::size_t>{0, 2});
  CHECK(groups[1].scenarios == std::vector<std::size_t>{1});
  const Simulation together = simulate(model, scenarios, people(30'000));
  REQUIRE(together.scenarios.size() == 3);
  CHECK(together.count == 30'000);
  for (std::size_t k = 0; k < scenarios.size(); ++k) {
    const Simulation alone = simulate(model, {&scenarios[k], 1}, people(30'000));
    check_same(together.scenarios[k], alone.scenarios.front());
  }
  CHECK(together.scenarios[2].mean.mean != together.scenarios[0].mean.mean);
}

TEST_CASE("Simulate: progress goes up from nothing to all, through all scenarios") {
  const Model model = club();
  SimulationOptions options = people(50'000);
  std::vector<double> told;
  options.effort.progress = [&](double share) { told.push_back(share); };
  static_cast<void>(simulate(model, model.scenarios(), options));
  REQUIRE(told.size() > 13);
  CHECK(told.front() > 0);
  CHECK(told.front() < 0.1);
  for (std::size_t k = 1; k < told.size(); ++k) CHECK(told[k] >= told[k - 1]);
  CHECK(told.back() == 1);
}

TEST_CASE("Simulate: stopped anywhere, all scenarios have the same first people") {
  const Model model = club();
  SimulationOptions options = people(1'000'000);
  options.effort.threads = 1;
  int asked = 0;
  int most = 1'000'000'000;
  options.effort.interrupted = [&] { return ++asked > most; };
  CHECK(simulate(model, model.scenarios(), options).complete);
  const int in_all = std::exchange(asked, 0);
  most = 5;  // while it is prepared
  CHECK_THROWS_AS(simulate(model, model.scenarios(), options), InterruptedError);
  for (const double share : {0.4, 0.5, 0.7, 0.9, 0.99}) {
    asked = 0;
    most = static_cast<int>(share * in_all);
    const Simulation stopped = simulate(model, model.scenarios(), options);
    INFO("asked " << most << " times of " << in_all);
    CHECK_FALSE(stopped.complete);
    CHECK(stopped.count > 0);
    CHECK(stopped.count % 4'096 == 0);
    const Simulation whole = simulate(model, model.scenarios(), people(stopped.count));
    for (std::size_t k = 0; k < whole.scenarios.size(); ++k) check_same(stopped.scenarios[k], whole.scenarios[k]);
  }
}

}  // namespace tenure::test::simulating
