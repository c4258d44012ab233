#pragma once
// The definitions of the individual engine: blocks of people divided among threads, and their results put together.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "tenure/engine/detail/individual/life_tables.hpp"
#include "tenure/engine/detail/individual/observed_lives.hpp"
#include "tenure/engine/detail/individual/people.hpp"
#include "tenure/engine/individual.hpp"

namespace tenure {

TENURE_INLINE PairedResult simulate_paired(std::span<const Chain> chains, const IndividualOptions& options) {
  std::vector<const Chain*> places;
  for (const Chain& chain : chains) places.push_back(&chain);
  return detail::simulate_population(detail::populations_of(places, options), options, 0, blocks_of(options),
                                     detail::Differences::summed_up);
}

TENURE_INLINE std::vector<IndividualResult> simulate_together(std::span<const Chain* const> chains,
                                                              const IndividualOptions& options, std::uint64_t first,
                                                              std::uint64_t last) {
  if (chains.empty()) return {};
  return detail::simulate_population(detail::populations_of(chains, options), options, first,
                                     std::min(last, blocks_of(options)), detail::Differences::left_out)
      .each;
}

TENURE_INLINE IndividualResult simulate_blocks(const Chain& chain, const IndividualOptions& options,
                                               std::uint64_t first, std::uint64_t last) {
  const Chain* const place = &chain;
  return std::move(simulate_together({&place, 1}, options, first, last).front());
}

TENURE_INLINE IndividualResult simulate_individuals(const Chain& chain, const IndividualOptions& options) {
  return simulate_blocks(chain, options, 0, blocks_of(options));
}

TENURE_INLINE void observe_lives(const Chain& chain, const Entry& entry, const ObserveOptions& options,
                                 const std::function<void(const LifeEvent&)>& observe) {
  detail::refuse_meaningless_entries(chain, {entry});
  detail::refuse_types_by_moments(chain);
  if (detail::needs_sojourns(chain)) return detail::observe_by_sojourns(chain, entry, options, observe);
  detail::observe_by_periods(chain, entry, options, observe);
}

namespace detail {

/// The shares of people in each state, of people who live by sojourns.
[[nodiscard]] inline IndividualTrace shares_of_sojourns(const IndividualResult& result, const Chain& chain) {
  const auto people = static_cast<double>(result.people());
  IndividualTrace trace;
  trace.share.resize(chain.states());
  for (std::size_t i = 0; i < chain.states(); ++i) {
    for (std::int64_t t = 0; t < result.periods; ++t) {
      const double share =
          static_cast<double>(result.people_in[static_cast<std::size_t>(t) * chain.states() + i]) / people;
      const bool has_error = people >= 2 && !result.shared;
      trace.share[i].push_back(
          {share, has_error ? std::optional{std::sqrt(share * (1 - share) / people)} : std::nullopt});
    }
  }
  return trace;
}

}  // namespace detail

TENURE_INLINE IndividualTrace trace_of(const IndividualResult& result, const Chain& chain) {
  if (result.people_in.empty()) return {};
  if (detail::needs_sojourns(chain)) return detail::shares_of_sojourns(result, chain);
  const detail::StateSplit split = detail::split_states(chain);
  const std::size_t states = split.origin.size();
  const std::vector<double> discount =
      discount_factors(chain.discount_factor, static_cast<std::size_t>(result.periods) + 1);
  const auto people = static_cast<double>(result.people());
  const auto error = [&](double mean, double square) {
    return people < 2 ? std::nullopt : std::optional{std::sqrt(std::max(square - mean * mean, 0.0) / people)};
  };
  IndividualTrace trace;
  trace.share.resize(chain.states());
  for (std::int64_t t = 0; t <= result.periods; ++t) {
    const std::vector<double> money = detail::money_of_period(chain, split, t, result.periods);
    std::vector<std::uint64_t> in(chain.states());
    CompensatedSum first;
    CompensatedSum second;
    for (std::size_t s = 0; s < states; ++s) {
      const std::uint64_t count = result.people_in[static_cast<std::size_t>(t) * states + s];
      const double amount = money[s] * discount[static_cast<std::size_t>(t)];
      in[split.origin[s]] += count;
      first.add_product(static_cast<double>(count), amount);
      second.add_product(static_cast<double>(count) * amount, amount);
    }
    for (std::size_t i = 0; i < in.size() && t < result.periods; ++i) {
      const double share = static_cast<double>(in[i]) / people;
      trace.share[i].push_back({share, error(share, share)});
    }
    const double mean = first.value() / people;
    trace.discounted_cash_flow.push_back({mean, error(mean, second.value() / people)});
  }
  return trace;
}

}  // namespace tenure
