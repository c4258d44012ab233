#pragma once
// Lives of many people at once, one to each byte of a register, eight periods at a time. For these eight periods
//
//   1. draw: one counter (person, eight periods) of Philox gives each person 128 bits, which are transposed so that one
//      register holds one byte of the same period's draw for everybody in it;
//   2. live: a state and the draw's column look up a threshold, which the rest of the draw is compared with, and the
//   two
//      states it decides between; the few draws that tie with it are decided one by one, with 48 bits more;
//   3. earn: the states passed through look up the digits of what they bring, which are summed as bytes and put
//      together once;
//   4. close ranks: whoever is gone leaves, and the others move together.
//
// A second chain may be followed on the way: whose draws might lead elsewhere there is noted (together.hpp).
//
// Each step does what life.hpp does, to the last bit, whatever the width of the registers.

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "kernel/chunk_draws.hpp"
#include "kernel/life_kernel_tables.hpp"

namespace tenure::detail::kernel {
namespace {

/// A block on its way. Everyone who is not gone has a place; the places after the last are empty, in a state of their
/// own.
template <class L, StripShape shape, bool followed>
class LifeKernel {
 public:
  explicit LifeKernel(const LifeKernelWork& work) : work_{work}, tables_{*work.tables} {}

  void run() {
    const std::int64_t amounts = tables_.periods + 1;
    for (std::int64_t begin = 0; begin < amounts; begin += periods_of_chunk) {
      const std::int64_t left = amounts - begin;
      const int earned = left < periods_of_chunk ? static_cast<int>(left) : periods_of_chunk;
      const int lived = left - 1 < periods_of_chunk ? static_cast<int>(left - 1) : periods_of_chunk;
      join(begin);
      run_chunk(begin, lived, earned);
      if (work_.people_in != nullptr) count_absorbed(begin, earned);
    }
    for (int place = 0; place < present_; ++place) finish(place, amounts);
  }

 private:
  using Vector = typename L::Vector;
  using Mask = typename L::Mask;
  static constexpr int width = L::width;
  static constexpr int row_places = shape.row_places;
  static constexpr int amount_states = shape.amount_states;
  static constexpr int together =
      L::registers_together;  ///< registers at once, so that one's look-ups fill the other's waiting
  static constexpr int places = people_of_block + width * together;
  static_assert(places <= most_places);
  using Alike = Mask[together];  ///< who so far, in these periods, cannot but do the same in the follower's chain

  /// Everyone's units start at minus what all earn at least before they join.
  void join(std::int64_t begin) {
    const std::int64_t least = tables_.least_before[begin];
    while (joined_ < work_.joiners_count && std::int64_t{work_.joiners[joined_].chunk} * periods_of_chunk == begin) {
      if constexpr (followed) join(*work_.follower, begin);
      const Joiners& joiners = work_.joiners[joined_++];
      for (std::uint32_t k = 0; k < joiners.people; ++k) {
        state_[present_ + k] = static_cast<std::uint8_t>(joiners.state);
        person_[present_ + k] = static_cast<std::uint16_t>(joiners.first_person + k);
        lower_[present_ + k] = 0;
        upper_[present_ + k] = 0;
        work_.units[joiners.first_person + k] = joiners.units - least;
      }
      present_ += static_cast<int>(joiners.people);
    }
  }

  /// Those who have parted before they join are not followed.
  void join(Follower& follower, std::int64_t begin) {
    const Joiners& joiners = work_.joiners[joined_];
    const Joiners& there = follower.joiners[joined_];
    for (std::uint32_t k = 0; k < joiners.people; ++k) {
      if (!follower.earns_alike) {
        follower.lower[present_ + static_cast<int>(k)] = 0;
        follower.upper[present_ + static_cast<int>(k)] = 0;
      }
      const std::uint32_t person = joiners.first_person + k;
      follower.units[person] = there.units - follower.tables->least_before[begin];
      if (there.state != joiners.state) part(follower, {joiners.chunk, person, 1, there.state, there.units});
    }
  }

  static void part(Follower& follower, const Joiners& parted) {
    follower.has_parted[parted.first_person] = 1;
    follower.parted[follower.parted_count++] = parted;
  }

  void run_chunk(std::int64_t begin, int lived, int earned) {
    if constexpr (followed) find_bounds(*work_.follower, begin, lived);
    const int per_turn = width * together;
    const int turns = (present_ + per_turn - 1) / per_turn;
    for (int place = present_; place < turns * per_turn; ++place) {
      state_[place] = static_cast<std::uint8_t>(tables_.empty_state);
      person_[place] = 0;
    }
    const ChunkDraws<L> draw{work_, static_cast<std::uint32_t>(begin / periods_of_chunk)};
    for (int turn = 0; turn < turns; ++turn) {
      const int first = turn * per_turn;
      Vector states[together];
      Vector passed[together][periods_of_chunk];
      Vector draws[together][2 * periods_of_chunk];
      for (int u = 0; u < together; ++u) {
        states[u] = L::to_lanes(L::load(state_ + first + u * width));
        if (lived > 0) draw(person_ + first + u * width, static_cast<std::uint32_t>(work_.first_person), draws[u]);
      }
      Alike alike;
      for (Mask& mask : alike) mask = L::equal(L::zero(), L::zero());
      if (lived == periods_of_chunk) {
#pragma GCC unroll 8
        for (int h = 0; h < periods_of_chunk; ++h) live(begin, h, first, draws, states, passed, alike);
      } else {
        for (int h = 0; h < lived; ++h) live(begin, h, first, draws, states, passed, alike);
      }
      if (earned > lived) {
        for (int u = 0; u < together; ++u) passed[u][lived] = states[u];
      }
      if (work_.people_in != nullptr) count(begin, earned, passed);
      if constexpr (followed) part(begin, first, alike);
      earn(tables_, begin, earned, passed, lower_ + first, upper_ + first);
      if constexpr (followed) earn_there(*work_.follower, begin, earned, passed, first);
      for (int u = 0; u < together; ++u) put_back(L::from_lanes(states[u]), first + u * width);
    }
    if (work_.people_in != nullptr)
      forget_empty_places(begin, earned, static_cast<std::uint64_t>(turns * per_turn - present_));
    close_ranks(begin + earned);
  }

  /// The places of (column, row) in a strip. The highest bits of the draw's low byte choose the column.
  [[nodiscard]] Vector row_place(Vector states, Vector low) const {
    Vector row = states;
    if constexpr (shape.shares_rows) row = typename L::template Places<amount_states>{states}.in(tables_.row_of_state);
    const Vector column = L::both(low, L::repeat_8(shape.packed ? 0xC0 : ~(0xFF >> tables_.column_bits)));
    if constexpr (row_places == 256) return L::joined(column, row);
    return L::joined(L::template right_64 < row_places == 32 ? 3 : row_places == 64 ? 2 : 1 > (column), row);
  }

  /// The state that a draw below the threshold leads to, or the other.
  [[nodiscard]] static Vector entry_of(const typename L::template Places<row_places>& row, const std::uint8_t* strips,
                                       Mask below) {
    if constexpr (shape.packed) {
      const Vector both = row.in(strips + 2 * row_places);
      return L::both(L::choose(below, both, L::template right_64<4>(both)), L::repeat_8(0x0F));
    } else {
      return L::choose(below, row.in(strips + 2 * row_places), row.in(strips + 3 * row_places));
    }
  }

  void live(std::int64_t begin, int h, int first, const Vector (*draws)[2 * periods_of_chunk], Vector* states,
            Vector (*passed)[periods_of_chunk], Alike& alike) const {
    const std::uint8_t* strips = tables_.rows + std::size_t{tables_.rows_of_period[begin + h]} * (4 * row_places);
    const Vector low_bits = L::repeat_8(shape.packed ? 0x3F : 0xFF >> tables_.column_bits);
#pragma GCC unroll 4
    for (int u = 0; u < together; ++u) {
      passed[u][h] = states[u];
      const Vector high = draws[u][2 * h + 1];
      const Vector low = L::both(draws[u][2 * h], low_bits);
      const typename L::template Places<row_places> row{row_place(states[u], draws[u][2 * h])};
      if constexpr (followed) follow(h, row, high, alike[u]);
      const Vector threshold_high = row.in(strips);
      const Vector threshold_low = row.in(strips + row_places);
      const Mask same = L::equal(high, threshold_high);
      const Mask below = L::either(L::greater(threshold_high, high), L::greater_where(same, threshold_low, low));
      const Mask tied = L::equal_where(same, low, threshold_low);
      Vector next = entry_of(row, strips, below);
      if (const std::uint64_t bits = L::bits(tied); __builtin_expect(bits != 0, 0)) {
        next = refine(bits, begin + h, states[u], next, first + u * width);
      }
      states[u] = next;
    }
  }

  /// Decides the lanes that tie. Empty places may tie too, and stay empty.
  [[gnu::noinline]] Vector refine(std::uint64_t tied, std::int64_t t, Vector states, Vector next, int first) const {
    alignas(64) std::uint8_t from[width];
    alignas(64) std::uint8_t to[width];
    alignas(64) std::uint8_t place[width];
    L::store(from, states);
    L::store(to, next);
    for (int p = 0; p < width; ++p) place[p] = static_cast<std::uint8_t>(p);
    L::store(place, L::to_lanes(L::load(place)));
    for (; tied != 0; tied &= tied - 1) {
      const int lane = __builtin_ctzll(tied);
      if (from[lane] >= tables_.states) continue;
      to[lane] =
          static_cast<std::uint8_t>(work_.refine(work_.refine_context, person_[first + place[lane]], from[lane], t));
    }
    return L::load(to);
  }

  /// Which strips of bounds the follower has in each period of the chunk.
  void find_bounds(const Follower& follower, std::int64_t begin, int lived) {
    for (int h = 0; h < lived; ++h) {
      const std::uint32_t pair = follower.bounds_of_period[begin + h];
      bounds_[h] = pair == no_bounds ? nullptr : follower.bounds + std::size_t{pair} * (2 * row_places);
    }
  }

  /// Looks for people whose draw of a period might lead elsewhere in the follower's chain.
  template <class Row>
  void follow(int h, const Row& row, Vector high, Mask& alike) const {
    const std::uint8_t* strips = bounds_[h];
    if (strips == nullptr) return;
    alike = L::either_where(alike, L::greater(row.in(strips), high), L::greater(high, row.in(strips + row_places)));
  }

  void part(std::int64_t begin, int first, const Alike& alike) const {
    for (int u = 0; u < together; ++u) {
      const std::uint64_t apart = ~L::bits(alike[u]) & (~std::uint64_t{0} >> (64 - width));
      if (apart != 0) part(*work_.follower, begin, apart, first + u * width);
    }
  }

  static void earn_there(const Follower& follower, std::int64_t begin, int earned,
                         const Vector (*passed)[periods_of_chunk], int first) {
    if (follower.earns_alike) return;
    earn(*follower.tables, begin, earned, passed, follower.lower + first, follower.upper + first);
  }

  /// Lists the lanes that part, with what they have come to until `begin`.
  [[gnu::noinline]] void part(Follower& follower, std::int64_t begin, std::uint64_t apart, int first) const {
    std::uint8_t place[width];
    for (int p = 0; p < width; ++p) place[p] = static_cast<std::uint8_t>(p);
    L::store(place, L::to_lanes(L::load(place)));
    for (; apart != 0; apart &= apart - 1) {
      const int at = first + place[__builtin_ctzll(apart)];
      if (at >= present_ || follower.has_parted[person_[at]] != 0) continue;
      part(follower, {static_cast<std::uint32_t>(begin / periods_of_chunk), person_[at], 1, state_[at],
                      follower.units[person_[at]] + earned_there(follower, at, begin)});
    }
  }

  /// What somebody has earned in the follower's chain since they joined, but for what they began with.
  [[nodiscard]] std::int64_t earned_there(const Follower& follower, int place, std::int64_t end) const {
    const std::uint32_t lower = follower.earns_alike ? lower_[place] : follower.lower[place];
    const std::uint32_t upper = follower.earns_alike ? upper_[place] : follower.upper[place];
    return static_cast<std::int64_t>(lower) + (static_cast<std::int64_t>(upper) << 20) +
           follower.tables->least_before[end];
  }

  static void earn(const LifeKernelTables& tables, std::int64_t begin, int earned,
                   const Vector (*passed)[periods_of_chunk], std::uint32_t* lower, std::uint32_t* upper) {
    const std::uint8_t* strips = tables.digit_strips + begin * digits * amount_states;
    earn_half(strips, earned, passed, lower);
    earn_half(strips + digits / 2 * amount_states, earned, passed, upper);
  }

  /// Sums the lower or the upper four digits: more sums than these do not fit into the registers of most processors.
  static void earn_half(const std::uint8_t* strips, int earned, const Vector (*passed)[periods_of_chunk],
                        std::uint32_t* to) {
    Vector sum[together][digits / 2];
    for (auto& of_register : sum) {
      for (Vector& digit : of_register) digit = L::zero();
    }
    if (earned == periods_of_chunk) {
#pragma GCC unroll 8
      for (int h = 0; h < periods_of_chunk; ++h) add_digits(strips + h * digits * amount_states, h, passed, sum);
    } else {
      for (int h = 0; h < earned; ++h) add_digits(strips + h * digits * amount_states, h, passed, sum);
    }
#pragma GCC unroll 4
    for (int u = 0; u < together; ++u) put_together(sum[u], to + u * width);
  }

  static void add_digits(const std::uint8_t* strips, int h, const Vector (*passed)[periods_of_chunk],
                         Vector (*sum)[digits / 2]) {
#pragma GCC unroll 4
    for (int u = 0; u < together; ++u) {
      const typename L::template Places<amount_states> state{passed[u][h]};
#pragma GCC unroll 4
      for (int d = 0; d < digits / 2; ++d) sum[u][d] = L::add_8(sum[u][d], state.in(strips + d * amount_states));
    }
  }

  /// Adds sum[0] + 2^5 sum[1] + 2^10 sum[2] + 2^15 sum[3] to each person's sum of these digits.
  static void put_together(const Vector* sum, std::uint32_t* to) {
    const Vector by_32 = L::repeat_16(0x2001);        // bytes 1 and 32
    const Vector by_1024 = L::repeat_32(0x04000001);  // words 1 and 1024
#pragma GCC unroll 2
    for (int b3 = 0; b3 < 2; ++b3) {
      const Vector low_tens = L::pair_products_8(L::interleave_8(sum[0], sum[1], b3 != 0), by_32);
      const Vector high_tens = L::pair_products_8(L::interleave_8(sum[2], sum[3], b3 != 0), by_32);
#pragma GCC unroll 2
      for (int b2 = 0; b2 < 2; ++b2) {
        std::uint32_t* at = to + (2 * b3 + b2) * (width / 4);
        L::store(at,
                 L::add_32(L::load(at), L::pair_products_16(L::interleave_16(low_tens, high_tens, b2 != 0), by_1024)));
      }
    }
  }

  /// How many were in each state at the start of each period, and at the end of the last.
  void count(std::int64_t begin, int earned, const Vector (*passed)[periods_of_chunk]) {
    const int states = static_cast<int>(tables_.states);
    for (int h = 0; h < earned; ++h) {
      std::uint64_t* people = work_.people_in + static_cast<std::size_t>(begin + h) * tables_.states;
      for (int s = 0; s < states; ++s) {
        const Vector state = L::repeat_8(s);
        int found = 0;
#pragma GCC unroll 4
        for (int u = 0; u < together; ++u) found += __builtin_popcountll(L::bits(L::equal(passed[u][h], state)));
        people[s] += static_cast<std::uint64_t>(found);
      }
    }
  }

  /// Empty places may be in a state that people are in, too.
  void forget_empty_places(std::int64_t begin, int earned, std::uint64_t empty) {
    if (tables_.empty_state >= tables_.states) return;
    for (int h = 0; h < earned; ++h) {
      work_.people_in[static_cast<std::size_t>(begin + h) * tables_.states + tables_.empty_state] -= empty;
    }
  }

  /// Those who left in earlier chunks are where they were.
  void count_absorbed(std::int64_t begin, int earned) {
    for (int h = 0; h < earned; ++h) {
      std::uint64_t* people = work_.people_in + static_cast<std::size_t>(begin + h) * tables_.states;
      for (std::size_t s = tables_.first_absorbed; s < tables_.states; ++s) people[s] += absorbed_before_[s];
    }
    for (std::size_t s = tables_.first_absorbed; s < tables_.states; ++s) absorbed_before_[s] = absorbed_[s];
  }

  void finish(int place, std::int64_t end) {
    work_.units[person_[place]] += static_cast<std::int64_t>(lower_[place]) +
                                   (static_cast<std::int64_t>(upper_[place]) << 20) + tables_.least_before[end];
    if constexpr (followed) work_.follower->units[person_[place]] += earned_there(*work_.follower, place, end);
  }

  /// Keeps the states of one register, and who of its people is gone. Nothing here branches on it: a wrong guess would
  /// throw away the draws of those who come next.
  void put_back(Vector states, int first) {
    L::store(state_ + first, states);
    const Vector last_here = L::repeat_8(static_cast<int>(tables_.first_absorbed) - 1);
    absorbed_bits_[first / width] = L::bits(L::greater(states, last_here));
  }

  static void move(const Follower& follower, int from, int to) {
    if (follower.earns_alike) return;
    follower.lower[to] = follower.lower[from];
    follower.upper[to] = follower.upper[from];
  }

  /// Lets those who are gone go; the last of the others take their places.
  void close_ranks(std::int64_t end) {
    int leaving = 0;
    for (int first = 0; first < present_; first += width) {
      const int used = present_ - first;
      const std::uint64_t everyone = used >= width ? ~std::uint64_t{0} >> (64 - width) : (std::uint64_t{1} << used) - 1;
      leaving += L::list(absorbed_bits_[first / width] & everyone, first, leaving_place_ + leaving);
    }
    for (int k = 0; k < leaving; ++k) {
      finish(leaving_place_[k], end);
      ++absorbed_[state_[leaving_place_[k]]];
    }
    const int staying = present_ - leaving;
    int last = present_;
    for (int k = 0; k < leaving && leaving_place_[k] < staying; ++k) {
      do {
        --last;
      } while (state_[last] >= tables_.first_absorbed);
      const int place = leaving_place_[k];
      state_[place] = state_[last];
      person_[place] = person_[last];
      lower_[place] = lower_[last];
      upper_[place] = upper_[last];
      if constexpr (followed) move(*work_.follower, last, place);
    }
    present_ = staying;
  }

  const LifeKernelWork& work_;
  const LifeKernelTables& tables_;
  const std::uint8_t* bounds_[periods_of_chunk];  ///< of the follower; null where nobody can part
  int present_ = 0;
  std::size_t joined_ = 0;
  std::uint64_t absorbed_[256] = {};
  std::uint64_t absorbed_before_[256] = {};
  std::uint64_t absorbed_bits_[places / width];
  std::uint16_t leaving_place_[places];
  alignas(64) std::uint8_t state_[places];
  alignas(64) std::uint16_t person_[places];
  alignas(64) std::uint32_t lower_[places];  ///< sums of an amount's four lower digits
  alignas(64) std::uint32_t upper_[places];  ///< and of its four upper digits
};

template <class L, std::size_t shape>
void live_block(const LifeKernelWork& work) {
  if (work.follower != nullptr) {
    LifeKernel<L, L::shapes[shape], true>{work}.run();
  } else {
    LifeKernel<L, L::shapes[shape], false>{work}.run();
  }
}

/// With the kernel made for the shape of the work's tables.
template <class L, std::size_t shape = 0>
void live_block_of_shape(const LifeKernelWork& work) {
  if constexpr (shape < std::size(L::shapes)) {
    if (work.tables->shape == static_cast<int>(shape)) return live_block<L, shape>(work);
    live_block_of_shape<L, shape + 1>(work);
  }
}

}  // namespace
}  // namespace tenure::detail::kernel
