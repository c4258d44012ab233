#pragma once
// The luck of what varies from period to period: 64 periods of one person are drawn together, and turned into amounts
// four by four. With wider registers it takes a fraction of the time; all ways give the same bits.

#include <array>
#include <cstddef>
#include <cstdint>

#include "tenure/engine/amount_quantiles.hpp"
#include "tenure/engine/individual/four_draws.hpp"
#include "tenure/engine/individual/instruction_set.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

inline constexpr std::int64_t periods_of_luck = 64;

/// 32 bits for each period.
using EventWords = std::array<std::uint32_t, periods_of_luck>;

/// How words are drawn, and turned into standardised amounts of a law as AmountQuantiles::at does without further bits.
struct EventWays {
  EventWords (*draw)(StreamKey, const StreamAddress&) = nullptr;  ///< of an address and the fifteen blocks after it
  void (*quantiles)(const AmountQuantiles&, const std::uint32_t* words, std::size_t count, double* amounts) = nullptr;
};

namespace detail {

[[nodiscard]] inline EventWords draw_words(StreamKey key, const StreamAddress& address) {
  EventWords words;
  for (std::uint32_t quarter = 0; quarter < 4; ++quarter) {
    StreamAddress of_quarter = address;
    of_quarter.block += 4 * quarter;
    const FourDraws drawn = next_four_random_blocks(key, of_quarter);
    for (std::size_t k = 0; k < 16; ++k) words[16 * quarter + k] = drawn[k % 4][k / 4];
  }
  return words;
}

inline void quantiles_of_words(const AmountQuantiles& quantiles, const std::uint32_t* words, std::size_t count,
                               double* amounts) {
  for (std::size_t k = 0; k < count; ++k) amounts[k] = quantiles.at(words[k]);
}

}  // namespace detail

inline constexpr EventWays event_ways_anywhere{detail::draw_words, detail::quantiles_of_words};

/// The fastest with these instructions. `count` must be a multiple of 4.
[[nodiscard]] EventWays event_ways(InstructionSet instructions);

#if !defined(TENURE_COMPILED)
[[nodiscard]] inline EventWays event_ways(InstructionSet) { return event_ways_anywhere; }
#endif

/// The words of a person's periods, drawn as they are needed.
class EventLuck {
 public:
  /// Of the 64 periods that begin with `begin`, a multiple of 64.
  [[nodiscard]] const EventWords& from(const EventWays& ways, StreamKey key, std::uint64_t person, std::int64_t begin) {
    if (begin != begin_) {
      words_ = ways.draw(key, {person, 0, Purpose::event_in_state, static_cast<std::uint32_t>(begin / 4)});
      begin_ = begin;
    }
    return words_;
  }

 private:
  std::int64_t begin_ = -1;
  EventWords words_{};
};

}  // namespace tenure
