#pragma once
// The definition of compile(): the parts of a chain, each from its own header.

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/channels.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/chain/compile/arrivals.hpp"
#include "tenure/chain/compile/plan.hpp"
#include "tenure/chain/compile/rewards.hpp"
#include "tenure/chain/compile/rows.hpp"
#include "tenure/chain/spending.hpp"
#include "tenure/model/model.hpp"

namespace tenure {

TENURE_INLINE std::vector<Problem> unsupported_features(const Model& model) {
  std::vector<Problem> unsupported;
  const auto add = [&](const std::string& path, const std::string& what) {
    unsupported.push_back({"unsupported", path, what + " cannot be evaluated by this version",
                           "it is read, checked and kept in the model; leave it out to get a value", {}});
  };
  const auto add_words = [&](const std::string& path, const Number& number) {
    if (number.differs) add(path + ".differs", "`differs`");
    if (number.varies) add(path + ".varies", "`varies`");
  };
  for (std::size_t k = 0; k < model.states().size(); ++k) {
    add_words(place("state", k) + ".cash_flow", model.states()[k].cash_flow);
    if (model.states()[k].dwell) add(place("state", k) + ".dwell", "`dwell`");
  }
  for (std::size_t k = 0; k < model.transitions().size(); ++k) {
    const Transition& transition = model.transitions()[k];
    if (const auto* number = std::get_if<Number>(&transition.probability)) {
      add_words(place("transition", k) + ".probability", *number);
    }
    add_words(place("transition", k) + ".cash_flow", transition.cash_flow);
  }
  for (std::size_t k = 0; k < model.referrals().size(); ++k) {
    add_words(place("referral", k) + ".per_period", model.referrals()[k].per_period);
  }
  if (!model.draft().segments.empty()) add("segment", "`segment`");
  if (model.draft().environment) add("environment", "`environment`");
  return unsupported;
}

TENURE_INLINE Chain compile(const Model& model, const Spending& spending) {
  if (std::vector<Problem> unsupported = unsupported_features(model); !unsupported.empty()) {
    throw LimitError{std::move(unsupported)};
  }
  const detail::CompilePlan plan = detail::make_plan(model, spending);
  detail::CompiledRows rows = detail::compile_rows(plan);
  detail::CompiledReferrals referrals = detail::compile_referrals(plan);
  Chain chain;
  chain.horizon = model.horizon();
  chain.discount_factor = discount_factor(model.draft().discount_rate, model.period());
  chain.cash_flow_timing = model.draft().cash_flow_timing;
  for (const State& state : model.states()) chain.stages.push_back(state.stage);
  chain.transitions = std::move(rows.pattern);
  chain.probability = std::move(rows.probability);
  chain.transition_cash_flow = std::move(rows.cash_flow);
  chain.cash_flow = detail::compile_cash_flows(plan);
  chain.spend_streams = detail::compile_spend_streams(plan);
  chain.spend = detail::compile_spend(plan, chain.spend_streams);
  chain.referrals = std::move(referrals.pattern);
  chain.referral_rate = std::move(referrals.rate);
  chain.arrivals = detail::compile_arrivals(plan);
  chain.channels = static_cast<std::uint32_t>(channel_names(model).size());
  return chain;
}

TENURE_INLINE Chain compile(const Model& model, const Scenario& scenario) {
  if (const auto* levels = std::get_if<SpendLevels>(&scenario.plan)) return compile(model, spending_of(model, *levels));
  throw ModelError{{{"budget-not-solved", "", "the scenario " + in_quotes(scenario.name) + " gives a budget, not spend levels",
                     "solve it first: compile(model, spending_for(model, scenario))", {}}}};
}

}  // namespace tenure
