// Compiled for AVX2: see event_luck.hpp.

#include "kernel/event_luck.hpp"

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "tenure/engine/amount_quantiles.hpp"
#include "tenure/engine/stream.hpp"

namespace tenure::kernel {
namespace {

/// One round of Philox4x32 on four counters, a word of each in the lower half of 64 bits.
struct FourCounters {
  __m256i word[4];
};

FourCounters round_of(const FourCounters& c, __m256i k0, __m256i k1) {
  const __m256i p0 = _mm256_mul_epu32(c.word[0], _mm256_set1_epi64x(0xD2511F53));
  const __m256i p1 = _mm256_mul_epu32(c.word[2], _mm256_set1_epi64x(0xCD9E8D57));
  return {{_mm256_xor_si256(_mm256_xor_si256(c.word[1], k0), _mm256_srli_epi64(p1, 32)), p1,
           _mm256_xor_si256(_mm256_xor_si256(c.word[3], k1), _mm256_srli_epi64(p0, 32)), p0}};
}

/// Sixteen blocks in four registers each, so that the rounds of one fill the waiting of another.
struct SixteenCounters {
  FourCounters four[4];
};

SixteenCounters sixteen_blocks(const std::uint32_t (&key)[2], const std::uint32_t (&first)[4]) {
  std::uint32_t k0 = key[0];
  std::uint32_t k1 = key[1];
  SixteenCounters c;
  for (std::uint32_t quarter = 0; quarter < 4; ++quarter) {
    const std::uint32_t block = first[0] + 4 * quarter;
    c.four[quarter] = {{_mm256_set_epi64x(block + 3, block + 2, block + 1, block), _mm256_set1_epi64x(first[1]),
                        _mm256_set1_epi64x(first[2]), _mm256_set1_epi64x(first[3])}};
  }
  for (int round = 0; round < 10; ++round) {
    const __m256i first_key = _mm256_set1_epi64x(k0);
    const __m256i second_key = _mm256_set1_epi64x(k1);
    for (FourCounters& four : c.four) four = round_of(four, first_key, second_key);
    k0 += philox_weyl_0;
    k1 += philox_weyl_1;
  }
  return c;
}

/// The quantiles of four words, those of one block: their distances from the nearer end, the cells these lie in, and
/// the cubics of these cells, which are loaded whole and turned.
__m256d quantiles_of(const double* coefficients, __m128i words) {
  const __m128i sign = _mm_srai_epi32(words, 31);
  const __m128i magnitude = _mm_xor_si128(words, sign);
  const __m256d beyond =
      _mm256_mul_pd(_mm256_add_pd(_mm256_cvtepi32_pd(magnitude), _mm256_set1_pd(0.5)), _mm256_set1_pd(0x1p-32));
  const __m256i bits = _mm256_castpd_si256(beyond);
  const __m256i first = _mm256_set1_epi64x(static_cast<long long>(AmountQuantiles::first_cell));
  const __m256i upper = _mm256_and_si256(_mm256_cvtepi32_epi64(sign), _mm256_set1_epi64x(detail::cells_of_side));
  const __m256i cell =
      _mm256_add_epi64(_mm256_sub_epi64(_mm256_srli_epi64(bits, 52 - detail::cell_bits), first), upper);
  const __m256i mantissa =
      _mm256_and_si256(_mm256_slli_epi64(bits, detail::cell_bits), _mm256_set1_epi64x(0x000FFFFFFFFFFFFF));
  const __m256d one = _mm256_set1_pd(1);
  const __m256d place = _mm256_sub_pd(_mm256_castsi256_pd(_mm256_or_si256(mantissa, _mm256_castpd_si256(one))), one);
  alignas(32) std::int64_t cells[4];
  _mm256_store_si256(reinterpret_cast<__m256i*>(cells), cell);
  const __m256d a = _mm256_loadu_pd(coefficients + 4 * cells[0]);
  const __m256d b = _mm256_loadu_pd(coefficients + 4 * cells[1]);
  const __m256d c = _mm256_loadu_pd(coefficients + 4 * cells[2]);
  const __m256d d = _mm256_loadu_pd(coefficients + 4 * cells[3]);
  const __m256d even_ab = _mm256_unpacklo_pd(a, b);
  const __m256d odd_ab = _mm256_unpackhi_pd(a, b);
  const __m256d even_cd = _mm256_unpacklo_pd(c, d);
  const __m256d odd_cd = _mm256_unpackhi_pd(c, d);
  const __m256d c0 = _mm256_permute2f128_pd(even_ab, even_cd, 0x20);
  const __m256d c1 = _mm256_permute2f128_pd(odd_ab, odd_cd, 0x20);
  const __m256d c2 = _mm256_permute2f128_pd(even_ab, even_cd, 0x31);
  const __m256d c3 = _mm256_permute2f128_pd(odd_ab, odd_cd, 0x31);
  const __m256d inner = _mm256_add_pd(c1, _mm256_mul_pd(place, _mm256_add_pd(c2, _mm256_mul_pd(place, c3))));
  return _mm256_add_pd(c0, _mm256_mul_pd(place, inner));
}

}  // namespace

void draw_words_avx2(const std::uint32_t (&key)[2], const std::uint32_t (&counter)[4], std::uint32_t* words) {
  const SixteenCounters drawn = sixteen_blocks(key, counter);
  const __m256i low = _mm256_set1_epi64x(0xFFFFFFFF);
  const auto pair = [&](__m256i a, __m256i b) {
    return _mm256_or_si256(_mm256_and_si256(a, low), _mm256_slli_epi64(b, 32));
  };
  for (const FourCounters& four : drawn.four) {
    const __m256i first = pair(four.word[0], four.word[1]);
    const __m256i second = pair(four.word[2], four.word[3]);
    const __m256i even = _mm256_unpacklo_epi64(first, second);  // blocks 0 and 2
    const __m256i odd = _mm256_unpackhi_epi64(first, second);   // blocks 1 and 3
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(words), _mm256_permute2x128_si256(even, odd, 0x20));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(words + 8), _mm256_permute2x128_si256(even, odd, 0x31));
    words += 16;
  }
  _mm256_zeroupper();
}

void quantiles_avx2(const double* coefficients, const std::uint32_t* words, std::size_t count, double* amounts) {
  for (std::size_t k = 0; k < count; k += 4) {
    const __m128i four = _mm_loadu_si128(reinterpret_cast<const __m128i*>(words + k));
    _mm256_storeu_pd(amounts + k, quantiles_of(coefficients, four));
  }
  _mm256_zeroupper();
}

}  // namespace tenure::kernel
