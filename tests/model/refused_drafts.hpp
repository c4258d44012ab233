#pragma once
// Every way in which a draft can be wrong: the change that makes it so, and the code and words of the answer.

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "full_draft.hpp"

namespace tenure::test {

struct RefusedDraft {
  std::string code;
  std::string words;  ///< a part of "path: message; hint [code]"
  std::function<void(ModelDraft&)> change;
  bool alone = true;  ///< nothing else is wrong then; false where one mistake entails others
};

namespace detail {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

[[nodiscard]] inline Distribution law(DistributionKind kind, Spread spread) { return {kind, spread}; }

[[nodiscard]] inline Number with_growth(double mean, double growth) {
  Number number{mean};
  number.growth = growth;
  return number;
}

[[nodiscard]] inline Number with_schedule(std::vector<double> schedule) {
  Number number{schedule.front()};
  number.schedule = std::move(schedule);
  return number;
}

}  // namespace detail

[[nodiscard]] inline std::vector<RefusedDraft> refused_heads() {
  using namespace detail;
  return {
      {"discount-rate", "model.discount_rate: -1 is no effective annual rate; give a number above -1, such as 0.08",
       [](ModelDraft& d) { d.discount_rate = -1; }},
      {"discount-rate", "nan is no effective annual rate", [](ModelDraft& d) { d.discount_rate = nan; }},
      {"discount-rate", "inf is no effective annual rate", [](ModelDraft& d) { d.discount_rate = infinity; }},
      {"discount-rate", "-0.99999999 gives no usable factor per period",
       [](ModelDraft& d) {
         d.period = Period::year;
         d.discount_rate = -0.99999999;
       }},
      {"no-states", "state: the model has no states; add a [[state]] table", [](ModelDraft& d) { d.states.clear(); },
       false},
      {"horizon", "model.horizon: -1 periods; give 0 to 10000000 periods, or \"infinite\"",
       [](ModelDraft& d) { d.horizon = -1; }},
      {"horizon", "model.horizon: 10000001 periods", [](ModelDraft& d) { d.horizon = 10'000'001; }},
      {"name", "model.currency: a currency must not contain control or invisible characters",
       [](ModelDraft& d) { d.currency = "EUR\t"; }},
  };
}

[[nodiscard]] inline std::vector<RefusedDraft> refused_names() {
  return {
      {"name", "model.name: a name must not be empty", [](ModelDraft& d) { d.name = ""; }},
      {"name", "state[4].name: \"  \": a name must not be empty", [](ModelDraft& d) { d.states[3].name = "  "; },
       false},
      {"name", "a name of 201 bytes is longer than 200", [](ModelDraft& d) { d.name.assign(201, 'x'); }},
      {"name", "scenario[1].name: \"fa\\x0arm\": a name must not contain control characters",
       [](ModelDraft& d) { d.scenarios[0].name = "fa\nrm"; }},
      {"name", "a name must not contain control characters", [](ModelDraft& d) { d.name = "C1: \u0085"; }},
      {"name", "a name must not contain control characters",
       [](ModelDraft& d) {
         d.name = std::string{"a\0b", 3};
       }},
      {"name", "arrivals[2].name: a name must not contain control characters",
       [](ModelDraft& d) { d.arrivals[1].name = "\x7f"; }},
      {"name", "lever[2].label: a name must not be empty", [](ModelDraft& d) { d.levers[1].label = " "; }},
      {"name", "scenario[1].note: a note must not contain control or invisible characters",
       [](ModelDraft& d) { d.scenarios[0].note = "\x1b[2J"; }},
      {"duplicate-name", "state[5].name: \"lost\" is the name of state[4] already; give each a name of its own",
       [](ModelDraft& d) { d.states.push_back(d.states[3]); }},
      {"duplicate-name", "state[5].name: \" LOST\" and \"lost\" differ only in capitals, blanks or the way",
       [](ModelDraft& d) {
         d.states.push_back({" LOST", Stage::lost, 0, {}, {}});
       }},
      {"duplicate-name", "segment[2].name: \"Loyal\" and \"loyal\" differ only",
       [](ModelDraft& d) { d.segments[1].name = "Loyal"; }, false},
      {"duplicate-name", "lever[2].name: \"lounge\" is the name of lever[1] already",
       [](ModelDraft& d) { d.levers[1].name = "lounge"; }, false},
      {"duplicate-name", "scenario[2].name: \"farm\" is the name of scenario[1] already",
       [](ModelDraft& d) { d.scenarios[1].name = "farm"; }},
      {"duplicate-name", "environment.states[2].name: \"calm\"",
       [](ModelDraft& d) { d.environment->states[1] = "calm"; }, false},
  };
}

[[nodiscard]] inline std::vector<RefusedDraft> refused_references() {
  return {
      {"unknown-state", "transition[1].from: there is no state \"propsect\"; did you mean \"prospect\"?",
       [](ModelDraft& d) { d.transitions[0].from = "propsect"; }, false},
      {"unknown-state", "transition[2].to: there is no state \"Lost\"; did you mean \"lost\"?",
       [](ModelDraft& d) { d.transitions[1].to = "Lost"; }},
      {"unknown-state",
       "arrivals[2].state: there is no state \"xyz\"; known are \"prospect\", \"member\", \"car\", \"lost\"",
       [](ModelDraft& d) { d.arrivals[1].state = "xyz"; }},
      {"unknown-state", "referral[1].to: there is no state \"prospects\"; did you mean \"prospect\"?",
       [](ModelDraft& d) { d.referrals[0].to = "prospects"; }, false},
      {"unknown-state", "referral[1].from: there is no state", [](ModelDraft& d) { d.referrals[0].from = "nobody"; },
       false},
      {"unknown-state", "segment[1].state[1].name: there is no state",
       [](ModelDraft& d) { d.segments[0].states[0].name = "x"; }},
      {"unknown-state", "segment[1].transition[1]: there is no state",
       [](ModelDraft& d) { d.segments[0].transitions[0].to = "x"; }},
      {"unknown-state", "calendar[1].transition: there is no state",
       [](ModelDraft& d) { d.calendar[0].to_state = "x"; }},
      {"unknown-state", "environment.effect[1].transition: there is no state",
       [](ModelDraft& d) {
         d.environment->effects[0].moves = MarketMovesTransition{"x", "lost", 2};
       }},
      {"unknown-state", "environment.effect[2].state: there is no state",
       [](ModelDraft& d) {
         d.environment->effects[1].moves = MarketMovesCashFlow{"x", 2};
       }},
      {"unknown-state", "lever[1].while_in: there is no state \"membre\"; did you mean \"member\"?",
       [](ModelDraft& d) { d.levers[0].while_in = {"membre"}; }},
      {"unknown-state", "lever[1].effect[2].state: there is no state",
       [](ModelDraft& d) { d.levers[0].effects[1].target = CashFlowTarget{"x"}; }},
      {"unknown-state", "lever[3].effect[1].dwell: there is no state",
       [](ModelDraft& d) { d.levers[2].effects[0].target = DwellTarget{"x"}; }},
      {"unknown-arrivals", "environment.effect[3].arrivals: there is no arrivals \"wep\"; did you mean \"web\"?",
       [](ModelDraft& d) {
         d.environment->effects[2].moves = MarketMovesArrivals{"wep", 2};
       }},
      {"unknown-arrivals", "lever[2].effect[1].arrivals: there is no arrivals",
       [](ModelDraft& d) { d.levers[1].effects[0].target = ArrivalsTarget{"x"}; }},
      {"unknown-segment", "arrivals[1].mix: there is no segment \"loyla\"; did you mean \"loyal\"?",
       [](ModelDraft& d) {
         d.arrivals[0].mix = {{"loyla", 0.25}, {"others", 0.75}};
       }},
      {"unknown-segment", "lever[3].segments: there is no segment",
       [](ModelDraft& d) { d.levers[2].segments = {"x"}; }},
      {"unknown-lever", "scenario[1].spend: there is no lever \"lunge\"; did you mean \"lounge\"?",
       [](ModelDraft& d) {
         d.scenarios[0].plan = SpendLevels{{"lunge", 25}};
       }},
      {"unknown-lever", "scenario[2].split: there is no lever",
       [](ModelDraft& d) {
         d.scenarios[1].plan = BudgetSplit{4000, {{"x", 1}}};
       }},
      {"unknown-market-state", "environment.start: there is no market state \"clam\"; did you mean \"calm\"?",
       [](ModelDraft& d) { d.environment->start = "clam"; }},
      {"unknown-market-state", "environment.effect[1].when: there is no market state",
       [](ModelDraft& d) { d.environment->effects[0].when = "peace"; }},
      {"unknown-transition", "segment[1].transition[1]: there is no transition \"member\" -> \"prospect\"",
       [](ModelDraft& d) { d.segments[0].transitions[0].to = "prospect"; }},
      {"unknown-transition",
       "calendar[1].transition: there is no transition \"lost\" -> \"member\"; list it under "
       "[[transition]], with probability 0 if it does not happen today",
       [](ModelDraft& d) {
         d.calendar[0] = {"lost", "member", {2}, {}, {}};
       }},
      {"unknown-transition", "environment.effect[1].transition: there is no transition",
       [](ModelDraft& d) {
         d.environment->effects[0].moves = MarketMovesTransition{"car", "lost", 2};
       }},
      {"unknown-transition", "lever[1].effect[1].transition: there is no transition",
       [](ModelDraft& d) {
         d.levers[0].effects[0].target = TransitionTarget{"member", "member"};
       }},
      {"unknown-referral",
       "lever[1].effect[3].referral: there is no referral \"member\" -> \"member\"; list it under "
       "[[referral]], with per_period = 0",
       [](ModelDraft& d) {
         d.levers[0].effects[2].target = ReferralTarget{"member", "member"};
       }},
      {"no-dwell", "lever[3].effect[1].dwell: \"member\" has no dwell; give the state a dwell, or move its transitions",
       [](ModelDraft& d) { d.levers[2].effects[0].target = DwellTarget{"member"}; }},
  };
}

[[nodiscard]] inline std::vector<RefusedDraft> refused_numbers() {
  using namespace detail;
  return {
      {"probability", "transition[3].probability: -0.1 is not a probability; give a number from 0 to 1",
       [](ModelDraft& d) { probability_of(d, 2) = -0.1; }},
      {"probability", "nan is not a probability", [](ModelDraft& d) { probability_of(d, 2) = nan; }, false},
      {"probability", "inf is not a probability", [](ModelDraft& d) { probability_of(d, 2) = infinity; }, false},
      {"probability",
       "-1e-18 is not a probability; give a number from 0 to 1; if it is what other probabilities leave "
       "over, write \"rest\"",
       [](ModelDraft& d) { probability_of(d, 2) = -1e-18; }},
      {"probability", "85 is not a probability; give a number from 0 to 1; for a percentage, divide by 100: 0.85",
       [](ModelDraft& d) { probability_of(d, 2) = 85.0; }, false},
      {"probability", "transition[3].probability.schedule: 1.5 is not a probability",
       [](ModelDraft& d) {
         probability_of(d, 2).schedule = {0.1, 1.5};
       },
       false},
      {"probability", "segment[1].transition[1].probability: 2 is not a probability",
       [](ModelDraft& d) { d.segments[0].transitions[0].probability = Number{2.0}; }},
      {"probability", "lever[1].effect[1].limit: 1.1 is not a probability",
       [](ModelDraft& d) { d.levers[0].effects[0].limit = 1.1; }},
      {"probability", "environment.matrix: -0.03 is not a probability",
       [](ModelDraft& d) {
         d.environment->matrix[0] = {1.03, -0.03};
       },
       false},
      {"probability", "state[3].dwell.hazard: 2 is not a probability",
       [](ModelDraft& d) {
         d.states[2].dwell = TableDwell{{0.1, 2}};
       }},
      {"number", "state[2].cash_flow: nan is out of range; give a finite amount of at most 1e90",
       [](ModelDraft& d) { d.states[1].cash_flow = nan; }},
      {"number", "state[2].cash_flow: -1e+91 is out of range", [](ModelDraft& d) { d.states[1].cash_flow = -1e91; }},
      {"number", "transition[1].cash_flow: inf is out of range",
       [](ModelDraft& d) { d.transitions[0].cash_flow = infinity; }},
      {"number", "segment[1].transition[1].cash_flow: nan is out of range",
       [](ModelDraft& d) { d.segments[0].transitions[0].cash_flow = Number{nan}; }},
      {"number", "segment[1].state[1].cash_flow: nan is out of range",
       [](ModelDraft& d) { d.segments[0].states[0].cash_flow = Number{nan}; }},
      {"number", "referral[1].per_period: -0.01 is out of range; give a finite number of at least 0",
       [](ModelDraft& d) { d.referrals[0].per_period = -0.01; }},
      {"number", "lever[2].effect[1].limit: -1 is out of range",
       [](ModelDraft& d) { d.levers[1].effects[0].limit = -1.0; }},
      {"number", "lever[1].effect[1].half_spend: 0 is out of range; give a finite number above 0",
       [](ModelDraft& d) { d.levers[0].effects[0].half_spend = 0.0; }},
      {"number", "lever[1].effect[1].half_spend.schedule: -3 is out of range",
       [](ModelDraft& d) {
         d.levers[0].effects[0].half_spend = with_schedule({5, -3});
       }},
      {"distribution", "state[2].cash_flow.varies: the spread is not finite; give finite numbers",
       [](ModelDraft& d) {
         d.states[1].cash_flow.varies = law(DistributionKind::normal, StandardDeviation{infinity});
       }},
      {"distribution", "the spread is not finite",
       [](ModelDraft& d) {
         d.states[1].cash_flow.varies = law(DistributionKind::uniform, Range{-infinity, 3});
       }},
      {"distribution", "the spread is not finite",
       [](ModelDraft& d) {
         probability_of(d, 2).uncertain = law(DistributionKind::beta, BetaParameters{nan, 1});
       }},
      {"distribution", "the spread is not finite",
       [](ModelDraft& d) { probability_of(d, 2).uncertain = law(DistributionKind::beta, SampleCount{infinity}); }},
      {"distribution",
       "transition[3].probability.differs: no beta distribution has this mean and sd: sd must be "
       "below sqrt(mean·(1 - mean)) (mean 0.05)",
       [](ModelDraft& d) { probability_of(d, 2).differs = law(DistributionKind::beta, StandardDeviation{0.5}); }},
      {"distribution",
       "transition[3].probability.uncertain: its mean is 0.5, but mean is 0.05; leave mean out, or make both agree",
       [](ModelDraft& d) {
         probability_of(d, 2).uncertain = law(DistributionKind::beta, BetaParameters{1, 1});
       }},
      {"word",
       "lever[1].effect[1].limit.differs: differs is not allowed here; it goes with probabilities, cash flows and "
       "referral rates of the model itself",
       [](ModelDraft& d) { d.levers[0].effects[0].limit.differs = law(DistributionKind::fixed, StandardDeviation{}); }},
      {"word",
       "transition[3].probability.varies: varies is not allowed here; it goes with cash flows of the model itself",
       [](ModelDraft& d) { probability_of(d, 2).varies = law(DistributionKind::fixed, StandardDeviation{}); }},
      {"growth", "state[2].cash_flow.growth: -1 is no growth per year; give a number above -1, such as 0.02",
       [](ModelDraft& d) { d.states[1].cash_flow.growth = -1; }},
      {"growth", "nan is no growth per year", [](ModelDraft& d) { d.states[1].cash_flow.growth = nan; }},
      {"growth", "a number has either a schedule or growth; leave one of them out",
       [](ModelDraft& d) {
         d.states[1].cash_flow = with_schedule({1, 2});
         d.states[1].cash_flow.growth = 0.1;
       }},
      {"growth", "transition[3].probability.growth: it grows to 1.3",  // 0.05·5.5^(23/12)
       [](ModelDraft& d) { probability_of(d, 2) = with_growth(0.05, 4.5); }, false},
      {"growth", "it grows to beyond 1 for ever; give a number from 0 to 1 in every period",
       [](ModelDraft& d) {
         d.horizon = infinite_horizon;
         probability_of(d, 2) = with_growth(0.05, 0.01);
       }},
      {"growth", "arrivals[1].growth: -2 is no growth per year; give a number above -1, such as 0.05",
       [](ModelDraft& d) {
         d.arrivals[0].flow = ArriveSteadily{100, -2};
       }},
  };
}

/// Rows that a segment replaces are checked once more with its own numbers; here the model's are in question.
inline void leave_rows_to_the_model(ModelDraft& draft) { draft.segments[0].transitions.clear(); }

[[nodiscard]] inline std::vector<RefusedDraft> refused_states_and_rows() {
  using namespace detail;
  return {
      {"satisfaction", "state[2].satisfaction: 1.5 is out of range; give a number from -1 to +1",
       [](ModelDraft& d) { d.states[1].satisfaction = 1.5; }},
      {"satisfaction", "nan is out of range", [](ModelDraft& d) { d.states[1].satisfaction = nan; }},
      {"dwell", "state[3].dwell.periods: 0 is no number of periods; give a whole number of at least 1",
       [](ModelDraft& d) { d.states[2].dwell = FixedDwell{0}; }},
      {"dwell", "2.5 is no number of periods", [](ModelDraft& d) { d.states[2].dwell = FixedDwell{2.5}; }},
      {"dwell",
       "state[3].dwell: no negative binomial dwell has mean 54 and sd 7; it needs a mean above 1 and sd² > mean - 1",
       [](ModelDraft& d) {
         d.states[2].dwell = NegativeBinomialDwell{54, 7};
       }},
      {"dwell", "no negative binomial dwell has mean 10 and sd -7",
       [](ModelDraft& d) {
         d.states[2].dwell = NegativeBinomialDwell{10, -7};
       }},
      {"distribution", "sd must not be negative",
       [](ModelDraft& d) {
         d.states[1].cash_flow.varies = Distribution{DistributionKind::fixed, StandardDeviation{-1}};
       }},
      {"distribution", "is a coin",
       [](ModelDraft& d) {
         std::get<Number>(d.transitions[2].probability).uncertain =
             Distribution{DistributionKind::beta, SampleCount{1e-300}};
       }},
      {"dwell", "no negative binomial dwell has mean 1 and sd 3",
       [](ModelDraft& d) {
         d.states[2].dwell = NegativeBinomialDwell{1, 3};
       }},
      {"dwell", "state[3].dwell: no such Weibull dwell; scale and shape must be above 0",
       [](ModelDraft& d) {
         d.states[2].dwell = WeibullDwell{10, 0};
       }},
      {"dwell", "no such Weibull dwell",
       [](ModelDraft& d) {
         d.states[2].dwell = WeibullDwell{nan, 1};
       }},
      {"dwell", "state[3].dwell.hazard: the hazard table is empty; give at least one hazard",
       [](ModelDraft& d) { d.states[2].dwell = TableDwell{}; }},
      {"dwell", "the last hazard repeats and is 0: the state would never end; let the last hazard be above 0",
       [](ModelDraft& d) {
         d.states[2].dwell = TableDwell{{0.5, 0}};
       }},
      {"rest-twice",
       "transition[5].probability: the row of \"car\" has \"rest\" 2 times; at most one transition of a state",
       [](ModelDraft& d) {
         leave_rows_to_the_model(d);
         d.transitions.push_back({"car", "lost", rest, 0});
       }},
      {"row-sum", "transition[3].probability: the probabilities of \"member\" sum to 1.1",
       [](ModelDraft& d) {
         probability_of(d, 2) = 0.6;
         probability_of(d, 3) = 0.5;
       }},
      {"row-sum", "; they must not sum to more than 1 [row-sum]",
       [](ModelDraft& d) { probability_of(d, 3) = 0.95 + 2e-9; }},
      {"row-sum", "the probabilities of \"member\" sum to 1.25 in period 2",
       [](ModelDraft& d) {
         leave_rows_to_the_model(d);
         probability_of(d, 3) = with_schedule({0.1, 0.2, 1, 0.1});
         probability_of(d, 2) = 0.25;
       }},
      {"row-sum", "; they must not sum to more than 1; for percentages, divide by 100 [row-sum]",
       [](ModelDraft& d) {
         probability_of(d, 2) = 15.0;
         probability_of(d, 3) = 85.0;
       },
       false},
      {"row-sum", "segment[1].transition[1].probability: in this segment, the probabilities of \"member\" sum to 1.01",
       [](ModelDraft& d) { d.segments[0].transitions[0].probability = Number{0.99}; }},
      {"row-sum", "environment.matrix: row 2 sums to 0.9; each row must sum to 1",
       [](ModelDraft& d) {
         d.environment->matrix[1] = {0.15, 0.75};
       }},
      {"dwell-row", "transition[5].probability: the probabilities of \"car\" sum to 0.9",
       [](ModelDraft& d) {
         leave_rows_to_the_model(d);
         d.transitions[4].probability = Number{0.9};
       }},
      {"dwell-row",
       "; a state with a dwell leaves for certain when it ends: let them sum to 1, or one be \"rest\" [dwell-row]",
       [](ModelDraft& d) {
         leave_rows_to_the_model(d);
         d.transitions[4].probability = Number{1 - 2e-9};
       }},
      {"dwell-row", "transition[6]: \"car\" has a dwell and leads back to itself; let it lead elsewhere",
       [](ModelDraft& d) {
         d.transitions.push_back({"car", "car", Number{0.1}, 0});
       }},
      {"dwell-row",
       "dwell: \"gone\" has a dwell, and no transition says where people go when it ends; list its transitions, or "
       "leave "
       "the dwell out",
       [](ModelDraft& d) { d.states.push_back({.name = "gone", .stage = Stage::lost, .dwell = FixedDwell{2}}); }},
      {"row-zero",
       "transition[1].probability: all probabilities of \"prospect\" are 0; leave its transitions out to make the "
       "state absorbing",
       [](ModelDraft& d) {
         leave_rows_to_the_model(d);
         d.actions.clear();
         probability_of(d, 0) = probability_of(d, 1) = 0.0;
       }},
      {"duplicate-transition",
       "transition[6]: \"member\" -> \"lost\" is listed as transition[3] already; list each pair once",
       [](ModelDraft& d) { d.transitions.push_back(d.transitions[2]); }},
      {"duplicate-referral", "referral[2]: \"member\" -> \"prospect\" is listed already; list each pair once",
       [](ModelDraft& d) { d.referrals.push_back(d.referrals[0]); }},
  };
}

[[nodiscard]] inline std::vector<RefusedDraft> refused_people_and_markets() {
  using namespace detail;
  return {
      {"arrivals", "arrivals[2].count: -1 people cannot arrive; give a number from 0 to 1e15",
       [](ModelDraft& d) { d.arrivals[1].flow = ArriveOnce{-1}; }},
      {"arrivals", "arrivals[2].count: nan people cannot arrive",
       [](ModelDraft& d) { d.arrivals[1].flow = ArriveOnce{nan}; }},
      {"arrivals", "arrivals[1].per_period: 2e+15 people cannot arrive",
       [](ModelDraft& d) {
         d.arrivals[0].flow = ArriveSteadily{2e15, 0};
       }},
      {"arrivals", "arrivals[3].schedule: inf people cannot arrive",
       [](ModelDraft& d) {
         d.arrivals[2].flow = ArriveBySchedule{{1, infinity}};
       }},
      {"window", "arrivals[1].from: -1 is no period; give a whole number from 0 to 10000000",
       [](ModelDraft& d) { d.arrivals[0].from = -1; }},
      {"window", "arrivals[1].until: 4 does not come after from = 4; give a larger whole number, up to 10000000",
       [](ModelDraft& d) {
         d.arrivals[0].from = 4;
         d.arrivals[0].until = 4;
       }},
      {"window", "calendar[1].until: 1 does not come after from = 3",
       [](ModelDraft& d) {
         d.calendar[0].from = 3;
         d.calendar[0].until = 1;
       }},
      {"window", "lever[1].from: 10000001 is no period", [](ModelDraft& d) { d.levers[0].from = 10'000'001; }},
      {"share", "arrivals[1].mix: the shares sum to 0.5; they must sum to 1",
       [](ModelDraft& d) {
         d.arrivals[0].mix = {{"loyal", 0.5}};
       }},
      {"share", "segment: the share of \"loyal\" is -0.2; give a number from 0 to 1",
       [](ModelDraft& d) {
         d.segments[0].share = -0.2;
         d.segments[1].share = 1;
       },
       false},
      {"share", "segment: the shares sum to 0.9", [](ModelDraft& d) { d.segments[0].share = 0.5; }},
      {"share", "segment: the share of \"loyal\" is nan", [](ModelDraft& d) { d.segments[0].share = nan; }, false},
      {"share", "scenario[2].split: the shares sum to 0.6",
       [](ModelDraft& d) {
         d.scenarios[1].plan = BudgetSplit{4000, {{"lounge", 0.5}, {"posters", 0.1}}};
       }},
      {"odds", "calendar[1].odds: there are no odds; give one multiplier for each period",
       [](ModelDraft& d) { d.calendar[0].odds.clear(); }},
      {"odds", "calendar[1].odds: -2 is no odds multiplier; give a number from 0 to 1e12; 1 changes nothing",
       [](ModelDraft& d) {
         d.calendar[0].odds = {1, -2};
       }},
      {"odds", "calendar[1].odds: nan is no odds multiplier", [](ModelDraft& d) { d.calendar[0].odds = {nan}; }},
      {"no-states", "environment.states: the market has no states; name at least one",
       [](ModelDraft& d) { d.environment->states.clear(); }},
      {"matrix-shape", "environment.matrix: 1 rows for 2 states; give one row for each state of the market",
       [](ModelDraft& d) { d.environment->matrix.pop_back(); }},
      {"matrix-shape", "environment.matrix: row 1 has 3 entries for 2 states; give one probability for each state",
       [](ModelDraft& d) {
         d.environment->matrix[0] = {0.5, 0.25, 0.25};
       }},
      {"factor", "environment.effect[1].odds: -4 is no multiplier; give a number from 0 to 1e12",
       [](ModelDraft& d) {
         d.environment->effects[0].moves = MarketMovesTransition{"member", "lost", -4};
       }},
      {"factor", "environment.effect[2].cash_flow_factor: nan is no multiplier",
       [](ModelDraft& d) {
         d.environment->effects[1].moves = MarketMovesCashFlow{"member", nan};
       }},
      {"factor", "environment.effect[3].factor: inf is no multiplier",
       [](ModelDraft& d) {
         d.environment->effects[2].moves = MarketMovesArrivals{"web", infinity};
       }},
  };
}

[[nodiscard]] inline std::vector<RefusedDraft> refused_levers_and_scenarios() {
  using namespace detail;
  const auto table = [](std::vector<ResponsePoint> points) {
    return ResponseCurve{.shape = ResponseShape::table, .points = std::move(points)};
  };
  return {
      {"certain-transition",
       "lever[1].effect[1].transition: \"car\" -> \"member\" is certain (probability 1) and cannot be "
       "moved; give its row another way out, or move another transition",
       [](ModelDraft& d) {
         d.levers[0].effects[0].target = TransitionTarget{"car", "member"};
       }},
      {"certain-transition", "\"member\" -> \"lost\" is certain",
       [](ModelDraft& d) {
         probability_of(d, 2) = with_schedule({0.1, 1, 0.1});
         probability_of(d, 3) = 0.0;
       },
       false},
      {"response-table",
       "lever[1].effect[2].points: a response table begins at [0, 0] and has at least two points; give "
       "[spend, share] pairs from [0, 0] on",
       [&](ModelDraft& d) {
         d.levers[0].effects[1].curve = {.shape = ResponseShape::table, .points = {{0, 0}}};
       }},
      {"response-table", "a response table begins at [0, 0]",
       [table](ModelDraft& d) {
         d.levers[0].effects[1].curve = table({{0, 0.1}, {5, 1}});
       }},
      {"response-table", "point 3 is [5, 0.2]",
       [table](ModelDraft& d) {
         d.levers[0].effects[1].curve = table({{0, 0}, {4, 0.3}, {5, 0.2}});
       }},
      {"response-table", "point 3 is [4, 0.5]",
       [table](ModelDraft& d) {
         d.levers[0].effects[1].curve = table({{0, 0}, {4, 0.3}, {4, 0.5}});
       }},
      {"response-table", "point 2 is [4, 1.5]",
       [table](ModelDraft& d) {
         d.levers[0].effects[1].curve = table({{0, 0}, {4, 1.5}});
       }},
      {"response-table", "point 2 is [nan, 1]",
       [table](ModelDraft& d) {
         d.levers[0].effects[1].curve = table({{0, 0}, {nan, 1}});
       }},
      {"steepness", "lever[1].effect[2].steepness: 0 is out of range; give a number above 0, up to 100",
       [](ModelDraft& d) { d.levers[0].effects[1].curve = {.shape = ResponseShape::hill, .steepness = 0}; }},
      {"steepness", "nan is out of range",
       [](ModelDraft& d) { d.levers[0].effects[1].curve = {.shape = ResponseShape::hill, .steepness = nan}; }},
      {"carry-over", "lever[1].carry_over: 1 is out of range; give a number from 0 up to, but not, 1",
       [](ModelDraft& d) { d.levers[0].carry_over = 1; }},
      {"carry-over", "nan is out of range", [](ModelDraft& d) { d.levers[0].carry_over = nan; }},
      {"while-in",
       "lever[1].while_in: spend per customer needs to know on whom; name the states in while_in, or say "
       "spend_per = \"period\"",
       [](ModelDraft& d) { d.levers[0].while_in.clear(); }},
      {"while-in", "lever[1].while_in: a state is named twice; name each state once",
       [](ModelDraft& d) {
         d.levers[0].while_in = {"member", "member"};
       }},
      {"no-effect", "lever[3]: the lever \"loaner\" changes nothing; give it a [[lever.effect]]",
       [](ModelDraft& d) { d.levers[2].effects.clear(); }},
      {"moved-twice",
       "lever[1].effect[4]: the lever moves transition \"member\" -> \"lost\" twice; a lever may move one thing once",
       [](ModelDraft& d) { d.levers[0].effects.push_back(d.levers[0].effects[0]); }},
      {"moved-twice", "the lever moves cash flow of \"member\" twice",
       [](ModelDraft& d) { d.levers[0].effects.push_back(d.levers[0].effects[1]); }},
      {"moved-twice", "the lever moves referral \"member\" -> \"prospect\" twice",
       [](ModelDraft& d) { d.levers[0].effects.push_back(d.levers[0].effects[2]); }},
      {"moved-twice", "the lever moves arrivals \"web\" twice",
       [](ModelDraft& d) { d.levers[1].effects.push_back(d.levers[1].effects[0]); }},
      {"moved-twice", "the lever moves dwell of \"car\" twice",
       [](ModelDraft& d) { d.levers[2].effects.push_back(d.levers[2].effects[0]); }},
      {"spend", "scenario[1].spend: the spend on \"lounge\" is -25; give a finite amount of at least 0",
       [](ModelDraft& d) {
         d.scenarios[0].plan = SpendLevels{{"lounge", -25}};
       }},
      {"spend", "the spend on \"lounge\" is nan",
       [](ModelDraft& d) {
         d.scenarios[0].plan = SpendLevels{{"lounge", nan}};
       }},
      {"budget", "scenario[2].budget: -1 is no budget; give a finite amount of at least 0",
       [](ModelDraft& d) {
         d.scenarios[1].plan = BudgetSplit{-1, {{"lounge", 1}}};
       }},
      {"budget", "inf is no budget",
       [](ModelDraft& d) {
         d.scenarios[1].plan = BudgetSplit{infinity, {{"lounge", 1}}};
       }},
      {"two-references",
       "scenario[2].reference: \"farm\" is the reference already; at most one scenario has reference = true",
       [](ModelDraft& d) { d.scenarios[0].reference = d.scenarios[1].reference = true; }},
  };
}

[[nodiscard]] inline std::vector<RefusedDraft> refused_actions() {
  using namespace detail;
  const auto puts = [](std::string from, std::string to, double probability) {
    return PutsTransition{std::move(from), std::move(to), Number{probability}, {}};
  };
  return {
      {"reserved-name",
       "action[1].name: \"nothing\" is what is done where no action is taken; give the action another name",
       [](ModelDraft& d) { d.actions[0].name = "nothing"; }},
      {"duplicate-name", "action[2].name: \"court\" is the name of action[1] already",
       [](ModelDraft& d) { d.actions[1].name = "court"; }},
      {"name", "action[1].label: a name must not contain control characters",
       [](ModelDraft& d) { d.actions[0].label = "a\nb"; }},
      {"offered-nowhere",
       "action[2].in: the action \"hurry\" is offered nowhere; name the states in which it may be taken",
       [](ModelDraft& d) { d.actions[1].in.clear(); }, false},
      {"unknown-state", "action[2].in: there is no state \"caar\"; did you mean \"car\"?",
       [](ModelDraft& d) { d.actions[1].in.emplace_back("caar"); }},
      {"offered-twice", "action[2].in: the action is offered in \"car\" twice; name each state once",
       [](ModelDraft& d) { d.actions[1].in.emplace_back("car"); }},
      {"unknown-segment", "action[2].segments: there is no segment \"othres\"; did you mean \"others\"?",
       [](ModelDraft& d) { d.actions[1].segments = {"othres"}; }},
      {"no-effect", "action[2]: the action \"hurry\" changes nothing; give it an [[action.effect]], or a cost below 0",
       [](ModelDraft& d) { d.actions[1].effects.clear(); }},
      {"number", "action[1].cost: inf is out of range", [](ModelDraft& d) { d.actions[0].cost = infinity; }},
      {"word", "action[1].cost.differs: differs is not allowed here",
       [](ModelDraft& d) { d.actions[0].cost.differs = law(DistributionKind::normal, StandardDeviation{1}); }},
      {"action-elsewhere",
       "action[2].effect[2]: it puts something of \"member\", in which the action is not offered; name the state in "
       "`in`",
       [](ModelDraft& d) {
         d.actions[1].effects.push_back(PutsCashFlow{"member", 1});
       }},
      {"moved-twice",
       "action[2].effect[2]: the action puts the dwell of \"car\" twice; say it once; effect[1] does already",
       [](ModelDraft& d) {
         d.actions[1].effects.push_back(PutsDwell{"car", 3});
       }},
      {"unknown-transition", "action[1].effect[6].transition: there is no transition \"member\" -> \"member\"",
       [=](ModelDraft& d) { d.actions[0].effects.push_back(puts("member", "member", 0.1)); }},
      {"unknown-state", "action[1].effect[6].state: there is no state \"membre\"; did you mean \"member\"?",
       [](ModelDraft& d) {
         d.actions[0].effects.push_back(PutsCashFlow{"membre", 1});
       }},
      {"unknown-referral", "action[1].effect[6].referral: there is no referral \"member\" -> \"member\"",
       [](ModelDraft& d) {
         d.actions[0].effects.push_back(PutsReferral{"member", "member", 1});
       }},
      {"no-dwell", "action[1].effect[6].dwell: \"member\" has no dwell; give the state a dwell, or put its transitions",
       [](ModelDraft& d) {
         d.actions[0].effects.push_back(PutsDwell{"member", 1});
       }},
      {"effect-target",
       "action[1].effect[1]: it does not say what the transition becomes; give probability, cash_flow or both",
       [](ModelDraft& d) {
         d.actions[0].effects[0] = PutsTransition{"member", "lost", {}, {}};
       }},
      {"probability", "action[1].effect[1].probability: 1.5 is not a probability",
       [=](ModelDraft& d) { d.actions[0].effects[0] = puts("member", "lost", 1.5); }},
      {"probability", "action[1].effect[1].probability: nan is not a probability",
       [=](ModelDraft& d) { d.actions[0].effects[0] = puts("member", "lost", nan); }},
      {"number", "action[1].effect[4].per_period: -1 is out of range",
       [](ModelDraft& d) {
         d.actions[0].effects[3] = PutsReferral{"member", "prospect", -1};
       }},
      {"number", "action[2].effect[1].factor: -1 is out of range",
       [](ModelDraft& d) {
         d.actions[1].effects[0] = PutsDwell{"car", -1};
       }},
      {"row-sum",
       "action[1].effect[1].probability: the action \"court\" puts probabilities of \"member\" that sum to 1.1; they "
       "must not "
       "sum to more than 1",
       [=](ModelDraft& d) {
         d.actions[0].effects[0] = puts("member", "lost", 0.6);
         d.actions[0].effects[1] = puts("member", "car", 0.5);
       }},
      {"row-sum", "puts probabilities of \"car\" that sum to 0.9; it puts the whole row: let them sum to 1",
       [=](ModelDraft& d) { d.actions[1].effects.push_back(puts("car", "member", 0.9)); }},
  };
}

[[nodiscard]] inline std::vector<RefusedDraft> refused_correlations() {
  using namespace detail;
  static const auto unsure = [](ModelDraft& d) {
    probability_of(d, 0).uncertain = law(DistributionKind::beta, StandardDeviation{0.01});
    probability_of(d, 1).uncertain = law(DistributionKind::beta, StandardDeviation{0.01});
    probability_of(d, 2).uncertain = law(DistributionKind::beta, StandardDeviation{0.01});
  };
  static const std::string bought = "transition prospect -> member";
  static const std::string absorbed = "transition prospect -> lost";
  static const std::string left = "transition member -> lost";
  const auto correlated = [](std::vector<Correlation> correlations) {
    return [correlations](ModelDraft& d) {
      unsure(d);
      d.correlations = correlations;
    };
  };
  return {
      {"unknown-number", "correlation[1].between: there is no number \"transition member -> lst\"; did you mean",
       correlated({{{bought, "transition member -> lst"}, 0.5}})},
      {"not-uncertain", "correlation[1].between: \"transition member -> car\" is not uncertain",
       correlated({{{bought, "transition member -> car"}, 0.5}})},
      {"duplicate", "correlation[1].between: \"transition prospect -> lost\" is named twice",
       correlated({{{absorbed, absorbed}, 0.5}})},
      {"duplicate", "is said twice; say it once", correlated({{{bought, absorbed}, 0.5}, {{absorbed, bought}, 0.4}})},
      {"correlation", "correlation[1].between: a correlation is between two numbers or more",
       correlated({{{bought}, 0.5}})},
      {"correlation", "correlation[1].value: 1 is no correlation of two numbers",
       correlated({{{bought, absorbed}, 1}})},
      {"correlation", "correlation: no numbers can be correlated so: the matrix is not positive definite",
       correlated({{{bought, absorbed}, 0.9}, {{absorbed, left}, 0.9}, {{bought, left}, -0.9}})},
  };
}

/// Percent where a share is wanted: what to write instead is said.
[[nodiscard]] inline std::vector<RefusedDraft> drafts_in_percent() {
  using namespace detail;
  return {
      {"share", "the share of \"loyal\" is 60; give a number from 0 to 1; for a percentage, divide by 100: 0.6",
       [](ModelDraft& d) { d.segments[0].share = 60; }, false},
      {"share", "the shares sum to 100; they must sum to 1; for percentages, divide by 100",
       [](ModelDraft& d) {
         d.arrivals[0].mix = {{"loyal", 25}, {"others", 75}};
       },
       false},
      {"carry-over", "60 is out of range; give a number from 0 up to, but not, 1; for a percentage, divide by 100: 0.6",
       [](ModelDraft& d) { d.levers[0].carry_over = 60; }},
      {"growth",
       "-5 is no growth per year; give a number above -1, such as 0.05 for 5 % a year; for a percentage, "
       "divide by 100: -0.05",
       [](ModelDraft& d) {
         d.arrivals[1].flow = ArriveSteadily{10, -5};
       }},
      {"distribution", "an sd is in the number's own unit; for percentage points, divide by 100: 0.02",
       [](ModelDraft& d) { probability_of(d, 2).uncertain = law(DistributionKind::beta, StandardDeviation{2}); }},
      {"response-table", "shares that never fall, up to 1; for a percentage, divide by 100: 0.35",
       [](ModelDraft& d) {
         d.levers[1].effects[0].curve = {ResponseShape::table, 1, {{0, 0}, {100, 35}}};
       }},
      {"satisfaction",
       "4 is out of range; give a number from -1 to +1: the worst answer of a scale is -1, its best is +1",
       [](ModelDraft& d) { d.states[1].satisfaction = 4; }},
  };
}

/// All of them.
[[nodiscard]] inline std::vector<RefusedDraft> refused_drafts() {
  std::vector<RefusedDraft> all;
  for (const auto& family : {refused_heads(), refused_names(), refused_references(), refused_numbers(),
                             refused_states_and_rows(), refused_people_and_markets(), refused_levers_and_scenarios(),
                             refused_actions(), refused_correlations(), drafts_in_percent()}) {
    all.insert(all.end(), family.begin(), family.end());
  }
  return all;
}

/// A warning, said the same way.
[[nodiscard]] inline std::vector<RefusedDraft> suspicious_drafts() {
  using namespace detail;
  return {
      {"discount-rate", "model.discount_rate: a negative rate makes later money worth more than today's",
       [](ModelDraft& d) { d.discount_rate = -0.02; }},
      {"discount-rate",
       "model.discount_rate: the rate is above 50 % a period: a period's factor is 0.5; discount_rate is an "
       "annual rate, not a factor",
       [](ModelDraft& d) {
         d.period = Period::year;
         d.discount_rate = 1;
       }},
      {"horizon", "model.horizon: no period at all: every value is 0", [](ModelDraft& d) { d.horizon = 0; }},
      {"arrivals", "arrivals[2].from: nobody arrives within the horizon",
       [](ModelDraft& d) { d.arrivals[1].from = 24; }},
      {"row-draws",
       "transition[3].probability: draws of the row of \"member\" can sum to more than 1; such rows are rescaled to 1",
       [](ModelDraft& d) { probability_of(d, 2).differs = law(DistributionKind::beta, StandardDeviation{0.15}); }},
      {"row-draws", "can sum to more than 1",
       [](ModelDraft& d) {
         probability_of(d, 2) = 0.5;
         probability_of(d, 2).uncertain = law(DistributionKind::uniform, Range{0, 1});
       }},
      {"discount-rate", "model.discount_rate: 8 is 800 % a year; if 8 % was meant, write 0.08",
       [](ModelDraft& d) { d.discount_rate = 8; }},
      {"discount-rate", "1.1 is 110 % a year; if 1.1 % was meant, write 0.011",
       [](ModelDraft& d) {
         d.period = Period::year;
         d.discount_rate = 1.1;
       }},
      {"growth", "arrivals[2].growth: 5 is a growth of 500 % a year; if 5 % was meant, write 0.05",
       [](ModelDraft& d) {
         d.arrivals[1].flow = ArriveSteadily{10, 5};
       }},
      {"growth", "state[2].cash_flow.growth: 3 is a growth of 300 % a year; if 3 % was meant, write 0.03",
       [](ModelDraft& d) { d.states[1].cash_flow = with_growth(30, 3); }},
      {"multiple",
       "lever[2].effect[1].limit: 2700 is a multiple: so many times today's arrivals; if 2700 people a month were "
       "meant, write 27",
       [](ModelDraft& d) { d.levers[1].effects[0].limit = 2700; }},
      {"multiple", "if 2700 people a month were meant, divide by how many come today",
       [](ModelDraft& d) { d.levers[1].effects[0] = effect_on(ArrivalsTarget{"fair"}, 2700, 40000); }},
      {"multiple",
       "lever[3].effect[1].limit: 24 is a multiple: so many times today's chance to leave in a period; 1 is today's",
       [](ModelDraft& d) { d.levers[2].effects[0].limit = 24; }},
      {"multiple", "action[2].effect[1].factor: 24 is a multiple",
       [](ModelDraft& d) {
         d.actions[1].effects = {PutsDwell{"car", 24}};
       }},
      {"multiple", "environment.effect[3].factor: 80 is a multiple: so many times today's arrivals; 1 changes nothing",
       [](ModelDraft& d) {
         d.environment->effects[2].moves = MarketMovesArrivals{"web", 80};
       }},
      {"multiple", "environment.effect[2].cash_flow_factor: -70 is a multiple: so many times today's cash flow",
       [](ModelDraft& d) {
         d.environment->effects[1].moves = MarketMovesCashFlow{"member", -70};
       }},
      {"distribution",
       "transition[4].cash_flow.varies: an sd of 0.1 around 300 is hardly a spread; an sd is in the number's own unit; "
       "if "
       "10 % of the mean was meant, write 30",
       [](ModelDraft& d) {
         d.transitions[3].cash_flow.varies = law(DistributionKind::normal, StandardDeviation{0.1});
       }},
      {"while-in", "lever[2].while_in: spend per period falls on nobody in particular; while_in has no meaning here",
       [](ModelDraft& d) { d.levers[1].while_in = {"member"}; }},
      {"certain-transition",
       "calendar[1].transition: \"car\" -> \"member\" is certain (probability 1) and cannot be moved",
       [](ModelDraft& d) {
         d.calendar[0] = {"car", "member", {2}, {}, {}};
       }},
      {"unreachable", "state[5]: nobody ever comes to \"heaven\"; let people arrive there, or a transition lead there",
       [](ModelDraft& d) {
         d.states.push_back({"heaven", Stage::advocacy, 0, {}, {}});
       }},
  };
}

}  // namespace tenure::test
