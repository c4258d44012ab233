// From TOML to a checked model, by the words of docs/model-file.md: one function for each kind of table.

#include "tenure/io/model_file.hpp"
#include "tenure/io/unicode.hpp"
#include "tenure/model/model.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "source_text.hpp"
#include "toml_table.hpp"

#include "tenure/model/detail/fields.hpp"

namespace tenure {
namespace detail {
namespace {

/// "one of day, week, month".
[[nodiscard]] std::string one_of(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? "one of " : ", ") + std::string{word};
  return text;
}

[[nodiscard]] std::optional<Spread> read_spread(TomlTable& law) {
  const auto sd = law.number("sd");
  const auto alpha = law.number("alpha");
  const auto beta = law.number("beta");
  const auto low = law.number("low");
  const auto high = law.number("high");
  const auto count = law.number("count");
  if (sd) return StandardDeviation{*sd};
  if (alpha && beta) return BetaParameters{*alpha, *beta};
  if (low && high) return Range{*low, *high};
  if (count) return SampleCount{*count};
  return std::nullopt;
}

/// Whether a law says its spread in one way, and wholly. A fixed number need not say any.
[[nodiscard]] bool says_its_spread(const TomlTable& law, DistributionKind kind) {
  if (law.has("alpha") != law.has("beta") || law.has("low") != law.has("high")) return false;
  const int ways = law.has("sd") + law.has("alpha") + law.has("low") + law.has("count");
  return ways == 1 || (ways == 0 && kind == DistributionKind::fixed);
}

[[nodiscard]] std::optional<Distribution> read_distribution(TomlTable& number, std::string_view word,
                                                            Quantity quantity) {
  std::optional<TomlTable> law = number.table(word);
  if (!law) return std::nullopt;
  const std::optional<Spread> spread = read_spread(*law);
  const auto named = law->choice<DistributionKind>("distribution", distribution_names);
  law->finish();
  Distribution distribution{named.value_or(usual_kind(quantity, word == "varies")),
                            spread.value_or(StandardDeviation{})};
  if (!named && spread && std::holds_alternative<Range>(*spread)) distribution.kind = DistributionKind::uniform;
  if (!named && spread &&
      (std::holds_alternative<BetaParameters>(*spread) || std::holds_alternative<SampleCount>(*spread))) {
    distribution.kind = DistributionKind::beta;
  }
  if (!says_its_spread(*law, distribution.kind)) {
    law->problem("distribution", "", "its spread is missing or said in two ways",
                 "give one of sd, alpha and beta, low and high, count");
    return std::nullopt;
  }
  if (!spread && distribution.kind != DistributionKind::fixed) return std::nullopt;  // it could not be read
  return distribution;
}

[[nodiscard]] Number read_number_table(TomlTable table, Quantity quantity) {
  Number number;
  const std::optional<double> mean = table.number("mean");
  number.uncertain = read_distribution(table, "uncertain", quantity);
  number.differs = read_distribution(table, "differs", quantity);
  number.varies = read_distribution(table, "varies", quantity);
  const auto schedule = table.numbers("schedule");
  if (schedule && schedule->empty())
    table.problem("missing", "schedule", "the schedule is empty", "give at least one number");
  number.schedule = schedule.value_or(std::vector<double>{});
  number.growth = table.number("growth").value_or(0);
  table.finish();
  std::optional<double> implied;
  for (const auto* law : {&number.uncertain, &number.differs, &number.varies}) {
    if (*law && !implied) implied = implied_mean((*law)->spread);
  }
  if (!number.schedule.empty() && !implied) implied = number.schedule.front();
  if (!mean && !implied && !table.has("mean") && !table.has("schedule")) {
    table.problem("missing", "", "`mean` is missing", "give the number's mean");
  }
  number.mean = mean.value_or(implied.value_or(0));
  return number;
}

/// A plain number, or a table of one.
[[nodiscard]] std::optional<Number> read_number(TomlTable& table, std::string_view key, Quantity quantity) {
  const toml::node* node = table.node(key);
  if (!node) return std::nullopt;
  if (node->is_table()) return read_number_table(table.table(key).value(), quantity);
  if (!node->is_number()) {
    table.wrong_type(key, *node, "a number, or a table such as { mean = 0.5, uncertain = { sd = 0.1 } }");
    return std::nullopt;
  }
  const std::optional<double> value = table.number(key);
  return value ? std::optional{Number{*value}} : std::nullopt;
}

[[nodiscard]] std::optional<Probability> read_probability(TomlTable& table, std::string_view key) {
  const toml::node* node = table.node(key);
  if (node && node->is_string()) {
    const std::string& word = node->as_string()->get();
    if (word == "rest") return Rest{};
    table.problem("type", key, "found the text " + in_quotes(word), "give a number without quotes, or \"rest\"");
    return std::nullopt;
  }
  if (node && node->is_table() && node->as_table()->get("mean") && node->as_table()->at("mean").is_string()) {
    table.problem("type", key, "its mean is a text",
                  "give a number; \"rest\" has no table: it is what the others leave over, and differs as they do");
    table.leave_unread(key);
    return std::nullopt;
  }
  const auto number = read_number(table, key, Quantity::probability);
  return number ? std::optional<Probability>{*number} : std::nullopt;
}

[[nodiscard]] std::optional<Span> parse_span(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  double count = 0;
  const char* end = text.data() + blank;
  const auto parsed = std::from_chars(text.data(), end, count, std::chars_format::fixed);
  if (parsed.ec != std::errc{} || parsed.ptr != end || !(count > 0 && count <= 1e7)) return std::nullopt;
  std::string_view unit = text.substr(blank + 1);
  if (unit.ends_with('s')) unit.remove_suffix(1);
  for (std::size_t k = 0; k < period_names.size(); ++k) {
    if (period_names[k] == unit) return Span{count, static_cast<Period>(k)};
  }
  return std::nullopt;
}

[[nodiscard]] Horizon read_horizon(TomlTable& head, Period period) {
  const toml::node* node = head.node("horizon");
  const std::string wanted = "a time such as \"20 years\", a whole number of periods, or \"infinite\"";
  if (!node) return infinite_horizon;
  if (node->is_integer()) return node->as_integer()->get();
  if (!node->is_string()) {
    head.wrong_type("horizon", *node, wanted);
    return infinite_horizon;
  }
  const std::string& text = node->as_string()->get();
  if (text == "infinite") return infinite_horizon;
  if (const auto span = parse_span(text)) return periods_in(*span, period);
  head.problem("horizon", "horizon", in_quotes(text) + " is no horizon", "give " + wanted);
  return infinite_horizon;
}

template <class Thing>
[[nodiscard]] Thing read_keys(TomlTable& table);

/// The alternative with a place in a variant's list, by its own keys.
template <class Variant, std::size_t place = 0>
[[nodiscard]] Variant read_alternative(TomlTable& table, std::size_t which) {
  if constexpr (place + 1 < std::variant_size_v<Variant>) {
    if (which != place) return read_alternative<Variant, place + 1>(table, which);
  }
  return read_keys<std::variant_alternative_t<place, Variant>>(table);
}

[[nodiscard]] std::optional<Dwell> read_dwell(TomlTable& state) {
  std::optional<TomlTable> table = state.table("dwell");
  if (!table) return std::nullopt;
  table->require("distribution", one_of(dwell_names));
  const auto law = table->choice<std::size_t>("distribution", dwell_names);
  if (!law) return std::nullopt;
  Dwell dwell = read_alternative<Dwell>(*table, *law);
  table->finish();
  return dwell;
}

[[nodiscard]] ArrivalFlow read_flow(TomlTable& table) {
  const bool once = table.has("count");
  const bool steadily = table.has("per_period");
  const bool by_schedule = table.has("schedule");
  if (once + steadily + by_schedule != 1) {
    table.problem("arrivals", "",
                  once + steadily + by_schedule == 0 ? "nobody arrives" : "arrivals are said in two ways",
                  "give one of count (once), per_period (every period) or schedule (one number a period)");
  }
  const double count = table.number("count").value_or(0);
  const double per_period = table.number("per_period").value_or(0);
  const double growth = table.number("growth").value_or(0);
  const auto schedule = table.numbers("schedule").value_or(std::vector<double>{});
  if (table.has("growth") && !steadily)
    table.problem("arrivals", "growth", "growth goes with per_period", "leave it out");
  if (by_schedule) return ArriveBySchedule{schedule};
  if (steadily) return ArriveSteadily{per_period, growth};
  return ArriveOnce{count};
}

using MarketMoves = decltype(EnvironmentEffect::moves);

[[nodiscard]] MarketMoves read_moves(TomlTable& table) {
  const auto pair = table.pair("transition");
  const auto state = table.text("state");
  const auto arrivals = table.text("arrivals");
  const double odds = table.number("odds").value_or(1);
  const double cash_flow_factor = table.number("cash_flow_factor").value_or(1);
  const double factor = table.number("factor").value_or(1);
  if (table.has("transition") + table.has("state") + table.has("arrivals") != 1) {
    table.problem("effect-target", "", "an effect of the market moves one thing",
                  "give transition and odds, or state and cash_flow_factor, or arrivals and factor");
  } else if (!pair && !state && !arrivals) {
    table.leave_unread();
  }
  const auto factor_of = [&](std::string_view target, std::string_view key) {
    if (table.has(target)) return table.require(key, "a multiplier");
    if (!table.has(key)) return;
    table.problem("effect-target", key, "`" + std::string{key} + "` goes with " + std::string{target}, "leave it out");
  };
  factor_of("transition", "odds");
  factor_of("state", "cash_flow_factor");
  factor_of("arrivals", "factor");
  if (pair) return MarketMovesTransition{pair->first, pair->second, odds};
  if (state) return MarketMovesCashFlow{*state, cash_flow_factor};
  return MarketMovesArrivals{arrivals.value_or(""), factor};
}

[[nodiscard]] EffectTarget read_target(TomlTable& table) {
  std::vector<EffectTarget> targets;
  if (const auto pair = table.pair("transition")) targets.push_back(TransitionTarget{pair->first, pair->second});
  if (const auto state = table.text("state")) targets.push_back(CashFlowTarget{*state});
  if (const auto pair = table.pair("referral")) targets.push_back(ReferralTarget{pair->first, pair->second});
  if (const auto name = table.text("arrivals")) targets.push_back(ArrivalsTarget{*name});
  if (const auto state = table.text("dwell")) targets.push_back(DwellTarget{*state});
  int named = 0;
  for (const std::string_view key : {"transition", "state", "referral", "arrivals", "dwell"}) named += table.has(key);
  if (named != 1) {
    table.problem("effect-target", "", named == 0 ? "it does not say what it moves" : "it moves several things",
                  "give one of transition, state, referral, arrivals, dwell; one [[lever.effect]] for each");
  } else if (targets.empty()) {
    table.leave_unread();
  }
  return targets.empty() ? EffectTarget{} : targets.front();
}

[[nodiscard]] ResponseCurve read_curve(TomlTable& table) {
  ResponseCurve curve;
  curve.shape = table.choice<ResponseShape>("shape", response_shape_names).value_or(ResponseShape::exponential);
  curve.steepness = table.number("steepness").value_or(1);
  const auto points = table.matrix("points");
  const auto misplaced = [&](std::string_view key, ResponseShape shape) {
    if (!table.has(key) || curve.shape == shape) return;
    table.problem("shape", key, "`" + std::string{key} + "` goes with shape = " + in_quotes(name_of(shape)),
                  "leave it out, or change the shape");
  };
  misplaced("steepness", ResponseShape::hill);
  misplaced("points", ResponseShape::table);
  if (curve.shape == ResponseShape::table) table.require("points", "[spend, share] pairs");
  for (const std::vector<double>& point : points.value_or(std::vector<std::vector<double>>{})) {
    if (point.size() == 2)
      curve.points.push_back({point[0], point[1]});
    else
      table.problem("response-table", "points", "a point has " + std::to_string(point.size()) + " numbers",
                    "give [spend, share] pairs");
  }
  return curve;
}

/// What an action puts: one thing, by the word that names it.
[[nodiscard]] ActionEffect read_put(TomlTable& table, int named) {
  const auto row = table.pair("transition");
  const auto state = table.text("state");
  const auto referral = table.pair("referral");
  const auto dwell = table.text("dwell");
  const auto cash_flow = read_number(table, "cash_flow", Quantity::cash_flow);
  const auto probability = read_number(table, "probability", Quantity::probability);
  const auto per_period = read_number(table, "per_period", Quantity::rate);
  const auto factor = read_number(table, "factor", Quantity::rate);
  const auto belongs = [&](std::string_view key, bool fits, std::string_view to) {
    if (named != 1 || !table.has(key) || fits) return;
    table.problem("effect-target", key, "`" + std::string{key} + "` goes with " + std::string{to}, "leave it out");
  };
  belongs("probability", table.has("transition"), "transition");
  belongs("cash_flow", table.has("transition") || table.has("state"), "transition or state");
  belongs("per_period", table.has("referral"), "referral");
  belongs("factor", table.has("dwell"), "dwell");
  if (table.has("state")) table.require("cash_flow", "the cash flow of the state while the action is taken");
  if (table.has("referral")) table.require("per_period", "the referral rate while the action is taken");
  if (table.has("dwell")) table.require("factor", "a multiple of the chance to leave; 1 is today");
  if (row) return PutsTransition{row->first, row->second, probability, cash_flow};
  if (referral) return PutsReferral{referral->first, referral->second, per_period.value_or(Number{})};
  if (dwell) return PutsDwell{*dwell, factor.value_or(Number{1})};
  return PutsCashFlow{state.value_or(""), cash_flow.value_or(Number{})};
}

[[nodiscard]] ActionEffect read_action_effect(TomlTable& table) {
  int named = 0;
  for (const std::string_view key : {"transition", "state", "referral", "dwell"}) named += table.has(key);
  ActionEffect effect = read_put(table, named);
  if (named != 1) {
    table.problem("effect-target", "", named == 0 ? "it does not say what it puts" : "it puts several things",
                  "give one of transition, state, referral, dwell; one [[action.effect]] for each");
  } else if (state_of(effect).empty()) {
    table.leave_unread();
  }
  return effect;
}

[[nodiscard]] std::variant<SpendLevels, BudgetSplit> read_plan(TomlTable& table) {
  const auto spend = table.shares("spend");
  const auto budget = table.number("budget");
  const auto split = table.shares("split");
  if (table.has("spend") && (table.has("budget") || table.has("split"))) {
    table.problem("scenario", "", "the plan is said in two ways", "give spend, or budget and split");
  } else if (table.has("budget") != table.has("split")) {
    table.problem("scenario", "", table.has("budget") ? "`split` is missing" : "`budget` is missing",
                  "budget and split go together");
  }
  if (budget && split) return BudgetSplit{*budget, *split};
  return spend.value_or(SpendLevels{});
}

template <class Value>
[[nodiscard]] std::vector<Value> read_tables(TomlTable& table, std::string_view key) {
  std::vector<Value> things;
  for (TomlTable& own : table.tables(key)) {
    if constexpr (std::is_same_v<Value, ActionEffect>)
      things.push_back(read_action_effect(own));
    else
      things.push_back(read_keys<Value>(own));
    own.finish();
  }
  return things;
}

/// A part of a thing, whose keys stand in its table.
template <class Part>
[[nodiscard]] Part read_part(TomlTable& table) {
  if constexpr (std::is_same_v<Part, ArrivalFlow>)
    return read_flow(table);
  else if constexpr (std::is_same_v<Part, EffectTarget>)
    return read_target(table);
  else if constexpr (std::is_same_v<Part, ResponseCurve>)
    return read_curve(table);
  else if constexpr (std::is_same_v<Part, MarketMoves>)
    return read_moves(table);
  else
    return read_plan(table);
}

/// A value that needs to be told no more than its key and, of numbers, what they are of.
template <class Value>
[[nodiscard]] std::optional<Value> read_value(TomlTable& table, std::string_view key, Quantity quantity) {
  if constexpr (std::is_same_v<Value, Number>)
    return read_number(table, key, quantity);
  else if constexpr (std::is_same_v<Value, Probability>)
    return read_probability(table, key);
  else if constexpr (std::is_same_v<Value, Dwell>)
    return read_dwell(table);
  else if constexpr (std::is_same_v<Value, std::string>)
    return table.text(key);
  else if constexpr (std::is_same_v<Value, double>)
    return table.number(key);
  else if constexpr (std::is_same_v<Value, std::int64_t>)
    return table.integer(key);
  else if constexpr (std::is_same_v<Value, bool>)
    return table.flag(key);
  else if constexpr (std::is_enum_v<Value>)
    return table.choice<Value>(key, words_for_values<Value>);
  else if constexpr (std::is_same_v<Value, std::vector<double>>)
    return table.numbers(key);
  else if constexpr (std::is_same_v<Value, std::vector<std::string>>)
    return table.texts(key);
  else if constexpr (std::is_same_v<Value, std::vector<std::vector<double>>>)
    return table.matrix(key);
  else if constexpr (std::is_same_v<Value, std::map<std::string, double>>)
    return table.shares(key);
  else if constexpr (is_list_of_tables<Value>)
    return read_tables<typename Value::value_type>(table, key);
  else if constexpr (std::is_same_v<Value, Environment>) {
    std::optional<TomlTable> own = table.table(key);
    if (!own) return std::nullopt;
    Value thing = read_keys<Value>(*own);
    own->finish();
    return thing;
  } else
    return read_value<typename Value::value_type>(table, key, quantity);  // what may be left out
}

/// What to give where a key is missing.
template <class Thing, class Value>
[[nodiscard]] std::string wanted(const Field<Thing, Value>& field) {
  if constexpr (std::is_enum_v<Value>) return one_of(words_for_values<Value>);
  return std::string{field.wanted};
}

template <class Thing, class Value>
void read_field(TomlTable& table, const Field<Thing, Value>& field, Thing& thing) {
  if (field.is_needed && counts(field, thing)) table.require(field.key, wanted(field));
  std::optional<Value> value;
  if constexpr (std::is_same_v<Thing, ModelDraft> && std::is_same_v<Value, Horizon>) {
    value = read_horizon(table, thing.period);
  } else {
    value = read_value<Value>(table, field.key, quantity_of(field, thing));
  }
  if (!value) return;
  if constexpr (requires { value->empty(); }) {
    const std::string key{field.key};
    if (value->empty() && field.is_never_empty) {
      table.problem("missing", key, "the list of " + key + " is empty", "leave it out for everybody, or name " + key);
    }
  }
  thing.*field.member = std::move(*value);
}

template <class Thing>
void read_field(TomlTable& table, const PairField<Thing>& field, Thing& thing) {
  table.require(field.key, "[\"from\", \"to\"]");
  if (auto pair = table.pair(field.key)) std::tie(thing.*field.from, thing.*field.to) = std::move(*pair);
}

template <class Thing, class Value>
void read_field(TomlTable& table, const PartField<Thing, Value>& field, Thing& thing) {
  thing.*field.member = read_part<Value>(table);
}

/// In which order the keys of a table are read: as they are written, unless one must be known before another.
template <class Thing>
inline constexpr auto reading_order = std::make_index_sequence<std::tuple_size_v<decltype(fields<Thing>)>>{};
template <>
inline constexpr auto reading_order<Arrivals> = std::index_sequence<1, 0, 2, 3, 4, 5>{};  // the name is the state's
template <>
inline constexpr auto reading_order<LeverEffect> = std::index_sequence<0, 3, 1, 2>{};  // the shape says what is needed

template <class Thing>
[[nodiscard]] Thing read_keys(TomlTable& table) {
  Thing thing;
  [&]<std::size_t... places>(std::index_sequence<places...>) {
    (read_field(table, std::get<places>(fields<Thing>), thing), ...);
  }
  (reading_order<Thing>);
  return thing;
}

/// The format, and whether there is a head at all.
[[nodiscard]] std::optional<TomlTable> read_format(TomlTable& root) {
  const std::optional<std::int64_t> format = root.integer("format");
  if (!root.has("format")) root.problem("missing", "", "`format` is missing", "write format = 1 at the top");
  if (format && *format != 1) {
    root.problem("format", "format", "this is format " + std::to_string(*format), "this version reads format 1");
  }
  std::optional<TomlTable> head = root.table("model");
  if (head) return head;
  if (!root.has("model"))
    root.problem("missing", "", "the table [model] is missing", "give it name, period and horizon");
  root.leave_unread("model");
  return std::nullopt;
}

[[nodiscard]] ModelDraft read_draft(const toml::table& document, Reading& reading) {
  TomlTable root{document, "", reading};
  std::optional<TomlTable> head = read_format(root);
  ModelDraft draft = read_keys<ModelDraft>(root);
  if (head) {
    for_each_of(head_fields, [&](const auto& field) { read_field(*head, field, draft); });
    head->finish();
  }
  root.finish();
  return draft;
}

/// The line of what a parser says cannot be redefined ("… 'KEY'"); no value if it says something else.
[[nodiscard]] std::optional<std::size_t> first_definition(std::string_view text, std::string_view complaint,
                                                          std::size_t line) {
  if (complaint.find("cannot redefine") == std::string_view::npos) return std::nullopt;
  const std::size_t start = complaint.find('\'');
  const std::size_t end = complaint.rfind('\'');
  return start < end ? first_line_of(complaint.substr(start + 1, end - start - 1), line, text) : std::nullopt;
}

[[nodiscard]] toml::table parse_toml(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    const Location place{error.source().begin.line, error.source().begin.column};
    const auto first = first_definition(text, error.description(), place.line);
    const std::string hint = first ? "line " + std::to_string(*first) + " gives it already" : slip_at(text, place.line);
    throw ModelError{{{"toml", "", std::string{error.description()}, hint, place}}};
  }
}

/// Whether a problem of a draft may follow from what could not be read: it concerns that, a part of it, or a whole that
/// it is part of.
[[nodiscard]] bool follows_from(const std::set<std::string>& unread, const std::string& path) {
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find_first_of(".[", end + 1);
    if (unread.contains(path.substr(0, end))) return true;
  }
  for (const char divider : {'.', '['}) {
    const auto part = unread.lower_bound(path + divider);
    if (part != unread.end() && part->starts_with(path + divider)) return true;
  }
  return false;
}

/// Problems of a draft, less those that follow from what could not be read.
[[nodiscard]] std::vector<Problem> all_problems(const Reading& reading, std::vector<Problem> of_draft) {
  std::vector<Problem> problems = reading.found.errors;
  for (Problem& problem : located(std::move(of_draft), reading.places)) {
    if (!follows_from(reading.unread, problem.path)) problems.push_back(std::move(problem));
  }
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::pair{a.location.line, a.location.column} < std::pair{b.location.line, b.location.column};
  });
  return problems;
}

[[nodiscard]] std::string read_stream(std::istream& stream) {
  std::string text;
  char buffer[65536];
  while (stream.read(buffer, sizeof buffer), stream.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(stream.gcount()));
    if (text.size() > limits::file_bytes) break;
  }
  return text;
}

[[noreturn]] void refuse_file(const std::filesystem::path& file, std::string message, std::string hint) {
  throw FileError{{{"file", file.string(), std::move(message), std::move(hint), {}}}};
}

[[nodiscard]] std::string read_text(const std::filesystem::path& file) {
  if (file == "-") {
    std::string text = read_stream(std::cin);
    if (std::cin.bad() || std::ferror(stdin)) {
      refuse_file("standard input", "reading it failed", "check what it is redirected from");
    }
    return text;
  }
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) {
    const bool hidden = status.type() == std::filesystem::file_type::none;
    refuse_file(file, hidden ? "it cannot be reached: " + error.message() : "there is no such file",
                "check the path, or give - for standard input");
  }
  if (std::filesystem::is_directory(status)) refuse_file(file, "this is a directory", "give the model file in it");
  if (!std::filesystem::is_regular_file(status))
    refuse_file(file, "this is not a regular file", "give - to read from standard input");
  std::ifstream stream{file, std::ios::binary};
  if (!stream) refuse_file(file, std::string{"it cannot be opened: "} + std::strerror(errno), "check its permissions");
  std::string text = read_stream(stream);
  if (stream.bad()) refuse_file(file, "reading it failed", "check the disk");
  return text;
}

}  // namespace
}  // namespace detail

std::vector<Problem> located(std::vector<Problem> problems, const SourceMap& places) {
  for (Problem& problem : problems) {
    if (problem.path.empty()) continue;
    std::string path = problem.path;
    while (problem.location.line == 0 && !path.empty()) {
      const auto place = places.find(path);
      if (place != places.end()) problem.location = place->second;
      const std::size_t end = path.find_last_of(".[");
      path = end == std::string::npos ? "" : path.substr(0, end);
    }
    if (problem.location.line == 0 && !places.empty()) problem.location = {1, 1};  // something that the file lacks
  }
  return problems;
}

ModelFile parse_model(std::string_view text) {
  const std::string_view admitted = detail::admissible_text(text);
  const toml::table document = detail::parse_toml(admitted);
  if (document.empty()) {
    throw ModelError{
        {{"empty", "", "the file is empty", "a model needs format = 1, [model], and [[state]] tables", {1, 1}}}};
  }
  detail::Reading reading;
  ModelDraft draft = detail::read_draft(document, reading);
  if (!reading.found.errors.empty()) {
    throw ModelError{detail::all_problems(reading, check(with_defaults(std::move(draft)), unicode_rules()).errors)};
  }
  try {
    Model model{std::move(draft), unicode_rules()};
    std::vector<Problem> warnings = located(model.warnings(), reading.places);
    return {model.with_warnings(std::move(warnings)), std::move(reading.places)};
  } catch (const ModelError& error) {
    throw ModelError{detail::all_problems(reading, error.problems())};
  }
}

ModelFile read_model_file(const std::filesystem::path& file) { return parse_model(detail::read_text(file)); }

}  // namespace tenure
