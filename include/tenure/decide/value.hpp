#pragma once
// The value of a model under its scenarios, by the exact engine.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "tenure/chain/spending.hpp"
#include "tenure/engine/exact/value.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

/// One scenario's value, in the order of the model's states, levers and channels.
struct ScenarioValue {
  Scenario scenario{};
  Spending spending{};  ///< the level of each lever, solved for where the scenario gives a budget
  ExactValue value{};
  double quadrature_error = 0;  ///< see ScenarioChain
};

/// Scenarios with their values, in the order in which they were asked for.
struct Valuation {
  Model model;
  double discount_factor = 1;
  std::vector<ScenarioValue> scenarios{};
  bool complete = true;  ///< false where somebody stopped it before all scenarios were valued
};

namespace detail {

/// What is divergent, in the model's names.
[[nodiscard]] std::string divergence_in_words(const Model& model, const DivergentError& error);

}  // namespace detail

/// Values one scenario. Throws as value() does.
[[nodiscard]] ScenarioValue value_of(const Model& model, const Scenario& scenario,
                                     const Interrupted& interrupted = uninterrupted);

/// Called now and then during long work, with the share of it that is done.
using Progress = std::function<void(double share)>;

/// Values each of these scenarios; where somebody stops it, those that are finished by then. Throws LimitError for what
/// the engine cannot evaluate, DivergentError where a value is infinite, ModelError where a budget cannot be spent,
/// InterruptedError where nothing is finished.
[[nodiscard]] Valuation value(const Model& model, std::span<const Scenario> scenarios, const Progress& progress = {},
                              const Interrupted& interrupted = uninterrupted);

/// Values all scenarios of a model.
[[nodiscard]] Valuation value(const Model& model);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/decide/value-inl.hpp"
#endif
