#pragma once
// The body of tenure/quantity/detail/memory.hpp.

#include <cmath>
#include <string>
#include <string_view>

#include "tenure/quantity/detail/memory.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

TENURE_INLINE void refuse_beyond_memory(double bytes, std::string_view what, std::string_view path,
                                        std::string_view hint) {
  if (bytes <= static_cast<double>(limits::bytes_of_work)) return;
  const double tenths = std::round(bytes / 1e8);
  const std::string gigabytes = tenths < 1e15 ? std::to_string(static_cast<long long>(tenths) / 10) + "." +
                                                    std::to_string(static_cast<long long>(tenths) % 10)
                                              : "more than 10^14";
  throw LimitError{
      {{"memory", std::string{path}, std::string{what} + " would need " + gigabytes + " GB", std::string{hint}, {}}}};
}

}  // namespace tenure::detail
