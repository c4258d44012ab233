#include "kernel/kernels.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "kernel/sojourn_draws.hpp"
#include "tenure/engine/detail/individual/block_runner.hpp"
#include "tenure/engine/detail/individual/life.hpp"
#include "tenure/engine/detail/individual/sojourn_draws.hpp"

// Registers of 16 bytes are what 64-bit ARM has; x86 has them, and others of 32 or 64 bytes.
#if defined(__GNUC__) && defined(__x86_64__)
#define TENURE_HAS_WIDE_LANES 1
#elif defined(__GNUC__) && defined(__aarch64__)
#define TENURE_HAS_NEON 1
#endif

namespace tenure {

InstructionSet widest_instruction_set() {
#if defined(TENURE_HAS_WIDE_LANES)
  static const InstructionSet widest = [] {
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                        __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
                        __builtin_cpu_supports("bmi2");
    if (avx512) return InstructionSet::avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt"))
      return InstructionSet::avx2;
    if (__builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("popcnt")) return InstructionSet::sse4;
    return InstructionSet::portable;
  }();
  return widest;
#elif defined(TENURE_HAS_NEON)
  return InstructionSet::neon;
#else
  return InstructionSet::portable;
#endif
}

}  // namespace tenure

namespace tenure::detail {

BlockRunner block_runner(const LifeTables& tables, InstructionSet instructions) {
  if (instructions == InstructionSet::portable || !kernel::KernelTables::can_hold(tables)) {
    return [](const LifeTables& of, StreamKey key, Block block) { return live_block(of, key, std::move(block)); };
  }
  return [kernel = std::make_shared<const kernel::KernelTables>(tables, instructions)](const LifeTables& of,
                                                                                       StreamKey key, Block block) {
    return kernel::live_block(*kernel, of, key, std::move(block));
  };
}

#if defined(TENURE_HAS_WIDE_LANES)
namespace {

[[nodiscard]] kernel::KeyedCounter keyed_counter(StreamKey key, const StreamAddress& address) {
  const RandomBlock counter = counter_of(address);
  return {{key.first, key.second}, {counter[0], counter[1], counter[2], counter[3]}};
}

template <auto draw>
void sojourns_by(StreamKey key, const StreamAddress& address, const std::uint32_t* people, std::size_t count,
                 SojournDraws* draws) {
  static_assert(sizeof(SojournDraws) == 4 * sizeof(std::uint32_t));
  draw(keyed_counter(key, address), people, count, reinterpret_cast<std::uint32_t*>(draws));
}

template <auto draw>
EventWords events_by(StreamKey key, const StreamAddress& address) {
  EventWords words;
  draw(keyed_counter(key, address), words.data());
  return words;
}

SumOfQuantiles sum_by_avx2(const AmountQuantiles& law, const EventWords& words, const double* weights, std::size_t from,
                           std::size_t until) {
  SumOfQuantiles found;
  found.sum =
      kernel::sum_of_quantiles_avx2(law.coefficients(), words.data(), weights, from, until, &found.some_far_out);
  return found;
}

}  // namespace
#endif

DrawWays draw_ways(InstructionSet instructions) {
#if defined(TENURE_HAS_WIDE_LANES)
  if (instructions == InstructionSet::avx512)
    return {sojourns_by<kernel::draw_sojourns_64>, events_by<kernel::draw_events_64>, sum_by_avx2};
  if (instructions == InstructionSet::avx2)
    return {sojourns_by<kernel::draw_sojourns_32>, events_by<kernel::draw_events_32>, sum_by_avx2};
#endif
  static_cast<void>(instructions);
  return draw_ways_anywhere;
}

}  // namespace tenure::detail

namespace tenure::detail::kernel {

namespace {

/// One set of rows: the high bytes of all thresholds, their low bits, and the two entries of each column. Full columns
/// give their own entry both ways; empty places stay empty.
void write_rows(const AliasRows& rows, std::span<const std::size_t> state_of_row, const LifeKernelTables& kernel,
                bool packed, std::uint8_t* to) {
  const std::size_t columns = std::size_t{1} << kernel.column_bits;
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t r = 0; r < kernel.row_states; ++r) {
      const std::size_t place = c * kernel.row_states + r;
      const auto empty = static_cast<std::uint32_t>(kernel.empty_state);
      const AliasColumn column =
          r < state_of_row.size() ? rows.column[rows.first[state_of_row[r]] + c] : AliasColumn{0, {empty, empty}};
      const std::uint64_t decisive = column.threshold >> 48;
      const bool full = decisive == std::uint64_t{1} << (16 - kernel.column_bits);
      const std::uint64_t cut = full ? 0 : decisive;
      to[place] =
          static_cast<std::uint8_t>((cut >> (8 - kernel.column_bits)) ^ 0x80);  // for signed comparison: see Draws
      to[kernel.row_places + place] = static_cast<std::uint8_t>(cut & (0xFFU >> kernel.column_bits));
      const std::uint32_t other = column.entry[full ? 0 : 1];
      to[2 * kernel.row_places + place] =
          static_cast<std::uint8_t>(packed ? column.entry[0] | (other << 4) : column.entry[0]);
      to[3 * kernel.row_places + place] = static_cast<std::uint8_t>(other);
    }
  }
}

std::span<const StripShape> shapes_of(InstructionSet instructions) {
  return instructions == InstructionSet::avx512 ? std::span<const StripShape>{permuted_shapes} : shuffled_shapes;
}

bool fits(const StripShape& shape, std::size_t rows, int column_bits, std::size_t states) {
  return rows << static_cast<unsigned>(column_bits) <= static_cast<std::size_t>(shape.row_places) &&
         states <= static_cast<std::size_t>(shape.amount_states) && (shape.shares_rows || rows == states) &&
         (!shape.packed || (states <= 16 && column_bits == 2));
}

/// The shape of the shortest strips that a chain fits into. Empty places need a state and a row too: those of a state
/// that keeps people for ever serve.
int shape_of(const LifeTables& tables, InstructionSet instructions) {
  const bool lends_one = tables.first_absorbed < tables.states();
  const std::size_t rows = first_state_of_rows(tables).size() + (lends_one ? 0 : 1);
  const std::span<const StripShape> shapes = shapes_of(instructions);
  const auto found = std::find_if(shapes.begin(), shapes.end(), [&](const StripShape& shape) {
    return fits(shape, rows, tables.row_bits, tables.states() + (lends_one ? 0 : 1));
  });
  return found == shapes.end() ? -1 : static_cast<int>(found - shapes.begin());
}

/// Each state's row.
std::vector<std::uint8_t> row_of_states(const LifeTables& tables, std::span<const std::size_t> state_of_row) {
  std::vector<std::uint8_t> row(tables.states() + 1, static_cast<std::uint8_t>(state_of_row.size()));
  for (std::size_t s = 0; s < tables.states(); ++s) {
    const auto found = std::find_if(state_of_row.begin(), state_of_row.end(),
                                    [&](std::size_t first) { return tables.origin[first] == tables.origin[s]; });
    row[s] = static_cast<std::uint8_t>(found - state_of_row.begin());
  }
  return row;
}

}  // namespace

std::vector<std::size_t> first_state_of_rows(const LifeTables& tables) {
  std::vector<std::size_t> first;
  std::vector<bool> seen(tables.states());  // origins are states of the chain, of which there are no more
  for (std::size_t s = 0; s < tables.states(); ++s) {
    if (!seen[tables.origin[s]]) first.push_back(s);
    seen[tables.origin[s]] = true;
  }
  return first;
}

bool KernelTables::can_hold(const LifeTables& tables) {
  if (tables.periods > most_periods || tables.rows.empty() || tables.states() == 0 || tables.row_bits == 0)
    return false;
  return shape_of(tables, InstructionSet::avx2) >= 0;  // the longest strips are the same everywhere
}

KernelTables::KernelTables(const LifeTables& tables, InstructionSet instructions) : instructions_{instructions} {
  tables_.shape = shape_of(tables, instructions);
  const StripShape& shape = shapes_of(instructions)[static_cast<std::size_t>(tables_.shape)];
  tables_.states = tables.states();
  tables_.first_absorbed = tables.first_absorbed;
  tables_.periods = tables.periods;
  tables_.column_bits = tables.row_bits;
  tables_.row_places = static_cast<std::size_t>(shape.row_places);
  tables_.empty_state = tables.first_absorbed < tables.states() ? tables.first_absorbed : tables.states();
  tables_.row_states = tables_.row_places >> static_cast<unsigned>(tables_.column_bits);
  tables_.amount_states = static_cast<std::size_t>(shape.amount_states);
  tables_.rows_of_period = tables.rows_of_period.data();
  const std::size_t amounts = static_cast<std::size_t>(tables.periods) + 1;
  const std::size_t row_bytes = 4 * tables_.row_places;
  const std::size_t digit_bytes = amounts * digits * tables_.amount_states;
  bytes_.resize(row_bytes * tables.rows.size() + digit_bytes + tables_.amount_states + 128);
  const auto misaligned = reinterpret_cast<std::uintptr_t>(bytes_.data()) % 64;
  std::uint8_t* base = bytes_.data() + (64 - misaligned) % 64;
  const std::vector<std::size_t> state_of_row = first_state_of_rows(tables);
  for (std::size_t r = 0; r < tables.rows.size(); ++r)
    write_rows(tables.rows[r], state_of_row, tables_, shape.packed, base + r * row_bytes);
  std::uint8_t* strips = base + row_bytes * tables.rows.size();
  std::ranges::copy(row_of_states(tables, state_of_row), strips + digit_bytes);
  least_before_.assign(amounts + 1, 0);
  for (std::size_t t = 0; t < amounts; ++t) {
    const std::int64_t* amount = tables.amounts(static_cast<std::int64_t>(t));
    const std::int64_t least = tables.states() == 0 ? 0 : *std::min_element(amount, amount + tables.states());
    least_before_[t + 1] = least_before_[t] + least;
    for (std::size_t s = 0; s < tables.states(); ++s) {
      auto rest = static_cast<std::uint64_t>(amount[s] - least);
      for (std::size_t d = 0; d < digits; ++d, rest >>= 5)
        strips[(t * digits + d) * tables_.amount_states + s] = rest & 31;
    }
  }
  tables_.rows = base;
  tables_.digit_strips = strips;
  tables_.row_of_state = strips + digit_bytes;
  tables_.least_before = least_before_.data();
}

namespace {

struct RefineContext {
  const LifeTables& tables;
  StreamKey key;
  std::uint64_t first_person;
  std::uint32_t replicate;
};

std::uint32_t refine(const void* context, std::uint32_t person, std::uint32_t state, std::int64_t t) {
  const auto& of = *static_cast<const RefineContext*>(context);
  Draws draws = draws_of_transitions(of.key, of.first_person + person, of.replicate);
  return next_state(of.tables, state, t, draws);
}

}  // namespace

Block live_block(const KernelTables& kernel, const LifeTables& tables, StreamKey key, Block block, Follower* follower) {
#if defined(TENURE_HAS_WIDE_LANES) || defined(TENURE_HAS_NEON)
  const RefineContext context{tables, key, block.first_person, block.replicate};
  const LifeKernelWork work{&kernel.tables(),
                            {key.first, key.second},
                            block.first_person,
                            block.replicate,
                            block.joiners.data(),
                            block.joiners.size(),
                            block.units.data(),
                            block.people_in.empty() ? nullptr : block.people_in.data(),
                            &refine,
                            &context,
                            follower};
  switch (kernel.instructions()) {
#if defined(TENURE_HAS_WIDE_LANES)
    case InstructionSet::avx512:
      live_block_64(work);
      return block;
    case InstructionSet::avx2:
      live_block_32(work);
      return block;
#endif
    case InstructionSet::sse4:
    case InstructionSet::neon:
      live_block_16(work);
      return block;
    default:
      break;
  }
#endif
  static_cast<void>(kernel);
  static_cast<void>(follower);
  return tenure::detail::live_block(tables, key, std::move(block));
}

}  // namespace tenure::detail::kernel
