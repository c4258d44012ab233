#pragma once
// The bodies of tenure/model/correlation.hpp.

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tenure/model/correlation.hpp"

namespace tenure {

TENURE_INLINE SquareMatrix correlation_matrix(const std::vector<Correlation>& correlations,
                                              const std::vector<std::string>& names) {
  SquareMatrix matrix(names.size(), std::vector<double>(names.size(), 0.0));
  for (std::size_t i = 0; i < names.size(); ++i) matrix[i][i] = 1;
  const auto place_of = [&](const std::string& name) {
    std::size_t place = 0;
    while (place < names.size() && names[place] != name) ++place;
    return place;
  };
  for (const Correlation& correlation : correlations) {
    for (const std::string& one : correlation.between) {
      for (const std::string& other : correlation.between) {
        const std::size_t i = place_of(one);
        const std::size_t j = place_of(other);
        if (i < names.size() && j < names.size() && i != j) matrix[i][j] = correlation.value;
      }
    }
  }
  return matrix;
}

TENURE_INLINE std::optional<SquareMatrix> cholesky_factor(const SquareMatrix& matrix) {
  constexpr double least = 1e-10;  // of a pivot: below it a number would follow from the others
  SquareMatrix lower(matrix.size(), std::vector<double>(matrix.size(), 0.0));
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double left = matrix[i][j];
      for (std::size_t k = 0; k < j; ++k) left -= lower[i][k] * lower[j][k];
      if (i == j && !(left > least)) return std::nullopt;
      lower[i][j] = i == j ? std::sqrt(left) : left / lower[j][j];
    }
  }
  return lower;
}

}  // namespace tenure
