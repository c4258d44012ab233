#pragma once
// The exact engine over a finite horizon: one sweep back for values, one sweep forward for the course of the business.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/exact/accounts.hpp"
#include "tenure/engine/exact/person.hpp"
#include "tenure/engine/exact/population.hpp"
#include "tenure/engine/exact/value.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

struct BackwardSweep {
  PersonLayer first{};              ///< the layer of period 0
  std::vector<double> people{};     ///< by channel, discounted
  std::vector<double> equity{};     ///< by channel, discounted
};

[[nodiscard]] inline std::vector<double> values_of(const std::vector<CompensatedSum>& sums) {
  std::vector<double> values;
  for (const CompensatedSum& sum : sums) values.push_back(sum.value());
  return values;
}

[[nodiscard]] inline BackwardSweep sweep_back(const Chain& chain, std::int64_t horizon) {
  PersonLayer now{chain.states()};
  PersonLayer spare{chain.states()};
  std::vector<CompensatedSum> people(chain.channels);
  std::vector<CompensatedSum> equity(chain.channels);
  const std::vector<double> discount =
      discount_factors(chain.discount_factor, chain.arrivals.empty() ? 0 : static_cast<std::size_t>(horizon));
  for (std::int64_t t = horizon; t-- > 0;) {
    spare = step_back(chain, t, now, std::move(spare));
    std::swap(now, spare);
    for (const ArrivalGroup& group : chain.arrivals) {
      const double arriving = people_arriving(group, t) * discount[static_cast<std::size_t>(t)];
      people[group.channel].add(arriving);
      equity[group.channel].add_product(arriving, now.with_referrals[group.state]);
    }
  }
  return {std::move(now), values_of(people), values_of(equity)};
}

struct ForwardSweep {
  double acquired = 0;
  double acquisition_losses = 0;
  std::optional<double> retention_rate{};
  std::vector<double> cost_per_level{};  ///< by spend stream
  Trace trace{};
};

inline void refuse_long_trace(const Chain& chain, std::int64_t horizon) {
  const double bytes = 8.0 * static_cast<double>(horizon) * static_cast<double>(chain.states() + 3);
  if (bytes <= static_cast<double>(limits::bytes_of_work)) return;
  throw LimitError{{{"memory", "model.horizon", "the course of " + std::to_string(chain.states()) + " states over " +
                     std::to_string(horizon) + " periods would need " + std::to_string(bytes / 1e9) + " GB",
                     "shorten the horizon or use longer periods", {}}}};
}

/// Expected people on whom a stream is spent in period t; 1 for a stream that falls on nobody in particular.
[[nodiscard]] inline double people_spent_on(const SpendStream& stream, std::int64_t t, const std::vector<double>& people) {
  if (!runs_at(stream, t)) return 0;
  if (!stream.per_person) return 1;
  double count = 0;
  for (const StateIndex state : stream.states) count += people[state];
  return count;
}

inline void append(Trace& trace, const PeriodFlows& flows, const std::vector<double>& people) {
  trace.cash_flow.push_back(flows.cash_flow);
  trace.discounted_cash_flow.push_back(flows.discounted_cash_flow);
  trace.spend.push_back(flows.spend);
  for (std::size_t i = 0; i < people.size(); ++i) trace.people[i].push_back(people[i]);
}

[[nodiscard]] inline ForwardSweep sweep_forward(const Chain& chain, std::int64_t horizon, bool with_trace) {
  ForwardSweep sweep;
  sweep.trace.people.resize(with_trace ? chain.states() : 0);
  std::vector<CompensatedSum> cost(chain.spend_streams.size());
  CompensatedSum acquired, losses, customers, stayers;
  DoubleDouble discount{1};
  HeadCount count = nobody(chain);
  for (std::int64_t t = 0; t < horizon; ++t) {
    count = with_arrivals(chain, std::move(count), t);
    const double factor = discount.rounded();
    const PeriodFlows flows = flows_of(chain, t, count, factor);
    acquired.add(count.acquired_now);
    losses.add(flows.acquisition_losses);
    if (t + 1 < horizon) {
      customers.add(flows.customers);
      stayers.add(flows.customers_who_stay);
    }
    for (std::size_t s = 0; s < cost.size(); ++s) cost[s].add(factor * people_spent_on(chain.spend_streams[s], t, count.people));
    if (with_trace) append(sweep.trace, flows, count.people);
    count = step_forward(chain, t, count);
    discount = discount * DoubleDouble{chain.discount_factor};
  }
  sweep.acquired = acquired.value();
  sweep.acquisition_losses = losses.value();
  if (customers.value() > 0) sweep.retention_rate = stayers.value() / customers.value();
  sweep.cost_per_level = values_of(cost);
  return sweep;
}

[[nodiscard]] inline ExactValue value_over(const Chain& chain, std::int64_t horizon, bool with_trace) {
  const bool traced = with_trace && !chain.arrivals.empty();
  if (traced) refuse_long_trace(chain, horizon);
  const BackwardSweep back = sweep_back(chain, horizon);
  ForwardSweep forward = sweep_forward(chain, horizon, traced);
  ExactValue value{.states = state_values(back.first)};
  value.investment = investment_of(chain, forward.cost_per_level);
  if (chain.arrivals.empty()) return value;
  BusinessValue business;
  business.channels = channel_values(back.people, back.equity);
  business.acquired = forward.acquired;
  business.retention_rate = forward.retention_rate;
  if (with_trace) business.trace = std::move(forward.trace);
  value.business = settle_accounts(chain, std::move(business), value.investment, forward.acquisition_losses);
  return value;
}

[[nodiscard]] inline std::vector<double> cost_per_level_over(const Chain& chain, std::int64_t horizon) {
  std::vector<double> cost = sweep_forward(chain, horizon, false).cost_per_level;
  if (!all_finite(cost)) refuse_overflow();
  return cost;
}

}  // namespace tenure::detail
