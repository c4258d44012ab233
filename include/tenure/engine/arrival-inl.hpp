#pragma once
// The bodies of tenure/engine/arrival.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/unrolled.hpp"
#include "tenure/engine/arrival.hpp"
#include "tenure/quantity/detail/memory.hpp"
#include "tenure/quantity/discounting.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure {

TENURE_INLINE Entry entry_at(StateIndex state) { return {state, 0, 1, {}}; }

namespace detail {

/// The states in which somebody arrives, each once, in ascending order.
[[nodiscard]] inline std::vector<StateIndex> states_of_arrival(const Chain& chain) {
  std::vector<StateIndex> states;
  for (const ArrivalGroup& group : chain.arrivals) states.push_back(group.state);
  std::sort(states.begin(), states.end());
  states.erase(std::unique(states.begin(), states.end()), states.end());
  return states;
}

/// What is wrong with a list of entries.
[[nodiscard]] inline std::vector<Problem> problems_of_entries(const Chain& chain, const std::vector<Entry>& entries) {
  std::vector<Problem> problems;
  for (std::size_t k = 0; k < entries.size() && problems.size() < limits::problems_shown; ++k) {
    const std::string path = "entries[" + std::to_string(k) + "]";
    const Entry& entry = entries[k];
    if (entry.state >= chain.states()) {
      problems.push_back({"unknown-state", path, "there is no state " + std::to_string(entry.state), "", {}});
    }
    if (entry.period < 0 || entry.period > chain.horizon.value_or(limits::periods)) {
      problems.push_back(
          {"period", path, "period " + std::to_string(entry.period) + " is outside the horizon", "", {}});
    }
    if (!(entry.weight > 0 && std::isfinite(entry.weight))) {
      problems.push_back(
          {"weight", path, std::to_string(entry.weight) + " is no weight", "give a finite number above 0", {}});
    }
  }
  return problems;
}

TENURE_INLINE void refuse_unless_plain(const Chain& chain) {
  const auto refuse = [](const std::string& what, const std::string& hint) {
    throw LimitError{{{"unsupported", "", what, hint, {}}}};
  };
  if (!is_plain(chain))
    refuse("states that last by a law of their own, and a market, are followed unrolled", "give unrolled(chain)");
  if (chain.has_events()) {
    refuse("the distribution of cash flows that vary from event to event is not computed",
           "simulate people one by one (--engine individual)");
  }
  if (chain.types_by_moments || !chain.own_amounts.empty()) {
    refuse("the distribution of cash flows and referral rates that differ from person to person is not computed",
           "simulate people one by one (--engine individual)");
  }
}

TENURE_INLINE void refuse_meaningless_entries(const Chain& chain, const std::vector<Entry>& entries) {
  std::vector<Problem> problems = problems_of_entries(chain, entries);
  if (!problems.empty()) throw ModelError{std::move(problems)};
}

/// In how many periods from the first on people may arrive. Throws LimitError where they do so for ever.
[[nodiscard]] inline std::int64_t periods_of_arrival(const Chain& chain) {
  if (chain.horizon) return *chain.horizon;
  std::size_t listed = 0;
  for (const ArrivalGroup& group : chain.arrivals) {
    if (goes_on(group)) {
      throw LimitError{{{"horizon",
                         "model.horizon",
                         "people arrive for ever, so their entries cannot be listed",
                         "follow one person from where they enter (--from STATE), or give arrivals an `until`, or the "
                         "model a finite horizon",
                         {}}}};
    }
    listed = std::max(listed, group.count.size());
  }
  return static_cast<std::int64_t>(listed);
}

inline void refuse_many_entries(std::int64_t periods, std::size_t states) {
  const double bytes = static_cast<double>(sizeof(Entry)) * static_cast<double>(periods) * static_cast<double>(states);
  refuse_beyond_memory(bytes, "the list of all entries", "model.horizon", "shorten the horizon or use longer periods");
}

}  // namespace detail

TENURE_INLINE std::vector<Entry> arrivals_of_chain(const Chain& chain) {
  const std::vector<StateIndex> states = detail::states_of_arrival(chain);
  if (states.empty()) return {};
  const std::int64_t periods = detail::periods_of_arrival(chain);
  detail::refuse_many_entries(periods, states.size());
  const std::vector<double> discount = discount_factors(chain.discount_factor, static_cast<std::size_t>(periods));
  std::vector<std::size_t> place_of_group;
  for (const ArrivalGroup& group : chain.arrivals) {
    place_of_group.push_back(
        static_cast<std::size_t>(std::lower_bound(states.begin(), states.end(), group.state) - states.begin()));
  }
  std::vector<Entry> entries;
  CompensatedSum total;
  std::vector<double> people(states.size());
  const auto add = [&](StateIndex state, std::int64_t t, double count, const std::vector<double>& factor_in_regime) {
    const double weight = discount[static_cast<std::size_t>(t)] * count;
    if (weight == 0) return;
    entries.push_back({state, t, weight, factor_in_regime});
    total.add(weight);
  };
  for (std::int64_t t = 0; t < periods; ++t) {
    std::fill(people.begin(), people.end(), 0.0);
    for (std::size_t g = 0; g < chain.arrivals.size(); ++g) {
      const ArrivalGroup& group = chain.arrivals[g];
      if (group.factor_in_regime.empty())
        people[place_of_group[g]] += people_arriving(group, t);
      else
        add(group.state, t, people_arriving(group, t), group.factor_in_regime);
    }
    for (std::size_t place = 0; place < states.size(); ++place) add(states[place], t, people[place], {});
  }
  const double everybody = total.value();
  if (!std::isfinite(everybody)) {
    throw DivergentError{{{"overflow",
                           "",
                           "the number of people arriving exceeds what double precision can hold",
                           "shorten the horizon, or lower the growth of arrivals",
                           {}}}};
  }
  for (Entry& entry : entries) entry.weight /= everybody;
  std::erase_if(entries, [](const Entry& entry) { return !(entry.weight > 0); });  // too little beside all others
  return entries;
}

}  // namespace tenure
