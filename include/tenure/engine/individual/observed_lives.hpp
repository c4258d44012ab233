#pragma once
// Single lives, period by period, by the same tables, luck and rules as those that are simulated in blocks: either way
// of living, by periods or by stays, has its own here.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/entry.hpp"
#include "tenure/engine/individual/horizon.hpp"
#include "tenure/engine/individual/life.hpp"
#include "tenure/engine/individual/life_tables.hpp"
#include "tenure/engine/individual/market_path.hpp"
#include "tenure/engine/individual/observe.hpp"
#include "tenure/engine/individual/population.hpp"
#include "tenure/engine/individual/stays.hpp"

namespace tenure::detail {

using Observe = std::function<void(const LifeEvent&)>;

inline void observe_by_periods(const Chain& chain, const Entry& entry, const ObserveOptions& options,
                               const Observe& observe) {
  const LifeTables tables = life_tables(chain, periods_to_simulate(chain, {entry}), entry.period);
  const StreamKey key = stream_key(options.seed);
  for (std::uint64_t person = options.first_person; person < options.first_person + options.people; ++person) {
    Luck luck = luck_of_transitions(key, person);
    tenure::Life life{tables.entry_state[entry.state], entry.period, 0};
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

/// A life by stays, told period by period.
class ObservedStays {
 public:
  ObservedStays(const StayTables& tables, const Person& person, const Entry& entry, const Observe& observe)
      : tables_{tables}, person_{person}, entered_{entry.period}, observe_{observe} {}

  void live(const Entry& entry) {
    LifeByStays life = ended_if_over(tables_, {entry.state, entry.period}, [&](const Stay& stay) { rest(stay); });
    for (std::uint32_t number = 0; !life.is_over; ++number) life = after(life, luck_of(number));
  }

 private:
  [[nodiscard]] StayLuck luck_of(std::uint32_t number) {
    const std::size_t which = number % 4;
    if (which == 0) luck_ = next_four_random_blocks(person_.key, {person_.number, 0, Purpose::stay, number});
    return {luck_[0][which] | (std::uint64_t{luck_[1][which]} << 32),
            luck_[2][which] | (std::uint64_t{luck_[3][which]} << 32)};
  }

  [[nodiscard]] LifeByStays after(LifeByStays life, const StayLuck& luck) {
    const Stay stay = stay_from(tables_, person_, life.state, life.period, luck.how_long);
    for (std::int64_t t = stay.from; t + 1 < stay.until; ++t) tell(t, stay.state, stay.state, worth_in(stay, t));
    const std::int64_t last = stay.until - 1;
    const double worth = worth_in(stay, last);
    if (!stay.leaves) {
      tell(last, stay.state, stay.state, worth);
      life.is_over = true;
      return life;
    }
    const std::uint32_t move = entry_after(tables_, person_, stay, luck.where_to);
    const double of_move = discount(stay.until) * worth_of_move(tables_, person_, move, last);
    const bool at_the_end = stay.until == tables_.periods;
    life.state = tables_.chain.transitions.successor[move];
    life.period = stay.until;
    tell(last, stay.state, life.state, at_the_end ? worth + of_move : worth);
    of_last_move_ = at_the_end ? 0 : of_move;
    return ended_if_over(tables_, life, [&](const Stay& gone) { rest(gone); });
  }

  /// Nothing comes of it but what led there.
  void rest(const Stay& stay) {
    for (std::int64_t t = stay.from; t < stay.until; ++t) tell(t, stay.state, stay.state, 0);
  }

  void tell(std::int64_t t, std::size_t state, std::size_t next, double worth) {
    observe_(LifeEvent{person_.number, t, static_cast<StateIndex>(state), static_cast<StateIndex>(next),
                       of_last_move_ + worth});
    of_last_move_ = 0;
  }

  [[nodiscard]] double discount(std::int64_t t) const { return tables_.discount[static_cast<std::size_t>(t - entered_)]; }

  [[nodiscard]] double worth_in(const Stay& stay, std::int64_t t) {
    return discount(t) * worth_of_stay(tables_, person_, {stay.state, t, t + 1, false}, events_);
  }

  const StayTables& tables_;
  const Person& person_;
  std::int64_t entered_;
  const Observe& observe_;
  FourDraws luck_{};
  EventLuck events_{};
  double of_last_move_ = 0;
};

inline void observe_by_stays(const Chain& chain, const Entry& entry, const ObserveOptions& options,
                             const Observe& observe) {
  const StayTables tables = stay_tables(chain, periods_of_stays(chain, {entry}, false));
  const MarketTables markets = market_tables(chain.market, tables.periods, {&entry, 1});
  const bool has_market = chain.regimes() > 1;
  const StreamKey key = stream_key(options.seed);
  MarketPath market;
  for (std::uint64_t number = options.first_person; number < options.first_person + options.people; ++number) {
    if (has_market && (number == options.first_person || number % people_of_market == 0))
      market = market_path(markets, key, number / people_of_market);
    const Person person{key, number, has_market ? &market : nullptr, own_amounts(tables, key, number)};
    ObservedStays{tables, person, entry, observe}.live(entry);
  }
}

}  // namespace tenure::detail
