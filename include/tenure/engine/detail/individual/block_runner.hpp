#pragma once
// Who lets a block of people live: the loops of block.hpp, which run anywhere, or, in the compiled library, a kernel
// for the registers that the processor has. All of them give the same bits.

#include <functional>
#include <utility>

#include "tenure/engine/detail/individual/block.hpp"
#include "tenure/engine/detail/individual/life_tables.hpp"
#include "tenure/engine/individual/instruction_set.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// Lets the people of a block live by some tables.
using BlockRunner = std::function<Block(const LifeTables&, StreamKey, Block)>;

/// The fastest way to let blocks of these tables live with the given instructions. The tables must outlive it, wherever
/// they are moved.
[[nodiscard]] BlockRunner block_runner(const LifeTables& tables, InstructionSet instructions);

#if !defined(TENURE_COMPILED)
[[nodiscard]] inline BlockRunner block_runner(const LifeTables&, InstructionSet) {
  return [](const LifeTables& tables, StreamKey key, Block block) { return live_block(tables, key, std::move(block)); };
}
#endif

}  // namespace tenure
