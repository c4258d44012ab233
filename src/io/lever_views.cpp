// What a lever's effect moves and from where.

#include "lever_views.hpp"
#include "tenure/model/detail/fields.hpp"
#include "tenure/model/model.hpp"

#include <algorithm>
#include <cstdint>
#include <variant>

#include "tenure/chain/detail/compile/types.hpp"

namespace tenure {

namespace {

[[nodiscard]] double referral_today(const Model& model, const ReferralTarget& target) {
  const auto found = std::find_if(model.referrals().begin(), model.referrals().end(), [&](const Referral& referral) {
    return referral.from == target.from && referral.to == target.to;
  });
  return found == model.referrals().end() ? 0 : mean_at(found->per_period, 0, model.period());
}

[[nodiscard]] double value_today(const Model& model, const std::vector<CompletedRow>& rows, std::size_t segment,
                                 const EffectTarget& target) {
  if (const auto* row = std::get_if<TransitionTarget>(&target)) {
    const CompletedEntry* entry = entry_to(rows[model.state_index(row->from)], model.state_index(row->to));
    return entry ? entry->probability : 0;
  }
  if (const auto* cash = std::get_if<CashFlowTarget>(&target)) {
    const detail::TypeNumbers numbers = detail::numbers_of_segment(model, static_cast<std::uint32_t>(segment));
    return mean_at(*numbers.cash_flow[model.state_index(cash->state)], 0, model.period());
  }
  if (const auto* referral = std::get_if<ReferralTarget>(&target)) return referral_today(model, *referral);
  return 1;
}

}  // namespace

std::string_view type_of(const EffectTarget& target) { return detail::told_by<EffectTarget>.words[target.index()]; }

std::vector<ValueToday> values_today(const Model& model, const std::vector<std::vector<CompletedRow>>& rows,
                                     const Lever& lever, const EffectTarget& target) {
  const std::vector<Segment>& segments = model.draft().segments;
  std::vector<ValueToday> values;
  for (std::size_t s = 0; s < rows.size(); ++s) {
    const bool works = lever.segments.empty() || std::find(lever.segments.begin(), lever.segments.end(),
                                                           segments[s].name) != lever.segments.end();
    if (works) values.push_back({s, value_today(model, rows[s], s, target)});
  }
  return values;
}

bool are_alike(const std::vector<ValueToday>& values) {
  return std::all_of(values.begin(), values.end(),
                     [&](const ValueToday& each) { return each.value == values.front().value; });
}

double mean_today(const Model& model, const std::vector<ValueToday>& values) {
  double share = 0;
  double sum = 0;
  for (const ValueToday& each : values) {
    const double of_segment = detail::share_of_segment(model, static_cast<std::uint32_t>(each.segment));
    share += of_segment;
    sum += of_segment * each.value;
  }
  return are_alike(values) || share == 0 ? values.front().value : sum / share;
}

}  // namespace tenure
