#pragma once
// From a normal quantile to a number of a law: how uncertain numbers are drawn. A number x of a law with distribution
// function F has the score z with Φ(z) = F(x); draws are made of scores, which can be correlated, and this is the way
// back. Nothing but additions, multiplications and tenure's own exponential and logarithm is used: draws have the same
// bits everywhere.

#include <tuple>
#include <variant>

#include "tenure/quantity/detail/law/laws.hpp"
#include "tenure/quantity/distribution.hpp"

namespace tenure::detail {

template <class AllLaws>
struct QuantilesOfOne;

template <class... Law>
struct QuantilesOfOne<std::tuple<Law...>> {
  using type = std::variant<typename Law::Quantiles...>;
};

/// Numbers of a law around a mean by their scores.
class QuantileFunction {
 public:
  /// A law that refusal() does not refuse, of a mean that it says or implies.
  QuantileFunction(const Distribution& law, double mean)
      : quantiles_{with_law(standard_deviation(law, mean) == 0 ? DistributionKind::fixed : law.kind, [&](auto kind) {
          return Quantiles{typename decltype(kind)::Quantiles{law.spread, implied_mean(law.spread).value_or(mean),
                                                              standard_deviation(law, mean)}};
        })} {}

  /// The number that has the score z; it rises with z.
  [[nodiscard]] double operator()(double z) const {
    return std::visit([&](const auto& law) { return law(z); }, quantiles_);
  }

 private:
  using Quantiles = QuantilesOfOne<Laws>::type;
  Quantiles quantiles_;
};

}  // namespace tenure::detail
