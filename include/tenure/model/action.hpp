#pragma once
// What may be done with a customer, state by state: whom to court, whom to let go. With actions a chain becomes a
// Markov decision process (Bellman 1957; Howard 1960). An action costs something for each person and period, and while
// it is taken some numbers are others. Unlike a lever it has no curve: it is taken or not, person by person, and what
// is best is found, not said.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/quantity/number.hpp"

namespace tenure {

/// The probability and/or cash flow of a transition while the action is taken. What is put on some transitions of a
/// row, the others of it leave or take in proportion.
struct PutsTransition {
  std::string from;
  std::string to;
  std::optional<Number> probability{};
  std::optional<Number> cash_flow{};
  bool operator==(const PutsTransition&) const = default;
};

/// The cash flow of a state while the action is taken in it.
struct PutsCashFlow {
  std::string state;
  Number cash_flow{};
  bool operator==(const PutsCashFlow&) const = default;
};

/// A referral rate while the action is taken.
struct PutsReferral {
  std::string from;
  std::string to;
  Number per_period{};
  bool operator==(const PutsReferral&) const = default;
};

/// Multiplies the leaving hazard of a dwell while the action is taken; more than 1 shortens it.
struct PutsDwell {
  std::string state;
  Number factor{1.0};
  bool operator==(const PutsDwell&) const = default;
};

/// One thing that an action puts in place of today's.
using ActionEffect = std::variant<PutsTransition, PutsCashFlow, PutsReferral, PutsDwell>;

/// The state in which an effect works: an action moves only what belongs to the state that it is taken in.
[[nodiscard]] inline const std::string& state_of(const ActionEffect& effect) {
  return std::visit(
      [](const auto& puts) -> const std::string& {
        if constexpr (requires { puts.from; }) {
          return puts.from;
        } else {
          return puts.state;
        }
      },
      effect);
}

/// Something that may be done with a customer.
struct Action {
  std::string name;
  std::string label{};            ///< for people; default the name
  std::vector<std::string> in{};  ///< the states in which it may be taken
  Number cost{};  ///< for each person and period, at the start of it; negative saves what is spent anyway
  std::vector<std::string> segments{};  ///< only there; default all
  std::vector<ActionEffect> effects{};
  bool operator==(const Action&) const = default;
};

/// What is done where no action is taken.
inline constexpr std::string_view no_action_name = "nothing";

}  // namespace tenure
