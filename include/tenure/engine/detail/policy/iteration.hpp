#pragma once
// Policy iteration over the repeating part of a decision chain (Howard 1960): evaluate a policy exactly, as one linear
// system; take in each state and phase what is best given these values; until nothing better is found. Every round is
// worth at least as much as the one before in every state, and there are finitely many policies.
//
// The certificate is that of M-matrices (Berman and Plemmons 1994), for all policies at once: if v > 0 satisfies
// v ≥ ε + d (P_a + ρ_a) v for each alternative a, then discounted people-periods are at most v/ε under any policy, and
// no policy is worth more than W by more than v/ε times the largest amount by which an alternative's look-ahead from W
// exceeds W. v is the largest number of discounted periods that any policy makes of a person, by the same iteration;
// without referrals it is 1/(1 - d) and needs none.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "tenure/engine/detail/exact/forever.hpp"
#include "tenure/engine/detail/exact/infinite.hpp"
#include "tenure/engine/detail/policy/look_ahead.hpp"

namespace tenure::detail {

/// The cycle of a decision chain, from the period on in which it repeats. (phase, state) is unknown phase·states +
/// state.
struct DecisionCycle {
  const DecisionChain& decisions;
  std::size_t from = 0;
  std::size_t cycle = 1;
  const Interrupted& interrupted = uninterrupted;

  [[nodiscard]] std::size_t states() const { return decisions.states(); }
  [[nodiscard]] std::int64_t period(std::size_t phase) const { return static_cast<std::int64_t>(from + phase); }
};

/// By phase and state.
using CycleChoices = std::vector<std::vector<Alternative>>;
using CycleValues = std::vector<std::vector<double>>;

[[nodiscard]] inline Choices choices_over(const DecisionCycle& cycle, const CycleChoices& of_phase) {
  std::vector<std::uint32_t> course(cycle.from, 0);
  for (std::uint32_t phase = 0; phase < cycle.cycle; ++phase) course.push_back(phase);
  return {of_phase, std::move(course), cycle.from};
}

/// Whether a number of a state's is above 0 in some alternative and period.
[[nodiscard]] inline bool happens(const DecisionChain& decisions, std::size_t state, std::size_t entry,
                                  Timeline<std::vector<double>> Chain::*numbers) {
  for (std::size_t a = 0; a < decisions.alternatives[state]; ++a) {
    for (const std::vector<double>& values : (decisions.layers[a].*numbers).distinct()) {
      if (values[entry] > 0) return true;
    }
  }
  return false;
}

/// All states where discounting ends every sum; else those from which some alternatives lead to money.
[[nodiscard]] inline std::vector<bool> states_that_count(const DecisionCycle& cycle) {
  const DecisionChain& decisions = cycle.decisions;
  if (decisions.as_is().discount_factor < 1) return std::vector<bool>(cycle.states(), true);
  std::vector<bool> moves_money(cycle.states(), false);
  Graph graph;
  const auto connect = [&](std::size_t i, const Pattern& pattern, Timeline<std::vector<double>> Chain::*numbers) {
    for (std::uint32_t k = pattern.first[i]; k < pattern.first[i + 1]; ++k) {
      if (happens(decisions, i, k, numbers)) graph.successor.push_back(pattern.successor[k]);
    }
  };
  for (std::size_t i = 0; i < cycle.states(); ++i) {
    connect(i, decisions.as_is().transitions, &Chain::probability);
    connect(i, decisions.as_is().referrals, &Chain::referral_rate);
    graph.first.push_back(static_cast<std::uint32_t>(graph.successor.size()));
    for (std::size_t a = 0; a < decisions.alternatives[i]; ++a) {
      for (std::size_t phase = 0; phase < cycle.cycle; ++phase) {
        moves_money[i] = moves_money[i] || money_moves(decisions.layers[a], cycle.period(phase), i);
      }
    }
  }
  return reaching(graph, moves_money);
}

/// What a policy over the cycle is worth, exactly. Throws DivergentError where that is not finite.
[[nodiscard]] inline CycleValues evaluated(const DecisionCycle& cycle, const CycleChoices& choices, Adding adding,
                                           const std::vector<bool>& counts) {
  const Chain chain = chain_of_choices(cycle.decisions, choices_over(cycle, choices));
  const CyclicChain cyclic{chain, cycle.from, cycle.cycle, cycle.interrupted};
  std::vector<bool> earns(cyclic.unknowns());
  const Eigen::VectorXd reward = rewards_over_cycle(cyclic, [&](std::int64_t t, std::size_t i) {
    const std::size_t unknown = cyclic.unknown(static_cast<std::size_t>(t) - cycle.from, i);
    earns[unknown] = adding == Adding::money ? money_moves(chain, t, i) : static_cast<bool>(counts[i]);
    if (adding == Adding::money) return expected_reward(chain, t, i);
    return counts[i] ? 1.0 : 0.0;
  });
  const std::vector<bool> all(cyclic.unknowns(), true);
  const Solution solved =
      CyclicSystem{cyclic, chain.discount_factor, Counting::with_referrals, all}.solve(reward, std::move(earns));
  CycleValues values(cycle.cycle, std::vector<double>(cycle.states()));
  for (std::size_t phase = 0; phase < cycle.cycle; ++phase) {
    for (std::size_t i = 0; i < cycle.states(); ++i) {
      values[phase][i] = solved.value[static_cast<Eigen::Index>(cyclic.unknown(phase, i))];
    }
  }
  return values;
}

/// What is best in each phase and state, given what the states are worth; ties keep what was chosen.
[[nodiscard]] inline CycleChoices improved(const DecisionCycle& cycle, const CycleChoices& choices,
                                           const CycleValues& values, Adding adding) {
  CycleChoices better = choices;
  for (std::size_t phase = 0; phase < cycle.cycle; ++phase) {
    const std::vector<double>& next = values[(phase + 1) % cycle.cycle];
    for (std::size_t i = 0; i < cycle.states(); ++i) {
      if (cycle.decisions.alternatives[i] == 1) continue;
      better[phase][i] = best_of(cycle.decisions, cycle.period(phase), i, next, adding, choices[phase][i]).alternative;
    }
  }
  return better;
}

struct CyclePolicy {
  CycleChoices choices{};
  CycleValues values{};
  std::size_t rounds = 0;
};

/// Rounds of evaluation and improvement, from a policy whose value is finite.
[[nodiscard]] inline CyclePolicy iterated(const DecisionCycle& cycle, CycleChoices choices, Adding adding,
                                          const std::vector<bool>& counts) {
  constexpr std::size_t most_rounds = 1000;  // a handful is usual; rounding could only make ties go in circles
  CyclePolicy policy{std::move(choices), {}, 0};
  for (;;) {
    policy.values = evaluated(cycle, policy.choices, adding, counts);
    ++policy.rounds;
    CycleChoices better = improved(cycle, policy.choices, policy.values, adding);
    if (better == policy.choices || policy.rounds == most_rounds) return policy;
    policy.choices = std::move(better);
  }
}

[[nodiscard]] inline CycleChoices everywhere(const DecisionCycle& cycle, Alternative alternative) {
  std::vector<Alternative> choice;
  for (const Alternative count : cycle.decisions.alternatives) {
    choice.push_back(alternative < count ? alternative : static_cast<Alternative>(0));
  }
  return CycleChoices(cycle.cycle, choice);
}

/// Policy iteration from the first policy that has a finite value: nothing everywhere, else the first alternative
/// everywhere, and so on. Without discounting, doing nothing may cost for ever where doing something ends it.
[[nodiscard]] inline CyclePolicy best_cycle_policy(const DecisionCycle& cycle, Adding adding,
                                                   const std::vector<bool>& counts) {
  for (Alternative first = 0;; ++first) {
    CycleChoices start = everywhere(cycle, first);
    try {
      static_cast<void>(evaluated(cycle, start, adding, counts));
    } catch (const DivergentError&) {
      if (first + std::size_t{1} >= cycle.decisions.layers.size()) throw;
      continue;
    }
    return iterated(cycle, std::move(start), adding, counts);
  }
}

/// The most discounted periods that anybody makes of a person, whoever decides, those whom they bring included; none
/// where that is infinite or could not be proved.
[[nodiscard]] inline std::optional<double> most_periods(const DecisionCycle& cycle, const std::vector<bool>& counts) {
  const Chain& chain = cycle.decisions.as_is();
  const double d = chain.discount_factor;
  if (d < 1 && !chain.has_referrals()) return (1 + 1e-12) / (1 - d);
  CyclePolicy longest;
  try {
    longest = best_cycle_policy(cycle, Adding::periods, counts);
  } catch (const DivergentError&) {
    return std::nullopt;
  }
  double defect = 0;
  double most = 0;
  for (std::size_t phase = 0; phase < cycle.cycle; ++phase) {
    const std::vector<double>& next = longest.values[(phase + 1) % cycle.cycle];
    for (std::size_t i = 0; i < cycle.states(); ++i) {
      if (!counts[i]) continue;
      const Best best = best_of(cycle.decisions, cycle.period(phase), i, next, Adding::periods);
      defect = std::max(defect, best.value + best.loss + best.rounding - longest.values[phase][i]);
      most = std::max(most, longest.values[phase][i]);
    }
  }
  if (!(defect < 0.5) || !std::isfinite(most)) return std::nullopt;
  return most / (1 - defect);
}

/// By how much the look-ahead from a policy's values exceeds them, and by how much they exceed that of the policy:
/// together the largest error of a period.
[[nodiscard]] inline double largest_residual(const DecisionCycle& cycle, const CyclePolicy& policy) {
  double above = 0;
  double below = 0;
  for (std::size_t phase = 0; phase < cycle.cycle; ++phase) {
    const std::vector<double>& next = policy.values[(phase + 1) % cycle.cycle];
    for (std::size_t i = 0; i < cycle.states(); ++i) {
      const Best best = best_of(cycle.decisions, cycle.period(phase), i, next, Adding::money, policy.choices[phase][i]);
      double amounts = 0;
      const AlternativeValue own = value_of_alternative(cycle.decisions, policy.choices[phase][i], cycle.period(phase),
                                                        i, next, Adding::money, amounts);
      above = std::max(above, best.value + best.loss + best.rounding - policy.values[phase][i]);
      below = std::max(below, policy.values[phase][i] - own.value + own.rounding);
    }
  }
  return above + below;
}

}  // namespace tenure::detail
