#pragma once
// What moves everyone at once: the calendar, known beforehand, and the market, which is not.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tenure {

/// Odds multipliers on one transition, repeated over the periods; with `from` and `until`, counted from `from` and only
/// there.
struct CalendarEntry {
  std::string from_state;
  std::string to_state;
  std::vector<double> odds{};
  std::optional<std::int64_t> from{};
  std::optional<std::int64_t> until{};
  bool operator==(const CalendarEntry&) const = default;
};

/// While the market is in a state, the odds of a transition are multiplied …
struct MarketMovesTransition {
  std::string from;
  std::string to;
  double odds = 1;
  bool operator==(const MarketMovesTransition&) const = default;
};

/// … or a state's cash flow …
struct MarketMovesCashFlow {
  std::string state;
  double cash_flow_factor = 1;
  bool operator==(const MarketMovesCashFlow&) const = default;
};

/// … or the arrivals of a name.
struct MarketMovesArrivals {
  std::string arrivals;
  double factor = 1;
  bool operator==(const MarketMovesArrivals&) const = default;
};

/// What a state of the market does to one thing.
struct EnvironmentEffect {
  std::string when;
  std::variant<MarketMovesTransition, MarketMovesCashFlow, MarketMovesArrivals> moves{};
  bool operator==(const EnvironmentEffect&) const = default;
};

/// The market: a Markov chain of its own, shared by all customers.
struct Environment {
  std::vector<std::string> states{};
  std::string start;
  std::vector<std::vector<double>> matrix{};  ///< per period
  std::vector<EnvironmentEffect> effects{};
  bool operator==(const Environment&) const = default;
};

}  // namespace tenure
