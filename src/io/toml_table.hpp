#pragma once
// Reading one TOML table: each key is asked for by name and type, the place of everything read is remembered, and what
// nobody asked for is reported with the nearest key that somebody did.

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "tenure/io/model_file.hpp"
#include "tenure/model/findings.hpp"

namespace tenure::detail {

/// What reading a file has gathered so far.
struct Reading {
  Findings found{};
  SourceMap places{};
  std::set<std::string> unread{};  ///< paths whose values are not what the file says, because they could not be read
};

/// The type of a node, in words for a message.
[[nodiscard]] std::string words_for(const toml::node& node);

class TomlTable {
 public:
  TomlTable(const toml::table& table, std::string path, Reading& reading);

  [[nodiscard]] bool has(std::string_view key) const { return table_->contains(key); }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string path_of(std::string_view key) const;

  /// Values that may be left out. A value of another type is a problem, and counts as left out.
  [[nodiscard]] std::optional<std::string> text(std::string_view key);
  [[nodiscard]] std::optional<double> number(std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key);
  [[nodiscard]] std::optional<bool> flag(std::string_view key);
  [[nodiscard]] std::optional<std::vector<double>> numbers(std::string_view key);
  [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view key);
  [[nodiscard]] std::optional<std::vector<std::vector<double>>> matrix(std::string_view key);
  [[nodiscard]] std::optional<std::map<std::string, double>> shares(std::string_view key);
  [[nodiscard]] std::optional<std::pair<std::string, std::string>> pair(std::string_view key);
  [[nodiscard]] std::optional<TomlTable> table(std::string_view key);
  /// The tables of an array of tables; none if it is left out.
  [[nodiscard]] std::vector<TomlTable> tables(std::string_view key);
  /// The node itself, for values that may be of several types.
  [[nodiscard]] const toml::node* node(std::string_view key);

  /// The place of one of several words.
  template <class Enum, class Names>
  [[nodiscard]] std::optional<Enum> choice(std::string_view key, const Names& names) {
    const std::optional<std::string> word = text(key);
    if (!word) return std::nullopt;
    for (std::size_t k = 0; k < std::size(names); ++k) {
      if (names[k] == *word) return static_cast<Enum>(k);
    }
    report_choice(key, *word, {std::begin(names), std::end(names)});
    return std::nullopt;
  }

  void require(std::string_view key, std::string_view what);
  /// A problem that makes the value of a key, or of the whole table, something else than what the file says.
  void problem(std::string_view code, std::string_view key, std::string message, std::string hint);
  /// Nothing of this table, or of a key, counts: a part on which all depends could not be read.
  void leave_unread() { reading_->unread.insert(path_); }
  void leave_unread(std::string_view key) { reading_->unread.insert(path_of(key)); }
  void wrong_type(std::string_view key, const toml::node& node, std::string_view wanted);
  /// Reports the keys that were never asked for.
  void finish();

 private:
  [[nodiscard]] std::optional<double> exact(std::string_view key, std::int64_t whole);
  [[nodiscard]] std::optional<double> finite(std::string_view key, const toml::node& node);
  void report_choice(std::string_view key, const std::string& word, std::vector<std::string> names);
  void remember(const std::string& path, const toml::node& node);
  void report(std::string_view code, const std::string& path, std::string message, std::string hint);

  const toml::table* table_;
  std::string path_;
  Reading* reading_;
  std::vector<std::string> asked_{};
};

}  // namespace tenure::detail
