// Valuations and comparisons as JSON documents.

#include "tenure/io/json.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/model/model.hpp"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

#include "json_parts.hpp"
#include "result_views.hpp"
#include "tenure/chain/channels.hpp"

namespace tenure {

namespace {

/// "0.05": shares as keys, as short as they are read back.
[[nodiscard]] std::string share_key(double share) {
  char buffer[32];
  return {std::begin(buffer), std::to_chars(std::begin(buffer), std::end(buffer), share).ptr};
}

[[nodiscard]] Json quantiles_as_json(const std::vector<QuantileEstimate>& quantiles) {
  Json json = Json::object();
  for (const QuantileEstimate& quantile : quantiles)
    json[share_key(quantile.share)] = json_number(quantile.value.estimate);
  return json;
}

/// Between what each quantile lies, with 95 % confidence or proved.
[[nodiscard]] Json intervals_as_json(const std::vector<QuantileEstimate>& quantiles) {
  Json json = Json::object();
  for (const QuantileEstimate& quantile : quantiles) {
    json[share_key(quantile.share)] = Json::array({json_number(quantile.value.low), json_number(quantile.value.high)});
  }
  return json;
}

[[nodiscard]] Json levers_of(const Model& model, const ScenarioValue& valued) {
  Json levers = Json::array();
  for (std::size_t l = 0; l < model.levers().size(); ++l) {
    levers.push_back({{"name", model.levers()[l].name},
                      {"spend", json_number(valued.spending.at(l))},
                      {"investment", json_number(lever_investment(valued, l))}});
  }
  return levers;
}

[[nodiscard]] Json states_as_json(const Model& model, const std::vector<StateValue>& values) {
  Json states = Json::array();
  for (std::size_t i = 0; i < model.states().size(); ++i) {
    const StateValue& value = values.at(i);
    states.push_back({{"name", model.states()[i].name},
                      {"stage", std::string{name_of(model.states()[i].stage)}},
                      {"clv", json_number(value.clv)},
                      {"clv_sd", json_number(value.clv_sd)},
                      {"clv_with_referrals", json_number(value.clv_with_referrals)},
                      {"expected_periods_as_customer", json_number(value.expected_periods_as_customer)}});
  }
  return states;
}

/// Null where nobody arrives.
[[nodiscard]] Json segments_of(const Model& model, const ScenarioValue& valued) {
  Json segments = Json::array();
  for (std::size_t s = 0; s < model.draft().segments.size(); ++s) {
    const SegmentValue& segment = valued.value.segments.at(s);
    const bool arrives = valued.value.business.has_value();
    segments.push_back({{"name", model.draft().segments[s].name},
                        {"share", json_number(segment.share)},
                        {"people", arrives ? json_number(segment.arrivals.people) : Json(nullptr)},
                        {"customer_equity", arrives ? json_number(segment.arrivals.customer_equity) : Json(nullptr)},
                        {"value_each", json_number(segment.arrivals.value_each)},
                        {"states", states_as_json(model, segment.states)}});
  }
  return segments;
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

[[nodiscard]] Json risk_as_json(const std::optional<EquityRisk>& risk) {
  if (!risk) return nullptr;
  return {{"sd", json_number(std::sqrt(risk->variance_from_people + risk->variance_from_market))},
          {"sd_from_people", json_number(std::sqrt(risk->variance_from_people))},
          {"sd_from_market", json_number(std::sqrt(risk->variance_from_market))}};
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
  scenario["risk"] = risk_as_json(valued.value.business ? valued.value.business->risk : std::nullopt);
  scenario["levers"] = levers_of(model, valued);
  if (detail::some_probability_differs(model)) scenario["quadrature_error"] = json_number(valued.quadrature_error);
  return scenario;
}

[[nodiscard]] Json valued_scenario(const Model& model, const ScenarioValue& valued) {
  Json scenario = scenario_head(model, valued);
  scenario["states"] = states_as_json(model, valued.value.states);
  if (!model.draft().segments.empty()) scenario["segments"] = segments_of(model, valued);
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

[[nodiscard]] Json simulated_business(const SimulatedBusiness& business) {
  Json simulated;
  simulated["mean"] = json_number(business.mean.mean);
  simulated["standard_error"] = json_number(business.mean.standard_error);
  simulated["sd"] = json_number(business.standard_deviation);
  simulated["quantiles"] = quantiles_as_json(business.quantiles);
  simulated["probability_best"] = json_number(business.probability_best.mean);
  simulated["probability_best_standard_error"] = json_number(business.probability_best.standard_error);
  simulated["incremental"] = nullptr;
  if (business.incremental) {
    simulated["incremental"] = {{"mean", json_number(business.incremental->mean)},
                                {"standard_error", json_number(business.incremental->standard_error)},
                                {"quantiles", quantiles_as_json(business.incremental_quantiles)}};
  }
  return simulated;
}

/// What a precision or a time came to; null where neither was asked for.
[[nodiscard]] Json reached_as_json(const std::optional<Reached>& reached) {
  if (!reached) return nullptr;
  Json json;
  const std::optional<Precision>& precision = reached->precision;
  json["precision"] = precision ? json_number(precision->error) : Json(nullptr);
  json["in"] = precision && !precision->of_the_mean ? "money" : "shares of the mean";
  json["seconds"] = json_number(reached->seconds);
  json["least"] = reached->least;
  json["most"] = reached->most;
  json["error"] = json_number(reached->error);
  json["ended_by"] = std::string{ended_by_names[static_cast<std::size_t>(reached->ended_by)]};
  return json;
}

[[nodiscard]] Json simulated_scenario(const Model& model, const SimulatedScenario& simulated) {
  Json scenario;
  scenario["name"] = simulated.scenario.name;
  scenario["mean"] = json_number(simulated.mean.mean);
  scenario["standard_error"] = json_number(simulated.mean.standard_error);
  scenario["exact_mean"] = json_number(simulated.exact_mean);
  scenario["sd"] = json_number(simulated.standard_deviation);
  scenario["skewness"] = json_number(simulated.skewness);
  scenario["minimum"] = json_number(simulated.minimum);
  scenario["maximum"] = json_number(simulated.maximum);
  scenario["quantiles"] = quantiles_as_json(simulated.quantiles);
  scenario["quantile_intervals"] = intervals_as_json(simulated.quantiles);
  const ValueHistogram& histogram = simulated.histogram;
  scenario["histogram"] = {{"edges", json_numbers(histogram.edges)},
                           {"counts", histogram.counts.empty() ? Json(nullptr) : Json(histogram.counts)},
                           {"shares", json_numbers(histogram.share)}};
  scenario["share_negative"] = json_number(simulated.share_negative.mean);
  scenario["share_negative_standard_error"] = json_number(simulated.share_negative.standard_error);
  scenario["error"] = json_number(simulated.error);
  scenario["risk"] = risk_as_json(simulated.risk);
  Json levers = Json::array();
  for (std::size_t l = 0; l < model.levers().size(); ++l) {
    levers.push_back({{"name", model.levers()[l].name}, {"spend", json_number(simulated.spending.at(l))}});
  }
  scenario["levers"] = std::move(levers);
  return scenario;
}

}  // namespace

std::string to_json(const Simulation& simulation) {
  Json document = json_head(simulation.model, simulation.discount_factor);
  const bool is_sample = simulation.engine != SimulationEngine::exact;
  document["engine"] = std::string{simulation_engine_names[static_cast<std::size_t>(simulation.engine)]};
  document["why"] = simulation.why;
  document["seed"] = simulation.seed;
  document["stream_version"] = stream_version;
  if (is_sample)
    document[simulation.engine == SimulationEngine::population ? "replicates" : "people"] = simulation.count;
  document["complete"] = simulation.complete;
  document["reached"] = reached_as_json(simulation.reached);
  document["scenarios"] = Json::array();
  for (const SimulatedScenario& simulated : simulation.scenarios) {
    document["scenarios"].push_back(simulated_scenario(simulation.model, simulated));
  }
  return json_text(document);
}

std::string to_json(const SimulatedComparison& simulated) {
  const Comparison& comparison = simulated.comparison;
  Json document = json_head(comparison.model, comparison.discount_factor);
  document["reference"] = comparison.reference;
  document["seed"] = simulated.seed;
  document["stream_version"] = stream_version;
  document["replicates"] = simulated.replicates;
  document["complete"] = simulated.complete;
  document["reached"] = reached_as_json(simulated.reached);
  document["scenarios"] = Json::array();
  for (std::size_t k = 0; k < comparison.scenarios.size(); ++k) {
    Json scenario = compared_scenario(comparison.model, comparison.scenarios[k]);
    scenario["simulated"] = simulated_business(simulated.simulated.at(k));
    document["scenarios"].push_back(std::move(scenario));
  }
  return json_text(document);
}

std::string to_json(const Valuation& valuation) {
  Json document = json_head(valuation.model, valuation.discount_factor);
  if (!valuation.complete) document["complete"] = false;
  document["scenarios"] = Json::array();
  for (const ScenarioValue& valued : valuation.scenarios) {
    document["scenarios"].push_back(valued_scenario(valuation.model, valued));
  }
  return json_text(document);
}

std::string to_json(const Comparison& comparison) {
  Json document = json_head(comparison.model, comparison.discount_factor);
  document["reference"] = comparison.reference;
  if (!comparison.complete) document["complete"] = false;
  document["scenarios"] = Json::array();
  for (const ComparedScenario& compared : comparison.scenarios) {
    document["scenarios"].push_back(compared_scenario(comparison.model, compared));
  }
  return json_text(document);
}

}  // namespace tenure
