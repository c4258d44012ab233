#pragma once
// 16 people to a register: SSE4.1, or NEON of 64-bit ARM.

#include <cstdint>

#include "kernel/lanes.hpp"

#if defined(__SSE4_1__)
#include <smmintrin.h>
#else
#include <arm_neon.h>
#endif

namespace tenure::detail::kernel {
namespace {

/// What has an instruction of its own. A look-up finds zero for places from 128 on, and with NEON for all from 16 on.
struct Instructions16 : AnyLanes<16> {
#if defined(__SSE4_1__)
  static Vector product_32(Vector a, Vector b) { return _mm_mul_epu32(a, b); }
  static Vector pair_products_8(Vector bytes, Vector weights) { return _mm_maddubs_epi16(bytes, weights); }
  static Vector pair_products_16(Vector words, Vector weights) { return _mm_madd_epi16(words, weights); }
  static Vector widen_16_to_32(const std::uint16_t* p) { return _mm_cvtepu16_epi32(_mm_loadu_si64(p)); }
  static Vector within_16(Vector places) { return _mm_adds_epu8(places, repeat_8(0x70)); }
  static Vector look_up(const std::uint8_t* strip, Vector places) { return _mm_shuffle_epi8(load(strip), places); }
  static Vector choose(Vector mask, Vector yes, Vector no) { return _mm_blendv_epi8(no, yes, mask); }
  static std::uint64_t bits(Vector mask) { return static_cast<std::uint32_t>(_mm_movemask_epi8(mask)); }
#else
  static Vector product_32(Vector a, Vector b) {
    return Vector(vmull_u32(vmovn_u64(uint64x2_t(a)), vmovn_u64(uint64x2_t(b))));
  }
  static Vector pair_products_8(Vector bytes, Vector weights) {
    const auto a = uint8x16_t(bytes), b = uint8x16_t(weights);
    return Vector(vpaddq_u16(vmull_u8(vget_low_u8(a), vget_low_u8(b)), vmull_high_u8(a, b)));
  }
  static Vector pair_products_16(Vector words, Vector weights) {
    const auto a = uint16x8_t(words), b = uint16x8_t(weights);
    return Vector(vpaddq_u32(vmull_u16(vget_low_u16(a), vget_low_u16(b)), vmull_high_u16(a, b)));
  }
  static Vector widen_16_to_32(const std::uint16_t* p) { return Vector(vmovl_u16(vld1_u16(p))); }
  static Vector within_16(Vector places) { return places; }
  static Vector look_up(const std::uint8_t* strip, Vector places) {
    return Vector(vqtbl1q_u8(vld1q_u8(strip), uint8x16_t(places)));
  }
  static Vector choose(Vector mask, Vector yes, Vector no) {
    return Vector(vbslq_u8(uint8x16_t(mask), uint8x16_t(yes), uint8x16_t(no)));
  }
  static std::uint64_t bits(Vector mask) {
    constexpr Bytes place{1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t sums = Bytes(mask) & place;
    for (int k = 0; k < 3; ++k) sums = vpaddq_u8(sums, sums);
    return vgetq_lane_u16(uint16x8_t(sums), 0);
  }
#endif
};

using Lanes16 = ShuffledLanes<Instructions16>;

}  // namespace
}  // namespace tenure::detail::kernel
