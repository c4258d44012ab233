#pragma once
// A family of chains without end, member by member, for what must hold of every chain: few states and many, rows with
// zeros, certain rows, equal rows, rows that hardly ever let go, cycles, blocks that hardly touch, states that keep
// people, rewards of every size and sign, one period and forty, money of later counted in full or not at all.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include "support/mixing.hpp"
#include "support/small_chain.hpp"
#include "tenure/chain/chain.hpp"

namespace tenure::test {

/// A chain, and the state in which people enter it.
struct Member {
  ChainParts parts{};
  StateIndex start = 0;
};

namespace detail {

/// Probabilities over the states allowed[j], some of which may be left out.
[[nodiscard]] inline std::vector<double> row_over(Mixing& mixing, const std::vector<bool>& allowed, double filled) {
  std::vector<double> row(allowed.size(), 0.0);
  std::vector<std::size_t> places;
  double sum = 0;
  for (std::size_t j = 0; j < row.size(); ++j) {
    if (!allowed[j]) continue;
    places.push_back(j);
    if (mixing.chance(filled)) sum += row[j] = mixing.between(0.01, 1);
  }
  if (sum == 0) sum = row[places[mixing.below(places.size())]] = 1;
  for (double& p : row) p /= sum;
  return row;
}

enum class Shape { sparse, cyclic, nearly_cyclic, reluctant, two_blocks, certain, all_rows_equal };

/// What a row of this shape may look like, before some states are made to keep people.
[[nodiscard]] inline std::vector<double> shaped_row(Mixing& mixing, Shape shape, std::size_t i, std::size_t states) {
  constexpr double hardly_ever = 1e-6;
  std::vector<bool> anywhere(states, true), near(states);
  for (std::size_t j = 0; j < states; ++j) {
    near[j] = shape == Shape::two_blocks ? (j < states / 2) == (i < states / 2) : j % 2 != i % 2 || states == 1;
  }
  const double filled = states > 8 && mixing.chance(0.7) ? 0.08 : 0.65;
  const std::vector<double> far = row_over(mixing, anywhere, filled);
  std::vector<double> row = far;
  switch (shape) {
    case Shape::sparse:
    case Shape::all_rows_equal:
      return row;
    case Shape::certain:
      return row_over(mixing, anywhere, 0);
    case Shape::cyclic:
      return row_over(mixing, near, filled);
    case Shape::nearly_cyclic:
    case Shape::two_blocks:
      row = row_over(mixing, near, filled);
      break;
    case Shape::reluctant:
      std::fill(row.begin(), row.end(), 0.0);
      row[i] = 1;
      break;
  }
  const double leak = shape == Shape::nearly_cyclic ? 1e-3 : mixing.chance(0.5) ? 1e-9 : hardly_ever;
  for (std::size_t j = 0; j < states; ++j) row[j] = (1 - leak) * row[j] + leak * far[j];
  return row;
}

[[nodiscard]] inline Matrix shaped_rows(Mixing& mixing, Shape shape, std::size_t states, std::size_t keeping) {
  Matrix rows;
  for (std::size_t i = 0; i < states; ++i) {
    const bool as_before = i > 0 && (shape == Shape::all_rows_equal || mixing.chance(0.1));
    rows.push_back(as_before ? rows.back() : shaped_row(mixing, shape, i, states));
  }
  for (std::size_t i = states - keeping; i < states; ++i) {
    std::fill(rows[i].begin(), rows[i].end(), 0.0);
    rows[i][i] = 1;
  }
  return rows;
}

enum class Money { none, equal, mixed, of_every_size };

[[nodiscard]] inline double some_money(Mixing& mixing, Money money) {
  switch (money) {
    case Money::none:
      return 0;
    case Money::equal:
      return 25;
    case Money::mixed:
      return mixing.between(-50, 150);
    case Money::of_every_size:
      break;
  }
  return (mixing.chance(0.3) ? -1 : 1) * std::pow(10.0, mixing.between(-9, 9));
}

}  // namespace detail

/// Member m of the family; suites of tests differ by their number.
[[nodiscard]] inline Member member_of_family(std::uint64_t suite, std::uint64_t m) {
  constexpr std::int64_t horizons[]{1, 2, 2, 3, 3, 10, 10, 40};
  constexpr double discounts[]{0, 0.5, 0.5, 0.9, 0.9, 0.999, 0.999, 1, 1};
  constexpr CashFlowTiming timings[]{CashFlowTiming::start, CashFlowTiming::middle, CashFlowTiming::end};
  Mixing mixing{Mixing{suite * 1'000'003 + m}.next()};
  const std::size_t states = mixing.chance(0.04) ? 50 : mixing.chance(0.05) ? 1 : 2 + mixing.below(7);
  const auto shape = mixing.chance(0.6) ? detail::Shape::sparse : static_cast<detail::Shape>(mixing.below(7));
  const auto money = mixing.chance(0.7) ? detail::Money::mixed : static_cast<detail::Money>(mixing.below(4));
  const std::size_t keeping = std::min(mixing.below(3), states - 1);
  const bool keeping_brings = mixing.chance(0.3);
  const bool moves_bring = money != detail::Money::none && mixing.chance(0.7);

  Member member;
  ChainParts& parts = member.parts;
  parts.horizon = horizons[mixing.below(std::size(horizons))];
  parts.discount_factor = discounts[mixing.below(std::size(discounts))];
  parts.timing = timings[mixing.below(std::size(timings))];
  parts.keep_zeros = mixing.chance(0.5);
  if (mixing.chance(0.4)) parts.streams = seeded_streams(mixing, states);
  const std::size_t distinct = mixing.chance(0.5) ? 1 : 2 + mixing.below(2);
  for (std::size_t p = 0; p < distinct; ++p) {
    PeriodParts period{detail::shaped_rows(mixing, shape, states, keeping), {}, {}, {}};
    if (moves_bring) period.cash_of_moves = square(states);
    for (std::size_t i = 0; i < states; ++i) {
      const bool brings = i < states - keeping || keeping_brings;
      period.cash_flow.push_back(brings ? detail::some_money(mixing, money) : 0);
      for (std::size_t j = 0; moves_bring && brings && j < states; ++j) {
        if (mixing.chance(0.3)) period.cash_of_moves[i][j] = detail::some_money(mixing, money);
      }
    }
    parts.periods.push_back(std::move(period));
  }
  parts.course.clear();
  for (std::size_t t = 0; t < 2 + distinct; ++t) parts.course.push_back(static_cast<std::uint32_t>(t % distinct));
  parts.repeats_from = mixing.below(3);
  if (!keeping_brings) {
    for (SpendStream& stream : parts.streams)
      std::erase_if(stream.states, [&](auto i) { return i >= states - keeping; });
  }
  member.start = static_cast<StateIndex>(mixing.below(states - keeping));
  return member;
}

}  // namespace tenure::test
