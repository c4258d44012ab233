#pragma once
// A result with its money in thousands, millions or more, and with a currency that says so: “k USD”. Tables are made of
// such a result, so that heads, columns and sentences speak of one unit. What is no money, and the model's own numbers,
// stay as they are.

#include "tenure/decide/compare.hpp"
#include "tenure/decide/optimize.hpp"
#include "tenure/decide/policy.hpp"
#include "tenure/decide/sensitivity.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/decide/uncertainty.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/io/table.hpp"

namespace tenure::display {

[[nodiscard]] Valuation in_units(const Valuation& result, MoneyScale scale);
[[nodiscard]] Comparison in_units(const Comparison& result, MoneyScale scale);
[[nodiscard]] Simulation in_units(const Simulation& result, MoneyScale scale);
[[nodiscard]] SimulatedComparison in_units(const SimulatedComparison& result, MoneyScale scale);
[[nodiscard]] PolicyValue in_units(const PolicyValue& result, MoneyScale scale);
[[nodiscard]] Sensitivity in_units(const Sensitivity& result, MoneyScale scale);
[[nodiscard]] Uncertainty in_units(const Uncertainty& result, MoneyScale scale);
[[nodiscard]] Optimization in_units(const Optimization& result, MoneyScale scale);

}  // namespace tenure::display
