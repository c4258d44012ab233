#pragma once
// The bodies of tenure/engine/summary.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "tenure/engine/detail/block_sums.hpp"
#include "tenure/engine/detail/control_variate.hpp"
#include "tenure/engine/detail/order_statistics.hpp"
#include "tenure/engine/summary.hpp"

namespace tenure {

TENURE_INLINE double LogBuckets::value_at_rank(std::uint64_t rank) const {
  std::uint64_t below = 0;
  std::optional<double> found;
  for_each([&](double middle, std::uint64_t count) {
    below += count;
    if (!found && below > rank) found = middle;
  });
  return found.value_or(0);
}

TENURE_INLINE bool LogBuckets::operator==(const LogBuckets& other) const {
  std::vector<std::pair<double, std::uint64_t>> mine, theirs;
  for_each([&](double middle, std::uint64_t count) { mine.emplace_back(middle, count); });
  other.for_each([&](double middle, std::uint64_t count) { theirs.emplace_back(middle, count); });
  return mine == theirs;
}

TENURE_INLINE std::uint64_t& LogBuckets::count_of(std::size_t bucket) {
  if (page_.empty()) page_.resize(2 * of_one_sign / steps);
  std::uint16_t& page = page_[bucket / steps];
  if (page == 0) {
    counts_.emplace_back();
    page = static_cast<std::uint16_t>(counts_.size());
  }
  return counts_[page - 1U][bucket % steps];
}

TENURE_INLINE void ValueSummary::add_block(std::span<const double> values) {
  const detail::BlockSums block = detail::block_sums(values, centre_);
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

TENURE_INLINE void ValueSummary::merge(ValueSummary other) {
  for (std::size_t k = 0; k < sums_.size(); ++k) sums_[k].add(other.sums_[k]);
  minimum_ = std::min(minimum_, other.minimum_);
  maximum_ = std::max(maximum_, other.maximum_);
  negative_ += other.negative_;
  count_ += other.count_;
  values_.add(std::move(other.values_));
  buckets_.add(other.buckets_);
}

TENURE_INLINE std::optional<double> ValueSummary::standard_deviation() const {
  if (count_ < 2) return std::nullopt;
  const double variance = (central_square() / DoubleDouble{people() - 1}).rounded();
  return std::sqrt(std::max(variance, 0.0));
}

TENURE_INLINE std::optional<double> ValueSummary::skewness() const {
  if (count_ < 2 || minimum_ == maximum_) return std::nullopt;
  const DoubleDouble m = mean_offset();
  const DoubleDouble n{people()};
  const double second = (central_square() / n).rounded();
  const DoubleDouble cube = sums_[2].rounded_pair() - DoubleDouble{3} * m * sums_[1].rounded_pair() +
                            DoubleDouble{3} * m * m * sums_[0].rounded_pair() - n * m * m * m;
  if (!(second > 0)) return std::nullopt;
  return (cube / n).rounded() / (second * std::sqrt(second));
}

TENURE_INLINE Estimate ValueSummary::estimate() const {
  const std::optional<double> deviation = standard_deviation();
  return {mean(), deviation ? std::optional{*deviation / std::sqrt(people())} : std::nullopt};
}

TENURE_INLINE Estimate ValueSummary::share_negative() const {
  if (count_ == 0) return {};
  const double share = static_cast<double>(negative_) / people();
  return {share, count_ < 2 ? std::nullopt : std::optional{std::sqrt(share * (1 - share) / people())}};
}

TENURE_INLINE Estimate ValueSummary::share_negative(double exact_mean) const {
  if (count_ < 4 || negative_ == 0 || negative_ == count_) return share_negative();
  const double share = static_cast<double>(negative_) / people();
  const double both =
      (sums_[3].rounded_pair() - mean_offset() * DoubleDouble{static_cast<double>(negative_)}).rounded();
  const double of_share = static_cast<double>(negative_) * (1 - share);
  const double surprise = (DoubleDouble{centre_} - DoubleDouble{exact_mean} + mean_offset()).rounded();
  Estimate estimate =
      detail::controlled({count_, {surprise}, {share}, {central_square().rounded(), both, both, of_share}}).front();
  estimate.mean = std::clamp(estimate.mean, 0.0, 1.0);
  return estimate;
}

TENURE_INLINE std::vector<Interval> ValueSummary::quantiles(std::span<const double> shares) const {
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

TENURE_INLINE Histogram ValueSummary::histogram(std::size_t bins) const {
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

TENURE_INLINE std::uint64_t ValueSummary::rank_of(double p) const {
  return count_ == 0 ? 0 : static_cast<std::uint64_t>(std::clamp(std::ceil(p * people()) - 1, 0.0, people() - 1));
}

TENURE_INLINE std::vector<double> ValueSummary::values_at(const std::vector<std::uint64_t>& ranks) const {
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
  const std::vector<double> values = detail::order_statistics(values_, count_, minimum_, maximum_, ascending);
  for (std::size_t k = 0; k < order.size(); ++k) found[order[k]] = values[k];
  return found;
}

}  // namespace tenure
