#pragma once
// What a comparison says, in a few plain sentences.

#include <cstddef>
#include <string>
#include <vector>

#include "tenure/decide/compare.hpp"

namespace tenure::display {

/// The scenarios with the highest customer equity: one, or several where they differ by rounding only.
[[nodiscard]] std::vector<std::size_t> best_scenarios(const Comparison& comparison);

/// Which scenario is best, by how much over the reference, for what additional investment, at which return, and when it
/// pays back.
[[nodiscard]] std::string verdict(const Comparison& comparison);

}  // namespace tenure::display
