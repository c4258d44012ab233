#pragma once
// At which points acceptability is shown, and how a scenario or its chain changes from one to the next.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/decide/uncertainty/acceptability.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/discounting.hpp"
#include "tenure/quantity/period.hpp"

namespace tenure::detail {

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

}  // namespace tenure::detail
