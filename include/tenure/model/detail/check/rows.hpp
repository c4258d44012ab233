#pragma once
// Checks of states, transitions and referrals: what a row may be.

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tenure/model/detail/check/names.hpp"
#include "tenure/model/detail/check/numbers.hpp"
#include "tenure/model/detail/check/row_draws.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

[[nodiscard]] inline std::string arrow(const std::string& from, const std::string& to) {
  return in_quotes(from) + " -> " + in_quotes(to);
}

[[nodiscard]] inline Findings check_table_dwell(const std::string& path, const TableDwell& dwell) {
  Findings found;
  if (dwell.hazard.empty())
    found.error("dwell", path + ".hazard", "the hazard table is empty", "give at least one hazard");
  for (const double hazard : dwell.hazard) found += check_value(path + ".hazard", hazard, Quantity::probability);
  if (!dwell.hazard.empty() && dwell.hazard.back() == 0) {
    found.error("dwell", path + ".hazard", "the last hazard repeats and is 0: the state would never end",
                "let the last hazard be above 0");
  }
  return found;
}

[[nodiscard]] inline Findings check_dwell(const std::string& path, const Dwell& dwell) {
  Findings found;
  if (const auto* fixed = std::get_if<FixedDwell>(&dwell)) {
    const bool whole = fixed->periods >= 1 && fixed->periods <= 1e7 && fixed->periods == std::floor(fixed->periods);
    if (!whole) {
      found.error("dwell", path + ".periods", shortest(fixed->periods) + " is no number of periods",
                  "give a whole number of at least 1, up to 1e7");
    }
  } else if (const auto* nb = std::get_if<NegativeBinomialDwell>(&dwell)) {
    const bool exists =
        nb->mean > 1 && nb->mean <= 1e7 && nb->sd > 0 && nb->sd <= 1e7 && nb->sd * nb->sd > nb->mean - 1;
    if (!exists) {
      found.error("dwell", path,
                  "no negative binomial dwell has mean " + shortest(nb->mean) + " and sd " + shortest(nb->sd),
                  "it needs a mean above 1 and sd² > mean - 1 with an sd above 0, both at most 1e7");
    }
  } else if (const auto* weibull = std::get_if<WeibullDwell>(&dwell)) {
    const bool exists = weibull->scale > 0 && weibull->scale <= 1e7 && weibull->shape > 0 && weibull->shape <= 1e3;
    if (!exists) {
      found.error("dwell", path, "no such Weibull dwell",
                  "scale and shape must be above 0, up to 1e7 and 1000; they are " + shortest(weibull->scale) +
                      " and " + shortest(weibull->shape));
    }
  } else {
    found += check_table_dwell(path, std::get<TableDwell>(dwell));
  }
  return found;
}

[[nodiscard]] inline Findings check_states(const ModelDraft& draft) {
  Findings found;
  for (std::size_t i = 0; i < draft.states.size(); ++i) {
    const State& state = draft.states[i];
    const std::string path = place("state", i);
    found += check_numbers(path, state, draft);
    if (state.satisfaction && !(std::abs(*state.satisfaction) <= 1)) {
      found.error("satisfaction", path + ".satisfaction", shortest(*state.satisfaction) + " is out of range",
                  "give a number from -1 to +1: the worst answer of a scale is -1, its best is +1");
    }
    if (state.dwell) found += check_dwell(path + ".dwell", *state.dwell);
  }
  return found;
}

/// One state's listed transitions, as far as its row is concerned.
struct ListedRow {
  std::size_t state = 0;
  std::vector<std::size_t> transitions{};  ///< places in the draft

  [[nodiscard]] std::string path() const { return place("transition", transitions.front()); }
};

/// The moments at which a row can be at its largest: while schedules run, and at both ends of what grows.
[[nodiscard]] inline std::vector<std::int64_t> telling_periods(const ModelDraft& draft, const ListedRow& row) {
  std::int64_t scheduled = 1;
  bool growing = false;
  for (const std::size_t k : row.transitions) {
    if (const auto* number = std::get_if<Number>(&draft.transitions[k].probability)) {
      scheduled = std::max(scheduled, static_cast<std::int64_t>(number->schedule.size()));
      growing = growing || grows(*number);
    }
  }
  if (draft.horizon) scheduled = std::clamp<std::int64_t>(scheduled, 1, std::max<std::int64_t>(1, *draft.horizon));
  std::vector<std::int64_t> periods;
  for (std::int64_t t = 0; t < scheduled; ++t) periods.push_back(t);
  if (growing && draft.horizon && *draft.horizon > scheduled) periods.push_back(*draft.horizon - 1);
  return periods;
}

[[nodiscard]] inline double listed_sum(const ModelDraft& draft, const ListedRow& row, std::int64_t t) {
  CompensatedSum sum;
  for (const std::size_t k : row.transitions) {
    if (const auto* number = std::get_if<Number>(&draft.transitions[k].probability)) {
      sum.add(mean_at(*number, t, draft.period));
    }
  }
  return sum.value();
}

[[nodiscard]] inline Findings check_row_sum(const ModelDraft& draft, const ListedRow& row) {
  Findings found;
  const std::string& state = draft.states[row.state].name;
  const auto is_rest = [&](std::size_t k) { return std::holds_alternative<Rest>(draft.transitions[k].probability); };
  const auto rests = std::count_if(row.transitions.begin(), row.transitions.end(), is_rest);
  if (rests > 1) {
    found.error("rest-twice", row.path() + ".probability",
                "the row of " + in_quotes(state) + " has \"rest\" " + std::to_string(rests) + " times",
                "at most one transition of a state takes the rest");
  }
  const std::vector<std::int64_t> periods = telling_periods(draft, row);
  bool all_zero = rests == 0;
  for (const std::int64_t t : periods) {
    const double sum = listed_sum(draft, row, t);
    all_zero = all_zero && sum == 0;
    const std::string when = periods.size() > 1 ? " in period " + std::to_string(t) : "";
    if (!(sum <= 1 + limits::row_rounding)) {
      found.error("row-sum", row.path() + ".probability",
                  "the probabilities of " + in_quotes(state) + " sum to " + shortest(sum) + when,
                  std::abs(sum - 100) < 1 ? "they must not sum to more than 1; for percentages, divide by 100"
                                          : "they must not sum to more than 1");
      return found;
    }
    if (draft.states[row.state].dwell && rests == 0 && !(sum >= 1 - limits::row_rounding)) {
      found.error("dwell-row", row.path() + ".probability",
                  "the probabilities of " + in_quotes(state) + " sum to " + shortest(sum) + when,
                  "a state with a dwell leaves for certain when it ends: let them sum to 1, or one be \"rest\"");
      return found;
    }
  }
  if (all_zero) {
    const auto is_moved = [&](const LeverEffect& effect) {
      const auto* target = std::get_if<TransitionTarget>(&effect.target);
      return target && target->from == state;
    };
    const bool moved = std::any_of(draft.levers.begin(), draft.levers.end(), [&](const Lever& lever) {
      return std::any_of(lever.effects.begin(), lever.effects.end(), is_moved);
    });
    const bool is_put = std::any_of(draft.actions.begin(), draft.actions.end(), [&](const Action& action) {
      return std::any_of(action.effects.begin(), action.effects.end(), [&](const ActionEffect& effect) {
        const auto* puts = std::get_if<PutsTransition>(&effect);
        return puts && puts->from == state && puts->probability;
      });
    });
    if (!moved && !is_put) {
      found.error("row-zero", row.path() + ".probability", "all probabilities of " + in_quotes(state) + " are 0",
                  "leave its transitions out to make the state absorbing");
    }
  }
  return found;
}

[[nodiscard]] inline Findings check_row_draws(const ModelDraft& draft, const ListedRow& row) {
  Findings found;
  DrawnRow drawn{.period = draft.period, .is_correlated = !draft.correlations.empty()};
  for (const std::size_t k : row.transitions) {
    if (const auto* number = std::get_if<Number>(&draft.transitions[k].probability)) drawn.numbers.push_back(number);
  }
  const std::vector<std::int64_t> periods = telling_periods(draft, row);
  if (!drawn.exceeds_rarely_by_reach(periods) && !drawn.exceeds_rarely_by_quantiles(periods)) {
    found.warn("row-draws", row.path() + ".probability",
               "draws of the row of " + in_quotes(draft.states[row.state].name) + " can sum to more than 1",
               "such rows are rescaled to 1");
  }
  return found;
}

[[nodiscard]] inline Findings check_transition_list(const ModelDraft& draft, const KnownNames& known) {
  Findings found;
  std::map<Pair, std::size_t> seen;
  for (std::size_t k = 0; k < draft.transitions.size(); ++k) {
    const Transition& transition = draft.transitions[k];
    const std::string path = place("transition", k);
    found += check_known("state", path + ".from", transition.from, known.states);
    found += check_known("state", path + ".to", transition.to, known.states);
    const auto [earlier, is_new] = seen.emplace(Pair{transition.from, transition.to}, k);
    if (!is_new) {
      found.error(
          "duplicate-transition", path,
          arrow(transition.from, transition.to) + " is listed as " + place("transition", earlier->second) + " already",
          "list each pair once");
    }
    found += check_numbers(path, transition, draft);
    const auto from = known.states.find(transition.from);
    if (from && draft.states[*from].dwell && transition.from == transition.to) {
      found.error("dwell-row", path, in_quotes(transition.from) + " has a dwell and leads back to itself",
                  "let it lead elsewhere; the dwell says how long it lasts");
    }
  }
  return found;
}

/// The row of each state, empty where no transition leads away.
[[nodiscard]] inline std::vector<ListedRow> listed_rows(const ModelDraft& draft, const KnownNames& known) {
  std::vector<ListedRow> rows(draft.states.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].state = i;
  for (std::size_t k = 0; k < draft.transitions.size(); ++k) {
    if (const auto from = known.states.find(draft.transitions[k].from)) rows[*from].transitions.push_back(k);
  }
  return rows;
}

/// A stay that ends leads somewhere.
[[nodiscard]] inline Findings check_dwell_ends(const ModelDraft& draft, const ListedRow& row) {
  Findings found;
  const State& state = draft.states[row.state];
  if (state.dwell && row.transitions.empty()) {
    found.error("dwell-row", place("state", row.state) + ".dwell",
                in_quotes(state.name) + " has a dwell, and no transition says where people go when it ends",
                "list its transitions, or leave the dwell out if who is there stays for good");
  }
  return found;
}

[[nodiscard]] inline Findings check_rows(const ModelDraft& draft, const KnownNames& known) {
  Findings found = check_transition_list(draft, known);
  for (const ListedRow& row : listed_rows(draft, known)) {
    found += check_dwell_ends(draft, row);
    if (row.transitions.empty()) continue;
    found += check_row_sum(draft, row);
    found += check_row_draws(draft, row);
  }
  return found;
}

[[nodiscard]] inline Findings check_referrals(const ModelDraft& draft, const KnownNames& known) {
  Findings found;
  std::map<Pair, std::size_t> seen;
  for (std::size_t k = 0; k < draft.referrals.size(); ++k) {
    const Referral& referral = draft.referrals[k];
    const std::string path = place("referral", k);
    found += check_known("state", path + ".from", referral.from, known.states);
    found += check_known("state", path + ".to", referral.to, known.states);
    found += check_numbers(path, referral, draft);
    const auto [earlier, is_new] = seen.emplace(Pair{referral.from, referral.to}, k);
    if (!is_new) {
      found.error("duplicate-referral", path, arrow(referral.from, referral.to) + " is listed already",
                  "list each pair once; " + place("referral", earlier->second) + " is the first");
    }
  }
  return found;
}

}  // namespace tenure::detail
