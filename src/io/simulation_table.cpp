// Simulations as pages: what a value is on average, how far it is spread, and a picture of it.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "chart.hpp"
#include "figures.hpp"
#include "in_units.hpp"
#include "layout.hpp"
#include "model_words.hpp"
#include "result_views.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/io/table.hpp"
#include "tenure/model/model.hpp"
#include "text_width.hpp"

namespace tenure {

namespace {

using namespace display;

[[nodiscard]] std::string sample_in_words(const Simulation& simulation) {
  std::string text;
  switch (simulation.engine) {
    case SimulationEngine::exact:
      text = "The distribution of what a person is worth at entry, computed without sampling";
      break;
    case SimulationEngine::individual:
      text = fmt::format("What a person is worth at entry: {} people simulated one by one, seed {}",
                         head_count(static_cast<double>(simulation.count)), simulation.seed);
      break;
    case SimulationEngine::population:
      text = fmt::format("What the whole business is worth today: {} replicates, seed {}",
                         head_count(static_cast<double>(simulation.count)), simulation.seed);
      break;
  }
  return text + " (engine " + std::string{simulation_engine_names[static_cast<std::size_t>(simulation.engine)]} + ": " +
         simulation.why + ")." + (simulation.complete ? "" : " Interrupted: these are the first ones.");
}

/// "Asked for a standard error of 0.1 % of the mean; 0.08 % was reached."; nothing where neither precision nor time was
/// asked for.
[[nodiscard]] std::string reached_in_words(const std::optional<Reached>& reached, const Model& model,
                                           std::string_view of_what) {
  if (!reached) return {};
  const bool in_money = reached->precision && !reached->precision->of_the_mean;
  const auto amount = [&](double error) {
    return in_money ? money(error, printable(model.currency())) : fmt::format("{:.3g} %", error * 100);
  };
  const std::string of_share = in_money ? "" : " of the " + std::string{of_what};
  std::string text = " Asked for ";
  if (reached->precision) text += "a standard error of " + amount(reached->precision->error) + of_share;
  if (reached->precision && reached->seconds) text += " or ";
  if (reached->seconds) text += as_written(*reached->seconds) + " seconds";
  text += reached->error ? "; reached a standard error of " + amount(*reached->error) + of_share
                         : "; no standard error was reached";
  if (reached->ended_by == EndedBy::count) text += ", with the most that was allowed";
  return text + ".";
}

[[nodiscard]] std::string quantile_head(double share) {
  return share == 0.5 ? "median" : figure(share * 100, {0, false}) + " %";
}

/// About one standard error of a quantile.
[[nodiscard]] double error_of(const Interval& interval) {
  return (interval.high - interval.low) / (2 * standard_errors_of_95_percent);
}

/// About one standard error of a standard deviation, as if values were normal.
[[nodiscard]] std::optional<double> error_of_deviation(const std::optional<double>& deviation, std::uint64_t count) {
  if (!deviation || count == 0) return std::nullopt;
  return *deviation / std::sqrt(2 * static_cast<double>(count));
}

/// One line a scenario: the mean with its error, the spread, and some quantiles.
[[nodiscard]] Grid figures_of(const Simulation& simulation) {
  const Model& model = simulation.model;
  Grid grid{.columns = {{.head = {"scenario"}, .align = Align::left, .gives_way = true},
                        {.head = money_head({"mean"}, model)},
                        {.head = {"standard", "error"}},
                        {.head = {"standard", "deviation"}},
                        {.head = {"negative"}}}};
  const bool is_exact = simulation.engine == SimulationEngine::exact;
  Figures means, errors, deviations, errors_of_deviations, negative, errors_of_negative, exact, exact_errors, distances;
  for (const SimulatedScenario& simulated : simulation.scenarios) {
    means.push_back(simulated.mean.mean);
    errors.push_back(is_exact ? std::nullopt : simulated.mean.standard_error);
    deviations.push_back(simulated.standard_deviation);
    errors_of_deviations.push_back(error_of_deviation(simulated.standard_deviation, simulation.count));
    negative.push_back(simulated.share_negative.mean);
    errors_of_negative.push_back(is_exact ? std::nullopt : simulated.share_negative.standard_error);
    exact.push_back(is_exact ? std::nullopt : simulated.exact_mean);
    exact_errors.push_back(simulated.quadrature_error * std::abs(simulated.exact_mean.value_or(0)));
    distances.push_back(is_exact
                            ? std::nullopt
                            : surprising_distance(simulated.mean, simulated.exact_mean, simulated.quadrature_error));
  }
  std::vector<std::vector<std::string>> cells{figures(means, errors), errors_of(errors),
                                              figures(deviations, errors_of_deviations),
                                              percents(negative, errors_of_negative)};
  const auto exists = [](const auto& figure) { return figure.has_value(); };
  if (std::any_of(exact.begin(), exact.end(), exists)) {
    grid.columns.insert(grid.columns.begin() + 2, {.head = {"exact", "mean"}});
    cells.insert(cells.begin() + 1, figures(exact, exact_errors));
  }
  if (std::any_of(distances.begin(), distances.end(), exists)) {
    grid.columns.insert(grid.columns.begin() + 3, {.head = {"standard", "errors", "apart"}});
    std::vector<std::string> texts;
    for (const auto& distance : distances)
      texts.push_back(distance ? figure(*distance, {1, false}) : std::string{dash});
    cells.insert(cells.begin() + 2, std::move(texts));
  }
  for (const std::size_t q : {1U, 4U, 7U}) {  // 5 %, median, 95 %
    grid.columns.push_back({.head = {quantile_head(reported_quantiles[q])}});
    Figures column, column_errors;
    for (const SimulatedScenario& simulated : simulation.scenarios) {
      const Interval& quantile = simulated.quantiles.at(q).value;
      column.push_back(quantile.estimate);
      column_errors.push_back(is_exact ? simulated.error : error_of(quantile));
    }
    cells.push_back(figures(column, column_errors));
  }
  for (std::size_t k = 0; k < simulation.scenarios.size(); ++k) {
    GridRow row{{printable(simulation.scenarios[k].scenario.name)}, distances[k] ? Tone::warning : Tone::plain};
    for (const std::vector<std::string>& column : cells) row.cells.push_back(column[k]);
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

/// What to make of sampled means that lie far from the exact ones; nothing where none does.
[[nodiscard]] std::string surprises_in_words(
    const std::vector<std::pair<std::string, std::optional<double>>>& distances) {
  std::vector<std::string> names;
  for (const auto& [name, distance] : distances) {
    if (!distance) continue;
    names.push_back(
        fmt::format("that of {} by {} standard errors", named(name), figure(std::abs(*distance), {1, false})));
  }
  if (names.empty()) return {};
  return "Beside the exact mean the sampled one is off by more than luck explains well: " + listed(names) +
         ". Luck alone misses by more than 3 in one of 370. The exact mean holds; the other sampled figures of such a"
         " line lean the same way, and another seed or more of them would tell.";
}

[[nodiscard]] std::string surprises_in_words(const Simulation& simulation) {
  std::vector<std::pair<std::string, std::optional<double>>> distances;
  if (simulation.engine == SimulationEngine::exact) return {};
  for (const SimulatedScenario& one : simulation.scenarios) {
    distances.emplace_back(one.scenario.name, surprising_distance(one.mean, one.exact_mean, one.quadrature_error));
  }
  return surprises_in_words(distances);
}

[[nodiscard]] std::string surprises_in_words(const SimulatedComparison& simulated) {
  std::vector<std::pair<std::string, std::optional<double>>> distances;
  for (std::size_t k = 0; k < simulated.simulated.size(); ++k) {
    const ComparedScenario& compared = simulated.comparison.scenarios[k];
    distances.emplace_back(compared.valued.scenario.name,
                           surprising_distance(simulated.simulated[k].mean, compared.business().customer_equity,
                                               compared.valued.quadrature_error));
  }
  return surprises_in_words(distances);
}

/// Where people share a market, how much of a deviation is its doing; nothing where there is none, or it is not known.
[[nodiscard]] std::string parts_of_risk(const Simulation& simulation, Colour colour) {
  if (!simulation.model.draft().environment) return {};
  Grid grid{.columns = {{.head = {"scenario"}, .align = Align::left, .gives_way = true},
                        {.head = {"chance", "among people"}},
                        {.head = {"the market", "they share"}}}};
  Figures deviations;
  for (const SimulatedScenario& simulated : simulation.scenarios) {
    if (!simulated.risk) return {};
    deviations.push_back(std::sqrt(simulated.risk->variance_from_people));
    deviations.push_back(std::sqrt(simulated.risk->variance_from_market));
  }
  const std::vector<std::string> texts = figures(deviations);
  for (std::size_t k = 0; k < simulation.scenarios.size(); ++k)
    grid.rows.push_back(
        {{printable(simulation.scenarios[k].scenario.name), texts[2 * k], texts[2 * k + 1]}, Tone::plain});
  return "\n" + painted("Where the standard deviation comes from (squares add up)", Tone::headline, colour) + "\n\n" +
         drawn(grid, colour);
}

[[nodiscard]] std::string picture(const Simulation& simulation, Colour colour) {
  const bool of_business = simulation.engine == SimulationEngine::population;
  std::string text = "\n" +
                     painted(of_business ? "How customer equity is spread" : "How a person's value is spread",
                             Tone::headline, colour) +
                     "\n\n";
  Grid grid{.columns = {{.head = {"scenario"}, .align = Align::left, .gives_way = true},
                        {.head = money_head({"from"}, simulation.model)},
                        {.align = Align::left},
                        {.head = money_head({"to"}, simulation.model), .align = Align::left}}};
  Figures ends;
  for (const SimulatedScenario& simulated : simulation.scenarios) {
    ends.push_back(simulated.histogram.edges.front());
    ends.push_back(simulated.histogram.edges.back());
  }
  const std::vector<std::string> texts = figures(ends);
  for (std::size_t k = 0; k < simulation.scenarios.size(); ++k) {
    const SimulatedScenario& simulated = simulation.scenarios[k];
    grid.rows.push_back({{printable(simulated.scenario.name), texts[2 * k],
                          sparkline(simulated.histogram.share, histogram_bins), texts[2 * k + 1]},
                         Tone::plain});
  }
  return text + drawn(grid, colour);
}

[[nodiscard]] std::string draws_of_businesses(const SimulatedComparison& simulated, Colour colour) {
  const Comparison& comparison = simulated.comparison;
  Grid grid{.columns = {{.head = {"scenario"}, .align = Align::left, .gives_way = true},
                        {.head = {"best in"}},
                        {.head = money_head({"mean"}, comparison.model)},
                        {.head = {"5 %"}},
                        {.head = {"95 %"}},
                        {.head = {"value added,", "mean"}},
                        {.head = {"standard", "error"}},
                        {.head = {"5 %"}},
                        {.head = {"95 %"}}}};
  std::vector<Figures> columns(8), errors(8);
  for (const SimulatedBusiness& business : simulated.simulated) {
    const auto of_difference = [&](std::size_t q) {
      return business.incremental ? std::optional{business.incremental_quantiles[q].value.estimate} : std::nullopt;
    };
    columns[0].push_back(business.probability_best.mean);
    columns[1].push_back(business.mean.mean);
    columns[2].push_back(business.quantiles[0].value.estimate);
    columns[3].push_back(business.quantiles[2].value.estimate);
    columns[4].push_back(business.incremental ? std::optional{business.incremental->mean} : std::nullopt);
    columns[5].push_back(business.incremental ? business.incremental->standard_error : std::nullopt);
    columns[6].push_back(of_difference(0));
    columns[7].push_back(of_difference(2));
    const auto error_of_difference = [&](std::size_t q) {
      return business.incremental ? std::optional{error_of(business.incremental_quantiles[q].value)} : std::nullopt;
    };
    errors[0].push_back(business.probability_best.standard_error);
    errors[1].push_back(business.mean.standard_error);
    errors[2].push_back(error_of(business.quantiles[0].value));
    errors[3].push_back(error_of(business.quantiles[2].value));
    errors[4].push_back(columns[5].back());
    errors[6].push_back(error_of_difference(0));
    errors[7].push_back(error_of_difference(2));
  }
  std::vector<std::vector<std::string>> cells{percents(columns[0], errors[0])};
  for (std::size_t c = 1; c < columns.size(); ++c) {
    cells.push_back(c == 5 ? errors_of(columns[c]) : figures(columns[c], errors[c]));
  }
  for (std::size_t k = 0; k < simulated.simulated.size(); ++k) {
    GridRow row{{printable(comparison.scenarios[k].valued.scenario.name)}, Tone::plain};
    for (const std::vector<std::string>& column : cells) row.cells.push_back(column[k]);
    grid.rows.push_back(std::move(row));
  }
  return drawn(grid, colour);
}

}  // namespace

std::string table(const Simulation& given, Colour colour, MoneyScale scale) {
  const Simulation simulation = in_units(given, scale);
  return painted_paragraph(printable(simulation.model.name()) + ": simulated", Tone::headline, colour) +
         painted_paragraph(results_in_words(simulation.model), Tone::secondary, colour) + "\n" +
         painted_paragraph(sample_in_words(simulation) + reached_in_words(simulation.reached, simulation.model, "mean"),
                           Tone::plain, colour) +
         "\n" + drawn(figures_of(simulation), colour) +
         painted_paragraph(surprises_in_words(simulation), Tone::warning, colour) + parts_of_risk(simulation, colour) +
         picture(simulation, colour);
}

std::string table(const SimulatedComparison& given, Colour colour, MoneyScale scale) {
  const SimulatedComparison simulated = in_units(given, scale);
  const std::string headline = fmt::format("What luck does to it, in {} replicates of the whole business",
                                           head_count(static_cast<double>(simulated.replicates)));
  const bool has_market = simulated.comparison.model.draft().environment.has_value();
  const std::string note = fmt::format(
      "{}; all scenarios meet the same luck (seed {}). Value added is measured replicate by replicate.{}{}",
      has_market ? "Chance among people, and the market that they share" : "Chance among people and referrals only",
      simulated.seed, reached_in_words(simulated.reached, simulated.comparison.model, "value added"),
      simulated.complete ? "" : " Interrupted: these are the first replicates.");
  return table(simulated.comparison, colour) + "\n" + painted(headline, Tone::headline, colour) + "\n\n" +
         draws_of_businesses(simulated, colour) +
         painted_paragraph(surprises_in_words(simulated), Tone::warning, colour) +
         painted_paragraph(note, Tone::secondary, colour);
}

}  // namespace tenure
