#include "tenure/engine/detail/amount_quantiles.hpp"

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstdint>

#include "catch.hpp"

using namespace tenure;
using namespace tenure::detail;

namespace {

/// Standardised quantiles by Boost.Math.
double quantile(const AmountShape& shape, double beyond, bool upper) {
  const auto of = [&](const auto& law) {
    return upper ? boost::math::quantile(boost::math::complement(law, beyond)) : boost::math::quantile(law, beyond);
  };
  const double v = shape.variation;
  switch (shape.kind) {
    case DistributionKind::gamma: {
      const double a = 1 / (v * v);
      return (of(boost::math::gamma_distribution<double>{a, 1}) - a) / std::sqrt(a);
    }
    case DistributionKind::lognormal: {
      const double variance = std::log1p(v * v);
      return (of(boost::math::lognormal_distribution<double>{-variance / 2, std::sqrt(variance)}) - 1) / v;
    }
    case DistributionKind::uniform:
      return (upper ? 1 : -1) * std::sqrt(12.0) * (0.5 - beyond);
    default:
      return of(boost::math::normal_distribution<double>{});
  }
}

}  // namespace

TEST_CASE("Amount quantiles are those of the law, in the middle and in the tails") {
  for (const DistributionKind kind :
       {DistributionKind::gamma, DistributionKind::lognormal, DistributionKind::normal, DistributionKind::uniform}) {
    for (const double variation : {0.002, 0.009, 0.02, 0.1, 0.5, 1.0, 2.0, 5.0}) {
      const AmountShape shape{kind, variation};
      const AmountQuantiles quantiles{shape};
      double worst = 0;
      for (std::uint64_t k = 1; k < 3000; ++k) {
        const auto bits = static_cast<std::uint32_t>(k * 0x9E3779B97F4A7C15U >> 32) >> (k % 30);
        for (const bool upper : {false, true}) {
          const std::uint32_t low = bits & 0x7FFFFFFF;
          const double beyond = (low + 0.5) * 0x1p-32;
          const double expected = quantile(shape, beyond, upper);
          const double found = quantiles.at(upper ? ~low : low);
          worst = std::max(worst, std::fabs(found - expected) / (1 + std::fabs(expected)));
        }
      }
      INFO(name_of(kind) << ' ' << variation << ": " << worst);
      CHECK(worst < (variation > 3 ? 2e-6 : 2e-7));
    }
  }
}

TEST_CASE("Amount quantiles far out take 32 bits more") {
  const AmountShape shape{DistributionKind::gamma, 0.7};
  const AmountQuantiles quantiles{shape};
  for (const std::uint32_t low : {0U, 1U, 17U, 0xFFFFFU}) {
    CHECK(AmountQuantiles::is_far_out(low));
    CHECK(AmountQuantiles::is_far_out(~low));
    for (const std::uint32_t further : {0U, 5U, 0x80000000U, 0xFFFFFFFFU}) {
      const double beyond = (low + (further + 0.5) * 0x1p-32) * 0x1p-32;
      const double lower = quantile(shape, beyond, false);
      const double upper = quantile(shape, beyond, true);
      CHECK(std::fabs(quantiles.at(low, further) - lower) < 1e-7);
      CHECK(std::fabs(quantiles.at(~low, further) - upper) < 1e-7 * upper);
    }
  }
  CHECK_FALSE(AmountQuantiles::is_far_out(1U << 20));
  CHECK_FALSE(AmountQuantiles::is_far_out(0x7FFFFFFFU));
}
