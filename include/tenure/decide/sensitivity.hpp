#pragma once
// What each number of a model is worth: the slope of a scenario's value, or of its difference to another scenario's, by
// every number; the elasticity, always beside the range in which the number plausibly lies, and the value at both ends
// of it; sorted by the swing between them, as a tornado. Numbers within whose range the winner changes are marked.
// Spend levels are held: those of a scenario with a budget as they are solved for today.

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "tenure/decide/break_even.hpp"
#include "tenure/decide/plausible_range.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/decide/waveline.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// What one number does to the value.
struct NumberSensitivity {
  MovableNumber number{};
  std::optional<double> derivative{};  ///< none where it is infinite
  std::optional<double> elasticity{};  ///< percent per percent; none where the value is 0
  PlausibleRange range{};
  std::optional<double> at_low{};  ///< revalued; none where the model does not allow it, or there is no finite answer
  std::optional<double> at_high{};
  std::optional<bool> flips{};  ///< whether another scenario wins at some end; none without `versus`
  std::optional<BreakEven> break_even{};

  /// How far the value moves over the range.
  [[nodiscard]] double swing() const { return at_low && at_high ? std::abs(*at_high - *at_low) : 0; }
};

/// What to look at.
struct SensitivityOptions {
  std::string scenario{};               ///< empty: the model's reference, or with `versus` the first other one
  std::optional<std::string> versus{};  ///< the difference to this scenario's value is looked at
  std::optional<std::string> from{};    ///< one person who enters this state; default the business, or without arrivals
                                        ///< the first state
  std::vector<std::string> break_even{};  ///< names of numbers for which it is looked for; needs `versus`
  Progress progress{};
  Interrupted interrupted{};  ///< asked now and then: true ends the work with InterruptedError
};

/// What all numbers do to a scenario's value, or to its lead over another.
struct Sensitivity {
  Model model;
  double discount_factor = 1;
  std::string scenario{};
  std::optional<std::string> versus{};
  std::optional<std::string> from{};  ///< of one person who enters this state, and not of the business
  double value = 0;                   ///< of the scenario
  std::optional<double> versus_value{};
  double quadrature_error = 0;               ///< of both: see ScenarioChain
  std::vector<NumberSensitivity> numbers{};  ///< the largest swing first
  Waveline waveline{};                       ///< of the scenario

  /// What the gradient is of.
  [[nodiscard]] double of() const { return value - versus_value.value_or(0); }
};

/// The sensitivity of a scenario's value, or of its lead over another, to every number. Throws what value() throws, and
/// ModelError for scenarios, states and numbers that the model does not have.
[[nodiscard]] Sensitivity sensitivity(const Model& model, const SensitivityOptions& options = {});

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/decide/sensitivity-inl.hpp"
#endif
