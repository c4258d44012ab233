#pragma once
// How long a sojourn lasts, drawn whole: the probabilities of lasting more than 1, 2, 3 … periods as 64-bit thresholds
// that realise them exactly (sampler.hpp), and a guide by the highest byte of the draw that says where among them to
// look (Chen and Asau 1974). A small rank stays long, so that a sojourn that ends later for everybody ends later for
// each.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tenure/engine/detail/sampler.hpp"

namespace tenure::detail {

/// How long a sojourn lasts, as thresholds of 64 bits.
class SojournLaw {
 public:
  SojournLaw() = default;

  /// From the probabilities of lasting 1, 2, 3 … periods, and at the end that of lasting longer than all of these.
  explicit SojournLaw(std::span<const double> lasting) {
    more_.clear();
    const ApportionedRow row = apportioned(lasting);
    if (row.is_certain) {
      least_ = static_cast<std::int64_t>(row.largest) + 1;
    } else {
      std::uint64_t left = 0;  // 2^64
      for (std::size_t k = 0; k + 1 < lasting.size(); ++k) {
        left -= row.weights[k];
        if (left == 0 && more_.empty())
          ++least_;  // nobody has left yet
        else if (left == 0)
          break;  // everybody has
        else
          more_.push_back(left);
      }
    }
    more_.push_back(0);
    for (std::size_t byte = 0; byte < guide_.size(); ++byte) {
      const std::uint64_t highest = (std::uint64_t{byte} << 56) | (~std::uint64_t{0} >> 8);
      guide_[byte] = static_cast<std::uint32_t>(longer_than(highest) - more_.begin());
    }
  }

  /// Whole periods, from 1.
  [[nodiscard]] std::int64_t periods(std::uint64_t draws) const {
    constexpr std::size_t near = 8;
    std::size_t k = guide_[draws >> 56];
    k += draws < more_[k] ? 1U : 0U;  // where most draws are done, without a branch
    for (const std::size_t end = k + near; draws < more_[k]; ++k) {
      if (k == end) return least_ + static_cast<std::int64_t>(longer_than(draws) - more_.begin());
    }
    return least_ + static_cast<std::int64_t>(k);
  }

  [[nodiscard]] std::size_t bytes() const { return sizeof(*this) + more_.size() * sizeof(std::uint64_t); }

 private:
  /// The first threshold that a draw is not below.
  [[nodiscard]] std::vector<std::uint64_t>::const_iterator longer_than(std::uint64_t draws) const {
    return std::partition_point(more_.begin(), more_.end(), [&](std::uint64_t threshold) { return draws < threshold; });
  }

  std::int64_t least_ = 1;              ///< periods that everybody stays
  std::vector<std::uint64_t> more_{0};  ///< [k]: of 2^64, who stay longer than least + k periods; nobody at the end
  std::array<std::uint32_t, 256> guide_{};
};

}  // namespace tenure::detail
