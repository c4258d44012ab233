#pragma once
// The numbers that a decision may be sensitive to, one by one, and what a scenario is worth if one of them is another:
// all numbers of the model (model_numbers.hpp), the people who arrive, the spend levels, and how fast states with a
// dwell are left.
//
// What a probability gains, its row must lose. Where something is left over, to stay or to take the "rest", that gives
// way. In a row whose listed probabilities are all there is, its other outcomes give way in proportion.

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tenure/chain/compile.hpp"
#include "tenure/chain/spending.hpp"
#include "tenure/decide/equity_gradient.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/model_numbers.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// The people of one [[arrivals]].
struct ArrivalsPlace {
  std::size_t item = 0;
  bool operator==(const ArrivalsPlace&) const = default;
};

/// The spend level of one lever in the scenario.
struct SpendPlace {
  std::size_t lever = 0;
  bool operator==(const SpendPlace&) const = default;
};

/// By what all leaving hazards of a state with a dwell are multiplied, as by a lever: 1 today.
struct DwellPlace {
  std::size_t state = 0;
  bool operator==(const DwellPlace&) const = default;
};

/// One number, by name, value and place.
struct MovableNumber {
  std::string name{};
  double value = 0;
  Quantity quantity = Quantity::rate;
  std::variant<NumberPlace, ArrivalsPlace, SpendPlace, DwellPlace> place{};
  std::optional<Distribution> uncertain{};
  double uncertain_around = 0;  ///< the mean of that law, of which beside a schedule `value` need not be
};

/// Between which values a number may lie, as far as the model allows; infinite where nothing bounds it.
struct AdmissibleRange {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// All numbers that may be moved, in the model's order; of spend levels those above 0.
[[nodiscard]] std::vector<MovableNumber> movable_numbers(const Model& model, const Spending& spending);

/// Between which values a number may lie.
[[nodiscard]] AdmissibleRange admissible_range(const Model& model, const MovableNumber& number);

/// A scenario with its spend levels, to be valued with other numbers.
struct SpentScenario {
  std::string name{};
  Spending spending{};
  std::size_t points = default_quadrature_points;  ///< by which laws of people who differ are represented
  Interrupted interrupted{};                       ///< asked now and then: true ends the work with InterruptedError
};

/// What a scenario is worth if a number has another value; no value where the model does not allow it or where there is
/// no finite answer. Spend levels stay as they are. A spend level is that of the scenario where `moves_spend`.
[[nodiscard]] std::optional<double> value_with(const Model& model, const SpentScenario& scenario,
                                               const MovableNumber& number, double value, const ValuedPerson& person,
                                               bool moves_spend = true);

/// The slope of a scenario's value by a number.
[[nodiscard]] std::optional<double> slope_by(const EquityGradient& gradient, const MovableNumber& number,
                                             std::size_t place_in_model);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/decide/movable_numbers-inl.hpp"
#endif
