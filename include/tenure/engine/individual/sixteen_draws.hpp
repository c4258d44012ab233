#pragma once
// Amounts of sixteen periods at once, for one person and one law: the luck of four addresses, and its quantiles. With
// wider registers they take half as long; all ways give the same bits.

#include <array>
#include <cstddef>
#include <cstdint>

#include "tenure/engine/amount_quantiles.hpp"
#include "tenure/engine/individual/four_draws.hpp"
#include "tenure/engine/individual/instruction_set.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

using SixteenWords = std::array<std::uint32_t, 16>;

/// Sixteen amounts in standard deviations from the mean, of which some may be so far out that their luck needs more
/// bits.
struct DrawnSixteen {
  SixteenWords luck{};
  std::array<double, 16> deviation{};
  bool some_far_out = false;
};

using SixteenDraws = DrawnSixteen (*)(const AmountQuantiles&, StreamKey, StreamAddress);

/// The words of an address and of the three blocks after it, in their order.
[[nodiscard]] inline SixteenWords luck_of_sixteen(StreamKey key, const StreamAddress& address) {
  const FourDraws words = next_four_random_blocks(key, address);
  SixteenWords luck;
  for (std::size_t k = 0; k < luck.size(); ++k) luck[k] = words[k % 4][k / 4];
  return luck;
}

/// On any processor.
[[nodiscard]] inline DrawnSixteen sixteen_draws_anywhere(const AmountQuantiles& quantiles, StreamKey key,
                                                         StreamAddress address) {
  DrawnSixteen drawn{luck_of_sixteen(key, address), {}, false};
  for (std::size_t k = 0; k < drawn.luck.size(); ++k) {
    drawn.deviation[k] = quantiles.at(drawn.luck[k]);
    drawn.some_far_out = drawn.some_far_out || AmountQuantiles::is_far_out(drawn.luck[k]);
  }
  return drawn;
}

/// The fastest way with these instructions.
[[nodiscard]] SixteenDraws sixteen_draws(InstructionSet instructions);

#if !defined(TENURE_COMPILED)
[[nodiscard]] inline SixteenDraws sixteen_draws(InstructionSet) { return sixteen_draws_anywhere; }
#endif

}  // namespace tenure
