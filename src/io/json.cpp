// Valuations and comparisons as JSON documents.

#include "tenure/io/json.hpp"

#include <cstddef>
#include <optional>
#include <utility>

#include "json_parts.hpp"
#include "result_views.hpp"
#include "tenure/chain/channels.hpp"

namespace tenure {

namespace {

[[nodiscard]] Json levers_of(const Model& model, const ScenarioValue& valued) {
  Json levers = Json::array();
  for (std::size_t l = 0; l < model.levers().size(); ++l) {
    levers.push_back({{"name", model.levers()[l].name},
                      {"spend", json_number(valued.spending.at(l))},
                      {"investment", json_number(lever_investment(valued, l))}});
  }
  return levers;
}

[[nodiscard]] Json states_of(const Model& model, const ScenarioValue& valued) {
  Json states = Json::array();
  for (std::size_t i = 0; i < model.states().size(); ++i) {
    const StateValue& value = valued.value.states.at(i);
    states.push_back({{"name", model.states()[i].name},
                      {"stage", std::string{name_of(model.states()[i].stage)}},
                      {"clv", json_number(value.clv)},
                      {"clv_sd", json_number(value.clv_sd)},
                      {"clv_with_referrals", json_number(value.clv_with_referrals)},
                      {"expected_periods_as_customer", json_number(value.expected_periods_as_customer)}});
  }
  return states;
}

[[nodiscard]] Json arrivals_of(const Model& model, const ScenarioValue& valued) {
  Json arrivals = Json::array();
  if (!valued.value.business) return arrivals;
  const std::vector<std::string> channels = channel_names(model);
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const ChannelValue& channel = valued.value.business->channels.at(c);
    arrivals.push_back({{"name", channels[c]},
                        {"people", json_number(channel.people)},
                        {"customer_equity", json_number(channel.customer_equity)},
                        {"value_each", json_number(channel.value_each)}});
  }
  return arrivals;
}

[[nodiscard]] Json trace_as_json(const Model& model, const ScenarioValue& valued) {
  const Trace* trace = trace_of(valued);
  if (!trace) return nullptr;
  JsonObjectByName people;
  for (std::size_t i = 0; i < model.states().size(); ++i) {
    people.add(model.states()[i].name, json_numbers(trace->people.at(i)));
  }
  Json json;
  json["cash_flow"] = json_numbers(trace->cash_flow);
  json["discounted_cash_flow"] = json_numbers(trace->discounted_cash_flow);
  json["spend"] = json_numbers(trace->spend);
  json["people"] = std::move(people).finished();
  return json;
}

/// The keys of a scenario that both documents have, in their order.
[[nodiscard]] Json scenario_head(const Model& model, const ScenarioValue& valued) {
  Json scenario;
  scenario["name"] = valued.scenario.name;
  scenario["customer_equity"] = json_number(business_figure(valued, &BusinessValue::customer_equity));
  scenario["investment"] = json_number(investment_of(valued));
  scenario["acquired"] = json_number(business_figure(valued, &BusinessValue::acquired));
  scenario["acquisition_cost"] = json_number(business_figure(valued, &BusinessValue::acquisition_cost));
  scenario["retention_rate"] = json_number(business_figure(valued, &BusinessValue::retention_rate));
  scenario["levers"] = levers_of(model, valued);
  return scenario;
}

[[nodiscard]] Json valued_scenario(const Model& model, const ScenarioValue& valued) {
  Json scenario = scenario_head(model, valued);
  scenario["states"] = states_of(model, valued);
  scenario["arrivals"] = arrivals_of(model, valued);
  scenario["trace"] = trace_as_json(model, valued);
  return scenario;
}

[[nodiscard]] Json compared_scenario(const Model& model, const ComparedScenario& compared) {
  Json scenario = scenario_head(model, compared.valued);
  scenario["arrivals"] = arrivals_of(model, compared.valued);
  const std::optional<Advantage>& advantage = compared.advantage;
  scenario["incremental_value"] = advantage ? json_number(advantage->incremental_value) : Json(nullptr);
  scenario["return_on_investment"] = advantage ? json_number(advantage->return_on_investment) : Json(nullptr);
  scenario["payback_period"] = advantage ? json_or_null(advantage->payback_period) : Json(nullptr);
  return scenario;
}

}  // namespace

std::string to_json(const Valuation& valuation) {
  Json document = json_head(valuation.model, valuation.discount_factor);
  document["scenarios"] = Json::array();
  for (const ScenarioValue& valued : valuation.scenarios) {
    document["scenarios"].push_back(valued_scenario(valuation.model, valued));
  }
  return json_text(document);
}

std::string to_json(const Comparison& comparison) {
  Json document = json_head(comparison.model, comparison.discount_factor);
  document["reference"] = comparison.reference;
  document["scenarios"] = Json::array();
  for (const ComparedScenario& compared : comparison.scenarios) {
    document["scenarios"].push_back(compared_scenario(comparison.model, compared));
  }
  return json_text(document);
}

}  // namespace tenure
