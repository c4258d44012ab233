#pragma once
// The life chain as real models change it: rows that differ by season or in every period, money on transitions, other
// horizons; and how many steps a life takes through each of them.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "life_chain.hpp"

namespace tenure::measured {

/// What a variant does to the chain; the numbers themselves do not matter to the cost, how many there are does.
struct Variant {
  int distinct_rows = 1;     ///< cycle of rows: 12 for seasons, 240 for rows that are never the same
  int distinct_amounts = 1;  ///< the same of cash flows by state
  int paying_moves = 0;      ///< so many transitions, from the first, bring an amount each that no other does
  std::int64_t periods = life_periods;
};

namespace detail {

[[nodiscard]] inline double season(int place, int cycle) { return std::sin(6.283185307179586 * place / cycle); }

/// A timeline that runs through the numbers again and again.
[[nodiscard]] inline Timeline<std::vector<double>> cycle_of(std::vector<std::vector<double>> distinct) {
  std::vector<std::uint32_t> course;
  for (std::uint32_t place = 0; place < distinct.size(); ++place) course.push_back(place);
  return {std::move(distinct), std::move(course), 0};
}

/// Up to a fifth more or fewer leave their state.
[[nodiscard]] inline std::vector<double> seasonal_row(const Chain& chain, double season) {
  std::vector<double> row = chain.probability.at(0);
  for (std::size_t i = 0; i + 1 < chain.states(); ++i) {
    double leaving = 0;
    std::size_t sojourn = 0;
    for (std::size_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
      if (chain.transitions.successor[k] == i)
        sojourn = k;
      else
        leaving += row[k] *= 1 + 0.2 * season;
    }
    row[sojourn] = 1 - leaving;
  }
  return row;
}

}  // namespace detail

[[nodiscard]] inline Chain life_chain(const Variant& variant) {
  Chain chain = life_chain();
  chain.horizon = variant.periods;
  std::vector<std::vector<double>> rows;
  for (int k = 0; k < variant.distinct_rows; ++k) {
    rows.push_back(
        detail::seasonal_row(chain, variant.distinct_rows == 1 ? 0 : detail::season(k, variant.distinct_rows)));
  }
  chain.probability = detail::cycle_of(std::move(rows));
  std::vector<std::vector<double>> amounts;
  for (int k = 0; k < variant.distinct_amounts; ++k) {
    amounts.push_back(chain.cash_flow.at(0));
    for (double& amount : amounts.back()) amount *= 1 + 0.3 * detail::season(k, variant.distinct_amounts);
  }
  chain.cash_flow = detail::cycle_of(std::move(amounts));
  std::vector<double> of_moves(chain.transitions.entries());
  for (std::size_t k = 0, left = static_cast<std::size_t>(variant.paying_moves); k < of_moves.size() && left > 0; ++k) {
    const bool sojourns = chain.probability.at(0)[k] >= 0.5;
    if (sojourns) continue;
    of_moves[k] = 10.5 + static_cast<double>(k);
    --left;
  }
  chain.transition_cash_flow = Timeline<std::vector<double>>{of_moves};
  return chain;
}

/// Live customer-steps of a life on average, by carrying the people of the first state forward.
[[nodiscard]] inline double live_steps_of(const Chain& chain) {
  std::vector<double> people(chain.states());
  people[0] = 1;
  double steps = 0;
  for (std::int64_t t = 0; t < *chain.horizon; ++t) {
    std::vector<double> next(people.size());
    for (std::size_t i = 0; i < people.size(); ++i) {
      if (chain.stages[i] != Stage::lost) steps += people[i];
      for (std::size_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
        next[chain.transitions.successor[k]] += people[i] * chain.probability.at(t)[k];
      }
    }
    people = std::move(next);
  }
  return steps;
}

}  // namespace tenure::measured
