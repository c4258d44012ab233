#pragma once
// The definition of compile(): the parts of a chain, each from its own header.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/channels.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/chain/detail/compile/arrivals.hpp"
#include "tenure/chain/detail/compile/dwells.hpp"
#include "tenure/chain/detail/compile/own_amounts.hpp"
#include "tenure/chain/detail/compile/plan.hpp"
#include "tenure/chain/detail/compile/rewards.hpp"
#include "tenure/chain/detail/compile/rows.hpp"
#include "tenure/chain/spending.hpp"
#include "tenure/model/model.hpp"

namespace tenure {

namespace detail {

[[nodiscard]] inline Chain compile_plan(const CompilePlan& plan) {
  const Model& model = plan.model;
  CompiledRows rows = compile_rows(plan);
  CompiledReferrals referrals = compile_referrals(plan);
  CompiledCashFlows cash_flows = compile_cash_flows(plan);
  Chain chain;
  chain.horizon = model.horizon();
  chain.discount_factor = discount_factor(model.draft().discount_rate, model.period());
  chain.cash_flow_timing = model.draft().cash_flow_timing;
  chain.types.clear();
  for (const TypeNumbers& type : plan.types) {
    chain.types_by_moments = chain.types_by_moments || type.by_moments;
    chain.types.push_back({type.segment, share_of_segment(model, type.segment) * type.of_segment, type.of_segment});
    for (const State& state : model.states()) chain.stages.push_back(state.stage);
  }
  chain.market = plan.market.market;
  chain.dwells = compile_dwells(plan);
  chain.transitions = std::move(rows.pattern);
  chain.probability = std::move(rows.probability);
  chain.transition_cash_flow = std::move(rows.cash_flow);
  chain.transition_events = std::move(rows.events);
  chain.cash_flow = std::move(cash_flows.cash_flow);
  chain.state_events = std::move(cash_flows.events);
  chain.spend_streams = compile_spend_streams(plan);
  chain.spend = compile_spend(plan, chain.spend_streams);
  chain.referrals = std::move(referrals.pattern);
  chain.referral_rate = std::move(referrals.rate);
  chain.arrivals = compile_arrivals(plan);
  chain.channels = static_cast<std::uint32_t>(channel_names(model).size());
  return chain;
}

}  // namespace detail

TENURE_INLINE Chain compile(const Model& model, const Spending& spending, std::size_t points) {
  return detail::compile_plan(detail::make_plan(model, spending, {points, detail::TypesFor::computing}));
}

TENURE_INLINE Chain compile(const Model& model, const Spending& spending, std::size_t points,
                            const ActionsTaken& taken) {
  return detail::compile_plan(
      detail::make_plan(model, spending, {points, detail::TypesFor::computing}, {.taken = taken}));
}

TENURE_INLINE Chain compile_in_pieces(const Model& model, const Spending& spending, const SpendPieces& pieces,
                                      std::size_t points, const Interrupted& interrupted) {
  return detail::compile_plan(detail::make_plan(model, spending, {points, detail::TypesFor::computing},
                                                {.pieces = pieces, .interrupted = interrupted}));
}

TENURE_INLINE Chain compile(const Model& model, const Spending& spending, std::size_t points, CompileMemory& memory) {
  const detail::CompilePlan plan =
      detail::make_plan(model, spending, {points, detail::TypesFor::computing}, {.memory = &memory});
  memory.next_course = 0;
  return detail::compile_plan(plan);
}

TENURE_INLINE Chain compile_for_persons(const Model& model, const Spending& spending, std::size_t points,
                                        const Interrupted& interrupted) {
  const detail::CompilePlan plan =
      detail::make_plan(model, spending, {points, detail::TypesFor::drawing}, {.interrupted = interrupted});
  Chain chain = detail::compile_plan(plan);
  chain.own_amounts = detail::compile_own_amounts(plan, chain);
  return chain;
}

}  // namespace tenure
