#pragma once
// 32 people to a register: AVX2.

#include <immintrin.h>

#include <cstdint>

#include "kernel/lanes.hpp"

namespace tenure::detail::kernel {
namespace {

/// What has an instruction of its own. A look-up finds zero for places from 128 on.
struct Instructions32 : AnyLanes<32> {
  static Vector product_32(Vector a, Vector b) { return _mm256_mul_epu32(a, b); }
  static Vector pair_products_8(Vector bytes, Vector weights) { return _mm256_maddubs_epi16(bytes, weights); }
  static Vector pair_products_16(Vector words, Vector weights) { return _mm256_madd_epi16(words, weights); }
  static Vector widen_16_to_32(const std::uint16_t* p) { return _mm256_cvtepu16_epi32(AnyLanes<16>::load(p)); }
  static Vector widen_32_to_64(const std::uint32_t* p) { return _mm256_cvtepu32_epi64(AnyLanes<16>::load(p)); }
  static Vector within_16(Vector places) { return _mm256_adds_epu8(places, repeat_8(0x70)); }
  static Vector look_up(const std::uint8_t* strip, Vector places) {
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(AnyLanes<16>::load(strip)), places);
  }
  static Vector choose(Vector mask, Vector yes, Vector no) { return _mm256_blendv_epi8(no, yes, mask); }
  static std::uint64_t bits(Vector mask) { return static_cast<std::uint32_t>(_mm256_movemask_epi8(mask)); }
};

using Lanes32 = ShuffledLanes<Instructions32>;

}  // namespace
}  // namespace tenure::detail::kernel
