// The best policy as a JSON document.

#include "tenure/decide/policy.hpp"
#include "tenure/io/json.hpp"
#include "tenure/model/model.hpp"

#include "json_parts.hpp"

namespace tenure {

namespace {

[[nodiscard]] Json by_state(const Model& model, const std::vector<std::optional<double>>& values) {
  JsonObjectByName json;
  for (std::size_t i = 0; i < values.size(); ++i) json.add(model.states()[i].name, json_number(values[i]));
  return std::move(json).finished();
}

[[nodiscard]] Json row_as_json(const PolicyValue& policy, const PolicyRow& row) {
  const Model& model = policy.model;
  Json json;
  json["state"] = model.states()[row.state].name;
  const bool has_segments = !model.draft().segments.empty();
  json["segment"] = has_segments ? Json(model.draft().segments[row.segment].name) : Json(nullptr);
  const bool has_ages = model.states()[row.state].dwell.has_value();
  json["age"] = has_ages ? Json(row.age) : Json(nullptr);
  json["age_until"] = has_ages ? json_or_null(row.age_until) : Json(nullptr);
  json["market"] = policy.regimes.empty() ? Json(nullptr) : Json(policy.regimes[row.regime]);
  json["from"] = row.from;
  json["until"] = json_or_null(row.until);
  json["action"] = row.action ? model.actions()[*row.action].name : std::string{no_action_name};
  json["value"] = json_number(row.value);
  json["advantage"] = json_number(row.advantage);
  json["end_effect"] = json_or_null(row.end_effect);
  return json;
}

[[nodiscard]] Json fixed_as_json(const Model& model, const FixedPolicy& fixed) {
  Json json;
  json["plan"] = std::string{fixed_plan_names[static_cast<std::size_t>(fixed.plan)]};
  json["name"] = fixed.name;
  json["customer_equity"] = json_number(fixed.customer_equity);
  json["values"] = by_state(model, fixed.value);
  return json;
}

[[nodiscard]] Json simulated_as_json(const std::optional<SimulatedPolicy>& simulated) {
  if (!simulated) return nullptr;
  Json json;
  json["seed"] = simulated->seed;
  json["people"] = simulated->people;
  json["complete"] = simulated->complete;
  json["referrals"] = simulated->referrals;
  json["mean"] = json_number(simulated->mean.mean);
  json["standard_error"] = json_number(simulated->mean.standard_error);
  json["sd"] = json_number(simulated->standard_deviation);
  json["exact_mean"] = json_number(simulated->exact_mean);
  return json;
}

}  // namespace

std::string to_json(const PolicyValue& policy) {
  Json document = json_head(policy.model, policy.discount_factor);
  document["scenario"] = policy.scenario.name;
  document["customer_equity"] = json_number(policy.customer_equity);
  document["cost_of_actions"] = json_number(policy.cost);
  document["bound"] = json_number(policy.bound);
  document["rounds"] = policy.rounds;
  document["values"] = by_state(policy.model, policy.value);
  const bool repeats = !policy.model.horizon();
  document["repeats_from"] = repeats ? Json(policy.repeats_from) : Json(nullptr);
  document["cycle"] = repeats ? Json(policy.cycle) : Json(nullptr);
  document["end_effect_from"] = json_or_null(policy.end_effect_from());
  document["policy"] = Json::array();
  for (const PolicyRow& row : policy.rows) document["policy"].push_back(row_as_json(policy, row));
  document["fixed"] = Json::array();
  for (const FixedPolicy& fixed : policy.fixed) document["fixed"].push_back(fixed_as_json(policy.model, fixed));
  document["best_fixed"] = policy.best_fixed ? Json(policy.fixed[*policy.best_fixed].name) : Json(nullptr);
  document["gain"] = json_number(policy.gain());
  document["simulated"] = simulated_as_json(policy.simulated);
  return json_text(document);
}

}  // namespace tenure
