#pragma once
// The waveline: along the journey's states, how people feel, how many they are, what they bring, where they leave, and
// what one more point at each touchpoint is worth; and over time, how everyone feels and what they bring. It says where
// the best opportunities lie. All of it is read off the course of the people and the gradient by the chain's numbers.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tenure/decide/equity_gradient.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/state.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

/// One state of the journey, everyone there together.
struct Touchpoint {
  std::string state{};
  Stage stage = Stage::servicing;
  std::optional<double> satisfaction{};      ///< -1 … +1, as the model says
  std::optional<double> people{};            ///< discounted person-periods, Σ d^t n_t; none where infinite
  std::optional<double> value_rate{};        ///< net cash flow per person-period, with that of leaving; none for nobody
  std::optional<double> leaving{};           ///< discounted people who go from here to a lost state
  std::optional<double> worth_of_a_point{};  ///< of one more percentage point of the best move; none without a choice
  std::optional<std::size_t> best_move{};    ///< the state to which that leads
};

/// How everyone who feels something feels in one period, and what all bring.
struct WavelinePeriod {
  double people = 0;                        ///< in states with a satisfaction
  std::optional<double> satisfaction{};     ///< on average; none for nobody
  std::optional<double> satisfaction_sd{};  ///< over people
  double cash_flow = 0;                     ///< of everyone, undiscounted, before spend
};

/// The journey: what each state is worth, and how satisfied people are over time.
struct Waveline {
  std::vector<Touchpoint> touchpoints{};    ///< by state of the model
  std::vector<WavelinePeriod> over_time{};  ///< empty for an endless horizon
};

/// The waveline of a chain that scenario_chain() made of a model: of its arrivals, or of one person who enters a state.
[[nodiscard]] Waveline waveline(const Model& model, const ScenarioChain& compiled, const ValuedPerson& person = {},
                                const Interrupted& interrupted = uninterrupted);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/decide/waveline-inl.hpp"
#endif
