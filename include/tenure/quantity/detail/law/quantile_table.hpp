#pragma once
// Quantiles of laws that have none in closed form. A density is integrated once over t, in which it is smooth, with one
// peak and a tail on either side: t = ln x for amounts above 0, t = ln(x / (1 - x)) for shares. The table of t by
// normal quantile z is then interpolated by cubics with the slopes dt/dz = φ(z) / f(t), which is good to nine digits
// and more, to seven in the tails of laws whose sd is five times their mean.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "tenure/quantity/detail/law/normal.hpp"
#include "tenure/quantity/elementary.hpp"

namespace tenure::detail {

/// t by normal quantile. A density gives its logarithm up to a constant as density(t), its peak() and its spread() as
/// if it were normal.
class QuantileTable {
 public:
  template <class Density>
  explicit QuantileTable(const Density& density) {
    const double peak = density.peak();
    const double top = density(peak);
    const auto reach = [&](double direction) {  // until e^-50 of the peak
      double step = density.spread() * direction;
      double t = peak + step;
      while (density(t) > top - 50) t += (step *= 1.3);
      return t;
    };
    // nodes are dense about the peak and rarer further out: t = peak + scale·sinh(s), s at even distances
    const double scale = std::min(1.0, density.spread());
    const auto far_to = [&](double t) {
      const double ratio = std::abs(t - peak) / scale;
      return logarithm(ratio + std::sqrt(ratio * ratio + 1));
    };
    const double low = -far_to(reach(-1));
    const double width = (far_to(reach(1)) - low) / cells;
    std::vector<Sample> samples;  // at the ends and quarters of each cell
    for (std::size_t k = 0; k <= 4 * cells; ++k) {
      const double grown = exponential(low + width / 4 * static_cast<double>(k));
      const double t = peak + scale / 2 * (grown - 1 / grown);
      const double height = exponential(density(t) - top);
      samples.push_back({t, height, height * scale / 2 * (grown + 1 / grown)});
    }
    std::vector<double> mass;  // of each cell, by Boole's rule
    double total = 0;
    for (std::size_t k = 0; k < cells; ++k) {
      const auto at = [&](std::size_t quarter) { return samples[4 * k + quarter].by_s; };
      mass.push_back(width / 90 * (7 * (at(0) + at(4)) + 32 * (at(1) + at(3)) + 12 * at(2)));
      total += mass.back();
    }
    place_nodes(samples, mass, total);
  }

  /// A place, and its slope by z.
  struct Point {
    double t = 0;
    double slope = 0;
  };

  [[nodiscard]] Point operator()(double z) const {
    if (!(z > nodes_.front().z)) return {nodes_.front().t, nodes_.front().slope};
    if (!(z < nodes_.back().z)) return {nodes_.back().t, nodes_.back().slope};
    const auto above = std::upper_bound(nodes_.begin(), nodes_.end(), z,
                                        [](double value, const Node& node) { return value < node.z; });
    const Node& right = *above;
    const Node& left = *(above - 1);
    const double width = right.z - left.z;
    const double u = (z - left.z) / width;
    const double rise = right.t - left.t;
    const double a = left.slope * width - rise;
    const double b = rise - right.slope * width;
    const double bend = a * (1 - u) + b * u;
    const double slope = rise + (1 - 2 * u) * bend + u * (1 - u) * (b - a);
    return {left.t + u * (rise + (1 - u) * bend), slope / width};
  }

 private:
  static constexpr std::size_t cells = 2048;
  struct Sample {
    double t = 0;
    double height = 0;  ///< of the density of t
    double by_s = 0;    ///< of that of s
  };
  struct Node {
    double z = 0;
    double t = 0;
    double slope = 0;
  };

  void place_nodes(const std::vector<Sample>& samples, const std::vector<double>& mass, double total) {
    std::vector<double> above(cells + 1, 0.0);  // summed from the far end, so that small tails are exact
    for (std::size_t k = cells; k-- > 0;) above[k] = above[k + 1] + mass[k];
    double below = 0;
    for (std::size_t k = 1; k < cells; ++k) {
      below += mass[k - 1];
      const double z = below < above[k] ? -normal_excess(std::min(0.5, below / total))
                                        : normal_excess(std::min(0.5, above[k] / total));
      if (!nodes_.empty() && !(z > nodes_.back().z)) continue;
      nodes_.push_back({z, samples[4 * k].t, normal_density(z) * total / samples[4 * k].height});
    }
  }

  std::vector<Node> nodes_{};
};

}  // namespace tenure::detail
