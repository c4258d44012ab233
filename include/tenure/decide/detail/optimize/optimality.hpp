#pragma once
// What shows that a plan is the best one near it, by the conditions of Karush (1939), Kuhn and Tucker (1951): what one
// more unit of money brings on a lever is paid for by the bounds that hold it. The prices of those bounds are fitted to
// the returns of all levers that are spent on, by least squares; they are 0 or more, and high enough that no lever that
// is off would be worth switching on by its first unit. Where several prices fit, the budget's is the lowest: one more
// unit of budget then really brings it.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

#include <Eigen/Dense>

#include "tenure/decide/detail/optimize/quadratic_program.hpp"
#include "tenure/decide/detail/optimize/spend_problem.hpp"

namespace tenure::detail {

/// A plan that was looked at: its levels, and what they come to.
struct SpendPlan {
  Spending levels{};
  SpendOutcome outcome{};
};

/// How far a plan is from the conditions, and the prices of its bounds.
struct Optimality {
  double residual = no_limit;   ///< by how much a return misses what its bounds say, as a share of the largest return,
                                ///< or of the money itself where none is as large
  std::vector<double> price{};  ///< by bound: net value of one more unit of money there; of a floor, of one unit less
};

/// Whether a bound holds with equality, from above or from below: to a millionth of itself, or to what the search can
/// tell at all.
[[nodiscard]] inline bool is_at(const SpendProblem& problem, double spend, double bound) {
  return std::abs(spend - bound) <= std::max(1e-6 * bound, 1e-10 * problem.scale);
}
[[nodiscard]] inline bool is_at_most(const SpendProblem& problem, const SpendBound& bound,
                                     const SpendOutcome& outcome) {
  return std::isfinite(bound.at_most) && is_at(problem, outcome.spend_on(bound), bound.at_most);
}
[[nodiscard]] inline bool is_at_least(const SpendProblem& problem, const SpendBound& bound,
                                      const SpendOutcome& outcome) {
  return bound.at_least > 0 && is_at(problem, outcome.spend_on(bound), bound.at_least);
}

/// What one more unit of money on a lever is worth, net of itself; no value where its level costs nothing.
[[nodiscard]] inline std::optional<double> marginal_return_at(const SpendGradient& gradient, std::size_t lever) {
  const auto k = static_cast<Eigen::Index>(lever);
  if (!(gradient.spend(k, 0) > 0)) return std::nullopt;
  const double marginal = gradient.equity[k] / gradient.spend(k, 0);
  return std::isfinite(marginal) ? std::optional{marginal} : std::nullopt;
}

/// A bound that holds with equality; a floor costs what a ceiling would bring.
struct HoldingBound {
  std::size_t bound = 0;
  double sign = 1;
};

[[nodiscard]] inline std::vector<HoldingBound> holding_bounds(const SpendProblem& problem,
                                                              const SpendOutcome& outcome) {
  std::vector<HoldingBound> holding;
  for (std::size_t b = 0; b < problem.bounds.size(); ++b) {
    if (is_at_most(problem, problem.bounds[b], outcome)) holding.push_back({b, 1});
    if (is_at_least(problem, problem.bounds[b], outcome)) holding.push_back({b, -1});
  }
  return holding;
}

/// Returns by lever, and what a unit of money on it takes of each holding bound.
struct ReturnsAndBounds {
  std::vector<double> returns{};
  std::vector<bool> is_on{};
  Eigen::MatrixXd takes{};  ///< a row for each lever
  double largest = 1;       ///< of the returns' sizes, the money itself included
};

[[nodiscard]] inline ReturnsAndBounds returns_and_bounds(const SpendPlan& plan, const SpendGradient& gradient,
                                                         const std::vector<std::size_t>& levers,
                                                         const std::vector<HoldingBound>& holding) {
  ReturnsAndBounds all;
  all.takes.resize(static_cast<Eigen::Index>(levers.size()), static_cast<Eigen::Index>(holding.size()));
  for (const std::size_t l : levers) {
    const std::optional<double> marginal = marginal_return_at(gradient, l);
    if (!marginal) continue;
    const auto k = static_cast<Eigen::Index>(all.returns.size());
    for (std::size_t h = 0; h < holding.size(); ++h) {
      const auto b = static_cast<Eigen::Index>(holding[h].bound);
      const auto row = static_cast<Eigen::Index>(l);
      all.takes(k, static_cast<Eigen::Index>(h)) = holding[h].sign * gradient.spend(row, b) / gradient.spend(row, 0);
    }
    all.returns.push_back(*marginal);
    all.is_on.push_back(plan.levels[l] > 0);
    all.largest = std::max(all.largest, std::abs(*marginal));
  }
  all.takes.conservativeResize(static_cast<Eigen::Index>(all.returns.size()), Eigen::NoChange);
  return all;
}

/// The prices of the holding bounds, as shares of the largest return.
[[nodiscard]] inline Eigen::VectorXd fitted_prices(const ReturnsAndBounds& all,
                                                   const std::vector<HoldingBound>& holding) {
  constexpr double ridge = 1e-12;
  constexpr double lowest = 1e-9;  // how strongly the budget's price is drawn to the lowest that fits
  const auto count = static_cast<Eigen::Index>(holding.size());
  const auto levers = static_cast<Eigen::Index>(all.returns.size());
  QuadraticProgram program{Eigen::MatrixXd::Identity(count, count) * ridge, Eigen::VectorXd::Zero(count),
                           Eigen::MatrixXd::Zero(count, count + levers), Eigen::VectorXd::Zero(count + levers)};
  program.normals.leftCols(count).setIdentity();
  if (holding.front().bound == 0) program.gradient[0] = lowest;
  for (Eigen::Index k = 0; k < levers; ++k) {
    const Eigen::VectorXd takes = all.takes.row(k).transpose();
    const double marginal = all.returns[static_cast<std::size_t>(k)] / all.largest;
    if (all.is_on[static_cast<std::size_t>(k)]) {
      program.hessian += takes * takes.transpose();
      program.gradient -= marginal * takes;
      program.bounds[count + k] = -1e30;
    } else {
      program.normals.col(count + k) = takes;
      program.bounds[count + k] = marginal;
    }
  }
  if (const auto minimum = minimum_of(program)) return minimum->step.cwiseMax(0.0);
  program.bounds.tail(levers).setConstant(-1e30);  // a lever that is off is worth more than any price allows
  const auto minimum = minimum_of(program);
  return minimum ? Eigen::VectorXd{minimum->step.cwiseMax(0.0)} : Eigen::VectorXd{Eigen::VectorXd::Zero(count)};
}

/// The conditions at a plan, of those levers whose spend can be moved.
[[nodiscard]] inline Optimality optimality_of(const SpendProblem& problem, const SpendPlan& plan,
                                              const SpendGradient& gradient, const std::vector<std::size_t>& levers) {
  Optimality optimality{0, std::vector<double>(problem.bounds.size(), 0.0)};
  const std::vector<HoldingBound> holding = holding_bounds(problem, plan.outcome);
  const ReturnsAndBounds all = returns_and_bounds(plan, gradient, levers, holding);
  Eigen::VectorXd prices = holding.empty() ? Eigen::VectorXd{} : fitted_prices(all, holding);
  for (std::size_t k = 0; k < all.returns.size(); ++k) {
    const double paid = prices.size() > 0 ? all.takes.row(static_cast<Eigen::Index>(k)).dot(prices) : 0;
    const double missed = all.returns[k] / all.largest - paid;
    optimality.residual = std::max(optimality.residual, all.is_on[k] ? std::abs(missed) : std::max(0.0, missed));
  }
  for (std::size_t h = 0; h < holding.size(); ++h) {
    optimality.price[holding[h].bound] += prices[static_cast<Eigen::Index>(h)] * all.largest;
  }
  return optimality;
}

}  // namespace tenure::detail
