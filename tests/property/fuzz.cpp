// Whatever numbers a model is made of, every answer is finite or one of the library's own errors: no NaN, no infinity,
// no other exception. Models are a full one, or a small seeded one, with a few numbers put to where arithmetic hurts:
// 0, 1, the smallest and the largest there are, rates near -1 and of a million, dwells of one period and of ten
// million.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "catch.hpp"
#include "model/full_draft.hpp"
#include "property/random_model.hpp"
#include "support/mixing.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/decide/sensitivity.hpp"
#include "tenure/decide/uncertainty.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/individual.hpp"
#include "tenure/engine/population.hpp"
#include "tenure/model/model.hpp"

namespace tenure::test::fuzz {

/// Where arithmetic hurts.
double extreme(Mixing& mixing) {
  constexpr double values[]{0,
                            -0.0,
                            1,
                            5e-324,
                            1 - 0x1p-53,
                            0x1p-53,
                            1e-300,
                            1e-9,
                            0.5,
                            1e15,
                            1e90,
                            -1e90,
                            1e300,
                            -1e300,
                            1e-15,
                            1e6,
                            -0.99,
                            -1,
                            1e7,
                            2,
                            1e5,
                            1e45,
                            100,
                            1e-4,
                            std::numeric_limits<double>::max(),
                            std::numeric_limits<double>::infinity(),
                            std::numeric_limits<double>::quiet_NaN(),
                            0.999999};
  return values[mixing.below(std::size(values))];
}

/// All numbers of a draft that are doubles.
class Doubles {
 public:
  explicit Doubles(ModelDraft& draft) {
    add(draft.discount_rate);
    for (State& state : draft.states) {
      add(state.cash_flow);
      if (state.dwell) std::visit([&](auto& dwell) { add(dwell); }, *state.dwell);
    }
    for (Transition& transition : draft.transitions) {
      if (auto* number = std::get_if<Number>(&transition.probability)) add(*number);
      add(transition.cash_flow);
    }
    for (Arrivals& arrivals : draft.arrivals) std::visit([&](auto& flow) { add(flow); }, arrivals.flow);
    for (Referral& referral : draft.referrals) add(referral.per_period);
    for (Segment& segment : draft.segments) add(segment);
    for (CalendarEntry& entry : draft.calendar) add(entry.odds);
    if (draft.environment) add(*draft.environment);
    for (Lever& lever : draft.levers) add(lever);
    for (Scenario& scenario : draft.scenarios) {
      if (auto* levels = std::get_if<SpendLevels>(&scenario.plan)) {
        for (auto& [lever, level] : *levels) add(level);
      } else {
        add(std::get<BudgetSplit>(scenario.plan).budget);
      }
    }
  }
  [[nodiscard]] double& some(Mixing& mixing) { return *all_[mixing.below(all_.size())]; }
  [[nodiscard]] Number& some_number(Mixing& mixing) { return *numbers_[mixing.below(numbers_.size())]; }

 private:
  void add(double& value) { all_.push_back(&value); }
  void add(std::vector<double>& values) {
    for (double& value : values) add(value);
  }
  void add(Number& number) {
    numbers_.push_back(&number);
    add(number.mean);
    add(number.growth);
    add(number.schedule);
  }
  void add(FixedDwell& dwell) { add(dwell.periods); }
  void add(NegativeBinomialDwell& dwell) {
    add(dwell.mean);
    add(dwell.sd);
  }
  void add(WeibullDwell& dwell) {
    add(dwell.scale);
    add(dwell.shape);
  }
  void add(TableDwell& dwell) { add(dwell.hazard); }
  void add(ArriveOnce& flow) { add(flow.count); }
  void add(ArriveSteadily& flow) {
    add(flow.per_period);
    add(flow.growth);
  }
  void add(ArriveBySchedule& flow) { add(flow.schedule); }
  void add(Segment& segment) {
    for (SegmentTransition& own : segment.transitions) {
      if (own.probability && std::holds_alternative<Number>(*own.probability)) add(std::get<Number>(*own.probability));
      if (own.cash_flow) add(*own.cash_flow);
    }
    for (SegmentState& own : segment.states) {
      if (own.cash_flow) add(*own.cash_flow);
    }
  }
  void add(Environment& market) {
    for (EnvironmentEffect& effect : market.effects) {
      if (auto* moves = std::get_if<MarketMovesTransition>(&effect.moves)) add(moves->odds);
      if (auto* moves = std::get_if<MarketMovesCashFlow>(&effect.moves)) add(moves->cash_flow_factor);
      if (auto* moves = std::get_if<MarketMovesArrivals>(&effect.moves)) add(moves->factor);
    }
  }
  void add(Lever& lever) {
    add(lever.carry_over);
    for (LeverEffect& effect : lever.effects) {
      add(effect.limit);
      add(effect.half_spend);
      add(effect.curve.steepness);
      for (ResponsePoint& point : effect.curve.points) {
        add(point.spend);
        add(point.share);
      }
    }
  }

  std::vector<double*> all_{};
  std::vector<Number*> numbers_{};
};

Dwell some_dwell(Mixing& mixing) {
  switch (mixing.below(4)) {
    case 0:
      return FixedDwell{mixing.chance(0.2) ? 1e7 : static_cast<double>(1 + mixing.below(9))};
    case 1:
      return NegativeBinomialDwell{1 + mixing.between(0, 5), mixing.chance(0.1) ? -3 : mixing.between(1, 9)};
    case 2:
      return WeibullDwell{mixing.chance(0.1) ? 1e-300 : mixing.between(0.1, 20),
                          mixing.chance(0.2) ? 1e3 : mixing.between(0.1, 4)};
    default:
      return TableDwell{{extreme(mixing), mixing.unit(), extreme(mixing)}};
  }
}

DistributionKind some_kind(Mixing& mixing) { return static_cast<DistributionKind>(mixing.below(6)); }

Distribution some_law(Mixing& mixing) {
  const auto some = [&] { return mixing.chance(0.5) ? extreme(mixing) : mixing.unit() * 10; };
  const DistributionKind kind = some_kind(mixing);
  switch (mixing.below(4)) {
    case 0:
      return {DistributionKind::beta, SampleCount{some()}};
    case 1:
      return {DistributionKind::beta, BetaParameters{some(), some()}};
    case 2:
      return {DistributionKind::uniform, Range{-some(), some()}};
    default:
      return {kind, StandardDeviation{mixing.chance(0.1) ? -some() : some()}};
  }
}

ModelDraft some_draft(std::uint64_t seed) {
  constexpr ResponseShape shapes[]{ResponseShape::exponential, ResponseShape::hill};
  constexpr double scales[]{0, 1e-300, 1e-15, 1e-3, 0.5, 1, 2, 1e3, 1e15, 1e80};
  Mixing mixing{seed * 7919};
  ModelDraft draft = mixing.chance(0.4) ? full_draft() : random_draft(seed);
  if (mixing.chance(0.3)) {
    constexpr std::int64_t horizons[]{0, 1, 2, 60, 3000};
    draft.horizon = mixing.chance(0.3) ? Horizon{} : Horizon{horizons[mixing.below(std::size(horizons))]};
  }
  if (mixing.chance(0.3)) draft.cash_flow_timing = static_cast<CashFlowTiming>(mixing.below(3));
  if (mixing.chance(0.3)) draft.states[mixing.below(draft.states.size())].dwell = some_dwell(mixing);
  for (Lever& lever : draft.levers) {
    for (LeverEffect& effect : lever.effects) {
      if (mixing.chance(0.2)) effect.curve = {shapes[mixing.below(2)], mixing.chance(0.2) ? extreme(mixing) : 2, {}};
    }
  }
  Doubles doubles{draft};
  for (std::size_t k = mixing.below(3); k-- > 0;) {
    double& number = doubles.some(mixing);
    number = mixing.chance(0.5) ? extreme(mixing) : number * scales[mixing.below(std::size(scales))];
  }
  for (std::size_t k = mixing.below(2); k-- > 0;) {
    Number& number = doubles.some_number(mixing);
    std::optional<Distribution>* words[]{&number.uncertain, &number.uncertain, &number.varies, &number.differs};
    *words[mixing.below(4)] =
        mixing.chance(0.4)
            ? some_law(mixing)
            : Distribution{some_kind(mixing), StandardDeviation{std::abs(number.mean) * mixing.unit() / 4}};
  }
  return draft;
}

void check_finite(double value) { CHECK(std::isfinite(value)); }
void check_finite(const std::optional<double>& value) {
  if (value) check_finite(*value);
}
void check_finite(const std::vector<double>& values) {
  CHECK(std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }));
}
void check_finite(const StateValue& state) {
  check_finite(state.clv);
  check_finite(state.clv_sd);
  check_finite(state.clv_skewness);
  check_finite(state.clv_with_referrals);
  check_finite(state.expected_periods_as_customer);
}
void check_finite(const BusinessValue& business) {
  check_finite(business.customer_equity);
  check_finite(business.acquired);
  check_finite(business.acquisition_cost);
  check_finite(business.retention_rate);
  if (business.risk) check_finite(business.risk->variance_from_people + business.risk->variance_from_market);
  for (const ChannelValue& channel : business.channels) {
    check_finite(channel.people);
    check_finite(channel.customer_equity);
    check_finite(channel.value_each);
  }
  if (!business.trace) return;
  check_finite(business.trace->cash_flow);
  check_finite(business.trace->discounted_cash_flow);
  check_finite(business.trace->spend);
  for (const std::vector<double>& people : business.trace->people) check_finite(people);
}
void check_finite(const ExactValue& value) {
  for (const StateValue& state : value.states) check_finite(state);
  for (const SegmentValue& segment : value.segments) {
    for (const StateValue& state : segment.states) check_finite(state);
  }
  check_finite(value.investment.total);
  check_finite(value.investment.by_stream);
  if (value.business) check_finite(*value.business);
}
void check_finite(const ValueSummary& values) {
  check_finite(values.estimate().mean);
  check_finite(values.estimate().standard_error);
  check_finite(values.minimum());
  check_finite(values.maximum());
}
void check_finite(const Sensitivity& sensitivity) {
  check_finite(sensitivity.value);
  for (const NumberSensitivity& number : sensitivity.numbers) {
    check_finite(number.derivative);
    check_finite(number.elasticity);
    check_finite(number.range.low);
    check_finite(number.range.high);
    check_finite(number.at_low);
    check_finite(number.at_high);
    check_finite(number.swing());
  }
}

/// What the action gives, or nothing where the library refuses it; anything else fails the test.
template <class Action>
auto answer_of(Action action) -> std::optional<decltype(action())> {
  try {
    return action();
  } catch (const Error& error) {
    CHECK_FALSE(error.problems().empty());
  } catch (const std::exception& error) {
    FAIL_CHECK("another exception: " << error.what());
  }
  return std::nullopt;
}

/// Ends what takes long, by counting how often it asks.
Interrupted patience(int often) {
  return [left = often]() mutable { return --left < 0; };
}

/// By how many words the model is asked about, dearer ones more rarely.
void ask_everything(const Model& model, std::uint64_t seed) {
  const Interrupted interrupted = patience(20'000);
  const auto chain =
      answer_of([&] { return compile_in_pieces(model, spending_of(model, SpendLevels{}), one_piece, 4, interrupted); });
  if (!chain) return;
  const auto value = answer_of([&] { return exact_value(*chain, {.risk = true, .interrupted = interrupted}); });
  if (value) check_finite(*value);
  const auto equity = answer_of([&] { return customer_equity(*chain, interrupted); });
  if (equity) check_finite(*equity);
  if (value && value->business) CHECK(equity.has_value());
  if (const auto cost = answer_of([&] { return cost_per_level(*chain, interrupted); })) check_finite(*cost);
  const auto business =
      answer_of([&] { return simulate_population(*chain, {.replicates = 2, .threads = 1, .stop = interrupted}); });
  if (business && business->replicates() > 0) check_finite(business->customer_equity);
  if (seed % 2 == 0) {
    const auto lives = answer_of([&] {
      const Chain persons = compile_for_persons(model, spending_of(model, SpendLevels{}), 4, interrupted);
      return simulate_individuals(
          persons, {.people = 64, .entries = {entry_at(0)}, .referrals = true, .threads = 1, .stop = interrupted});
    });
    if (lives && lives->people() > 0) check_finite(lives->values);
  }
  if (seed % 4 == 0) {
    if (const auto told = answer_of([&] { return sensitivity(model, {.interrupted = interrupted}); }))
      check_finite(*told);
  }
  if (seed % 8 == 1) {
    const auto compared = answer_of([&] { return compare(model, all_scenarios(model), {}, interrupted); });
    for (std::size_t s = 0; compared && s < compared->scenarios.size(); ++s) {
      check_finite(compared->scenarios[s].valued.value);
      if (!compared->scenarios[s].advantage) continue;
      check_finite(compared->scenarios[s].advantage->incremental_value);
      check_finite(compared->scenarios[s].advantage->return_on_investment);
    }
  }
  if (seed % 16 == 3) {
    const auto told =
        answer_of([&] { return uncertainty(model, {.draws = 64, .threads = 1, .interrupted = interrupted}); });
    for (std::size_t s = 0; told && s < told->scenarios.size(); ++s) {
      check_finite(told->scenarios[s].mean.mean);
      check_finite(told->scenarios[s].standard_deviation);
      check_finite(told->scenarios[s].at_means);
    }
  }
}

TEST_CASE("Fuzz: whatever the numbers, answers are finite or refused in the library's own words") {
  constexpr std::uint64_t drafts = 2'500;
  std::size_t accepted = 0;
  for (std::uint64_t seed = 1; seed <= drafts; ++seed) {
    CAPTURE(seed);
    const auto model = answer_of([&] { return Model{some_draft(seed)}; });
    if (!model) continue;
    ++accepted;
    ask_everything(*model, seed);
  }
  CHECK(accepted > drafts / 4);
}

}  // namespace tenure::test::fuzz
