// What the table says beside the machine: which compiler made these figures.

#include <string>

#include <benchmark/benchmark.h>

namespace {

[[nodiscard]] std::string compiler() {
#if defined(__clang__)
  return std::string{"clang "} + __clang_version__;
#elif defined(__GNUC__)
  return std::string{"gcc "} + __VERSION__;
#else
  return "another compiler";
#endif
}

// The context must be there before main, which is the library's.
const bool compiler_is_told = (benchmark::AddCustomContext("compiler", compiler()), true);

}  // namespace
