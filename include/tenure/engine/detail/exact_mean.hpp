#pragma once
// The expectation of what a simulation draws, from the exact engine: to be shown beside the simulated mean, and to
// control what is not known exactly. There is none where the exact engine has no answer.

#include <cstddef>
#include <optional>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure::detail {

/// Whose value is asked for.
struct PersonAskedFor {
  std::optional<StateIndex>
      from{};              ///< who enters this state at the start; else someone who arrives, as in arrival.hpp
  bool referrals = false;  ///< with everyone whom they bring
};

[[nodiscard]] inline Chain without_referrals(Chain chain) {
  chain.referrals = {};
  chain.referrals.first.assign(chain.states() + 1, 0);
  chain.referral_rate = Timeline<std::vector<double>>{};
  return chain;
}

[[nodiscard]] inline std::optional<ExactValue> exact_value_if_any(const Chain& chain,
                                                                  const Interrupted& interrupted = uninterrupted) {
  try {
    return exact_value(chain, {.trace = false, .interrupted = interrupted});
  } catch (const DivergentError&) {
    return std::nullopt;
  } catch (const LimitError&) {
    return std::nullopt;
  }
}

/// What a person brings on average, in money at entry.
[[nodiscard]] inline std::optional<double> exact_mean(const Chain& chain, const PersonAskedFor& person,
                                                      const Interrupted& interrupted = uninterrupted) {
  const auto value = exact_value_if_any(person.referrals ? chain : without_referrals(chain), interrupted);
  if (!value) return std::nullopt;
  if (person.from) {
    const StateValue& state = value->states.at(*person.from);
    return person.referrals ? state.clv_with_referrals : state.clv;
  }
  if (!value->business) return std::nullopt;
  CompensatedSum people;
  CompensatedSum equity;
  for (const ChannelValue& channel : value->business->channels) {
    people.add(channel.people);
    equity.add(channel.customer_equity);
  }
  return people.value() > 0 ? std::optional{equity.value() / people.value()} : std::nullopt;
}

/// What the business is worth on average.
[[nodiscard]] inline std::optional<double> exact_mean_of_business(const Chain& chain,
                                                                  const Interrupted& interrupted = uninterrupted) {
  const auto value = exact_value_if_any(chain, interrupted);
  return value && value->business ? std::optional{value->business->customer_equity} : std::nullopt;
}

/// How far its value may be from that, by chance among people and by the market; none for an infinite horizon.
[[nodiscard]] inline std::optional<EquityRisk> exact_risk_of_business(const Chain& chain,
                                                                      const Interrupted& interrupted = uninterrupted) {
  if (!chain.horizon) return std::nullopt;
  const ExactValue value = exact_value(chain, {.trace = false, .risk = true, .interrupted = interrupted});
  return value.business ? value.business->risk : std::nullopt;
}

}  // namespace tenure::detail
