#pragma once
// The exact engine over a finite horizon: one sweep back for values, one sweep forward for the course of the business.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/engine/detail/exact/accounts.hpp"
#include "tenure/engine/detail/exact/person.hpp"
#include "tenure/engine/detail/exact/trace.hpp"
#include "tenure/engine/detail/exact/work.hpp"
#include "tenure/engine/exact/value.hpp"
#include "tenure/quantity/detail/memory.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

/// Discounted people and equity, summed over arrivals by channel and by segment.
struct ArrivalSums {
  std::vector<CompensatedSum> people{};
  std::vector<CompensatedSum> equity{};

  explicit ArrivalSums(std::size_t count) : people(count), equity(count) {}
  void add(std::size_t place, double arriving, double value_each) {
    people[place].add(arriving);
    equity[place].add_product(arriving, value_each);
  }
};

[[nodiscard]] inline std::vector<double> values_of(const std::vector<CompensatedSum>& sums) {
  std::vector<double> values;
  for (const CompensatedSum& sum : sums) values.push_back(sum.value());
  return values;
}

[[nodiscard]] inline std::vector<ChannelValue> channel_values(const ArrivalSums& sums) {
  return channel_values(values_of(sums.people), values_of(sums.equity));
}

struct BackwardSweep {
  PersonLayer first{};  ///< the layer of period 0 with the market at its start, by state
  std::vector<ChannelValue> channels{};
  std::vector<ChannelValue> segments{};
};

/// All regimes' layers of period t from those of period t + 1.
class RegimeLayers {
 public:
  explicit RegimeLayers(const Chain& chain)
      : chain_{&chain}, now_(chain.regimes(), PersonLayer{places_of(chain)}), spare_{now_} {}

  void step_back(std::int64_t t) {
    for (std::size_t e = 0; e < now_.size(); ++e) {
      spare_[e] = detail::step_back(*chain_, chain_->epoch(t, e), what_follows(e), std::move(spare_[e]));
    }
    std::swap(now_, spare_);
  }
  [[nodiscard]] const PersonLayer& operator[](std::size_t regime) const { return now_[regime]; }

 private:
  /// The layer that a person in one regime meets next, over the regimes that may follow.
  [[nodiscard]] const PersonLayer& what_follows(std::size_t regime) {
    if (now_.size() == 1) return now_.front();
    following_ = mixture(now_, chain_->market.matrix[regime], std::move(following_));
    return following_;
  }

  const Chain* chain_;
  std::vector<PersonLayer> now_;
  std::vector<PersonLayer> spare_;
  PersonLayer following_{};
};

[[nodiscard]] inline BackwardSweep sweep_back(const Chain& chain, std::int64_t horizon,
                                              const Interrupted& interrupted) {
  RegimeLayers layers{chain};
  ArrivalSums channels{chain.channels};
  ArrivalSums segments{chain.segments()};
  const auto arriving_periods = static_cast<std::size_t>(chain.arrivals.empty() ? 0 : horizon);
  const std::vector<double> discount = discount_factors(chain.discount_factor, arriving_periods);
  const std::vector<std::vector<double>> market = market_course(chain.market, arriving_periods);
  for (std::int64_t t = horizon; t-- > 0;) {
    heed(interrupted);
    layers.step_back(t);
    for (const ArrivalGroup& group : chain.arrivals) {
      for (std::size_t e = 0; e < chain.regimes(); ++e) {
        const double expected = people_arriving(group, t, e) * market[static_cast<std::size_t>(t)][e];
        if (expected == 0) continue;
        const double arriving = expected * discount[static_cast<std::size_t>(t)];
        const double each = layers[e].with_referrals[entry_place(chain, group.state)];
        channels.add(group.channel, arriving, each);
        segments.add(chain.segment_of(group.state), arriving, each);
      }
    }
  }
  return {at_entry(chain, layers[chain.market.start]), channel_values(channels), channel_values(segments)};
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
  refuse_beyond_memory(
      bytes, "the course of " + std::to_string(chain.states()) + " states over " + std::to_string(horizon) + " periods",
      "model.horizon", "shorten the horizon or use longer periods");
}

/// Expected people on whom a stream is spent in period t; 1 for a stream that falls on nobody in particular.
[[nodiscard]] inline double people_spent_on(const SpendStream& stream, std::int64_t t,
                                            const std::vector<double>& people) {
  if (!runs_at(stream, t)) return 0;
  if (!stream.per_person) return 1;
  double count = 0;
  for (const StateIndex state : stream.states) count += people[state];
  return count;
}

/// People of all kinds together.
inline void append(const Chain& chain, Trace& trace, const PeriodFlows& flows, const std::vector<double>& people) {
  trace.cash_flow.push_back(flows.cash_flow);
  trace.discounted_cash_flow.push_back(flows.discounted_cash_flow);
  trace.spend.push_back(flows.spend);
  const std::size_t states = chain.states_of_a_type();
  for (std::size_t s = 0; s < states; ++s) {
    double count = 0;
    for (std::size_t i = s; i < people.size(); i += states) count += people[i];
    trace.people[s].push_back(count);
  }
}

[[nodiscard]] inline ForwardSweep sweep_forward(const Chain& chain, std::int64_t horizon, bool with_trace,
                                                const Interrupted& interrupted) {
  ForwardSweep sweep;
  sweep.trace.people.resize(with_trace ? chain.states_of_a_type() : 0);
  std::vector<CompensatedSum> cost(chain.spend_streams.size());
  CompensatedSum acquired, losses, customers, stayers;
  DoubleDouble discount{1};
  RegimeCounts count{chain};
  for (std::int64_t t = 0; t < horizon; ++t) {
    heed(interrupted);
    count.arrive(t);
    const double factor = discount.rounded();
    const PeriodFlows flows = count.flows(t, factor);
    const std::vector<double> people = count.people();
    acquired.add(count.acquired_now());
    losses.add(flows.acquisition_losses);
    if (t + 1 < horizon) {
      customers.add(flows.customers);
      stayers.add(flows.customers_who_stay);
    }
    for (std::size_t s = 0; s < cost.size(); ++s)
      cost[s].add(factor * people_spent_on(chain.spend_streams[s], t, people));
    if (with_trace) append(chain, sweep.trace, flows, people);
    count.step_forward(t);
    discount = discount * DoubleDouble{chain.discount_factor};
  }
  sweep.acquired = acquired.value();
  sweep.acquisition_losses = losses.value();
  if (customers.value() > 0) sweep.retention_rate = stayers.value() / customers.value();
  sweep.cost_per_level = values_of(cost);
  return sweep;
}

[[nodiscard]] inline ExactValue value_over(const Chain& chain, std::int64_t horizon, bool with_trace,
                                           const Interrupted& interrupted) {
  const bool traced = with_trace && !chain.arrivals.empty();
  if (traced) refuse_long_trace(chain, horizon);
  refuse_long_work(chain, horizon);
  BackwardSweep back = sweep_back(chain, horizon, interrupted);
  ForwardSweep forward = sweep_forward(chain, horizon, traced, interrupted);
  ExactValue value = value_of_people(chain, back.first);
  value.investment = investment_of(chain, forward.cost_per_level);
  if (chain.arrivals.empty()) return value;
  BusinessValue business;
  business.channels = std::move(back.channels);
  for (std::size_t s = 0; s < value.segments.size(); ++s) value.segments[s].arrivals = back.segments[s];
  business.acquired = forward.acquired;
  business.retention_rate = forward.retention_rate;
  if (with_trace) business.trace = std::move(forward.trace);
  value.business = settle_accounts(chain, std::move(business), value.investment, forward.acquisition_losses);
  return value;
}

[[nodiscard]] inline std::vector<double> cost_per_level_over(const Chain& chain, std::int64_t horizon,
                                                             const Interrupted& interrupted) {
  refuse_long_work(chain, horizon);
  std::vector<double> cost = sweep_forward(chain, horizon, false, interrupted).cost_per_level;
  if (!all_finite(cost)) refuse_overflow();
  return cost;
}

}  // namespace tenure::detail
