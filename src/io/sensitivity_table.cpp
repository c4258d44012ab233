// A sensitivity as a page: the tornado, break-even, and the waveline.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "chart.hpp"
#include "figures.hpp"
#include "in_units.hpp"
#include "layout.hpp"
#include "model_words.hpp"
#include "result_views.hpp"
#include "tenure/decide/sensitivity.hpp"
#include "tenure/io/table.hpp"
#include "tenure/model/model.hpp"
#include "text_width.hpp"

namespace tenure {

namespace {

using namespace display;

constexpr std::size_t numbers_shown = 20;
constexpr std::size_t tornado_width = 10;

/// Within how much values and what they move by are known.
[[nodiscard]] double money_error_of(const Sensitivity& sensitivity) {
  return sensitivity.quadrature_error *
         std::max(std::abs(sensitivity.value), std::abs(sensitivity.versus_value.value_or(0)));
}

[[nodiscard]] std::string what_is_valued(const Sensitivity& sensitivity) {
  return sensitivity.from ? "the value of one person who enters " + named(*sensitivity.from)
                          : std::string{"customer equity"};
}

/// A quantile has no end of digits; ten percent more or less has few.
[[nodiscard]] std::string end_of_range(const NumberSensitivity& number, double end) {
  return number.range.is_known ? in_four_digits(end) : as_written(end);
}

[[nodiscard]] std::string verdict_in_words(const Sensitivity& sensitivity) {
  const std::string currency = currency_of(sensitivity.model);
  const double error = money_error_of(sensitivity);
  std::string text = fmt::format("In {} {} is {}", named(sensitivity.scenario), what_is_valued(sensitivity),
                                 money(sensitivity.value, currency, error));
  if (sensitivity.versus) {
    text += fmt::format(", {} {} than in {}; all below is about this difference",
                        money(std::abs(sensitivity.of()), currency, error), sensitivity.of() < 0 ? "less" : "more",
                        named(*sensitivity.versus));
  }
  text += ".";
  if (!sensitivity.numbers.empty() && sensitivity.numbers.front().swing() > 0) {
    const NumberSensitivity& first = sensitivity.numbers.front();
    text += fmt::format(" What moves it most is {}: {} from {} to {}.", named(first.number.name),
                        money(first.swing(), currency, error), end_of_range(first, first.range.low),
                        end_of_range(first, first.range.high));
  }
  return text;
}

/// The numbers that are drawn: those with a swing, the largest first.
[[nodiscard]] std::vector<const NumberSensitivity*> drawn_numbers(const Sensitivity& sensitivity) {
  std::vector<const NumberSensitivity*> shown;
  for (const NumberSensitivity& number : sensitivity.numbers) {
    if (shown.size() < numbers_shown && number.swing() > 0) shown.push_back(&number);
  }
  return shown;
}

/// Both ends of each number's swing as one bar around today's value, which is the axis.
[[nodiscard]] std::vector<std::string> tornado_of(const std::vector<const NumberSensitivity*>& shown, double today) {
  double least = 0;
  double most = 0;
  for (const NumberSensitivity* number : shown) {
    least = std::min({least, *number->at_low - today, *number->at_high - today});
    most = std::max({most, *number->at_low - today, *number->at_high - today});
  }
  std::vector<double> down, up;
  for (const NumberSensitivity* number : shown) {
    down.push_back(-std::min({0.0, *number->at_low - today, *number->at_high - today}));
    up.push_back(std::max({0.0, *number->at_low - today, *number->at_high - today}));
  }
  const double size = std::max(most, -least);
  const std::size_t side = tornado_width / 2;
  std::vector<std::string> bars_drawn;
  for (std::size_t k = 0; k < shown.size(); ++k) {
    const auto cells = [&](double part) {
      if (!(part > 0) || !(size > 0)) return std::size_t{0};
      return std::max<std::size_t>(1, static_cast<std::size_t>(part / size * static_cast<double>(side) + 0.5));
    };
    std::string left, right;
    for (std::size_t c = cells(down[k]); c-- > 0;) left += "█";
    for (std::size_t c = cells(up[k]); c-- > 0;) right += "█";
    bars_drawn.push_back(padded_left(left, side) + "│" + padded_right(right, side));
  }
  return bars_drawn;
}

[[nodiscard]] Grid tornado_grid(const Sensitivity& sensitivity) {
  const std::vector<const NumberSensitivity*> shown = drawn_numbers(sensitivity);
  Grid grid{.columns = {{.head = {"number"}, .align = Align::left, .gives_way = true},
                        {.head = {"value"}},
                        {.head = {"from"}},
                        {.head = {"to"}},
                        {.align = Align::left},
                        {.head = {"elasticity"}},
                        {.head = money_head({"swing"}, sensitivity.model)},
                        {.align = Align::left}}};
  const auto flips = [](const NumberSensitivity* number) { return number->flips.value_or(false); };
  const bool any_flips = std::any_of(shown.begin(), shown.end(), flips);
  if (any_flips) grid.columns.push_back({.head = {"winner"}, .align = Align::left});
  Figures swings;
  for (const NumberSensitivity* number : shown) swings.push_back(number->swing());
  const std::vector<std::string> swing = figures(swings, Figures(swings.size(), money_error_of(sensitivity)));
  const std::vector<std::string> tornado = tornado_of(shown, sensitivity.of());
  for (std::size_t k = 0; k < shown.size(); ++k) {
    const NumberSensitivity& number = *shown[k];
    GridRow row{
        {printable(number.number.name), as_written(number.number.value), end_of_range(number, number.range.low),
         end_of_range(number, number.range.high), number.range.is_known ? "*" : "",
         number.elasticity ? figure(*number.elasticity, {.decimals = 2}) : std::string{dash}, swing[k], tornado[k]},
        flips(&number) ? Tone::warning : Tone::plain};
    if (any_flips) row.cells.push_back(flips(&number) ? "flips" : "");
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

[[nodiscard]] std::string notes_of(const Sensitivity& sensitivity) {
  const bool any_known = std::any_of(sensitivity.numbers.begin(), sensitivity.numbers.end(),
                                     [](const NumberSensitivity& number) { return number.range.is_known; });
  std::string text = any_known ? "* from the 5 % to the 95 % quantile of what the model says to be uncertain; elsewhere"
                                 " 10 % less and 10 % more."
                               : "Each number is moved by 10 % less and 10 % more, within what the model allows.";
  text += " Elasticity is percent of the result for one percent of the number. Spend levels are held.";
  const auto moved =
      static_cast<std::size_t>(std::count_if(sensitivity.numbers.begin(), sensitivity.numbers.end(),
                                             [](const NumberSensitivity& number) { return number.swing() > 0; }));
  if (sensitivity.quadrature_error >= quadrature_error_shown) {
    text += " Amounts are rounded to their quadrature error, " + error_percent(sensitivity.quadrature_error) + ".";
  }
  if (moved > numbers_shown) text += fmt::format(" {} more move it less.", moved - numbers_shown);
  return text;
}

[[nodiscard]] std::string break_evens_in_words(const Sensitivity& sensitivity, Colour colour) {
  std::string text;
  for (const NumberSensitivity& number : sensitivity.numbers) {
    if (!number.break_even) continue;
    const BreakEven& found = *number.break_even;
    std::string line = printable(number.number.name) + ": ";
    if (found.outcome == BreakEvenOutcome::always) line += "the two tie at every value looked at.";
    if (found.outcome == BreakEvenOutcome::at)
      line += "the two tie at " + as_written(*found.value) + "; today it is " + as_written(number.number.value) + ".";
    if (found.outcome == BreakEvenOutcome::never) {
      line += "the two never tie in the admissible range (looked at from " + in_four_digits(found.low) + " to " +
              in_four_digits(found.high) + ").";
    }
    text += paragraph(line, 2, 4);
  }
  if (text.empty()) return text;
  return "\n" + painted("Break-even", Tone::headline, colour) + "\n\n" + text;
}

[[nodiscard]] Grid waveline_grid(const Sensitivity& sensitivity) {
  const Model& model = sensitivity.model;
  Grid grid{.columns = {{.head = {"stage"}, .align = Align::left},
                        {.head = {"state"}, .align = Align::left, .gives_way = true},
                        {.head = {"satisfaction"}},
                        {.head = {"person-", "periods"}},
                        {.head = money_head({"each", "brings"}, model)},
                        {.head = {"leave"}},
                        {.head = money_head({"one point", "is worth"}, model)},
                        {.head = {"moved to"}, .align = Align::left, .gives_way = true}}};
  std::vector<std::size_t> order;
  for (const std::size_t i : states_by_stage(model)) {
    if (order.size() < states_shown) order.push_back(i);
  }
  Figures rates, values_found, people, leaving;
  for (const std::size_t i : order) {
    const Touchpoint& touchpoint = sensitivity.waveline.touchpoints[i];
    rates.push_back(touchpoint.value_rate);
    values_found.push_back(touchpoint.worth_of_a_point);
    people.push_back(touchpoint.people);
    leaving.push_back(touchpoint.leaving);
  }
  const auto within = [&](const Figures& values) { return errors_within(values, sensitivity.quadrature_error); };
  const auto rate = figures(rates, within(rates)), worth = figures(values_found, within(values_found));
  const auto there = head_counts(people, within(people)), absorbed = head_counts(leaving, within(leaving));
  for (std::size_t k = 0; k < order.size(); ++k) {
    const Touchpoint& touchpoint = sensitivity.waveline.touchpoints[order[k]];
    grid.rows.push_back(
        {{std::string{name_of(touchpoint.stage)}, printable(touchpoint.state),
          touchpoint.satisfaction ? as_written(*touchpoint.satisfaction) : std::string{dash}, there[k], rate[k],
          absorbed[k], worth[k], touchpoint.best_move ? printable(model.states()[*touchpoint.best_move].name) : ""},
         Tone::plain});
  }
  return grid;
}

[[nodiscard]] std::string satisfaction_in_words(const Sensitivity& sensitivity) {
  std::vector<double> course;
  for (const WavelinePeriod& period : sensitivity.waveline.over_time) {
    if (period.satisfaction) course.push_back(*period.satisfaction);
  }
  if (course.size() < 2) return {};
  return "  satisfaction over time  " + sparkline(course, 48) + "  " + figure(course.front(), {.decimals = 2}) +
         " to " + figure(course.back(), {.decimals = 2}) + "\n";
}

}  // namespace

std::string table(const Sensitivity& given, Colour colour, MoneyScale scale) {
  const Sensitivity sensitivity = in_units(given, scale);
  std::string text = painted_paragraph(printable(sensitivity.model.name()) + ": sensitivity", Tone::headline, colour) +
                     painted_paragraph(results_in_words(sensitivity.model), Tone::secondary, colour) + "\n" +
                     paragraph(verdict_in_words(sensitivity)) + "\n" + drawn(tornado_grid(sensitivity), colour) +
                     painted_paragraph(notes_of(sensitivity), Tone::secondary, colour) +
                     break_evens_in_words(sensitivity, colour);
  text += "\n" + painted("The waveline of " + named(sensitivity.scenario), Tone::headline, colour) + "\n\n" +
          drawn(waveline_grid(sensitivity), colour) + satisfaction_in_words(sensitivity) +
          painted_paragraph(
              "Person-periods and those who leave are discounted to today. One point is a percentage point"
              " a period more of the best move out of a state, from its other outcomes in proportion.",
              Tone::secondary, colour);
  return text;
}

}  // namespace tenure
