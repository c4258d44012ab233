#pragma once
// Linear systems of a discounted chain, x = reward + m (P x + ρ x): with the fundamental matrix (I - m (P + ρ))^-1 of
// Kemeny and Snell (1960), applied to rewards, they give values for ever. Small systems are eliminated state by state
// (censored.hpp); of large ones as much as costs nothing (sparse_censoring.hpp), what is left of them like a small one
// or, if that is still large, by a Krylov method (van der Vorst 1992), preconditioned by an incomplete factorisation
// (Saad 1994) that is made all but complete where it does not converge otherwise. Large ones are refined with residuals
// in double-double, written so that the probability of staying never enters:
//
//   reward_i - (1 - m) x_i - m Σ_{j≠i} p_ij (x_i - x_j) + m Σ_k ρ_ik x_k.
//
// The certificate v, the solution for a reward of 1 everywhere, decides whether an answer exists at all: v finite and
// at least 1 proves that the spectral radius of m (P + ρ) is below 1 (Berman and Plemmons 1994, M-matrices), and max v
// bounds every error, because the inverse is then non-negative and v its row sums.

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include <Eigen/Dense>
#include <Eigen/IterativeLinearSolvers>
#include <Eigen/SparseCore>

#include "tenure/engine/detail/exact/censored.hpp"
#include "tenure/engine/detail/exact/sparse_censoring.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/interruption.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

/// reward - (I - m (P + ρ)) x, each entry accumulated in double-double.
[[nodiscard]] inline Eigen::VectorXd residual_of(const DiscountedMoves& system, const Eigen::VectorXd& x,
                                                 const Eigen::VectorXd& reward) {
  const DoubleDouble shortfall = DoubleDouble{1} - system.multiplier;
  Eigen::VectorXd residual(x.size());
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    DoubleDouble flow = two_product(system.leaving[i], x[i]);
    for (RowMatrix::InnerIterator entry(system.moves, i); entry; ++entry) {
      flow = flow + two_sum(x[i], -x[entry.col()]) * DoubleDouble{entry.value()};
    }
    for (RowMatrix::InnerIterator entry(system.referred, i); entry; ++entry) {
      flow = flow - two_product(entry.value(), x[entry.col()]);
    }
    residual[i] = (DoubleDouble{reward[i]} - shortfall * DoubleDouble{x[i]} - system.multiplier * flow).rounded();
  }
  return residual;
}

/// I less discounted moves, its diagonal from what leaves a state rather than from what stays.
[[nodiscard]] inline RowMatrix matrix_of(const RowMatrix& moves, const Eigen::VectorXd& exits) {
  RowMatrix diagonal(exits.size(), exits.size());
  diagonal.reserve(Eigen::VectorXi::Constant(exits.size(), 1));
  for (Eigen::Index i = 0; i < exits.size(); ++i) {
    double leaves = exits[i];
    for (RowMatrix::InnerIterator entry(moves, i); entry; ++entry) leaves += entry.value();
    diagonal.insert(i, i) = leaves;
  }
  return diagonal - moves;
}

/// The spectral radius of a small non-negative matrix from the growth of its powers, by repeated squaring:
/// radius = lim |B^n|^(1/n), with B = (I + M) / 2, which no periodic chain can make oscillate.
[[nodiscard]] inline double spectral_radius_by_squaring(const RowMatrix& matrix) {
  Eigen::MatrixXd power = Eigen::MatrixXd{matrix} / 2;
  power.diagonal().array() += 0.5;
  double log_size = 0;  // of B^(2^k), in units of 2^k
  double weight = 1;
  for (int squaring = 0; squaring < 48; ++squaring) {
    const double size = power.cwiseAbs().rowwise().sum().maxCoeff();
    log_size += weight * tenure::logarithm(size);
    power /= size;
    power = (power * power).eval();
    weight /= 2;
  }
  return 2 * tenure::exponential(log_size) - 1;
}

/// The dominant eigenvalue of a non-negative matrix, by the power method where it is large.
[[nodiscard]] inline double spectral_radius(const RowMatrix& matrix) {
  if (matrix.rows() == 0) return 0;
  if (static_cast<std::size_t>(matrix.rows()) <= limits::dense_unknowns) return spectral_radius_by_squaring(matrix);
  Eigen::VectorXd x = Eigen::VectorXd::Ones(matrix.rows());
  double growth = 0;
  const int most_steps =
      static_cast<int>(std::clamp(2e9 / static_cast<double>(matrix.nonZeros() + 1), 200.0, 20'000.0));
  for (int step = 0; step < most_steps; ++step) {
    const Eigen::VectorXd next = (x + matrix * x) / 2;
    const double now = next.maxCoeff() / x.maxCoeff();
    x = next / next.maxCoeff();
    if (step > 50 && std::abs(now - growth) < 1e-15) break;
    growth = now;
  }
  return 2 * growth - 1;
}

[[nodiscard]] inline RowMatrix identity_less(const RowMatrix& matrix) {
  RowMatrix identity(matrix.rows(), matrix.cols());
  identity.setIdentity();
  return identity - matrix;
}

struct Solution {
  Eigen::VectorXd value{};
  double error_bound = 0;  ///< on every entry
};

/// A preconditioner that asks in every step of the iteration whether it goes on.
class HeedingPreconditioner : public Eigen::IncompleteLUT<double> {
 public:
  Interrupted interrupted{};

  template <class Right>
  [[nodiscard]] auto solve(const Right& right) const {
    heed(interrupted);
    return Eigen::IncompleteLUT<double>::solve(right);
  }
};

/// A large sparse system, solved by iteration.
class IteratedSystem {
 public:
  IteratedSystem(RowMatrix matrix, const Interrupted& interrupted) : matrix_{std::move(matrix)} {
    solver_.preconditioner().interrupted = interrupted;
    solver_.setTolerance(1e-13);
    solver_.setMaxIterations(2'000);
    for (const Preconditioning& attempt : {Preconditioning{1e-4, 8}, Preconditioning{1e-14, 1000}}) {
      heed(interrupted);
      solver_.preconditioner().setDroptol(attempt.negligible);
      solver_.preconditioner().setFillfactor(attempt.fill);
      solver_.compute(matrix_);
      converges_ = converges();
      if (converges_) return;
    }
  }
  IteratedSystem(const IteratedSystem&) = delete;  // the solver refers to the matrix
  IteratedSystem& operator=(const IteratedSystem&) = delete;

  /// Not finite where the iteration does not converge.
  [[nodiscard]] Eigen::VectorXd solve(const Eigen::VectorXd& right) const {
    if (!converges_) return Eigen::VectorXd::Constant(right.size(), std::numeric_limits<double>::quiet_NaN());
    return solver_.solve(right);
  }

 private:
  struct Preconditioning {
    double negligible = 0;  ///< entries below this share of their row are dropped
    int fill = 1;           ///< how often as many entries as the matrix has may be kept
  };

  [[nodiscard]] bool converges() const {
    const Eigen::VectorXd trial = solver_.solve(Eigen::VectorXd::Ones(matrix_.rows()));
    return solver_.info() == Eigen::Success && trial.allFinite();
  }

  RowMatrix matrix_;
  Eigen::BiCGSTAB<RowMatrix, HeedingPreconditioner> solver_{};
  bool converges_ = false;
};

class Resolvent {
 public:
  explicit Resolvent(DiscountedMoves system, const Interrupted& interrupted = uninterrupted)
      : system_{std::move(system)}, interrupted_{interrupted} {
    if (static_cast<std::size_t>(size()) <= limits::dense_unknowns)
      censored_.emplace(system_);
    else
      prepare_sparse(interrupted);
    certify();
  }

  [[nodiscard]] Eigen::Index size() const { return system_.leaving.size(); }
  /// The factor by which discounted value grows per period.
  [[nodiscard]] double growth_factor() const { return spectral_radius(identity_less(matrix())); }
  /// A bound on the largest row sum of the inverse; no value if its existence could not be proved.
  [[nodiscard]] const std::optional<double>& largest_row_sum() const { return largest_row_sum_; }

  /// The solution for a reward, with a bound on the error of every entry. Only where largest_row_sum() has a value.
  [[nodiscard]] Solution solve(const Eigen::VectorXd& reward) const {
    Solution solution{refined(reward), 0};
    if (censored_ && censored_->adds_only()) {
      const double size_squared = static_cast<double>(size()) * static_cast<double>(size());
      solution.error_bound = 4 * size_squared * 0x1p-52 * censored_->solve(reward.cwiseAbs()).maxCoeff();
    } else {
      solution.error_bound =
          residual_of(system_, solution.value, reward).cwiseAbs().maxCoeff() * largest_row_sum_.value();
    }
    return solution;
  }

  /// y with (I - m (P + ρ))' y = entering: discounted visits to each state. Only where largest_row_sum() has a value.
  [[nodiscard]] Eigen::VectorXd solve_transposed(const Eigen::VectorXd& entering) const {
    if (censored_ && censored_->adds_only()) return censored_->solve_transposed(entering);
    if (censored_) {
      return refined_transposed(entering, [&](const Eigen::VectorXd& right) -> Eigen::VectorXd {
        return censored_->solve_transposed(right);
      });
    }
    if (core_) {
      return refined_transposed(entering, [&](const Eigen::VectorXd& right) -> Eigen::VectorXd {
        return outside_->solve_transposed(
            right, [&](const Eigen::VectorXd& of_core) { return core_->solve_transposed(of_core); });
      });
    }
    const IteratedSystem transposed{core_matrix_.transpose(), interrupted_};
    return refined_transposed(entering, [&](const Eigen::VectorXd& right) -> Eigen::VectorXd {
      return outside_->solve_transposed(
          right, [&](const Eigen::VectorXd& of_core) -> Eigen::VectorXd { return transposed.solve(of_core); });
    });
  }

 private:
  /// I - m (P + ρ).
  [[nodiscard]] RowMatrix matrix() const {
    return matrix_of((system_.moves + system_.referred) * system_.multiplier.rounded(), exits_of(system_));
  }

  template <class Solve>
  [[nodiscard]] Eigen::VectorXd refined_transposed(const Eigen::VectorXd& entering, Solve solve) const {
    const RowMatrix whole = matrix();
    Eigen::VectorXd y = solve(entering);
    for (int round = 0; round < 3; ++round) y += solve(entering - whole.transpose() * y);
    return y;
  }

  void prepare_sparse(const Interrupted& interrupted) {
    outside_.emplace(system_, limits::dense_unknowns, interrupted);
    if (static_cast<std::size_t>(outside_->core_size()) <= limits::dense_unknowns) {
      core_.emplace(Eigen::MatrixXd{outside_->core_moves()}, outside_->core_exits());
      return;
    }
    core_matrix_ = matrix_of(outside_->core_moves(), outside_->core_exits());
    iterated_ = std::make_unique<IteratedSystem>(core_matrix_, interrupted);
  }

  [[nodiscard]] bool is_m_matrix() const {
    if (censored_) return censored_->is_m_matrix();
    return outside_->is_m_matrix() && (!core_ || core_->is_m_matrix());
  }

  [[nodiscard]] Eigen::VectorXd once(const Eigen::VectorXd& reward) const {
    if (censored_) return censored_->solve(reward);
    return outside_->solve(reward, [&](const Eigen::VectorXd& of_core) -> Eigen::VectorXd {
      return core_ ? core_->solve(of_core) : iterated_->solve(of_core);
    });
  }

  /// Solved, then corrected for what the residual says is missing, until no entry changes any more. Small entries
  /// settle later than large ones, whose rounding the factors spread over all.
  [[nodiscard]] Eigen::VectorXd refined(const Eigen::VectorXd& reward) const {
    constexpr int most_rounds = 20;
    constexpr double root_of_unit = 0x1p-27;  // after so small a correction the next one would be lost in rounding
    Eigen::VectorXd x = once(reward);
    if (censored_ && censored_->adds_only()) return x;  // to the last few bits already
    double least = std::numeric_limits<double>::infinity();
    for (int round = 0; round < most_rounds && x.allFinite(); ++round) {
      const Eigen::VectorXd residual = residual_of(system_, x, reward);
      const double missing = residual.cwiseAbs().maxCoeff();
      if (missing == 0 || missing > 2 * least) break;
      least = std::min(least, missing);
      const Eigen::VectorXd correction = once(residual);
      if (!correction.allFinite()) break;
      x += correction;
      if ((correction.array().abs() <= root_of_unit * x.array().abs()).all()) break;
    }
    return x;
  }

  void certify() {
    if (size() == 0) {
      largest_row_sum_ = 0;
      return;
    }
    if (!is_m_matrix()) return;
    const Eigen::VectorXd ones = Eigen::VectorXd::Ones(size());
    const Eigen::VectorXd v = refined(ones);
    if (!v.allFinite() || !(v.minCoeff() > 0.999)) return;
    if (censored_ && censored_->adds_only()) {
      largest_row_sum_ = v.maxCoeff();
      return;
    }
    const double defect = residual_of(system_, v, ones).cwiseAbs().maxCoeff();
    if (defect < 0.5) largest_row_sum_ = v.maxCoeff() / (1 - defect);
  }

  DiscountedMoves system_;
  std::optional<CensoredChain> censored_{};   ///< the whole of a small system
  std::optional<SparseCensoring> outside_{};  ///< of a large one all but its core
  std::optional<CensoredChain> core_{};       ///< if it is small
  RowMatrix core_matrix_{};                   ///< if it is not
  std::unique_ptr<IteratedSystem> iterated_{};
  Interrupted interrupted_{};
  std::optional<double> largest_row_sum_{};
};

}  // namespace tenure::detail
