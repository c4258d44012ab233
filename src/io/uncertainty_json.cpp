// Uncertainty as a JSON document.

#include <string>
#include <utility>

#include "json_parts.hpp"
#include "tenure/decide/uncertainty.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/io/json.hpp"
#include "tenure/model/model.hpp"

namespace tenure {

namespace {

[[nodiscard]] Json estimate_as_json(const std::optional<Estimate>& estimate, Json json) {
  json["value"] = json_number(estimate ? std::optional{estimate->mean} : std::nullopt);
  json["standard_error"] = json_number(estimate ? estimate->standard_error : std::nullopt);
  return json;
}

[[nodiscard]] Json scenario_as_json(const Model& model, const UncertainScenario& each) {
  Json json;
  json["name"] = each.scenario.name;
  json["at_means"] = json_number(each.at_means);
  json["mean"] = json_number(each.mean.mean);
  json["standard_error"] = json_number(each.mean.standard_error);
  json["sd"] = json_number(each.standard_deviation);
  json["sd_from_chance"] = json_number(each.chance);
  json["quantiles"] = Json::object();
  for (const auto& [share, value] : each.quantiles) json["quantiles"][shortest(share)] = json_number(value);
  json["probability_best"] = json_number(each.probability_best.mean);
  json["probability_best_standard_error"] = json_number(each.probability_best.standard_error);
  json["expected_loss"] = json_number(each.expected_loss.mean);
  json["expected_loss_standard_error"] = json_number(each.expected_loss.standard_error);
  json["levers"] = Json::array();
  for (std::size_t l = 0; l < model.levers().size(); ++l) {
    json["levers"].push_back({{"name", model.levers()[l].name}, {"spend", json_number(each.spending.at(l))}});
  }
  return json;
}

[[nodiscard]] Json acceptability_as_json(const Uncertainty& result) {
  Json json;
  json["axis"] = std::string{acceptability_axis_names[static_cast<std::size_t>(result.acceptability.axis)]};
  json["points"] = json_numbers(result.acceptability.points);
  JsonObjectByName best;
  for (std::size_t s = 0; s < result.scenarios.size(); ++s) {
    best.add(result.scenarios[s].scenario.name, json_numbers(result.acceptability.probability_best[s]));
  }
  json["probability_best"] = std::move(best).finished();
  return json;
}

}  // namespace

std::string to_json(const Uncertainty& result) {
  Json document = json_head(result.model, result.discount_factor);
  document["seed"] = result.seed;
  document["stream_version"] = stream_version;
  document["draws"] = result.draws;
  document["randomisations"] = result.randomisations;
  document["complete"] = result.complete;
  document["numbers"] = result.numbers;
  document["scenarios"] = Json::array();
  for (const UncertainScenario& each : result.scenarios)
    document["scenarios"].push_back(scenario_as_json(result.model, each));
  document["best"] = result.scenarios[result.best].scenario.name;
  document["ties"] = Json::array();
  for (const std::size_t s : result.ties) document["ties"].push_back(result.scenarios[s].scenario.name);
  document["evpi"] = json_number(result.evpi.mean);
  document["evpi_standard_error"] = json_number(result.evpi.standard_error);
  document["evppi"] = Json::array();
  for (const InformationValue& worth : result.evppi)
    document["evppi"].push_back(estimate_as_json(worth.value, {{"number", worth.name}}));
  document["groups"] = Json::array();
  for (const InformationValue& worth : result.groups) {
    document["groups"].push_back(estimate_as_json(worth.value, {{"group", worth.name}, {"numbers", worth.numbers}}));
  }
  document["evsi"] = Json::array();
  for (const PilotValue& worth : result.evsi) {
    document["evsi"].push_back(
        estimate_as_json(worth.value, {{"number", worth.pilot.number}, {"customers", worth.pilot.customers}}));
  }
  document["not_piloted"] = Json::array();
  for (const NotPiloted& one : result.not_piloted)
    document["not_piloted"].push_back({{"number", one.number}, {"reason", one.reason}});
  document["acceptability"] = acceptability_as_json(result);
  return json_text(document);
}

}  // namespace tenure
