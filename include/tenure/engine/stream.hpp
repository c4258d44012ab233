#pragma once
// Randomness addressed by meaning. A draw is not the next number of a sequence: it is a function of whose luck it is,
// in which period and for what, so that no thread, no order of work and no other output can change it. The function is
// Philox4x32 with 10 rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011), the
// generator that C++26 calls std::philox4x32. For one key it is a bijection of its 128-bit counter, so that two
// different addresses can never meet the same state.

#include <array>
#include <cstdint>
#include <limits>

namespace tenure {

/// Changes whenever the same address would give another draw, or the same draw another event; written into every
/// result.
inline constexpr int stream_version = 1;

/// Four words of 32 random bits.
using RandomBlock = std::array<std::uint32_t, 4>;

/// The key of one run: two words mixed from the seed.
struct StreamKey {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  bool operator==(const StreamKey&) const = default;
};

/// What a draw decides. New purposes go to the end: a number that is drawn for one is never used for another.
enum class Purpose : std::uint16_t {
  transition = 0,          ///< next states: block = period / 8, sixteen bits of it for each period
  refinement = 1,          ///< the further 48 bits of a next state where sixteen do not decide: block = period
  arrival = 2,             ///< where and when a person enters
  referral = 3,            ///< how many people one brings: block = period
  kinship = 4,             ///< the key of a person who was brought: block = sequence
  population = 5,          ///< counts of many people at once (the population engine): block = period
  market = 6,              ///< the market's next regime: block = period
  state_amount = 7,        ///< what a state's cash flows bring above their mean: blocks from 128·period on
  transition_amount = 8,   ///< the same of a transition's
  sojourn = 9,             ///< how long a person's stay lasts and where it leads: block = number of the sojourn
  event_in_state = 10,     ///< what a period in a state brings one person: block = period / 4, a word for each period
  event_on_move = 11,      ///< what a move brings one person: the same
  far_event = 12,          ///< 32 bits more of an event far out: block = period, a word for each of the two
  own_amount = 13,         ///< how far a person's own amount lies from its mean: block = number of the amount
  market_of_arrival = 14,  ///< when somebody enters in a market that moves arrivals: person = number of the market
  uncertainty = 32,        ///< scrambles of the points by which uncertain numbers are drawn: person = number
};

/// Whose luck, and for what. The words of the counter are block, person (low), person (high) with purpose, replicate.
struct StreamAddress {
  std::uint64_t person = 0;  ///< below limits::people_simulated
  std::uint32_t replicate = 0;
  Purpose purpose = Purpose::transition;
  std::uint32_t block = 0;
};

inline constexpr std::uint32_t philox_multiplier_0 = 0xD2511F53;  ///< of a counter's first word, in each round
/// The same of its third word.
inline constexpr std::uint32_t philox_multiplier_1 = 0xCD9E8D57;
inline constexpr std::uint32_t philox_weyl_0 = 0x9E3779B9;  ///< by which the key's words grow from round to round
/// The same of the second word.
inline constexpr std::uint32_t philox_weyl_1 = 0xBB67AE85;
inline constexpr int philox_rounds = 10;

/// Philox4x32 of a counter under a key. Ten rounds are the promise; fewer exist to show that a test of randomness can
/// fail.
template <int rounds = philox_rounds>
[[nodiscard]] constexpr RandomBlock philox(RandomBlock c, StreamKey key) {
  for (int round = 0; round < rounds; ++round) {
    const std::uint64_t p0 = std::uint64_t{philox_multiplier_0} * c[0];
    const std::uint64_t p1 = std::uint64_t{philox_multiplier_1} * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ key.first, static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ key.second, static_cast<std::uint32_t>(p0)};
    key.first += philox_weyl_0;
    key.second += philox_weyl_1;
  }
  return c;
}

namespace detail {

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014), a bijection of 64 bits.
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

}  // namespace detail

/// The key of a seed. Different seeds have different keys.
[[nodiscard]] constexpr StreamKey stream_key(std::uint64_t seed) {
  const std::uint64_t key =
      detail::mixed(seed + std::uint64_t{0x9E3779B97F4A7C15} * static_cast<std::uint64_t>(stream_version));
  return {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
}

/// The counter of an address: injective for persons below 2^48.
[[nodiscard]] constexpr RandomBlock counter_of(const StreamAddress& address) {
  const auto high = static_cast<std::uint32_t>(address.person >> 32) & 0xFFFF;
  return {address.block, static_cast<std::uint32_t>(address.person),
          high | (static_cast<std::uint32_t>(address.purpose) << 16), address.replicate};
}

/// The 128 random bits of an address.
[[nodiscard]] constexpr RandomBlock random_block(StreamKey key, const StreamAddress& address) {
  return philox(counter_of(address), key);
}

/// The first two words of a block as one number.
[[nodiscard]] constexpr std::uint64_t first_64_bits(const RandomBlock& block) {
  return block[0] | (std::uint64_t{block[1]} << 32);
}
/// The last two words of a block as one number.
[[nodiscard]] constexpr std::uint64_t last_64_bits(const RandomBlock& block) {
  return block[2] | (std::uint64_t{block[3]} << 32);
}

/// A number in [0, 1) from 53 of 64 random bits, exactly.
[[nodiscard]] constexpr double unit_interval(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

/// One address as a standard engine, for Boost.Random's distributions: 2^32 blocks of its own, taken one after the
/// other from `address.block` on.
class StreamEngine {
 public:
  using result_type = std::uint32_t;
  static constexpr bool has_fixed_range = true;
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  constexpr StreamEngine(StreamKey key, StreamAddress address) : key_{key}, address_{address} {}

  constexpr result_type operator()() {
    if (used_ == 4) {
      words_ = random_block(key_, address_);
      ++address_.block;
      used_ = 0;
    }
    return words_[used_++];
  }
  bool operator==(const StreamEngine& other) const {
    return key_ == other.key_ && counter_of(address_) == counter_of(other.address_) && used_ == other.used_;
  }

 private:
  StreamKey key_;
  StreamAddress address_;
  RandomBlock words_{};
  std::size_t used_ = 4;
};

// Known answers (Random123, kat_vectors): a build in which they differ must not come to be.
static_assert(philox({0, 0, 0, 0}, {0, 0}) == RandomBlock{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8});
static_assert(philox({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}) == RandomBlock{0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD});
static_assert(philox({0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344}, {0xA4093822, 0x299F31D0}) ==
              RandomBlock{0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1});

}  // namespace tenure
