// Uncertainty as a page: who is likely to be the best, how each outcome is spread, and what it is worth to know more.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "chart.hpp"
#include "figures.hpp"
#include "in_units.hpp"
#include "layout.hpp"
#include "model_words.hpp"
#include "tenure/decide/uncertainty.hpp"
#include "tenure/io/table.hpp"
#include "text_width.hpp"

namespace tenure {

namespace {

using namespace display;

[[nodiscard]] std::string headline(const Uncertainty& result) {
  const UncertainScenario& best = result.scenarios[result.best];
  std::vector<std::string> names{named(best.scenario.name)};
  double share = best.probability_best.mean;
  for (const std::size_t s : result.ties) {
    names.push_back(named(result.scenarios[s].scenario.name));
    share += result.scenarios[s].probability_best.mean;
  }
  const bool loses = best.mean.mean < 0;
  const std::string rank = loses ? " loses least" : " is worth most";
  if (result.numbers.empty()) {
    return (loses ? "No plan pays: each of them loses money. " : "") +
           (result.ties.empty() ? names.front() + rank
                                : "It is a tie: " + listed(names) + " are worth the same, and nothing is worth more") +
           ". No number of this model is uncertain, and there is nothing to find out. Say what is not known, as in "
           "probability = { mean = 0.48, uncertain = { count = 200 } }.";
  }
  const std::string loss = loses ? "No plan pays on average: each of them loses money. " : "";
  if (result.ties.empty()) {
    return loss + names.front() + rank + " on average, and is the best of all with probability " +
           percent(best.probability_best.mean) + ".";
  }
  return loss + "It is a tie: " + listed(names) +
         " are worth the same on average, and nothing is worth more. One of them is the best of all with probability " +
         percent(std::min(share, 1.0)) + ", which they share.";
}

[[nodiscard]] bool is_best(const Uncertainty& result, std::size_t scenario) {
  return scenario == result.best || std::find(result.ties.begin(), result.ties.end(), scenario) != result.ties.end();
}

[[nodiscard]] std::string sample_in_words(const Uncertainty& result) {
  return fmt::format("{} uncertain {}, {} draws in {} randomisations, seed {}; every scenario meets the same draws.{}",
                     result.numbers.size(), result.numbers.size() == 1 ? "number" : "numbers",
                     head_count(static_cast<double>(result.draws)), result.randomisations, result.seed,
                     result.complete ? "" : " Interrupted: these are the first randomisations.");
}

[[nodiscard]] Grid outcomes(const Uncertainty& result) {
  Grid grid{.columns = {{.head = {"scenario"}, .align = Align::left, .gives_way = true},
                        {.head = {"best"}},
                        {.align = Align::left},
                        {.head = money_head({"mean"}, result.model)},
                        {.head = {"expected", "loss"}},
                        {.head = {"spread: not", "knowing"}},
                        {.head = {"chance"}},
                        {.head = {"5 %"}},
                        {.head = {"95 %"}}}};
  std::vector<Figures> columns(7), errors(7);
  std::vector<double> best;
  for (const UncertainScenario& each : result.scenarios) {
    best.push_back(each.probability_best.mean);
    columns[0].push_back(each.probability_best.mean);
    columns[1].push_back(each.mean.mean);
    columns[2].push_back(each.expected_loss.mean);
    columns[3].push_back(each.standard_deviation);
    columns[4].push_back(each.chance);
    columns[5].push_back(each.quantiles.front().second);
    columns[6].push_back(each.quantiles.back().second);
    for (const std::size_t c : {1U, 3U, 4U, 5U, 6U}) errors[c].push_back(each.mean.standard_error);
    errors[0].push_back(each.probability_best.standard_error);
    errors[2].push_back(each.expected_loss.standard_error);
  }
  std::vector<std::vector<std::string>> cells{percents(columns[0], errors[0]), bars(best, 12)};
  for (std::size_t c = 1; c < columns.size(); ++c) cells.push_back(figures(columns[c], errors[c]));
  for (std::size_t s = 0; s < result.scenarios.size(); ++s) {
    const bool best_of_all = is_best(result, s);
    const std::string tie = best_of_all && !result.ties.empty() ? " (tie)" : "";
    GridRow row{{printable(result.scenarios[s].scenario.name) + tie}, best_of_all ? Tone::best : Tone::plain};
    for (const std::vector<std::string>& column : cells) row.cells.push_back(column[s]);
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

/// ├──┼──┤ from the 5 % to the 95 % quantile, with half of all outcomes within the thick part, on one scale.
[[nodiscard]] std::string interval(const UncertainScenario& each, double low, double high) {
  constexpr std::size_t width = 56;
  const auto place = [&](double value) {
    return static_cast<std::size_t>(std::lround((value - low) / (high - low) * (width - 1)));
  };
  std::vector<std::string> cells(width, " ");
  for (std::size_t k = place(each.quantiles[0].second); k <= place(each.quantiles[4].second); ++k) cells[k] = "─";
  for (std::size_t k = place(each.quantiles[1].second); k <= place(each.quantiles[3].second); ++k) cells[k] = "━";
  cells[place(each.quantiles[2].second)] = "┃";
  std::string text;
  for (const std::string& cell : cells) text += cell;
  return text;
}

[[nodiscard]] std::string picture(const Uncertainty& result, Colour colour) {
  double low = result.scenarios.front().quantiles.front().second;
  double high = result.scenarios.front().quantiles.back().second;
  for (const UncertainScenario& each : result.scenarios) {
    low = std::min(low, each.quantiles.front().second);
    high = std::max(high, each.quantiles.back().second);
  }
  if (!(high > low)) return {};
  Grid grid{
      .columns = {{.head = {"scenario"}, .align = Align::left, .gives_way = true},
                  {.head = {money(low, currency_of(result.model)) + " … " + money(high, currency_of(result.model))},
                   .align = Align::left}}};
  for (const UncertainScenario& each : result.scenarios) {
    grid.rows.push_back({{printable(each.scenario.name), interval(each, low, high)}, Tone::plain});
  }
  return "\n" +
         painted("Where customer equity lies with 90 % (─) and 50 % (━), and its median (┃)", Tone::headline, colour) +
         "\n\n" + drawn(grid, colour);
}

/// Numbers by what it is worth to know them.
[[nodiscard]] std::string value_of_knowing(const Uncertainty& result, Colour colour) {
  std::vector<std::pair<std::string, std::optional<Estimate>>> rows{{"all of them", result.evpi}};
  std::vector<InformationValue> sorted = result.evppi;
  std::stable_sort(sorted.begin(), sorted.end(), [](const InformationValue& a, const InformationValue& b) {
    return (a.value ? a.value->mean : -1) > (b.value ? b.value->mean : -1);
  });
  for (const InformationValue& group : result.groups) rows.emplace_back("group " + group.name, group.value);
  for (const InformationValue& number : sorted) rows.emplace_back(number.name, number.value);
  Figures values;
  Figures errors;
  std::vector<double> lengths;
  for (const auto& [name, value] : rows) {
    values.push_back(value ? std::optional{value->mean} : std::nullopt);
    errors.push_back(value ? value->standard_error : std::nullopt);
    lengths.push_back(value ? value->mean : 0);
  }
  Grid grid{.columns = {{.head = {"number"}, .align = Align::left, .gives_way = true},
                        {.head = money_head({"worth knowing"}, result.model)},
                        {.head = {"standard", "error"}},
                        {.align = Align::left}}};
  const std::vector<std::string> value_cells = figures(values, errors);
  const std::vector<std::string> error_cells = errors_of(errors);
  const std::vector<std::string> bar_cells = bars(lengths, 20);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    grid.rows.push_back({{printable(rows[k].first), value_cells[k], error_cells[k], bar_cells[k]}, Tone::plain});
  }
  return "\n" + painted("What it would be worth to know before choosing", Tone::headline, colour) + "\n\n" +
         drawn(grid, colour);
}

/// Numbers that cannot be piloted, by reason, those first that it is worth most to know.
[[nodiscard]] std::string not_piloted(const Uncertainty& result) {
  constexpr std::size_t most_named = 4;
  std::vector<std::pair<std::string, std::vector<std::string>>> by_reason;
  std::vector<std::pair<Estimate, NotPiloted>> sorted;
  for (const NotPiloted& one : result.not_piloted) {
    const auto worth = std::find_if(result.evppi.begin(), result.evppi.end(),
                                    [&](const InformationValue& number) { return number.name == one.number; });
    sorted.emplace_back(worth != result.evppi.end() && worth->value ? *worth->value : Estimate{}, one);
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first.mean > b.first.mean; });
  for (const auto& [worth, one] : sorted) {
    auto found = std::find_if(by_reason.begin(), by_reason.end(),
                              [&, &reason = one.reason](const auto& group) { return group.first == reason; });
    if (found == by_reason.end()) found = by_reason.insert(by_reason.end(), {one.reason, {}});
    const double error = worth.standard_error.value_or(0);
    const std::string amount =
        worth.mean > 0 ? " (worth " + money(worth.mean, currency_of(result.model), error) + " to know)" : std::string{};
    found->second.push_back(named(one.number) + amount);
  }
  std::string text;
  for (auto& [reason, numbers] : by_reason) {
    if (numbers.size() > most_named) {
      const std::size_t left = numbers.size() - (most_named - 1);
      numbers.resize(most_named - 1);
      numbers.push_back(std::to_string(left) + " more");
    }
    text += " No pilot can be asked of " + listed(numbers) + ": " + reason + ".";
  }
  return text;
}

[[nodiscard]] Grid pilots(const Uncertainty& result) {
  Grid grid{.columns = {{.head = {"pilot on"}, .align = Align::left, .gives_way = true},
                        {.head = {"customers"}},
                        {.head = money_head({"worth"}, result.model)},
                        {.head = {"standard", "error"}}}};
  Figures values;
  Figures errors;
  for (const PilotValue& worth : result.evsi) {
    values.push_back(worth.value ? std::optional{worth.value->mean} : std::nullopt);
    errors.push_back(worth.value ? worth.value->standard_error : std::nullopt);
  }
  const std::vector<std::string> value_cells = figures(values, errors);
  const std::vector<std::string> error_cells = errors_of(errors);
  for (std::size_t k = 0; k < result.evsi.size(); ++k) {
    const Pilot& pilot = result.evsi[k].pilot;
    grid.rows.push_back(
        {{printable(pilot.number), head_count(static_cast<double>(pilot.customers)), value_cells[k], error_cells[k]},
         Tone::plain});
  }
  return grid;
}

[[nodiscard]] std::string advice_on_pilots(const Uncertainty& result) {
  if (result.evsi.empty()) return "None of the uncertain numbers can be piloted.";
  const auto best =
      std::max_element(result.evsi.begin(), result.evsi.end(), [](const PilotValue& a, const PilotValue& b) {
        return (a.value ? a.value->mean : 0) < (b.value ? b.value->mean : 0);
      });
  const bool pays =
      best->value && best->value->mean > 2 * best->value->standard_error.value_or(0) && best->value->mean > 0;
  if (!pays) return "None of these pilots is known to be worth anything: none of them would change the choice.";
  return fmt::format("First run a test on {} customers of {}, if it costs less than {} and what waiting costs.",
                     head_count(static_cast<double>(best->pilot.customers)), named(best->pilot.number),
                     money(best->value->mean, currency_of(result.model), best->value->standard_error.value_or(0)));
}

[[nodiscard]] std::string value_of_pilots(const Uncertainty& result, Colour colour) {
  return "\n" + painted("What a pilot would be worth, before its own cost", Tone::headline, colour) + "\n\n" +
         (result.evsi.empty() ? "" : drawn(pilots(result), colour)) +
         painted_paragraph(advice_on_pilots(result) + not_piloted(result), Tone::plain, colour);
}

[[nodiscard]] std::string point_in_words(const Uncertainty& result, double point) {
  switch (result.acceptability.axis) {
    case AcceptabilityAxis::horizon:
      return span_in_short(static_cast<std::int64_t>(point), result.model.period());
    case AcceptabilityAxis::hurdle_rate:
      return as_written(point * 100) + " %";
    case AcceptabilityAxis::budget:
      break;
  }
  return as_written(point) + " times";
}

[[nodiscard]] std::string acceptability(const Uncertainty& result, Colour colour) {
  if (result.acceptability.points.empty()) return {};
  constexpr std::array<const char*, 3> axes{"looking ahead for", "asking for a return of", "spending"};
  Grid grid{.columns = {{.head = {axes[static_cast<std::size_t>(result.acceptability.axis)]},
                         .align = Align::left,
                         .gives_way = true}}};
  for (const double point : result.acceptability.points)
    grid.columns.push_back({.head = {point_in_words(result, point)}});
  for (std::size_t s = 0; s < result.scenarios.size(); ++s) {
    Figures shares;
    for (const double share : result.acceptability.probability_best[s]) shares.push_back(share);
    GridRow row{{printable(result.scenarios[s].scenario.name)}, Tone::plain};
    for (const std::string& cell : percents(shares)) row.cells.push_back(cell);
    grid.rows.push_back(std::move(row));
  }
  return "\n" + painted("How likely each is the best", Tone::headline, colour) + "\n\n" + drawn(grid, colour);
}

}  // namespace

std::string table(const Uncertainty& given, Colour colour, MoneyScale scale) {
  const Uncertainty result = in_units(given, scale);
  std::string text = painted_paragraph(printable(result.model.name()) + ": what is not known", Tone::headline, colour) +
                     painted_paragraph(results_in_words(result.model), Tone::secondary, colour) + "\n" +
                     painted_paragraph(headline(result), Tone::plain, colour) + "\n" + drawn(outcomes(result), colour) +
                     painted_paragraph(
                         "The spread from not knowing is one of the expected customer equity and falls as more is "
                         "found out; chance among customers and in the market comes on top and stays.",
                         Tone::secondary, colour);
  if (result.numbers.empty()) return text;
  return text + painted_paragraph(sample_in_words(result), Tone::secondary, colour) + picture(result, colour) +
         value_of_knowing(result, colour) + value_of_pilots(result, colour) + acceptability(result, colour);
}

}  // namespace tenure
