#pragma once
// What the engines read: a Markov chain with rewards, in flat numbers without names. Rows are sparse and share one
// pattern over all periods; what changes with time is kept in timelines, so that a chain constant in time holds one set
// of rows however long its horizon.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "tenure/chain/timeline.hpp"
#include "tenure/quantity/discounting.hpp"
#include "tenure/quantity/period.hpp"
#include "tenure/quantity/stage.hpp"

namespace tenure {

using StateIndex = std::uint32_t;

/// Which successors each state has: those of state i are at first[i] … first[i + 1] - 1. The numbers of such a pattern
/// (probabilities, say) are vectors of the same length as `successor`.
struct Pattern {
  std::vector<std::uint32_t> first{0};
  std::vector<StateIndex> successor{};
  [[nodiscard]] std::size_t states() const { return first.size() - 1; }
  [[nodiscard]] std::size_t entries() const { return successor.size(); }
  bool operator==(const Pattern&) const = default;
};

/// People who arrive in one state: count[t] at the start of period t; after the list its last entry goes on, growing by
/// a factor each period.
struct ArrivalGroup {
  StateIndex state = 0;
  std::uint32_t channel = 0;   ///< groups of one channel are reported together
  std::vector<double> count{};  ///< empty: nobody
  double growth_factor = 1;
};

[[nodiscard]] inline double people_arriving(const ArrivalGroup& group, std::int64_t t) {
  if (group.count.empty()) return 0;
  const auto last = static_cast<std::int64_t>(group.count.size()) - 1;
  if (t <= last) return group.count[static_cast<std::size_t>(t)];
  if (group.growth_factor == 1) return group.count.back();
  return group.count.back() * power(DoubleDouble{group.growth_factor}, static_cast<double>(t - last));
}

/// Money spent at the start of each period of [from, until): `level` for each person in one of `states`, or `level`
/// in total where it is not per person.
struct SpendStream {
  bool for_acquisition = false;
  bool per_person = true;
  std::vector<StateIndex> states{};
  std::int64_t from = 0;
  std::optional<std::int64_t> until{};  ///< default the horizon
  double level = 0;
};

[[nodiscard]] inline bool runs_at(const SpendStream& stream, std::int64_t t) {
  return t >= stream.from && (!stream.until || t < *stream.until);
}

struct Chain {
  Horizon horizon = infinite_horizon;
  double discount_factor = 1;  ///< d, per period
  CashFlowTiming cash_flow_timing = CashFlowTiming::start;
  std::vector<Stage> stages{};  ///< by state

  Pattern transitions{};
  Timeline<std::vector<double>> probability{};           ///< by entry of `transitions`; each state's sum to 1
  Timeline<std::vector<double>> transition_cash_flow{};  ///< by entry of `transitions`; at the end of the period
  Timeline<std::vector<double>> cash_flow{};             ///< by state; at start, middle or end, as timed
  Timeline<std::vector<double>> spend{};                 ///< by state, per person; at the start of the period
  Pattern referrals{};
  Timeline<std::vector<double>> referral_rate{};         ///< by entry of `referrals`; they enter one period later

  std::vector<ArrivalGroup> arrivals{};
  std::uint32_t channels = 0;
  std::vector<SpendStream> spend_streams{};  ///< the same spend as in `spend`, by what it is for, and that per period

  [[nodiscard]] std::size_t states() const { return stages.size(); }
  [[nodiscard]] bool has_referrals() const { return referrals.entries() > 0; }
};

/// From which period on, and with which cycle, everything but the arrivals repeats.
struct Repetition {
  std::size_t from = 0;
  std::size_t cycle = 1;
};

[[nodiscard]] inline Repetition repetition(const Chain& chain) {
  Repetition common;
  const auto include = [&](const auto& timeline) {
    common.from = std::max(common.from, timeline.repeats_from());
    common.cycle = std::lcm(common.cycle, timeline.cycle());
  };
  include(chain.probability);
  include(chain.transition_cash_flow);
  include(chain.cash_flow);
  include(chain.spend);
  include(chain.referral_rate);
  return common;
}

/// Spend that falls on nobody in particular at the start of period t, S_t.
[[nodiscard]] inline double spend_per_period(const Chain& chain, std::int64_t t) {
  double total = 0;
  for (const SpendStream& stream : chain.spend_streams) {
    if (!stream.per_person && runs_at(stream, t)) total += stream.level;
  }
  return total;
}

}  // namespace tenure
