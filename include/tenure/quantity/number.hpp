#pragma once
// A number of a model: a mean, and whatever is known about how it is not one number. The words are three different
// things and may be combined: `uncertain` (we do not know it: one draw for the whole model), `differs` (each customer
// has their own, for life), `varies` (each event draws anew). Beside them a number may be known to change with time,
// by a schedule of periods or by growth per year.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/period.hpp"

namespace tenure {

struct Number {
  double mean = 0;
  std::optional<Distribution> uncertain{};
  std::optional<Distribution> differs{};
  std::optional<Distribution> varies{};
  std::vector<double> schedule{};  ///< period by period from 0, the last repeats; where given it stands for the mean
  double growth = 0;               ///< per year: mean·(1 + growth)^(t / periods per year); not beside a schedule

  Number() = default;
  Number(double value) : mean{value} {}  // NOLINT(google-explicit-constructor): a plain number is the common case
  bool operator==(const Number&) const = default;
};

/// The number's mean during period t.
[[nodiscard]] inline double mean_at(const Number& number, std::int64_t t, Period period) {
  if (!number.schedule.empty()) {
    const auto last = static_cast<std::int64_t>(number.schedule.size()) - 1;
    return number.schedule[static_cast<std::size_t>(std::min(t, last))];
  }
  if (number.growth == 0) return number.mean;
  return number.mean * growth_over(number.growth, static_cast<double>(t), period);
}

[[nodiscard]] inline bool grows(const Number& number) { return number.growth != 0 && number.mean != 0; }

[[nodiscard]] inline bool changes_with_time(const Number& number) { return number.schedule.size() > 1 || grows(number); }

/// Whether each customer has their own.
[[nodiscard]] inline bool differs(const Number& number) {
  return number.differs && standard_deviation(*number.differs, number.mean) > 0;
}

/// The first period from which on the number stays as it is; no value if it grows for ever.
[[nodiscard]] inline std::optional<std::int64_t> settles_at(const Number& number) {
  if (!number.schedule.empty()) return static_cast<std::int64_t>(number.schedule.size()) - 1;
  if (grows(number)) return std::nullopt;
  return 0;
}

}  // namespace tenure
