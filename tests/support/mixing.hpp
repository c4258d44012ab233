#pragma once
// Numbers for tests that look random and are the same on every machine: SplitMix64 (Steele, Lea and Flood 2014), a
// counter and a mixing of its bits. Distributions of the standard library differ between implementations.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tenure::test {

class Mixing {
 public:
  explicit Mixing(std::uint64_t seed) : state_{seed} {}

  [[nodiscard]] std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// In [0, 1), a multiple of 2^-53.
  [[nodiscard]] double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  [[nodiscard]] double between(double low, double high) { return low + (high - low) * unit(); }
  /// In 0 … count - 1; the bias of the remainder does not matter to tests.
  [[nodiscard]] std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
  [[nodiscard]] bool chance(double probability) { return unit() < probability; }

  /// Positive numbers that sum to 1, up to rounding.
  [[nodiscard]] std::vector<double> shares(std::size_t count) {
    std::vector<double> shares(count);
    double sum = 0;
    for (double& share : shares) sum += share = between(0.05, 1);
    for (double& share : shares) share /= sum;
    return shares;
  }

 private:
  std::uint64_t state_;
};

}  // namespace tenure::test
