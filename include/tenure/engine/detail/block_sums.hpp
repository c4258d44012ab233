#pragma once
// What a summary takes from a block of values: sums of powers, the extremes, how many are negative. One pass, in eight
// running sums of each kind that stay in registers on any processor; their order is part of what makes a result the
// same everywhere, so it never changes.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>

namespace tenure::detail {

/// Sums, extremes and signs of the values of one block.
struct BlockSums {
  static constexpr std::size_t lanes = 8;
  /// Of the first three powers of value - centre, and of it where a value is negative; lane k has values k, k + 8, …
  std::array<std::array<double, lanes>, 4> sum{};
  double minimum = std::numeric_limits<double>::infinity();
  double maximum = -std::numeric_limits<double>::infinity();
  std::uint64_t negative = 0;
};

/// Two doubles side by side where that can be said, else one: each is rounded by itself, and all is the same in its
/// bits. Compilers find out in some loops that every processor can run them two at a time, and not in others.
#if defined(__GNUC__)
using Doubles = double __attribute__((vector_size(16)));
#else
using Doubles = double;
#endif

/// Lanes [first, first + 4) of the whole rounds of eight: as many as there are registers for.
inline void add_four_lanes(BlockSums& sums, std::span<const double> values, double centre, std::size_t first) {
  constexpr std::size_t registers = 4 * sizeof(double) / sizeof(Doubles);
  using Four = std::array<Doubles, registers>;
  const Doubles none{};
  Four offsets{}, squares{}, cubes{}, of_negative{}, negative{}, least{}, greatest{};
  for (Doubles& lanes : least) lanes += sums.minimum;
  for (Doubles& lanes : greatest) lanes += sums.maximum;
  const std::size_t whole = values.size() / BlockSums::lanes * BlockSums::lanes;
  for (std::size_t k = first; k < whole; k += BlockSums::lanes) {
    for (std::size_t j = 0; j < registers; ++j) {
      Doubles value;
      std::memcpy(&value, values.data() + k + j * (4 / registers), sizeof value);
      const Doubles offset = value - centre;
      const Doubles square = offset * offset;
      offsets[j] += offset;
      squares[j] += square;
      cubes[j] += square * offset;
      of_negative[j] += value < none ? offset : none;
      negative[j] += value < none ? none + 1 : none;
      least[j] = value < least[j] ? value : least[j];
      greatest[j] = value > greatest[j] ? value : greatest[j];
    }
  }
  const auto lane = [](const Four& of, std::size_t k) {
    std::array<double, 4> lanes;
    std::memcpy(&lanes, &of, sizeof lanes);
    return lanes[k];
  };
  for (std::size_t k = 0; k < 4; ++k) {
    sums.sum[0][first + k] = lane(offsets, k);
    sums.sum[1][first + k] = lane(squares, k);
    sums.sum[2][first + k] = lane(cubes, k);
    sums.sum[3][first + k] = lane(of_negative, k);
    sums.negative += static_cast<std::uint64_t>(lane(negative, k));
    sums.minimum = std::min(sums.minimum, lane(least, k));
    sums.maximum = std::max(sums.maximum, lane(greatest, k));
  }
}

/// The sums of some values, their deviations counted from a centre.
[[nodiscard]] inline BlockSums block_sums(std::span<const double> values, double centre) {
  BlockSums sums;
  add_four_lanes(sums, values, centre, 0);
  add_four_lanes(sums, values, centre, 4);
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

}  // namespace tenure::detail
