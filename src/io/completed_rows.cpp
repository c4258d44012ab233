// The rows of a model in period 0, completed as compiling a chain completes them.

#include "completed_rows.hpp"

#include <algorithm>
#include <variant>

#include "tenure/chain/compile.hpp"
#include "tenure/chain/compile/rows.hpp"

namespace tenure {

namespace {

[[nodiscard]] RowOrigin origin_of(const Model& model, const detail::RowEntry& entry) {
  if (!entry.transition) return RowOrigin::stays;
  const Transition& transition = model.transitions()[*entry.transition];
  return std::holds_alternative<Rest>(transition.probability) ? RowOrigin::takes_rest : RowOrigin::listed;
}

[[nodiscard]] double listed_sum(const detail::CompilePlan& plan, const detail::RowPlan& row) {
  CompensatedSum sum;
  for (const detail::RowEntry& entry : row.entries) {
    if (!entry.transition) continue;
    const Transition& transition = plan.model.transitions()[*entry.transition];
    if (const auto* number = std::get_if<Number>(&transition.probability)) sum.add(plan.mean(*number, 0));
  }
  return sum.value();
}

[[nodiscard]] CompletedRow completed(const detail::CompilePlan& plan, const detail::RowPlan& row, StateIndex state) {
  const std::vector<double> probability = detail::base_row(plan, detail::numbers_of_model(plan.model), row, 0);
  CompletedRow result;
  result.listed_sum = listed_sum(plan, row);
  result.absorbing = row.entries.size() == 1 && row.entries.front().successor == state;
  for (std::size_t k = 0; k < row.entries.size(); ++k) {
    const detail::RowEntry& entry = row.entries[k];
    if (!entry.transition && probability[k] == 0) continue;
    const double cash_flow = entry.transition ? plan.mean(plan.model.transitions()[*entry.transition].cash_flow, 0) : 0;
    result.entries.push_back({entry.successor, std::max(0.0, probability[k]), cash_flow, origin_of(plan.model, entry)});
  }
  return result;
}

}  // namespace

std::vector<CompletedRow> completed_rows(const Model& model) {
  const detail::CompilePlan plan{model, Spending(model.levers().size(), 0.0)};
  std::vector<std::vector<std::size_t>> listed(model.states().size());
  for (std::size_t k = 0; k < model.transitions().size(); ++k) {
    listed[model.state_index(model.transitions()[k].from)].push_back(k);
  }
  const detail::KindNumbers of_model = detail::numbers_of_model(model);
  std::vector<CompletedRow> rows;
  for (StateIndex i = 0; i < listed.size(); ++i)
    rows.push_back(completed(plan, detail::row_plan(model, of_model, i, listed[i]), i));
  return rows;
}

const CompletedEntry* entry_to(const CompletedRow& row, std::size_t state) {
  const auto found = std::find_if(row.entries.begin(), row.entries.end(),
                                  [&](const CompletedEntry& entry) { return entry.to == state; });
  return found == row.entries.end() ? nullptr : &*found;
}

}  // namespace tenure
