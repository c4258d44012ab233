// The best policy as a page: what it is worth over the best plan without it, what to do with whom, and what simpler
// plans are worth.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "figures.hpp"
#include "in_units.hpp"
#include "layout.hpp"
#include "model_words.hpp"
#include "result_views.hpp"
#include "tenure/decide/policy.hpp"
#include "tenure/io/table.hpp"
#include "tenure/model/model.hpp"
#include "text_width.hpp"

namespace tenure {

namespace {

using namespace display;

[[nodiscard]] std::string amount(const PolicyValue& policy, double value) {
  return money(value, currency_of(policy.model));
}

[[nodiscard]] std::string fixed_in_words(const PolicyValue& policy, const FixedPolicy& fixed) {
  switch (fixed.plan) {
    case FixedPlan::nothing:
      return "doing nothing";
    case FixedPlan::action:
      return "always " + printable(fixed.name);
    case FixedPlan::scenario:
      break;
  }
  return "scenario " + printable(fixed.name) + (fixed.name == policy.scenario.name ? ", nobody decides" : "");
}

[[nodiscard]] std::string verdict(const PolicyValue& policy) {
  if (!policy.customer_equity) return "Nobody arrives in this model: values are those of a person in each state.";
  const std::string loss = *policy.customer_equity < 0 ? "No policy pays: even the best one loses money. " : "";
  std::string text = loss + "The best policy makes the business worth " + amount(policy, *policy.customer_equity);
  const double cost = policy.cost.value_or(0);
  if (cost > 0) text += ", net of " + amount(policy, cost) + " that the actions cost";
  if (cost < 0) text += ", with " + amount(policy, -cost) + " that the actions save";
  if (!policy.best_fixed) return text + ".";
  const FixedPolicy& best = policy.fixed[*policy.best_fixed];
  const double gain = policy.gain().value_or(0);
  const std::string other = fixed_in_words(policy, best) + " (" + amount(policy, *best.customer_equity) + ")";
  if (std::abs(gain) <= 1e-9 * std::abs(*policy.customer_equity)) return text + ": no more than " + other + ".";
  if (gain > 0)
    return text + ": " + amount(policy, gain) + " more than the best plan in which nobody decides, " + other + ".";
  return text + ". Another scenario is worth more without any action: " + other +
         ". Ask for the policy on top of it with --scenario.";
}

/// A power of ten at least as large, so that the last bit of a bound does not show.
[[nodiscard]] std::string proof(const PolicyValue& policy) {
  if (!policy.bound) return "How close to the best this is could not be proved: some policy never ends.";
  double least = 1e-15;
  while (least < *policy.bound) least *= 10;
  return fmt::format("Proved: no policy makes a person in any state worth more by more than {:.0e}.", least);
}

/// "0–2", "3 and more", "4".
[[nodiscard]] std::string ages(const PolicyRow& row) {
  if (!row.age_until) return row.age == 0 ? "any" : std::to_string(row.age) + " and more";
  if (*row.age_until == row.age + 1) return std::to_string(row.age);
  return std::to_string(row.age) + "–" + std::to_string(*row.age_until - 1);
}

[[nodiscard]] std::string periods(const PolicyRow& row) {
  if (!row.until) return row.from == 0 ? "always" : "from " + std::to_string(row.from);
  if (*row.until == row.from + 1) return std::to_string(row.from);
  return std::to_string(row.from) + "–" + std::to_string(*row.until - 1);
}

[[nodiscard]] std::string end_in_words(const PolicyValue& policy) {
  const bool compared = std::all_of(policy.rows.begin(), policy.rows.end(),
                                    [](const PolicyRow& row) { return row.end_effect.has_value(); });
  if (!compared)
    return "What is done only because the end is near could not be told: a horizon twice as long has no value, or "
           "takes "
           "too much to compute.";
  const std::optional<std::int64_t> from = policy.end_effect_from();
  if (!from) return {};
  return fmt::format(
      "† From {} {} on this is the end's effect: with a horizon twice as long something else would be best then. It is "
      "no "
      "advice for a business that goes on.",
      name_of(policy.model.period()), *from);
}

inline constexpr std::size_t rows_shown = 200;

[[nodiscard]] std::string what_to_do(const PolicyValue& policy, Colour colour) {
  const Model& model = policy.model;
  const bool has_segments = !model.draft().segments.empty();
  bool has_ages = false;
  for (const PolicyRow& row : policy.rows) has_ages = has_ages || model.states()[row.state].dwell.has_value();
  Grid grid;
  if (has_segments) grid.columns.push_back({.head = {"segment"}, .align = Align::left, .gives_way = true});
  grid.columns.push_back({.head = {"state"}, .align = Align::left, .gives_way = true});
  const std::string period{name_of(model.period())};
  if (has_ages) grid.columns.push_back({.head = {period + "s", "in it"}});
  if (!policy.regimes.empty()) grid.columns.push_back({.head = {"market"}, .align = Align::left, .gives_way = true});
  grid.columns.push_back({.head = {"in " + period}});
  grid.columns.push_back({.head = {"do"}, .align = Align::left, .gives_way = true});
  grid.columns.push_back({.head = money_head({"worth", "then"}, model)});
  grid.columns.push_back({.head = {"over the", "next best"}});
  Figures value, advantage;
  const std::size_t shown = std::min(rows_shown, policy.rows.size());
  for (std::size_t k = 0; k < shown; ++k) {
    value.push_back(policy.rows[k].value);
    advantage.push_back(policy.rows[k].advantage);
  }
  const std::vector<std::string> values = figures(value);
  const std::vector<std::string> advantages = figures(advantage);
  for (std::size_t k = 0; k < shown; ++k) {
    const PolicyRow& row = policy.rows[k];
    GridRow line;
    if (has_segments) line.cells.push_back(printable(model.draft().segments[row.segment].name));
    line.cells.push_back(printable(model.states()[row.state].name));
    if (has_ages) line.cells.push_back(model.states()[row.state].dwell ? ages(row) : std::string{dash});
    if (!policy.regimes.empty()) line.cells.push_back(printable(policy.regimes[row.regime]));
    line.cells.push_back(periods(row));
    line.cells.push_back((row.action ? printable(model.actions()[*row.action].label) : std::string{no_action_name}) +
                         (row.end_effect == true ? " †" : ""));
    line.cells.push_back(values[k]);
    line.cells.push_back(advantages[k]);
    line.tone = row.end_effect == true ? Tone::secondary : row.action ? Tone::best : Tone::plain;
    grid.rows.push_back(std::move(line));
  }
  std::string text = drawn(grid, colour);
  if (policy.rows.size() > shown)
    text += fmt::format("… and {} more lines: ask for --format csv or json\n", policy.rows.size() - shown);
  if (const std::string end = end_in_words(policy); !end.empty())
    text += painted_paragraph(end, Tone::secondary, colour);
  if (!model.horizon() && policy.cycle > 1) {
    text += painted_paragraph(
        fmt::format("From {} {} on this repeats every {}.", period, policy.repeats_from, counted(policy.cycle, period)),
        Tone::secondary, colour);
  }
  return text;
}

[[nodiscard]] std::string other_plans(const PolicyValue& policy, Colour colour) {
  const Model& model = policy.model;
  Grid grid{.columns = {{.head = {"plan"}, .align = Align::left, .gives_way = true}}};
  std::vector<std::vector<std::string>> cells;
  const auto column = [&](std::vector<std::string> head, std::optional<double> best, auto figure_of) {
    Figures of_plans{best};
    for (const FixedPolicy& fixed : policy.fixed) of_plans.push_back(figure_of(fixed));
    grid.columns.push_back({.head = std::move(head)});
    cells.push_back(figures(of_plans));
  };
  if (policy.customer_equity) {
    column(money_head({"customer", "equity"}, model), policy.customer_equity,
           [](const FixedPolicy& fixed) { return fixed.customer_equity; });
  }
  constexpr std::size_t states_compared = 4;
  for (std::size_t i = 0; i < model.states().size() && grid.columns.size() <= states_compared; ++i) {
    if (model.states()[i].stage == Stage::lost) continue;
    column({printable(model.states()[i].name)}, policy.value[i],
           [i](const FixedPolicy& fixed) { return fixed.value[i]; });
  }
  grid.rows.push_back({{"the best policy"}, Tone::best});
  for (const FixedPolicy& fixed : policy.fixed) grid.rows.push_back({{fixed_in_words(policy, fixed)}, Tone::plain});
  for (std::size_t k = 0; k < grid.rows.size(); ++k) {
    for (const std::vector<std::string>& one : cells) grid.rows[k].cells.push_back(one[k]);
  }
  return drawn(grid, colour);
}

[[nodiscard]] std::string simulated_in_words(const PolicyValue& policy) {
  const SimulatedPolicy& simulated = *policy.simulated;
  std::string text = fmt::format("{} people lived under it, one by one (seed {}{}): a person is worth {}",
                                 head_count(static_cast<double>(simulated.people)), simulated.seed,
                                 simulated.referrals ? ", with those they bring" : "",
                                 figures({simulated.mean.mean}, {simulated.mean.standard_error}).front());
  if (simulated.mean.standard_error)
    text += " ± " + in_two_digits(*simulated.mean.standard_error) + " (standard error)";
  if (simulated.exact_mean) text += ", computed exactly " + figure(*simulated.exact_mean);
  if (const auto distance = surprising_distance(simulated.mean, simulated.exact_mean)) {
    text += "; they are " + figure(std::abs(*distance), {1, false}) +
            " standard errors apart, more than 3 as in one of 370 by luck alone";
  }
  return text + "." + (simulated.complete ? "" : " Interrupted: these are the first ones.");
}

}  // namespace

std::string table(const PolicyValue& given, Colour colour, MoneyScale scale) {
  const PolicyValue policy = in_units(given, scale);
  const Model& model = policy.model;
  std::string text =
      painted_paragraph(printable(model.name()) + ": whom to court, whom to let go", Tone::headline, colour) +
      painted_paragraph(results_in_words(model), Tone::secondary, colour) + "\n" +
      paragraph("On top of the scenario " + printable(policy.scenario.name) + ". " + verdict(policy)) + "\n" +
      what_to_do(policy, colour) + "\n" +
      painted("What a person in a state is worth, and the business", Tone::headline, colour) + "\n\n" +
      other_plans(policy, colour) + "\n" + painted_paragraph(proof(policy), Tone::secondary, colour);
  return policy.simulated ? text + painted_paragraph(simulated_in_words(policy), Tone::secondary, colour) : text;
}

}  // namespace tenure
