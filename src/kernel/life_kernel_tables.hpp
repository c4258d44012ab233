#pragma once
// The tables of lives as a vector kernel reads them: bytes, in strips, so that one shuffle instruction looks up as many
// people as fit into a register. A row's thresholds are cut to the bits that decide nearly always; amounts, above the
// least of their period, are cut into eight digits of five bits, of which eight periods fit into a byte. This header
// includes nothing that has code: it is read by files compiled for other processors.

#include <cstddef>
#include <cstdint>

#include "tenure/engine/detail/individual/joiner.hpp"

namespace tenure::detail::kernel {

inline constexpr int digits = 8;                    ///< of an amount, five bits each
inline constexpr int periods_of_chunk = 8;          ///< drawn together
inline constexpr std::int64_t most_periods = 4000;  ///< so that sums of digits stay within 32 bits

/// How long strips are, which decides how many instructions a look-up takes.
struct StripShape {
  int row_places = 0;        ///< of a strip of rows: place column · row_states + row
  int amount_states = 0;     ///< of a strip by state
  bool shares_rows = false;  ///< states may share a row, and look up which; else state s has row s
  bool packed = false;       ///< both entries of a column in the halves of one byte: four columns, up to 16 states
};

/// In the order of preference. A shuffle of 16 or 32 lanes looks up 16 places, one of 64 lanes looks up 64 or, in two
/// registers, 128.
inline constexpr StripShape shuffled_shapes[] = {
    {32, 16, false, true},   {64, 16, false, true},   {32, 16, true, true},
    {32, 32, true, false},   {64, 64, true, false},   {128, 32, false, false},
    {256, 16, false, false}, {256, 64, false, false}, {256, 64, true, false}};
inline constexpr StripShape permuted_shapes[] = {{64, 64, false, true},
                                                 {64, 64, true, false},
                                                 {128, 64, false, false},
                                                 {256, 64, false, false},
                                                 {256, 64, true, false}};

/// Pointers into tables that somebody else keeps, 64-byte aligned.
struct LifeKernelTables {
  std::size_t states = 0;
  std::size_t first_absorbed = 0;
  std::int64_t periods = 0;
  std::size_t empty_state = 0;  ///< in which nobody's places are, and from which they never move
  int shape = 0;                ///< place in the list of shapes
  std::size_t row_places = 0;
  std::size_t row_states = 0;  ///< rows between one column and the next
  int column_bits = 0;
  /// For each distinct period four strips: threshold high, low, own, other; the third holds both where packed.
  const std::uint8_t* rows = nullptr;
  const std::uint8_t* row_of_state = nullptr;  ///< a strip by state
  const std::uint32_t* rows_of_period = nullptr;
  std::size_t amount_states = 0;
  const std::uint8_t* digit_strips = nullptr;  ///< [t · 8 + digit], t = 0 … periods
  const std::int64_t* least_before = nullptr;  ///< the least amounts of periods 0 … t - 1 together, t = 0 … periods + 1
};

/// Decides the next state of one person where sixteen bits tie with a threshold.
using Refine = std::uint32_t (*)(const void* context, std::uint32_t person, std::uint32_t state, std::int64_t t);

/// Another chain in which the same people live. A kernel follows it while it lives the block in its own: as long as a
/// person's draws cannot lead elsewhere there, they are in the same states, and only what these bring may differ. Those
/// whose draws might are listed, to be lived on by themselves.
struct Follower {
  const LifeKernelTables* tables;  ///< what states bring there
  bool earns_alike;                ///< states bring the same in both
  const std::uint8_t* bounds;      ///< pairs of strips: the least and the greatest high byte that may lead elsewhere
  const std::uint32_t* bounds_of_period;  ///< place of the pair, or no_bounds
  const Joiners* joiners;                 ///< the same people as the kernel's joiners, in the same order
  std::int64_t* units;                    ///< by person
  std::uint32_t* lower;                   ///< sums by place; unused where earnings are alike
  std::uint32_t* upper;
  std::uint8_t* has_parted;  ///< by person
  Joiners* parted;           ///< room for everybody
  std::size_t parted_count;
};

inline constexpr std::uint32_t no_bounds = ~std::uint32_t{0};  ///< where the rows of a period are the same
inline constexpr int people_of_block = 4096;
inline constexpr int most_places =
    people_of_block + 128;  ///< of people in a kernel, with empty ones to the end of a turn

/// One block of work, and where its results go.
struct LifeKernelWork {
  const LifeKernelTables* tables;
  std::uint32_t key[2];
  std::uint64_t first_person;  ///< a multiple of 4,096
  std::uint32_t replicate;
  const Joiners* joiners;
  std::size_t joiners_count;
  std::int64_t* units;       ///< by person
  std::uint64_t* people_in;  ///< [t · states + s], t = 0 … periods, or null
  Refine refine;
  const void* refine_context;
  Follower* follower;  ///< or null
};

/// Runs a block with registers of so many bytes. Which of them a processor has is asked in kernels.cpp.
void live_block_16(const LifeKernelWork& work);
void live_block_32(const LifeKernelWork& work);
void live_block_64(const LifeKernelWork& work);

}  // namespace tenure::detail::kernel
