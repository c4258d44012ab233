#pragma once
// How likely each scenario is the best as something is changed that is not a matter of fact: how far one looks ahead,
// which return one asks for, how much is spent (an acceptability curve; Fenwick, Claxton and Sculpher 2001).

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/model/model.hpp"
#include "tenure/quantity/discounting.hpp"
#include "tenure/quantity/period.hpp"

namespace tenure {

/// What the best choice is shown for.
enum class AcceptabilityAxis : std::uint8_t { horizon, hurdle_rate, budget };

/// The names of these axes, in their order.
inline constexpr std::array<std::string_view, 3> acceptability_axis_names{"horizon", "hurdle_rate", "budget"};

/// Points: periods looked ahead, an effective annual discount rate, or the multiple of every scenario's spend.
struct Acceptability {
  AcceptabilityAxis axis = AcceptabilityAxis::horizon;
  std::vector<double> points{};
  std::vector<std::vector<double>> probability_best{};  ///< by scenario and point
};

namespace detail {

/// A chain that differs from a scenario's in one of these.
struct ChangedChain {
  std::optional<std::int64_t> horizon{};
  std::optional<double> discount_factor{};
};

struct AcceptabilityPlan {
  AcceptabilityAxis axis = AcceptabilityAxis::horizon;
  std::vector<double> points{};
  std::vector<ChangedChain> changes{};  ///< by point, of horizons and rates
};

[[nodiscard]] inline std::vector<double> usual_horizons(const Model& model) {
  std::vector<double> points;
  const auto include = [&](std::int64_t periods) {
    const auto point = static_cast<double>(periods);
    if (periods >= 1 && (points.empty() || point > points.back())) points.push_back(point);
  };
  if (model.horizon()) {
    for (const int eighths : {1, 2, 3, 4, 6, 8}) include(*model.horizon() * eighths / 8);
  } else {
    for (const double years : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0})
      include(periods_in({years, Period::year}, model.period()));
  }
  return points;
}

[[nodiscard]] inline std::vector<double> usual_points(const Model& model, AcceptabilityAxis axis) {
  if (axis == AcceptabilityAxis::horizon) return usual_horizons(model);
  if (axis == AcceptabilityAxis::budget) return {0.25, 0.5, 0.75, 1};
  std::vector<double> rates{0.04, 0.08, 0.12, 0.16, 0.2};
  if (model.horizon()) rates.insert(rates.begin(), 0.0);
  const double own = model.draft().discount_rate;
  if (std::find(rates.begin(), rates.end(), own) == rates.end()) rates.push_back(own);
  std::sort(rates.begin(), rates.end());
  return rates;
}

[[nodiscard]] inline AcceptabilityPlan acceptability_plan(const Model& model, AcceptabilityAxis axis) {
  AcceptabilityPlan plan{axis, usual_points(model, axis), {}};
  for (const double point : plan.points) {
    if (axis == AcceptabilityAxis::horizon) plan.changes.push_back({static_cast<std::int64_t>(point), {}});
    if (axis == AcceptabilityAxis::hurdle_rate) plan.changes.push_back({{}, discount_factor(point, model.period())});
  }
  return plan;
}

/// A scenario with so many times its spend, or its budget.
[[nodiscard]] inline Scenario with_spend_times(Scenario scenario, double factor) {
  if (auto* budget = std::get_if<BudgetSplit>(&scenario.plan)) budget->budget *= factor;
  if (auto* levels = std::get_if<SpendLevels>(&scenario.plan)) {
    for (auto& [lever, level] : *levels) level *= factor;
  }
  return scenario;
}

}  // namespace detail
}  // namespace tenure
