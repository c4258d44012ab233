// Powers, exponentials and logarithms against values computed with 400 bits by mpmath 1.3, given as the nearest double
// and the nearest double to what is left; and against the C library in extended precision everywhere else.

#include <cmath>
#include <cstdint>
#include <limits>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "tenure/quantity/elementary.hpp"

namespace tenure::test::elementary {

struct Known {
  double x;
  double rounded;
  double rest;  ///< what is left
};

/// What is promised of a sum of two doubles.
bool agrees_to_17_digits(DoubleDouble found, const Known& known) {
  const double error = ((found - DoubleDouble{known.rounded}) - DoubleDouble{known.rest}).rounded();
  return std::abs(error) <= 1e-17 * std::abs(known.rounded);
}

/// How many units in the last place a number is off what extended precision says.
double units_off(double found, long double right) {
  int exponent = 0;
  static_cast<void>(std::frexp(static_cast<double>(right), &exponent));
  return static_cast<double>(std::abs(found - right) / std::ldexp(1.0L, std::max(exponent, -1021) - 53));
}

constexpr Known exponentials[]{
    {0x1p+0, 0x1.5bf0a8b145769p+1, 0x1.4d57ee2b1013ap-53},                 // 2.71828182845904523536028747135
    {-0x1p+0, 0x1.78b56362cef38p-2, -0x1.ca8a4270fadf5p-57},               // 0.367879441171442321595523770161
    {0.5, 0x1.a61298e1e069cp+0, -0x1.b4690082a4906p-55},                   // 1.64872127070012814684865078781
    {-0.5, 0x1.368b2fc6f960ap-1, -0x1.85314b9559e64p-61},                  // 0.606530659712633423603799534991
    {1e-20, 1, 0x1.79ca10c924223p-67},                                     // 1.00000000000000000001
    {-1e-20, 1, -0x1.79ca10c924223p-67},                                   // 0.99999999999999999999
    {0.1, 0x1.1aec7b35a00d4p+0, -0x1.77d498b0e382ap-54},                   // 1.10517091807564763094663882346
    {-0.1, 0x1.cf46d99d52b3ap-1, 0x1.d255100c4c1e2p-55},                   // 0.904837418035959568141392384217
    {2, 0x1.d8e64b8d4ddaep+2, -0x1.9e62e22efca4cp-53},                     // 7.38905609893065022723042746058
    {10, 0x1.5829dcf950560p+14, -0x1.83e055cfea4bbp-40},                   // 22026.4657948067165169579006453
    {-10, 0x1.7cd79b5647c9bp-15, -0x1.8e936e2abd9dep-69},                  // 0.0000453999297624848515355915155606
    {100, 0x1.3494a9b171bf5p+144, -0x1.4cf76bdb3376fp+90},                 // 2.68811714181613544841262555158e+43
    {-100, 0x1.a8c1f14e2af5dp-145, -0x1.43089bb228e2cp-199},               // 3.72007597602083596295969580386e-44
    {0x1.62e42fefa39efp-1, 2, -0x1.abc9e3b39803fp-55},                     // 1.99999999999999995361906372307
    {-0x1.62e42fefa39efp-1, 0.5, 0x1.abc9e3b39803fp-57},                   // 0.500000000000000011595234069231
    {700, 0x1.d945df4f8ec8ep+1009, 0x1.183392684a46ep+954},                // 1.01423205473500450945532959523e+304
    {709.78, 0x1.fe9ce5c4c52b4p+1023, 0x1.a8a120488d827p+969},             // 1.79282279439451562090841253935e+308
    {0x1.921fb54442d18p+1, 0x1.724046eb09339p+4, -0x1.6b372e7bb60c0p-51},  // 23.1406926327792661718115700894
    {-0.0003, 0x1.ffd8af2e217c7p-1, -0x1.86ffd9e74fab9p-56},               // 0.999700044995500337506024189982
    {345.678, 0x1.a22ad25ccb60ep+498, -0x1.e747e038280a6p+444},            // 1.33674299016345935050193575889e+150
    {-512.25, 0x1.f8c397abf2519p-740, -0x1.468f1e244433bp-794},            // 3.40919344754497265575427845919e-223
};

constexpr Known logarithms[]{
    {2, 0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56},                       // 0.693147180559945309417232121458
    {3, 0x1.193ea7aad030bp+0, -0x1.a256f99caabebp-54},                      // 1.09861228866810969139524523692
    {10, 0x1.26bb1bbb55516p+1, -0x1.f48ad494ea3e9p-53},                     // 2.30258509299404568401799145468
    {0.1, -0x1.26bb1bbb55515p+1, -0x1.8b752b6b15c17p-53},                   // -2.30258509299404562850684022343
    {0.5, -0x1.62e42fefa39efp-1, -0x1.abc9e3b39803fp-56},                   // -0.693147180559945309417232121458
    {1.5, 0x1.9f323ecbf984cp-2, -0x1.a92e513217f5cp-59},                    // 0.405465108108164381978013115464
    {0x1.0000000000001p+0, 0x1.fffffffffffffp-53, 0x1.5555555555554p-158},  // 2.22044604925031283432823045462e-16
    {0x1.fffffffffffffp-1, -0x1p-53, -0x1p-107},                            // -1.11022302462515660205338988848e-16
    {0x1.000001ad7f29bp+0, 0x1.ad7f2847b6492p-24, 0x1.d7f4a57fcf3ddp-80},   // 0.0000000999999950583870451775160996835
    {0x1.6a09e667f3bccp-1, -0x1.62e42fefa39f1p-2, 0x1.8d8f957c3d43cp-57},   // -0.346573590279972743359775352487
    {0x1.6a09e667f3bcdp-1, -0x1.62e42fefa39eep-2, 0x1.716fdfdbc882ep-60},   // -0.34657359027997258635052948411
    {1e-300, -0x1.5963447f87fb5p+9, -0x1.aa670d35324e6p-46},                // -690.77552789821370518033834457
    {0x1p-1074, -0x1.74385446d71c3p+9, -0x1.8e569fa8ee781p-45},             // -744.440071921381262314107298446
    {std::numeric_limits<double>::max(), 0x1.62e42fefa39efp+9,
     0x1.a9c9e3b39803fp-46},                                     // 709.782712893383996732223389911
    {0x1.5bf0a8b145769p+1, 1, -0x1.ea8556644e4cdp-55},           // 0.999999999999999946817622933941
    {1e22, 0x1.95414621954fep+5, -0x1.b03ee44cc2161p-49},        // 50.6568720458690050483958120031
    {0.99, -0x1.495453e6fd4bcp-7, 0x1.004bec099ed61p-61},        // -0.0100503358535014501550480464487
    {123456.789, 0x1.77281cad8a844p+3, -0x1.d8fe0707e837cp-52},  // 11.7236464871858810160296312529
};

TEST_CASE("Exponential: known values, to the last place and beyond it") {
  for (const Known& known : exponentials) {
    INFO("x = " << known.x);
    CHECK(ulps_between(exponential(known.x), known.rounded) <= 1);
    CHECK(agrees_to_17_digits(tenure::detail::exponential_of(known.x).both(), known));
  }
  CHECK(exponential(0) == 1);
  CHECK(exponential(1e-300) == 1);
}

TEST_CASE("Exponential: down to the smallest double and out of its range") {
  CHECK(exponential(-708) == 0x1.7c8ab2288c9abp-1022);
  CHECK(exponential(-709) == 0x0.8bfe55de02338p-1022);
  CHECK(exponential(-720) == 0x0.0000993b4dc95p-1022);
  CHECK(exponential(-740) == 0x0.0000000000055p-1022);
  CHECK(exponential(-745) == 0x1p-1074);
  CHECK(exponential(-745.13) == 0x1p-1074);
  CHECK(exponential(-746) == 0);
  CHECK(exponential(-1e300) == 0);
  CHECK(exponential(-std::numeric_limits<double>::infinity()) == 0);
  CHECK(exponential(709.79) == std::numeric_limits<double>::infinity());
  CHECK(exponential(1e300) == std::numeric_limits<double>::infinity());
}

TEST_CASE("Exponential: within a unit in the last place everywhere, and less one within two") {
  Mixing mixing{1};
  for (int k = 0; k < 50'000; ++k) {
    const double x = k % 2 ? mixing.between(-708, 709.7)
                           : mixing.between(-1, 1) * std::pow(2, -static_cast<double>(mixing.below(60)));
    const double found = exponential(x);
    if (units_off(found, std::exp(static_cast<long double>(x))) > 0.6) FAIL("e^" << x << " = " << found);
    const double less = one_less_exponential(x);
    if (units_off(less, -std::expm1(static_cast<long double>(x))) > 1.5) FAIL("1 - e^" << x << " = " << less);
  }
}

TEST_CASE("Logarithm: known values, to the last place and beyond it") {
  for (const Known& known : logarithms) {
    INFO("x = " << known.x);
    CHECK(ulps_between(logarithm(known.x), known.rounded) <= 1);
    CHECK(agrees_to_17_digits(tenure::detail::logarithm_of(DoubleDouble{known.x}), known));
  }
  CHECK(logarithm(1) == 0);
}

TEST_CASE("Logarithm: within two units in the last place everywhere") {
  Mixing mixing{2};
  for (int k = 0; k < 50'000; ++k) {
    const double x =
        k % 2 ? std::ldexp(mixing.between(1, 2), static_cast<int>(mixing.below(2098)) - 1074) : mixing.between(0.5, 2);
    if (x == 1) continue;
    const double found = logarithm(x);
    if (units_off(found, std::log(static_cast<long double>(x))) > 1.5) FAIL("ln " << x << " = " << found);
  }
}

TEST_CASE("Logarithm of one more: within a unit in the last place everywhere") {
  Mixing mixing{4};
  for (int k = 0; k < 50'000; ++k) {
    const double x = mixing.between(-1, 3) * std::ldexp(1.0, -static_cast<int>(mixing.below(70)));
    const double found = log_one_more(x);
    if (units_off(found, std::log1p(static_cast<long double>(x))) > 0.6) FAIL("ln(1 + " << x << ") = " << found);
  }
  CHECK(log_one_more(0) == 0);
  CHECK(log_one_more(1e-300) == 1e-300);
}

struct KnownPower {
  double base;
  double numerator;
  double denominator;
  double rounded;
};

TEST_CASE("Power: known values, to the last place") {
  constexpr KnownPower powers[]{{1.08, -1, 12, 0x1.fcba11f039e2fp-1},
                                {1.08, -1, 1, 0x1.da12f684bda12p-1},
                                {1.1, -1, 4, 0x1.f3f1ca5a6910ap-1},
                                {2, 0.5, 1, 0x1.6a09e667f3bcdp+0},
                                {2, -1, 3, 0x1.965fea53d6e3dp-1},
                                {10, 1, 3, 0x1.13c484138704fp+1},
                                {0.5, 1, 12, 0x1.e3437e7101344p-1},
                                {3, 200, 7, 0x1.37d5f8bc190afp+45},
                                {1.000001, 1e6, 1, 0x1.5bf09d4a0f972p+1},
                                {1e-5, 3, 2, 0x1.0fa3389d6eb41p-25},
                                {0.999, 5e4, 1, 0x1.c6d24b32a1a21p-73},
                                {2, -1074, 1, 0x1p-1074},
                                {2, 1023, 1, 0x1p+1023},
                                {7, -25, 3, 0x1.8578d2459bbaep-24},
                                {1.5, 7, 365.25, 0x1.01ff3ee9ee331p+0}};
  for (const KnownPower& known : powers) {
    INFO(known.base << "^(" << known.numerator << "/" << known.denominator << ")");
    CHECK(ulps_between(power(DoubleDouble{known.base}, known.numerator, known.denominator), known.rounded) <= 1);
  }
}

TEST_CASE("Power: exactly 1 for no exponent, 0 and infinity beyond the range") {
  for (const double base : {1e-300, 0.3, 1.0, 7.0, 1e300}) CHECK(power(DoubleDouble{base}, 0, 3) == 1);
  CHECK(power(DoubleDouble{1}, 12345, 7) == 1);
  CHECK(power(DoubleDouble{2}, -1080) == 0);
  CHECK(power(DoubleDouble{2}, 1025) == std::numeric_limits<double>::infinity());
  CHECK(power(DoubleDouble{0.5}, 1e9) == 0);
  CHECK(power(DoubleDouble{0.5}, -1e9) == std::numeric_limits<double>::infinity());
}

TEST_CASE("Power: within a unit in the last place everywhere") {
  Mixing mixing{3};
  for (int k = 0; k < 20'000; ++k) {
    const double base = mixing.between(0.01, 3);
    const double exponent = mixing.between(-100, 100);
    const double found = power(DoubleDouble{base}, exponent);
    const long double right = std::pow(static_cast<long double>(base), static_cast<long double>(exponent));
    if (units_off(found, right) > 0.65) FAIL(base << "^" << exponent << " = " << found);
  }
}

TEST_CASE("Power: whole exponents are products") {
  CHECK(power(DoubleDouble{3}, 30) == 205891132094649.0);
  CHECK(power(DoubleDouble{10}, 22) == 1e22);
  CHECK(power(DoubleDouble{0.5}, 7) == 0x1p-7);
}

TEST_CASE("One less power: known values, also where the power is nearly 1") {
  constexpr KnownPower known_values[]{{2, -1, 1, 0.5},
                                      {2, -1e-12, 1, 0x1.8635094a576bfp-41},
                                      {2, -25, 40, 0x1.6804a5593abb2p-2},
                                      {2, -3, 1000, 0x1.1045fbed67700p-9},
                                      {2, -0.001, 7, 0x1.9f4dc0bf31033p-14},
                                      {1.08, -1e-9, 1, 0x1.527a6dd5b813fp-34},
                                      {2, -100, 1, 1},
                                      {2, 2, 1, -3},
                                      {0.5, 1e-8, 3, 0x1.3d8d29340357ap-29}};
  for (const KnownPower& known : known_values) {
    INFO("1 - " << known.base << "^(" << known.numerator << "/" << known.denominator << ")");
    CHECK(ulps_between(one_less_power(DoubleDouble{known.base}, known.numerator, known.denominator), known.rounded) <=
          1);
  }
  CHECK(one_less_power(DoubleDouble{2}, 0) == 0);
  CHECK(one_less_power(DoubleDouble{2}, -1e9) == 1);
  CHECK(one_less_power(DoubleDouble{2}, 1e9) == -std::numeric_limits<double>::infinity());
}

TEST_CASE("One less power: a spend next to nothing does next to nothing, in proportion") {
  for (const double exponent : {1e-18, 1e-30, 1e-100, 1e-300}) {
    CHECK_THAT(one_less_power(DoubleDouble{2}, -exponent), close_to(exponent * std::log(2.0), 4e-16));
  }
}

}  // namespace tenure::test::elementary
