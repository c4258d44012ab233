#pragma once
// The bodies of tenure/decide/waveline.hpp.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tenure/chain/chain_gradient.hpp"
#include "tenure/decide/equity_gradient.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/decide/waveline.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/gradient.hpp"
#include "tenure/model/model.hpp"

namespace tenure {

namespace detail {

/// What the gradient by one state's numbers says of the people in it, summed over moments and kinds.
struct StateSums {
  double people = 0;
  double cash = 0;
  double leaving = 0;
};

inline void add_moves_of_state(const Chain& chain, const ChainGradient& derivatives, std::size_t i, StateSums& sums) {
  for (std::size_t m = 0; m < derivatives.transition_cash_flow.size(); ++m) {
    for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
      const double moves = derivatives.transition_cash_flow[m][k];  // a unit more for each move: the discounted moves
      sums.cash += times(moves, chain.transition_cash_flow.distinct()[m][k]);
      const bool lost = chain.stages[chain.transitions.successor[k]] == Stage::lost && chain.stages[i] != Stage::lost;
      if (lost) sums.leaving += moves;
    }
  }
}

[[nodiscard]] inline StateSums sums_of_state(const Chain& chain, const ChainGradient& derivatives, std::size_t state) {
  StateSums sums;
  for (std::size_t i = state; i < chain.states(); i += chain.states_of_a_type()) {
    for (std::size_t m = 0; m < derivatives.spend.size(); ++m) {
      sums.people -= derivatives.spend[m][i];
      sums.cash += times(derivatives.spend[m][i], chain.spend.distinct()[m][i]);
    }
    for (std::size_t m = 0; m < derivatives.cash_flow.size(); ++m) {
      sums.cash += times(derivatives.cash_flow[m][i], chain.cash_flow.distinct()[m][i]);
    }
    add_moves_of_state(chain, derivatives, i, sums);
  }
  return sums;
}

/// The worth of more of each move out of a state, the others giving way in proportion, by state of the model.
[[nodiscard]] inline std::vector<std::optional<double>> value_of_moves(const Chain& chain,
                                                                       const ChainGradient& derivatives,
                                                                       std::size_t state) {
  const std::size_t states = chain.states_of_a_type();
  std::vector<std::optional<double>> worth(states);
  for (std::size_t i = state; i < chain.states(); i += states) {
    const std::uint32_t begin = chain.transitions.first[i];
    const std::uint32_t end = chain.transitions.first[i + 1];
    for (std::size_t m = 0; m < derivatives.probability.size(); ++m) {
      const std::vector<double>& p = chain.probability.distinct()[m];
      double along = 0;
      for (std::uint32_t k = begin; k < end; ++k) along += times(derivatives.probability[m][k], p[k]);
      for (std::uint32_t k = begin; k < end; ++k) {
        if (!(p[k] > 0 && p[k] < 1)) continue;
        const double others = (along - times(derivatives.probability[m][k], p[k])) / (1 - p[k]);
        double& total = worth[chain.transitions.successor[k] % states].emplace(
            worth[chain.transitions.successor[k] % states].value_or(0));
        total += derivatives.probability[m][k] - others;
      }
    }
  }
  return worth;
}

[[nodiscard]] inline Touchpoint touchpoint_of(const Model& model, const Chain& chain, const ChainGradient& derivatives,
                                              std::size_t state) {
  const State& said = model.states()[state];
  const StateSums sums = sums_of_state(chain, derivatives, state);
  Touchpoint touchpoint{.state = said.name, .stage = said.stage, .satisfaction = said.satisfaction};
  const auto if_finite_number = [](double value) { return std::isfinite(value) ? std::optional{value} : std::nullopt; };
  touchpoint.people = if_finite_number(sums.people);
  if (touchpoint.people && sums.people > 0) touchpoint.value_rate = if_finite_number(sums.cash / sums.people);
  touchpoint.leaving = if_finite_number(sums.leaving);
  const std::vector<std::optional<double>> worth = value_of_moves(chain, derivatives, state);
  for (std::size_t to = 0; to < worth.size(); ++to) {
    if (!worth[to] || !std::isfinite(*worth[to])) continue;
    const double point = *worth[to] / 100;
    if (touchpoint.worth_of_a_point && point <= *touchpoint.worth_of_a_point) continue;
    touchpoint.worth_of_a_point = point;
    touchpoint.best_move = to;
  }
  return touchpoint;
}

[[nodiscard]] inline WavelinePeriod period_of_waveline(const Model& model, const Trace& trace, std::size_t t) {
  WavelinePeriod period{.cash_flow = trace.cash_flow[t]};
  double sum = 0;
  for (std::size_t i = 0; i < model.states().size(); ++i) {
    if (!model.states()[i].satisfaction) continue;
    period.people += trace.people[i][t];
    sum += trace.people[i][t] * *model.states()[i].satisfaction;
  }
  if (!(period.people > 0)) return period;
  const double mean = sum / period.people;
  double squares = 0;
  for (std::size_t i = 0; i < model.states().size(); ++i) {
    if (!model.states()[i].satisfaction) continue;
    const double apart = *model.states()[i].satisfaction - mean;
    squares += trace.people[i][t] * apart * apart;
  }
  period.satisfaction = mean;
  period.satisfaction_sd = std::sqrt(squares / period.people);
  return period;
}

}  // namespace detail

TENURE_INLINE Waveline waveline(const Model& model, const ScenarioChain& compiled, const ValuedPerson& person,
                                const Interrupted& interrupted) {
  const Chain chain = detail::valued_chain(compiled.chain, person);
  const ChainGradient derivatives = gradient(chain, interrupted);
  Waveline line;
  for (std::size_t i = 0; i < model.states().size(); ++i) {
    line.touchpoints.push_back(detail::touchpoint_of(model, chain, derivatives, i));
  }
  if (!chain.horizon) return line;
  const ExactValue value = exact_value(chain, {.interrupted = interrupted});
  const Trace& trace = value.business.value().trace.value();
  for (std::size_t t = 0; t < trace.cash_flow.size(); ++t) {
    line.over_time.push_back(detail::period_of_waveline(model, trace, t));
  }
  return line;
}

}  // namespace tenure
