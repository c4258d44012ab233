#pragma once
// A number of a model: a mean, and whatever is known about how it is not one number. The words are three different
// things and may be combined: `uncertain` (we do not know it: one draw for the whole model), `differs` (each customer
// has their own, for life), `varies` (each event draws anew). Beside them a number may be known to change with time,
// by a schedule of periods or by growth per year.

#include <cstdint>
#include <optional>
#include <vector>

#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/period.hpp"

namespace tenure {

/// A mean, what is known about how it is not one number, and how it changes with time.
struct Number {
  double mean = 0;  ///< beside a schedule that of the three words' laws alone; 0 there: the schedule's first
  std::optional<Distribution> uncertain{};
  std::optional<Distribution> differs{};
  std::optional<Distribution> varies{};
  std::vector<double> schedule{};  ///< period by period from 0, the last repeats; where given it is the mean in each
  double growth = 0;               ///< per year: mean·(1 + growth)^(t / periods per year); not beside a schedule

  Number() = default;
  Number(double value) : mean{value} {}  // NOLINT(google-explicit-constructor): a plain number is the common case
  bool operator==(const Number&) const = default;
};

/// Laws that are to be of the usual kind become so, once it is known what the number stands for.
void put_usual_kinds(Number& number, Quantity quantity);

/// The number's mean during period t.
[[nodiscard]] double mean_at(const Number& number, std::int64_t t, Period period);

/// The mean of the laws of a number's words. Beside a schedule it need not be that of any period.
[[nodiscard]] double mean_of_law(const Number& number);

/// What a value of such a law is in period t, when the number's mean is that of the schedule or has grown: it keeps its
/// ratio to the mean. A law around 0 has no ratios; there it keeps its distance.
[[nodiscard]] double value_at(const Number& number, double value, std::int64_t t, Period period);

/// By which factor what a number differs or varies by is another in period t than its laws say.
[[nodiscard]] double spread_factor_at(const Number& number, std::int64_t t, Period period);

/// Whether growth changes the number.
[[nodiscard]] inline bool grows(const Number& number) { return number.growth != 0 && number.mean != 0; }

/// Whether the number is not the same in every period.
[[nodiscard]] inline bool changes_with_time(const Number& number) {
  return number.schedule.size() > 1 || grows(number);
}

/// Whether each customer has their own.
[[nodiscard]] inline bool differs(const Number& number) {
  return number.differs && standard_deviation(*number.differs, mean_of_law(number)) > 0;
}

/// The first period from which on the number stays as it is; no value if it grows for ever.
[[nodiscard]] std::optional<std::int64_t> settles_at(const Number& number);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/quantity/number-inl.hpp"
#endif
