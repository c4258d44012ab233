#pragma once
// How many come who come independently of each other: the Poisson law, by inversion of one rank.

#include <cmath>
#include <limits>

#include "tenure/engine/detail/population/count_law.hpp"
#include "tenure/quantity/detail/rank.hpp"
#include "tenure/quantity/elementary.hpp"

namespace tenure::detail {

struct PoissonLaw {
  double mean;
  static constexpr double last = std::numeric_limits<double>::infinity();

  [[nodiscard]] double ratio(double k) const { return mean / (k + 1); }
  [[nodiscard]] double mass(double k) const {
    constexpr double two_pi = 6.283185307179586;
    if (k == 0) return exponential(-mean);
    return exponential(-(stirling_error(k) + deviance(k, mean))) / std::sqrt(two_pi * k);
  }
};

/// The count at this rank, for a mean below 2^53.
[[nodiscard]] inline double poisson_quantile(double mean, const Rank& rank) {
  constexpr BellShape shape = bell_shape(1, 0);
  const PoissonLaw law{mean};
  return mean < few_people ? quantile_of_few(law, mean, mean, rank) : quantile_of_many(law, shape, mean, mean, rank);
}

}  // namespace tenure::detail
