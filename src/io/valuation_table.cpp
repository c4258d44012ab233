// A valuation as pages, one for each scenario: what the business is worth, what a person is worth by state and by
// channel, and how it goes on.

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
#include "tenure/chain/channels.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/io/table.hpp"
#include "tenure/model/model.hpp"
#include "text_width.hpp"

namespace tenure {

namespace {

using namespace display;

constexpr std::size_t sparkline_width = 48;

/// What the business comes to, a line each.
[[nodiscard]] std::string totals(const Model& model, const ScenarioValue& valued, Colour colour) {
  const BusinessValue& business = valued.value.business.value();
  const std::string unit{name_of(model.period())};
  const double error = valued.quadrature_error;
  const auto amount = [&](double value) { return money(value, currency_of(model), error * std::abs(value)); };
  const auto within = [&](const std::optional<double>& value) { return errors_within({value}, error); };
  const auto count = head_counts({business.acquired}, within(business.acquired)).front();
  const auto kept = percents({business.retention_rate}, within(business.retention_rate)).front();
  const double cost = business.acquisition_cost.value_or(0);
  Grid grid{.columns = {{.align = Align::left}, {.align = Align::left}},
            .rows = {{{"Customer equity", amount(business.customer_equity)}, Tone::headline},
                     {{"Investment, already deducted", amount(investment_of(valued))}},
                     {{"Customers acquired", count}},
                     {{"Cost of acquiring each", cost != 0 ? amount(cost) : std::string{dash}}},
                     {{"Customers retained each " + unit, kept}}}};
  if (error >= quadrature_error_shown) {
    const double known_within = error * std::abs(business.customer_equity);
    grid.rows.insert(grid.rows.begin() + 1,
                     {{"Give or take, quadrature error",
                       money(known_within, currency_of(model), known_within) + " (" + error_percent(error) + ")"}});
  }
  if (business.risk) {
    const auto spread = [&](double variance) { return amount(std::sqrt(variance)); };
    grid.rows.push_back({{"Give or take, chance among people", spread(business.risk->variance_from_people)}});
    if (model.draft().environment) {
      grid.rows.push_back({{"Give or take, the market they share", spread(business.risk->variance_from_market)}});
    }
  } else if (model.draft().environment && model.horizon()) {
    grid.rows.push_back({{"Give or take", "too many states and ages to say; see tenure simulate --engine population"}});
  }
  return drawn(grid, colour);
}

[[nodiscard]] std::string levers_in_force(const Model& model, const ScenarioValue& valued, Colour colour) {
  Grid grid{.columns = {{.head = {"lever"}, .align = Align::left, .gives_way = true},
                        {.head = {"spend level is"}, .align = Align::left},
                        {.head = money_head({"level"}, model)},
                        {.head = money_head({"investment"}, model)}}};
  Figures levels;
  Figures spent;
  for (std::size_t l = 0; l < model.levers().size(); ++l) {
    if (!(valued.spending.at(l) > 0)) continue;
    const Lever& lever = model.levers()[l];
    grid.rows.push_back({{printable(lever.label), spend_unit(model, lever)}});
    levels.push_back(valued.spending[l]);
    spent.push_back(lever_investment(valued, l));
  }
  const auto level_texts = figures(levels, errors_within(levels, valued.quadrature_error));
  const auto spent_texts = figures(spent, errors_within(spent, valued.quadrature_error));
  for (std::size_t k = 0; k < grid.rows.size(); ++k) {
    grid.rows[k].cells.insert(grid.rows[k].cells.end(), {level_texts[k], spent_texts[k]});
  }
  return grid.rows.empty() ? std::string{} : "\n" + drawn(grid, colour);
}

[[nodiscard]] std::vector<std::string> state_figures(const ScenarioValue& valued, const std::vector<std::size_t>& order,
                                                     std::optional<double> StateValue::*measure) {
  Figures values;
  for (const std::size_t i : order) values.push_back(valued.value.states.at(i).*measure);
  return figures(values, errors_within(values, valued.quadrature_error));
}

[[nodiscard]] Grid state_grid(const Model& model, const ScenarioValue& valued, const std::vector<std::size_t>& order) {
  const bool has_referrals = !model.referrals().empty();
  const std::string periods = std::string{name_of(model.period())} + "s as";
  Grid grid{.columns = {{.head = {"stage"}, .align = Align::left},
                        {.head = {"begins as"}, .align = Align::left, .gives_way = true},
                        {.head = money_head({"is worth"}, model)},
                        {.head = money_head({"± sd"}, model)}}};
  if (has_referrals) grid.columns.push_back({.head = money_head({"with", "referrals"}, model)});
  grid.columns.push_back({.head = {periods, "customer"}});
  const auto clv = state_figures(valued, order, &StateValue::clv);
  const auto sd = state_figures(valued, order, &StateValue::clv_sd);
  const auto with_referrals = state_figures(valued, order, &StateValue::clv_with_referrals);
  const auto duration = state_figures(valued, order, &StateValue::expected_periods_as_customer);
  for (std::size_t k = 0; k < order.size(); ++k) {
    const State& state = model.states()[order[k]];
    const bool opens_stage = k == 0 || model.states()[order[k - 1]].stage != state.stage;
    GridRow row{{opens_stage ? std::string{name_of(state.stage)} : "", printable(state.name), clv[k], sd[k]}};
    if (has_referrals) row.cells.push_back(with_referrals[k]);
    row.cells.push_back(duration[k]);
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

[[nodiscard]] std::string value_by_state(const Model& model, const ScenarioValue& valued, Colour colour) {
  std::vector<std::size_t> order = states_by_stage(model);
  const std::size_t left_out = order.size() - std::min(order.size(), states_shown);
  order.resize(order.size() - left_out);
  std::string text = "\n" + painted("What one person is worth", Tone::headline, colour) + "\n\n" +
                     drawn(state_grid(model, valued, order), colour);
  if (left_out > 0) text += paragraph(fmt::format("… and {} more states; JSON and CSV list them all.", left_out));
  return text;
}

/// The channels, and from their sum to the customer equity.
[[nodiscard]] std::string value_by_channel(const Model& model, const ScenarioValue& valued, Colour colour) {
  const BusinessValue& business = valued.value.business.value();
  const std::vector<std::string> channels = channel_names(model);
  Figures people;
  Figures each;
  Figures equity;
  double sum = 0;
  for (const ChannelValue& channel : business.channels) {
    people.push_back(channel.people);
    each.push_back(channel.value_each);
    equity.push_back(channel.customer_equity);
    sum += channel.customer_equity;
  }
  double per_period = 0;
  for (std::size_t l = 0; l < model.levers().size(); ++l) {
    if (model.levers()[l].spend_per == SpendPer::period) per_period += lever_investment(valued, l);
  }
  equity.insert(equity.end(), {sum, -per_period, business.customer_equity});
  const auto within = [&](const Figures& values) { return errors_within(values, valued.quadrature_error); };
  const auto people_texts = head_counts(people, within(people));
  const auto each_texts = figures(each, within(each));
  const auto equity_texts = figures(equity, within(equity));
  Grid grid{.columns = {{.head = {"who comes"}, .align = Align::left, .gives_way = true},
                        {.head = {"people", "as of today"}},
                        {.head = money_head({"worth", "each"}, model)},
                        {.head = money_head({"all", "together"}, model)}}};
  const std::size_t count = channels.size();
  for (std::size_t c = 0; c < count; ++c) {
    grid.rows.push_back({{printable(channels[c]), people_texts[c], each_texts[c], equity_texts[c]}});
  }
  if (count > 1) grid.rows.push_back({{"total", "", "", equity_texts[count]}});
  if (per_period > 0)
    grid.rows.push_back({{"spend that falls on nobody in particular", "", "", equity_texts[count + 1]}});
  grid.rows.push_back({{"customer equity", "", "", equity_texts[count + 2]}, Tone::headline});
  return "\n" + painted("Who comes, and what they bring", Tone::headline, colour) + "\n\n" + drawn(grid, colour);
}

/// Types of people side by side: who come in each segment, and what they bring.
[[nodiscard]] std::string value_by_segment(const Model& model, const ScenarioValue& valued, Colour colour) {
  const std::vector<Segment>& segments = model.draft().segments;
  if (segments.empty()) return {};
  Figures people;
  Figures each;
  Figures equity;
  for (const SegmentValue& segment : valued.value.segments) {
    people.push_back(segment.arrivals.people);
    each.push_back(segment.arrivals.value_each);
    equity.push_back(segment.arrivals.customer_equity);
  }
  const auto within = [&](const Figures& values) { return errors_within(values, valued.quadrature_error); };
  const auto people_texts = head_counts(people, within(people));
  const auto each_texts = figures(each, within(each));
  const auto equity_texts = figures(equity, within(equity));
  Grid grid{.columns = {{.head = {"segment"}, .align = Align::left, .gives_way = true},
                        {.head = {"people", "as of today"}},
                        {.head = money_head({"worth", "each"}, model)},
                        {.head = money_head({"all", "together"}, model)}}};
  for (std::size_t s = 0; s < segments.size(); ++s) {
    grid.rows.push_back({{printable(segments[s].name), people_texts[s], each_texts[s], equity_texts[s]}});
  }
  return "\n" + painted("Which people they are", Tone::headline, colour) + "\n\n" + drawn(grid, colour);
}

[[nodiscard]] std::vector<double> customers_over_time(const Model& model, const Trace& trace) {
  std::vector<double> customers(trace.cash_flow.size(), 0.0);
  for (std::size_t i = 0; i < model.states().size(); ++i) {
    if (!is_customer(model.states()[i].stage)) continue;
    for (std::size_t t = 0; t < customers.size(); ++t) customers[t] += trace.people.at(i).at(t);
  }
  return customers;
}

[[nodiscard]] std::string course_in_words(const std::vector<double>& values, Rounding rounding, double share_of_largest,
                                          const Model& model) {
  const double error = errors_within({values.begin(), values.end()}, share_of_largest).front().value_or(0);
  rounding.decimals = std::min(rounding.decimals, std::max(0, decimals_within(error)));
  const auto text_of = [&](double value) { return figure(rounded_to(value, error), rounding); };
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const auto period_of = [&](auto place) {
    return fmt::format("{} {}", name_of(model.period()), place - values.begin());
  };
  std::string text = fmt::format("from {} to {}", text_of(values.front()), text_of(values.back()));
  if (*most > std::max(values.front(), values.back())) {
    text += fmt::format(", most {} in {}", text_of(*most), period_of(most));
  }
  if (*least < std::min(values.front(), values.back())) {
    text += fmt::format(", least {} in {}", text_of(*least), period_of(least));
  }
  return text;
}

[[nodiscard]] std::string over_time(const Model& model, const Trace& trace, double error, Colour colour) {
  if (trace.cash_flow.empty()) return {};
  const std::vector<double> customers = customers_over_time(model, trace);
  const std::vector<double>& money_flow = trace.discounted_cash_flow;
  const Grid grid{
      .columns = {{.align = Align::left}, {.align = Align::left}, {.align = Align::left, .gives_way = true}},
      .rows = {{{"customers", sparkline(customers, sparkline_width),
                 course_in_words(customers, people_rounding_for(customers), error, model)}},
               {{"discounted cash flow", sparkline(money_flow, sparkline_width),
                 course_in_words(money_flow, rounding_for(money_flow), error, model)}}}};
  return "\n" + painted("How it goes on", Tone::headline, colour) + "\n\n" + drawn(grid, colour);
}

[[nodiscard]] std::string page(const Model& model, const ScenarioValue& valued, Colour colour) {
  const Scenario& scenario = valued.scenario;
  std::string text = "\n" + painted_paragraph("Scenario " + named(scenario.name), Tone::headline, colour);
  if (!scenario.note.empty()) text += painted_paragraph(printable(scenario.note), Tone::secondary, colour);
  text += "\n";
  const std::optional<BusinessValue>& business = valued.value.business;
  text +=
      business
          ? totals(model, valued, colour)
          : paragraph("Nobody arrives in this model, so the business as a whole has no value; a single person has.");
  text += levers_in_force(model, valued, colour) + value_by_state(model, valued, colour);
  if (business) text += value_by_channel(model, valued, colour) + value_by_segment(model, valued, colour);
  if (const Trace* trace = trace_of(valued)) text += over_time(model, *trace, valued.quadrature_error, colour);
  return text;
}

}  // namespace

std::string table(const Valuation& given, Colour colour, MoneyScale scale) {
  const Valuation valuation = in_units(given, scale);
  std::string text =
      painted_paragraph(printable(valuation.model.name()) + ": what customers are worth", Tone::headline, colour) +
      painted_paragraph(results_in_words(valuation.model), Tone::secondary, colour);
  for (const ScenarioValue& valued : valuation.scenarios) text += page(valuation.model, valued, colour);
  if (!valuation.complete)
    text += "\n" + painted_paragraph("Interrupted: these are the first scenarios.", Tone::warning, colour);
  return text;
}

}  // namespace tenure
