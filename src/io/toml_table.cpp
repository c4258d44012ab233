// See toml_table.hpp.

#include "toml_table.hpp"

#include <algorithm>
#include <cmath>

#include "tenure/io/unicode.hpp"
#include "tenure/model/names.hpp"

namespace tenure::detail {
namespace {

[[nodiscard]] Location location_of(const toml::node& node) {
  return {node.source().begin.line, node.source().begin.column};
}

/// "lever.effect" of "lever[2].effect": the name in the header of a table.
[[nodiscard]] std::string without_places(std::string_view path) {
  std::string name;
  bool within = false;
  for (const char character : path) {
    if (character == '[') within = true;
    if (!within) name += character;
    if (character == ']') within = false;
  }
  return name;
}

/// At most so many bytes of a text, cut between characters.
[[nodiscard]] std::string cut(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  return text.substr(0, bytes) + "…";
}

}  // namespace

std::string words_for(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return "the text " + in_quotes(node.as_string()->get());
    case toml::node_type::integer:
      return "the whole number " + std::to_string(node.as_integer()->get());
    case toml::node_type::floating_point:
      return "the number " + shortest(node.as_floating_point()->get());
    case toml::node_type::boolean:
      return node.as_boolean()->get() ? "true" : "false";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::table:
      return "a table";
    default:
      return "a date or time";
  }
}

TomlTable::TomlTable(const toml::table& table, std::string path, Reading& reading)
    : table_{&table}, path_{std::move(path)}, reading_{&reading} {
  remember(path_, table);
}

std::string TomlTable::path_of(std::string_view key) const {
  return path_.empty() ? std::string{key} : path_ + "." + std::string{key};
}

void TomlTable::remember(const std::string& path, const toml::node& node) {
  reading_->places.emplace(path, location_of(node));
}

const toml::node* TomlTable::node(std::string_view key) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
  const toml::node* found = table_->get(key);
  if (found) remember(path_of(key), *found);
  return found;
}

void TomlTable::report(std::string_view code, const std::string& path, std::string message, std::string hint) {
  Problem found{std::string{code}, path, std::move(message), std::move(hint), {}};
  const auto place = reading_->places.find(path);
  found.location = place != reading_->places.end() ? place->second : location_of(*table_);
  reading_->found.errors.push_back(std::move(found));
}

void TomlTable::problem(std::string_view code, std::string_view key, std::string message, std::string hint) {
  const std::string path = key.empty() ? path_ : path_of(key);
  reading_->unread.insert(path);
  report(code, path, std::move(message), std::move(hint));
}

void TomlTable::wrong_type(std::string_view key, const toml::node& node, std::string_view wanted) {
  problem("type", key, "found " + words_for(node), "give " + std::string{wanted});
}

void TomlTable::require(std::string_view key, std::string_view what) {
  if (has(key)) return;
  reading_->unread.insert(path_of(key));
  report("missing", path_, "`" + std::string{key} + "` is missing", "give " + std::string{what});
}

/// A whole number as a double, unless that would change it.
std::optional<double> TomlTable::exact(std::string_view key, std::int64_t whole) {
  const auto value = static_cast<double>(whole);
  if (value < 0x1p63 && static_cast<std::int64_t>(value) == whole) return value;
  problem("precision", key,
          "the whole number " + std::to_string(whole) + " has more digits than double precision holds",
          "the nearest that it holds is " + shortest(value) + "; write that, with a decimal point");
  return std::nullopt;
}

std::optional<double> TomlTable::finite(std::string_view key, const toml::node& node) {
  if (node.is_integer()) return exact(key, node.as_integer()->get());
  const std::optional<double> value = node.is_number() ? node.value<double>() : std::nullopt;
  if (!value) {
    wrong_type(key, node, "a number, without quotes");
    return std::nullopt;
  }
  if (!std::isfinite(*value)) {
    problem("not-finite", key, shortest(*value) + " is not a finite number", "give a finite number");
    return std::nullopt;
  }
  return value;
}

std::optional<std::string> TomlTable::text(std::string_view key) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  if (!found->is_string()) {
    wrong_type(key, *found, "a text in quotes");
    return std::nullopt;
  }
  return found->as_string()->get();
}

std::optional<double> TomlTable::number(std::string_view key) {
  const toml::node* found = node(key);
  return found ? finite(key, *found) : std::nullopt;
}

std::optional<std::int64_t> TomlTable::integer(std::string_view key) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  if (!found->is_integer()) {
    wrong_type(key, *found, "a whole number");
    return std::nullopt;
  }
  return found->as_integer()->get();
}

std::optional<bool> TomlTable::flag(std::string_view key) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  if (!found->is_boolean()) {
    wrong_type(key, *found, "true or false");
    return std::nullopt;
  }
  return found->as_boolean()->get();
}

std::optional<std::vector<double>> TomlTable::numbers(std::string_view key) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  if (!found->is_array()) {
    wrong_type(key, *found, "an array of numbers");
    return std::nullopt;
  }
  std::vector<double> values;
  for (const toml::node& element : *found->as_array()) {
    if (const auto value = finite(key, element))
      values.push_back(*value);
    else
      return std::nullopt;
  }
  return values;
}

std::optional<std::vector<std::string>> TomlTable::texts(std::string_view key) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  if (!found->is_array()) {
    wrong_type(key, *found, "an array of texts");
    return std::nullopt;
  }
  std::vector<std::string> values;
  for (const toml::node& element : *found->as_array()) {
    if (!element.is_string()) {
      wrong_type(key, element, "an array of texts");
      return std::nullopt;
    }
    values.push_back(element.as_string()->get());
  }
  return values;
}

std::optional<std::vector<std::vector<double>>> TomlTable::matrix(std::string_view key) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  if (!found->is_array()) {
    wrong_type(key, *found, "an array of rows");
    return std::nullopt;
  }
  std::vector<std::vector<double>> rows;
  for (const toml::node& row : *found->as_array()) {
    if (!row.is_array()) {
      wrong_type(key, row, "an array of rows, each an array of numbers");
      return std::nullopt;
    }
    rows.emplace_back();
    for (const toml::node& element : *row.as_array()) {
      const auto value = finite(key, element);
      if (!value) return std::nullopt;
      rows.back().push_back(*value);
    }
  }
  return rows;
}

std::optional<std::map<std::string, double>> TomlTable::shares(std::string_view key) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  if (!found->is_table()) {
    wrong_type(key, *found, "a table such as { name = 0.5 }");
    return std::nullopt;
  }
  std::map<std::string, double> values;
  for (const auto& [name, element] : *found->as_table()) {
    if (const auto value = finite(key, element)) values.emplace(std::string{name.str()}, *value);
  }
  return values;
}

std::optional<std::pair<std::string, std::string>> TomlTable::pair(std::string_view key) {
  const std::optional<std::vector<std::string>> names = texts(key);
  if (!names) return std::nullopt;
  if (names->size() != 2) {
    problem("type", key, "found an array of " + std::to_string(names->size()) + " texts", "give [\"from\", \"to\"]");
    return std::nullopt;
  }
  return std::pair{names->front(), names->back()};
}

std::optional<TomlTable> TomlTable::table(std::string_view key) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  if (!found->is_table()) {
    const std::string name{key};
    wrong_type(key, *found, path_.empty() ? "a table, [" + name + "]" : "a table, " + name + " = { … }");
    return std::nullopt;
  }
  return TomlTable{*found->as_table(), path_of(key), *reading_};
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) {
  std::vector<TomlTable> result;
  const toml::node* found = node(key);
  if (!found) return result;
  const std::string wanted = "an array of tables, [[" + without_places(path_of(key)) + "]]";
  if (!found->is_array()) {
    wrong_type(key, *found, wanted);
    return result;
  }
  for (const toml::node& element : *found->as_array()) {
    if (element.is_table())
      result.emplace_back(*element.as_table(), place(path_of(key), result.size()), *reading_);
    else
      wrong_type(key, element, wanted);
  }
  return result;
}

void TomlTable::report_choice(std::string_view key, const std::string& word, std::vector<std::string> names) {
  std::string allowed;
  for (const std::string& name : names) allowed += (allowed.empty() ? "" : ", ") + in_quotes(name);
  const auto nearest = nearest_name(word, names, unicode_rules());
  problem("choice", key, in_quotes(word) + " is not known here",
          "give one of " + allowed + (nearest ? "; did you mean " + in_quotes(*nearest) + "?" : ""));
}

void TomlTable::finish() {
  for (const auto& [key, element] : *table_) {
    const std::string name{key.str()};
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    const Location place{key.source().begin.line, key.source().begin.column};
    reading_->found.errors.push_back({"unknown-key", cut(path_of(name), 200),
                                      "there is no key " + in_quotes(name) + " here",
                                      suggestion(name, asked_, unicode_rules()), place});
  }
}

}  // namespace tenure::detail
