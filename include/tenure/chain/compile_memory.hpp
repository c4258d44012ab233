#pragma once
// What compiling a scenario finds out about time, kept for the next time with other numbers. Which periods are alike
// does not depend on the values of a model's probabilities, cash flows and rates, and takes long to find out. Draws of
// uncertain numbers compile one scenario thousands of times.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tenure {

/// Belongs to one model, one set of spend levels and one thread at a time; begin with an empty one.
struct CompileMemory {
  /// A timeline's: the place of each epoch's entry, and the epoch for which each entry is made.
  struct Course {
    std::vector<std::uint32_t> places{};
    std::vector<std::int64_t> first{};
  };
  std::vector<Course> courses{};  ///< in the order in which timelines are made
  std::size_t next_course = 0;
};

}  // namespace tenure
