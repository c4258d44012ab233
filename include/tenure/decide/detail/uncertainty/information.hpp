#pragma once
// What it would be worth to know more before deciding (Raiffa and Schlaifer 1961).
//
//   EVPI  = E max_s v_s - max_s E v_s                        of knowing every number
//   EVPPI = E max_s E[v_s | θ] - max_s E v_s                 of knowing some of them, θ
//   EVSI  = E max_s E[v_s | X] - max_s E v_s                 of seeing X, a pilot of n customers
//
// E[v_s | θ] is found by regression of the draws' values on θ (Strong, Oakley and Brennan 2014), on polynomials that
// are orthonormal under θ's own law where numbers are not correlated: Jacobi's in a number whose law has two ends, so
// that what is linear in a probability stays so, and Hermite's in the normal quantile of any other. A pilot counts how
// many of n customers do what a probability with a beta law says. Its count is beta-binomial, with Hahn's polynomials
// Q_k for orthonormal ones, and what it tells of each of Jacobi's is known in closed form (Diaconis, Khare and
// Saloff-Coste 2008):
//
//   E[P_k(θ) | X = x] = Q_k(x) sqrt(n (n - 1) … (n - k + 1) / ((α + β + n) … (α + β + n + k - 1)))
//
// so that EVSI is a sum over all counts, without sampling. Errors come from leaving out one randomisation after the
// other (jackknife), regression and all, and from leaving out the highest degrees, which is how far the polynomials may
// still be from E[v_s | θ].

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <vector>

#include <Eigen/Dense>

#include "tenure/decide/detail/uncertainty/draws.hpp"
#include "tenure/decide/detail/uncertainty/sample.hpp"
#include "tenure/engine/estimate.hpp"
#include "tenure/quantity/detail/quadrature.hpp"

namespace tenure::detail {

/// What choosing case by case brings over one choice for all; what rounding may do counts as nothing.
[[nodiscard]] inline double gain_over(double case_by_case, double one_for_all) {
  const double gain = case_by_case - one_for_all;
  return gain > 1e-12 * (std::abs(case_by_case) + std::abs(one_for_all)) ? gain : 0;
}

inline constexpr unsigned highest_degree = 6;

/// Orthonormal polynomials by their recursion: beside[k] P_{k+1} = (x - middle[k]) P_k - beside[k-1] P_{k-1}.
struct Recursion {
  std::array<double, highest_degree> middle{};
  std::array<double, highest_degree> beside{};

  [[nodiscard]] std::array<double, highest_degree + 1> at(double x) const {
    std::array<double, highest_degree + 1> values{1};
    for (std::size_t k = 0; k < highest_degree && beside[k] > 0; ++k) {
      values[k + 1] = ((x - middle[k]) * values[k] - (k > 0 ? beside[k - 1] * values[k - 1] : 0)) / beside[k];
    }
    return values;
  }
};

[[nodiscard]] inline Recursion hermite_recursion() {
  Recursion recursion;
  for (std::size_t k = 0; k < highest_degree; ++k) recursion.beside[k] = std::sqrt(static_cast<double>(k + 1));
  return recursion;
}

/// For the share of n customers that a pilot finds (Hahn), or, for infinitely many, for the probability itself
/// (Jacobi).
[[nodiscard]] inline Recursion beta_recursion(const BetaParameters& law, std::optional<std::uint64_t> customers = {}) {
  const double total = law.alpha + law.beta;
  const double of_one = customers ? 1 / static_cast<double>(*customers) : 0;
  const auto up = [&](double k) {  // the total comes last, so that next to nothing of it is not lost in a 1
    if (k == 0) return law.alpha / total;
    return (k - 1 + total) / (2 * k - 1 + total) * (k + law.alpha) / (2 * k + total) * (1 - k * of_one);
  };
  const auto down = [&](double k) {
    if (k == 0) return 0.0;
    const double beside_it = (k - 1 + law.beta) / (2 * (k - 1) + total);
    return k / (2 * k - 1 + total) * beside_it * (1 + (k - 1 + total) * of_one);
  };
  Recursion recursion;
  for (std::size_t k = 0; k < highest_degree; ++k) {
    const auto degree = static_cast<double>(k);
    recursion.middle[k] = up(degree) + down(degree);
    recursion.beside[k] = std::sqrt(std::max(0.0, up(degree) * down(degree + 1)));  // 0 from degree n on
    if (recursion.beside[k] == 0) break;
  }
  return recursion;
}

/// What a number enters a regression by.
struct RegressionAxis {
  Recursion recursion{};
  std::vector<double> at{};  ///< by draw
};

[[nodiscard]] inline RegressionAxis regression_axis(const UncertainDraws& draws, const UncertaintySample& sample,
                                                    std::size_t number) {
  const Number& uncertain = draws.numbers()[number].number;
  const Distribution& law = *uncertain.uncertain;
  const double mean = mean_of_law(uncertain);
  RegressionAxis axis{hermite_recursion(), sample.scores[number]};
  if (law.kind == DistributionKind::beta) {
    axis.recursion = beta_recursion(beta_parameters(law.spread, mean));
    for (double& at : axis.at) at = draws.law(number)(at);
  } else if (law.kind == DistributionKind::uniform) {
    axis.recursion = beta_recursion({1, 1});
    const double width = standard_deviation(law, mean) * std::sqrt(12.0);
    const double middle = implied_mean(law.spread).value_or(mean);
    for (double& at : axis.at) at = 0.5 + (draws.law(number)(at) - middle) / width;
  }
  return axis;
}

/// Products of orthonormal polynomials of some numbers: the degree of each factor, term by term, the lowest first.
struct RegressionBasis {
  unsigned degree = 0;  ///< of all factors together, at most
  std::vector<std::vector<unsigned>> terms{};

  [[nodiscard]] std::size_t size() const { return terms.size(); }
  /// Terms of no more than a degree.
  [[nodiscard]] std::size_t size_up_to(unsigned most) const {
    const auto above = std::find_if(terms.begin(), terms.end(), [&](const std::vector<unsigned>& term) {
      return std::accumulate(term.begin(), term.end(), 0U) > most;
    });
    return static_cast<std::size_t>(above - terms.begin());
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
[[nodiscard]] inline RegressionBasis regression_basis(std::size_t numbers, std::size_t draws) {
  const std::size_t bearable = std::max<std::size_t>(1, std::min<std::size_t>(draws / 20, 200));
  for (unsigned degree = numbers == 1 ? highest_degree : 4;; --degree) {
    double count = 1;  // of terms: (numbers + degree) over degree
    for (unsigned k = 1; k <= degree; ++k) count *= static_cast<double>(numbers + k) / k;
    if (degree > 0 && count > static_cast<double>(bearable) + 0.5) continue;
    RegressionBasis basis{degree, {}};
    std::vector<unsigned> term(numbers, 0);
    append_terms(term, 0, degree, basis.terms);
    std::stable_sort(basis.terms.begin(), basis.terms.end(), [](const auto& a, const auto& b) {
      return std::accumulate(a.begin(), a.end(), 0U) < std::accumulate(b.begin(), b.end(), 0U);
    });
    return basis;
  }
}

/// Sums of products of a randomisation, from which a regression is made.
struct RegressionSums {
  Eigen::MatrixXd among{};  ///< terms by terms
  Eigen::MatrixXd with{};   ///< terms by scenarios
};

/// Coefficients of least squares from its sums, terms by scenarios. A term that the draws cannot tell from those before
/// it is left out, and is said to be.
struct LeastSquares {
  Eigen::MatrixXd coefficients{};
  std::vector<bool> told{};  ///< by term
};

[[nodiscard]] inline LeastSquares least_squares(const RegressionSums& sums, std::size_t terms) {
  constexpr double told_apart = 1e-6;  // of a term's own square
  const auto size = static_cast<Eigen::Index>(terms);
  Eigen::MatrixXd lower = Eigen::MatrixXd::Identity(size, size);  // Cholesky's, term by term
  LeastSquares result{Eigen::MatrixXd::Zero(sums.with.rows(), sums.with.cols()), std::vector<bool>(terms, false)};
  auto solution = result.coefficients.topRows(size);
  for (Eigen::Index j = 0; j < size; ++j) {
    Eigen::VectorXd row = Eigen::VectorXd::Zero(j);
    for (Eigen::Index k = 0; k < j; ++k) {
      if (result.told[static_cast<std::size_t>(k)])
        row[k] = (sums.among(j, k) - row.head(k).dot(lower.row(k).head(k))) / lower(k, k);
    }
    const double left = sums.among(j, j) - row.squaredNorm();
    if (!(left > told_apart * sums.among(j, j))) continue;
    result.told[static_cast<std::size_t>(j)] = true;
    lower.row(j).head(j) = row;
    lower(j, j) = std::sqrt(left);
    solution.row(j) = (sums.with.row(j) - row.transpose() * solution.topRows(j)) / lower(j, j);
  }
  lower.triangularView<Eigen::Lower>().transpose().solveInPlace(solution);
  return result;
}

/// E[v_s | θ] for all scenarios, from all draws and without some of them.
class ConditionalMeans {
 public:
  /// Which part of what is known a regression is made of.
  struct Part {
    std::optional<std::size_t> without{};  ///< a randomisation that is left out
    std::optional<unsigned> degree{};      ///< up to which polynomials go; none: to the highest
  };

  ConditionalMeans(const UncertaintySample& sample, const UncertainDraws& draws,
                   const std::vector<std::size_t>& numbers)
      : sample_{sample}, basis_{regression_basis(numbers.size(), sample.draws())} {
    for (const std::size_t number : numbers) axes_.push_back(regression_axis(draws, sample, number));
    for (std::size_t r = 0; r < sample.randomisations(); ++r) sums_.push_back(sums_of(r));
    for (const RegressionSums& sums : sums_) {
      total_.among = total_.among.size() ? Eigen::MatrixXd{total_.among + sums.among} : sums.among;
      total_.with = total_.with.size() ? Eigen::MatrixXd{total_.with + sums.with} : sums.with;
    }
  }

  [[nodiscard]] const RegressionBasis& basis() const { return basis_; }

  /// Whether the draws are many enough, and far enough apart, to tell what a number does at all.
  [[nodiscard]] bool tell() const {
    const std::size_t linear = basis_.size_up_to(1);
    const std::vector<bool> told = least_squares(total_, linear).told;
    return linear > 1 && std::find(told.begin(), told.end(), false) == told.end();
  }

  /// Coefficients, terms by scenarios.
  [[nodiscard]] Eigen::MatrixXd fit(const Part& part) const {
    const std::size_t terms = part.degree ? basis_.size_up_to(*part.degree) : basis_.size();
    if (!part.without) return least_squares(total_, terms).coefficients;
    const RegressionSums& out = sums_[*part.without];
    return least_squares({total_.among - out.among, total_.with - out.with}, terms).coefficients;
  }

  /// E max_s f_s - max_s E f_s over the draws, without those of one randomisation where it is left out.
  [[nodiscard]] double worth(const Part& part) const {
    const Eigen::MatrixXd coefficients = fit(part);
    Eigen::VectorXd sums = Eigen::VectorXd::Zero(coefficients.cols());
    double best = 0;
    std::size_t count = 0;
    std::vector<double> terms;
    for (std::size_t r = 0; r < sample_.randomisations(); ++r) {
      if (part.without && r == *part.without) continue;
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

  /// A figure with its error; figure(part) computes it from a part of what is known.
  template <class Figure>
  [[nodiscard]] Estimate estimated(const Figure& figure) const {
    Estimate estimate{figure(Part{}), {}};
    const std::size_t count = sample_.randomisations();
    if (count < 2) return estimate;
    std::vector<double> left_out;
    for (std::size_t r = 0; r < count; ++r) left_out.push_back(figure(Part{r, {}}));
    const double mean = mean_of(left_out, 0, count);
    double squares = 0;
    for (const double value : left_out) squares += (value - mean) * (value - mean);
    const double by_degree = std::abs(estimate.mean - figure(Part{{}, basis_.degree - 1}));
    const double by_two = basis_.degree < 3 ? 0 : std::abs(estimate.mean - figure(Part{{}, basis_.degree - 2}));
    const double unfitted = std::max(by_degree, by_two);  // of two degrees: one of them may be nothing by symmetry
    estimate.standard_error =
        std::sqrt(squares * static_cast<double>(count - 1) / static_cast<double>(count) + unfitted * unfitted);
    return estimate;
  }

 private:
  void terms_of(std::size_t draw, std::vector<double>& values) const {
    values.assign(basis_.size(), 1.0);
    for (std::size_t k = 0; k < axes_.size(); ++k) {
      const std::array<double, highest_degree + 1> powers = axes_[k].recursion.at(axes_[k].at[draw]);
      for (std::size_t j = 0; j < values.size(); ++j) values[j] *= powers[basis_.terms[j][k]];
    }
  }
  [[nodiscard]] RegressionSums sums_of(std::size_t randomisation) const {
    const auto size = static_cast<Eigen::Index>(basis_.size());
    const std::size_t scenarios = sample_.values.size();
    RegressionSums sums{Eigen::MatrixXd::Zero(size, size),
                        Eigen::MatrixXd::Zero(size, static_cast<Eigen::Index>(scenarios))};
    std::vector<double> terms;
    for (std::size_t d = sample_.first[randomisation]; d < sample_.first[randomisation + 1]; ++d) {
      terms_of(d, terms);
      const Eigen::Map<const Eigen::VectorXd> row(terms.data(), size);
      sums.among.selfadjointView<Eigen::Lower>().rankUpdate(row);
      for (std::size_t s = 0; s < scenarios; ++s) {  // differences, so that little is cancelled
        sums.with.col(static_cast<Eigen::Index>(s)) += row * (sample_.values[s][d] - sample_.values[0][d]);
      }
    }
    sums.among = Eigen::MatrixXd{sums.among.selfadjointView<Eigen::Lower>()};
    return sums;
  }

  const UncertaintySample& sample_;
  RegressionBasis basis_;
  std::vector<RegressionAxis> axes_{};
  std::vector<RegressionSums> sums_{};
  RegressionSums total_{};
};

/// How likely a pilot of n customers finds each count, 0 to n, of a probability with a beta law.
[[nodiscard]] inline Eigen::VectorXd likely_counts(const BetaParameters& law, std::uint64_t customers) {
  const auto n = static_cast<double>(customers);
  const auto next_to = [&](double x) {  // p(x + 1) / p(x)
    return (n - x) / (x + 1) * ((law.alpha + x) / (law.beta + (n - x - 1)));
  };
  // from the count that is likeliest, so that nothing that matters is too small; a law with two peaks has flat valleys
  const double bend = law.alpha + law.beta - 2;
  const double top = bend > 0 ? std::clamp(std::floor((n * (law.alpha - 1) - law.beta + 1) / bend) + 1, 0.0, n) : 0;
  const auto start = static_cast<Eigen::Index>(top);
  Eigen::VectorXd likely = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(customers) + 1);
  likely[start] = 1;
  for (Eigen::Index x = start; x + 1 < likely.size(); ++x) likely[x + 1] = likely[x] * next_to(static_cast<double>(x));
  for (Eigen::Index x = start; x > 0; --x) likely[x - 1] = likely[x] / next_to(static_cast<double>(x - 1));
  return likely / likely.sum();
}

/// What a pilot may find, and what it tells of the orthonormal polynomials of the probability then.
struct PilotTable {
  Eigen::VectorXd likely{};  ///< by count
  Eigen::MatrixXd told{};    ///< polynomials by count
};

[[nodiscard]] inline PilotTable pilot_table(const BetaParameters& law, std::uint64_t customers, unsigned degree) {
  const Recursion recursion = beta_recursion(law, customers);
  PilotTable table{likely_counts(law, customers), {}};
  const auto n = static_cast<double>(customers);
  std::array<double, highest_degree + 1> kept{1};  // of each polynomial, after so few customers
  for (std::size_t k = 0; k < highest_degree && n > static_cast<double>(k); ++k) {
    const auto before = static_cast<double>(k);
    kept[k + 1] = kept[k] * std::sqrt((n - before) / (law.alpha + law.beta + n + before));
  }
  table.told.resize(static_cast<Eigen::Index>(degree) + 1, table.likely.size());
  for (Eigen::Index x = 0; x < table.likely.size(); ++x) {
    const std::array<double, highest_degree + 1> of_count = recursion.at(static_cast<double>(x) / n);
    for (std::size_t k = 0; k <= degree; ++k) table.told(static_cast<Eigen::Index>(k), x) = kept[k] * of_count[k];
  }
  return table;
}

/// E max_s E[f_s | X] - max_s E f_s, for f of these coefficients.
[[nodiscard]] inline double value_of_pilot(const PilotTable& table, const Eigen::MatrixXd& coefficients) {
  constexpr Eigen::Index at_once = 1024;
  double best = 0;
  for (Eigen::Index x = 0; x < table.likely.size(); x += at_once) {
    const Eigen::Index count = std::min(at_once, table.likely.size() - x);
    const Eigen::MatrixXd seen = coefficients.transpose() * table.told.middleCols(x, count);
    best += seen.colwise().maxCoeff().dot(table.likely.segment(x, count));
  }
  return gain_over(best, coefficients.row(0).maxCoeff());  // orthonormal: the other terms have mean 0
}

}  // namespace tenure::detail
