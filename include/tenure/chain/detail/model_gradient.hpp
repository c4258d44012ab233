#pragma once
// From the gradient by a chain's numbers to the gradient by all numbers of the model that it was compiled from, at the
// cost of compiling it about once more. Numbers that differ from person to person are not among them: their laws are
// replaced by values and shares, whose slopes only differences give (decide/equity_gradient.hpp).

#include <cstddef>
#include <optional>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/chain_gradient.hpp"
#include "tenure/chain/detail/compile/pullback.hpp"
#include "tenure/chain/detail/compile/pullback_of_rewards.hpp"
#include "tenure/chain/detail/compile/pullback_of_rows.hpp"
#include "tenure/model/model.hpp"

namespace tenure::detail {

/// The gradient by what is written in a model, from those by the numbers of the chain compiled by this plan. Without
/// `with_arrivals` the chain's arrivals are others than the model's, and theirs are left at 0.
[[nodiscard]] inline ParameterGradient parameter_gradient(const CompilePlan& plan, const Chain& chain,
                                                          const ChainGradient& gradient, bool with_arrivals) {
  ParameterGradient written = flat_gradient(plan.model, plan.pieces.size());
  pull_back_rows(plan, chain, gradient, written);
  pull_back_cash_flows(plan, chain, gradient, written);
  pull_back_referral_rates(plan, chain, gradient, written);
  pull_back_dwells(plan, chain, gradient, written);
  if (with_arrivals) pull_back_arrivals(plan, gradient, written);
  for (std::size_t stream = 0; stream < written.spend_level.size(); ++stream) {
    written.spend_level[stream] += gradient.spend_level[stream];
  }
  return written;
}

/// The same for the chain of compile(model, spending, points).
[[nodiscard]] inline ParameterGradient parameter_gradient(const Model& model, const Spending& spending,
                                                          std::size_t points, const Chain& chain,
                                                          const ChainGradient& gradient, bool with_arrivals) {
  return parameter_gradient(make_plan(model, spending, {points, TypesFor::computing}), chain, gradient, with_arrivals);
}

/// Σ slope·(high - low) over all numbers of two chains of one shape; no value where they are of different shapes.
[[nodiscard]] inline std::optional<double> change_along(const ChainGradient& gradient, const Chain& low,
                                                        const Chain& high) {
  CompensatedSum change;
  bool alike = low.arrivals.size() == high.arrivals.size();
  const auto add_values = [&](const std::vector<double>& derivatives, const std::vector<double>& a,
                              const std::vector<double>& b) {
    alike = alike && derivatives.size() == a.size() && a.size() == b.size();
    for (std::size_t k = 0; alike && k < a.size(); ++k) change.add(times(derivatives[k], b[k] - a[k]));
  };
  const auto add = [&](const ChainGradient::ByEpoch& derivatives, const Timeline<std::vector<double>>& a,
                       const Timeline<std::vector<double>>& b) {
    alike = alike && a.course() == b.course() && derivatives.size() == a.distinct().size() &&
            a.distinct().size() == b.distinct().size();
    for (std::size_t m = 0; alike && m < derivatives.size(); ++m)
      add_values(derivatives[m], a.distinct()[m], b.distinct()[m]);
  };
  alike = alike && low.transitions == high.transitions;
  add(gradient.probability, low.probability, high.probability);
  add(gradient.transition_cash_flow, low.transition_cash_flow, high.transition_cash_flow);
  add(gradient.cash_flow, low.cash_flow, high.cash_flow);
  add(gradient.referral_rate, low.referral_rate, high.referral_rate);
  for (std::size_t g = 0; alike && g < gradient.arrivals.size(); ++g) {
    alike = g < low.arrivals.size() && low.arrivals[g].state == high.arrivals[g].state;
    if (alike) add_values(gradient.arrivals[g], low.arrivals[g].count, high.arrivals[g].count);
  }
  return alike ? std::optional{change.value()} : std::nullopt;
}

}  // namespace tenure::detail
