#pragma once
// The bodies of tenure/decide/budget.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <Eigen/Dense>

#include "tenure/decide/budget.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

namespace detail {

/// What each lever's spend is worth today at given levels, less what it should be.
class BudgetEquation {
 public:
  BudgetEquation(const Model& model, const BudgetSplit& plan, const Interrupted& interrupted)
      : model_{model}, interrupted_{interrupted}, target_(model.levers().size(), 0.0) {
    for (std::size_t l = 0; l < target_.size(); ++l) {
      const auto share = plan.split.find(model.levers()[l].name);
      if (share != plan.split.end()) target_[l] = share->second * plan.budget;
      if (target_[l] > 0) funded_.push_back(l);
    }
    budget_ = plan.budget;
  }

  [[nodiscard]] const std::vector<std::size_t>& funded() const { return funded_; }
  [[nodiscard]] double target(std::size_t lever) const { return target_[lever]; }
  [[nodiscard]] double budget() const { return budget_; }

  [[nodiscard]] std::vector<double> cost_per_level_at(const Spending& spending) const {
    return cost_per_level(scenario_chain(model_, spending, one_piece, interrupted_).chain, interrupted_);
  }

  /// (level·cost - share of the target) / budget for each funded lever; no value where the cost is infinite.
  [[nodiscard]] std::optional<Eigen::VectorXd> miss(const Spending& spending, double share) const {
    try {
      const std::vector<double> cost = cost_per_level_at(spending);
      Eigen::VectorXd miss(static_cast<Eigen::Index>(funded_.size()));
      for (std::size_t k = 0; k < funded_.size(); ++k) {
        const std::size_t l = funded_[k];
        miss[static_cast<Eigen::Index>(k)] = (spending[l] * cost[l] - share * target_[l]) / budget_;
      }
      return miss;
    } catch (const DivergentError&) {
      return std::nullopt;
    }
  }

 private:
  const Model& model_;
  const Interrupted& interrupted_;
  std::vector<double> target_;
  std::vector<std::size_t> funded_{};
  double budget_ = 0;
};

/// Slopes of the misses by the funded levels, from differences over a millionth of each level.
[[nodiscard]] inline std::optional<Eigen::MatrixXd> gradient_of_miss(const BudgetEquation& equation,
                                                                     const Spending& spending,
                                                                     const Eigen::VectorXd& miss, double share) {
  Eigen::MatrixXd gradient(miss.size(), miss.size());
  for (Eigen::Index k = 0; k < miss.size(); ++k) {
    Spending nudged = spending;
    double& level = nudged[equation.funded()[static_cast<std::size_t>(k)]];
    const double before = level;
    level *= 1 + 1e-6;
    const auto there = equation.miss(nudged, share);
    if (!there) return std::nullopt;
    gradient.col(k) = (*there - miss) / (level - before);
  }
  return gradient;
}

/// Levels that come nearer by one step of Newton's method; no level falls below a quarter or grows beyond fourfold.
[[nodiscard]] inline Spending step_towards(const BudgetEquation& equation, Spending spending,
                                           const Eigen::VectorXd& step) {
  for (Eigen::Index k = 0; k < step.size(); ++k) {
    double& level = spending[equation.funded()[static_cast<std::size_t>(k)]];
    level = std::clamp(level - step[k], level / 4, level * 4);
  }
  return spending;
}

/// Levels that spend this share of the budget, found from a guess; no value if the search does not get there.
[[nodiscard]] inline std::optional<Spending> solve_from(const BudgetEquation& equation, Spending guess, double share) {
  constexpr double good_enough = 1e-11;  // of the budget; rounding usually allows far less
  std::optional<Spending> best;
  double least = good_enough;
  for (int round = 0; round < 60; ++round) {
    const auto miss = equation.miss(guess, share);
    if (!miss || !miss->allFinite()) break;
    const double size = miss->cwiseAbs().maxCoeff();
    if (best && !(size < least)) break;
    if (size < least) {
      best = guess;
      least = size;
      if (size < 1e-15) break;
    }
    const auto gradient = gradient_of_miss(equation, guess, *miss, share);
    if (!gradient) break;
    const Eigen::VectorXd step = gradient->partialPivLu().solve(*miss);
    if (!step.allFinite()) break;
    guess = step_towards(equation, std::move(guess), step);
  }
  return best;
}

[[nodiscard]] inline Spending scaled(Spending spending, double factor) {
  for (double& level : spending) level *= factor;
  return spending;
}

/// Follows the levels from nothing towards the whole budget: the levels if they get there, else the largest share that
/// can be spent.
[[nodiscard]] inline std::pair<std::optional<Spending>, double> approach(const BudgetEquation& equation,
                                                                         const Spending& first) {
  Spending reached = scaled(first, 1e-3);
  double low = 0;
  double high = 1;
  double step = 0.5;
  if (const auto start = solve_from(equation, reached, 1e-3)) {
    reached = *start;
    low = 1e-3;
  }
  while (low > 0 && step > 1e-7) {
    const double next = std::min(high, low + step);
    const auto there = solve_from(equation, scaled(reached, next / low), next);
    if (!there) {
      step /= 2;
      continue;
    }
    if (next >= 1) return {there, 1};
    reached = *there;
    low = next;
  }
  return {std::nullopt, low};
}

[[nodiscard]] inline std::string lever_list(const Model& model, const std::vector<std::size_t>& levers) {
  std::string text;
  for (const std::size_t l : levers) text += (text.empty() ? "" : ", ") + in_quotes(model.levers()[l].name);
  return text;
}

[[noreturn]] inline void refuse_budget(const Model& model, const Scenario& scenario, const BudgetEquation& equation,
                                       double share) {
  throw ModelError{{{"budget-not-spendable",
                     "",
                     "the scenario " + in_quotes(scenario.name) + " cannot spend its budget of " +
                         shortest(equation.budget()) + " on " + lever_list(model, equation.funded()) + " in this split",
                     share > 0 ? "the largest budget that can be spent this way is about " +
                                     shortest(std::floor(share * equation.budget()))
                               : "nobody is ever there to spend it on",
                     {}}}};
}

[[nodiscard]] inline Spending solve_budget(const Model& model, const Scenario& scenario, const BudgetSplit& plan,
                                           const Interrupted& interrupted) {
  const BudgetEquation equation{model, plan, interrupted};
  Spending first(model.levers().size(), 0.0);
  if (equation.funded().empty()) return first;
  const std::vector<double> cost = equation.cost_per_level_at(first);
  for (const std::size_t l : equation.funded()) {
    if (!(cost[l] > 0))
      throw ModelError{{{"budget-not-spendable",
                         "",
                         "the scenario " + in_quotes(scenario.name) + " gives " + shortest(equation.target(l)) +
                             " to " + in_quotes(model.levers()[l].name) + ", on which nothing can be spent",
                         "its largest budget is 0: nobody is ever in its states while it runs",
                         {}}}};
    first[l] = equation.target(l) / cost[l];
  }
  if (auto levels = solve_from(equation, first, 1)) return std::move(*levels);
  auto [levels, share] = approach(equation, first);
  if (!levels) refuse_budget(model, scenario, equation, share);
  return std::move(*levels);
}

}  // namespace detail

TENURE_INLINE Spending spending_for(const Model& model, const Scenario& scenario, const Interrupted& interrupted) {
  if (const auto* levels = std::get_if<SpendLevels>(&scenario.plan)) return spending_of(model, *levels);
  return detail::solve_budget(model, scenario, std::get<BudgetSplit>(scenario.plan), interrupted);
}

}  // namespace tenure
