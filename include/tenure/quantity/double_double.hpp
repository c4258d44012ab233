#pragma once
// Twice the precision of a double, for sums whose terms cancel and for what must be rounded once: a number is kept as
// the unevaluated sum of two doubles (Dekker, Numerische Mathematik 18, 1971; Knuth, TAOCP 2, 4.2.2), good to about 31
// digits. Made of additions and multiplications alone: the same bits on every machine.

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

}  // namespace tenure
