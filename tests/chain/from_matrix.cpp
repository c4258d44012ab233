// Chains from matrices: what is taken over, what is rescaled, and what is refused.

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include "catch.hpp"
#include "support/compiled.hpp"
#include "support/numbers.hpp"
#include "support/problems.hpp"
#include "tenure/chain/from_matrix.hpp"

namespace tenure::test::from_matrix {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

Eigen::MatrixXd matrix(double a, double b, double c, double d) {
  Eigen::MatrixXd two(2, 2);
  two << a, b, c, d;
  return two;
}

Eigen::VectorXd rewards(double a, double b) {
  Eigen::VectorXd two(2);
  two << a, b;
  return two;
}

const Eigen::MatrixXd good = matrix(0.75, 0.25, 0, 1);

std::vector<Problem> refused(const Eigen::MatrixXd& moves, const Eigen::VectorXd& reward, MatrixOptions options = {}) {
  return problems_of<ModelError>([&] { return chain_from_matrix(moves, reward, std::move(options)); });
}

TEST_CASE("From a matrix: rows, rewards and defaults") {
  const Chain chain = chain_from_matrix(good, rewards(5, -1));
  CHECK(row_of(chain, 0, 17) == std::vector<double>{0.75, 0.25});
  CHECK(row_of(chain, 1) == std::vector<double>{0, 1});
  CHECK(chain.transitions.entries() == 3);  // zeros are no moves
  CHECK(chain.cash_flow.at(3) == std::vector<double>{5, -1});
  CHECK(chain.stages == std::vector<Stage>{Stage::servicing, Stage::servicing});
  CHECK_FALSE(chain.horizon.has_value());
  CHECK(chain.discount_factor == 1);
  CHECK_FALSE(chain.has_referrals());
  CHECK(chain.arrivals.empty());
}

TEST_CASE("From a matrix: options are taken over") {
  const Chain chain = chain_from_matrix(good, rewards(5, -1),
                                        {.horizon = 9,
                                         .discount_factor = 0.5,
                                         .cash_flow_timing = CashFlowTiming::end,
                                         .stages = {Stage::dormant, Stage::lost},
                                         .arrivals = {{.state = 1, .channel = 2, .count = {4, 0}}}});
  CHECK(chain.horizon == Horizon{9});
  CHECK(chain.discount_factor == 0.5);
  CHECK(chain.cash_flow_timing == CashFlowTiming::end);
  CHECK(chain.stages == std::vector<Stage>{Stage::dormant, Stage::lost});
  CHECK(chain.channels == 3);
  CHECK(people_arriving(chain.arrivals[0], 0) == 4);
}

TEST_CASE("From a matrix: sparse and dense are the same") {
  const Eigen::SparseMatrix<double, Eigen::RowMajor> sparse = good.sparseView();
  CHECK(same_chain(chain_from_matrix(sparse, rewards(1, 2)), chain_from_matrix(good, rewards(1, 2)), 2));
}

TEST_CASE("From a matrix: a probability of 1e-320 is kept, negative zero is none") {
  const Chain chain = chain_from_matrix(matrix(1, 1e-320, -0.0, 1), rewards(0, 0));
  CHECK(row_of(chain, 0)[1] == 1e-320);
  CHECK(chain.transitions.entries() == 3);
}

TEST_CASE("From a matrix: rounding up to 1e-9 is rescaled, more is refused with the sum") {
  const Chain chain = chain_from_matrix(matrix(0.75 + 5e-10, 0.25, 0, 1 - 5e-10), rewards(0, 0));
  CHECK_THAT(row_of(chain, 0)[0] + row_of(chain, 0)[1], close_to(1, 2e-16));
  CHECK_THAT(row_of(chain, 0)[0] / row_of(chain, 0)[1], close_to((0.75 + 5e-10) / 0.25, 1e-15));
  CHECK(row_of(chain, 1)[1] == 1);
  CHECK(says(refused(matrix(0.75, 0.250001, 0, 1), rewards(0, 0)), "row-sum", "matrix row 0: it sums to 1.000001"));
  CHECK(says(refused(matrix(0.75, 0.25, 0, 0.98), rewards(0, 0)), "row-sum",
             "matrix row 1: it sums to 0.98; each row must sum to 1"));
  CHECK(says(refused(matrix(0, 0, 0, 1), rewards(0, 0)), "row-sum", "matrix row 0: it sums to 0"));
}

TEST_CASE("From a matrix: what is no probability") {
  CHECK(says(refused(matrix(nan, 0.25, 0, 1), rewards(0, 0)), "probability", "matrix row 0: nan is not a probability"));
  CHECK(says(refused(matrix(infinity, 0.25, 0, 1), rewards(0, 0)), "probability", "inf is not a probability"));
  CHECK(says(refused(matrix(0.75, 0.25, -0.1, 1.1), rewards(0, 0)), "probability",
             "matrix row 1: -0.1 is not a probability"));
  CHECK(says(refused(matrix(0.75, 0.25, -0.1, 1.1), rewards(0, 0)), "probability",
             "matrix row 1: 1.1 is not a probability"));
  CHECK(says(refused(matrix(75, 25, 0, 1), rewards(0, 0)), "probability",
             "75 is not a probability; give a number from 0 to 1"));
}

TEST_CASE("From a matrix: shapes") {
  CHECK(says(refused(Eigen::MatrixXd::Ones(2, 3), rewards(0, 0)), "matrix-shape", "matrix: 2 rows and 3 columns"));
  CHECK(says(refused(Eigen::MatrixXd{0, 0}, Eigen::VectorXd{0}), "matrix-shape",
             "give a square matrix with at least one state"));
  CHECK(says(refused(good, Eigen::VectorXd::Zero(3)), "matrix-shape", "reward: 3 rewards for 2 states"));
  CHECK(says(refused(good, rewards(0, 0), {.stages = {Stage::lost}}), "matrix-shape",
             "stages: there are not as many stages as states"));
}

TEST_CASE("From a matrix: rewards, discount factor, horizon, arrivals") {
  CHECK(says(refused(good, rewards(nan, 0)), "number", "reward 0: nan is out of range"));
  CHECK(says(refused(good, rewards(0, -infinity)), "number", "reward 1: -inf is out of range"));
  CHECK(says(refused(good, rewards(0, 1e91)), "number",
             "reward 1: 1e+91 is out of range; give a finite amount of at most 1e90"));
  for (const double factor : {0.0, -0.9, nan, infinity}) {
    CHECK(says(refused(good, rewards(0, 0), {.discount_factor = factor}), "discount-factor",
               "is no factor per period; give a finite number above 0"));
  }
  CHECK(says(refused(good, rewards(0, 0), {.horizon = -1}), "horizon", "it is negative; give at least 0 periods"));
  CHECK(says(refused(good, rewards(0, 0), {.arrivals = {{.state = 2, .count = {1}}}}), "unknown-state",
             "arrivals: there is no such state"));
}

TEST_CASE("From a matrix: all problems in one go") {
  const auto problems =
      refused(matrix(0.5, 0.4, nan, 1), rewards(nan, 0), {.discount_factor = 0, .stages = {Stage::lost}});
  CHECK(codes_of(problems) ==
        std::vector<std::string>{"matrix-shape", "discount-factor", "row-sum", "probability", "row-sum", "number"});
}

}  // namespace tenure::test::from_matrix
