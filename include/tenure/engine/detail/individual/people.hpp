#pragma once
// Many blocks, divided among threads. What each thread has seen merges exactly, so that neither their number nor their
// pace can be told from the result.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "tenure/chain/detail/unrolled.hpp"
#include "tenure/engine/detail/individual/block.hpp"
#include "tenure/engine/detail/individual/block_runner.hpp"
#include "tenure/engine/detail/individual/horizon.hpp"
#include "tenure/engine/detail/individual/life_tables.hpp"
#include "tenure/engine/detail/individual/sojourn_block.hpp"
#include "tenure/engine/detail/workers.hpp"
#include "tenure/engine/individual/result.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

/// Everything that a thread needs of one chain, read-only.
struct Population {
  LifeTables tables{};
  ArrivalLottery lottery{};
  StreamKey key{};
  double centre = 0;  ///< the expected value, or near it
  std::optional<SojournPopulation>
      sojourns{};  ///< what people live by instead of the tables, where these do not suffice

  [[nodiscard]] std::int64_t periods() const { return sojourns ? sojourns->tables.periods : tables.periods; }
  [[nodiscard]] std::size_t states() const { return sojourns ? sojourns->tables.states() : tables.states(); }
  [[nodiscard]] bool has_market() const { return sojourns && sojourns->has_market(); }
  /// Whether a person's value has in it what those bring whom they refer; people are not counted by state then.
  [[nodiscard]] bool with_families() const { return sojourns && sojourns->with_families; }
};

/// Whether people must live by sojourns: only so do they follow ages, a market, and amounts that vary or are their own.
[[nodiscard]] inline bool needs_sojourns(const Chain& chain) {
  return !is_plain(chain) || chain.has_events() || !chain.own_amounts.empty();
}

/// Whether those count whom people bring; families live by sojourns, whatever the chain.
[[nodiscard]] inline bool follows_families(const Chain& chain, const IndividualOptions& options) {
  return options.referrals && chain.has_referrals();
}

/// The mean of a life's value by backward recursion over the tables: where moments are centred.
[[nodiscard]] inline double expected_value(const LifeTables& tables, const ArrivalLottery& lottery) {
  std::vector<double> value(tables.states());
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
        before[s] += (own * value[column.entry[0]] + (1 - own) * value[column.entry[1]]) / static_cast<double>(columns);
      }
    }
    value = std::move(before);
    for (const std::size_t k : entries_of[static_cast<std::size_t>(t)]) {
      const Entry& entry = lottery.entries[k];
      const double money = money_per_unit(tables, t) / unit;
      total += entry.weight / weights * value[tables.arrival_state[entry.state]] * money;
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
inline void refuse_late_arrivals(const LifeTables& tables, const std::vector<Entry>& entries) {
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
[[nodiscard]] inline std::int64_t periods_of_sojourns(const Chain& chain, const std::vector<Entry>& entries,
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

inline void refuse_types_by_moments(const Chain& chain) {
  if (!chain.types_by_moments) return;
  throw LimitError{{{"unsupported",
                     "",
                     "some kinds of people stand for moments of amounts alone, and are nobody to follow",
                     "give compile_for_persons(model, spending)",
                     {}}}};
}

[[nodiscard]] inline Population population_by_sojourns(const Chain& chain, const std::vector<Entry>& entries,
                                                       const IndividualOptions& options) {
  refuse_meaningless_entries(chain, entries);
  refuse_types_by_moments(chain);
  Population population;
  population.key = stream_key(options.seed);
  SojournPopulation& sojourns = population.sojourns.emplace();
  sojourns.with_families = follows_families(chain, options);
  sojourns.tables = sojourn_tables(chain, periods_of_sojourns(chain, entries, sojourns.with_families));
  sojourns.tables.draw_ways = draw_ways(options.instructions.value_or(widest_instruction_set()));
  sojourns.entries = arrival_lottery(entries);
  sojourns.market = market_tables(chain.market, sojourns.tables.periods, entries);
  if (sojourns.with_families)
    sojourns.families = family_tables(chain);
  else
    sojourns.plain = plain_sojourns(sojourns.tables);
  const Block first = live_block_by_sojourns(sojourns, population.key, 0, people_of_market, false, {}, options.stop);
  for (const double value : first.values) population.centre += value / people_of_market;
  return population;
}

[[nodiscard]] inline Population population_of(const Chain& chain, const std::vector<Entry>& entries,
                                              const IndividualOptions& options) {
  refuse_meaningless_entries(chain, entries);
  refuse_types_by_moments(chain);
  const auto by_period = [](const Entry& a, const Entry& b) { return a.period < b.period; };
  Population population;
  population.tables = life_tables(chain, periods_to_simulate(chain, entries),
                                  std::min_element(entries.begin(), entries.end(), by_period)->period);
  refuse_late_arrivals(population.tables, entries);
  population.lottery = arrival_lottery(population.tables, entries);
  population.key = stream_key(options.seed);
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
      entries_that_occur(options.entries.empty() ? arrivals_of_chain(*chains.front()) : options.entries);
  if (entries.empty()) {
    throw LimitError{{{"entries",
                       "arrivals",
                       "nobody arrives, so there is nobody to simulate",
                       "say in which state a person enters",
                       {}}}};
  }
  std::vector<Population> populations;
  const bool by_sojourns = std::any_of(chains.begin(), chains.end(), [&](const Chain* chain) {
    return needs_sojourns(*chain) || follows_families(*chain, options);
  });
  for (const Chain* chain : chains) {
    populations.push_back(by_sojourns ? population_by_sojourns(*chain, entries, options)
                                      : population_of(*chain, entries, options));
  }
  return populations;
}

/// The same people in all populations, block by block.
class Crowd {
 public:
  Crowd(std::span<const Population> populations, const IndividualOptions& options) : populations_{populations} {
    std::vector<const LifeTables*> alone;
    std::int64_t periods = 1;
    for (const Population& population : populations) {
      if (!population.sojourns) alone.push_back(&population.tables);
      periods = std::max(periods, population.periods());
    }
    live_ = blocks_runner(std::move(alone), options.instructions.value_or(widest_instruction_set()));
    with_traces_ = options.traces;
    people_at_once_ = people_at_once(periods);
  }

  [[nodiscard]] std::span<const Population> populations() const { return populations_; }
  /// So few that their lives are over soon, whole markets of them.
  [[nodiscard]] std::uint32_t people_at_once() const { return people_at_once_; }

  /// One block for each population, lived to its end. `reused` are blocks that nobody needs any more.
  [[nodiscard]] std::vector<Block> lived(std::uint64_t first_person, std::uint32_t people, std::vector<Block> reused,
                                         const Interrupted& interrupted = uninterrupted) const {
    reused.resize(populations_.size());
    std::vector<Block> alone;
    for (std::size_t k = 0; k < populations_.size(); ++k) {
      const Population& population = populations_[k];
      const bool traces = with_traces_ && !population.with_families();
      if (population.sojourns) {
        reused[k] = live_block_by_sojourns(*population.sojourns, population.key, first_person, people, traces,
                                           std::move(reused[k]), interrupted);
        continue;
      }
      alone.push_back(begin_block(population.tables, population.lottery, population.key, first_person, people, traces,
                                  std::move(reused[k])));
    }
    alone = live_(populations_.front().key, std::move(alone));
    for (std::size_t k = 0, next = 0; k < populations_.size(); ++k) {
      if (!populations_[k].sojourns) reused[k] = std::move(alone[next++]);
    }
    return reused;
  }

 private:
  [[nodiscard]] static std::uint32_t people_at_once(std::int64_t periods) {
    constexpr std::int64_t soon = std::int64_t{1} << 24;  // periods of lives: some hundredths of a second
    const auto markets = static_cast<std::uint64_t>(soon / periods) / people_of_market;
    return static_cast<std::uint32_t>(std::clamp(markets * people_of_market, people_of_market, people_of_block));
  }

  std::span<const Population> populations_;
  BlocksRunner live_{};
  bool with_traces_ = false;
  std::uint32_t people_at_once_ = people_of_block;
};

/// Whether somebody asks how people's values differ from those in the first chain.
enum class Differences : std::uint8_t { left_out, summed_up };

/// What came of a block's people.
struct LivedBlock {
  std::uint64_t block = 0;
  std::vector<std::vector<double>> values{};            ///< [chain][person]
  std::vector<std::vector<std::uint64_t>> people_in{};  ///< by chain; as Block's
};

/// Whether a block was lived to its end.
struct BlockDone {
  bool whole = false;
};

/// What one thread has seen. A block counts when all before it are finished, so that those who are counted are the
/// first ones, wherever the run is stopped; until then it is kept.
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
      if (options.traces && !population.with_families())
        seen_.each.back().people_in.resize(static_cast<std::size_t>(population.periods() + 1) * population.states());
      if (differences == Differences::summed_up && seen_.each.size() > 1) {
        const double centre = population.centre - populations.front().centre;
        seen_.difference.emplace_back(centre, options.people);
        if (population.has_market() || populations.front().has_market())
          seen_.shared_difference.emplace_back(centre, options.people);
      }
    }
  }

  /// Lives a block.
  template <class Watch>
  [[nodiscard]] BlockDone live(std::uint64_t block, Watch& watch) {
    constexpr std::uint64_t work_of_a_family = 1 << 12;
    count_before(watch.all_before());
    LivedBlock lived = spare_block(block);
    const std::uint64_t first = block * people_of_block;
    const std::uint64_t end = std::min(first + people_of_block, options_.people);
    try {
      for (std::uint64_t person = first; person < end; person += crowd_->people_at_once()) {
        if (person > first) watch.look_up();
        if (watch.called_off(0)) return {false};
        const auto people = static_cast<std::uint32_t>(std::min<std::uint64_t>(crowd_->people_at_once(), end - person));
        blocks_ = crowd_->lived(person, people, std::move(blocks_), [&] { return watch.called_off(work_of_a_family); });
        append(lived);
      }
    } catch (const InterruptedError&) {
      return {false};
    }
    kept_.push_back(std::move(lived));
    return {true};
  }

  /// Counts the blocks before this one that were kept.
  void count_before(std::uint64_t block) {
    while (!kept_.empty() && kept_.front().block < block) {
      count(kept_.front());
      spare_.push_back(std::move(kept_.front()));
      kept_.pop_front();
    }
  }

  [[nodiscard]] PairedResult& seen() { return seen_; }

 private:
  [[nodiscard]] LivedBlock spare_block(std::uint64_t block) {
    LivedBlock lived;
    if (!spare_.empty()) {
      lived = std::move(spare_.back());
      spare_.pop_back();
    }
    lived.block = block;
    lived.values.resize(crowd_->populations().size());
    lived.people_in.resize(crowd_->populations().size());
    for (std::vector<double>& values : lived.values) values.clear();
    return lived;
  }

  /// The people of `blocks_` come after those that a block has.
  void append(LivedBlock& lived) {
    for (std::size_t k = 0; k < blocks_.size(); ++k) {
      std::vector<double>& values = lived.values[k];
      const bool is_first = values.empty();
      if (crowd_->populations()[k].sojourns) {
        values.insert(values.end(), blocks_[k].values.begin(), blocks_[k].values.end());
      } else {
        for (std::size_t p = 0; p < blocks_[k].units.size(); ++p)
          values.push_back(static_cast<double>(blocks_[k].units[p]) * blocks_[k].money_per_unit[p]);
      }
      if (is_first) {
        std::swap(lived.people_in[k], blocks_[k].people_in);
      } else {
        for (std::size_t c = 0; c < lived.people_in[k].size(); ++c) lived.people_in[k][c] += blocks_[k].people_in[c];
      }
    }
  }

  void count(LivedBlock& lived) {
    for (std::size_t k = 0; k < lived.values.size(); ++k) {
      std::vector<double>& values = lived.values[k];
      seen_.each[k].values.add_block(values);
      if (seen_.each[k].shared) seen_.each[k].shared->add_block(values, lived.block);
      std::vector<std::uint64_t>& people_in = seen_.each[k].people_in;
      for (std::size_t c = 0; c < people_in.size(); ++c) people_in[c] += lived.people_in[k][c];
      if (k == 0 || seen_.difference.empty()) continue;
      for (std::size_t p = 0; p < values.size(); ++p) values[p] -= lived.values.front()[p];
      seen_.difference[k - 1].add_block(values);
      if (!seen_.shared_difference.empty()) seen_.shared_difference[k - 1].add_block(values, lived.block);
    }
  }

  const Crowd* crowd_;
  const IndividualOptions& options_;
  PairedResult seen_{};
  std::vector<Block> blocks_{};    ///< by chain
  std::deque<LivedBlock> kept_{};  ///< that do not count yet, in order
  std::vector<LivedBlock> spare_{};
};

[[nodiscard]] inline PairedResult merged(PairedResult one, PairedResult&& other) {
  for (std::size_t c = 0; c < one.each.size(); ++c)
    one.each[c] = merge(std::move(one.each[c]), std::move(other.each[c]));
  for (std::size_t c = 0; c < one.difference.size(); ++c) one.difference[c].merge(std::move(other.difference[c]));
  for (std::size_t c = 0; c < one.shared_difference.size(); ++c)
    one.shared_difference[c].merge(std::move(other.shared_difference[c]));
  return one;
}

/// Blocks [first, last) of all populations, or where somebody stops it the first of them.
[[nodiscard]] inline PairedResult simulate_population(const std::vector<Population>& populations,
                                                      const IndividualOptions& options, std::uint64_t first,
                                                      std::uint64_t last, Differences differences) {
  last = std::max(first, last);
  const Crowd crowd{populations, options};
  std::mutex adding;
  std::list<Worker> workers;
  const auto make = [&] {
    Worker worker{crowd, options, differences};
    const std::lock_guard lock{adding};
    return workers.insert(workers.end(), std::move(worker));
  };
  std::uint64_t finished = first;
  Workers<BlockDone> crew{
      first, last, {&options.stop, &options.progress}, [&](BlockDone&& block) { finished += block.whole ? 1 : 0; }};
  const bool complete = crew.run(options.threads, [&] {
    return
        [worker = make()](std::uint64_t block, Workers<BlockDone>::Watch& watch) { return worker->live(block, watch); };
  });
  PairedResult result;
  for (Worker& worker : workers) {
    worker.count_before(finished);
    result = result.each.empty() ? std::move(worker.seen()) : merged(std::move(result), std::move(worker.seen()));
  }
  for (IndividualResult& each : result.each) each.complete = complete;
  return result;
}

}  // namespace tenure::detail
