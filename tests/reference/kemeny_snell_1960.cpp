// Kemeny, J. G., and Snell, J. L. (1960). Finite Markov Chains, chapter 3: a walker on five corners of a street goes
// either way with equal chances, until he is home (corner 1) or in the bar (corner 5). The fundamental matrix N counts
// visits, its row sums steps; an epoch's matrix gives the variance of the number of steps.

#include <cstddef>

#include <Eigen/Core>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/chain/from_matrix.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::kemeny_snell_1960 {

Eigen::MatrixXd street() {
  Eigen::MatrixXd moves = Eigen::MatrixXd::Zero(5, 5);
  moves(0, 0) = moves(4, 4) = 1;
  for (Eigen::Index corner = 1; corner < 4; ++corner) moves(corner, corner - 1) = moves(corner, corner + 1) = 0.5;
  return moves;
}

/// What each corner is worth in total where being on corner i brings reward[i].
std::vector<StateValue> values(const Eigen::VectorXd& reward) {
  return exact_value(chain_from_matrix(street(), reward)).states;
}

TEST_CASE("Kemeny and Snell 1960: expected visits to each corner") {
  const double visits[3][3] = {{1.5, 1, .5}, {1, 2, 1}, {.5, 1, 1.5}};
  for (std::size_t to = 0; to < 3; ++to) {
    const std::vector<StateValue> value = values(Eigen::VectorXd::Unit(5, static_cast<Eigen::Index>(to + 1)));
    for (std::size_t from = 0; from < 3; ++from) CHECK_THAT(value[from + 1].clv.value(), close_to(visits[from][to]));
  }
}

TEST_CASE("Kemeny and Snell 1960: steps until absorption, and their variance") {
  Eigen::VectorXd step = Eigen::VectorXd::Ones(5);
  step[0] = step[4] = 0;
  const std::vector<StateValue> value = values(step);
  const double steps[3] = {3, 4, 3};
  for (std::size_t i = 0; i < 3; ++i) {
    const double sd = value[i + 1].clv_sd.value();
    CHECK_THAT(value[i + 1].clv.value(), close_to(steps[i]));
    CHECK_THAT(sd * sd, close_to(8));
  }
  CHECK(value[0].clv.value() == 0);
  CHECK(value[0].clv_sd.value() == 0);
}

TEST_CASE("Kemeny and Snell 1960: the end of the walk") {
  const double home[3] = {.75, .5, .25};
  ModelBuilder walk{"Street", Period::day, infinite_horizon};
  for (const char* corner : {"home", "2", "3", "4", "bar"}) walk.state(corner, Stage::lost);
  walk.transition("2", "home", 0.5, {.cash_flow = 1.0}).transition("2", "3", 0.5);
  walk.transition("3", "2", 0.5).transition("3", "4", 0.5);
  walk.transition("4", "3", 0.5).transition("4", "bar", 0.5);
  const Valuation valuation = value(walk.build());
  const std::vector<StateValue>& states = valuation.scenarios.front().value.states;
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_THAT(states[i + 1].clv.value(), close_to(home[i]));
    CHECK_THAT(states[i + 1].clv_sd.value(), close_to(std::sqrt(home[i] * (1 - home[i]))));  // 0 or 1
  }
}

}  // namespace tenure::test::kemeny_snell_1960
