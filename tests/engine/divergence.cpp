// Questions without a finite answer: the engine says why, in codes, states and numbers, and never gives a number.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "support/problems.hpp"
#include "support/small_chain.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::divergence {

struct Refusal {
  std::vector<Problem> problems{};
  Divergence why{};
};

template <class Action>
Refusal refusal_of(Action action) {
  try {
    static_cast<void>(action());
  } catch (const DivergentError& error) {
    return {error.problems(), error.divergence()};
  }
  FAIL("a number was given where there is none");
  return {};
}

Refusal refusal_of_chain(const ChainParts& parts) {
  return refusal_of([&] { return exact_value(chain_of(parts)); });
}

TEST_CASE("Divergence: without discounting, an absorbing state that earns") {
  const Refusal refused = refusal_of_chain(constant_chain({{0.5, 0.5}, {0, 1}}, {3, 2}, 1));
  CHECK(says(refused.problems, "divergent", "without discounting, a closed class of states earns for ever"));
  CHECK(says(refused.problems, "divergent", "discount, or give a finite horizon"));
  CHECK(refused.why.states == std::vector<std::size_t>{1});
  CHECK_THAT(refused.why.average_reward.value(), close_to(2));
  CHECK_FALSE(refused.why.growth_factor.has_value());
}

TEST_CASE("Divergence: without discounting, a closed class and its average reward") {
  // states 1 and 3 are left for each other only, two thirds of the time in 3; state 2 is transient, 0 earns nothing
  const Matrix moves{{1, 0, 0, 0}, {0, 0, 0, 1}, {0.4, 0.3, 0, 0.3}, {0, 0.5, 0, 0.5}};
  const Refusal refused = refusal_of_chain(constant_chain(moves, {0, 30, 7, 6}, 1));
  CHECK(refused.why.states == std::vector<std::size_t>{1, 3});
  CHECK_THAT(refused.why.average_reward.value(), close_to(30.0 / 3 + 6 * 2.0 / 3));
}

TEST_CASE("Divergence: rewards that average to nothing still have no sum") {
  const Refusal refused = refusal_of_chain(constant_chain({{0, 1}, {1, 0}}, {5, -5}, 1));
  CHECK(says(refused.problems, "divergent", "earns for ever"));
  CHECK_THAT(refused.why.average_reward.value(), close_to_on_scale(0, 5));
}

TEST_CASE("Divergence: money that nets to nothing in every state still moves") {
  ChainParts parts = constant_chain({{1}}, {5}, 1);
  parts.streams = {{.per_person = true, .states = {0}, .level = 5}};
  CHECK(refusal_of_chain(parts).why.states == std::vector<std::size_t>{0});
}

TEST_CASE("Divergence: cash of moves counts as a reward of the class") {
  ChainParts parts = constant_chain({{0, 1}, {1, 0}}, {0, 0}, 1);
  parts.periods[0].cash_of_moves = {{0, 8}, {0, 0}};
  const Refusal refused = refusal_of_chain(parts);
  CHECK(refused.why.states == std::vector<std::size_t>{0, 1});
  CHECK_THAT(refused.why.average_reward.value(), close_to(4));
}

TEST_CASE("Divergence: a class that is closed in the course of the season only") {
  // state 0 is kept in even periods and left in odd ones: nothing is closed
  ChainParts parts = constant_chain({{1, 0}, {0, 1}}, {1, 0}, 1);
  parts.periods.push_back({{{0.5, 0.5}, {0, 1}}, {}, {1, 0}, {}});
  parts.course = {0, 1};
  CHECK_THAT(exact_value(chain_of(parts)).states[0].clv.value(), close_to(4));
  parts.periods[1].moves = parts.periods[0].moves;
  CHECK(refusal_of_chain(parts).why.states == std::vector<std::size_t>{0});
}

TEST_CASE("Divergence: later money that outgrows retention") {
  const Refusal refused = refusal_of_chain(constant_chain({{0.8, 0.2}, {0, 1}}, {1, 0}, 1.5));
  REQUIRE(refused.why.growth_factor.has_value());
  CHECK_THAT(*refused.why.growth_factor, close_to(1.2));
}

/// An advocate who stays with a probability and brings others like them.
ChainParts advocate(double sojourns, double brings, double discount) {
  ChainParts parts = constant_chain({{sojourns, 1 - sojourns}, {0, 1}}, {100, 0}, discount);
  parts.stages = {Stage::advocacy, Stage::lost};
  parts.periods[0].referred = {{brings, 0}, {0, 0}};
  return parts;
}

TEST_CASE("Divergence: people who bring more than their own replacement, with growth and doubling time") {
  const Refusal refused = refusal_of_chain(advocate(0.8, 0.5, 0.9));
  CHECK(says(refused.problems, "divergent", "people are brought faster than discounting and leaving take them away"));
  CHECK(says(refused.problems, "divergent", "give a finite horizon, or lower the referral rates"));
  CHECK_THAT(refused.why.growth_factor.value(), close_to(0.9 * 1.3));
  CHECK_THAT(refused.why.doubling_periods.value(), close_to(std::log(2.0) / std::log(1.17)));
  CHECK(refused.why.states.empty());
}

TEST_CASE("Divergence: growth through two states is the root of both") {
  // each brings people into the other state: the discounted operator has the radius 0.9·(0.5 + sqrt(0.8·0.5))
  ChainParts parts = constant_chain({{0.5, 0, 0.5}, {0, 0.5, 0.5}, {0, 0, 1}}, {1, 1, 0}, 0.9);
  parts.periods[0].referred = {{0, 0.8, 0}, {0.5, 0, 0}, {0, 0, 0}};
  CHECK_THAT(refusal_of_chain(parts).why.growth_factor.value(), close_to(0.9 * (0.5 + std::sqrt(0.4))));
}

TEST_CASE("Divergence: growth over a season is the geometric mean of its phases") {
  ChainParts parts = advocate(0.8, 0.8, 0.9);
  parts.periods.push_back({{{0.5, 0.5}, {0, 1}}, {}, {100, 0}, {{0.4, 0}, {0, 0}}});
  parts.course = {0, 1};
  CHECK_THAT(refusal_of_chain(parts).why.growth_factor.value(), close_to(0.9 * std::sqrt(1.6 * 0.9)));
}

TEST_CASE("Divergence: a growth factor within 1e-9 of 1 cannot be decided") {
  for (const double offset : {0.0, 1e-10, -1e-10, 9e-10}) {
    INFO("offset " << offset);
    const Refusal refused = refusal_of_chain(advocate(0.5, 0.5 + offset, 1));
    CHECK(says(refused.problems, "undecidable", "within 1e-9 of 1"));
    CHECK(says(refused.problems, "undecidable", "give a finite horizon"));
  }
}

TEST_CASE("Divergence: a growth factor of 1 and a millionth is infinite, of 1 less a millionth is not") {
  const Refusal refused = refusal_of_chain(advocate(0.5, 0.5 + 1e-6, 1));
  CHECK(codes_of(refused.problems) == std::vector<std::string>{"divergent"});
  CHECK_THAT(refused.why.growth_factor.value(), close_to(1 + 1e-6));
  const double stays_below = 1e-6;
  const ExactValue value = exact_value(chain_of(advocate(0.5, 0.5 - stays_below, 1)));
  CHECK_THAT(value.states[0].clv_with_referrals.value(), close_to(100 / stays_below, 1e-9));
  CHECK_THAT(value.states[0].clv.value(), close_to(200));
}

TEST_CASE("Divergence: a class without money may bring as many as it likes") {
  // lost people recommend for ever, into a state that is worth nothing either
  ChainParts parts = constant_chain({{0.5, 0.5}, {0, 1}}, {100, 0}, 0.9);
  parts.stages = {Stage::servicing, Stage::lost};
  parts.periods[0].referred = {{0, 0}, {0, 3}};
  const ExactValue value = exact_value(chain_of(parts));
  CHECK_THAT(value.states[0].clv_with_referrals.value(), close_to(100 / 0.55));
  CHECK(value.states[1].clv_with_referrals.value() == 0);
}

TEST_CASE("Divergence: states to which nobody comes have no value, and do no harm to the others") {
  // state 2 earns for ever without discounting, but is never entered
  ChainParts parts = constant_chain({{0.5, 0.5, 0}, {0, 1, 0}, {0, 0, 1}}, {10, 0, 1}, 1);
  parts.stages = {Stage::servicing, Stage::lost, Stage::servicing};
  CHECK(refusal_of_chain(parts).why.states ==
        std::vector<std::size_t>{2});  // where nobody arrives, everyone may be asked about
  parts.arrivals = {{.state = 0, .channel = 0, .count = {7, 0}}};
  const ExactValue value = exact_value(chain_of(parts));
  CHECK_THAT(value.states[0].clv.value(), close_to(20));
  CHECK_FALSE(value.states[2].clv.has_value());
  CHECK_FALSE(value.states[2].clv_sd.has_value());
  CHECK_FALSE(value.states[2].clv_with_referrals.has_value());
  CHECK_FALSE(value.states[2].expected_periods_as_customer.has_value());
  CHECK_THAT(value.business->customer_equity, close_to(140));
}

TEST_CASE("Divergence: arrivals for ever that discounting does not outweigh") {
  ChainParts parts = constant_chain({{0.5, 0.5}, {0, 1}}, {1, 0}, 0.9);
  parts.stages = {Stage::servicing, Stage::lost};
  parts.arrivals = {{.state = 0, .channel = 0, .count = {100}, .growth_factor = 1.2}};
  const Refusal refused = refusal_of_chain(parts);
  CHECK(says(refused.problems, "divergent", "people arrive for ever, and discounting does not outweigh them"));
  CHECK(says(refused.problems, "divergent", "give `until`, a finite horizon or a higher discount_rate"));
  CHECK(refused.problems.front().path == "arrivals");
  CHECK_THAT(refused.why.growth_factor.value(), close_to(1.08));
  parts.discount_factor = 1;
  parts.arrivals.front().growth_factor = 1;
  CHECK(says(refusal_of_chain(parts).problems, "divergent", "people arrive for ever"));
}

TEST_CASE("Divergence: spend per period for ever without discounting") {
  ChainParts parts = constant_chain({{0.5, 0.5}, {0, 1}}, {1, 0}, 1);
  parts.stages = {Stage::servicing, Stage::lost};
  parts.arrivals = {{.state = 0, .channel = 0, .count = {1, 0}}};
  parts.streams = {{.per_person = false, .level = 2}};
  CHECK(says(refusal_of_chain(parts).problems, "divergent", "spend per period goes on for ever without discounting"));
  CHECK(says(refusal_of([&] { return cost_per_level(chain_of(parts)); }).problems, "divergent", "spend per period"));
  parts.streams.front().level = 0;  // a lever that nothing is spent on costs nothing
  CHECK_THAT(exact_value(chain_of(parts)).business->customer_equity, close_to(2));
  parts.streams.front() = {.per_person = false, .until = 3, .level = 2};
  CHECK_THAT(exact_value(chain_of(parts)).business->customer_equity, close_to(2 - 6));
}

TEST_CASE("Divergence: a finite tree too large for double precision") {
  ChainParts parts = advocate(1, 1e10, 0.9);
  parts.horizon = 100;
  const Refusal refused = refusal_of_chain(parts);
  CHECK(says(refused.problems, "overflow", "a value exceeds what double precision can hold"));
  CHECK(says(refused.problems, "overflow", "shorten the horizon, or lower referral rates, growth or amounts"));
}

TEST_CASE("Divergence: in a model's words, with its states, its average and a finite offer") {
  const Model model = ModelBuilder{"Club", Period::month, infinite_horizon}
                          .state("guest", Stage::acquisition)
                          .state("gold", Stage::servicing, {.cash_flow = 4.0})
                          .state("silver", Stage::servicing, {.cash_flow = 1.0})
                          .transition("guest", "gold", 0.5)
                          .transition("gold", "silver", 1.0)
                          .transition("silver", "gold", 1.0)
                          .build();
  const Refusal refused = refusal_of([&] { return value(model); });
  CHECK(says(refused.problems, "divergent", "scenario \"baseline\""));
  CHECK(says(refused.problems, "divergent", "\"gold\", \"silver\""));
  CHECK(says(refused.problems, "divergent", "on average 2.5 a period"));
  CHECK(says(refused.problems, "divergent", "within 20 years the value of a person in \"guest\" is"));
  CHECK(refused.why.states == std::vector<std::size_t>{1, 2});
}

TEST_CASE("Divergence: in a model's words, growth with its period and its doubling time") {
  const Model model = ModelBuilder{"Club", Period::quarter, infinite_horizon}
                          .state("member", Stage::advocacy, {.cash_flow = 1.0})
                          .state("lost", Stage::lost)
                          .transition("member", "lost", 0.5)
                          .referral("member", "member", 1.5)
                          .arrivals("member", once(1))
                          .scenario("today", {})
                          .build();
  const Refusal refused =
      refusal_of([&] { return value(model, std::vector<Scenario>{scenario_named(model, "today")}); });
  CHECK(says(refused.problems, "divergent", "scenario \"today\": people are brought faster"));
  CHECK(says(refused.problems, "divergent", "by a factor of 2 a quarter"));
  CHECK(says(refused.problems, "divergent", "doubling every 1 quarters"));
  CHECK(says(refused.problems, "divergent", "within 20 years the customer equity is"));
}

/// A customer who may come to rest in a state whose cash flow averages to nothing, by another amount each time.
ModelBuilder lottery(AnnualRate rate) {
  Number prize{0};
  prize.varies = Distribution{DistributionKind::normal, StandardDeviation{5}};
  return ModelBuilder{"Lottery", Period::month, infinite_horizon, rate}
      .state("owner", Stage::servicing, {.cash_flow = 1})
      .state("player", Stage::dormant, {.cash_flow = prize})
      .transition("owner", "player", 0.3)
      .arrivals("owner", once(1));
}

TEST_CASE("Divergence: a variance without a finite answer, though the mean has one, names its states") {
  const Refusal refused = refusal_of([] { return value(lottery(annual_rate(0)).build()); });
  CHECK(says(refused.problems, "divergent", "the variance of a person's value has no finite answer"));
  CHECK(says(refused.problems, "divergent", "cash flows vary for ever, undiscounted: \"player\""));
  CHECK(says(refused.problems, "divergent", "or leave `varies` out there"));
  CHECK_FALSE(says(refused.problems, "divergent", "25"));  // a variance a period is not money a period
  CHECK_FALSE(says(refused.problems, "divergent", "earns for ever"));
  CHECK(refused.why.states == std::vector<std::size_t>{1});
  CHECK_NOTHROW(value(lottery(annual_rate(0.05)).build()));
}

TEST_CASE("Divergence: at a negative rate, the states that are left too slowly, for the mean and for the variance") {
  const auto club = [](double rate) {
    return ModelBuilder{"Club", Period::month, infinite_horizon, annual_rate(rate)}
        .state("guest", Stage::acquisition)
        .state("member", Stage::servicing, {.cash_flow = 1})
        .state("lost", Stage::lost)
        .transition("guest", "member", 0.5)
        .transition("guest", "lost", 0.5)
        .transition("member", "lost", 0.05)
        .arrivals("guest", once(1))
        .build();
  };
  const Refusal mean = refusal_of([&] { return value(club(-0.5)); });  // 0.95 / 0.5^(1/12) is 1.0065
  CHECK(says(mean.problems, "divergent", "at a negative discount_rate later money gains more than leaving takes away"));
  CHECK(says(mean.problems, "divergent", "away: \"member\": by a factor of 1.006"));
  CHECK_FALSE(says(mean.problems, "divergent", "brought"));
  const Refusal variance = refusal_of([&] { return value(club(-0.4)); });  // the mean's factor is 0.9913, squared 1.034
  CHECK(says(variance.problems, "divergent", "the variance of a person's value has no finite answer"));
  CHECK(says(variance.problems, "divergent", "leaving takes away: \"member\": by a factor of 1.034"));
  CHECK(says(variance.problems, "divergent", "give a finite horizon, or a higher discount_rate"));
}

TEST_CASE("Divergence: states are named whatever the ages, the market and the kinds of people before them") {
  ModelBuilder builder = ModelBuilder{"Ages", Period::month, infinite_horizon}
                             .state("owner", Stage::servicing, {.cash_flow = 1, .dwell = FixedDwell{50}})
                             .state("rest", Stage::dormant, {.cash_flow = 2})
                             .transition("owner", "rest", rest)
                             .environment({{"calm", "storm"}, "calm", {{0.9, 0.1}, {0.2, 0.8}}, {}})
                             .arrivals("owner", once(1));
  ModelDraft draft = builder.build().draft();
  draft.segments = {{.name = "one", .share = 0.5}, {.name = "other", .share = 0.5}};
  const Refusal refused = refusal_of([&] { return value(Model{draft}); });
  CHECK(
      says(refused.problems, "divergent", "a closed class of states earns for ever: \"rest\", on average 2 a period"));
  CHECK(refused.why.states == std::vector<std::size_t>{1});
}

TEST_CASE("Divergence: where people differ, the refusal names the scenario and the states as well") {
  ModelDraft draft = ModelBuilder{"Differ", Period::month, infinite_horizon}
                         .state("owner", Stage::servicing, {.cash_flow = 1})
                         .state("rest", Stage::dormant, {.cash_flow = 2})
                         .transition("owner", "rest", 0.3)
                         .arrivals("owner", once(1))
                         .build()
                         .draft();
  std::get<Number>(draft.transitions[0].probability).differs =
      Distribution{DistributionKind::beta, StandardDeviation{0.1}};
  const Refusal refused = refusal_of([&] { return value(Model{draft}); });
  CHECK(says(refused.problems, "divergent", "scenario \"baseline\": without discounting, a closed class of states"));
  CHECK(says(refused.problems, "divergent", "\"rest\", on average 2 a period"));
  CHECK(says(refused.problems, "divergent", "within 20 years the customer equity is"));
}

}  // namespace tenure::test::divergence
