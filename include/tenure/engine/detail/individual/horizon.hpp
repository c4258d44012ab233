#pragma once
// How long lives must be followed. A finite horizon says so itself. Without one, a person is followed until what may
// still come is too little to be seen: until the discount factor, counted from the last period in which anybody enters,
// times the share of people who are not gone has fallen below 2^-60. Where those whom a person brings count, they are
// among these people; where they become ever more, the limit on a family answers.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/engine/arrival.hpp"
#include "tenure/engine/detail/individual/life_tables.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

/// Periods to simulate for people of these entries in a plain chain, and for all whom they bring where families count.
/// Throws LimitError where an infinite horizon does not settle within limits::settling_periods.
[[nodiscard]] inline std::int64_t periods_to_simulate(const Chain& chain, const std::vector<Entry>& entries,
                                                      bool with_families = false) {
  if (chain.horizon) return *chain.horizon;
  double entering = 0;
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = 0;
  for (const Entry& entry : entries) {
    entering += entry.weight;
    first = std::min(first, entry.period);
    last = std::max(last, entry.period);
  }
  std::vector<double> people(chain.states());
  const std::vector<double> nobody(chain.states());
  std::vector<bool> absorbed(chain.states());
  for (StateIndex i = 0; i < chain.states(); ++i) absorbed[i] = is_absorbed(chain, i);
  double discount = 1;
  for (std::int64_t t = first; t - last < limits::settling_periods; ++t) {
    if (t <= last) {
      for (const Entry& entry : entries) people[entry.state] += entry.period == t ? entry.weight / entering : 0;
    }
    double present = 0;
    for (std::size_t i = 0; i < people.size(); ++i) present += absorbed[i] ? 0 : people[i];
    if (t >= last && (present * discount < 0x1p-60 || present * discount > 0x1p60)) return t;
    std::vector<double> next(people.size());
    step_forward(Epoch{chain, t}, 1, people, with_families ? people : nobody, next);
    people = std::move(next);
    if (t >= last) discount *= chain.discount_factor;
  }
  throw LimitError{{{"horizon",
                     "model.horizon",
                     "lives go on for more than " + std::to_string(limits::settling_periods) +
                         " periods, so they cannot be simulated to their end",
                     "give a finite horizon",
                     {}}}};
}

}  // namespace tenure::detail
