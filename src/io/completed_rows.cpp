// The rows of a model in period 0, completed as compiling a chain completes them.

#include "completed_rows.hpp"
#include "tenure/model/model.hpp"

#include <algorithm>
#include <variant>

#include "tenure/chain/compile.hpp"
#include "tenure/chain/detail/compile/rows.hpp"

namespace tenure {

namespace {

[[nodiscard]] RowOrigin origin_of(const detail::TypeNumbers& numbers, const detail::RowEntry& entry) {
  if (!entry.transition) return RowOrigin::sojourns;
  return std::holds_alternative<Rest>(*numbers.probability[*entry.transition]) ? RowOrigin::takes_rest
                                                                               : RowOrigin::listed;
}

[[nodiscard]] double listed_sum(const detail::CompilePlan& plan, const detail::TypeNumbers& numbers,
                                const detail::RowPlan& row) {
  CompensatedSum sum;
  for (const detail::RowEntry& entry : row.entries) {
    if (!entry.transition) continue;
    const auto* number = std::get_if<Number>(numbers.probability[*entry.transition]);
    if (number != nullptr) sum.add(plan.mean(*number, 0));
  }
  return sum.value();
}

[[nodiscard]] CompletedRow completed(const detail::CompilePlan& plan, const detail::TypeNumbers& numbers,
                                     const detail::RowPlan& row, StateIndex state) {
  const std::vector<double> probability = detail::base_row(plan, numbers, row, 0);
  CompletedRow result;
  result.listed_sum = listed_sum(plan, numbers, row);
  result.absorbing = row.entries.size() == 1 && row.entries.front().successor == state;
  for (std::size_t k = 0; k < row.entries.size(); ++k) {
    const detail::RowEntry& entry = row.entries[k];
    if (!entry.transition && probability[k] == 0) continue;
    const double cash_flow = entry.transition ? plan.mean(*numbers.transition_cash_flow[*entry.transition], 0) : 0;
    result.entries.push_back({entry.successor, std::max(0.0, probability[k]), cash_flow, origin_of(numbers, entry)});
  }
  return result;
}

[[nodiscard]] std::vector<CompletedRow> rows_with(const Model& model, const detail::TypeNumbers& numbers) {
  const detail::CompilePlan plan{model, Spending(model.levers().size(), 0.0)};
  std::vector<std::vector<std::size_t>> listed(model.states().size());
  for (std::size_t k = 0; k < model.transitions().size(); ++k) {
    listed[model.state_index(model.transitions()[k].from)].push_back(k);
  }
  std::vector<CompletedRow> rows;
  for (StateIndex i = 0; i < listed.size(); ++i)
    rows.push_back(completed(plan, numbers, detail::row_plan(model, numbers, i, listed[i]), i));
  return rows;
}

}  // namespace

std::vector<CompletedRow> completed_rows(const Model& model) {
  return rows_with(model, detail::numbers_of_model(model));
}

std::vector<std::vector<CompletedRow>> completed_rows_by_segment(const Model& model) {
  std::vector<std::vector<CompletedRow>> rows;
  for (std::uint32_t segment = 0; segment < detail::segments_of(model); ++segment)
    rows.push_back(rows_with(model, detail::numbers_of_segment(model, segment)));
  return rows;
}

const CompletedEntry* entry_to(const CompletedRow& row, std::size_t state) {
  const auto found = std::find_if(row.entries.begin(), row.entries.end(),
                                  [&](const CompletedEntry& entry) { return entry.to == state; });
  return found == row.entries.end() ? nullptr : &*found;
}

}  // namespace tenure
