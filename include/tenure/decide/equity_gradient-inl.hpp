#pragma once
// The bodies of tenure/decide/equity_gradient.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "tenure/chain/detail/model_gradient.hpp"
#include "tenure/decide/equity_gradient.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/engine/gradient.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/model_numbers.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

namespace detail {

TENURE_INLINE std::optional<double> if_finite(double slope) {
  return std::isfinite(slope) ? std::optional{slope} : std::nullopt;
}

TENURE_INLINE std::vector<std::optional<double>> if_finite(const std::vector<double>& derivatives) {
  std::vector<std::optional<double>> finite;
  for (const double slope : derivatives) finite.push_back(if_finite(slope));
  return finite;
}

/// Whether the slope by a number cannot be read off the chain: it stands for a law of people, or its growth would only
/// begin.
[[nodiscard]] inline bool needs_differences(const Number& number) {
  return differs(number) || (number.growth != 0 && number.mean == 0 && number.schedule.empty());
}

TENURE_INLINE Chain valued_chain(Chain chain, const ValuedPerson& person) {
  return person ? entering(std::move(chain), *person) : chain;
}

/// The slope by a number, from central differences of the compiled chain along the gradient, or where these change the
/// chain's shape of the value.
[[nodiscard]] inline std::optional<double> slope_by_differences(const Model& model, const Spending& spending,
                                                                std::size_t points, const ModelNumber& number,
                                                                const ValuedPerson& person,
                                                                const ChainGradient& gradient,
                                                                const Interrupted& interrupted) {
  const double value = value_of(number.number);
  const double step = 1e-5 * (value != 0 ? std::abs(value) : 1);
  const auto chain_at = [&](double at) -> std::optional<Chain> {
    try {
      const Model moved{with_value(model.draft(), number.place, at)};
      return valued_chain(compile_in_pieces(moved, spending, one_piece, points, interrupted), person);
    } catch (const ModelError&) {
      return std::nullopt;
    }
  };
  const std::optional<Chain> low = chain_at(value - step);
  const std::optional<Chain> high = chain_at(value + step);
  if (!low || !high) return std::nullopt;
  if (const auto change = change_along(gradient, *low, *high)) return if_finite(*change / (2 * step));
  return if_finite((tenure::gradient(*high, interrupted).value - tenure::gradient(*low, interrupted).value) /
                   (2 * step));
}

}  // namespace detail

TENURE_INLINE EquityGradient equity_gradient(const Model& model, const Spending& spending,
                                             const ScenarioChain& compiled, const ValuedPerson& person,
                                             const Interrupted& interrupted) {
  const Chain chain = detail::valued_chain(compiled.chain, person);
  const ChainGradient derivatives = gradient(chain, interrupted);
  const detail::ParameterGradient written =
      detail::parameter_gradient(model, spending, compiled.points, chain, derivatives, !person.has_value());
  EquityGradient result{derivatives.value,
                        {},
                        detail::if_finite(written.spend_level),
                        detail::if_finite(written.arrivals),
                        detail::if_finite(written.dwell)};
  for (const ModelNumber& number : numbers_of(model.draft())) {
    if (detail::needs_differences(number.number)) {
      result.by_number.push_back(
          detail::slope_by_differences(model, spending, compiled.points, number, person, derivatives, interrupted));
      continue;
    }
    const auto found = written.number.find(&number_at(model.draft(), number.place));
    result.by_number.push_back(found == written.number.end() ? 0.0 : detail::if_finite(found->second));
  }
  return result;
}

TENURE_INLINE EquityGradient equity_gradient(const Model& model, const Spending& spending, const ValuedPerson& person) {
  return equity_gradient(model, spending, scenario_chain(model, spending), person);
}

namespace detail {

TENURE_INLINE Spending with_traces(const Model& model, Spending spending) {
  constexpr double trace = 1e-9;  // of the way
  for (std::size_t l = 0; l < spending.size(); ++l) {
    if (spending[l] > 0) continue;
    double least = std::numeric_limits<double>::infinity();
    for (const LeverEffect& effect : model.levers()[l].effects) {
      const bool is_table = effect.curve.shape == ResponseShape::table;
      const double half = is_table ? effect.curve.points.back().spend : value_of(effect.half_spend);
      const bool is_steep = effect.curve.shape == ResponseShape::hill && effect.curve.steepness < 1;
      least = std::min(least, half * (is_steep ? power(trace, 1 / effect.curve.steepness) : trace));
    }
    spending[l] = std::isfinite(least) ? std::max(least, std::numeric_limits<double>::min()) : trace;
  }
  return spending;
}

/// The gradient of the investment, negated: cash flows do not matter to it.
[[nodiscard]] inline ChainGradient gradient_of_spending(const Chain& chain) {
  ChainGradient derivatives = gradient(spending_only(chain));
  const ChainGradient flat = flat_gradient(chain);
  derivatives.cash_flow = flat.cash_flow;
  derivatives.transition_cash_flow = flat.transition_cash_flow;
  return derivatives;
}

}  // namespace detail

TENURE_INLINE SpendGradient spend_gradient(const Model& model, const Spending& spending) {
  const Spending traced = detail::with_traces(model, spending);
  const ScenarioChain compiled = scenario_chain(model, traced);
  const ChainGradient equity = gradient(compiled.chain);
  const ChainGradient spent = detail::gradient_of_spending(compiled.chain);
  const auto written = [&](const ChainGradient& derivatives) {
    return detail::parameter_gradient(model, traced, compiled.points, compiled.chain, derivatives, true).spend_level;
  };
  SpendGradient result{equity.value, -spent.value, written(equity), written(spent)};
  for (std::size_t l = 0; l < traced.size(); ++l) {
    result.investment_by_level[l] = 0 - result.investment_by_level[l];
    result.customer_equity -= result.equity_by_level[l] * (traced[l] - spending[l]);
    result.investment -= result.investment_by_level[l] * (traced[l] - spending[l]);
  }
  return result;
}

}  // namespace tenure
