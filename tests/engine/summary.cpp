// Summaries: a block's sums in their order, the values of ranks and the bins of a histogram, each against what one
// would write for a page.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "tenure/engine/detail/block_sums.hpp"
#include "tenure/engine/detail/order_statistics.hpp"
#include "tenure/engine/summary.hpp"

namespace tenure::test::summaries {

using namespace tenure::detail;

/// Values of many kinds: spread out, few different ones, over many magnitudes, all alike but for some far away.
double some_value(Mixing& mixing, int kind) {
  switch (kind) {
    case 0:
      return mixing.between(-300, 700);
    case 1:
      return static_cast<double>(mixing.below(4)) - 1;
    case 2:
      return (mixing.below(2) == 0 ? -1 : 1) *
             std::ldexp(mixing.between(1, 2), static_cast<int>(mixing.below(200)) - 100);
    case 3:
      return mixing.below(1000) == 0 ? mixing.between(-1e12, 1e12) : mixing.between(5, 6);
    case 4:
      return std::ldexp(static_cast<double>(mixing.below(9)), -1074);
    case 5:
      return mixing.between(-1, 1) * std::numeric_limits<double>::max();
    default:
      return 7;
  }
}
constexpr int types = 7;

std::vector<double> some_values(Mixing& mixing, int kind, std::size_t count) {
  std::vector<double> values(count);
  for (double& value : values) value = some_value(mixing, kind);
  return values;
}

TEST_CASE("Summary: a block's sums are those of eight running sums, to the last bit") {
  Mixing mixing{1};
  for (std::size_t count = 0; count < 40; ++count) {
    for (int kind = 0; kind < 4; ++kind) {
      const std::vector<double> values = some_values(mixing, kind, count);
      const double centre = mixing.between(-5, 300);
      const BlockSums sums = block_sums(values, centre);
      BlockSums plain;
      for (std::size_t k = 0; k < count; ++k) {
        const double offset = values[k] - centre;
        plain.sum[0][k % 8] += offset;
        plain.sum[1][k % 8] += offset * offset;
        plain.sum[2][k % 8] += offset * offset * offset;
        plain.sum[3][k % 8] += values[k] < 0 ? offset : 0;
        plain.negative += values[k] < 0 ? 1U : 0U;
        plain.minimum = std::min(plain.minimum, values[k]);
        plain.maximum = std::max(plain.maximum, values[k]);
      }
      INFO(count << " values of kind " << kind);
      CHECK(sums.negative == plain.negative);
      CHECK(same_bits(sums.minimum, plain.minimum));
      CHECK(same_bits(sums.maximum, plain.maximum));
      for (std::size_t which = 0; which < 4; ++which) {
        for (std::size_t lane = 0; lane < 8; ++lane) CHECK(same_bits(sums.sum[which][lane], plain.sum[which][lane]));
      }
    }
  }
}

TEST_CASE("Summary: the values of ranks are those of the sorted values") {
  Mixing mixing{2};
  for (const std::size_t count :
       {std::size_t{1}, std::size_t{2}, std::size_t{100}, std::size_t{5'000}, std::size_t{60'000}}) {
    for (int kind = 0; kind < types; ++kind) {
      KeptValues kept;
      std::vector<double> sorted;
      while (sorted.size() < count) {
        const std::vector<double> block =
            some_values(mixing, kind, std::min(count - sorted.size(), 1 + mixing.below(4'096)));
        kept.add(block);
        sorted.insert(sorted.end(), block.begin(), block.end());
      }
      std::sort(sorted.begin(), sorted.end());
      std::vector<std::uint64_t> ranks{0, 0, count - 1};
      for (int k = 0; k < 30; ++k) ranks.push_back(mixing.below(count));
      std::sort(ranks.begin(), ranks.end());
      const std::vector<double> found = order_statistics(kept, count, sorted.front(), sorted.back(), ranks);
      INFO(count << " values of kind " << kind);
      REQUIRE(found.size() == ranks.size());
      for (std::size_t k = 0; k < ranks.size(); ++k) CHECK(found[k] == sorted[ranks[k]]);
    }
  }
}

TEST_CASE("Summary: kept values are all there, however many and wherever they were kept") {
  KeptValues one{1'000'000};
  KeptValues other{10};
  double expected = 0;
  Mixing mixing{3};
  for (int block = 0; block < 100; ++block) {
    std::vector<double> values(1 + mixing.below(9'000));
    std::iota(values.begin(), values.end(), block);
    expected += std::accumulate(values.begin(), values.end(), 0.0);
    (block % 3 == 0 ? other : one).add(values);
  }
  KeptValues copy = one;
  one.add(std::move(other));
  copy.add(std::vector<double>{1});
  double sum = 0;
  one.for_each([&](double value) { sum += value; });
  CHECK(sum == expected);
}

TEST_CASE("Summary: each value is in the bin between whose edges it lies") {
  Mixing mixing{4};
  for (int kind = 0; kind < types; ++kind) {
    for (const std::size_t bins : {std::size_t{1}, std::size_t{7}, std::size_t{40}}) {
      const std::vector<double> values = some_values(mixing, kind, 3'000);
      ValueSummary summary{0, values.size()};
      if (kind == 5) continue;  // their cubes are too large for a summary
      summary.add_block(values);
      const Histogram histogram = summary.histogram(bins);
      std::vector<std::uint64_t> expected(histogram.counts.size());
      for (const double value : values) {
        const auto above =
            std::upper_bound(histogram.edges.begin(), histogram.edges.end(), value) - histogram.edges.begin();
        ++expected[static_cast<std::size_t>(
            std::clamp<std::ptrdiff_t>(above - 1, 0, static_cast<std::ptrdiff_t>(expected.size()) - 1))];
      }
      INFO("kind " << kind << ", " << bins << " bins");
      CHECK(histogram.counts == expected);
    }
  }
}

}  // namespace tenure::test::summaries
