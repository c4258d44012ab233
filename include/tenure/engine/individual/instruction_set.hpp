#pragma once
// The processor instructions that a simulation runs on. They change how long it takes, and not one bit of its result.

#include <array>
#include <cstdint>
#include <string_view>

#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// From what any processor has to the widest registers of x86, and those of ARM.
enum class InstructionSet : std::uint8_t { portable, sse4, avx2, avx512, neon };

/// The names of these instruction sets, in their order.
inline constexpr std::array<std::string_view, 5> instruction_set_names{"portable", "sse4", "avx2", "avx512", "neon"};

/// The widest of them that this processor has and this build can use. Without the compiled library it is `portable`.
[[nodiscard]] InstructionSet widest_instruction_set();

/// Whether this processor has it and this build can use it.
[[nodiscard]] inline bool is_available(InstructionSet instructions) {
  const InstructionSet widest = widest_instruction_set();
  return instructions == InstructionSet::portable || instructions == widest ||
         (instructions < widest && widest != InstructionSet::neon);
}

#if !defined(TENURE_COMPILED)
[[nodiscard]] TENURE_INLINE InstructionSet widest_instruction_set() { return InstructionSet::portable; }
#endif

}  // namespace tenure
