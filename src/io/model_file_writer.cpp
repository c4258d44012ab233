// From a model back to a file that reads to an equal one. Every number is written so that it reads back to the same
// double, and every default that matters is written out.

#include <cmath>
#include <string>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "tenure/io/model_file.hpp"
#include "tenure/io/unicode.hpp"
#include "tenure/model/model.hpp"

namespace tenure {
namespace {

[[nodiscard]] std::string toml_text(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) {
    if (character == '"' || character == '\\') result += '\\';
    result += character;
  }
  return result + '"';
}

/// Whole numbers read as well as others, as long as TOML's integers hold them; longer ones get a decimal point.
[[nodiscard]] std::string toml_number(double value) {
  const std::string text = shortest(value);
  const bool is_whole = text.find_first_of(".e") == std::string::npos;
  return is_whole && std::abs(value) > 0x1p53 ? text + ".0" : text;
}

[[nodiscard]] std::string list_of(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) text += (text.empty() ? "" : ", ") + toml_number(value);
  return "[" + text + "]";
}

[[nodiscard]] std::string list_of(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + toml_text(value);
  return "[" + text + "]";
}

[[nodiscard]] std::string table_of(const std::map<std::string, double>& values) {
  std::string text;
  for (const auto& [name, value] : values)
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", toml_text(name), toml_number(value));
  return text.empty() ? "{}" : "{ " + text + " }";
}

[[nodiscard]] std::string spread_text(const Spread& spread) {
  if (const auto* given = std::get_if<StandardDeviation>(&spread)) return "sd = " + toml_number(given->sd);
  if (const auto* beta = std::get_if<BetaParameters>(&spread)) {
    return fmt::format("alpha = {}, beta = {}", toml_number(beta->alpha), toml_number(beta->beta));
  }
  if (const auto* range = std::get_if<Range>(&spread)) {
    return fmt::format("low = {}, high = {}", toml_number(range->low), toml_number(range->high));
  }
  return "count = " + toml_number(std::get<SampleCount>(spread).count);
}

[[nodiscard]] std::string word_text(std::string_view word, const std::optional<Distribution>& law) {
  if (!law) return "";
  return fmt::format(", {} = {{ {}, distribution = \"{}\" }}", word, spread_text(law->spread), name_of(law->kind));
}

[[nodiscard]] std::string number_text(const Number& number) {
  if (number == Number{number.mean}) return toml_number(number.mean);
  std::string text = "{ mean = " + toml_number(number.mean);
  text += word_text("uncertain", number.uncertain);
  text += word_text("differs", number.differs);
  text += word_text("varies", number.varies);
  if (!number.schedule.empty()) text += ", schedule = " + list_of(number.schedule);
  if (number.growth != 0) text += ", growth = " + toml_number(number.growth);
  return text + " }";
}

[[nodiscard]] std::string probability_text(const Probability& probability) {
  const auto* number = std::get_if<Number>(&probability);
  return number ? number_text(*number) : "\"rest\"";
}

/// One `key = value` line.
[[nodiscard]] std::string line(std::string_view key, const std::string& value) {
  return fmt::format("{} = {}\n", key, value);
}

[[nodiscard]] std::string cash_flow_line(const Number& cash_flow) {
  return cash_flow == Number{} ? "" : line("cash_flow", number_text(cash_flow));
}

[[nodiscard]] std::string pair_line(std::string_view key, const std::string& from, const std::string& to) {
  return line(key, list_of(std::vector{from, to}));
}

[[nodiscard]] std::string window_lines(std::int64_t from, const std::optional<std::int64_t>& until) {
  return (from != 0 ? line("from", std::to_string(from)) : "") + (until ? line("until", std::to_string(*until)) : "");
}

[[nodiscard]] std::string head_text(const ModelDraft& draft) {
  std::string text = "format = 1\n\n[model]\n";
  text += line("name", toml_text(draft.name));
  if (!draft.currency.empty()) text += line("currency", toml_text(draft.currency));
  text += line("period", toml_text(name_of(draft.period)));
  text += line("horizon", draft.horizon ? std::to_string(*draft.horizon) : "\"infinite\"");
  text += line("discount_rate", toml_number(draft.discount_rate));
  text += line("cash_flow_timing", toml_text(cash_flow_timing_names[static_cast<std::size_t>(draft.cash_flow_timing)]));
  return text;
}

[[nodiscard]] std::string dwell_text(const Dwell& dwell) {
  std::string keys;
  if (const auto* fixed = std::get_if<FixedDwell>(&dwell)) keys = "periods = " + toml_number(fixed->periods);
  if (const auto* nb = std::get_if<NegativeBinomialDwell>(&dwell)) {
    keys = fmt::format("mean = {}, sd = {}", toml_number(nb->mean), toml_number(nb->sd));
  }
  if (const auto* weibull = std::get_if<WeibullDwell>(&dwell)) {
    keys = fmt::format("scale = {}, shape = {}", toml_number(weibull->scale), toml_number(weibull->shape));
  }
  if (const auto* table = std::get_if<TableDwell>(&dwell)) keys = "hazard = " + list_of(table->hazard);
  return fmt::format("{{ distribution = \"{}\", {} }}", name_of(dwell), keys);
}

[[nodiscard]] std::string text_of(const State& state) {
  std::string text =
      "\n[[state]]\n" + line("name", toml_text(state.name)) + line("stage", toml_text(name_of(state.stage)));
  text += cash_flow_line(state.cash_flow);
  if (state.satisfaction) text += line("satisfaction", toml_number(*state.satisfaction));
  if (state.dwell) text += line("dwell", dwell_text(*state.dwell));
  return text;
}

[[nodiscard]] std::string text_of(const Transition& transition) {
  return "\n[[transition]]\n" + line("from", toml_text(transition.from)) + line("to", toml_text(transition.to)) +
         line("probability", probability_text(transition.probability)) + cash_flow_line(transition.cash_flow);
}

[[nodiscard]] std::string flow_lines(const ArrivalFlow& flow) {
  if (const auto* once = std::get_if<ArriveOnce>(&flow)) return line("count", toml_number(once->count));
  if (const auto* steady = std::get_if<ArriveSteadily>(&flow)) {
    return line("per_period", toml_number(steady->per_period)) +
           (steady->growth != 0 ? line("growth", toml_number(steady->growth)) : "");
  }
  return line("schedule", list_of(std::get<ArriveBySchedule>(flow).schedule));
}

[[nodiscard]] std::string text_of(const Arrivals& arrivals) {
  std::string text =
      "\n[[arrivals]]\n" + line("name", toml_text(arrivals.name)) + line("state", toml_text(arrivals.state));
  text += flow_lines(arrivals.flow) + window_lines(arrivals.from, arrivals.until);
  if (arrivals.mix) text += line("mix", table_of(*arrivals.mix));
  return text;
}

[[nodiscard]] std::string text_of(const Referral& referral) {
  return "\n[[referral]]\n" + line("from", toml_text(referral.from)) + line("to", toml_text(referral.to)) +
         line("per_period", number_text(referral.per_period));
}

[[nodiscard]] std::string text_of(const Segment& segment) {
  std::string text =
      "\n[[segment]]\n" + line("name", toml_text(segment.name)) + line("share", toml_number(segment.share));
  for (const SegmentTransition& own : segment.transitions) {
    text += "\n[[segment.transition]]\n" + line("from", toml_text(own.from)) + line("to", toml_text(own.to));
    if (own.probability) text += line("probability", probability_text(*own.probability));
    if (own.cash_flow) text += line("cash_flow", number_text(*own.cash_flow));
  }
  for (const SegmentState& own : segment.states) {
    text += "\n[[segment.state]]\n" + line("name", toml_text(own.name));
    if (own.cash_flow) text += line("cash_flow", number_text(*own.cash_flow));
  }
  return text;
}

[[nodiscard]] std::string text_of(const CalendarEntry& entry) {
  return "\n[[calendar]]\n" + pair_line("transition", entry.from_state, entry.to_state) +
         line("odds", list_of(entry.odds)) + (entry.from ? line("from", std::to_string(*entry.from)) : "") +
         (entry.until ? line("until", std::to_string(*entry.until)) : "");
}

[[nodiscard]] std::string text_of(const EnvironmentEffect& effect) {
  std::string text = "\n[[environment.effect]]\n" + line("when", toml_text(effect.when));
  if (const auto* row = std::get_if<MarketMovesTransition>(&effect.moves)) {
    return text + pair_line("transition", row->from, row->to) + line("odds", toml_number(row->odds));
  }
  if (const auto* cash = std::get_if<MarketMovesCashFlow>(&effect.moves)) {
    return text + line("state", toml_text(cash->state)) + line("cash_flow_factor", toml_number(cash->cash_flow_factor));
  }
  const auto& arrivals = std::get<MarketMovesArrivals>(effect.moves);
  return text + line("arrivals", toml_text(arrivals.arrivals)) + line("factor", toml_number(arrivals.factor));
}

[[nodiscard]] std::string text_of(const Environment& market) {
  std::string rows;
  for (const std::vector<double>& row : market.matrix) rows += (rows.empty() ? "" : ", ") + list_of(row);
  std::string text = "\n[environment]\n" + line("states", list_of(market.states)) +
                     line("start", toml_text(market.start)) + line("matrix", "[" + rows + "]");
  for (const EnvironmentEffect& effect : market.effects) text += text_of(effect);
  return text;
}

[[nodiscard]] std::string target_line(const EffectTarget& target) {
  if (const auto* row = std::get_if<TransitionTarget>(&target)) return pair_line("transition", row->from, row->to);
  if (const auto* cash = std::get_if<CashFlowTarget>(&target)) return line("state", toml_text(cash->state));
  if (const auto* referred = std::get_if<ReferralTarget>(&target))
    return pair_line("referral", referred->from, referred->to);
  if (const auto* arrivals = std::get_if<ArrivalsTarget>(&target)) return line("arrivals", toml_text(arrivals->name));
  return line("dwell", toml_text(std::get<DwellTarget>(target).state));
}

[[nodiscard]] std::string text_of(const LeverEffect& effect) {
  std::string text = "\n[[lever.effect]]\n" + target_line(effect.target) + line("limit", number_text(effect.limit));
  if (effect.curve.shape != ResponseShape::table || effect.half_spend != Number{1}) {
    text += line("half_spend", number_text(effect.half_spend));
  }
  text += line("shape", toml_text(name_of(effect.curve.shape)));
  if (effect.curve.shape == ResponseShape::hill) text += line("steepness", toml_number(effect.curve.steepness));
  if (effect.curve.shape == ResponseShape::table) {
    std::string points;
    for (const ResponsePoint& point : effect.curve.points) {
      points += (points.empty() ? "" : ", ") + list_of(std::vector{point.spend, point.share});
    }
    text += line("points", "[" + points + "]");
  }
  return text;
}

[[nodiscard]] std::string text_of(const Lever& lever) {
  std::string text = "\n[[lever]]\n" + line("name", toml_text(lever.name)) + line("label", toml_text(lever.label)) +
                     line("kind", toml_text(name_of(lever.kind))) +
                     line("spend_per", toml_text(name_of(lever.spend_per)));
  if (!lever.while_in.empty()) text += line("while_in", list_of(lever.while_in));
  text += window_lines(lever.from, lever.until);
  if (lever.carry_over != 0) text += line("carry_over", toml_number(lever.carry_over));
  if (!lever.segments.empty()) text += line("segments", list_of(lever.segments));
  for (const LeverEffect& effect : lever.effects) text += text_of(effect);
  return text;
}

[[nodiscard]] std::string text_of(const ActionEffect& effect) {
  std::string text = "\n[[action.effect]]\n";
  if (const auto* row = std::get_if<PutsTransition>(&effect)) {
    text += pair_line("transition", row->from, row->to);
    if (row->probability) text += line("probability", number_text(*row->probability));
    return text + (row->cash_flow ? line("cash_flow", number_text(*row->cash_flow)) : "");
  }
  if (const auto* cash = std::get_if<PutsCashFlow>(&effect)) {
    return text + line("state", toml_text(cash->state)) + line("cash_flow", number_text(cash->cash_flow));
  }
  if (const auto* referred = std::get_if<PutsReferral>(&effect)) {
    return text + pair_line("referral", referred->from, referred->to) +
           line("per_period", number_text(referred->per_period));
  }
  const auto& dwell = std::get<PutsDwell>(effect);
  return text + line("dwell", toml_text(dwell.state)) + line("factor", number_text(dwell.factor));
}

[[nodiscard]] std::string text_of(const Action& action) {
  std::string text = "\n[[action]]\n" + line("name", toml_text(action.name)) + line("label", toml_text(action.label)) +
                     line("in", list_of(action.in));
  if (action.cost != Number{}) text += line("cost", number_text(action.cost));
  if (!action.segments.empty()) text += line("segments", list_of(action.segments));
  for (const ActionEffect& effect : action.effects) text += text_of(effect);
  return text;
}

[[nodiscard]] std::string text_of(const Scenario& scenario) {
  std::string text = "\n[[scenario]]\n" + line("name", toml_text(scenario.name));
  if (!scenario.note.empty()) text += line("note", toml_text(scenario.note));
  if (scenario.reference) text += line("reference", "true");
  if (const auto* levels = std::get_if<SpendLevels>(&scenario.plan)) return text + line("spend", table_of(*levels));
  const auto& plan = std::get<BudgetSplit>(scenario.plan);
  return text + line("budget", toml_number(plan.budget)) + line("split", table_of(plan.split));
}

[[nodiscard]] std::string text_of(const Correlation& correlation) {
  return "\n[[correlation]]\n" + line("between", list_of(correlation.between)) +
         line("value", toml_number(correlation.value));
}

template <class Things>
[[nodiscard]] std::string text_of_all(const Things& things) {
  std::string text;
  for (const auto& thing : things) text += text_of(thing);
  return text;
}

}  // namespace

std::string to_toml(const Model& model) {
  const ModelDraft& draft = model.draft();
  Findings found = check(draft, unicode_rules());
  if (!found.errors.empty()) throw ModelError{std::move(found.errors)};
  std::string text = head_text(draft) + text_of_all(draft.states) + text_of_all(draft.transitions) +
                     text_of_all(draft.arrivals) + text_of_all(draft.referrals) + text_of_all(draft.segments) +
                     text_of_all(draft.calendar);
  if (draft.environment) text += text_of(*draft.environment);
  return text + text_of_all(draft.levers) + text_of_all(draft.actions) + text_of_all(draft.scenarios) +
         text_of_all(draft.correlations);
}

}  // namespace tenure
