#pragma once
// Numbers that are not one number, said in C++ as a model file says them: uncertain(0.48, sd(0.03)) is
// { mean = 0.48, uncertain = { sd = 0.03 } }. Words are put around each other where several hold:
// differs(uncertain(0.48, count(400)), sd(0.2)), varies(growing(6500, 0.02), sd(2100)).

#include <optional>
#include <utility>
#include <vector>

#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/number.hpp"

namespace tenure {

/// A number that follows a schedule, period by period; the last repeats. A mean beside it is that of its laws alone.
[[nodiscard]] inline Number scheduled(std::vector<double> values, std::optional<double> mean = {}) {
  Number number{mean.value_or(values.empty() ? 0.0 : values.front())};
  number.schedule = std::move(values);
  return number;
}
/// A number that grows by a share per year.
[[nodiscard]] inline Number growing(Number number, double growth) {
  number.growth = growth;
  return number;
}

/// A standard deviation, of the law that is usual for what the number stands for …
[[nodiscard]] inline Distribution sd(double value) { return {DistributionKind::fixed, StandardDeviation{value}, true}; }
/// … or of another: sd(2100, DistributionKind::lognormal).
[[nodiscard]] inline Distribution sd(double value, DistributionKind kind) { return {kind, StandardDeviation{value}}; }
/// As if the mean of a probability had been measured on so many customers.
[[nodiscard]] inline Distribution count(double customers) { return {DistributionKind::beta, SampleCount{customers}}; }
/// A beta law by both of its parameters; the mean is alpha / (alpha + beta).
[[nodiscard]] inline Distribution beta(double alpha, double beta) {
  return {DistributionKind::beta, BetaParameters{alpha, beta}};
}
/// A uniform law between two ends; the mean is their middle.
[[nodiscard]] inline Distribution between(double low, double high) {
  return {DistributionKind::uniform, Range{low, high}};
}

/// We do not know it: one draw for the whole model.
[[nodiscard]] inline Number uncertain(Number number, Distribution law) { return number.uncertain = law, number; }
/// Each customer has their own, for life.
[[nodiscard]] inline Number differs(Number number, Distribution law) { return number.differs = law, number; }
/// Each event draws anew.
[[nodiscard]] inline Number varies(Number number, Distribution law) { return number.varies = law, number; }

/// The same around the mean that a law brings along: uncertain(beta(12, 13)), varies(between(20, 40)).
[[nodiscard]] inline Number uncertain(Distribution law) { return uncertain(implied_mean(law.spread).value_or(0), law); }
/// The same of people.
[[nodiscard]] inline Number differs(Distribution law) { return differs(implied_mean(law.spread).value_or(0), law); }
/// The same of events.
[[nodiscard]] inline Number varies(Distribution law) { return varies(implied_mean(law.spread).value_or(0), law); }

}  // namespace tenure
