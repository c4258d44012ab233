// Compiled for AVX-512: see sojourn_draws.hpp.

#include "kernel/sojourn_draws.hpp"

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "tenure/engine/stream.hpp"

namespace tenure::kernel {
namespace {

/// Sixteen counters of Philox4x32 in two registers for each word, which stands in the lower half of 64 bits.
struct SixteenCounters {
  __m512i word[4][2];
};

/// Ten rounds, and the words of each counter side by side.
void write_blocks(const KeyedCounter& at, SixteenCounters c, std::uint32_t* words) {
  std::uint32_t k0 = at.key[0];
  std::uint32_t k1 = at.key[1];
  constexpr int exclusive_or_of_three = 0x96;
  for (int round = 0; round < 10; ++round) {
    const __m512i first_key = _mm512_set1_epi64(k0);
    const __m512i second_key = _mm512_set1_epi64(k1);
    for (int half = 0; half < 2; ++half) {
      const __m512i p0 = _mm512_mul_epu32(c.word[0][half], _mm512_set1_epi64(0xD2511F53));
      const __m512i p1 = _mm512_mul_epu32(c.word[2][half], _mm512_set1_epi64(0xCD9E8D57));
      c.word[0][half] =
          _mm512_ternarylogic_epi64(_mm512_srli_epi64(p1, 32), c.word[1][half], first_key, exclusive_or_of_three);
      c.word[2][half] =
          _mm512_ternarylogic_epi64(_mm512_srli_epi64(p0, 32), c.word[3][half], second_key, exclusive_or_of_three);
      c.word[1][half] = p1;
      c.word[3][half] = p0;
    }
    k0 += philox_weyl_0;
    k1 += philox_weyl_1;
  }
  const __m512i front = _mm512_set_epi64(11, 3, 10, 2, 9, 1, 8, 0);
  const __m512i back = _mm512_set_epi64(15, 7, 14, 6, 13, 5, 12, 4);
  for (int half = 0; half < 2; ++half) {
    const __m512i first = _mm512_mask_blend_epi32(0xAAAA, c.word[0][half], _mm512_slli_epi64(c.word[1][half], 32));
    const __m512i second = _mm512_mask_blend_epi32(0xAAAA, c.word[2][half], _mm512_slli_epi64(c.word[3][half], 32));
    _mm512_storeu_si512(words + 32 * half, _mm512_permutex2var_epi64(first, front, second));
    _mm512_storeu_si512(words + 32 * half + 16, _mm512_permutex2var_epi64(first, back, second));
  }
}

}  // namespace

void draw_sojourns_avx512(const KeyedCounter& at, const std::uint32_t* people, std::size_t count, std::uint32_t* words) {
  for (std::size_t k = 0; k < count; k += 16) {
    SixteenCounters c;
    for (int half = 0; half < 2; ++half) {
      const __m256i eight = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(people + k) + half);
      c.word[0][half] = _mm512_set1_epi64(at.counter[0]);
      c.word[1][half] = _mm512_cvtepu32_epi64(eight);
      c.word[2][half] = _mm512_set1_epi64(at.counter[2]);
      c.word[3][half] = _mm512_set1_epi64(at.counter[3]);
    }
    write_blocks(at, c, words + 4 * k);
  }
  _mm256_zeroupper();
}

void draw_events_avx512(const KeyedCounter& at, std::uint32_t* words) {
  SixteenCounters c;
  for (int half = 0; half < 2; ++half) {
    const __m512i place = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    c.word[0][half] = _mm512_add_epi64(_mm512_set1_epi64(at.counter[0] + 8 * static_cast<std::uint32_t>(half)), place);
    for (int k = 1; k < 4; ++k) c.word[k][half] = _mm512_set1_epi64(at.counter[k]);
  }
  write_blocks(at, c, words);
  _mm256_zeroupper();
}

}  // namespace tenure::kernel
