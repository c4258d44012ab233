#pragma once
// The chain of a scenario, fine enough. Where probabilities differ from person to person, so many values stand for their
// laws as it takes: their number is doubled until the exact engine's figures no longer change, or until there would be
// too many kinds of people. By how much the last doubling changed them is reported; that is more than the error left.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/chain/compile.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure {

struct ScenarioChain {
  Chain chain{};
  double quadrature_error = 0;  ///< as a share of the largest figure of its sort; 0 where no probability differs
};

namespace detail {

[[nodiscard]] inline bool probability_differs(const Probability& probability) {
  const auto* number = std::get_if<Number>(&probability);
  return number != nullptr && differs(*number);
}

[[nodiscard]] inline bool some_probability_differs(const Model& model) {
  const auto in = [](const auto& transitions, auto probability_of) {
    return std::any_of(transitions.begin(), transitions.end(), probability_of);
  };
  if (in(model.transitions(), [](const Transition& transition) { return probability_differs(transition.probability); })) return true;
  return in(model.draft().segments, [&](const Segment& segment) {
    return in(segment.transitions, [](const SegmentTransition& own) { return own.probability && probability_differs(*own.probability); });
  });
}

/// What the exact engine has to do for a chain, in entries of rows times periods; making an entry takes as long as some
/// hundred periods.
[[nodiscard]] inline double work_on(const Chain& chain) {
  const double places = static_cast<double>(chain.transitions.entries() + chain.referrals.entries() + (chain.dwells.empty() ? 0 : chain.dwells.first_place.back()));
  return places * static_cast<double>(chain.regimes()) * (300 + static_cast<double>(chain.horizon.value_or(1000)));
}

/// Figures by which two chains of one scenario are compared, those of one sort together.
using ComparedFigures = std::vector<std::vector<double>>;

[[nodiscard]] inline ComparedFigures figures_of(const ExactValue& value) {
  ComparedFigures figures(6);
  for (const StateValue& state : value.states) {
    figures[0].insert(figures[0].end(), {state.clv.value_or(0), state.clv_sd.value_or(0), state.clv_with_referrals.value_or(0)});
    figures[1].push_back(state.expected_periods_as_customer.value_or(0));
  }
  if (!value.business) return figures;
  for (const ChannelValue& channel : value.business->channels) figures[2].push_back(channel.value_each.value_or(0));
  figures[3].push_back(value.business->customer_equity);
  figures[4].push_back(value.business->acquired.value_or(0));
  figures[5].push_back(value.business->retention_rate.value_or(0));
  if (value.business->trace) {
    figures.insert(figures.end(), value.business->trace->people.begin(), value.business->trace->people.end());
  }
  return figures;
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

}  // namespace detail

/// The chain of a model at these spend levels. Throws as compile() and exact_value() do.
[[nodiscard]] inline ScenarioChain scenario_chain(const Model& model, const Spending& spending) {
  if (!detail::some_probability_differs(model)) return {compile(model, spending), 0};
  constexpr double negligible = 1e-12;
  constexpr double most_work = 2e8;  // a second or two
  constexpr std::size_t most_points = 512;
  std::size_t points = default_quadrature_points / 2;
  ScenarioChain found{compile(model, spending, points), 0};
  detail::ComparedFigures figures = detail::figures_of(exact_value(found.chain));
  while (points < most_points) {
    points *= 2;
    ScenarioChain finer{compile(model, spending, points), 0};
    detail::ComparedFigures finer_figures = detail::figures_of(exact_value(finer.chain));
    finer.quadrature_error = detail::change_of(figures, finer_figures);
    const double growth = detail::work_on(finer.chain) / detail::work_on(found.chain);
    found = std::move(finer);
    figures = std::move(finer_figures);
    if (found.quadrature_error <= negligible || detail::work_on(found.chain) * growth > most_work) break;
  }
  return found;
}

}  // namespace tenure
