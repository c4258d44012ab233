#pragma once
// What it would be worth to know more before deciding (Raiffa and Schlaifer 1961).
//
//   EVPI  = E max_s v_s - max_s E v_s                        of knowing every number
//   EVPPI = E max_s E[v_s | θ] - max_s E v_s                 of knowing some of them, θ
//   EVSI  = E max_s E[v_s | X] - max_s E v_s                 of seeing X, a pilot of n customers
//
// E[v_s | θ] is found by regression of the draws' values on θ (Strong, Oakley and Brennan 2014): on Hermite polynomials
// of the normal scores, which are orthogonal where numbers are not correlated. A pilot counts how many of n customers
// do what a probability with a beta law says: X is beta-binomial, and with f_s = E[v_s | θ] from the regression,
// E[v_s | X = x] = ∫ f_s(θ) Bin(x; n, θ) dB(θ) / ∫ Bin(x; n, θ) dB(θ), summed over quantiles of the law. Errors come
// from leaving out one randomisation after the other (jackknife), regression and all.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <Eigen/Dense>

#include "tenure/decide/uncertainty/sample.hpp"
#include "tenure/engine/estimate.hpp"
#include "tenure/quantity/normal_score.hpp"
#include "tenure/quantity/quantile.hpp"

namespace tenure::detail {

/// What choosing case by case brings over one choice for all; what rounding may do counts as nothing.
[[nodiscard]] inline double gain_over(double case_by_case, double one_for_all) {
  const double gain = case_by_case - one_for_all;
  return gain > 1e-12 * (std::abs(case_by_case) + std::abs(one_for_all)) ? gain : 0;
}

/// Products of Hermite polynomials of some numbers' scores: the degree of each factor, term by term.
struct HermiteBasis {
  std::vector<std::size_t> numbers{};
  std::vector<std::vector<unsigned>> terms{};

  [[nodiscard]] std::size_t size() const { return terms.size(); }

  /// The terms at scores, of which score(k) is that of numbers[k].
  template <class Score>
  void at(const Score& score, std::vector<double>& values) const {
    constexpr unsigned most = 6;
    std::vector<std::array<double, most + 1>> powers(numbers.size());
    for (std::size_t k = 0; k < numbers.size(); ++k) {
      const double z = score(k);
      powers[k][0] = 1;
      powers[k][1] = z;
      for (unsigned n = 1; n < most; ++n) {  // of unit variance: He_n / sqrt(n!)
        const double m = n;
        powers[k][n + 1] = (z * powers[k][n] - std::sqrt(m) * powers[k][n - 1]) / std::sqrt(m + 1);
      }
    }
    values.assign(terms.size(), 1.0);
    for (std::size_t j = 0; j < terms.size(); ++j) {
      for (std::size_t k = 0; k < numbers.size(); ++k) values[j] *= powers[k][terms[j][k]];
    }
  }
};

inline void append_terms(std::vector<unsigned>& term, std::size_t from, unsigned left,
                         std::vector<std::vector<unsigned>>& terms) {
  if (from == term.size()) {
    terms.push_back(term);
    return;
  }
  for (unsigned degree = 0; degree <= left; ++degree) {
    term[from] = degree;
    append_terms(term, from + 1, left - degree, terms);
  }
  term[from] = 0;
}

/// As many terms as so many draws can bear: all up to a total degree of 6 for one number, less for several.
[[nodiscard]] inline HermiteBasis hermite_basis(std::vector<std::size_t> numbers, std::size_t draws) {
  HermiteBasis basis{std::move(numbers), {}};
  const std::size_t bearable = std::max<std::size_t>(1, std::min<std::size_t>(draws / 20, 200));
  for (unsigned degree = basis.numbers.size() == 1 ? 6 : 4;; --degree) {
    double count = 1;  // of terms: (numbers + degree) over degree
    for (unsigned k = 1; k <= degree; ++k) count *= static_cast<double>(basis.numbers.size() + k) / k;
    if (degree > 0 && count > static_cast<double>(bearable) + 0.5) continue;
    std::vector<unsigned> term(basis.numbers.size(), 0);
    append_terms(term, 0, degree, basis.terms);
    return basis;
  }
}

/// Sums of products of a randomisation, from which a regression is made.
struct RegressionSums {
  Eigen::MatrixXd among{};  ///< terms by terms
  Eigen::MatrixXd with{};   ///< terms by scenarios
};

/// E[v_s | θ] for all scenarios, from all draws and without each randomisation.
class ConditionalMeans {
 public:
  ConditionalMeans(const UncertaintySample& sample, std::size_t scenarios, std::vector<std::size_t> numbers)
      : sample_{sample}, scenarios_{scenarios}, basis_{hermite_basis(std::move(numbers), sample.draws())} {
    for (std::size_t r = 0; r < sample.randomisations(); ++r) sums_.push_back(sums_of(r));
    for (const RegressionSums& sums : sums_) {
      total_.among = total_.among.size() ? Eigen::MatrixXd{total_.among + sums.among} : sums.among;
      total_.with = total_.with.size() ? Eigen::MatrixXd{total_.with + sums.with} : sums.with;
    }
  }

  [[nodiscard]] const HermiteBasis& basis() const { return basis_; }
  /// Coefficients, terms by scenarios; without one randomisation where it is given.
  [[nodiscard]] Eigen::MatrixXd fit(std::optional<std::size_t> without) const {
    if (!without) return total_.among.ldlt().solve(total_.with);
    return (total_.among - sums_[*without].among).ldlt().solve(total_.with - sums_[*without].with);
  }

  /// E max_s f_s - max_s E f_s over the draws, without those of one randomisation where it is given.
  [[nodiscard]] double worth(std::optional<std::size_t> without) const {
    const Eigen::MatrixXd coefficients = fit(without);
    Eigen::VectorXd sums = Eigen::VectorXd::Zero(coefficients.cols());
    double best = 0;
    std::size_t count = 0;
    std::vector<double> terms;
    for (std::size_t r = 0; r < sample_.randomisations(); ++r) {
      if (without && r == *without) continue;
      for (std::size_t d = sample_.first[r]; d < sample_.first[r + 1]; ++d) {
        terms_of(d, terms);
        const Eigen::VectorXd fitted =
            coefficients.transpose() * Eigen::Map<const Eigen::VectorXd>(terms.data(), coefficients.rows());
        sums += fitted;
        best += fitted.maxCoeff();
        ++count;
      }
    }
    return gain_over(best, sums.maxCoeff()) / static_cast<double>(count);
  }

  /// A figure with its error by leaving out one randomisation after the other; figure(without) computes it.
  template <class Figure>
  [[nodiscard]] Estimate estimated(const Figure& figure) const {
    Estimate estimate{figure(std::optional<std::size_t>{}), {}};
    const std::size_t count = sample_.randomisations();
    if (count < 2) return estimate;
    std::vector<double> left_out;
    for (std::size_t r = 0; r < count; ++r) left_out.push_back(figure(std::optional{r}));
    const double mean = mean_of(left_out, 0, count);
    double squares = 0;
    for (const double value : left_out) squares += (value - mean) * (value - mean);
    estimate.standard_error = std::sqrt(squares * static_cast<double>(count - 1) / static_cast<double>(count));
    return estimate;
  }

 private:
  void terms_of(std::size_t draw, std::vector<double>& terms) const {
    basis_.at([&](std::size_t k) { return sample_.scores[basis_.numbers[k]][draw]; }, terms);
  }
  [[nodiscard]] RegressionSums sums_of(std::size_t randomisation) const {
    const auto size = static_cast<Eigen::Index>(basis_.size());
    RegressionSums sums{Eigen::MatrixXd::Zero(size, size),
                        Eigen::MatrixXd::Zero(size, static_cast<Eigen::Index>(scenarios_))};
    std::vector<double> terms;
    for (std::size_t d = sample_.first[randomisation]; d < sample_.first[randomisation + 1]; ++d) {
      terms_of(d, terms);
      const Eigen::Map<const Eigen::VectorXd> row(terms.data(), size);
      sums.among.selfadjointView<Eigen::Lower>().rankUpdate(row);
      for (std::size_t s = 0; s < scenarios_; ++s) {  // differences, so that little is cancelled
        sums.with.col(static_cast<Eigen::Index>(s)) += row * (sample_.values[s][d] - sample_.values[0][d]);
      }
    }
    sums.among = Eigen::MatrixXd{sums.among.selfadjointView<Eigen::Lower>()};
    return sums;
  }

  const UncertaintySample& sample_;
  std::size_t scenarios_;
  HermiteBasis basis_;
  std::vector<RegressionSums> sums_{};
  RegressionSums total_{};
};

/// How likely each count of n customers is where each does it with probability p; only counts that matter.
struct BinomialWindow {
  std::size_t first = 0;
  std::vector<double> probability{};
};

[[nodiscard]] inline BinomialWindow binomial_window(std::uint64_t n, double p) {
  constexpr double negligible = 1e-18;
  const auto mode = std::min(n, static_cast<std::uint64_t>(static_cast<double>(n + 1) * p));
  const double odds = p / (1 - p);
  std::vector<double> below;
  double relative = 1;
  for (std::uint64_t x = mode; x > 0 && relative > negligible; --x) {
    relative *= static_cast<double>(x) / static_cast<double>(n - x + 1) / odds;
    below.push_back(relative);
  }
  BinomialWindow window{static_cast<std::size_t>(mode) - below.size(), {below.rbegin(), below.rend()}};
  window.probability.push_back(1);
  relative = 1;
  for (std::uint64_t x = mode; x < n && relative > negligible; ++x) {
    relative *= static_cast<double>(n - x) / static_cast<double>(x + 1) * odds;
    window.probability.push_back(relative);
  }
  double sum = 0;
  for (const double likely : window.probability) sum += likely;
  for (double& likely : window.probability) likely /= sum;
  return window;
}

/// The law of a probability as some of its quantiles, each equally likely, and what a pilot shows at each of them.
struct PilotTable {
  std::vector<double> scores{};
  std::vector<BinomialWindow> counts{};
};

[[nodiscard]] inline PilotTable pilot_table(const QuantileFunction& law, std::uint64_t customers) {
  constexpr std::size_t quantiles = 512;
  PilotTable table;
  for (std::size_t k = 0; k < quantiles; ++k) {
    const double z = normal_score((static_cast<double>(k) + 0.5) / quantiles);
    table.scores.push_back(z);
    table.counts.push_back(binomial_window(customers, std::clamp(law(z), 1e-300, 1 - 0x1p-53)));
  }
  return table;
}

/// E max_s E[f_s | X] - max_s E f_s, for f of these coefficients.
[[nodiscard]] inline double worth_of_pilot(const PilotTable& table, std::uint64_t customers, const HermiteBasis& basis,
                                           const Eigen::MatrixXd& coefficients) {
  Eigen::MatrixXd seen = Eigen::MatrixXd::Zero(coefficients.cols(), static_cast<Eigen::Index>(customers) + 1);
  std::vector<double> terms;
  for (std::size_t k = 0; k < table.scores.size(); ++k) {
    basis.at([&](std::size_t) { return table.scores[k]; }, terms);
    const Eigen::VectorXd value =
        coefficients.transpose() * Eigen::Map<const Eigen::VectorXd>(terms.data(), coefficients.rows());
    const BinomialWindow& window = table.counts[k];
    for (std::size_t x = 0; x < window.probability.size(); ++x) {
      seen.col(static_cast<Eigen::Index>(window.first + x)) += window.probability[x] * value;
    }
  }
  const double best = seen.colwise().maxCoeff().sum();
  return gain_over(best, seen.rowwise().sum().maxCoeff()) / static_cast<double>(table.scores.size());
}

}  // namespace tenure::detail
