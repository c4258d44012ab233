#pragma once
// What is kept of many simulated values, so that the many need not be. A summary of people 0 … n-1 is the same, to the
// last bit, however they were divided among threads and machines and in whichever order the parts were merged: moments
// are exact sums, extremes and counts are what they are, and quantiles come from the values themselves in runs of up to
// ten million of them and from a histogram of logarithmic buckets in larger ones.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "tenure/engine/estimate.hpp"
#include "tenure/engine/kept_values.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/exact_sum.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure {

/// Counts of values by sign, power of two and 128 equal steps within it: the middle of a bucket is within 0.4 % of
/// everything in it.
class LogBuckets {
 public:
  void add(double value) { ++count_of(bucket_of(value)); }
  void add(const LogBuckets& other) {
    other.for_each_bucket([&](std::size_t bucket, std::uint64_t count) { count_of(bucket) += count; });
  }
  /// The middle of the bucket that holds the value of a rank, counted from 0 in ascending order.
  [[nodiscard]] double value_at_rank(std::uint64_t rank) const;
  /// Calls visit(middle, count) for each bucket that holds something, in ascending order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for_each_bucket([&](std::size_t bucket, std::uint64_t count) { visit(middle_of(bucket), count); });
  }
  bool operator==(const LogBuckets& other) const;

 private:
  static constexpr std::size_t steps = 128;  ///< of one power of two
  static constexpr std::size_t of_one_sign = 2048 * steps;
  using Page = std::array<std::uint64_t, steps>;  ///< one sign and power of two

  /// Ascending with the value: negative values come first, the largest magnitude before all.
  [[nodiscard]] static std::size_t bucket_of(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);  // so that there is one zero
    const std::uint64_t downwards = 0 - (bits >> 63);
    return of_one_sign + static_cast<std::size_t>(((bits & ~(std::uint64_t{1} << 63)) >> 45) ^ downwards);
  }
  [[nodiscard]] static double middle_of(std::size_t bucket) {
    const bool negative = bucket < of_one_sign;
    const std::uint64_t magnitude = negative ? of_one_sign - 1 - bucket : bucket - of_one_sign;
    if (magnitude == 0) return 0;
    const double middle = std::bit_cast<double>((magnitude << 45) | (std::uint64_t{1} << 44));
    return negative ? -middle : middle;
  }
  [[nodiscard]] std::uint64_t& count_of(std::size_t bucket);
  template <class Visit>
  void for_each_bucket(Visit&& visit) const {
    for (std::size_t k = 0; k < page_.size(); ++k) {
      if (page_[k] == 0) continue;
      const Page& counts = counts_[page_[k] - 1U];
      for (std::size_t step = 0; step < steps; ++step) {
        if (counts[step] > 0) visit(k * steps + step, counts[step]);
      }
    }
  }

  std::vector<std::uint16_t> page_{};  ///< by power of two: 1 + its place in counts_, 0 where there is none
  std::vector<Page> counts_{};
};

/// Equal bins over the range of the values: counts[k] lie in [edges[k], edges[k + 1]), the last bin with its end.
struct Histogram {
  std::vector<double> edges{};
  std::vector<std::uint64_t> counts{};
};

/// What is kept of many values: their number, moments, extremes, and what their quantiles are found from.
class ValueSummary {
 public:
  /// `centre` should be near the mean: moments are taken about it. `expected` is how many values the whole run will
  /// have: up to limits::values_kept they are kept. Summaries of one run share both, and so merge.
  explicit ValueSummary(double centre = 0, std::uint64_t expected = 0)
      : centre_{centre}, keeps_values_{expected <= limits::values_kept} {
    if (keeps_values_) values_ = KeptValues{static_cast<std::size_t>(expected)};
  }

  /// Adds the values of one block, which must be the same block whoever computes it: its sums are rounded once each.
  void add_block(std::span<const double> values);

  /// Adds all that another summary, of other people, has seen.
  void merge(ValueSummary other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double centre() const { return centre_; }
  [[nodiscard]] double minimum() const { return count_ == 0 ? 0 : minimum_; }
  [[nodiscard]] double maximum() const { return count_ == 0 ? 0 : maximum_; }

  [[nodiscard]] double mean() const { return count_ == 0 ? 0 : (DoubleDouble{centre_} + mean_offset()).rounded(); }
  /// Of one value; absent where fewer than two were seen.
  [[nodiscard]] std::optional<double> standard_deviation() const;
  [[nodiscard]] Estimate estimate() const;
  /// Absent where all values are the same, or fewer than two.
  [[nodiscard]] std::optional<double> skewness() const;
  [[nodiscard]] Estimate share_negative() const;
  /// The same where the expectation of a value is known: with less error, by control_variate.hpp.
  [[nodiscard]] Estimate share_negative(double exact_mean) const;

  /// For each share p: the smallest value that a share `p` of all values do not exceed, between the order statistics
  /// that hold the true quantile with 95 % confidence (Conover 1999, 3.2). Exact where values are kept, else within 0.4
  /// %.
  [[nodiscard]] std::vector<Interval> quantiles(std::span<const double> shares) const;
  [[nodiscard]] Interval quantile(double p) const { return quantiles({&p, 1}).front(); }

  /// Equal bins from the least value to the greatest; a single one where they are the same.
  [[nodiscard]] Histogram histogram(std::size_t bins) const;

 private:
  [[nodiscard]] double people() const { return static_cast<double>(count_); }
  [[nodiscard]] DoubleDouble mean_offset() const { return sums_[0].rounded_pair() / DoubleDouble{people()}; }
  [[nodiscard]] DoubleDouble central_square() const {
    return sums_[1].rounded_pair() - mean_offset() * sums_[0].rounded_pair();
  }

  [[nodiscard]] std::uint64_t rank_of(double p) const;

  /// The values of some ranks: themselves where they are kept, else the middles of their buckets.
  [[nodiscard]] std::vector<double> values_at(const std::vector<std::uint64_t>& ranks) const;

  double centre_ = 0;
  bool keeps_values_ = true;
  std::uint64_t count_ = 0;
  std::uint64_t negative_ = 0;
  double minimum_ = std::numeric_limits<double>::infinity();
  double maximum_ = -std::numeric_limits<double>::infinity();
  std::array<ExactSum, 4>
      sums_{};           ///< of the first three powers of value - centre, and of it where a value is negative
  KeptValues values_{};  ///< block by block, in any order; none where there are too many
  LogBuckets buckets_{};
};

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/engine/summary-inl.hpp"
#endif
