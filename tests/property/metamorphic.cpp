// What must hold whatever the model: relations between two models whose values are unknown but known to agree, on a few
// hundred seeded models each. Where the arithmetic is the same the bits are the same; where sums are taken in another
// order, values agree to rounding.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "catch.hpp"
#include "random_model.hpp"
#include "support/compiled.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "tenure/chain/from_matrix.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::metamorphic {

constexpr std::uint64_t models = 300;

// --- comparing values -----------------------------------------------------------------------------------------------

bool same(const std::optional<double>& a, const std::optional<double>& b) {
  return a.has_value() == b.has_value() && (!a || same_bits(*a, *b));
}

bool same(const StateValue& a, const StateValue& b) {
  return same(a.clv, b.clv) && same(a.clv_sd, b.clv_sd) && same(a.clv_skewness, b.clv_skewness) &&
         same(a.clv_with_referrals, b.clv_with_referrals) &&
         same(a.expected_periods_as_customer, b.expected_periods_as_customer);
}

bool same(const BusinessValue& a, const BusinessValue& b) {
  const bool figures = same_bits(a.customer_equity, b.customer_equity) && same(a.acquired, b.acquired) &&
                       same(a.acquisition_cost, b.acquisition_cost) && same(a.retention_rate, b.retention_rate);
  if (!figures || a.trace.has_value() != b.trace.has_value()) return false;
  return !a.trace || (same_bits(a.trace->cash_flow, b.trace->cash_flow) && same_bits(a.trace->spend, b.trace->spend) &&
                      same_bits(a.trace->discounted_cash_flow, b.trace->discounted_cash_flow));
}

bool same(const ExactValue& a, const ExactValue& b) {
  const bool states = std::equal(a.states.begin(), a.states.end(), b.states.begin(), b.states.end(),
                                 [](const StateValue& x, const StateValue& y) { return same(x, y); });
  const bool business =
      a.business.has_value() == b.business.has_value() && (!a.business || same(*a.business, *b.business));
  return states && business && same_bits(a.investment.total, b.investment.total) &&
         same_bits(a.investment.by_stream, b.investment.by_stream);
}

/// The largest amounts of a value: what rounding is measured by.
double scale_of(const ExactValue& value) {
  double scale = 1;
  for (const StateValue& state : value.states) {
    scale = std::max({scale, std::abs(state.clv.value_or(0)), std::abs(state.clv_with_referrals.value_or(0)),
                      state.clv_sd.value_or(0)});
  }
  return scale;
}

void check_close(const StateValue& a, const StateValue& b, double scale) {
  CHECK_THAT(a.clv.value(), close_to_on_scale(b.clv.value(), scale));
  CHECK_THAT(a.clv_with_referrals.value(), close_to_on_scale(b.clv_with_referrals.value(), scale));
  const double variance_a = a.clv_sd.value() * a.clv_sd.value();
  CHECK_THAT(variance_a, close_to_on_scale(b.clv_sd.value() * b.clv_sd.value(), scale * scale));
  CHECK_THAT(a.expected_periods_as_customer.value(), close_to(b.expected_periods_as_customer.value(), 1e-11));
}

void check_close(const std::optional<double>& a, const std::optional<double>& b, double scale) {
  REQUIRE(a.has_value() == b.has_value());
  if (a) CHECK_THAT(*a, close_to_on_scale(*b, scale + std::abs(*b), 1e-11));
}

void check_close(const BusinessValue& a, const BusinessValue& b, double scale) {
  const double total = 10'000 * scale;  // a few thousand people arrive
  CHECK_THAT(a.customer_equity, close_to_on_scale(b.customer_equity, total));
  check_close(a.acquired, b.acquired, 1);
  check_close(a.retention_rate, b.retention_rate, 1);
  check_close(a.acquisition_cost, b.acquisition_cost, total);
}

void check_close(const ExactValue& a, const ExactValue& b) {
  const double scale = scale_of(b);
  for (std::size_t i = 0; i < b.states.size(); ++i) check_close(a.states[i], b.states[i], scale);
  check_close(*a.business, *b.business, scale);
}

// --- seeded models and their values
// -----------------------------------------------------------------------------------

ExactValue value_of_plan(const ModelDraft& draft, const std::string& scenario) {
  const Model model{draft};
  return value_of(model, scenario_named(model, scenario)).value;
}

Chain chain_of_plan(const ModelDraft& draft, const std::string& scenario) {
  const Model model{draft};
  return compile(model, scenario_named(model, scenario));
}

/// The model's states in another order: new place k holds the old state order[k].
ModelDraft reordered(const ModelDraft& draft, const std::vector<std::size_t>& order) {
  ModelDraft turned = draft;
  for (std::size_t k = 0; k < order.size(); ++k) turned.states[k] = draft.states[order[k]];
  std::reverse(turned.transitions.begin(), turned.transitions.end());
  std::reverse(turned.referrals.begin(), turned.referrals.end());
  return turned;
}

std::vector<std::size_t> shuffled(std::size_t size, Mixing& mixing) {
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t k = size; k > 1; --k) std::swap(order[k - 1], order[mixing.below(k)]);
  return order;
}

template <class Rename>
void rename_states(ModelDraft& draft, Rename rename) {
  for (State& state : draft.states) state.name = rename(state.name);
  for (Transition& transition : draft.transitions) {
    transition.from = rename(transition.from);
    transition.to = rename(transition.to);
  }
  for (Arrivals& arrivals : draft.arrivals) arrivals.state = rename(arrivals.state);
  for (Referral& referral : draft.referrals)
    referral = {rename(referral.from), rename(referral.to), referral.per_period};
  for (CalendarEntry& entry : draft.calendar) {
    entry.from_state = rename(entry.from_state);
    entry.to_state = rename(entry.to_state);
  }
  for (Lever& lever : draft.levers) {
    for (std::string& state : lever.while_in) state = rename(state);
    for (LeverEffect& effect : lever.effects) {
      if (auto* row = std::get_if<TransitionTarget>(&effect.target)) *row = {rename(row->from), rename(row->to)};
      if (auto* cash = std::get_if<CashFlowTarget>(&effect.target)) *cash = {rename(cash->state)};
      if (auto* referred = std::get_if<ReferralTarget>(&effect.target))
        *referred = {rename(referred->from), rename(referred->to)};
    }
  }
}

void scale(Number& number, double factor) {
  number.mean *= factor;
  for (double& entry : number.schedule) entry *= factor;
}

/// All money times a factor: cash flows, spend, and the spend that goes half the way.
ModelDraft with_money_times(ModelDraft draft, double factor) {
  for (State& state : draft.states) scale(state.cash_flow, factor);
  for (Transition& transition : draft.transitions) scale(transition.cash_flow, factor);
  for (Lever& lever : draft.levers) {
    for (LeverEffect& effect : lever.effects) {
      scale(effect.half_spend, factor);
      for (ResponsePoint& point : effect.curve.points) point.spend *= factor;
      if (std::holds_alternative<CashFlowTarget>(effect.target)) scale(effect.limit, factor);
    }
  }
  for (Scenario& scenario : draft.scenarios) {
    for (auto& [lever, spend] : std::get<SpendLevels>(scenario.plan)) spend *= factor;
  }
  return draft;
}

// --- relations
// --------------------------------------------------------------------------------------------------------

TEST_CASE("Metamorphic: seeded models are models, and of many kinds") {
  std::size_t forever = 0, seasons = 0, referrals = 0, rests = 0, divergent = 0;
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    const ModelDraft draft = random_draft(seed);
    const Findings found = check(draft);
    INFO(describe(found.errors));
    REQUIRE(found.errors.empty());
    const auto takes_rest = [](const Transition& t) { return std::holds_alternative<Rest>(t.probability); };
    if (!draft.horizon) ++forever;
    if (!draft.calendar.empty()) ++seasons;
    if (!draft.referrals.empty()) ++referrals;
    if (std::any_of(draft.transitions.begin(), draft.transitions.end(), takes_rest)) ++rests;
    try {
      static_cast<void>(value(Model{draft}));
    } catch (const DivergentError&) {
      ++divergent;
    }
  }
  CHECK(forever > models / 6);
  CHECK(seasons > models / 3);
  CHECK(referrals > models / 4);
  CHECK(rests > models / 6);
  CHECK(divergent == 0);
}

TEST_CASE("Metamorphic: other names, the same bits") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    const ModelDraft draft = random_draft(seed);
    ModelDraft renamed = draft;
    rename_states(renamed,
                  [](const std::string& name) { return "renamed: " + std::string(name.rbegin(), name.rend()); });
    CHECK(same(value_of_plan(renamed, "first"), value_of_plan(draft, "first")));
  }
}

TEST_CASE("Metamorphic: states in another order have the same values") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    const ModelDraft draft = random_draft(seed);
    Mixing mixing{seed};
    const std::vector<std::size_t> order = shuffled(draft.states.size(), mixing);
    const ExactValue before = value_of_plan(draft, "first");
    const ExactValue after = value_of_plan(reordered(draft, order), "first");
    const double scale = scale_of(before);
    for (std::size_t k = 0; k < order.size(); ++k) check_close(after.states[k], before.states[order[k]], scale);
    check_close(*after.business, *before.business, scale);
    CHECK_THAT(after.investment.total, close_to(before.investment.total, 1e-11));
  }
}

/// A chain in which whoever would enter a state enters one of two copies of it instead, this share the first.
class SplitState {
 public:
  SplitState(const Chain& chain, StateIndex state, double share) : chain_{chain}, state_{state}, share_{share} {}

  [[nodiscard]] Chain split() const {
    Chain twin = chain_;
    const auto copy = static_cast<StateIndex>(chain_.states());
    twin.stages.push_back(chain_.stages[state_]);
    twin.transitions = pattern(chain_.transitions);
    twin.referrals = pattern(chain_.referrals);
    twin.probability = by_entry(chain_.probability, chain_.transitions, true);
    twin.transition_cash_flow = by_entry(chain_.transition_cash_flow, chain_.transitions, false);
    twin.referral_rate = by_entry(chain_.referral_rate, chain_.referrals, true);
    twin.cash_flow = by_state(chain_.cash_flow);
    twin.spend = by_state(chain_.spend);
    for (SpendStream& stream : twin.spend_streams) {
      if (std::count(stream.states.begin(), stream.states.end(), state_)) stream.states.push_back(copy);
    }
    for (const ArrivalGroup& group : chain_.arrivals) {
      if (group.state != state_) continue;
      ArrivalGroup half = group;
      half.state = copy;
      for (double& count : half.count) count *= 1 - share_;
      twin.arrivals.push_back(std::move(half));
    }
    for (ArrivalGroup& group : twin.arrivals) {
      if (group.state != state_) continue;
      for (double& count : group.count) count *= share_;
    }
    return twin;
  }

 private:
  /// Visits the old row of each new state, entry by entry: visit(entry, successor, share of the entry).
  template <class Visit>
  void for_each_entry(const Pattern& old, std::size_t state, Visit visit) const {
    const std::size_t row = state < chain_.states() ? state : state_;
    for (std::uint32_t k = old.first[row]; k < old.first[row + 1]; ++k) {
      const bool is_split = old.successor[k] == state_;
      visit(k, old.successor[k], is_split ? share_ : 1);
      if (is_split) visit(k, static_cast<StateIndex>(chain_.states()), 1 - share_);
    }
  }

  [[nodiscard]] Pattern pattern(const Pattern& old) const {
    Pattern split;
    for (std::size_t i = 0; i <= chain_.states(); ++i) {
      for_each_entry(old, i,
                     [&](std::uint32_t, StateIndex successor, double) { split.successor.push_back(successor); });
      split.first.push_back(static_cast<std::uint32_t>(split.successor.size()));
    }
    return split;
  }

  using Numbers = Timeline<std::vector<double>>;

  template <class Change>
  [[nodiscard]] static Numbers changed(const Numbers& old, Change change) {
    std::vector<std::vector<double>> distinct;
    for (const std::vector<double>& numbers : old.distinct()) distinct.push_back(change(numbers));
    return {std::move(distinct), old.course(), old.repeats_from()};
  }

  [[nodiscard]] Numbers by_entry(const Numbers& old, const Pattern& pattern, bool is_shared) const {
    return changed(old, [&](const std::vector<double>& numbers) {
      std::vector<double> split;
      for (std::size_t i = 0; i <= chain_.states(); ++i) {
        for_each_entry(pattern, i, [&](std::uint32_t k, StateIndex, double share) {
          split.push_back(numbers[k] * (is_shared ? share : 1));
        });
      }
      return split;
    });
  }

  [[nodiscard]] Numbers by_state(const Numbers& old) const {
    return changed(old, [&](std::vector<double> numbers) {
      const double copied = numbers[state_];
      numbers.push_back(copied);
      return numbers;
    });
  }

  const Chain& chain_;
  StateIndex state_;
  double share_;
};

TEST_CASE("Metamorphic: a state in two copies is worth what it was, and so is everything else") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    Mixing mixing{seed};
    const Chain chain = chain_of_plan(random_draft(seed), "second");
    const auto state = static_cast<StateIndex>(mixing.below(chain.states()));
    const ExactValue before = exact_value(chain);
    const ExactValue after = exact_value(SplitState{chain, state, mixing.between(0.1, 0.9)}.split());
    const double scale = scale_of(before);
    for (std::size_t i = 0; i < chain.states(); ++i) check_close(after.states[i], before.states[i], scale);
    check_close(after.states.back(), before.states[state], scale);
    check_close(*after.business, *before.business, scale);
    CHECK_THAT(after.investment.total, close_to(before.investment.total, 1e-11));
  }
}

TEST_CASE("Metamorphic: a state that nobody enters changes nobody's value") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    const ModelDraft draft = random_draft(seed);
    ModelDraft larger = draft;
    larger.states.insert(larger.states.begin(), {"nowhere", Stage::advocacy, 777, {}, {}});
    larger.transitions.push_back({"nowhere", draft.states.front().name, Number{0.5}, 99});
    larger.transitions.push_back({"nowhere", "gone", Number{0.25}, -99});
    const ExactValue before = value_of_plan(draft, "first");
    const ExactValue after = value_of_plan(larger, "first");
    for (std::size_t i = 0; i < draft.states.size(); ++i) {
      if (draft.horizon)
        CHECK(same(after.states[i + 1], before.states[i]));
      else
        check_close(after.states[i + 1], before.states[i], scale_of(before));
    }
    if (draft.horizon)
      CHECK(same(*after.business, *before.business));
    else
      check_close(*after.business, *before.business, scale_of(before));
  }
}

TEST_CASE("Metamorphic: a move that never happens changes nobody's value") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    const ModelDraft draft = random_draft(seed);
    ModelDraft larger = draft;
    const auto is_listed = [&](const std::string& from, const std::string& to) {
      return std::any_of(draft.transitions.begin(), draft.transitions.end(),
                         [&](const Transition& t) { return t.from == from && t.to == to; });
    };
    const std::string& from = draft.states.front().name;
    for (const State& to : draft.states) {
      if (to.name != from && !is_listed(from, to.name)) larger.transitions.push_back({from, to.name, Number{0.0}, 1e6});
    }
    if (larger.transitions.size() == draft.transitions.size()) continue;
    INFO("seed " << seed);
    const ExactValue before = value_of_plan(draft, "first");
    const ExactValue after = value_of_plan(larger, "first");
    for (std::size_t i = 0; i < draft.states.size(); ++i)
      check_close(after.states[i], before.states[i], scale_of(before));
    check_close(*after.business, *before.business, scale_of(before));
  }
}

/// Spend that carries over fades through the smallest doubles, whose spacing does not scale: for ever, its course is
/// then a period longer, and the tail is solved one period later.
bool fades_for_ever(const ModelDraft& draft) {
  return !draft.horizon && std::any_of(draft.levers.begin(), draft.levers.end(),
                                       [](const Lever& lever) { return lever.carry_over > 0 && lever.until; });
}

TEST_CASE("Metamorphic: all money times two, all values times two, to the last bit") {
  const auto doubled = [](const std::optional<double>& once, const std::optional<double>& twice) {
    return once.has_value() == twice.has_value() && (!once || same_bits(2 * *once, *twice));
  };
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    const ModelDraft draft = random_draft(seed);
    if (fades_for_ever(draft)) continue;
    const ExactValue once = value_of_plan(draft, "first");
    const ExactValue twice = value_of_plan(with_money_times(draft, 2), "first");
    for (std::size_t i = 0; i < once.states.size(); ++i) {
      CHECK(doubled(once.states[i].clv, twice.states[i].clv));
      CHECK(doubled(once.states[i].clv_sd, twice.states[i].clv_sd));
      CHECK(doubled(once.states[i].clv_with_referrals, twice.states[i].clv_with_referrals));
      CHECK(same(once.states[i].clv_skewness, twice.states[i].clv_skewness));
      CHECK(same(once.states[i].expected_periods_as_customer, twice.states[i].expected_periods_as_customer));
    }
    CHECK(same_bits(2 * once.business->customer_equity, twice.business->customer_equity));
    CHECK(doubled(once.business->acquisition_cost, twice.business->acquisition_cost));
    CHECK(same(once.business->acquired, twice.business->acquired));
    CHECK(same(once.business->retention_rate, twice.business->retention_rate));
    CHECK(same_bits(2 * once.investment.total, twice.investment.total));
  }
}

TEST_CASE("Metamorphic: all money times ten, all values times ten, but for rounding") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    const ModelDraft draft = random_draft(seed);
    const ExactValue once = value_of_plan(draft, "first");
    const ExactValue tenfold = value_of_plan(with_money_times(draft, 10), "first");
    const double scale = scale_of(tenfold);
    for (std::size_t i = 0; i < once.states.size(); ++i) {
      CHECK_THAT(*tenfold.states[i].clv, close_to_on_scale(10 * *once.states[i].clv, scale));
      CHECK_THAT(*tenfold.states[i].clv_with_referrals,
                 close_to_on_scale(10 * *once.states[i].clv_with_referrals, scale));
    }
    CHECK_THAT(tenfold.business->customer_equity, close_to_on_scale(10 * once.business->customer_equity, 1000 * scale));
    CHECK_THAT(tenfold.investment.total, close_to(10 * once.investment.total));
  }
}

TEST_CASE("Metamorphic: twice the people, twice the equity that is not spent per period, to the last bit") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    ModelDraft draft = random_draft(seed);
    const ExactValue once = value_of_plan(draft, "first");
    for (Arrivals& arrivals : draft.arrivals) {
      if (auto* group = std::get_if<ArriveOnce>(&arrivals.flow)) group->count *= 2;
      if (auto* flow = std::get_if<ArriveSteadily>(&arrivals.flow)) flow->per_period *= 2;
      if (auto* listed = std::get_if<ArriveBySchedule>(&arrivals.flow)) {
        for (double& count : listed->schedule) count *= 2;
      }
    }
    const ExactValue twice = value_of_plan(draft, "first");
    for (std::size_t c = 0; c < once.business->channels.size(); ++c) {
      CHECK(same_bits(2 * once.business->channels[c].customer_equity, twice.business->channels[c].customer_equity));
    }
    CHECK(same(once.business->retention_rate, twice.business->retention_rate));
    REQUIRE(once.business->acquired.has_value());
    CHECK(same_bits(2 * *once.business->acquired, *twice.business->acquired));
    for (std::size_t i = 0; i < once.states.size(); ++i) CHECK(same(once.states[i], twice.states[i]));
  }
}

TEST_CASE("Metamorphic: zero spend is the baseline to the last bit, and a model without levers") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    ModelDraft draft = random_draft(seed);
    SpendLevels zero;
    for (const Lever& lever : draft.levers) zero[lever.name] = 0;
    const ExactValue baseline = value_of_plan(draft, "baseline");
    draft.scenarios.push_back({"zero", "", zero});
    CHECK(same(value_of_plan(draft, "zero"), baseline));
    draft.levers.clear();
    draft.scenarios.clear();
    ExactValue without = value_of_plan(draft, "baseline");
    CHECK(without.investment.total == 0);
    without.investment = baseline.investment;  // by lever: all of them 0
    CHECK(baseline.investment.total == 0);
    if (draft.horizon)
      CHECK(same(without, baseline));  // for ever, windows of levers move where the tail is solved
    else
      check_close(without, baseline);
  }
}

TEST_CASE("Metamorphic: a scenario against itself gains exactly 0") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    ModelDraft draft = random_draft(seed);
    draft.scenarios = {draft.scenarios[0], draft.scenarios[0]};
    draft.scenarios[1].name = "twin";
    const Comparison comparison = compare(Model{draft});
    REQUIRE(comparison.scenarios.size() >= 2);  // a third is baseline, where neither of them spends nothing
    const ComparedScenario& twin = comparison.scenarios.back();
    CHECK(same(comparison.scenarios[comparison.scenarios.size() - 2].valued.value, twin.valued.value));
    CHECK(twin.advantage->incremental_value == 0);
    CHECK_FALSE(twin.advantage->return_on_investment.has_value());
    CHECK(twin.advantage->payback_period == 0);
  }
}

TEST_CASE("Metamorphic: B over A is the opposite of A over B") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    ModelDraft draft = random_draft(seed);
    const Comparison one_way = compare(Model{draft});
    std::swap(draft.scenarios[0], draft.scenarios[1]);
    const Comparison other_way = compare(Model{draft});
    const double second_over_first = one_way.scenarios.back().advantage->incremental_value;
    const double first_over_second = other_way.scenarios.back().advantage->incremental_value;
    CHECK(second_over_first == -first_over_second);
  }
}

TEST_CASE("Metamorphic: another scenario changes no other's bits") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    ModelDraft draft = random_draft(seed);
    const ExactValue before = value_of_plan(draft, "second");
    SpendLevels plenty;
    for (const Lever& lever : draft.levers) plenty[lever.name] = 1000;
    draft.scenarios.insert(draft.scenarios.begin(), {"newcomer", "", plenty});
    const Valuation all = value(Model{draft});
    REQUIRE(all.scenarios.back().scenario.name == "second");
    CHECK(same(all.scenarios.back().value, before));
  }
}

TEST_CASE("Metamorphic: another lever that is not spent on changes nothing") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    ModelDraft draft = random_draft(seed);
    const ExactValue before = value_of_plan(draft, "second");
    Lever lever;
    lever.name = "new";
    lever.while_in = {draft.states.front().name};
    lever.from = 5;
    lever.effects = {{CashFlowTarget{draft.states.front().name}, 500, 1, {}}};
    draft.levers.push_back(lever);
    ExactValue after = value_of_plan(draft, "second");
    CHECK(after.investment.by_stream.back() == 0);
    after.investment.by_stream.pop_back();
    if (draft.horizon)
      CHECK(same(after, before));
    else
      check_close(after, before);
  }
}

TEST_CASE("Metamorphic: money from two sources is worth what both are") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    Mixing mixing{seed};
    ModelDraft first = random_draft(seed, {.levers = false});
    ModelDraft second = first;
    for (State& state : second.states) state.cash_flow = state.stage == Stage::lost ? 0 : mixing.between(-100, 100);
    for (Transition& transition : second.transitions) transition.cash_flow = mixing.between(-20, 20);
    const Chain chain = chain_of_plan(first, "baseline");
    const Chain other = chain_of_plan(second, "baseline");
    Chain both = chain;
    const auto added = [](const Timeline<std::vector<double>>& changing, const std::vector<double>& constant) {
      std::vector<std::vector<double>> distinct = changing.distinct();
      for (std::vector<double>& numbers : distinct) {
        for (std::size_t k = 0; k < numbers.size(); ++k) numbers[k] += constant[k];
      }
      return Timeline<std::vector<double>>{std::move(distinct), changing.course(), changing.repeats_from()};
    };
    both.cash_flow = added(chain.cash_flow, other.cash_flow.at(0));
    both.transition_cash_flow = added(chain.transition_cash_flow, other.transition_cash_flow.at(0));
    const ExactValue a = exact_value(chain), b = exact_value(other), sum = exact_value(both);
    const double scale = scale_of(a) + scale_of(b);
    for (std::size_t i = 0; i < a.states.size(); ++i) {
      CHECK_THAT(sum.states[i].clv.value(), close_to_on_scale(*a.states[i].clv + *b.states[i].clv, scale));
      CHECK_THAT(sum.states[i].clv_with_referrals.value(),
                 close_to_on_scale(*a.states[i].clv_with_referrals + *b.states[i].clv_with_referrals, scale));
    }
    CHECK_THAT(sum.business->customer_equity,
               close_to_on_scale(a.business->customer_equity + b.business->customer_equity, 10'000 * scale));
  }
}

TEST_CASE("Metamorphic: the same amount more in every state is worth an annuity") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    const Chain chain = chain_of_plan(random_draft(seed, {.levers = false}), "baseline");
    Chain richer = chain;
    std::vector<std::vector<double>> distinct = chain.cash_flow.distinct();
    for (std::vector<double>& numbers : distinct) {
      for (double& cash_flow : numbers) cash_flow += 10;
    }
    richer.cash_flow = {std::move(distinct), chain.cash_flow.course(), chain.cash_flow.repeats_from()};
    const double d = chain.discount_factor;
    const double periods =
        chain.horizon ? (1 - std::pow(d, static_cast<double>(*chain.horizon))) / (1 - d) : 1 / (1 - d);
    const double annuity = 10 * discount_within_period(d, chain.cash_flow_timing) * periods;
    const ExactValue before = exact_value(chain), after = exact_value(richer);
    for (std::size_t i = 0; i < before.states.size(); ++i) {
      const double scale = scale_of(before) + annuity;
      CHECK_THAT(*after.states[i].clv, close_to_on_scale(*before.states[i].clv + annuity, scale));
      CHECK_THAT(*after.states[i].clv_sd,
                 close_to_on_scale(*before.states[i].clv_sd, scale, 1e-7));  // a root of rounding
    }
  }
}

TEST_CASE("Metamorphic: where all money is a gain, value falls with the discount rate and rises with the horizon") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    ModelDraft draft = random_draft(seed, {.gains_only = true});
    const ExactValue before = value_of_plan(draft, "baseline");
    ModelDraft dearer = draft;
    dearer.discount_rate *= 1.1;
    const ExactValue later = value_of_plan(dearer, "baseline");
    for (std::size_t i = 0; i < draft.states.size(); ++i) {
      CHECK(*later.states[i].clv <= *before.states[i].clv);
      CHECK(*later.states[i].clv_with_referrals <= *before.states[i].clv_with_referrals);
    }
    CHECK(later.business->customer_equity <= before.business->customer_equity);
    if (!draft.horizon) continue;
    Chain longer = chain_of_plan(draft, "baseline");
    longer.horizon = *draft.horizon + 1;  // the last numbers repeat
    const ExactValue more = exact_value(longer);
    for (std::size_t i = 0; i < draft.states.size(); ++i) {
      CHECK(*more.states[i].clv >= *before.states[i].clv * (1 - 1e-15));
    }
  }
}

TEST_CASE("Metamorphic: a lever moves values one way only, up if it leads to more than the rest of its row") {
  std::size_t rising = 0, falling = 0;
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    ModelDraft draft = random_draft(seed, {.constant = true, .levers = false, .forever_only = true});
    draft.referrals.clear();
    Mixing mixing{seed};
    const Transition moved = draft.transitions[mixing.below(draft.transitions.size())];
    if (moved.from == moved.to || std::holds_alternative<Rest>(moved.probability)) continue;
    LeverEffect effect;
    effect.target = TransitionTarget{moved.from, moved.to};
    effect.limit = 0.9;  // above every listed probability
    effect.half_spend = 10.0;
    Lever lever;
    lever.name = "push";
    lever.spend_per = SpendPer::period;  // so that no person's value pays for it
    lever.effects = {effect};
    draft.levers = {lever};
    const Model model{draft};
    const Chain today = compile(model, Spending{0});
    ExactValue before = exact_value(today);
    const std::size_t from = model.state_index(moved.from), to = model.state_index(moved.to);
    double there = 0, elsewhere = 0, chance_elsewhere = 0;  // what the row leads to
    for (std::uint32_t k = today.transitions.first[from]; k < today.transitions.first[from + 1]; ++k) {
      const double outcome = today.transition_cash_flow.at(0)[k] + *before.states[today.transitions.successor[k]].clv;
      const double p = today.probability.at(0)[k];
      if (today.transitions.successor[k] == to)
        there = outcome;
      else
        elsewhere += p * outcome, chance_elsewhere += p;
    }
    elsewhere /= chance_elsewhere;
    if (std::abs(there - elsewhere) < 1e-6) continue;
    const double sign = there > elsewhere ? 1 : -1;
    (sign > 0 ? rising : falling) += 1;
    for (const double spend : {1.0, 3.0, 10.0, 30.0, 100.0}) {
      const ExactValue after = exact_value(compile(model, Spending{spend}));
      CHECK(sign * (*after.states[from].clv - *before.states[from].clv) > 0);
      for (std::size_t i = 0; i < draft.states.size(); ++i) {
        CHECK(sign * (*after.states[i].clv - *before.states[i].clv) >= -1e-12 * scale_of(before));
      }
      before = after;
    }
  }
  CHECK(rising > 40);
  CHECK(falling > 40);
}

TEST_CASE("Metamorphic: two periods at a time are worth the same") {
  // P², twice the discount, and both periods' rewards: the same chain watched half as often
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    INFO("seed " << seed);
    Mixing mixing{seed};
    const auto size = static_cast<Eigen::Index>(1 + mixing.below(6));
    Eigen::MatrixXd moves(size, size);
    Eigen::VectorXd reward(size);
    for (Eigen::Index i = 0; i < size; ++i) {
      const std::vector<double> row = mixing.shares(static_cast<std::size_t>(size));
      for (Eigen::Index j = 0; j < size; ++j) moves(i, j) = row[static_cast<std::size_t>(j)];
      reward[i] = mixing.between(-50, 100);
    }
    const double d = mixing.between(0.3, 0.99);
    const Eigen::VectorXd both = reward + d * moves * reward;
    const ExactValue each = exact_value(chain_from_matrix(moves, reward, {.discount_factor = d}));
    const ExactValue pairs =
        exact_value(chain_from_matrix(Eigen::MatrixXd{moves * moves}, both, {.discount_factor = d * d}));
    for (std::size_t i = 0; i < each.states.size(); ++i) {
      CHECK_THAT(*pairs.states[i].clv, close_to_on_scale(*each.states[i].clv, scale_of(each)));
    }
    const ExactValue eight = exact_value(chain_from_matrix(moves, reward, {.horizon = 8, .discount_factor = d}));
    const ExactValue four =
        exact_value(chain_from_matrix(Eigen::MatrixXd{moves * moves}, both, {.horizon = 4, .discount_factor = d * d}));
    for (std::size_t i = 0; i < each.states.size(); ++i) {
      CHECK_THAT(*four.states[i].clv, close_to_on_scale(*eight.states[i].clv, scale_of(eight)));
    }
  }
}

TEST_CASE("Metamorphic: nobody is lost from the head count, and whoever is brought is in it") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    const ModelDraft draft = random_draft(seed);
    if (!draft.horizon) continue;
    INFO("seed " << seed);
    const Chain chain = chain_of_plan(draft, "first");
    const Trace trace = exact_value(chain).business->trace.value();
    double expected = 0, referred = 0;
    for (std::int64_t t = 0; t < *draft.horizon; ++t) {
      const auto period = static_cast<std::size_t>(t);
      expected += referred;
      for (const ArrivalGroup& group : chain.arrivals) expected += people_arriving(group, t);
      double there = 0;
      referred = 0;
      for (std::size_t i = 0; i < chain.states(); ++i) {
        there += trace.people[i][period];
        for (std::uint32_t k = chain.referrals.first[i]; k < chain.referrals.first[i + 1]; ++k) {
          referred += trace.people[i][period] * chain.referral_rate.at(t)[k];
        }
      }
      CHECK_THAT(there, close_to_on_scale(expected, 1 + expected));
    }
  }
}

TEST_CASE("Metamorphic: the discounted flows of the trace are the customer equity") {
  for (std::uint64_t seed = 0; seed < models; ++seed) {
    const ModelDraft draft = random_draft(seed);
    if (!draft.horizon) continue;
    INFO("seed " << seed);
    const ExactValue value = value_of_plan(draft, "second");
    CompensatedSum sum;
    for (const double flow : value.business->trace->discounted_cash_flow) sum.add(flow);
    CHECK_THAT(sum.value(), close_to_on_scale(value.business->customer_equity, 10'000 * scale_of(value)));
  }
}

}  // namespace tenure::test::metamorphic
