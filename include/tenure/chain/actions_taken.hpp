#pragma once
// Which actions are taken, for the chain in which they are taken in every period.

#include <cstddef>
#include <optional>
#include <vector>

namespace tenure {

/// Which of the model's actions is taken, segment by segment and in each state by state; none: nothing is done. Empty:
/// nothing is done anywhere.
using ActionsTaken = std::vector<std::optional<std::size_t>>;

}  // namespace tenure
