#pragma once
// The same people in several chains, as scenarios of one model are: what their draws decide is the same in all of them
// as long as it must be. So chains go in pairs: people live in the first of a pair, and only those whose draws might
// lead elsewhere in the second live there by themselves, from then on. A block gets the bits that it would get alone.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "kernel/kernels.hpp"

namespace tenure::detail::kernel {

class Together {
 public:
  /// The tables must outlive it. Chains that have other states than their neighbour live by themselves.
  Together(std::vector<const LifeTables*> tables, InstructionSet instructions);

  /// Blocks of the same people, one for each chain, in their order.
  [[nodiscard]] std::vector<Block> live(StreamKey key, std::vector<Block> blocks) const;

 private:
  /// What does not change from block to block of a chain whose people are followed from the one before it.
  struct Following {
    bool earns_alike = false;
    std::vector<std::uint8_t> bounds{};
    std::vector<std::uint32_t> bounds_of_period{};
  };
  [[nodiscard]] Following following(std::size_t chain) const;
  void live_alone(std::size_t chain, StreamKey key, std::vector<Block>& blocks) const;
  void live_in_pair(std::size_t first, StreamKey key, std::vector<Block>& blocks) const;

  std::vector<const LifeTables*> tables_;
  std::vector<std::shared_ptr<const KernelTables>> kernels_{};  ///< by chain; null where no kernel can hold it
  std::vector<std::optional<Following>> following_{};           ///< by chain; absent for the first of a pair
};

}  // namespace tenure::detail::kernel
