#pragma once
// What is known of people who share a market beside their values one by one: 64 of them are not 64 independent lives.
// The means of those who share one are independent, and give the error of the overall mean; how much more they spread
// than 64 independent people's would is what the market does. Errors of quantiles come from sixteen parts of the run,
// each of which has markets of its own.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "tenure/engine/estimate.hpp"
#include "tenure/engine/summary.hpp"

namespace tenure {

/// How many people, one after the other, share one course of the market.
inline constexpr std::uint64_t people_of_market = 64;

/// The variance of a person's value, as far as chance decides it: for each person, or in the market for all at once.
struct SharedVariance {
  double people = 0;
  double market = 0;
};

/// How the means of people who share a market spread.
class SharedMarkets {
 public:
  static constexpr std::size_t parts = 16;

  /// As ValueSummary's.
  explicit SharedMarkets(double centre = 0, std::uint64_t expected = 0)
      : means_{centre, expected / people_of_market + 1}, part_(parts, ValueSummary{centre, expected / parts + 4096}) {}

  /// Adds the values of block number `block`, the first of which begins a market.
  void add_block(std::span<const double> values, std::uint64_t block) {
    std::vector<double> means;
    for (std::size_t first = 0; first < values.size(); first += people_of_market) {
      const std::span<const double> sharing =
          values.subspan(first, std::min<std::size_t>(people_of_market, values.size() - first));
      double sum = 0;
      for (const double value : sharing) sum += value;
      means.push_back(sum / static_cast<double>(sharing.size()));
    }
    means_.add_block(means);
    part_[block % parts].add_block(values);
  }

  void merge(SharedMarkets other) {
    means_.merge(std::move(other.means_));
    for (std::size_t k = 0; k < parts; ++k) part_[k].merge(std::move(other.part_[k]));
  }

  [[nodiscard]] std::uint64_t markets() const { return means_.count(); }

  /// The mean of all values, with the error of a mean over markets.
  [[nodiscard]] Estimate estimate(const ValueSummary& values) const {
    return {values.mean(), means_.estimate().standard_error};
  }

  /// By the one-way analysis of variance, unbiased but for what would be below 0.
  [[nodiscard]] std::optional<SharedVariance> variance(const ValueSummary& values) const {
    const std::optional<double> all = values.standard_deviation();
    const std::optional<double> between = means_.standard_deviation();
    if (!all || !between) return std::nullopt;
    const auto people = static_cast<double>(values.count());
    const auto markets = static_cast<double>(means_.count());
    const double each = people / markets;
    if (!(people > markets)) return std::nullopt;
    const double squares = *all * *all * (people - 1) - each * *between * *between * (markets - 1);
    const double within = std::max(0.0, squares / (people - markets));
    return SharedVariance{within, std::max(0.0, *between * *between - within / each)};
  }

  /// The intervals of quantiles of all values, by how far those of the parts lie from each other.
  [[nodiscard]] std::vector<Interval> quantiles(const ValueSummary& values, std::span<const double> shares) const {
    std::vector<Interval> intervals = values.quantiles(shares);
    std::vector<std::vector<Interval>> of_parts;
    for (const ValueSummary& part : part_) {
      if (part.count() > 0) of_parts.push_back(part.quantiles(shares));
    }
    for (std::size_t k = 0; k < shares.size(); ++k) {
      std::vector<double> estimates;
      for (const auto& part : of_parts) estimates.push_back(part[k].estimate);
      const double half = half_width(estimates);
      intervals[k].low = std::min(intervals[k].low, std::max(values.minimum(), intervals[k].estimate - half));
      intervals[k].high = std::max(intervals[k].high, std::min(values.maximum(), intervals[k].estimate + half));
    }
    return intervals;
  }

  /// The share of values below 0.
  [[nodiscard]] Estimate share_negative(const ValueSummary& values) const {
    std::vector<double> shares;
    for (const ValueSummary& part : part_) {
      if (part.count() > 0) shares.push_back(part.share_negative().mean);
    }
    Estimate share = values.share_negative();
    if (shares.size() > 1) share.standard_error = standard_error(shares);
    return share;
  }

 private:
  [[nodiscard]] static double standard_error(const std::vector<double>& parts_values) {
    const auto n = static_cast<double>(parts_values.size());
    double mean = 0;
    for (const double x : parts_values) mean += x / n;
    double squares = 0;
    for (const double x : parts_values) squares += (x - mean) * (x - mean);
    return std::sqrt(squares / (n - 1) / n);
  }
  /// Of a 95 % interval by Student's law, whose quantile is expanded around the normal's (Fisher and Cornish 1960).
  [[nodiscard]] static double half_width(const std::vector<double>& parts_values) {
    if (parts_values.size() < 3) return 0;
    const double nu = static_cast<double>(parts_values.size() - 1);
    const double z = standard_errors_of_95_percent;
    const double z3 = z * z * z;
    const double z5 = z3 * z * z;
    const double t = z + (z3 + z) / (4 * nu) + (5 * z5 + 16 * z3 + 3 * z) / (96 * nu * nu);
    return t * standard_error(parts_values);
  }

  ValueSummary means_;              ///< of the people of each market
  std::vector<ValueSummary> part_;  ///< of every sixteenth block
};

}  // namespace tenure
