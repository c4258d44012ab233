#pragma once
// How long states last in a scenario: tables of leaving hazards, moved by levers.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/compile/plan.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/detail/hazard.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

/// In an infinite horizon a table ends where fewer are left than this; its last hazard then repeats.
inline constexpr double left_at_the_end = 1e-12;

/// Engines keep a dozen numbers for each age, and over infinite horizons solve systems in which each is an unknown.
inline void refuse_many_ages(double ages, const Horizon& horizon) {
  const double most =
      horizon ? static_cast<double>(limits::bytes_of_work) / 8 / 16 : static_cast<double>(limits::ages_for_ever);
  if (ages <= most) return;
  throw LimitError{
      {{"memory",
        "state.dwell",
        "states last so long that " + std::to_string(static_cast<std::int64_t>(ages)) +
            " ages of them would have to be kept, more than " + std::to_string(static_cast<std::int64_t>(most)),
        horizon ? "shorten the horizon or the dwells, or use longer periods"
                : "give a finite horizon, shorten the dwells, or use longer periods",
        {}}}};
}

/// A dwell's table as far as the horizon needs it.
[[nodiscard]] inline std::vector<double> table_of(const Dwell& dwell, const Horizon& horizon,
                                                  const Interrupted& interrupted = uninterrupted) {
  if (horizon)
    return leaving_hazards(dwell, static_cast<std::size_t>(std::max<std::int64_t>(1, *horizon)), interrupted);
  const double expected = age_with_few_left(dwell, left_at_the_end).value_or(1000);
  refuse_many_ages(expected, horizon);
  for (std::size_t most = static_cast<std::size_t>(expected) + 24;; most *= 4) {
    refuse_many_ages(static_cast<double>(most) / 4, horizon);
    std::vector<double> whole = leaving_hazards(dwell, most, interrupted);
    const bool ended = whole.size() < most;
    std::vector<double> cut = cut_where_few_are_left(std::move(whole), left_at_the_end);
    if (ended || cut.size() < most) return cut;
  }
}

/// The factor by which levers and the action taken multiply a state's leaving hazards for a segment.
[[nodiscard]] inline double dwell_factor(const CompilePlan& plan, std::uint32_t segment, const std::string& state,
                                         std::int64_t t) {
  double factor = 1;
  for_each_active_effect(plan, [&](std::size_t lever, std::size_t, const LeverEffect& effect) {
    const auto* target = std::get_if<DwellTarget>(&effect.target);
    if (target == nullptr || target->state != state || !plan.works_in(plan.model.levers()[lever], segment)) return;
    factor *= plan.moved(1.0, lever, effect, t);
  });
  const Action* action = plan.action_in(segment, plan.model.state_index(state));
  if (action == nullptr) return factor;
  for (const ActionEffect& effect : action->effects) {
    const auto* puts = std::get_if<PutsDwell>(&effect);
    if (puts && puts->state == state) factor *= plan.mean(puts->factor, t);
  }
  return factor;
}

/// The factors of all states with dwells, segment by segment.
[[nodiscard]] inline std::vector<double> dwell_factors(const CompilePlan& plan, std::int64_t t) {
  std::vector<double> factors;
  for (std::uint32_t segment = 0; segment < segments_of(plan.model); ++segment) {
    for (const State& state : plan.model.states()) {
      if (state.dwell) factors.push_back(dwell_factor(plan, segment, state.name, t));
    }
  }
  return factors;
}

[[nodiscard]] inline Dwells compile_dwells(const CompilePlan& plan) {
  const std::vector<State>& states = plan.model.states();
  std::vector<std::vector<double>> tables(states.size(), {1.0});
  double ages = 0;
  bool any = false;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (states[i].dwell) tables[i] = table_of(*states[i].dwell, plan.model.horizon(), plan.interrupted);
    any = any || states[i].dwell.has_value();
    ages += static_cast<double>(tables[i].size());
  }
  if (!any) return {};
  refuse_many_ages(ages * static_cast<double>(plan.types.size()), plan.model.horizon());
  Dwells dwells;
  dwells.first_place.push_back(0);
  for (std::size_t type = 0; type < plan.types.size(); ++type) {
    for (const std::vector<double>& table : tables) {
      dwells.first_place.push_back(dwells.first_place.back() + static_cast<std::uint32_t>(table.size()));
    }
  }
  const auto make = [&](std::int64_t t, std::size_t) {
    std::vector<double> hazard;
    hazard.reserve(dwells.first_place.back());
    for (const TypeNumbers& type : plan.types) {
      for (std::size_t i = 0; i < states.size(); ++i) {
        const double factor = states[i].dwell ? dwell_factor(plan, type.segment, states[i].name, t) : 1.0;
        for (const double h : tables[i]) hazard.push_back(hazard_times(h, factor));
      }
    }
    return hazard;
  };
  dwells.hazard = make_timeline<std::vector<double>>(
      plan, dwells.first_place.back() * sizeof(double),
      [&](std::int64_t t, std::size_t) { return dwell_factors(plan, t); }, make);
  return dwells;
}

}  // namespace tenure::detail
