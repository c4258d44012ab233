#pragma once
// Time is counted in whole periods. A year has 365.25 days, 365.25/7 weeks, 12 months, 4 quarters; every conversion
// between calendar spans, annual rates and periods is here and nowhere else.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// The unit in which time is counted.
enum class Period : std::uint8_t { day, week, month, quarter, year };

/// The names of periods, in their order.
inline constexpr std::array<std::string_view, 5> period_names{"day", "week", "month", "quarter", "year"};

/// The name of a period in files and results.
[[nodiscard]] constexpr std::string_view name_of(Period period) {
  return period_names[static_cast<std::size_t>(period)];
}

/// A number of periods per year as an exact quotient, since 365.25/7 is no binary number.
struct PeriodsPerYear {
  double numerator = 1;
  double denominator = 1;
  [[nodiscard]] constexpr double rounded() const { return numerator / denominator; }
};

/// How many such periods a year has.
[[nodiscard]] constexpr PeriodsPerYear periods_per_year(Period period) {
  switch (period) {
    case Period::day:
      return {365.25, 1};
    case Period::week:
      return {365.25, 7};
    case Period::month:
      return {12, 1};
    case Period::quarter:
      return {4, 1};
    case Period::year:
      break;
  }
  return {1, 1};
}

/// A stretch of calendar time, such as 20 years.
struct Span {
  double count = 0;
  Period unit = Period::year;
};

/// The nearest whole number of periods in a span, at least one.
[[nodiscard]] std::int64_t periods_in(Span span, Period period);

/// How long a model looks ahead: a whole number of periods, or for ever (no value).
using Horizon = std::optional<std::int64_t>;

/// For ever.
inline constexpr Horizon infinite_horizon = std::nullopt;

/// (1 + annual_rate)^(periods / periods per year): what an amount has grown to after that many periods.
[[nodiscard]] double growth_over(double annual_rate, double periods, Period period);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/quantity/period-inl.hpp"
#endif
