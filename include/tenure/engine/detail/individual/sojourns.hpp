#pragma once
// One life as a sequence of sojourns, as plainly as it can be written. Whoever enters a state draws one number for how
// long they stay and one for where they go then, both addressed by who they are and the how many-th sojourn it is; so
// that two scenarios in which sojourns differ a little give lives that differ a little. What varies from event to event
// is drawn by period. What differs from person to person is drawn once.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/engine/detail/event_draw.hpp"
#include "tenure/engine/detail/individual/market_path.hpp"
#include "tenure/engine/detail/individual/sojourn_draws.hpp"
#include "tenure/engine/detail/individual/sojourn_tables.hpp"
#include "tenure/engine/stream.hpp"

namespace tenure::detail {

/// Who lives: their draws, the market they live in, and their own amounts in standard deviations from the mean.
struct Person {
  StreamKey key{};
  std::uint64_t number = 0;
  const MarketPath* market = nullptr;  ///< none where it has one regime
  std::vector<double> own{};

  [[nodiscard]] std::int64_t epoch(const Chain& chain, std::int64_t t) const {
    return market == nullptr ? t : chain.epoch(t, (*market)[static_cast<std::size_t>(t)]);
  }
};

/// One sojourn: periods [from, until) in a state; `leaves` tells whether it ends with a move at the end of period until
/// - 1.
struct Sojourn {
  std::size_t state = 0;
  std::int64_t from = 0;
  std::int64_t until = 0;
  bool leaves = false;
};

/// A rank of 32 bits and, where they are far out, 32 bits more.
[[nodiscard]] inline double standardised(const AmountQuantiles& quantiles, std::uint32_t bits, StreamKey key,
                                         const StreamAddress& further, std::size_t word) {
  if (!AmountQuantiles::is_far_out(bits)) return quantiles.at(bits);
  return quantiles.at(bits, random_block(key, further)[word]);
}

/// A person's own amounts, drawn for life.
[[nodiscard]] inline std::vector<double> own_amounts(const SojournTables& tables, StreamKey key, std::uint64_t person) {
  std::vector<double> own;
  for (std::uint32_t k = 0; k < tables.own.size(); ++k) {
    const RandomBlock draws = random_block(key, {person, 0, Purpose::own_amount, k});
    const AmountQuantiles& quantiles = tables.quantiles[tables.own[k].quantiles];
    const bool far = AmountQuantiles::is_far_out(draws[0]);
    own.push_back(tables.own[k].sign * (far ? quantiles.at(draws[0], draws[1]) : quantiles.at(draws[0])));
  }
  return own;
}

/// How long a sojourn lasts, walked through period by period: until the rank is no longer below the share that still
/// stays.
[[nodiscard]] inline std::int64_t walked_end(const SojournTables& tables, const Person& person, const Sojourn& sojourn,
                                             std::uint64_t draws) {
  const double rank = (static_cast<double>(draws >> 11) + 0.5) * 0x1p-53;
  double there = 1;
  for (std::int64_t t = sojourn.from; t < tables.periods; ++t) {
    const double leaves = leaving(tables, sojourn.state, t - sojourn.from, person.epoch(tables.chain, t));
    there *= 1 - leaves;
    if (leaves > 0 && !(rank < there)) return t + 1;
  }
  return tables.periods + 1;
}

/// The sojourn of someone who enters a state.
[[nodiscard]] inline Sojourn sojourn_from(const SojournTables& tables, const Person& person, std::size_t state,
                                          std::int64_t from, std::uint64_t draws) {
  Sojourn sojourn{state, from, 0, false};
  const std::uint32_t law = tables.law[state];
  const std::int64_t end = law != no_place && from >= tables.law_from[state]
                               ? from + tables.laws[law].periods(draws)
                               : walked_end(tables, person, sojourn, draws);
  sojourn.leaves = end <= tables.periods;
  sojourn.until = std::min(end, tables.periods);
  return sojourn;
}

/// What one amount brings beyond its mean. `law` draws it where its mean is the person's own.
[[nodiscard]] inline double own_deviation(const Person& person, EventLaw law, double above, Purpose purpose,
                                          std::int64_t t) {
  constexpr std::uint32_t blocks_of_period = 128;
  law.mean += above;
  const StreamAddress address{person.number, 0, purpose, static_cast<std::uint32_t>(t) * blocks_of_period};
  return deviation_of_events(law, 1, StreamEngine{person.key, address});
}

/// How far a person's own amount lies above the mean at an epoch.
[[nodiscard]] inline double own_above(const SojournTables& tables, const Person& person,
                                      Timeline<std::vector<double>> OwnAmount::*which, std::size_t k,
                                      std::int64_t epoch) {
  double above = 0;
  for (std::size_t a = 0; a < person.own.size(); ++a) {
    const std::vector<double>& of_one_sd = (tables.chain.own_amounts[a].*which).at(epoch);
    if (!of_one_sd.empty()) above += person.own[a] * of_one_sd[k];
  }
  return above;
}

/// Cash flows of a sojourn where the market moves them, in money of its first period, without what varies.
[[nodiscard]] inline double walked_value(const SojournTables& tables, const Person& person, const Sojourn& sojourn) {
  double value = 0;
  for (std::int64_t t = sojourn.from; t < sojourn.until; ++t) {
    const std::int64_t epoch = person.epoch(tables.chain, t);
    const double cash_flow = tables.chain.cash_flow.at(epoch)[sojourn.state] +
                             own_above(tables, person, &OwnAmount::cash_flow, sojourn.state, epoch);
    value += tables.discount[static_cast<std::size_t>(t - sojourn.from)] *
             earned_of(tables.within, cash_flow, tables.chain.spend.at(epoch)[sojourn.state]);
  }
  return value;
}

/// What one period in a state brings beyond its mean, at the start of the period.
[[nodiscard]] inline double varying_value_of(const SojournTables& tables, const Person& person, std::size_t state,
                                             std::int64_t t, std::uint32_t bits) {
  const std::int64_t epoch = person.epoch(tables.chain, t);
  const EventDraw& draw = tables.in_state[tables.in_state_place[static_cast<std::size_t>(epoch)]][state];
  if (draw.quantiles == no_place) return 0;
  if (draw.own_mean) {
    const double above = own_above(tables, person, &OwnAmount::cash_flow, state, epoch);
    const EventLaw& law = tables.chain.state_events.at(epoch)[state];
    return own_deviation(person, law, above, Purpose::state_amount, t);
  }
  const StreamAddress further{person.number, 0, Purpose::far_event, static_cast<std::uint32_t>(t)};
  return draw.spread * standardised(tables.quantiles[draw.quantiles], bits, person.key, further, 0);
}

/// What some periods of a sojourn bring beyond their means where all vary alike: the same as varying_value_of, summed.
/// They are within the 64 from `begin` on, whose draws these are.
[[nodiscard]] inline double alike_value(const SojournTables& tables, const EventDraw& draw, const Person& person,
                                        const Sojourn& sojourn, std::int64_t begin, const EventWords& draws) {
  const AmountQuantiles& quantiles = tables.quantiles[draw.quantiles];
  const auto from = static_cast<std::size_t>(std::max(begin, sojourn.from) - begin);
  const auto until = static_cast<std::size_t>(std::min(begin + periods_of_draws, sojourn.until) - begin);
  const double* const discount = tables.discount.data() + (begin - sojourn.from);
  const SumOfQuantiles quick = tables.draw_ways.sum(quantiles, draws, discount, from, until);
  if (!quick.some_far_out) return draw.spread * quick.sum;
  FourSums sums;
  for (std::size_t k = from; k < until; ++k) {
    const StreamAddress further{person.number, 0, Purpose::far_event,
                                static_cast<std::uint32_t>(begin) + static_cast<std::uint32_t>(k)};
    sums.add(k, discount[k] * standardised(quantiles, draws[k], person.key, further, 0));
  }
  return draw.spread * sums.total();
}

/// What the periods of a sojourn bring beyond their means, in money of its first.
[[nodiscard]] inline double varying_value(const SojournTables& tables, const Person& person, const Sojourn& sojourn,
                                          EventDraws& draws) {
  const EventDraw& same = tables.same_event[sojourn.state];
  double value = 0;
  for (std::int64_t begin = sojourn.from / periods_of_draws * periods_of_draws; begin < sojourn.until;
       begin += periods_of_draws) {
    const EventWords& words = draws.from(tables.draw_ways, person.key, person.number, begin);
    if (same.quantiles != no_place) {
      value += alike_value(tables, same, person, sojourn, begin, words);
      continue;
    }
    for (std::int64_t t = std::max(begin, sojourn.from); t < std::min(begin + periods_of_draws, sojourn.until); ++t) {
      value += tables.discount[static_cast<std::size_t>(t - sojourn.from)] *
               varying_value_of(tables, person, sojourn.state, t, words[static_cast<std::size_t>(t - begin)]);
    }
  }
  return tables.within * value;
}

/// What a sojourn brings, in money of its first period.
[[nodiscard]] inline double value_of_sojourn(const SojournTables& tables, const Person& person, const Sojourn& sojourn,
                                             EventDraws& draws) {
  double value = 0;
  if (tables.annuity.empty()) {
    value = walked_value(tables, person, sojourn);
  } else {
    const double later = tables.discount[static_cast<std::size_t>(sojourn.until - sojourn.from)];
    const std::size_t from = tables.place(sojourn.state, sojourn.from);
    const std::size_t until = tables.place(sojourn.state, sojourn.until);
    value = tables.annuity[from] - later * tables.annuity[until];
    for (std::size_t a = 0; a < person.own.size(); ++a) {
      const std::vector<double>& annuity = tables.own[a].annuity;
      if (!annuity.empty()) value += person.own[a] * (annuity[from] - later * annuity[until]);
    }
  }
  if (!tables.varies.empty() && tables.varies[sojourn.state] != 0)
    value += varying_value(tables, person, sojourn, draws);
  return value;
}

/// What a move at the end of period t brings, at that end.
[[nodiscard]] inline double value_of_move(const SojournTables& tables, const Person& person, std::uint32_t entry,
                                          std::int64_t t) {
  const std::int64_t epoch = person.epoch(tables.chain, t);
  const double above =
      person.own.empty() ? 0 : own_above(tables, person, &OwnAmount::transition_cash_flow, entry, epoch);
  const double amount = tables.chain.transition_cash_flow.at(epoch)[entry] + above;
  if (tables.on_move.empty()) return amount;
  const EventDraw& draw = tables.on_move[tables.chain.transition_events.place(epoch)][entry];
  if (draw.quantiles == no_place) return amount;
  if (draw.own_mean) {
    const EventLaw& law = tables.chain.transition_events.at(epoch)[entry];
    return amount + own_deviation(person, law, above, Purpose::transition_amount, t);
  }
  const auto period = static_cast<std::uint32_t>(t);
  const RandomBlock words = random_block(person.key, {person.number, 0, Purpose::event_on_move, period / 4});
  return amount + draw.spread * standardised(tables.quantiles[draw.quantiles], words[period % 4], person.key,
                                             {person.number, 0, Purpose::far_event, period}, 1);
}

/// Where a sojourn leads that ends with period t.
[[nodiscard]] inline std::uint32_t entry_after(const SojournTables& tables, const Person& person,
                                               const Sojourn& sojourn, std::uint64_t draws) {
  const AliasRows& rows =
      tables.rows[tables.rows_place[static_cast<std::size_t>(person.epoch(tables.chain, sojourn.until - 1))]];
  const int bits = rows.column_bits[sojourn.state];
  const AliasColumn& column = rows.column[rows.first[sojourn.state] + (draws >> (64 - bits))];
  return column.entry[(draws & (~std::uint64_t{0} >> bits)) < column.threshold ? 0 : 1];
}

/// A life under way: where a person is, and what they have brought in money of the start of the period in which they
/// entered.
struct LifeBySojourns {
  std::size_t state = 0;
  std::int64_t period = 0;
  double value = 0;
  double factor = 1;  ///< what money of this period's start is worth at the start of the period in which they entered
  bool is_over = false;
};

/// Whoever is gone, or has come to the horizon, has one sojourn left, of which nothing comes. Calls visit(sojourn) for
/// it.
template <class Visit>
[[nodiscard]] LifeBySojourns ended_if_over(const SojournTables& tables, LifeBySojourns life, Visit&& visit) {
  if (life.period < tables.periods && tables.absorbed[life.state] == 0) return life;
  visit(Sojourn{life.state, life.period, tables.periods, false});
  life.is_over = true;
  return life;
}

/// A life after one more sojourn and the move that ends it. Calls visit(sojourn).
template <class Visit>
[[nodiscard]] LifeBySojourns after_sojourn(const SojournTables& tables, const Person& person, LifeBySojourns life,
                                           const SojournDraws& draws, EventDraws& events, Visit&& visit) {
  const Sojourn sojourn = sojourn_from(tables, person, life.state, life.period, draws.how_long);
  visit(sojourn);
  life.value += life.factor * value_of_sojourn(tables, person, sojourn, events);
  if (!sojourn.leaves) {
    life.is_over = true;
    return life;
  }
  life.factor *= tables.discount[static_cast<std::size_t>(sojourn.until - sojourn.from)];
  const std::uint32_t entry = entry_after(tables, person, sojourn, draws.where_to);
  life.value += life.factor * value_of_move(tables, person, entry, sojourn.until - 1);
  life.state = tables.chain.transitions.successor[entry];
  life.period = sojourn.until;
  return ended_if_over(tables, life, visit);
}

/// The life of a person from the period in which they enter a state, and what it brings in money of that period's
/// start. Calls visit(sojourn) for each of their sojourns, the last of those who are gone included.
template <class Visit>
[[nodiscard]] double live_by_sojourns(const SojournTables& tables, const Person& person, std::size_t state,
                                      std::int64_t period, Visit&& visit) {
  LifeBySojourns life = ended_if_over(tables, {state, period}, visit);
  EventDraws events;
  DrawsOfSojourns draws;
  for (std::uint32_t number = 0; !life.is_over; ++number)
    life = after_sojourn(tables, person, life, draws.of(person.key, person.number, number), events, visit);
  return life.value;
}

}  // namespace tenure::detail
