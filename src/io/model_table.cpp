// A checked model in words: what tenure understood, so that its author can see whether it is what was meant.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "completed_rows.hpp"
#include "figures.hpp"
#include "layout.hpp"
#include "lever_words.hpp"
#include "model_words.hpp"
#include "rows_grid.hpp"
#include "tenure/io/table.hpp"
#include "tenure/model/model.hpp"
#include "text_width.hpp"

namespace tenure {

namespace {

using namespace display;

constexpr std::size_t listed_shown = 100;  // of arrivals, referrals, and so on

[[nodiscard]] std::string section(const std::string& headline, const std::string& content, Colour colour) {
  return content.empty() ? content : "\n" + painted(headline, Tone::headline, colour) + "\n\n" + content;
}

/// Each item in its paragraph; a long list is cut.
template <class Items, class Say>
[[nodiscard]] std::string itemised(const Items& items, Say say) {
  std::string text;
  for (std::size_t k = 0; k < std::min(items.size(), listed_shown); ++k) text += paragraph(say(items[k]), 2, 4);
  if (items.size() > listed_shown) text += paragraph(fmt::format("… and {} more", items.size() - listed_shown), 2);
  return text;
}

[[nodiscard]] std::string timing_in_words(CashFlowTiming timing) {
  return std::string{cash_flow_timing_names[static_cast<std::size_t>(timing)]};
}

[[nodiscard]] std::string head_in_words(const Model& model) {
  const std::string unit = std::string{name_of(model.period())};
  const double factor = discount_factor(model.draft().discount_rate, model.period());
  std::string text = fmt::format("Time moves in {}s. The model looks {}{}. ", unit, horizon_in_words(model),
                                 model.horizon() ? " ahead" : "");
  text += model.draft().discount_rate == 0 ? "Money later counts as much as money today. "
                                           : fmt::format("Money is {}, a factor of {} a {}. ",
                                                         discounting_in_words(model), as_written(factor), unit);
  text += fmt::format("A state's cash flow falls at the {} of its {}. ",
                      timing_in_words(model.draft().cash_flow_timing), unit);
  const std::string currency = currency_of(model);
  return text + (currency.empty() ? "No currency is named." : "Amounts are in " + currency + ".");
}

[[nodiscard]] std::string arrivals_in_words(const Model& model, const Arrivals& arrivals) {
  const std::string unit = std::string{name_of(model.period())};
  std::string text = printable(arrivals.name) + ": ";
  if (const auto* once = std::get_if<ArriveOnce>(&arrivals.flow)) {
    return text + fmt::format("{} once, in {} {}, as {}", as_written(once->count), unit, arrivals.from,
                              printable(arrivals.state));
  }
  if (const auto* steady = std::get_if<ArriveSteadily>(&arrivals.flow)) {
    text += fmt::format("{} every {}", as_written(steady->per_period), unit);
    if (steady->growth != 0) {
      text += fmt::format(", {} {} % a year", steady->growth > 0 ? "growing" : "shrinking",
                          as_written(100 * std::abs(steady->growth)));
    }
  } else {
    const auto& schedule = std::get<ArriveBySchedule>(arrivals.flow).schedule;
    text +=
        fmt::format("{} in all by a schedule of {}", as_written(std::accumulate(schedule.begin(), schedule.end(), 0.0)),
                    counted(static_cast<std::int64_t>(schedule.size()), unit));
  }
  const std::string window = window_in_words(arrivals.from, arrivals.until, model.period());
  return text + ", as " + printable(arrivals.state) + (window.empty() ? "" : ", " + window);
}

[[nodiscard]] std::string referral_in_words(const Model& model, const Referral& referral) {
  const std::string more = peculiarities(referral.per_period, model.period());
  return fmt::format("{} brings {} people a {} as {}{}", printable(referral.from),
                     as_written(mean_at(referral.per_period, 0, model.period())), std::string{name_of(model.period())},
                     printable(referral.to), more.empty() ? "" : " (" + more + ")");
}

[[nodiscard]] std::string segment_in_words(const Segment& segment) {
  return fmt::format("{}: {} % of those who come; {} of its own, {} of its own", printable(segment.name),
                     as_written(100 * segment.share),
                     counted(static_cast<std::int64_t>(segment.transitions.size()), "transition"),
                     counted(static_cast<std::int64_t>(segment.states.size()), "cash flow"));
}

[[nodiscard]] std::string season_in_words(const Model& model, const CalendarEntry& entry) {
  constexpr std::size_t odds_shown = 24;
  std::string odds;
  for (std::size_t k = 0; k < std::min(entry.odds.size(), odds_shown); ++k)
    odds += (k ? ", " : "") + as_written(entry.odds[k]);
  if (entry.odds.size() > odds_shown) odds += ", …";
  const std::string window = window_in_words(entry.from.value_or(0), entry.until, model.period());
  return fmt::format("{} → {}: odds times {}{}{}", printable(entry.from_state), printable(entry.to_state), odds,
                     entry.odds.size() > 1 ? ", over and over" : "", window.empty() ? "" : ", " + window);
}

[[nodiscard]] std::string correlation_in_words(const Correlation& correlation) {
  std::vector<std::string> names;
  for (const std::string& name : correlation.between) names.push_back(printable(name));
  return fmt::format("{}: {}", listed(names), as_written(correlation.value));
}

[[nodiscard]] std::string market_in_words(const Environment& market) {
  std::vector<std::string> states;
  for (const std::string& state : market.states) states.push_back(printable(state));
  return fmt::format("is {}; begins as {}; {}", listed(states), printable(market.start),
                     counted(static_cast<std::int64_t>(market.effects.size()), "effect"));
}

[[nodiscard]] std::string levers_in_words(const Model& model) {
  const std::vector<std::vector<CompletedRow>> rows = completed_rows_by_segment(model);
  std::string text;
  for (const Lever& lever : model.levers()) {
    text += paragraph(lever_in_words(model, lever), 2, 4);
    for (const LeverEffect& effect : lever.effects)
      text += paragraph(effect_in_words(model, rows, lever, effect), 4, 6);
  }
  return text;
}

[[nodiscard]] std::string put_in_words(const Model& model, const ActionEffect& effect) {
  const auto mean = [&](const Number& number) { return mean_at(number, 0, model.period()); };
  if (const auto* row = std::get_if<PutsTransition>(&effect)) {
    std::string text = "the transition " + printable(row->from) + " → " + printable(row->to);
    if (row->probability) text += " has probability " + as_written(mean(*row->probability));
    if (row->cash_flow)
      text +=
          std::string{row->probability ? " and" : ""} + " brings " + money(mean(*row->cash_flow), currency_of(model));
    return text;
  }
  if (const auto* cash = std::get_if<PutsCashFlow>(&effect)) {
    return "the cash flow of " + printable(cash->state) + " is " + money(mean(cash->cash_flow), currency_of(model));
  }
  if (const auto* referred = std::get_if<PutsReferral>(&effect)) {
    return "the referrals " + printable(referred->from) + " → " + printable(referred->to) + " are " +
           as_written(mean(referred->per_period));
  }
  const auto& dwell = std::get<PutsDwell>(effect);
  return "the chance to leave " + printable(dwell.state) + " is " + as_written(mean(dwell.factor)) + " × today's";
}

[[nodiscard]] std::string actions_in_words(const Model& model) {
  std::string text;
  for (const Action& action : model.actions()) {
    std::vector<std::string> states, segments;
    for (const std::string& state : action.in) states.push_back(printable(state));
    for (const std::string& segment : action.segments) segments.push_back(printable(segment));
    std::string head = printable(action.label) + (action.label == action.name ? "" : " (" + named(action.name) + ")") +
                       ": may be taken in " + listed(states);
    if (!segments.empty()) head += ", segments " + listed(segments) + " only";
    const double cost = mean_at(action.cost, 0, model.period());
    head += fmt::format("; {} per customer and {}", money(cost, currency_of(model)), name_of(model.period()));
    text += paragraph(head, 2, 4);
    for (const ActionEffect& effect : action.effects) text += paragraph(put_in_words(model, effect), 4, 6);
  }
  return text;
}

[[nodiscard]] const Lever& lever_of(const Model& model, const std::string& name) {
  return *std::find_if(model.levers().begin(), model.levers().end(),
                       [&](const Lever& lever) { return lever.name == name; });
}

[[nodiscard]] std::string plan_in_words(const Model& model, const Scenario& scenario) {
  std::vector<std::string> parts;
  if (const auto* plan = std::get_if<BudgetSplit>(&scenario.plan)) {
    for (const auto& [lever, share] : plan->split) {
      parts.push_back(fmt::format("{} % on {}", as_written(100 * share), printable(lever_of(model, lever).label)));
    }
    return "a budget worth " + money(plan->budget, currency_of(model)) + " today" + (parts.empty() ? "" : ": ") +
           listed(parts);
  }
  for (const auto& [name, level] : std::get<SpendLevels>(scenario.plan)) {
    const Lever& lever = lever_of(model, name);
    if (level == 0) continue;
    parts.push_back(
        fmt::format("{} {} on {}", money(level, currency_of(model)), spend_unit(model, lever), printable(lever.label)));
  }
  return parts.empty() ? "nothing is spent" : listed(parts);
}

[[nodiscard]] std::string scenarios_in_words(const Model& model) {
  const std::string reference = reference_scenario(model).name;
  return itemised(all_scenarios(model), [&](const Scenario& scenario) {
    return printable(scenario.name) + (scenario.name == reference ? " (reference): " : ": ") +
           plan_in_words(model, scenario) + (scenario.note.empty() ? "" : ". " + printable(scenario.note));
  });
}

[[nodiscard]] std::string place_of(const Problem& problem) {
  if (problem.location.line == 0) return problem.path;
  return fmt::format("line {}, column {}: {}", problem.location.line, problem.location.column, problem.path);
}

[[nodiscard]] std::string warnings(const Model& model, Colour colour) {
  std::string text;
  for (const Problem& warning : model.warnings()) {
    const std::string where = place_of(warning);
    text +=
        painted_paragraph(printable(where + (where.empty() ? "" : ": ") + warning.message + " [" + warning.code + "]"),
                          Tone::warning, colour, 2, 4);
    if (!warning.hint.empty()) text += paragraph(printable(warning.hint), 6, 6);
  }
  return text.empty() ? "\nThere are no warnings.\n" : section("Warnings", text, colour);
}

}  // namespace

std::string table(const Model& model, Colour colour) {
  const std::vector<CompletedRow> rows = completed_rows(model);
  const ModelDraft& draft = model.draft();
  const auto with_model = [&](auto say) { return [&model, say](const auto& item) { return say(model, item); }; };
  std::string text =
      painted_paragraph(printable(model.name()), Tone::headline, colour) + paragraph(head_in_words(model));
  text += section("States, and how people move", states_and_rows(model, rows, colour), colour);
  text += section("Who comes", itemised(model.arrivals(), with_model(arrivals_in_words)), colour);
  text += section("Who brings others", itemised(model.referrals(), with_model(referral_in_words)), colour);
  text += section("Segments", itemised(draft.segments, segment_in_words), colour);
  text += section("Calendar", itemised(draft.calendar, with_model(season_in_words)), colour);
  if (draft.environment) text += section("Market", paragraph(market_in_words(*draft.environment), 2, 4), colour);
  text += section("Levers", levers_in_words(model), colour);
  text += section("Actions", actions_in_words(model), colour);
  text += section("Scenarios", scenarios_in_words(model), colour);
  text += section("Correlations of uncertain numbers", itemised(draft.correlations, correlation_in_words), colour);
  return text + warnings(model, colour);
}

}  // namespace tenure
