#pragma once
// How tests say that two numbers agree: to a printed rounding, to a share of their size, or in every bit.

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "catch.hpp"

namespace tenure::test {

/// Rounds to what a publication prints with so many decimals; a nudge lets a tie be rounded either way.
[[nodiscard]] inline auto prints_as(double printed, int decimals) {
  return Catch::Matchers::WithinAbs(printed, 0.5 * std::pow(10.0, -decimals) * (1 + 1e-6));
}

/// Agrees up to the rounding of a few hundred operations.
[[nodiscard]] inline auto close_to(double expected, double share = 1e-12) {
  return Catch::Matchers::WithinRel(expected, share);
}

/// Agrees within a share of a scale that is not the number itself, for sums of terms that cancel.
[[nodiscard]] inline auto close_to_on_scale(double expected, double scale, double share = 1e-12) {
  return Catch::Matchers::WithinAbs(expected, std::abs(scale) * share);
}

[[nodiscard]] inline bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

/// How many doubles lie from a to b, both finite and of one sign.
[[nodiscard]] inline std::int64_t ulps_between(double a, double b) {
  return std::abs(std::bit_cast<std::int64_t>(a) - std::bit_cast<std::int64_t>(b));
}

}  // namespace tenure::test
