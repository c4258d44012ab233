#pragma once
// A draft with every part that a model can have, in which nothing is wrong and nothing is suspicious. Tests of checks
// change one thing of it and ask what is said.

#include "tenure/model/draft.hpp"

namespace tenure::test {

[[nodiscard]] inline Arrivals arriving(std::string name, std::string state, ArrivalFlow flow) {
  Arrivals arrivals;
  arrivals.name = std::move(name);
  arrivals.state = std::move(state);
  arrivals.flow = std::move(flow);
  return arrivals;
}

[[nodiscard]] inline LeverEffect effect_on(EffectTarget target, double limit, double half_spend) {
  LeverEffect effect;
  effect.target = std::move(target);
  effect.limit = limit;
  effect.half_spend = half_spend;
  return effect;
}

[[nodiscard]] inline Number scheduled_cost() {
  Number cost{3};
  cost.schedule = {3, 2};
  return cost;
}

[[nodiscard]] inline std::vector<Action> full_actions() {
  return {{.name = "court",
           .label = "A call and a gift",
           .in = {"member", "prospect"},
           .cost = 5,
           .effects = {PutsTransition{"member", "lost", 0.01, {}}, PutsTransition{"member", "car", {}, 350},
                       PutsTransition{"prospect", "member", 0.2, 10}, PutsReferral{"member", "prospect", 0.04},
                       PutsCashFlow{"member", 33}}},
          {.name = "hurry",
           .label = "hurry",
           .in = {"car"},
           .cost = scheduled_cost(),
           .segments = {"others"},
           .effects = {PutsDwell{"car", 2}}}};
}

[[nodiscard]] inline std::vector<Lever> full_levers() {
  Lever lounge;
  lounge.name = lounge.label = "lounge";
  lounge.while_in = {"member"};
  lounge.effects = {effect_on(TransitionTarget{"member", "lost"}, 0.01, 25),
                    effect_on(CashFlowTarget{"member"}, 60, 40),
                    effect_on(ReferralTarget{"member", "prospect"}, 0.1, 10)};
  Lever posters;
  posters.name = posters.label = "posters";
  posters.kind = LeverKind::acquisition;
  posters.spend_per = SpendPer::period;
  posters.effects = {effect_on(ArrivalsTarget{"web"}, 2.5, 40000)};
  Lever loaner;
  loaner.name = loaner.label = "loaner";
  loaner.while_in = {"car"};
  loaner.segments = {"loyal"};
  loaner.effects = {effect_on(DwellTarget{"car"}, 1.3, 20)};
  return {lounge, posters, loaner};
}

[[nodiscard]] inline Environment full_market() {
  Environment market;
  market.states = {"calm", "war"};
  market.start = "calm";
  market.matrix = {{0.97, 0.03}, {0.15, 0.85}};
  market.effects = {{"war", MarketMovesTransition{"member", "lost", 4}},
                    {"war", MarketMovesCashFlow{"member", 0.7}},
                    {"war", MarketMovesArrivals{"web", 0.8}}};
  return market;
}

[[nodiscard]] inline std::vector<Segment> full_segments() {
  Segment loyal;
  loyal.name = "loyal";
  loyal.share = 0.6;
  loyal.transitions = {{"member", "lost", Number{0.02}, Number{-5.0}}};
  loyal.states = {{"member", Number{40.0}}};
  Segment others;
  others.name = "others";
  others.share = 0.4;
  return {loyal, others};
}

[[nodiscard]] inline ModelDraft full_draft() {
  ModelDraft draft;
  draft.name = "Club";
  draft.currency = "EUR";
  draft.horizon = 24;
  draft.discount_rate = 0.08;
  draft.states = {{"prospect", Stage::acquisition, 0, {}, {}},
                  {"member", Stage::servicing, 30, 0.4, {}},
                  {"car", Stage::repurchase, 0, {}, FixedDwell{3}},
                  {"lost", Stage::lost, 0, {}, {}}};
  draft.transitions = {{"prospect", "member", Number{0.1}, -7},
                       {"prospect", "lost", Number{0.3}, 0},
                       {"member", "lost", Number{0.05}, 0},
                       {"member", "car", Number{0.02}, 300},
                       {"car", "member", rest, 0}};
  draft.arrivals = {arriving("web", "prospect", ArriveSteadily{100, 0.05}), arriving("fair", "member", ArriveOnce{10}),
                    arriving("web", "prospect", ArriveBySchedule{{5, 6, 7}})};
  draft.arrivals[0].mix = {{"loyal", 0.25}, {"others", 0.75}};
  draft.referrals = {{"member", "prospect", 0.02}};
  draft.segments = full_segments();
  draft.calendar = {{"member", "lost", {1, 2}, {}, {}}};
  draft.environment = full_market();
  draft.levers = full_levers();
  draft.actions = full_actions();
  draft.scenarios = {{"farm", "More of what works", SpendLevels{{"lounge", 25}}},
                     {"half", "", BudgetSplit{4000, {{"lounge", 0.5}, {"posters", 0.5}}}}};
  return draft;
}

/// The probability of a listed transition, where it is a number.
[[nodiscard]] inline Number& probability_of(ModelDraft& draft, std::size_t transition) {
  return std::get<Number>(draft.transitions[transition].probability);
}

}  // namespace tenure::test
