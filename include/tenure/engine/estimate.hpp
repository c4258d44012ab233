#pragma once
// A simulated figure never stands alone: beside it is how far chance may have moved it.

#include <optional>

namespace tenure {

/// A mean over independent lives or replicates.
struct Estimate {
  double mean = 0;
  std::optional<double> standard_error{};  ///< absent where fewer than two were simulated
};

/// A figure between two others that hold it with 95 % confidence.
struct Interval {
  double estimate = 0;
  double low = 0;
  double high = 0;
};

/// Half the width of a 95 % interval, in standard errors.
inline constexpr double standard_errors_of_95_percent = 1.959963984540054;

}  // namespace tenure
