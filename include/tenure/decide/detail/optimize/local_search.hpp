#pragma once
// From a good plan to the best one near it: sequential quadratic programming with exact slopes (Han 1977, Powell 1978).
// Each step minimises a quadratic model of the negative equity, whose curvature is learnt from the gradient seen so
// far, under the bounds on spend as they run here; a line search on equity less a penalty for overspending decides how
// far to go. Amounts are measured in the problem's scale, and each level in the money that takes its lever a good part
// of the way, whatever the budget and the other levers' sizes.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <Eigen/Dense>

#include "tenure/decide/detail/optimize/optimality.hpp"
#include "tenure/decide/detail/optimize/quadratic_program.hpp"
#include "tenure/decide/detail/optimize/spend_problem.hpp"

namespace tenure::detail {

/// What a bound is overrun or undercut by, in the problem's scale; 0 or less where it is kept.
[[nodiscard]] inline double overrun(const SpendProblem& problem, const SpendBound& bound, const SpendOutcome& outcome) {
  return std::isfinite(bound.at_most) ? (outcome.spend_on(bound) - bound.at_most) / problem.scale : -no_limit;
}
[[nodiscard]] inline double shortfall(const SpendProblem& problem, const SpendBound& bound,
                                      const SpendOutcome& outcome) {
  return bound.at_least > 0 ? (bound.at_least - outcome.spend_on(bound)) / problem.scale : -no_limit;
}
[[nodiscard]] inline double worst_violation(const SpendProblem& problem, const SpendOutcome& outcome) {
  double worst = 0;
  for (const SpendBound& bound : problem.bounds) {
    worst = std::max({worst, overrun(problem, bound, outcome), shortfall(problem, bound, outcome)});
  }
  return worst;
}

/// One run of the local search.
class LocalSearch {
 public:
  LocalSearch(const SpendProblem& problem, SpendPlan start) : problem_{problem}, plan_{std::move(start)} {
    for (std::size_t l = 0; l < problem.levers(); ++l) {
      if (problem.cost[l] > 0) levers_.push_back(l);
    }
    penalty_.assign(problem.bounds.size(), 0.0);
    look();
    forget_curvature();
  }

  [[nodiscard]] std::pair<SpendPlan, Optimality> run(int most_rounds = 200) {
    for (int round = 0; round < most_rounds && size() > 0; ++round) {
      const std::optional<QuadraticMinimum> step = next_step(curvature_, radius_, {});
      if (!step || !(step->step.cwiseAbs().maxCoeff() > 1e-13)) break;
      if (round % 4 == 3 && optimality().residual < 1e-8 && worst_violation(problem_, plan_.outcome) < 1e-12) break;
      raise_penalties(*step);
      if (!advance(*step)) {
        if (!has_learnt_ && radius_ < 1e-9) break;
        if (!has_learnt_) radius_ *= 0.1;
        forget_curvature();
      }
    }
    return {plan_, optimality()};
  }

  /// The conditions where the plan is now.
  [[nodiscard]] Optimality optimality() const { return optimality_of(problem_, plan_, derivatives_, levers_); }

 private:
  [[nodiscard]] Eigen::Index size() const { return static_cast<Eigen::Index>(levers_.size()); }
  [[nodiscard]] double unit(Eigen::Index k) const {
    const std::size_t l = levers_[static_cast<std::size_t>(k)];
    return problem_.size[l] / problem_.cost[l];
  }
  [[nodiscard]] double level(Eigen::Index k) const { return plan_.levels[levers_[static_cast<std::size_t>(k)]]; }

  /// Nothing is known yet: a lever's return is spent within its size.
  void forget_curvature() {
    curvature_ = Eigen::MatrixXd::Zero(size(), size());
    for (Eigen::Index k = 0; k < size(); ++k)
      curvature_(k, k) = problem_.size[levers_[static_cast<std::size_t>(k)]] / problem_.scale;
    has_learnt_ = false;
  }

  /// Slopes at the plan; where levers exclude each other, of those that are in it. Where a level would cost nothing,
  /// since nobody is there, it is left alone.
  void look() {
    const std::size_t had = levers_.size();
    try {
      derivatives_ = gradient_at(problem_, plan_.levels, true);
    } catch (const ModelError&) {
      derivatives_ = gradient_at(problem_, plan_.levels, false);
      std::erase_if(levers_, [&](std::size_t l) { return !(plan_.levels[l] > 0); });
    }
    const std::vector<bool> usable = usable_in(problem_, plan_.levels);
    std::erase_if(levers_, [&](std::size_t l) { return !usable[l]; });
    if (levers_.size() != had) forget_curvature();
    gradient_.resize(size());
    spend_.resize(size(), static_cast<Eigen::Index>(problem_.bounds.size()));
    for (Eigen::Index k = 0; k < size(); ++k) {
      const auto l = static_cast<Eigen::Index>(levers_[static_cast<std::size_t>(k)]);
      gradient_[k] = -derivatives_.equity[l] * unit(k) / problem_.scale;
      spend_.row(k) = derivatives_.spend.row(l) * (unit(k) / problem_.scale);
    }
  }

  /// The step of the quadratic model within a radius. `correction` adds to each bound's overrun what its course bends.
  [[nodiscard]] std::optional<QuadraticMinimum> next_step(const Eigen::MatrixXd& curvature, double radius,
                                                          const Eigen::VectorXd& correction) const {
    const auto bounds = static_cast<Eigen::Index>(problem_.bounds.size());
    QuadraticProgram program{curvature, gradient_, Eigen::MatrixXd::Zero(size(), 2 * bounds + 2 * size()),
                             Eigen::VectorXd::Constant(2 * bounds + 2 * size(), -1e30)};
    for (Eigen::Index b = 0; b < bounds; ++b) {
      const SpendBound& bound = problem_.bounds[static_cast<std::size_t>(b)];
      const double bent = correction.size() > 0 ? correction[b] : 0;
      program.normals.col(2 * b) = -spend_.col(b);
      program.normals.col(2 * b + 1) = spend_.col(b);
      if (std::isfinite(bound.at_most)) program.bounds[2 * b] = overrun(problem_, bound, plan_.outcome) + bent;
      if (bound.at_least > 0) program.bounds[2 * b + 1] = shortfall(problem_, bound, plan_.outcome) - bent;
    }
    for (Eigen::Index k = 0; k < size(); ++k) {
      program.normals(k, 2 * bounds + 2 * k) = 1;
      program.normals(k, 2 * bounds + 2 * k + 1) = -1;
      program.bounds[2 * bounds + 2 * k] = std::max(-radius, -level(k) / unit(k));
      if (std::isfinite(radius)) program.bounds[2 * bounds + 2 * k + 1] = -radius;
    }
    // where the bounds cannot be met within the radius, they are approached
    const Eigen::VectorXd wanted = program.bounds;
    for (const double part : {1.0, 0.5, 0.1, 0.0}) {
      for (Eigen::Index c = 0; c < 2 * bounds; ++c) program.bounds[c] = wanted[c] > 0 ? part * wanted[c] : wanted[c];
      if (auto minimum = minimum_of(program)) return minimum;
    }
    return std::nullopt;
  }

  void raise_penalties(const QuadraticMinimum& step) {
    for (std::size_t b = 0; b < penalty_.size(); ++b) {
      const auto k = static_cast<Eigen::Index>(2 * b);
      const double price = std::max(step.multipliers[k], step.multipliers[k + 1]);
      penalty_[b] = std::max(1.5 * price, (penalty_[b] + price) / 2);
    }
  }

  /// Negative equity with its penalties, in the problem's scale.
  [[nodiscard]] double merit(const SpendOutcome& outcome) const {
    double value = -outcome.equity / problem_.scale;
    for (std::size_t b = 0; b < penalty_.size(); ++b) {
      const double worst =
          std::max(overrun(problem_, problem_.bounds[b], outcome), shortfall(problem_, problem_.bounds[b], outcome));
      value += penalty_[b] * std::max(0.0, worst);
    }
    return value;
  }

  [[nodiscard]] std::optional<SpendPlan> moved(const Eigen::VectorXd& step) const {
    SpendPlan next{plan_.levels, {}};
    for (Eigen::Index k = 0; k < size(); ++k) {
      double& to = next.levels[levers_[static_cast<std::size_t>(k)]];
      to = std::max(0.0, to + step[k] * unit(k));
      if (to < 1e-12 * unit(k)) to = 0;
    }
    auto outcome = outcome_of(problem_, next.levels);
    if (!outcome) return std::nullopt;
    next.outcome = std::move(*outcome);
    return next;
  }

  /// The step, corrected for how the bounds bend on its way (Fletcher 1982): without that it may look too long.
  [[nodiscard]] Eigen::VectorXd corrected(const Eigen::VectorXd& step, const SpendPlan& there) const {
    Eigen::VectorXd bent(static_cast<Eigen::Index>(problem_.bounds.size()));
    for (Eigen::Index b = 0; b < bent.size(); ++b) {
      const SpendBound& bound = problem_.bounds[static_cast<std::size_t>(b)];
      const double change = (there.outcome.spend_on(bound) - plan_.outcome.spend_on(bound)) / problem_.scale;
      bent[b] = change - spend_.col(b).dot(step);
    }
    const auto again = next_step(curvature_, radius_, bent);
    return again ? again->step : step;
  }

  /// Goes along a step as far as it helps; false if nowhere.
  [[nodiscard]] bool advance(const QuadraticMinimum& minimum) {
    const double before = merit(plan_.outcome);
    const double noise = 1e-14 * (std::abs(before) + 1);
    double promised = gradient_.dot(minimum.step);
    for (std::size_t b = 0; b < penalty_.size(); ++b) {
      promised -= penalty_[b] * std::max({0.0, overrun(problem_, problem_.bounds[b], plan_.outcome),
                                          shortfall(problem_, problem_.bounds[b], plan_.outcome)});
    }
    Eigen::VectorXd step = minimum.step;
    double length = 1;
    for (int tries = 0; tries < 12; ++tries) {
      std::optional<SpendPlan> next = moved(length * step);
      const auto helps = [&] {
        return next && merit(next->outcome) <= before + std::min(0.0, 1e-4 * length * promised) + noise;
      };
      if (tries == 0 && next && !helps()) {
        const Eigen::VectorXd other = corrected(step, *next);
        if (std::optional<SpendPlan> bent = moved(other); bent && merit(bent->outcome) < merit(next->outcome)) {
          next = std::move(bent);
        }
      }
      if (helps()) {
        accept(std::move(*next), minimum);
        const bool at_edge = minimum.step.cwiseAbs().maxCoeff() > 0.99 * radius_;
        if (length == 1 && at_edge) radius_ = std::min(1e6, 2 * radius_);
        if (length < 0.5) radius_ = std::max(1e-10, length * minimum.step.cwiseAbs().maxCoeff());
        return true;
      }
      length *= tries == 0 ? 0.5 : 0.25;
    }
    return false;
  }

  /// Takes the plan over, and learns the curvature of the Lagrangian from the gradient there (Powell's damped update).
  void accept(SpendPlan next, const QuadraticMinimum& minimum) {
    Eigen::VectorXd step(size());
    for (Eigen::Index k = 0; k < size(); ++k) {
      const std::size_t l = levers_[static_cast<std::size_t>(k)];
      step[k] = (next.levels[l] - plan_.levels[l]) / unit(k);
    }
    const auto slope_of_lagrangian = [&] {
      Eigen::VectorXd slope = gradient_;
      for (std::size_t b = 0; b < problem_.bounds.size(); ++b) {
        const auto column = static_cast<Eigen::Index>(b);
        slope += (minimum.multipliers[2 * column] - minimum.multipliers[2 * column + 1]) * spend_.col(column);
      }
      return slope;
    };
    const Eigen::VectorXd before = slope_of_lagrangian();
    plan_ = std::move(next);
    const Eigen::Index had = size();
    look();
    if (size() != had) return;
    const Eigen::VectorXd change = slope_of_lagrangian() - before;
    const double length = step.squaredNorm();
    if (!(length > 0)) return;
    if (!has_learnt_) {
      const double seen = step.dot(change) / step.dot(curvature_ * step);
      curvature_ *= seen > 0 ? std::clamp(seen, 1e-3, 1e12) : 1;
      has_learnt_ = true;
    }
    const Eigen::VectorXd bent = curvature_ * step;
    const double model = step.dot(bent);
    const double seen = step.dot(change);
    const double damping = seen >= 0.2 * model ? 1 : 0.8 * model / (model - seen);
    const Eigen::VectorXd taken = damping * change + (1 - damping) * bent;
    curvature_ += taken * taken.transpose() / step.dot(taken) - bent * bent.transpose() / model;
    const bool sound = curvature_.allFinite() && Eigen::LLT<Eigen::MatrixXd>{curvature_}.info() == Eigen::Success;
    if (!sound) forget_curvature();
  }

  const SpendProblem& problem_;
  SpendPlan plan_;
  std::vector<std::size_t> levers_{};  ///< those that are moved
  SpendGradient derivatives_{};
  Eigen::VectorXd gradient_{};  ///< of the negative equity
  Eigen::MatrixXd spend_{};     ///< of the spend, a column for each bound
  Eigen::MatrixXd curvature_{};
  bool has_learnt_ = false;  ///< whether the curvature is one that was seen
  std::vector<double> penalty_{};
  double radius_ = 0.25;
};

/// Amounts kept to the last unit: a plan that overspends by rounding is scaled down.
[[nodiscard]] inline SpendPlan within_budget(const SpendProblem& problem, SpendPlan plan) {
  for (int round = 0; round < 50; ++round) {
    const double spent = plan.outcome.investment();
    if (!(spent > problem.budget()) || spent > problem.budget() * (1 + 1e-6)) break;
    const double factor = problem.budget() / spent * (1 - 1e-15 * (1 << std::min(round, 20)));
    for (double& level : plan.levels) level *= factor;
    if (auto outcome = outcome_of(problem, plan.levels)) plan.outcome = std::move(*outcome);
  }
  return plan;
}

}  // namespace tenure::detail
