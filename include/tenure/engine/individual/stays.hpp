#pragma once
// One life as a sequence of stays, as plainly as it can be written. Whoever enters a state draws one number for how
// long they stay and one for where they go then, both addressed by who they are and the how many-th stay it is; so that
// two scenarios in which stays differ a little give lives that differ a little. What varies from event to event is
// drawn by period. What differs from person to person is drawn once.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/step.hpp"
#include "tenure/engine/event_draw.hpp"
#include "tenure/engine/individual/four_draws.hpp"
#include "tenure/engine/individual/market_path.hpp"
#include "tenure/engine/individual/stay_luck.hpp"
#include "tenure/engine/individual/stay_tables.hpp"
#include "tenure/engine/stream.hpp"

namespace tenure {

/// Who lives: their luck, the market they live in, and their own amounts in standard deviations from the mean.
struct Person {
  StreamKey key{};
  std::uint64_t number = 0;
  const MarketPath* market = nullptr;  ///< none where it has one regime
  std::vector<double> own{};

  [[nodiscard]] std::int64_t moment(const Chain& chain, std::int64_t t) const {
    return market == nullptr ? t : chain.moment(t, (*market)[static_cast<std::size_t>(t)]);
  }
};

/// One stay: periods [from, until) in a state; `leaves` tells whether it ends with a move at the end of period until
/// - 1.
struct Stay {
  std::size_t state = 0;
  std::int64_t from = 0;
  std::int64_t until = 0;
  bool leaves = false;
};

namespace detail {

/// A rank of 32 bits and, where they are far out, 32 bits more.
[[nodiscard]] inline double standardised(const AmountQuantiles& quantiles, std::uint32_t bits, StreamKey key,
                                         const StreamAddress& further, std::size_t word) {
  if (!AmountQuantiles::is_far_out(bits)) return quantiles.at(bits);
  return quantiles.at(bits, random_block(key, further)[word]);
}

/// A person's own amounts, drawn for life.
[[nodiscard]] inline std::vector<double> own_amounts(const StayTables& tables, StreamKey key, std::uint64_t person) {
  std::vector<double> own;
  for (std::uint32_t k = 0; k < tables.own.size(); ++k) {
    const RandomBlock luck = random_block(key, {person, 0, Purpose::own_amount, k});
    const AmountQuantiles& quantiles = tables.quantiles[tables.own[k].quantiles];
    const bool far = AmountQuantiles::is_far_out(luck[0]);
    own.push_back(tables.own[k].sign * (far ? quantiles.at(luck[0], luck[1]) : quantiles.at(luck[0])));
  }
  return own;
}

/// How long a stay lasts, walked through period by period: until the luck is no longer below the share that still
/// stays.
[[nodiscard]] inline std::int64_t walked_end(const StayTables& tables, const Person& person, const Stay& stay,
                                             std::uint64_t luck) {
  const double rank = (static_cast<double>(luck >> 11) + 0.5) * 0x1p-53;
  double there = 1;
  for (std::int64_t t = stay.from; t < tables.periods; ++t) {
    const double leaves = leaving(tables, stay.state, t - stay.from, person.moment(tables.chain, t));
    there *= 1 - leaves;
    if (leaves > 0 && !(rank < there)) return t + 1;
  }
  return tables.periods + 1;
}

/// The stay of someone who enters a state.
[[nodiscard]] inline Stay stay_from(const StayTables& tables, const Person& person, std::size_t state,
                                    std::int64_t from, std::uint64_t luck) {
  Stay stay{state, from, 0, false};
  const std::uint32_t law = tables.law[state];
  const std::int64_t end = law != no_place && from >= tables.law_from[state] ? from + tables.laws[law].periods(luck)
                                                                             : walked_end(tables, person, stay, luck);
  stay.leaves = end <= tables.periods;
  stay.until = std::min(end, tables.periods);
  return stay;
}

/// What one amount brings beyond its mean. `law` draws it where its mean is the person's own.
[[nodiscard]] inline double own_deviation(const Person& person, EventLaw law, double above, Purpose purpose,
                                          std::int64_t t) {
  constexpr std::uint32_t blocks_of_period = 128;
  law.mean += above;
  const StreamAddress address{person.number, 0, purpose, static_cast<std::uint32_t>(t) * blocks_of_period};
  return deviation_of_events(law, 1, StreamEngine{person.key, address});
}

/// How far a person's own amount lies above the mean at a moment.
[[nodiscard]] inline double own_above(const StayTables& tables, const Person& person,
                                      Timeline<std::vector<double>> OwnAmount::*which, std::size_t k,
                                      std::int64_t moment) {
  double above = 0;
  for (std::size_t a = 0; a < person.own.size(); ++a) {
    const std::vector<double>& worth = (tables.chain.own_amounts[a].*which).at(moment);
    if (!worth.empty()) above += person.own[a] * worth[k];
  }
  return above;
}

/// Cash flows of a stay where the market moves them, in money of its first period, without what varies.
[[nodiscard]] inline double walked_worth(const StayTables& tables, const Person& person, const Stay& stay) {
  double worth = 0;
  for (std::int64_t t = stay.from; t < stay.until; ++t) {
    const std::int64_t moment = person.moment(tables.chain, t);
    const double cash_flow = tables.chain.cash_flow.at(moment)[stay.state] +
                             own_above(tables, person, &OwnAmount::cash_flow, stay.state, moment);
    worth += tables.discount[static_cast<std::size_t>(t - stay.from)] *
             earned_of(tables.within, cash_flow, tables.chain.spend.at(moment)[stay.state]);
  }
  return worth;
}

/// What one period in a state brings beyond its mean, at the start of the period.
[[nodiscard]] inline double varying_worth_of(const StayTables& tables, const Person& person, std::size_t state,
                                             std::int64_t t, std::uint32_t bits) {
  const std::int64_t moment = person.moment(tables.chain, t);
  const EventDraw& draw = tables.in_state[tables.in_state_place[static_cast<std::size_t>(moment)]][state];
  if (draw.quantiles == no_place) return 0;
  if (draw.own_mean) {
    const double above = own_above(tables, person, &OwnAmount::cash_flow, state, moment);
    const EventLaw& law = tables.chain.state_events.at(moment)[state];
    return own_deviation(person, law, above, Purpose::state_amount, t);
  }
  const StreamAddress further{person.number, 0, Purpose::far_event, static_cast<std::uint32_t>(t)};
  return draw.spread * standardised(tables.quantiles[draw.quantiles], bits, person.key, further, 0);
}

/// What some periods of a stay bring beyond their means where all vary alike: the same as varying_worth_of, summed.
/// They are within the 64 from `begin` on, whose luck this is.
[[nodiscard]] inline double alike_worth(const StayTables& tables, const EventDraw& draw, const Person& person,
                                        const Stay& stay, std::int64_t begin, const EventWords& luck) {
  const AmountQuantiles& quantiles = tables.quantiles[draw.quantiles];
  const auto from = static_cast<std::size_t>(std::max(begin, stay.from) - begin);
  const auto until = static_cast<std::size_t>(std::min(begin + periods_of_luck, stay.until) - begin);
  const double* const discount = tables.discount.data() + (begin - stay.from);
  const SumOfQuantiles quick = tables.luck_ways.sum(quantiles, luck, discount, from, until);
  if (!quick.some_far_out) return draw.spread * quick.sum;
  FourSums sums;
  for (std::size_t k = from; k < until; ++k) {
    const StreamAddress further{person.number, 0, Purpose::far_event,
                                static_cast<std::uint32_t>(begin) + static_cast<std::uint32_t>(k)};
    sums.add(k, discount[k] * standardised(quantiles, luck[k], person.key, further, 0));
  }
  return draw.spread * sums.total();
}

/// What the periods of a stay bring beyond their means, in money of its first.
[[nodiscard]] inline double varying_worth(const StayTables& tables, const Person& person, const Stay& stay,
                                          EventLuck& luck) {
  const EventDraw& same = tables.same_event[stay.state];
  double worth = 0;
  for (std::int64_t begin = stay.from / periods_of_luck * periods_of_luck; begin < stay.until;
       begin += periods_of_luck) {
    const EventWords& words = luck.from(tables.luck_ways, person.key, person.number, begin);
    if (same.quantiles != no_place) {
      worth += alike_worth(tables, same, person, stay, begin, words);
      continue;
    }
    for (std::int64_t t = std::max(begin, stay.from); t < std::min(begin + periods_of_luck, stay.until); ++t) {
      worth += tables.discount[static_cast<std::size_t>(t - stay.from)] *
               varying_worth_of(tables, person, stay.state, t, words[static_cast<std::size_t>(t - begin)]);
    }
  }
  return tables.within * worth;
}

/// What a stay brings, in money of its first period.
[[nodiscard]] inline double worth_of_stay(const StayTables& tables, const Person& person, const Stay& stay,
                                          EventLuck& luck) {
  double worth = 0;
  if (tables.annuity.empty()) {
    worth = walked_worth(tables, person, stay);
  } else {
    const double later = tables.discount[static_cast<std::size_t>(stay.until - stay.from)];
    const std::size_t from = tables.place(stay.state, stay.from);
    const std::size_t until = tables.place(stay.state, stay.until);
    worth = tables.annuity[from] - later * tables.annuity[until];
    for (std::size_t a = 0; a < person.own.size(); ++a) {
      const std::vector<double>& annuity = tables.own[a].annuity;
      if (!annuity.empty()) worth += person.own[a] * (annuity[from] - later * annuity[until]);
    }
  }
  if (!tables.varies.empty() && tables.varies[stay.state] != 0) worth += varying_worth(tables, person, stay, luck);
  return worth;
}

/// What a move at the end of period t brings, at that end.
[[nodiscard]] inline double worth_of_move(const StayTables& tables, const Person& person, std::uint32_t entry,
                                          std::int64_t t) {
  const std::int64_t moment = person.moment(tables.chain, t);
  const double above =
      person.own.empty() ? 0 : own_above(tables, person, &OwnAmount::transition_cash_flow, entry, moment);
  const double amount = tables.chain.transition_cash_flow.at(moment)[entry] + above;
  if (tables.on_move.empty()) return amount;
  const EventDraw& draw = tables.on_move[tables.chain.transition_events.place(moment)][entry];
  if (draw.quantiles == no_place) return amount;
  if (draw.own_mean) {
    const EventLaw& law = tables.chain.transition_events.at(moment)[entry];
    return amount + own_deviation(person, law, above, Purpose::transition_amount, t);
  }
  const auto period = static_cast<std::uint32_t>(t);
  const RandomBlock words = random_block(person.key, {person.number, 0, Purpose::event_on_move, period / 4});
  return amount + draw.spread * standardised(tables.quantiles[draw.quantiles], words[period % 4], person.key,
                                             {person.number, 0, Purpose::far_event, period}, 1);
}

/// Where a stay leads that ends with period t.
[[nodiscard]] inline std::uint32_t entry_after(const StayTables& tables, const Person& person, const Stay& stay,
                                               std::uint64_t luck) {
  const AliasRows& rows =
      tables.rows[tables.rows_place[static_cast<std::size_t>(person.moment(tables.chain, stay.until - 1))]];
  const int bits = rows.column_bits[stay.state];
  const AliasColumn& column = rows.column[rows.first[stay.state] + (luck >> (64 - bits))];
  return column.entry[(luck & (~std::uint64_t{0} >> bits)) < column.threshold ? 0 : 1];
}

}  // namespace detail

/// A life under way: where a person is, and what they have brought in money of the start of the period in which they
/// entered.
struct LifeByStays {
  std::size_t state = 0;
  std::int64_t period = 0;
  double value = 0;
  double factor = 1;  ///< what money of this period's start is worth at the start of the period in which they entered
  bool is_over = false;
};

namespace detail {

/// Whoever is gone, or has come to the horizon, has one stay left, of which nothing comes. Calls visit(stay) for it.
template <class Visit>
[[nodiscard]] LifeByStays ended_if_over(const StayTables& tables, LifeByStays life, Visit&& visit) {
  if (life.period < tables.periods && tables.gone[life.state] == 0) return life;
  visit(Stay{life.state, life.period, tables.periods, false});
  life.is_over = true;
  return life;
}

/// A life after one more stay and the move that ends it. Calls visit(stay).
template <class Visit>
[[nodiscard]] LifeByStays after_stay(const StayTables& tables, const Person& person, LifeByStays life,
                                     const StayLuck& luck, EventLuck& events, Visit&& visit) {
  const Stay stay = stay_from(tables, person, life.state, life.period, luck.how_long);
  visit(stay);
  life.value += life.factor * worth_of_stay(tables, person, stay, events);
  if (!stay.leaves) {
    life.is_over = true;
    return life;
  }
  life.factor *= tables.discount[static_cast<std::size_t>(stay.until - stay.from)];
  const std::uint32_t entry = entry_after(tables, person, stay, luck.where_to);
  life.value += life.factor * worth_of_move(tables, person, entry, stay.until - 1);
  life.state = tables.chain.transitions.successor[entry];
  life.period = stay.until;
  return ended_if_over(tables, life, visit);
}

}  // namespace detail

/// The life of a person from the period in which they enter a state, and what it brings in money of that period's
/// start. Calls visit(stay) for each of their stays, the last of those who are gone included.
template <class Visit>
[[nodiscard]] double live_by_stays(const StayTables& tables, const Person& person, std::size_t state,
                                   std::int64_t period, Visit&& visit) {
  LifeByStays life = detail::ended_if_over(tables, {state, period}, visit);
  EventLuck events;
  FourDraws luck;  // of four stays
  for (std::uint32_t number = 0; !life.is_over; ++number) {
    const std::size_t which = number % 4;
    if (which == 0) luck = next_four_random_blocks(person.key, {person.number, 0, Purpose::stay, number});
    const StayLuck of_stay{luck[0][which] | (std::uint64_t{luck[1][which]} << 32),
                           luck[2][which] | (std::uint64_t{luck[3][which]} << 32)};
    life = detail::after_stay(tables, person, life, of_stay, events, visit);
  }
  return life.value;
}

}  // namespace tenure
