// What the exact engine costs: over states and over horizon, and beside dense Eigen written plainly, as one would write
// it for a page. Each run first checks that both give the same values, so that nothing wrong is fast.

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <Eigen/Dense>
#include <Eigen/SparseCore>

#include "life_chain.hpp"
#include "tenure/chain/from_matrix.hpp"
#include "tenure/engine/exact.hpp"

namespace {

using namespace tenure;
using namespace tenure::measured;

constexpr double discount = 0.992;
constexpr int successors = 5;

/// A 64-bit mixing generator (Steele, Lea and Flood 2014), for chains that are the same everywhere.
struct Mixing {
  std::uint64_t state;
  std::uint64_t next() {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
};

struct Problem {
  Eigen::SparseMatrix<double, Eigen::RowMajor> matrix;
  Eigen::VectorXd reward;
};

/// Each state stays with 0.6 and moves to five others.
Problem random_problem(int states) {
  Mixing random{static_cast<std::uint64_t>(states)};
  std::vector<Eigen::Triplet<double>> entries;
  Problem problem{Eigen::SparseMatrix<double, Eigen::RowMajor>(states, states), Eigen::VectorXd(states)};
  for (int i = 0; i < states; ++i) {
    problem.reward[i] = 100 * random.uniform() - 20;
    entries.emplace_back(i, i, 0.6);
    for (int k = 0; k < successors; ++k) {
      entries.emplace_back(i, static_cast<int>(random.next() % static_cast<std::uint64_t>(states)), 0.08);
    }
  }
  problem.matrix.setFromTriplets(entries.begin(), entries.end());
  return problem;
}

Chain chain_of(const Problem& problem, Horizon horizon) {
  return chain_from_matrix(problem.matrix, problem.reward, {.horizon = horizon, .discount_factor = discount});
}

/// V = r + d P V and M = r² + 2 r d P V + d² P M, as one would write it for a page: the mean and the second moment.
struct PlainMoments {
  Eigen::VectorXd mean;
  Eigen::VectorXd second;
};

PlainMoments plain_eigen(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& reward, std::int64_t horizon,
                         double factor = discount) {
  PlainMoments moments{Eigen::VectorXd::Zero(reward.size()), Eigen::VectorXd::Zero(reward.size())};
  for (std::int64_t t = 0; t < horizon; ++t) {
    const Eigen::VectorXd next = factor * (matrix * moments.mean);
    moments.second = reward.cwiseAbs2() + 2 * reward.cwiseProduct(next) + factor * factor * (matrix * moments.second);
    moments.mean = reward + next;
  }
  return moments;
}

bool agrees(const Problem& problem, std::int64_t horizon) {
  const ExactValue exact = exact_value(chain_of(problem, horizon));
  const PlainMoments plain = plain_eigen(Eigen::MatrixXd{problem.matrix}, problem.reward, horizon);
  double largest = 0;
  for (std::size_t i = 0; i < exact.states.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    largest = std::max(largest, std::abs(*exact.states[i].clv - plain.mean[row]) / plain.mean.cwiseAbs().maxCoeff());
    const double second = std::pow(*exact.states[i].clv_sd, 2) + std::pow(*exact.states[i].clv, 2);
    largest = std::max(largest, std::abs(second - plain.second[row]) / plain.second.maxCoeff());
  }
  return largest < 1e-10;
}

void finite_horizon(benchmark::State& state) {
  const Problem problem = random_problem(static_cast<int>(state.range(0)));
  const std::int64_t horizon = state.range(1);
  if (state.range(0) <= 200 && !agrees(problem, horizon)) return state.SkipWithError("differs from plain Eigen");
  const Chain chain = chain_of(problem, horizon);
  for (auto _ : state) benchmark::DoNotOptimize(exact_value(chain));
  const double steps = static_cast<double>(problem.matrix.nonZeros()) * static_cast<double>(horizon);
  state.counters["time_per_entry_and_period"] =
      benchmark::Counter(steps, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(finite_horizon)
    ->ArgNames({"states", "horizon"})
    ->ArgsProduct({{8, 100, 1'000}, {24, 240, 2'400}})
    ->Args({10'000, 240})
    ->Unit(benchmark::kMicrosecond);

void infinite_horizon_value(benchmark::State& state) {
  const Problem problem = random_problem(static_cast<int>(state.range(0)));
  const Chain chain = chain_of(problem, infinite_horizon);
  double error_bound = 0;
  for (auto _ : state) error_bound = exact_value(chain).error_bound;
  state.counters["proved_error_bound"] = error_bound;
}
BENCHMARK(infinite_horizon_value)
    ->ArgName("states")
    ->Arg(8)
    ->Arg(100)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);

/// The life chain's matrix and rewards.
struct DenseLife {
  Eigen::MatrixXd matrix = Eigen::MatrixXd(life_states, life_states);
  Eigen::VectorXd reward = Eigen::VectorXd(life_states);
  DenseLife() {
    for (std::size_t i = 0; i < life_states; ++i) {
      const auto row = static_cast<Eigen::Index>(i);
      reward[row] = life_rewards[i];
      for (std::size_t j = 0; j < life_states; ++j) matrix(row, static_cast<Eigen::Index>(j)) = life_rows[i][j];
    }
  }
};

/// Its mean and variance: what most questions want of it.
void life_mean_and_variance(benchmark::State& state) {
  const DenseLife life;
  const PlainMoments plain = plain_eigen(life.matrix, life.reward, life_periods, monthly_discount);
  const double sd = std::sqrt(plain.second[0] - plain.mean[0] * plain.mean[0]);
  const Chain chain = life_chain();
  const StateValue exact = exact_value(chain, {.trace = false}).states.front();
  if (!(std::abs(*exact.clv / plain.mean[0] - 1) < 1e-12 && std::abs(*exact.clv_sd / sd - 1) < 1e-11))
    return state.SkipWithError("differs from plain Eigen");
  for (auto _ : state) benchmark::DoNotOptimize(exact_value(chain, {.trace = false}));
}
BENCHMARK(life_mean_and_variance)->Unit(benchmark::kMicrosecond);

void rival_life_dense_eigen_plainly(benchmark::State& state) {
  const DenseLife life;
  for (auto _ : state) benchmark::DoNotOptimize(plain_eigen(life.matrix, life.reward, life_periods, monthly_discount));
}
BENCHMARK(rival_life_dense_eigen_plainly)->Unit(benchmark::kMicrosecond);

/// The rival: mean and second moment only, no skewness, no referrals, no periods as a customer.
void dense_eigen_plainly(benchmark::State& state) {
  const Problem problem = random_problem(static_cast<int>(state.range(0)));
  const Eigen::MatrixXd matrix{problem.matrix};
  for (auto _ : state) benchmark::DoNotOptimize(plain_eigen(matrix, problem.reward, state.range(1)));
}
BENCHMARK(dense_eigen_plainly)
    ->ArgNames({"states", "horizon"})
    ->ArgsProduct({{8, 100, 1'000}, {240}})
    ->Unit(benchmark::kMicrosecond);

/// The rival for ever: one dense factorisation for the mean, another for the second moment.
void dense_eigen_plainly_for_ever(benchmark::State& state) {
  const Problem problem = random_problem(static_cast<int>(state.range(0)));
  const Eigen::MatrixXd matrix{problem.matrix};
  const Eigen::MatrixXd identity = Eigen::MatrixXd::Identity(matrix.rows(), matrix.cols());
  for (auto _ : state) {
    const Eigen::VectorXd mean = (identity - discount * matrix).partialPivLu().solve(problem.reward);
    const Eigen::VectorXd square =
        problem.reward.cwiseAbs2() + 2 * discount * problem.reward.cwiseProduct(matrix * mean);
    benchmark::DoNotOptimize((identity - discount * discount * matrix).partialPivLu().solve(square).eval());
  }
}
BENCHMARK(dense_eigen_plainly_for_ever)->ArgName("states")->Arg(8)->Arg(100)->Arg(1'000)->Unit(benchmark::kMillisecond);

}  // namespace
