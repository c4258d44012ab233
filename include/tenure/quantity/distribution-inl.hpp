#pragma once
// The bodies of tenure/quantity/distribution.hpp.

#include <cmath>
#include <optional>
#include <string>
#include <variant>

#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure {

TENURE_INLINE std::optional<double> implied_mean(const Spread& spread) {
  if (const auto* beta = std::get_if<BetaParameters>(&spread)) return beta->alpha / (beta->alpha + beta->beta);
  if (const auto* range = std::get_if<Range>(&spread)) return range->low + (range->high - range->low) / 2;
  return std::nullopt;
}

TENURE_INLINE double standard_deviation(const Distribution& distribution, double mean) {
  if (distribution.kind == DistributionKind::fixed) return 0;
  if (const auto* given = std::get_if<StandardDeviation>(&distribution.spread)) return given->sd;
  if (const auto* range = std::get_if<Range>(&distribution.spread)) return (range->high - range->low) / std::sqrt(12.0);
  if (const auto* beta = std::get_if<BetaParameters>(&distribution.spread)) {
    const double total = beta->alpha + beta->beta;
    return std::sqrt(beta->alpha * beta->beta / (total + 1)) / total;
  }
  return std::sqrt(mean * (1 - mean) / (std::get<SampleCount>(distribution.spread).count + 1));
}

TENURE_INLINE double skewness(const Distribution& distribution, double mean) {
  const double sd = standard_deviation(distribution, mean);
  if (sd == 0 || mean == 0) return 0;
  const double variation = sd / mean;
  if (distribution.kind == DistributionKind::gamma) return 2 * variation;
  if (distribution.kind == DistributionKind::lognormal) return variation * (3 + variation * variation);
  return 0;
}

namespace detail {

/// Between these a beta law's parameters are told apart from a coin on one side and from a fixed number on the other.
inline constexpr double least_beta_parameter = 1e-6;

inline constexpr double largest_beta_parameter = 1e30;

/// How often its mean the sd of a law of positive amounts may be: beyond that it is 0, but for very few.
inline constexpr double largest_variation = 1e6;

[[nodiscard]] inline std::optional<std::string> refusal_of_parameters(double alpha, double beta) {
  if (!(alpha > 0 && beta > 0)) return "a beta distribution needs alpha > 0 and beta > 0";
  if (!(alpha >= least_beta_parameter && beta >= least_beta_parameter)) {
    return "a beta distribution whose alpha or beta is below 1e-6 is a coin: nearly all of it lies at 0 and at 1";
  }
  if (alpha <= largest_beta_parameter && beta <= largest_beta_parameter) return std::nullopt;
  return "a beta distribution whose alpha or beta is above 1e30 is a fixed number";
}

[[nodiscard]] inline std::optional<std::string> beta_refusal(const Distribution& distribution, double mean) {
  if (const auto* beta = std::get_if<BetaParameters>(&distribution.spread))
    return refusal_of_parameters(beta->alpha, beta->beta);
  if (!(mean > 0 && mean < 1)) return "a beta distribution needs a mean above 0 and below 1";
  if (const auto* sample = std::get_if<SampleCount>(&distribution.spread)) {
    if (!(sample->count > 0)) return "count must be above 0";
    return refusal_of_parameters(mean * sample->count, (1 - mean) * sample->count);
  }
  const double sd = standard_deviation(distribution, mean);
  if (!(sd < std::sqrt(mean * (1 - mean))))
    return "no beta distribution has this mean and sd: sd must be below sqrt(mean·(1 - mean))";
  const double total = mean * (1 - mean) / (sd * sd) - 1;
  return refusal_of_parameters(mean * total, (1 - mean) * total);
}

[[nodiscard]] inline std::optional<std::string> uniform_refusal(const Distribution& distribution, double mean,
                                                                Quantity quantity) {
  const double reach = standard_deviation(distribution, mean) * std::sqrt(3.0);
  const auto* range = std::get_if<Range>(&distribution.spread);
  const double low = range ? range->low : mean - reach;
  const double high = range ? range->high : mean + reach;
  if (!(low <= high)) return "low must not be above high";
  if (!(low >= -limits::amount && high <= limits::amount)) return "the range leaves 1e90 either way";
  if (quantity == Quantity::probability && !(low >= 0 && high <= 1)) return "the range leaves 0 … 1";
  if ((quantity == Quantity::rate || quantity == Quantity::spend) && !(low >= 0)) return "the range goes below 0";
  return std::nullopt;
}

[[nodiscard]] constexpr bool spread_fits(DistributionKind kind, const Spread& spread) {
  if (std::holds_alternative<StandardDeviation>(spread)) return true;
  if (std::holds_alternative<Range>(spread)) return kind == DistributionKind::uniform;
  return kind == DistributionKind::beta;
}

}  // namespace detail

TENURE_INLINE std::optional<std::string> refusal(const Distribution& distribution, double mean, Quantity quantity) {
  const DistributionKind kind = distribution.kind;
  const auto* given = std::get_if<StandardDeviation>(&distribution.spread);
  if (given && !(given->sd >= 0)) return "sd must not be negative";
  if (given && !(given->sd <= limits::amount)) return "sd must be at most 1e90";
  if (!detail::support_fits(kind, quantity))
    return "a " + std::string{name_of(kind)} + " distribution does not fit here";
  if (kind == DistributionKind::fixed) return std::nullopt;
  if (!detail::spread_fits(kind, distribution.spread)) {
    return "alpha and beta, or count, go with beta only; low and high with uniform only";
  }
  if (given && given->sd == 0) return std::nullopt;  // the mean alone, which every law has
  if (kind == DistributionKind::beta) return detail::beta_refusal(distribution, mean);
  if (kind == DistributionKind::uniform) return detail::uniform_refusal(distribution, mean, quantity);
  if (kind == DistributionKind::normal) return std::nullopt;
  const bool signed_mean = quantity == Quantity::cash_flow ? mean != 0 : mean > 0;
  if (signed_mean && !(standard_deviation(distribution, mean) <= detail::largest_variation * std::abs(mean))) {
    return "a " + std::string{name_of(kind)} +
           " distribution whose sd is more than a million times its mean is 0, but for very few";
  }
  if (signed_mean) return std::nullopt;
  return "a " + std::string{name_of(kind)} + " distribution needs a mean " +
         (quantity == Quantity::cash_flow ? "other than 0" : "above 0");
}

}  // namespace tenure
