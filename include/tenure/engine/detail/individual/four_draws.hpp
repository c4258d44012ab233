#pragma once
// The random words of four people at once, for one purpose and block, or of four blocks of one person: two counters to
// a register of 16 bytes, which every x86-64 and every 64-bit ARM has.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tenure/engine/detail/individual/philox_lanes.hpp"
#include "tenure/engine/stream.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace tenure::detail {

/// A block for each of four people, or four blocks of one.
using FourDraws = std::array<RandomBlock, 4>;

#if defined(__GNUC__)

/// Two lanes of 64 bits.
struct CounterPair {
  using Vector = std::uint64_t __attribute__((vector_size(16)));
  using Words = std::uint32_t __attribute__((vector_size(16)));

  static Vector repeat_64(std::uint64_t x) { return Vector{x, x}; }
  static Vector add_64(Vector a, Vector b) { return a + b; }
  static Vector differ(Vector a, Vector b) { return a ^ b; }
  static Vector differ(Vector a, Vector b, Vector c) { return a ^ b ^ c; }
  template <int bits>
  static Vector right_64(Vector a) {
    return a >> bits;
  }
  static Vector product_32(Vector a, Vector b) {
#if defined(__SSE2__)
    return Vector(_mm_mul_epu32(__m128i(a), __m128i(b)));
#elif defined(__ARM_NEON) && defined(__aarch64__)
    return Vector(vmull_u32(vmovn_u64(uint64x2_t(a)), vmovn_u64(uint64x2_t(b))));
#else
    return (a & 0xFFFFFFFF) * (b & 0xFFFFFFFF);
#endif
  }
};

/// Two counters' words, side by side.
inline void write_blocks(const CounterLanes<CounterPair>& c, RandomBlock* blocks) {
  using Words = CounterPair::Words;
  const Words front = __builtin_shufflevector(Words(c.word[0]), Words(c.word[1]), 0, 2, 4, 6);
  const Words back = __builtin_shufflevector(Words(c.word[2]), Words(c.word[3]), 0, 2, 4, 6);
  const Words first = __builtin_shufflevector(front, back, 0, 2, 4, 6);
  const Words second = __builtin_shufflevector(front, back, 1, 3, 5, 7);
  std::memcpy(blocks, &first, sizeof first);
  std::memcpy(blocks + 1, &second, sizeof second);
}

#endif

/// The blocks of four counters that may differ in their first two words.
[[nodiscard]] inline FourDraws four_blocks(StreamKey key, const std::array<std::uint32_t, 4>& word_0,
                                           const std::array<std::uint32_t, 4>& word_1, std::uint32_t word_2,
                                           std::uint32_t word_3) {
  FourDraws draws;
#if defined(__GNUC__)
  const auto two = [&](std::size_t j) {
    return CounterLanes<CounterPair>{{{word_0[j], word_0[j + 1]},
                                      {word_1[j], word_1[j + 1]},
                                      CounterPair::repeat_64(word_2),
                                      CounterPair::repeat_64(word_3)}};
  };
  const auto blocks = philox(std::array{two(0), two(2)}, KeyLanes<CounterPair>{key.first, key.second});
  for (std::size_t j = 0; j < 2; ++j) write_blocks(blocks[j], draws.data() + 2 * j);
#else
  for (std::size_t j = 0; j < 4; ++j) draws[j] = philox({word_0[j], word_1[j], word_2, word_3}, key);
#endif
  return draws;
}

/// What random_block gives for `address` and persons[0 … 3], who share the upper half of their numbers with it.
[[nodiscard]] inline FourDraws four_random_blocks(StreamKey key, const StreamAddress& address,
                                                  const std::array<std::uint32_t, 4>& persons) {
  const auto [block, person, high, replicate] = counter_of(address);
  return four_blocks(key, {block, block, block, block}, persons, high, replicate);
}

/// What random_block gives for `address` and the three blocks after it.
[[nodiscard]] inline FourDraws next_four_random_blocks(StreamKey key, const StreamAddress& address) {
  const auto [block, person, high, replicate] = counter_of(address);
  return four_blocks(key, {block, block + 1, block + 2, block + 3}, {person, person, person, person}, high, replicate);
}

}  // namespace tenure::detail
