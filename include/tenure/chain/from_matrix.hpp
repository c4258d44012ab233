#pragma once
// A chain for those who already have a matrix: rows of probabilities and rewards, dense or sparse, no names needed.
// Matrices are Eigen's, or whatever has their rows(), cols() and (row, column); this header does without Eigen's.

#include <cstddef>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// What a matrix does not say.
struct MatrixOptions {
  Horizon horizon = infinite_horizon;
  double discount_factor = 1;  ///< per period, above 0
  CashFlowTiming cash_flow_timing = CashFlowTiming::start;
  std::vector<Stage> stages{};           ///< by state; default all servicing
  std::vector<ArrivalGroup> arrivals{};  ///< default nobody
};

namespace detail {

/// What is not 0 in a matrix, in any order.
struct MatrixEntries {
  struct Entry {
    std::size_t row = 0;
    std::size_t column = 0;
    double value = 0;
  };
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<Entry> entries{};
};

template <class Matrix>
[[nodiscard]] MatrixEntries entries_of(const Matrix& matrix) {
  MatrixEntries found{static_cast<std::size_t>(matrix.rows()), static_cast<std::size_t>(matrix.cols()), {}};
  const auto add = [&](auto row, auto column, double value) {
    if (value != 0) found.entries.push_back({static_cast<std::size_t>(row), static_cast<std::size_t>(column), value});
  };
  if constexpr (
      requires {
        matrix.outerSize();
        typename Matrix::InnerIterator;
      } &&
      !requires { matrix(0, 0); }) {
    for (auto outer = 0 * matrix.outerSize(); outer < matrix.outerSize(); ++outer) {
      for (typename Matrix::InnerIterator entry(matrix, outer); entry; ++entry)
        add(entry.row(), entry.col(), entry.value());
    }
  } else {
    for (auto row = 0 * matrix.rows(); row < matrix.rows(); ++row) {
      for (auto column = 0 * matrix.cols(); column < matrix.cols(); ++column) add(row, column, matrix(row, column));
    }
  }
  return found;
}

[[nodiscard]] Chain chain_of_entries(MatrixEntries matrix, std::vector<double> reward, MatrixOptions options);

}  // namespace detail

/// A chain constant in time. Row i of `matrix` (states × states) holds the probabilities of moving from state i in one
/// period: anything with rows(), cols() and (row, column), or a sparse matrix of Eigen's. reward[i] is the cash flow of
/// a period spent in state i: anything with size() and [i], or an expression of Eigen's. Throws ModelError with every
/// problem.
template <class Matrix, class Vector>
[[nodiscard]] Chain chain_from_matrix(const Matrix& matrix, const Vector& reward, MatrixOptions options = {}) {
  const auto plain = [](const auto& given) -> decltype(auto) {
    if constexpr (requires { given.eval(); })  // an expression, say a product
      return given.eval();
    else
      return (given);
  };
  const auto& rewards = plain(reward);
  std::vector<double> reward_of_state;
  for (decltype(rewards.size()) i = 0; i < rewards.size(); ++i) reward_of_state.push_back(rewards[i]);
  return detail::chain_of_entries(detail::entries_of(plain(matrix)), std::move(reward_of_state), std::move(options));
}

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/chain/from_matrix-inl.hpp"
#endif
