#pragma once
// The bodies of tenure/chain/detail/unrolled.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/chain/detail/unrolled.hpp"
#include "tenure/quantity/detail/memory.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

TENURE_INLINE bool is_plain(const Chain& chain) { return chain.dwells.empty() && chain.regimes() == 1; }

/// One entry of an unrolled row.
struct UnrolledEntry {
  StateIndex from = 0;  ///< of the chain
  std::size_t place = 0;
  std::size_t regime = 0;
  std::size_t to_regime = 0;
  std::uint32_t entry = 0;  ///< of the chain's transitions or referrals
  bool sojourns = false;    ///< in the state, a period older
};

struct UnrolledPattern {
  Pattern pattern{};
  std::vector<UnrolledEntry> entries{};
};

[[nodiscard]] inline bool may_stay(const Chain& chain, std::size_t place) {
  if (chain.dwells.empty()) return false;
  const auto& distinct = chain.dwells.hazard.distinct();
  return std::any_of(distinct.begin(), distinct.end(), [&](const auto& hazard) { return hazard[place] < 1; });
}

[[nodiscard]] inline UnrolledPattern unrolled_transitions(const Chain& chain, const UnrolledPlaces& places) {
  UnrolledPattern result;
  places.for_each([&](StateIndex i, std::size_t place, std::size_t regime) {
    const auto add = [&](StateIndex to, UnrolledEntry entry) {
      result.pattern.successor.push_back(to);
      result.entries.push_back(entry);
    };
    for_each_next(chain.market, regime, [&](std::size_t next, double) {
      if (may_stay(chain, place))
        add(places.at(places.place_one_older(i, place), next), {i, place, regime, next, 0, true});
      for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
        add(places.entry(chain.transitions.successor[k], next), {i, place, regime, next, k, false});
      }
    });
    result.pattern.first.push_back(static_cast<std::uint32_t>(result.entries.size()));
  });
  return result;
}

[[nodiscard]] inline UnrolledPattern unrolled_referrals(const Chain& chain, const UnrolledPlaces& places) {
  UnrolledPattern result;
  places.for_each([&](StateIndex i, std::size_t place, std::size_t regime) {
    for_each_next(chain.market, regime, [&](std::size_t next, double) {
      for (std::uint32_t k = chain.referrals.first[i]; k < chain.referrals.first[i + 1]; ++k) {
        result.pattern.successor.push_back(places.entry(chain.referrals.successor[k], next));
        result.entries.push_back({i, place, regime, next, k, false});
      }
    });
    result.pattern.first.push_back(static_cast<std::uint32_t>(result.entries.size()));
  });
  return result;
}

/// A timeline over periods, each entry made from a chain's timelines in all regimes of the period: make(t).
template <class T, class Make, class... Timelines>
[[nodiscard]] Timeline<T> unrolled_timeline(const Chain& chain, const Repetition& repeats, Make make,
                                            const Timelines&... read) {
  std::map<std::vector<std::size_t>, std::uint32_t> known;
  std::vector<T> distinct;
  std::vector<std::uint32_t> course;
  const std::size_t periods = repeats.from + repeats.cycle;
  for (std::size_t t = 0; t < periods; ++t) {
    std::vector<std::size_t> key;
    for (std::size_t e = 0; e < chain.regimes(); ++e) {
      (key.push_back(read.place(chain.epoch(static_cast<std::int64_t>(t), e))), ...);
    }
    const auto [found, is_new] = known.emplace(std::move(key), static_cast<std::uint32_t>(distinct.size()));
    if (is_new) distinct.push_back(make(static_cast<std::int64_t>(t)));
    course.push_back(found->second);
  }
  return {std::move(distinct), std::move(course), repeats.from};
}

inline void refuse_large_unrolled(std::size_t entries, const Repetition& repeats) {
  const double bytes = static_cast<double>(entries) *
                       (64.0 + 16.0 * static_cast<double>(std::min<std::size_t>(repeats.from + repeats.cycle, 64)));
  refuse_beyond_memory(bytes,
                       "the ages of all states and the regimes of the market together make " + std::to_string(entries) +
                           " transitions, which",
                       "", "shorten the dwells, use longer periods, or give a finite horizon");
}

TENURE_INLINE bool goes_on(const ArrivalGroup& group) { return !group.count.empty() && group.count.back() > 0; }

/// Arrivals of a group with the market in one regime, as far as they are not like the last one for ever.
[[nodiscard]] inline ArrivalGroup arrivals_in_regime(const Chain& chain, const ArrivalGroup& group, std::size_t regime,
                                                     const std::vector<std::vector<double>>& market) {
  ArrivalGroup arriving = group;
  arriving.factor_in_regime.clear();
  if (group.count.empty() || chain.regimes() == 1) return arriving;
  const std::size_t listed = goes_on(group) ? std::max(group.count.size(), market.size()) : group.count.size();
  arriving.count.clear();
  for (std::size_t t = 0; t < listed; ++t) {
    arriving.count.push_back(people_arriving(group, static_cast<std::int64_t>(t), regime) *
                             market[std::min(t, market.size() - 1)][regime]);
  }
  return arriving;
}

TENURE_INLINE std::size_t periods_that_count(const Chain& chain) {
  constexpr double negligible = 1e-20;
  const auto most = static_cast<std::size_t>(limits::settling_periods / 10);
  double ratio = 0;
  for (const ArrivalGroup& group : chain.arrivals) ratio = std::max(ratio, chain.discount_factor * group.growth_factor);
  if (!(ratio < 1)) return most;
  double left = 1;
  std::size_t periods = 0;
  for (; periods < most && left > negligible; ++periods) left *= ratio;
  return periods;
}

/// Probabilities of the regimes for as long as people arrive: until they no longer change, to the end of the horizon,
/// or until it no longer matters.
[[nodiscard]] inline std::vector<std::vector<double>> market_of_arrivals(const Chain& chain) {
  constexpr double settled = 1e-16;
  std::size_t listed = 1;
  bool for_ever = false;
  for (const ArrivalGroup& group : chain.arrivals) {
    listed = std::max(listed, group.count.size());
    for_ever = for_ever || goes_on(group);
  }
  const std::size_t counting = for_ever && !chain.horizon ? listed + periods_that_count(chain) : 0;
  const std::size_t most = !for_ever ? listed : chain.horizon ? static_cast<std::size_t>(*chain.horizon) : counting;
  std::vector<std::vector<double>> course = market_course(chain.market, 1);
  while (chain.regimes() > 1 && course.size() < most) {
    std::vector<double> next = after(chain.market, course.back());
    double change = 0;
    for (std::size_t e = 0; e < next.size(); ++e) change = std::max(change, std::abs(next[e] - course.back()[e]));
    if (change <= settled) return course;
    course.push_back(std::move(next));
  }
  if (counting >= static_cast<std::size_t>(limits::settling_periods / 10) && chain.regimes() > 1) {
    throw LimitError{
        {{"unsettled",
          "environment.matrix",
          "the market does not settle within " + std::to_string(most) + " periods, and people arrive for ever",
          "give a finite horizon, or arrivals an `until`",
          {}}}};
  }
  return course;
}

/// A timeline of numbers by entry: of_entry(t, entry).
template <class OfEntry, class... Timelines>
[[nodiscard]] auto timeline_by_entry(const Chain& chain, const Repetition& repeats,
                                     const std::vector<UnrolledEntry>& entries, OfEntry of_entry,
                                     const Timelines&... read) {
  using Values = std::vector<std::invoke_result_t<OfEntry, std::int64_t, const UnrolledEntry&>>;
  const auto make = [&](std::int64_t t) {
    Values values;
    values.reserve(entries.size());
    for (const UnrolledEntry& entry : entries) values.push_back(of_entry(t, entry));
    return values;
  };
  return unrolled_timeline<Values>(chain, repeats, make, read...);
}

/// A timeline of what states have, whatever the age in them; empty where it is.
template <class T>
[[nodiscard]] Timeline<std::vector<T>> timeline_by_state(const Chain& chain, const Repetition& repeats,
                                                         const UnrolledPlaces& places,
                                                         const Timeline<std::vector<T>>& timeline) {
  const auto make = [&](std::int64_t t) {
    std::vector<T> values;
    places.for_each([&](StateIndex i, std::size_t, std::size_t regime) {
      const std::vector<T>& of_epoch = timeline.at(chain.epoch(t, regime));
      if (!of_epoch.empty()) values.push_back(of_epoch[i]);
    });
    return values;
  };
  return unrolled_timeline<std::vector<T>>(chain, repeats, make, timeline);
}

[[nodiscard]] inline double probability_of(const Chain& chain, std::int64_t t, const UnrolledEntry& entry) {
  const std::int64_t epoch = chain.epoch(t, entry.regime);
  const double to_regime = chain.market.matrix[entry.regime][entry.to_regime];
  const double hazard = chain.dwells.empty() ? 1 : chain.dwells.hazard.at(epoch)[entry.place];
  if (entry.sojourns) return to_regime * (1 - hazard);
  return to_regime * hazard * chain.probability.at(epoch)[entry.entry];
}

inline void unroll_transitions(const Chain& chain, const Repetition& repeats, const UnrolledPattern& moves,
                               Chain& plain) {
  plain.transitions = moves.pattern;
  plain.probability = timeline_by_entry(
      chain, repeats, moves.entries,
      [&](std::int64_t t, const UnrolledEntry& entry) { return probability_of(chain, t, entry); }, chain.probability,
      chain.dwells.hazard);
  plain.transition_cash_flow = timeline_by_entry(
      chain, repeats, moves.entries,
      [&](std::int64_t t, const UnrolledEntry& entry) {
        return entry.sojourns ? 0.0 : chain.transition_cash_flow.at(chain.epoch(t, entry.regime))[entry.entry];
      },
      chain.transition_cash_flow);
  if (chain.transition_events.distinct().front().empty()) return;
  plain.transition_events = timeline_by_entry(
      chain, repeats, moves.entries,
      [&](std::int64_t t, const UnrolledEntry& entry) {
        return entry.sojourns ? EventLaw{} : chain.transition_events.at(chain.epoch(t, entry.regime))[entry.entry];
      },
      chain.transition_events);
}

inline void unroll_referrals(const Chain& chain, const Repetition& repeats, const UnrolledPattern& referred,
                             Chain& plain) {
  plain.referrals = referred.pattern;
  plain.referral_rate = timeline_by_entry(
      chain, repeats, referred.entries,
      [&](std::int64_t t, const UnrolledEntry& entry) {
        return chain.market.matrix[entry.regime][entry.to_regime] *
               chain.referral_rate.at(chain.epoch(t, entry.regime))[entry.entry];
      },
      chain.referral_rate);
}

[[nodiscard]] inline std::vector<ArrivalGroup> unrolled_arrivals(const Chain& chain, const UnrolledPlaces& places) {
  const std::vector<std::vector<double>> market = market_of_arrivals(chain);
  std::vector<ArrivalGroup> groups;
  for (const ArrivalGroup& group : chain.arrivals) {
    for (std::size_t regime = 0; regime < chain.regimes(); ++regime) {
      groups.push_back(arrivals_in_regime(chain, group, regime, market));
      groups.back().state = places.entry(group.state, regime);
    }
  }
  return groups;
}

/// The unrolled states of a set of states.
[[nodiscard]] inline std::vector<StateIndex> unrolled_states(const Chain& chain, const UnrolledPlaces& places,
                                                             const std::vector<StateIndex>& states) {
  std::vector<bool> included(chain.states());
  for (const StateIndex state : states) included[state] = true;
  std::vector<StateIndex> unrolled;
  StateIndex next = 0;
  places.for_each([&](StateIndex i, std::size_t, std::size_t) {
    if (included[i]) unrolled.push_back(next);
    ++next;
  });
  return unrolled;
}

TENURE_INLINE Chain unrolled(const Chain& chain) {
  if (is_plain(chain)) return chain;
  const UnrolledPlaces places{chain};
  const Repetition repeats = repetition(chain);
  const UnrolledPattern moves = unrolled_transitions(chain, places);
  const UnrolledPattern referred = unrolled_referrals(chain, places);
  refuse_large_unrolled(moves.entries.size() + referred.entries.size(), repeats);
  Chain plain = chain;
  plain.market = {};
  plain.dwells = {};
  plain.stages.clear();
  places.for_each([&](StateIndex i, std::size_t, std::size_t) { plain.stages.push_back(chain.stages[i]); });
  unroll_transitions(chain, repeats, moves, plain);
  unroll_referrals(chain, repeats, referred, plain);
  plain.cash_flow = timeline_by_state(chain, repeats, places, chain.cash_flow);
  plain.spend = timeline_by_state(chain, repeats, places, chain.spend);
  plain.state_events = timeline_by_state(chain, repeats, places, chain.state_events);
  plain.arrivals = unrolled_arrivals(chain, places);
  for (SpendStream& stream : plain.spend_streams) stream.states = unrolled_states(chain, places, stream.states);
  return plain;
}

}  // namespace tenure::detail
