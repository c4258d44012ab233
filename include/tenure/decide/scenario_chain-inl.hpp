#pragma once
// The bodies of tenure/decide/scenario_chain.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/chain/compile.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

namespace detail {

[[nodiscard]] inline bool probability_differs(const Probability& probability) {
  const auto* number = std::get_if<Number>(&probability);
  return number != nullptr && differs(*number);
}

TENURE_INLINE bool some_probability_differs(const Model& model) {
  const auto in = [](const auto& transitions, auto probability_of) {
    return std::any_of(transitions.begin(), transitions.end(), probability_of);
  };
  if (in(model.transitions(), [](const Transition& transition) { return probability_differs(transition.probability); }))
    return true;
  return in(model.draft().segments, [&](const Segment& segment) {
    return in(segment.transitions,
              [](const SegmentTransition& own) { return own.probability && probability_differs(*own.probability); });
  });
}

/// What the exact engine has to do for a chain, in entries of rows times periods; making an entry takes as long as some
/// hundred periods.
[[nodiscard]] inline double work_on(const Chain& chain) {
  const double places = static_cast<double>(chain.transitions.entries() + chain.referrals.entries() +
                                            (chain.dwells.empty() ? 0 : chain.dwells.first_place.back()));
  return places * static_cast<double>(chain.regimes()) * (300 + static_cast<double>(chain.horizon.value_or(1000)));
}

/// Figures by which two chains of one scenario are compared; those of one sort together, a state's values say.
using ComparedFigures = std::vector<std::vector<double>>;

/// What is discounted, and over a finite horizon everything else.
[[nodiscard]] inline ComparedFigures figures_of(const ExactValue& value, bool with_all) {
  ComparedFigures figures;
  for (const StateValue& state : value.states)
    figures.push_back({state.clv.value_or(0), state.clv_sd.value_or(0), state.clv_with_referrals.value_or(0)});
  if (value.business) {
    for (const ChannelValue& channel : value.business->channels) figures.push_back({channel.value_each.value_or(0)});
    figures.push_back({value.business->customer_equity});
    if (with_all) {
      figures.push_back({value.business->acquired.value_or(0)});
      figures.push_back({value.business->retention_rate.value_or(0)});
    }
    if (value.business->trace) {
      figures.insert(figures.end(), value.business->trace->people.begin(), value.business->trace->people.end());
    }
  }
  return figures;
}

/// How long people are customers, which is not discounted.
[[nodiscard]] inline ComparedFigures durations_of(const ExactValue& value) {
  ComparedFigures durations(2);
  for (const StateValue& state : value.states) {
    durations[0].push_back(state.expected_periods_as_customer.value_or(0));
  }
  if (value.business) durations[1].push_back(value.business->retention_rate.value_or(0));
  return durations;
}

/// The largest change of a figure, as a share of the largest figure of its sort.
[[nodiscard]] inline double change_of(const ComparedFigures& before, const ComparedFigures& after) {
  double most = 0;
  for (std::size_t sort = 0; sort < after.size(); ++sort) {
    double change = 0;
    double largest = 0;
    for (std::size_t k = 0; k < after[sort].size(); ++k) {
      change = std::max(change, std::abs(after[sort][k] - before[sort][k]));
      largest = std::max(largest, std::abs(after[sort][k]));
    }
    if (largest > 0) most = std::max(most, change / largest);
  }
  return most;
}

/// Where people who differ are so loyal, some of them, that the average over them has no limit.
inline void refuse_what_does_not_settle(const ScenarioChain& found) {
  constexpr double settled = 1e-3;
  if (found.chain.horizon || found.quadrature_error <= settled) return;
  throw DivergentError{{{"divergent",
                         "",
                         "values over an endless horizon do not settle: some of the people who differ may never leave",
                         "give a finite horizon, a discount_rate, or a law that leaves less near 0",
                         {}}}};
}

}  // namespace detail

TENURE_INLINE ScenarioChain scenario_chain(const Model& model, const Spending& spending, const SpendPieces& pieces,
                                           const Interrupted& interrupted) {
  const auto compiled = [&](std::size_t points) {
    return compile_in_pieces(model, spending, pieces, points, interrupted);
  };
  if (!detail::some_probability_differs(model)) return {compiled(default_quadrature_points)};
  constexpr double negligible = 1e-12;
  constexpr double unsettled = 1e-6;
  constexpr double most_work = 2e8;  // a second or two
  constexpr std::size_t most_points = 512;
  const bool is_finite = model.horizon().has_value();
  std::size_t points = default_quadrature_points / 2;
  ScenarioChain found{.chain = compiled(points), .points = points};
  ExactValue value = exact_value(found.chain, {.interrupted = interrupted});
  while (points < most_points) {
    points *= 2;
    ScenarioChain finer{.chain = compiled(points), .points = points};
    ExactValue finer_value = exact_value(finer.chain, {.interrupted = interrupted});
    const double change_of_durations =
        detail::change_of(detail::durations_of(value), detail::durations_of(finer_value));
    finer.quadrature_error =
        detail::change_of(detail::figures_of(value, is_finite), detail::figures_of(finer_value, is_finite));
    if (is_finite) finer.quadrature_error = std::max(finer.quadrature_error, change_of_durations);
    finer.duration_settles = change_of_durations <= unsettled;
    const double growth = detail::work_on(finer.chain) / detail::work_on(found.chain);
    found = std::move(finer);
    value = std::move(finer_value);
    const bool settled = found.quadrature_error <= negligible && (is_finite || found.duration_settles);
    if (settled || detail::work_on(found.chain) * growth > most_work) break;
  }
  detail::refuse_what_does_not_settle(found);
  return found;
}

}  // namespace tenure
