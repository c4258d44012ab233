// Chadès, I., Chapron, G., Cros, M.-J., Garcia, F., and Sabbadin, R. (2014). MDPtoolbox: a multi-platform toolbox to
// solve stochastic dynamic programming problems. Ecography 37, 916-920: the forest. It is of age 0, 1 or 2 (and older);
// each year it burns down with probability .1, else it grows older. To wait earns 4 in the oldest age, to cut earns 1
// at age 1 and 2 in the oldest. With a discount factor of .9 one waits everywhere, for 26.244, 29.484 and 33.484.

#include <array>
#include <string>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/decide/policy.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::forest_management {

Model forest(double fire, double waiting, double cutting) {
  ModelBuilder builder{"Forest", Period::year, infinite_horizon, annual_rate(1 / 0.9 - 1)};
  const std::array<std::string, 3> age{"young", "grown", "old"};
  builder.state(age[0], Stage::servicing)
      .state(age[1], Stage::servicing)
      .state(age[2], Stage::servicing, {.cash_flow = waiting});
  builder.transition("young", "young", fire).transition("young", "grown", rest);
  builder.transition("grown", "young", fire).transition("grown", "old", rest);
  builder.transition("old", "young", fire).transition("old", "old", rest);
  builder.action(
      {.name = "cut",
       .in = {"young", "grown", "old"},
       .effects = {puts_probability("young", "young", 1.0), puts_probability("grown", "young", 1.0),
                   puts_probability("old", "young", 1.0), puts_cash_flow("grown", 1), puts_cash_flow("old", cutting)}});
  return builder.build();
}

TEST_CASE("Forest management: one waits, and what a forest is worth") {
  const PolicyValue best = best_policy(forest(0.1, 4, 2));
  CHECK_THAT(best.value[0].value(), prints_as(26.244, 3));
  CHECK_THAT(best.value[1].value(), prints_as(29.484, 3));
  CHECK_THAT(best.value[2].value(), prints_as(33.484, 3));
  for (const PolicyRow& row : best.rows) CHECK_FALSE(row.action.has_value());
  CHECK(best.rows.size() == 3);
}

TEST_CASE("Forest management: where it burns too often it is cut as soon as that earns something") {
  // cut grown: v0 = .9(.8 v0 + .2 v1), v1 = 1 + .9 v0, so that v0 = .18/(1 - .72 - .162) = .18/.118
  const PolicyValue best = best_policy(forest(0.8, 4, 2));
  CHECK_THAT(best.value[0].value(), close_to(0.18 / 0.118));
  CHECK_FALSE(best.rows.at(0).action.has_value());
  CHECK(best.rows.at(1).action == 0u);
  CHECK_FALSE(best.rows.at(2).action.has_value());
}

}  // namespace tenure::test::forest_management
