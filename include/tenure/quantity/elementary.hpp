#pragma once
// Exponentials, logarithms and powers with the same bits on every machine. The C library's differ in the last bit
// between its own variants, and one bit in a discount factor or a probability would break the promise that a run is a
// pure function of its input. Here they are made of additions, multiplications and divisions alone.
//
// All of them take an argument apart into 2^(n/32), tabulated to twice the precision of a double, and a remainder so
// small that a few terms of a series do (Tang, ACM Transactions on Mathematical Software 15(2), 1989, and 16(4), 1990).
// What leads and what is added to it are kept apart to the end, so that nothing is rounded away of an e^x near 1 or of
// a logarithm near 0. Results are within one unit in the last place; those given as a sum of two doubles hold about 18
// digits, enough to raise to large powers without loss.

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "tenure/quantity/double_double.hpp"

namespace tenure {

namespace detail {

inline constexpr DoubleDouble ln_2{0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

inline constexpr int steps_of_two = 32;

/// ln 2 / 32 in a part of 32 bits, whose multiples by whole numbers up to 2^21 are exact, and the rest.
inline constexpr double step_short = 0x1.62e42feep-1 / steps_of_two;
inline constexpr double step_rest = 0x1.a39ef35793c76p-33 / steps_of_two;

/// 2^(n/32) for n of 0 … 32, by multiplication with the 32nd root of 2, which is five square roots by Newton's method.
[[nodiscard]] constexpr std::array<DoubleDouble, steps_of_two + 1> powers_of_root() {
  DoubleDouble root{2};
  for (int steps = 1; steps < steps_of_two; steps *= 2) {
    DoubleDouble guess{1};
    for (int newton = 0; newton < 8; ++newton) guess = (guess + root / guess) * DoubleDouble{0.5};
    root = guess;
  }
  std::array<DoubleDouble, steps_of_two + 1> powers{};
  DoubleDouble power{1};
  for (DoubleDouble& p : powers) {
    p = power;
    power = power * root;
  }
  powers.back() = DoubleDouble{2};
  return powers;
}

inline constexpr std::array<DoubleDouble, steps_of_two + 1> power_of_root = powers_of_root();

/// The nearest whole number, halves to even, for |x| < 2^51.
[[nodiscard]] constexpr double nearest_whole(double x) {
  constexpr double aligns = 0x1.8p52;  // where doubles are whole numbers
  return (x + aligns) - aligns;
}

/// 2^n for n of -1022 … 1023.
[[nodiscard]] inline double power_of_two(std::int64_t n) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + n) << 52);
}

/// e^x as 2^twos·(lead + rest): lead is a tabulated number from 1 to 2, rest below 0.022 in magnitude.
struct TakenApart {
  double lead = 1;
  double rest = 0;
  std::int64_t twos = 0;

  /// In two steps, each within double's range.
  [[nodiscard]] double scaled(double x) const { return x * power_of_two(twos / 2) * power_of_two(twos - twos / 2); }
  [[nodiscard]] double value() const { return scaled(lead + rest); }
  /// Less 1.
  [[nodiscard]] double less_one() const {
    if (twos < -1000) return -1;
    if (twos > 1000) return value();
    const double scale = power_of_two(twos);
    return (scale * lead - 1) + scale * rest;
  }
  [[nodiscard]] DoubleDouble both() const {
    const DoubleDouble sum = quick_two_sum(lead, rest);
    return {scaled(sum.high), scaled(sum.low)};
  }
};

inline constexpr double least_exponent = -745.2;  ///< below, e^x is 0 in double's range
inline constexpr double most_exponent = 709.79;   ///< above, infinite

/// e^x for x within double's range.
[[nodiscard]] inline TakenApart exponential_of(DoubleDouble x) {
  const double steps = nearest_whole(x.high * (steps_of_two / ln_2.high));
  const DoubleDouble r = two_sum(x.high - steps * step_short, x.low - steps * step_rest);
  double series = 1.0 / 5040;
  for (const double term : {1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2}) series = term + r.high * series;
  const double less_one = r.high + (r.low + r.high * r.high * series);  // e^r - 1
  const auto n = static_cast<std::int64_t>(steps);
  const DoubleDouble& power = power_of_root[static_cast<std::size_t>(n & (steps_of_two - 1))];
  return {power.high, power.low + power.high * less_one, n >> 5};
}

/// x as 2^(steps/32)·(power + difference)/power.
struct NearestPower {
  double steps = 0;
  DoubleDouble power{1};
  double twos = 0;
  double mantissa = 1;
};

/// For finite x > 0.
[[nodiscard]] inline NearestPower nearest_power(double x) {
  constexpr double least_normal = 0x1p-1022;
  const bool is_small = x < least_normal;
  const auto bits = std::bit_cast<std::uint64_t>(is_small ? x * 0x1p54 : x);
  const std::int64_t twos = static_cast<std::int64_t>(bits >> 52) - 1023;
  const auto mantissa = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(twos) << 52));
  const double f = mantissa - 1;
  const double log_2 = f * (1.4228652 + f * (-0.5820851 + f * 0.1592199));  // to 0.03 steps: near enough
  const double step = nearest_whole(steps_of_two * log_2);
  const double whole = static_cast<double>(twos - (is_small ? 54 : 0));
  return {steps_of_two * whole + step, power_of_root[static_cast<std::size_t>(step)], whole, mantissa};
}

/// (ln(1 + r) - r + r²/2) / r³ for |r| < 0.012.
[[nodiscard]] constexpr double rest_of_logarithm(double r) {
  double series = -1.0 / 10;
  for (const double term : {1.0 / 9, -1.0 / 8, 1.0 / 7, -1.0 / 6, 1.0 / 5, -1.0 / 4, 1.0 / 3})
    series = term + r * series;
  return series;
}

/// ln x for finite x > 0, to about 18 digits.
[[nodiscard]] inline DoubleDouble logarithm_of(DoubleDouble x) {
  const NearestPower near = nearest_power(x.high);
  const double low = x.low == 0 ? 0 : std::ldexp(x.low, -static_cast<int>(near.twos));
  const DoubleDouble difference = two_sum(near.mantissa - near.power.high, low - near.power.low);
  const double r = difference.high / near.power.high;
  const DoubleDouble reached = two_product(r, near.power.high);
  const double r_low =
      (((difference.high - reached.high) - reached.low) + (difference.low - r * near.power.low)) / near.power.high;
  const DoubleDouble square = two_product(r, r);
  const DoubleDouble lead = two_sum(r, -square.high / 2);
  const double small = (r_low - r * r_low - square.low / 2) + r * square.high * rest_of_logarithm(r);
  const DoubleDouble sum = two_sum(near.steps * step_short, lead.high);
  return quick_two_sum(sum.high, sum.low + (lead.low + small + near.steps * step_rest));
}

}  // namespace detail

/// e^x; 0 and infinity beyond double's range.
[[nodiscard]] inline double exponential(double x) {
  if (!(x > detail::least_exponent)) return 0;
  if (x > detail::most_exponent) return std::numeric_limits<double>::infinity();
  return detail::exponential_of(x).value();
}

/// 1 - e^x, as exact where that is close to 0.
[[nodiscard]] inline double one_less_exponential(double x) {
  if (!(x > detail::least_exponent)) return 1;
  if (x > detail::most_exponent) return -std::numeric_limits<double>::infinity();
  return -detail::exponential_of(x).less_one();
}

/// ln x for finite x > 0.
[[nodiscard]] inline double logarithm(double x) {
  const detail::NearestPower near = detail::nearest_power(x);
  const double r = ((near.mantissa - near.power.high) - near.power.low) / near.power.high;
  const double small = r * r * (r * detail::rest_of_logarithm(r) - 0.5);
  return near.steps * detail::step_short + (r + (small + near.steps * detail::step_rest));
}

/// ln(1 + x) for x > -1, as exact where that is close to 0.
[[nodiscard]] inline double log_one_more(double x) {
  return std::abs(x) < 0x1p-60 ? x : detail::logarithm_of(detail::two_sum(1, x)).rounded();
}

namespace detail {

/// ln of base^(numerator / denominator).
[[nodiscard]] inline DoubleDouble exponent_of(DoubleDouble base, double numerator, double denominator) {
  return logarithm_of(base) * (DoubleDouble{numerator} / DoubleDouble{denominator});
}

}  // namespace detail

/// base^(numerator / denominator) for base > 0 and denominator != 0; exactly 1 for a zero exponent.
[[nodiscard]] inline double power(DoubleDouble base, double numerator, double denominator = 1) {
  if (numerator == 0) return 1;
  const DoubleDouble exponent = detail::exponent_of(base, numerator, denominator);
  if (!(exponent.high > detail::least_exponent)) return 0;
  if (exponent.high > detail::most_exponent) return std::numeric_limits<double>::infinity();
  return detail::exponential_of(exponent).value();
}

/// 1 - base^(numerator / denominator), as exact where that is close to 0.
[[nodiscard]] inline double one_less_power(DoubleDouble base, double numerator, double denominator = 1) {
  if (numerator == 0) return 0;
  const DoubleDouble exponent = detail::exponent_of(base, numerator, denominator);
  if (!(exponent.high > detail::least_exponent)) return 1;
  if (exponent.high > detail::most_exponent) return -std::numeric_limits<double>::infinity();
  return -detail::exponential_of(exponent).less_one();
}

}  // namespace tenure
