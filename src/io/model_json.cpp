// A checked model as a JSON document: what was understood, rows completed, everything named by the keys of the model
// file. A number that is not one number is given by its mean in period 0.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "completed_rows.hpp"
#include "json_parts.hpp"
#include "lever_views.hpp"
#include "tenure/io/json.hpp"
#include "tenure/model/detail/fields.hpp"
#include "tenure/model/model.hpp"

namespace tenure {

namespace {

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

// Each kind of value.

[[nodiscard]] Json as_json(const std::string& text, Period) { return text; }
[[nodiscard]] Json as_json(double value, Period) { return json_number(value); }
[[nodiscard]] Json as_json(std::int64_t value, Period) { return value; }
[[nodiscard]] Json as_json(bool value, Period) { return value; }
[[nodiscard]] Json as_json(const ResponsePoint& point, Period) { return json_numbers({point.spend, point.share}); }
[[nodiscard]] Json as_json(const Number& number, Period period) { return json_number(mean_at(number, 0, period)); }

[[nodiscard]] Json as_json(const Probability& probability, Period period) {
  const auto* number = std::get_if<Number>(&probability);
  return number ? as_json(*number, period) : Json("rest");
}

[[nodiscard]] Json as_json(const std::map<std::string, double>& shares, Period) {
  JsonObjectByName object;
  for (const auto& [name, share] : shares) object.add(name, json_number(share));
  return std::move(object).finished();
}

template <class Enum>
requires std::is_enum_v<Enum>
[[nodiscard]] Json as_json(Enum value, Period) {
  return std::string{detail::words_for_values<Enum>[static_cast<std::size_t>(value)]};
}

// Things with keys, which hold values and things.

template <detail::Table Thing>
[[nodiscard]] Json as_json(const Thing& thing, Period period);
template <class... Alternatives>
[[nodiscard]] Json as_json(const std::variant<Alternatives...>& thing, Period period);

template <class Value>
[[nodiscard]] Json as_json(const std::vector<Value>& values, Period period) {
  Json json = Json::array();
  for (const Value& value : values) json.push_back(as_json(value, period));
  return json;
}

template <class Value>
[[nodiscard]] Json as_json(const std::optional<Value>& value, Period period) {
  return value ? as_json(*value, period) : Json(nullptr);
}

template <class Thing, class Value>
[[nodiscard]] Json as_json(const detail::Field<Thing, Value>& field, const Thing& thing, Period period) {
  Json json = Json::object();
  if (!field.is_in_results) return json;
  json[field.result] = counts(field, thing) ? as_json(thing.*field.member, period) : Json(nullptr);
  return json;
}

template <class Thing>
[[nodiscard]] Json as_json(const detail::PairField<Thing>& field, const Thing& thing, Period) {
  return {{field.from_result, thing.*field.from}, {field.to_result, thing.*field.to}};
}

template <class Thing, class Value>
[[nodiscard]] Json as_json(const detail::PartField<Thing, Value>& field, const Thing& thing, Period period) {
  return as_json(thing.*field.member, period);
}

[[nodiscard]] Json as_json(const detail::WholeField& field, const SpendLevels& thing, Period period) {
  Json json = Json::object();
  json[field.key] = as_json(thing, period);
  return json;
}

template <class Thing>
[[nodiscard]] Json keys_as_json(const Thing& thing, Period period) {
  Json json = Json::object();
  detail::for_each_of(detail::fields<Thing>, [&](const auto& field) { json.update(as_json(field, thing, period)); });
  return json;
}

/// An alternative's keys, null where another is meant.
template <class Thing>
[[nodiscard]] Json keys_or_null(const Thing* thing, Period period) {
  Json json = keys_as_json(thing ? *thing : Thing{}, period);
  if (thing) return json;
  for (auto& [key, value] : json.items()) value = nullptr;
  return json;
}

template <detail::Table Thing>
Json as_json(const Thing& thing, Period period) {
  return keys_as_json(thing, period);
}

template <class... Alternatives>
Json as_json(const std::variant<Alternatives...>& thing, Period period) {
  constexpr detail::ToldBy told = detail::told_by<std::variant<Alternatives...>>;
  Json json = Json::object();
  if constexpr (told.key.empty()) {
    (json.update(keys_or_null(std::get_if<Alternatives>(&thing), period)), ...);
  } else {
    json[told.key] = told.words[thing.index()];
    json.update(std::visit([&](const auto& alternative) { return as_json(alternative, period); }, thing));
  }
  return json;
}

// What a document says besides.

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
    Json one = as_json(model.states()[i], model.period());
    one["absorbing"] = rows[i].absorbing;
    one["row"] = row_as_json(model, rows[i]);
    one["row_sum"] = json_number(rows[i].listed_sum);
    json.push_back(std::move(one));
  }
  return json;
}

/// An effect, with what it starts from.
[[nodiscard]] Json effect_as_json(const Model& model, const std::vector<std::vector<CompletedRow>>& rows,
                                  const Lever& lever, const LeverEffect& effect) {
  Json json = as_json(effect.target, model.period());
  json["today"] = json_number(mean_today(model, values_today(model, rows, lever, effect.target)));
  json.update(as_json(effect, model.period()));
  return json;
}

[[nodiscard]] Json levers_as_json(const Model& model) {
  const std::vector<std::vector<CompletedRow>> rows = completed_rows_by_segment(model);
  Json json = Json::array();
  for (const Lever& lever : model.levers()) {
    Json one = as_json(lever, model.period());
    for (std::size_t k = 0; k < lever.effects.size(); ++k) {
      one["effects"][k] = effect_as_json(model, rows, lever, lever.effects[k]);
    }
    json.push_back(std::move(one));
  }
  return json;
}

[[nodiscard]] Json scenarios_as_json(const Model& model) {
  const std::string reference = reference_scenario(model).name;
  std::vector<Scenario> scenarios = all_scenarios(model);
  for (Scenario& scenario : scenarios) scenario.reference = scenario.name == reference;
  return as_json(scenarios, model.period());
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
  const ModelDraft& draft = model.draft();
  Json document = json_head(model, discount_factor(draft.discount_rate, model.period()));
  detail::for_each_of(detail::head_fields,
                      [&](const auto& field) { document.update(as_json(field, draft, draft.period)); });
  detail::for_each_of(detail::fields<ModelDraft>, [&]<class Value>(const detail::Field<ModelDraft, Value>& field) {
    if constexpr (std::is_same_v<Value, std::vector<State>>)
      document[field.result] = states_as_json(model, completed_rows(model));
    else if constexpr (std::is_same_v<Value, std::vector<Lever>>)
      document[field.result] = levers_as_json(model);
    else if constexpr (std::is_same_v<Value, std::vector<Scenario>>)
      document[field.result] = scenarios_as_json(model);
    else
      document.update(as_json(field, draft, draft.period));
  });
  document["warnings"] = problems_as_json(model.warnings());
  return json_text(document);
}

}  // namespace tenure
