#pragma once
// What can be said in a model: for each table its keys, in the order in which they are written, each with the member
// that keeps the value and what the value is of. Whoever reads, writes, lists or describes models walks through these
// lists. So a key that stands here is read and printed back, stands in results and their schema, and its numbers have
// names; what a key does is elsewhere. docs/model-file.md says the same to people.

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "tenure/model/draft.hpp"

namespace tenure::detail {

/// One key of a table.
template <class Thing, class Value>
struct Field {
  std::string_view key{};
  Value Thing::*member = nullptr;
  std::string_view result{};                        ///< what it is called in results; default the key
  std::string_view meaning{};                       ///< for the schema of results
  std::string_view wanted{};                        ///< "give …", where it is missing
  bool is_needed = false;                           ///< may not be left out
  bool is_never_empty = false;                      ///< a list that is left out for everybody, or names some
  bool is_always_written = false;                   ///< even where the default is meant
  bool is_in_results = true;                        ///< as it stands; others are shown in another way
  bool is_free = false;                             ///< a text that is no name, and may be empty
  bool is_meant_by_name = false;                    ///< the number that the thing's name alone means
  Quantity quantity = Quantity::cash_flow;          ///< what its numbers are of …
  Quantity (*quantity_by)(const Thing&) = nullptr;  ///< … or what decides that
  bool may_differ = false;                          ///< from person to person
  bool may_vary = false;                            ///< from event to event
  bool (*counts_where)(const Thing&) = nullptr;     ///< elsewhere it is neither needed nor used

  /// The words in which the lists below are written.
  constexpr Field needed(std::string_view give = {}) const {
    return with(&Field::is_needed, true).with(&Field::wanted, give);
  }
  constexpr Field of(Quantity what) const { return with(&Field::quantity, what); }
  constexpr Field of(Quantity (*by)(const Thing&)) const { return with(&Field::quantity_by, by); }
  constexpr Field differing() const { return with(&Field::may_differ, true); }
  constexpr Field varying() const { return with(&Field::may_vary, true); }
  constexpr Field where(bool (*counts)(const Thing&)) const { return with(&Field::counts_where, counts); }
  constexpr Field called(std::string_view name) const { return with(&Field::result, name); }
  constexpr Field meaning_that(std::string_view words) const { return with(&Field::meaning, words); }
  constexpr Field never_empty() const { return with(&Field::is_never_empty, true); }
  constexpr Field always_written() const { return with(&Field::is_always_written, true); }
  constexpr Field free_text() const { return with(&Field::is_free, true); }
  constexpr Field shown_otherwise() const { return with(&Field::is_in_results, false); }
  constexpr Field meant_by_name() const { return with(&Field::is_meant_by_name, true); }

 private:
  template <class Part>
  [[nodiscard]] constexpr Field with(Part Field::*part, std::type_identity_t<Part> value) const {
    Field field = *this;
    field.*part = value;
    return field;
  }
};

/// A key and its member.
template <class Thing, class Value>
[[nodiscard]] constexpr Field<Thing, Value> field(std::string_view key, Value Thing::*member) {
  return {.key = key, .member = member, .result = key};
}

/// A part of a thing whose keys stand in the table of the whole.
template <class Thing, class Value>
struct PartField {
  Value Thing::*member;
};
template <class Thing, class Value>
[[nodiscard]] constexpr PartField<Thing, Value> part(Value Thing::*member) {
  return {member};
}

/// A key whose value is a pair of states, [from, to].
template <class Thing>
struct PairField {
  std::string_view key;
  std::string Thing::*from;
  std::string Thing::*to;
  std::string_view from_result;  ///< what the first is called in results
  std::string_view to_result;
};
template <class Thing>
[[nodiscard]] constexpr PairField<Thing> pair(std::string_view key, std::string Thing::*from, std::string Thing::*to,
                                              std::string_view from_result = "from",
                                              std::string_view to_result = "to") {
  return {key, from, to, from_result, to_result};
}

/// A key whose value is the whole thing.
struct WholeField {
  std::string_view key;
};

/// The keys of a table.
template <class Thing>
inline constexpr auto fields = nullptr;

/// What has keys of its own.
template <class Thing>
concept Table = !std::is_same_v<decltype(fields<Thing>), const std::nullptr_t>;

/// The words for the values of an enum.
template <class Enum>
inline constexpr std::span<const std::string_view> words_for_values{};

/// By which key, with which words, results tell the alternatives of a variant apart. Without a key they are told by
/// those keys that are not null.
struct ToldBy {
  std::string_view key{};
  std::span<const std::string_view> words{};
};
template <class Variant>
inline constexpr ToldBy told_by{};

// --- the words ---------------------------------------------------------------------------------------------------

template <>
inline constexpr std::span<const std::string_view> words_for_values<Period>{period_names};
template <>
inline constexpr std::span<const std::string_view> words_for_values<CashFlowTiming>{cash_flow_timing_names};
template <>
inline constexpr std::span<const std::string_view> words_for_values<Stage>{stage_names};
template <>
inline constexpr std::span<const std::string_view> words_for_values<LeverKind>{lever_kind_names};
template <>
inline constexpr std::span<const std::string_view> words_for_values<SpendPer>{spend_per_names};
template <>
inline constexpr std::span<const std::string_view> words_for_values<ResponseShape>{response_shape_names};

inline constexpr std::array<std::string_view, 5> target_words{"transition", "cash_flow", "referral", "arrivals",
                                                              "dwell"};
inline constexpr std::array<std::string_view, 4> put_words{"transition", "cash_flow", "referral", "dwell"};
inline constexpr std::array<std::string_view, 3> market_words{"transition", "cash_flow", "arrivals"};

template <>
inline constexpr ToldBy told_by<Dwell>{"distribution", dwell_names};
template <>
inline constexpr ToldBy told_by<EffectTarget>{"moves", target_words};
template <>
inline constexpr ToldBy told_by<ActionEffect>{"puts", put_words};
template <>
inline constexpr ToldBy told_by<decltype(EnvironmentEffect::moves)>{"moves", market_words};

// --- [model] -----------------------------------------------------------------------------------------------------

inline constexpr std::tuple head_fields{
    field("name", &ModelDraft::name).needed("the model a name").shown_otherwise(),
    field("currency", &ModelDraft::currency).free_text().shown_otherwise(),
    field("period", &ModelDraft::period).needed().shown_otherwise(),
    field("horizon", &ModelDraft::horizon)
        .needed("a time such as \"20 years\", a whole number of periods, or \"infinite\"")
        .shown_otherwise(),
    field("discount_rate", &ModelDraft::discount_rate).always_written().meaning_that("Effective, a year"),
    field("cash_flow_timing", &ModelDraft::cash_flow_timing).always_written()};

// --- [[state]] ---------------------------------------------------------------------------------------------------

template <>
inline constexpr auto fields<FixedDwell> = std::tuple{field("periods", &FixedDwell::periods).needed("a number")};
template <>
inline constexpr auto fields<NegativeBinomialDwell> =
    std::tuple{field("mean", &NegativeBinomialDwell::mean).needed("a number"),
               field("sd", &NegativeBinomialDwell::sd).needed("a number")};
template <>
inline constexpr auto fields<WeibullDwell> = std::tuple{field("scale", &WeibullDwell::scale).needed("a number"),
                                                        field("shape", &WeibullDwell::shape).needed("a number")};
template <>
inline constexpr auto fields<TableDwell> = std::tuple{field("hazard", &TableDwell::hazard).needed("a list of hazards")};

template <>
inline constexpr auto fields<State> =
    std::tuple{field("name", &State::name).needed("the state a name"), field("stage", &State::stage).needed(),
               field("cash_flow", &State::cash_flow)
                   .of(Quantity::cash_flow)
                   .differing()
                   .varying()
                   .meaning_that("Mean in period 0"),
               field("satisfaction", &State::satisfaction),
               field("dwell", &State::dwell).meaning_that("How long a stay lasts; null where the row says so")};

// --- [[transition]], [[arrivals]], [[referral]] ------------------------------------------------------------------

template <>
inline constexpr auto fields<Transition> =
    std::tuple{field("from", &Transition::from).needed("the state that is left"),
               field("to", &Transition::to).needed("the state that is entered"),
               field("probability", &Transition::probability)
                   .of(Quantity::probability)
                   .differing()
                   .meant_by_name()
                   .needed("a number from 0 to 1, or \"rest\""),
               field("cash_flow", &Transition::cash_flow).of(Quantity::cash_flow).differing().varying()};

template <>
inline constexpr auto fields<ArriveOnce> =
    std::tuple{field("count", &ArriveOnce::count).always_written().meaning_that("Once, at the start of period `from`")};
template <>
inline constexpr auto fields<ArriveSteadily> =
    std::tuple{field("per_period", &ArriveSteadily::per_period).always_written(),
               field("growth", &ArriveSteadily::growth).meaning_that("A year, with per_period")};
template <>
inline constexpr auto fields<ArriveBySchedule> =
    std::tuple{field("schedule", &ArriveBySchedule::schedule).always_written()};

template <>
inline constexpr auto fields<Arrivals> =
    std::tuple{field("name", &Arrivals::name),
               field("state", &Arrivals::state).needed("the state in which people arrive"),
               part(&Arrivals::flow),
               field("from", &Arrivals::from),
               field("until", &Arrivals::until),
               field("mix", &Arrivals::mix).meaning_that("Shares of segments; null for the segments' own")};

template <>
inline constexpr auto fields<Referral> =
    std::tuple{field("from", &Referral::from).needed("the state of those who refer"),
               field("to", &Referral::to).needed("the state in which the referred enter"),
               field("per_period", &Referral::per_period)
                   .of(Quantity::rate)
                   .differing()
                   .meant_by_name()
                   .needed("a number of people")};

// --- [[segment]] -------------------------------------------------------------------------------------------------

template <>
inline constexpr auto fields<SegmentTransition> =
    std::tuple{field("from", &SegmentTransition::from).needed("the state that is left"),
               field("to", &SegmentTransition::to).needed("the state that is entered"),
               field("probability", &SegmentTransition::probability)
                   .of(Quantity::probability)
                   .differing()
                   .meant_by_name()
                   .meaning_that("Null where it is the model's"),
               field("cash_flow", &SegmentTransition::cash_flow).of(Quantity::cash_flow).differing().varying()};
template <>
inline constexpr auto fields<SegmentState> =
    std::tuple{field("name", &SegmentState::name).needed("the name of a state"),
               field("cash_flow", &SegmentState::cash_flow).of(Quantity::cash_flow).differing().varying()};

template <>
inline constexpr auto fields<Segment> = std::tuple{field("name", &Segment::name).needed("the segment a name"),
                                                   field("share", &Segment::share).needed("a number from 0 to 1"),
                                                   field("transition", &Segment::transitions).called("transitions"),
                                                   field("state", &Segment::states).called("states")};

// --- [[calendar]], [environment] ---------------------------------------------------------------------------------

template <>
inline constexpr auto fields<CalendarEntry> =
    std::tuple{pair("transition", &CalendarEntry::from_state, &CalendarEntry::to_state, "from_state", "to_state"),
               field("odds", &CalendarEntry::odds).needed("a list of multipliers"), field("from", &CalendarEntry::from),
               field("until", &CalendarEntry::until)};

template <>
inline constexpr auto fields<MarketMovesTransition> =
    std::tuple{pair("transition", &MarketMovesTransition::from, &MarketMovesTransition::to),
               field("odds", &MarketMovesTransition::odds).called("factor").needed()};
template <>
inline constexpr auto fields<MarketMovesCashFlow> =
    std::tuple{field("state", &MarketMovesCashFlow::state).needed(),
               field("cash_flow_factor", &MarketMovesCashFlow::cash_flow_factor).called("factor").needed()};
template <>
inline constexpr auto fields<MarketMovesArrivals> =
    std::tuple{field("arrivals", &MarketMovesArrivals::arrivals).called("name").needed(),
               field("factor", &MarketMovesArrivals::factor).needed()};

template <>
inline constexpr auto fields<EnvironmentEffect> = std::tuple{
    field("when", &EnvironmentEffect::when).needed("a state of the market"), part(&EnvironmentEffect::moves)};

template <>
inline constexpr auto fields<Environment> =
    std::tuple{field("states", &Environment::states).needed("a list of names"),
               field("start", &Environment::start).needed("the state in which the market begins"),
               field("matrix", &Environment::matrix).needed("one row of probabilities for each state"),
               field("effect", &Environment::effects).called("effects")};

// --- [[lever]] ---------------------------------------------------------------------------------------------------

template <>
inline constexpr auto fields<TransitionTarget> =
    std::tuple{pair("transition", &TransitionTarget::from, &TransitionTarget::to)};
template <>
inline constexpr auto fields<CashFlowTarget> = std::tuple{field("state", &CashFlowTarget::state).needed()};
template <>
inline constexpr auto fields<ReferralTarget> = std::tuple{pair("referral", &ReferralTarget::from, &ReferralTarget::to)};
template <>
inline constexpr auto fields<ArrivalsTarget> =
    std::tuple{field("arrivals", &ArrivalsTarget::name).called("name").needed()};
template <>
inline constexpr auto fields<DwellTarget> = std::tuple{field("dwell", &DwellTarget::state).called("state").needed()};

[[nodiscard]] constexpr bool is_hill(const ResponseCurve& curve) { return curve.shape == ResponseShape::hill; }
[[nodiscard]] constexpr bool is_table(const ResponseCurve& curve) { return curve.shape == ResponseShape::table; }
[[nodiscard]] constexpr bool has_scale(const LeverEffect& effect) { return !is_table(effect.curve); }
[[nodiscard]] constexpr Quantity quantity_of_limit(const LeverEffect& effect) { return quantity_of(effect.target); }

template <>
inline constexpr auto fields<ResponseCurve> =
    std::tuple{field("shape", &ResponseCurve::shape).always_written(),
               field("steepness", &ResponseCurve::steepness).where(is_hill).always_written(),
               field("points", &ResponseCurve::points).where(is_table).always_written()};

template <>
inline constexpr auto fields<LeverEffect> = std::tuple{
    part(&LeverEffect::target),
    field("limit", &LeverEffect::limit).of(quantity_of_limit).needed("the value approached with unlimited spend"),
    field("half_spend", &LeverEffect::half_spend)
        .of(Quantity::spend)
        .where(has_scale)
        .needed("the effective spend that goes half the way"),
    part(&LeverEffect::curve)};

template <>
inline constexpr auto fields<Lever> = std::tuple{field("name", &Lever::name).needed("the lever a name"),
                                                 field("label", &Lever::label),
                                                 field("kind", &Lever::kind).needed(),
                                                 field("spend_per", &Lever::spend_per).always_written(),
                                                 field("while_in", &Lever::while_in),
                                                 field("from", &Lever::from),
                                                 field("until", &Lever::until),
                                                 field("carry_over", &Lever::carry_over),
                                                 field("segments", &Lever::segments).never_empty(),
                                                 field("effect", &Lever::effects).called("effects")};

// --- [[action]] --------------------------------------------------------------------------------------------------

template <>
inline constexpr auto fields<PutsTransition> =
    std::tuple{pair("transition", &PutsTransition::from, &PutsTransition::to),
               field("probability", &PutsTransition::probability).of(Quantity::probability),
               field("cash_flow", &PutsTransition::cash_flow).of(Quantity::cash_flow)};
template <>
inline constexpr auto fields<PutsCashFlow> =
    std::tuple{field("state", &PutsCashFlow::state).needed(),
               field("cash_flow", &PutsCashFlow::cash_flow).of(Quantity::cash_flow).needed()};
template <>
inline constexpr auto fields<PutsReferral> =
    std::tuple{pair("referral", &PutsReferral::from, &PutsReferral::to),
               field("per_period", &PutsReferral::per_period).of(Quantity::rate).needed()};
template <>
inline constexpr auto fields<PutsDwell> = std::tuple{field("dwell", &PutsDwell::state).called("state").needed(),
                                                     field("factor", &PutsDwell::factor).of(Quantity::rate).needed()};

template <>
inline constexpr auto fields<Action> =
    std::tuple{field("name", &Action::name).needed("the action a name"),
               field("label", &Action::label),
               field("in", &Action::in)
                   .needed("the states in which it may be taken")
                   .meaning_that("The states in which it may be taken"),
               field("cost", &Action::cost).of(Quantity::cash_flow).meaning_that("Per person and period, in period 0"),
               field("segments", &Action::segments).never_empty().meaning_that("Only there; empty: all"),
               field("effect", &Action::effects).called("effects")};

// --- [[scenario]], [[correlation]] -------------------------------------------------------------------------------

template <>
inline constexpr auto fields<SpendLevels> = std::tuple{WholeField{"spend"}};
template <>
inline constexpr auto fields<BudgetSplit> = std::tuple{field("budget", &BudgetSplit::budget).always_written(),
                                                       field("split", &BudgetSplit::split).always_written()};

template <>
inline constexpr auto fields<Scenario> =
    std::tuple{field("name", &Scenario::name).needed("the scenario a name"), field("note", &Scenario::note).free_text(),
               field("reference", &Scenario::reference), part(&Scenario::plan)};

template <>
inline constexpr auto fields<Correlation> =
    std::tuple{field("between", &Correlation::between).needed("the names of numbers"),
               field("value", &Correlation::value).needed("a number between -1 and 1")};

// --- all of it ---------------------------------------------------------------------------------------------------

template <>
inline constexpr auto fields<ModelDraft> =
    std::tuple{field("state", &ModelDraft::states).called("states"),
               field("transition", &ModelDraft::transitions).shown_otherwise(),
               field("arrivals", &ModelDraft::arrivals),
               field("referral", &ModelDraft::referrals).called("referrals"),
               field("segment", &ModelDraft::segments).called("segments"),
               field("calendar", &ModelDraft::calendar),
               field("environment", &ModelDraft::environment),
               field("lever", &ModelDraft::levers).called("levers"),
               field("action", &ModelDraft::actions).called("actions"),
               field("scenario", &ModelDraft::scenarios).called("scenarios"),
               field("correlation", &ModelDraft::correlations).called("correlations")};

// --- walking through them ----------------------------------------------------------------------------------------

/// Calls for each of a list of fields in turn.
template <class Fields, class Visit>
constexpr void for_each_of(const Fields& list, Visit&& visit) {
  std::apply([&](const auto&... each) { (visit(each), ...); }, list);
}

template <class Thing, class Value>
[[nodiscard]] constexpr Quantity quantity_of(const Field<Thing, Value>& field, const Thing& thing) {
  return field.quantity_by ? field.quantity_by(thing) : field.quantity;
}

template <class Thing, class Value>
[[nodiscard]] constexpr bool counts(const Field<Thing, Value>& field, const Thing& thing) {
  return !field.counts_where || field.counts_where(thing);
}

template <class T>
inline constexpr bool is_variant = false;
template <class... Alternatives>
inline constexpr bool is_variant<std::variant<Alternatives...>> = true;

template <class T>
inline constexpr bool is_list_of_tables = false;
template <class T>
inline constexpr bool is_list_of_tables<std::vector<T>> = Table<T> || is_variant<T>;

/// What is a number, or may be one.
template <class T>
inline constexpr bool is_number = std::is_same_v<T, Number> || std::is_same_v<T, Probability>;
template <class T>
inline constexpr bool is_number<std::optional<T>> = is_number<T>;

/// The number that such a value is; none where it is the rest, or left out.
template <class Value>
[[nodiscard]] constexpr auto* number_of(Value& value) {
  using Plain = std::remove_const_t<Value>;
  if constexpr (std::is_same_v<Plain, Number>) {
    return &value;
  } else if constexpr (is_variant<Plain>) {
    return std::get_if<Number>(&value);
  } else {
    return value ? number_of(*value) : nullptr;
  }
}

/// Calls for the fields of a thing that have a key and a value: visit(field, value).
template <class Thing, class Visit>
constexpr void for_each_value(Thing& thing, Visit&& visit) {
  for_each_of(fields<std::remove_const_t<Thing>>, [&](const auto& each) {
    if constexpr (requires { each.key, each.member; }) visit(each, thing.*each.member);
  });
}

}  // namespace tenure::detail
