#include "kernel/together.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <utility>

#include "tenure/engine/detail/individual/block_runner.hpp"

namespace tenure::detail::kernel {

namespace {

/// Whether people may be followed from one chain to the other: whether these have the same states, in the same order.
bool can_follow(const LifeTables& first, const LifeTables& other) {
  return other.periods == first.periods && other.first_period == first.first_period &&
         other.row_bits == first.row_bits && other.first_absorbed == first.first_absorbed &&
         other.origin == first.origin && other.arrival_state == first.arrival_state;
}

/// Between which draws, of the parts of a column, two columns may lead elsewhere; none where least > greatest.
struct Bounds {
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t greatest = 0;

  void include(std::uint64_t from, std::uint64_t until, std::uint32_t one, std::uint32_t other) {
    if (from >= until || one == other) return;
    least = std::min(least, from);
    greatest = std::max(greatest, until - 1);
  }
};

Bounds bounds_of(const AliasColumn& one, const AliasColumn& other, int column_bits) {
  const std::uint64_t lower = std::min(one.threshold, other.threshold);
  const std::uint64_t upper = std::max(one.threshold, other.threshold);
  Bounds bounds;
  bounds.include(0, lower, one.entry[0], other.entry[0]);
  bounds.include(lower, upper, one.entry[one.threshold > lower ? 0 : 1], other.entry[other.threshold > lower ? 0 : 1]);
  bounds.include(upper, std::uint64_t{1} << (64 - column_bits), one.entry[1], other.entry[1]);
  return bounds;
}

/// Two strips: the least and the greatest high byte of a draw that may lead elsewhere, by place. Whether any may.
bool write_bounds(const AliasRows& one, const AliasRows& other, std::span<const std::size_t> state_of_row,
                  const LifeKernelTables& kernel, std::uint8_t* to) {
  constexpr std::uint8_t signed_most = 0x7F;
  constexpr std::uint8_t signed_least = 0x80;
  std::fill(to, to + kernel.row_places, signed_most);
  std::fill(to + kernel.row_places, to + 2 * kernel.row_places, signed_least);
  bool any = false;
  for (std::size_t c = 0; c < std::size_t{1} << kernel.column_bits; ++c) {
    for (std::size_t r = 0; r < state_of_row.size(); ++r) {
      const std::size_t s = state_of_row[r];
      const Bounds bounds =
          bounds_of(one.column[one.first[s] + c], other.column[other.first[s] + c], kernel.column_bits);
      if (bounds.least > bounds.greatest) continue;
      const std::size_t place = c * kernel.row_states + r;
      const int below_high_byte = 56 - kernel.column_bits;
      to[place] = static_cast<std::uint8_t>((bounds.least >> below_high_byte) ^ 0x80);
      to[kernel.row_places + place] = static_cast<std::uint8_t>((bounds.greatest >> below_high_byte) ^ 0x80);
      any = true;
    }
  }
  return any;
}

/// Room for what a kernel notes of one follower in one block. Those who part are many bytes and mostly few people, so
/// their room is left as it comes.
struct FollowerNotes {
  std::vector<std::uint32_t> lower{};
  std::vector<std::uint32_t> upper{};
  std::vector<std::uint8_t> has_parted{};
  std::unique_ptr<std::byte[]> room;

  explicit FollowerNotes(bool earns_alike)
      : has_parted(tenure::detail::people_of_block),
        room{std::make_unique_for_overwrite<std::byte[]>(tenure::detail::people_of_block * sizeof(Joiners))} {
    if (earns_alike) return;
    lower.resize(std::size_t{most_places});
    upper.resize(std::size_t{most_places});
  }
  [[nodiscard]] Joiners* parted() { return reinterpret_cast<Joiners*>(room.get()); }
};

}  // namespace

Together::Together(std::vector<const LifeTables*> tables, InstructionSet instructions) : tables_{std::move(tables)} {
  for (const LifeTables* of_chain : tables_) {
    const bool by_kernel = instructions != InstructionSet::portable && KernelTables::can_hold(*of_chain);
    kernels_.push_back(by_kernel ? std::make_shared<const KernelTables>(*of_chain, instructions) : nullptr);
  }
  following_.resize(tables_.size());
  for (std::size_t k = 1; k < tables_.size(); ++k) {
    const bool has_first = !following_[k - 1] && kernels_[k - 1] && kernels_[k];
    if (has_first && can_follow(*tables_[k - 1], *tables_[k])) following_[k] = following(k);
  }
}

Together::Following Together::following(std::size_t chain) const {
  const LifeTables& first = *tables_[chain - 1];
  const LifeTables& other = *tables_[chain];
  const LifeKernelTables& kernel = kernels_[chain - 1]->tables();
  Following result{first.unit_exponent == other.unit_exponent && first.amount == other.amount, {}, {}};
  const std::vector<std::size_t> state_of_row = first_state_of_rows(first);
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> known;
  for (std::size_t t = 0; t < static_cast<std::size_t>(first.periods); ++t) {
    const std::pair rows{first.rows_of_period[t], other.rows_of_period[t]};
    const auto [found, is_new] = known.try_emplace(rows, no_bounds);
    if (is_new) {
      std::vector<std::uint8_t> strips(2 * kernel.row_places);
      if (write_bounds(first.rows[rows.first], other.rows[rows.second], state_of_row, kernel, strips.data())) {
        found->second = static_cast<std::uint32_t>(result.bounds.size() / strips.size());
        result.bounds.insert(result.bounds.end(), strips.begin(), strips.end());
      }
    }
    result.bounds_of_period.push_back(found->second);
  }
  return result;
}

void Together::live_alone(std::size_t chain, StreamKey key, std::vector<Block>& blocks) const {
  Block& block = blocks[chain];
  block = kernels_[chain] ? live_block(*kernels_[chain], *tables_[chain], key, std::move(block))
                          : tenure::detail::live_block(*tables_[chain], key, std::move(block));
}

void Together::live_in_pair(std::size_t first, StreamKey key, std::vector<Block>& blocks) const {
  const std::size_t second = first + 1;
  const Following& following = *following_[second];
  Block& block = blocks[second];
  FollowerNotes notes{following.earns_alike};
  Follower follower{&kernels_[second]->tables(),
                    following.earns_alike,
                    following.bounds.data(),
                    following.bounds_of_period.data(),
                    block.joiners.data(),
                    block.units.data(),
                    notes.lower.data(),
                    notes.upper.data(),
                    notes.has_parted.data(),
                    notes.parted(),
                    0};
  blocks[first] = live_block(*kernels_[first], *tables_[first], key, std::move(blocks[first]), &follower);
  block.joiners.assign(notes.parted(), notes.parted() + follower.parted_count);
  live_alone(second, key, blocks);
}

std::vector<Block> Together::live(StreamKey key, std::vector<Block> blocks) const {
  const auto counts = [](const Block& block) { return !block.people_in.empty(); };
  for (std::size_t k = 0; k < blocks.size(); ++k) {
    const bool in_pair = k + 1 < blocks.size() && following_[k + 1] && !counts(blocks[k]) && !counts(blocks[k + 1]);
    if (in_pair)
      live_in_pair(k++, key, blocks);
    else
      live_alone(k, key, blocks);
  }
  return blocks;
}

}  // namespace tenure::detail::kernel

namespace tenure::detail {

BlocksRunner blocks_runner(std::vector<const LifeTables*> tables, InstructionSet instructions) {
  return [together = std::make_shared<const kernel::Together>(std::move(tables), instructions)](
             StreamKey key, std::vector<Block> blocks) { return together->live(key, std::move(blocks)); };
}

}  // namespace tenure::detail
