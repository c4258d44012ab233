#pragma once
// The laws by which a number that is not one number spreads around its mean. A distribution here is a kind and a
// spread; the mean belongs to the number itself. Whether a law with that mean and spread exists, and whether its
// support fits the quantity, is decided once, when a model is checked.
//
// Moments: Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions (1994, 1995).

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure {

/// The laws there are.
enum class DistributionKind : std::uint8_t { beta, normal, lognormal, gamma, uniform, fixed };

/// The names of these laws, in their order.
inline constexpr std::array<std::string_view, 6> distribution_names{"beta",  "normal",  "lognormal",
                                                                    "gamma", "uniform", "fixed"};

/// The name of a law in files and results.
[[nodiscard]] constexpr std::string_view name_of(DistributionKind kind) {
  return distribution_names[static_cast<std::size_t>(kind)];
}

/// Spread given as a standard deviation, in the quantity's own unit.
struct StandardDeviation {
  double sd = 0;
  bool operator==(const StandardDeviation&) const = default;
};

/// Spread of a beta distribution given by both of its parameters; its mean is alpha / (alpha + beta).
struct BetaParameters {
  double alpha = 1;
  double beta = 1;
  bool operator==(const BetaParameters&) const = default;
};

/// Spread of a uniform distribution; its mean is the middle.
struct Range {
  double low = 0;
  double high = 0;
  bool operator==(const Range&) const = default;
};

/// Spread of a beta distribution as if its mean had been measured on this many customers: alpha = mean·count.
struct SampleCount {
  double count = 1;
  bool operator==(const SampleCount&) const = default;
};

/// How far a law spreads around its mean.
using Spread = std::variant<StandardDeviation, BetaParameters, Range, SampleCount>;

/// A law but for its mean.
struct Distribution {
  DistributionKind kind = DistributionKind::fixed;
  Spread spread{};
  bool of_usual_kind = false;  ///< `kind` is still to be the one that is usual for the quantity: see usual_kind
  bool operator==(const Distribution&) const = default;
};

/// What kind of quantity a number stands for: it decides the admissible values, laws and default law.
enum class Quantity : std::uint8_t { probability, cash_flow, rate, spend };

/// The kind of law with a given standard deviation where nobody names one; events that vary are amounts of one sign.
[[nodiscard]] constexpr DistributionKind usual_kind(Quantity quantity, bool varies) {
  if (quantity == Quantity::probability) return DistributionKind::beta;
  return quantity == Quantity::cash_flow && !varies ? DistributionKind::normal : DistributionKind::gamma;
}

/// The mean that a spread brings along, if it does.
[[nodiscard]] std::optional<double> implied_mean(const Spread& spread);

/// The standard deviation of a distribution around a mean.
[[nodiscard]] double standard_deviation(const Distribution& distribution, double mean);

/// The third central moment of a law over sd³; the sign of a negative mean is carried.
[[nodiscard]] double skewness(const Distribution& distribution, double mean);

namespace detail {

[[nodiscard]] constexpr bool support_fits(DistributionKind kind, Quantity quantity) {
  switch (kind) {
    case DistributionKind::beta:
      return quantity == Quantity::probability;
    case DistributionKind::normal:
      return quantity == Quantity::cash_flow;
    case DistributionKind::lognormal:
    case DistributionKind::gamma:
      return quantity != Quantity::probability;
    case DistributionKind::uniform:
    case DistributionKind::fixed:
      return true;
  }
  return false;
}

}  // namespace detail

/// Why no such law exists for a quantity of this mean; nothing if it does.
[[nodiscard]] std::optional<std::string> refusal(const Distribution& distribution, double mean, Quantity quantity);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/quantity/distribution-inl.hpp"
#endif
