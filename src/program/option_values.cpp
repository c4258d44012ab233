// See option_values.hpp.

#include "option_values.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

#include "tenure/model/names.hpp"
#include "tenure/model/number_meant.hpp"

namespace tenure::program {
namespace {

template <class Number, class... Base>
[[nodiscard]] std::optional<Number> parsed(std::string_view text, Base... base) {
  Number value{};
  const auto end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value, base...);
  return result.ec == std::errc{} && result.ptr == end ? std::optional{value} : std::nullopt;
}

[[nodiscard]] std::optional<double> admitted(std::string_view text, const Amounts& amounts) {
  const std::optional<double> value = parsed<double>(text);
  const bool lies_within =
      value && *value >= amounts.least && *value <= amounts.most && !(amounts.above && *value == amounts.least);
  return lies_within ? std::optional{*value + 0.0} : std::nullopt;  // and -0 is 0
}

[[nodiscard]] std::optional<std::uint64_t> admitted(std::string_view text, const Counts& counts) {
  const bool hexadecimal = counts.hexadecimal && (text.starts_with("0x") || text.starts_with("0X"));
  const auto value = hexadecimal ? parsed<std::uint64_t>(text.substr(2), 16) : parsed<std::uint64_t>(text, 10);
  return value && *value >= counts.least && *value <= counts.most ? value : std::nullopt;
}

/// How to write what was meant, if that is admitted.
template <class Numbers>
[[nodiscard]] std::string remedy(std::string_view text, const Numbers& numbers) {
  if (const auto meant = number_meant(text); meant && admitted(*meant, numbers)) return "; write " + *meant;
  const bool has_separators = text.find_first_of(",'_ ") != std::string_view::npos;
  const bool is_list = has_separators && text.find_first_not_of("0123456789.,'_ ") == std::string_view::npos;
  return is_list ? "; give one number, without separators" : "";
}

}  // namespace

CLI::ValidationError refusal(const std::string& option, std::string_view text, const std::string& complaint) {
  const std::string quoted = in_quotes(text);
  return CLI::ValidationError{option, "'" + quoted.substr(1, quoted.size() - 2) + "' " + complaint};
}

double amount_in(const std::string& option, std::string_view text, const Amounts& amounts) {
  const std::optional<double> value = admitted(text, amounts);
  if (!value) throw refusal(option, text, "is no " + std::string{amounts.words} + remedy(text, amounts));
  return *value;
}

std::uint64_t count_in(const std::string& option, std::string_view text, const Counts& counts) {
  const std::optional<std::uint64_t> value = admitted(text, counts);
  if (!value) {
    throw refusal(option, text,
                  "is no whole number from " + std::to_string(counts.least) + " to " + counts.most_in_words +
                      remedy(text, counts));
  }
  return *value;
}

}  // namespace tenure::program
