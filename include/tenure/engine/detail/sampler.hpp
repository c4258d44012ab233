#pragma once
// Rows as whole numbers. A row of probabilities becomes weights that sum to 2^64 exactly, by largest remainder
// (Hamilton's rule of apportionment): what a simulation realises is then a rational number that can be proved, not
// sampled. A probability of zero stays zero and never happens; every other is realised within 2^-63, or within what the
// row itself lacks to 1.
//
// Two ways to draw from such weights. A threshold row compares 64 random bits with running sums: nothing is simpler,
// and the draw rises with the bits. An alias row (Walker 1977) cuts the 2^64 into equal columns, one for each entry of
// the row, and gives what an entry has too little of to one entry that has too much: a draw looks at one column and
// compares once, however long the row is. Columns are filled in a fixed order, always from the entry with most to give,
// so that a small change of a row moves little else than what changed: people of two scenarios who share their draws
// part only where they must.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <queue>
#include <span>
#include <vector>

namespace tenure::detail {

/// p · 2^64 split into its whole part and the rest, exactly, for p in [0, 1).
struct Share {
  std::uint64_t whole = 0;
  double remainder = 0;
};

[[nodiscard]] inline Share share_of_2_64(double probability) {
  const double scaled = std::ldexp(probability, 64);
  const double whole = std::floor(scaled);
  return {static_cast<std::uint64_t>(whole), scaled - whole};
}

/// Weights that sum to 2^64. Where one entry has it all, its weight is 2^64 and stands as 0 among zeros.
struct ApportionedRow {
  std::vector<std::uint64_t> weights{};
  std::size_t largest = 0;  ///< the place of the largest probability, the first of several
  bool is_certain = false;  ///< whether the largest has all
};

/// Apportions probabilities that are at least 0 and sum to 1 within rounding, as those of a chain do. What rounding
/// left missing in the row, beyond one part in 2^64 for each entry, goes to its largest entry.
[[nodiscard]] inline ApportionedRow apportioned(std::span<const double> row) {
  ApportionedRow result{std::vector<std::uint64_t>(row.size()), 0, false};
  if (row.empty()) return result;
  result.largest = static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
  result.is_certain = row[result.largest] >= 1;
  if (result.is_certain) return result;
  std::vector<double> remainders(row.size());
  std::vector<std::size_t> possible;
  std::uint64_t total = 0;  // modulo 2^64, as all sums here
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (!(row[k] > 0)) continue;
    const Share share = share_of_2_64(row[k]);
    possible.push_back(k);
    result.weights[k] = share.whole;
    remainders[k] = share.remainder;
    total += share.whole;
  }
  if (possible.size() == 1) return {std::vector<std::uint64_t>(row.size()), result.largest, true};
  auto missing = static_cast<std::int64_t>(0 - total);
  std::stable_sort(possible.begin(), possible.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t k = 0; k < possible.size() && missing > 0; ++k, --missing) ++result.weights[possible[k]];
  result.weights[result.largest] += static_cast<std::uint64_t>(missing);
  return result;
}

/// A row to draw from by thresholds: entries[k], where k counts the thresholds at or below 64 random bits.
struct ThresholdRow {
  std::vector<std::uint32_t> entries{};     ///< places in the row that can happen, in its order
  std::vector<std::uint64_t> thresholds{};  ///< running sums of their weights, without the last, which is 2^64
  bool operator==(const ThresholdRow&) const = default;
};

/// The running sums of a row's weights.
[[nodiscard]] inline ThresholdRow threshold_row(std::span<const double> row) {
  const ApportionedRow apportionment = apportioned(row);
  if (apportionment.is_certain) return {{static_cast<std::uint32_t>(apportionment.largest)}, {}};
  ThresholdRow result;
  std::uint64_t running = 0;
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (apportionment.weights[k] == 0) continue;
    if (!result.entries.empty()) result.thresholds.push_back(running);
    result.entries.push_back(static_cast<std::uint32_t>(k));
    running += apportionment.weights[k];
  }
  return result;
}

/// The place in the row that 64 random bits choose.
[[nodiscard]] inline std::uint32_t chosen_entry(const ThresholdRow& row, std::uint64_t bits) {
  const auto above = std::upper_bound(row.thresholds.begin(), row.thresholds.end(), bits);
  return row.entries[static_cast<std::size_t>(above - row.thresholds.begin())];
}

/// One column of an alias row: of its 2^(64 - column_bits) equal parts, those below `threshold` are its own entry's.
struct AliasColumn {
  std::uint64_t threshold = 0;
  std::array<std::uint32_t, 2> entry{};  ///< its own, and the one that fills it up
  bool operator==(const AliasColumn&) const = default;
};

/// An alias row of 2^column_bits columns, at least as many as the row has entries; entry k owns column k.
[[nodiscard]] inline std::vector<AliasColumn> alias_row(std::span<const double> row, int column_bits) {
  const ApportionedRow apportionment = apportioned(row);
  const std::size_t columns = std::size_t{1} << column_bits;
  const std::uint64_t full = std::uint64_t{1} << (64 - column_bits);
  const auto largest = static_cast<std::uint32_t>(apportionment.largest);
  std::vector<AliasColumn> alias(columns);
  std::vector<std::uint64_t> left = apportionment.weights;  // of each entry, still to be given a place
  left.resize(columns);
  const auto gives_less = [&](std::uint32_t a, std::uint32_t b) {
    return left[a] != left[b] ? left[a] < left[b] : a > b;
  };
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, decltype(gives_less)> givers{gives_less};
  std::vector<std::uint32_t>
      wanting;  // columns that their own entry does not fill, in the order in which they came to be so
  for (std::uint32_t k = 0; k < columns; ++k) {
    alias[k] = {full, {apportionment.is_certain ? largest : k, largest}};
    if (apportionment.is_certain) continue;
    if (left[k] < full) wanting.push_back(k);
    if (left[k] > full) givers.push(k);
  }
  for (std::size_t next = 0; next < wanting.size(); ++next) {
    const std::uint32_t k = wanting[next];
    const std::uint32_t giver = givers.top();
    givers.pop();
    alias[k].threshold = left[k];
    alias[k].entry[1] = giver;
    left[giver] -= full - left[k];
    if (left[giver] < full) wanting.push_back(giver);
    if (left[giver] > full) givers.push(giver);
  }
  return alias;
}

/// Bits of column that suit a row of so many entries: at least two, so that short rows are alike.
[[nodiscard]] inline int column_bits_of(std::size_t entries) {
  return std::max(2, static_cast<int>(std::bit_width(entries > 0 ? entries - 1 : 0)));
}

}  // namespace tenure::detail
