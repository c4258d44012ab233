#pragma once
// The draws of people who live by sojourns: sixteen counters of Philox at once, each one's words side by side.

#include <array>
#include <cstddef>
#include <cstdint>

#include "kernel/sojourn_draws.hpp"
#include "tenure/engine/detail/individual/philox_lanes.hpp"

namespace tenure::detail::kernel {
namespace {

template <class L>
struct SojournDrawsInLanes {
  static constexpr int lanes = L::width / 8;
  static constexpr int registers = 16 / lanes;
  using Blocks = std::array<tenure::detail::CounterLanes<L>, registers>;

  static void write(const Blocks& blocks, std::uint32_t* words) {
    for (const auto& block : blocks) {
      const auto first = L::words_together(block.word[0], block.word[1]);
      const auto second = L::words_together(block.word[2], block.word[3]);
      L::store(words, L::alternate_64(first, second, false));
      L::store(words + 2 * lanes, L::alternate_64(first, second, true));
      words += 4 * lanes;
    }
  }

  static void of_people(const KeyedCounter& at, const std::uint32_t* people, std::size_t count, std::uint32_t* words) {
    const tenure::detail::PhiloxOfSecondWords<L> blocks{at.key, at.counter[0], at.counter[2], at.counter[3]};
    for (std::size_t k = 0; k < count; k += 16) {
      typename L::Vector number[registers];
      for (int j = 0; j < registers; ++j) number[j] = L::widen_32_to_64(people + k + j * lanes);
      write(blocks(number), words + 4 * k);
    }
  }

  static void of_next_blocks(const KeyedCounter& at, std::uint32_t* words) {
    static constexpr std::uint32_t places[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    Blocks c;
    for (int j = 0; j < registers; ++j)
      c[j] = {{L::add_64(L::repeat_64(at.counter[0]), L::widen_32_to_64(places + j * lanes)),
               L::repeat_64(at.counter[1]), L::repeat_64(at.counter[2]), L::repeat_64(at.counter[3])}};
    write(tenure::detail::philox(c, tenure::detail::KeyLanes<L>{at.key[0], at.key[1]}), words);
  }
};

}  // namespace
}  // namespace tenure::detail::kernel
