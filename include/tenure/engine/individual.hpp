#pragma once
// The individual engine: one life after another, by the same rules as the exact engine, with the draws of each
// addressed by who they are. It gives what a mean does not: how different people's values are, how often money is lost
// on one. A run is a pure function of the chain, the seed and the number of people: threads, processors and the order
// of work change nothing, and the first n people are the same however many follow. Definitions stand in
// docs/semantics.md, the promises and their tests in docs/reproducibility.md.

#include <cstdint>
#include <span>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/estimate.hpp"
#include "tenure/engine/individual/observe.hpp"
#include "tenure/engine/individual/result.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// How many people were in each of the chain's states, and what they brought, at the start of each period.
struct IndividualTrace {
  std::vector<std::vector<Estimate>> share{};    ///< [state][t]: of all people simulated, t = 0 … horizon - 1
  std::vector<Estimate> discounted_cash_flow{};  ///< [t]: of a person, net of spend, discounted to period 0; t =
                                                 ///< horizon holds what falls at the end
};

/// Lets people live through a chain. Throws LimitError where that would take too much memory, or, with referrals, where
/// a family grows without bound.
[[nodiscard]] IndividualResult simulate_individuals(const Chain& chain, const IndividualOptions& options = {});

/// The same people in several chains: common random numbers. Entries are those of the options or of the first chain.
[[nodiscard]] PairedResult simulate_paired(std::span<const Chain> chains, const IndividualOptions& options = {});

/// Blocks [first, last) of 4,096 people each, for who spreads a run over machines: merging the results of all blocks
/// gives simulate_individuals, to the last bit.
[[nodiscard]] IndividualResult simulate_blocks(const Chain& chain, const IndividualOptions& options,
                                               std::uint64_t first, std::uint64_t last);

/// The same blocks of people in several chains, without how their values differ: one result for each chain, each what
/// simulate_blocks gives for it, for little more than one of them costs. Entries are those of the options or of the
/// first chain.
[[nodiscard]] std::vector<IndividualResult> simulate_together(std::span<const Chain* const> chains,
                                                              const IndividualOptions& options, std::uint64_t first,
                                                              std::uint64_t last);

/// The traces of a result; empty where it was not asked for them, or followed families. Of people who live by sojourns
/// (with ages, a market, or amounts that vary or differ) the shares alone, and without errors where they share a
/// market.
[[nodiscard]] IndividualTrace trace_of(const IndividualResult& result, const Chain& chain);

/// The number of blocks of a run.
[[nodiscard]] inline std::uint64_t blocks_of(const IndividualOptions& options) {
  return (options.people + 4095) / 4096;
}

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/engine/individual-inl.hpp"
#endif
