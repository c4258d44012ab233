#pragma once
// A model in C++, sentence by sentence, in the words of the model file. build() checks everything that was said and
// throws ModelError with every problem at once.
//
//   const Model model = ModelBuilder{"Dealership", Period::quarter, years(10), annual_rate(0.09)}
//       .state("prospect", Stage::acquisition)
//       .state("owner", Stage::servicing, {.cash_flow = 310})
//       .transition("prospect", "owner", uncertain(0.06, sd(0.01)), {.cash_flow = 2400})
//       .arrivals("prospect", per_period(5000))
//       .build();

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/model/model.hpp"
#include "tenure/model/words.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// An effective annual rate of discounting.
struct AnnualRate {
  double value = 0;
};
/// Such a rate: 0.09 for 9 % a year.
[[nodiscard]] constexpr AnnualRate annual_rate(double value) { return {value}; }

/// A span of so many years.
[[nodiscard]] constexpr Span years(double count) { return {count, Period::year}; }
/// A span of so many quarters.
[[nodiscard]] constexpr Span quarters(double count) { return {count, Period::quarter}; }
/// A span of so many months.
[[nodiscard]] constexpr Span months(double count) { return {count, Period::month}; }
/// A span of so many weeks.
[[nodiscard]] constexpr Span weeks(double count) { return {count, Period::week}; }
/// A span of so many days.
[[nodiscard]] constexpr Span days(double count) { return {count, Period::day}; }

/// So many people once, at the start of the first period.
[[nodiscard]] ArrivalFlow once(double count);
/// So many people every period, growing by a share per year.
[[nodiscard]] ArrivalFlow per_period(double count, double growth = 0);
/// One number of people a period, nobody after the last.
[[nodiscard]] ArrivalFlow by_schedule(std::vector<double> counts);

/// What a lever does to one thing, said from left to right: moves_transition("owner",
/// "lost").towards(0.01).half_spend(12).
class EffectBuilder {
 public:
  explicit EffectBuilder(EffectTarget target) { effect_.target = std::move(target); }
  EffectBuilder& towards(Number limit) { return effect_.limit = std::move(limit), *this; }
  EffectBuilder& half_spend(Number spend) { return effect_.half_spend = std::move(spend), *this; }
  EffectBuilder& hill(double steepness) {
    return effect_.curve = {.shape = ResponseShape::hill, .steepness = steepness}, *this;
  }
  EffectBuilder& table(std::vector<ResponsePoint> points) {
    return effect_.curve = {.shape = ResponseShape::table, .points = std::move(points)}, *this;
  }
  operator LeverEffect() const { return effect_; }  // NOLINT(google-explicit-constructor): it is what was being said

 private:
  LeverEffect effect_;
};

/// An effect on a transition's probability.
[[nodiscard]] EffectBuilder moves_transition(std::string from, std::string to);
/// An effect on a state's cash flow.
[[nodiscard]] EffectBuilder moves_cash_flow(std::string state);
/// An effect on a referral rate.
[[nodiscard]] EffectBuilder moves_referral(std::string from, std::string to);
/// An effect on the people who arrive by that name.
[[nodiscard]] EffectBuilder moves_arrivals(std::string name);
/// An effect on how fast a state with a dwell is left.
[[nodiscard]] EffectBuilder moves_dwell(std::string state);

/// What an action puts in place of today's numbers: puts_probability("owner", "lost", 0.05).
[[nodiscard]] ActionEffect puts_probability(std::string from, std::string to, Number probability);
/// The same with another cash flow of the transition.
[[nodiscard]] ActionEffect puts_transition(std::string from, std::string to, Number probability, Number cash_flow);
/// Another cash flow of a state.
[[nodiscard]] ActionEffect puts_cash_flow(std::string state, Number cash_flow);
/// Another referral rate.
[[nodiscard]] ActionEffect puts_referral(std::string from, std::string to, Number per_period);
/// Multiplies the leaving hazard of a dwell.
[[nodiscard]] ActionEffect puts_dwell(std::string state, Number factor);

/// Says a model sentence by sentence; build() checks it.
class ModelBuilder {
 public:
  /// What a state has besides its stage.
  struct StateOptions {
    Number cash_flow{};
    std::optional<double> satisfaction{};
    std::optional<Dwell> dwell{};
  };
  /// What a transition has besides its probability.
  struct TransitionOptions {
    Number cash_flow{};
  };
  /// When odds multipliers hold; default always.
  struct CalendarOptions {
    std::optional<std::int64_t> from{};   ///< first period; the odds are counted from it
    std::optional<std::int64_t> until{};  ///< first period without
  };
  /// What arrivals have besides their number: name, time, and shares of segments.
  struct ArrivalsOptions {
    std::string name{};
    std::int64_t from = 0;
    std::optional<std::int64_t> until{};
    std::optional<std::map<std::string, double>> mix{};
  };

  /// A horizon as a span of calendar time.
  ModelBuilder(std::string name, Period period, Span horizon, AnnualRate rate = {});
  /// A horizon in periods, or infinite_horizon.
  ModelBuilder(std::string name, Period period, Horizon horizon, AnnualRate rate = {});

  ModelBuilder& currency(std::string text);
  ModelBuilder& cash_flow_timing(CashFlowTiming timing);

  ModelBuilder& state(std::string name, Stage stage);
  ModelBuilder& state(std::string name, Stage stage, StateOptions options);

  ModelBuilder& transition(std::string from, std::string to, Probability probability);
  ModelBuilder& transition(std::string from, std::string to, Probability probability, TransitionOptions options);

  ModelBuilder& arrivals(std::string state, ArrivalFlow flow);
  ModelBuilder& arrivals(std::string state, ArrivalFlow flow, ArrivalsOptions options);

  ModelBuilder& referral(std::string from, std::string to, Number per_period);

  /// Odds multipliers on one transition, repeated over the periods, or over some of them: {.from = 12, .until = 24}.
  ModelBuilder& calendar(std::string from, std::string to, std::vector<double> odds);
  ModelBuilder& calendar(std::string from, std::string to, std::vector<double> odds, CalendarOptions options);

  ModelBuilder& segment(Segment segment);
  ModelBuilder& environment(Environment environment);
  ModelBuilder& lever(Lever lever);
  ModelBuilder& action(Action action);

  /// Of uncertain numbers, by the names of model_numbers.hpp: correlation({"transition a -> b", "state b, cash_flow"},
  /// 0.5).
  ModelBuilder& correlation(std::vector<std::string> between, double value);

  /// A plan given as spend levels; levers left out are at 0.
  ModelBuilder& scenario(std::string name, SpendLevels spend, std::string note = {});
  /// A plan given as a budget, in present value over the horizon, and each lever's share of it.
  ModelBuilder& budget(std::string name, double budget, std::map<std::string, double> split, std::string note = {});
  /// Makes the scenario that was said last the one that the others are compared with.
  ModelBuilder& as_reference();

  /// The checked model. Throws ModelError: every problem, each with its place and remedy.
  [[nodiscard]] Model build() const;

 private:
  void start(std::string name, Period period, Horizon horizon, AnnualRate rate);

  ModelDraft draft_;
};

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/model/builder-inl.hpp"
#endif
