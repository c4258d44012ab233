#pragma once
// What number a text was meant to be that is none as it stands: "3,000,000", "3M", "5%", "1.000,5", "$20". For hints
// only; nothing is ever computed with it.

#include <optional>
#include <string>
#include <string_view>

#include "tenure/quantity/compiled.hpp"

namespace tenure {

namespace detail {

/// The whole of a text as a number; nothing if it is none, or not finite.
[[nodiscard]] std::optional<double> whole_number_text(std::string_view text);

}  // namespace detail

/// Written as a model file and an option take it.
[[nodiscard]] std::optional<std::string> number_meant(std::string_view text);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/model/number_meant-inl.hpp"
#endif
