#pragma once
// The rows of a model as they stand in period 0 before any lever, season or market: what is listed, with what is left
// over added to "rest" or to staying. They exist for every valid model, whether or not an engine can answer for it.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/model/model.hpp"

namespace tenure {

/// Where an entry of a completed row comes from.
enum class RowOrigin : std::uint8_t { listed, takes_rest, sojourns };

struct CompletedEntry {
  std::size_t to = 0;
  double probability = 0;
  double cash_flow = 0;
  RowOrigin origin = RowOrigin::listed;
};

struct CompletedRow {
  std::vector<CompletedEntry> entries{};  ///< by successor
  double listed_sum = 0;                  ///< of the probabilities that the file gives as numbers
  bool absorbing = false;                 ///< no transition leads away
};

/// By state, with the model's own numbers.
[[nodiscard]] std::vector<CompletedRow> completed_rows(const Model& model);

/// By segment and state, with what each segment replaces; one list where the model has no segments.
[[nodiscard]] std::vector<std::vector<CompletedRow>> completed_rows_by_segment(const Model& model);

/// The entry of a row that leads to a state; nothing if there is none.
[[nodiscard]] const CompletedEntry* entry_to(const CompletedRow& row, std::size_t state);

}  // namespace tenure
