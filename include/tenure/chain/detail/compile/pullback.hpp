#pragma once
// From the gradient by a chain's numbers to that by what a model says: compile() read backwards. Each function here and
// in the headers beside it passes the slope of a number of the chain on to all that it was made of.

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "tenure/chain/chain_gradient.hpp"
#include "tenure/chain/detail/compile/plan.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/response_curve.hpp"

namespace tenure::detail {

/// Slopes by what is written in a model.
struct ParameterGradient {
  std::unordered_map<const Number*, double> number{};  ///< by its mean, or by what is added to all of its schedule
  std::vector<double> spend_level{};                   ///< by lever, and by piece where there are several
  std::vector<double> arrivals{};  ///< by [[arrivals]]: per person, of a schedule per multiple of it
  std::vector<double> dwell{};     ///< by state: per multiple of its leaving hazards
};

[[nodiscard]] inline ParameterGradient flat_gradient(const Model& model, std::size_t pieces = 1) {
  return {{},
          std::vector<double>(model.levers().size() * pieces),
          std::vector<double>(model.arrivals().size()),
          std::vector<double>(model.states().size())};
}

/// Passes on to a number the slope by its value in period t.
inline void pull_back(const CompilePlan& plan, const Number& number, std::int64_t t, double slope,
                      ParameterGradient& gradient) {
  const bool grows = number.schedule.empty() && number.growth != 0;
  const double each = grows ? growth_over(number.growth, static_cast<double>(t), plan.model.period()) : 1;
  gradient.number[&number] += times(slope, each);
}

/// Passes on to a lever's curve the slope by the share of the way that its effect goes in period t.
inline void pull_back_share(const CompilePlan& plan, std::size_t lever, const LeverEffect& effect, std::int64_t t,
                            double slope, ParameterGradient& gradient) {
  const double spend = effective_spend_at(plan.effective[lever], t);
  if (spend == 0 || slope == 0) return;
  const double half = plan.mean(effect.half_spend, t);
  const double by_spend = slope * plan.slope_of_share(lever, effect, t);
  const std::size_t pieces = plan.pieces.size();
  if (pieces == 1)
    gradient.spend_level[lever] += by_spend * (spend / plan.spending[lever]);  // it is linear in the level
  for (std::size_t k = lever * pieces; pieces > 1 && k < (lever + 1) * pieces; ++k) {
    gradient.spend_level[k] += by_spend * effective_spend_at(plan.effective_of_unit[k], t);
  }
  if (effect.curve.shape == ResponseShape::table) return;
  pull_back(plan, effect.half_spend, t, -by_spend * (spend / half), gradient);
}

/// Passes on to a lever's effect the slope by where it takes a value in period t, today + (limit - today)·share.
/// Returns what is left for today's value.
inline double pull_back_effect(const CompilePlan& plan, std::size_t lever, const LeverEffect& effect, std::int64_t t,
                               double today, double slope, ParameterGradient& gradient) {
  const double share = plan.share(lever, effect, t);
  pull_back(plan, effect.limit, t, times(slope, share), gradient);
  pull_back_share(plan, lever, effect, t, times(slope, plan.mean(effect.limit, t) - today), gradient);
  return times(slope, 1 - share);
}

/// A period, and a regime of the market, in which a timeline has a given entry.
struct PeriodAndRegime {
  std::int64_t t = 0;
  std::size_t regime = 0;
};

/// For each entry of a timeline the first moment that has it: all others are made of equal numbers.
template <class T>
[[nodiscard]] std::vector<PeriodAndRegime> first_moments(const CompilePlan& plan, const Timeline<T>& timeline) {
  std::vector<PeriodAndRegime> first(timeline.distinct().size());
  const std::vector<std::uint32_t>& course = timeline.course();
  for (std::size_t m = course.size(); m-- > 0;) {
    first[course[m]] = {static_cast<std::int64_t>(m / plan.regimes()), m % plan.regimes()};
  }
  return first;
}

}  // namespace tenure::detail
