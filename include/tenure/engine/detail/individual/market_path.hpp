#pragma once
// The market that people share, drawn once for all of them: 64 people in a row live in one market, the next 64 in
// another. So many markets are seen in one run, and how much of what befalls people is the market's can be told from
// how alike those are who share one.
//
// Where the market moves arrivals, people are likelier to have entered in a market that brought many. Then a market is
// drawn as somebody who enters meets it: first their period and regime, then what led to it, backwards by Bayes' rule,
// and what comes of it.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/arrival.hpp"
#include "tenure/engine/detail/sampler.hpp"
#include "tenure/engine/individual/shared_markets.hpp"
#include "tenure/engine/stream.hpp"

namespace tenure::detail {

/// The regime of each period.
using MarketPath = std::vector<std::uint32_t>;

/// What paths of a market are drawn from.
struct MarketTables {
  std::size_t start = 0;
  std::size_t periods = 0;
  std::vector<ThresholdRow> next{};                 ///< by regime
  std::vector<std::vector<ThresholdRow>> before{};  ///< [t][regime]: of period t - 1; empty unless needed
  ThresholdRow entry{};                             ///< where somebody is met; empty unless the market moves arrivals
  std::vector<std::pair<std::int64_t, std::uint32_t>> period_and_regime{};  ///< of its entries
  [[nodiscard]] bool moves_arrivals() const { return !period_and_regime.empty(); }
};

/// By Bayes' rule, the regimes of period t - 1 given that of period t.
[[nodiscard]] inline std::vector<ThresholdRow> rows_before(const Market& market, const std::vector<double>& likely) {
  std::vector<ThresholdRow> rows;
  for (std::size_t to = 0; to < market.regimes(); ++to) {
    std::vector<double> joint;
    double total = 0;
    for (std::size_t from = 0; from < market.regimes(); ++from) {
      joint.push_back(likely[from] * market.matrix[from][to]);
      total += joint.back();
    }
    if (!(total > 0)) {
      rows.emplace_back();  // nobody is ever there
      continue;
    }
    for (double& p : joint) p /= total;
    rows.push_back(threshold_row(joint));
  }
  return rows;
}

inline void meet_entries(const Market& market, std::span<const Entry> entries, MarketTables& tables) {
  const std::vector<std::vector<double>> likely = market_course(market, tables.periods + 1);
  std::vector<std::vector<double>> weight(tables.periods + 1, std::vector<double>(market.regimes()));
  double total = 0;
  for (const Entry& entry : entries) {
    const auto t = static_cast<std::size_t>(entry.period);
    for (std::size_t e = 0; e < market.regimes(); ++e) {
      const double factor = entry.factor_in_regime.empty() ? 1 : entry.factor_in_regime[e];
      weight[t][e] += entry.weight * likely[t][e] * factor;
      total += entry.weight * likely[t][e] * factor;
    }
  }
  std::vector<double> row;
  for (std::size_t t = 0; t < weight.size(); ++t) {
    for (std::size_t e = 0; e < market.regimes(); ++e) {
      if (!(weight[t][e] > 0)) continue;
      row.push_back(weight[t][e] / total);
      tables.period_and_regime.emplace_back(static_cast<std::int64_t>(t), static_cast<std::uint32_t>(e));
    }
  }
  tables.entry = threshold_row(row);
  tables.before.emplace_back();
  for (std::size_t t = 1; t <= tables.periods; ++t) tables.before.push_back(rows_before(market, likely[t - 1]));
}

/// The tables of a market, for people who enter so.
[[nodiscard]] inline MarketTables market_tables(const Market& market, std::int64_t periods,
                                                std::span<const Entry> entries) {
  MarketTables tables;
  tables.start = market.start;
  tables.periods = static_cast<std::size_t>(periods);
  for (const std::vector<double>& row : market.matrix) tables.next.push_back(threshold_row(row));
  for (const Entry& entry : entries) {
    if (entry.factor_in_regime.empty()) continue;
    meet_entries(market, entries, tables);
    break;
  }
  return tables;
}

/// The path of market number `which`, for periods 0 … periods (that after the last is there for who enters then).
[[nodiscard]] inline MarketPath market_path(const MarketTables& tables, StreamKey key, std::uint64_t which) {
  const auto draws = [&](Purpose purpose, std::size_t t) {
    return first_64_bits(random_block(key, {which, 0, purpose, static_cast<std::uint32_t>(t)}));
  };
  MarketPath path(tables.periods + 1, static_cast<std::uint32_t>(tables.start));
  std::size_t known = 0;
  if (tables.moves_arrivals()) {
    const auto [period, regime] =
        tables.period_and_regime[chosen_entry(tables.entry, draws(Purpose::market_of_arrival, 0))];
    known = static_cast<std::size_t>(period);
    path[known] = regime;
    for (std::size_t t = known; t > 0; --t)
      path[t - 1] = chosen_entry(tables.before[t][path[t]], draws(Purpose::market, t));
  }
  for (std::size_t t = known + 1; t <= tables.periods; ++t)
    path[t] = chosen_entry(tables.next[path[t - 1]], draws(Purpose::market, t));
  return path;
}

/// The market that a person lives in; for people in the order of their numbers, drawn once for all who share one.
class MarketsOfPeople {
 public:
  /// The tables must outlive it.
  MarketsOfPeople(const Chain& chain, const MarketTables& tables, StreamKey key)
      : tables_{chain.regimes() > 1 ? &tables : nullptr}, key_{key} {}

  /// None where it has one regime.
  [[nodiscard]] const MarketPath* of(std::uint64_t person) {
    if (tables_ == nullptr) return nullptr;
    const std::uint64_t which = person / people_of_market;
    if (path_.empty() || which != which_) path_ = market_path(*tables_, key_, which);
    which_ = which;
    return &path_;
  }

 private:
  const MarketTables* tables_;
  StreamKey key_;
  std::uint64_t which_ = 0;
  MarketPath path_{};
};

}  // namespace tenure::detail
