#pragma once
// The states of a model and their rows as a grid.

#include <string>
#include <vector>

#include "completed_rows.hpp"
#include "tenure/io/table.hpp"
#include "tenure/model/model.hpp"

namespace tenure::display {

[[nodiscard]] std::string states_and_rows(const Model& model, const std::vector<CompletedRow>& rows, Colour colour);

}  // namespace tenure::display
