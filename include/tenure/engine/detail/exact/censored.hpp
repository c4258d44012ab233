#pragma once
// Elimination of a discounted chain, state by state, without subtractions. To eliminate a state is to watch the chain
// only while it is elsewhere (censoring): its moves and its reward are passed on to those from which it is entered. The
// diagonal is never stored; it is what leaves a state, so that probabilities of staying close to 1 cost no digits
// (Grassmann, Taksar and Heyman 1985; entrywise error bounds: O'Cinneide 1993).
//
// With referrals what leaves a state may be negative; the elimination is then that of Gauss without pivoting, and all
// of its pivots are positive exactly where the matrix is a non-singular M-matrix (Berman and Plemmons 1994).

#include <algorithm>
#include <utility>

#include <Eigen/Dense>
#include <Eigen/SparseCore>

#include "tenure/quantity/elementary.hpp"

namespace tenure::detail {

using RowMatrix = Eigen::SparseMatrix<double, Eigen::RowMajor>;

/// A chain's moves among the unknowns of a system.
struct DiscountedMoves {
  DoubleDouble multiplier{1};  ///< m
  RowMatrix moves{};           ///< probabilities of moving elsewhere, the diagonal left out
  Eigen::VectorXd leaving{};   ///< probability of moving to where the value is 0
  RowMatrix referred{};        ///< referral rates, the diagonal included
};

/// What leaves each state for good: by discounting and by moving to where the value is 0, less the people it brings.
[[nodiscard]] inline Eigen::VectorXd exits_of(const DiscountedMoves& system) {
  const DoubleDouble shortfall = DoubleDouble{1} - system.multiplier;
  Eigen::VectorXd exits(system.leaving.size());
  for (Eigen::Index i = 0; i < exits.size(); ++i) {
    DoubleDouble referred{0};
    for (RowMatrix::InnerIterator entry(system.referred, i); entry; ++entry)
      referred = referred + DoubleDouble{entry.value()};
    exits[i] = (shortfall + system.multiplier * (DoubleDouble{system.leaving[i]} - referred)).rounded();
  }
  return exits;
}

class CensoredChain {
 public:
  explicit CensoredChain(const DiscountedMoves& system)
      : CensoredChain{Eigen::MatrixXd(system.moves + system.referred) * system.multiplier.rounded(), exits_of(system)} {
  }

  /// Of moves that are discounted already, with what leaves each state for good.
  CensoredChain(Eigen::MatrixXd moves, Eigen::VectorXd exits)
      : moves_(std::move(moves)),
        exits_(std::move(exits)),
        pivots_(exits_.size()),
        adds_only_(exits_.size() == 0 || exits_.minCoeff() >= 0) {
    for (Eigen::Index k = exits_.size(); k-- > 0;) eliminate(k);
  }

  /// Whether a finite, non-negative inverse exists.
  [[nodiscard]] bool is_m_matrix() const { return pivots_.size() == 0 || pivots_.minCoeff() > 0; }
  /// Whether no subtraction was needed, so that every digit but the last few is right.
  [[nodiscard]] bool adds_only() const { return adds_only_; }

  [[nodiscard]] Eigen::VectorXd solve(const Eigen::VectorXd& reward) const {
    Eigen::VectorXd x = reward;
    for (Eigen::Index k = x.size(); k-- > 1;) x.head(k) += moves_.col(k).head(k) * (x[k] / pivots_[k]);
    for (Eigen::Index k = 0; k < x.size(); ++k) x[k] = (x[k] + moves_.row(k).head(k).dot(x.head(k))) / pivots_[k];
    return x;
  }

  /// The same with the transposed inverse: discounted visits to each state, for those who enter.
  [[nodiscard]] Eigen::VectorXd solve_transposed(const Eigen::VectorXd& entering) const {
    Eigen::VectorXd y = entering;
    for (Eigen::Index k = y.size(); k-- > 0;) {
      y[k] /= pivots_[k];
      y.head(k) += moves_.row(k).head(k).transpose() * y[k];
    }
    for (Eigen::Index k = 1; k < y.size(); ++k) y[k] += moves_.col(k).head(k).dot(y.head(k)) / pivots_[k];
    return y;
  }

 private:
  void eliminate(Eigen::Index k) {
    moves_(k, k) = 0;  // whoever comes back to a state has not left it
    pivots_[k] = exits_[k] + moves_.row(k).head(k).sum();
    if (!(pivots_[k] > 0)) return;
    for (Eigen::Index i = 0; i < k; ++i) {
      const double share = moves_(i, k) / pivots_[k];
      if (share == 0) continue;
      moves_.row(i).head(k) += share * moves_.row(k).head(k);
      exits_[i] += share * exits_[k];
    }
  }

  Eigen::MatrixXd moves_;
  Eigen::VectorXd exits_;
  Eigen::VectorXd pivots_;
  bool adds_only_;
};

}  // namespace tenure::detail
