#pragma once
// Checks of who comes: arrivals and segments.

#include <cmath>
#include <map>
#include <string>
#include <type_traits>
#include <variant>

#include "tenure/model/check/names.hpp"
#include "tenure/model/check/numbers.hpp"
#include "tenure/model/check/rows.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"

namespace tenure::detail {

[[nodiscard]] inline Findings check_people_count(const std::string& path, double count) {
  Findings found;
  if (!(count >= 0 && count <= limits::people)) {
    found.error("arrivals", path, shortest(count) + " people cannot arrive", "give a number from 0 to 1e15");
  }
  return found;
}

/// A window of periods [from, until); until is the horizon where it is not given.
[[nodiscard]] inline Findings check_window(const std::string& path, std::int64_t from,
                                           const std::optional<std::int64_t>& until) {
  Findings found;
  if (!(from >= 0 && from <= limits::periods)) {
    found.error("window", path + ".from", std::to_string(from) + " is no period",
                "give a whole number from 0 to " + std::to_string(limits::periods));
  } else if (until && !(*until > from && *until <= limits::periods)) {
    found.error("window", path + ".until", std::to_string(*until) + " does not come after from = " + std::to_string(from),
                "give a larger whole number, up to " + std::to_string(limits::periods));
  }
  return found;
}

/// Shares of named things that must sum to 1.
[[nodiscard]] inline Findings check_shares(const std::string& path, const std::map<std::string, double>& shares,
                                           const std::string& kind, const NameIndex& known) {
  Findings found;
  double sum = 0;
  for (const auto& [name, share] : shares) {
    found += check_known(kind, path, name, known);
    if (!(share >= 0 && share <= 1)) {
      found.error("share", path, "the share of " + in_quotes(name) + " is " + shortest(share), "give a number from 0 to 1");
    }
    sum += share;
  }
  if (!(std::abs(sum - 1) <= rounding_excess)) {
    found.error("share", path, "the shares sum to " + shortest(sum), "they must sum to 1");
  }
  return found;
}

[[nodiscard]] inline Findings check_arrivals(const ModelDraft& draft, const KnownNames& known) {
  Findings found;
  for (std::size_t k = 0; k < draft.arrivals.size(); ++k) {
    const Arrivals& arrivals = draft.arrivals[k];
    const std::string path = place("arrivals", k);
    found += check_known("state", path + ".state", arrivals.state, known.states);
    found += check_window(path, arrivals.from, arrivals.until);
    if (const auto* once = std::get_if<ArriveOnce>(&arrivals.flow)) {
      found += check_people_count(path + ".count", once->count);
    } else if (const auto* steady = std::get_if<ArriveSteadily>(&arrivals.flow)) {
      found += check_people_count(path + ".per_period", steady->per_period);
      if (!(steady->growth > -1 && steady->growth <= 1e6)) {
        found.error("growth", path + ".growth", shortest(steady->growth) + " is no growth per year",
                    "give a number above -1, such as 0.05 for 5 % a year");
      }
    } else {
      const auto& schedule = std::get<ArriveBySchedule>(arrivals.flow).schedule;
      for (const double count : schedule) found += check_people_count(path + ".schedule", count);
    }
    if (draft.horizon && arrivals.from >= *draft.horizon && *draft.horizon > 0) {
      found.warn("arrivals", path + ".from", "nobody arrives within the horizon");
    }
    if (arrivals.mix) found += check_shares(path + ".mix", *arrivals.mix, "segment", known.segments);
  }
  return found;
}

[[nodiscard]] inline const Transition* listed_transition(const ModelDraft& draft, const std::string& from,
                                                         const std::string& to) {
  for (const Transition& transition : draft.transitions) {
    if (transition.from == from && transition.to == to) return &transition;
  }
  return nullptr;
}

[[nodiscard]] inline Findings check_listed(const ModelDraft& draft, const KnownNames& known, const std::string& path,
                                           const std::string& from, const std::string& to) {
  Findings found = check_known("state", path, from, known.states);
  found += check_known("state", path, to, known.states);
  if (found.errors.empty() && !listed_transition(draft, from, to)) {
    found.error("unknown-transition", path, "there is no transition " + arrow(from, to),
                "list it under [[transition]], with probability 0 if it does not happen today");
  }
  return found;
}

[[nodiscard]] inline Findings check_segment(const ModelDraft& draft, const KnownNames& known, const Segment& segment,
                                            const std::string& path) {
  Findings found;
  ModelDraft replaced = draft;
  for (std::size_t k = 0; k < segment.transitions.size(); ++k) {
    const SegmentTransition& own = segment.transitions[k];
    const std::string where = path + "." + place("transition", k);
    found += check_listed(draft, known, where, own.from, own.to);
    if (own.cash_flow) {
      found += check_number(where + ".cash_flow", *own.cash_flow, Quantity::cash_flow, {true, true}, draft.horizon, draft.period);
    }
    if (!own.probability) continue;
    if (const auto* number = std::get_if<Number>(&*own.probability)) {
      found += check_number(where + ".probability", *number, Quantity::probability, {true, false}, draft.horizon, draft.period);
    }
    for (Transition& transition : replaced.transitions) {
      if (transition.from == own.from && transition.to == own.to) transition.probability = *own.probability;
    }
  }
  for (std::size_t k = 0; k < segment.states.size(); ++k) {
    const std::string where = path + "." + place("state", k);
    found += check_known("state", where + ".name", segment.states[k].name, known.states);
    if (segment.states[k].cash_flow) {
      found += check_number(where + ".cash_flow", *segment.states[k].cash_flow, Quantity::cash_flow, {true, true}, draft.horizon, draft.period);
    }
  }
  if (!found.errors.empty() || segment.transitions.empty()) return found;
  for (const ListedRow& row : listed_rows(replaced, known)) {
    for (Problem problem : check_row_sum(replaced, row).errors) {
      found.error(problem.code, path + "." + problem.path, "in this segment, " + problem.message, problem.hint);
    }
  }
  return found;
}

[[nodiscard]] inline Findings check_segments(const ModelDraft& draft, const KnownNames& known) {
  Findings found;
  if (draft.segments.empty()) return found;
  std::map<std::string, double> shares;
  for (std::size_t k = 0; k < draft.segments.size(); ++k) {
    shares.emplace(draft.segments[k].name, draft.segments[k].share);
    found += check_segment(draft, known, draft.segments[k], place("segment", k));
  }
  found += check_shares("segment", shares, "segment", known.segments);
  return found;
}

}  // namespace tenure::detail
