#pragma once
// Expectations over a law as weighted sums over a few of its values. A Gaussian rule of n points is exact for all
// polynomials of degree 2n - 1; its points are the eigenvalues of the matrix of the recursion of the law's orthogonal
// polynomials, and its weights the squares of the eigenvectors' first components (Golub and Welsch 1969). For the
// beta law the polynomials are Jacobi's, for the uniform one Legendre's.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include <Eigen/Eigenvalues>

#include "tenure/quantity/detail/law/beta.hpp"
#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/elementary.hpp"

namespace tenure::detail {

/// One value of a law and what it counts; the weights of a rule sum to 1.
struct QuadraturePoint {
  double value = 0;
  double weight = 1;
};

/// Values and weights that stand for a law.
using Quadrature = std::vector<QuadraturePoint>;

/// Gauss–Jacobi: `points` values of a beta law on [0, 1].
[[nodiscard]] inline Quadrature beta_quadrature(const BetaParameters& law, std::size_t points) {
  // Jacobi polynomials with weight (1 - x)^a (1 + x)^b on [-1, 1], x = 2p - 1
  const double a = law.beta - 1;
  const double b = law.alpha - 1;
  const auto n = static_cast<Eigen::Index>(points);
  Eigen::VectorXd diagonal(n);
  Eigen::VectorXd beside(n > 1 ? n - 1 : 0);
  for (Eigen::Index k = 0; k < n; ++k) {
    const auto m = static_cast<double>(k);
    const double s = 2 * m + a + b;
    diagonal[k] = k == 0 ? (b - a) / (a + b + 2) : (b - a) * (b + a) / (s * (s + 2));
    if (k + 1 == n) break;
    const double j = m + 1;
    const double u = 2 * j + a + b;
    const double square = k == 0 ? 4 * (1 + a) * (1 + b) / ((a + b + 2) * (a + b + 2) * (a + b + 3))
                                 : 4 * j * (j + a) * (j + b) * (j + a + b) / (u * u * (u + 1) * (u - 1));
    beside[k] = std::sqrt(square);
  }
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
  solver.computeFromTridiagonal(diagonal, beside, Eigen::ComputeEigenvectors);
  Quadrature rule;
  double sum = 0;
  for (Eigen::Index k = 0; k < n; ++k) {
    const double first = solver.eigenvectors()(0, k);
    const double value = (1 + solver.eigenvalues()[k]) / 2;
    rule.push_back({value < 0 ? 0 : value > 1 ? 1 : value, first * first});
    sum += rule.back().weight;
  }
  for (QuadraturePoint& point : rule) point.weight /= sum;
  return rule;
}

/// Two values with the mean, standard deviation and skewness of a law: exact for whatever is a polynomial of degree 3
/// in it, as the first three moments of a value are in a cash flow.
[[nodiscard]] inline Quadrature two_point_quadrature(double mean, double sd, double skewness) {
  if (sd == 0) return {{mean, 1}};
  const double root = std::sqrt(skewness * skewness + 4);
  const double up = (skewness + root) / 2;
  const double down = (skewness - root) / 2;
  return {{mean + sd * down, up / root}, {mean + sd * up, -down / root}};
}

/// A beta law's density over that at its mean, by logarithms: powers of narrow laws leave the range of doubles.
class BetaDensity {
 public:
  explicit BetaDensity(const BetaParameters& law)
      : law_{law}, mean_{law.alpha / (law.alpha + law.beta)}, complement_{DoubleDouble{1} - DoubleDouble{mean_}} {}

  [[nodiscard]] double at(double x) const { return tenure::exponential((below(x) + above(x)).rounded()); }
  /// The two factors alone, of the distance from 0 and of that from 1.
  [[nodiscard]] double of_distance_from_0(double x) const { return tenure::exponential(below(x).rounded()); }
  [[nodiscard]] double of_distance_from_1(double x) const { return tenure::exponential(above(x).rounded()); }
  /// Whether the density is below e^-46, 1e-20, of its largest.
  [[nodiscard]] bool is_negligible(double x) const {
    constexpr double negligible = -46;
    const double a = std::max(0.0, law_.alpha - 1);  // a factor that grows towards an end bounds nothing there
    const double b = std::max(0.0, law_.beta - 1);
    const double from_0 = a > 0 ? a * tenure::logarithm(x / (a / (a + b))) : 0;
    const double from_1 = b > 0 ? b * tenure::logarithm((1 - x) / (b / (a + b))) : 0;
    return from_0 + from_1 < negligible;
  }

 private:
  [[nodiscard]] DoubleDouble below(double x) const {
    return DoubleDouble{law_.alpha - 1} * logarithm_of(DoubleDouble{x} / DoubleDouble{mean_});
  }
  [[nodiscard]] DoubleDouble above(double x) const {
    return DoubleDouble{law_.beta - 1} * logarithm_of((DoubleDouble{1} - DoubleDouble{x}) / complement_);
  }

  BetaParameters law_;
  double mean_;
  DoubleDouble complement_;
};

/// Up to where from 0, or down to where from 1, the density of a law that vanishes there is negligible.
[[nodiscard]] inline double negligible_up_to(const BetaDensity& density, const BetaParameters& law, bool from_0) {
  const double a = std::max(0.0, law.alpha - 1);
  const double b = std::max(0.0, law.beta - 1);
  double outside = from_0 ? 0 : 1;
  double inside = a / (a + b);
  for (int halving = 0; halving < 40; ++halving) {
    const double middle = outside + (inside - outside) / 2;
    (density.is_negligible(middle) ? outside : inside) = middle;
  }
  return outside;
}

/// A beta law in pieces, `points` values in each: for what is smooth but for some kinks. Where its
/// density is not smooth at an end, 0 or 1, a piece keeps its behaviour there as the weight of its Gaussian rule and
/// takes the other factor, which is smooth, as it is; elsewhere it takes all of it so, from where it begins to count. A
/// law with next to nothing beyond the kink is in one piece. The Gaussian rules are the same wherever the kink is.
class BetaQuadratureInPieces {
 public:
  BetaQuadratureInPieces(const BetaParameters& law, std::size_t points)
      : law_{law},
        density_{law},
        whole_{beta_quadrature(law, points)},
        below_{beta_quadrature(rough_below() ? BetaParameters{law.alpha, 1} : BetaParameters{1, 1}, points)},
        between_{beta_quadrature({1, 1}, points)},
        above_{beta_quadrature(rough_above() ? BetaParameters{law.beta, 1} : BetaParameters{1, 1}, points)},
        begins_{rough_below() ? 0 : negligible_up_to(density_, law, true)},
        ends_{rough_above() ? 1 : negligible_up_to(density_, law, false)} {}

  /// The pieces between 0, the kinks in ascending order, and 1. Kinks where there is next to nothing of the law are
  /// left out.
  [[nodiscard]] Quadrature meeting_at(const std::vector<double>& kinks) const {
    std::vector<double> meet;
    std::copy_if(kinks.begin(), kinks.end(), std::back_inserter(meet),
                 [&](double kink) { return kink > 0 && kink < 1 && !density_.is_negligible(kink); });
    if (meet.empty()) return whole_;
    meet = graded(std::move(meet));
    Quadrature rule;
    add_below(meet.front(), rule);
    for (std::size_t k = 1; k < meet.size(); ++k) add_smooth(between_, meet[k - 1], meet[k], rule);
    add_above(meet.back(), rule);
    double sum = 0;
    for (const QuadraturePoint& point : rule) sum += point.weight;
    for (QuadraturePoint& point : rule) point.weight /= sum;
    return rule;
  }

 private:
  static constexpr double smooth = 16;  // x^15 is as good as a polynomial
  /// Distances from an end, from a kink's up to the middle, each a few times the one before.
  [[nodiscard]] static std::vector<double> graded_distances(double from) {
    constexpr double steepest = 8;
    std::vector<double> distances;
    if (from * steepest >= 1) return distances;
    const double ratio = tenure::logarithm(0.5 / from);
    const double steps = std::ceil(ratio / tenure::logarithm(steepest));
    for (double k = 1; k <= steps; ++k) distances.push_back(from * tenure::exponential(ratio * k / steps));
    return distances;
  }
  /// More places to meet where a piece would end close to 0 or 1, without the behaviour there as its weight: pieces
  /// that are no more than some times as long as they are far from it need few values each.
  [[nodiscard]] std::vector<double> graded(std::vector<double> meet) const {
    const std::vector<double> from_0 = rough_below() ? graded_distances(meet.front()) : std::vector<double>{};
    const std::vector<double> from_1 = rough_above() ? graded_distances(1 - meet.back()) : std::vector<double>{};
    meet.insert(meet.end(), from_0.begin(), from_0.end());
    for (const double distance : from_1) meet.push_back(1 - distance);
    std::sort(meet.begin(), meet.end());
    constexpr double alike = 1e-12;
    meet.erase(std::unique(meet.begin(), meet.end(), [](double a, double b) { return b - a <= alike * b; }),
               meet.end());
    return meet;
  }

  [[nodiscard]] bool rough_below() const { return law_.alpha < smooth; }
  [[nodiscard]] bool rough_above() const { return law_.beta < smooth; }

  void add_smooth(const Quadrature& unit, double from, double to, Quadrature& rule) const {
    for (const QuadraturePoint& point : unit) {
      const double value = from + (to - from) * point.value;
      rule.push_back({value, (to - from) * point.weight * density_.at(value)});
    }
  }
  void add_below(double kink, Quadrature& rule) const {
    if (!rough_below()) return add_smooth(below_, begins_, kink, rule);
    const double mass = kink / law_.alpha * density_.of_distance_from_0(kink);
    for (const QuadraturePoint& point : below_) {
      const double value = kink * point.value;
      rule.push_back({value, mass * point.weight * density_.of_distance_from_1(value)});
    }
  }
  void add_above(double kink, Quadrature& rule) const {
    if (!rough_above()) return add_smooth(above_, kink, ends_, rule);
    const double mass = (1 - kink) / law_.beta * density_.of_distance_from_1(kink);
    for (const QuadraturePoint& point : above_) {
      const double value = 1 - (1 - kink) * point.value;
      rule.push_back({value, mass * point.weight * density_.of_distance_from_0(value)});
    }
  }

  BetaParameters law_;
  BetaDensity density_;
  Quadrature whole_;
  Quadrature below_;    ///< on [0, 1], to be put between the law's lower end and the kink
  Quadrature between_;  ///< the same, between two kinks
  Quadrature above_;
  double begins_;
  double ends_;
};

/// The uniform law on [low, high], in pieces that meet at kinks in ascending order.
[[nodiscard]] inline Quadrature uniform_quadrature(double low, double high, const std::vector<double>& kinks,
                                                   std::size_t points) {
  Quadrature rule;
  const Quadrature unit = beta_quadrature({1, 1}, points);
  double from = low;
  const auto add_piece_to = [&](double to) {
    for (const QuadraturePoint& point : unit)
      rule.push_back({from + (to - from) * point.value, point.weight * (to - from) / (high - low)});
    from = to;
  };
  for (const double kink : kinks) {
    if (kink > low && kink < high) add_piece_to(kink);
  }
  add_piece_to(high);
  return rule;
}

/// Values that stand for a probability's law, of which values are smooth functions but for some kinks:
/// exact to degree 2·points - 1 where there is none.
class ProbabilityQuadrature {
 public:
  ProbabilityQuadrature(const Distribution& distribution, double mean, std::size_t points) : points_{points} {
    if (distribution.kind == DistributionKind::beta) {
      beta_.emplace(beta_parameters(distribution.spread, mean), points);
      highest_ = 1;
      return;
    }
    const double reach = standard_deviation(distribution, mean) * std::sqrt(3.0);
    lowest_ = mean - reach;
    highest_ = mean + reach;
  }
  [[nodiscard]] Quadrature with_kinks_at(const std::vector<double>& kinks) const {
    return beta_ ? beta_->meeting_at(kinks) : uniform_quadrature(lowest_, highest_, kinks, points_);
  }
  /// No value of the law is below.
  [[nodiscard]] double lowest() const { return lowest_; }
  /// No value of the law is above.
  [[nodiscard]] double highest() const { return highest_; }

 private:
  std::size_t points_;
  std::optional<BetaQuadratureInPieces> beta_{};
  double lowest_ = 0;
  double highest_ = 1;
};

}  // namespace tenure::detail
