#pragma once
// The whole search for the best plan under some bounds: starts from a lattice and from sets of levers, each polished;
// then every other use of the best plan's money, the most promising ones polished too, until none is better.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "tenure/decide/detail/optimize/exchanges.hpp"
#include "tenure/decide/detail/optimize/local_search.hpp"
#include "tenure/decide/detail/optimize/side_by_side.hpp"
#include "tenure/decide/detail/optimize/starts.hpp"

namespace tenure::detail {

/// The best plan found, with what is known of it.
struct BestPlan {
  SpendPlan plan{};
  Optimality optimality{};
  double best_move = -no_limit;  ///< what the best other use of its money would add; 0 or less where nothing is missed
  std::size_t moves = 0;         ///< how many were tried
};

[[nodiscard]] inline bool keeps_bounds(const SpendProblem& problem, const SpendPlan& plan) {
  constexpr double allowed = 1e-9;
  for (std::size_t l = 0; l < plan.levels.size(); ++l) {
    if (plan.levels[l] > 0 && !(plan.outcome.spend[l] > 0)) return false;
  }
  return worst_violation(problem, plan.outcome) <= allowed && plan.outcome.investment() <= problem.budget();
}

/// The plan without levels that cost nothing.
[[nodiscard]] inline SpendPlan without_free_levels(const SpendProblem& problem, SpendPlan plan) {
  for (std::size_t round = 0; round <= plan.levels.size(); ++round) {  // one that is taken away may have brought others
    const std::vector<bool> usable = usable_in(problem, plan.levels);
    SpendPlan other = plan;
    for (std::size_t l = 0; l < usable.size(); ++l) {
      if (!usable[l]) other.levels[l] = 0;
    }
    if (other.levels == plan.levels) break;
    auto outcome = outcome_of(problem, other.levels);
    if (!outcome) break;
    other.outcome = std::move(*outcome);
    plan = std::move(other);
  }
  return plan;
}

/// The plan with `negligible` off, its money saved or, with `to`, on another lever that is on.
[[nodiscard]] inline std::optional<SpendPlan> moved_negligible_spend(const SpendProblem& problem, const SpendPlan& plan,
                                                                     std::size_t negligible,
                                                                     std::optional<std::size_t> to) {
  SpendPlan other = plan;
  other.levels[negligible] = 0;
  if (to) other.levels[*to] *= 1 + plan.outcome.spend[negligible] / plan.outcome.spend[*to];
  auto outcome = outcome_of(problem, other.levels);
  if (!outcome) return std::nullopt;
  other.outcome = std::move(*outcome);
  return other;
}

/// The plan without spend that is too little to do anything: it is saved or, as far as limits allow that to the last
/// digit, goes where it does more.
[[nodiscard]] inline SpendPlan without_negligible_spend(const SpendProblem& problem, SpendPlan plan) {
  const double negligible = 1e-6 * problem.scale;
  for (std::size_t l = 0; l < plan.levels.size(); ++l) {
    if (!(plan.levels[l] > 0) || plan.outcome.spend[l] > negligible) continue;
    std::optional<SpendPlan> best;
    const double allowed = std::max(1e-12, worst_violation(problem, plan.outcome));
    const auto look_at = [&](std::optional<std::size_t> to) {
      std::optional<SpendPlan> other = moved_negligible_spend(problem, plan, l, to);
      if (!other || worst_violation(problem, other->outcome) > allowed) return;
      if (!best || other->outcome.equity > best->outcome.equity) best = std::move(other);
    };
    look_at(std::nullopt);
    for (std::size_t to = 0; to < plan.levels.size(); ++to) {
      if (plan.levels[to] > 0 && plan.outcome.spend[to] > negligible) look_at(to);
    }
    const double rounding = 1e-14 * std::abs(plan.outcome.equity);
    if (best && best->outcome.equity >= plan.outcome.equity - rounding) plan = std::move(*best);
  }
  return plan;
}

/// Polished and cleaned, until nothing is left to clean.
[[nodiscard]] inline BestPlan improved(const SpendProblem& problem, SpendPlan start) {
  constexpr int most_rounds = 4;
  SpendPlan plan = std::move(start);
  for (int round = 0; round < most_rounds; ++round) {
    auto [better, optimality] = LocalSearch{problem, std::move(plan)}.run();
    plan = without_free_levels(problem, without_negligible_spend(problem, better));
    if (plan.levels == better.levels) return {within_budget(problem, std::move(plan)), std::move(optimality)};
  }
  Optimality optimality = LocalSearch{problem, plan}.optimality();
  return {within_budget(problem, std::move(plan)), std::move(optimality)};
}

/// Whether two plans are on the same hill, by all appearances.
[[nodiscard]] inline bool are_near(const SpendProblem& problem, const SpendPlan& a, const SpendPlan& b) {
  double furthest = 0;
  for (std::size_t l = 0; l < a.levels.size(); ++l) {
    furthest = std::max(furthest, std::abs(a.outcome.spend[l] - b.outcome.spend[l]) / problem.scale);
  }
  return furthest < 1e-3;
}

/// The best of some plans that keep the bounds, the first of equals.
[[nodiscard]] inline std::optional<BestPlan> best_of(const SpendProblem& problem, std::vector<BestPlan> plans) {
  std::optional<BestPlan> best;
  for (BestPlan& plan : plans) {
    if (!keeps_bounds(problem, plan.plan)) continue;
    if (!best || plan.plan.outcome.equity > best->plan.outcome.equity) best = std::move(plan);
  }
  return best;
}

/// The most promising of these starts, polished. All are polished a little first: most end on hills that are lower by
/// far, or on the same.
[[nodiscard]] inline std::vector<BestPlan> all_improved(const SpendProblem& problem,
                                                        const std::vector<SpendPlan>& starts,
                                                        const SearchEffort& effort) {
  constexpr int first_rounds = 12;
  constexpr std::size_t most = 4;
  std::vector<SpendPlan> climbing = side_by_side<SpendPlan>(starts.size(), effort, [&](std::size_t k) {
    return starts.size() <= most ? starts[k] : LocalSearch{problem, starts[k]}.run(first_rounds).first;
  });
  // what overruns a bound still is judged by what remains of it when that is paid for
  std::stable_sort(climbing.begin(), climbing.end(), [&](const SpendPlan& a, const SpendPlan& b) {
    const double dear = 2 * problem.scale;
    return a.outcome.equity - dear * worst_violation(problem, a.outcome) >
           b.outcome.equity - dear * worst_violation(problem, b.outcome);
  });
  std::vector<SpendPlan> best;
  for (SpendPlan& plan : climbing) {
    const bool is_known =
        std::any_of(best.begin(), best.end(), [&](const SpendPlan& other) { return are_near(problem, plan, other); });
    if (!is_known && best.size() < most) best.push_back(std::move(plan));
  }
  return side_by_side<BestPlan>(best.size(), effort, [&](std::size_t k) { return improved(problem, best[k]); });
}

/// The most promising other uses of a plan's money, and what the best of them adds as it is.
struct OtherUses {
  std::vector<SpendPlan> promising{};
  double best = -no_limit;
  std::size_t tried = 0;
};

[[nodiscard]] inline OtherUses other_uses(const SpendProblem& problem, const SpendPlan& plan,
                                          const SearchEffort& effort) {
  constexpr std::size_t most = 12;
  OtherUses uses;
  std::vector<SpendPlan> found;
  for (auto& other : other_plans(problem, plan, effort)) {
    if (!other) continue;
    ++uses.tried;
    if (keeps_bounds(problem, *other)) {
      const double gain = other->outcome.equity - plan.outcome.equity;
      if (gain > std::max(0.0, uses.best)) uses.promising = {*other};  // what is better as it is comes first
      uses.best = std::max(uses.best, gain);
    }
    found.push_back(std::move(*other));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const SpendPlan& a, const SpendPlan& b) { return a.outcome.equity > b.outcome.equity; });
  // of each set of levers that are spent on the best one: others with the same set end on the same hill
  std::vector<std::vector<bool>> seen;
  for (SpendPlan& other : found) {
    std::vector<bool> is_on;
    for (const double level : other.levels) is_on.push_back(level > 0);
    if (std::count(seen.begin(), seen.end(), is_on) >= 2) continue;
    seen.push_back(std::move(is_on));
    uses.promising.push_back(std::move(other));
    if (uses.promising.size() == most) break;
  }
  return uses;
}

[[noreturn]] inline void refuse_bounds() {
  throw ModelError{{{"limits-conflict",
                     "",
                     "no plan keeps all limits on spend within the budget",
                     "raise the budget, or lower what is to be spent at least",
                     {}}}};
}

/// The best plan. `hints` are plans to start from as well: the best of a neighbouring budget, say.
[[nodiscard]] inline BestPlan best_plan(const SpendProblem& problem, const std::vector<SpendPlan>& hints,
                                        const SearchEffort& effort) {
  constexpr std::size_t most_starts = 8;
  constexpr std::size_t most_sets = 16;
  constexpr int most_rounds = 12;
  const auto done = [&](double share) {
    if (effort.progress) effort.progress(share);
  };
  std::vector<SpendPlan> starts = lattice_summits(problem, effort);
  done(0.15);
  if (starts.size() > most_starts) starts.resize(most_starts);
  std::vector<SpendPlan> by_set = plans_by_set(problem, effort);
  if (by_set.size() > most_sets) by_set.resize(most_sets);
  done(0.3);
  starts.insert(starts.end(), by_set.begin(), by_set.end());
  starts.insert(starts.end(), hints.begin(), hints.end());
  std::optional<BestPlan> best = best_of(problem, all_improved(problem, starts, effort));
  if (!best) refuse_bounds();
  double left = 0.5;
  for (int round = 0;; ++round) {
    done(1 - left);
    left *= 0.6;  // how many rounds it takes nobody knows
    const OtherUses uses = other_uses(problem, best->plan, effort);
    best->best_move = uses.best;
    best->moves = uses.tried;
    if (round == most_rounds) break;
    const std::optional<BestPlan> other = best_of(problem, all_improved(problem, uses.promising, effort));
    const double rounding = 1e-12 * (std::abs(best->plan.outcome.equity) + problem.scale);
    if (!other || !(other->plan.outcome.equity > best->plan.outcome.equity + rounding)) break;
    best = other;
  }
  done(1);
  return *best;
}

}  // namespace tenure::detail
