#pragma once
// What a lever's effect moves and from where, for JSON and tables alike.

#include <string>
#include <string_view>
#include <vector>

#include "completed_rows.hpp"
#include "tenure/model/model.hpp"

namespace tenure {

/// "transition", "cash_flow", "referral", "arrivals" or "dwell".
[[nodiscard]] std::string_view kind_of(const EffectTarget& target);

/// What an effect starts from in period 0, in the unit of its limit; arrivals and dwell are multiples, 1 today.
[[nodiscard]] double value_today(const Model& model, const std::vector<CompletedRow>& rows, const EffectTarget& target);

}  // namespace tenure
