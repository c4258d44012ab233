#pragma once
// Two doubles side by side, for loops that every processor can run two at a time. Compilers find that out by themselves
// in some loops and not in others; here it is said. Each lane is rounded as a double by itself: the same bits with any
// compiler, in one register or in two.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tenure {

#if defined(__GNUC__)

/// Two doubles at once.
class TwoLanes {
 public:
  TwoLanes() = default;
  explicit TwoLanes(double both) : lane_{both, both} {}
  /// The two doubles from here on.
  [[nodiscard]] static TwoLanes at(const double* first) {
    Lanes lanes;
    std::memcpy(&lanes, first, sizeof lanes);
    return TwoLanes{lanes};
  }
  [[nodiscard]] double operator[](std::size_t lane) const { return lane_[lane]; }

  friend TwoLanes operator+(TwoLanes a, TwoLanes b) { return TwoLanes{a.lane_ + b.lane_}; }
  friend TwoLanes operator-(TwoLanes a, TwoLanes b) { return TwoLanes{a.lane_ - b.lane_}; }
  friend TwoLanes operator*(TwoLanes a, TwoLanes b) { return TwoLanes{a.lane_ * b.lane_}; }
  /// Where both are the same or one is not a number, the second.
  friend TwoLanes lesser(TwoLanes a, TwoLanes b) { return TwoLanes{a.lane_ < b.lane_ ? a.lane_ : b.lane_}; }
  friend TwoLanes greater(TwoLanes a, TwoLanes b) { return TwoLanes{a.lane_ > b.lane_ ? a.lane_ : b.lane_}; }
  /// `value` where `sign` is below zero, else 0.
  friend TwoLanes where_negative(TwoLanes sign, TwoLanes value) {
    return TwoLanes{reinterpret_cast<Lanes>((sign.lane_ < Lanes{}) & reinterpret_cast<Bits>(value.lane_))};
  }

 private:
  using Lanes = double __attribute__((vector_size(16)));
  using Bits = decltype(Lanes{} < Lanes{});
  explicit TwoLanes(Lanes lanes) : lane_{lanes} {}

  Lanes lane_{};
};

#else

/// Two doubles at once.
class TwoLanes {
 public:
  TwoLanes() = default;
  explicit TwoLanes(double both) : lane_{both, both} {}
  /// The two doubles from here on.
  [[nodiscard]] static TwoLanes at(const double* first) { return {first[0], first[1]}; }
  [[nodiscard]] double operator[](std::size_t lane) const { return lane_[lane]; }

  friend TwoLanes operator+(TwoLanes a, TwoLanes b) { return {a[0] + b[0], a[1] + b[1]}; }
  friend TwoLanes operator-(TwoLanes a, TwoLanes b) { return {a[0] - b[0], a[1] - b[1]}; }
  friend TwoLanes operator*(TwoLanes a, TwoLanes b) { return {a[0] * b[0], a[1] * b[1]}; }
  /// Where both are the same or one is not a number, the second.
  friend TwoLanes lesser(TwoLanes a, TwoLanes b) { return {a[0] < b[0] ? a[0] : b[0], a[1] < b[1] ? a[1] : b[1]}; }
  friend TwoLanes greater(TwoLanes a, TwoLanes b) { return {a[0] > b[0] ? a[0] : b[0], a[1] > b[1] ? a[1] : b[1]}; }
  /// `value` where `sign` is below zero, else 0.
  friend TwoLanes where_negative(TwoLanes sign, TwoLanes value) {
    return {sign[0] < 0 ? value[0] : 0.0, sign[1] < 0 ? value[1] : 0.0};
  }

 private:
  TwoLanes(double first, double second) : lane_{first, second} {}

  std::array<double, 2> lane_{};
};

#endif

}  // namespace tenure
