#pragma once
// 16 people to a register: SSE4.1.

#include <smmintrin.h>

#include <cstdint>

#include "kernel/life_kernel_tables.hpp"

namespace tenure::kernel {

struct Lanes16 {
  static constexpr int width = 16;
  static constexpr int registers_together = 2;
  static constexpr int counters_together = 2;  ///< what the registers can hold
  static constexpr auto& shapes = shuffled_shapes;
  using Vector = __m128i;
  using Mask = __m128i;  ///< bytes of ones or zeros

  static Vector load(const void* p) { return _mm_loadu_si128(static_cast<const __m128i*>(p)); }
  static void store(void* p, Vector v) { _mm_storeu_si128(static_cast<__m128i*>(p), v); }
  static Vector zero() { return _mm_setzero_si128(); }
  static Vector repeat_8(int x) { return _mm_set1_epi8(static_cast<char>(x)); }
  static Vector repeat_16(int x) { return _mm_set1_epi16(static_cast<short>(x)); }
  static Vector repeat_32(std::uint32_t x) { return _mm_set1_epi32(static_cast<int>(x)); }
  static Vector repeat_64(std::uint64_t x) { return _mm_set1_epi64x(static_cast<long long>(x)); }

  static Vector add_8(Vector a, Vector b) { return _mm_add_epi8(a, b); }
  static Vector add_32(Vector a, Vector b) { return _mm_add_epi32(a, b); }
  static Vector add_64(Vector a, Vector b) { return _mm_add_epi64(a, b); }
  static Vector both(Vector a, Vector b) { return _mm_and_si128(a, b); }
  static Vector joined(Vector a, Vector b) { return _mm_or_si128(a, b); }
  static Vector differ(Vector a, Vector b) { return _mm_xor_si128(a, b); }
  static Vector differ(Vector a, Vector b, Vector c) { return _mm_xor_si128(_mm_xor_si128(a, b), c); }
  static Vector product_32(Vector a, Vector b) { return _mm_mul_epu32(a, b); }
  template <int bits>
  static Vector right_64(Vector a) {
    return _mm_srli_epi64(a, bits);
  }
  static Vector words_together(Vector even, Vector odd) { return _mm_blend_epi16(even, _mm_slli_epi64(odd, 32), 0xCC); }

  static Vector interleave_8(Vector a, Vector b, bool high) {
    return high ? _mm_unpackhi_epi8(a, b) : _mm_unpacklo_epi8(a, b);
  }
  static Vector interleave_16(Vector a, Vector b, bool high) {
    return high ? _mm_unpackhi_epi16(a, b) : _mm_unpacklo_epi16(a, b);
  }
  static Vector interleave_32(Vector a, Vector b, bool high) {
    return high ? _mm_unpackhi_epi32(a, b) : _mm_unpacklo_epi32(a, b);
  }
  static Vector interleave_64(Vector a, Vector b, bool high) {
    return high ? _mm_unpackhi_epi64(a, b) : _mm_unpacklo_epi64(a, b);
  }
  static Vector pair_bytes(Vector a) {
    return _mm_shuffle_epi8(a, _mm_setr_epi8(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15));
  }
  /// Byte 0 of each half of a's 16 bytes, then of b's, byte 1 of a's, of b's, and so on.
  static Vector interleave_pairs(Vector a, Vector b, bool high) {
    return interleave_16(pair_bytes(a), pair_bytes(b), high);
  }
  static Vector pair_products_8(Vector bytes, Vector weights) { return _mm_maddubs_epi16(bytes, weights); }
  static Vector pair_products_16(Vector words, Vector weights) { return _mm_madd_epi16(words, weights); }
  static Vector widen_16_to_32(const std::uint16_t* p) {
    return _mm_cvtepu16_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
  }

  /// Looks up 16 places in strips of 16, or in longer ones by their sixteenths: a place outside of one gets its highest
  /// bit set, for which the shuffle gives zero.
  template <int length>
  struct Places {
    static constexpr int parts = length / 16;
    Vector index[parts];
    explicit Places(Vector places) {
      if constexpr (parts == 1) {
        index[0] = places;
      } else {
        index[0] = _mm_adds_epu8(places, repeat_8(0x70));
        for (int q = 1; q < parts; ++q) {
          const Vector within = _mm_sub_epi8(places, repeat_8(16 * q));
          // below the last of few parts, the difference has its highest bit set already
          index[q] = q + 1 == parts && parts <= 8 ? within : _mm_adds_epu8(within, repeat_8(0x70));
        }
      }
    }
    [[nodiscard]] Vector in(const std::uint8_t* strip) const {
      Vector found = _mm_shuffle_epi8(load(strip), index[0]);
      for (int q = 1; q < parts; ++q) {
        found = _mm_or_si128(found, _mm_shuffle_epi8(load(strip + 16 * q), index[q]));
      }
      return found;
    }
  };

  static Mask no_mask() { return zero(); }
  static Mask greater(Vector a, Vector b) { return _mm_cmpgt_epi8(a, b); }
  static Mask equal(Vector a, Vector b) { return _mm_cmpeq_epi8(a, b); }
  static Mask greater_where(Mask where, Vector a, Vector b) { return _mm_and_si128(where, _mm_cmpgt_epi8(a, b)); }
  static Mask equal_where(Mask where, Vector a, Vector b) { return _mm_and_si128(where, _mm_cmpeq_epi8(a, b)); }
  static Mask either(Mask a, Mask b) { return _mm_or_si128(a, b); }
  static Mask either_where(Mask where, Mask a, Mask b) { return _mm_and_si128(where, _mm_or_si128(a, b)); }
  static Vector choose(Mask mask, Vector yes, Vector no) { return _mm_blendv_epi8(no, yes, mask); }
  static std::uint64_t bits(Mask mask) { return static_cast<std::uint32_t>(_mm_movemask_epi8(mask)); }

  /// Writes first + k for every bit k that is set; returns how many there are.
  static int list(std::uint64_t bits, int first, std::uint16_t* to) {
    int count = 0;
    for (; bits != 0; bits &= bits - 1) to[count++] = static_cast<std::uint16_t>(first + __builtin_ctzll(bits));
    return count;
  }

  /// The order of bytes in which a kernel works is that in which people are kept.
  static Vector to_lanes(Vector kept) { return kept; }
  static Vector from_lanes(Vector lanes) { return lanes; }
};

}  // namespace tenure::kernel
