#pragma once
// Where a person can be, and what being there is worth. A state without outgoing transitions is absorbing.

#include <optional>
#include <string>

#include "tenure/quantity/dwell.hpp"
#include "tenure/quantity/number.hpp"
#include "tenure/quantity/stage.hpp"

namespace tenure {

/// A state, by name.
struct State {
  std::string name;
  Stage stage = Stage::servicing;
  Number cash_flow{};                    ///< per person and period spent in the state; may be negative
  std::optional<double> satisfaction{};  ///< -1 … +1, how a customer feels here
  std::optional<Dwell> dwell{};          ///< how long it lasts; without it, as its transitions say
  bool operator==(const State&) const = default;
};

}  // namespace tenure
