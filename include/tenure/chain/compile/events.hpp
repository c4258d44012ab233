#pragma once
// How cash flows vary from event to event.

#include <cmath>
#include <cstdint>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/compile/plan.hpp"

namespace tenure::detail {

/// The law of a varying cash flow in period t: as its mean grows its spread grows, in proportion.
[[nodiscard]] inline EventLaw event_law(const CompilePlan& plan, const KindNumbers& kind, const Number& number,
                                        std::int64_t t) {
  const double today = mean_at(number, 0, plan.model.period());
  const double mean = mean_at(number, t, plan.model.period());
  double sd = standard_deviation(*number.varies, today);
  if (mean != today && today != 0) sd *= std::abs(mean / today);
  return {number.varies->kind, plan.at(kind, number, t), sd};
}

}  // namespace tenure::detail
