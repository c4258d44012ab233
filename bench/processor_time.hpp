#pragma once
// Time of the processor and not of the clock, for work that is measured in turns on a machine where others work too.

#include <ctime>

namespace tenure::measured {

[[nodiscard]] inline double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

template <class Work>
[[nodiscard]] double seconds_of(Work&& work) {
  const double before = processor_seconds();
  work();
  return processor_seconds() - before;
}

}  // namespace tenure::measured
