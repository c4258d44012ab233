#pragma once
// 64 people to a register: AVX-512 with byte permutes (VBMI and VBMI2).

#include <immintrin.h>

#include <cstdint>

#include "kernel/lanes.hpp"

namespace tenure::detail::kernel {
namespace {

struct Lanes64 : AnyLanes<64> {
  static constexpr int registers_together = 2;
  static constexpr int counters_together = 8;  ///< what the registers can hold
  static constexpr auto& shapes = permuted_shapes;
  using Mask = __mmask64;

  using AnyLanes::differ;
  static Vector differ(Vector a, Vector b, Vector c) { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }
  static Vector product_32(Vector a, Vector b) { return _mm512_mul_epu32(a, b); }
  static Vector words_together(Vector even, Vector odd) {
    return _mm512_mask_shuffle_epi32(even, 0xAAAA, odd, _MM_PERM_CCAA);
  }
  /// With one permutation.
  static Vector interleave_pairs(Vector a, Vector b, bool high) {
    return high ? picked<Bytes>(a, b, [](int k) { return k / 16 * 16 + k % 16 / 4 + 4 + k % 2 * 8 + k / 2 % 2 * 64; })
                : picked<Bytes>(a, b, [](int k) { return k / 16 * 16 + k % 16 / 4 + k % 2 * 8 + k / 2 % 2 * 64; });
  }
  static Vector pair_products_8(Vector bytes, Vector weights) { return _mm512_maddubs_epi16(bytes, weights); }
  static Vector pair_products_16(Vector words, Vector weights) { return _mm512_madd_epi16(words, weights); }
  static Vector widen_16_to_32(const std::uint16_t* p) { return _mm512_cvtepu16_epi32(AnyLanes<32>::load(p)); }
  static Vector widen_32_to_64(const std::uint32_t* p) { return _mm512_cvtepu32_epi64(AnyLanes<32>::load(p)); }

  /// Looks up 64 places in strips of 16, 64, 128 or 256.
  template <int length>
  struct Places {
    Vector index;
    explicit Places(Vector places) : index{places} {}
    [[nodiscard]] Vector in(const std::uint8_t* strip) const {
      if constexpr (length == 16) {
        return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(AnyLanes<16>::load(strip)), index);
      } else if constexpr (length == 64) {
        return _mm512_permutexvar_epi8(index, load(strip));
      } else if constexpr (length == 128) {
        return _mm512_permutex2var_epi8(load(strip), index, load(strip + 64));
      } else {
        const Vector lower = _mm512_permutex2var_epi8(load(strip), index, load(strip + 64));
        const Vector upper = _mm512_permutex2var_epi8(load(strip + 128), index, load(strip + 192));
        return _mm512_mask_mov_epi8(lower, _mm512_movepi8_mask(index), upper);
      }
    }
  };

  static Mask greater(Vector a, Vector b) { return _mm512_cmpgt_epi8_mask(a, b); }
  static Mask equal(Vector a, Vector b) { return _mm512_cmpeq_epi8_mask(a, b); }
  static Mask greater_where(Mask where, Vector a, Vector b) { return _mm512_mask_cmpgt_epi8_mask(where, a, b); }
  static Mask equal_where(Mask where, Vector a, Vector b) { return _mm512_mask_cmpeq_epi8_mask(where, a, b); }
  static Mask either(Mask a, Mask b) { return a | b; }
  static Mask either_where(Mask where, Mask a, Mask b) { return static_cast<Mask>(where & (a | b)); }
  static Vector choose(Mask mask, Vector yes, Vector no) { return _mm512_mask_mov_epi8(no, mask, yes); }
  static std::uint64_t bits(Mask mask) { return mask; }

  /// Writes first + k for every bit k that is set; returns how many there are.
  static int list(std::uint64_t bits, int first, std::uint16_t* to) {
    const Vector lower = _mm512_add_epi16(load(numbers), repeat_16(first));
    const Vector upper = _mm512_add_epi16(lower, repeat_16(32));
    const auto low = static_cast<__mmask32>(bits);
    const auto high = static_cast<__mmask32>(bits >> 32);
    store(to, _mm512_maskz_compress_epi16(low, lower));
    store(to + __builtin_popcount(low), _mm512_maskz_compress_epi16(high, upper));
    return __builtin_popcountll(bits);
  }

 private:
  alignas(64) static constexpr std::uint16_t numbers[32] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                                            11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                                            22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
};

}  // namespace
}  // namespace tenure::detail::kernel
