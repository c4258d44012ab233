#pragma once
// What the distribution engine answers: the law of one person's value, as probabilities on points, with a proved bound
// on how far the points may be from the truth.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tenure/quantity/error.hpp"

namespace tenure {

/// Equal bins: probability[k] lies in [edges[k], edges[k + 1]), in the last bin with its end.
struct ProbabilityBins {
  std::vector<double> edges{};
  std::vector<double> probability{};
  double below = 0;  ///< probability of values under the first edge
  double above = 0;  ///< and over the last
};

/// Two figures, the truth between them.
struct ProvedRange {
  double low = 0;
  double high = 0;
};

/// F(x) = P(V <= x) of the person's value V, in the money of the epoch of entry. With e = `error` and
/// q = `probability_error`, the true F satisfies F(x - e) - q <= cdf(x) <= F(x + e) + q for every x.
struct ValueDistribution {
  double mean = 0;
  double sd = 0;
  std::optional<double> skewness{};  ///< none where the value is certain
  double minimum = 0;                ///< attainable within `horizon`, however unlikely
  double maximum = 0;
  double share_negative = 0;  ///< P(V < 0)

  double error = 0;              ///< in money
  double probability_error = 0;  ///< about 1e-9, or nothing
  double step = 0;               ///< between neighbouring points of the lattice; 0 where every life is certain
  std::int64_t horizon = 0;      ///< the periods that were looked at

  std::vector<double> value{};       ///< the points, ascending
  std::vector<double> cumulative{};  ///< probability of this value or less; the last is 1

  /// P(V <= x).
  [[nodiscard]] double cdf(double x) const {
    if (!(x >= minimum)) return 0;
    if (x >= maximum) return 1;
    return cumulative_before(static_cast<std::size_t>(std::upper_bound(value.begin(), value.end(), x) - value.begin()));
  }

  /// The smallest value v with P(V <= v) >= p. The ends of [0, 1] give the attainable minimum and maximum.
  [[nodiscard]] double quantile(double p) const {
    if (!(p >= 0 && p <= 1)) {
      throw ModelError{
          {{"probability", "quantile", std::to_string(p) + " is not a probability", "give a number from 0 to 1", {}}}};
    }
    if (p == 0) return minimum;
    if (p == 1) return maximum;
    const auto place = std::lower_bound(cumulative.begin(), cumulative.end() - 1, p - rounding_of_sums);
    return std::clamp(value[static_cast<std::size_t>(place - cumulative.begin())], minimum, maximum);
  }

  /// Between what the true quantile lies, for certain.
  [[nodiscard]] ProvedRange quantile_range(double p) const {
    const double below = p - probability_error;
    const double above = p + probability_error;
    return {below > 0 ? std::max(minimum, quantile(below) - error) : minimum,
            above < 1 ? std::min(maximum, quantile(above) + error) : maximum};
  }

  /// Equal bins from `low` to `high`; one bin where there is nothing between them.
  [[nodiscard]] ProbabilityBins bins(std::size_t count, double low, double high) const {
    ProbabilityBins bins;
    if (!(low < high && count > 1)) count = 1;
    for (std::size_t k = 0; k < count; ++k) {
      bins.edges.push_back(low + (high - low) * (static_cast<double>(k) / static_cast<double>(count)));
    }
    bins.edges.push_back(high);
    bins.below = probability_below(low);
    double before = bins.below;
    for (std::size_t k = 1; k < count; ++k) {
      const double until = probability_below(bins.edges[k]);
      bins.probability.push_back(until - before);
      before = until;
    }
    bins.probability.push_back(cdf(high) - before);
    bins.above = 1 - cdf(high);
    return bins;
  }

  /// Equal bins over the middle 99.8 % of the distribution.
  [[nodiscard]] ProbabilityBins bins(std::size_t count) const { return bins(count, quantile(0.001), quantile(0.999)); }

 private:
  static constexpr double rounding_of_sums = 1e-13;

  [[nodiscard]] double cumulative_before(std::size_t place) const { return place == 0 ? 0 : cumulative[place - 1]; }
  /// P(V < x).
  [[nodiscard]] double probability_below(double x) const {
    if (!(x > minimum)) return 0;
    if (x > maximum) return 1;
    return cumulative_before(static_cast<std::size_t>(std::lower_bound(value.begin(), value.end(), x) - value.begin()));
  }
};

}  // namespace tenure
