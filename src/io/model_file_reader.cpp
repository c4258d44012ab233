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
#include <set>
#include <system_error>
#include <utility>

#include "source_text.hpp"
#include "toml_table.hpp"

#include "tenure/model/detail/check/levers.hpp"

namespace tenure {
namespace detail {
namespace {

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

void read_head(TomlTable& root, ModelDraft& draft) {
  const std::optional<std::int64_t> format = root.integer("format");
  if (!root.has("format")) root.problem("missing", "", "`format` is missing", "write format = 1 at the top");
  if (format && *format != 1) {
    root.problem("format", "format", "this is format " + std::to_string(*format), "this version reads format 1");
  }
  std::optional<TomlTable> head = root.table("model");
  if (!head) {
    if (!root.has("model"))
      root.problem("missing", "", "the table [model] is missing", "give it name, period and horizon");
    root.leave_unread("model");
    return;
  }
  head->require("name", "the model a name");
  head->require("period", "one of day, week, month, quarter, year");
  head->require("horizon", "a time such as \"20 years\", a whole number of periods, or \"infinite\"");
  draft.name = head->text("name").value_or("unnamed");
  draft.currency = head->text("currency").value_or("");
  draft.period = head->choice<Period>("period", period_names).value_or(Period::month);
  draft.horizon = read_horizon(*head, draft.period);
  draft.discount_rate = head->number("discount_rate").value_or(0);
  draft.cash_flow_timing =
      head->choice<CashFlowTiming>("cash_flow_timing", cash_flow_timing_names).value_or(CashFlowTiming::start);
  head->finish();
}

[[nodiscard]] std::optional<Dwell> read_dwell(TomlTable& state) {
  std::optional<TomlTable> table = state.table("dwell");
  if (!table) return std::nullopt;
  table->require("distribution", "one of fixed, negative_binomial, weibull, table");
  enum class CustomerType : std::uint8_t { fixed, negative_binomial, weibull, hazards };
  const auto kind = table->choice<CustomerType>("distribution", dwell_names);
  const auto need = [&](std::string_view key) {
    table->require(key, "a number");
    return table->number(key).value_or(0);
  };
  std::optional<Dwell> dwell;
  if (kind == CustomerType::fixed) dwell = FixedDwell{need("periods")};
  if (kind == CustomerType::negative_binomial) dwell = NegativeBinomialDwell{need("mean"), need("sd")};
  if (kind == CustomerType::weibull) dwell = WeibullDwell{need("scale"), need("shape")};
  if (kind == CustomerType::hazards) {
    table->require("hazard", "a list of hazards");
    dwell = TableDwell{table->numbers("hazard").value_or(std::vector<double>{})};
  }
  if (kind) table->finish();
  return dwell;
}

[[nodiscard]] State read_state(TomlTable table) {
  State state;
  table.require("name", "the state a name");
  table.require("stage", "one of acquisition, servicing, repurchase, advocacy, dormant, lost");
  state.name = table.text("name").value_or("");
  state.stage = table.choice<Stage>("stage", stage_names).value_or(Stage::servicing);
  state.cash_flow = read_number(table, "cash_flow", Quantity::cash_flow).value_or(Number{});
  state.satisfaction = table.number("satisfaction");
  state.dwell = read_dwell(table);
  table.finish();
  return state;
}

[[nodiscard]] Transition read_transition(TomlTable table) {
  Transition transition;
  table.require("from", "the state that is left");
  table.require("to", "the state that is entered");
  table.require("probability", "a number from 0 to 1, or \"rest\"");
  transition.from = table.text("from").value_or("");
  transition.to = table.text("to").value_or("");
  transition.probability = read_probability(table, "probability").value_or(Number{});
  transition.cash_flow = read_number(table, "cash_flow", Quantity::cash_flow).value_or(Number{});
  table.finish();
  return transition;
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

[[nodiscard]] Arrivals read_arrivals(TomlTable table) {
  Arrivals arrivals;
  table.require("state", "the state in which people arrive");
  arrivals.state = table.text("state").value_or("");
  arrivals.name = table.text("name").value_or(arrivals.state);
  arrivals.flow = read_flow(table);
  arrivals.from = table.integer("from").value_or(0);
  arrivals.until = table.integer("until");
  arrivals.mix = table.shares("mix");
  table.finish();
  return arrivals;
}

[[nodiscard]] Referral read_referral(TomlTable table) {
  Referral referral;
  table.require("from", "the state of those who refer");
  table.require("to", "the state in which the referred enter");
  table.require("per_period", "a number of people");
  referral.from = table.text("from").value_or("");
  referral.to = table.text("to").value_or("");
  referral.per_period = read_number(table, "per_period", Quantity::rate).value_or(Number{});
  table.finish();
  return referral;
}

[[nodiscard]] Segment read_segment(TomlTable table) {
  Segment segment;
  table.require("name", "the segment a name");
  table.require("share", "a number from 0 to 1");
  segment.name = table.text("name").value_or("");
  segment.share = table.number("share").value_or(0);
  for (TomlTable& own : table.tables("transition")) {
    own.require("from", "the state that is left");
    own.require("to", "the state that is entered");
    SegmentTransition replaced{own.text("from").value_or(""), own.text("to").value_or(""), {}, {}};
    replaced.probability = read_probability(own, "probability");
    replaced.cash_flow = read_number(own, "cash_flow", Quantity::cash_flow);
    own.finish();
    segment.transitions.push_back(std::move(replaced));
  }
  for (TomlTable& own : table.tables("state")) {
    own.require("name", "the name of a state");
    SegmentState replaced{own.text("name").value_or(""), {}};
    replaced.cash_flow = read_number(own, "cash_flow", Quantity::cash_flow);
    own.finish();
    segment.states.push_back(std::move(replaced));
  }
  table.finish();
  return segment;
}

[[nodiscard]] CalendarEntry read_calendar(TomlTable table) {
  CalendarEntry entry;
  table.require("transition", "[\"from\", \"to\"]");
  table.require("odds", "a list of multipliers");
  if (const auto pair = table.pair("transition")) std::tie(entry.from_state, entry.to_state) = *pair;
  entry.odds = table.numbers("odds").value_or(std::vector<double>{});
  entry.from = table.integer("from");
  entry.until = table.integer("until");
  table.finish();
  return entry;
}

[[nodiscard]] EnvironmentEffect read_environment_effect(TomlTable table) {
  EnvironmentEffect effect;
  table.require("when", "a state of the market");
  effect.when = table.text("when").value_or("");
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
  if (pair)
    effect.moves = MarketMovesTransition{pair->first, pair->second, odds};
  else if (state)
    effect.moves = MarketMovesCashFlow{*state, cash_flow_factor};
  else
    effect.moves = MarketMovesArrivals{arrivals.value_or(""), factor};
  table.finish();
  return effect;
}

[[nodiscard]] std::optional<Environment> read_environment(TomlTable& root) {
  std::optional<TomlTable> table = root.table("environment");
  if (!table) return std::nullopt;
  Environment market;
  table->require("states", "a list of names");
  table->require("start", "the state in which the market begins");
  table->require("matrix", "one row of probabilities for each state");
  market.states = table->texts("states").value_or(std::vector<std::string>{});
  market.start = table->text("start").value_or("");
  market.matrix = table->matrix("matrix").value_or(std::vector<std::vector<double>>{});
  for (TomlTable& effect : table->tables("effect"))
    market.effects.push_back(read_environment_effect(std::move(effect)));
  table->finish();
  return market;
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

[[nodiscard]] LeverEffect read_effect(TomlTable table) {
  LeverEffect effect;
  effect.target = read_target(table);
  effect.curve = read_curve(table);
  table.require("limit", "the value approached with unlimited spend");
  if (effect.curve.shape != ResponseShape::table)
    table.require("half_spend", "the effective spend that goes half the way");
  effect.limit = read_number(table, "limit", quantity_of(effect.target)).value_or(Number{});
  effect.half_spend = read_number(table, "half_spend", Quantity::spend).value_or(Number{1});
  table.finish();
  return effect;
}

/// The segments in which something works; none where nothing is said, and it works in all.
[[nodiscard]] std::vector<std::string> read_segments(TomlTable& table) {
  const auto segments = table.texts("segments");
  if (segments && segments->empty()) {
    table.problem("missing", "segments", "the list of segments is empty",
                  "leave it out for everybody, or name segments");
  }
  return segments.value_or(std::vector<std::string>{});
}

[[nodiscard]] Lever read_lever(TomlTable table) {
  Lever lever;
  table.require("name", "the lever a name");
  table.require("kind", "one of acquisition, retention, referral, development");
  lever.name = table.text("name").value_or("");
  lever.label = table.text("label").value_or(lever.name);
  lever.kind = table.choice<LeverKind>("kind", lever_kind_names).value_or(LeverKind::retention);
  lever.spend_per = table.choice<SpendPer>("spend_per", spend_per_names).value_or(SpendPer::customer);
  lever.while_in = table.texts("while_in").value_or(std::vector<std::string>{});
  lever.from = table.integer("from").value_or(0);
  lever.until = table.integer("until");
  lever.carry_over = table.number("carry_over").value_or(0);
  lever.segments = read_segments(table);
  for (TomlTable& effect : table.tables("effect")) lever.effects.push_back(read_effect(std::move(effect)));
  table.finish();
  return lever;
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

[[nodiscard]] ActionEffect read_action_effect(TomlTable table) {
  int named = 0;
  for (const std::string_view key : {"transition", "state", "referral", "dwell"}) named += table.has(key);
  ActionEffect effect = read_put(table, named);
  if (named != 1) {
    table.problem("effect-target", "", named == 0 ? "it does not say what it puts" : "it puts several things",
                  "give one of transition, state, referral, dwell; one [[action.effect]] for each");
  } else if (state_of(effect).empty()) {
    table.leave_unread();
  }
  table.finish();
  return effect;
}

[[nodiscard]] Action read_action(TomlTable table) {
  Action action;
  table.require("name", "the action a name");
  table.require("in", "the states in which it may be taken");
  action.name = table.text("name").value_or("");
  action.label = table.text("label").value_or(action.name);
  action.in = table.texts("in").value_or(std::vector<std::string>{});
  action.cost = read_number(table, "cost", Quantity::cash_flow).value_or(Number{});
  action.segments = read_segments(table);
  for (TomlTable& effect : table.tables("effect")) action.effects.push_back(read_action_effect(std::move(effect)));
  table.finish();
  return action;
}

[[nodiscard]] Scenario read_scenario(TomlTable table) {
  Scenario scenario;
  table.require("name", "the scenario a name");
  scenario.name = table.text("name").value_or("");
  scenario.note = table.text("note").value_or("");
  scenario.reference = table.flag("reference").value_or(false);
  const auto spend = table.shares("spend");
  const auto budget = table.number("budget");
  const auto split = table.shares("split");
  if (table.has("spend") && (table.has("budget") || table.has("split"))) {
    table.problem("scenario", "", "the plan is said in two ways", "give spend, or budget and split");
  } else if (table.has("budget") != table.has("split")) {
    table.problem("scenario", "", table.has("budget") ? "`split` is missing" : "`budget` is missing",
                  "budget and split go together");
  }
  if (budget && split)
    scenario.plan = BudgetSplit{*budget, *split};
  else
    scenario.plan = spend.value_or(SpendLevels{});
  table.finish();
  return scenario;
}

[[nodiscard]] Correlation read_correlation(TomlTable table) {
  Correlation correlation;
  table.require("between", "the names of numbers");
  table.require("value", "a number between -1 and 1");
  correlation.between = table.texts("between").value_or(std::vector<std::string>{});
  correlation.value = table.number("value").value_or(0);
  table.finish();
  return correlation;
}

template <class Thing>
[[nodiscard]] std::vector<Thing> read_all(TomlTable& root, std::string_view key, Thing (*read)(TomlTable)) {
  std::vector<Thing> things;
  for (TomlTable& table : root.tables(key)) things.push_back(read(std::move(table)));
  return things;
}

[[nodiscard]] ModelDraft read_draft(const toml::table& document, Reading& reading) {
  TomlTable root{document, "", reading};
  ModelDraft draft;
  read_head(root, draft);
  draft.states = read_all(root, "state", read_state);
  draft.transitions = read_all(root, "transition", read_transition);
  draft.arrivals = read_all(root, "arrivals", read_arrivals);
  draft.referrals = read_all(root, "referral", read_referral);
  draft.segments = read_all(root, "segment", read_segment);
  draft.calendar = read_all(root, "calendar", read_calendar);
  draft.environment = read_environment(root);
  draft.levers = read_all(root, "lever", read_lever);
  draft.actions = read_all(root, "action", read_action);
  draft.scenarios = read_all(root, "scenario", read_scenario);
  draft.correlations = read_all(root, "correlation", read_correlation);
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
    throw ModelError{detail::all_problems(reading, check(draft, unicode_rules()).errors)};
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
