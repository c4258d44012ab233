#pragma once
// Single lives, period by period, by the same tables, draws and rules as those that are simulated in blocks: either way
// of living, by periods or by sojourns, has its own here.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/arrival.hpp"
#include "tenure/engine/detail/individual/horizon.hpp"
#include "tenure/engine/detail/individual/life.hpp"
#include "tenure/engine/detail/individual/life_tables.hpp"
#include "tenure/engine/detail/individual/market_path.hpp"
#include "tenure/engine/detail/individual/people.hpp"
#include "tenure/engine/detail/individual/sojourns.hpp"
#include "tenure/engine/individual/observe.hpp"

namespace tenure::detail {

using Observe = std::function<void(const LifeEvent&)>;

inline void observe_by_periods(const Chain& chain, const Entry& entry, const ObserveOptions& options,
                               const Observe& observe) {
  const LifeTables tables = life_tables(chain, periods_to_simulate(chain, {entry}), entry.period);
  const StreamKey key = stream_key(options.seed);
  for (std::uint64_t person = options.first_person; person < options.first_person + options.people; ++person) {
    Draws draws = draws_of_transitions(key, person);
    Life life{tables.arrival_state[entry.state], entry.period, 0};
    while (life.period < tables.periods) {
      const std::uint32_t state = life.state;
      const std::int64_t period = life.period;
      const std::int64_t before = life.units;
      live_until(tables, draws, life, period + 1, [](std::uint32_t, std::int64_t) {});
      const double value = std::ldexp(static_cast<double>(life.units - before), tables.unit_exponent);
      observe(LifeEvent{person, period, tables.origin[state], tables.origin[life.state], value});
    }
  }
}

/// A life by sojourns, told period by period.
class ObservedSojourns {
 public:
  ObservedSojourns(const SojournTables& tables, const Person& person, const Entry& entry, const Observe& observe)
      : tables_{tables}, person_{person}, entered_{entry.period}, observe_{observe} {}

  void live(const Entry& entry) {
    LifeBySojourns life =
        ended_if_over(tables_, {entry.state, entry.period}, [&](const Sojourn& sojourn) { rest(sojourn); });
    for (std::uint32_t number = 0; !life.is_over; ++number)
      life = after(life, draws_.of(person_.key, person_.number, number));
  }

 private:
  [[nodiscard]] LifeBySojourns after(LifeBySojourns life, const SojournDraws& draws) {
    const Sojourn sojourn = sojourn_from(tables_, person_, life.state, life.period, draws.how_long);
    for (std::int64_t t = sojourn.from; t + 1 < sojourn.until; ++t)
      tell(t, sojourn.state, sojourn.state, value_in(sojourn, t));
    const std::int64_t last = sojourn.until - 1;
    const double value = value_in(sojourn, last);
    if (!sojourn.leaves) {
      tell(last, sojourn.state, sojourn.state, value);
      life.is_over = true;
      return life;
    }
    const std::uint32_t move = entry_after(tables_, person_, sojourn, draws.where_to);
    const double of_move = discount(sojourn.until) * value_of_move(tables_, person_, move, last);
    const bool at_the_end = sojourn.until == tables_.periods;
    life.state = tables_.chain.transitions.successor[move];
    life.period = sojourn.until;
    tell(last, sojourn.state, life.state, at_the_end ? value + of_move : value);
    of_last_move_ = at_the_end ? 0 : of_move;
    return ended_if_over(tables_, life, [&](const Sojourn& absorbed) { rest(absorbed); });
  }

  /// Nothing comes of it but what led there.
  void rest(const Sojourn& sojourn) {
    for (std::int64_t t = sojourn.from; t < sojourn.until; ++t) tell(t, sojourn.state, sojourn.state, 0);
  }

  void tell(std::int64_t t, std::size_t state, std::size_t next, double value) {
    observe_(LifeEvent{person_.number, t, static_cast<StateIndex>(state), static_cast<StateIndex>(next),
                       of_last_move_ + value});
    of_last_move_ = 0;
  }

  [[nodiscard]] double discount(std::int64_t t) const {
    return tables_.discount[static_cast<std::size_t>(t - entered_)];
  }

  [[nodiscard]] double value_in(const Sojourn& sojourn, std::int64_t t) {
    return discount(t) * value_of_sojourn(tables_, person_, {sojourn.state, t, t + 1, false}, events_);
  }

  const SojournTables& tables_;
  const Person& person_;
  std::int64_t entered_;
  const Observe& observe_;
  DrawsOfSojourns draws_{};
  EventDraws events_{};
  double of_last_move_ = 0;
};

inline void observe_by_sojourns(const Chain& chain, const Entry& entry, const ObserveOptions& options,
                                const Observe& observe) {
  const SojournTables tables = sojourn_tables(chain, periods_of_sojourns(chain, {entry}, false));
  const MarketTables tables_of_market = market_tables(chain.market, tables.periods, {&entry, 1});
  const StreamKey key = stream_key(options.seed);
  MarketsOfPeople markets{chain, tables_of_market, key};
  for (std::uint64_t number = options.first_person; number < options.first_person + options.people; ++number) {
    const Person person{key, number, markets.of(number), own_amounts(tables, key, number)};
    ObservedSojourns{tables, person, entry, observe}.live(entry);
  }
}

}  // namespace tenure::detail
