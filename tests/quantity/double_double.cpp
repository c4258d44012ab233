// Arithmetic at twice the precision: error-free steps against a fused multiply-add and extended precision, which need
// not be used by the library but may be by its tests.

#include <cmath>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "tenure/quantity/elementary.hpp"

namespace tenure::test::double_double {

using tenure::detail::quick_two_sum;
using tenure::detail::two_product;
using tenure::detail::two_sum;

/// Numbers of either sign over twenty powers of ten.
double wide(Mixing& mixing) { return mixing.between(-1, 1) * std::pow(10.0, mixing.between(-10, 10)); }

DoubleDouble wide_pair(Mixing& mixing) {
  const double high = wide(mixing);
  return quick_two_sum(high, high * mixing.between(-1, 1) * 0x1p-54);
}

/// |a - b| as a share of |b|.
double share_apart(DoubleDouble a, DoubleDouble b) { return std::abs((a - b).rounded() / b.high); }

TEST_CASE("DoubleDouble: the error of a product is exact") {
  Mixing mixing{1};
  for (int k = 0; k < 20'000; ++k) {
    const double a = wide(mixing), b = wide(mixing);
    const DoubleDouble product = two_product(a, b);
    if (product.high != a * b || product.low != std::fma(a, b, -(a * b))) FAIL(a << " * " << b);
  }
}

TEST_CASE("DoubleDouble: the error of a sum is exact") {
  Mixing mixing{2};
  for (int k = 0; k < 20'000; ++k) {
    const double a = mixing.between(-1, 1), b = mixing.between(-1, 1) * 0x1p-9;  // extended precision holds the sum
    const DoubleDouble sum = two_sum(a, b);
    const bool exact = static_cast<long double>(sum.high) + static_cast<long double>(sum.low) ==
                       static_cast<long double>(a) + static_cast<long double>(b);
    if (sum.high != a + b || !exact) FAIL(a << " + " << b);
  }
  const DoubleDouble far_apart = two_sum(1, 1e-300);
  CHECK(far_apart.high == 1);
  CHECK(far_apart.low == 1e-300);
}

TEST_CASE("DoubleDouble: multiplying and dividing again returns to 30 digits") {
  Mixing mixing{3};
  for (int k = 0; k < 5'000; ++k) {
    const DoubleDouble a = wide_pair(mixing), b = wide_pair(mixing);
    if (share_apart(a * b / b, a) > 1e-30) FAIL(a.high << " * " << b.high << " / " << b.high);
    if (share_apart(a / b * b, a) > 1e-30) FAIL(a.high << " / " << b.high << " * " << b.high);
  }
}

TEST_CASE("DoubleDouble: adding and subtracting again returns to 30 digits of the larger") {
  Mixing mixing{4};
  for (int k = 0; k < 5'000; ++k) {
    const DoubleDouble a = wide_pair(mixing), b = wide_pair(mixing);
    const double scale = std::abs(a.high) + std::abs(b.high);
    if (std::abs((a + b - b - a).rounded()) > 1e-30 * scale) FAIL(a.high << " + " << b.high);
  }
}

TEST_CASE("DoubleDouble: a third to twice the precision") {
  const DoubleDouble third = DoubleDouble{1} / DoubleDouble{3};
  CHECK(third.high == 0x1.5555555555555p-2);
  CHECK(third.low == 0x1.5555555555555p-56);
  CHECK((third * DoubleDouble{3}).rounded() == 1);
}

TEST_CASE("CompensatedSum: large terms that cancel leave the small ones") {
  CompensatedSum sum;
  for (const double term : {1e16, 1.0, -1e16}) sum.add(term);
  CHECK(sum.value() == 1);
  CompensatedSum products;
  products.add_product(1e15, 1e15);
  products.add_product(-1e15, 1e15);
  products.add_product(0.1, 10);
  CHECK(products.value() == 1);
}

TEST_CASE("CompensatedSum: ten tenths are one, a million are a hundred thousand") {
  CompensatedSum sum;
  for (int k = 0; k < 10; ++k) sum.add(0.1);
  CHECK(sum.value() == 1);
  for (int k = 10; k < 1'000'000; ++k) sum.add(0.1);
  CHECK(sum.value() == 100000);
}

TEST_CASE("CompensatedSum: the order of terms does not show") {
  Mixing mixing{5};
  std::vector<double> terms;
  for (int k = 0; k < 1000; ++k) terms.push_back(wide(mixing));
  CompensatedSum forward, backward;
  for (std::size_t k = 0; k < terms.size(); ++k) {
    forward.add(terms[k]);
    backward.add(terms[terms.size() - 1 - k]);
  }
  CHECK(same_bits(forward.value(), backward.value()));
}

}  // namespace tenure::test::double_double
