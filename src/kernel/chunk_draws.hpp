#pragma once
// The random bytes of many people for eight periods: one counter of Philox for each of them, transposed so that a
// register holds one byte of the same period's draw for everybody in it.

#include <cstdint>

#include "kernel/life_kernel_tables.hpp"

namespace tenure::kernel {
namespace {

/// Philox4x32-10 of counters that differ in their second word alone: three rounds are the same for all or nearly so,
/// and their common parts are computed once for eight periods.
template <class L>
class ChunkDraws {
 public:
  using Vector = typename L::Vector;

  ChunkDraws(const LifeKernelWork& work, std::uint32_t chunk) {
    std::uint32_t k0 = work.key[0];
    std::uint32_t k1 = work.key[1];
    std::uint32_t word_key_0[3], word_key_1[3];
    for (int r = 0; r < 10; ++r) {
      if (r < 3) {
        word_key_0[r] = k0;
        word_key_1[r] = k1;
      }
      key_0_[r] = L::repeat_64(k0);
      key_1_[r] = L::repeat_64(k1);
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    const std::uint64_t p0 = multiplier_0 * chunk;
    const std::uint64_t p1 = multiplier_1 * static_cast<std::uint32_t>(work.first_person >> 32);  // purpose 0 above it
    after_1_word_0_ = static_cast<std::uint32_t>(p1 >> 32) ^ word_key_0[0];
    const auto word_1 = static_cast<std::uint32_t>(p1);
    const std::uint32_t word_2 = static_cast<std::uint32_t>(p0 >> 32) ^ work.replicate ^ word_key_1[0];
    const auto word_3 = static_cast<std::uint32_t>(p0);
    const std::uint64_t q1 = multiplier_1 * word_2;
    const std::uint32_t after_2_word_0 = static_cast<std::uint32_t>(q1 >> 32) ^ word_1 ^ word_key_0[1];
    after_2_word_2_ = word_3 ^ word_key_1[1];
    const std::uint64_t r0 = multiplier_0 * after_2_word_0;
    after_3_word_0_ = static_cast<std::uint32_t>(q1) ^ word_key_0[2];
    after_3_word_2_ = static_cast<std::uint32_t>(r0 >> 32) ^ word_key_1[2];
    after_3_word_3_ = static_cast<std::uint32_t>(r0);
  }

  /// Draws for as many people as a register has bytes: draws[2 h] and draws[2 h + 1] are the low and the high bytes of
  /// period h, in the order of lanes.
  void operator()(const std::uint16_t* people, std::uint32_t first_person, Vector* draws) const {
    Vector counters[8];
    for (int half = 0; half < 8; half += 2) {
      const Vector four = L::add_32(L::widen_16_to_32(people + half * (L::width / 8)), L::repeat_32(first_person));
      counters[half] = L::interleave_32(four, four, false);
      counters[half + 1] = L::interleave_32(four, four, true);
    }
    Vector first[8];
    Vector second[8];
    constexpr int left = 8 % L::counters_together;
    for (int half = 0; half + L::counters_together <= 8; half += L::counters_together) {
      blocks<L::counters_together>(counters + half, first + half, second + half);
    }
    if constexpr (left > 0) blocks<left>(counters + 8 - left, first + 8 - left, second + 8 - left);
    transpose(first, draws);
    transpose(second, draws + 8);
  }

 private:
  static constexpr std::uint64_t multiplier_0 = 0xD2511F53;
  static constexpr std::uint64_t multiplier_1 = 0xCD9E8D57;

  /// The words of `together` counters, so that the multiplications of one fill the waiting of another.
  template <int together>
  void blocks(const Vector* counters, Vector* first, Vector* second) const {
    const Vector m0 = L::repeat_64(multiplier_0);
    const Vector m1 = L::repeat_64(multiplier_1);
    Vector x0[together], x1[together], x2[together], x3[together];
#pragma GCC unroll 8
    for (int j = 0; j < together; ++j) {
      const Vector word_0 = L::differ(counters[j], L::repeat_64(after_1_word_0_));
      const Vector p0 = L::product_32(m0, word_0);
      const Vector word_2 = L::differ(L::template right_64<32>(p0), L::repeat_64(after_2_word_2_));
      const Vector p1 = L::product_32(m1, word_2);
      x0[j] = L::differ(L::template right_64<32>(p1), L::repeat_64(after_3_word_0_));
      x1[j] = p1;
      x2[j] = L::differ(p0, L::repeat_64(after_3_word_2_));
      x3[j] = L::repeat_64(after_3_word_3_);
    }
#pragma GCC unroll 7
    for (int r = 3; r < 10; ++r) {
#pragma GCC unroll 8
      for (int j = 0; j < together; ++j) {  // what is known first is joined first: the products are waited for
        const Vector p0 = L::product_32(m0, x0[j]);
        const Vector p1 = L::product_32(m1, x2[j]);
        x0[j] = L::differ(x1[j], key_0_[r], L::template right_64<32>(p1));
        x2[j] = L::differ(x3[j], key_1_[r], L::template right_64<32>(p0));
        x1[j] = p1;
        x3[j] = p0;
      }
    }
#pragma GCC unroll 8
    for (int j = 0; j < together; ++j) {
      first[j] = L::words_together(x0[j], x1[j]);
      second[j] = L::words_together(x2[j], x3[j]);
    }
  }

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

  Vector key_0_[10];  ///< repeated, to be read as they are needed
  Vector key_1_[10];
  std::uint32_t after_1_word_0_;
  std::uint32_t after_2_word_2_;
  std::uint32_t after_3_word_0_;
  std::uint32_t after_3_word_2_;
  std::uint32_t after_3_word_3_;
};

}  // namespace
}  // namespace tenure::kernel
