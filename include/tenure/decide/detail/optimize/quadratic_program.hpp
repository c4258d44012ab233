#pragma once
// A small convex quadratic program, by the dual method of Goldfarb and Idnani (1983): from the minimum without
// constraints, violated constraints are added one by one, and those dropped whose multiplier would turn negative. It
// needs no feasible point to start from, and tells where there is none. Sizes are those of levers, some dozens at most,
// so that each step solves its small system anew.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include <Eigen/Dense>

namespace tenure::detail {

/// Minimise ½ d'Hd + g'd over normals'd >= bounds; H is positive definite, a column of `normals` is one constraint.
struct QuadraticProgram {
  Eigen::MatrixXd hessian{};
  Eigen::VectorXd gradient{};
  Eigen::MatrixXd normals{};
  Eigen::VectorXd bounds{};
};

struct QuadraticMinimum {
  Eigen::VectorXd step{};
  Eigen::VectorXd multipliers{};  ///< one for each constraint, >= 0
};

/// The constraints that hold with equality, and how a step along a further one changes their multipliers.
class ActiveConstraints {
 public:
  explicit ActiveConstraints(const QuadraticProgram& program) : program_{program}, hessian_{program.hessian} {}

  [[nodiscard]] Eigen::VectorXd over_hessian(const Eigen::VectorXd& vector) const { return hessian_.solve(vector); }
  [[nodiscard]] bool holds(Eigen::Index constraint) const {
    return std::find(active.begin(), active.end(), constraint) != active.end();
  }

  struct Direction {
    Eigen::VectorXd primal{};
    Eigen::VectorXd dual{};
  };
  [[nodiscard]] Direction towards(Eigen::Index constraint) const {
    const Eigen::VectorXd free = over_hessian(program_.normals.col(constraint));
    const auto count = static_cast<Eigen::Index>(active.size());
    if (count == 0) return {free, Eigen::VectorXd{0}};
    Eigen::MatrixXd held(program_.normals.rows(), count);
    for (Eigen::Index k = 0; k < count; ++k) held.col(k) = program_.normals.col(active[static_cast<std::size_t>(k)]);
    const Eigen::MatrixXd held_over_hessian = hessian_.solve(held);
    const Eigen::VectorXd dual = (held.transpose() * held_over_hessian).ldlt().solve(held.transpose() * free);
    return {free - held_over_hessian * dual, dual};
  }

  std::vector<Eigen::Index> active{};
  std::vector<double> multiplier{};

 private:
  const QuadraticProgram& program_;
  Eigen::LLT<Eigen::MatrixXd> hessian_;
};

/// Brings one violated constraint to hold with equality; false where that is impossible.
[[nodiscard]] inline bool satisfy(const QuadraticProgram& program, Eigen::Index constraint, ActiveConstraints& held,
                                  Eigen::VectorXd& step) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Eigen::VectorXd normal = program.normals.col(constraint);
  double own = 0;
  for (Eigen::Index round = 0; round <= 2 * program.normals.cols(); ++round) {
    const ActiveConstraints::Direction direction = held.towards(constraint);
    double until_drop = infinity;
    std::size_t dropped = 0;
    for (std::size_t k = 0; k < held.active.size(); ++k) {
      const double falls = direction.dual[static_cast<Eigen::Index>(k)];
      if (falls > 0 && held.multiplier[k] / falls < until_drop) {
        until_drop = held.multiplier[k] / falls;
        dropped = k;
      }
    }
    const double gain = direction.primal.dot(normal);
    const bool moves = gain > 1e-13 * normal.dot(held.over_hessian(normal));
    const double until_met = moves ? (program.bounds[constraint] - normal.dot(step)) / gain : infinity;
    const double length = std::min(until_drop, until_met);
    if (!std::isfinite(length)) return false;
    if (moves) step += length * direction.primal;
    own += length;
    for (std::size_t k = 0; k < held.active.size(); ++k) {
      held.multiplier[k] = std::max(0.0, held.multiplier[k] - length * direction.dual[static_cast<Eigen::Index>(k)]);
    }
    if (until_met <= until_drop) {
      held.active.push_back(constraint);
      held.multiplier.push_back(own);
      return true;
    }
    held.active.erase(held.active.begin() + static_cast<std::ptrdiff_t>(dropped));
    held.multiplier.erase(held.multiplier.begin() + static_cast<std::ptrdiff_t>(dropped));
  }
  return false;
}

/// No value where no step meets all constraints.
[[nodiscard]] inline std::optional<QuadraticMinimum> minimum_of(const QuadraticProgram& program) {
  ActiveConstraints held{program};
  QuadraticMinimum minimum{-held.over_hessian(program.gradient), Eigen::VectorXd::Zero(program.bounds.size())};
  for (Eigen::Index round = 0; round < 20 * (program.bounds.size() + 1); ++round) {
    Eigen::Index worst = -1;
    double violation = 1e-14;
    for (Eigen::Index c = 0; c < program.bounds.size(); ++c) {
      const double size = std::max(1.0, std::abs(program.bounds[c]));
      const double missing = (program.bounds[c] - program.normals.col(c).dot(minimum.step)) / size;
      if (!held.holds(c) && missing > violation) {
        violation = missing;
        worst = c;
      }
    }
    if (worst < 0) {
      for (std::size_t k = 0; k < held.active.size(); ++k) minimum.multipliers[held.active[k]] = held.multiplier[k];
      return minimum;
    }
    if (!satisfy(program, worst, held, minimum.step)) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace tenure::detail
