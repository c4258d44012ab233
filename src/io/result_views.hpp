#pragma once
// What JSON, CSV and tables all read out of a result, in one place so that they agree.

#include <cstddef>
#include <optional>

#include "tenure/decide/value.hpp"

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

}  // namespace tenure
