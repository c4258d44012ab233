#pragma once
// The gamma law: of amounts with one sign, that of their mean, and of any spread. Sums of its amounts are gamma too;
// single numbers are drawn by Marsaglia and Tsang (ACM Transactions on Mathematical Software 26(3), 2000). Moments:
// Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994).

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tenure/quantity/detail/law/normal.hpp"
#include "tenure/quantity/detail/law/quantile_table.hpp"
#include "tenure/quantity/detail/rank.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/law.hpp"

namespace tenure::detail {

/// Of t = ln x, where x has a gamma law of this shape and scale 1.
struct LogGammaDensity {
  double shape = 1;
  [[nodiscard]] double operator()(double t) const { return shape * t - tenure::exponential(t); }
  [[nodiscard]] double peak() const { return tenure::logarithm(shape); }
  [[nodiscard]] double spread() const { return 1 / std::sqrt(shape); }
};

/// A gamma number of scale 1 and this shape above 1.
template <class Draws>
[[nodiscard]] double gamma_draw_above_one(double shape, Draws& draws) {
  const double d = shape - 1.0 / 3;
  const double c = 1 / (3 * std::sqrt(d));
  for (;;) {
    const double z = draws.normal();
    const double root = 1 + c * z;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (tenure::logarithm(draws.unit()) < z * z / 2 + d * (1 - v + tenure::logarithm(v))) return d * v;
  }
}

/// A gamma number of scale 1: for shapes below 1 one of the shape above, times u^(1/shape).
template <class Draws>
[[nodiscard]] double gamma_draw(double shape, Draws& draws) {
  if (shape >= 1) return gamma_draw_above_one(shape, draws);
  const double above = gamma_draw_above_one(shape + 1, draws);
  return above * tenure::exponential(tenure::logarithm(draws.unit()) / shape);
}

/// How often its mean the sd of a law of positive amounts may be: beyond that it is 0, but for very few.
inline constexpr double largest_variation = 1e6;

[[nodiscard]] inline std::optional<std::string> refusal_of_one_sign(std::string_view name, double mean, double sd,
                                                                    Quantity quantity) {
  const bool signed_mean = quantity == Quantity::cash_flow ? mean != 0 : mean > 0;
  if (!signed_mean) {
    return "a " + std::string{name} + " distribution needs a mean " +
           (quantity == Quantity::cash_flow ? "other than 0" : "above 0");
  }
  if (sd <= largest_variation * std::abs(mean)) return std::nullopt;
  return "a " + std::string{name} +
         " distribution whose sd is more than a million times its mean is 0, but for very few";
}

struct GammaLaw {
  static constexpr std::string_view name = "gamma";
  static constexpr bool has_any_mean = false;

  [[nodiscard]] static constexpr bool fits(Quantity quantity) { return quantity != Quantity::probability; }
  [[nodiscard]] static constexpr bool takes(const Spread&) { return false; }
  [[nodiscard]] static double sd_of(const Spread&, double) { return 0; }
  [[nodiscard]] static std::optional<std::string> refusal(const Spread&, double mean, double sd, Quantity quantity) {
    return refusal_of_one_sign(name, mean, sd, quantity);
  }
  [[nodiscard]] static double most_sd(double, Quantity) { return std::numeric_limits<double>::infinity(); }
  [[nodiscard]] static constexpr double skewness(double mean, double sd) { return 2 * sd / mean; }

  /// Amounts over their mean, by normal quantile z.
  class OverMean {
   public:
    explicit OverMean(double variation) : variation_{variation}, shape_{1 / (variation * variation)} {
      if (shape_ < expanded_from) table_.emplace_back(LogGammaDensity{shape_});
    }
    /// The amount, less 1 in standard deviations, and its slope by z.
    [[nodiscard]] StandardQuantile standard(double z) const {
      const double skewness = 2 * variation_;
      const double kurtosis = 6 / shape_;
      if (table_.empty())
        return {expanded_quantile(z, skewness, kurtosis), slope_of_expanded_quantile(z, skewness, kurtosis)};
      const QuantileTable::Point point = table_.front()(z);
      const double amount = tenure::exponential(point.t) / shape_;
      return {(amount - 1) / variation_, amount * point.slope / variation_};
    }
    [[nodiscard]] double operator()(double z) const {
      return table_.empty() ? 1 + variation_ * standard(z).value : tenure::exponential(table_.front()(z).t) / shape_;
    }

   private:
    double variation_;
    double shape_;
    std::vector<QuantileTable> table_{};  ///< none where the law is all but normal
  };

  class Quantiles {
   public:
    Quantiles(const Spread&, double mean, double sd) : mean_{mean}, over_mean_{sd / std::abs(mean)} {}
    [[nodiscard]] double operator()(double z) const { return mean_ * over_mean_(mean_ < 0 ? -z : z); }

   private:
    double mean_;
    OverMean over_mean_;
  };
  class Standard {
   public:
    explicit Standard(double variation) : over_mean_{variation} {}
    [[nodiscard]] StandardQuantile operator()(const Rank& rank) const {
      const double z = normal_quantile(rank);
      const StandardQuantile found = over_mean_.standard(z);
      return {found.value, found.slope / normal_density(z)};
    }

   private:
    OverMean over_mean_;
  };

  /// n amounts' deviation from n means, in standard deviations.
  template <class Draws>
  [[nodiscard]] static double sum_of(double n, double variation, Draws& draws) {
    const double shape = n / (variation * variation);
    const double root = std::sqrt(shape);
    if (shape < 1e8) return (gamma_draw(shape, draws) - shape) / root;
    return expanded_quantile(draws.normal(), 2 / root, 6 / shape);
  }
};

}  // namespace tenure::detail
