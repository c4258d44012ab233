#pragma once
// A block of 4,096 people who live by sojourns, alone or with everybody whom they bring. Where there is a market, 64 in
// a row share one; whoever is brought lives in their referrer's.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "tenure/engine/arrival.hpp"
#include "tenure/engine/detail/individual/block.hpp"
#include "tenure/engine/detail/individual/family.hpp"
#include "tenure/engine/detail/individual/market_path.hpp"
#include "tenure/engine/detail/individual/plain_sojourns.hpp"
#include "tenure/engine/detail/individual/sojourn_tables.hpp"
#include "tenure/engine/detail/individual/sojourns.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

/// Everything that lives by sojourns read.
struct SojournPopulation {
  SojournTables tables{};
  ArrivalLottery entries{};
  MarketTables market{};
  FamilyTables families{};
  std::optional<PlainSojourns> plain{};  ///< where sojourns are, and people live without their families
  bool with_families = false;

  [[nodiscard]] bool has_market() const { return tables.chain.regimes() > 1; }
};

/// How many people somebody brings, with referral rates of their own where they have such.
class ReferralRows {
 public:
  ReferralRows(const SojournPopulation& population, const Person& person) : population_{&population}, person_{&person} {
    for (const OwnAmount& own : population.tables.chain.own_amounts)
      has_own_ = has_own_ || !own.referral_rate.distinct().front().empty();
  }

  [[nodiscard]] const ReferralRow& at(std::int64_t epoch, std::size_t state) {
    const FamilyTables& families = population_->families;
    const std::size_t place = families.rates.place(epoch);
    if (!has_own_) return families.rows[place][state];
    const auto [found, is_new] = own_.try_emplace({place, state});
    if (is_new) found->second = referral_row(own_rates(epoch, state));
    return found->second;
  }

 private:
  [[nodiscard]] std::vector<double> own_rates(std::int64_t epoch, std::size_t state) const {
    const Chain& chain = population_->tables.chain;
    const std::vector<double>& mean = chain.referral_rate.at(epoch);
    std::vector<double> rates;
    for (std::uint32_t k = chain.referrals.first[state]; k < chain.referrals.first[state + 1]; ++k)
      rates.push_back(
          std::max(0.0, mean[k] + own_above(population_->tables, *person_, &OwnAmount::referral_rate, k, epoch)));
    return rates;
  }

  const SojournPopulation* population_;
  const Person* person_;
  bool has_own_ = false;
  std::map<std::pair<std::size_t, std::size_t>, ReferralRow> own_{};
};

/// What a person brings, discounted to when they enter, with their whole family: each branch's money in turn.
[[nodiscard]] inline double value_of_family(const SojournPopulation& population, const Relative& root,
                                            const MarketPath* market, const Interrupted& interrupted) {
  const SojournTables& tables = population.tables;
  const Pattern& referrals = tables.chain.referrals;
  double value = 0;
  live_branches(referrals, root, interrupted, [&](const Relative& relative, auto&& refer) {
    const Person person{relative.key, relative.person, market, own_amounts(tables, relative.key, relative.person)};
    ReferralRows rows{population, person};
    const double alone = live_by_sojourns(tables, person, relative.state, relative.period, [&](const Sojourn& sojourn) {
      if (referrals.first[sojourn.state] == referrals.first[sojourn.state + 1]) return;
      for (std::int64_t t = sojourn.from; t < sojourn.until && t + 1 < tables.periods; ++t)
        refer(rows.at(person.epoch(tables.chain, t), sojourn.state), sojourn.state, t);
    });
    value += tables.discount[static_cast<std::size_t>(relative.period - root.period)] * alone;
  });
  return value;
}

/// Turns arrivals and departures into people present, period by period.
inline void accumulate_people(std::vector<std::uint64_t>& people_in, std::size_t states) {
  for (std::size_t k = states; k < people_in.size(); ++k) people_in[k] += people_in[k - states];
}

/// Adds a sojourn to arrivals in and departures from states, by period.
inline void count_sojourn(std::vector<std::uint64_t>& people_in, std::size_t states, const Sojourn& sojourn) {
  if (people_in.empty()) return;
  ++people_in[static_cast<std::size_t>(sojourn.from) * states + sojourn.state];
  if (sojourn.leaves) --people_in[static_cast<std::size_t>(sojourn.until) * states + sojourn.state];
}

/// The people of a block whose stays are plain.
template <class Visit>
void live_plainly(const SojournPopulation& population, StreamKey key, Block& block, Visit&& visit) {
  PlainLives lives{population.tables, *population.plain, key};
  const auto people = static_cast<std::uint32_t>(block.values.size());
  for (std::uint32_t first = 0, together = 0; first < people; first += together) {
    const std::uint64_t same_upper_half =
        (std::uint64_t{1} << 32) - (block.first_person + first) % (std::uint64_t{1} << 32);
    together =
        static_cast<std::uint32_t>(std::min<std::uint64_t>({PlainLives::most_people, people - first, same_upper_half}));
    for (std::uint32_t k = 0; k < together; ++k) {
      const std::uint64_t number = block.first_person + first + k;
      const Entry& entry = entry_of(population.entries, key, number, 0);
      lives.enter(number, entry.state, entry.period, visit);
    }
    lives.live(visit, [&](std::uint32_t k, double value) { block.values[first + k] = value; });
  }
}

/// The people of a block.
template <class Visit>
void live_one_by_one(const SojournPopulation& population, StreamKey key, Block& block, const Interrupted& interrupted,
                     Visit&& visit) {
  MarketsOfPeople markets{population.tables.chain, population.market, key};
  for (std::uint32_t k = 0; k < block.values.size(); ++k) {
    const std::uint64_t number = block.first_person + k;
    Person person{key, number, markets.of(number), {}};
    const Entry& entry = entry_of(population.entries, key, number, 0, person.market);
    if (population.with_families) {
      block.values[k] =
          value_of_family(population, {key, number, entry.state, entry.period}, person.market, interrupted);
      continue;
    }
    person.own = own_amounts(population.tables, key, number);
    block.values[k] = live_by_sojourns(population.tables, person, entry.state, entry.period, visit);
  }
}

/// A block of people, lived to its end.
[[nodiscard]] inline Block live_block_by_sojourns(const SojournPopulation& population, StreamKey key,
                                                  std::uint64_t first_person, std::uint32_t people, bool count_people,
                                                  Block reused = {}, const Interrupted& interrupted = uninterrupted) {
  const SojournTables& tables = population.tables;
  Block block = std::move(reused);
  block.first_person = first_person;
  block.values.resize(people);
  block.people_in.assign(count_people ? static_cast<std::size_t>(tables.periods + 1) * tables.states() : 0, 0);
  const auto count = [&](const Sojourn& sojourn) { count_sojourn(block.people_in, tables.states(), sojourn); };
  if (!population.plain)
    live_one_by_one(population, key, block, interrupted, count);
  else if (count_people)
    live_plainly(population, key, block, count);
  else
    live_plainly(population, key, block, [](const Sojourn&) {});
  accumulate_people(block.people_in, tables.states());
  return block;
}

}  // namespace tenure::detail
