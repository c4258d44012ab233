#pragma once
// Amounts of which each person has their own, where persons are drawn: what one standard deviation of each is worth.
// Everything that acts on an amount acts on its mean, or multiplies it, so that a person's own is linear in how far it
// lies from the mean; what it is worth is the difference between two chains.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/compile/plan.hpp"
#include "tenure/chain/detail/compile/rewards.hpp"
#include "tenure/chain/detail/compile/rows.hpp"
#include "tenure/model/model.hpp"

namespace tenure::detail {

/// What the second of two timelines of one course has more than the first.
[[nodiscard]] inline Timeline<std::vector<double>> difference(const Timeline<std::vector<double>>& low,
                                                              const Timeline<std::vector<double>>& high) {
  std::vector<std::vector<double>> distinct = high.distinct();
  for (std::size_t k = 0; k < distinct.size(); ++k) {
    for (std::size_t e = 0; e < distinct[k].size(); ++e) distinct[k][e] -= low.distinct()[k][e];
  }
  return {std::move(distinct), high.course(), high.repeats_from()};
}

/// The plan in which everybody of a segment is a standard deviation above the mean of one number.
[[nodiscard]] inline CompilePlan with_more_of(CompilePlan plan, std::uint32_t segment, const Number& number,
                                              double value) {
  for (TypeNumbers& type : plan.types) {
    if (type.segment == segment) type.own.emplace_back(&number, value);
  }
  return plan;
}

[[nodiscard]] inline std::vector<OwnAmount> compile_own_amounts(const CompilePlan& plan, const Chain& chain) {
  std::vector<OwnAmount> amounts;
  for (const TypeNumbers* segment : plan.segments()) {
    for (const Number* number : differing_amounts(*segment)) {
      const double mean = mean_of_law(*number);
      const double sd = standard_deviation(*number->differs, mean);
      OwnAmount& amount = amounts.emplace_back(OwnAmount{{number->differs->kind, mean, sd}, {}, {}, {}});
      const CompilePlan more = with_more_of(plan, segment->segment, *number, mean + sd);
      const auto is_among = [&](const std::vector<const Number*>& list) {
        return std::find(list.begin(), list.end(), number) != list.end();
      };
      if (is_among(segment->cash_flow))
        amount.cash_flow = difference(chain.cash_flow, compile_cash_flows(more).cash_flow);
      if (is_among(segment->transition_cash_flow))
        amount.transition_cash_flow = difference(chain.transition_cash_flow, compile_rows(more).cash_flow);
      if (is_among(segment->referral_rate))
        amount.referral_rate = difference(chain.referral_rate, compile_referrals(more).rate);
    }
  }
  return amounts;
}

}  // namespace tenure::detail
