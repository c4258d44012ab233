#pragma once
// The slopes of what a scenario is worth by every number that is written in its model, and by its spend levels: one
// sweep of the exact engine forward and one back (engine/gradient.hpp), passed on through compile() read backwards
// (chain/model_gradient.hpp), however many numbers there are.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/chain/model_gradient.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/engine/gradient.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/model_numbers.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

/// What is valued: customer equity, or where a state of the model is given one person who enters it at the start of
/// period 0, with the whole tree of people brought.
using ValuedPerson = std::optional<StateIndex>;

/// Slopes in the order of the model. What has no finite slope has no value: an amount that would be earned for ever,
/// undiscounted, say.
struct EquityGradient {
  double value = 0;                                  ///< that of which these are the slopes
  std::vector<std::optional<double>> by_number{};    ///< in the order of numbers_of(model.draft())
  std::vector<std::optional<double>> by_spend{};     ///< by lever: of its spend level
  std::vector<std::optional<double>> by_arrivals{};  ///< by [[arrivals]]: per person; of a schedule per multiple of it
  std::vector<std::optional<double>> by_dwell{};  ///< by state: per multiple of its leaving hazards; 0 without a dwell
};

/// Slopes by the spend levels, in the model's order of levers.
struct SpendGradient {
  double customer_equity = 0;
  double investment = 0;
  std::vector<double> equity_by_level{};
  std::vector<double> investment_by_level{};
};

namespace detail {

[[nodiscard]] inline std::optional<double> if_finite(double slope) {
  return std::isfinite(slope) ? std::optional{slope} : std::nullopt;
}

[[nodiscard]] inline std::vector<std::optional<double>> if_finite(const std::vector<double>& slopes) {
  std::vector<std::optional<double>> finite;
  for (const double slope : slopes) finite.push_back(if_finite(slope));
  return finite;
}

/// Whether the slope by a number cannot be read off the chain: it stands for a law of people, or its growth would only
/// begin.
[[nodiscard]] inline bool needs_differences(const Number& number) {
  return differs(number) || (number.growth != 0 && number.mean == 0 && number.schedule.empty());
}

[[nodiscard]] inline Chain valued_chain(Chain chain, const ValuedPerson& person) {
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
  return if_finite((tenure::gradient(*high, interrupted).value - tenure::gradient(*low, interrupted).value) / (2 * step));
}

}  // namespace detail

/// The slopes of a chain that scenario_chain() made of a model at these spend levels.
[[nodiscard]] inline EquityGradient equity_gradient(const Model& model, const Spending& spending,
                                                    const ScenarioChain& compiled, const ValuedPerson& person = {},
                                                    const Interrupted& interrupted = uninterrupted) {
  const Chain chain = detail::valued_chain(compiled.chain, person);
  const ChainGradient slopes = gradient(chain, interrupted);
  const detail::WrittenSlopes written =
      detail::written_slopes(model, spending, compiled.points, chain, slopes, !person.has_value());
  EquityGradient result{slopes.value,
                        {},
                        detail::if_finite(written.spend_level),
                        detail::if_finite(written.arrivals),
                        detail::if_finite(written.dwell)};
  for (const ModelNumber& number : numbers_of(model.draft())) {
    if (detail::needs_differences(number.number)) {
      result.by_number.push_back(
          detail::slope_by_differences(model, spending, compiled.points, number, person, slopes, interrupted));
      continue;
    }
    const auto found = written.number.find(&number_at(model.draft(), number.place));
    result.by_number.push_back(found == written.number.end() ? 0.0 : detail::if_finite(found->second));
  }
  return result;
}

/// The slopes of a model's customer equity, or of one person's value, at these spend levels. Throws as compile() and
/// exact_value() do.
[[nodiscard]] inline EquityGradient equity_gradient(const Model& model, const Spending& spending,
                                                    const ValuedPerson& person = {}) {
  return equity_gradient(model, spending, scenario_chain(model, spending), person);
}

namespace detail {

/// Spend levels with a trace of spend on each lever that has none: its slopes are then those to the right of 0.
[[nodiscard]] inline Spending with_traces(const Model& model, Spending spending) {
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

/// The slopes of the investment, negated: cash flows do not matter to it.
[[nodiscard]] inline ChainGradient gradient_of_spending(const Chain& chain) {
  ChainGradient slopes = gradient(spending_only(chain));
  const ChainGradient flat = flat_gradient(chain);
  slopes.cash_flow = flat.cash_flow;
  slopes.transition_cash_flow = flat.transition_cash_flow;
  return slopes;
}

}  // namespace detail

/// Customer equity and investment, with their slopes by every lever's spend level: the responses' slopes, the
/// carry-over and the spend itself included. At a level of 0 the slopes are those to the right of it, taken at a
/// billionth of the half_spend or less; where a hill begins vertically they are large and finite. Throws as compile()
/// and exact_value() do, and ModelError where some lever cannot be spent on beside the others.
[[nodiscard]] inline SpendGradient spend_gradient(const Model& model, const Spending& spending) {
  const Spending traced = detail::with_traces(model, spending);
  const ScenarioChain compiled = scenario_chain(model, traced);
  const ChainGradient equity = gradient(compiled.chain);
  const ChainGradient spent = detail::gradient_of_spending(compiled.chain);
  const auto written = [&](const ChainGradient& slopes) {
    return detail::written_slopes(model, traced, compiled.points, compiled.chain, slopes, true).spend_level;
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
