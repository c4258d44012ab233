#pragma once
// The bodies of tenure/quantity/detail/hazard.hpp.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "tenure/quantity/detail/hazard.hpp"
#include "tenure/quantity/dwell.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

TENURE_INLINE double hazard_times(double hazard, double factor) {
  if (factor == 1 || hazard <= 0 || hazard >= 1) return factor > 0 ? hazard : 0;
  return one_less_power(DoubleDouble{1} - DoubleDouble{hazard}, factor);
}

[[nodiscard]] inline std::vector<double> hazards_of(const FixedDwell& dwell, std::size_t most, const Interrupted&) {
  const double whole = std::min(dwell.periods, static_cast<double>(most));
  std::vector<double> hazard(static_cast<std::size_t>(whole), 0.0);
  if (dwell.periods <= static_cast<double>(most)) hazard.back() = 1;
  return hazard;
}

/// With f(a) = P(L = a + 1), 1/h(a) = P(L > a)/f(a) = 1 + f(a + 1)/f(a) · 1/h(a + 1), and the ratios of a negative
/// binomial are f(a + 1)/f(a) = q (a + r)/(a + 1). Running back from far out, where they hardly change, forgets what it
/// began with, and nothing underflows.
[[nodiscard]] inline std::vector<double> hazards_of(const NegativeBinomialDwell& dwell, std::size_t most,
                                                    const Interrupted&) {
  const double mean = dwell.mean - 1;
  const double variance = dwell.sd * dwell.sd;
  const double shape = mean * mean / (variance - mean);
  const double sojourns = (variance - mean) / variance;
  const auto ratio = [&](std::size_t a) {
    return sojourns * (static_cast<double>(a) + shape) / (static_cast<double>(a) + 1);
  };
  const double memory = 40 * variance / mean;  // (1 - mean/variance)^memory is below 2^-53
  const std::size_t beyond = most + static_cast<std::size_t>(std::min(memory, 1e7)) + 64;
  std::vector<double> hazard(most);
  double inverse = 1 / (1 - std::min(ratio(beyond), sojourns));
  for (std::size_t a = beyond; a-- > 0;) {
    inverse = 1 + ratio(a) * inverse;
    if (a < most) hazard[a] = 1 / inverse;
  }
  return hazard;
}

[[nodiscard]] inline std::vector<double> hazards_of(const WeibullDwell& dwell, std::size_t most,
                                                    const Interrupted& interrupted) {
  std::vector<double> hazard;
  hazard.reserve(most);
  const auto cumulated = [&](std::size_t k) {
    return k == 0 ? 0.0 : power(DoubleDouble{static_cast<double>(k)} / DoubleDouble{dwell.scale}, dwell.shape);
  };
  constexpr double certain = 800;  // e^-800 is below the smallest double
  double before = 0;
  for (std::size_t a = 0; a < most; ++a) {
    if (a % 4096 == 0) heed(interrupted);  // a power takes long
    const double after = cumulated(a + 1);
    const double step = after - before;
    hazard.push_back(step > certain ? 1.0 : one_less_exponential(-step));
    if (hazard.back() >= 1) break;
    before = after;
  }
  return hazard;
}

[[nodiscard]] inline std::vector<double> hazards_of(const TableDwell& dwell, std::size_t most, const Interrupted&) {
  std::vector<double> hazard = dwell.hazard;
  hazard.resize(std::min(most, hazard.size()));
  return hazard;
}

TENURE_INLINE std::vector<double> leaving_hazards(const Dwell& dwell, std::size_t most,
                                                  const Interrupted& interrupted) {
  return std::visit([&](const auto& kind) { return hazards_of(kind, std::max<std::size_t>(most, 1), interrupted); },
                    dwell);
}

TENURE_INLINE std::optional<double> age_with_few_left(const Dwell& dwell, double left) {
  const auto* weibull = std::get_if<WeibullDwell>(&dwell);
  if (weibull == nullptr) return std::nullopt;
  return weibull->scale * power(DoubleDouble{-logarithm(left)}, 1, weibull->shape);
}

TENURE_INLINE std::vector<double> cut_where_few_are_left(std::vector<double> hazard, double left) {
  double remaining = 1;
  for (std::size_t a = 0; a < hazard.size(); ++a) {
    if (remaining < left) {
      hazard.resize(std::max<std::size_t>(a, 1));
      break;
    }
    remaining *= 1 - hazard[a];
  }
  return hazard;
}

}  // namespace tenure::detail
