#pragma once
// How the accounts of a business are settled from their parts.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/detail/exact/person.hpp"
#include "tenure/engine/exact/value.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure::detail {

[[nodiscard]] inline bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

[[nodiscard]] inline bool all_finite(const std::vector<ChannelValue>& channels) {
  return std::all_of(channels.begin(), channels.end(), [](const ChannelValue& channel) {
    return std::isfinite(channel.people) && std::isfinite(channel.customer_equity) &&
           std::isfinite(channel.value_each.value_or(0));
  });
}

[[nodiscard]] inline bool all_finite(const Trace& trace) {
  return all_finite(trace.cash_flow) && all_finite(trace.discounted_cash_flow) && all_finite(trace.spend) &&
         std::all_of(trace.people.begin(), trace.people.end(), [](const auto& people) { return all_finite(people); });
}

[[noreturn]] inline void refuse_overflow() {
  throw DivergentError{{{"overflow",
                         "",
                         "a value exceeds what double precision can hold",
                         "shorten the horizon, or lower referral rates, growth or amounts",
                         {}}}};
}

[[nodiscard]] inline StateValue state_value(const PersonLayer& layer, std::size_t state) {
  StateValue value;
  value.clv = layer.mean[state];
  value.clv_sd = std::sqrt(layer.variance[state]);
  const double cubed = layer.variance[state] * *value.clv_sd;
  if (cubed > 0 && std::isfinite(layer.third_moment[state] / cubed))
    value.clv_skewness = layer.third_moment[state] / cubed;
  value.clv_with_referrals = layer.with_referrals[state];
  value.expected_periods_as_customer = layer.customer_periods[state];
  return value;
}

[[nodiscard]] inline std::vector<StateValue> state_values(const PersonLayer& layer) {
  std::vector<StateValue> values;
  for (std::size_t i = 0; i < layer.mean.size(); ++i) values.push_back(state_value(layer, i));
  return values;
}

/// The states of some kinds as one, over their shares.
[[nodiscard]] inline PersonLayer over_types(const Chain& chain, const PersonLayer& first, std::size_t begin,
                                            std::size_t end) {
  std::vector<PersonLayer> of_types;
  std::vector<double> weights;
  double total = 0;
  double of_segments = 0;
  for (std::size_t k = begin; k < end; ++k) {
    total += chain.types[k].share;
    of_segments += chain.types[k].of_segment;
  }
  for (std::size_t k = begin; k < end; ++k) {
    of_types.push_back(part_of(first, k * chain.states_of_a_type(), chain.states_of_a_type()));
    weights.push_back(total > 0 ? chain.types[k].share / total : chain.types[k].of_segment / of_segments);
  }
  return of_types.size() == 1 ? of_types.front() : mixture(of_types, weights, PersonLayer{chain.states_of_a_type()});
}

/// The values of people by state, over all segments and by segment, from the layer of period 0.
[[nodiscard]] inline ExactValue value_of_people(const Chain& chain, const PersonLayer& first) {
  if (!all_finite(first.mean) || !all_finite(first.variance) || !all_finite(first.with_referrals) ||
      !all_finite(first.customer_periods)) {
    refuse_overflow();
  }
  ExactValue value{.states = state_values(over_types(chain, first, 0, chain.types.size()))};
  std::size_t begin = 0;
  for (std::uint32_t segment = 0; segment < chain.segments(); ++segment) {
    std::size_t end = begin;
    double share = 0;
    while (end < chain.types.size() && chain.types[end].segment == segment) share += chain.types[end++].share;
    value.segments.push_back({share, state_values(over_types(chain, first, begin, end)), {}});
    begin = end;
  }
  return value;
}

/// Σ_{t in [from, until)} d^t, or no value where that is infinite.
[[nodiscard]] inline std::optional<double> discounted_duration(double d, std::int64_t from, const Horizon& until) {
  if (!until) {
    if (d >= 1) return std::nullopt;
    return power(DoubleDouble{d}, static_cast<double>(from)) / (1 - d);
  }
  CompensatedSum sum;
  const std::vector<double> factors = discount_factors(d, static_cast<std::size_t>(std::max(from, *until)));
  for (std::int64_t t = from; t < *until; ++t) sum.add(factors[static_cast<std::size_t>(t)]);
  return sum.value();
}

[[nodiscard]] inline Horizon end_of(const SpendStream& stream, const Horizon& horizon) {
  if (!stream.until) return horizon;
  return horizon ? std::min(*horizon, *stream.until) : *stream.until;
}

[[nodiscard]] inline std::vector<ChannelValue> channel_values(const std::vector<double>& people,
                                                              const std::vector<double>& equity) {
  std::vector<ChannelValue> channels;
  for (std::size_t c = 0; c < people.size(); ++c) {
    ChannelValue channel{people[c], equity[c], {}};
    if (channel.people > 0) channel.value_each = channel.customer_equity / channel.people;
    channels.push_back(channel);
  }
  return channels;
}

/// Levers at level 0 cost nothing, however long they could run.
[[nodiscard]] inline Investment investment_of(const Chain& chain, const std::vector<double>& cost_per_level) {
  Investment investment;
  CompensatedSum total;
  for (std::size_t s = 0; s < chain.spend_streams.size(); ++s) {
    investment.by_stream.push_back(chain.spend_streams[s].level * cost_per_level[s]);
    total.add(investment.by_stream.back());
  }
  investment.total = total.value();
  if (!std::isfinite(investment.total)) refuse_overflow();
  return investment;
}

/// Customer equity = what the channels bring, less spend that falls on nobody in particular.
[[nodiscard]] inline BusinessValue settle_accounts(const Chain& chain, BusinessValue business,
                                                   const Investment& investment, double acquisition_losses) {
  CompensatedSum equity;
  CompensatedSum acquisition;
  acquisition.add(acquisition_losses);
  for (const ChannelValue& channel : business.channels) equity.add(channel.customer_equity);
  for (std::size_t s = 0; s < chain.spend_streams.size(); ++s) {
    if (!chain.spend_streams[s].per_person) equity.add(-investment.by_stream[s]);
    if (chain.spend_streams[s].for_acquisition) acquisition.add(investment.by_stream[s]);
  }
  business.customer_equity = equity.value();
  if (business.acquired && *business.acquired > 0) business.acquisition_cost = acquisition.value() / *business.acquired;
  const bool finite = std::isfinite(business.customer_equity) && std::isfinite(business.acquired.value_or(0)) &&
                      std::isfinite(business.acquisition_cost.value_or(0)) && all_finite(business.channels) &&
                      (!business.trace || all_finite(*business.trace));
  if (!finite) refuse_overflow();
  return business;
}

}  // namespace tenure::detail
