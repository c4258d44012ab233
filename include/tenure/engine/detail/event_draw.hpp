#pragma once
// Cash flows that vary from event to event, drawn: what n events bring above n times their mean. How sums of a law's
// amounts are drawn stands with the law, in quantity/detail/law/.

#include <cmath>
#include <cstdint>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/quantity/detail/law/laws.hpp"
#include "tenure/quantity/detail/rank.hpp"

namespace tenure::detail {

/// What laws draw with.
struct LawDraws {
  StreamEngine random;

  [[nodiscard]] std::uint64_t next_64_bits() {
    const std::uint64_t low = random();
    return low | (std::uint64_t{random()} << 32);
  }
  [[nodiscard]] double normal() { return normal_quantile(rank_of(next_64_bits())); }
  /// Above 0 and below 1.
  [[nodiscard]] double unit() { return (static_cast<double>(next_64_bits() >> 12) + 0.5) * 0x1p-52; }
};

/// Whether amounts have the sign of their mean.
[[nodiscard]] inline bool is_of_one_sign(const EventLaw& law) {
  return with_law(law.kind, [](auto kind) { return !kind.has_any_mean; });
}

[[nodiscard]] inline double sign_of(const EventLaw& law) { return is_of_one_sign(law) && law.mean < 0 ? -1 : 1; }

/// The standard deviation over the mean, where amounts are of one sign.
[[nodiscard]] inline double variation_of(const EventLaw& law) {
  return is_of_one_sign(law) && law.mean != 0 ? law.sd / std::abs(law.mean) : 0;
}

/// What `count` events bring above `count` times their mean.
[[nodiscard]] inline double deviation_of_events(const EventLaw& law, double count, StreamEngine random) {
  if (law.sd == 0 || count == 0) return 0;
  LawDraws draws{random};
  const double deviations = with_law(law.kind, [&](auto kind) {
    if constexpr (LawOfAmounts<decltype(kind)>) return kind.sum_of(count, variation_of(law), draws);
    return 0.0;
  });
  return sign_of(law) * law.sd * std::sqrt(count) * deviations;
}

}  // namespace tenure::detail
