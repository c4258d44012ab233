// Howard, R. A. (1960). Dynamic Programming and Markov Processes. MIT Press, ch. 3 and 7: the toymaker. His toy is in
// favour or not; in favour he may advertise, out of favour he may do research. With a discount factor of .9 the best
// policy does both, for 22.2 and 12.3 (22.1978 and 12.3077 to four decimals).
//
//   in favour:      do nothing .5 .5, earning 9 3;   advertise .8 .2, earning 4 4
//   out of favour:  do nothing .4 .6, earning 3 -7;  research .7 .3, earning 1 -19
//
// He counts what a move earns without discounting it over the period in which it happens; here a transition's cash flow
// falls at the end of the period, so that it is given as 1/.9 of his.

#include <string>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/decide/policy.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::howard_1960 {

constexpr double discount = 0.9;

ModelBuilder toymaker(Horizon horizon = infinite_horizon) {
  const auto earns = [](double amount) { return Number{amount / discount}; };
  ModelBuilder builder{"Toymaker", Period::year, horizon, annual_rate(1 / discount - 1)};
  builder.state("in favour", Stage::servicing)
      .state("out of favour", Stage::dormant)
      .transition("in favour", "in favour", 0.5, {.cash_flow = earns(9)})
      .transition("in favour", "out of favour", 0.5, {.cash_flow = earns(3)})
      .transition("out of favour", "in favour", 0.4, {.cash_flow = earns(3)})
      .transition("out of favour", "out of favour", 0.6, {.cash_flow = earns(-7)})
      .action({.name = "advertise",
               .in = {"in favour"},
               .effects = {puts_transition("in favour", "in favour", 0.8, earns(4)),
                           puts_transition("in favour", "out of favour", 0.2, earns(4))}})
      .action({.name = "research",
               .in = {"out of favour"},
               .effects = {puts_transition("out of favour", "in favour", 0.7, earns(1)),
                           puts_transition("out of favour", "out of favour", 0.3, earns(-19))}});
  return builder;
}

TEST_CASE("Howard 1960: the toymaker advertises and does research") {
  const PolicyValue best = best_policy(toymaker().build());
  CHECK_THAT(best.value[0].value(), prints_as(22.1978, 4));
  CHECK_THAT(best.value[1].value(), prints_as(12.3077, 4));
  REQUIRE(best.rows.size() == 2);
  CHECK(best.rows[0].action == 0u);
  CHECK(best.rows[1].action == 1u);
  CHECK_FALSE(best.rows[0].until.has_value());
  CHECK(best.bound.value() < 1e-11);
}

TEST_CASE("Howard 1960: doing nothing is worth what its two equations say") {
  // v1 = 6 + .9(.5 v1 + .5 v2), v2 = -3 + .9(.4 v1 + .6 v2): a determinant of .55·.46 - .45·.36 = .091
  const PolicyValue best = best_policy(toymaker().build());
  REQUIRE(best.fixed.front().name == "nothing");
  CHECK_THAT(best.fixed.front().value[0].value(), close_to((6 * 0.46 - 3 * 0.45) / 0.091));
  CHECK_THAT(best.fixed.front().value[1].value(), close_to((-3 * 0.55 + 6 * 0.36) / 0.091));
}

TEST_CASE("Howard 1960: value iteration without discounting takes up the second alternatives with two periods to go") {
  // table 3.1: values 6, -3 with one period to go, then 8.2 and -1.7, 10.22 and .23, 12.222 and 2.223; nothing with one
  // period to go, both actions with more
  for (const auto& [periods, in_favour, out_of_favour] : std::vector<std::tuple<std::int64_t, double, double>>{
           {1, 6, -3}, {2, 8.2, -1.7}, {3, 10.22, 0.23}, {4, 12.222, 2.223}}) {
    ModelBuilder builder{"Toymaker", Period::year, Horizon{periods}, annual_rate(0)};
    builder.state("in favour", Stage::servicing)
        .state("out of favour", Stage::dormant)
        .transition("in favour", "in favour", 0.5, {.cash_flow = 9})
        .transition("in favour", "out of favour", 0.5, {.cash_flow = 3})
        .transition("out of favour", "in favour", 0.4, {.cash_flow = 3})
        .transition("out of favour", "out of favour", 0.6, {.cash_flow = -7})
        .action({.name = "act",
                 .in = {"in favour", "out of favour"},
                 .effects = {puts_transition("in favour", "in favour", 0.8, 4),
                             puts_transition("in favour", "out of favour", 0.2, 4),
                             puts_transition("out of favour", "in favour", 0.7, 1),
                             puts_transition("out of favour", "out of favour", 0.3, -19)}});
    const PolicyValue best = best_policy(builder.build());
    CHECK_THAT(best.value[0].value(), close_to(in_favour));
    CHECK_THAT(best.value[1].value(), close_to(out_of_favour));
    const PolicyRow& last = best.rows.back();  // out of favour, at the end
    CHECK(last.until == periods);
    CHECK(last.from == periods - 1);
    CHECK_FALSE(last.action.has_value());
    if (periods > 1) CHECK(best.rows.front().action == 0u);
  }
}

}  // namespace tenure::test::howard_1960
