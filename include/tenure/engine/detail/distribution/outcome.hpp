#pragma once
// Where the lives that were asked for come together. One life is left on its own lattice. Several have different
// offsets and money of different moments: their points are put on one lattice, each shared out between its two
// neighbours so that the mean does not move, which costs at most one step of error.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "tenure/engine/distribution/value_distribution.hpp"

namespace tenure::detail {

/// A value and its probability.
struct ValuePoint {
  double value = 0;
  double probability = 0;
};

/// Neighbouring lattice points with their probabilities: point k is at (offset + step·(first + k)) / scale.
struct LatticePoints {
  double offset = 0;
  double step = 1;
  double scale = 1;
  std::int64_t first = 0;
  std::span<const double> probability{};
};

class Outcome {
 public:
  /// The step is that of the lattice on which several lives are put together.
  explicit Outcome(double step) : step_{step} {}

  void add(ValuePoint point) { points_.push_back(point); }

  /// The points of the only uncertain life.
  void take(const LatticePoints& lattice, double weight) {
    taken_.reserve(lattice.probability.size() + 1);
    for (std::size_t k = 0; k < lattice.probability.size(); ++k) {
      if (lattice.probability[k] == 0) continue;
      const double n = static_cast<double>(lattice.first + static_cast<std::int64_t>(k));
      taken_.push_back({(lattice.offset + lattice.step * n) / lattice.scale, weight * lattice.probability[k]});
    }
  }

  /// The points of one uncertain life of several.
  void merge(const LatticePoints& lattice, double weight) {
    if (lattice.probability.empty()) return;
    const double per_point = lattice.step / lattice.scale / step_;
    const double start = (lattice.offset + lattice.step * static_cast<double>(lattice.first)) / lattice.scale / step_;
    const double first = std::floor(start);
    const double count = static_cast<double>(lattice.probability.size()) * per_point + 3;
    make_room(static_cast<std::int64_t>(first), static_cast<std::size_t>(count));
    double* const to = merged_.data() + (static_cast<std::int64_t>(first) - first_);
    for (std::size_t k = 0; k < lattice.probability.size(); ++k) {
      const double place = (start - first) + per_point * static_cast<double>(k);
      const auto below = static_cast<std::size_t>(place);
      const double beyond = place - static_cast<double>(below);
      const double probability = weight * lattice.probability[k];
      to[below] += probability * (1 - beyond);
      to[below + 1] += probability * beyond;
    }
  }

  /// Everything in ascending order, nothing of probability 0, no value twice.
  [[nodiscard]] std::vector<ValuePoint> points() && {
    for (std::size_t k = 0; k < merged_.size(); ++k) {
      if (merged_[k] > 0)
        taken_.push_back({step_ * static_cast<double>(first_ + static_cast<std::int64_t>(k)), merged_[k]});
    }
    const auto by_value = [](const ValuePoint& a, const ValuePoint& b) { return a.value < b.value; };
    std::stable_sort(points_.begin(), points_.end(), by_value);
    const auto lattice = static_cast<std::ptrdiff_t>(taken_.size());
    taken_.insert(taken_.end(), points_.begin(), points_.end());
    std::inplace_merge(taken_.begin(), taken_.begin() + lattice, taken_.end(), by_value);
    std::size_t kept = 0;
    for (const ValuePoint& point : taken_) {
      if (kept > 0 && taken_[kept - 1].value == point.value)
        taken_[kept - 1].probability += point.probability;
      else
        taken_[kept++] = point;
    }
    taken_.resize(kept);
    return std::move(taken_);
  }

 private:
  void make_room(std::int64_t first, std::size_t count) {
    if (merged_.empty()) first_ = first;
    const std::int64_t end =
        std::max(first_ + static_cast<std::int64_t>(merged_.size()), first + static_cast<std::int64_t>(count));
    if (first < first_) {
      merged_.insert(merged_.begin(), static_cast<std::size_t>(first_ - first), 0.0);
      first_ = first;
    }
    merged_.resize(static_cast<std::size_t>(end - first_), 0.0);
  }

  double step_;
  std::vector<ValuePoint> points_{};
  std::vector<ValuePoint> taken_{};
  std::int64_t first_ = 0;
  std::vector<double> merged_{};
};

/// The distribution of points in ascending order; moments are taken about a centre near the mean.
[[nodiscard]] inline ValueDistribution distribution_of(const std::vector<ValuePoint>& points, double centre) {
  ValueDistribution law;
  law.value.reserve(points.size());
  law.cumulative.reserve(points.size());
  double total = 0;
  double first = 0;
  for (const ValuePoint& point : points) {
    law.value.push_back(point.value);
    law.cumulative.push_back(total += point.probability);
    first += point.probability * (point.value - centre);
  }
  for (double& cumulative : law.cumulative) cumulative /= total;
  law.mean = centre + first / total;
  double second = 0;
  double third = 0;
  for (const ValuePoint& point : points) {
    const double deviation = point.value - law.mean;
    const double squared = point.probability * (deviation * deviation);
    second += squared;
    third += squared * deviation;
    if (point.value < 0) law.share_negative += point.probability / total;
  }
  law.sd = std::sqrt(second / total);
  const double cubed = second / total * law.sd;
  if (cubed > 0 && std::isfinite(third / total / cubed)) law.skewness = third / total / cubed;
  return law;
}

}  // namespace tenure::detail
