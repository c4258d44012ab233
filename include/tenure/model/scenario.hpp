#pragma once
// A plan for the levers: how much is spent on each, said as spend levels, or as a budget and its split.

#include <map>
#include <string>
#include <variant>

namespace tenure {

/// Spend per period on each lever, per customer or in total as the lever says; levers left out: 0.
using SpendLevels = std::map<std::string, double>;

/// The present value of all lever spend over the horizon, and each lever's share of it; shares sum to 1.
struct BudgetSplit {
  double budget = 0;
  std::map<std::string, double> split{};
  bool operator==(const BudgetSplit&) const = default;
};

struct Scenario {
  std::string name;
  std::string note{};
  std::variant<SpendLevels, BudgetSplit> plan{};
  bool reference = false;  ///< what the others are compared with
  bool operator==(const Scenario&) const = default;
};

inline constexpr const char* baseline_name = "baseline";

}  // namespace tenure
