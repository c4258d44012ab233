#pragma once
// Lets one test build with Catch2 2 and 3. Write, in either: Approx(x), Catch::Matchers::ContainsSubstring(text),
// Catch::Matchers::Message(text), Catch::Matchers::WithinAbs(x, margin), Catch::Matchers::WithinRel(x, share).
#if __has_include(<catch2/catch_all.hpp>)

#include <catch2/catch_all.hpp>
using Catch::Approx;  // 2 has it here already

#else

#include <catch2/catch.hpp>

namespace Catch {
using Detail::Approx;
namespace Matchers {
[[nodiscard]] inline auto ContainsSubstring(const std::string& text) { return Contains(text); }
}  // namespace Matchers
}  // namespace Catch

#endif
