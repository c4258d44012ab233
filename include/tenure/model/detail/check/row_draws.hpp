#pragma once
// Whether draws of a row's probabilities can sum to more than 1, so that rows are rescaled: asked of what is drawn, and
// answered no where that happens less than once in a million rows. Two bounds are tried, the quick one first:
//
//   each law is sub-Gaussian, P(x > mean + t) ≤ exp(-t² / 2v), with v = 1 / (4 (α + β + 1)) for a beta law (Marchal and
//   Arbel, Electronic Communications in Probability 22, 2017) and its variance for a uniform one; factors v of
//   independent numbers add, and their roots do whatever the correlations are;
//   if each of n numbers stays below what it exceeds with probability 1e-6 / n, so does their sum below the sum of
//   these.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/model/draft.hpp"
#include "tenure/quantity/detail/law/normal.hpp"
#include "tenure/quantity/detail/quantile.hpp"
#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

/// How likely a row of drawn numbers may be to come to more than 1 before that is worth a warning.
inline constexpr double negligible_excess = 1e-6;

/// The laws of a probability that has a spread, and exists; the one around what the other gives comes last.
[[nodiscard]] inline std::vector<Distribution> laws_drawn(const Number& number) {
  std::vector<Distribution> laws;
  const double mean = mean_of_law(number);
  for (const auto* law : {&number.uncertain, &number.differs}) {
    if (*law && !refusal(**law, mean, Quantity::probability) && standard_deviation(**law, mean) > 0) {
      laws.push_back(**law);
    }
  }
  return laws;
}

/// The root of a number's factor v, as a share of its mean.
[[nodiscard]] inline double relative_reach(const std::vector<Distribution>& laws, double mean) {
  if (laws.empty()) return 0;
  if (laws.size() > 1) return 0.5 / mean;  // of whatever lies between 0 and 1
  const double sd = standard_deviation(laws.front(), mean);
  if (laws.front().kind == DistributionKind::uniform) return sd / mean;
  return sd / (2 * std::sqrt(mean * (1 - mean))) / mean;
}

/// What a number exceeds with a small probability only, as a share of its mean.
[[nodiscard]] inline double relative_most(const std::vector<Distribution>& laws, double mean, double score) {
  double most = mean;
  for (const Distribution& law : laws) {
    most = refusal(law, most, Quantity::probability) ? 1 : std::min(1.0, QuantileFunction{law, most}(score));
  }
  return most / mean;
}

/// The numbers of a row with their laws, and how much of the row they are by period.
struct DrawnRow {
  std::vector<const Number*> numbers{};
  Period period = Period::month;
  bool is_correlated = false;

  [[nodiscard]] bool exceeds_rarely_by_reach(const std::vector<std::int64_t>& periods) const {
    std::vector<double> shares;
    for (const Number* number : numbers) shares.push_back(relative_reach(laws_drawn(*number), mean_of_law(*number)));
    return std::all_of(periods.begin(), periods.end(), [&](std::int64_t t) {
      double sum = 0, reach = 0, squares = 0;
      for (std::size_t k = 0; k < numbers.size(); ++k) {
        const double mean = mean_at(*numbers[k], t, period);
        const double own = mean * shares[k];
        sum += mean;
        reach += own;
        squares += own * own;
      }
      const double factor = is_correlated ? reach * reach : squares;
      const double left = 1 - sum;
      if (factor == 0) return true;  // nothing is drawn
      return left > 0 && tenure::exponential(-left * left / (2 * factor)) < negligible_excess;
    });
  }

  [[nodiscard]] bool exceeds_rarely_by_quantiles(const std::vector<std::int64_t>& periods) const {
    const double score = -normal_quantile(negligible_excess / static_cast<double>(numbers.size()));
    std::vector<double> most;
    for (const Number* number : numbers) {
      const std::vector<Distribution> laws = laws_drawn(*number);
      most.push_back(laws.empty() ? 1 : relative_most(laws, mean_of_law(*number), score));
    }
    return std::all_of(periods.begin(), periods.end(), [&](std::int64_t t) {
      double sum = 0;
      for (std::size_t k = 0; k < numbers.size(); ++k) sum += mean_at(*numbers[k], t, period) * most[k];
      return sum <= 1 + limits::row_rounding;
    });
  }
};

}  // namespace tenure::detail
