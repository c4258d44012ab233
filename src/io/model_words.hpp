#pragma once
// Parts of a model in words: names in quotation marks, time, discounting, numbers that are not one number.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tenure/model/model.hpp"

namespace tenure::display {

/// “name”, printable.
[[nodiscard]] std::string named(std::string_view name);

/// "a, b and c".
[[nodiscard]] std::string listed(const std::vector<std::string>& items);

/// The currency, printable; empty where the model names none.
[[nodiscard]] std::string currency_of(const Model& model);

/// "20 quarters (5 years)", or "for ever".
[[nodiscard]] std::string horizon_in_words(const Model& model);

/// "discounted at 9 % a year", "not discounted".
[[nodiscard]] std::string discounting_in_words(const Model& model);

/// The head of a page of results: the time looked at, the discounting, the currency of all amounts.
[[nodiscard]] std::string results_in_words(const Model& model);

/// "from quarter 4 to quarter 19"; empty where there is no window.
[[nodiscard]] std::string window_in_words(std::int64_t from, const std::optional<std::int64_t>& until, Period period);

/// What is known of a number besides its mean: "grows 2 % a year", "uncertain, ±6"; empty for a plain number.
[[nodiscard]] std::string peculiarities(const Number& number, Period period);

/// How many states a page shows before it counts the rest.
inline constexpr std::size_t states_shown = 200;

/// States by stage, in the model's order within each.
[[nodiscard]] std::vector<std::size_t> states_by_stage(const Model& model);

/// The head of a column of amounts, with the currency in its last line where that is short.
[[nodiscard]] std::vector<std::string> money_head(std::vector<std::string> lines, const Model& model);

}  // namespace tenure::display
