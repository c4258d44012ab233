#pragma once
// What else could be done with the money of a plan: transfers between every two levers, levers switched on at sizes of
// their own, alone and in pairs, and levers switched off. A lever whose curve is S-shaped earns nothing with its first
// money, so that no slope ever tells to switch it on. At the end these are the test that nothing was overlooked.

#include <algorithm>
#include <cstddef>
#include <vector>

#include "tenure/decide/optimize/starts.hpp"

namespace tenure::detail {

/// What one lever's spend is where its slowest effect has gone half the way.
[[nodiscard]] inline double money_half_way(const SpendProblem& problem, std::size_t lever) {
  double half = 0;
  for (const LeverEffect& effect : problem.model.levers()[problem.lever_of(lever)].effects) {
    const bool is_table = effect.curve.shape == ResponseShape::table;
    half = std::max(half, is_table ? effect.curve.points.back().spend / 2 : value_of(effect.half_spend));
  }
  return half * problem.cost[lever];
}

/// The split in which these levers are given what is said, and all others what is left, in proportion.
[[nodiscard]] inline MoneySplit with_set(const SpendProblem& problem, MoneySplit money,
                                         const std::vector<std::pair<std::size_t, double>>& set) {
  double given = 0;
  for (const auto& [lever, amount] : set) {
    money[lever] = 0;
    given += amount;
  }
  double others = 0;
  for (const double each : money) others += each;
  const double left = std::max(0.0, problem.budget() - given);
  const double factor = others > left ? left / others : 1;
  for (double& each : money) each *= factor;
  for (const auto& [lever, amount] : set) money[lever] = std::min(amount, problem.budget());
  return money;
}

inline void add_transfers(std::vector<MoneySplit>& moves, const MoneySplit& money, const std::vector<std::size_t>& usable) {
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

inline void add_switches(std::vector<MoneySplit>& moves, const SpendProblem& problem, const MoneySplit& money,
                         const std::vector<std::size_t>& usable) {
  for (const std::size_t lever : usable) {
    const double half = money_half_way(problem, lever);
    for (const double size : {0.3, 0.6, 1.0, 1.5, 2.5, 5.0}) {
      moves.push_back(with_set(problem, money, {{lever, size * half}}));
    }
    if (usable.size() > 8) continue;
    for (const std::size_t other : usable) {
      if (other <= lever) continue;
      const double other_half = money_half_way(problem, other);
      for (const double size : {1.0, 2.0}) {
        for (const double other_size : {1.0, 2.0}) {
          moves.push_back(with_set(problem, money, {{lever, size * half}, {other, other_size * other_half}}));
        }
      }
    }
  }
}

/// Without one lever, what it had given to the others in proportion.
inline void add_removals(std::vector<MoneySplit>& moves, const MoneySplit& money, const std::vector<std::size_t>& usable) {
  const double total = sum_of(money, usable);
  for (const std::size_t lever : usable) {
    const double rest = total - money[lever];
    if (!(money[lever] > 0) || !(rest > 0)) continue;
    MoneySplit without = money;
    for (double& each : without) each *= total / rest;
    without[lever] = 0;
    moves.push_back(std::move(without));
  }
}

[[nodiscard]] inline std::vector<MoneySplit> moves_from(const SpendProblem& problem, const MoneySplit& money) {
  const std::vector<std::size_t> usable = usable_levers(problem);
  std::vector<MoneySplit> moves;
  add_transfers(moves, money, usable);
  add_switches(moves, problem, money, usable);
  add_removals(moves, money, usable);
  return moves;
}

}  // namespace tenure::detail
