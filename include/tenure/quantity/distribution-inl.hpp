#pragma once
// The bodies of tenure/quantity/distribution.hpp.

#include <optional>
#include <string>
#include <variant>

#include "tenure/quantity/detail/law/laws.hpp"
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
  return detail::with_law(distribution.kind, [&](auto law) { return law.sd_of(distribution.spread, mean); });
}

TENURE_INLINE double skewness(const Distribution& distribution, double mean) {
  const double sd = standard_deviation(distribution, mean);
  if (sd == 0 || mean == 0) return 0;
  return detail::with_law(distribution.kind, [&](auto law) { return law.skewness(mean, sd); });
}

TENURE_INLINE std::optional<std::string> refusal(const Distribution& distribution, double mean, Quantity quantity) {
  const auto* given = std::get_if<StandardDeviation>(&distribution.spread);
  if (given && !(given->sd >= 0)) return "sd must not be negative";
  if (given && !(given->sd <= limits::amount)) return "sd must be at most 1e90";
  return detail::with_law(distribution.kind, [&](auto law) -> std::optional<std::string> {
    if (!law.fits(quantity)) return "a " + std::string{law.name} + " distribution does not fit here";
    if (!given && !law.takes(distribution.spread))
      return "alpha and beta, or count, go with beta only; low and high with uniform only";
    if (given && given->sd == 0) return std::nullopt;  // the mean alone, which every law has
    return law.refusal(distribution.spread, mean, standard_deviation(distribution, mean), quantity);
  });
}

}  // namespace tenure
