#pragma once
// The draws of people who live by sojourns. Whoever enters a state takes one block of 128 bits for this sojourn, and
// many people's blocks are drawn together. What varies from period to period takes a word for each: 64 periods of one
// person are drawn together, and what they bring is summed four by four. With wider registers all of it takes a
// fraction of the time; all ways give the same bits.

#include <array>
#include <cstddef>
#include <cstdint>

#include "tenure/engine/detail/amount_quantiles.hpp"
#include "tenure/engine/detail/individual/four_draws.hpp"
#include "tenure/engine/individual/instruction_set.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure::detail {

inline constexpr std::size_t people_of_draw = 16;     ///< blocks are drawn for so many people at once
inline constexpr std::int64_t periods_of_draws = 64;  ///< words are drawn for so many periods at once

/// A rank for how long a sojourn lasts, and one for where it leads.
struct SojournDraws {
  std::uint64_t how_long = 0;
  std::uint64_t where_to = 0;
};

/// Those of a block.
[[nodiscard]] inline SojournDraws sojourn_draws(const RandomBlock& block) {
  return {first_64_bits(block), last_64_bits(block)};
}

/// 32 bits for each period.
using EventWords = std::array<std::uint32_t, periods_of_draws>;

/// What some periods bring, in standard deviations of their law.
struct SumOfQuantiles {
  double sum = 0;
  bool some_far_out = false;  ///< perhaps: then each is to be looked at, for one may need further bits
};

/// How draws are made.
struct DrawWays {
  /// The blocks at an address of several people who share the upper half of their numbers with it. `count` must be a
  /// multiple of people_of_draw.
  void (*sojourns)(StreamKey, const StreamAddress&, const std::uint32_t* people, std::size_t count,
                   SojournDraws* draws) = nullptr;
  /// The words of an address and the fifteen blocks after it.
  EventWords (*events)(StreamKey, const StreamAddress&) = nullptr;
  /// Σ weights[k] · quantile of words[k] for k in [from, until), in four sums by k mod 4.
  SumOfQuantiles (*sum)(const AmountQuantiles&, const EventWords& words, const double* weights, std::size_t from,
                        std::size_t until) = nullptr;
};

inline void draw_sojourns(StreamKey key, const StreamAddress& address, const std::uint32_t* people, std::size_t count,
                          SojournDraws* draws) {
  for (std::size_t k = 0; k < count; k += 4) {
    const FourDraws drawn = four_random_blocks(key, address, {people[k], people[k + 1], people[k + 2], people[k + 3]});
    for (std::size_t j = 0; j < 4; ++j) draws[k + j] = sojourn_draws(drawn[j]);
  }
}

[[nodiscard]] inline EventWords draw_events(StreamKey key, const StreamAddress& address) {
  EventWords words;
  for (std::uint32_t quarter = 0; quarter < 4; ++quarter) {
    StreamAddress of_quarter = address;
    of_quarter.block += 4 * quarter;
    const FourDraws drawn = next_four_random_blocks(key, of_quarter);
    for (std::size_t k = 0; k < 16; ++k) words[16 * quarter + k] = drawn[k / 4][k % 4];
  }
  return words;
}

/// Four sums by place, joined: the order in which vectors of four add up.
struct FourSums {
  std::array<double, 4> sums{};
  void add(std::size_t k, double amount) { sums[k % 4] += amount; }
  [[nodiscard]] double total() const { return (sums[0] + sums[1]) + (sums[2] + sums[3]); }
};

[[nodiscard]] inline SumOfQuantiles sum_of_quantiles(const AmountQuantiles& quantiles, const EventWords& words,
                                                     const double* weights, std::size_t from, std::size_t until) {
  FourSums sums;
  bool some_far_out = false;
  for (std::size_t k = from; k < until; ++k) {
    some_far_out |= AmountQuantiles::is_far_out(words[k]);
    sums.add(k, weights[k] * quantiles.at(words[k]));
  }
  return {sums.total(), some_far_out};
}

/// Those that any processor can.
inline constexpr DrawWays draw_ways_anywhere{draw_sojourns, draw_events, sum_of_quantiles};

/// The fastest with these instructions.
[[nodiscard]] DrawWays draw_ways(InstructionSet instructions);

#if !defined(TENURE_COMPILED)
[[nodiscard]] TENURE_INLINE DrawWays draw_ways(InstructionSet) { return draw_ways_anywhere; }
#endif

/// The draws of a person's stays in their order, drawn four at a time.
class DrawsOfSojourns {
 public:
  [[nodiscard]] SojournDraws of(StreamKey key, std::uint64_t person, std::uint32_t sojourn) {
    if (sojourn % 4 == 0) drawn_ = next_four_random_blocks(key, {person, 0, Purpose::sojourn, sojourn});
    return sojourn_draws(drawn_[sojourn % 4]);
  }

 private:
  FourDraws drawn_{};
};

/// The words of a person's periods, drawn as they are needed.
class EventDraws {
 public:
  /// Of the 64 periods that begin with `begin`, a multiple of 64.
  [[nodiscard]] const EventWords& from(const DrawWays& ways, StreamKey key, std::uint64_t person, std::int64_t begin) {
    if (begin != begin_) {
      words_ = ways.events(key, {person, 0, Purpose::event_in_state, static_cast<std::uint32_t>(begin / 4)});
      begin_ = begin;
    }
    return words_;
  }

 private:
  std::int64_t begin_ = -1;
  EventWords words_{};
};

}  // namespace tenure::detail
