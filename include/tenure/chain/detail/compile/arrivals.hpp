#pragma once
// Arrivals of a scenario: counts period by period, multiplied by the levers that move their name.

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/channels.hpp"
#include "tenure/chain/detail/compile/plan.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/detail/memory.hpp"

namespace tenure::detail {

/// People of one [[arrivals]] in period t, before any lever.
[[nodiscard]] inline double listed_arrivals(const Arrivals& arrivals, std::int64_t t, Period period) {
  if (t < arrivals.from || (arrivals.until && t >= *arrivals.until)) return 0;
  if (const auto* once = std::get_if<ArriveOnce>(&arrivals.flow)) return t == arrivals.from ? once->count : 0;
  const std::int64_t elapsed = t - arrivals.from;
  if (const auto* steady = std::get_if<ArriveSteadily>(&arrivals.flow)) {
    return steady->per_period * growth_over(steady->growth, static_cast<double>(elapsed), period);
  }
  const auto& schedule = std::get<ArriveBySchedule>(arrivals.flow).schedule;
  return static_cast<std::size_t>(elapsed) < schedule.size() ? schedule[static_cast<std::size_t>(elapsed)] : 0;
}

/// The first period from which on the listed arrivals only grow by a constant factor, if at all.
[[nodiscard]] inline std::int64_t arrivals_settle_at(const Arrivals& arrivals) {
  if (arrivals.until) return *arrivals.until;
  if (std::holds_alternative<ArriveOnce>(arrivals.flow)) return arrivals.from + 1;
  if (const auto* listed = std::get_if<ArriveBySchedule>(&arrivals.flow)) {
    return arrivals.from + static_cast<std::int64_t>(listed->schedule.size());
  }
  return arrivals.from;
}

[[nodiscard]] inline double arrivals_multiple(const CompilePlan& plan, std::uint32_t segment, const std::string& name,
                                              std::int64_t t) {
  double multiple = 1;
  for_each_active_effect(plan, [&](std::size_t lever, std::size_t, const LeverEffect& effect) {
    const auto* target = std::get_if<ArrivalsTarget>(&effect.target);
    const bool moves = target && target->name == name && plan.works_in(plan.model.levers()[lever], segment);
    if (moves) multiple *= plan.moved(1.0, lever, effect, t);
  });
  return multiple;
}

/// Those of one [[arrivals]], as if all were of one segment.
[[nodiscard]] inline ArrivalGroup compile_group(const CompilePlan& plan, std::uint32_t segment,
                                                const Arrivals& arrivals, std::uint32_t channel) {
  ArrivalGroup group{.state = static_cast<StateIndex>(plan.model.state_index(arrivals.state)), .channel = channel};
  const auto* steady = std::get_if<ArriveSteadily>(&arrivals.flow);
  const bool grows_on = steady && steady->growth != 0 && !arrivals.until;
  const Horizon& horizon = plan.model.horizon();
  std::int64_t length = std::max(arrivals_settle_at(arrivals) + 1, plan.length);
  if (horizon) length = grows_on ? *horizon : std::min(length, *horizon);
  refuse_beyond_memory(static_cast<double>(length) * sizeof(double), std::to_string(length) + " periods of arrivals",
                       "arrivals", "shorten the horizon");
  group.count.reserve(static_cast<std::size_t>(length));
  for (std::int64_t t = 0; t < length; ++t) {
    const double listed = listed_arrivals(arrivals, t, plan.model.period());
    group.count.push_back(listed == 0 ? 0 : listed * arrivals_multiple(plan, segment, arrivals.name, t));
  }
  if (grows_on) group.growth_factor = growth_over(steady->growth, 1, plan.model.period());
  return group;
}

/// The share of some arrivals that are of one kind.
[[nodiscard]] inline double share_of(const CompilePlan& plan, const Arrivals& arrivals, const TypeNumbers& type) {
  if (!arrivals.mix) return share_of_segment(plan.model, type.segment) * type.of_segment;
  const auto found = arrivals.mix->find(plan.draft().segments[type.segment].name);
  return found == arrivals.mix->end() ? 0 : found->second * type.of_segment;
}

/// By what the market multiplies arrivals of a name in a regime.
[[nodiscard]] inline double factor_of_market(const CompilePlan& plan, const std::string& name, std::size_t regime) {
  return market_factor<MarketMovesArrivals>(plan.market, regime, [&](const MarketMovesArrivals& moves) {
    return moves.arrivals == name ? moves.factor : 1.0;
  });
}

/// That of a market whose regimes are all alike, which belongs to the counts.
[[nodiscard]] inline double constant_factor_of_market(const CompilePlan& plan, const std::string& name) {
  return plan.regimes() == 1 ? factor_of_market(plan, name, 0) : 1;
}

/// By what the market multiplies arrivals of a name, by regime; empty where it does so in none, or in all alike.
[[nodiscard]] inline std::vector<double> factors_of_market(const CompilePlan& plan, const std::string& name) {
  if (plan.regimes() == 1) return {};
  std::vector<double> factors;
  for (std::size_t regime = 0; regime < plan.regimes(); ++regime)
    factors.push_back(factor_of_market(plan, name, regime));
  const bool moved = std::any_of(factors.begin(), factors.end(), [](double factor) { return factor != 1; });
  return moved ? factors : std::vector<double>{};
}

/// One group for each [[arrivals]] and each type of people that comes with it.
[[nodiscard]] inline std::vector<ArrivalGroup> compile_arrivals(const CompilePlan& plan) {
  const std::vector<std::string> channels = channel_names(plan.model);
  std::vector<ArrivalGroup> groups;
  for (const Arrivals& arrivals : plan.model.arrivals()) {
    const auto channel = std::find(channels.begin(), channels.end(), arrivals.name) - channels.begin();
    ArrivalGroup all;
    bool begun = false;
    for (std::size_t type = 0; type < plan.types.size(); ++type) {
      if (is_first_of_segment(plan, plan.types[type])) {
        all = compile_group(plan, plan.types[type].segment, arrivals, static_cast<std::uint32_t>(channel));
        all.factor_in_regime = factors_of_market(plan, arrivals.name);
      }
      const double share = share_of(plan, arrivals, plan.types[type]);
      if (share == 0) continue;
      ArrivalGroup group = all;
      group.state = plan.state(type, all.state);
      const double factor = share * constant_factor_of_market(plan, arrivals.name);
      for (double& count : group.count) count *= factor;
      group.same_people = std::exchange(begun, true);
      groups.push_back(std::move(group));
    }
  }
  return groups;
}

}  // namespace tenure::detail
