#pragma once
// Logarithms and exponentials for the middle of a simulation: as reproducible as those of quantity/elementary.hpp,
// since they too are made of additions, multiplications and divisions alone, and many times faster, since a few units
// in the last place of a double may be wrong here. What is left of an argument once its powers of two have been taken
// out is so small that a short series will do.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "tenure/quantity/elementary.hpp"

namespace tenure::detail {

inline constexpr double ln_2_short = 0x1.62e42feep-1;  ///< 32 bits of ln 2: its small multiples are exact
inline constexpr double ln_2_rest = 0x1.a39ef35793c76p-33;

/// ln x for normal x > 0: 2 artanh((m - 1)/(m + 1)) of the part m of x within [1/√2, √2).
[[nodiscard]] inline double quick_logarithm(double x) {
  constexpr std::uint64_t root_half = 0x3FE6A09E667F3BCD;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const std::int64_t twos = static_cast<std::int64_t>(bits - root_half) >> 52;
  const auto part = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(twos) << 52));
  const double s = (part - 1) / (part + 1);
  const double s2 = s * s;
  double series = 1.0 / 21;
  for (int odd = 19; odd >= 3; odd -= 2) series = series * s2 + 1.0 / odd;
  const auto count = static_cast<double>(twos);
  return count * ln_2_short + (2 * (s + s * s2 * series) + count * ln_2_rest);
}

inline constexpr std::size_t steps_of_a_half = 32;

/// 2^(-k/32), by multiplication with the 32nd root of 1/2 in double-double.
[[nodiscard]] constexpr std::array<double, steps_of_a_half> powers_of_a_half() {
  DoubleDouble root{0.5};
  for (std::size_t steps = 1; steps < steps_of_a_half; steps *= 2) {
    DoubleDouble guess{1};
    for (int newton = 0; newton < 8; ++newton) guess = (guess + root / guess) * DoubleDouble{0.5};
    root = guess;
  }
  std::array<double, steps_of_a_half> powers{};
  DoubleDouble power{1};
  for (double& p : powers) {
    p = power.rounded();
    power = power * root;
  }
  return powers;
}

/// e^(-x) as power·(1 - lost), in which lost is below 0.011 in magnitude: nothing is rounded away of an e^(-x) near 1.
struct Decay {
  double power = 1;
  double lost = 0;
  [[nodiscard]] double remaining() const { return power - power * lost; }
  [[nodiscard]] double gone() const { return (1 - power) + power * lost; }
};

/// e^(-x) for x ≥ 0; nothing where a double could not hold it.
[[nodiscard]] inline Decay quick_decay(double x) {
  if (x >= 700) return {0, 0};
  static constexpr std::array<double, steps_of_a_half> powers = powers_of_a_half();
  constexpr double steps_each = steps_of_a_half;
  const auto steps = static_cast<std::int64_t>(x * (steps_each / ln_2.high) + 0.5);
  const auto count = static_cast<double>(steps);
  const double r = (x - count * (ln_2_short / steps_each)) - count * (ln_2_rest / steps_each);
  double series = 1.0 / 5040;  // (1 - e^-r)/r = 1 - r/2! + r²/3! - …
  for (const double term : {1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1.0}) series = term - r * series;
  const auto place = static_cast<std::size_t>(steps);
  const auto scale = std::bit_cast<double>((std::uint64_t{1023} - place / steps_of_a_half) << 52);
  return {scale * powers[place % steps_of_a_half], r * series};
}

}  // namespace tenure::detail
