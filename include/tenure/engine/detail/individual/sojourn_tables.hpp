#pragma once
// A chain as lives by sojourns read it: how long each state lasts once entered, where its sojourns lead, and what a
// sojourn from one period to another is worth. Of a state without a dwell, its staying is taken out of the row and
// becomes the length of one sojourn, so that years in one state take one draw whatever the state is.
//
// What a sojourn is worth is the difference of two annuities: with A_t the worth, at the start of period t, of staying
// from then to the end of the horizon, a sojourn from t to u is worth A_t - d^(u-t)·A_u.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/engine/detail/amount_quantiles.hpp"
#include "tenure/engine/detail/event_draw.hpp"
#include "tenure/engine/detail/individual/life_tables.hpp"
#include "tenure/engine/detail/individual/sojourn_draws.hpp"
#include "tenure/engine/detail/individual/sojourn_law.hpp"
#include "tenure/engine/detail/sampler.hpp"
#include "tenure/quantity/detail/memory.hpp"
#include "tenure/quantity/discounting.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

/// Where there is no place.
inline constexpr std::uint32_t no_place = ~std::uint32_t{0};

/// How one amount of one epoch varies around its mean.
struct EventDraw {
  std::uint32_t quantiles = no_place;  ///< none: it does not
  double spread = 0;                   ///< what one standard deviation is worth, with the sign of a negative mean
  bool own_mean = false;               ///< a law of positive amounts whose mean each person has for themselves
};

/// What a person's own amount adds, for each standard deviation by which it lies above its mean.
struct OwnAmountTables {
  std::uint32_t quantiles = 0;
  double sign = 1;                ///< of the mean
  std::vector<double> annuity{};  ///< as StayTables::annuity; empty where it has none, or is looked up by moment
};

/// A chain as lives by sojourns read it.
struct SojournTables {
  Chain chain{};
  std::int64_t periods = 0;
  double within = 1;                     ///< a state's cash flow in money of the period's start
  std::vector<double> discount{};        ///< d^0 … d^periods
  std::vector<std::uint8_t> absorbed{};  ///< by state: it keeps a person for ever and brings nothing
  std::vector<std::uint32_t> itself{};   ///< by state: the entry of staying where that is part of a sojourn
  std::vector<std::uint32_t> law{};      ///< by state: its place in `laws`; none where it changes with time
  std::vector<std::int64_t> law_from{};  ///< by state: the period from which on it holds
  std::vector<SojournLaw> laws{};
  std::vector<AliasRows>
      rows{};  ///< where sojourns lead, by distinct probabilities; columns hold entries of transitions
  std::vector<double> annuity{};  ///< [state · (periods + 1) + t]; empty where the market moves cash flows
  std::vector<OwnAmountTables> own{};
  std::vector<AmountQuantiles> quantiles{};
  DrawWays draw_ways = draw_ways_anywhere;
  std::vector<std::vector<EventDraw>> in_state{};  ///< by distinct state events; empty where none varies
  std::vector<std::vector<EventDraw>> on_move{};   ///< by distinct transition events; the same
  std::vector<std::uint8_t> varies{};              ///< by state: some period in it does
  std::vector<EventDraw> same_event{};             ///< by state: the draw of every period, if they all are alike
  std::vector<std::uint32_t> rows_place{};         ///< by moment: the place in `rows`
  std::vector<std::uint32_t> in_state_place{};     ///< by moment: the place in `in_state`; empty where none varies

  [[nodiscard]] std::size_t states() const { return chain.states(); }
  [[nodiscard]] std::size_t place(std::size_t state, std::int64_t t) const {
    return state * static_cast<std::size_t>(periods + 1) + static_cast<std::size_t>(t);
  }
};

/// The moments of some periods, all regimes of each.
struct Moments {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

[[nodiscard]] inline Moments moments_of(const Chain& chain, std::int64_t first, std::int64_t last) {
  return {chain.epoch(first, 0), chain.epoch(last, 0)};
}

/// The distinct entries of a timeline that occur within some moments.
template <class T>
[[nodiscard]] std::vector<std::size_t> places_within(const Timeline<T>& timeline, const Moments& moments) {
  std::vector<bool> seen(timeline.distinct().size());
  const auto repeats = static_cast<std::int64_t>(timeline.repeats_from() + timeline.cycle());
  const std::int64_t last =
      std::min(moments.last, std::max(moments.first, repeats) + static_cast<std::int64_t>(timeline.cycle()));
  for (std::int64_t m = moments.first; m < last; ++m) seen[timeline.place(m)] = true;
  std::vector<std::size_t> places;
  for (std::size_t k = 0; k < seen.size(); ++k) {
    if (seen[k]) places.push_back(k);
  }
  return places;
}

[[nodiscard]] inline std::size_t first_place_of(const Chain& chain, std::size_t state) {
  return chain.dwells.empty() ? state : chain.dwells.first_place[state];
}

/// Whether whoever stays in a state just stays: by its row alone, and neither paying nor paid for it.
[[nodiscard]] inline std::uint32_t staying_entry(const Chain& chain, StateIndex i) {
  if (!chain.dwells.empty()) {
    if (chain.dwells.first_place[i + 1] != chain.dwells.first_place[i] + 1) return no_place;
    for (const auto& hazard : chain.dwells.hazard.distinct()) {
      if (hazard[chain.dwells.first_place[i]] != 1) return no_place;
    }
  }
  std::uint32_t found = no_place;
  for (std::uint32_t e = chain.transitions.first[i]; e < chain.transitions.first[i + 1]; ++e) {
    if (chain.transitions.successor[e] != i) continue;
    if (found != no_place) return no_place;
    found = e;
  }
  if (found == no_place) return no_place;
  const auto is_zero = [&](const Timeline<std::vector<double>>& amounts) {
    return std::all_of(amounts.distinct().begin(), amounts.distinct().end(),
                       [&](const auto& amount) { return amount.empty() || amount[found] == 0; });
  };
  if (!is_zero(chain.transition_cash_flow)) return no_place;
  for (const OwnAmount& own : chain.own_amounts) {
    if (!is_zero(own.transition_cash_flow)) return no_place;
  }
  for (const auto& laws : chain.transition_events.distinct()) {
    if (!laws.empty() && laws[found].sd != 0) return no_place;
  }
  return found;
}

/// Whether people have an amount of their own of state or transition k.
[[nodiscard]] inline bool some_own(const std::vector<OwnAmount>& all, Timeline<std::vector<double>> OwnAmount::*which,
                                   std::size_t k) {
  return std::any_of(all.begin(), all.end(), [&](const OwnAmount& own) {
    const auto& distinct = (own.*which).distinct();
    return std::any_of(distinct.begin(), distinct.end(), [&](const auto& x) { return k < x.size() && x[k] != 0; });
  });
}

/// Whether someone in a state stays for ever, and nothing of theirs there is anything, on average or by chance.
[[nodiscard]] inline bool brings_nothing_for_ever(const Chain& chain, StateIndex i) {
  if (!is_absorbed(chain, i)) return false;
  const auto& events = chain.state_events.distinct();
  if (std::any_of(events.begin(), events.end(), [&](const auto& laws) { return !laws.empty() && laws[i].sd != 0; }))
    return false;
  return !some_own(chain.own_amounts, &OwnAmount::cash_flow, i);
}

/// The probability of leaving a state at the end of an epoch, having been there for so many periods before it.
[[nodiscard]] inline double leaving(const SojournTables& tables, std::size_t state, std::int64_t age,
                                    std::int64_t epoch) {
  const Chain& chain = tables.chain;
  if (tables.itself[state] != no_place) {
    const std::vector<double>& p = chain.probability.at(epoch);
    double others = 0;
    for (std::uint32_t e = chain.transitions.first[state]; e < chain.transitions.first[state + 1]; ++e)
      others += e == tables.itself[state] ? 0 : p[e];
    return others;
  }
  if (chain.dwells.empty()) return 1;
  const std::int64_t first = chain.dwells.first_place[state];
  const std::int64_t last = std::int64_t{chain.dwells.first_place[state + 1]} - 1;
  return chain.dwells.hazard.at(epoch)[static_cast<std::size_t>(std::min(first + age, last))];
}

/// From which period on a state lasts by one law, whatever the market does.
[[nodiscard]] inline std::optional<std::int64_t> settles_in(const SojournTables& tables, StateIndex i) {
  const Chain& chain = tables.chain;
  const auto same = [](const auto& timeline, const Moments& moments, std::size_t begin, std::size_t end) {
    const std::vector<std::size_t> places = places_within(timeline, moments);
    return std::all_of(places.begin(), places.end(), [&](std::size_t k) {
      const auto& one = timeline.distinct()[places.front()];
      const auto& other = timeline.distinct()[k];
      return std::equal(one.begin() + static_cast<std::ptrdiff_t>(begin),
                        one.begin() + static_cast<std::ptrdiff_t>(end),
                        other.begin() + static_cast<std::ptrdiff_t>(begin));
    });
  };
  const auto settled = [&](std::int64_t from) {
    const Moments moments = moments_of(chain, from, tables.periods);
    if (tables.itself[i] != no_place)
      return same(chain.probability, moments, chain.transitions.first[i], chain.transitions.first[i + 1]);
    if (chain.dwells.empty()) return true;
    return same(chain.dwells.hazard, moments, chain.dwells.first_place[i], chain.dwells.first_place[i + 1]);
  };
  const auto repeats = static_cast<std::int64_t>(repetition(chain).from);
  for (const std::int64_t from : {std::int64_t{0}, repeats}) {
    if (from < tables.periods && settled(from)) return from;
  }
  return std::nullopt;
}

/// The probabilities of sojourns of 1, 2, … periods, and of longer ones, at an epoch after which nothing changes.
[[nodiscard]] inline std::vector<double> lasting(const SojournTables& tables, StateIndex i, std::int64_t epoch) {
  constexpr double nobody = 0x1p-70;
  std::vector<double> probabilities;
  double there = 1;
  for (std::int64_t age = 0; age < tables.periods && there > nobody; ++age) {
    const double leaves = leaving(tables, i, age, epoch);
    probabilities.push_back(there * leaves);
    there *= 1 - leaves;
    if (leaves == 0 && tables.itself[i] != no_place) break;  // for ever
  }
  probabilities.push_back(there);
  return probabilities;
}

/// Stays that are drawn whole, as far as memory allows; the others are walked through period by period.
inline std::vector<SojournLaw> find_laws(const SojournTables& tables, std::span<const std::optional<std::int64_t>> from,
                                         std::vector<std::uint32_t>& law) {
  std::vector<SojournLaw> laws;
  std::size_t bytes = 0;
  for (StateIndex i = 0; i < tables.states() && bytes < limits::bytes_of_work / 4; ++i) {
    if (!from[i] || tables.absorbed[i]) continue;
    law[i] = static_cast<std::uint32_t>(laws.size());
    laws.emplace_back(std::span<const double>{lasting(tables, i, tables.chain.epoch(*from[i], 0))});
    bytes += laws.back().bytes();
  }
  return laws;
}

/// Where stays lead: the row without staying.
[[nodiscard]] inline AliasRows rows_of_sojourns(const SojournTables& tables, const std::vector<double>& probability) {
  const Pattern& pattern = tables.chain.transitions;
  AliasRows rows;
  for (StateIndex i = 0; i < tables.states(); ++i) {
    const std::size_t first = pattern.first[i];
    std::vector<double> row(probability.begin() + static_cast<std::ptrdiff_t>(first),
                            probability.begin() + static_cast<std::ptrdiff_t>(pattern.first[i + 1]));
    if (tables.itself[i] != no_place) {
      row[tables.itself[i] - first] = 0;
      double others = 0;
      for (const double p : row) others += p;
      if (others > 0) {
        for (double& p : row) p /= others;
      } else {
        row[tables.itself[i] - first] = 1;  // nobody ever leaves
      }
    }
    const int bits = column_bits_of(row.size());
    rows.first.push_back(rows.column.size());
    rows.column_bits.push_back(static_cast<std::uint8_t>(bits));
    for (AliasColumn column : alias_row(row, bits)) {
      const std::uint32_t own = column.entry[0] < row.size() ? column.entry[0] : column.entry[1];
      column.entry = {static_cast<std::uint32_t>(first) + own, static_cast<std::uint32_t>(first) + column.entry[1]};
      rows.column.push_back(column);
    }
  }
  return rows;
}

/// Whether amounts by state are the same in all regimes of the market.
[[nodiscard]] inline bool is_market_free(const Chain& chain, const Timeline<std::vector<double>>& amounts) {
  if (chain.regimes() == 1 || amounts.distinct().size() == 1) return true;
  const auto moments = static_cast<std::int64_t>(amounts.course().size());
  for (std::int64_t m = 0; m < moments; ++m) {
    if (amounts.place(m) != amounts.place(m - m % static_cast<std::int64_t>(chain.regimes()))) return false;
  }
  return true;
}

/// The annuities of amounts: amount(t) by state, in money of the start of period t.
template <class Amount>
[[nodiscard]] std::vector<double> annuities(const SojournTables& tables, Amount&& amount) {
  std::vector<double> annuity(tables.states() * static_cast<std::size_t>(tables.periods + 1));
  for (std::int64_t t = tables.periods; t-- > 0;) {
    for (std::size_t i = 0; i < tables.states(); ++i) {
      annuity[tables.place(i, t)] = amount(t, i) + tables.chain.discount_factor * annuity[tables.place(i, t + 1)];
    }
  }
  return annuity;
}

/// The place of a law's quantiles, which are tabulated where none like it is known.
[[nodiscard]] inline std::uint32_t place_of_shape(const AmountShape& shape, std::vector<AmountQuantiles>& known) {
  constexpr double alike = 1e-12;
  for (std::size_t k = 0; k < known.size(); ++k) {
    const AmountShape& other = known[k].shape();
    if (other.kind == shape.kind && std::fabs(other.variation - shape.variation) <= alike * shape.variation)
      return static_cast<std::uint32_t>(k);
  }
  known.emplace_back(shape);
  return static_cast<std::uint32_t>(known.size() - 1);
}

/// The draws of a timeline of laws; has_own(k) tells of which amounts people have their own means.
template <class HasOwn>
[[nodiscard]] std::vector<std::vector<EventDraw>> event_draws(const Timeline<std::vector<EventLaw>>& laws,
                                                              std::vector<AmountQuantiles>& known, HasOwn&& has_own) {
  std::vector<std::vector<EventDraw>> draws;
  for (const std::vector<EventLaw>& distinct : laws.distinct()) {
    std::vector<EventDraw>& of_place = draws.emplace_back();
    for (std::size_t k = 0; k < distinct.size(); ++k) {
      const EventLaw& law = distinct[k];
      EventDraw& draw = of_place.emplace_back();
      if (law.sd == 0 || law.kind == DistributionKind::fixed) continue;
      draw.own_mean = is_of_one_sign(law) && has_own(k);
      draw.spread = sign_of(law) * law.sd;
      draw.quantiles = draw.own_mean ? 0 : place_of_shape({law.kind, variation_of(law)}, known);
    }
  }
  return draws;
}

inline void refuse_large_sojourns(const SojournTables& tables) {
  const double places = static_cast<double>(tables.states()) * static_cast<double>(tables.periods + 1);
  const double columns = 40.0 * static_cast<double>(tables.chain.transitions.entries()) *
                         static_cast<double>(tables.chain.probability.distinct().size());
  const double bytes = 8 * places * static_cast<double>(1 + tables.chain.own_amounts.size()) + columns;
  refuse_beyond_memory(bytes, "the values of sojourns in each state", "model.horizon",
                       "shorten the horizon or use longer periods");
}

[[nodiscard]] inline std::vector<OwnAmountTables> own_amount_tables(const SojournTables& tables,
                                                                    std::vector<AmountQuantiles>& known) {
  std::vector<OwnAmountTables> all;
  for (const OwnAmount& own : tables.chain.own_amounts) {
    OwnAmountTables& of_one = all.emplace_back();
    of_one.quantiles = place_of_shape({own.law.kind, variation_of(own.law)}, known);
    of_one.sign = sign_of(own.law);
    if (own.cash_flow.distinct().front().empty() || tables.annuity.empty()) continue;
    of_one.annuity = annuities(tables, [&](std::int64_t t, std::size_t i) {
      return tables.within * own.cash_flow.at(tables.chain.epoch(t, 0))[i];
    });
  }
  return all;
}

/// By state, whether anything of it varies in some period.
[[nodiscard]] inline std::vector<std::uint8_t> varying_states(const SojournTables& tables) {
  std::vector<std::uint8_t> varies(tables.states());
  for (const std::vector<EventDraw>& draws : tables.in_state) {
    for (std::size_t i = 0; i < draws.size(); ++i) {
      if (draws[i].quantiles != no_place) varies[i] = 1;
    }
  }
  return varies;
}

/// By state, how all periods in it vary where they do so alike, and none has a mean of the person's own.
[[nodiscard]] inline std::vector<EventDraw> same_events(const SojournTables& tables) {
  std::vector<EventDraw> same = tables.in_state.front();
  for (std::size_t i = 0; i < same.size(); ++i) {
    const auto is_like_first = [&](const std::vector<EventDraw>& draws) {
      return draws[i].quantiles == same[i].quantiles && draws[i].spread == same[i].spread && !draws[i].own_mean;
    };
    if (!std::all_of(tables.in_state.begin(), tables.in_state.end(), is_like_first)) same[i] = {};
  }
  return same;
}

/// A timeline's places by moment: looked up so often that they are written out.
template <class T>
[[nodiscard]] std::vector<std::uint32_t> places_by_epoch(const SojournTables& tables, const Timeline<T>& timeline) {
  std::vector<std::uint32_t> places;
  const std::int64_t moments = tables.chain.epoch(tables.periods, 0);
  for (std::int64_t m = 0; m < moments; ++m) places.push_back(static_cast<std::uint32_t>(timeline.place(m)));
  return places;
}

/// The tables of a chain over its first `periods` periods. Throws LimitError where they would need too much memory.
[[nodiscard]] inline SojournTables sojourn_tables(const Chain& chain, std::int64_t periods) {
  SojournTables tables;
  tables.chain = chain;
  tables.periods = periods;
  tables.within = discount_within_period(chain.discount_factor, chain.cash_flow_timing);
  refuse_large_sojourns(tables);
  tables.discount = discount_factors(chain.discount_factor, static_cast<std::size_t>(periods) + 1);
  std::vector<std::optional<std::int64_t>> settles;
  for (StateIndex i = 0; i < chain.states(); ++i) {
    tables.itself.push_back(staying_entry(chain, i));
    tables.absorbed.push_back(brings_nothing_for_ever(chain, i) ? 1 : 0);
  }
  for (StateIndex i = 0; i < chain.states(); ++i) settles.push_back(settles_in(tables, i));
  tables.law.assign(chain.states(), no_place);
  tables.laws = find_laws(tables, settles, tables.law);
  for (const std::optional<std::int64_t>& from : settles) tables.law_from.push_back(from.value_or(periods));
  for (const std::vector<double>& probability : chain.probability.distinct())
    tables.rows.push_back(rows_of_sojourns(tables, probability));
  tables.rows_place = places_by_epoch(tables, chain.probability);
  const bool market_free = is_market_free(chain, chain.cash_flow) && is_market_free(chain, chain.spend);
  if (market_free) {
    tables.annuity = annuities(tables, [&](std::int64_t t, std::size_t i) {
      const std::int64_t epoch = chain.epoch(t, 0);
      return earned_of(tables.within, chain.cash_flow.at(epoch)[i], chain.spend.at(epoch)[i]);
    });
  }
  tables.own = own_amount_tables(tables, tables.quantiles);
  if (!chain.state_events.distinct().front().empty()) {
    tables.in_state = event_draws(chain.state_events, tables.quantiles,
                                  [&](std::size_t i) { return some_own(chain.own_amounts, &OwnAmount::cash_flow, i); });
    tables.varies = varying_states(tables);
    tables.same_event = same_events(tables);
    tables.in_state_place = places_by_epoch(tables, chain.state_events);
  }
  if (!chain.transition_events.distinct().front().empty()) {
    tables.on_move = event_draws(chain.transition_events, tables.quantiles, [&](std::size_t e) {
      return some_own(chain.own_amounts, &OwnAmount::transition_cash_flow, e);
    });
  }
  return tables;
}

}  // namespace tenure::detail
