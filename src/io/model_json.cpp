// A checked model as a JSON document: what was understood, rows completed, everything named by the keys of the model
// file. A number that is not one number is given by its mean in period 0.

#include <cstddef>
#include <map>
#include <type_traits>
#include <variant>

#include "completed_rows.hpp"
#include "json_parts.hpp"
#include "lever_views.hpp"
#include "tenure/io/json.hpp"
#include "tenure/model/model.hpp"

namespace tenure {

namespace {

[[nodiscard]] Json mean_now(const Model& model, const Number& number) {
  return json_number(mean_at(number, 0, model.period()));
}

[[nodiscard]] Json shares_as_json(const std::map<std::string, double>& shares) {
  JsonObjectByName object;
  for (const auto& [name, share] : shares) object.add(name, json_number(share));
  return std::move(object).finished();
}

[[nodiscard]] std::string_view name_of(RowOrigin origin) {
  switch (origin) {
    case RowOrigin::takes_rest:
      return "rest";
    case RowOrigin::sojourns:
      return "staying";
    case RowOrigin::listed:
      break;
  }
  return "listed";
}

[[nodiscard]] Json dwell_as_json(const std::optional<Dwell>& dwell) {
  if (!dwell) return nullptr;
  Json json;
  json["distribution"] = std::string{name_of(*dwell)};
  if (const auto* fixed = std::get_if<FixedDwell>(&*dwell)) json["periods"] = json_number(fixed->periods);
  if (const auto* sojourn = std::get_if<NegativeBinomialDwell>(&*dwell)) {
    json["mean"] = json_number(sojourn->mean);
    json["sd"] = json_number(sojourn->sd);
  }
  if (const auto* sojourn = std::get_if<WeibullDwell>(&*dwell)) {
    json["scale"] = json_number(sojourn->scale);
    json["shape"] = json_number(sojourn->shape);
  }
  if (const auto* table = std::get_if<TableDwell>(&*dwell)) json["hazard"] = json_numbers(table->hazard);
  return json;
}

[[nodiscard]] Json row_as_json(const Model& model, const CompletedRow& row) {
  Json json = Json::array();
  for (const CompletedEntry& entry : row.entries) {
    json.push_back({{"to", model.states()[entry.to].name},
                    {"probability", json_number(entry.probability)},
                    {"cash_flow", json_number(entry.cash_flow)},
                    {"origin", std::string{name_of(entry.origin)}}});
  }
  return json;
}

[[nodiscard]] Json states_as_json(const Model& model, const std::vector<CompletedRow>& rows) {
  Json json = Json::array();
  for (std::size_t i = 0; i < model.states().size(); ++i) {
    const State& state = model.states()[i];
    Json one;
    one["name"] = state.name;
    one["stage"] = std::string{name_of(state.stage)};
    one["cash_flow"] = mean_now(model, state.cash_flow);
    one["satisfaction"] = json_number(state.satisfaction);
    one["dwell"] = dwell_as_json(state.dwell);
    one["absorbing"] = rows[i].absorbing;
    one["row"] = row_as_json(model, rows[i]);
    one["row_sum"] = json_number(rows[i].listed_sum);
    json.push_back(std::move(one));
  }
  return json;
}

[[nodiscard]] Json arrivals_as_json(const Model& model) {
  Json json = Json::array();
  for (const Arrivals& arrivals : model.arrivals()) {
    const auto* once = std::get_if<ArriveOnce>(&arrivals.flow);
    const auto* steady = std::get_if<ArriveSteadily>(&arrivals.flow);
    const auto* listed = std::get_if<ArriveBySchedule>(&arrivals.flow);
    json.push_back({{"name", arrivals.name},
                    {"state", arrivals.state},
                    {"count", once ? json_number(once->count) : Json(nullptr)},
                    {"per_period", steady ? json_number(steady->per_period) : Json(nullptr)},
                    {"growth", steady ? json_number(steady->growth) : Json(nullptr)},
                    {"schedule", listed ? json_numbers(listed->schedule) : Json(nullptr)},
                    {"from", arrivals.from},
                    {"until", json_or_null(arrivals.until)},
                    {"mix", arrivals.mix ? shares_as_json(*arrivals.mix) : Json(nullptr)}});
  }
  return json;
}

[[nodiscard]] Json referrals_as_json(const Model& model) {
  Json json = Json::array();
  for (const Referral& referral : model.referrals()) {
    json.push_back(
        {{"from", referral.from}, {"to", referral.to}, {"per_period", mean_now(model, referral.per_period)}});
  }
  return json;
}

[[nodiscard]] Json probability_as_json(const Model& model, const std::optional<Probability>& probability) {
  if (!probability) return nullptr;
  const auto* number = std::get_if<Number>(&*probability);
  return number ? mean_now(model, *number) : Json("rest");
}

[[nodiscard]] Json segments_as_json(const Model& model) {
  Json json = Json::array();
  for (const Segment& segment : model.draft().segments) {
    Json transitions = Json::array();
    for (const SegmentTransition& changed : segment.transitions) {
      transitions.push_back({{"from", changed.from},
                             {"to", changed.to},
                             {"probability", probability_as_json(model, changed.probability)},
                             {"cash_flow", changed.cash_flow ? mean_now(model, *changed.cash_flow) : Json(nullptr)}});
    }
    Json states = Json::array();
    for (const SegmentState& changed : segment.states) {
      Json state;
      state["name"] = changed.name;
      state["cash_flow"] = changed.cash_flow ? mean_now(model, *changed.cash_flow) : Json(nullptr);
      states.push_back(std::move(state));
    }
    json.push_back({{"name", segment.name},
                    {"share", json_number(segment.share)},
                    {"transitions", std::move(transitions)},
                    {"states", std::move(states)}});
  }
  return json;
}

[[nodiscard]] Json calendar_as_json(const Model& model) {
  Json json = Json::array();
  for (const CalendarEntry& entry : model.draft().calendar) {
    json.push_back({{"from_state", entry.from_state},
                    {"to_state", entry.to_state},
                    {"odds", json_numbers(entry.odds)},
                    {"from", json_or_null(entry.from)},
                    {"until", json_or_null(entry.until)}});
  }
  return json;
}

[[nodiscard]] Json correlations_as_json(const Model& model) {
  Json json = Json::array();
  for (const Correlation& correlation : model.draft().correlations) {
    json.push_back({{"between", correlation.between}, {"value", json_number(correlation.value)}});
  }
  return json;
}

[[nodiscard]] Json environment_effect_as_json(const EnvironmentEffect& effect) {
  Json json;
  json["when"] = effect.when;
  if (const auto* moved = std::get_if<MarketMovesTransition>(&effect.moves)) {
    json["moves"] = "transition";
    json["from"] = moved->from;
    json["to"] = moved->to;
    json["factor"] = json_number(moved->odds);
  } else if (const auto* cash = std::get_if<MarketMovesCashFlow>(&effect.moves)) {
    json["moves"] = "cash_flow";
    json["state"] = cash->state;
    json["factor"] = json_number(cash->cash_flow_factor);
  } else {
    const auto& arrivals = std::get<MarketMovesArrivals>(effect.moves);
    json["moves"] = "arrivals";
    json["name"] = arrivals.arrivals;
    json["factor"] = json_number(arrivals.factor);
  }
  return json;
}

[[nodiscard]] Json environment_as_json(const Model& model) {
  const std::optional<Environment>& environment = model.draft().environment;
  if (!environment) return nullptr;
  Json json;
  json["states"] = environment->states;
  json["start"] = environment->start;
  json["matrix"] = Json::array();
  for (const std::vector<double>& row : environment->matrix) json["matrix"].push_back(json_numbers(row));
  json["effects"] = Json::array();
  for (const EnvironmentEffect& effect : environment->effects) {
    json["effects"].push_back(environment_effect_as_json(effect));
  }
  return json;
}

/// What an effect moves, by the names of the model.
[[nodiscard]] Json target_as_json(const EffectTarget& target) {
  Json json;
  json["moves"] = std::string{type_of(target)};
  std::visit(
      [&](const auto& moved) {
        using Target = std::decay_t<decltype(moved)>;
        if constexpr (std::is_same_v<Target, TransitionTarget> || std::is_same_v<Target, ReferralTarget>) {
          json["from"] = moved.from;
          json["to"] = moved.to;
        } else if constexpr (std::is_same_v<Target, ArrivalsTarget>) {
          json["name"] = moved.name;
        } else {
          json["state"] = moved.state;
        }
      },
      target);
  return json;
}

[[nodiscard]] Json points_as_json(const ResponseCurve& curve) {
  if (curve.shape != ResponseShape::table) return nullptr;
  Json json = Json::array();
  for (const ResponsePoint& point : curve.points) json.push_back(json_numbers({point.spend, point.share}));
  return json;
}

[[nodiscard]] Json effect_as_json(const Model& model, const std::vector<std::vector<CompletedRow>>& rows,
                                  const Lever& lever, const LeverEffect& effect) {
  const ResponseShape shape = effect.curve.shape;
  Json json = target_as_json(effect.target);
  json["today"] = json_number(mean_today(model, values_today(model, rows, lever, effect.target)));
  json["limit"] = mean_now(model, effect.limit);
  json["half_spend"] = shape == ResponseShape::table ? Json(nullptr) : mean_now(model, effect.half_spend);
  json["shape"] = std::string{name_of(shape)};
  json["steepness"] = shape == ResponseShape::hill ? json_number(effect.curve.steepness) : Json(nullptr);
  json["points"] = points_as_json(effect.curve);
  return json;
}

[[nodiscard]] Json levers_as_json(const Model& model) {
  const std::vector<std::vector<CompletedRow>> rows = completed_rows_by_segment(model);
  Json json = Json::array();
  for (const Lever& lever : model.levers()) {
    Json effects = Json::array();
    for (const LeverEffect& effect : lever.effects) effects.push_back(effect_as_json(model, rows, lever, effect));
    Json one;
    one["name"] = lever.name;
    one["label"] = lever.label;
    one["kind"] = std::string{name_of(lever.kind)};
    one["spend_per"] = std::string{name_of(lever.spend_per)};
    one["while_in"] = lever.while_in;
    one["from"] = lever.from;
    one["until"] = json_or_null(lever.until);
    one["carry_over"] = json_number(lever.carry_over);
    one["segments"] = lever.segments;
    one["effects"] = std::move(effects);
    json.push_back(std::move(one));
  }
  return json;
}

[[nodiscard]] Json mean_or_null(const Model& model, const std::optional<Number>& number) {
  return number ? mean_now(model, *number) : Json(nullptr);
}

[[nodiscard]] Json put_as_json(const Model& model, const ActionEffect& effect) {
  Json json;
  if (const auto* row = std::get_if<PutsTransition>(&effect)) {
    json["puts"] = "transition";
    json["from"] = row->from;
    json["to"] = row->to;
    json["probability"] = mean_or_null(model, row->probability);
    json["cash_flow"] = mean_or_null(model, row->cash_flow);
  } else if (const auto* cash = std::get_if<PutsCashFlow>(&effect)) {
    json["puts"] = "cash_flow";
    json["state"] = cash->state;
    json["cash_flow"] = mean_now(model, cash->cash_flow);
  } else if (const auto* referred = std::get_if<PutsReferral>(&effect)) {
    json["puts"] = "referral";
    json["from"] = referred->from;
    json["to"] = referred->to;
    json["per_period"] = mean_now(model, referred->per_period);
  } else {
    const auto& dwell = std::get<PutsDwell>(effect);
    json["puts"] = "dwell";
    json["state"] = dwell.state;
    json["factor"] = mean_now(model, dwell.factor);
  }
  return json;
}

[[nodiscard]] Json actions_as_json(const Model& model) {
  Json json = Json::array();
  for (const Action& action : model.actions()) {
    Json effects = Json::array();
    for (const ActionEffect& effect : action.effects) effects.push_back(put_as_json(model, effect));
    Json one;
    one["name"] = action.name;
    one["label"] = action.label;
    one["in"] = action.in;
    one["cost"] = mean_now(model, action.cost);
    one["segments"] = action.segments;
    one["effects"] = std::move(effects);
    json.push_back(std::move(one));
  }
  return json;
}

[[nodiscard]] Json scenarios_as_json(const Model& model) {
  const std::string reference = reference_scenario(model).name;
  Json json = Json::array();
  for (const Scenario& scenario : all_scenarios(model)) {
    const auto* levels = std::get_if<SpendLevels>(&scenario.plan);
    const auto* plan = std::get_if<BudgetSplit>(&scenario.plan);
    json.push_back({{"name", scenario.name},
                    {"note", scenario.note},
                    {"reference", scenario.name == reference},
                    {"spend", levels ? shares_as_json(*levels) : Json(nullptr)},
                    {"budget", plan ? json_number(plan->budget) : Json(nullptr)},
                    {"split", plan ? shares_as_json(plan->split) : Json(nullptr)}});
  }
  return json;
}

[[nodiscard]] Json problems_as_json(const std::vector<Problem>& problems) {
  Json json = Json::array();
  for (const Problem& problem : problems) {
    const bool has_place = problem.location.line > 0;
    json.push_back({{"code", problem.code},
                    {"path", problem.path},
                    {"message", problem.message},
                    {"hint", problem.hint},
                    {"line", has_place ? Json(problem.location.line) : Json(nullptr)},
                    {"column", has_place ? Json(problem.location.column) : Json(nullptr)}});
  }
  return json;
}

}  // namespace

std::string to_json(const Model& model) {
  const std::vector<CompletedRow> rows = completed_rows(model);
  const ModelDraft& draft = model.draft();
  Json document = json_head(model, discount_factor(draft.discount_rate, model.period()));
  document["discount_rate"] = json_number(draft.discount_rate);
  document["cash_flow_timing"] = std::string{cash_flow_timing_names[static_cast<std::size_t>(draft.cash_flow_timing)]};
  document["states"] = states_as_json(model, rows);
  document["arrivals"] = arrivals_as_json(model);
  document["referrals"] = referrals_as_json(model);
  document["segments"] = segments_as_json(model);
  document["calendar"] = calendar_as_json(model);
  document["environment"] = environment_as_json(model);
  document["levers"] = levers_as_json(model);
  document["actions"] = actions_as_json(model);
  document["scenarios"] = scenarios_as_json(model);
  document["correlations"] = correlations_as_json(model);
  document["warnings"] = problems_as_json(model.warnings());
  return json_text(document);
}

}  // namespace tenure
