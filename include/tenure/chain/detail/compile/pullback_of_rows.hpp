#pragma once
// Slopes by what rows are made of: probabilities, and the levers that move them; and by transitions' cash flows.
//
// What a probability gains, its row must lose. Where something is left over, to stay or to take the "rest", that gives
// way; in a row whose listed probabilities are all there is, its other outcomes give way in proportion, as they do when
// an influence moves one of them.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "tenure/chain/chain_gradient.hpp"
#include "tenure/chain/detail/compile/pullback.hpp"
#include "tenure/chain/detail/compile/rows.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

/// A slope for each entry of a row.
using RowGradient = std::vector<double>;

/// Σ slope·p over a row.
[[nodiscard]] inline double along(const RowGradient& derivatives, const std::vector<double>& row) {
  double sum = 0;
  for (std::size_t k = 0; k < row.size(); ++k) sum += times(derivatives[k], row[k]);
  return sum;
}

/// The slope by a probability of a full row, from which its other outcomes give way in proportion.
[[nodiscard]] inline double slope_in_full_row(const RowPlan& row, const std::vector<double>& base,
                                              const RowGradient& derivatives, std::size_t entry) {
  const double others = rest_of_row(base, entry);
  if (others > 0) {
    double given_up = 0;
    for (std::size_t k = 0; k < base.size(); ++k) {
      if (k != entry) given_up += times(derivatives[k], base[k]);
    }
    return derivatives[entry] - given_up / others;
  }
  const bool may_stay = row.completion < base.size() && row.completion != entry;
  return may_stay ? derivatives[entry] - derivatives[row.completion] : 0;
}

/// Passes on the gradient by a completed row, before any influence.
inline void pull_back_base_row(const CompilePlan& plan, const TypeNumbers& type, const RowPlan& row, std::int64_t t,
                               const std::vector<double>& base, const RowGradient& derivatives,
                               ParameterGradient& written) {
  CompensatedSum sum;
  const auto number_of = [&](std::size_t k) -> const Number* {
    return row.entries[k].transition ? std::get_if<Number>(type.probability[*row.entries[k].transition]) : nullptr;
  };
  for (std::size_t k = 0; k < base.size(); ++k) {
    if (number_of(k) != nullptr) sum.add(std::min(1.0, plan.at(type, *number_of(k), t)));
  }
  const double total = sum.value();
  const bool is_full = !row.is_rest && std::abs(total - 1) <= limits::row_rounding;
  const bool is_whole = row.is_whole || total > 1 || (!row.is_rest && std::abs(total - 1) <= rounding_shortfall);
  const double mean_slope = is_whole && !is_full ? along(derivatives, base) : 0;
  for (std::size_t k = 0; k < base.size(); ++k) {
    if (number_of(k) == nullptr || type.differs_in(*number_of(k))) continue;
    const double slope = is_full && is_whole ? slope_in_full_row(row, base, derivatives, k)
                         : is_whole          ? (derivatives[k] - mean_slope) / total
                                             : derivatives[k] - derivatives[row.completion];
    pull_back(plan, *number_of(k), t, slope, written);
  }
}

/// An influence that acts on a row, with where it comes from.
struct ActingInfluence {
  const RowInfluence* source = nullptr;
  Influence influence{};
};

[[nodiscard]] inline std::vector<ActingInfluence> acting_influences(const CompilePlan& plan, const RowPlan& row,
                                                                    const std::vector<double>& mean_row, bool own_row,
                                                                    std::int64_t t, std::size_t regime) {
  std::vector<ActingInfluence> acting;
  for (const RowInfluence& source : row.influences) {
    if (source.effect != nullptr) {
      if (const auto of_lever = influence_of_lever(plan, source, mean_row, own_row, t)) {
        acting.push_back({&source, *of_lever});
      }
      continue;
    }
    const double odds =
        source.calendar != nullptr ? calendar_odds(*source.calendar, t) : market_odds(plan, source, regime);
    if (odds != 1) acting.push_back({&source, {.entry = source.entry, .odds = odds}});
  }
  // a lever whose limit is today's value moves nothing, but another limit would
  for (const RowInfluence& source : row.influences) {
    if (source.effect == nullptr || plan.share(source.lever, *source.effect, t) == 0) continue;
    const double today = mean_row[source.entry];
    if (plan.mean(source.effect->limit, t) != today || !(today > 0 && today < 1)) continue;
    Influence still{.entry = source.entry};
    if (!own_row) still.alone = ReachedAlone{today, rest_of_row(mean_row, source.entry)};
    acting.push_back({&source, still});
  }
  return acting;
}

/// Slopes by a row before its influences: by the row itself, and by that of the mean, from which levers start.
struct GradientBefore {
  RowGradient own{};
  RowGradient mean{};
};

inline void add_to_others(RowGradient& derivatives, std::size_t entry, double slope) {
  for (std::size_t k = 0; k < derivatives.size(); ++k) {
    if (k != entry) derivatives[k] += slope;
  }
}

/// Passes on the gradient by what a lever alone would reach, and by what that leaves.
inline void pull_back_reached(const CompilePlan& plan, const RowInfluence& source, const std::vector<double>& mean_row,
                              std::int64_t t, double by_probability, double by_complement, GradientBefore& before,
                              ParameterGradient& written) {
  const double by_move = by_probability - by_complement;
  const double today = mean_row[source.entry];
  const double share = plan.share(source.lever, *source.effect, t);
  pull_back_effect(plan, source.lever, *source.effect, t, today, by_move, written);
  before.mean[source.entry] += by_probability - by_move * share;
  add_to_others(before.mean, source.entry, by_complement);
}

/// One lever alone: it puts its transition where it wants it.
[[nodiscard]] inline GradientBefore before_one_alone(const CompilePlan& plan, const ActingInfluence& acting,
                                                     const std::vector<double>& base,
                                                     const std::vector<double>& mean_row, std::int64_t t,
                                                     const RowGradient& derivatives, ParameterGradient& written) {
  const std::size_t entry = acting.influence.entry;
  const double rest = rest_of_row(base, entry);
  const double complement = acting.influence.alone->complement;
  double by_complement = 0;
  for (std::size_t k = 0; k < base.size(); ++k) {
    if (k != entry) by_complement += derivatives[k] * base[k] / rest;
  }
  GradientBefore before{RowGradient(base.size()), RowGradient(base.size())};
  for (std::size_t k = 0; k < base.size(); ++k) {
    if (k != entry) before.own[k] = complement / rest * (derivatives[k] - by_complement);
  }
  pull_back_reached(plan, *acting.source, mean_row, t, derivatives[entry], by_complement, before, written);
  return before;
}

/// The odds multiplier of each influence, as influenced() has it.
[[nodiscard]] inline std::vector<double> odds_of(const std::vector<ActingInfluence>& acting,
                                                 const std::vector<double>& base) {
  std::vector<double> odds;
  for (const ActingInfluence& each : acting) {
    const Influence& influence = each.influence;
    odds.push_back(influence.alone
                       ? odds_multiplier(base[influence.entry], rest_of_row(base, influence.entry), *influence.alone)
                       : influence.odds);
  }
  return odds;
}

/// Several influences together: weights p·m over their sum.
[[nodiscard]] inline GradientBefore before_weights(const CompilePlan& plan, const std::vector<ActingInfluence>& acting,
                                                   const std::vector<double>& base, const std::vector<double>& mean_row,
                                                   bool own_row, std::int64_t t, const RowGradient& derivatives,
                                                   ParameterGradient& written) {
  const std::vector<double> odds = odds_of(acting, base);
  std::vector<double> product(base.size(), 1.0);
  for (std::size_t q = 0; q < acting.size(); ++q) product[acting[q].influence.entry] *= odds[q];
  std::vector<double> moved(base.size());
  for (std::size_t k = 0; k < base.size(); ++k) moved[k] = base[k] * product[k];
  const double total = rest_of_row(moved, base.size());
  for (double& p : moved) p /= total;
  const double average = along(derivatives, moved);
  GradientBefore before{RowGradient(base.size()), RowGradient(base.size())};
  for (std::size_t k = 0; k < base.size(); ++k) before.own[k] = times(product[k], (derivatives[k] - average) / total);
  for (std::size_t q = 0; q < acting.size(); ++q) {
    const RowInfluence& source = *acting[q].source;
    if (source.effect == nullptr) continue;
    // odds times its slope: every influence on an entry multiplies the same weight
    const std::size_t entry = source.entry;
    const double by_log = (derivatives[entry] - average) * moved[entry];
    const bool from_mean = own_row && !acting[q].influence.alone;
    const std::vector<double>& start = from_mean ? mean_row : base;
    RowGradient& start_gradient = from_mean ? before.mean : before.own;
    const double rest = rest_of_row(start, entry);
    const double today = mean_row[entry];
    const double moved_by = (plan.mean(source.effect->limit, t) - today) * plan.share(source.lever, *source.effect, t);
    const double probability = today + moved_by;
    const double complement = rest_of_row(mean_row, entry) - moved_by;
    start_gradient[entry] -= by_log / start[entry];
    add_to_others(start_gradient, entry, by_log / rest);
    pull_back_reached(plan, source, mean_row, t, by_log / probability, -by_log / complement, before, written);
  }
  return before;
}

/// Passes on the gradient by one row in one epoch.
inline void pull_back_row(const CompilePlan& plan, const TypeNumbers& type, const TypeNumbers& segment,
                          const RowPlan& row, const PeriodAndRegime& when, const RowGradient& derivatives,
                          ParameterGradient& written) {
  if (row.entries.size() == 1) return;
  const std::vector<double> base = base_row(plan, type, row, when.t);
  const bool own_row = !row.influences.empty() && differs_in_row(type, row);
  const std::vector<double> mean_row = own_row ? base_row(plan, segment, row, when.t) : base;
  const std::vector<ActingInfluence> acting = acting_influences(plan, row, mean_row, own_row, when.t, when.regime);
  if (acting.empty()) return pull_back_base_row(plan, type, row, when.t, base, derivatives, written);
  const bool is_alone = acting.size() == 1 && acting.front().influence.alone;
  GradientBefore before = is_alone
                              ? before_one_alone(plan, acting.front(), base, mean_row, when.t, derivatives, written)
                              : before_weights(plan, acting, base, mean_row, own_row, when.t, derivatives, written);
  if (own_row) {
    pull_back_base_row(plan, segment, row, when.t, mean_row, before.mean, written);
  } else {
    for (std::size_t k = 0; k < base.size(); ++k) before.own[k] += before.mean[k];
  }
  pull_back_base_row(plan, type, row, when.t, base, before.own, written);
}

/// Where the entries of a row lie in the chain; none for staying where that never happens.
[[nodiscard]] inline std::vector<std::optional<std::uint32_t>> chain_entries_of(const CompilePlan& plan,
                                                                                const Chain& chain, std::size_t type,
                                                                                std::size_t state, const RowPlan& row) {
  std::vector<std::optional<std::uint32_t>> entries;
  std::uint32_t k = chain.transitions.first[plan.state(type, state)];
  const std::uint32_t end = chain.transitions.first[plan.state(type, state) + 1];
  for (const RowEntry& entry : row.entries) {
    const bool found = k < end && chain.transitions.successor[k] == plan.state(type, entry.successor);
    entries.push_back(found ? std::optional{k++} : std::nullopt);
  }
  return entries;
}

/// Passes on the gradient by all rows and by the cash flows of their transitions.
inline void pull_back_rows(const CompilePlan& plan, const Chain& chain, const ChainGradient& gradient,
                           ParameterGradient& written) {
  const std::vector<PeriodAndRegime> rows_when = first_moments(plan, chain.probability);
  const std::vector<PeriodAndRegime> money_when = first_moments(plan, chain.transition_cash_flow);
  std::vector<RowPlan> rows;
  TypeNumbers segment;
  for (std::size_t k = 0; k < plan.types.size(); ++k) {
    const TypeNumbers& type = plan.types[k];
    if (is_first_of_segment(plan, type)) {
      rows = row_plans(plan, type.segment);
      segment = numbers_of_segment(plan.model, type.segment);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto places = chain_entries_of(plan, chain, k, i, rows[i]);
      for (std::size_t m = 0; m < rows_when.size(); ++m) {
        RowGradient derivatives;
        for (const auto& place : places) {
          derivatives.push_back(place ? gradient.probability[m][*place] : gradient.staying[m][plan.state(k, i)]);
        }
        pull_back_row(plan, type, segment, rows[i], rows_when[m], derivatives, written);
      }
      for (std::size_t e = 0; e < places.size(); ++e) {
        if (!rows[i].entries[e].transition) continue;
        const Number& money = *type.transition_cash_flow[*rows[i].entries[e].transition];
        for (std::size_t m = 0; m < money_when.size(); ++m) {
          pull_back(plan, money, money_when[m].t, gradient.transition_cash_flow[m][*places[e]], written);
        }
      }
    }
  }
}

}  // namespace tenure::detail
