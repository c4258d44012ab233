#pragma once
// What every scenario is worth in every draw, and what follows from such a table: who is best how often, and what is
// lost by deciding now. The scenarios meet the same draws.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <vector>

#include "tenure/decide/detail/ties.hpp"
#include "tenure/engine/estimate.hpp"

namespace tenure::detail {

/// Values by column (scenario) and draw, and the draws' scores by number.
struct UncertaintySample {
  std::vector<std::vector<double>> values{};
  std::vector<std::vector<double>> scores{};
  std::vector<std::size_t> first{};  ///< draw of each randomisation, and the number of draws at the end

  [[nodiscard]] std::size_t draws() const { return first.back(); }
  [[nodiscard]] std::size_t randomisations() const { return first.size() - 1; }
};

[[nodiscard]] inline double mean_of(const std::vector<double>& values, std::size_t begin, std::size_t end) {
  double sum = 0;
  for (std::size_t k = begin; k < end; ++k) sum += values[k];
  return sum / static_cast<double>(end - begin);
}

/// A mean over draws, with the error that the randomisations' means show.
[[nodiscard]] inline Estimate mean_over_randomisations(const UncertaintySample& sample,
                                                       const std::vector<double>& values) {
  Estimate estimate{mean_of(values, 0, values.size()), {}};
  const std::size_t count = sample.randomisations();
  if (count < 2) return estimate;
  double squares = 0;
  for (std::size_t r = 0; r < count; ++r) {
    const double deviation = mean_of(values, sample.first[r], sample.first[r + 1]) - estimate.mean;
    squares += deviation * deviation;
  }
  estimate.standard_error = std::sqrt(squares / static_cast<double>(count * (count - 1)));
  return estimate;
}

[[nodiscard]] inline double deviation_of(const std::vector<double>& values) {
  if (values.size() < 2) return 0;
  const double mean = mean_of(values, 0, values.size());
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

/// Between two of the sorted values where none stands exactly there (Hyndman and Fan's type 7).
[[nodiscard]] inline double quantile_of(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

/// By scenario and draw: 1 for the best, shared by those that tie.
[[nodiscard]] inline std::vector<std::vector<double>> wins(const std::vector<std::vector<double>>& values) {
  return first_places(values.size(), values.front().size(),
                      [&](std::size_t scenario, std::size_t draw) { return values[scenario][draw]; });
}

/// By scenario and draw: what another scenario would have brought more; nothing where they tie.
[[nodiscard]] inline std::vector<std::vector<double>> losses(const std::vector<std::vector<double>>& values) {
  std::vector<std::vector<double>> lost = values;
  for (std::size_t d = 0; d < values.front().size(); ++d) {
    double most = values.front()[d];
    for (const std::vector<double>& of_scenario : values) most = std::max(most, of_scenario[d]);
    for (std::vector<double>& of_scenario : lost)
      of_scenario[d] = are_the_same(of_scenario[d], most) ? 0 : most - of_scenario[d];
  }
  return lost;
}

/// The scenario with the highest mean; the first of those that tie.
[[nodiscard]] inline std::size_t best_of(const std::vector<std::vector<double>>& values) {
  std::size_t best = 0;
  double most = 0;
  for (std::size_t s = 0; s < values.size(); ++s) {
    const double mean = mean_of(values[s], 0, values[s].size());
    if (s > 0 && (!(mean > most) || are_the_same(mean, most))) continue;
    best = s;
    most = mean;
  }
  return best;
}

}  // namespace tenure::detail
