// What people are worth, from a matrix of yearly moves between three states: regular, occasional, gone.

#include <cstddef>
#include <cstdio>

#include <Eigen/Core>
#include <tenure/chain/from_matrix.hpp>
#include <tenure/engine/exact.hpp>

int main() {
  const Eigen::Matrix3d moves{{0.80, 0.15, 0.05}, {0.30, 0.50, 0.20}, {0, 0, 1}};
  const Eigen::Vector3d cash_flow{120, 35, 0};
  const tenure::Chain chain = tenure::chain_from_matrix(moves, cash_flow, {.discount_factor = 1 / 1.1});
  const tenure::ExactValue answer = tenure::exact_value(chain);
  const char* const names[]{"regular", "occasional", "gone"};
  for (std::size_t i = 0; i < chain.states(); ++i) {
    std::printf("%-10s is worth %6.2f, with a standard deviation of %6.2f\n", names[i], answer.states[i].clv.value(),
                answer.states[i].clv_sd.value());
  }
}
