#pragma once
// The gradient of what a scenario is worth by every number that is written in its model, and by its spend levels: one
// sweep of the exact engine forward and one back (engine/gradient.hpp), passed on through compile() read backwards
// (chain/detail/model_gradient.hpp), however many numbers there are.

#include <optional>
#include <vector>

#include "tenure/chain/spending.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

/// What is valued: customer equity, or where a state of the model is given one person who enters it at the start of
/// period 0, with the whole tree of people brought.
using ValuedPerson = std::optional<StateIndex>;

/// Slopes in the order of the model. What has no finite slope has no value: an amount that would be earned for ever,
/// undiscounted, say.
struct EquityGradient {
  double value = 0;                                  ///< that of which these are the gradient
  std::vector<std::optional<double>> by_number{};    ///< in the order of numbers_of(model.draft())
  std::vector<std::optional<double>> by_spend{};     ///< by lever: of its spend level
  std::vector<std::optional<double>> by_arrivals{};  ///< by [[arrivals]]: per person; of a schedule per multiple of it
  std::vector<std::optional<double>> by_dwell{};  ///< by state: per multiple of its leaving hazards; 0 without a dwell
};

/// Slopes by the spend levels, in the model's order of levers.
struct SpendGradient {
  double customer_equity = 0;
  double investment = 0;
  std::vector<double> equity_by_level{};
  std::vector<double> investment_by_level{};
};

namespace detail {

[[nodiscard]] std::optional<double> if_finite(double slope);

[[nodiscard]] std::vector<std::optional<double>> if_finite(const std::vector<double>& gradient);

[[nodiscard]] Chain valued_chain(Chain chain, const ValuedPerson& person);

/// Spend levels with a trace of spend on each lever that has none: its slopes are then those to the right of 0.
[[nodiscard]] Spending with_traces(const Model& model, Spending spending);

}  // namespace detail

/// The gradient of a chain that scenario_chain() made of a model at these spend levels.
[[nodiscard]] EquityGradient equity_gradient(const Model& model, const Spending& spending,
                                             const ScenarioChain& compiled, const ValuedPerson& person = {},
                                             const Interrupted& interrupted = uninterrupted);

/// The gradient of a model's customer equity, or of one person's value, at these spend levels. Throws as compile() and
/// exact_value() do.
[[nodiscard]] EquityGradient equity_gradient(const Model& model, const Spending& spending,
                                             const ValuedPerson& person = {});

/// Customer equity and investment, with their gradient by every lever's spend level: the responses' slopes, the
/// carry-over and the spend itself included. At a level of 0 the gradient is that to the right of it, taken at a
/// billionth of the half_spend or less; where a hill begins vertically they are large and finite. Throws as compile()
/// and exact_value() do, and ModelError where some lever cannot be spent on beside the others.
[[nodiscard]] SpendGradient spend_gradient(const Model& model, const Spending& spending);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/decide/equity_gradient-inl.hpp"
#endif
