#pragma once
// A chain for those who already have a matrix: rows of probabilities and rewards, dense or sparse, no names needed.

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include "tenure/chain/chain.hpp"
#include "tenure/model/findings.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure {

/// What a matrix does not say.
struct MatrixOptions {
  Horizon horizon = infinite_horizon;
  double discount_factor = 1;  ///< per period, above 0
  CashFlowTiming cash_flow_timing = CashFlowTiming::start;
  std::vector<Stage> stages{};           ///< by state; default all servicing
  std::vector<ArrivalGroup> arrivals{};  ///< default nobody
};

using SparseMatrix = Eigen::SparseMatrix<double, Eigen::RowMajor>;

namespace detail {

struct MatrixRows {
  Pattern pattern{};
  std::vector<double> value{};
};

[[nodiscard]] inline MatrixRows rows_of(const SparseMatrix& matrix) {
  MatrixRows rows;
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    for (SparseMatrix::InnerIterator entry(matrix, i); entry; ++entry) {
      if (entry.value() == 0) continue;
      rows.pattern.successor.push_back(static_cast<StateIndex>(entry.col()));
      rows.value.push_back(entry.value());
    }
    rows.pattern.first.push_back(static_cast<std::uint32_t>(rows.pattern.successor.size()));
  }
  return rows;
}

[[nodiscard]] inline std::vector<Problem> check_shapes(const SparseMatrix& matrix, const Eigen::VectorXd& reward,
                                                       const MatrixOptions& options) {
  Findings found;
  const Eigen::Index size = matrix.rows();
  if (size == 0 || matrix.cols() != size) {
    found.error("matrix-shape", "matrix", std::to_string(size) + " rows and " + std::to_string(matrix.cols()) + " columns",
                "give a square matrix with at least one state");
  }
  if (reward.size() != size) {
    found.error("matrix-shape", "reward", std::to_string(reward.size()) + " rewards for " + std::to_string(size) + " states",
                "give one reward for each state");
  }
  if (!options.stages.empty() && options.stages.size() != static_cast<std::size_t>(size)) {
    found.error("matrix-shape", "stages", "there are not as many stages as states", "give one for each, or none");
  }
  if (!(options.discount_factor > 0 && std::isfinite(options.discount_factor))) {
    found.error("discount-factor", "discount_factor", shortest(options.discount_factor) + " is no factor per period",
                "give a finite number above 0");
  }
  if (options.horizon && *options.horizon < 0) found.error("horizon", "horizon", "it is negative", "give at least 0 periods");
  for (const ArrivalGroup& group : options.arrivals) {
    if (group.state >= static_cast<std::size_t>(size)) found.error("unknown-state", "arrivals", "there is no such state");
  }
  return found.errors;
}

/// Each row must sum to 1 within 1e-9, and is rescaled to do so.
[[nodiscard]] inline std::pair<MatrixRows, std::vector<Problem>> check_and_rescale(MatrixRows rows) {
  Findings found;
  for (std::size_t i = 0; i + 1 < rows.pattern.first.size(); ++i) {
    const std::string path = "matrix row " + std::to_string(i);
    CompensatedSum sum;
    for (std::size_t k = rows.pattern.first[i]; k < rows.pattern.first[i + 1]; ++k) {
      if (!(rows.value[k] >= 0 && rows.value[k] <= 1 + 1e-9)) {
        found.error("probability", path, shortest(rows.value[k]) + " is not a probability", "give a number from 0 to 1");
      }
      sum.add(rows.value[k]);
    }
    if (!(std::abs(sum.value() - 1) <= 1e-9)) {
      found.error("row-sum", path, "it sums to " + shortest(sum.value()), "each row must sum to 1");
    }
    for (std::size_t k = rows.pattern.first[i]; k < rows.pattern.first[i + 1]; ++k) rows.value[k] /= sum.value();
  }
  return {std::move(rows), std::move(found.errors)};
}

}  // namespace detail

/// A chain constant in time. Row i of `matrix` (states × states) holds the probabilities of moving from state i in one
/// period; reward[i] is the cash flow of a period spent in state i. Throws ModelError with every problem.
[[nodiscard]] inline Chain chain_from_matrix(const SparseMatrix& matrix, const Eigen::VectorXd& reward,
                                             MatrixOptions options = {}) {
  std::vector<Problem> problems = detail::check_shapes(matrix, reward, options);
  auto [rows, row_problems] = detail::check_and_rescale(detail::rows_of(matrix));
  for (Problem& problem : row_problems) problems.push_back(std::move(problem));
  for (Eigen::Index i = 0; i < reward.size(); ++i) {
    if (std::abs(reward[i]) <= limits::amount) continue;
    problems.push_back({"number", "reward " + std::to_string(i), shortest(reward[i]) + " is out of range",
                        "give a finite amount of at most 1e90", {}});
  }
  if (!problems.empty()) throw ModelError{std::move(problems)};
  const auto size = static_cast<std::size_t>(reward.size());
  Chain chain;
  chain.horizon = options.horizon;
  chain.discount_factor = options.discount_factor;
  chain.cash_flow_timing = options.cash_flow_timing;
  chain.stages = options.stages.empty() ? std::vector<Stage>(size, Stage::servicing) : std::move(options.stages);
  chain.transition_cash_flow = Timeline<std::vector<double>>{std::vector<double>(rows.value.size(), 0.0)};
  chain.transitions = std::move(rows.pattern);
  chain.probability = Timeline<std::vector<double>>{std::move(rows.value)};
  chain.cash_flow = Timeline<std::vector<double>>{std::vector<double>(reward.begin(), reward.end())};
  chain.spend = Timeline<std::vector<double>>{std::vector<double>(size, 0.0)};
  chain.referrals.first.assign(size + 1, 0);
  chain.referral_rate = Timeline<std::vector<double>>{std::vector<double>{}};
  for (const ArrivalGroup& group : options.arrivals) chain.channels = std::max(chain.channels, group.channel + 1);
  chain.arrivals = std::move(options.arrivals);
  return chain;
}

/// The same for a dense matrix.
[[nodiscard]] inline Chain chain_from_matrix(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& reward,
                                             MatrixOptions options = {}) {
  return chain_from_matrix(SparseMatrix{matrix.sparseView(1.0, 0.0)}, reward, std::move(options));
}

}  // namespace tenure
