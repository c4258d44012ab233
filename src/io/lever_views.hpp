#pragma once
// What a lever's effect moves and from where, for JSON and tables alike.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "completed_rows.hpp"
#include "tenure/model/model.hpp"

namespace tenure {

/// "transition", "cash_flow", "referral", "arrivals" or "dwell".
[[nodiscard]] std::string_view type_of(const EffectTarget& target);

/// What an effect starts from in period 0 among the people of one segment.
struct ValueToday {
  std::size_t segment = 0;
  double value = 0;
};

/// In each segment in which the lever works, or in the model where it has none, in the unit of the effect's limit;
/// arrivals and dwell are multiples, 1 today. Rows are by segment and state.
[[nodiscard]] std::vector<ValueToday> values_today(const Model& model,
                                                   const std::vector<std::vector<CompletedRow>>& rows,
                                                   const Lever& lever, const EffectTarget& target);

[[nodiscard]] bool are_alike(const std::vector<ValueToday>& values);

/// One figure for all of them: their mean by the shares of the segments.
[[nodiscard]] double mean_today(const Model& model, const std::vector<ValueToday>& values);

}  // namespace tenure
