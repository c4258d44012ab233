#pragma once
// Powers, exponentials and logarithms with the same bits on every machine. The C library's differ in the last bit
// between its own variants, and one bit in a discount factor or a probability would break the promise that a run is a
// pure function of its input. Here they are computed in double-double arithmetic (Dekker 1971; Knuth, TAOCP 2, 4.2.2)
// from additions and multiplications alone, to about 30 digits, and rounded once.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace tenure {

/// An unevaluated sum high + low with |low| at most half a unit in the last place of high.
struct DoubleDouble {
  double high = 0;
  double low = 0;
  constexpr DoubleDouble() = default;
  constexpr DoubleDouble(double value) : high{value} {}  // NOLINT(google-explicit-constructor): every double is one
  constexpr DoubleDouble(double h, double l) : high{h}, low{l} {}
  [[nodiscard]] constexpr double rounded() const { return high + low; }
};

namespace detail {

[[nodiscard]] constexpr DoubleDouble two_sum(double a, double b) {
  const double sum = a + b;
  const double from_b = sum - a;
  return {sum, (a - (sum - from_b)) + (b - from_b)};
}

[[nodiscard]] constexpr DoubleDouble quick_two_sum(double large, double small) {
  const double sum = large + small;
  return {sum, small - (sum - large)};
}

/// Dekker's product: no fused multiply-add, so that the bits do not depend on the processor.
[[nodiscard]] constexpr DoubleDouble two_product(double a, double b) {
  constexpr double splitter = 134217729.0;  // 2^27 + 1
  const double a_scaled = splitter * a;
  const double a_high = a_scaled - (a_scaled - a);
  const double a_low = a - a_high;
  const double b_scaled = splitter * b;
  const double b_high = b_scaled - (b_scaled - b);
  const double b_low = b - b_high;
  const double product = a * b;
  return {product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

}  // namespace detail

/// a + b.
[[nodiscard]] constexpr DoubleDouble operator+(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble high = detail::two_sum(a.high, b.high);
  const DoubleDouble low = detail::two_sum(a.low, b.low);
  const DoubleDouble partial = detail::quick_two_sum(high.high, high.low + low.high);
  return detail::quick_two_sum(partial.high, partial.low + low.low);
}

/// -a.
[[nodiscard]] constexpr DoubleDouble operator-(DoubleDouble a) { return {-a.high, -a.low}; }
/// a - b.
[[nodiscard]] constexpr DoubleDouble operator-(DoubleDouble a, DoubleDouble b) { return a + (-b); }

/// a·b.
[[nodiscard]] constexpr DoubleDouble operator*(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble product = detail::two_product(a.high, b.high);
  return detail::quick_two_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

/// a / b.
[[nodiscard]] constexpr DoubleDouble operator/(DoubleDouble a, DoubleDouble b) {
  const double first = a.high / b.high;
  const DoubleDouble after_first = a - b * DoubleDouble{first};
  const double second = after_first.high / b.high;
  const DoubleDouble after_second = after_first - b * DoubleDouble{second};
  return detail::quick_two_sum(first, second) + DoubleDouble{after_second.high / b.high};
}

/// A sum that carries its rounding errors along, so that large terms of opposite sign may cancel.
class CompensatedSum {
 public:
  constexpr void add(double term) { total_ = total_ + DoubleDouble{term}; }
  constexpr void add_product(double a, double b) { total_ = total_ + detail::two_product(a, b); }
  [[nodiscard]] constexpr double value() const { return total_.rounded(); }

 private:
  DoubleDouble total_;
};

namespace detail {

inline constexpr DoubleDouble ln_2{0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

/// e^r - 1 for |r| < 0.0007: nine terms of the series, the last four of them too small to need more than a double.
[[nodiscard]] constexpr DoubleDouble small_exponential_less_one(DoubleDouble r) {
  constexpr std::array<double, 5> factorial{1, 2, 6, 24, 120};
  constexpr std::array<DoubleDouble, 5> coefficient = [&] {
    std::array<DoubleDouble, 5> inverse{};
    for (std::size_t n = 0; n < inverse.size(); ++n) inverse[n] = DoubleDouble{1} / DoubleDouble{factorial[n]};
    return inverse;
  }();
  const double last = 1.0 / 720 + r.high * (1.0 / 5040 + r.high * (1.0 / 40320 + r.high / 362880));
  DoubleDouble series{r.high * last};
  for (std::size_t n = coefficient.size(); n-- > 0;) series = (series + coefficient[n]) * r;
  return series;
}

/// e^x for |x| < 745: the argument is halved nine times below 0.0007, and what its series gives is squared as often.
[[nodiscard]] inline DoubleDouble exponential(DoubleDouble x) {
  const double twos = std::floor(x.high / ln_2.high + 0.5);
  const DoubleDouble remainder = (x - ln_2 * DoubleDouble{twos}) * DoubleDouble{1.0 / 512};
  DoubleDouble minus_one = small_exponential_less_one(remainder);  // kept apart from the 1: squaring then loses nothing
  for (int doubling = 0; doubling < 9; ++doubling) {
    minus_one = DoubleDouble{2 * minus_one.high, 2 * minus_one.low} + minus_one * minus_one;
  }
  const DoubleDouble result = minus_one + DoubleDouble{1};
  const int exponent = static_cast<int>(twos);
  return {std::ldexp(result.high, exponent), std::ldexp(result.low, exponent)};
}

/// ln x for finite x > 0: a series in double precision, then one step of Newton's method in double-double.
[[nodiscard]] inline DoubleDouble logarithm(DoubleDouble x) {
  int exponent = 0;
  double mantissa = std::frexp(x.high, &exponent);
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2;
    --exponent;
  }
  const DoubleDouble scaled{mantissa, std::ldexp(x.low, -exponent)};
  const double ratio = (mantissa - 1) / (mantissa + 1);
  double series = 0;
  for (int odd = 27; odd >= 1; odd -= 2) series = series * (ratio * ratio) + 1.0 / odd;
  const DoubleDouble guess{2 * ratio * series};
  const DoubleDouble reached = exponential(guess);
  const DoubleDouble corrected = guess + DoubleDouble{2} * (scaled - reached) / (scaled + reached);
  return corrected + ln_2 * DoubleDouble{double(exponent)};
}

}  // namespace detail

/// e^x, correctly rounded but for ties that 30 digits cannot tell apart; 0 and infinity beyond double's range.
[[nodiscard]] inline double exponential(double x) {
  if (!(x > -745.2)) return 0;
  if (x > 709.79) return std::numeric_limits<double>::infinity();
  return detail::exponential(x).rounded();
}

/// 1 - e^x, exact to the last bit where that is close to 0 too.
[[nodiscard]] inline double one_less_exponential(double x) {
  if (!(x > -745.2)) return 1;
  if (x > 709.79) return -std::numeric_limits<double>::infinity();
  return (DoubleDouble{1} - detail::exponential(x)).rounded();
}

/// ln x for finite x > 0.
[[nodiscard]] inline double logarithm(double x) { return detail::logarithm(x).rounded(); }

namespace detail {

/// base^(numerator / denominator), with no value for results that double's range cannot hold.
struct Exponent {
  DoubleDouble log{};  ///< natural logarithm of the power
  [[nodiscard]] bool underflows() const { return !(log.high > -745.2); }
  [[nodiscard]] bool overflows() const { return log.high > 709.79; }
};

[[nodiscard]] inline Exponent exponent_of(DoubleDouble base, double numerator, double denominator) {
  return {logarithm(base) * (DoubleDouble{numerator} / DoubleDouble{denominator})};
}

}  // namespace detail

/// base^(numerator / denominator) for base > 0 and denominator != 0; exactly 1 for a zero exponent.
[[nodiscard]] inline double power(DoubleDouble base, double numerator, double denominator = 1) {
  if (numerator == 0) return 1;
  const detail::Exponent exponent = detail::exponent_of(base, numerator, denominator);
  if (exponent.underflows()) return 0;
  if (exponent.overflows()) return std::numeric_limits<double>::infinity();
  return detail::exponential(exponent.log).rounded();
}

/// 1 - base^(numerator / denominator), exact to the last bit where that is close to 0 too.
[[nodiscard]] inline double one_less_power(DoubleDouble base, double numerator, double denominator = 1) {
  const detail::Exponent exponent = detail::exponent_of(base, numerator, denominator);
  if (numerator == 0) return 0;
  if (exponent.underflows()) return 1;
  if (exponent.overflows()) return -std::numeric_limits<double>::infinity();
  return (DoubleDouble{1} - detail::exponential(exponent.log)).rounded();
}

}  // namespace tenure
