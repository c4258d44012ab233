#pragma once
// What an optimiser of spend looks at: customer equity and what each lever spends, in present value, as functions of
// the spend levels, with exact slopes; and the limits that spend must keep. It works in levels rather than in shares of
// a budget, so that nothing needs to be solved for before a value is known.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Dense>

#include "tenure/chain/detail/model_gradient.hpp"
#include "tenure/decide/equity_gradient.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/gradient.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

inline constexpr double no_limit = std::numeric_limits<double>::infinity();

/// Levers whose spend together, in present value, is bounded.
struct SpendBound {
  std::vector<std::size_t> levers{};
  double at_least = 0;
  double at_most = no_limit;
};

[[nodiscard]] inline bool is_on(const SpendBound& bound, std::size_t lever) {
  return std::find(bound.levers.begin(), bound.levers.end(), lever) != bound.levers.end();
}

/// The first bound is the budget: that of all levers.
struct SpendProblem {
  Model model;
  SpendPieces pieces = one_piece;  ///< what is a lever here, is a piece of one in the model where there are several
  std::vector<SpendBound> bounds{};
  std::vector<double> cost{};        ///< by lever, of a unit of its level, see costs_of(); 0: nobody is ever there
  std::vector<bool> needs_others{};  ///< by lever, whether somebody is there only where others are spent on
  std::vector<double> enough{};      ///< by lever, the level from which on its effects are all but complete
  std::vector<double> size{};        ///< by lever, money that takes it a good part of the way
  double scale = 1;                  ///< present value of spend that matters: amounts are measured in it
  Interrupted interrupted{};         ///< may be asked in any thread

  [[nodiscard]] std::size_t levers() const { return cost.size(); }
  [[nodiscard]] std::size_t lever_of(std::size_t of_problem) const { return of_problem / pieces.size(); }
  [[nodiscard]] double budget() const { return bounds.front().at_most; }
};

/// What a plan is worth, and what it spends by lever.
struct SpendOutcome {
  double equity = 0;
  std::vector<double> spend{};

  [[nodiscard]] double investment() const { return spend_on_all(); }
  [[nodiscard]] double spend_on_all() const {
    CompensatedSum sum;
    for (const double each : spend) sum.add(each);
    return sum.value();
  }
  [[nodiscard]] double spend_on(const SpendBound& bound) const {
    CompensatedSum sum;
    for (const std::size_t l : bound.levers) sum.add(spend[l]);
    return sum.value();
  }
};

/// Whether a level costs something in a plan. Where nobody is there it does not, and could be of any size: it must be
/// 0, since what costs nothing in its time may carry over into another.
[[nodiscard]] inline std::vector<bool> usable_in(const SpendProblem& problem, const Spending& levels) {
  std::vector<bool> usable;
  for (const double cost : problem.cost) usable.push_back(cost > 0);
  if (std::none_of(problem.needs_others.begin(), problem.needs_others.end(), [](bool needs) { return needs; }))
    return usable;
  const std::vector<double> cost = cost_per_level(
      scenario_chain(problem.model, levels, problem.pieces, problem.interrupted).chain, problem.interrupted);
  for (std::size_t k = 0; k < cost.size(); ++k) usable[k] = usable[k] && cost[k] > 0;
  return usable;
}

/// No value where influences on one row cannot be combined: such levers exclude each other.
[[nodiscard]] inline std::optional<SpendOutcome> outcome_of(const SpendProblem& problem, const Spending& levels) {
  try {
    const ExactValue value =
        exact_value(scenario_chain(problem.model, levels, problem.pieces, problem.interrupted).chain,
                    {.trace = false, .interrupted = problem.interrupted});
    return SpendOutcome{value.business.value().customer_equity, value.investment.by_stream};
  } catch (const ModelError&) {
    return std::nullopt;
  }
}

/// Slopes by level: of the equity, and of the spend under each bound.
struct SpendGradient {
  Eigen::VectorXd equity{};
  Eigen::MatrixXd spend{};  ///< a column for each bound
};

/// The chain in which these levers' spend is all that flows.
[[nodiscard]] inline Chain spending_of_levers(const CompilePlan& plan, const Chain& chain,
                                              const std::vector<std::size_t>& levers) {
  Chain only = spending_only(chain);
  if (levers.size() == chain.spend_streams.size()) return only;
  for (std::size_t s = 0; s < only.spend_streams.size(); ++s) {
    if (std::find(levers.begin(), levers.end(), s) == levers.end()) only.spend_streams[s].level = 0;
  }
  only.spend = compile_spend(plan, only.spend_streams);
  return only;
}

/// The gradient of what these levers spend by all levels.
[[nodiscard]] inline Eigen::VectorXd gradient_of_spend(const CompilePlan& plan, const Chain& chain,
                                                       const std::vector<std::size_t>& levers,
                                                       const Interrupted& interrupted) {
  ChainGradient derivatives = gradient(spending_of_levers(plan, chain, levers), interrupted);
  const ChainGradient flat = flat_gradient(chain);
  derivatives.cash_flow = flat.cash_flow;
  derivatives.transition_cash_flow = flat.transition_cash_flow;
  for (std::size_t s = 0; s < derivatives.spend_level.size(); ++s) {
    if (std::find(levers.begin(), levers.end(), s) == levers.end()) derivatives.spend_level[s] = 0;
  }
  const std::vector<double> written = parameter_gradient(plan, chain, derivatives, true).spend_level;
  return -Eigen::Map<const Eigen::VectorXd>{written.data(), static_cast<Eigen::Index>(written.size())};
}

[[nodiscard]] inline Spending with_traces(const SpendProblem& problem, Spending levels) {
  const Spending traces = with_traces(problem.model, Spending(problem.model.levers().size(), 0.0));
  for (std::size_t k = 0; k < levels.size(); ++k) {
    const bool is_off = !(levels[k] > 0) && problem.cost[k] > 0;
    if (is_off) levels[k] = traces[problem.lever_of(k)];
  }
  return levels;
}

/// Levers without spend get a trace of it, so that their slopes are those to the right of 0; where `all` is false they
/// are left as they are, and their slopes are 0.
[[nodiscard]] inline SpendGradient gradient_at(const SpendProblem& problem, const Spending& levels, bool all) {
  const Spending traced = all ? with_traces(problem, levels) : levels;
  const ScenarioChain compiled = scenario_chain(problem.model, traced, problem.pieces, problem.interrupted);
  const CompilePlan plan =
      make_plan(problem.model, traced, {compiled.points, TypesFor::computing}, {.pieces = problem.pieces});
  const ChainGradient derivatives = gradient(compiled.chain, problem.interrupted);
  const std::vector<double> equity = parameter_gradient(plan, compiled.chain, derivatives, true).spend_level;
  const auto levers = static_cast<Eigen::Index>(equity.size());
  SpendGradient result{Eigen::Map<const Eigen::VectorXd>{equity.data(), levers},
                       Eigen::MatrixXd{levers, static_cast<Eigen::Index>(problem.bounds.size())}};
  for (std::size_t b = 0; b < problem.bounds.size(); ++b) {
    result.spend.col(static_cast<Eigen::Index>(b)) =
        gradient_of_spend(plan, compiled.chain, problem.bounds[b].levers, problem.interrupted);
  }
  return result;
}

/// The effective spend from which on a curve has gone 99 % of the way or more.
[[nodiscard]] inline double enough_for(const LeverEffect& effect) {
  if (effect.curve.shape == ResponseShape::table) return effect.curve.points.back().spend;
  double half = value_of(effect.half_spend);
  for (const double scheduled : effect.half_spend.schedule) half = std::max(half, scheduled);
  if (effect.curve.shape == ResponseShape::exponential) return 10 * half;
  return half * power(99.0, 1 / effect.curve.steepness);
}

[[nodiscard]] inline double enough_for(const Lever& lever) {
  double most = 0;
  for (const LeverEffect& effect : lever.effects) most = std::max(most, enough_for(effect));
  return most;
}

/// The effective spend at which the slowest effect of a lever has gone half the way.
[[nodiscard]] inline double half_way(const Lever& lever) {
  double half = 0;
  for (const LeverEffect& effect : lever.effects) {
    const bool is_table = effect.curve.shape == ResponseShape::table;
    half = std::max(half, is_table ? effect.curve.points.back().spend / 2 : value_of(effect.half_spend));
  }
  return half;
}

struct LevelCosts {
  std::vector<double> cost{};
  std::vector<bool> needs_others{};
};

/// What a unit of each level costs where nothing is spent; of levers on whose states nobody comes then, what it costs
/// where others are spent on, who may bring somebody there.
[[nodiscard]] inline LevelCosts costs_of(const Model& model, const SpendPieces& pieces,
                                         const Interrupted& interrupted) {
  const std::size_t count = model.levers().size() * pieces.size();
  const auto cost_at = [&](const Spending& levels) {
    return cost_per_level(scenario_chain(model, levels, pieces, interrupted).chain, interrupted);
  };
  LevelCosts costs{cost_at(Spending(count, 0.0)), std::vector<bool>(count, false)};
  const auto fill_in = [&](const Spending& levels) {
    const std::vector<double> other = cost_at(levels);
    for (std::size_t k = 0; k < count; ++k) {
      costs.needs_others[k] = costs.needs_others[k] || (costs.cost[k] == 0 && other[k] > 0);
      costs.cost[k] = costs.cost[k] > 0 ? costs.cost[k] : other[k];
    }
  };
  if (std::all_of(costs.cost.begin(), costs.cost.end(), [](double each) { return each > 0; })) return costs;
  Spending all(count, 0.0);
  for (std::size_t k = 0; k < count; ++k) all[k] = half_way(model.levers()[k / pieces.size()]);
  try {
    fill_in(all);
  } catch (const ModelError&) {  // some of them exclude each other
    for (std::size_t k = 0; k < count; ++k) {
      Spending alone(count, 0.0);
      alone[k] = all[k];
      fill_in(alone);
    }
  }
  return costs;
}

[[nodiscard]] inline SpendProblem problem_of(const Model& model, SpendPieces pieces, std::vector<SpendBound> bounds,
                                             const Interrupted& interrupted = uninterrupted) {
  SpendProblem problem{
      .model = model, .pieces = std::move(pieces), .bounds = std::move(bounds), .interrupted = interrupted};
  LevelCosts costs = costs_of(model, problem.pieces, interrupted);
  problem.cost = std::move(costs.cost);
  problem.needs_others = std::move(costs.needs_others);
  double most = 0;
  for (std::size_t l = 0; l < problem.cost.size(); ++l) {
    problem.enough.push_back(enough_for(model.levers()[problem.lever_of(l)]));
    most += problem.enough[l] * problem.cost[l];
  }
  problem.scale = std::min(problem.budget(), most);
  if (!(problem.scale > 0)) problem.scale = most > 0 ? most : 1;
  for (std::size_t l = 0; l < problem.cost.size(); ++l) {
    const double part_of_the_way = 4 * half_way(model.levers()[problem.lever_of(l)]) * problem.cost[l];
    problem.size.push_back(part_of_the_way > 0 ? std::min(problem.scale, part_of_the_way) : problem.scale);
  }
  return problem;
}

}  // namespace tenure::detail
