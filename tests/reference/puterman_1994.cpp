// Puterman, M. L. (1994). Markov Decision Processes. Wiley, 3.1: the two-state example. In s1 either a(1,1), a reward
// of 5 and on to s1 or s2 with probability .5 each, or a(1,2), a reward of 10 and on to s2; in s2 -1 and s2 for ever.
// With a discount factor of .95 a(1,1) is the better by 0.43: values -8.5714 and -20 (6.2.1).

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/decide/policy.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::puterman_1994 {

Model two_states(double discount) {
  return ModelBuilder{"Two states", Period::year, infinite_horizon, annual_rate(1 / discount - 1)}
      .state("s1", Stage::servicing, {.cash_flow = 10})
      .state("s2", Stage::dormant, {.cash_flow = -1})
      .transition("s1", "s2", 1.0)
      .transition("s1", "s1", 0.0)
      .action({.name = "a(1,1)", .in = {"s1"}, .effects = {puts_cash_flow("s1", 5), puts_probability("s1", "s1", 0.5)}})
      .build();
}

TEST_CASE("Puterman 1994: at .95 it is better to stay half of the time") {
  const PolicyValue best = best_policy(two_states(0.95));
  CHECK_THAT(best.value[0].value(), prints_as(-8.5714, 4));
  CHECK_THAT(best.value[1].value(), close_to(-20));
  CHECK(best.rows.at(0).action == 0u);
  // the other one is worth 10 - .95·20
  CHECK_THAT(best.rows.at(0).advantage, close_to(-8.571428571428571 + 9, 1e-10));
  CHECK(best.bound.value() < 1e-11);
}

TEST_CASE("Puterman 1994: with little patience the other one is better") {
  // a(1,1) is worth (5 - .5 d/(1-d)) / (1 - .5 d), a(1,2) 10 - d/(1-d): equal at d = 10/11
  CHECK(best_policy(two_states(0.91)).rows.at(0).action == 0u);
  CHECK_FALSE(best_policy(two_states(0.90)).rows.at(0).action.has_value());
  CHECK_THAT(best_policy(two_states(0.90)).value[0].value(), close_to(1));
}

}  // namespace tenure::test::puterman_1994
