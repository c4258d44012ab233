#pragma once
// Numbers for people: rounded to what can be read, with commas between thousands, and periods as years and months. What
// does not exist is a dash. Nothing here depends on the locale.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tenure/quantity/period.hpp"

namespace tenure::display {

inline constexpr std::string_view dash = "–";

/// How the numbers of one column are rounded, so that their digits stand under each other.
struct Rounding {
  int decimals = 0;         ///< that are written
  bool scientific = false;  ///< where a number has too many digits to be read
};

/// Whole numbers where the largest is large, two decimals where it is not, three digits where it is tiny.
[[nodiscard]] Rounding rounding_for(std::span<const double> amounts);
[[nodiscard]] Rounding rounding_for(double amount);

/// People: whole from a hundred on.
[[nodiscard]] Rounding people_rounding_for(std::span<const double> counts);

/// Shares as percentages: as few decimals as still tell different ones apart, up to three.
[[nodiscard]] Rounding percent_rounding_for(std::span<const double> shares);

/// The place of an error's first digit, beyond which digits mean nothing: 1 for tenths, -3 for thousands; 99 without
/// an error.
[[nodiscard]] int decimals_within(double error);
/// A number less the digits that its error takes from it.
[[nodiscard]] double rounded_to(double value, double error);

[[nodiscard]] std::string figure(double value, Rounding rounding);
[[nodiscard]] std::string percent(double share, Rounding rounding);

/// A number on its own.
[[nodiscard]] std::string figure(double value);
[[nodiscard]] std::string percent(double share);
[[nodiscard]] std::string head_count(double people);
/// "1,200 USD"; the number alone where the model names no currency. Rounded to what its error allows, if it has one.
[[nodiscard]] std::string money(double amount, std::string_view currency, double error = 0);
/// Four digits without an exponent, such as 0.01514, 3,409 and 613,900,000; grouped.
[[nodiscard]] std::string in_four_digits(double value);
/// An error: two digits, "0.0012", "17,000".
[[nodiscard]] std::string in_two_digits(double value);
/// "0.06 %" of an error that is a share.
[[nodiscard]] std::string error_percent(double share);
/// A number as somebody wrote it, rounded to six digits or to a whole number: 0.05, 12, 45,000.
[[nodiscard]] std::string as_written(double value);

/// A whole column, each number rounded alike; what does not exist is a dash.
using Figures = std::vector<std::optional<double>>;
[[nodiscard]] std::vector<std::string> figures(const Figures& values);
[[nodiscard]] std::vector<std::string> percents(const Figures& shares);
[[nodiscard]] std::vector<std::string> head_counts(const Figures& people);
/// The same of numbers with errors, of which none shows more digits than its error allows. An error that does not exist
/// is none.
[[nodiscard]] std::vector<std::string> figures(const Figures& values, const Figures& errors);
[[nodiscard]] std::vector<std::string> percents(const Figures& shares, const Figures& errors);
[[nodiscard]] std::vector<std::string> head_counts(const Figures& people, const Figures& errors);
/// Errors themselves, to two digits.
[[nodiscard]] std::vector<std::string> errors_of(const Figures& errors);
/// The errors of a column whose figures are known to within a share of the largest of them.
[[nodiscard]] Figures errors_within(const Figures& values, double share_of_largest);

/// "1 quarter", "20 quarters".
[[nodiscard]] std::string counted(std::int64_t count, std::string_view thing);
/// Calendar time in words: "3 years and 2 months", "about 5 months", "12 days".
[[nodiscard]] std::string span_in_words(std::int64_t periods, Period period);
/// The same for narrow columns: "3 y 2 m".
[[nodiscard]] std::string span_in_short(std::int64_t periods, Period period);

}  // namespace tenure::display
