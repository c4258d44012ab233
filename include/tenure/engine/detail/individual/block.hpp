#pragma once
// A block of people is the unit of work: 4,096 lives, whoever simulates them, in which order and on which processor.
// What a block gives is each person's units and how many people were in each state in each period; whole numbers all.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tenure/engine/arrival.hpp"
#include "tenure/engine/detail/individual/four_draws.hpp"
#include "tenure/engine/detail/individual/joiner.hpp"
#include "tenure/engine/detail/individual/life.hpp"
#include "tenure/engine/detail/individual/life_tables.hpp"
#include "tenure/engine/detail/individual/market_path.hpp"
#include "tenure/engine/detail/sampler.hpp"
#include "tenure/engine/stream.hpp"

namespace tenure::detail {

/// How many people a block has; the last one of a run may have fewer.
inline constexpr std::uint64_t people_of_block = 4096;

/// Where people enter: drawn for each of them by the entries' weights and, where the market moves arrivals, by what it
/// did.
struct ArrivalLottery {
  std::vector<Entry> entries{};
  ThresholdRow row{};
  double largest_factor = 1;             ///< of the market's on arrivals
  std::vector<double> money_per_unit{};  ///< by the period of entry, where amounts are in the units of tables
};

/// The lottery of some entries, by their weights.
[[nodiscard]] inline ArrivalLottery arrival_lottery(std::vector<Entry> entries) {
  ArrivalLottery lottery;
  CompensatedSum total;
  for (const Entry& entry : entries) total.add(entry.weight);
  std::vector<double> weights;
  for (const Entry& entry : entries) {
    weights.push_back(entry.weight / total.value());
    for (const double factor : entry.factor_in_regime)
      lottery.largest_factor = std::max(lottery.largest_factor, factor);
  }
  lottery.row = threshold_row(weights);
  lottery.entries = std::move(entries);
  return lottery;
}

[[nodiscard]] inline ArrivalLottery arrival_lottery(const LifeTables& tables, std::vector<Entry> entries) {
  ArrivalLottery lottery = arrival_lottery(std::move(entries));
  for (std::int64_t t = 0; t <= tables.periods; ++t) lottery.money_per_unit.push_back(money_per_unit(tables, t));
  return lottery;
}

/// Where a person enters: entries are drawn by weight and, in a market, kept as often as it lets people in.
[[nodiscard]] inline const Entry& entry_of(const ArrivalLottery& lottery, StreamKey key, std::uint64_t person,
                                           std::uint32_t replicate, const MarketPath* market = nullptr) {
  constexpr std::uint32_t most_tries = 1 << 20;
  if (lottery.row.thresholds.empty()) return lottery.entries[lottery.row.entries[0]];
  for (std::uint32_t tries = 0;; ++tries) {
    const RandomBlock draws = random_block(key, {person, replicate, Purpose::arrival, tries});
    const Entry& entry = lottery.entries[chosen_entry(lottery.row, first_64_bits(draws))];
    if (market == nullptr || (lottery.largest_factor == 1 && entry.factor_in_regime.empty())) return entry;
    const double factor =
        entry.factor_in_regime.empty() ? 1 : entry.factor_in_regime[(*market)[static_cast<std::size_t>(entry.period)]];
    if (unit_interval(last_64_bits(draws)) * lottery.largest_factor < factor || tries == most_tries) return entry;
  }
}

/// The people of one block: how they begin and, once they have lived, what came of them.
struct Block {
  std::uint64_t first_person = 0;
  std::uint32_t replicate = 0;
  std::vector<Joiners> joiners{};          ///< in the order of their chunks
  std::vector<double> money_per_unit{};    ///< by person: of the start of the period in which they enter
  std::vector<std::int64_t> units{};       ///< by person: earned, discounted to the tables' first period
  std::vector<std::uint64_t> people_in{};  ///< [t · states + s], t = 0 … periods; empty where nobody counts
  std::vector<double> values{};            ///< by person, in money: instead of units, where people live by sojourns
};

/// Counts people by state and period, where a block counts them at all.
struct CountPeople {
  Block& block;
  std::size_t states;
  void operator()(std::uint32_t s, std::int64_t t) const {
    if (!block.people_in.empty()) ++block.people_in[static_cast<std::size_t>(t) * states + s];
  }
};

/// A block at its beginning. Those who enter within eight periods whose numbers are drawn together live up to the end
/// of these here, one by one; live_block goes on from there. `reused` is a block that nobody needs any more: its memory
/// is.
[[nodiscard]] inline Block begin_block(const LifeTables& tables, const ArrivalLottery& lottery, StreamKey key,
                                       std::uint64_t first_person, std::uint32_t people, bool count_people,
                                       Block reused = {}) {
  Block block = std::move(reused);
  block.first_person = first_person;
  block.joiners.clear();
  block.money_per_unit.resize(people);
  block.units.assign(people, 0);
  block.people_in.assign(count_people ? static_cast<std::size_t>(tables.periods + 1) * tables.states() : 0, 0);
  const auto joins_at_once = [&](const Entry& entry) { return entry.period % 8 == 0 && entry.period < tables.periods; };
  if (lottery.row.thresholds.empty() && joins_at_once(lottery.entries[lottery.row.entries[0]])) {
    const Entry& entry = lottery.entries[lottery.row.entries[0]];
    std::fill(block.money_per_unit.begin(), block.money_per_unit.end(),
              lottery.money_per_unit[static_cast<std::size_t>(entry.period)]);
    block.joiners.push_back(
        {static_cast<std::uint32_t>(entry.period / 8), 0, people, tables.arrival_state[entry.state], 0});
    return block;
  }
  for (std::uint32_t k = 0; k < people; ++k) {
    const Entry& entry = entry_of(lottery, key, first_person + k, block.replicate);
    block.money_per_unit[k] = lottery.money_per_unit[static_cast<std::size_t>(entry.period)];
    Life life{tables.arrival_state[entry.state], entry.period, 0};
    if (!joins_at_once(entry)) {
      Draws draws = draws_of_transitions(key, first_person + k, block.replicate);
      const std::int64_t until = std::min((life.period / 8 + 1) * 8, tables.periods);
      live_until(tables, draws, life, until, CountPeople{block, tables.states()});
      if (until == tables.periods) {
        block.units[k] = life.units;
        CountPeople{block, tables.states()}(life.state, until);
        continue;
      }
    }
    block.joiners.push_back({static_cast<std::uint32_t>(life.period / 8), k, 1, life.state, life.units});
  }
  std::stable_sort(block.joiners.begin(), block.joiners.end(),
                   [](const Joiners& a, const Joiners& b) { return a.chunk < b.chunk; });
  return block;
}

/// Someone in a block who is not gone.
struct Walker {
  std::uint32_t person = 0;
  std::uint32_t state = 0;
  std::int64_t units = 0;
};

/// Eight periods whose numbers are drawn together, with what is looked up in each of them.
struct Chunk {
  std::int64_t begin = 0;
  int periods = 0;
  std::array<const CutColumn*, 8> cut_rows{};  ///< null where rows differ in length
  std::array<const std::int64_t*, 8> amounts{};
};

[[nodiscard]] inline Chunk chunk_from(const LifeTables& tables, std::int64_t begin) {
  Chunk chunk{begin, static_cast<int>(std::min<std::int64_t>(8, tables.periods - begin)), {}, {}};
  for (std::size_t h = 0; h < static_cast<std::size_t>(chunk.periods); ++h) {
    const std::uint32_t rows = tables.rows_of_period[static_cast<std::size_t>(begin) + h];
    chunk.cut_rows[h] = tables.cut_rows.empty() ? nullptr : tables.cut_rows[rows].data();
    chunk.amounts[h] = tables.amounts(begin + static_cast<std::int64_t>(h));
  }
  return chunk;
}

/// How many people live through a chunk at once: one's look-ups fill the others' waiting.
inline constexpr std::size_t people_together = 4;

/// Lets four people live through a chunk. The first `people` of them count; the others are there to fill their number.
/// `row_bits` is the column bits of all rows, or 0 where they differ.
template <int row_bits, bool counting>
inline void walk(const LifeTables& tables, StreamKey key, Block& block, std::array<Walker, people_together>& walkers,
                 std::size_t people, const Chunk& chunk) {
  std::array<std::uint32_t, people_together> persons;
  for (std::size_t j = 0; j < people_together; ++j)
    persons[j] = static_cast<std::uint32_t>(block.first_person + walkers[j].person);
  const FourDraws words = four_random_blocks(
      key, {block.first_person, block.replicate, Purpose::transition, static_cast<std::uint32_t>(chunk.begin / 8)},
      persons);
  const auto by_whole_row = [&](const Walker& walker, std::int64_t t) {
    Draws draws = draws_of_transitions(key, block.first_person + walker.person, block.replicate);
    return next_state(tables, walker.state, t, draws);
  };
  for (std::size_t h = 0; h < static_cast<std::size_t>(chunk.periods); ++h) {
    const std::int64_t t = chunk.begin + static_cast<std::int64_t>(h);
    if constexpr (counting) {
      std::uint64_t* people_in = block.people_in.data() + static_cast<std::size_t>(t) * tables.states();
      for (std::size_t j = 0; j < people; ++j) ++people_in[walkers[j].state];
    }
#if defined(__GNUC__)
#pragma GCC unroll 4
#endif
    for (std::size_t j = 0; j < people_together; ++j) {
      Walker& walker = walkers[j];
      walker.units += chunk.amounts[h][walker.state];
      if constexpr (row_bits == 0) {
        walker.state = by_whole_row(walker, t);
      } else {
        const std::uint32_t sixteen = sixteen_of(words[j], h);
        const CutColumn column = chunk.cut_rows[h][(walker.state << row_bits) | ((sixteen & 0xFF) >> (8 - row_bits))];
        const std::uint32_t part = sixteen & (0xFF00U | (0xFFU >> row_bits));
        if (part == column.decisive) {
          walker.state = by_whole_row(walker, t);
        } else {  // a shift, not a branch, which nobody could predict
          walker.state = (column.entries >> (16 * static_cast<std::uint32_t>(part > column.decisive))) & 0xFFFF;
        }
      }
    }
  }
}

/// Adds those who are gone to the people of each period, and the block's next joiners to those who are not.
inline void begin_chunk(const LifeTables& tables, const Chunk& chunk, const std::vector<std::uint64_t>& absorbed,
                        std::size_t& joined, Block& block, std::vector<Walker>& walkers) {
  for (; joined < block.joiners.size() && std::int64_t{8} * block.joiners[joined].chunk == chunk.begin; ++joined) {
    const Joiners& joiners = block.joiners[joined];
    for (std::uint32_t k = 0; k < joiners.people; ++k)
      walkers.push_back({joiners.first_person + k, joiners.state, joiners.units});
  }
  if (block.people_in.empty()) return;
  for (int h = 0; h < chunk.periods; ++h) {
    std::uint64_t* people = block.people_in.data() + static_cast<std::size_t>(chunk.begin + h) * tables.states();
    for (std::size_t s = tables.first_absorbed; s < tables.states(); ++s) people[s] += absorbed[s];
  }
}

template <int row_bits, bool counting>
[[nodiscard]] inline Block live_block(const LifeTables& tables, StreamKey key, Block block) {
  std::vector<Walker> walkers;
  std::vector<std::uint64_t> absorbed(tables.states());
  std::size_t joined = 0;
  for (std::int64_t begin = 0; begin < tables.periods; begin += 8) {
    const Chunk chunk = chunk_from(tables, begin);
    begin_chunk(tables, chunk, absorbed, joined, block, walkers);
    std::size_t staying = 0;
    for (std::size_t first = 0; first < walkers.size(); first += people_together) {
      const std::size_t people = std::min(people_together, walkers.size() - first);
      std::array<Walker, people_together> together;
      for (std::size_t j = 0; j < people_together; ++j) together[j] = walkers[first + std::min(j, people - 1)];
      walk<row_bits, counting>(tables, key, block, together, people, chunk);
      for (std::size_t j = 0; j < people; ++j) {
        const Walker& after = together[j];
        walkers[staying] = after;
        if (after.state < tables.first_absorbed) {
          ++staying;
        } else {
          block.units[after.person] = after.units;
          ++absorbed[after.state];
        }
      }
    }
    walkers.resize(staying);
  }
  const CountPeople count{block, tables.states()};
  for (const Walker& walker : walkers) {
    block.units[walker.person] = walker.units + tables.amounts(tables.periods)[walker.state];
    if constexpr (counting) count(walker.state, tables.periods);
  }
  if constexpr (counting) {
    for (std::size_t s = 0; s < absorbed.size(); ++s)
      block.people_in[static_cast<std::size_t>(tables.periods) * tables.states() + s] += absorbed[s];
  }
  return block;
}

template <int row_bits>
[[nodiscard]] inline Block live_block(const LifeTables& tables, StreamKey key, Block block) {
  return block.people_in.empty() ? live_block<row_bits, false>(tables, key, std::move(block))
                                 : live_block<row_bits, true>(tables, key, std::move(block));
}

/// Lets a block's people live to the end of the horizon, on any processor.
[[nodiscard]] inline Block live_block(const LifeTables& tables, StreamKey key, Block block) {
  switch (tables.cut_rows.empty() ? 0 : tables.row_bits) {
    case 2:
      return live_block<2>(tables, key, std::move(block));
    case 3:
      return live_block<3>(tables, key, std::move(block));
    case 4:
      return live_block<4>(tables, key, std::move(block));
    default:
      return live_block<0>(tables, key, std::move(block));
  }
}

}  // namespace tenure::detail
