#pragma once
// What the engines read: a Markov chain with rewards, in flat numbers without names. Rows are sparse and share one
// pattern over all periods; what changes with time is kept in timelines, so that a chain constant in time holds one set
// of rows however long its horizon.
//
// People may be of several kinds, who move in chains of their own: these stand beside each other, state s of kind k at
// k·(states of one kind) + s, and only referrals lead from one to another. A state may last by its own law, kept as
// hazards by the time spent in it. And there may be a market that all share, in one of several regimes: timelines then
// run through moments, period by period and within it regime by regime.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "tenure/chain/timeline.hpp"
#include "tenure/quantity/discounting.hpp"
#include "tenure/quantity/law.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/period.hpp"
#include "tenure/quantity/stage.hpp"

namespace tenure {

/// The number of a state in a chain, from 0.
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
  std::uint32_t channel = 0;    ///< groups of one channel are reported together
  std::vector<double> count{};  ///< empty: nobody
  double growth_factor = 1;
  std::vector<double> factor_in_regime{};  ///< times this, by the market's regime; empty: 1
  bool same_people = false;  ///< as the group before, of another kind: of which kind each of them is is chance
};

/// How many people of a group arrive at the start of period t.
[[nodiscard]] inline double people_arriving(const ArrivalGroup& group, std::int64_t t) {
  if (group.count.empty()) return 0;
  const auto last = static_cast<std::int64_t>(group.count.size()) - 1;
  if (t <= last) return group.count[static_cast<std::size_t>(t)];
  if (group.growth_factor == 1) return group.count.back();
  return group.count.back() * power(DoubleDouble{group.growth_factor}, static_cast<double>(t - last));
}

/// Whether a group's people arrive in more than one period: then they are a stream, and its numbers are means.
[[nodiscard]] inline bool is_stream(const ArrivalGroup& group, std::int64_t periods) {
  int seen = 0;
  const auto listed = std::min(periods, static_cast<std::int64_t>(group.count.size()) + 1);
  for (std::int64_t t = 0; t < listed && seen < 2; ++t) seen += people_arriving(group, t) > 0 ? 1 : 0;
  return seen > 1;
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

/// Whether money is spent in period t.
[[nodiscard]] inline bool runs_at(const SpendStream& stream, std::int64_t t) {
  return t >= stream.from && (!stream.until || t < *stream.until);
}

/// The market: a Markov chain of its own, the same for everyone and independent of them.
struct Market {
  std::size_t start = 0;                           ///< the regime of period 0
  std::vector<std::vector<double>> matrix{{1.0}};  ///< per period; rows sum to 1
  [[nodiscard]] std::size_t regimes() const { return matrix.size(); }
  bool operator==(const Market&) const = default;
};

/// People whose numbers are the same: those of a segment, or some of them where numbers differ from person to person.
struct CustomerType {
  std::uint32_t segment = 0;
  double share = 1;       ///< of all people who arrive in the segments' own shares; all kinds' sum to 1
  double of_segment = 1;  ///< share of its segment's people, who may come by a mix alone and have a share of 0 above
};

/// How a cash flow spreads around its mean from event to event.
struct EventLaw {
  DistributionKind kind = DistributionKind::fixed;
  double mean = 0;  ///< of the law: what levers add to a cash flow shifts it and leaves its spread
  double sd = 0;
  bool operator==(const EventLaw&) const = default;
};

/// A cash flow or referral rate of which every person has their own, for life, where persons are drawn one by one: its
/// law, and what one standard deviation of it is worth in each epoch. One of the three timelines has entries.
struct OwnAmount {
  EventLaw law{};
  Timeline<std::vector<double>> cash_flow{};             ///< by state
  Timeline<std::vector<double>> transition_cash_flow{};  ///< by entry of the transitions
  Timeline<std::vector<double>> referral_rate{};         ///< by entry of the referrals
};

/// How long states last. Those of state i in which the time so far matters have their ages 0, 1, … at the places from
/// first_place[i] on; all others have one place. At an age beyond the last, the last goes on.
struct Dwells {
  std::vector<std::uint32_t> first_place{};  ///< by state, with the number of all places at its end; empty: no dwells
  Timeline<std::vector<double>> hazard{};    ///< by place: the probability of leaving at the end of the period
  [[nodiscard]] bool empty() const { return first_place.empty(); }
};

/// A Markov chain with rewards in numbers, all that engines read.
struct Chain {
  Horizon horizon = infinite_horizon;
  double discount_factor = 1;  ///< d, per period
  CashFlowTiming cash_flow_timing = CashFlowTiming::start;
  std::vector<Stage> stages{};                      ///< by state
  std::vector<CustomerType> types{CustomerType{}};  ///< in the order of their segments
  bool types_by_moments = false;  ///< some kinds stand for the first three moments of their people's amounts alone
  std::vector<OwnAmount> own_amounts{};  ///< instead of such kinds, in the chains that persons are drawn in
  Market market{};

  Pattern transitions{};
  Timeline<std::vector<double>> probability{};           ///< by entry of `transitions`; each state's sum to 1
  Timeline<std::vector<double>> transition_cash_flow{};  ///< by entry of `transitions`; at the end of the period
  Timeline<std::vector<double>> cash_flow{};             ///< by state; at start, middle or end, as timed
  Timeline<std::vector<double>> spend{};                 ///< by state, per person; at the start of the period
  Timeline<std::vector<EventLaw>> state_events{};        ///< of cash_flow, by state; empty where none varies
  Timeline<std::vector<EventLaw>> transition_events{};   ///< of transition_cash_flow, by entry; empty where none varies
  Dwells dwells{};                                       ///< its rows say where to when a sojourn ends
  Pattern referrals{};
  Timeline<std::vector<double>> referral_rate{};  ///< by entry of `referrals`; they enter one period later

  std::vector<ArrivalGroup> arrivals{};
  std::uint32_t channels = 0;
  std::vector<SpendStream> spend_streams{};  ///< the same spend as in `spend`, by what it is for, and that per period

  [[nodiscard]] std::size_t states() const { return stages.size(); }
  [[nodiscard]] std::size_t states_of_a_type() const { return states() / types.size(); }
  [[nodiscard]] std::size_t segments() const { return types.back().segment + std::size_t{1}; }
  [[nodiscard]] const CustomerType& type_of(std::size_t state) const { return types[state / states_of_a_type()]; }
  [[nodiscard]] std::size_t segment_of(std::size_t state) const { return type_of(state).segment; }
  [[nodiscard]] std::size_t regimes() const { return market.regimes(); }
  /// Where timelines keep period t in a regime of the market.
  [[nodiscard]] std::int64_t epoch(std::int64_t t, std::size_t regime) const {
    return t * static_cast<std::int64_t>(regimes()) + static_cast<std::int64_t>(regime);
  }
  [[nodiscard]] bool has_events() const {
    return !state_events.distinct().front().empty() || !transition_events.distinct().front().empty();
  }
  [[nodiscard]] bool has_referrals() const { return referrals.entries() > 0; }
};

/// The same in one regime of the market.
[[nodiscard]] inline double people_arriving(const ArrivalGroup& group, std::int64_t t, std::size_t regime) {
  const double people = people_arriving(group, t);
  return group.factor_in_regime.empty() ? people : people * group.factor_in_regime[regime];
}

/// Probabilities of the regimes one period later.
[[nodiscard]] inline std::vector<double> after(const Market& market, const std::vector<double>& likely) {
  std::vector<double> next(market.regimes());
  for (std::size_t from = 0; from < next.size(); ++from) {
    for (std::size_t to = 0; to < next.size(); ++to) next[to] += likely[from] * market.matrix[from][to];
  }
  return next;
}

/// Probabilities of the regimes in periods 0 … periods - 1.
[[nodiscard]] inline std::vector<std::vector<double>> market_course(const Market& market, std::size_t periods) {
  std::vector<double> likely(market.regimes());
  likely[market.start] = 1;
  std::vector<std::vector<double>> course;
  for (std::size_t t = 0; t < periods; ++t) {
    course.push_back(likely);
    if (market.regimes() > 1) likely = after(market, likely);
  }
  return course;
}

/// From which period on, and with which cycle, everything but the arrivals repeats.
struct Repetition {
  std::size_t from = 0;
  std::size_t cycle = 1;
};

/// The repetition that all timelines of a chain have in common.
[[nodiscard]] inline Repetition repetition(const Chain& chain) {
  Repetition common;
  const std::size_t regimes = chain.regimes();
  const auto include = [&](const auto& timeline) {
    common.from = std::max(common.from, timeline.repeats_from() / regimes);
    common.cycle = std::lcm(common.cycle, std::max<std::size_t>(1, timeline.cycle() / regimes));
  };
  include(chain.probability);
  include(chain.transition_cash_flow);
  include(chain.cash_flow);
  include(chain.spend);
  include(chain.referral_rate);
  include(chain.state_events);
  include(chain.transition_events);
  include(chain.dwells.hazard);
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
