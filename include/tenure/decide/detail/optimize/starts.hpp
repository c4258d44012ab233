#pragma once
// Where to begin: response curves that are S-shaped make equity a landscape of many hills, on which a polish climbs the
// nearest one only. A lattice over all splits of the budget, money left over included, is looked at, and each point
// from which no neighbour is better becomes a start.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "tenure/decide/detail/optimize/local_search.hpp"
#include "tenure/decide/detail/optimize/side_by_side.hpp"
#include "tenure/decide/detail/optimize/spend_problem.hpp"

namespace tenure::detail {

/// Present value of spend by lever.
using MoneySplit = std::vector<double>;

[[nodiscard]] inline double sum_of(const MoneySplit& money, const std::vector<std::size_t>& levers) {
  double sum = 0;
  for (const std::size_t l : levers) sum += money[l];
  return sum;
}

/// A split that keeps the bounds, as far as scaling and filling up can do it.
[[nodiscard]] inline MoneySplit bounded(const SpendProblem& problem, MoneySplit money) {
  for (std::size_t l = 0; l < money.size(); ++l) {
    if (!(problem.cost[l] > 0)) money[l] = 0;
  }
  for (const SpendBound& bound : problem.bounds) {
    const double sum = sum_of(money, bound.levers);
    if (sum < bound.at_least) {
      const double each = (bound.at_least - sum) / static_cast<double>(bound.levers.size());
      for (const std::size_t l : bound.levers) money[l] += problem.cost[l] > 0 ? each : 0;
    }
    if (sum > bound.at_most) {
      for (const std::size_t l : bound.levers) money[l] *= bound.at_most / sum;
    }
  }
  return money;
}

/// Whether a plan that is only a start may overspend a little.
enum class Budgeting : bool { about, strict };

/// A plan that spends about this much on each lever, and strictly not more than the budget. What a level costs depends
/// on all levels, so it is asked again a few times. No value where levers exclude each other.
[[nodiscard]] inline std::optional<SpendPlan> plan_for(const SpendProblem& problem, const MoneySplit& wanted,
                                                       Budgeting budgeting) {
  constexpr double near = 4e-3;
  const MoneySplit money = bounded(problem, wanted);
  std::vector<double> cost = problem.cost;
  SpendPlan plan{Spending(money.size(), 0.0), {}};
  for (int round = 0; round < 10; ++round) {
    for (std::size_t l = 0; l < money.size(); ++l) plan.levels[l] = money[l] > 0 ? money[l] / cost[l] : 0;
    auto outcome = outcome_of(problem, plan.levels);
    if (!outcome) return std::nullopt;
    plan.outcome = std::move(*outcome);
    double miss = 0;
    for (std::size_t l = 0; l < money.size(); ++l) {
      if (!(money[l] > 0) || !(plan.outcome.spend[l] > 0)) continue;
      miss = std::max(miss, std::abs(plan.outcome.spend[l] - money[l]) / problem.scale);
      const double now = plan.outcome.spend[l] / plan.levels[l];
      cost[l] = round < 3 ? now : std::sqrt(now * cost[l]);
    }
    if (miss < near) break;
  }
  const bool is_strict = budgeting == Budgeting::strict;
  for (int round = 0; is_strict && round < 60 && plan.outcome.investment() > problem.budget(); ++round) {
    const double factor = problem.budget() / plan.outcome.investment() * (1 - 1e-12 * (1 << std::min(round, 30)));
    for (double& level : plan.levels) level *= factor;
    auto outcome = outcome_of(problem, plan.levels);
    if (!outcome) return std::nullopt;
    plan.outcome = std::move(*outcome);
  }
  return plan;
}

/// Plans for all these splits, side by side.
[[nodiscard]] inline std::vector<std::optional<SpendPlan>> plans_for(const SpendProblem& problem,
                                                                     const std::vector<MoneySplit>& splits,
                                                                     const SearchEffort& effort) {
  return side_by_side<std::optional<SpendPlan>>(
      splits.size(), effort, [&](std::size_t k) { return plan_for(problem, splits[k], Budgeting::about); });
}

[[nodiscard]] inline std::vector<std::size_t> usable_levers(const SpendProblem& problem) {
  std::vector<std::size_t> usable;
  for (std::size_t l = 0; l < problem.levers(); ++l) {
    if (problem.cost[l] > 0) usable.push_back(l);
  }
  return usable;
}

/// Levels that are held, and others that are scaled by a factor from 0 to `most`.
struct LevelRay {
  Spending held{};
  Spending scaled{};
  double most = 1;
};

[[nodiscard]] inline std::optional<SpendPlan> plan_at(const SpendProblem& problem, const LevelRay& ray, double factor) {
  SpendPlan plan{ray.held, {}};
  for (std::size_t l = 0; l < plan.levels.size(); ++l) plan.levels[l] += factor * ray.scaled[l];
  auto outcome = outcome_of(problem, plan.levels);
  if (!outcome) return std::nullopt;
  plan.outcome = std::move(*outcome);
  return plan;
}

/// The plan furthest along a ray that keeps the budget, nearly, by false position; where what is held is too much
/// already, that is scaled down. No value where levers exclude each other.
[[nodiscard]] inline std::optional<SpendPlan> plan_along(const SpendProblem& problem, const LevelRay& ray) {
  constexpr double near = 5e-3;
  auto high = plan_at(problem, ray, ray.most);
  if (!high || high->outcome.investment() <= problem.budget()) return high;
  auto low = plan_at(problem, ray, 0);
  if (!low) return std::nullopt;
  if (low->outcome.investment() > problem.budget()) {
    if (std::all_of(ray.held.begin(), ray.held.end(), [](double level) { return level == 0; })) return low;
    return plan_along(problem, {Spending(ray.held.size(), 0.0), ray.held, 1});
  }
  double below = 0;
  double above = ray.most;
  double over = high->outcome.investment() - problem.budget();
  for (int round = 0; round < 12; ++round) {
    const double under = problem.budget() - low->outcome.investment();
    if (under <= near * problem.budget()) break;
    const double part = std::clamp(under / (under + over) * (1 - 0.2 * near), 0.05, 0.95);
    const double factor = below + (above - below) * part;
    auto next = plan_at(problem, ray, factor);
    if (!next) return std::nullopt;
    const double spent = next->outcome.investment();
    if (spent <= problem.budget()) {
      low = std::move(next);
      below = factor;
      over /= 2;  // Illinois: the other end is trusted less each time that it stays
    } else {
      above = factor;
      over = spent - problem.budget();
    }
  }
  return low;
}

[[nodiscard]] inline double half_way(const SpendProblem& problem, std::size_t of_problem) {
  return half_way(problem.model.levers()[problem.lever_of(of_problem)]);
}

/// Which of the usable levers are spent on.
using LeverSet = std::vector<bool>;

/// A plan in which the levers of a set have gone equally far, each measured by what takes it half the way, as far as
/// the budget lets them.
[[nodiscard]] inline LevelRay equally_far(const SpendProblem& problem, const std::vector<std::size_t>& usable,
                                          const LeverSet& set) {
  constexpr double furthest = 3;
  LevelRay ray{Spending(problem.levers(), 0.0), Spending(problem.levers(), 0.0), furthest};
  for (std::size_t k = 0; k < usable.size(); ++k) {
    if (set[k]) ray.scaled[usable[k]] = half_way(problem, usable[k]);
  }
  return ray;
}

struct SetPlan {
  LeverSet set{};
  SpendPlan plan{};
};

/// Plans for these sets, the best first.
[[nodiscard]] inline std::vector<SetPlan> plans_of_sets(const SpendProblem& problem, const std::vector<LeverSet>& sets,
                                                        const SearchEffort& effort) {
  const std::vector<std::size_t> usable = usable_levers(problem);
  auto found = side_by_side<std::optional<SpendPlan>>(
      sets.size(), effort, [&](std::size_t k) { return plan_along(problem, equally_far(problem, usable, sets[k])); });
  std::vector<SetPlan> plans;
  for (std::size_t k = 0; k < sets.size(); ++k) {
    if (found[k]) plans.push_back({sets[k], std::move(*found[k])});
  }
  std::stable_sort(plans.begin(), plans.end(),
                   [](const SetPlan& a, const SetPlan& b) { return a.plan.outcome.equity > b.plan.outcome.equity; });
  return plans;
}

inline constexpr std::size_t few_levers = 7;  ///< so many that every set of them is looked at

/// All sets with one lever more than these, each once.
[[nodiscard]] inline std::vector<LeverSet> grown(const std::vector<SetPlan>& plans) {
  std::vector<LeverSet> sets;
  for (const SetPlan& each : plans) {
    for (std::size_t k = 0; k < each.set.size(); ++k) {
      if (each.set[k]) continue;
      LeverSet more = each.set;
      more[k] = true;
      if (std::find(sets.begin(), sets.end(), more) == sets.end()) sets.push_back(std::move(more));
    }
  }
  return sets;
}

/// For each set of few levers, and for the best sets of each size of many, a plan in which its levers have gone equally
/// far; the best first. S-shaped levers are worth their money from about half the way on, however much money that is.
[[nodiscard]] inline std::vector<SpendPlan> plans_by_set(const SpendProblem& problem, const SearchEffort& effort) {
  constexpr std::size_t kept_of_a_size = 10;
  const std::size_t levers = usable_levers(problem).size();
  std::vector<SetPlan> all;
  std::vector<SetPlan> of_this_size{{LeverSet(levers, false), {}}};
  for (std::size_t size = 1; size <= levers; ++size) {
    of_this_size = plans_of_sets(problem, grown(of_this_size), effort);
    if (levers > few_levers && of_this_size.size() > kept_of_a_size) of_this_size.resize(kept_of_a_size);
    all.insert(all.end(), of_this_size.begin(), of_this_size.end());
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const SetPlan& a, const SetPlan& b) { return a.plan.outcome.equity > b.plan.outcome.equity; });
  std::vector<SpendPlan> plans;
  for (SetPlan& each : all) plans.push_back(std::move(each.plan));
  return plans;
}

/// How many units go to each lever; those not given are left over.
using LatticePoint = std::vector<int>;

/// The largest number of units whose lattice has at most so many points.
[[nodiscard]] inline int units_for(std::size_t levers, double most_points) {
  int units = 1;
  double points = 1 + static_cast<double>(levers);
  while (units < 12) {
    const double more = points * (static_cast<double>(levers) + units + 1) / (units + 1);
    if (more > most_points) break;
    points = more;
    ++units;
  }
  return units;
}

inline void add_lattice_points(std::vector<LatticePoint>& points, LatticePoint& point, std::size_t lever, int left) {
  if (lever == point.size()) {
    points.push_back(point);
    return;
  }
  for (int k = 0; k <= left; ++k) {
    point[lever] = k;
    add_lattice_points(points, point, lever + 1, left - k);
  }
  point[lever] = 0;
}

[[nodiscard]] inline std::vector<LatticePoint> lattice(std::size_t levers, int units) {
  std::vector<LatticePoint> points;
  LatticePoint point(levers, 0);
  add_lattice_points(points, point, 0, units);
  return points;
}

/// Whether no point that differs by one unit, moved or saved or spent, is worth more.
[[nodiscard]] inline bool is_summit(const LatticePoint& point, double equity,
                                    const std::map<LatticePoint, double>& equities) {
  const auto is_better = [&](const LatticePoint& other) {
    const auto found = equities.find(other);
    return found != equities.end() && found->second > equity;
  };
  LatticePoint other = point;
  for (std::size_t to = 0; to < point.size(); ++to) {
    ++other[to];
    if (is_better(other)) return false;
    for (std::size_t from = 0; from < point.size(); ++from) {
      if (from == to || point[from] == 0) continue;
      --other[from];
      const bool better = is_better(other);
      ++other[from];
      if (better) return false;
    }
    --other[to];
    if (point[to] == 0) continue;
    --other[to];
    const bool better = is_better(other);
    ++other[to];
    if (better) return false;
  }
  return true;
}

/// The summits of the lattice, the best first.
[[nodiscard]] inline std::vector<SpendPlan> lattice_summits(const SpendProblem& problem, const SearchEffort& effort) {
  constexpr double most_points = 170;
  const std::vector<std::size_t> usable = usable_levers(problem);
  const int units = units_for(usable.size(), most_points);
  const std::vector<LatticePoint> points = lattice(usable.size(), units);
  std::vector<MoneySplit> splits;
  for (const LatticePoint& point : points) {
    MoneySplit money(problem.levers(), 0.0);
    for (std::size_t k = 0; k < usable.size(); ++k) {
      const double most = problem.enough[usable[k]] * problem.cost[usable[k]];
      money[usable[k]] = std::min(most, problem.scale * point[k] / units);
    }
    splits.push_back(std::move(money));
  }
  const std::vector<std::optional<SpendPlan>> plans = plans_for(problem, splits, effort);
  std::map<LatticePoint, double> equities;
  for (std::size_t k = 0; k < points.size(); ++k) {
    if (plans[k]) equities.emplace(points[k], plans[k]->outcome.equity);
  }
  std::vector<SpendPlan> summits;
  for (std::size_t k = 0; k < points.size(); ++k) {
    if (plans[k] && is_summit(points[k], plans[k]->outcome.equity, equities)) summits.push_back(*plans[k]);
  }
  std::stable_sort(summits.begin(), summits.end(),
                   [](const SpendPlan& a, const SpendPlan& b) { return a.outcome.equity > b.outcome.equity; });
  return summits;
}

}  // namespace tenure::detail
