#pragma once
// A sum of doubles without any rounding: a fixed-point number wide enough for every double there is (Kulisch and
// Miranker 1981). Such sums merge in any order to the same bits, which is what lets threads and machines share a
// simulation and still give one answer.

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "tenure/quantity/elementary.hpp"

namespace tenure {

/// A sum in fixed point, to which any finite doubles may be added.
class ExactSum {
 public:
  ExactSum() = default;
  explicit ExactSum(double value) { add(value); }

  /// Adds a finite number. Exact for as many as 2^61 of them.
  void add(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const auto exponent = static_cast<std::size_t>((bits >> 52) & 0x7FF);
    std::uint64_t mantissa = bits & 0xFFFFFFFFFFFFF;
    if (exponent > 0) mantissa |= std::uint64_t{1} << 52;
    const std::size_t shift = exponent > 0 ? exponent - 1 : 0;  // mantissa · 2^(shift - 1074)
    const std::size_t limb = shift / 64;
    const std::size_t offset = shift % 64;
    const std::uint64_t low = mantissa << offset;
    const std::uint64_t high = offset == 0 ? 0 : mantissa >> (64 - offset);
    if ((bits >> 63) == 0) {
      add_at(limb, low, high);
    } else {
      subtract_at(limb, low, high);
    }
  }

  void add(const ExactSum& other) {
    std::uint64_t carry = 0;
    for (std::size_t k = 0; k < limbs; ++k) {
      const std::uint64_t partial = limb_[k] + carry;
      carry = partial < carry ? 1 : 0;
      limb_[k] = partial + other.limb_[k];
      if (limb_[k] < partial) carry = 1;
    }
  }

  /// The sum as an unevaluated pair of doubles, within one part in 2^100 of it.
  [[nodiscard]] DoubleDouble rounded_pair() const {
    ExactSum magnitude = *this;
    const bool negative = (limb_[limbs - 1] >> 63) != 0;
    if (negative) magnitude.negate();
    DoubleDouble total{0};
    for (std::size_t k = 0; k < limbs; ++k) {  // from the smallest, in halves that a double holds
      const int exponent = static_cast<int>(64 * k) - 1074;
      total = total + DoubleDouble{std::ldexp(static_cast<double>(magnitude.limb_[k] & 0xFFFFFFFF), exponent)};
      total = total + DoubleDouble{std::ldexp(static_cast<double>(magnitude.limb_[k] >> 32), exponent + 32)};
    }
    return negative ? -total : total;
  }
  [[nodiscard]] double value() const { return rounded_pair().rounded(); }
  bool operator==(const ExactSum&) const = default;

 private:
  static constexpr std::size_t limbs = 35;  // 2,098 bits of doubles, and room for carries and the sign

  void add_at(std::size_t k, std::uint64_t low, std::uint64_t high) {
    limb_[k] += low;
    const std::uint64_t carry = limb_[k] < low ? 1 : 0;
    const std::uint64_t with_carry = high + carry;  // high is below 2^53: no overflow
    limb_[k + 1] += with_carry;
    if (limb_[k + 1] >= with_carry) return;
    for (k += 2; k < limbs && ++limb_[k] == 0; ++k) {
    }
  }
  void subtract_at(std::size_t k, std::uint64_t low, std::uint64_t high) {
    const std::uint64_t borrow = limb_[k] < low ? 1 : 0;
    limb_[k] -= low;
    const std::uint64_t with_borrow = high + borrow;
    const bool more = limb_[k + 1] < with_borrow;
    limb_[k + 1] -= with_borrow;
    if (!more) return;
    for (k += 2; k < limbs && limb_[k]-- == 0; ++k) {
    }
  }
  void negate() {
    for (std::uint64_t& limb : limb_) limb = ~limb;
    for (std::size_t k = 0; k < limbs && ++limb_[k] == 0; ++k) {
    }
  }

  std::array<std::uint64_t, limbs> limb_{};  ///< two's complement, in units of 2^-1074, least first
};

}  // namespace tenure
