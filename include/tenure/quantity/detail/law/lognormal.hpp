#pragma once
// The lognormal law: of amounts with one sign, that of their mean, whose logarithms are normal. Moments: Johnson, Kotz
// and Balakrishnan, Continuous Univariate Distributions 1 (1994).

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "tenure/quantity/detail/law/gamma.hpp"
#include "tenure/quantity/detail/law/normal.hpp"
#include "tenure/quantity/detail/rank.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/law.hpp"

namespace tenure::detail {

/// Up to how many amounts are drawn one by one where sums of them have no law of their own.
inline constexpr double summed_one_by_one = 64;

struct LognormalLaw {
  static constexpr std::string_view name = "lognormal";
  static constexpr bool has_any_mean = false;

  [[nodiscard]] static constexpr bool fits(Quantity quantity) { return quantity != Quantity::probability; }
  [[nodiscard]] static constexpr bool takes(const Spread&) { return false; }
  [[nodiscard]] static double sd_of(const Spread&, double) { return 0; }
  [[nodiscard]] static std::optional<std::string> refusal(const Spread&, double mean, double sd, Quantity quantity) {
    return refusal_of_one_sign(name, mean, sd, quantity);
  }
  [[nodiscard]] static double most_sd(double, Quantity) { return std::numeric_limits<double>::infinity(); }
  [[nodiscard]] static constexpr double skewness(double mean, double sd) {
    const double variation = sd / mean;
    return variation * (3 + variation * variation);
  }

  /// Of amounts over their mean: the normal law of their logarithms.
  struct Logarithms {
    double sd = 0;
    double mean = 0;
    explicit Logarithms(double variation) {
      const double variance = log_one_more(variation * variation);
      sd = std::sqrt(variance);
      mean = -variance / 2;
    }
    [[nodiscard]] double amount(double z) const { return exponential(mean + sd * z); }
  };

  struct Quantiles {
    double mean;
    Logarithms logarithms;
    Quantiles(const Spread&, double of_mean, double sd) : mean{of_mean}, logarithms{sd / of_mean} {}
    [[nodiscard]] double operator()(double z) const { return mean * logarithms.amount(mean < 0 ? -z : z); }
  };
  struct Standard {
    double variation;
    Logarithms logarithms;
    explicit Standard(double of_variation) : variation{of_variation}, logarithms{of_variation} {}
    [[nodiscard]] StandardQuantile operator()(const Rank& rank) const {
      const double z = normal_quantile(rank);
      const double slope = logarithms.amount(z) / normal_density(z);
      if (variation < all_but_normal) return {z, slope};
      const double exponent = logarithms.mean + logarithms.sd * z;
      return {-one_less_exponential(exponent) / variation, logarithms.sd * slope / variation};
    }
  };

  /// n amounts' deviation from n means, in standard deviations. Few are drawn one by one. Many are drawn from the gamma
  /// law with the sum's mean, variance and skewness, which misses its fourth cumulant alone: with skewness γ of one
  /// amount that moves probabilities by about γ²/n at most.
  template <class Draws>
  [[nodiscard]] static double sum_of(double n, double variation, Draws& draws) {
    if (n > summed_one_by_one) {
      const double skewness_of_sum = skewness(1, variation) / std::sqrt(n);
      return GammaLaw::sum_of(1, skewness_of_sum / 2, draws);
    }
    if (variation < all_but_normal) return draws.normal();
    const Logarithms logarithms{variation};
    double sum = 0;
    for (double k = 0; k < n; ++k) sum += logarithms.amount(draws.normal()) - 1;
    return sum / (variation * std::sqrt(n));
  }

 private:
  static constexpr double all_but_normal = 1e-8;  ///< below this variation
};

}  // namespace tenure::detail
