#pragma once
// A person with everyone whom they bring, and whom those bring: a tree of lives, walked branch by branch. In each
// period a person in state i brings a Poisson number of people, with mean the sum of the referral rates of i; each
// enters one period later, in a state drawn in proportion to these rates. Who is brought has draws of their own, keyed
// by the parent and the number among the parent's children, so that one family's growth changes nobody else's life.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/detail/sampler.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/interruption.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

/// How many people someone in a state brings in a period, and where they enter.
struct ReferralRow {
  ThresholdRow count{};  ///< entry k: k people
  ThresholdRow state{};  ///< entry k: the k-th of the state's listed referrals
  bool brings_nobody = true;
};

/// How many people each state brings, and into which states.
struct FamilyTables {
  std::vector<std::vector<ReferralRow>> rows{};  ///< [distinct period][the chain's state]
  Pattern referrals{};
  Timeline<std::vector<double>> rates{};
};

/// The law of a Poisson number up to where less than 2^-70 is left.
[[nodiscard]] inline std::vector<double> poisson_probabilities(double mean) {
  std::vector<double> probabilities;
  DoubleDouble term = exponential_of(-mean).both();
  CompensatedSum total;
  for (int k = 0; k <= mean || term.high > 0x1p-70; ++k) {
    if (k > 0) term = term * DoubleDouble{mean} / DoubleDouble{static_cast<double>(k)};
    probabilities.push_back(term.high);
    total.add(term.high);
  }
  for (double& p : probabilities) p /= total.value();
  return probabilities;
}

[[nodiscard]] inline ReferralRow referral_row(std::span<const double> rates) {
  CompensatedSum total;
  for (const double rate : rates) total.add(rate);
  const double mean = total.value();
  if (!(mean > 0)) return {};
  if (mean > limits::referrals_each) {
    throw LimitError{{{"referrals",
                       "referral",
                       "one person would bring " + std::to_string(mean) + " people in a period",
                       "simulate at most " + std::to_string(static_cast<int>(limits::referrals_each)) +
                           "; the exact engine knows no such limit",
                       {}}}};
  }
  std::vector<double> shares;
  for (const double rate : rates) shares.push_back(rate / mean);
  return {threshold_row(poisson_probabilities(mean)), threshold_row(shares), false};
}

/// The family tables of a chain.
[[nodiscard]] inline FamilyTables family_tables(const Chain& chain) {
  FamilyTables tables{{}, chain.referrals, chain.referral_rate};
  for (const std::vector<double>& rates : chain.referral_rate.distinct()) {
    std::vector<ReferralRow>& rows = tables.rows.emplace_back();
    for (StateIndex i = 0; i < chain.states(); ++i) {
      const std::size_t first = chain.referrals.first[i];
      rows.push_back(referral_row(std::span{rates}.subspan(first, chain.referrals.first[i + 1] - first)));
    }
  }
  return tables;
}

/// Someone in a family, about to enter.
struct Relative {
  StreamKey key{};
  std::uint64_t person = 0;
  std::uint32_t state = 0;
  std::int64_t period = 0;
};

/// The draws of the child of a given number: a key and a person's number of their own.
[[nodiscard]] inline Relative child_of(const Relative& parent, std::uint32_t number) {
  const RandomBlock kin = random_block(parent.key, {parent.person, 0, Purpose::kinship, number});
  return {{kin[0], kin[1]}, kin[2] | (std::uint64_t{kin[3] & 0xFFFF} << 32), 0, 0};
}

[[noreturn]] inline void refuse_large_family() {
  throw LimitError{{{"population",
                     "referral",
                     "the people brought by one person and by those they bring are more than " +
                         std::to_string(limits::people_of_family),
                     "lower the referral rates, shorten the horizon or value people alone",
                     {}}}};
}

/// Lets a family live, branch by branch: each of its people by `live(relative, refer)`, where refer(row, state, t)
/// brings the people whom somebody in a state refers in period t. Throws LimitError for more than
/// limits::people_of_family.
template <class Live>
void live_branches(const Pattern& referrals, const Relative& root, const Interrupted& interrupted, Live&& live) {
  std::vector<Relative> waiting{root};
  for (std::uint64_t people = 1; !waiting.empty();) {
    heed(interrupted);
    const Relative person = waiting.back();
    waiting.pop_back();
    std::uint32_t children = 0;
    live(person, [&](const ReferralRow& row, std::size_t state, std::int64_t t) {
      if (row.brings_nobody) return;
      const RandomBlock drawn =
          random_block(person.key, {person.person, 0, Purpose::referral, static_cast<std::uint32_t>(t)});
      for (std::uint32_t left = chosen_entry(row.count, first_64_bits(drawn)); left > 0; --left) {
        Relative child = child_of(person, children++);
        const RandomBlock where = random_block(child.key, {child.person, 0, Purpose::arrival, 0});
        child.state = referrals.successor[referrals.first[state] + chosen_entry(row.state, first_64_bits(where))];
        child.period = t + 1;
        if (++people > limits::people_of_family) refuse_large_family();
        waiting.push_back(child);
      }
    });
  }
}

}  // namespace tenure::detail
