#pragma once
// Many blocks, divided among threads. Threads share one counter of blocks and nothing else; what each has seen merges
// exactly, so that neither their number nor their pace can be told from the result.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "tenure/engine/individual/block.hpp"
#include "tenure/engine/individual/blocks_runner.hpp"
#include "tenure/engine/individual/family.hpp"
#include "tenure/engine/individual/horizon.hpp"
#include "tenure/engine/individual/life_tables.hpp"
#include "tenure/engine/individual/result.hpp"
#include "tenure/engine/individual/stay_block.hpp"

namespace tenure::detail {

/// Everything that a thread needs of one chain, read-only.
struct Population {
  LifeTables tables{};
  EntryLottery lottery{};
  StreamKey key{};
  FamilyTables families{};
  bool with_families = false;
  double centre = 0;                      ///< the expected value, or near it
  std::optional<StayPopulation> stays{};  ///< what people live by instead of the tables, where these do not suffice

  [[nodiscard]] std::int64_t periods() const { return stays ? stays->tables.periods : tables.periods; }
  [[nodiscard]] std::size_t states() const { return stays ? stays->tables.states() : tables.states(); }
  [[nodiscard]] bool has_market() const { return stays && stays->has_market(); }
};

/// Whether people must live by stays: only so do they follow ages, a market, and amounts that vary or are their own.
[[nodiscard]] inline bool needs_stays(const Chain& chain) {
  return !is_plain(chain) || chain.has_events() || !chain.own_amounts.empty();
}

/// The mean of a life's value by backward recursion over the tables: where moments are centred.
[[nodiscard]] inline double expected_value(const LifeTables& tables, const EntryLottery& lottery) {
  std::vector<double> worth(tables.states());
  const double unit = std::ldexp(1.0, tables.unit_exponent);
  double total = 0;
  std::vector<std::vector<std::size_t>> entries_of(static_cast<std::size_t>(tables.periods) + 1);
  for (std::size_t k = 0; k < lottery.entries.size(); ++k)
    entries_of[static_cast<std::size_t>(lottery.entries[k].period)].push_back(k);
  double weights = 0;
  for (const Entry& entry : lottery.entries) weights += entry.weight;
  for (std::int64_t t = tables.periods; t >= tables.first_period; --t) {
    std::vector<double> before(tables.states());
    for (std::size_t s = 0; s < tables.states(); ++s) {
      before[s] = static_cast<double>(tables.amounts(t)[s]) * unit;
      if (t == tables.periods) continue;
      const AliasRows& rows = tables.rows_at(t);
      const std::size_t columns = std::size_t{1} << rows.column_bits[s];
      const double full = std::ldexp(1.0, 64 - rows.column_bits[s]);
      for (std::size_t c = 0; c < columns; ++c) {
        const AliasColumn& column = rows.column[rows.first[s] + c];
        const double own = static_cast<double>(column.threshold) / full;
        before[s] += (own * worth[column.entry[0]] + (1 - own) * worth[column.entry[1]]) / static_cast<double>(columns);
      }
    }
    worth = std::move(before);
    for (const std::size_t k : entries_of[static_cast<std::size_t>(t)]) {
      const Entry& entry = lottery.entries[k];
      const double money = money_per_unit(tables, t) / unit;
      total += entry.weight / weights * worth[tables.entry_state[entry.state]] * money;
    }
  }
  return total;
}

/// The entries but those that come up less than once in 2^64 people, who need not be followed: however far discounting
/// may be from theirs, they change nothing.
[[nodiscard]] inline std::vector<Entry> entries_that_occur(std::vector<Entry> entries) {
  CompensatedSum total;
  for (const Entry& entry : entries) total.add(entry.weight);
  std::erase_if(entries, [&](const Entry& entry) { return !(entry.weight / total.value() >= 0x1p-64); });
  return entries;
}

/// Throws LimitError where those who enter late bring too little, discounted to when the first enter, for the units of
/// the tables: where half a unit is, in their money, 2^14 times what it is at first.
inline void refuse_late_entries(const LifeTables& tables, const std::vector<Entry>& entries) {
  double weights = 0;
  double scaled = 0;
  for (const Entry& entry : entries) {
    weights += entry.weight;
    scaled += entry.weight * std::ldexp(money_per_unit(tables, entry.period), -tables.unit_exponent);
  }
  if (scaled <= 0x1p14 * weights) return;
  throw LimitError{
      {{"entries",
        "entries",
        "people enter in periods so far apart that, discounted, the money of the last is lost beside that of the first",
        "simulate those who enter late by themselves",
        {}}}};
}

/// Periods to simulate in a chain with ages or a market.
[[nodiscard]] inline std::int64_t periods_of_stays(const Chain& chain, const std::vector<Entry>& entries,
                                                   bool with_families) {
  if (chain.horizon) return *chain.horizon;
  const UnrolledPlaces places{chain};
  std::vector<Entry> plain_entries;
  for (const Entry& entry : entries) {
    for (std::size_t e = 0; e < chain.regimes(); ++e)
      plain_entries.push_back({places.entry(entry.state, e), entry.period, entry.weight, {}});
  }
  return periods_to_simulate(unrolled(chain), plain_entries, with_families);
}

inline void refuse_kinds_by_moments(const Chain& chain) {
  if (!chain.kinds_by_moments) return;
  throw LimitError{{{"unsupported",
                     "",
                     "some kinds of people stand for moments of amounts alone, and are nobody to follow",
                     "give compile_for_persons(model, spending)",
                     {}}}};
}

[[nodiscard]] inline Population population_by_stays(const Chain& chain, const std::vector<Entry>& entries,
                                                    const IndividualOptions& options) {
  refuse_meaningless_entries(chain, entries);
  refuse_kinds_by_moments(chain);
  Population population;
  population.key = stream_key(options.seed);
  population.with_families = options.referrals && chain.has_referrals();
  StayPopulation& stays = population.stays.emplace();
  stays.tables = stay_tables(chain, periods_of_stays(chain, entries, population.with_families));
  stays.tables.luck_ways = luck_ways(options.instructions.value_or(widest_instruction_set()));
  stays.entries = stay_entries(entries);
  stays.market = market_tables(chain.market, stays.tables.periods, entries);
  stays.with_families = population.with_families;
  if (stays.with_families)
    stays.families = family_tables(chain);
  else
    stays.plain = plain_stays(stays.tables);
  const Block first = live_block_by_stays(stays, population.key, 0, people_of_market, false);
  for (const double value : first.values) population.centre += value / people_of_market;
  return population;
}

[[nodiscard]] inline Population population_of(const Chain& chain, const std::vector<Entry>& entries,
                                              const IndividualOptions& options) {
  refuse_meaningless_entries(chain, entries);
  refuse_kinds_by_moments(chain);
  const auto by_period = [](const Entry& a, const Entry& b) { return a.period < b.period; };
  Population population;
  population.with_families = options.referrals && chain.has_referrals();
  population.tables = life_tables(chain, periods_to_simulate(chain, entries, population.with_families),
                                  std::min_element(entries.begin(), entries.end(), by_period)->period);
  refuse_late_entries(population.tables, entries);
  population.lottery = entry_lottery(population.tables, entries);
  population.key = stream_key(options.seed);
  if (population.with_families) population.families = family_tables(chain);
  population.centre = expected_value(population.tables, population.lottery);
  return population;
}

[[nodiscard]] inline std::vector<Population> populations_of(std::span<const Chain* const> chains,
                                                            const IndividualOptions& options) {
  if (options.people > limits::people_simulated) {
    throw LimitError{{{"people", "people", "more people than can be told apart", "simulate at most 2^48", {}}}};
  }
  if (options.instructions && !is_available(*options.instructions)) {
    throw LimitError{{{"instructions",
                       "instructions",
                       std::string{"this processor or build has no "} +
                           std::string{instruction_set_names[static_cast<std::size_t>(*options.instructions)]},
                       "leave the choice to the library",
                       {}}}};
  }
  if (!options.entries.empty()) refuse_meaningless_entries(*chains.front(), options.entries);
  const std::vector<Entry> entries =
      entries_that_occur(options.entries.empty() ? entries_of_arrivals(*chains.front()) : options.entries);
  if (entries.empty()) {
    throw LimitError{{{"entries",
                       "arrivals",
                       "nobody arrives, so there is nobody to simulate",
                       "say in which state a person enters",
                       {}}}};
  }
  std::vector<Population> populations;
  const bool by_stays =
      std::any_of(chains.begin(), chains.end(), [](const Chain* chain) { return needs_stays(*chain); });
  for (const Chain* chain : chains) {
    populations.push_back(by_stays ? population_by_stays(*chain, entries, options)
                                   : population_of(*chain, entries, options));
  }
  return populations;
}

/// The same people in all populations, block by block.
class Crowd {
 public:
  Crowd(std::span<const Population> populations, const IndividualOptions& options) : populations_{populations} {
    std::vector<const LifeTables*> alone;
    for (const Population& population : populations) {
      if (!population.with_families && !population.stays) alone.push_back(&population.tables);
    }
    live_ = blocks_runner(std::move(alone), options.instructions.value_or(widest_instruction_set()));
    with_traces_ = options.traces;
  }

  [[nodiscard]] std::span<const Population> populations() const { return populations_; }

  /// One block for each population, lived to its end. `reused` are blocks that nobody needs any more.
  [[nodiscard]] std::vector<Block> lived(std::uint64_t first_person, std::uint32_t people,
                                         std::vector<Block> reused) const {
    reused.resize(populations_.size());
    std::vector<Block> alone;
    for (std::size_t k = 0; k < populations_.size(); ++k) {
      const Population& population = populations_[k];
      const bool traces = with_traces_ && !population.with_families;
      if (population.stays) {
        reused[k] =
            live_block_by_stays(*population.stays, population.key, first_person, people, traces, std::move(reused[k]));
        continue;
      }
      Block block = begin_block(population.tables, population.lottery, population.key, first_person, people, traces,
                                std::move(reused[k]));
      if (population.with_families) {
        reused[k] =
            live_families(population.tables, population.families, population.lottery, population.key, std::move(block));
      } else {
        alone.push_back(std::move(block));
      }
    }
    alone = live_(populations_.front().key, std::move(alone));
    for (std::size_t k = 0, next = 0; k < populations_.size(); ++k) {
      if (!populations_[k].with_families && !populations_[k].stays) reused[k] = std::move(alone[next++]);
    }
    return reused;
  }

 private:
  std::span<const Population> populations_;
  BlocksRunner live_{};
  bool with_traces_ = false;
};

/// Whether somebody asks how people's values differ from those in the first chain.
enum class Differences : std::uint8_t { left_out, summed_up };

/// What one thread has seen.
class Worker {
 public:
  Worker(const Crowd& crowd, const IndividualOptions& options, Differences differences)
      : crowd_{&crowd}, options_{options} {
    const std::span<const Population> populations = crowd.populations();
    for (const Population& population : populations) {
      seen_.each.push_back({options.seed,
                            stream_version,
                            true,
                            population.periods(),
                            ValueSummary{population.centre, options.people},
                            {},
                            {}});
      if (population.has_market()) seen_.each.back().shared = SharedMarkets{population.centre, options.people};
      if (options.traces && !population.with_families)
        seen_.each.back().people_in.resize(static_cast<std::size_t>(population.periods() + 1) * population.states());
      if (differences == Differences::summed_up && seen_.each.size() > 1) {
        const double centre = population.centre - populations.front().centre;
        seen_.difference.emplace_back(centre, options.people);
        if (population.has_market() || populations.front().has_market())
          seen_.shared_difference.emplace_back(centre, options.people);
      }
    }
  }

  void add(std::uint64_t block) {
    const std::uint64_t first_person = block * people_of_block;
    const auto people = static_cast<std::uint32_t>(std::min(people_of_block, options_.people - first_person));
    blocks_ = crowd_->lived(first_person, people, std::move(blocks_));
    for (std::size_t k = 0; k < blocks_.size(); ++k) {
      std::vector<double>& values = k == 0 ? of_first_ : values_;
      values.resize(people);
      if (crowd_->populations()[k].stays) {
        values = blocks_[k].values;
      } else {
        for (std::size_t p = 0; p < people; ++p)
          values[p] = static_cast<double>(blocks_[k].units[p]) * blocks_[k].money_per_unit[p];
      }
      seen_.each[k].values.add_block(values);
      if (seen_.each[k].shared) seen_.each[k].shared->add_block(values, block);
      std::vector<std::uint64_t>& people_in = seen_.each[k].people_in;
      for (std::size_t c = 0; c < people_in.size(); ++c) people_in[c] += blocks_[k].people_in[c];
      if (k == 0 || seen_.difference.empty()) continue;
      for (std::size_t p = 0; p < people; ++p) values[p] -= of_first_[p];
      seen_.difference[k - 1].add_block(values);
      if (!seen_.shared_difference.empty()) seen_.shared_difference[k - 1].add_block(values, block);
    }
  }
  [[nodiscard]] PairedResult& seen() { return seen_; }

 private:
  const Crowd* crowd_;
  const IndividualOptions& options_;
  PairedResult seen_{};
  std::vector<Block> blocks_{};     ///< by chain
  std::vector<double> of_first_{};  ///< the values of the block's people in the first chain
  std::vector<double> values_{};    ///< in another
};

/// Blocks [first, last) of all populations. Where somebody stops it, the blocks begun are finished: they are the first
/// ones.
[[nodiscard]] inline PairedResult simulate_population(const std::vector<Population>& populations,
                                                      const IndividualOptions& options, std::uint64_t first,
                                                      std::uint64_t last, Differences differences) {
  std::atomic<std::uint64_t> next{first};
  std::atomic<bool> stopped{false};
  std::mutex talking;
  std::exception_ptr failure;
  const auto work = [&](Worker& worker) {
    try {
      while (!stopped.load(std::memory_order_relaxed)) {
        if (options.stop && options.stop()) {
          stopped = true;
          return;
        }
        const std::uint64_t block = next.fetch_add(1);
        if (block >= last) return;
        worker.add(block);
        if (options.progress && talking.try_lock()) {
          const std::lock_guard<std::mutex> held{talking, std::adopt_lock};
          options.progress(static_cast<double>(block + 1 - first) / static_cast<double>(last - first));
        }
      }
    } catch (...) {
      const std::lock_guard<std::mutex> held{talking};
      if (!failure) failure = std::current_exception();
      stopped = true;
    }
  };
  const unsigned wanted = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  const auto threads = static_cast<std::size_t>(
      std::min<std::uint64_t>(wanted, std::max<std::uint64_t>(1, last - std::min(first, last))));
  const Crowd crowd{populations, options};
  std::vector<Worker> workers(threads, Worker{crowd, options, differences});
  {
    std::vector<std::jthread> others;
    for (std::size_t k = 1; k < threads; ++k) others.emplace_back([&, k] { work(workers[k]); });
    work(workers[0]);
  }
  if (failure) std::rethrow_exception(failure);
  PairedResult result = std::move(workers[0].seen());
  for (std::size_t k = 1; k < threads; ++k) {
    for (std::size_t c = 0; c < result.each.size(); ++c)
      result.each[c] = merge(std::move(result.each[c]), std::move(workers[k].seen().each[c]));
    for (std::size_t c = 0; c < result.difference.size(); ++c)
      result.difference[c].merge(std::move(workers[k].seen().difference[c]));
    for (std::size_t c = 0; c < result.shared_difference.size(); ++c)
      result.shared_difference[c].merge(std::move(workers[k].seen().shared_difference[c]));
  }
  for (IndividualResult& each : result.each) each.complete = next.load() >= last;
  return result;
}

}  // namespace tenure::detail
