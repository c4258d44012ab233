#pragma once
// People of a block who take part from the start of period 8 · chunk on. This header has no code: kernels that are
// compiled for other processors read it too.

#include <cstdint>

namespace tenure::detail {

/// `people` of them, one after the other, alike in all but their draws.
struct Joiners {
  std::uint32_t chunk = 0;
  std::uint32_t first_person = 0;  ///< within the block
  std::uint32_t people = 0;
  std::uint32_t state = 0;
  std::int64_t units = 0;  ///< earned before, each
};

}  // namespace tenure::detail
