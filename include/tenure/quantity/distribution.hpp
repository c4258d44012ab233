#pragma once
// The law by which a number that is not one number spreads around its mean: a kind and a spread; the mean belongs to
// the number itself. Whether a law with that mean and spread exists, and whether it fits the quantity, is decided once,
// when a model is checked. The laws themselves: quantity/detail/law/.

#include <optional>
#include <string>

#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/law.hpp"

namespace tenure {

/// A law but for its mean.
struct Distribution {
  DistributionKind kind = DistributionKind::fixed;
  Spread spread{};
  bool of_usual_kind = false;  ///< `kind` is still to be the one that is usual for the quantity: see usual_kind
  bool operator==(const Distribution&) const = default;
};

/// The kind of law with a given standard deviation where nobody names one; events that vary are amounts of one sign.
[[nodiscard]] constexpr DistributionKind usual_kind(Quantity quantity, bool varies) {
  if (quantity == Quantity::probability) return DistributionKind::beta;
  return quantity == Quantity::cash_flow && !varies ? DistributionKind::normal : DistributionKind::gamma;
}

/// The mean that a spread brings along, if it does.
[[nodiscard]] std::optional<double> implied_mean(const Spread& spread);

/// The standard deviation of a distribution around a mean.
[[nodiscard]] double standard_deviation(const Distribution& distribution, double mean);

/// The third central moment of a law over sd³; the sign of a negative mean is carried. 0 where nothing varies.
[[nodiscard]] double skewness(const Distribution& distribution, double mean);

/// Why no such law exists for a quantity of this mean; nothing if it does.
[[nodiscard]] std::optional<std::string> refusal(const Distribution& distribution, double mean, Quantity quantity);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/quantity/distribution-inl.hpp"
#endif
