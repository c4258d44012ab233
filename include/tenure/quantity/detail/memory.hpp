#pragma once
// What would need more memory than one result may take (limits::bytes_of_work) is refused before it is begun.

#include <string_view>

#include "tenure/quantity/compiled.hpp"

namespace tenure::detail {

/// Throws LimitError: "<what> would need 5.2 GB", with `path` and `hint`, where that is more than is allowed.
void refuse_beyond_memory(double bytes, std::string_view what, std::string_view path, std::string_view hint);

}  // namespace tenure::detail

#if !defined(TENURE_COMPILED)
#include "tenure/quantity/detail/memory-inl.hpp"
#endif
