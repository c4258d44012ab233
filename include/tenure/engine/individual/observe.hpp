#pragma once
// A look at single lives: what a person goes through, period by period, for whoever wants to count something of their
// own.
//
//     std::uint64_t returned = 0;
//     observe_lives(chain, entry_at(prospect), {.seed = 7, .people = 10'000},
//                   [&](const LifeEvent& event) { returned += event.state == lapsed && event.next_state == owner; });

#include <cmath>
#include <cstdint>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/entry.hpp"
#include "tenure/engine/individual/horizon.hpp"
#include "tenure/engine/individual/life.hpp"
#include "tenure/engine/individual/life_tables.hpp"

namespace tenure {

/// One period of one life.
struct LifeEvent {
  std::uint64_t person = 0;
  std::int64_t period = 0;
  StateIndex state = 0;       ///< at the start of the period
  StateIndex next_state = 0;  ///< at its end
  /// The state's cash flow less spend and the cash flow of having entered it, in the last period that of its end too,
  /// discounted to the start of the period in which the person enters: all of a life's events together are its value.
  double brought = 0;
};

struct ObserveOptions {
  std::uint64_t seed = 1;
  std::uint64_t first_person = 0;
  std::uint64_t people = 1;
};

/// Calls observe(LifeEvent) for each period of each life, in order. They are the lives that simulate_individuals gives
/// for the same seed and this one entry. Throws ModelError for an entry that means nothing.
template <class Observe>
void observe_lives(const Chain& chain, const Entry& entry, const ObserveOptions& options, Observe&& observe) {
  detail::refuse_meaningless_entries(chain, {entry});
  const LifeTables tables = life_tables(chain, periods_to_simulate(chain, {entry}), entry.period);
  const StreamKey key = stream_key(options.seed);
  for (std::uint64_t person = options.first_person; person < options.first_person + options.people; ++person) {
    Luck luck = luck_of_transitions(key, person);
    Life life{tables.entry_state[entry.state], entry.period, 0};
    while (life.period < tables.periods) {
      const std::uint32_t state = life.state;
      const std::int64_t period = life.period;
      const std::int64_t before = life.units;
      live_until(tables, luck, life, period + 1, [](std::uint32_t, std::int64_t) {});
      const double brought = std::ldexp(static_cast<double>(life.units - before), tables.unit_exponent);
      observe(LifeEvent{person, period, tables.origin[state], tables.origin[life.state], brought});
    }
  }
}

}  // namespace tenure
