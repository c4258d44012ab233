#pragma once
// How likely each scenario is the best as something is changed that is not a matter of fact: how far one looks ahead,
// which return one asks for, how much is spent (an acceptability curve; Fenwick, Claxton and Sculpher 2001).

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tenure {

/// What the best choice is shown for.
enum class AcceptabilityAxis : std::uint8_t { horizon, hurdle_rate, budget };

/// The names of these axes, in their order.
inline constexpr std::array<std::string_view, 3> acceptability_axis_names{"horizon", "hurdle_rate", "budget"};

/// Points: periods looked ahead, an effective annual discount rate, or the multiple of every scenario's spend.
struct Acceptability {
  AcceptabilityAxis axis = AcceptabilityAxis::horizon;
  std::vector<double> points{};
  std::vector<std::vector<double>> probability_best{};  ///< by scenario and point
};

}  // namespace tenure
