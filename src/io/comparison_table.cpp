// A comparison as a page: the verdict, all scenarios side by side, what is spent on which lever, and bars.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "chart.hpp"
#include "figures.hpp"
#include "in_units.hpp"
#include "layout.hpp"
#include "lever_words.hpp"
#include "model_words.hpp"
#include "result_views.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/io/table.hpp"
#include "tenure/model/model.hpp"
#include "text_width.hpp"
#include "verdict.hpp"

namespace tenure {

namespace {

using namespace display;

[[nodiscard]] bool is_best(const std::vector<std::size_t>& best, std::size_t scenario) {
  return std::find(best.begin(), best.end(), scenario) != best.end();
}

[[nodiscard]] std::string name_with_role(const Comparison& comparison, const ComparedScenario& compared) {
  const std::string& name = compared.valued.scenario.name;
  return printable(name) + (name == comparison.reference ? " (reference)" : "");
}

template <class Read>
[[nodiscard]] Figures column_of(const Comparison& comparison, Read read) {
  Figures values;
  for (const ComparedScenario& compared : comparison.scenarios) values.push_back(read(compared));
  return values;
}

[[nodiscard]] Figures business_column(const Comparison& comparison, std::optional<double> BusinessValue::*figure) {
  return column_of(comparison, [&](const ComparedScenario& compared) { return compared.business().*figure; });
}

[[nodiscard]] Figures business_column(const Comparison& comparison, double BusinessValue::*figure) {
  return column_of(comparison,
                   [&](const ComparedScenario& compared) { return std::optional{compared.business().*figure}; });
}

[[nodiscard]] Figures investments(const Comparison& comparison) {
  return column_of(comparison, [](const ComparedScenario& compared) { return investment_of(compared.valued); });
}

[[nodiscard]] Figures added_value(const Comparison& comparison) {
  return column_of(comparison, [](const ComparedScenario& compared) {
    return compared.advantage ? std::optional{compared.advantage->incremental_value} : std::nullopt;
  });
}

[[nodiscard]] Figures returns(const Comparison& comparison) {
  return column_of(comparison, [](const ComparedScenario& compared) {
    return compared.advantage ? compared.advantage->return_on_investment : std::nullopt;
  });
}

/// The errors of a column of amounts, and of one that is no money, such as people.
[[nodiscard]] Figures money_errors(const Comparison& comparison) {
  return Figures(comparison.scenarios.size(), money_error_of(comparison));
}

[[nodiscard]] Figures relative_errors(const Comparison& comparison, const Figures& values) {
  return errors_within(values, quadrature_error_of(comparison));
}

/// Of returns: that of the value added, beside what is invested for it.
[[nodiscard]] Figures errors_of_returns(const Comparison& comparison) {
  const double error = money_error_of(comparison);
  return column_of(comparison, [&](const ComparedScenario& compared) {
    const auto& gain = compared.advantage;
    const double share = gain && gain->return_on_investment ? std::abs(*gain->return_on_investment) : 0;
    const bool is_known = share > 0 && gain->incremental_value != 0;
    return is_known ? std::optional{share * error / std::abs(gain->incremental_value)} : std::nullopt;
  });
}

/// What is paid for each who is acquired, where something is.
[[nodiscard]] Figures costs_of_acquiring(const Comparison& comparison) {
  return column_of(comparison, [](const ComparedScenario& compared) {
    const std::optional<double> cost = compared.business().acquisition_cost;
    return cost && *cost != 0 ? cost : std::nullopt;
  });
}

[[nodiscard]] std::vector<std::string> paybacks(const Comparison& comparison) {
  std::vector<std::string> texts;
  for (const ComparedScenario& compared : comparison.scenarios) {
    if (!compared.advantage) {
      texts.emplace_back(dash);
    } else if (const std::optional<std::int64_t> period = compared.advantage->payback_period) {
      texts.push_back(*period == 0 ? "at once" : span_in_short(*period, comparison.model.period()));
    } else {
      texts.emplace_back("never");
    }
  }
  return texts;
}

/// Adds a column to a grid that has its rows.
[[nodiscard]] Grid with_column(Grid grid, Column column, const std::vector<std::string>& cells) {
  grid.columns.push_back(std::move(column));
  for (std::size_t r = 0; r < grid.rows.size(); ++r) grid.rows[r].cells.push_back(cells[r]);
  return grid;
}

[[nodiscard]] Grid names_and_marks(const Comparison& comparison, const std::vector<std::size_t>& best) {
  Grid grid{.columns = {{.align = Align::left}, {.head = {"scenario"}, .align = Align::left, .gives_way = true}}};
  for (std::size_t s = 0; s < comparison.scenarios.size(); ++s) {
    const bool wins = is_best(best, s);
    grid.rows.push_back(
        {{wins ? "★" : "", name_with_role(comparison, comparison.scenarios[s])}, wins ? Tone::best : Tone::plain});
  }
  return grid;
}

[[nodiscard]] Grid scenarios_side_by_side(const Comparison& comparison, const std::vector<std::size_t>& best) {
  const Model& model = comparison.model;
  const std::string per_period = "a " + std::string{name_of(model.period())};
  Grid grid = names_and_marks(comparison, best);
  const auto add = [&](std::vector<std::string> head, const std::vector<std::string>& cells) {
    grid = with_column(std::move(grid), {.head = std::move(head)}, cells);
  };
  add(money_head({"customer", "equity"}, model),
      figures(business_column(comparison, &BusinessValue::customer_equity), money_errors(comparison)));
  const Figures invested = investments(comparison);
  add(money_head({"investment"}, model), figures(invested, relative_errors(comparison, invested)));
  add(money_head({"value", "added"}, model), figures(added_value(comparison), money_errors(comparison)));
  add({"return"}, percents(returns(comparison), errors_of_returns(comparison)));
  add({"payback", "after"}, paybacks(comparison));
  const Figures acquired = business_column(comparison, &BusinessValue::acquired);
  add({"acquired"}, head_counts(acquired, relative_errors(comparison, acquired)));
  const Figures costs = costs_of_acquiring(comparison);
  add(money_head({"cost per", "acquired"}, model), figures(costs, relative_errors(comparison, costs)));
  const Figures retained = business_column(comparison, &BusinessValue::retention_rate);
  add({"retained", per_period}, percents(retained, relative_errors(comparison, retained)));
  return grid;
}

[[nodiscard]] std::string legend(const Comparison& comparison, const std::vector<std::size_t>& best) {
  std::string text = best.size() > 1 ? "★ highest customer equity: a tie." : "★ highest customer equity.";
  const bool someone_never =
      std::any_of(comparison.scenarios.begin(), comparison.scenarios.end(),
                  [](const auto& compared) { return compared.advantage && !compared.advantage->payback_period; });
  if (someone_never && comparison.model.horizon())
    text += " never: not within " + horizon_in_words(comparison.model) + ".";
  text += " Value added, return and payback are measured against " + named(comparison.reference) + ".";
  const double error = quadrature_error_of(comparison);
  if (error >= quadrature_error_shown) {
    const double known_within = money_error_of(comparison);
    text += " Figures are rounded to their quadrature error, " + error_percent(error) +
            " of the largest of their sort: amounts are known to within " +
            money(known_within, currency_of(comparison.model), known_within) + ".";
  }
  return text;
}

/// The levels of one lever in all scenarios that spend on it.
[[nodiscard]] std::vector<GridRow> spend_on_lever(const Comparison& comparison, std::size_t lever) {
  Figures levels;
  Figures spent;
  std::vector<std::string> names;
  for (const ComparedScenario& compared : comparison.scenarios) {
    if (!(compared.valued.spending.at(lever) > 0)) continue;
    levels.push_back(compared.valued.spending[lever]);
    spent.push_back(lever_investment(compared.valued, lever));
    names.push_back(printable(compared.valued.scenario.name));
  }
  const std::vector<std::string> level_texts = figures(levels);
  const std::vector<std::string> investment_texts = figures(spent, relative_errors(comparison, spent));
  const Lever& said = comparison.model.levers()[lever];
  std::vector<GridRow> rows;
  for (std::size_t k = 0; k < names.size(); ++k) {
    rows.push_back({{k == 0 ? printable(said.label) : "", k == 0 ? spend_unit(comparison.model, said) : "", names[k],
                     level_texts[k], investment_texts[k]}});
  }
  return rows;
}

[[nodiscard]] std::string what_is_spent(const Comparison& comparison, Colour colour) {
  if (comparison.model.levers().empty()) return {};
  Grid grid{.columns = {{.head = {"lever"}, .align = Align::left, .gives_way = true},
                        {.head = {"spend level is"}, .align = Align::left},
                        {.head = {"scenario"}, .align = Align::left, .gives_way = true},
                        {.head = money_head({"level"}, comparison.model)},
                        {.head = money_head({"investment"}, comparison.model)}}};
  for (std::size_t l = 0; l < comparison.model.levers().size(); ++l) {
    for (GridRow& row : spend_on_lever(comparison, l)) grid.rows.push_back(std::move(row));
  }
  const std::string headline = "\n" + painted("What is spent", Tone::headline, colour) + "\n\n";
  if (grid.rows.empty()) return headline + "No scenario spends anything.\n";
  return headline + drawn(grid, colour);
}

[[nodiscard]] std::string picture(const Comparison& comparison, const std::vector<std::size_t>& best, Colour colour) {
  constexpr std::size_t bar_width = 44;
  std::vector<std::string> names;
  std::vector<double> values;
  std::vector<Tone> tones;
  for (std::size_t s = 0; s < comparison.scenarios.size(); ++s) {
    const ComparedScenario& compared = comparison.scenarios[s];
    if (!compared.advantage) continue;
    names.push_back(printable(compared.valued.scenario.name));
    values.push_back(compared.advantage->incremental_value);
    tones.push_back(is_best(best, s) ? Tone::best : Tone::plain);
  }
  if (std::all_of(values.begin(), values.end(), [](double value) { return value == 0; })) return {};
  Grid grid{.columns = {{.align = Align::left, .gives_way = true}, {.align = Align::left}, {}}};
  const std::vector<std::string> drawn_bars = bars(values, bar_width);
  const std::vector<std::string> texts =
      figures({values.begin(), values.end()}, Figures(values.size(), money_error_of(comparison)));
  for (std::size_t k = 0; k < names.size(); ++k) grid.rows.push_back({{names[k], drawn_bars[k], texts[k]}, tones[k]});
  const std::string currency = currency_of(comparison.model);
  const std::string headline =
      "Value added over " + named(comparison.reference) + (currency.empty() ? "" : ", " + currency);
  return "\n" + painted(headline, Tone::headline, colour) + "\n\n" + drawn(grid, colour);
}

[[nodiscard]] std::string notes(const Comparison& comparison, Colour colour) {
  std::string text;
  for (const ComparedScenario& compared : comparison.scenarios) {
    const Scenario& scenario = compared.valued.scenario;
    if (!scenario.note.empty()) text += paragraph(printable(scenario.name) + ": " + printable(scenario.note), 0, 2);
  }
  return text.empty() ? text : "\n" + painted("Notes", Tone::headline, colour) + "\n\n" + text;
}

}  // namespace

std::string table(const Comparison& given, Colour colour, MoneyScale scale) {
  const Comparison comparison = in_units(given, scale);
  const std::vector<std::size_t> best = best_scenarios(comparison);
  return painted_paragraph(printable(comparison.model.name()) + ": scenarios compared", Tone::headline, colour) +
         painted_paragraph(results_in_words(comparison.model), Tone::secondary, colour) + "\n" +
         painted_paragraph(verdict(comparison), Tone::headline, colour) + "\n" +
         drawn(scenarios_side_by_side(comparison, best), colour) +
         painted_paragraph(legend(comparison, best), Tone::secondary, colour) + what_is_spent(comparison, colour) +
         picture(comparison, best, colour) + notes(comparison, colour) +
         (comparison.complete
              ? std::string{}
              : "\n" + painted_paragraph("Interrupted: only these scenarios were finished.", Tone::warning, colour));
}

}  // namespace tenure
