#pragma once
// Slopes by what cash flows, referral rates, arrivals and dwells are made of.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "tenure/chain/chain_gradient.hpp"
#include "tenure/chain/detail/compile/arrivals.hpp"
#include "tenure/chain/detail/compile/dwells.hpp"
#include "tenure/chain/detail/compile/pullback.hpp"
#include "tenure/chain/detail/compile/rewards.hpp"

namespace tenure::detail {

/// Passes on the slope by a value on which several effects add.
inline void pull_back_moved_value(const CompilePlan& plan, const MovedValue& value, std::int64_t t, double slope,
                                  ParameterGradient& written) {
  if (slope == 0) return;
  const double today = plan.mean(*value.number, t);
  double by_today = slope;
  for (const auto& [lever, effect] : value.effects) {
    by_today += pull_back_effect(plan, lever, *effect, t, today, slope, written) - slope;
  }
  pull_back(plan, *value.number, t, by_today, written);
}

inline void pull_back_cash_flows(const CompilePlan& plan, const Chain& chain, const ChainGradient& gradient,
                                 ParameterGradient& written) {
  const std::vector<MovedValue> values = state_cash_flows(plan);
  const std::vector<State>& states = plan.model.states();
  const std::vector<PeriodAndRegime> when = first_moments(plan, chain.cash_flow);
  const bool is_moved = market_moves_cash_flows(plan);
  for (std::size_t m = 0; m < when.size(); ++m) {
    for (std::size_t k = 0; k < values.size(); ++k) {
      const double factor = is_moved ? market_factor_of(plan, states[k % states.size()].name, when[m].regime) : 1;
      pull_back_moved_value(plan, values[k], when[m].t, times(gradient.cash_flow[m][k], factor), written);
    }
  }
}

inline void pull_back_referral_rates(const CompilePlan& plan, const Chain& chain, const ChainGradient& gradient,
                                     ParameterGradient& written) {
  const ReferralLayout layout = referral_layout(plan);
  const std::vector<PeriodAndRegime> when = first_moments(plan, chain.referral_rate);
  for (std::size_t m = 0; m < when.size(); ++m) {
    for (std::size_t k = 0; k < layout.entries.size(); ++k) {
      const MovedValue& value = layout.values[layout.entries[k].value];
      if (!value.effects.empty() && moved_value(plan, value, when[m].t) < 0) continue;  // held at 0
      pull_back_moved_value(plan, value, when[m].t, times(gradient.referral_rate[m][k], layout.entries[k].of_segment),
                            written);
    }
  }
}

/// A lever's effect on something that several effects multiply.
struct MultiplyingEffect {
  std::size_t lever = 0;
  const LeverEffect* effect = nullptr;
};

template <class Target, class Hits>
[[nodiscard]] std::vector<MultiplyingEffect> effects_on(const CompilePlan& plan, std::uint32_t segment, Hits hits) {
  std::vector<MultiplyingEffect> effects;
  for_each_active_effect(plan, [&](std::size_t lever, std::size_t, const LeverEffect& effect) {
    const auto* target = std::get_if<Target>(&effect.target);
    if (target && hits(*target) && plan.works_in(plan.model.levers()[lever], segment))
      effects.push_back({lever, &effect});
  });
  return effects;
}

/// Passes on the slope by a product of multiples, each 1 today.
inline void pull_back_product(const CompilePlan& plan, const std::vector<MultiplyingEffect>& effects, std::int64_t t,
                              double slope, ParameterGradient& written) {
  for (std::size_t q = 0; q < effects.size(); ++q) {
    double others = slope;
    for (std::size_t k = 0; k < effects.size(); ++k) {
      if (k != q) others *= plan.moved(1.0, effects[k].lever, *effects[k].effect, t);
    }
    pull_back_effect(plan, effects[q].lever, *effects[q].effect, t, 1.0, others, written);
  }
}

/// Passes on the gradient by the counts of one group.
inline void pull_back_group(const CompilePlan& plan, std::size_t listed, std::uint32_t segment, double share,
                            const std::vector<double>& gradient, ParameterGradient& written) {
  const Arrivals& arrivals = plan.model.arrivals()[listed];
  const auto effects = effects_on<ArrivalsTarget>(
      plan, segment, [&](const ArrivalsTarget& target) { return target.name == arrivals.name; });
  Arrivals unit = arrivals;  // one person more at the time, or the whole schedule once more
  if (auto* once = std::get_if<ArriveOnce>(&unit.flow)) once->count = 1;
  if (auto* steady = std::get_if<ArriveSteadily>(&unit.flow)) steady->per_period = 1;
  for (std::size_t k = 0; k < gradient.size(); ++k) {
    const auto t = static_cast<std::int64_t>(k);
    const double each = listed_arrivals(unit, t, plan.model.period());
    if (each == 0) continue;
    double multiple = 1;
    for (const MultiplyingEffect& moved : effects) multiple *= plan.moved(1.0, moved.lever, *moved.effect, t);
    const double slope = gradient[k] * share * constant_factor_of_market(plan, arrivals.name);
    written.arrivals[listed] += slope * each * multiple;
    const double people = listed_arrivals(arrivals, t, plan.model.period());
    if (people != 0) pull_back_product(plan, effects, t, slope * people, written);
  }
}

inline void pull_back_arrivals(const CompilePlan& plan, const ChainGradient& gradient, ParameterGradient& written) {
  std::size_t group = 0;
  for (std::size_t listed = 0; listed < plan.model.arrivals().size(); ++listed) {
    for (const TypeNumbers& type : plan.types) {
      const double share = share_of(plan, plan.model.arrivals()[listed], type);
      if (share == 0) continue;
      pull_back_group(plan, listed, type.segment, share, gradient.arrivals[group++], written);
    }
  }
}

/// The slope by the factor of a state's leaving hazards, H = 1 - (1 - h)^m, from the gradient by H.
[[nodiscard]] inline double slope_by_hazard_factor(const std::vector<double>& table, const double* moved,
                                                   const double* gradient) {
  double by_factor = 0;
  for (std::size_t a = 0; a < table.size(); ++a) {
    if (!(table[a] > 0 && table[a] < 1)) continue;
    by_factor += times(gradient[a], -tenure::logarithm(1 - table[a]) * (1 - moved[a]));
  }
  return by_factor;
}

inline void pull_back_dwells(const CompilePlan& plan, const Chain& chain, const ChainGradient& gradient,
                             ParameterGradient& written) {
  if (chain.dwells.empty()) return;
  const std::vector<PeriodAndRegime> when = first_moments(plan, chain.dwells.hazard);
  const std::vector<State>& states = plan.model.states();
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (!states[i].dwell) continue;
    const std::vector<double> table = table_of(*states[i].dwell, plan.model.horizon());
    for (std::size_t type = 0; type < plan.types.size(); ++type) {
      const auto effects = effects_on<DwellTarget>(
          plan, plan.types[type].segment, [&](const DwellTarget& target) { return target.state == states[i].name; });
      const std::size_t first = chain.dwells.first_place[plan.state(type, i)];
      for (std::size_t m = 0; m < when.size(); ++m) {
        const double factor = dwell_factor(plan, plan.types[type].segment, states[i].name, when[m].t);
        const double by_factor =
            slope_by_hazard_factor(table, &chain.dwells.hazard.distinct()[m][first], &gradient.hazard[m][first]);
        written.dwell[i] += by_factor * factor;
        pull_back_product(plan, effects, when[m].t, by_factor, written);
      }
    }
  }
}

}  // namespace tenure::detail
