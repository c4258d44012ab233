#pragma once
// How long a state lasts, in whole periods from 1, where a geometric time is not good enough: a car is replaced after
// years and not by a monthly coin.

#include <string_view>
#include <variant>
#include <vector>

namespace tenure {

/// Lasts exactly so many periods.
struct FixedDwell {
  double periods = 1;
  bool operator==(const FixedDwell&) const = default;
};

/// 1 + a negative binomial number of periods, with this mean and standard deviation of the whole; sd² > mean - 1.
struct NegativeBinomialDwell {
  double mean = 1;
  double sd = 1;
  bool operator==(const NegativeBinomialDwell&) const = default;
};

/// Lasts more than k periods with probability exp(-(k / scale)^shape).
struct WeibullDwell {
  double scale = 1;
  double shape = 1;
  bool operator==(const WeibullDwell&) const = default;
};

/// Leaving hazards by time spent in the state; the last repeats.
struct TableDwell {
  std::vector<double> hazard{};
  bool operator==(const TableDwell&) const = default;
};

/// How long a state lasts.
using Dwell = std::variant<FixedDwell, NegativeBinomialDwell, WeibullDwell, TableDwell>;

/// The names of these laws, in their order.
inline constexpr std::string_view dwell_names[]{"fixed", "negative_binomial", "weibull", "table"};

/// The name of a law in files and results.
[[nodiscard]] inline std::string_view name_of(const Dwell& dwell) { return dwell_names[dwell.index()]; }

}  // namespace tenure
