// Sensitivities as JSON.

#include <string>

#include "json_parts.hpp"
#include "tenure/decide/sensitivity.hpp"
#include "tenure/io/json.hpp"
#include "tenure/model/model.hpp"

namespace tenure {

namespace {

[[nodiscard]] Json json_of(const BreakEven& found) {
  Json json;
  constexpr const char* outcomes[]{"at", "never", "always"};
  json["outcome"] = outcomes[static_cast<std::size_t>(found.outcome)];
  json["value"] = json_number(found.value);
  json["low"] = json_number(found.low);
  json["high"] = json_number(found.high);
  return json;
}

[[nodiscard]] Json json_of(const NumberSensitivity& sensitivity) {
  Json json;
  json["number"] = sensitivity.number.name;
  json["value"] = json_number(sensitivity.number.value);
  json["derivative"] = json_number(sensitivity.derivative);
  json["elasticity"] = json_number(sensitivity.elasticity);
  json["low"] = json_number(sensitivity.range.low);
  json["high"] = json_number(sensitivity.range.high);
  json["range"] = sensitivity.range.is_known ? "uncertain" : "10 %";
  json["at_low"] = json_number(sensitivity.at_low);
  json["at_high"] = json_number(sensitivity.at_high);
  json["flips"] = json_or_null(sensitivity.flips);
  json["break_even"] = sensitivity.break_even ? json_of(*sensitivity.break_even) : Json(nullptr);
  return json;
}

[[nodiscard]] Json json_of(const Model& model, const Touchpoint& touchpoint) {
  Json json;
  json["state"] = touchpoint.state;
  json["stage"] = std::string{name_of(touchpoint.stage)};
  json["satisfaction"] = json_number(touchpoint.satisfaction);
  json["people"] = json_number(touchpoint.people);
  json["value_rate"] = json_number(touchpoint.value_rate);
  json["leaving"] = json_number(touchpoint.leaving);
  json["worth_of_a_point"] = json_number(touchpoint.worth_of_a_point);
  json["best_move"] = touchpoint.best_move ? Json(model.states()[*touchpoint.best_move].name) : Json(nullptr);
  return json;
}

[[nodiscard]] Json json_of(const WavelinePeriod& period) {
  Json json;
  json["people"] = json_number(period.people);
  json["satisfaction"] = json_number(period.satisfaction);
  json["satisfaction_sd"] = json_number(period.satisfaction_sd);
  json["cash_flow"] = json_number(period.cash_flow);
  return json;
}

}  // namespace

std::string to_json(const Sensitivity& sensitivity) {
  Json document = json_head(sensitivity.model, sensitivity.discount_factor);
  document["scenario"] = sensitivity.scenario;
  document["versus"] = json_or_null(sensitivity.versus);
  document["from"] = json_or_null(sensitivity.from);
  document["customer_equity"] = json_number(sensitivity.value);
  document["versus_customer_equity"] = json_number(sensitivity.versus_value);
  document["numbers"] = Json::array();
  for (const NumberSensitivity& number : sensitivity.numbers) document["numbers"].push_back(json_of(number));
  document["waveline"] = Json::array();
  for (const Touchpoint& touchpoint : sensitivity.waveline.touchpoints) {
    document["waveline"].push_back(json_of(sensitivity.model, touchpoint));
  }
  document["over_time"] = sensitivity.model.horizon() ? Json::array() : Json(nullptr);
  for (const WavelinePeriod& period : sensitivity.waveline.over_time) document["over_time"].push_back(json_of(period));
  return json_text(document);
}

}  // namespace tenure
