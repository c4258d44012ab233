#pragma once
// The chain on which simulations are measured: seven live states and churn, up to four successors each, 240 months. A
// life has 111.5 live customer-steps on average and 13.3 changes of state. Rewards are monthly, in dollars.

#include <cstddef>
#include <vector>

#include "tenure/chain/chain.hpp"

namespace tenure::measured {

inline constexpr std::size_t life_states = 8;
inline constexpr int life_periods = 240;
inline constexpr double live_steps = 111.51388776477627;  ///< expected customer-steps of a life, from the exact engine
inline constexpr double monthly_discount = 0.99208894344699095;  ///< 10 % a year

inline constexpr double life_rows[life_states][life_states] = {
    {0.88, 0.08, 0.03, 0, 0.01, 0, 0, 0},     {0.004, 0.93, 0.046, 0.02, 0, 0, 0, 0}, {0, 0.06, 0.86, 0.03, 0.05, 0, 0, 0},
    {0.15, 0.05, 0, 0.7, 0, 0.1, 0, 0},       {0, 0, 0.08, 0, 0.82, 0.06, 0, 0.04},   {0, 0, 0, 0, 0.03, 0.9, 0.04, 0.03},
    {0, 0.12, 0.15, 0, 0, 0, 0.55, 0.18},     {0, 0, 0, 0, 0, 0, 0, 1}};
inline constexpr double life_rewards[life_states] = {210, 62.5, 23, -18, 6.5, 0, -35, 0};

/// The chain; with `retention_lift`, that share of each state's churn stays instead.
[[nodiscard]] inline Chain life_chain(double retention_lift = 0) {
  Chain chain;
  chain.horizon = life_periods;
  chain.discount_factor = monthly_discount;
  chain.stages.assign(life_states, Stage::servicing);
  chain.stages.back() = Stage::lost;
  std::vector<double> probability;
  for (std::size_t i = 0; i < life_states; ++i) {
    for (std::size_t j = 0; j < life_states; ++j) {
      if (!(life_rows[i][j] > 0)) continue;
      double p = life_rows[i][j];
      if (i + 1 < life_states && j == i) p += retention_lift * life_rows[i][life_states - 1];
      if (i + 1 < life_states && j + 1 == life_states) p *= 1 - retention_lift;
      chain.transitions.successor.push_back(static_cast<StateIndex>(j));
      probability.push_back(p);
    }
    chain.transitions.first.push_back(static_cast<std::uint32_t>(chain.transitions.successor.size()));
  }
  const std::size_t entries = probability.size();
  chain.probability = Timeline<std::vector<double>>{std::move(probability)};
  chain.transition_cash_flow = Timeline<std::vector<double>>{std::vector<double>(entries)};
  chain.cash_flow = Timeline<std::vector<double>>{std::vector<double>(life_rewards, life_rewards + life_states)};
  chain.spend = Timeline<std::vector<double>>{std::vector<double>(life_states)};
  chain.referrals.first.assign(life_states + 1, 0);
  return chain;
}

}  // namespace tenure::measured
