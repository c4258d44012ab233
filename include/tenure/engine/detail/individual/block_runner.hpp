#pragma once
// Who lets a block of people live: the loops of block.hpp, which run anywhere, or, in the compiled library, a kernel
// for the registers that the processor has; and who lets the same people live in several chains: each block by itself
// or, in the compiled library, all at once where their draws decide the same. All of them give the same bits.

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "tenure/engine/detail/individual/block.hpp"
#include "tenure/engine/detail/individual/life_tables.hpp"
#include "tenure/engine/individual/instruction_set.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure::detail {

/// Lets the people of a block live by some tables.
using BlockRunner = std::function<Block(const LifeTables&, StreamKey, Block)>;

/// The fastest way to let blocks of these tables live with the given instructions. The tables must outlive it, wherever
/// they are moved.
[[nodiscard]] BlockRunner block_runner(const LifeTables& tables, InstructionSet instructions);

#if !defined(TENURE_COMPILED)
[[nodiscard]] TENURE_INLINE BlockRunner block_runner(const LifeTables&, InstructionSet) {
  return [](const LifeTables& tables, StreamKey key, Block block) { return live_block(tables, key, std::move(block)); };
}
#endif

/// Takes blocks of the same people, one for each chain, at their beginning, and gives them back lived.
using BlocksRunner = std::function<std::vector<Block>(StreamKey, std::vector<Block>)>;

/// The fastest way to let the same people live in all of these tables' chains; neighbours that are much alike take
/// least. The tables must outlive it and stay where they are.
[[nodiscard]] BlocksRunner blocks_runner(std::vector<const LifeTables*> tables, InstructionSet instructions);

#if !defined(TENURE_COMPILED)
[[nodiscard]] TENURE_INLINE BlocksRunner blocks_runner(std::vector<const LifeTables*> tables, InstructionSet) {
  return [tables = std::move(tables)](StreamKey key, std::vector<Block> blocks) {
    for (std::size_t k = 0; k < blocks.size(); ++k) blocks[k] = live_block(*tables[k], key, std::move(blocks[k]));
    return blocks;
  };
}
#endif

}  // namespace tenure::detail
