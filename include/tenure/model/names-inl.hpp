#pragma once
// The bodies of tenure/model/names.hpp.

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tenure/model/detail/characters.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure {

namespace detail {

TENURE_INLINE bool contains_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;  // C1
  }
  return false;
}

[[nodiscard]] inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace detail

TENURE_INLINE std::string folded_name(std::string_view name) {
  constexpr std::string_view blanks = " \t";
  const std::size_t first = name.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  std::string folded{name.substr(first, name.find_last_not_of(blanks) - first + 1)};
  for (char& letter : folded) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return folded;
}

TENURE_INLINE bool is_plain(std::string_view text, NameRules rules) {
  return !detail::contains_control_character(text) && !rules.hides(text);
}

TENURE_INLINE std::optional<std::string> name_refusal(std::string_view name, NameRules rules) {
  if (name.find_first_not_of(' ') == std::string_view::npos) return "a name must not be empty";
  if (name.size() > limits::name_bytes) {
    return "a name of " + std::to_string(name.size()) + " bytes is longer than " + std::to_string(limits::name_bytes);
  }
  if (!detail::is_utf8(name)) return "a name must be UTF-8";
  if (detail::contains_control_character(name)) return "a name must not contain control characters";
  if (rules.hides(name)) return "a name must not contain invisible or text-direction characters";
  return std::nullopt;
}

TENURE_INLINE std::string in_quotes(std::string_view text) {
  constexpr std::size_t shown = 80;
  constexpr char digits[] = "0123456789abcdef";
  std::string result = "\"";
  std::size_t cut = std::min(text.size(), shown);
  while (cut < text.size() && cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
  for (const char character : text.substr(0, cut)) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x20 || byte == 0x7f) {
      result += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    } else {
      result += character;
    }
  }
  return result + (cut < text.size() ? "…\"" : "\"");
}

TENURE_INLINE std::optional<std::string> nearest_name(std::string_view mistyped, std::span<const std::string> known,
                                                      NameRules rules) {
  const std::string wanted = rules.key(mistyped);
  std::optional<std::string> best;
  std::size_t least = wanted.size() / 2 + 1;  // half of the letters may be wrong, no more
  if (mistyped.size() > limits::name_bytes) return best;
  for (const std::string& name : known) {
    const std::size_t distance = detail::edit_distance(wanted, rules.key(name));
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
}

TENURE_INLINE std::string suggestion(std::string_view mistyped, std::span<const std::string> known, NameRules rules) {
  if (const auto nearest = nearest_name(mistyped, known, rules)) return "did you mean " + in_quotes(*nearest) + "?";
  if (known.empty()) return "there are none";
  constexpr std::size_t shown = 8;
  std::string text = "known are ";
  for (std::size_t i = 0; i < std::min(shown, known.size()); ++i) text += (i ? ", " : "") + in_quotes(known[i]);
  return text + (known.size() > shown ? ", …" : "");
}

}  // namespace tenure
