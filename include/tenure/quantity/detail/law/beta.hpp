#pragma once
// The beta law: of shares and probabilities. Moments: Johnson, Kotz and Balakrishnan, Continuous Univariate
// Distributions 2 (1995).

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tenure/quantity/detail/law/normal.hpp"
#include "tenure/quantity/detail/law/quantile_table.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/law.hpp"

namespace tenure::detail {

/// Of t = ln(x / (1 - x)), where x has a beta law.
struct LogitBetaDensity {
  BetaParameters law{};
  [[nodiscard]] double operator()(double t) const {
    const double beyond = log_one_more(tenure::exponential(-std::abs(t)));
    const double log_of_x = t > 0 ? -beyond : t - beyond;
    const double log_of_rest = t > 0 ? -t - beyond : -beyond;
    return law.alpha * log_of_x + law.beta * log_of_rest;
  }
  [[nodiscard]] double peak() const { return tenure::logarithm(law.alpha / law.beta); }
  [[nodiscard]] double spread() const { return std::sqrt((law.alpha + law.beta) / law.alpha / law.beta); }
};

/// Between these a beta law's parameters are told apart from a coin on one side and from a fixed number on the other.
inline constexpr double least_beta_parameter = 1e-6;
inline constexpr double largest_beta_parameter = 1e30;

[[nodiscard]] inline std::optional<std::string> refusal_of_parameters(const BetaParameters& law) {
  const double least = std::min(law.alpha, law.beta);
  if (!(law.alpha > 0 && law.beta > 0)) return "a beta distribution needs alpha > 0 and beta > 0";
  if (!(least >= least_beta_parameter)) {
    return "a beta distribution whose alpha or beta is below 1e-6 is a coin: nearly all of it lies at 0 and at 1";
  }
  if (std::max(law.alpha, law.beta) <= largest_beta_parameter) return std::nullopt;
  return "a beta distribution whose alpha or beta is above 1e30 is a fixed number";
}

/// The parameters of a beta law of this mean and spread.
[[nodiscard]] inline BetaParameters beta_parameters(const Spread& spread, double mean) {
  if (const auto* given = std::get_if<BetaParameters>(&spread)) return *given;
  const auto* sample = std::get_if<SampleCount>(&spread);
  const auto* of_sd = std::get_if<StandardDeviation>(&spread);
  const double total = sample ? sample->count : of_sd ? mean * (1 - mean) / (of_sd->sd * of_sd->sd) - 1 : 0;
  return {mean * total, (1 - mean) * total};
}

struct BetaLaw {
  static constexpr std::string_view name = "beta";
  static constexpr bool has_any_mean = false;

  [[nodiscard]] static constexpr bool fits(Quantity quantity) { return quantity == Quantity::probability; }
  [[nodiscard]] static constexpr bool takes(const Spread& spread) { return !std::holds_alternative<Range>(spread); }
  [[nodiscard]] static double sd_of(const Spread& spread, double mean) {
    if (const auto* sample = std::get_if<SampleCount>(&spread)) {
      return std::sqrt(mean * (1 - mean) / (sample->count + 1));
    }
    const BetaParameters law = beta_parameters(spread, mean);
    const double total = law.alpha + law.beta;
    return std::sqrt(law.alpha * law.beta / (total + 1)) / total;
  }
  [[nodiscard]] static std::optional<std::string> refusal(const Spread& spread, double mean, double sd, Quantity) {
    const bool by_parameters = std::holds_alternative<BetaParameters>(spread);
    if (!by_parameters && !(mean > 0 && mean < 1)) return "a beta distribution needs a mean above 0 and below 1";
    const auto* sample = std::get_if<SampleCount>(&spread);
    if (sample && !(sample->count > 0)) return "count must be above 0";
    if (std::holds_alternative<StandardDeviation>(spread) && !(sd < std::sqrt(mean * (1 - mean))))
      return "no beta distribution has this mean and sd: sd must be below sqrt(mean·(1 - mean))";
    return refusal_of_parameters(beta_parameters(spread, mean));
  }
  [[nodiscard]] static double most_sd(double mean, Quantity) { return std::sqrt(mean * (1 - mean)); }
  [[nodiscard]] static double skewness(double mean, double sd) {
    const double total = mean * (1 - mean) / (sd * sd) - 1;
    return 2 * (1 - 2 * mean) * std::sqrt((total + 1) / (mean * (1 - mean))) / (total + 2);
  }

  class Quantiles {
   public:
    Quantiles(const Spread& spread, double mean, double sd) : mean_{mean}, sd_{sd} {
      const BetaParameters law = beta_parameters(spread, mean);
      if (std::min(law.alpha, law.beta) < expanded_from) {
        table_.emplace_back(LogitBetaDensity{law});
      } else {
        const double total = law.alpha + law.beta;
        const double lean = (law.beta - law.alpha) / (total + 2);
        const double breadth = (total + 1) / law.alpha / law.beta;
        skewness_ = 2 * lean * std::sqrt(breadth);
        kurtosis_ = 6 * (lean * lean * breadth * (total + 2) - 1) / (total + 3);
      }
    }
    [[nodiscard]] double operator()(double z) const {
      if (table_.empty()) return mean_ + sd_ * expanded_quantile(z, skewness_, kurtosis_);
      const double t = table_.front()(z).t;
      return t < 0 ? exponential(t) / (1 + exponential(t)) : 1 / (1 + exponential(-t));
    }

   private:
    double mean_;
    double sd_;
    double skewness_ = 0;
    double kurtosis_ = 0;
    std::vector<QuantileTable> table_{};  ///< none where the law is all but normal
  };
};

}  // namespace tenure::detail
