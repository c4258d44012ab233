#pragma once
// What JSON, CSV and tables all read out of a result, in one place so that they agree.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

#include "tenure/decide/compare.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/estimate.hpp"

namespace tenure {

/// The present value of all lever spend.
[[nodiscard]] inline double investment_of(const ScenarioValue& valued) { return valued.value.investment.total; }

/// The present value of what one lever spends. Each lever has one spend stream, in the model's order.
[[nodiscard]] inline double lever_investment(const ScenarioValue& valued, std::size_t lever) {
  return valued.value.investment.by_stream.at(lever);
}

/// A figure of the business as a whole; none where nobody arrives.
template <class Figure>
[[nodiscard]] std::optional<double> business_figure(const ScenarioValue& valued, Figure figure) {
  if (!valued.value.business) return std::nullopt;
  return (*valued.value.business).*figure;
}

[[nodiscard]] inline const Trace* trace_of(const ScenarioValue& valued) {
  return valued.value.business && valued.value.business->trace ? &*valued.value.business->trace : nullptr;
}

/// The smallest quadrature error that a reader is told of.
inline constexpr double quadrature_error_shown = 1e-9;

[[nodiscard]] inline double quadrature_error_of(const Comparison& comparison) {
  double most = 0;
  for (const ComparedScenario& compared : comparison.scenarios) most = std::max(most, compared.valued.quadrature_error);
  return most;
}

/// Within how much all amounts of a comparison are known: the largest error of a customer equity.
[[nodiscard]] inline double money_error_of(const Comparison& comparison) {
  double most = 0;
  for (const ComparedScenario& compared : comparison.scenarios) {
    most = std::max(most, compared.valued.quadrature_error * std::abs(compared.business().customer_equity));
  }
  return most;
}

/// By how many standard errors a sampled mean misses the exact one, which is known to within a share, where that is
/// more than luck explains well.
[[nodiscard]] inline std::optional<double> surprising_distance(const Estimate& sampled, std::optional<double> exact,
                                                               double quadrature_error = 0) {
  constexpr double surprising = 3;
  const double error = sampled.standard_error.value_or(0);
  if (!exact || !(error > 0)) return std::nullopt;
  const double distance = sampled.mean - *exact;
  if (!(std::abs(distance) - quadrature_error * std::abs(*exact) > surprising * error)) return std::nullopt;
  return distance / error;
}

}  // namespace tenure
