// The best plan as a page: what to do in a sentence, the split with bars, what shows that it is the best one, and the
// frontier as a picture.

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
#include "lever_words.hpp"
#include "model_words.hpp"
#include "tenure/decide/optimize.hpp"
#include "tenure/io/table.hpp"
#include "tenure/model/model.hpp"
#include "text_width.hpp"

namespace tenure {

namespace {

using namespace display;

[[nodiscard]] std::string in_currency(const Optimization& optimization, double amount) {
  return money(amount, currency_of(optimization.model));
}

/// A marginal return, or nothing where it is no more than what the certificate cannot tell from nothing.
[[nodiscard]] std::optional<double> shown_return(const OptimalPlan& plan, const std::optional<double>& marginal) {
  const bool is_nothing = marginal && std::abs(*marginal) <= std::max(1e-9, plan.residual);
  return is_nothing ? std::optional{0.0} : marginal;
}

/// Levers that a limit keeps from more, and what more would return on them: "“search” and “posters” are at their most,
/// where one more unit would still return 0.03 and 1.13".
[[nodiscard]] std::string held_in_words(const Optimization& optimization) {
  std::vector<std::string> names;
  Figures returns;
  for (std::size_t l = 0; l < optimization.best.levers.size(); ++l) {
    const LeverInPlan& lever = optimization.best.levers[l];
    if (lever.standing != LeverStanding::at_most || !(lever.marginal_return.value_or(0) > 0)) continue;
    names.push_back(named(optimization.model.levers()[l].name));
    returns.push_back(lever.marginal_return);
  }
  if (names.empty()) return "limits hold what would earn more.";
  return listed(names) + (names.size() == 1 ? " is at its most" : " are at their most") +
         ", where one more unit would still return " + listed(figures(returns)) + ".";
}

[[nodiscard]] std::string left_over_in_words(const Optimization& optimization) {
  switch (optimization.best.left_over_for) {
    case LeftOver::nothing:
      break;
    case LeftOver::returns:
      return "no lever would earn what it costs with more.";
    case LeftOver::limits:
      return held_in_words(optimization);
    case LeftOver::nobody:
      return "nobody is ever there to spend it on.";
  }
  return "";
}

[[nodiscard]] std::string what_to_do(const Optimization& optimization) {
  const OptimalPlan& best = optimization.best;
  if (!(best.investment > 0)) {
    return "Spend nothing: " +
           (best.left_over_for == LeftOver::nothing ? "there is nothing to spend." : left_over_in_words(optimization));
  }
  std::vector<std::string> parts;
  for (std::size_t l = 0; l < best.levers.size(); ++l) {
    if (!(best.levers[l].spend > 0)) continue;
    parts.push_back(percent(best.levers[l].share, {0, false}) + " on " + named(optimization.model.levers()[l].name));
  }
  return "Spend " + in_currency(optimization, best.investment) + ": " + listed(parts) + ".";
}

[[nodiscard]] std::string what_it_brings(const Optimization& optimization) {
  const OptimalPlan& best = optimization.best;
  const bool is_rounding = std::abs(best.incremental_value) <= 1e-12 * std::abs(best.customer_equity);
  std::string text = "Customer equity is then " + in_currency(optimization, best.customer_equity) + ", " +
                     (is_rounding ? "as under "
                                  : in_currency(optimization, std::abs(best.incremental_value)) +
                                        (best.incremental_value < 0 ? " less than under " : " more than under ")) +
                     named(optimization.versus) + ".";
  if (best.customer_equity < 0) text += " No plan pays: even the best one loses money.";
  if (optimization.target)
    text = "This is the smallest budget that reaches " + in_currency(optimization, *optimization.target) + ". " + text;
  if (best.left_over_for != LeftOver::nothing && best.investment > 0) {
    text += " " + in_currency(optimization, best.left_over()) + " is left over: " + left_over_in_words(optimization);
  } else if (best.left_over_for == LeftOver::nothing && best.budget) {
    text += " One more unit of budget would add " + figure(best.shadow_price) + ", net of itself.";
  }
  return text;
}

[[nodiscard]] std::string standing_in_words(LeverStanding standing) {
  switch (standing) {
    case LeverStanding::off:
      return "off";
    case LeverStanding::inside:
      return "";
    case LeverStanding::at_least:
      return "at its least";
    case LeverStanding::at_most:
      return "at its most";
    case LeverStanding::unusable:
      return "nobody is there";
  }
  return "";
}

/// One line a lever: its spend, its share as a bar, what one more unit would return.
[[nodiscard]] Grid split(const Optimization& optimization) {
  const Model& model = optimization.model;
  Grid grid{.columns = {{.head = {"lever"}, .align = Align::left, .gives_way = true},
                        {.head = {"kind"}, .align = Align::left},
                        {.head = money_head({"spend", "today's money"}, model)},
                        {.head = {"share"}},
                        {.head = {""}, .align = Align::left},
                        {.head = {"marginal", "return"}},
                        {.head = {""}, .align = Align::left}}};
  Figures spend;
  Figures shares;
  Figures returns;
  std::vector<double> lengths;
  for (const LeverInPlan& lever : optimization.best.levers) {
    spend.push_back(lever.spend);
    shares.push_back(lever.share);
    returns.push_back(shown_return(optimization.best, lever.marginal_return));
    lengths.push_back(lever.share);
  }
  const std::vector<std::string> spends = figures(spend);
  const std::vector<std::string> percentages = percents(shares);
  const std::vector<std::string> marginals = figures(returns);
  const std::vector<std::string> drawn_bars = bars(lengths, 20);
  for (std::size_t l = 0; l < lengths.size(); ++l) {
    const Lever& lever = model.levers()[l];
    grid.rows.push_back(
        {{printable(lever.label.empty() ? lever.name : lever.label), std::string{name_of(lever.kind)}, spends[l],
          percentages[l], drawn_bars[l], marginals[l], standing_in_words(optimization.best.levers[l].standing)},
         optimization.best.levers[l].spend > 0 ? Tone::plain : Tone::secondary});
  }
  return grid;
}

/// A column for each piece, headed by its first period.
[[nodiscard]] Grid grid_by_piece(const Optimization& optimization, const std::string& what) {
  const Model& model = optimization.model;
  Grid grid{.columns = {{.head = {"lever"}, .align = Align::left, .gives_way = true},
                        {.head = {what}, .align = Align::left}}};
  if (optimization.pieces.size() == 1) {
    grid.columns.push_back({.head = {"level"}});
    return grid;
  }
  for (const std::int64_t first : optimization.pieces)
    grid.columns.push_back({.head = {"from " + std::string{name_of(model.period())}, std::to_string(first)}});
  grid.columns.push_back({.head = {""}, .align = Align::left});
  return grid;
}

/// The levels, piece by piece.
[[nodiscard]] Grid levels(const Optimization& optimization) {
  const Model& model = optimization.model;
  Grid grid = grid_by_piece(optimization, "level is");
  for (std::size_t l = 0; l < model.levers().size(); ++l) {
    std::vector<double> by_piece;
    for (const LeverInPiece& piece : optimization.best.levers[l].pieces) by_piece.push_back(piece.level);
    if (!(*std::max_element(by_piece.begin(), by_piece.end()) > 0)) continue;
    GridRow row{{printable(model.levers()[l].name), spend_unit(model, model.levers()[l])}};
    for (const std::string& text : figures({by_piece.begin(), by_piece.end()})) row.cells.push_back(text);
    if (by_piece.size() > 1) row.cells.push_back(sparkline(by_piece, by_piece.size()));
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

/// What one more unit of money returns, piece by piece.
[[nodiscard]] Grid returns_by_piece(const Optimization& optimization) {
  Grid grid = grid_by_piece(optimization, "kind");
  for (std::size_t l = 0; l < optimization.best.levers.size(); ++l) {
    const Lever& lever = optimization.model.levers()[l];
    Figures returns;
    bool somewhere_unusable = false;
    for (const LeverInPiece& piece : optimization.best.levers[l].pieces) {
      returns.push_back(shown_return(optimization.best, piece.marginal_return));
      somewhere_unusable = somewhere_unusable || piece.standing == LeverStanding::unusable;
    }
    GridRow row{{printable(lever.name), std::string{name_of(lever.kind)}}};
    for (const std::string& text : figures(returns)) row.cells.push_back(text);
    row.cells.push_back(somewhere_unusable ? std::string{dash} + " nobody is there" : "");
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

[[nodiscard]] bool a_limit_holds(const OptimalPlan& plan) {
  return std::any_of(plan.levers.begin(), plan.levers.end(), [](const LeverInPlan& lever) {
    return lever.standing == LeverStanding::at_least || lever.standing == LeverStanding::at_most;
  });
}

[[nodiscard]] std::string certificate(const Optimization& optimization) {
  const OptimalPlan& best = optimization.best;
  std::string text =
      "Marginal return: the net value of one more unit of today's money on that lever, its next dollar. Levers inside "
      "their limits return alike";
  if (a_limit_holds(best)) text += ", but for what they use up of limits that hold others";
  if (best.residual >= 1e-6) text += fmt::format(", to {:.1e} of the largest return", best.residual);
  text += ". ";
  if (best.other_uses > 0) {
    text += fmt::format("{} other uses of the money were tried: ", best.other_uses);
    text += best.best_other_use < 0
                ? "the best of them is worth " + in_currency(optimization, -best.best_other_use) + " less."
                : std::string{"none is worth more."};
  }
  return text;
}

[[nodiscard]] std::string shares_in_words(const Optimization& optimization, const OptimalPlan& plan) {
  std::vector<std::string> parts;
  for (std::size_t l = 0; l < plan.levers.size(); ++l) {
    if (plan.levers[l].share >= 0.005) {
      parts.push_back(percent(plan.levers[l].share, {0, false}) + " " + printable(optimization.model.levers()[l].name));
    }
  }
  return parts.empty() ? "nothing" : listed(parts);
}

/// One line a point: value added as a bar, and the best split there.
[[nodiscard]] std::string frontier(const Optimization& optimization, const std::string& headline,
                                   const std::string& head, const std::vector<std::string>& names,
                                   const std::vector<const OptimalPlan*>& plans, Colour colour) {
  if (plans.empty()) return {};
  Grid grid{.columns = {{.head = {head}},
                        {.head = money_head({"spent"}, optimization.model)},
                        {.head = money_head({"value", "added"}, optimization.model)},
                        {.head = {""}, .align = Align::left},
                        {.head = {"best split"}, .align = Align::left, .gives_way = true}}};
  std::vector<double> added;
  Figures spent;
  for (const OptimalPlan* plan : plans) {
    added.push_back(plan->incremental_value);
    spent.push_back(plan->investment);
  }
  const std::vector<std::string> spends = figures(spent);
  const std::vector<std::string> texts = figures({added.begin(), added.end()});
  const std::vector<std::string> drawn_bars = bars(added, 28);
  const double most = *std::max_element(added.begin(), added.end());
  for (std::size_t k = 0; k < plans.size(); ++k) {
    grid.rows.push_back({{names[k], spends[k], texts[k], drawn_bars[k], shares_in_words(optimization, *plans[k])},
                         added[k] == most ? Tone::best : Tone::plain});
  }
  return "\n" + painted_paragraph(headline, Tone::headline, colour) + "\n" + drawn(grid, colour);
}

[[nodiscard]] std::string frontiers(const Optimization& optimization, Colour colour) {
  std::vector<std::string> names;
  std::vector<const OptimalPlan*> plans;
  Figures budgets;
  for (const OptimalPlan& plan : optimization.by_budget) {
    budgets.push_back(plan.budget);
    plans.push_back(&plan);
  }
  std::string text = frontier(optimization, "The best for each budget", "budget", figures(budgets), plans, colour);
  plans.clear();
  for (const SharePoint& point : optimization.by_share) {
    names.push_back(percent(point.share_retention, {0, false}));
    plans.push_back(&point.plan);
  }
  text += frontier(optimization, "The best where retention gets so much of the budget, and all else the rest",
                   "retention", names, plans, colour);
  if (!optimization.complete)
    text += "\n" + painted_paragraph("Interrupted: the frontier is not complete.", Tone::warning, colour);
  return text;
}

}  // namespace

std::string table(const Optimization& given, Colour colour, MoneyScale scale) {
  const Optimization optimization = in_units(given, scale);
  const Grid by_piece = levels(optimization);
  std::string text =
      painted_paragraph(printable(optimization.model.name()) + ": the best use of money", Tone::headline, colour) +
      painted_paragraph(results_in_words(optimization.model), Tone::secondary, colour) + "\n" +
      painted_paragraph(what_to_do(optimization), Tone::headline, colour) + paragraph(what_it_brings(optimization)) +
      "\n" + drawn(split(optimization), colour) + painted_paragraph(certificate(optimization), Tone::secondary, colour);
  if (!by_piece.rows.empty())
    text += "\n" + painted_paragraph("Spend levels", Tone::headline, colour) + "\n" + drawn(by_piece, colour);
  if (optimization.pieces.size() > 1) {
    text += "\n" + painted_paragraph("What one more unit returns, piece by piece", Tone::headline, colour) + "\n" +
            drawn(returns_by_piece(optimization), colour);
  }
  return text + frontiers(optimization, colour);
}

}  // namespace tenure
