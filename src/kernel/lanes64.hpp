#pragma once
// 64 people to a register: AVX-512 with byte permutes (VBMI and VBMI2).

#include <immintrin.h>

#include <cstdint>

#include "kernel/life_kernel_tables.hpp"

namespace tenure::kernel {

/// The places of a's byte (bit 6 clear) and b's (bit 6 set) for interleave_pairs.
struct PairPlaces {
  std::uint8_t low[64];
  std::uint8_t high[64];
  constexpr PairPlaces() : low{}, high{} {
    for (int quarter = 0; quarter < 4; ++quarter) {
      for (int k = 0; k < 16; ++k) {  // 16-bit unit k / 2 of the result comes from a if that is even
        const int from = ((k / 2) % 2 != 0 ? 64 : 0) + 16 * quarter + 8 * (k % 2);
        low[16 * quarter + k] = static_cast<std::uint8_t>(from + k / 4);
        high[16 * quarter + k] = static_cast<std::uint8_t>(from + 4 + k / 4);
      }
    }
  }
};

struct Lanes64 {
  static constexpr int width = 64;
  static constexpr int registers_together = 2;
  static constexpr int counters_together = 8;  ///< what the registers can hold
  static constexpr auto& shapes = permuted_shapes;
  using Vector = __m512i;
  using Mask = __mmask64;

  static Vector load(const void* p) { return _mm512_loadu_si512(p); }
  static void store(void* p, Vector v) { _mm512_storeu_si512(p, v); }
  static Vector zero() { return _mm512_setzero_si512(); }
  static Vector repeat_8(int x) { return _mm512_set1_epi8(static_cast<char>(x)); }
  static Vector repeat_16(int x) { return _mm512_set1_epi16(static_cast<short>(x)); }
  static Vector repeat_32(std::uint32_t x) { return _mm512_set1_epi32(static_cast<int>(x)); }
  static Vector repeat_64(std::uint64_t x) { return _mm512_set1_epi64(static_cast<long long>(x)); }

  static Vector add_8(Vector a, Vector b) { return _mm512_add_epi8(a, b); }
  static Vector add_32(Vector a, Vector b) { return _mm512_add_epi32(a, b); }
  static Vector add_64(Vector a, Vector b) { return _mm512_add_epi64(a, b); }
  static Vector both(Vector a, Vector b) { return _mm512_and_si512(a, b); }
  static Vector joined(Vector a, Vector b) { return _mm512_or_si512(a, b); }
  static Vector differ(Vector a, Vector b) { return _mm512_xor_si512(a, b); }
  static Vector differ(Vector a, Vector b, Vector c) { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }
  static Vector product_32(Vector a, Vector b) { return _mm512_mul_epu32(a, b); }
  template <int bits>
  static Vector right_64(Vector a) {
    return _mm512_srli_epi64(a, bits);
  }
  static Vector words_together(Vector even, Vector odd) {
    return _mm512_mask_shuffle_epi32(even, 0xAAAA, odd, _MM_PERM_CCAA);
  }

  static Vector interleave_8(Vector a, Vector b, bool high) {
    return high ? _mm512_unpackhi_epi8(a, b) : _mm512_unpacklo_epi8(a, b);
  }
  static Vector interleave_16(Vector a, Vector b, bool high) {
    return high ? _mm512_unpackhi_epi16(a, b) : _mm512_unpacklo_epi16(a, b);
  }
  static Vector interleave_32(Vector a, Vector b, bool high) {
    return high ? _mm512_unpackhi_epi32(a, b) : _mm512_unpacklo_epi32(a, b);
  }
  static Vector interleave_64(Vector a, Vector b, bool high) {
    return high ? _mm512_unpackhi_epi64(a, b) : _mm512_unpacklo_epi64(a, b);
  }
  /// Byte 0 of each half of a's 16 bytes, then of b's, byte 1 of a's, of b's, and so on.
  static Vector interleave_pairs(Vector a, Vector b, bool high) {
    return _mm512_permutex2var_epi8(a, load(high ? pairs.high : pairs.low), b);
  }
  static Vector pair_products_8(Vector bytes, Vector weights) { return _mm512_maddubs_epi16(bytes, weights); }
  static Vector pair_products_16(Vector words, Vector weights) { return _mm512_madd_epi16(words, weights); }
  static Vector widen_16_to_32(const std::uint16_t* p) {
    return _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  }

  /// Looks up 64 places in strips of 16, 64, 128 or 256.
  template <int length>
  struct Places {
    Vector index;
    explicit Places(Vector places) : index{places} {}
    [[nodiscard]] Vector in(const std::uint8_t* strip) const {
      if constexpr (length == 16) {
        return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(strip))),
                                   index);
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

  static Mask no_mask() { return 0; }
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

  /// From the order in which people are kept to the order of bytes in which a kernel works, and back: four bytes v of
  /// a quarter q are kept as four bytes q of quarter v.
  static Vector to_lanes(Vector kept) {
    return _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), kept);
  }
  static Vector from_lanes(Vector lanes) { return to_lanes(lanes); }

 private:
  alignas(64) static constexpr PairPlaces pairs{};
  alignas(64) static constexpr std::uint16_t numbers[32] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                                            11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                                            22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
};

}  // namespace tenure::kernel
