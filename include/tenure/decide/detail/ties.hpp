#pragma once
// When two scenarios are called a tie, and how often each comes first. What is said of them claims nothing that
// rounding alone could have made, so that differences below a billionth count as none.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace tenure::detail {

/// Whether two values differ by no more than a billionth of the larger.
[[nodiscard]] inline bool are_the_same(double a, double b) {
  constexpr double rounding = 1e-9;
  return std::abs(a - b) <= rounding * std::max(std::abs(a), std::abs(b));
}

/// By scenario and draw, of which value(scenario, draw) is worth most: 1 for the best, shared by those that tie.
template <class Value>
[[nodiscard]] std::vector<std::vector<double>> first_places(std::size_t scenarios, std::size_t draws,
                                                            const Value& value) {
  std::vector<std::vector<double>> won(scenarios, std::vector<double>(draws, 0.0));
  for (std::size_t d = 0; d < draws; ++d) {
    double most = value(0, d);
    for (std::size_t s = 1; s < scenarios; ++s) most = std::max(most, value(s, d));
    std::size_t best = 0;
    for (std::size_t s = 0; s < scenarios; ++s) {
      if (are_the_same(value(s, d), most)) ++best;
    }
    for (std::size_t s = 0; s < scenarios; ++s) {
      if (are_the_same(value(s, d), most)) won[s][d] = 1.0 / static_cast<double>(best);
    }
  }
  return won;
}

}  // namespace tenure::detail
