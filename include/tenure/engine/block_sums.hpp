#pragma once
// What a summary takes from a block of values: sums of powers, the extremes, how many are negative. One pass, in eight
// running sums of each kind that stay in registers on any processor; their order is part of what makes a result the same
// everywhere, so it never changes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "tenure/quantity/two_lanes.hpp"

namespace tenure {

/// Sums, extremes and signs of the values of one block.
struct BlockSums {
  static constexpr std::size_t lanes = 8;
  /// Of the first three powers of value - centre, and of it where a value is negative; lane k has values k, k + 8, …
  std::array<std::array<double, lanes>, 4> sum{};
  double minimum = std::numeric_limits<double>::infinity();
  double maximum = -std::numeric_limits<double>::infinity();
  std::uint64_t negative = 0;
};

namespace detail {

/// Lanes [first, first + 4) of the whole rounds of eight: as many as there are registers for.
inline void add_four_lanes(BlockSums& sums, std::span<const double> values, double centre, std::size_t first) {
  constexpr std::size_t pairs = 2;
  const TwoLanes centres{centre};
  const TwoLanes one{1.0};
  std::array<TwoLanes, pairs> offsets, squares, cubes, of_negative, negative;
  std::array<TwoLanes, pairs> least{TwoLanes{sums.minimum}, TwoLanes{sums.minimum}};
  std::array<TwoLanes, pairs> greatest{TwoLanes{sums.maximum}, TwoLanes{sums.maximum}};
  const std::size_t whole = values.size() / BlockSums::lanes * BlockSums::lanes;
  for (std::size_t k = first; k < whole; k += BlockSums::lanes) {
    for (std::size_t pair = 0; pair < pairs; ++pair) {
      const TwoLanes value = TwoLanes::at(values.data() + k + 2 * pair);
      const TwoLanes offset = value - centres;
      const TwoLanes square = offset * offset;
      offsets[pair] = offsets[pair] + offset;
      squares[pair] = squares[pair] + square;
      cubes[pair] = cubes[pair] + square * offset;
      of_negative[pair] = of_negative[pair] + where_negative(value, offset);
      negative[pair] = negative[pair] + where_negative(value, one);
      least[pair] = lesser(value, least[pair]);
      greatest[pair] = greater(value, greatest[pair]);
    }
  }
  for (std::size_t k = 0; k < 2 * pairs; ++k) {
    const std::size_t pair = k / 2;
    const std::size_t of_pair = k % 2;
    sums.sum[0][first + k] = offsets[pair][of_pair];
    sums.sum[1][first + k] = squares[pair][of_pair];
    sums.sum[2][first + k] = cubes[pair][of_pair];
    sums.sum[3][first + k] = of_negative[pair][of_pair];
    sums.negative += static_cast<std::uint64_t>(negative[pair][of_pair]);
    sums.minimum = least[pair][of_pair] < sums.minimum ? least[pair][of_pair] : sums.minimum;
    sums.maximum = greatest[pair][of_pair] > sums.maximum ? greatest[pair][of_pair] : sums.maximum;
  }
}

}  // namespace detail

/// The sums of some values, their deviations counted from a centre.
[[nodiscard]] inline BlockSums block_sums(std::span<const double> values, double centre) {
  BlockSums sums;
  detail::add_four_lanes(sums, values, centre, 0);
  detail::add_four_lanes(sums, values, centre, 4);
  const std::size_t whole = values.size() / BlockSums::lanes * BlockSums::lanes;
  for (std::size_t k = whole; k < values.size(); ++k) {
    const double value = values[k];
    const double offset = value - centre;
    const std::size_t lane = k - whole;
    sums.sum[0][lane] += offset;
    sums.sum[1][lane] += offset * offset;
    sums.sum[2][lane] += offset * offset * offset;
    sums.sum[3][lane] += value < 0 ? offset : 0.0;
    sums.negative += value < 0 ? 1 : 0;
    sums.minimum = value < sums.minimum ? value : sums.minimum;
    sums.maximum = value > sums.maximum ? value : sums.maximum;
  }
  return sums;
}

}  // namespace tenure
