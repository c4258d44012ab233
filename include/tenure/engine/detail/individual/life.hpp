#pragma once
// One life, as plainly as it can be written: the meaning that every faster kernel must match to the last bit. In each
// period a person earns what their state brings, then draws a next state. Sixteen random bits decide it nearly always:
// the highest of the low byte choose a column of the row, the other bits, those of the high byte first, are compared
// with the column's threshold. Where they tie with it, 48 more are drawn from an address of their own.

#include <cstddef>
#include <cstdint>

#include "tenure/engine/detail/individual/life_tables.hpp"
#include "tenure/engine/stream.hpp"

namespace tenure::detail {

/// Sixteen of 128 random bits, for period `within` of eight. The highest is flipped, so that vector kernels, most of
/// which compare bytes with a sign only, may take the bytes as they were drawn.
[[nodiscard]] inline std::uint32_t sixteen_of(const RandomBlock& words, std::size_t within) {
  return ((words[within / 2] >> (16 * (within % 2))) & 0xFFFF) ^ 0x8000;
}

/// The draws of one person, period by period, for one purpose: 128 random bits serve eight periods.
class Draws {
 public:
  Draws(StreamKey key, StreamAddress address, Purpose refinement)
      : key_{key}, address_{address}, refinement_{refinement} {}

  /// Sixteen random bits of period t.
  [[nodiscard]] std::uint32_t sixteen_bits(std::int64_t t) {
    const auto block = static_cast<std::uint32_t>(t / 8);
    if (!drawn_ || block != address_.block) {
      address_.block = block;
      words_ = random_block(key_, address_);
      drawn_ = true;
    }
    return sixteen_of(words_, static_cast<std::size_t>(t % 8));
  }

  /// Further random bits of period t, 64 of them.
  [[nodiscard]] std::uint64_t further_bits(std::int64_t t) const {
    StreamAddress further = address_;
    further.purpose = refinement_;
    further.block = static_cast<std::uint32_t>(t);
    return first_64_bits(random_block(key_, further));
  }

 private:
  StreamKey key_;
  StreamAddress address_;
  Purpose refinement_;
  RandomBlock words_{};
  bool drawn_ = false;
};

/// What decides a person's moves.
[[nodiscard]] inline Draws draws_of_transitions(StreamKey key, std::uint64_t person, std::uint32_t replicate = 0) {
  return {key, {person, replicate, Purpose::transition, 0}, Purpose::refinement};
}

/// The entry of a row of 2^bits columns that sixteen bits choose, and 64 more where they are asked for.
template <class FurtherBits>
[[nodiscard]] inline std::uint32_t chosen_entry(const AliasColumn* row, int bits, std::uint32_t sixteen,
                                                FurtherBits&& further_bits) {
  if (bits > 8) {  // long rows take all their draws from 64 bits
    const std::uint64_t drawn = further_bits();
    const AliasColumn& column = row[drawn >> (64 - bits)];
    return column.entry[(drawn & (~std::uint64_t{0} >> bits)) < column.threshold ? 0 : 1];
  }
  const std::uint32_t low = sixteen & 0xFF;
  const AliasColumn& column = row[low >> (8 - bits)];
  const std::uint64_t part = ((sixteen >> 8) << (8 - bits)) | (low & (0xFFU >> bits));
  const std::uint64_t decisive = column.threshold >> 48;
  if (part == decisive) return column.entry[((part << 48) | (further_bits() >> 16)) < column.threshold ? 0 : 1];
  return column.entry[part < decisive ? 0 : 1];
}

/// The state after period t.
[[nodiscard]] inline std::uint32_t next_state(const LifeTables& tables, std::uint32_t state, std::int64_t t,
                                              Draws& draws) {
  const AliasRows& rows = tables.rows_at(t);
  return chosen_entry(rows.column.data() + rows.first[state], rows.column_bits[state], draws.sixteen_bits(t),
                      [&] { return draws.further_bits(t); });
}

/// Someone on the way: in `state` at the start of `period`, having earned `units` so far.
struct Life {
  std::uint32_t state = 0;
  std::int64_t period = 0;
  std::int64_t units = 0;
};

/// Goes on with a life until the start of period `until`, calling visit(state, t) at the start of each period. What is
/// earned for having entered the last state falls at the end of the horizon. Who is gone draws no more.
template <class Visit>
inline void live_until(const LifeTables& tables, Draws& draws, Life& life, std::int64_t until, Visit&& visit) {
  while (life.period < until) {
    visit(life.state, life.period);
    if (life.state < tables.first_absorbed) {
      life.units += tables.amounts(life.period)[life.state];
      life.state = next_state(tables, life.state, life.period, draws);
    }
    ++life.period;
  }
  if (until == tables.periods) life.units += tables.amounts(until)[life.state];
}

}  // namespace tenure::detail
