#pragma once
// No spread at all: the mean.

#include <optional>
#include <string>
#include <string_view>

#include "tenure/quantity/detail/rank.hpp"
#include "tenure/quantity/law.hpp"

namespace tenure::detail {

struct FixedLaw {
  static constexpr std::string_view name = "fixed";
  static constexpr bool has_any_mean = false;

  [[nodiscard]] static constexpr bool fits(Quantity) { return true; }
  [[nodiscard]] static constexpr bool takes(const Spread&) { return true; }
  [[nodiscard]] static double sd_of(const Spread&, double) { return 0; }
  [[nodiscard]] static std::optional<std::string> refusal(const Spread&, double, double, Quantity) { return {}; }
  [[nodiscard]] static double most_sd(double, Quantity) { return 0; }
  [[nodiscard]] static constexpr double skewness(double, double) { return 0; }

  struct Quantiles {
    double mean;
    Quantiles(const Spread&, double of_mean, double) : mean{of_mean} {}
    [[nodiscard]] double operator()(double) const { return mean; }
  };
  struct Standard {
    explicit Standard(double) {}
    [[nodiscard]] StandardQuantile operator()(const Rank&) const { return {}; }
  };
  template <class Draws>
  [[nodiscard]] static double sum_of(double, double, Draws&) {
    return 0;
  }
};

}  // namespace tenure::detail
