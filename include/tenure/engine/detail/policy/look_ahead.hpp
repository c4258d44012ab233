#pragma once
// One step of dynamic programming (Bellman 1957): what each alternative of a state is worth, given what the states are
// worth one period later,
//
//   Q(i, a) = d^τ c - s + Σ_j P_a(i,j) d (g_a(i,j) + W(j)) + d Σ_k ρ_a(i,k) W(k),
//
// with a bound on its rounding; and the best of them. Alternatives that differ by less than their amounts can tell
// apart are a tie: the one that stands first is taken, so that nothing depends on the last bit.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tenure/chain/decision_chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/engine/detail/exact/person.hpp"
#include "tenure/quantity/discounting.hpp"

namespace tenure::detail {

/// What is added up: money, or 1 for each period (of some states), by which errors are bounded.
enum class Adding : std::uint8_t { money, periods };

/// What one alternative is worth, and how far rounding may have moved it.
struct AlternativeValue {
  double value = 0;
  double rounding = 0;
};

/// Below this share of the amounts behind it, a difference between two alternatives is none.
inline constexpr double tie = 1e-12;

/// What one alternative of a state is worth in period t.
[[nodiscard]] inline AlternativeValue value_of_alternative(const DecisionChain& decisions, std::size_t alternative,
                                                           std::int64_t t, std::size_t i,
                                                           const std::vector<double>& next, Adding adding,
                                                           double& amounts) {
  const Chain& chain = decisions.layers[alternative];
  const Epoch now{chain, t};
  const double d = now.discount;
  const bool is_money = adding == Adding::money;
  const double here = is_money ? now.earned(i) : 1;
  double later = 0;
  double later_amounts = 0;
  const std::uint32_t begin = chain.transitions.first[i];
  const std::uint32_t end = chain.transitions.first[i + 1];
  for (std::uint32_t k = begin; k < end; ++k) {
    const double cash = is_money ? now.transition_cash_flow[k] : 0.0;
    const double following = next[chain.transitions.successor[k]];
    later += now.probability[k] * (cash + following);
    later_amounts += now.probability[k] * (std::abs(cash) + std::abs(following));
  }
  const std::uint32_t first_referred = chain.referrals.first[i];
  const std::uint32_t last_referred = chain.referrals.first[i + 1];
  for (std::uint32_t k = first_referred; k < last_referred; ++k) {
    later += now.referral_rate[k] * next[chain.referrals.successor[k]];
    later_amounts += now.referral_rate[k] * std::abs(next[chain.referrals.successor[k]]);
  }
  const double here_amounts = is_money ? std::abs(now.within * now.cash_flow[i]) + std::abs(now.spend[i]) : 1;
  amounts = here_amounts + d * later_amounts;
  const double operations = 8.0 + (end - begin) + (last_referred - first_referred);
  return {here + d * later, operations * 0x1p-52 * amounts};
}

/// What is best in a state in a period.
struct Best {
  Alternative alternative = 0;        ///< the first one within a tie of the best
  double value = 0;                   ///< what it is worth
  double loss = 0;                    ///< what the very best is worth beyond that
  double rounding = 0;                ///< of any alternative
  std::optional<double> advantage{};  ///< over the best of the others; none where there is no choice
};

/// The best alternative; where one is given that ties with the best, that one is kept.
[[nodiscard]] inline Best best_of(const DecisionChain& decisions, std::int64_t t, std::size_t i,
                                  const std::vector<double>& next, Adding adding,
                                  std::optional<Alternative> kept = std::nullopt) {
  const Alternative count = decisions.alternatives[i];
  std::vector<AlternativeValue> values(count);
  double amounts = 0;
  double highest = 0;
  Best best;
  for (Alternative a = 0; a < count; ++a) {
    double own = 0;
    values[a] = value_of_alternative(decisions, a, t, i, next, adding, own);
    amounts = std::max(amounts, own);
    highest = a == 0 ? values[a].value : std::max(highest, values[a].value);
    best.rounding = std::max(best.rounding, values[a].rounding);
  }
  const auto ties = [&](Alternative a) { return values[a].value >= highest - tie * amounts; };
  best.alternative = 0;
  while (!ties(best.alternative)) ++best.alternative;
  if (kept && ties(*kept)) best.alternative = *kept;
  best.value = values[best.alternative].value;
  best.loss = highest - best.value;
  for (Alternative a = 0; a < count; ++a) {
    if (a == best.alternative) continue;
    const double ahead = best.value - values[a].value;
    best.advantage = best.advantage ? std::min(*best.advantage, ahead) : ahead;
  }
  return best;
}

/// The most that a unit of error one period later can make of itself: d times the largest sum of a row and its rates.
[[nodiscard]] inline double error_growth(const DecisionChain& decisions, std::int64_t t) {
  double most = 0;
  for (std::size_t a = 0; a < decisions.layers.size(); ++a) {
    const Chain& chain = decisions.layers[a];
    const std::vector<double>& rate = chain.referral_rate.at(t);
    for (std::size_t i = 0; i < chain.states(); ++i) {
      if (a >= decisions.alternatives[i]) continue;
      double sum = 1;
      for (std::uint32_t k = chain.referrals.first[i]; k < chain.referrals.first[i + 1]; ++k) sum += rate[k];
      most = std::max(most, sum);
    }
  }
  return most * decisions.as_is().discount_factor;
}

}  // namespace tenure::detail
