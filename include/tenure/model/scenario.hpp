#pragma once
// A plan for the levers: how much is spent on each, said as spend levels, or as a budget and its split.

#include <algorithm>
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

/// A named plan.
struct Scenario {
  std::string name;
  std::string note{};
  std::variant<SpendLevels, BudgetSplit> plan{};
  bool reference = false;  ///< what the others are compared with
  bool operator==(const Scenario&) const = default;
};

/// The name of the scenario that spends nothing.
inline constexpr const char* baseline_name = "baseline";

/// Whether a scenario leaves everything as it is.
[[nodiscard]] inline bool spends_nothing(const Scenario& scenario) {
  if (const auto* budget = std::get_if<BudgetSplit>(&scenario.plan)) return budget->budget == 0;
  const SpendLevels& levels = std::get<SpendLevels>(scenario.plan);
  return std::all_of(levels.begin(), levels.end(), [](const auto& level) { return level.second == 0; });
}

}  // namespace tenure
