#pragma once
// Who lets the same people live in several chains: each block by itself or, in the compiled library, all at once where
// their draws decide the same. All ways give the same bits.

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "tenure/engine/detail/individual/block.hpp"
#include "tenure/engine/detail/individual/life_tables.hpp"
#include "tenure/engine/individual/instruction_set.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// Takes blocks of the same people, one for each chain, at their beginning, and gives them back lived.
using BlocksRunner = std::function<std::vector<Block>(StreamKey, std::vector<Block>)>;

/// The fastest way to let the same people live in all of these tables' chains; neighbours that are much alike take
/// least. The tables must outlive it and stay where they are.
[[nodiscard]] BlocksRunner blocks_runner(std::vector<const LifeTables*> tables, InstructionSet instructions);

#if !defined(TENURE_COMPILED)
[[nodiscard]] inline BlocksRunner blocks_runner(std::vector<const LifeTables*> tables, InstructionSet) {
  return [tables = std::move(tables)](StreamKey key, std::vector<Block> blocks) {
    for (std::size_t k = 0; k < blocks.size(); ++k) blocks[k] = live_block(*tables[k], key, std::move(blocks[k]));
    return blocks;
  };
}
#endif

}  // namespace tenure
