#pragma once
// The bodies of tenure/model/builder.hpp.

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tenure/model/builder.hpp"

namespace tenure {

TENURE_INLINE ArrivalFlow once(double count) { return ArriveOnce{count}; }

TENURE_INLINE ArrivalFlow per_period(double count, double growth) { return ArriveSteadily{count, growth}; }

TENURE_INLINE ArrivalFlow by_schedule(std::vector<double> counts) { return ArriveBySchedule{std::move(counts)}; }

TENURE_INLINE EffectBuilder moves_transition(std::string from, std::string to) {
  return EffectBuilder{TransitionTarget{std::move(from), std::move(to)}};
}

TENURE_INLINE EffectBuilder moves_cash_flow(std::string state) {
  return EffectBuilder{CashFlowTarget{std::move(state)}};
}

TENURE_INLINE EffectBuilder moves_referral(std::string from, std::string to) {
  return EffectBuilder{ReferralTarget{std::move(from), std::move(to)}};
}

TENURE_INLINE EffectBuilder moves_arrivals(std::string name) { return EffectBuilder{ArrivalsTarget{std::move(name)}}; }

TENURE_INLINE EffectBuilder moves_dwell(std::string state) { return EffectBuilder{DwellTarget{std::move(state)}}; }

TENURE_INLINE ActionEffect puts_probability(std::string from, std::string to, Number probability) {
  return PutsTransition{std::move(from), std::move(to), std::move(probability), {}};
}

TENURE_INLINE ActionEffect puts_transition(std::string from, std::string to, Number probability, Number cash_flow) {
  return PutsTransition{std::move(from), std::move(to), std::move(probability), std::move(cash_flow)};
}

TENURE_INLINE ActionEffect puts_cash_flow(std::string state, Number cash_flow) {
  return PutsCashFlow{std::move(state), std::move(cash_flow)};
}

TENURE_INLINE ActionEffect puts_referral(std::string from, std::string to, Number per_period) {
  return PutsReferral{std::move(from), std::move(to), std::move(per_period)};
}

TENURE_INLINE ActionEffect puts_dwell(std::string state, Number factor) {
  return PutsDwell{std::move(state), std::move(factor)};
}

TENURE_INLINE ModelBuilder::ModelBuilder(std::string name, Period period, Span horizon, AnnualRate rate) {
  start(std::move(name), period, periods_in(horizon, period), rate);
}

TENURE_INLINE ModelBuilder::ModelBuilder(std::string name, Period period, Horizon horizon, AnnualRate rate) {
  start(std::move(name), period, horizon, rate);
}

TENURE_INLINE ModelBuilder& ModelBuilder::currency(std::string text) {
  return draft_.currency = std::move(text), *this;
}

TENURE_INLINE ModelBuilder& ModelBuilder::cash_flow_timing(CashFlowTiming timing) {
  return draft_.cash_flow_timing = timing, *this;
}

TENURE_INLINE ModelBuilder& ModelBuilder::state(std::string name, Stage stage) {
  return state(std::move(name), stage, StateOptions{});
}

TENURE_INLINE ModelBuilder& ModelBuilder::state(std::string name, Stage stage, StateOptions options) {
  draft_.states.push_back(
      {std::move(name), stage, std::move(options.cash_flow), options.satisfaction, std::move(options.dwell)});
  return *this;
}

TENURE_INLINE ModelBuilder& ModelBuilder::transition(std::string from, std::string to, Probability probability) {
  return transition(std::move(from), std::move(to), std::move(probability), TransitionOptions{});
}

TENURE_INLINE ModelBuilder& ModelBuilder::transition(std::string from, std::string to, Probability probability,
                                                     TransitionOptions options) {
  draft_.transitions.push_back({std::move(from), std::move(to), std::move(probability), std::move(options.cash_flow)});
  return *this;
}

TENURE_INLINE ModelBuilder& ModelBuilder::arrivals(std::string state, ArrivalFlow flow) {
  return arrivals(std::move(state), std::move(flow), ArrivalsOptions{});
}

TENURE_INLINE ModelBuilder& ModelBuilder::arrivals(std::string state, ArrivalFlow flow, ArrivalsOptions options) {
  draft_.arrivals.push_back({std::move(options.name), std::move(state), std::move(flow), options.from, options.until,
                             std::move(options.mix)});
  return *this;
}

TENURE_INLINE ModelBuilder& ModelBuilder::referral(std::string from, std::string to, Number per_period) {
  return draft_.referrals.push_back({std::move(from), std::move(to), std::move(per_period)}), *this;
}

TENURE_INLINE ModelBuilder& ModelBuilder::calendar(std::string from, std::string to, std::vector<double> odds) {
  return calendar(std::move(from), std::move(to), std::move(odds), CalendarOptions{});
}

TENURE_INLINE ModelBuilder& ModelBuilder::calendar(std::string from, std::string to, std::vector<double> odds,
                                                   CalendarOptions options) {
  draft_.calendar.push_back({std::move(from), std::move(to), std::move(odds), options.from, options.until});
  return *this;
}

TENURE_INLINE ModelBuilder& ModelBuilder::segment(Segment segment) {
  return draft_.segments.push_back(std::move(segment)), *this;
}

TENURE_INLINE ModelBuilder& ModelBuilder::environment(Environment environment) {
  return draft_.environment = std::move(environment), *this;
}

TENURE_INLINE ModelBuilder& ModelBuilder::lever(Lever lever) {
  return draft_.levers.push_back(std::move(lever)), *this;
}

TENURE_INLINE ModelBuilder& ModelBuilder::action(Action action) {
  return draft_.actions.push_back(std::move(action)), *this;
}

TENURE_INLINE ModelBuilder& ModelBuilder::correlation(std::vector<std::string> between, double value) {
  return draft_.correlations.push_back({std::move(between), value}), *this;
}

TENURE_INLINE ModelBuilder& ModelBuilder::scenario(std::string name, SpendLevels spend, std::string note) {
  return draft_.scenarios.push_back({std::move(name), std::move(note), std::move(spend)}), *this;
}

TENURE_INLINE ModelBuilder& ModelBuilder::budget(std::string name, double budget, std::map<std::string, double> split,
                                                 std::string note) {
  return draft_.scenarios.push_back({std::move(name), std::move(note), BudgetSplit{budget, std::move(split)}}), *this;
}

TENURE_INLINE ModelBuilder& ModelBuilder::as_reference() {
  if (!draft_.scenarios.empty()) draft_.scenarios.back().reference = true;
  return *this;
}

TENURE_INLINE Model ModelBuilder::build() const { return Model{draft_}; }

TENURE_INLINE void ModelBuilder::start(std::string name, Period period, Horizon horizon, AnnualRate rate) {
  draft_.name = std::move(name);
  draft_.period = period;
  draft_.horizon = horizon;
  draft_.discount_rate = rate.value;
}

}  // namespace tenure
