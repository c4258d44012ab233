// What a lever's effect moves and from where.

#include "lever_views.hpp"

#include <algorithm>
#include <array>
#include <variant>

namespace tenure {

namespace {

[[nodiscard]] double referral_today(const Model& model, const ReferralTarget& target) {
  const auto found = std::find_if(model.referrals().begin(), model.referrals().end(), [&](const Referral& referral) {
    return referral.from == target.from && referral.to == target.to;
  });
  return found == model.referrals().end() ? 0 : mean_at(found->per_period, 0, model.period());
}

}  // namespace

std::string_view kind_of(const EffectTarget& target) {
  static constexpr std::array<std::string_view, 5> names{"transition", "cash_flow", "referral", "arrivals", "dwell"};
  return names[target.index()];
}

double value_today(const Model& model, const std::vector<CompletedRow>& rows, const EffectTarget& target) {
  if (const auto* row = std::get_if<TransitionTarget>(&target)) {
    const CompletedEntry* entry = entry_to(rows[model.state_index(row->from)], model.state_index(row->to));
    return entry ? entry->probability : 0;
  }
  if (const auto* cash = std::get_if<CashFlowTarget>(&target)) {
    return mean_at(model.states()[model.state_index(cash->state)].cash_flow, 0, model.period());
  }
  if (const auto* referral = std::get_if<ReferralTarget>(&target)) return referral_today(model, *referral);
  return 1;
}

}  // namespace tenure
