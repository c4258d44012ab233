// Whether schema/check.schema.json says which keys a model has as model/detail/fields.hpp does: in the same order, of
// the same types, with the same words. What it says besides, such as limits, is its own.
//
//   check-schema FILE          ends with 1 where the file must change
//   check-schema FILE --write  changes it

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "tenure/model/detail/fields.hpp"

namespace tenure::detail {
namespace {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json object_of(std::string_view key, Json value) {
  Json object = Json::object();
  object[key] = std::move(value);
  return object;
}

[[nodiscard]] Json reference(const char* definition) { return object_of("$ref", std::string{"#/$defs/"} + definition); }
[[nodiscard]] Json type(const char* name) { return object_of("type", name); }

[[nodiscard]] Json array_of(Json items) {
  Json schema = type("array");
  schema["items"] = std::move(items);
  return schema;
}

[[nodiscard]] Json number_of(Quantity quantity) {
  Json schema = type("number");
  if (quantity == Quantity::probability) return reference("probability");
  if (quantity == Quantity::rate) schema["minimum"] = 0;
  if (quantity == Quantity::spend) schema["exclusiveMinimum"] = 0;
  return schema;
}

[[nodiscard]] Json or_null(const Json& schema) {
  if (!schema.contains("type")) return object_of("anyOf", Json::array({type("null"), schema}));
  Json either = schema;
  either["type"] = Json::array({schema["type"], "null"});
  return either;
}

/// How results show a value of a type.
template <class Value>
[[nodiscard]] Json schema_of(Quantity quantity, bool is_free) {
  if constexpr (std::is_same_v<Value, std::string>)
    return is_free ? type("string") : reference("name");
  else if constexpr (std::is_same_v<Value, double>)
    return type("number");
  else if constexpr (std::is_same_v<Value, std::int64_t>)
    return type("integer");
  else if constexpr (std::is_same_v<Value, bool>)
    return type("boolean");
  else if constexpr (std::is_same_v<Value, Number>)
    return number_of(quantity);
  else if constexpr (std::is_same_v<Value, Probability>)
    return object_of("oneOf", Json::array({reference("probability"), object_of("const", "rest")}));
  else if constexpr (std::is_same_v<Value, Dwell>)
    return type("object");
  else if constexpr (std::is_same_v<Value, std::map<std::string, double>>)
    return type("object");
  else if constexpr (std::is_enum_v<Value>)
    return object_of("enum", words_for_values<Value>);
  else if constexpr (is_list_of_tables<Value> || std::is_same_v<Value, std::vector<ResponsePoint>>)
    return type("array");
  else if constexpr (Table<Value>)
    return type("object");
  else if constexpr (requires(Value value) { value.push_back(value.front()); })
    return array_of(schema_of<typename Value::value_type>(quantity, is_free));
  else
    return or_null(schema_of<typename Value::value_type>(quantity, is_free));
}

template <class Thing>
[[nodiscard]] std::vector<Json> shapes_of();

/// The properties of several shapes with those of another thing's put behind them.
[[nodiscard]] std::vector<Json> with_each(const std::vector<Json>& shapes, const std::vector<Json>& others) {
  std::vector<Json> result;
  for (const Json& shape : shapes) {
    for (const Json& other : others) {
      result.push_back(shape);
      result.back().update(other);
    }
  }
  return result;
}

template <class Thing, class Value>
[[nodiscard]] std::vector<Json> shapes_of(const Field<Thing, Value>& field) {
  if (!field.is_in_results) return std::vector<Json>(1, Json::object());
  Json schema = schema_of<Value>(field.quantity, field.is_free);
  if (field.counts_where) schema = or_null(schema);
  if (!field.meaning.empty()) schema["description"] = field.meaning;
  return std::vector<Json>(1, object_of(field.result, schema));
}

template <class Thing>
[[nodiscard]] std::vector<Json> shapes_of(const PairField<Thing>& field) {
  Json shape = object_of(field.from_result, reference("name"));
  shape[field.to_result] = reference("name");
  return std::vector<Json>(1, shape);
}

[[nodiscard]] std::vector<Json> shapes_of(const WholeField& field) {
  return std::vector<Json>(1, object_of(field.key, type("object")));
}

template <class Thing, class Value>
[[nodiscard]] std::vector<Json> shapes_of(const PartField<Thing, Value>&) {
  return shapes_of<Value>();
}

/// A shape for each alternative that is told by a word, or one of all of them side by side.
template <class... Alternatives>
[[nodiscard]] std::vector<Json> shapes_of_variant(const std::variant<Alternatives...>*) {
  constexpr ToldBy told = told_by<std::variant<Alternatives...>>;
  std::vector<Json> shapes;
  (shapes.push_back(shapes_of<Alternatives>().front()), ...);
  if (!told.key.empty()) {
    for (std::size_t k = 0; k < shapes.size(); ++k) {
      Json shape = object_of(told.key, object_of("const", told.words[k]));
      shape.update(shapes[k]);
      shapes[k] = std::move(shape);
    }
    return shapes;
  }
  Json together = Json::object();
  for (const Json& shape : shapes) {
    for (const auto& [key, schema] : shape.items()) together[key] = or_null(schema);
  }
  return std::vector<Json>(1, together);
}

/// The properties of a thing in results, once for each alternative of a part of it.
template <class Thing>
[[nodiscard]] std::vector<Json> shapes_of() {
  std::vector<Json> shapes(1, Json::object());
  if constexpr (is_variant<Thing>)
    shapes = shapes_of_variant(static_cast<const Thing*>(nullptr));
  else
    for_each_of(fields<Thing>, [&](const auto& field) { shapes = with_each(shapes, shapes_of(field)); });
  return shapes;
}

class Schema {
 public:
  explicit Schema(Json document) : document_(std::move(document)) {}  // braces would make an array

  /// Puts the keys of a thing where its shapes are described; `also` are keys that results add to them.
  template <class Thing>
  void put(const std::string& place, const std::set<std::string>& also = {}, std::size_t first = 0) {
    const std::vector<Json> shapes = shapes_of<Thing>();
    for (std::size_t k = 0; k < shapes.size(); ++k) {
      put_shape(shapes.size() == 1 ? place : place + "/oneOf/" + std::to_string(first + k), shapes[k], also);
    }
  }

  void put_shape(const std::string& place, const Json& shape, const std::set<std::string>& also) {
    Json& node = document_[Json::json_pointer{place}];
    const Json old = node["properties"];
    std::vector<std::string> keys;
    for (const auto& [key, schema] : shape.items()) keys.push_back(key);
    auto behind = keys.begin();
    for (const auto& [key, schema] : old.items()) {  // what is added stays behind what it stands behind
      if (also.contains(key)) behind = keys.insert(behind, key);
      const auto found = std::find(keys.begin(), keys.end(), key);
      if (found != keys.end()) behind = found + 1;
    }
    Json properties = Json::object();
    for (const std::string& key : keys) properties[key] = also.contains(key) ? old[key] : merged(old, key, shape[key]);
    node["properties"] = std::move(properties);
    node["required"] = keys;
    node["additionalProperties"] = false;
  }

  [[nodiscard]] const Json& document() const { return document_; }

 private:
  [[nodiscard]] const Json& resolved(const Json& schema) const {
    if (!schema.contains("$ref")) return schema;
    return document_.at(Json::json_pointer{schema["$ref"].get<std::string>().substr(1)});
  }

  /// Which types of JSON, and which words, a schema lets pass.
  [[nodiscard]] std::set<std::string> admitted(const Json& unresolved) const {
    const Json& schema = resolved(unresolved);
    std::set<std::string> all;
    for (const char* key : {"anyOf", "oneOf"}) {
      for (const Json& each : schema.value(key, Json::array())) all.merge(admitted(each));
    }
    const Json types = schema.value("type", Json::array());
    if (types.is_string())
      all.insert(types.get<std::string>());
    else
      all.insert(types.begin(), types.end());
    for (const Json& word : schema.value("enum", Json::array())) all.insert("the word " + word.get<std::string>());
    if (schema.contains("const")) all.insert("the word " + schema["const"].get<std::string>());
    return all;
  }

  /// What the file says of a key stays, if it lets the same pass and the meaning is the same.
  [[nodiscard]] Json merged(const Json& old, const std::string& key, const Json& schema) const {
    if (!old.contains(key) || admitted(old[key]) != admitted(schema)) return schema;
    Json kept = old[key];
    if (schema.contains("description")) kept["description"] = schema["description"];
    return kept;
  }

  Json document_;
};

[[nodiscard]] Json with_keys_of_models(Json document) {
  Schema schema(std::move(document));
  Json head = Json::object();
  for_each_of(head_fields, [&](const auto& field) { head.update(shapes_of(field).front()); });
  head.update(shapes_of<ModelDraft>().front());
  schema.put_shape("", head, {"tenure", "model", "currency", "period", "horizon", "discount_factor", "warnings"});
  schema.put<State>("/$defs/state", {"absorbing", "row", "row_sum"});
  schema.put<Dwell>("/$defs/dwell", {}, 1);
  schema.put<Arrivals>("/$defs/arrivals");
  schema.put<Referral>("/properties/referrals/items");
  schema.put<Segment>("/$defs/segment");
  schema.put<SegmentTransition>("/$defs/segment/properties/transitions/items");
  schema.put<SegmentState>("/$defs/segment/properties/states/items");
  schema.put<CalendarEntry>("/$defs/calendar_entry");
  schema.put<Environment>("/$defs/environment");
  schema.put<EnvironmentEffect>("/$defs/environment/properties/effects/items");
  schema.put<Lever>("/$defs/lever");
  schema.put<LeverEffect>("/$defs/effect", {"today"});
  schema.put<Action>("/$defs/action");
  schema.put<ActionEffect>("/$defs/put");
  schema.put<Scenario>("/$defs/scenario");
  schema.put<Correlation>("/properties/correlations/items");
  return schema.document();
}

/// As JSON, on one line where there is room behind what stands there.
[[nodiscard]] std::string text_of(const Json& json, std::size_t indent, std::size_t used) {
  constexpr std::size_t width = 120;
  if (!json.is_structured()) return json.dump();
  std::vector<std::string> members;
  std::size_t length = indent + used + 2;
  bool fits = true;
  for (const auto& [key, value] : json.items()) {
    const std::string name = json.is_object() ? Json(key).dump() + ": " : "";
    members.push_back(name + text_of(value, indent + 2, name.size()));
    length += members.back().size() + 2;
    fits = fits && length <= width && members.back().find('\n') == std::string::npos;
  }
  std::string text;
  for (const std::string& member : members) {
    if (!fits)
      text += (text.empty() ? "\n" : ",\n") + std::string(indent + 2, ' ') + member;
    else
      text += (text.empty() ? "" : ", ") + member;
  }
  if (!fits) text += "\n" + std::string(indent, ' ');
  return json.is_object() ? "{" + text + "}" : "[" + text + "]";
}

[[nodiscard]] int check(const std::string& file, bool writes) {
  std::ifstream stream{file};
  const std::string before{std::istreambuf_iterator<char>{stream}, {}};
  const std::string after = text_of(with_keys_of_models(Json::parse(before)), 0, 0) + "\n";
  if (before == after) return 0;
  if (writes)
    std::ofstream{file} << after;
  else
    std::cerr << file << ": not as model/detail/fields.hpp has it; run this with --write\n";
  return writes ? 0 : 1;
}

}  // namespace
}  // namespace tenure::detail

int main(int count, char** arguments) {
  const bool writes = count == 3 && std::string_view{arguments[2]} == "--write";
  if (count == 2 || writes) return tenure::detail::check(arguments[1], writes);
  std::cerr << "usage: check-schema FILE [--write]\n";
  return 2;
}
