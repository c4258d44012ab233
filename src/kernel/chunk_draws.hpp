#pragma once
// The random bytes of many people for eight periods: one counter of Philox for each of them, transposed so that a
// register holds one byte of the same period's draw for everybody in it.

#include <cstddef>
#include <cstdint>

#include "kernel/life_kernel_tables.hpp"
#include "tenure/engine/detail/individual/philox_lanes.hpp"

namespace tenure::detail::kernel {
namespace {

/// What a chunk's people draw.
template <class L>
class ChunkDraws {
 public:
  using Vector = typename L::Vector;

  ChunkDraws(const LifeKernelWork& work, std::uint32_t chunk)
      : blocks_{work.key, chunk, static_cast<std::uint32_t>(work.first_person >> 32), work.replicate} {}  // purpose 0

  /// Draws for as many people as a register has bytes: draws[2 h] and draws[2 h + 1] are the low and the high bytes of
  /// period h, in the order of lanes.
  void operator()(const std::uint16_t* people, std::uint32_t first_person, Vector* draws) const {
    constexpr int together = L::counters_together;
    Vector counters[8 / together][together];
    for (int k = 0; k < 8; k += 2) {
      const Vector four = L::add_32(L::widen_16_to_32(people + k * (L::width / 8)), L::repeat_32(first_person));
      counters[k / together][k % together] = L::interleave_32(four, four, false);
      counters[k / together][k % together + 1] = L::interleave_32(four, four, true);
    }
    Vector first[8];
    Vector second[8];
    for (int k = 0; k < 8; k += together) {
      const auto blocks = blocks_(counters[k / together]);
      for (int j = 0; j < together; ++j) {
        const Vector* word = blocks[static_cast<std::size_t>(j)].word;
        first[k + j] = L::words_together(word[0], word[1]);
        second[k + j] = L::words_together(word[2], word[3]);
      }
    }
    transpose(first, draws);
    transpose(second, draws + 8);
  }

 private:
  /// Eight registers, each of eight bytes of its people, to eight registers, each of one byte of all.
  static void transpose(const Vector* from, Vector* to) {
    Vector a[8];
    Vector b[8];
    for (int k = 0; k < 4; ++k) {
      a[2 * k] = L::interleave_pairs(from[2 * k], from[2 * k + 1], false);
      a[2 * k + 1] = L::interleave_pairs(from[2 * k], from[2 * k + 1], true);
    }
    for (int k = 0; k < 2; ++k) {
      for (int j = 0; j < 2; ++j) {
        b[4 * k + 2 * j] = L::interleave_32(a[4 * k + j], a[4 * k + 2 + j], false);
        b[4 * k + 2 * j + 1] = L::interleave_32(a[4 * k + j], a[4 * k + 2 + j], true);
      }
    }
    for (int j = 0; j < 4; ++j) {
      to[2 * j] = L::interleave_64(b[j], b[4 + j], false);
      to[2 * j + 1] = L::interleave_64(b[j], b[4 + j], true);
    }
  }

  tenure::detail::PhiloxOfSecondWords<L> blocks_;
};

}  // namespace
}  // namespace tenure::detail::kernel
