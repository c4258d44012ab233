#pragma once
// The random words of four people at once, for one purpose and block, or of four blocks of one person. Half of what a
// simulated life costs on a processor without wider registers is Philox's multiplications; every x86-64 does two of
// them with one instruction.

#include <array>
#include <cstddef>
#include <cstdint>

#include "tenure/engine/stream.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tenure {

/// Word k of person j stands at [k][j].
using FourDraws = std::array<std::array<std::uint32_t, 4>, 4>;

#if defined(__SSE2__)

namespace detail {

/// Philox4x32 of two counters: each word in the lower half of a person's 64 bits.
struct TwoCounters {
  __m128i word[4];
};

[[nodiscard]] inline TwoCounters philox_round(const TwoCounters& c, __m128i k0, __m128i k1) {
  const __m128i p0 = _mm_mul_epu32(c.word[0], _mm_set1_epi64x(0xD2511F53));
  const __m128i p1 = _mm_mul_epu32(c.word[2], _mm_set1_epi64x(0xCD9E8D57));
  return {{_mm_xor_si128(_mm_xor_si128(c.word[1], k0), _mm_srli_epi64(p1, 32)), p1,
           _mm_xor_si128(_mm_xor_si128(c.word[3], k1), _mm_srli_epi64(p0, 32)), p0}};
}

}  // namespace detail

namespace detail {

/// Ten rounds on four counters.
[[nodiscard]] inline FourDraws four_philox(StreamKey key, TwoCounters front, TwoCounters back) {
  for (int round = 0; round < 10; ++round) {
    const __m128i k0 = _mm_set1_epi64x(key.first);
    const __m128i k1 = _mm_set1_epi64x(key.second);
    front = detail::philox_round(front, k0, k1);
    back = detail::philox_round(back, k0, k1);
    key.first += philox_weyl_0;
    key.second += philox_weyl_1;
  }
  FourDraws draws;
  for (std::size_t k = 0; k < 4; ++k) {
    const __m128i words = _mm_castps_si128(
        _mm_shuffle_ps(_mm_castsi128_ps(front.word[k]), _mm_castsi128_ps(back.word[k]), _MM_SHUFFLE(2, 0, 2, 0)));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(draws[k].data()), words);
  }
  return draws;
}

[[nodiscard]] inline __m128i repeated(std::uint32_t word) { return _mm_set1_epi64x(word); }

}  // namespace detail

/// What random_block gives for `address` and persons[0 … 3], who share the upper half of their numbers with it.
[[nodiscard]] inline FourDraws four_random_blocks(StreamKey key, const StreamAddress& address,
                                                  const std::array<std::uint32_t, 4>& persons) {
  const RandomBlock common = counter_of(address);
  const auto two = [&](std::size_t j) {
    return detail::TwoCounters{{detail::repeated(common[0]), _mm_set_epi64x(persons[j + 1], persons[j]),
                                detail::repeated(common[2]), detail::repeated(common[3])}};
  };
  return detail::four_philox(key, two(0), two(2));
}

/// What random_block gives for `address` and the three blocks after it: block j's words at [k][j].
[[nodiscard]] inline FourDraws next_four_random_blocks(StreamKey key, const StreamAddress& address) {
  const RandomBlock common = counter_of(address);
  const auto two = [&](std::uint32_t j) {
    return detail::TwoCounters{{_mm_set_epi64x(common[0] + j + 1, common[0] + j), detail::repeated(common[1]),
                                detail::repeated(common[2]), detail::repeated(common[3])}};
  };
  return detail::four_philox(key, two(0), two(2));
}

#else

/// What random_block gives for `address` and the three blocks after it: block j's words at [k][j].
[[nodiscard]] inline FourDraws next_four_random_blocks(StreamKey key, const StreamAddress& address) {
  FourDraws draws;
  for (std::uint32_t j = 0; j < 4; ++j) {
    StreamAddress one = address;
    one.block += j;
    const RandomBlock words = random_block(key, one);
    for (std::size_t k = 0; k < 4; ++k) draws[k][j] = words[k];
  }
  return draws;
}

/// What random_block gives for `address` and persons[0 … 3], who share the upper half of their numbers with it.
[[nodiscard]] inline FourDraws four_random_blocks(StreamKey key, const StreamAddress& address,
                                                  const std::array<std::uint32_t, 4>& persons) {
  FourDraws draws;
  for (std::size_t j = 0; j < 4; ++j) {
    RandomBlock counter = counter_of(address);
    counter[1] = persons[j];
    const RandomBlock words = philox(counter, key);
    for (std::size_t k = 0; k < 4; ++k) draws[k][j] = words[k];
  }
  return draws;
}

#endif

}  // namespace tenure
