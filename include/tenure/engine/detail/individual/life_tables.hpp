#pragma once
// A chain as whole numbers, which is what makes a simulated life the same on every machine: rows as weights of 64
// bits (sampler.hpp), and what a state brings in a period as a 40-bit multiple of one unit, discounted to the first
// period in which anybody enters.
// Sums of such numbers are exact in any order. The unit is a power of two, at most 2^-39 of the widest range of amounts
// that one period has, so that the rounding of all periods together stays far below anything chance does.
//
// A cash flow on a transition i -> j falls at the end of period t, which is the start of t + 1. So it is made an amount
// of the state entered: j is split into one state for each different cash flow with which it can be entered. A life
// then earns by its states alone, and transitions with cash flows cost a simulation nothing.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/engine/detail/sampler.hpp"
#include "tenure/quantity/detail/memory.hpp"
#include "tenure/quantity/discounting.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure::detail {

/// A column cut to the sixteen bits that decide nearly always, in the order in which Draws gives them: high byte, then
/// low byte without the bits that chose the column. Draws below `decisive` are its own entry's; those that tie with it
/// need the whole column.
struct CutColumn {
  std::uint32_t decisive = 0;
  std::uint32_t entries = 0;  ///< its own, and in the upper half the other
};

/// The rows of one distinct period: those of state s are 2^column_bits[s] columns from first[s] on.
struct AliasRows {
  std::vector<std::size_t> first{};
  std::vector<std::uint8_t> column_bits{};
  std::vector<AliasColumn> column{};
};

/// A chain as whole numbers, ready to be lived through.
struct LifeTables {
  std::int64_t periods = 0;
  std::int64_t first_period = 0;               ///< to whose start money is discounted; nobody lives before it
  int row_bits = 0;                            ///< column bits of all rows, or 0 where rows differ in length
  std::uint32_t first_absorbed = 0;            ///< states from here on keep a person for ever and bring nothing
  std::vector<StateIndex> origin{};            ///< the chain's state of each split state
  std::vector<std::uint32_t> arrival_state{};  ///< by the chain's state: the split state of someone who enters there
  std::vector<AliasRows> rows{};
  std::vector<std::vector<CutColumn>>
      cut_rows{};  ///< the same, [distinct period][state · 2^row_bits + column]; empty where rows differ in length
  std::vector<std::uint32_t> rows_of_period{};  ///< place in `rows`, for each period
  std::vector<std::int64_t>
      amount{};           ///< [t · states + s] in units: what period t brings in split state s, t = 0 … periods
  int unit_exponent = 0;  ///< the unit is 2^unit_exponent of the chain's money
  double discount_factor = 1;

  [[nodiscard]] std::size_t states() const { return origin.size(); }
  [[nodiscard]] const std::int64_t* amounts(std::int64_t t) const {
    return amount.data() + static_cast<std::size_t>(t) * states();
  }
  [[nodiscard]] const AliasRows& rows_at(std::int64_t t) const {
    return rows[rows_of_period[static_cast<std::size_t>(t)]];
  }
};

/// Rows of a chain have columns of one length where its longest row has at most so many entries.
inline constexpr std::size_t entries_of_equal_rows = 16;

/// Bits of an amount above the least one of its period.
inline constexpr int amount_bits = 40;

/// Which split state each entry of the chain's transitions leads to, and the entry that stands for its cash flow.
struct StateSplit {
  std::vector<StateIndex> origin{};
  std::vector<std::size_t> paying_entry{};     ///< by split state; no_entry where entering brings nothing
  std::vector<std::uint32_t> arrival_state{};  ///< by the chain's state
  std::vector<std::uint32_t> reached_by{};     ///< by the chain's transition entry
  std::uint32_t first_absorbed = 0;
};
inline constexpr std::size_t no_entry = static_cast<std::size_t>(-1);

/// Whether someone in this state stays there for ever and neither brings nor costs anything, nor anybody.
[[nodiscard]] inline bool is_absorbed(const Chain& chain, StateIndex i) {
  const auto nothing = [&](const Timeline<std::vector<double>>& of_states) {
    return std::all_of(of_states.distinct().begin(), of_states.distinct().end(),
                       [&](const auto& x) { return x[i] == 0; });
  };
  if (!nothing(chain.cash_flow) || !nothing(chain.spend)) return false;
  for (std::size_t e = chain.transitions.first[i]; e < chain.transitions.first[i + 1]; ++e) {
    const bool sojourns = chain.transitions.successor[e] == i;
    for (const std::vector<double>& p : chain.probability.distinct()) {
      if (sojourns ? p[e] < 1 : p[e] > 0) return false;
    }
    for (const std::vector<double>& g : chain.transition_cash_flow.distinct()) {
      if (sojourns && g[e] != 0) return false;
    }
  }
  if (!chain.has_referrals()) return true;
  return chain.referrals.first[i] == chain.referrals.first[i + 1];
}

/// The cash flows of one transition over all distinct periods: transitions that share them may share a split state.
[[nodiscard]] inline std::vector<double> cash_flows_of(const Chain& chain, std::size_t entry) {
  std::vector<double> flows;
  for (const std::vector<double>& g : chain.transition_cash_flow.distinct()) flows.push_back(g[entry]);
  return flows;
}

/// Splits states by the cash flow of entering them, and puts those that are gone last.
[[nodiscard]] inline StateSplit split_states(const Chain& chain) {
  const std::size_t n = chain.states();
  StateSplit split;
  std::vector<StateIndex> absorbed;
  split.arrival_state.resize(n);
  for (StateIndex i = 0; i < n; ++i) {
    if (is_absorbed(chain, i)) {
      absorbed.push_back(i);
      continue;
    }
    split.arrival_state[i] = static_cast<std::uint32_t>(split.origin.size());
    split.origin.push_back(i);
    split.paying_entry.push_back(no_entry);
  }
  std::map<std::pair<StateIndex, std::vector<double>>, std::uint32_t> paying;
  constexpr std::uint32_t plain = ~std::uint32_t{0};
  split.reached_by.assign(chain.transitions.entries(), plain);
  for (std::size_t e = 0; e < chain.transitions.entries(); ++e) {
    std::vector<double> flows = cash_flows_of(chain, e);
    if (std::all_of(flows.begin(), flows.end(), [](double g) { return g == 0; })) continue;
    const StateIndex j = chain.transitions.successor[e];
    const auto [found, is_new] =
        paying.try_emplace({j, std::move(flows)}, static_cast<std::uint32_t>(split.origin.size()));
    if (is_new) {
      split.origin.push_back(j);
      split.paying_entry.push_back(e);
    }
    split.reached_by[e] = found->second;
  }
  split.first_absorbed = static_cast<std::uint32_t>(split.origin.size());
  for (const StateIndex i : absorbed) {
    split.arrival_state[i] = static_cast<std::uint32_t>(split.origin.size());
    split.origin.push_back(i);
    split.paying_entry.push_back(no_entry);
  }
  for (std::size_t e = 0; e < chain.transitions.entries(); ++e) {
    if (split.reached_by[e] == plain) split.reached_by[e] = split.arrival_state[chain.transitions.successor[e]];
  }
  return split;
}

/// The column bits that all rows share, or 0. They depend on which transitions are listed alone, so that scenarios of
/// one model share their draws whatever their probabilities are.
[[nodiscard]] inline int shared_row_bits(const Chain& chain) {
  std::size_t longest = 0;
  for (StateIndex i = 0; i < chain.states(); ++i) {
    longest = std::max<std::size_t>(longest, chain.transitions.first[i + 1] - chain.transitions.first[i]);
  }
  return longest <= entries_of_equal_rows ? column_bits_of(longest) : 0;
}

[[nodiscard]] inline AliasRows alias_rows(const Chain& chain, const StateSplit& split,
                                          const std::vector<double>& probability, int shared_bits) {
  const Pattern& pattern = chain.transitions;
  AliasRows rows;
  for (const StateIndex i : split.origin) {
    const std::size_t first = pattern.first[i];
    const std::size_t entries = pattern.first[i + 1] - first;
    const int bits = shared_bits > 0 ? shared_bits : column_bits_of(entries);
    rows.first.push_back(rows.column.size());
    rows.column_bits.push_back(static_cast<std::uint8_t>(bits));
    for (AliasColumn column : alias_row(std::span{probability}.subspan(first, entries), bits)) {
      const std::uint32_t own = column.entry[0] < entries ? column.entry[0] : column.entry[1];  // it may own none
      column.entry = {split.reached_by[first + own], split.reached_by[first + column.entry[1]]};
      rows.column.push_back(column);
    }
  }
  return rows;
}

/// Rows of equal length, cut.
[[nodiscard]] inline std::vector<CutColumn> cut(const AliasRows& rows, int row_bits) {
  std::vector<CutColumn> cut_columns;
  for (const AliasColumn& column : rows.column) {
    const auto decisive = static_cast<std::uint32_t>(column.threshold >> 48);
    const std::uint32_t below_column = 0xFFU >> row_bits;
    cut_columns.push_back(
        {((decisive >> (8 - row_bits)) << 8) | (decisive & below_column), column.entry[0] | (column.entry[1] << 16)});
  }
  return cut_columns;
}

/// What each split state brings at the start of period t, in money of that epoch: nothing but the cash flow of having
/// entered it at t = periods.
[[nodiscard]] inline std::vector<double> money_of_period(const Chain& chain, const StateSplit& split, std::int64_t t,
                                                         std::int64_t periods) {
  const double within = discount_within_period(chain.discount_factor, chain.cash_flow_timing);
  std::vector<double> money(split.origin.size());
  for (std::size_t s = 0; s < money.size(); ++s) {
    const StateIndex i = split.origin[s];
    if (t < periods) money[s] = earned_of(within, chain.cash_flow.at(t)[i], chain.spend.at(t)[i]);
    if (t > 0 && split.paying_entry[s] != no_entry)
      money[s] += chain.transition_cash_flow.at(t - 1)[split.paying_entry[s]];
  }
  return money;
}

inline void refuse_large_tables(std::size_t states, std::int64_t periods) {
  const double bytes = 8.0 * static_cast<double>(states) * static_cast<double>(periods + 1);
  refuse_beyond_memory(bytes, "what each state brings in each period", "model.horizon",
                       "shorten the horizon or use longer periods");
}

/// The exponent of the largest unit's power of two in which `range` has at most amount_bits bits and `size`, summed
/// over all periods, fits into 62.
[[nodiscard]] inline int unit_exponent(double range, double size, std::int64_t periods) {
  const auto exponent_of = [](double x) {
    int exponent = 0;
    std::frexp(x, &exponent);  // x < 2^exponent
    return exponent;
  };
  const int for_sums = size > 0 ? exponent_of(size) + exponent_of(static_cast<double>(periods + 1)) - 62 : -1074;
  const int for_range = range > 0 ? exponent_of(range) + 1 - amount_bits : for_sums;
  return std::max(for_range, for_sums);
}

/// The tables of a chain over its first `periods` periods, for people who enter in `first_period` or later. Throws
/// LimitError where they would need too much memory.
[[nodiscard]] inline LifeTables life_tables(const Chain& chain, std::int64_t periods, std::int64_t first_period = 0) {
  const StateSplit split = split_states(chain);
  refuse_large_tables(split.origin.size(), periods);
  LifeTables tables;
  tables.periods = periods;
  tables.first_period = first_period;
  tables.row_bits = shared_row_bits(chain);
  tables.first_absorbed = split.first_absorbed;
  tables.origin = split.origin;
  tables.arrival_state = split.arrival_state;
  tables.discount_factor = chain.discount_factor;
  std::vector<std::int64_t> place(chain.probability.distinct().size(), -1);
  for (std::int64_t t = 0; t < periods; ++t) {
    std::int64_t& known = place[chain.probability.place(t)];
    if (known < 0) {
      known = static_cast<std::int64_t>(tables.rows.size());
      tables.rows.push_back(alias_rows(chain, split, chain.probability.at(t), tables.row_bits));
      if (tables.row_bits > 0 && tables.states() <= 0xFFFF)
        tables.cut_rows.push_back(cut(tables.rows.back(), tables.row_bits));
    }
    tables.rows_of_period.push_back(static_cast<std::uint32_t>(known));
  }
  const std::vector<double> discount =
      discount_factors(chain.discount_factor, static_cast<std::size_t>(periods - first_period) + 1);
  const auto for_each_amount = [&](auto&& visit) {
    for (std::int64_t t = 0; t <= periods; ++t) {
      if (t < first_period) {
        visit(std::vector<double>(split.origin.size()));
        continue;
      }
      std::vector<double> money = money_of_period(chain, split, t, periods);
      for (double& amount : money) amount *= discount[static_cast<std::size_t>(t - first_period)];
      visit(money);
    }
  };
  double range = 0;
  double size = 0;
  for_each_amount([&](const std::vector<double>& money) {
    const auto [least, most] = std::minmax_element(money.begin(), money.end());
    if (money.empty()) return;
    range = std::max(range, *most - *least);
    size = std::max({size, std::fabs(*least), std::fabs(*most)});
  });
  tables.unit_exponent = unit_exponent(range, size, periods);
  tables.amount.reserve((static_cast<std::size_t>(periods) + 1) * tables.states());
  for_each_amount([&](const std::vector<double>& money) {
    for (const double amount : money) tables.amount.push_back(std::llround(std::ldexp(amount, -tables.unit_exponent)));
  });
  return tables;
}

/// The factor from units, discounted to the first period, to money at the start of a later one.
[[nodiscard]] inline double money_per_unit(const LifeTables& tables, std::int64_t period) {
  if (tables.discount_factor == 0) return std::ldexp(1.0, tables.unit_exponent);
  return std::ldexp(power(DoubleDouble{tables.discount_factor}, static_cast<double>(tables.first_period - period)),
                    tables.unit_exponent);
}

}  // namespace tenure::detail
