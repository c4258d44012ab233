#pragma once
// Checks of who comes: arrivals and segments.

#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/model/detail/check/names.hpp"
#include "tenure/model/detail/check/numbers.hpp"
#include "tenure/model/detail/check/rows.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"
#include "tenure/quantity/limits.hpp"

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
    found.error("window", path + ".until",
                std::to_string(*until) + " does not come after from = " + std::to_string(from),
                "give a larger whole number, up to " + std::to_string(limits::periods));
  }
  return found;
}

/// Shares of named things that must sum to 1.
[[nodiscard]] inline Findings check_shares(const std::string& path, const std::map<std::string, double>& shares,
                                           const std::string& kind, const Referable& known) {
  Findings found;
  double sum = 0;
  for (const auto& [name, share] : shares) {
    found += check_known(kind, path, name, known);
    if (!(share >= 0 && share <= 1)) {
      found.error("share", path, "the share of " + in_quotes(name) + " is " + shortest(share),
                  "give a number from 0 to 1" + if_percent(share));
    }
    sum += share;
  }
  if (!(std::abs(sum - 1) <= limits::row_rounding)) {
    found.error("share", path, "the shares sum to " + shortest(sum),
                std::abs(sum - 100) < 1 ? "they must sum to 1; for percentages, divide by 100" : "they must sum to 1");
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
      found += check_growth(path + ".growth", steady->growth, "0.05 for 5 % a year");
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

[[nodiscard]] inline Findings check_listed(const KnownNames& known, const std::string& path, const std::string& from,
                                           const std::string& to) {
  Findings found = check_known("state", path, from, known.states);
  found += check_known("state", path, to, known.states);
  if (found.errors.empty() && !known.transitions.contains({from, to})) {
    found.error("unknown-transition", path, "there is no transition " + arrow(from, to),
                "list it under [[transition]], with probability 0 if it does not happen today");
  }
  return found;
}

/// A segment may replace one thing once.
[[nodiscard]] inline Findings check_replaced_once(const Segment& segment, const std::string& path) {
  Findings found;
  std::map<Pair, std::size_t> transitions;
  for (std::size_t k = 0; k < segment.transitions.size(); ++k) {
    const SegmentTransition& own = segment.transitions[k];
    const auto [earlier, is_new] = transitions.emplace(Pair{own.from, own.to}, k);
    if (is_new) continue;
    found.error(
        "duplicate-transition", path + "." + place("transition", k),
        arrow(own.from, own.to) + " is listed as " + place("transition", earlier->second) + " of this segment already",
        "list each pair once");
  }
  std::map<std::string, std::size_t> states;
  for (std::size_t k = 0; k < segment.states.size(); ++k) {
    const std::string& name = segment.states[k].name;
    const auto [earlier, is_new] = states.emplace(name, k);
    if (is_new) continue;
    found.error("duplicate-name", path + "." + place("state", k) + ".name",
                in_quotes(name) + " is listed as " + place("state", earlier->second) + " of this segment already",
                "list each state once");
  }
  return found;
}

/// The rows in which a segment replaces a probability. The draft is given back as it was.
[[nodiscard]] inline Findings check_replaced_rows(ModelDraft& draft, const KnownNames& known,
                                                  const std::vector<ListedRow>& rows, const Segment& segment,
                                                  const std::string& path) {
  std::vector<std::pair<std::size_t, Probability>> before;
  std::map<std::size_t, std::size_t> first_replaced;  // by state, the place in the segment
  for (std::size_t k = 0; k < segment.transitions.size(); ++k) {
    const SegmentTransition& own = segment.transitions[k];
    if (!own.probability) continue;
    const std::size_t listed = known.transitions.at({own.from, own.to});
    before.emplace_back(listed, std::exchange(draft.transitions[listed].probability, *own.probability));
    first_replaced.emplace(known.states.find(own.from).value(), k);
  }
  Findings found;
  for (const auto& [state, k] : first_replaced) {
    const std::string where = path + "." + place("transition", k) + ".probability";
    for (const Problem& problem : check_row_sum(draft, rows[state]).errors) {
      found.error(problem.code, where, "in this segment, " + problem.message, problem.hint);
    }
  }
  for (auto earlier = before.rbegin(); earlier != before.rend(); ++earlier) {
    draft.transitions[earlier->first].probability = earlier->second;
  }
  return found;
}

[[nodiscard]] inline Findings check_segment(const ModelDraft& draft, const KnownNames& known, const Segment& segment,
                                            const std::string& path) {
  Findings found = check_replaced_once(segment, path);
  for (std::size_t k = 0; k < segment.transitions.size(); ++k) {
    const SegmentTransition& own = segment.transitions[k];
    const std::string where = path + "." + place("transition", k);
    found += check_listed(known, where, own.from, own.to);
    found += check_numbers(where, own, draft);
  }
  for (std::size_t k = 0; k < segment.states.size(); ++k) {
    const std::string where = path + "." + place("state", k);
    found += check_known("state", where + ".name", segment.states[k].name, known.states);
    found += check_numbers(where, segment.states[k], draft);
  }
  return found;
}

[[nodiscard]] inline Findings check_segments(const ModelDraft& draft, const KnownNames& known) {
  Findings found;
  if (draft.segments.empty()) return found;
  std::map<std::string, double> shares;
  ModelDraft replaced = draft;
  const std::vector<ListedRow> rows = listed_rows(draft, known);
  for (std::size_t k = 0; k < draft.segments.size(); ++k) {
    const Segment& segment = draft.segments[k];
    shares.emplace(segment.name, segment.share);
    Findings own = check_segment(draft, known, segment, place("segment", k));
    if (own.errors.empty()) own = check_replaced_rows(replaced, known, rows, segment, place("segment", k));
    found += std::move(own);
  }
  found += check_shares("segment", shares, "segment", known.segments);
  return found;
}

}  // namespace tenure::detail
