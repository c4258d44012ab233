#pragma once
// What is kept of many simulated values, so that the many need not be. A summary of people 0 … n-1 is the same, to the
// last bit, however they were divided among threads and machines and in whichever order the parts were merged: moments
// are exact sums, extremes and counts are what they are, and quantiles come from the values themselves in runs of up to
// ten million of them and from a histogram of logarithmic buckets in larger ones.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "tenure/engine/block_sums.hpp"
#include "tenure/engine/control_variate.hpp"
#include "tenure/engine/estimate.hpp"
#include "tenure/engine/kept_values.hpp"
#include "tenure/engine/order_statistics.hpp"
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
  [[nodiscard]] double value_at_rank(std::uint64_t rank) const {
    std::uint64_t below = 0;
    std::optional<double> found;
    for_each([&](double middle, std::uint64_t count) {
      below += count;
      if (!found && below > rank) found = middle;
    });
    return found.value_or(0);
  }
  /// Calls visit(middle, count) for each bucket that holds something, in ascending order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for_each_bucket([&](std::size_t bucket, std::uint64_t count) { visit(middle_of(bucket), count); });
  }
  bool operator==(const LogBuckets& other) const {
    std::vector<std::pair<double, std::uint64_t>> mine, theirs;
    for_each([&](double middle, std::uint64_t count) { mine.emplace_back(middle, count); });
    other.for_each([&](double middle, std::uint64_t count) { theirs.emplace_back(middle, count); });
    return mine == theirs;
  }

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
  [[nodiscard]] std::uint64_t& count_of(std::size_t bucket) {
    if (page_.empty()) page_.resize(2 * of_one_sign / steps);
    std::uint16_t& page = page_[bucket / steps];
    if (page == 0) {
      counts_.emplace_back();
      page = static_cast<std::uint16_t>(counts_.size());
    }
    return counts_[page - 1U][bucket % steps];
  }
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
  void add_block(std::span<const double> values) {
    const BlockSums block = block_sums(values, centre_);
    for (std::size_t which = 0; which < sums_.size(); ++which) {
      for (const double sum : block.sum[which]) sums_[which].add(sum);
    }
    minimum_ = block.minimum < minimum_ ? block.minimum : minimum_;
    maximum_ = block.maximum > maximum_ ? block.maximum : maximum_;
    negative_ += block.negative;
    count_ += values.size();
    if (keeps_values_) {
      values_.add(values);
    } else {
      for (const double value : values) buckets_.add(value);
    }
  }

  /// Adds all that another summary, of other people, has seen.
  void merge(ValueSummary other) {
    for (std::size_t k = 0; k < sums_.size(); ++k) sums_[k].add(other.sums_[k]);
    minimum_ = std::min(minimum_, other.minimum_);
    maximum_ = std::max(maximum_, other.maximum_);
    negative_ += other.negative_;
    count_ += other.count_;
    values_.add(std::move(other.values_));
    buckets_.add(other.buckets_);
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double centre() const { return centre_; }
  [[nodiscard]] double minimum() const { return count_ == 0 ? 0 : minimum_; }
  [[nodiscard]] double maximum() const { return count_ == 0 ? 0 : maximum_; }

  [[nodiscard]] double mean() const { return count_ == 0 ? 0 : (DoubleDouble{centre_} + mean_offset()).rounded(); }
  /// Of one value; absent where fewer than two were seen.
  [[nodiscard]] std::optional<double> standard_deviation() const {
    if (count_ < 2) return std::nullopt;
    const double variance = (central_square() / DoubleDouble{people() - 1}).rounded();
    return std::sqrt(std::max(variance, 0.0));
  }
  [[nodiscard]] Estimate estimate() const {
    const std::optional<double> deviation = standard_deviation();
    return {mean(), deviation ? std::optional{*deviation / std::sqrt(people())} : std::nullopt};
  }
  /// Absent where all values are the same, or fewer than two.
  [[nodiscard]] std::optional<double> skewness() const {
    if (count_ < 2 || minimum_ == maximum_) return std::nullopt;
    const DoubleDouble m = mean_offset();
    const DoubleDouble n{people()};
    const double second = (central_square() / n).rounded();
    const DoubleDouble cube = sums_[2].rounded_pair() - DoubleDouble{3} * m * sums_[1].rounded_pair() +
                              DoubleDouble{3} * m * m * sums_[0].rounded_pair() - n * m * m * m;
    if (!(second > 0)) return std::nullopt;
    return (cube / n).rounded() / (second * std::sqrt(second));
  }
  [[nodiscard]] Estimate share_negative() const {
    if (count_ == 0) return {};
    const double share = static_cast<double>(negative_) / people();
    return {share, count_ < 2 ? std::nullopt : std::optional{std::sqrt(share * (1 - share) / people())}};
  }
  /// The same where the expectation of a value is known: with less error, by control_variate.hpp.
  [[nodiscard]] Estimate share_negative(double exact_mean) const {
    if (count_ < 4 || negative_ == 0 || negative_ == count_) return share_negative();
    const double share = static_cast<double>(negative_) / people();
    const double both =
        (sums_[3].rounded_pair() - mean_offset() * DoubleDouble{static_cast<double>(negative_)}).rounded();
    const double of_share = static_cast<double>(negative_) * (1 - share);
    const double surprise = (DoubleDouble{centre_} - DoubleDouble{exact_mean} + mean_offset()).rounded();
    Estimate estimate =
        controlled({count_, {surprise}, {share}, {central_square().rounded(), both, both, of_share}}).front();
    estimate.mean = std::clamp(estimate.mean, 0.0, 1.0);
    return estimate;
  }

  /// For each share p: the smallest value that a share `p` of all values do not exceed, between the order statistics
  /// that hold the true quantile with 95 % confidence (Conover 1999, 3.2). Exact where values are kept, else within 0.4
  /// %.
  [[nodiscard]] std::vector<Interval> quantiles(std::span<const double> shares) const {
    std::vector<std::uint64_t> ranks;
    for (const double p : shares) {
      const double spread = count_ == 0 ? 0 : standard_errors_of_95_percent * std::sqrt(p * (1 - p) / people());
      for (const double q : {p, p - spread, p + spread}) ranks.push_back(rank_of(q));
    }
    const std::vector<double> values = values_at(ranks);
    std::vector<Interval> found;
    for (std::size_t k = 0; k < shares.size(); ++k)
      found.push_back({values[3 * k], values[3 * k + 1], values[3 * k + 2]});
    return found;
  }
  [[nodiscard]] Interval quantile(double p) const { return quantiles({&p, 1}).front(); }

  /// Equal bins from the least value to the greatest; a single one where they are the same.
  [[nodiscard]] Histogram histogram(std::size_t bins) const {
    if (count_ == 0) return {};
    if (!(maximum_ > minimum_)) return {{minimum_, maximum_}, {count_}};
    Histogram histogram;
    const double width = maximum_ / static_cast<double>(bins) - minimum_ / static_cast<double>(bins);
    for (std::size_t k = 0; k < bins; ++k) histogram.edges.push_back(minimum_ + width * static_cast<double>(k));
    histogram.edges.push_back(maximum_);
    histogram.counts.resize(bins);
    std::vector<double> bounds = histogram.edges;  // the first and the last bin take all that rounding may leave over
    bounds.front() = -std::numeric_limits<double>::infinity();
    bounds.back() = std::numeric_limits<double>::infinity();
    const auto count = [least = minimum_, bins_of_one = 1 / width, last = static_cast<double>(bins - 1),
                        bound = bounds.data(), counts = histogram.counts.data()](double value, std::uint64_t people) {
      const double guess = (value - least) * bins_of_one;  // next to the bin, unless numbers are far too large or small
      const double from_first = guess > 0 ? guess : 0.0;
      auto bin = static_cast<std::ptrdiff_t>(from_first < last ? from_first : last);
      while (value >= bound[bin + 1]) [[unlikely]]++ bin;
      while (value < bound[bin]) [[unlikely]]-- bin;
      counts[bin] += people;
    };
    values_.for_each([&](double value) { count(value, 1); });
    buckets_.for_each(count);
    return histogram;
  }

 private:
  [[nodiscard]] double people() const { return static_cast<double>(count_); }
  [[nodiscard]] DoubleDouble mean_offset() const { return sums_[0].rounded_pair() / DoubleDouble{people()}; }
  [[nodiscard]] DoubleDouble central_square() const {
    return sums_[1].rounded_pair() - mean_offset() * sums_[0].rounded_pair();
  }

  [[nodiscard]] std::uint64_t rank_of(double p) const {
    return count_ == 0 ? 0 : static_cast<std::uint64_t>(std::clamp(std::ceil(p * people()) - 1, 0.0, people() - 1));
  }

  /// The values of some ranks: themselves where they are kept, else the middles of their buckets.
  [[nodiscard]] std::vector<double> values_at(const std::vector<std::uint64_t>& ranks) const {
    std::vector<double> found(ranks.size());
    if (count_ == 0) return found;
    if (!keeps_values_) {
      std::transform(ranks.begin(), ranks.end(), found.begin(),
                     [&](std::uint64_t rank) { return std::clamp(buckets_.value_at_rank(rank), minimum_, maximum_); });
      return found;
    }
    std::vector<std::size_t> order(ranks.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ranks[a] < ranks[b]; });
    std::vector<std::uint64_t> ascending;
    for (const std::size_t k : order) ascending.push_back(ranks[k]);
    const std::vector<double> values = order_statistics(values_, count_, minimum_, maximum_, ascending);
    for (std::size_t k = 0; k < order.size(); ++k) found[order[k]] = values[k];
    return found;
  }

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
