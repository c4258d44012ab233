#pragma once
// The uniform law: all values between two ends are as likely.

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tenure/quantity/detail/law/lognormal.hpp"
#include "tenure/quantity/detail/law/normal.hpp"
#include "tenure/quantity/detail/rank.hpp"
#include "tenure/quantity/law.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

struct UniformLaw {
  static constexpr std::string_view name = "uniform";
  static constexpr bool has_any_mean = true;

  [[nodiscard]] static constexpr bool fits(Quantity) { return true; }
  [[nodiscard]] static constexpr bool takes(const Spread& spread) { return std::holds_alternative<Range>(spread); }
  [[nodiscard]] static double sd_of(const Spread& spread, double) {
    const Range& range = std::get<Range>(spread);
    return (range.high - range.low) / width;
  }
  [[nodiscard]] static std::optional<std::string> refusal(const Spread& spread, double mean, double sd,
                                                          Quantity quantity) {
    const auto* range = std::get_if<Range>(&spread);
    const double low = range ? range->low : mean - width / 2 * sd;
    const double high = range ? range->high : mean + width / 2 * sd;
    if (!(low <= high)) return "low must not be above high";
    if (!(low >= -limits::amount && high <= limits::amount)) return "the range leaves 1e90 either way";
    if (quantity == Quantity::probability && !(low >= 0 && high <= 1)) return "the range leaves 0 … 1";
    if ((quantity == Quantity::rate || quantity == Quantity::spend) && !(low >= 0)) return "the range goes below 0";
    return std::nullopt;
  }
  [[nodiscard]] static double most_sd(double mean, Quantity quantity) {
    if (quantity == Quantity::probability) return std::min(mean, 1 - mean) / (width / 2);
    return quantity == Quantity::cash_flow ? std::numeric_limits<double>::infinity() : mean / (width / 2);
  }
  [[nodiscard]] static constexpr double skewness(double, double) { return 0; }

  struct Quantiles {
    double mean;
    double sd;
    Quantiles(const Spread&, double of_mean, double of_sd) : mean{of_mean}, sd{of_sd} {}
    [[nodiscard]] double operator()(double z) const { return mean + sd * width * (normal_probability(z) - 0.5); }
  };
  struct Standard {
    explicit Standard(double) {}
    [[nodiscard]] StandardQuantile operator()(const Rank& rank) const {
      const double from_middle = width * (0.5 - rank.beyond);
      return {rank.upper ? from_middle : -from_middle, width};
    }
  };

  /// n amounts' deviation from n means, in standard deviations; many are as good as normal.
  template <class Draws>
  [[nodiscard]] static double sum_of(double n, double, Draws& draws) {
    if (n > summed_one_by_one) return draws.normal();
    double sum = 0;
    for (double k = 0; k < n; ++k) sum += draws.unit() - 0.5;
    return width * sum / std::sqrt(n);
  }

 private:
  static constexpr double width = 3.4641016151377544;  ///< in standard deviations: √12
};

}  // namespace tenure::detail
