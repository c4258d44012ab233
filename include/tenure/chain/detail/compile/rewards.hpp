#pragma once
// Cash flows of states, referral rates and spend of a scenario, period by period.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/compile/plan.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/detail/memory.hpp"

namespace tenure::detail {

/// A number of one kind, and the effects that act on it.
struct MovedValue {
  const TypeNumbers* type = nullptr;
  const Number* number = nullptr;
  std::vector<std::pair<std::size_t, const LeverEffect*>> effects{};  ///< with their levers
};

/// base + Σ (moved - base) over a value's effects: several effects on one thing add. Effects start from the mean;
/// whoever has a value of their own is moved as far.
[[nodiscard]] inline double moved_value(const CompilePlan& plan, const MovedValue& value, std::int64_t t) {
  const double own = plan.at(*value.type, *value.number, t);
  const double today = plan.mean(*value.number, t);
  double result = own;
  for (const auto& [lever, effect] : value.effects) {
    const double moved = plan.moved(today, lever, *effect, t);
    if (moved == today) continue;
    result = result == today ? moved : result + (moved - today);
  }
  return result;
}

/// What moved values depend on, as far as it changes with time.
[[nodiscard]] inline std::vector<double> inputs_of(const CompilePlan& plan, const std::vector<MovedValue>& values,
                                                   std::int64_t t) {
  std::vector<double> changing;
  for (const MovedValue& value : values) {
    if (value.type->of_segment < 1 && !is_first_of_segment(plan, *value.type)) continue;  // as the first one does
    if (changes_with_time(*value.number)) changing.push_back(plan.mean(*value.number, t));
    for (const auto& [lever, effect] : value.effects) {
      changing.push_back(effective_spend_at(plan.effective[lever], t));
      if (changes_with_time(effect->limit)) changing.push_back(plan.mean(effect->limit, t));
      if (changes_with_time(effect->half_spend)) changing.push_back(plan.mean(effect->half_spend, t));
    }
  }
  return changing;
}

/// The factor by which the market multiplies the cash flow of a state in a regime.
[[nodiscard]] inline double market_factor_of(const CompilePlan& plan, const std::string& state, std::size_t regime) {
  return market_factor<MarketMovesCashFlow>(plan.market, regime, [&](const MarketMovesCashFlow& moves) {
    return moves.state == state ? moves.cash_flow_factor : 1.0;
  });
}

/// Every kind's cash flow of every state, with its effects.
[[nodiscard]] inline std::vector<MovedValue> state_cash_flows(const CompilePlan& plan) {
  std::vector<MovedValue> values;
  for (const TypeNumbers& type : plan.types) {
    for (const Number* number : type.cash_flow) values.push_back({&type, number, {}});
  }
  for_each_active_effect(plan, [&](std::size_t lever, std::size_t, const LeverEffect& effect) {
    const auto* target = std::get_if<CashFlowTarget>(&effect.target);
    if (target == nullptr) return;
    for (std::size_t type = 0; type < plan.types.size(); ++type) {
      if (!plan.works_in(plan.model.levers()[lever], plan.types[type].segment)) continue;
      values[plan.state(type, plan.model.state_index(target->state))].effects.emplace_back(lever, &effect);
    }
  });
  return values;
}

[[nodiscard]] inline bool market_moves_cash_flows(const CompilePlan& plan) {
  return std::any_of(plan.market.effects.begin(), plan.market.effects.end(), [](const auto& effects) {
    return std::any_of(effects.begin(), effects.end(), [](const EnvironmentEffect* effect) {
      return std::holds_alternative<MarketMovesCashFlow>(effect->moves);
    });
  });
}

struct CompiledCashFlows {
  Timeline<std::vector<double>> cash_flow{};
  Timeline<std::vector<EventLaw>> events{};  ///< empty where none varies
};

[[nodiscard]] inline CompiledCashFlows compile_cash_flows(const CompilePlan& plan) {
  const std::vector<MovedValue> values = state_cash_flows(plan);
  const std::vector<State>& states = plan.model.states();
  const bool is_moved = market_moves_cash_flows(plan);
  const auto inputs = [&](std::int64_t t, std::size_t regime) {
    std::vector<double> changing = inputs_of(plan, values, t);
    if (is_moved) changing.push_back(static_cast<double>(regime));
    return changing;
  };
  const auto factor = [&](std::size_t k, std::size_t regime) {
    return is_moved ? market_factor_of(plan, states[k % states.size()].name, regime) : 1.0;
  };
  const auto make = [&](std::int64_t t, std::size_t regime) {
    std::vector<double> cash_flow;
    cash_flow.reserve(values.size());
    for (std::size_t k = 0; k < values.size(); ++k)
      cash_flow.push_back(moved_value(plan, values[k], t) * factor(k, regime));
    return cash_flow;
  };
  CompiledCashFlows compiled{make_timeline<std::vector<double>>(plan, values.size() * sizeof(double), inputs, make),
                             {}};
  if (std::none_of(values.begin(), values.end(),
                   [](const MovedValue& value) { return value.number->varies.has_value(); }))
    return compiled;
  const auto make_events = [&](std::int64_t t, std::size_t regime) {
    std::vector<EventLaw> events;
    events.reserve(values.size());
    for (std::size_t k = 0; k < values.size(); ++k) {
      EventLaw law = values[k].number->varies ? event_law(plan, *values[k].type, *values[k].number, t) : EventLaw{};
      law.mean *= factor(k, regime);
      law.sd *= std::abs(factor(k, regime));
      events.push_back(law);
    }
    return events;
  };
  compiled.events = make_timeline<std::vector<EventLaw>>(plan, values.size() * sizeof(EventLaw), inputs, make_events);
  return compiled;
}

struct CompiledReferrals {
  Pattern pattern{};
  Timeline<std::vector<double>> rate{};
};

/// One way of bringing people: from a state of a kind to a state of each kind of its segment, who draw anew.
struct ReferralEntry {
  std::size_t value = 0;  ///< place among the moved rates
  double of_segment = 1;  ///< share of the type that is brought
};

inline void refuse_many_referrals(std::size_t entries) {
  refuse_beyond_memory(
      static_cast<double>(entries) * 24,
      "people who differ and bring people who differ make " + std::to_string(entries) + " combinations, which",
      "referral", "let fewer numbers differ in segments with referrals");
}

/// The model's referrals by the states that they lead from and to.
[[nodiscard]] inline std::vector<std::size_t> sorted_referrals(const Model& model) {
  std::vector<std::size_t> order(model.referrals().size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  const auto place_of = [&](std::size_t k) {
    return std::pair{model.state_index(model.referrals()[k].from), model.state_index(model.referrals()[k].to)};
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return place_of(a) < place_of(b); });
  return order;
}

/// Every kind's rates of the sorted referrals, with their effects.
[[nodiscard]] inline std::vector<MovedValue> referral_rates(const CompilePlan& plan,
                                                            const std::vector<std::size_t>& order) {
  const Model& model = plan.model;
  std::vector<MovedValue> values;
  for (const TypeNumbers& type : plan.types) {
    for (const std::size_t k : order) values.push_back({&type, type.referral_rate[k], {}});
  }
  for_each_active_effect(plan, [&](std::size_t lever, std::size_t, const LeverEffect& effect) {
    const auto* target = std::get_if<ReferralTarget>(&effect.target);
    if (target == nullptr) return;
    const auto moved = std::find_if(order.begin(), order.end(), [&](std::size_t k) {
      return model.referrals()[k].from == target->from && model.referrals()[k].to == target->to;
    });
    for (std::size_t type = 0; type < plan.types.size(); ++type) {
      if (!plan.works_in(model.levers()[lever], plan.types[type].segment)) continue;
      values[type * order.size() + static_cast<std::size_t>(moved - order.begin())].effects.emplace_back(lever,
                                                                                                         &effect);
    }
  });
  return values;
}

/// Who brings whom, entry by entry.
struct ReferralLayout {
  std::vector<MovedValue> values{};  ///< the rates, by type and by referral
  Pattern pattern{};
  std::vector<ReferralEntry> entries{};
};

[[nodiscard]] inline ReferralLayout referral_layout(const CompilePlan& plan) {
  const Model& model = plan.model;
  const std::vector<std::size_t> order = sorted_referrals(model);
  ReferralLayout layout{referral_rates(plan, order), {}, {}};
  layout.pattern.first.assign(1, 0);
  for (std::size_t type = 0; type < plan.types.size(); ++type) {
    std::size_t next = 0;
    for (std::size_t state = 0; state < model.states().size(); ++state) {
      for (; next < order.size() && model.state_index(model.referrals()[order[next]].from) == state; ++next) {
        const std::size_t to = model.state_index(model.referrals()[order[next]].to);
        for (std::size_t referred = 0; referred < plan.types.size(); ++referred) {
          if (plan.types[referred].segment != plan.types[type].segment) continue;
          layout.pattern.successor.push_back(plan.state(referred, to));
          layout.entries.push_back({type * order.size() + next, plan.types[referred].of_segment});
        }
        refuse_many_referrals(layout.entries.size());
      }
      layout.pattern.first.push_back(static_cast<std::uint32_t>(layout.entries.size()));
    }
  }
  return layout;
}

[[nodiscard]] inline CompiledReferrals compile_referrals(const CompilePlan& plan) {
  ReferralLayout layout = referral_layout(plan);
  const std::vector<MovedValue>& values = layout.values;
  const std::vector<ReferralEntry>& entries = layout.entries;
  CompiledReferrals compiled{std::move(layout.pattern), {}};
  const auto inputs = [&](std::int64_t t, std::size_t) { return inputs_of(plan, values, t); };
  const auto make = [&](std::int64_t t, std::size_t) {
    std::vector<double> of_value;  // every type brings people of every type
    for (const MovedValue& value : values)
      of_value.push_back(
          std::max(0.0, moved_value(plan, value, t)));  // two levers that both lower a rate may overshoot
    std::vector<double> rates;
    rates.reserve(entries.size());
    for (const ReferralEntry& entry : entries) rates.push_back(of_value[entry.value] * entry.of_segment);
    return rates;
  };
  compiled.rate = make_timeline<std::vector<double>>(plan, entries.size() * sizeof(double), inputs, make);
  return compiled;
}

/// A stream for each lever, or for each piece of each lever.
[[nodiscard]] inline std::vector<SpendStream> compile_spend_streams(const CompilePlan& plan) {
  std::vector<SpendStream> streams;
  for (std::size_t l = 0; l < plan.model.levers().size(); ++l) {
    const Lever& lever = plan.model.levers()[l];
    SpendStream stream{.for_acquisition = lever.kind == LeverKind::acquisition,
                       .per_person = lever.spend_per == SpendPer::customer,
                       .from = lever.from,
                       .until = lever.until};
    if (stream.per_person) {
      for (std::size_t type = 0; type < plan.types.size(); ++type) {
        if (!plan.works_in(lever, plan.types[type].segment)) continue;
        for (const std::string& state : lever.while_in)
          stream.states.push_back(plan.state(type, plan.model.state_index(state)));
      }
    }
    const std::vector<double> levels = plan.levels_of(l);
    for (std::size_t k = 0; k < levels.size(); ++k) {
      SpendStream& piece = streams.emplace_back(stream);
      piece.level = levels[k];
      piece.from = std::max(piece.from, plan.pieces[k]);
      if (k + 1 < levels.size()) piece.until = std::min(lever.until.value_or(plan.pieces[k + 1]), plan.pieces[k + 1]);
    }
  }
  return streams;
}

/// Spend on each person by state, all streams together, with what the actions taken cost.
[[nodiscard]] inline Timeline<std::vector<double>> compile_spend(const CompilePlan& plan,
                                                                 const std::vector<SpendStream>& streams) {
  const std::size_t states = plan.types.size() * plan.model.states().size();
  const auto inputs = [&](std::int64_t t, std::size_t) {
    std::vector<double> running;
    for (const SpendStream& stream : streams) running.push_back(runs_at(stream, t) ? stream.level : 0.0);
    for (const std::optional<std::size_t>& action : plan.taken) {
      if (action) running.push_back(plan.mean(plan.model.actions()[*action].cost, t));
    }
    return running;
  };
  const auto make = [&](std::int64_t t, std::size_t) {
    std::vector<double> spend(states, 0.0);
    for (const SpendStream& stream : streams) {
      if (!stream.per_person || !runs_at(stream, t)) continue;
      for (const StateIndex state : stream.states) spend[state] += stream.level;
    }
    for (std::size_t k = 0; k < states && !plan.taken.empty(); ++k) {
      const std::size_t state = k % plan.model.states().size();
      const Action* action = plan.action_in(plan.types[k / plan.model.states().size()].segment, state);
      if (action != nullptr) spend[k] += plan.mean(action->cost, t);
    }
    return spend;
  };
  return make_timeline<std::vector<double>>(plan, states * sizeof(double), inputs, make);
}

}  // namespace tenure::detail
