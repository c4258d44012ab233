#pragma once
// How people move. What the listed transitions of a state leave over stays in the state, unless one of them takes the
// rest.

#include <string>
#include <variant>

#include "tenure/quantity/number.hpp"

namespace tenure {

/// Takes what the other transitions of the state leave over, instead of staying.
struct Rest {
  bool operator==(const Rest&) const = default;
};
/// In the place of a probability.
inline constexpr Rest rest{};

/// Per period, given that the person is in the state at its start.
using Probability = std::variant<Number, Rest>;

/// A move from one state to another.
struct Transition {
  std::string from;
  std::string to;
  Probability probability{};
  Number cash_flow{};  ///< when the transition happens, at the end of the period
  bool operator==(const Transition&) const = default;
};

}  // namespace tenure
