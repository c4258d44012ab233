#pragma once
// Which vector kernel lives a block: asked once, of the processor, unless somebody asks for one by name.

#include <cstdint>
#include <memory>
#include <vector>

#include "kernel/life_kernel_tables.hpp"
#include "tenure/engine/detail/individual/block.hpp"
#include "tenure/engine/individual/instruction_set.hpp"

namespace tenure::detail::kernel {

/// Of each row, the first state that has it: states that differ only in the money of entering them share one.
[[nodiscard]] std::vector<std::size_t> first_state_of_rows(const LifeTables& tables);

/// The tables of one chain in the form of one kernel, kept together with what they point to.
class KernelTables {
 public:
  /// Whether a kernel can hold the chain: up to 63 states of 4 transitions, 31 of 8 or 15 of 16, up to 63 different
  /// states with the money of entering them, and 4,000 periods.
  [[nodiscard]] static bool can_hold(const LifeTables& tables);
  KernelTables(const LifeTables& tables, InstructionSet instructions);
  [[nodiscard]] const LifeKernelTables& tables() const { return tables_; }
  [[nodiscard]] InstructionSet instructions() const { return instructions_; }

 private:
  InstructionSet instructions_;
  LifeKernelTables tables_{};
  std::vector<std::uint8_t> bytes_{};
  std::vector<std::int64_t> least_before_{};
};

/// Lives a block with the kernel for which the tables were made, and notes what becomes of its people in a follower's
/// chain.
[[nodiscard]] Block live_block(const KernelTables& kernel, const LifeTables& tables, StreamKey key, Block block,
                               Follower* follower = nullptr);

}  // namespace tenure::detail::kernel
