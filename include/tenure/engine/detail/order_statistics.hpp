#pragma once
// The values of some ranks out of many values, without sorting them: equal bins are counted, and only the bins in which
// the ranks lie are looked into, in smaller bins again where most values lie in one. Two passes, mostly.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace tenure::detail {

/// The values of ascending ranks, counted from 0, by selection from rank to rank.
[[nodiscard]] inline std::vector<double> selected(std::vector<double> values,
                                                  std::span<const std::uint64_t> ascending_ranks) {
  std::vector<double> found;
  auto settled = values.begin();
  for (const std::uint64_t rank : ascending_ranks) {
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank);
    if (place >= settled) std::nth_element(settled, place, values.end());
    settled = std::max(settled, place + 1);
    found.push_back(*place);
  }
  return found;
}

/// Equal bins from the least of some values; ascending with the value, whatever rounding does.
struct EqualBins {
  static constexpr std::size_t bins = 4096;
  static constexpr double last = bins - 1;
  double least = 0;
  double bins_of_one = 0;

  EqualBins(double least_value, double greatest) : least{least_value}, bins_of_one{bins / (greatest - least_value)} {}
  [[nodiscard]] std::size_t operator()(double value) const {
    const double bin = (value - least) * bins_of_one;
    return static_cast<std::size_t>(static_cast<std::int64_t>(bin < last ? bin : last));
  }
};

/// Some of the ranks, all in one bin, and the bin's values.
struct RanksOfBin {
  std::vector<std::uint64_t> within{};
  std::vector<double> values{};
};

/// The values of ascending ranks, counted from 0 in ascending order. Whatever keeps the values calls a visitor with
/// each of them in its for_each(); they number below 2^32.
template <class Kept>
[[nodiscard]] std::vector<double> order_statistics(const Kept& kept, std::uint64_t count, double least, double greatest,
                                                   std::span<const std::uint64_t> ascending_ranks);

/// A vector that has a for_each().
struct VisitedVector {
  const std::vector<double>& values;
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const double value : values) visit(value);
  }
};

[[nodiscard]] inline std::vector<double> within_bin(RanksOfBin bin, std::uint64_t of_all) {
  constexpr std::size_t soon_selected = 4096;
  if (bin.values.size() <= soon_selected || bin.values.size() == of_all)
    return selected(std::move(bin.values), bin.within);
  const auto [least, greatest] = std::minmax_element(bin.values.begin(), bin.values.end());
  if (!(*least < *greatest)) return std::vector<double>(bin.within.size(), *least);
  return order_statistics(VisitedVector{bin.values}, bin.values.size(), *least, *greatest, bin.within);
}

template <class Kept>
[[nodiscard]] std::vector<double> order_statistics(const Kept& kept, std::uint64_t count, double least, double greatest,
                                                   std::span<const std::uint64_t> ascending_ranks) {
  const EqualBins bin_of{least, greatest};
  std::array<std::uint32_t, EqualBins::bins> counts{};
  kept.for_each([&](double value) { ++counts[bin_of(value)]; });
  std::array<std::uint16_t, EqualBins::bins> place{};  // 1 + that of a bin in which ranks lie, or 0
  std::vector<RanksOfBin> wanted;
  std::uint64_t before = 0;
  for (std::size_t bin = 0, next = 0; next < ascending_ranks.size() && bin < counts.size(); before += counts[bin++]) {
    if (ascending_ranks[next] >= before + counts[bin]) continue;
    RanksOfBin& ranks = wanted.emplace_back();
    place[bin] = static_cast<std::uint16_t>(wanted.size());
    ranks.values.reserve(counts[bin]);
    for (; next < ascending_ranks.size() && ascending_ranks[next] < before + counts[bin]; ++next)
      ranks.within.push_back(ascending_ranks[next] - before);
  }
  kept.for_each([&](double value) {
    const std::size_t found = place[bin_of(value)];
    if (found != 0) wanted[found - 1].values.push_back(value);
  });
  std::vector<double> values;
  for (RanksOfBin& ranks : wanted) {
    const std::vector<double> of_bin = within_bin(std::move(ranks), count);
    values.insert(values.end(), of_bin.begin(), of_bin.end());
  }
  return values;
}

}  // namespace tenure::detail
