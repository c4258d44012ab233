#pragma once
// Mean and standard error of figures that each replicate gives once. Deviations from the expected figure are summed in
// double precision within a block of replicates, which is the same block whoever simulates it, and without any rounding
// across blocks: so the result knows nothing of threads or of how the work was split.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/engine/estimate.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/exact_sum.hpp"

namespace tenure {

/// The deviations of many figures, over one block.
struct BlockMoments {
  std::vector<double> sum{};
  std::vector<double> square_sum{};

  explicit BlockMoments(std::size_t figures = 0) : sum(figures), square_sum(figures) {}
  void add(std::size_t figure, double deviation) {
    sum[figure] += deviation;
    square_sum[figure] += deviation * deviation;
  }
};

/// The moments of many figures over all replicates so far.
class FigureMoments {
 public:
  /// `centres` are what is expected of each figure.
  explicit FigureMoments(std::vector<double> centres = {}) : centres_{std::move(centres)}, sums_(centres_.size()) {}

  [[nodiscard]] const std::vector<double>& centres() const { return centres_; }

  void add_block(const BlockMoments& block) {
    for (std::size_t k = 0; k < sums_.size(); ++k) {
      sums_[k].first.add(block.sum[k]);
      sums_[k].second.add(block.square_sum[k]);
    }
  }
  /// Adds what was seen of the same figures in other replicates.
  void merge(const FigureMoments& other) {
    for (std::size_t k = 0; k < sums_.size(); ++k) {
      sums_[k].first.add(other.sums_[k].first);
      sums_[k].second.add(other.sums_[k].second);
    }
  }

  [[nodiscard]] Estimate estimate(std::size_t figure, std::uint64_t replicates) const {
    if (replicates == 0) return {};
    const DoubleDouble n{static_cast<double>(replicates)};
    const DoubleDouble sum = sums_[figure].first.rounded_pair();
    Estimate estimate{(DoubleDouble{centres_[figure]} + sum / n).rounded(), {}};
    if (replicates < 2) return estimate;
    const DoubleDouble squares = sums_[figure].second.rounded_pair() - sum * sum / n;
    estimate.standard_error = std::sqrt(std::max((squares / (n * (n - DoubleDouble{1}))).rounded(), 0.0));
    return estimate;
  }
  bool operator==(const FigureMoments&) const = default;

 private:
  struct Sums {
    ExactSum first{};
    ExactSum second{};
    bool operator==(const Sums&) const = default;
  };
  std::vector<double> centres_;
  std::vector<Sums> sums_;
};

}  // namespace tenure
