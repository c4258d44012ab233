#pragma once
// From a normal score to a number of a law: how uncertain numbers are drawn. A number x of a law with distribution
// function F has the score z with Φ(z) = F(x); draws are made of scores, which can be correlated, and this is the way
// back.
//
// Beta and gamma laws have no inverse in closed form. They are integrated once, in t = ln(x / (1 - x)) and t = ln x,
// where their densities are smooth, have one peak and tails on both sides; the table of t by z is then interpolated by
// cubics with the slopes dt/dz = φ(z) / f(t), which is good to about eight digits, and to five
// beyond one in a thousand of very skewed laws. Laws so narrow that their densities' logarithms have no digits left are
// all but normal, and taken by the expansion of Cornish and Fisher (1938) with their skewness. Nothing but additions,
// multiplications and tenure's own exponential and logarithm is used: draws have the same bits everywhere.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/normal_score.hpp"
#include "tenure/quantity/quadrature.hpp"

namespace tenure {

namespace detail {

/// ln(1 + x) for x of 0 … 1, to the last digits of the smallest.
[[nodiscard]] inline double log_one_more(double x) {
  if (x < 0x1p-60) return x;
  return logarithm(two_sum(1, x)).rounded();
}

/// A density on the whole line with one peak, by its logarithm up to a constant: weight·ln x + other·ln(1 - x) for
/// x = 1 / (1 + e^-t), or weight·t - e^t.
struct LogDensity {
  bool is_beta = true;
  double weight = 1;
  double other = 1;

  [[nodiscard]] double operator()(double t) const {
    if (!is_beta) return weight * t - tenure::exponential(t);
    const double beyond = log_one_more(tenure::exponential(-std::abs(t)));
    const double log_of_x = t > 0 ? -beyond : t - beyond;
    const double log_of_rest = t > 0 ? -t - beyond : -beyond;
    return weight * log_of_x + other * log_of_rest;
  }
  [[nodiscard]] double peak() const { return is_beta ? tenure::logarithm(weight / other) : tenure::logarithm(weight); }
  /// Of the density as if it were normal.
  [[nodiscard]] double spread() const {
    return is_beta ? std::sqrt((weight + other) / weight / other) : 1 / std::sqrt(weight);
  }
};

/// t by normal score, from the integral of a density.
class ScoreTable {
 public:
  explicit ScoreTable(const LogDensity& density) {
    const double top = density(density.peak());
    const auto reach = [&](double direction) {  // until e^-50 of the peak
      double step = density.spread() * direction;
      double t = density.peak() + step;
      while (density(t) > top - 50) t += (step *= 1.3);
      return t;
    };
    // nodes are dense about the peak and rarer further out: t = peak + scale·sinh(s), s at even distances
    const double scale = std::min(1.0, density.spread());
    const auto far_to = [&](double t) {
      const double ratio = std::abs(t - density.peak()) / scale;
      return tenure::logarithm(ratio + std::sqrt(ratio * ratio + 1));
    };
    const double low = -far_to(reach(-1));
    const double width = (far_to(reach(1)) - low) / cells;
    std::vector<Sample> samples;  // at the ends and in the middle of each cell
    for (std::size_t k = 0; k <= 2 * cells; ++k) {
      const double grown = tenure::exponential(low + width / 2 * static_cast<double>(k));
      const double t = density.peak() + scale / 2 * (grown - 1 / grown);
      const double height = tenure::exponential(density(t) - top);
      samples.push_back({t, height, height * scale / 2 * (grown + 1 / grown)});
    }
    std::vector<double> mass;  // of each cell, by Simpson's rule
    double total = 0;
    for (std::size_t k = 0; k < cells; ++k) {
      mass.push_back(width / 6 * (samples[2 * k].by_s + 4 * samples[2 * k + 1].by_s + samples[2 * k + 2].by_s));
      total += mass.back();
    }
    place_nodes(samples, mass, total);
  }

  [[nodiscard]] double operator()(double z) const {
    if (!(z > nodes_.front().z)) return nodes_.front().t;
    if (!(z < nodes_.back().z)) return nodes_.back().t;
    const auto above = std::upper_bound(nodes_.begin(), nodes_.end(), z,
                                        [](double value, const Node& node) { return value < node.z; });
    const Node& right = *above;
    const Node& left = *(above - 1);
    const double width = right.z - left.z;
    const double u = (z - left.z) / width;
    const double rise = right.t - left.t;
    const double a = left.slope * width - rise;
    const double b = rise - right.slope * width;
    return left.t + u * (rise + (1 - u) * (a * (1 - u) + b * u));
  }

 private:
  static constexpr std::size_t cells = 1024;
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
      const double z = below < above[k] ? normal_score(below / total) : -normal_score(above[k] / total);
      if (!nodes_.empty() && !(z > nodes_.back().z)) continue;
      const double phi = tenure::exponential(-z * z / 2) * 0.3989422804014327;
      nodes_.push_back({z, samples[2 * k].t, phi * total / samples[2 * k].height});
    }
  }

  std::vector<Node> nodes_{};
};

}  // namespace detail

/// Numbers of a law around a mean by their normal scores.
class QuantileFunction {
 public:
  /// A law that refusal() does not refuse, of a mean that it says or implies.
  QuantileFunction(const Distribution& law, double mean) : law_{law}, mean_{mean} {
    const double sd = standard_deviation(law, mean);
    if (sd == 0) law_.kind = DistributionKind::fixed;
    if (const auto implied = implied_mean(law.spread)) mean_ = *implied;
    constexpr double all_but_normal = 1e8;
    if (law_.kind == DistributionKind::beta) {
      const BetaParameters beta = beta_parameters(law, mean);
      const double total = beta.alpha + beta.beta;
      if (std::min(beta.alpha, beta.beta) > all_but_normal) {
        narrow_ = true;
        scale_ = sd;
        skewness_ = 2 * ((beta.beta - beta.alpha) / (total + 2)) * std::sqrt((total + 1) / beta.alpha / beta.beta);
        return;
      }
      table_.emplace_back(detail::LogDensity{true, beta.alpha, beta.beta});
    } else if (law_.kind == DistributionKind::gamma) {
      const double shape = (mean / sd) * (mean / sd);
      if (shape > all_but_normal) {
        narrow_ = true;
        scale_ = sd;
        skewness_ = 2 * sd / mean;
        return;
      }
      scale_ = mean / shape;
      table_.emplace_back(detail::LogDensity{false, shape, 0});
    } else if (law_.kind == DistributionKind::lognormal) {
      const double variance = logarithm(1 + (sd / mean) * (sd / mean));
      scale_ = std::sqrt(variance);
      shift_ = logarithm(std::abs(mean)) - variance / 2;
    } else {
      scale_ = sd;
    }
  }

  /// The number that has the score z; it rises with z.
  [[nodiscard]] double operator()(double z) const {
    if (narrow_) return mean_ + scale_ * (z + skewness_ / 6 * (z * z - 1));
    switch (law_.kind) {
      case DistributionKind::fixed:
        return mean_;
      case DistributionKind::normal:
        return mean_ + scale_ * z;
      case DistributionKind::uniform:
        return mean_ + scale_ * 3.4641016151377544 * (probability_below(z) - 0.5);
      case DistributionKind::lognormal:
        return mean_ < 0 ? -exponential(shift_ - scale_ * z) : exponential(shift_ + scale_ * z);
      case DistributionKind::gamma:
        return scale_ * exponential(table_.front()(mean_ < 0 ? -z : z));
      case DistributionKind::beta:
        break;
    }
    const double t = table_.front()(z);
    return t < 0 ? exponential(t) / (1 + exponential(t)) : 1 / (1 + exponential(-t));
  }

 private:
  /// Φ(z).
  [[nodiscard]] static double probability_below(double z) {
    // Marsaglia's series (2004): Φ(z) = 1/2 + φ(z) (z + z³/3 + z⁵/(3·5) + …)
    const double size = std::min(std::abs(z), 8.5);
    double term = size;
    double sum = size;
    for (double odd = 3; term > 1e-17 * sum; odd += 2) sum += (term *= size * size / odd);
    const double above_half = std::min(0.5, sum * exponential(-size * size / 2) * 0.3989422804014327);
    return z < 0 ? 0.5 - above_half : 0.5 + above_half;
  }

  Distribution law_;
  double mean_;
  double scale_ = 1;
  double shift_ = 0;
  bool narrow_ = false;
  double skewness_ = 0;  ///< of a narrow one
  std::vector<detail::ScoreTable> table_{};  ///< one, or none
};

}  // namespace tenure
