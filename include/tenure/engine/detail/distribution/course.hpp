#pragma once
// In which unit the lattice keeps money. Everything is counted in the money of the first entry, discounted, so that
// cash of a later period is a smaller number and steps of the lattice need no rescaling. Only where people also enter
// later, in whose own money the steps would grow as discounting goes on, the unit is halved whenever it has lost half
// its worth: a step is then at most one step in the money of whoever enters.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/quantity/elementary.hpp"

namespace tenure::detail {

class LatticeCourse {
 public:
  /// From the first entry to the end of the horizon, with entries until `last_entry`.
  LatticeCourse(double discount_factor, std::int64_t first, std::int64_t last_entry, std::int64_t end)
      : first_{first}, end_{end} {
    DoubleDouble scale{1};
    scale_.push_back(1);
    for (std::int64_t t = first + 1; t <= end; ++t) {
      scale = scale * DoubleDouble{discount_factor};
      int halvings = 0;
      if (t <= last_entry && scale.high < 1) {
        std::frexp(scale.high, &halvings);
        halvings = 1 - halvings;
        scale = {std::ldexp(scale.high, halvings), std::ldexp(scale.low, halvings)};
      }
      halvings_.push_back(halvings);
      scale_.push_back(scale.rounded());
    }
  }

  [[nodiscard]] std::int64_t first() const { return first_; }
  [[nodiscard]] std::int64_t end() const { return end_; }
  [[nodiscard]] std::int64_t periods() const { return end_ - first_; }
  /// What an amount at the start of period t counts in that period's unit; at least 1 while people enter, if d <= 1.
  [[nodiscard]] double scale(std::int64_t t) const { return scale_[static_cast<std::size_t>(t - first_)]; }
  /// How often the unit is halved from period t to period t + 1.
  [[nodiscard]] int halvings_after(std::int64_t t) const { return halvings_[static_cast<std::size_t>(t - first_)]; }

 private:
  std::int64_t first_;
  std::int64_t end_;
  std::vector<double> scale_{};
  std::vector<int> halvings_{};
};

}  // namespace tenure::detail
