#pragma once
// How many of n people do what each does with probability p: the binomial law, by inversion of one rank.

#include <cmath>

#include "tenure/engine/detail/population/count_law.hpp"
#include "tenure/quantity/detail/rank.hpp"
#include "tenure/quantity/elementary.hpp"

namespace tenure::detail {

/// A probability prepared for many draws: as p ≤ 1/2, or mirrored, where those who do not do it are drawn.
struct Chance {
  double p = 0;
  double q = 1;      ///< 1 - p
  double odds = 0;   ///< p/q
  double w = 0;      ///< p·q
  double decay = 0;  ///< -ln q
  bool mirrored = false;
  BellShape shape{};
};

/// -ln(1 - p) for p in [0, 1/2].
[[nodiscard]] inline double minus_log_of_rest(double p) { return -log_one_more(-p); }

/// Of a probability p and its complement q, both given so that neither is lost where the other is close to 1.
[[nodiscard]] inline Chance chance_of(double p, double q) {
  const bool mirrored = p > q;
  const double smaller = mirrored ? q : p;
  const double larger = mirrored ? p : q;
  return {smaller,
          larger,
          smaller / larger,
          smaller * larger,
          minus_log_of_rest(smaller),
          mirrored,
          bell_shape(larger - smaller, smaller * larger)};
}

struct BinomialLaw {
  double last;  ///< n
  const Chance& chance;

  [[nodiscard]] double ratio(double k) const { return (last - k) * chance.odds / (k + 1); }

  /// By Loader's saddle-point form (2000), which has no large logarithms to cancel.
  [[nodiscard]] double mass(double k) const {
    constexpr double two_pi = 6.283185307179586;
    if (k == 0) return exponential(-last * chance.decay);
    const double others = last - k;
    if (others == 0) return exponential(last * logarithm(chance.p));
    const double exponent = (stirling_error(k) + stirling_error(others) - stirling_error(last)) +
                            (deviance(k, last * chance.p) + deviance(others, last * chance.q));
    return exponential(-exponent) * std::sqrt(last / (two_pi * k * others));
  }
};

/// The count, of n people (a whole number below 2^53), at this rank.
[[nodiscard]] inline double binomial_quantile(double n, const Chance& chance, const Rank& rank) {
  const Rank side = chance.mirrored ? rank.mirrored() : rank;
  const BinomialLaw law{n, chance};
  const double mean = n * chance.p;
  const double count = mean < few_people ? quantile_of_few(law, mean, n * chance.decay, side)
                                         : quantile_of_many(law, chance.shape, mean, n * chance.w, side);
  return chance.mirrored ? n - count : count;
}

}  // namespace tenure::detail
