#pragma once
// What is asked of the individual engine, and what it answers. Answers of disjoint people merge exactly, in any order.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "tenure/engine/arrival.hpp"
#include "tenure/engine/individual/instruction_set.hpp"
#include "tenure/engine/individual/shared_markets.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/engine/summary.hpp"

namespace tenure {

/// How many people, of which seed, where they enter, and what to keep of them.
struct IndividualOptions {
  std::uint64_t seed = 1;
  std::uint64_t people = 1'000'000;
  std::vector<Entry> entries{};  ///< where they enter; empty: as the chain's arrivals do
  bool referrals = false;        ///< whether a person's value counts everyone whom they bring, and whom those bring
  bool traces = false;           ///< count people by state and period
  unsigned threads = 0;          ///< 0: as many as the processor has
  std::optional<InstructionSet> instructions{};  ///< default the widest there is; never changes a result
  std::function<bool()> stop{};            ///< asked now and then in the calling thread: true ends the run with the
                                           ///< people so far
  std::function<void(double)> progress{};  ///< told there, too, which share of the people is done
};

/// What came of the people of some blocks. Results of disjoint blocks merge exactly, in any order.
struct IndividualResult {
  std::uint64_t seed = 1;
  int stream_version = tenure::stream_version;
  bool complete = true;  ///< whether all people who were asked for were simulated
  std::int64_t periods = 0;
  ValueSummary values{};  ///< of a person, in money at the start of the period in which they enter
  std::vector<std::uint64_t>
      people_in{};  ///< by period, 0 … periods, and split state; empty unless traces were asked for
  std::optional<SharedMarkets> shared{};  ///< by markets that people share, where there is one

  [[nodiscard]] std::uint64_t people() const { return values.count(); }
  /// The mean value, with an error that knows which people shared a market.
  [[nodiscard]] Estimate estimate() const { return shared ? shared->estimate(values) : values.estimate(); }
};

/// Several chains simulated with the same people, and how each person's value differs from that in the first chain.
struct PairedResult {
  std::vector<IndividualResult> each{};
  std::vector<ValueSummary> difference{};          ///< [k]: chain k + 1 less chain 0
  std::vector<SharedMarkets> shared_difference{};  ///< the same by shared markets; empty where there is none

  /// The mean difference between chain k + 1 and chain 0.
  [[nodiscard]] Estimate estimate_of_difference(std::size_t k) const {
    return shared_difference.empty() ? difference[k].estimate() : shared_difference[k].estimate(difference[k]);
  }
};

/// The result of two disjoint sets of blocks of one run.
[[nodiscard]] inline IndividualResult merge(IndividualResult one, IndividualResult other) {
  one.complete = one.complete && other.complete;
  one.values.merge(std::move(other.values));
  if (one.shared && other.shared) one.shared->merge(std::move(*other.shared));
  if (one.people_in.empty()) {
    one.people_in = std::move(other.people_in);
  } else {
    for (std::size_t k = 0; k < other.people_in.size(); ++k) one.people_in[k] += other.people_in[k];
  }
  return one;
}

}  // namespace tenure
