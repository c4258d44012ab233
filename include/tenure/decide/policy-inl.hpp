#pragma once
// The bodies of tenure/decide/policy.hpp.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tenure/chain/compile_decisions.hpp"
#include "tenure/chain/detail/compile/market.hpp"
#include "tenure/decide/budget.hpp"
#include "tenure/decide/detail/simulate/prepared.hpp"
#include "tenure/decide/detail/ties.hpp"
#include "tenure/decide/policy.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/detail/exact_mean.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/individual.hpp"
#include "tenure/engine/policy.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/model_numbers.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure {

namespace detail {

/// The model in which cash flows and referral rates that differ from person to person are at their means: values are
/// linear in both, and a policy cannot heed what it does not see. Probabilities that differ are another matter: what a
/// customer has done so far would tell something of them.
[[nodiscard]] inline Model without_hidden_differences(const Model& model) {
  ModelDraft draft = model.draft();
  bool any = false;
  for (const ModelNumber& number : numbers_of(draft)) {
    if (!differs(number.number)) continue;
    any = true;
    if (number.quantity == Quantity::probability) {
      throw LimitError{
          {{"differs",
            key_of(number.place) + ".differs",
            "the number " + in_quotes(number.name) + " differs from person to person, unseen",
            "a policy can only heed what is seen: make segments of people who differ, or leave `differs` out",
            {}}}};
    }
    number_in(draft, number.place).differs.reset();
  }
  return any ? Model{std::move(draft)} : model;
}

/// The names of the market's states as far as they differ: those that are one are listed together.
[[nodiscard]] inline std::vector<std::string> regime_names(const Model& model) {
  std::vector<std::string> names;
  if (!model.draft().environment) return names;
  const Environment& environment = *model.draft().environment;
  const std::vector<std::size_t> class_of = classes_of(environment);
  names.resize(1 + *std::max_element(class_of.begin(), class_of.end()));
  for (std::size_t s = 0; s < class_of.size(); ++s) {
    std::string& name = names[class_of[s]];
    name += (name.empty() ? "" : " / ") + environment.states[s];
  }
  return names;
}

[[nodiscard]] inline OptimalPolicy policy_in_names(const Model& model, const Scenario& scenario,
                                                   const CompiledDecisions& compiled, const Interrupted& interrupted) {
  try {
    return optimal_policy(compiled.chain, interrupted);
  } catch (const DivergentError& error) {
    Divergence divergence = error.divergence();
    for (std::size_t& state : divergence.states) state = compiled.states[state].state;
    std::sort(divergence.states.begin(), divergence.states.end());
    divergence.states.erase(std::unique(divergence.states.begin(), divergence.states.end()), divergence.states.end());
    Problem problem = error.problems().front();
    problem.message = "scenario " + in_quotes(scenario.name) +
                      ", the best policy: " + divergence_in_words(model, DivergentError{{problem}, divergence});
    throw DivergentError{{std::move(problem)}, std::move(divergence)};
  }
}

/// Whether one thing is clearly best, and not as good as another.
[[nodiscard]] inline bool is_clear(const OptimalPolicy& policy, std::size_t period, std::size_t state) {
  const double value = policy.value[period][state];
  return !are_the_same(value, value - policy.advantage[period][state].value_or(0));
}

/// By period and state of the decision chain: whether what is best there is so only because the end is near, and
/// something else would be if the horizon were twice as long. Empty for an endless horizon.
[[nodiscard]] inline std::vector<std::vector<bool>> effects_of_the_end(const Model& model, const Spending& spending,
                                                                       const CompiledDecisions& compiled,
                                                                       const OptimalPolicy& policy,
                                                                       const Interrupted& interrupted) {
  if (!model.horizon()) return {};
  ModelDraft draft = model.draft();
  *draft.horizon *= 2;
  const CompiledDecisions longer = compile_decisions(Model{std::move(draft)}, spending, interrupted);
  const OptimalPolicy far_from_it = optimal_policy(longer.chain, interrupted);
  const auto key = [](const DecisionState& state) {
    return std::tuple{state.segment, state.state, state.age, state.regime};
  };
  std::map<std::tuple<std::size_t, std::size_t, std::size_t, std::size_t>, std::size_t> places;
  for (std::size_t i = 0; i < longer.states.size(); ++i) places.emplace(key(longer.states[i]), i);
  std::vector<std::vector<bool>> effects;
  for (std::size_t t = 0; t < policy.value.size(); ++t) {
    std::vector<bool>& of_period = effects.emplace_back(compiled.states.size(), false);
    const std::vector<Alternative>& near = policy.choices.at(static_cast<std::int64_t>(t));
    const std::vector<Alternative>& far = far_from_it.choices.at(static_cast<std::int64_t>(t));
    for (std::size_t i = 0; i < near.size(); ++i) {
      const auto place = places.find(key(compiled.states[i]));
      if (place == places.end() || near[i] == far[place->second]) continue;
      of_period[i] = is_clear(policy, t, i) && is_clear(far_from_it, t, place->second);
    }
  }
  return effects;
}

/// The same, or none where the longer horizon has no finite value or takes too much to compute.
[[nodiscard]] inline std::optional<std::vector<std::vector<bool>>> effects_of_the_end_if_any(
    const Model& model, const Spending& spending, const CompiledDecisions& compiled, const OptimalPolicy& policy,
    const Interrupted& interrupted) {
  try {
    return effects_of_the_end(model, spending, compiled, policy, interrupted);
  } catch (const std::bad_alloc&) {
  } catch (const LimitError&) {
  } catch (const DivergentError&) {
  } catch (const ModelError&) {  // what fits a horizon need not fit a longer one
  }
  return std::nullopt;
}

/// What is chosen in one state of the decision chain in one period, and whether that is the end's effect.
struct Chosen {
  Alternative alternative = 0;
  std::optional<bool> end_effect = false;
  bool operator==(const Chosen&) const = default;
};

/// Nobody is in a state for longer than there have been periods.
[[nodiscard]] inline std::size_t first_period_of_age(const OptimalPolicy& policy, const Horizon& horizon,
                                                     std::size_t age) {
  return horizon ? std::min(age, policy.value.size()) : 0;
}

class PolicyTable {
 public:
  PolicyTable(const Model& model, const CompiledDecisions& compiled, const OptimalPolicy& policy,
              std::optional<std::vector<std::vector<bool>>> effects_of_the_end)
      : model_{model}, compiled_{compiled}, policy_{policy}, effects_of_the_end_{std::move(effects_of_the_end)} {}

  [[nodiscard]] std::vector<PolicyRow> rows() && {
    const std::size_t count = compiled_.states.size();
    for (std::size_t first = 0; first < count;) {
      if (compiled_.chain.alternatives[first] == 1) {
        ++first;
        continue;
      }
      std::size_t end = first + 1;
      while (end < count && compiled_.states[end].age > 0 && goes_on(first, end)) ++end;
      put_rows(first, end);
      first = end;
    }
    std::stable_sort(rows_.begin(), rows_.end(), [](const PolicyRow& a, const PolicyRow& b) {
      return std::tie(a.segment, a.state, a.regime) < std::tie(b.segment, b.state, b.regime);
    });
    return std::move(rows_);
  }

 private:
  /// Whether the same is done at this age as at a younger one, as far as both exist.
  [[nodiscard]] bool goes_on(std::size_t younger, std::size_t older) const {
    const std::size_t since = first_period_of_age(policy_, model_.horizon(), compiled_.states[older].age);
    for (std::size_t t = since; t < policy_.value.size(); ++t) {
      if (chosen(younger, t) != chosen(older, t)) return false;
    }
    return true;
  }

  [[nodiscard]] Chosen chosen(std::size_t state, std::size_t period) const {
    Chosen chosen{policy_.choices.at(static_cast<std::int64_t>(period))[state], std::nullopt};
    if (effects_of_the_end_) chosen.end_effect = !effects_of_the_end_->empty() && (*effects_of_the_end_)[period][state];
    return chosen;
  }
  /// Period by period as far as listed.
  [[nodiscard]] std::vector<Chosen> course_of(std::size_t state) const {
    std::vector<Chosen> course;
    for (std::size_t t = 0; t < policy_.value.size(); ++t) course.push_back(chosen(state, t));
    return course;
  }

  /// The rows of states [first, end): one state of the model at several ages, in which the same is done.
  void put_rows(std::size_t first, std::size_t end) {
    const DecisionState& youngest = compiled_.states[first];
    const std::vector<Chosen> course = course_of(first);
    const bool for_ever = !model_.horizon() && policy_.choices.cycle() == 1;
    const std::size_t start = first_period_of_age(policy_, model_.horizon(), youngest.age);
    const auto tail =
        course.begin() + static_cast<std::ptrdiff_t>(std::min(course.size(), policy_.choices.repeats_from()));
    const bool same_all_cycle = std::adjacent_find(tail, course.end(), std::not_equal_to<>{}) == course.end();
    for (std::size_t t = start; t < course.size();) {
      std::size_t until = t + 1;
      while (until < course.size() && course[until] == course[t]) ++until;
      PolicyRow row{
          .state = youngest.state, .segment = youngest.segment, .age = youngest.age, .regime = youngest.regime};
      if (!compiled_.states[end - 1].is_oldest && has_ages(first)) row.age_until = compiled_.states[end - 1].age + 1;
      row.from = static_cast<std::int64_t>(t);
      const bool is_last = until == course.size() && !model_.horizon() && (for_ever || same_all_cycle);
      if (!is_last) row.until = static_cast<std::int64_t>(until);
      const std::vector<std::size_t>& offered = compiled_.offered(youngest, model_.states().size());
      if (course[t].alternative > 0) row.action = offered[course[t].alternative - std::size_t{1}];
      row.end_effect = course[t].end_effect;
      row.value = policy_.value[t][first];
      row.advantage = policy_.advantage[t][first].value_or(0);
      rows_.push_back(row);
      t = until;
    }
  }

  [[nodiscard]] bool has_ages(std::size_t state) const {
    return compiled_.states[state].age > 0 ||
           (state + 1 < compiled_.states.size() && compiled_.states[state + 1].age > 0);
  }

  const Model& model_;
  const CompiledDecisions& compiled_;
  const OptimalPolicy& policy_;
  std::optional<std::vector<std::vector<bool>>> effects_of_the_end_;
  std::vector<PolicyRow> rows_{};
};

/// What each state of the model is worth on entry, from the value of an unrolled chain.
[[nodiscard]] inline std::vector<std::optional<double>> values_on_entry(const Chain& as_is, const ExactValue& value) {
  const UnrolledPlaces places{as_is};
  std::vector<std::optional<double>> values;
  for (std::size_t i = 0; i < as_is.states_of_a_type(); ++i) {
    values.push_back(value.states.at(places.entry(i, as_is.market.start)).clv_with_referrals);
  }
  return values;
}

[[nodiscard]] inline std::optional<double> equity_of(const ExactValue& value) {
  return value.business ? std::optional{value.business->customer_equity} : std::nullopt;
}

[[nodiscard]] inline FixedPolicy fixed_choices(const CompiledDecisions& compiled, std::vector<Alternative> choice,
                                               FixedPlan plan, std::string name, const Interrupted& interrupted) {
  FixedPolicy fixed{plan, std::move(name), {}, std::vector<std::optional<double>>(compiled.as_is.states_of_a_type())};
  const Chain chain = chain_of_choices(compiled.chain, always(std::move(choice)));
  if (const std::optional<ExactValue> value = exact_value_if_any(chain, interrupted)) {
    fixed.customer_equity = equity_of(*value);
    fixed.value = values_on_entry(compiled.as_is, *value);
  }
  return fixed;
}

/// An action wherever it is offered, nothing elsewhere.
[[nodiscard]] inline std::vector<Alternative> wherever_offered(const Model& model, const CompiledDecisions& compiled,
                                                               std::size_t action) {
  std::vector<Alternative> choice;
  for (const DecisionState& state : compiled.states) {
    const std::vector<std::size_t>& offered = compiled.offered(state, model.states().size());
    const auto found = std::find(offered.begin(), offered.end(), action);
    choice.push_back(found == offered.end() ? Alternative{0} : static_cast<Alternative>(1 + (found - offered.begin())));
  }
  return choice;
}

[[nodiscard]] inline FixedPolicy fixed_scenario(const Model& model, const Scenario& scenario,
                                                const Interrupted& interrupted) {
  FixedPolicy fixed{FixedPlan::scenario, scenario.name, {}, std::vector<std::optional<double>>(model.states().size())};
  try {
    const ScenarioValue valued = value_of(model, scenario, interrupted);
    fixed.customer_equity = equity_of(valued.value);
    for (std::size_t i = 0; i < fixed.value.size(); ++i) fixed.value[i] = valued.value.states[i].clv_with_referrals;
  } catch (const DivergentError&) {  // it stays without a figure
  }
  return fixed;
}

[[nodiscard]] inline std::vector<FixedPolicy> fixed_policies(const Model& model, const CompiledDecisions& compiled,
                                                             const Interrupted& interrupted) {
  std::vector<FixedPolicy> fixed;
  fixed.push_back(fixed_choices(compiled, std::vector<Alternative>(compiled.states.size(), 0), FixedPlan::nothing,
                                std::string{no_action_name}, interrupted));
  for (std::size_t a = 0; a < model.actions().size(); ++a) {
    fixed.push_back(fixed_choices(compiled, wherever_offered(model, compiled, a), FixedPlan::action,
                                  model.actions()[a].name, interrupted));
  }
  for (const Scenario& scenario : all_scenarios(model)) fixed.push_back(fixed_scenario(model, scenario, interrupted));
  return fixed;
}

[[nodiscard]] inline std::optional<std::size_t> best_of_fixed(const std::vector<FixedPolicy>& fixed) {
  std::optional<std::size_t> best;
  for (std::size_t k = 0; k < fixed.size(); ++k) {
    if (!fixed[k].customer_equity) continue;
    if (!best || *fixed[k].customer_equity > *fixed[*best].customer_equity) best = k;
  }
  return best;
}

/// The present value of what the actions of a policy cost: what is lost when nothing else brings or costs anything.
[[nodiscard]] inline std::optional<double> cost_of_actions(const CompiledDecisions& compiled, Chain chain,
                                                           const Choices& choices) {
  DecisionChain costs = compiled.chain;
  const auto nothing = [](const Timeline<std::vector<double>>& timeline) {
    return Timeline<std::vector<double>>{std::vector<double>(timeline.distinct().front().size(), 0.0)};
  };
  for (std::size_t layer = costs.layers.size(); layer-- > 0;) {
    Chain& one = costs.layers[layer];
    const Repetition repeats = repetition(compiled.chain);
    std::vector<std::vector<double>> distinct;
    std::vector<std::uint32_t> course;
    for (std::size_t t = 0; t < repeats.from + repeats.cycle; ++t) {
      std::vector<double> extra = one.spend.at(static_cast<std::int64_t>(t));
      const std::vector<double>& anyway = compiled.chain.as_is().spend.at(static_cast<std::int64_t>(t));
      for (std::size_t i = 0; i < extra.size(); ++i) extra[i] -= anyway[i];
      if (distinct.empty() || distinct.back() != extra) distinct.push_back(std::move(extra));
      course.push_back(static_cast<std::uint32_t>(distinct.size() - 1));
    }
    one.spend = Timeline<std::vector<double>>{std::move(distinct), std::move(course), repeats.from};
  }
  chain.spend = chain_of_choices(costs, choices).spend;
  chain.cash_flow = nothing(chain.cash_flow);
  chain.transition_cash_flow = nothing(chain.transition_cash_flow);
  chain.state_events = {};
  chain.transition_events = {};
  chain.spend_streams.clear();
  const std::optional<ExactValue> value = exact_value_if_any(chain);
  if (!value || !value->business) return std::nullopt;
  return value->business->customer_equity == 0 ? 0.0 : -value->business->customer_equity;
}

/// Where people enter who arrive before an endless horizon ends: as long as their coming ends, it can be listed.
[[nodiscard]] inline std::vector<Entry> entries_that_end(const Chain& chain) {
  std::vector<Entry> entries;
  for (const ArrivalGroup& group : chain.arrivals) {
    if (goes_on(group)) return {};
    const std::vector<double> factors = discount_factors(chain.discount_factor, group.count.size());
    for (std::size_t t = 0; t < group.count.size(); ++t) {
      if (group.count[t] > 0)
        entries.push_back({group.state, static_cast<std::int64_t>(t), factors[t] * group.count[t]});
    }
  }
  return entries;
}

[[nodiscard]] inline std::vector<Entry> entries_under_policy(const Model& model, const CompiledDecisions& compiled,
                                                             const Chain& chain,
                                                             const std::optional<std::string>& from) {
  if (!chain.horizon && !from) {
    std::vector<Entry> entries = entries_that_end(chain);
    if (!entries.empty()) return entries;
  }
  return arrivals_for(model, compiled.as_is, chain, from);
}

[[nodiscard]] inline SimulatedPolicy simulated_policy(const Model& model, const CompiledDecisions& compiled,
                                                      const Chain& chain, const PolicyOptions& options) {
  IndividualOptions individual{.seed = options.seed,
                               .people = options.people,
                               .referrals = chain.has_referrals(),
                               .threads = options.threads,
                               .stop = options.interrupted,
                               .progress = options.progress};
  individual.entries = entries_under_policy(model, compiled, chain, options.from);
  const IndividualResult result = simulate_individuals(chain, individual);
  if (result.people() == 0) refuse_interrupted();
  SimulatedPolicy simulated{options.seed,
                            result.people(),
                            result.complete,
                            chain.has_referrals(),
                            result.values.estimate(),
                            result.values.standard_deviation().value_or(0),
                            {}};
  PersonAskedFor person{.referrals = simulated.referrals};
  if (options.from) {
    person.from = UnrolledPlaces{compiled.as_is}.entry(state_named(model, *options.from), compiled.as_is.market.start);
  }
  simulated.exact_mean = exact_mean(chain, person, options.interrupted);
  return simulated;
}

TENURE_INLINE PolicyValue best_policy_on(const Model& model, const Scenario& scenario, const PolicyOptions& options) {
  if (model.actions().empty()) {
    throw ModelError{{{"no-actions",
                       "",
                       "there is nothing to decide: the model offers no actions",
                       "list them under [[action]]",
                       {}}}};
  }
  const Model seen = without_hidden_differences(model);
  PolicyValue result{
      .model = model, .scenario = scenario, .spending = spending_for(model, scenario, options.interrupted)};
  const CompiledDecisions compiled = compile_decisions(seen, result.spending, options.interrupted);
  const OptimalPolicy policy = policy_in_names(model, scenario, compiled, options.interrupted);
  const Chain chain = chain_of_choices(compiled.chain, policy.choices);
  const ExactValue value = exact_value(chain, {.trace = false, .interrupted = options.interrupted});
  result.discount_factor = chain.discount_factor;
  result.rows = PolicyTable{model, compiled, policy,
                            effects_of_the_end_if_any(seen, result.spending, compiled, policy, options.interrupted)}
                    .rows();
  result.regimes = regime_names(model);
  result.repeats_from = static_cast<std::int64_t>(policy.choices.repeats_from());
  result.cycle = static_cast<std::int64_t>(policy.choices.cycle());
  result.value = values_on_entry(compiled.as_is, value);
  result.customer_equity = equity_of(value);
  result.cost = cost_of_actions(compiled, chain, policy.choices);
  result.bound = policy.bound;
  result.rounds = policy.rounds;
  result.fixed = fixed_policies(model, compiled, options.interrupted);
  result.best_fixed = best_of_fixed(result.fixed);
  if (options.people > 0) result.simulated = simulated_policy(model, compiled, chain, options);
  return result;
}

}  // namespace detail

TENURE_INLINE PolicyValue best_policy(const Model& model, const PolicyOptions& options) {
  return best_policy(model, reference_scenario(model), options);
}

}  // namespace tenure
