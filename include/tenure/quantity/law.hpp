#pragma once
// Which laws there are, how far they spread around a mean, in the ways in which people say it, and what a number may
// stand for. What each law is: quantity/detail/law/.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

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

/// What kind of quantity a number stands for: it decides the admissible values, laws and default law.
enum class Quantity : std::uint8_t { probability, cash_flow, rate, spend };

}  // namespace tenure
