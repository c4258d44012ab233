#pragma once
// (I - M)^-1 for a non-negative matrix M, the fundamental matrix of Kemeny and Snell (1960) wherever M is a discounted
// chain: applied to rewards it gives values for ever. Small systems are factorised densely, large ones solved by a
// preconditioned Krylov method, or by a sparse factorisation where that does not converge; every solution is refined
// with residuals in double-double.
//
// The certificate v = (I - M)^-1 1 decides whether an answer exists at all: v finite and at least 1 proves that the
// spectral radius of M is below 1 (Berman and Plemmons 1994, M-matrices), and max v bounds every error, because
// (I - M)^-1 is then non-negative and v its row sums.

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include <Eigen/Dense>
#include <Eigen/IterativeLinearSolvers>
#include <Eigen/SparseCore>
#include <Eigen/SparseLU>

#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

using RowMatrix = Eigen::SparseMatrix<double, Eigen::RowMajor>;

/// r - (I - M) x, each entry accumulated in double-double.
[[nodiscard]] inline Eigen::VectorXd residual_of(const RowMatrix& matrix, const Eigen::VectorXd& x,
                                                 const Eigen::VectorXd& reward) {
  Eigen::VectorXd residual(x.size());
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    CompensatedSum sum;
    sum.add(reward[i]);
    sum.add(-x[i]);
    for (RowMatrix::InnerIterator entry(matrix, i); entry; ++entry) sum.add_product(entry.value(), x[entry.col()]);
    residual[i] = sum.value();
  }
  return residual;
}

/// The dominant eigenvalue of a non-negative matrix: all eigenvalues where that is cheap, else the power method on
/// (I + M) / 2, which no periodic chain can make oscillate.
[[nodiscard]] inline double spectral_radius(const RowMatrix& matrix) {
  if (matrix.rows() == 0) return 0;
  if (matrix.rows() <= 200) return Eigen::MatrixXd{matrix}.eigenvalues().cwiseAbs().maxCoeff();
  Eigen::VectorXd x = Eigen::VectorXd::Ones(matrix.rows());
  double growth = 0;
  for (int step = 0; step < 20'000; ++step) {
    const Eigen::VectorXd next = (x + matrix * x) / 2;
    const double now = next.maxCoeff() / x.maxCoeff();
    x = next / next.maxCoeff();
    if (step > 50 && std::abs(now - growth) < 1e-15) break;
    growth = now;
  }
  return 2 * growth - 1;
}

struct Solution {
  Eigen::VectorXd value{};
  double error_bound = 0;  ///< on every entry
};

class Resolvent {
 public:
  explicit Resolvent(RowMatrix matrix) : matrix_{std::move(matrix)} {
    if (static_cast<std::size_t>(size()) <= limits::dense_unknowns) {
      Eigen::MatrixXd dense = -Eigen::MatrixXd{matrix_};
      dense.diagonal().array() += 1;
      dense_.compute(dense);
    } else {
      prepare_sparse();
    }
    certify();
  }

  [[nodiscard]] Eigen::Index size() const { return matrix_.rows(); }
  [[nodiscard]] const RowMatrix& matrix() const { return matrix_; }
  /// A bound on the largest row sum of (I - M)^-1; no value if its existence could not be proved.
  [[nodiscard]] const std::optional<double>& largest_row_sum() const { return largest_row_sum_; }

  /// (I - M)^-1 reward, with a bound on the error of every entry. Only where largest_row_sum() has a value.
  [[nodiscard]] Solution solve(const Eigen::VectorXd& reward) const {
    Solution solution{refined(reward), 0};
    solution.error_bound = residual_of(matrix_, solution.value, reward).cwiseAbs().maxCoeff() * largest_row_sum_.value();
    return solution;
  }

 private:
  void prepare_sparse() {
    RowMatrix identity(size(), size());
    identity.setIdentity();
    system_ = std::make_unique<RowMatrix>(identity - matrix_);
    krylov_ = std::make_unique<Krylov>();
    krylov_->preconditioner().setDroptol(1e-4);
    krylov_->preconditioner().setFillfactor(8);
    krylov_->setTolerance(1e-13);
    krylov_->setMaxIterations(2'000);
    krylov_->compute(*system_);
    const Eigen::VectorXd ones = Eigen::VectorXd::Ones(size());
    const Eigen::VectorXd trial = krylov_->solve(ones);
    const bool converged = krylov_->info() == Eigen::Success && trial.allFinite() && trial.minCoeff() > 0.5;
    if (converged) return;
    krylov_.reset();
    factors_ = std::make_unique<Eigen::SparseLU<Eigen::SparseMatrix<double>>>();
    factors_->compute(Eigen::SparseMatrix<double>{*system_});
  }

  [[nodiscard]] Eigen::VectorXd once(const Eigen::VectorXd& reward) const {
    if (krylov_) return krylov_->solve(reward);
    if (!factors_) return dense_.solve(reward);
    return factors_->info() == Eigen::Success ? Eigen::VectorXd{factors_->solve(reward)} : Eigen::VectorXd::Zero(size());
  }

  [[nodiscard]] Eigen::VectorXd refined(const Eigen::VectorXd& reward) const {
    Eigen::VectorXd x = once(reward);
    double least = std::numeric_limits<double>::infinity();
    for (int round = 0; round < 5 && x.allFinite(); ++round) {
      const Eigen::VectorXd residual = residual_of(matrix_, x, reward);
      const double size_now = residual.cwiseAbs().maxCoeff();
      if (!(size_now < least / 2) || size_now == 0) break;
      least = size_now;
      const Eigen::VectorXd better = x + once(residual);
      if (!better.allFinite()) break;
      x = better;
    }
    return x;
  }

  void certify() {
    if (size() == 0) {
      largest_row_sum_ = 0;
      return;
    }
    const Eigen::VectorXd ones = Eigen::VectorXd::Ones(size());
    const Eigen::VectorXd v = refined(ones);
    if (!v.allFinite() || !(v.minCoeff() > 0.999)) return;
    const double defect = residual_of(matrix_, v, ones).cwiseAbs().maxCoeff();
    if (defect < 0.5) largest_row_sum_ = v.maxCoeff() / (1 - defect);
  }

  using Krylov = Eigen::BiCGSTAB<RowMatrix, Eigen::IncompleteLUT<double>>;

  RowMatrix matrix_;
  Eigen::PartialPivLU<Eigen::MatrixXd> dense_{};
  std::unique_ptr<RowMatrix> system_{};
  std::unique_ptr<Krylov> krylov_{};
  std::unique_ptr<Eigen::SparseLU<Eigen::SparseMatrix<double>>> factors_{};
  std::optional<double> largest_row_sum_{};
};

}  // namespace tenure::detail
