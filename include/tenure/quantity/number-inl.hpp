#pragma once
// The bodies of tenure/quantity/number.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/number.hpp"
#include "tenure/quantity/period.hpp"

namespace tenure {

TENURE_INLINE void put_usual_kinds(Number& number, Quantity quantity) {
  for (auto* law : {&number.uncertain, &number.differs, &number.varies}) {
    if (!*law || !(*law)->of_usual_kind) continue;
    (*law)->kind = usual_kind(quantity, law == &number.varies);
    (*law)->of_usual_kind = false;
  }
}

TENURE_INLINE double mean_at(const Number& number, std::int64_t t, Period period) {
  if (!number.schedule.empty()) {
    const auto last = static_cast<std::int64_t>(number.schedule.size()) - 1;
    return number.schedule[static_cast<std::size_t>(std::min(t, last))];
  }
  if (number.growth == 0) return number.mean;
  return number.mean * growth_over(number.growth, static_cast<double>(t), period);
}

TENURE_INLINE double mean_of_law(const Number& number) {
  return number.mean == 0 && !number.schedule.empty() ? number.schedule.front() : number.mean;
}

TENURE_INLINE double value_at(const Number& number, double value, std::int64_t t, Period period) {
  const double of_law = mean_of_law(number);
  const double mean = mean_at(number, t, period);
  if (mean == of_law) return value;
  return of_law != 0 ? mean * (value / of_law) : mean + value;
}

TENURE_INLINE double spread_factor_at(const Number& number, std::int64_t t, Period period) {
  const double of_law = mean_of_law(number);
  const double mean = mean_at(number, t, period);
  return mean == of_law || of_law == 0 ? 1 : std::abs(mean / of_law);
}

TENURE_INLINE std::optional<std::int64_t> settles_at(const Number& number) {
  if (!number.schedule.empty()) return static_cast<std::int64_t>(number.schedule.size()) - 1;
  if (grows(number)) return std::nullopt;
  return 0;
}

}  // namespace tenure
