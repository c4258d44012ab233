#pragma once
// The normal law. Its quantiles are Wichura's (algorithm AS 241, Applied Statistics 37(3), 1988), good to about 16
// digits, on tenure's own logarithm; its distribution function is Marsaglia's series (Journal of Statistical Software
// 11(4), 2004). Laws that are nearly normal are expanded around it (Cornish and Fisher, 1938).

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "tenure/quantity/detail/rank.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/law.hpp"

namespace tenure::detail {

template <std::size_t n>
[[nodiscard]] constexpr double polynomial_at(const std::array<double, n>& coefficients, double x) {
  double value = coefficients[n - 1];
  for (std::size_t k = n - 1; k-- > 0;) value = value * x + coefficients[k];
  return value;
}

/// The z of a probability beyond it below 0.075, given r = sqrt(-ln beyond).
[[nodiscard]] inline double normal_excess_of_tail(double r) {
  constexpr std::array<double, 8> c{1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                    3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                    2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr std::array<double, 8> d{1.0,
                                    2.05319162663775882187e0,
                                    1.67638483018380384940e0,
                                    6.89767334985100004550e-1,
                                    1.48103976427480074590e-1,
                                    1.51986665636164571966e-2,
                                    5.47593808499534494600e-4,
                                    1.05075007164441684324e-9};
  constexpr std::array<double, 8> e{6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                    2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr std::array<double, 8> f{1.0,
                                    5.99832206555887937690e-1,
                                    1.36929880922735805310e-1,
                                    1.48753612908506148525e-2,
                                    7.86869131145613259100e-4,
                                    1.84631831751005468180e-5,
                                    1.42151175831644588870e-7,
                                    2.04426310338993978564e-15};
  if (r <= 5) return polynomial_at(c, r - 1.6) / polynomial_at(d, r - 1.6);
  return polynomial_at(e, r - 5) / polynomial_at(f, r - 5);
}

/// A quantile less the mean, in standard deviations, and its slope by the probability.
struct StandardQuantile {
  double value = 0;
  double slope = 0;
};

/// The z >= 0 that a standard normal number exceeds with this probability, above 0 and at most 1/2.
[[nodiscard]] inline double normal_excess(double beyond) {
  constexpr std::array<double, 8> a{3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                                    1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                                    3.3430575583588128105e4, 2.5090809287301226727e3};
  constexpr std::array<double, 8> b{1.0,
                                    4.2313330701600911252e1,
                                    6.8718700749205790830e2,
                                    5.3941960214247511077e3,
                                    2.1213794301586595867e4,
                                    3.9307895800092710610e4,
                                    2.8729085735721942674e4,
                                    5.2264952788528545610e3};
  const double q = 0.5 - beyond;
  if (q > 0.425) return normal_excess_of_tail(std::sqrt(-logarithm(beyond)));
  const double r = 0.180625 - q * q;
  return q * polynomial_at(a, r) / polynomial_at(b, r);
}

/// The standard normal quantile of a rank.
[[nodiscard]] inline double normal_quantile(const Rank& rank) {
  const double z = normal_excess(rank.beyond);
  return rank.upper ? z : -z;
}

/// The z that a standard normal number stays below with probability p, 0 < p < 1. In the upper tail 1 - p must be
/// exact; where it is not, ask for -normal_quantile(1 - p).
[[nodiscard]] inline double normal_quantile(double p) { return p < 0.5 ? -normal_excess(p) : normal_excess(1 - p); }

/// The standard normal density.
[[nodiscard]] inline double normal_density(double z) { return exponential(-z * z / 2) * 0.3989422804014327; }

/// The probability that a standard normal number stays below z.
[[nodiscard]] inline double normal_probability(double z) {
  // Φ(z) = 1/2 + φ(z) (z + z³/3 + z⁵/(3·5) + …)
  const double size = std::min(std::abs(z), 8.5);
  double term = size;
  double sum = size;
  for (double odd = 3; term > 1e-17 * sum; odd += 2) sum += (term *= size * size / odd);
  const double above_half = std::min(0.5, sum * normal_density(size));
  return z < 0 ? 0.5 - above_half : 0.5 + above_half;
}

/// A nearly normal law's quantile in standard deviations from its mean, by its skewness and excess kurtosis.
[[nodiscard]] constexpr double expanded_quantile(double z, double skewness, double kurtosis) {
  return z + skewness / 6 * (z * z - 1) + kurtosis / 24 * (z * z - 3) * z -
         skewness * skewness / 36 * (2 * z * z - 5) * z;
}

/// The slope of expanded_quantile by z.
[[nodiscard]] constexpr double slope_of_expanded_quantile(double z, double skewness, double kurtosis) {
  return 1 + skewness / 3 * z + kurtosis / 8 * (z * z - 1) - skewness * skewness / 36 * (6 * z * z - 5);
}

/// From this size of its parameters on a law is expanded around the normal: its density's logarithm then has too few
/// digits left, and what the expansion leaves out is of the order of the size to the power of -3/2.
inline constexpr double expanded_from = 1e6;

struct NormalLaw {
  static constexpr std::string_view name = "normal";
  static constexpr bool has_any_mean = true;

  [[nodiscard]] static constexpr bool fits(Quantity quantity) { return quantity == Quantity::cash_flow; }
  [[nodiscard]] static constexpr bool takes(const Spread&) { return false; }
  [[nodiscard]] static double sd_of(const Spread&, double) { return 0; }
  [[nodiscard]] static std::optional<std::string> refusal(const Spread&, double, double, Quantity) { return {}; }
  [[nodiscard]] static double most_sd(double, Quantity) { return std::numeric_limits<double>::infinity(); }
  [[nodiscard]] static constexpr double skewness(double, double) { return 0; }

  struct Quantiles {
    double mean = 0;
    double sd = 1;
    Quantiles(const Spread&, double of_mean, double of_sd) : mean{of_mean}, sd{of_sd} {}
    [[nodiscard]] double operator()(double z) const { return mean + sd * z; }
  };
  struct Standard {
    explicit Standard(double = 0) {}
    [[nodiscard]] StandardQuantile operator()(const Rank& rank) const {
      const double z = normal_quantile(rank);
      return {z, 1 / normal_density(z)};
    }
  };
  template <class Draws>
  [[nodiscard]] static double sum_of(double, double, Draws& draws) {
    return draws.normal();
  }
};

}  // namespace tenure::detail
