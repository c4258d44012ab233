#pragma once
// What is known of several uncertain numbers together: where one of them is higher than thought, so probably is the
// other. A correlation is one of normal quantiles (a Gaussian copula; Nelsen 2006, 2.3): of the numbers themselves
// where both are normal, nearly so elsewhere.

#include <optional>
#include <string>
#include <vector>

#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// How strongly some uncertain numbers go together.
struct Correlation {
  std::vector<std::string> between{};  ///< names of numbers (model_numbers.hpp); of more than two, each pair has it
  double value = 0;                    ///< from -1 to 1, the ends excluded
  bool operator==(const Correlation&) const = default;
};

/// Square, row by row.
using SquareMatrix = std::vector<std::vector<double>>;

/// The correlations of these numbers, in this order; 0 where nothing is said.
[[nodiscard]] SquareMatrix correlation_matrix(const std::vector<Correlation>& correlations,
                                              const std::vector<std::string>& names);

/// The lower triangle L with L·Lᵀ = matrix; no value where the matrix is not positive definite.
[[nodiscard]] std::optional<SquareMatrix> cholesky_factor(const SquareMatrix& matrix);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/model/correlation-inl.hpp"
#endif
