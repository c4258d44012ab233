// Ten thousand states with five successors each: the sparse way to the same answers, against a plain recursion of a few
// lines and against the equations themselves.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "tenure/chain/from_matrix.hpp"
#include "tenure/engine/exact.hpp"

namespace tenure::test::large_sparse {

constexpr Eigen::Index states = 10'000;
constexpr int successors = 5;

struct Large {
  Eigen::SparseMatrix<double, Eigen::RowMajor> moves{states, states};
  Eigen::VectorXd reward{states};
};

/// Random successors, one of them often the state itself; the last state absorbs and earns nothing.
Large seeded(std::uint64_t seed) {
  Mixing mixing{seed};
  Large large;
  std::vector<Eigen::Triplet<double>> entries;
  for (Eigen::Index i = 0; i + 1 < states; ++i) {
    const std::vector<double> shares = mixing.shares(successors);
    for (int k = 0; k < successors; ++k) {
      const auto to = k == 0 ? i : static_cast<Eigen::Index>(mixing.below(static_cast<std::size_t>(states)));
      entries.emplace_back(static_cast<int>(i), static_cast<int>(to), shares[static_cast<std::size_t>(k)]);
    }
    large.reward[i] = mixing.between(-20, 100);
  }
  entries.emplace_back(static_cast<int>(states) - 1, static_cast<int>(states) - 1, 1.0);
  large.reward[states - 1] = 0;
  large.moves.setFromTriplets(entries.begin(), entries.end());
  return large;
}

Chain chain_of(const Large& large, double discount, Horizon horizon) {
  return chain_from_matrix(large.moves, large.reward, {.horizon = horizon, .discount_factor = discount});
}

/// V ← r + d P V, so many times from 0.
std::vector<double> iterated(const Large& large, double discount, int periods) {
  std::vector<double> value(static_cast<std::size_t>(states), 0.0);
  for (int t = 0; t < periods; ++t) {
    std::vector<double> next(static_cast<std::size_t>(states));
    for (Eigen::Index i = 0; i < states; ++i) {
      double later = 0;
      for (Eigen::SparseMatrix<double, Eigen::RowMajor>::InnerIterator entry(large.moves, i); entry; ++entry) {
        later += entry.value() * value[static_cast<std::size_t>(entry.col())];
      }
      next[static_cast<std::size_t>(i)] = large.reward[i] + discount * later;
    }
    value = std::move(next);
  }
  return value;
}

double largest_difference(const ExactValue& value, const std::vector<double>& expected) {
  double largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i)
    largest = std::max(largest, std::abs(value.states[i].clv.value() - expected[i]));
  return largest;
}

/// How far V is from r + d P V.
double residual(const Large& large, const ExactValue& value, double discount) {
  double largest = 0;
  for (Eigen::Index i = 0; i < states; ++i) {
    long double right = large.reward[i];
    for (Eigen::SparseMatrix<double, Eigen::RowMajor>::InnerIterator entry(large.moves, i); entry; ++entry) {
      right += static_cast<long double>(discount) * static_cast<long double>(entry.value()) *
               static_cast<long double>(value.states[static_cast<std::size_t>(entry.col())].clv.value());
    }
    const long double left = value.states[static_cast<std::size_t>(i)].clv.value();
    largest = std::max(largest, static_cast<double>(std::abs(left - right)));
  }
  return largest;
}

TEST_CASE("Large sparse chain: 240 periods", "[slow]") {
  const Large large = seeded(1);
  const double discount = 0.99;
  const ExactValue value = exact_value(chain_of(large, discount, 240));
  CHECK(largest_difference(value, iterated(large, discount, 240)) < 1e-9);  // values are near 4000
}

TEST_CASE("Large sparse chain: for ever", "[slow]") {
  const Large large = seeded(2);
  const double discount = 0.98;
  const ExactValue value = exact_value(chain_of(large, discount, infinite_horizon));
  CHECK(value.error_bound < 1e-8);  // values are near 2000, and rounding is worth 50 times itself
  CHECK(residual(large, value, discount) < 2e-12);
  CHECK(largest_difference(value, iterated(large, discount, 2000)) < 1e-8);  // 0.98^2000 is 3e-18
}

TEST_CASE("Large sparse chain: for ever without discounting, until everyone has left", "[slow]") {
  Large large = seeded(3);
  // one in fifty leaves from every state
  Eigen::SparseMatrix<double, Eigen::RowMajor> kept = large.moves * 0.98;
  std::vector<Eigen::Triplet<double>> leaving;
  for (Eigen::Index i = 0; i < states; ++i)
    leaving.emplace_back(static_cast<int>(i), static_cast<int>(states) - 1, 0.02);
  Eigen::SparseMatrix<double, Eigen::RowMajor> out{states, states};
  out.setFromTriplets(leaving.begin(), leaving.end());
  large.moves = kept + out;
  const ExactValue value = exact_value(chain_of(large, 1, infinite_horizon));
  CHECK(largest_difference(value, iterated(large, 1, 2000)) < 1e-8);
  CHECK(value.states.back().clv.value() == 0);
}

TEST_CASE("Large sparse chain: moments for ever are those of a long horizon", "[slow]") {
  const Large large = seeded(4);
  const double discount = 0.9;
  const ExactValue forever = exact_value(chain_of(large, discount, infinite_horizon));
  const ExactValue finite = exact_value(chain_of(large, discount, 400));
  double sd = 0, skewness = 0;
  for (std::size_t i = 0; i + 1 < forever.states.size(); ++i) {
    sd = std::max(sd, std::abs(forever.states[i].clv_sd.value() - finite.states[i].clv_sd.value()));
    skewness =
        std::max(skewness, std::abs(forever.states[i].clv_skewness.value() - finite.states[i].clv_skewness.value()));
  }
  CHECK(sd < 1e-10);
  CHECK(skewness < 1e-9);
}

}  // namespace tenure::test::large_sparse
