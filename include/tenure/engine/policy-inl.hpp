#pragma once
// The definition of optimal_policy().

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tenure/engine/detail/policy/iteration.hpp"
#include "tenure/engine/detail/policy/look_ahead.hpp"
#include "tenure/engine/policy.hpp"
#include "tenure/quantity/detail/memory.hpp"

namespace tenure {
namespace detail {

inline void refuse_large_policy(std::size_t periods, std::size_t states) {
  const double bytes = static_cast<double>(periods) * static_cast<double>(states) *
                       static_cast<double>(sizeof(double) + sizeof(std::optional<double>) + sizeof(Alternative));
  refuse_beyond_memory(bytes,
                       "a policy of " + std::to_string(periods) + " periods and " + std::to_string(states) +
                           " states, ages and market states together",
                       "", "shorten the horizon or the dwells, or use longer periods");
}

/// Lists choices period by period, those that are equal to the next period's once.
class ChoiceList {
 public:
  explicit ChoiceList(std::size_t periods) : course_(periods) {}
  /// Periods are given from the last to the first.
  void put(std::size_t period, std::vector<Alternative> choice) {
    if (distinct_.empty() || distinct_.back() != choice) distinct_.push_back(std::move(choice));
    course_[period] = static_cast<std::uint32_t>(distinct_.size() - 1);
  }
  [[nodiscard]] Choices finished(std::size_t repeats_from) && {
    return {std::move(distinct_), std::move(course_), repeats_from};
  }

 private:
  std::vector<std::vector<Alternative>> distinct_{};
  std::vector<std::uint32_t> course_;
};

/// A period decided by what the states are worth one period later; the error of what is known of them goes with it.
struct DecidedPeriod {
  std::vector<Alternative> choice{};
  double error = 0;
};

[[nodiscard]] inline DecidedPeriod decide_period(const DecisionChain& decisions, std::int64_t t,
                                                 const std::vector<double>& next, double error,
                                                 std::vector<double>& value,
                                                 std::vector<std::optional<double>>& advantage) {
  DecidedPeriod decided;
  value.resize(decisions.states());
  advantage.resize(decisions.states());
  double added = 0;
  for (std::size_t i = 0; i < decisions.states(); ++i) {
    const Best best = best_of(decisions, t, i, next, Adding::money);
    value[i] = best.value;
    advantage[i] = best.advantage;
    decided.choice.push_back(best.alternative);
    added = std::max(added, best.loss + 2 * best.rounding);  // of the best, and of what is worth the choice
  }
  decided.error = error_growth(decisions, t) * error + added;
  return decided;
}

[[nodiscard]] inline OptimalPolicy finite_policy(const DecisionChain& decisions, std::size_t periods,
                                                 const Interrupted& interrupted) {
  refuse_large_policy(periods, decisions.states());
  OptimalPolicy policy;
  policy.value.resize(periods);
  policy.advantage.resize(periods);
  std::vector<double> next(decisions.states(), 0.0);
  double error = 0;
  ChoiceList choices{std::max<std::size_t>(1, periods)};
  if (periods == 0) choices.put(0, std::vector<Alternative>(decisions.states(), 0));
  for (std::size_t t = periods; t-- > 0;) {
    heed(interrupted);
    DecidedPeriod decided =
        decide_period(decisions, static_cast<std::int64_t>(t), next, error, policy.value[t], policy.advantage[t]);
    next = policy.value[t];
    error = decided.error;
    choices.put(t, std::move(decided.choice));
  }
  policy.bound = error;
  policy.choices = std::move(choices).finished(periods == 0 ? 0 : periods - 1);
  return policy;
}

/// Ties at the end go to the first alternative, whatever the rounds came by.
inline void settle_ties(const DecisionCycle& cycle, const std::vector<bool>& counts, CyclePolicy& policy) {
  CycleChoices settled = policy.choices;
  for (std::size_t phase = 0; phase < cycle.cycle; ++phase) {
    for (std::size_t i = 0; i < cycle.states(); ++i) {
      settled[phase][i] =
          best_of(cycle.decisions, cycle.period(phase), i, policy.values[(phase + 1) % cycle.cycle], Adding::money)
              .alternative;
    }
  }
  if (settled == policy.choices) return;
  policy.values = evaluated(cycle, settled, Adding::money, counts);
  policy.choices = std::move(settled);
}

[[nodiscard]] inline OptimalPolicy endless_policy(const DecisionChain& decisions, const Interrupted& interrupted) {
  const Repetition repeats = repetition(decisions);
  const DecisionCycle cycle{decisions, repeats.from, repeats.cycle, interrupted};
  refuse_large_policy(repeats.from + repeats.cycle, decisions.states());
  const std::vector<bool> counts = states_that_count(cycle);
  CyclePolicy tail = best_cycle_policy(cycle, Adding::money, counts);
  const std::optional<double> periods = most_periods(cycle, counts);
  if (periods) settle_ties(cycle, counts, tail);  // only then may every best choice be taken
  OptimalPolicy policy;
  policy.rounds = tail.rounds;
  policy.value.resize(cycle.from + cycle.cycle);
  policy.advantage.resize(cycle.from + cycle.cycle);
  ChoiceList choices{cycle.from + cycle.cycle};
  for (std::size_t phase = cycle.cycle; phase-- > 0;) {
    std::vector<std::optional<double>>& advantage = policy.advantage[cycle.from + phase];
    const std::vector<double>& next = tail.values[(phase + 1) % cycle.cycle];
    for (std::size_t i = 0; i < cycle.states(); ++i) {
      advantage.push_back(
          best_of(decisions, cycle.period(phase), i, next, Adding::money, tail.choices[phase][i]).advantage);
    }
    policy.value[cycle.from + phase] = tail.values[phase];
    choices.put(cycle.from + phase, tail.choices[phase]);
  }
  double error = periods ? *periods * largest_residual(cycle, tail) : 0;
  for (std::size_t t = cycle.from; t-- > 0;) {
    heed(interrupted);
    DecidedPeriod decided = decide_period(decisions, static_cast<std::int64_t>(t), policy.value[t + 1], error,
                                          policy.value[t], policy.advantage[t]);
    error = decided.error;
    choices.put(t, std::move(decided.choice));
  }
  if (periods) policy.bound = error;
  policy.choices = std::move(choices).finished(cycle.from);
  return policy;
}

}  // namespace detail

TENURE_INLINE OptimalPolicy optimal_policy(const DecisionChain& decisions, const Interrupted& interrupted) {
  const Horizon& horizon = decisions.as_is().horizon;
  if (!horizon) return detail::endless_policy(decisions, interrupted);
  return detail::finite_policy(decisions, static_cast<std::size_t>(*horizon), interrupted);
}

}  // namespace tenure
