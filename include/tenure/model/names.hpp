#pragma once
// Names: which are admissible, which look alike, and which known one was probably meant. All of it without Unicode's
// tables, unless rules are given that have them: those of tenure/io/unicode.hpp.

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tenure/quantity/compiled.hpp"

namespace tenure {

namespace detail {

[[nodiscard]] bool contains_control_character(std::string_view text);

}  // namespace detail

/// A name without blanks around it and without capitals, of ASCII alone.
[[nodiscard]] std::string folded_name(std::string_view name);

/// What names are judged by besides their bytes.
struct NameRules {
  /// Whether a part of a text cannot be seen, or turns the rest round, so that a name could pass for another.
  bool (*hides)(std::string_view text) = [](std::string_view) { return false; };
  /// What two names have in common that look alike.
  std::string (*key)(std::string_view name) = folded_name;
};

/// Why a text cannot be a name; nothing if it can.
[[nodiscard]] std::optional<std::string> name_refusal(std::string_view name, NameRules rules = {});

/// Whether a text, which need not be a name, has neither control characters nor hidden ones.
[[nodiscard]] bool is_plain(std::string_view text, NameRules rules);

/// Quoted for a message: control characters escaped, long texts cut.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// The known name nearest to a mistyped one, if any is near enough to have been meant.
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view mistyped, std::span<const std::string> known,
                                                      NameRules rules = {});

/// "did you mean "owner"?", or the first few of what is known.
[[nodiscard]] std::string suggestion(std::string_view mistyped, std::span<const std::string> known,
                                     NameRules rules = {});

/// The place of each name in a list; an ordered map, so that no choice of names can slow it down.
class NameIndex {
 public:
  NameIndex() = default;
  explicit NameIndex(std::vector<std::string> names) : names_{std::move(names)} {
    for (std::size_t i = 0; i < names_.size(); ++i) places_.emplace(names_[i], i);
  }
  [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const {
    const auto found = places_.find(name);
    return found == places_.end() ? std::nullopt : std::optional{found->second};
  }
  [[nodiscard]] bool contains(const std::string& name) const { return places_.contains(name); }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::size_t> places_;
};

/// The names of a list of things that have one.
template <class Things>
[[nodiscard]] std::vector<std::string> names_of(const Things& things) {
  std::vector<std::string> names;
  names.reserve(things.size());
  for (const auto& thing : things) names.push_back(thing.name);
  return names;
}

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/model/names-inl.hpp"
#endif
