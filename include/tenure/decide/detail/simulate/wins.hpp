#pragma once
// How often each scenario is the best of all.

#include <algorithm>
#include <cstddef>
#include <vector>

#include "tenure/decide/detail/ties.hpp"
#include "tenure/engine/detail/control_variate.hpp"
#include "tenure/engine/estimate.hpp"
#include "tenure/engine/population.hpp"

namespace tenure::detail {

/// Replicate by replicate, whether each scenario is worth most; ties are shared.
[[nodiscard]] inline std::vector<std::vector<double>> wins_of(const std::vector<PopulationResult>& results) {
  return first_places(results.size(), results.front().equity_of_replicate.size(),
                      [&](std::size_t k, std::size_t replicate) { return results[k].equity_of_replicate[replicate]; });
}

/// How likely each scenario is worth most, controlled by the differences to the reference, whose expectations the exact
/// engine knows. What has no share of the sample to begin with, or all of it, stays so.
[[nodiscard]] inline std::vector<Estimate> probabilities_best(const std::vector<PopulationResult>& results,
                                                              const std::vector<double>& exact, std::size_t reference) {
  std::vector<std::vector<double>> differences;
  std::vector<double> expectations;
  for (std::size_t k = 0; k < results.size(); ++k) {
    const ValueSummary difference = paired_difference(results[k], results[reference]);
    if (k == reference || difference.minimum() == difference.maximum()) continue;
    std::vector<double>& column = differences.emplace_back(results[k].equity_of_replicate);
    for (std::size_t r = 0; r < column.size(); ++r) column[r] -= results[reference].equity_of_replicate[r];
    expectations.push_back(exact[k] - exact[reference]);
  }
  std::vector<Estimate> best = controlled(controlled_sample(differences, expectations, wins_of(results)));
  double sum = 0;
  for (Estimate& probability : best) {
    probability.mean = std::clamp(probability.mean, 0.0, 1.0);
    sum += probability.mean;
  }
  for (Estimate& probability : best) probability.mean /= sum;
  return best;
}

}  // namespace tenure::detail
