#pragma once
// The same people in several chains, as scenarios of one model are: what their luck decides is the same in all of them
// as long as it must be, so they live once, in the first chain, and only those whose luck might lead elsewhere in
// another live there by themselves, from then on. A block gets the bits that it would get alone.

#include <cstdint>
#include <memory>
#include <vector>

#include "kernel/kernels.hpp"

namespace tenure::kernel {

class Together {
 public:
  /// The tables must outlive it. Chains that cannot follow the first one live by themselves.
  Together(std::vector<const LifeTables*> tables, InstructionSet instructions);

  /// Blocks of the same people, one for each chain, in their order.
  [[nodiscard]] std::vector<Block> live(StreamKey key, std::vector<Block> blocks) const;

 private:
  /// What does not change from block to block of a chain that follows the first one.
  struct Following {
    std::size_t chain = 0;
    bool earns_alike = false;
    std::vector<std::uint8_t> bounds{};
    std::vector<std::uint32_t> bounds_of_period{};
  };
  [[nodiscard]] Following following(std::size_t chain) const;

  std::vector<const LifeTables*> tables_;
  std::vector<std::shared_ptr<const KernelTables>> kernels_{};
  std::vector<Following> following_{};
  std::vector<std::size_t> by_themselves_{};  ///< without the first
};

}  // namespace tenure::kernel
