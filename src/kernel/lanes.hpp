#pragma once
// A register as lanes of bytes, or of longer whole numbers: what registers of any width do alike, said once, in the
// vectors that g++ and clang share. What is best done by an instruction of its own, lanes16.hpp, lanes32.hpp and
// lanes64.hpp say.

#include <cstdint>
#include <cstring>
#include <utility>

#include "kernel/life_kernel_tables.hpp"

namespace tenure::detail::kernel {
namespace {

template <int bytes>
struct AnyLanes {
  static constexpr int width = bytes;
  // NOLINTBEGIN(modernize-use-using): g++ takes the size of a template's vector in a typedef only
  typedef long long Vector __attribute__((vector_size(bytes)));
  typedef std::uint8_t Bytes __attribute__((vector_size(bytes)));
  typedef std::int8_t SignedBytes __attribute__((vector_size(bytes)));
  typedef std::uint16_t HalfWords __attribute__((vector_size(bytes)));
  typedef std::uint32_t Words __attribute__((vector_size(bytes)));
  typedef std::uint64_t LongWords __attribute__((vector_size(bytes)));
  // NOLINTEND(modernize-use-using)

  static Vector load(const void* p) {
    Vector v;
    std::memcpy(&v, p, sizeof v);
    return v;
  }
  static void store(void* p, Vector v) { std::memcpy(p, &v, sizeof v); }
  static Vector zero() { return Vector{}; }
  static Vector repeat_8(int x) { return Vector(Bytes{} + static_cast<std::uint8_t>(x)); }
  static Vector repeat_16(int x) { return Vector(HalfWords{} + static_cast<std::uint16_t>(x)); }
  static Vector repeat_32(std::uint32_t x) { return Vector(Words{} + x); }
  static Vector repeat_64(std::uint64_t x) { return Vector(LongWords{} + x); }

  static Vector add_8(Vector a, Vector b) { return Vector(Bytes(a) + Bytes(b)); }
  static Vector add_32(Vector a, Vector b) { return Vector(Words(a) + Words(b)); }
  static Vector add_64(Vector a, Vector b) { return Vector(LongWords(a) + LongWords(b)); }
  static Vector both(Vector a, Vector b) { return a & b; }
  static Vector joined(Vector a, Vector b) { return a | b; }
  static Vector differ(Vector a, Vector b) { return a ^ b; }
  static Vector differ(Vector a, Vector b, Vector c) { return a ^ b ^ c; }
  template <int bits>
  static Vector right_64(Vector a) {
    return Vector(LongWords(a) >> bits);
  }

  /// The first of each pair of 32-bit words, those of `even` and of `odd` in turn.
  static Vector words_together(Vector even, Vector odd) {
    return picked<Words>(even, odd, [](int k) { return k % 2 == 0 ? k : words + k - 1; });
  }
  /// The lower or the upper halves of the 16 bytes of a and of b in turn, quarter by quarter of a register of 64 bytes.
  static Vector interleave_8(Vector a, Vector b, bool high) { return interleaved<Bytes, 1>(a, b, high); }
  static Vector interleave_16(Vector a, Vector b, bool high) { return interleaved<HalfWords, 2>(a, b, high); }
  static Vector interleave_32(Vector a, Vector b, bool high) { return interleaved<Words, 4>(a, b, high); }
  static Vector interleave_64(Vector a, Vector b, bool high) { return interleaved<LongWords, 8>(a, b, high); }
  /// Byte 0 of each half of a's 16 bytes, then of b's, byte 1 of a's, of b's, and so on.
  static Vector interleave_pairs(Vector a, Vector b, bool high) {
    const auto pairs = [](Vector v) {
      return picked<Bytes>(v, v, [](int k) { return k / 16 * 16 + k % 16 / 2 + k % 2 * 8; });
    };
    return interleave_16(pairs(a), pairs(b), high);
  }
  /// The lower or the upper halves of all of a and of b in turn, 64 bits each.
  static Vector alternate_64(Vector a, Vector b, bool high) {
    constexpr int half = bytes / 16;
    return high ? picked<LongWords>(a, b, [](int k) { return k / 2 + half + k % 2 * 2 * half; })
                : picked<LongWords>(a, b, [](int k) { return k / 2 + k % 2 * 2 * half; });
  }

  /// From the order in which people are kept to the order of bytes in which a kernel works, and back: four bytes v of
  /// quarter q are kept as four bytes q of the v-th part.
  static Vector to_lanes(Vector kept) {
    return picked<Words>(kept, kept, [](int k) { return k % 4 * quarters + k / 4; });
  }
  static Vector from_lanes(Vector lanes) {
    return picked<Words>(lanes, lanes, [](int k) { return k % quarters * 4 + k / quarters; });
  }

 protected:
  static constexpr int words = bytes / 4;
  static constexpr int quarters = bytes / 16;  ///< of 16 bytes

  /// Place k of the result is place from(k) of a followed by b.
  template <class Lanes, class From>
  static Vector picked(Vector a, Vector b, From) {
    return [&]<int... k>(std::integer_sequence<int, k...>) {
      return Vector(__builtin_shufflevector(Lanes(a), Lanes(b), From{}(k)...));
    }
    (std::make_integer_sequence<int, bytes / int{sizeof(Lanes{}[0])}>{});
  }

  template <class Lanes, int unit>
  static Vector interleaved(Vector a, Vector b, bool high) {
    constexpr int all = bytes / unit;
    constexpr int of_quarter = 16 / unit;
    return high
               ? picked<Lanes>(a, b,
                               [](int k) {
                                 return k / of_quarter * of_quarter + of_quarter / 2 + k % of_quarter / 2 + k % 2 * all;
                               })
               : picked<Lanes>(a, b,
                               [](int k) { return k / of_quarter * of_quarter + k % of_quarter / 2 + k % 2 * all; });
  }
};

/// Lanes that look up 16 places with one instruction, and say yes and no by bytes of ones or zeros.
template <class Instructions>
struct ShuffledLanes : Instructions {
  using typename Instructions::Bytes;
  using typename Instructions::SignedBytes;
  using typename Instructions::Vector;
  using Mask = Vector;
  static constexpr int registers_together = 2;
  static constexpr int counters_together = 2;  ///< what the registers can hold
  static constexpr auto& shapes = shuffled_shapes;

  /// Looks up places in strips of 16, or in longer ones by their sixteenths: a place outside of one finds zero there.
  template <int length>
  struct Places {
    static constexpr int parts = length / 16;
    Vector index[parts];
    explicit Places(Vector places) {
      if constexpr (parts == 1) {
        index[0] = places;
      } else {
        index[0] = Instructions::within_16(places);
        for (int q = 1; q < parts; ++q) {
          const Vector within = Vector(Bytes(places) - static_cast<std::uint8_t>(16 * q));
          // below the last of few parts, the difference has its highest bit set already
          index[q] = q + 1 == parts && parts <= 8 ? within : Instructions::within_16(within);
        }
      }
    }
    [[nodiscard]] Vector in(const std::uint8_t* strip) const {
      Vector found = Instructions::look_up(strip, index[0]);
      for (int q = 1; q < parts; ++q) found |= Instructions::look_up(strip + 16 * q, index[q]);
      return found;
    }
  };

  static Mask greater(Vector a, Vector b) { return Mask(SignedBytes(a) > SignedBytes(b)); }
  static Mask equal(Vector a, Vector b) { return Mask(Bytes(a) == Bytes(b)); }
  static Mask greater_where(Mask where, Vector a, Vector b) { return where & greater(a, b); }
  static Mask equal_where(Mask where, Vector a, Vector b) { return where & equal(a, b); }
  static Mask either(Mask a, Mask b) { return a | b; }
  static Mask either_where(Mask where, Mask a, Mask b) { return where & (a | b); }

  /// Writes first + k for every bit k that is set; returns how many there are.
  static int list(std::uint64_t bits, int first, std::uint16_t* to) {
    int count = 0;
    for (; bits != 0; bits &= bits - 1) to[count++] = static_cast<std::uint16_t>(first + __builtin_ctzll(bits));
    return count;
  }
};

}  // namespace
}  // namespace tenure::detail::kernel
