// What a comparison says: who is best by how much and for what, who ties, and whether anybody pays at all.

#include "verdict.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/model/model.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "figures.hpp"
#include "model_words.hpp"
#include "result_views.hpp"
#include "tenure/decide/detail/ties.hpp"

namespace tenure::display {

namespace {

[[nodiscard]] double equity_of(const ComparedScenario& compared) { return compared.business().customer_equity; }

[[nodiscard]] bool is_reference(const Comparison& comparison, std::size_t scenario) {
  return comparison.scenarios[scenario].valued.scenario.name == comparison.reference;
}

[[nodiscard]] std::string name_in(const Comparison& comparison, std::size_t scenario) {
  return named(comparison.scenarios[scenario].valued.scenario.name);
}

[[nodiscard]] std::string names_in(const Comparison& comparison, const std::vector<std::size_t>& scenarios) {
  std::vector<std::string> names;
  for (const std::size_t s : scenarios) names.push_back(name_in(comparison, s));
  return listed(names);
}

[[nodiscard]] std::size_t reference_in(const Comparison& comparison) {
  std::size_t place = 0;
  while (place + 1 < comparison.scenarios.size() && !is_reference(comparison, place)) ++place;
  return place;
}

/// Of those that are equally good, the one that needs the least investment.
[[nodiscard]] std::size_t cheapest(const Comparison& comparison, const std::vector<std::size_t>& scenarios) {
  return *std::min_element(scenarios.begin(), scenarios.end(), [&](std::size_t a, std::size_t b) {
    return investment_of(comparison.scenarios[a].valued) < investment_of(comparison.scenarios[b].valued);
  });
}

[[nodiscard]] std::string money_in(const Comparison& comparison, double amount) {
  return money(amount, currency_of(comparison.model), money_error_of(comparison));
}

[[nodiscard]] std::string only_one(const Comparison& comparison) {
  const double equity = equity_of(comparison.scenarios.front());
  return fmt::format("There is one scenario only, {}, and nothing to compare it with. It is worth {}{}.",
                     name_in(comparison, 0), money_in(comparison, equity), equity < 0 ? ": it loses money" : "");
}

[[nodiscard]] std::string nearest_to_reference(const Comparison& comparison, std::size_t reference) {
  std::optional<std::size_t> nearest;
  for (std::size_t s = 0; s < comparison.scenarios.size(); ++s) {
    if (s == reference) continue;
    if (!nearest || equity_of(comparison.scenarios[s]) > equity_of(comparison.scenarios[*nearest])) nearest = s;
  }
  const double less = equity_of(comparison.scenarios[reference]) - equity_of(comparison.scenarios[nearest.value()]);
  return fmt::format("{} {} worth {} less.", name_in(comparison, *nearest),
                     comparison.scenarios.size() > 2 ? "comes nearest and is" : "is", money_in(comparison, less));
}

[[nodiscard]] std::string reference_wins(const Comparison& comparison, const std::vector<std::size_t>& best,
                                         std::size_t reference) {
  const double equity = equity_of(comparison.scenarios[reference]);
  const std::string value = money_in(comparison, equity);
  std::vector<std::size_t> others = best;
  std::erase(others, reference);
  if (!others.empty()) {
    return fmt::format("It is a tie: {}, the reference, and {} are worth the same, {}, and nothing is worth more.",
                       name_in(comparison, reference), names_in(comparison, others), value);
  }
  const char* rank = equity < 0 ? "loses least and is" : "is best,";
  return fmt::format("{}, the reference, {} worth {}. ", name_in(comparison, reference), rank, value) +
         nearest_to_reference(comparison, reference);
}

[[nodiscard]] std::string return_in_words(const Comparison& comparison, double share) {
  const std::string currency = currency_of(comparison.model);
  const std::string more = share >= 0.01 && share < 1e6 ? figure(share, {.decimals = 2}) : figure(share);
  return fmt::format(", and returns {}: each {} comes back and brings {} more", percent(share),
                     currency.empty() ? "unit of money" : currency, more);
}

/// Beyond what the reference invests.
[[nodiscard]] std::string investment_in_words(const Comparison& comparison, const ComparedScenario& winner,
                                              const ComparedScenario& reference) {
  const double invested = investment_of(winner.valued);
  const double before = investment_of(reference.valued);
  if (detail::are_the_same(invested, before)) return " That takes no additional investment.";
  if (invested < before) return " And it invests " + money_in(comparison, before - invested) + " less.";
  const std::optional<double> share = winner.advantage->return_on_investment;
  return fmt::format(" That takes an additional investment of {}, which this figure has paid for already{}.",
                     money_in(comparison, invested - before), share ? return_in_words(comparison, *share) : "");
}

[[nodiscard]] std::string payback_in_words(const Comparison& comparison, const std::optional<std::int64_t>& period) {
  const Model& model = comparison.model;
  const std::string_view unit = name_of(model.period());
  if (!period)
    return model.horizon() ? " It does not pay back within " + horizon_in_words(model) + "." : " It never pays back.";
  if (*period == 0) return fmt::format(" It is ahead from the first {} on.", unit);
  return fmt::format(" It pays back in {} {}, {} in.", unit, *period, span_in_words(*period, model.period()));
}

[[nodiscard]] std::string challenger_wins(const Comparison& comparison, const std::vector<std::size_t>& best,
                                          std::size_t reference) {
  const std::size_t place = cheapest(comparison, best);
  const ComparedScenario& winner = comparison.scenarios[place];
  const ComparedScenario& other = comparison.scenarios[reference];
  const std::string more = money_in(comparison, winner.advantage->incremental_value);
  const std::string over = more + " more than " + name_in(comparison, reference) + ", the reference";
  const bool loses = equity_of(winner) < 0;
  std::string text;
  if (best.size() > 1) {
    text = fmt::format("It is a tie: {} {} and are worth the same, {}. {} needs the least investment.",
                       names_in(comparison, best), loses ? "lose least" : "are best", over, name_in(comparison, place));
  } else if (loses) {
    text = fmt::format("{} loses least: it is worth {}, {}.", name_in(comparison, place),
                       money_in(comparison, equity_of(winner)), over);
  } else {
    text = fmt::format("{} is best: it is worth {}.", name_in(comparison, place), over);
  }
  text += investment_in_words(comparison, winner, other);
  return text + payback_in_words(comparison, winner.advantage->payback_period);
}

}  // namespace

std::vector<std::size_t> best_scenarios(const Comparison& comparison) {
  std::optional<double> most;
  for (const ComparedScenario& compared : comparison.scenarios)
    most = std::max(most.value_or(equity_of(compared)), equity_of(compared));
  std::vector<std::size_t> best;
  for (std::size_t s = 0; s < comparison.scenarios.size(); ++s) {
    if (detail::are_the_same(equity_of(comparison.scenarios[s]), most.value())) best.push_back(s);
  }
  return best;
}

std::string verdict(const Comparison& comparison) {
  if (comparison.scenarios.empty()) return "There is no scenario.";
  if (comparison.scenarios.size() == 1) return only_one(comparison);
  const std::size_t reference = reference_in(comparison);
  const std::vector<std::size_t> best = best_scenarios(comparison);
  const bool is_beaten = std::find(best.begin(), best.end(), reference) == best.end();
  const bool all_lose = equity_of(comparison.scenarios[best.front()]) < 0;
  return (all_lose ? "No plan pays: each of them loses money. " : "") +
         (is_beaten ? challenger_wins(comparison, best, reference) : reference_wins(comparison, best, reference));
}

}  // namespace tenure::display
