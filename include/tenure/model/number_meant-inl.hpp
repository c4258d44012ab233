#pragma once
// The bodies of tenure/model/number_meant.hpp.

#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "tenure/model/number_meant.hpp"

namespace tenure {

namespace detail {

struct NumberSuffix {
  std::string_view word;
  double factor;
};

inline constexpr NumberSuffix number_suffixes[]{{"thousand", 1e3}, {"million", 1e6}, {"mio", 1e6}, {"mn", 1e6},
                                                {"billion", 1e9},  {"bn", 1e9},      {"k", 1e3},   {"K", 1e3},
                                                {"m", 1e6},        {"M", 1e6},       {"B", 1e9},   {"%", 0.01}};

TENURE_INLINE std::optional<double> whole_number_text(std::string_view text) {
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// Without separators of thousands, with a decimal point; nothing where groups of digits leave a doubt which is which.
[[nodiscard]] inline std::optional<std::string> without_separators(std::string_view text) {
  constexpr std::string_view marks = ",.'_ ";
  const std::size_t first = text.find_first_of(marks);
  const std::size_t last = text.find_last_of(marks);
  if (first == std::string_view::npos) return std::string{text};
  const bool alone = first == last;
  const bool decimal_comma = alone && text[last] == ',' && text.size() - last != 4;  // "1,5", but not "3,000"
  const bool has_decimals = text[first] != text[last] || (alone && text[last] == '.') || decimal_comma;
  const std::string_view whole = text.substr(0, has_decimals ? last : text.size());
  std::string digits;
  for (std::size_t begin = 0;;) {
    const std::size_t end = whole.find_first_of(marks, begin);
    const std::string_view group = whole.substr(begin, end - begin);
    if (begin > 0 && group.size() != 3) return std::nullopt;
    digits += group;
    if (end == std::string_view::npos) break;
    if (whole[end] != text[first]) return std::nullopt;
    begin = end + 1;
  }
  return has_decimals ? digits + "." + std::string{text.substr(last + 1)} : digits;
}

}  // namespace detail

TENURE_INLINE std::optional<std::string> number_meant(std::string_view text) {
  constexpr std::size_t longest = 40;
  constexpr std::string_view money[]{"$", "\u20ac", "\u00a3", "USD", "EUR", "+"};
  if (text.size() > longest) return std::nullopt;
  const auto trim = [&] {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
  };
  trim();
  for (const std::string_view sign : money) {
    if (text.starts_with(sign)) text.remove_prefix(sign.size());
    if (text.ends_with(sign)) text.remove_suffix(sign.size());
    trim();
  }
  double factor = 1;
  for (const detail::NumberSuffix& suffix : detail::number_suffixes) {
    if (factor == 1 && text.ends_with(suffix.word)) {
      factor = suffix.factor;
      text.remove_suffix(suffix.word.size());
    }
  }
  trim();
  const auto digits = detail::without_separators(text);
  const auto value = digits ? detail::whole_number_text(*digits) : std::nullopt;
  if (!value) return std::nullopt;
  char buffer[400];
  const double meant = factor < 1 ? *value / 100 : *value * factor;
  const bool is_plain = std::abs(meant) < 1e15 && (meant == 0 || std::abs(meant) >= 1e-5);
  const auto end = is_plain ? std::to_chars(buffer, buffer + sizeof buffer, meant, std::chars_format::fixed)
                            : std::to_chars(buffer, buffer + sizeof buffer, meant);
  return std::string{buffer, end.ptr};
}

}  // namespace tenure
