#pragma once
// Channels: the names by which people arrive. Several [[arrivals]] of one name are one channel.

#include <algorithm>
#include <string>
#include <vector>

#include "tenure/model/model.hpp"

namespace tenure {

/// The names of the channels by which people arrive, in the order of their first mention.
[[nodiscard]] inline std::vector<std::string> channel_names(const Model& model) {
  std::vector<std::string> names;
  for (const Arrivals& arrivals : model.arrivals()) {
    if (std::find(names.begin(), names.end(), arrivals.name) == names.end()) names.push_back(arrivals.name);
  }
  return names;
}

}  // namespace tenure
