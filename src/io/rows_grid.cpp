// The states of a model and their rows, as people read a row: the moves that are listed, their sum, and what is left
// over.

#include "rows_grid.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "figures.hpp"
#include "layout.hpp"
#include "model_words.hpp"
#include "text_width.hpp"

namespace tenure::display {

namespace {

[[nodiscard]] std::string dwell_in_words(const State& state, const std::string& unit) {
  if (const auto* fixed = std::get_if<FixedDwell>(&*state.dwell)) {
    return "lasts " + counted(static_cast<std::int64_t>(fixed->periods), unit);
  }
  if (const auto* sojourn = std::get_if<NegativeBinomialDwell>(&*state.dwell)) {
    return fmt::format("lasts {} {}s on average, ±{}", as_written(sojourn->mean), unit, as_written(sojourn->sd));
  }
  if (const auto* sojourn = std::get_if<WeibullDwell>(&*state.dwell)) {
    return fmt::format("lasts by a Weibull law, scale {} {}s, shape {}", as_written(sojourn->scale), unit,
                       as_written(sojourn->shape));
  }
  return "lasts by a table of chances to leave";
}

[[nodiscard]] std::string remarks_on_state(const Model& model, const State& state, const CompletedRow& row) {
  std::vector<std::string> remarks;
  if (row.absorbing) remarks.emplace_back("final: whoever enters stays");
  if (state.dwell) remarks.push_back(dwell_in_words(state, std::string{name_of(model.period())}));
  if (state.satisfaction) remarks.push_back("satisfaction " + as_written(*state.satisfaction));
  const std::string money_remark = peculiarities(state.cash_flow, model.period());
  if (!money_remark.empty()) remarks.push_back("its money " + money_remark);
  std::string text;
  for (const std::string& remark : remarks) text += (text.empty() ? "" : "; ") + remark;
  return text;
}

using TransitionPlaces = std::map<std::pair<std::string, std::string>, std::size_t>;

[[nodiscard]] TransitionPlaces transition_places(const Model& model) {
  TransitionPlaces places;
  for (std::size_t k = 0; k < model.transitions().size(); ++k) {
    places.emplace(std::pair{model.transitions()[k].from, model.transitions()[k].to}, k);
  }
  return places;
}

[[nodiscard]] std::string remarks_on_transition(const Model& model, const Transition& transition) {
  std::string text;
  if (const auto* number = std::get_if<Number>(&transition.probability))
    text = peculiarities(*number, model.period());
  else
    text = "takes the rest";
  const std::string money_remark = peculiarities(transition.cash_flow, model.period());
  if (!money_remark.empty()) text += (text.empty() ? "" : "; ") + ("its money " + money_remark);
  return text;
}

/// The cells of a row's entry: where to, with which chance, for how much, and what else there is to say.
[[nodiscard]] std::vector<std::string> entry_cells(const Model& model, const TransitionPlaces& places,
                                                   std::size_t state, const CompletedEntry& entry) {
  if (entry.origin == RowOrigin::sojourns) return {"(stays)", as_written(entry.probability), "", "left over"};
  const std::string& to = model.states()[entry.to].name;
  const Transition& transition = model.transitions()[places.at({model.states()[state].name, to})];
  const std::string money_text = entry.cash_flow == 0 ? "" : as_written(entry.cash_flow);
  return {printable(to), as_written(entry.probability), money_text, remarks_on_transition(model, transition)};
}

[[nodiscard]] GridRow with_state(const std::vector<std::string>& state_cells, std::vector<std::string> entry,
                                 Tone tone = Tone::plain) {
  GridRow row{state_cells, tone};
  row.cells.insert(row.cells.end(), std::make_move_iterator(entry.begin()), std::make_move_iterator(entry.end()));
  return row;
}

/// A state's lines: what it brings and says for itself, then its moves, the sum of what is listed, and what is left
/// over.
[[nodiscard]] std::vector<GridRow> state_lines(const Model& model, const TransitionPlaces& places, std::size_t i,
                                               const CompletedRow& row, bool opens_stage) {
  const State& state = model.states()[i];
  const std::vector<std::string> no_state{"", "", ""};
  std::vector<std::string> own{opens_stage ? std::string{name_of(state.stage)} : "", printable(state.name),
                               as_written(mean_at(state.cash_flow, 0, model.period()))};
  std::vector<GridRow> lines;
  const std::string remarks = remarks_on_state(model, state, row);
  if (!remarks.empty()) lines.push_back(with_state(std::exchange(own, no_state), {"", "", "", remarks}));
  if (row.absorbing) return lines;
  std::size_t listed_entries = 0;
  for (const CompletedEntry& entry : row.entries) {
    if (entry.origin != RowOrigin::listed) continue;
    ++listed_entries;
    lines.push_back(with_state(std::exchange(own, no_state), entry_cells(model, places, i, entry)));
  }
  if (listed_entries > 1)
    lines.push_back(with_state(no_state, {"sum of these", as_written(row.listed_sum)}, Tone::secondary));
  for (const CompletedEntry& entry : row.entries) {
    if (entry.origin == RowOrigin::listed) continue;
    lines.push_back(with_state(std::exchange(own, no_state), entry_cells(model, places, i, entry)));
  }
  return lines;
}

}  // namespace

std::string states_and_rows(const Model& model, const std::vector<CompletedRow>& rows, Colour colour) {
  const TransitionPlaces places = transition_places(model);
  const std::vector<std::size_t> order = states_by_stage(model);
  Grid grid{.columns = {{.head = {"stage"}, .align = Align::left},
                        {.head = {"state"}, .align = Align::left, .gives_way = true},
                        {.head = money_head({"money a", std::string{name_of(model.period())}}, model)},
                        {.head = {"moves to"}, .align = Align::left, .gives_way = true},
                        {.head = {"chance a", std::string{name_of(model.period())}}},
                        {.head = money_head({"money of", "the move"}, model)},
                        {.align = Align::left, .gives_way = true}}};
  const std::size_t shown = std::min(order.size(), states_shown);
  for (std::size_t k = 0; k < shown; ++k) {
    const bool opens_stage = k == 0 || model.states()[order[k - 1]].stage != model.states()[order[k]].stage;
    for (GridRow& line : state_lines(model, places, order[k], rows[order[k]], opens_stage))
      grid.rows.push_back(std::move(line));
  }
  std::string text = drawn(grid, colour);
  if (shown < order.size())
    text += paragraph(fmt::format("… and {} more states; JSON lists them all.", order.size() - shown));
  return text;
}

}  // namespace tenure::display
