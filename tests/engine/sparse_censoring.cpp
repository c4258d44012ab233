// Long stays for ever: elimination of paths against a dense solution of the same equations, and hundreds of thousands
// of ages against sums over a survival function.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <Eigen/Dense>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/engine/detail/exact/sparse_censoring.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::sparse_censoring {

/// Paths of ages: from each age to the next one and to the first age of a few other states, in a few regimes that
/// change at random, with or without people brought.
tenure::detail::DiscountedMoves paths(Mixing& mixing, int states, int ages, int regimes, double multiplier,
                                      double rate) {
  const auto at = [&](int state, int age, int regime) {
    return (regime * states + state) * ages + std::min(age, ages - 1);
  };
  const int size = states * ages * regimes;
  std::vector<Eigen::Triplet<double>> moves, referred;
  tenure::detail::DiscountedMoves system{
      DoubleDouble{multiplier}, {size, size}, Eigen::VectorXd::Zero(size), {size, size}};
  for (int regime = 0; regime < regimes; ++regime) {
    for (int state = 0; state < states; ++state) {
      for (int age = 0; age < ages; ++age) {
        const int from = at(state, age, regime);
        const std::vector<double> next = mixing.shares(static_cast<std::size_t>(regimes));
        const std::vector<double> what = mixing.shares(4);
        for (int to = 0; to < regimes; ++to) {
          const double p = next[static_cast<std::size_t>(to)];
          if (at(state, age, to) != from || age + 1 < ages)
            moves.emplace_back(from, at(state, age + 1, to), p * what[0]);
          moves.emplace_back(from, at((state + 1) % states, 0, to), p * what[1]);
          moves.emplace_back(from, at((state + 2) % states, 0, to), p * what[2]);
          if (rate > 0) referred.emplace_back(from, at(state, 0, to), p * rate);
        }
        system.leaving[from] = what[3];
      }
    }
  }
  std::erase_if(moves, [](const Eigen::Triplet<double>& move) { return move.row() == move.col(); });
  system.moves.setFromTriplets(moves.begin(), moves.end());
  system.referred.setFromTriplets(referred.begin(), referred.end());
  return system;
}

/// I - m (P + ρ) as it is written, the probability of staying being what the others leave over.
Eigen::MatrixXd dense(const tenure::detail::DiscountedMoves& system) {
  const double m = system.multiplier.rounded();
  Eigen::MatrixXd all{system.moves};
  for (Eigen::Index i = 0; i < all.rows(); ++i) all(i, i) = 1 - system.leaving[i] - all.row(i).sum();
  return Eigen::MatrixXd::Identity(all.rows(), all.cols()) - m * (all + Eigen::MatrixXd{system.referred});
}

TEST_CASE("Sparse censoring: paths are eliminated to a few states, and solve what a dense solver solves", "[slow]") {
  Mixing mixing{20};
  for (const int regimes : {1, 2, 5}) {
    for (const double rate : {0.0, 0.05}) {
      INFO(regimes << " regimes, rate " << rate);
      const auto system = paths(mixing, 3, 80, regimes, 0.97, rate);
      const tenure::detail::SparseCensoring outside{system, 3 * static_cast<std::size_t>(regimes)};
      REQUIRE(outside.core_size() <= 6 * regimes);  // first ages, and perhaps some last ones, which lead to themselves
      REQUIRE(outside.is_m_matrix());
      const tenure::detail::CensoredChain core{Eigen::MatrixXd{outside.core_moves()}, outside.core_exits()};
      Eigen::VectorXd reward(system.leaving.size());
      for (double& value : reward) value = mixing.between(-20, 100);
      const Eigen::MatrixXd matrix = dense(system);
      const Eigen::VectorXd x =
          outside.solve(reward, [&](const Eigen::VectorXd& of_core) { return core.solve(of_core); });
      CHECK((x - matrix.partialPivLu().solve(reward)).cwiseAbs().maxCoeff() < 1e-11 * x.cwiseAbs().maxCoeff());
      const Eigen::VectorXd y = outside.solve_transposed(
          reward, [&](const Eigen::VectorXd& of_core) { return core.solve_transposed(of_core); });
      CHECK((y - matrix.transpose().partialPivLu().solve(reward)).cwiseAbs().maxCoeff() <
            1e-11 * y.cwiseAbs().maxCoeff());
    }
  }
}

TEST_CASE("Sparse censoring: where people are brought faster than they leave there is no non-negative inverse") {
  Mixing mixing{21};
  const auto system = paths(mixing, 2, 200, 1, 0.99, 3.0);
  const tenure::detail::SparseCensoring outside{system, 2};
  const tenure::detail::CensoredChain core{Eigen::MatrixXd{outside.core_moves()}, outside.core_exits()};
  CHECK_FALSE((outside.is_m_matrix() && core.is_m_matrix()));
}

TEST_CASE("Sparse censoring: a chain that is no path is left alone as soon as it would fill up") {
  Mixing mixing{22};
  const int size = 2000;
  std::vector<Eigen::Triplet<double>> moves;
  tenure::detail::DiscountedMoves system{
      DoubleDouble{0.95}, {size, size}, Eigen::VectorXd::Constant(size, 0.1), {size, size}};
  for (int i = 0; i < size; ++i) {
    for (int k = 0; k < 6; ++k) moves.emplace_back(i, static_cast<int>(mixing.below(size)), 0.15);
  }
  std::erase_if(moves, [](const Eigen::Triplet<double>& move) { return move.row() == move.col(); });
  system.moves.setFromTriplets(moves.begin(), moves.end());
  const tenure::detail::SparseCensoring outside{system, 300};
  CHECK(outside.core_moves().nonZeros() <= system.moves.nonZeros() + 4096);
}

/// How long someone stays by a Weibull law, from its survival function: periods, and d^(periods stayed), expected.
struct Sojourn {
  double periods = 0;
  double discounted = 0;
};
Sojourn stay_of(const WeibullDwell& law, double d, std::size_t most) {
  CompensatedSum periods, discounted;
  double left = 1, factor = 1;
  for (std::size_t k = 0; k < most; ++k) {
    const double cumulated = std::pow(static_cast<double>(k) / law.scale, law.shape);
    const double next = std::exp(-std::pow(static_cast<double>(k + 1) / law.scale, law.shape));
    periods.add(factor * left);
    discounted.add(factor * d * -std::expm1(cumulated - std::pow(static_cast<double>(k + 1) / law.scale, law.shape)) *
                   left);
    left = next;
    factor *= d;
  }
  return {periods.value(), discounted.value()};
}

TEST_CASE("Dwell: a hundred thousand ages for ever are worth the sums over their survival function") {
  const WeibullDwell law{1.6, 0.3};  // less than 1e-12 are left after 102,000 periods
  const double again = 0.4, back = 0.2;
  const Model model = ModelBuilder{"Heavy", Period::month, infinite_horizon, annual_rate(0.02)}
                          .state("owner", Stage::servicing, {.cash_flow = 35, .dwell = law})
                          .state("away", Stage::dormant, {.cash_flow = -1})
                          .state("gone", Stage::lost)
                          .transition("owner", "away", again)
                          .transition("owner", "gone", rest)
                          .transition("away", "owner", back, {.cash_flow = 10})
                          .transition("away", "gone", 0.1)
                          .build();
  const Chain chain = compile(model, Spending{});
  REQUIRE(chain.dwells.first_place.back() > 100'000);
  const ExactValue value = exact_value(chain);
  const double d = std::pow(1.02, -1.0 / 12);
  const Sojourn sojourn = stay_of(law, d, 200'000);
  // away: V = (-1 + d·back·(10 + owner)) / (1 - d·0.7); owner: 35·periods + again·discounted·V
  const double sojourns = 1 - d * 0.7;
  const double owner = (35 * sojourn.periods + again * sojourn.discounted * (-1 + d * back * 10) / sojourns) /
                       (1 - again * sojourn.discounted * d * back / sojourns);
  CHECK_THAT(value.states[0].clv.value(), close_to(owner, 1e-10));
  CHECK_THAT(value.states[1].clv.value(), close_to((-1 + d * back * (10 + owner)) / sojourns, 1e-10));
}

}  // namespace tenure::test::sparse_censoring
