// Compiled for processors with AVX2 alone; called only where there is one.

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "kernel/sojourn_draws.hpp"
#include "tenure/engine/detail/amount_quantiles.hpp"

namespace tenure::detail::kernel {
namespace {

/// Where the coefficients of cell 0 would stand if cells were numbered from where distances of no bits begin. Distances
/// are in units of 2^-32 here.
const char* origin_of(const double* coefficients) {
  constexpr auto first = static_cast<std::ptrdiff_t>(AmountQuantiles::first_cell + (32U << cell_bits));
  return reinterpret_cast<const char*>(coefficients) - first * static_cast<std::ptrdiff_t>(4 * sizeof(double));
}

/// The quantiles of four words: their distances from the nearer end, the cells these lie in, and the cubics of these
/// cells, which are loaded whole and turned.
__m256d quantiles_of(const char* origin, __m128i magnitude, __m128i sign) {
  constexpr long long bytes_of_cell = 4 * sizeof(double);
  constexpr int bytes_of_side = static_cast<int>(cells_of_side * bytes_of_cell);
  const __m256i bits = _mm256_castpd_si256(_mm256_add_pd(_mm256_cvtepi32_pd(magnitude), _mm256_set1_pd(0.5)));
  const __m256i cell =
      _mm256_and_si256(_mm256_srli_epi64(bits, 52 - cell_bits - 5), _mm256_set1_epi64x(-bytes_of_cell));
  const __m256i side = _mm256_cvtepu32_epi64(_mm_and_si128(sign, _mm_set1_epi32(bytes_of_side)));
  const __m256i mantissa = _mm256_and_si256(_mm256_slli_epi64(bits, cell_bits), _mm256_set1_epi64x(0x000FFFFFFFFFFFFF));
  const __m256d one = _mm256_set1_pd(1);
  const __m256d place = _mm256_sub_pd(_mm256_castsi256_pd(_mm256_or_si256(mantissa, _mm256_castpd_si256(one))), one);
  alignas(32) std::int64_t at[4];
  _mm256_store_si256(reinterpret_cast<__m256i*>(at), _mm256_add_epi64(cell, side));
  const auto cubic = [&](int k) { return _mm256_loadu_pd(reinterpret_cast<const double*>(origin + at[k])); };
  const __m256d a = cubic(0);
  const __m256d b = cubic(1);
  const __m256d c = cubic(2);
  const __m256d d = cubic(3);
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

/// weights[k … k + 3] where these places are within [from, until), 0 elsewhere.
__m256d weights_within(const double* weights, std::size_t k, std::size_t from, std::size_t until) {
  const __m256i at = _mm256_add_epi64(_mm256_set_epi64x(3, 2, 1, 0), _mm256_set1_epi64x(static_cast<long long>(k)));
  const __m256i before = _mm256_cmpgt_epi64(_mm256_set1_epi64x(static_cast<long long>(from)), at);
  const __m256i within = _mm256_cmpgt_epi64(_mm256_set1_epi64x(static_cast<long long>(until)), at);
  return _mm256_maskload_pd(weights + k, _mm256_andnot_si256(before, within));
}

}  // namespace

double sum_of_quantiles_avx2(const double* coefficients, const std::uint32_t* words, const double* weights,
                             std::size_t from, std::size_t until, bool* some_far_out) {
  const char* const origin = origin_of(coefficients);
  __m256d sums = _mm256_setzero_pd();
  __m128i least = _mm_set1_epi32(-1);
  const auto add = [&](std::size_t k, __m256d weight) {
    const __m128i four = _mm_loadu_si128(reinterpret_cast<const __m128i*>(words + k));
    const __m128i sign = _mm_srai_epi32(four, 31);
    const __m128i magnitude = _mm_xor_si128(four, sign);
    least = _mm_min_epu32(least, magnitude);
    sums = _mm256_add_pd(sums, _mm256_mul_pd(weight, quantiles_of(origin, magnitude, sign)));
  };
  std::size_t k = from / 4 * 4;
  add(k, weights_within(weights, k, from, until));
  for (k += 4; k + 4 <= until; k += 4) add(k, _mm256_loadu_pd(weights + k));
  if (k < until) add(k, weights_within(weights, k, from, until));
  const __m128i far = _mm_cmplt_epi32(least, _mm_set1_epi32(static_cast<int>(AmountQuantiles::far_out)));
  *some_far_out = _mm_movemask_epi8(far) != 0;
  alignas(32) double sum[4];
  _mm256_store_pd(sum, sums);
  _mm256_zeroupper();
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

}  // namespace tenure::detail::kernel
