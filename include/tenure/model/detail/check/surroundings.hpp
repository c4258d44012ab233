#pragma once
// Checks of the calendar and the market.

#include <cmath>
#include <string>
#include <variant>
#include <vector>

#include "tenure/model/detail/check/names.hpp"
#include "tenure/model/detail/check/numbers.hpp"
#include "tenure/model/detail/check/people.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

[[nodiscard]] inline bool is_factor(double value) { return value >= 0 && value <= 1e12; }

/// A transition with probability 1 leaves nothing for odds to move.
[[nodiscard]] inline bool is_certain(const ModelDraft& draft, const KnownNames& known, const Pair& listed) {
  const Transition& transition = draft.transitions[known.transitions.at(listed)];
  if (const auto* number = std::get_if<Number>(&transition.probability)) {
    if (number->schedule.empty()) return number->mean >= 1;
    for (const double value : number->schedule) {
      if (value >= 1) return true;
    }
    return false;
  }
  for (const Transition& other : draft.transitions) {
    const auto* number = std::get_if<Number>(&other.probability);
    if (other.from == transition.from && number && (number->mean > 0 || !number->schedule.empty())) return false;
  }
  return true;
}

[[nodiscard]] inline Findings check_calendar(const ModelDraft& draft, const KnownNames& known) {
  Findings found;
  for (std::size_t k = 0; k < draft.calendar.size(); ++k) {
    const CalendarEntry& entry = draft.calendar[k];
    const std::string path = place("calendar", k);
    Findings listed = check_listed(known, path + ".transition", entry.from_state, entry.to_state);
    if (listed.errors.empty() && is_certain(draft, known, {entry.from_state, entry.to_state})) {
      listed.warn("certain-transition", path + ".transition",
                  arrow(entry.from_state, entry.to_state) + " is certain (probability 1) and cannot be moved");
    }
    found += std::move(listed);
    found += check_window(path, entry.from.value_or(0), entry.until);
    if (entry.odds.empty())
      found.error("odds", path + ".odds", "there are no odds", "give one multiplier for each period");
    for (const double odds : entry.odds) {
      if (is_factor(odds)) continue;
      found.error("odds", path + ".odds", shortest(odds) + " is no odds multiplier",
                  "give a number from 0 to 1e12; 1 changes nothing");
    }
  }
  return found;
}

[[nodiscard]] inline Findings check_market_matrix(const Environment& market) {
  Findings found;
  const std::size_t size = market.states.size();
  if (market.matrix.size() != size) {
    found.error("matrix-shape", "environment.matrix",
                std::to_string(market.matrix.size()) + " rows for " + std::to_string(size) + " states",
                "give one row for each state of the market");
    return found;
  }
  for (std::size_t i = 0; i < size; ++i) {
    double sum = 0;
    for (const double p : market.matrix[i]) {
      found += check_value("environment.matrix", p, Quantity::probability);
      sum += p;
    }
    if (market.matrix[i].size() != size) {
      found.error("matrix-shape", "environment.matrix",
                  "row " + std::to_string(i + 1) + " has " + std::to_string(market.matrix[i].size()) + " entries for " +
                      std::to_string(size) + " states",
                  "give one probability for each state of the market");
    } else if (!(std::abs(sum - 1) <= limits::row_rounding)) {
      found.error("row-sum", "environment.matrix", "row " + std::to_string(i + 1) + " sums to " + shortest(sum),
                  "each row must sum to 1");
    }
  }
  return found;
}

[[nodiscard]] inline Findings check_market_effect(const KnownNames& known, const EnvironmentEffect& effect,
                                                  const Referable& markets, const std::string& path) {
  Findings found = check_known("market state", path + ".when", effect.when, markets);
  double factor = 1;
  std::string key = ".odds";
  if (const auto* row = std::get_if<MarketMovesTransition>(&effect.moves)) {
    found += check_listed(known, path + ".transition", row->from, row->to);
    factor = row->odds;
  } else if (const auto* cash = std::get_if<MarketMovesCashFlow>(&effect.moves)) {
    found += check_known("state", path + ".state", cash->state, known.states);
    factor = cash->cash_flow_factor;
    if (!(std::abs(factor) <= 1e12)) {
      found.error("factor", path + ".cash_flow_factor", shortest(factor) + " is no multiplier",
                  "give a number from -1e12 to 1e12");
    }
    return found += check_multiple(path + ".cash_flow_factor", factor, "today's cash flow", "1 changes nothing");
  } else {
    const auto& arrivals = std::get<MarketMovesArrivals>(effect.moves);
    found += check_known("arrivals", path + ".arrivals", arrivals.arrivals, known.arrivals);
    factor = arrivals.factor;
    key = ".factor";
    found += check_multiple(path + key, factor, "today's arrivals", "1 changes nothing");
  }
  if (!is_factor(factor)) {
    found.error("factor", path + key, shortest(factor) + " is no multiplier", "give a number from 0 to 1e12");
  }
  return found;
}

[[nodiscard]] inline Findings check_environment(const ModelDraft& draft, const KnownNames& known) {
  Findings found;
  if (!draft.environment) return found;
  const Environment& market = *draft.environment;
  const Referable markets{market.states, known.rules};
  if (market.states.empty()) {
    found.error("no-states", "environment.states", "the market has no states", "name at least one");
    return found;
  }
  found += check_unique_names("environment.states", market.states, known.rules);
  found += check_known("market state", "environment.start", market.start, markets);
  found += check_market_matrix(market);
  for (std::size_t k = 0; k < market.effects.size(); ++k) {
    found += check_market_effect(known, market.effects[k], markets, "environment." + place("effect", k));
  }
  return found;
}

}  // namespace tenure::detail
