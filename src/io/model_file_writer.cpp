// From a model back to a file that reads to an equal one. Every number is written so that it reads back to the same
// double, and every default that matters is written out.

#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "tenure/io/model_file.hpp"
#include "tenure/io/unicode.hpp"
#include "tenure/model/detail/fields.hpp"
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

// Each kind of value, as it stands behind its key.

[[nodiscard]] std::string value_text(const std::string& text) { return toml_text(text); }
[[nodiscard]] std::string value_text(double value) { return toml_number(value); }
[[nodiscard]] std::string value_text(std::int64_t value) { return std::to_string(value); }
[[nodiscard]] std::string value_text(bool value) { return value ? "true" : "false"; }
[[nodiscard]] std::string value_text(const ResponsePoint& point) {
  return fmt::format("[{}, {}]", toml_number(point.spend), toml_number(point.share));
}

template <class Enum>
requires std::is_enum_v<Enum>
[[nodiscard]] std::string value_text(Enum value) {
  return toml_text(detail::words_for_values<Enum>[static_cast<std::size_t>(value)]);
}

template <class Value>
[[nodiscard]] std::string value_text(const std::vector<Value>& values) {
  std::string text;
  for (const Value& value : values) text += (text.empty() ? "" : ", ") + value_text(value);
  return "[" + text + "]";
}

[[nodiscard]] std::string value_text(const std::map<std::string, double>& values) {
  std::string text;
  for (const auto& [name, value] : values)
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", toml_text(name), toml_number(value));
  return text.empty() ? "{}" : "{ " + text + " }";
}

[[nodiscard]] std::string value_text(const Number& number) {
  if (number == Number{number.mean}) return toml_number(number.mean);
  std::string text = "{ mean = " + toml_number(number.mean);
  text += word_text("uncertain", number.uncertain);
  text += word_text("differs", number.differs);
  text += word_text("varies", number.varies);
  if (!number.schedule.empty()) text += ", schedule = " + value_text(number.schedule);
  if (number.growth != 0) text += ", growth = " + toml_number(number.growth);
  return text + " }";
}

[[nodiscard]] std::string value_text(const Probability& probability) {
  const auto* number = std::get_if<Number>(&probability);
  return number ? value_text(*number) : "\"rest\"";
}

[[nodiscard]] std::string value_text(const Dwell& dwell) {
  std::string text = fmt::format("{{ distribution = \"{}\"", name_of(dwell));
  std::visit(
      [&]<class Law>(const Law& law) {
        detail::for_each_of(detail::fields<Law>, [&](const auto& field) {
          text += fmt::format(", {} = {}", field.key, value_text(law.*field.member));
        });
      },
      dwell);
  return text + " }";
}

template <class Value>
[[nodiscard]] std::string value_text(const std::optional<Value>& value) {
  return value_text(value.value());
}

/// One `key = value` line.
[[nodiscard]] std::string line(std::string_view key, const std::string& value) {
  return fmt::format("{} = {}\n", key, value);
}

template <class Thing>
[[nodiscard]] std::string keys_of(const Thing& thing, const std::string& path = {});

/// The tables of a list, each under its header.
template <class Value>
[[nodiscard]] std::string tables_of(const std::vector<Value>& things, const std::string& path) {
  std::string text;
  for (const Value& thing : things) text += "\n[[" + path + "]]\n" + keys_of(thing, path + ".");
  return text;
}

/// What must be said is written, and what is not the default. Where a key does not count, only the former.
template <class Thing, class Value>
[[nodiscard]] bool is_written(const detail::Field<Thing, Value>& field, const Thing& thing) {
  const bool is_default = thing.*field.member == Thing{}.*field.member;
  if (!counts(field, thing)) return field.is_needed && !is_default;
  return field.is_needed || field.is_always_written || !is_default;
}

template <class Thing, class Value>
[[nodiscard]] std::string text_of(const detail::Field<Thing, Value>& field, const Thing& thing,
                                  const std::string& path) {
  const Value& value = thing.*field.member;
  const std::string key{field.key};
  if constexpr (detail::is_list_of_tables<Value>) {
    return tables_of(value, path + key);
  } else if constexpr (std::is_same_v<Value, std::optional<Environment>>) {
    return value ? "\n[" + path + key + "]\n" + keys_of(*value, path + key + ".") : "";
  } else if constexpr (std::is_same_v<Thing, ModelDraft> && std::is_same_v<Value, Horizon>) {
    return line(key, value ? value_text(value) : "\"infinite\"");
  } else {
    return is_written(field, thing) ? line(key, value_text(value)) : "";
  }
}

template <class Thing>
[[nodiscard]] std::string text_of(const detail::PairField<Thing>& field, const Thing& thing, const std::string&) {
  return line(field.key, value_text(std::vector{thing.*field.from, thing.*field.to}));
}

template <class Thing, class Value>
[[nodiscard]] std::string text_of(const detail::PartField<Thing, Value>& field, const Thing& thing,
                                  const std::string&) {
  return keys_of(thing.*field.member);
}

template <class Thing>
[[nodiscard]] std::string text_of(const detail::WholeField& field, const Thing& thing, const std::string&) {
  return line(field.key, value_text(thing));
}

template <class Thing>
[[nodiscard]] std::string keys_of(const Thing& thing, const std::string& path) {
  if constexpr (detail::is_variant<Thing>) {
    return std::visit([](const auto& alternative) { return keys_of(alternative); }, thing);
  } else {
    std::string text;
    detail::for_each_of(detail::fields<Thing>, [&](const auto& field) { text += text_of(field, thing, path); });
    return text;
  }
}

[[nodiscard]] std::string head_text(const ModelDraft& draft) {
  std::string text = "format = 1\n\n[model]\n";
  detail::for_each_of(detail::head_fields, [&](const auto& field) { text += text_of(field, draft, ""); });
  return text;
}

}  // namespace

std::string to_toml(const Model& model) {
  const ModelDraft& draft = model.draft();
  Findings found = check(draft, unicode_rules());
  if (!found.errors.empty()) throw ModelError{std::move(found.errors)};
  return head_text(draft) + keys_of(draft);
}

}  // namespace tenure
