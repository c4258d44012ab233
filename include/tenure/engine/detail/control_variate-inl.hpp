#pragma once
// The bodies of tenure/engine/detail/control_variate.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

#include "tenure/engine/detail/control_variate.hpp"
#include "tenure/engine/estimate.hpp"
#include "tenure/quantity/elementary.hpp"

namespace tenure::detail {

/// A sample's sums after its controls have been swept out (Goodnight 1979): in the rows of controls, the proportions;
/// in those of responses, what remains unexplained.
struct SweptSample {
  std::vector<double> matrix{};
  std::vector<bool> used{};  ///< by control; one that does not vary, or follows from others, says nothing more
  double controls = 0;       ///< how many are used
};

inline void sweep(std::vector<double>& matrix, std::size_t size, std::size_t k) {
  const double pivot = matrix[k * size + k];
  for (std::size_t j = 0; j < size; ++j) matrix[k * size + j] /= pivot;
  for (std::size_t i = 0; i < size; ++i) {
    if (i == k) continue;
    const double factor = matrix[i * size + k];
    for (std::size_t j = 0; j < size; ++j) matrix[i * size + j] -= factor * matrix[k * size + j];
    matrix[i * size + k] = -factor / pivot;
  }
  matrix[k * size + k] = 1 / pivot;
}

[[nodiscard]] inline SweptSample swept(const ControlledSample& sample) {
  SweptSample swept{sample.products, std::vector<bool>(sample.surprise.size()), 0};
  const std::size_t size = sample.size();
  for (std::size_t k = 0; k < sample.surprise.size(); ++k) {
    const double left = swept.matrix[k * size + k];
    if (!(left > 1e-10 * sample.products[k * size + k])) continue;
    sweep(swept.matrix, size, k);
    swept.used[k] = true;
    swept.controls += 1;
  }
  return swept;
}

[[nodiscard]] inline bool fits_what_is_known(const ControlledSample& sample) {
  const auto n = static_cast<double>(sample.count);
  for (std::size_t k = 0; k < sample.surprise.size(); ++k) {
    const double square = sample.products[k * sample.size() + k];
    if (!(std::abs(sample.surprise[k]) <= standard_errors_of_a_misfit * std::sqrt(square / (n * (n - 1)))))
      return false;
  }
  return true;
}

[[nodiscard]] inline std::vector<Estimate> plain_means(const ControlledSample& sample) {
  const auto n = static_cast<double>(sample.count);
  std::vector<Estimate> means;
  for (std::size_t r = 0; r < sample.response.size(); ++r) {
    const std::size_t row = sample.surprise.size() + r;
    const double square = sample.products[row * sample.size() + row];
    means.push_back({sample.response[r], {}});
    if (sample.count > 1) means.back().standard_error = std::sqrt(std::max(square, 0.0) / (n * (n - 1)));
  }
  return means;
}

TENURE_INLINE std::vector<Estimate> controlled(const ControlledSample& sample) {
  const std::size_t controls = sample.surprise.size();
  const std::size_t size = sample.size();
  if (sample.count < controls + 3 || !fits_what_is_known(sample)) return plain_means(sample);
  const SweptSample swept = detail::swept(sample);
  const auto at = [&](std::size_t i, std::size_t j) { return swept.matrix[i * size + j]; };
  const auto n = static_cast<double>(sample.count);
  double weight = 1 / n;  // of one error, in the square of the estimate's
  for (std::size_t i = 0; i < controls; ++i) {
    for (std::size_t j = 0; j < controls; ++j) {
      if (swept.used[i] && swept.used[j]) weight += sample.surprise[i] * at(i, j) * sample.surprise[j];
    }
  }
  std::vector<Estimate> estimates;
  for (std::size_t r = 0; r < sample.response.size(); ++r) {
    const std::size_t row = controls + r;
    double mean = sample.response[r];
    for (std::size_t k = 0; k < controls; ++k) {
      if (swept.used[k]) mean -= at(k, row) * sample.surprise[k];
    }
    const double unexplained = std::max(at(row, row), 0.0) / (n - 1 - swept.controls);
    estimates.push_back({mean, std::sqrt(unexplained * weight)});
  }
  return estimates;
}

TENURE_INLINE ControlledSample controlled_sample(std::span<const std::vector<double>> controls,
                                                 std::span<const double> expectations,
                                                 std::span<const std::vector<double>> responses) {
  ControlledSample sample;
  std::vector<std::vector<double>> deviations{controls.begin(), controls.end()};
  deviations.insert(deviations.end(), responses.begin(), responses.end());
  sample.count = deviations.empty() ? 0 : deviations.front().size();
  for (std::size_t k = 0; k < deviations.size(); ++k) {
    CompensatedSum sum;
    for (const double value : deviations[k]) sum.add(value);
    const double mean = sum.value() / static_cast<double>(sample.count);
    for (double& value : deviations[k]) value -= mean;
    if (k < controls.size()) {
      sample.surprise.push_back(mean - expectations[k]);
    } else {
      sample.response.push_back(mean);
    }
  }
  const std::size_t size = deviations.size();
  sample.products.resize(size * size);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double product = std::inner_product(deviations[i].begin(), deviations[i].end(), deviations[j].begin(), 0.0);
      sample.products[i * size + j] = sample.products[j * size + i] = product;
    }
  }
  return sample;
}

}  // namespace tenure::detail
