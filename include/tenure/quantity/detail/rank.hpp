#pragma once
// A draw by inversion: 64 random bits are a rank among everything that could happen, and the outcome of that rank is a
// quantile. Inversion is what makes compared scenarios share their draws to the full, because a quantile moves as
// little as its law does, and always to the same side.

#include <cstdint>

namespace tenure::detail {

/// A probability, said as what lies beyond it on the nearer side: exact in both tails, down to 2^-65.
struct Rank {
  double beyond = 0.5;  ///< in (0, 1/2]
  bool upper = false;   ///< the share 1 - beyond lies below; otherwise the share `beyond` does
  [[nodiscard]] double above() const { return upper ? beyond : 1 - beyond; }
  [[nodiscard]] Rank mirrored() const { return {beyond, !upper}; }
};

/// Rank (bits + 1/2)/2^64.
[[nodiscard]] inline Rank rank_of(std::uint64_t bits) {
  const bool upper = (bits >> 63) != 0;
  const auto steps = static_cast<std::int64_t>(upper ? ~bits : bits);
  return {(static_cast<double>(steps) + 0.5) * 0x1p-64, upper};
}

}  // namespace tenure::detail
