#pragma once
// What a lever is and what it can change, in words.

#include <string>
#include <vector>

#include "completed_rows.hpp"
#include "tenure/model/model.hpp"

namespace tenure::display {

/// "per customer and quarter", "per quarter".
[[nodiscard]] std::string spend_unit(const Model& model, const Lever& lever);

/// Kind, price, on whom, when and how long it works on.
[[nodiscard]] std::string lever_in_words(const Model& model, const Lever& lever);

/// Rows are by segment and state: "moves the transition owner → lost from 0.02 towards 0.01; half way at 25 USD per
/// customer and month".
[[nodiscard]] std::string effect_in_words(const Model& model, const std::vector<std::vector<CompletedRow>>& rows,
                                          const Lever& lever, const LeverEffect& effect);

}  // namespace tenure::display
