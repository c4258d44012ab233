#pragma once
// People of another kind: a share of every arrival, with some numbers of their own.

#include <optional>
#include <string>
#include <vector>

#include "tenure/model/transition.hpp"
#include "tenure/quantity/number.hpp"

namespace tenure {

/// Replaces the probability and/or cash flow of a listed transition.
struct SegmentTransition {
  std::string from;
  std::string to;
  std::optional<Probability> probability{};
  std::optional<Number> cash_flow{};
  bool operator==(const SegmentTransition&) const = default;
};

/// Replaces the cash flow of a state.
struct SegmentState {
  std::string name;
  std::optional<Number> cash_flow{};
  bool operator==(const SegmentState&) const = default;
};

/// People with numbers of their own.
struct Segment {
  std::string name;
  double share = 0;  ///< of every arrival without a mix of its own; the shares sum to 1
  std::vector<SegmentTransition> transitions{};
  std::vector<SegmentState> states{};
  bool operator==(const Segment&) const = default;
};

}  // namespace tenure
