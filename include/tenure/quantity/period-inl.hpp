#pragma once
// The bodies of tenure/quantity/period.hpp.

#include <cmath>
#include <cstdint>

#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/period.hpp"

namespace tenure {

TENURE_INLINE std::int64_t periods_in(Span span, Period period) {
  const PeriodsPerYear from = periods_per_year(span.unit);
  const PeriodsPerYear to = periods_per_year(period);
  const double exact = span.count * (to.numerator * from.denominator) / (to.denominator * from.numerator);
  return exact < 1.5 ? 1 : static_cast<std::int64_t>(std::floor(exact + 0.5));
}

TENURE_INLINE double growth_over(double annual_rate, double periods, Period period) {
  if (annual_rate == 0) return 1;
  const PeriodsPerYear year = periods_per_year(period);
  return power(detail::two_sum(1, annual_rate), periods * year.denominator, year.numerator);
}

}  // namespace tenure
