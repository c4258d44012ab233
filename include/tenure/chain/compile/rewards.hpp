#pragma once
// Cash flows of states, referral rates and spend of a scenario, period by period.

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/compile/plan.hpp"
#include "tenure/model/model.hpp"

namespace tenure::detail {

/// An effect that acts on one of a list of values.
struct ValueEffect {
  std::size_t value = 0;
  std::size_t lever = 0;
  const LeverEffect* effect = nullptr;
};

/// base + Σ (moved - base) over a value's effects: several effects on one thing add.
[[nodiscard]] inline std::vector<double> add_effects(const CompilePlan& plan, const std::vector<double>& base,
                                                     const std::vector<ValueEffect>& effects, std::int64_t t) {
  std::vector<double> values = base;
  for (const ValueEffect& acting : effects) {
    const double today = base[acting.value];
    const double moved = plan.moved(today, acting.lever, *acting.effect, t);
    if (moved == today) continue;
    double& value = values[acting.value];
    value = value == today ? moved : value + (moved - today);
  }
  return values;
}

/// A timeline of values, each a number of the model, moved by effects.
[[nodiscard]] inline Timeline<std::vector<double>> moved_values(const CompilePlan& plan,
                                                                const std::vector<const Number*>& numbers,
                                                                const std::vector<ValueEffect>& effects) {
  const auto inputs = [&](std::int64_t t) {
    std::vector<double> changing;
    for (const Number* number : numbers) {
      if (changes_with_time(*number)) changing.push_back(plan.mean(*number, t));
    }
    for (const ValueEffect& acting : effects) {
      changing.push_back(effective_spend_at(plan.effective[acting.lever], t));
      if (changes_with_time(acting.effect->limit)) changing.push_back(plan.mean(acting.effect->limit, t));
      if (changes_with_time(acting.effect->half_spend)) changing.push_back(plan.mean(acting.effect->half_spend, t));
    }
    return changing;
  };
  const auto make = [&](std::int64_t t) {
    std::vector<double> base;
    base.reserve(numbers.size());
    for (const Number* number : numbers) base.push_back(plan.mean(*number, t));
    return add_effects(plan, base, effects, t);
  };
  return make_timeline<std::vector<double>>(plan, numbers.size() * sizeof(double), inputs, make);
}

[[nodiscard]] inline Timeline<std::vector<double>> compile_cash_flows(const CompilePlan& plan) {
  std::vector<const Number*> numbers;
  for (const State& state : plan.model.states()) numbers.push_back(&state.cash_flow);
  std::vector<ValueEffect> effects;
  for_each_active_effect(plan, [&](std::size_t lever, std::size_t, const LeverEffect& effect) {
    if (const auto* target = std::get_if<CashFlowTarget>(&effect.target)) {
      effects.push_back({plan.model.state_index(target->state), lever, &effect});
    }
  });
  return moved_values(plan, numbers, effects);
}

struct CompiledReferrals {
  Pattern pattern{};
  Timeline<std::vector<double>> rate{};
};

[[nodiscard]] inline CompiledReferrals compile_referrals(const CompilePlan& plan) {
  const Model& model = plan.model;
  std::vector<const Referral*> listed;
  for (const Referral& referral : model.referrals()) listed.push_back(&referral);
  std::stable_sort(listed.begin(), listed.end(), [&](const Referral* a, const Referral* b) {
    return std::pair{model.state_index(a->from), model.state_index(a->to)} <
           std::pair{model.state_index(b->from), model.state_index(b->to)};
  });
  CompiledReferrals compiled;
  std::vector<const Number*> numbers;
  compiled.pattern.first.assign(model.states().size() + 1, 0);
  for (const Referral* referral : listed) {
    numbers.push_back(&referral->per_period);
    compiled.pattern.successor.push_back(static_cast<StateIndex>(model.state_index(referral->to)));
    ++compiled.pattern.first[model.state_index(referral->from) + 1];
  }
  for (std::size_t i = 1; i < compiled.pattern.first.size(); ++i) compiled.pattern.first[i] += compiled.pattern.first[i - 1];
  std::vector<ValueEffect> effects;
  for_each_active_effect(plan, [&](std::size_t lever, std::size_t, const LeverEffect& effect) {
    const auto* target = std::get_if<ReferralTarget>(&effect.target);
    if (!target) return;
    const auto moved = std::find_if(listed.begin(), listed.end(), [&](const Referral* referral) {
      return referral->from == target->from && referral->to == target->to;
    });
    effects.push_back({static_cast<std::size_t>(moved - listed.begin()), lever, &effect});
  });
  const Timeline<std::vector<double>> moved = moved_values(plan, numbers, effects);
  std::vector<std::vector<double>> distinct = moved.distinct();
  for (std::vector<double>& rates : distinct) {
    for (double& rate : rates) rate = std::max(0.0, rate);  // two levers that both lower a rate may overshoot
  }
  compiled.rate = Timeline<std::vector<double>>{std::move(distinct), moved.course(), moved.repeats_from()};
  return compiled;
}

[[nodiscard]] inline std::vector<SpendStream> compile_spend_streams(const CompilePlan& plan) {
  std::vector<SpendStream> streams;
  for (std::size_t l = 0; l < plan.model.levers().size(); ++l) {
    const Lever& lever = plan.model.levers()[l];
    SpendStream stream{.for_acquisition = lever.kind == LeverKind::acquisition,
                       .per_person = lever.spend_per == SpendPer::customer,
                       .from = lever.from,
                       .until = lever.until,
                       .level = plan.spending[l]};
    if (stream.per_person) {
      for (const std::string& state : lever.while_in) {
        stream.states.push_back(static_cast<StateIndex>(plan.model.state_index(state)));
      }
    }
    streams.push_back(std::move(stream));
  }
  return streams;
}

/// Spend on each person by state, all streams together.
[[nodiscard]] inline Timeline<std::vector<double>> compile_spend(const CompilePlan& plan,
                                                                 const std::vector<SpendStream>& streams) {
  const std::size_t states = plan.model.states().size();
  const auto inputs = [&](std::int64_t t) {
    std::vector<double> running;
    for (const SpendStream& stream : streams) running.push_back(runs_at(stream, t) ? stream.level : 0.0);
    return running;
  };
  const auto make = [&](std::int64_t t) {
    std::vector<double> spend(states, 0.0);
    for (const SpendStream& stream : streams) {
      if (!stream.per_person || !runs_at(stream, t)) continue;
      for (const StateIndex state : stream.states) spend[state] += stream.level;
    }
    return spend;
  };
  return make_timeline<std::vector<double>>(plan, states * sizeof(double), inputs, make);
}

}  // namespace tenure::detail
