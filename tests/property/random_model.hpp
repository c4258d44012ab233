#pragma once
// Seeded models in people's words, for relations that must hold whatever the model: rows with and without "rest",
// numbers that change with time, seasons, referrals, arrivals, levers of every sort and two scenarios. Every state
// leads to an absorbing last one, and few people are brought, so that values for ever exist.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "support/mixing.hpp"
#include "tenure/model/model.hpp"

namespace tenure::test {

/// What a seeded model leaves out.
struct RandomModelOptions {
  bool gains_only = false;  ///< no money is negative, and nothing is spent
  bool constant = false;    ///< nothing changes with time
  bool levers = true;
  bool forever_only = false;  ///< an infinite horizon always
};

namespace detail {

class RandomModel {
 public:
  RandomModel(std::uint64_t seed, RandomModelOptions options) : mixing_{seed}, options_{options} {}

  [[nodiscard]] ModelDraft draft() && {
    add_head();
    add_states();
    for (std::size_t i = 0; i + 1 < draft_.states.size(); ++i) add_row(i);
    add_referrals();
    add_arrivals();
    if (!options_.constant) add_seasons();
    if (options_.levers && !options_.gains_only) add_levers_and_scenarios();
    return std::move(draft_);
  }

 private:
  [[nodiscard]] const std::string& name_of_state(std::size_t i) const { return draft_.states[i].name; }
  [[nodiscard]] const std::string& some_state() { return name_of_state(mixing_.below(draft_.states.size())); }
  [[nodiscard]] double money() { return mixing_.between(options_.gains_only ? 0 : -50, 150); }

  [[nodiscard]] Number some_number(double mean) {
    Number number{mean};
    if (options_.constant || mixing_.chance(0.7)) return number;
    if (draft_.horizon && mixing_.chance(0.4)) {
      number.growth = mixing_.between(-0.2, 0);  // never beyond what was checked at the start
      return number;
    }
    for (std::size_t t = 1 + mixing_.below(5); t-- > 0;) number.schedule.push_back(mean * mixing_.between(0.4, 1));
    return number;
  }

  void add_head() {
    constexpr Period periods[]{Period::month, Period::quarter, Period::year};
    constexpr CashFlowTiming timings[]{CashFlowTiming::start, CashFlowTiming::middle, CashFlowTiming::end};
    constexpr std::int64_t horizons[]{1, 2, 3, 10, 40};
    draft_.name = "Seeded";
    draft_.period = periods[mixing_.below(3)];
    draft_.discount_rate = mixing_.between(0.1, 0.4);
    draft_.cash_flow_timing = timings[mixing_.below(3)];
    if (!options_.forever_only && mixing_.chance(0.7)) draft_.horizon = horizons[mixing_.below(5)];
  }

  void add_states() {
    constexpr Stage stages[]{Stage::acquisition, Stage::servicing, Stage::repurchase, Stage::advocacy, Stage::dormant};
    const std::size_t count = 2 + mixing_.below(5);
    for (std::size_t i = 0; i + 1 < count; ++i) {
      const Number cash_flow = mixing_.chance(0.2) ? Number{0} : some_number(money());
      draft_.states.push_back({"state " + std::to_string(i), stages[mixing_.below(5)], cash_flow, {}, {}});
    }
    draft_.states.push_back({"gone", Stage::lost, 0, {}, {}});
  }

  /// One in ten at least is gone; the others go to a few states, stay, or take the rest.
  void add_row(std::size_t from) {
    const std::size_t absorbed = draft_.states.size() - 1;
    const std::vector<double> shares = mixing_.shares(draft_.states.size() + 1);
    for (std::size_t to = 0; to <= absorbed; ++to) {
      if (to != absorbed && mixing_.chance(0.4)) continue;
      const double p = to == absorbed ? 0.1 + 0.1 * mixing_.unit() : 0.75 * shares[to];
      Transition transition{name_of_state(from), name_of_state(to), some_number(p), 0};
      if (to == absorbed && !options_.constant) transition.probability = Number{p};
      if (mixing_.chance(0.4)) transition.cash_flow = some_number(money());
      draft_.transitions.push_back(std::move(transition));
    }
    if (from > 0 && mixing_.chance(0.2) && !is_listed(from, 0)) {
      draft_.transitions.push_back({name_of_state(from), name_of_state(0), rest, 0});
    }
  }

  [[nodiscard]] bool is_listed(std::size_t from, std::size_t to) const {
    for (const Transition& transition : draft_.transitions) {
      if (transition.from == name_of_state(from) && transition.to == name_of_state(to)) return true;
    }
    return false;
  }

  void add_referrals() {
    const std::string from = some_state();
    const std::string to = some_state();
    if (from != "gone" && mixing_.chance(0.7))
      draft_.referrals.push_back({from, to, some_number(mixing_.between(0, 0.004))});
  }

  void add_arrivals() {
    for (std::size_t k = 1 + mixing_.below(3); k-- > 0;) {
      Arrivals arrivals;
      arrivals.name = mixing_.chance(0.5) ? "web" : "shop";
      arrivals.state = some_state();
      const double people = mixing_.between(0, 1000);
      if (mixing_.chance(0.4)) {
        arrivals.flow = ArriveOnce{people};
      } else if (mixing_.chance(0.5)) {
        arrivals.flow = ArriveBySchedule{{people, people / 2, people / 3}};
      } else {
        arrivals.flow = ArriveSteadily{people, mixing_.between(-0.1, 0.1)};
        arrivals.until = 1 + static_cast<std::int64_t>(mixing_.below(8));
      }
      if (!arrivals.until) arrivals.from = static_cast<std::int64_t>(mixing_.below(3));
      draft_.arrivals.push_back(std::move(arrivals));
    }
  }

  [[nodiscard]] const Transition& some_transition() {
    return draft_.transitions[mixing_.below(draft_.transitions.size())];
  }

  void add_seasons() {
    for (std::size_t k = mixing_.below(3); k-- > 0;) {
      const Transition& moved = some_transition();
      CalendarEntry entry{moved.from, moved.to, {}, {}, {}};
      for (std::size_t t = 1 + mixing_.below(4); t-- > 0;) entry.odds.push_back(mixing_.between(0.5, 2));
      draft_.calendar.push_back(std::move(entry));
    }
  }

  [[nodiscard]] LeverEffect some_effect() {
    LeverEffect effect;
    effect.half_spend = mixing_.between(1, 40);
    if (mixing_.chance(0.3)) effect.curve = {.shape = ResponseShape::hill, .steepness = mixing_.between(0.5, 3)};
    if (mixing_.chance(0.2)) effect.curve = {.shape = ResponseShape::table, .points = {{0, 0}, {10, 0.4}, {30, 0.9}}};
    const std::size_t what = mixing_.below(draft_.referrals.empty() ? 3 : 4);
    if (what == 0) {
      const Transition& moved = some_transition();
      effect.target = TransitionTarget{moved.from, moved.to};
      effect.limit = mixing_.between(0.05, 0.6);
    } else if (what == 1) {
      effect.target = CashFlowTarget{some_state()};
      effect.limit = money();
    } else if (what == 2) {
      effect.target = ArrivalsTarget{draft_.arrivals[mixing_.below(draft_.arrivals.size())].name};
      effect.limit = mixing_.between(0.2, 3);
    } else {
      effect.target = ReferralTarget{draft_.referrals.front().from, draft_.referrals.front().to};
      effect.limit = mixing_.between(0, 0.006);
    }
    // money in a state that is never left is never finite without discounting, and needless with it
    if (effect.target == EffectTarget{CashFlowTarget{"gone"}}) effect.target = CashFlowTarget{name_of_state(0)};
    return effect;
  }

  void add_levers_and_scenarios() {
    constexpr LeverKind types[]{LeverKind::acquisition, LeverKind::retention, LeverKind::referral,
                                LeverKind::development};
    for (std::size_t l = 0; l < 3; ++l) {
      Lever lever;
      lever.name = lever.label = "lever " + std::to_string(l);
      lever.kind = types[mixing_.below(4)];
      lever.effects = {some_effect()};
      if (mixing_.chance(0.4))
        lever.spend_per = SpendPer::period;
      else
        lever.while_in = {name_of_state(mixing_.below(draft_.states.size() - 1))};
      if (!options_.constant) {
        lever.from = static_cast<std::int64_t>(mixing_.below(3));
        if (mixing_.chance(0.5)) lever.until = lever.from + 1 + static_cast<std::int64_t>(mixing_.below(9));
        if (mixing_.chance(0.5)) lever.carry_over = mixing_.between(0, 0.7);
      }
      draft_.levers.push_back(std::move(lever));
    }
    for (const char* name : {"first", "second"}) {
      SpendLevels levels;
      for (const Lever& lever : draft_.levers) {
        if (mixing_.chance(0.7)) levels[lever.name] = mixing_.between(0.1, 60);
      }
      draft_.scenarios.push_back({name, "", std::move(levels)});
    }
  }

  Mixing mixing_;
  RandomModelOptions options_;
  ModelDraft draft_{};
};

}  // namespace detail

[[nodiscard]] inline ModelDraft random_draft(std::uint64_t seed, RandomModelOptions options = {}) {
  return detail::RandomModel{seed, options}.draft();
}

}  // namespace tenure::test
