#pragma once
// Rows as whole numbers. A row of probabilities becomes weights that sum to 2^64 exactly, by largest remainder (Hamilton's rule of apportionment): what a
// simulation realises is then a rational number that can be proved, not sampled. A probability of zero stays zero and
// never happens; every other is realised within 2^-63, or within what the row itself lacks to 1, and a next state is found by comparing 64
// random bits with the running sums of the weights. Sixteen of these bits decide nearly always; the other 48 are drawn,
// from an address of their own, only where the sixteen tie with a running sum.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tenure {

namespace detail {

/// p · 2^64 split into its whole part and the rest, exactly, for p in [0, 1).
struct Apportioned {
  std::uint64_t whole = 0;
  double remainder = 0;
};

[[nodiscard]] inline Apportioned scaled_to_64_bits(double probability) {
  const double scaled = std::ldexp(probability, 64);
  const double whole = std::floor(scaled);
  return {static_cast<std::uint64_t>(whole), scaled - whole};
}

}  // namespace detail

/// One row for drawing. A next state is entries[k], where k counts the thresholds at or below 64 random bits.
struct SampledRow {
  std::vector<std::uint32_t> entries{};     ///< places in the row that can happen, in its order
  std::vector<std::uint64_t> thresholds{};  ///< running sums of their weights, without the last, which is 2^64
  bool operator==(const SampledRow&) const = default;
};

/// The row for drawing of probabilities that are at least 0 and sum to 1 within rounding, as those of a chain do. What
/// rounding left missing in the row, beyond one part in 2^64 for each entry, goes to its largest entry.
[[nodiscard]] inline SampledRow sampled_row(std::span<const double> row) {
  SampledRow sampled;
  if (row.empty()) return sampled;
  const auto largest = static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
  if (row[largest] >= 1) return {{static_cast<std::uint32_t>(largest)}, {}};
  std::vector<std::uint64_t> weights(row.size());
  std::vector<double> remainders(row.size());
  std::vector<std::size_t> possible;
  std::uint64_t total = 0;  // modulo 2^64, as all sums here
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (!(row[k] > 0)) continue;
    const detail::Apportioned share = detail::scaled_to_64_bits(row[k]);
    possible.push_back(k);
    weights[k] = share.whole;
    remainders[k] = share.remainder;
    total += share.whole;
  }
  auto missing = static_cast<std::int64_t>(0 - total);
  std::stable_sort(possible.begin(), possible.end(), [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t k = 0; k < possible.size() && missing > 0; ++k, --missing) ++weights[possible[k]];
  weights[largest] += static_cast<std::uint64_t>(missing);
  std::uint64_t running = 0;
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (weights[k] == 0) continue;
    if (!sampled.entries.empty()) sampled.thresholds.push_back(running);
    sampled.entries.push_back(static_cast<std::uint32_t>(k));
    running += weights[k];
  }
  return sampled;
}

/// The place in the row that 64 random bits choose.
[[nodiscard]] inline std::uint32_t chosen_entry(const SampledRow& row, std::uint64_t bits) {
  const auto above = std::upper_bound(row.thresholds.begin(), row.thresholds.end(), bits);
  return row.entries[static_cast<std::size_t>(above - row.thresholds.begin())];
}

}  // namespace tenure
