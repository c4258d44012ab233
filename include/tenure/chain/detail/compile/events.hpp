#pragma once
// How cash flows vary from event to event.

#include <cstdint>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/compile/plan.hpp"

namespace tenure::detail {

/// The law of a varying cash flow in period t: its spread is in proportion to the mean.
[[nodiscard]] inline EventLaw event_law(const CompilePlan& plan, const TypeNumbers& type, const Number& number,
                                        std::int64_t t) {
  const double sd = standard_deviation(*number.varies, mean_of_law(number));
  return {number.varies->kind, plan.at(type, number, t), sd * spread_factor_at(number, t, plan.model.period())};
}

}  // namespace tenure::detail
