#pragma once
// Philox4x32 (stream.hpp) of many counters at once, over lanes L of 64 bits in registers of any width. Half of what a
// simulated life costs are its multiplications, and every processor with vectors does two or more of them together. A
// lanes' type says
//
//     Vector                              a register: in the lower half of each lane a word, above it what may be
//     repeat_64(x), add_64(a, b)          x in every lane; sums
//     differ(a, b), differ(a, b, c)       exclusive or
//     right_64<bits>(a)                   shifts each lane
//     product_32(a, b)                    whole products of the lanes' lower halves
//
// This header is read by files compiled for other processors: all it has is made for one lanes' type.

#include <array>
#include <cstddef>
#include <cstdint>

#include "tenure/engine/stream.hpp"

namespace tenure::detail {

/// As many counters as a register has lanes, their k-th words in word[k].
template <class L>
struct CounterLanes {
  typename L::Vector word[4];
};

/// The key of each round, in every lane.
template <class L>
struct KeyLanes {
  typename L::Vector first[philox_rounds];
  typename L::Vector second[philox_rounds];

  KeyLanes(std::uint32_t of_first_words, std::uint32_t of_second_words) {
    first[0] = L::repeat_64(of_first_words);
    second[0] = L::repeat_64(of_second_words);
#if defined(__GNUC__)
#pragma GCC unroll 10
#endif
    for (int r = 1; r < philox_rounds; ++r) {
      first[r] = L::add_64(first[r - 1], L::repeat_64(philox_weyl_0));
      second[r] = L::add_64(second[r - 1], L::repeat_64(philox_weyl_1));
    }
  }
};

template <class L>
[[nodiscard]] inline CounterLanes<L> philox_round(const CounterLanes<L>& c, const KeyLanes<L>& keys, int round) {
  const auto p0 = L::product_32(L::repeat_64(philox_multiplier_0), c.word[0]);
  const auto p1 = L::product_32(L::repeat_64(philox_multiplier_1), c.word[2]);
  return {{L::differ(c.word[1], keys.first[round], L::template right_64<32>(p1)), p1,  // the product is waited for
           L::differ(c.word[3], keys.second[round], L::template right_64<32>(p0)), p0}};
}

/// The rounds from `first` on, of several registers of counters: the multiplications of one fill the waiting of others.
template <int first = 0, class L, std::size_t together>
[[nodiscard]] inline std::array<CounterLanes<L>, together> philox(std::array<CounterLanes<L>, together> c,
                                                                  const KeyLanes<L>& keys) {
#if defined(__GNUC__)
#pragma GCC unroll 10
#endif
  for (int round = first; round < philox_rounds; ++round) {
#if defined(__GNUC__)
#pragma GCC unroll 8
#endif
    for (std::size_t j = 0; j < together; ++j) c[j] = philox_round(c[j], keys, round);
  }
  return c;
}

/// The blocks of counters that differ in their second word alone. It reaches all four words in the third round only:
/// what it has not reached is the same for all, and is computed once, with 0 in its place.
template <class L>
class PhiloxOfSecondWords {
 public:
  PhiloxOfSecondWords(const std::uint32_t (&key)[2], std::uint32_t word_0, std::uint32_t word_2, std::uint32_t word_3)
      : keys_{key[0], key[1]} {
    const auto none = L::repeat_64(0);
    CounterLanes<L> c{{L::repeat_64(word_0), none, L::repeat_64(word_2), L::repeat_64(word_3)}};
    c = philox_round(c, keys_, 0);
    first_after_1_ = c.word[0];
    c.word[0] = none;
    c = philox_round(c, keys_, 1);
    third_after_2_ = c.word[2];
    c.word[2] = none;
    after_3_ = philox_round(c, keys_, 2);
  }

  /// In each lane of `second` a counter's second word.
  template <std::size_t together>
  [[nodiscard]] std::array<CounterLanes<L>, together> operator()(const typename L::Vector (&second)[together]) const {
    std::array<CounterLanes<L>, together> c;
#if defined(__GNUC__)
#pragma GCC unroll 8
#endif
    for (std::size_t j = 0; j < together; ++j) {
      const auto p0 = L::product_32(L::repeat_64(philox_multiplier_0), L::differ(second[j], first_after_1_));
      const auto p1 =
          L::product_32(L::repeat_64(philox_multiplier_1), L::differ(L::template right_64<32>(p0), third_after_2_));
      c[j] = {{L::differ(L::template right_64<32>(p1), after_3_.word[0]), p1, L::differ(p0, after_3_.word[2]),
               after_3_.word[3]}};
    }
    return philox<3>(c, keys_);
  }

 private:
  KeyLanes<L> keys_;
  typename L::Vector first_after_1_;
  typename L::Vector third_after_2_;
  CounterLanes<L> after_3_;
};

}  // namespace tenure::detail
