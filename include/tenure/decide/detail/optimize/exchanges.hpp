#pragma once
// What else could be done with the money of a plan: transfers between every two levers, levers switched on at sizes of
// their own, alone and in pairs, and levers switched off. A lever whose curve is S-shaped earns nothing with its first
// money, so that no slope ever tells to switch it on. At the end these are the test that nothing was overlooked.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "tenure/decide/detail/optimize/starts.hpp"

namespace tenure::detail {

inline void add_transfers(std::vector<MoneySplit>& moves, const MoneySplit& money,
                          const std::vector<std::size_t>& usable) {
  constexpr double parts[]{1, 0.5, 0.25, 0.1};
  const std::size_t first = usable.size() > 8 ? 2 : 0;  // with many levers the smaller parts only, and the whole
  for (const std::size_t from : usable) {
    if (!(money[from] > 0)) continue;
    for (std::size_t p = 0; p < 4; ++p) {
      if (p > 0 && p < first) continue;
      MoneySplit saved = money;
      saved[from] -= parts[p] * money[from];
      moves.push_back(saved);
      for (const std::size_t to : usable) {
        if (to == from) continue;
        MoneySplit moved = saved;
        moved[to] += parts[p] * money[from];
        moves.push_back(std::move(moved));
      }
    }
  }
}

/// Levels of which some are held and others give way, or grow, until the budget is spent.
[[nodiscard]] inline LevelRay held_beside(const Spending& levels,
                                          const std::vector<std::pair<std::size_t, double>>& held, double most) {
  LevelRay ray{Spending(levels.size(), 0.0), levels, most};
  for (const auto& [lever, level] : held) {
    ray.held[lever] = level;
    ray.scaled[lever] = 0;
  }
  return ray;
}

/// Each lever at sizes of its own beside the others, in the place of each other one that is on, and in pairs.
inline void add_switches(std::vector<LevelRay>& rays, const SpendProblem& problem, const Spending& levels,
                         const std::vector<std::size_t>& usable) {
  const bool are_few = usable.size() <= 8;
  for (const std::size_t lever : usable) {
    const double half = half_way(problem, lever);
    for (const double size : {0.3, 0.6, 1.0, 1.5, 2.5, 5.0})
      rays.push_back(held_beside(levels, {{lever, size * half}}, 1));
    for (const std::size_t other : usable) {
      if (other == lever) continue;
      const bool swaps = levels[other] > 0 && !(levels[lever] > 0);
      for (const double size : {1.0, 1.5, 2.5}) {
        if (swaps && (are_few || size == 1.5))
          rays.push_back(held_beside(levels, {{lever, size * half}, {other, 0}}, 4));
      }
      if (!are_few || other < lever) continue;
      const double other_half = half_way(problem, other);
      for (const double size : {1.0, 2.0})
        rays.push_back(held_beside(levels, {{lever, size * half}, {other, size * other_half}}, 1));
    }
  }
}

/// Without each lever, the others growing as far as the budget lets them.
inline void add_removals(std::vector<LevelRay>& rays, const Spending& levels, const std::vector<std::size_t>& usable) {
  for (const std::size_t lever : usable) {
    if (levels[lever] > 0) rays.push_back(held_beside(levels, {{lever, 0}}, 4));
  }
}

/// Sets of levers that differ from that of the plan by one lever more, less or exchanged, begun anew: where all sets
/// were looked at already there are none.
inline void add_other_sets(std::vector<LevelRay>& rays, const SpendProblem& problem, const Spending& levels,
                           const std::vector<std::size_t>& usable) {
  if (usable.size() <= few_levers) return;
  LeverSet set;
  for (const std::size_t lever : usable) set.push_back(levels[lever] > 0);
  const auto add = [&] { rays.push_back(equally_far(problem, usable, set)); };
  for (std::size_t k = 0; k < set.size(); ++k) {
    set[k] = !set[k];
    add();
    for (std::size_t other = 0; other < k; ++other) {
      if (set[other] != set[k]) continue;  // of the pair one was on, and the other is instead
      set[other] = !set[other];
      add();
      set[other] = !set[other];
    }
    set[k] = !set[k];
  }
}

[[nodiscard]] inline std::vector<std::optional<SpendPlan>> other_plans(const SpendProblem& problem,
                                                                       const SpendPlan& plan,
                                                                       const SearchEffort& effort) {
  const std::vector<std::size_t> usable = usable_levers(problem);
  std::vector<MoneySplit> splits;
  add_transfers(splits, plan.outcome.spend, usable);
  std::vector<LevelRay> rays;
  add_switches(rays, problem, plan.levels, usable);
  add_removals(rays, plan.levels, usable);
  add_other_sets(rays, problem, plan.levels, usable);
  return side_by_side<std::optional<SpendPlan>>(splits.size() + rays.size(), effort, [&](std::size_t k) {
    return k < splits.size() ? plan_for(problem, splits[k], Budgeting::strict)
                             : plan_along(problem, rays[k - splits.size()]);
  });
}

}  // namespace tenure::detail
