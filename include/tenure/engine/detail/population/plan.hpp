#pragma once
// A chain made ready for drawing counts. A row becomes a sequence of binomial draws (the conditional method for the
// multinomial law; Davis 1993): how many of those who are left take the first move, how many of the rest the second,
// and so on. Whoever takes none of them stays, or takes the row's last move where nobody can stay. The order is the
// same in every period and every scenario of a model, and each draw has an address of its own, so that a change of one
// row leaves the draws of all others as it was.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/detail/population/binomial.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/quantity/detail/memory.hpp"
#include "tenure/quantity/discounting.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

/// What a count is of. Together with two states, or with an arrival group, it makes the `person` of a draw's address.
enum class CountOf : std::uint8_t { movers = 0, referred = 1, arriving = 2, leaving = 3 };

inline constexpr std::uint64_t states_addressed = std::uint64_t{1} << 20;
static_assert(limits::states <= states_addressed);

[[nodiscard]] constexpr std::uint64_t address_of(CountOf what, std::uint64_t from, std::uint64_t to) {
  return (std::uint64_t{static_cast<std::uint8_t>(what)} << 40) | (from << 20) | to;
}
/// Of those who leave at one place: a state and the time spent in it.
[[nodiscard]] constexpr std::uint64_t address_of_leaving(std::uint64_t place) {
  return (std::uint64_t{static_cast<std::uint8_t>(CountOf::leaving)} << 40) | place;
}

/// Those who take one of a state's moves, of those who have not taken an earlier one.
struct MoveDraw {
  Chance chance{};
  std::uint64_t address = 0;
  StateIndex to = 0;
  std::uint32_t entry = 0;  ///< of the chain's transitions
};

/// Where those go who have taken none of the draws.
struct LastMove {
  StateIndex to = 0;
  std::uint32_t entry = 0;
};

/// All rows of one period; those of state i are draws[first[i]] … draws[first[i + 1] - 1], then last[i].
struct DrawnRows {
  std::vector<std::size_t> first{0};
  std::vector<MoveDraw> draws{};
  std::vector<LastMove> last{};
};

/// A state's possible entries in the order in which they are drawn: staying is last.
[[nodiscard]] inline std::vector<std::uint32_t> order_of_draws(const Chain& chain,
                                                               const std::vector<double>& probability,
                                                               StateIndex state) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t k = chain.transitions.first[state]; k < chain.transitions.first[state + 1]; ++k) {
    if (probability[k] > 0) order.push_back(k);
  }
  std::stable_partition(order.begin(), order.end(),
                        [&](std::uint32_t k) { return chain.transitions.successor[k] != state; });
  return order;
}

inline void append_row(const Chain& chain, const std::vector<double>& probability, StateIndex state, DrawnRows& rows) {
  const std::vector<std::uint32_t> order = order_of_draws(chain, probability, state);
  if (order.empty()) {
    throw ModelError{{{"row-sum",
                       "",
                       "nothing can happen to those in state " + std::to_string(state),
                       "give each state moves whose probabilities sum to 1",
                       {}}}};
  }
  const std::size_t begin = rows.draws.size();
  DoubleDouble rest{0};
  for (std::size_t place = order.size(); place-- > 0;) {
    const std::uint32_t k = order[place];
    const StateIndex to = chain.transitions.successor[k];
    const DoubleDouble from_here = rest + DoubleDouble{probability[k]};
    if (place + 1 < order.size()) {
      const double p = (DoubleDouble{probability[k]} / from_here).rounded();
      const double q = (rest / from_here).rounded();
      rows.draws.push_back({chance_of(p, q), address_of(CountOf::movers, state, to), to, k});
    } else {
      rows.last.push_back({to, k});
    }
    rest = from_here;
  }
  std::reverse(rows.draws.begin() + static_cast<std::ptrdiff_t>(begin), rows.draws.end());
  rows.first.push_back(rows.draws.size());
}

[[nodiscard]] inline DrawnRows drawn_rows(const Chain& chain, const std::vector<double>& probability) {
  DrawnRows rows;
  for (StateIndex i = 0; i < chain.states(); ++i) append_row(chain, probability, i, rows);
  return rows;
}

/// People who arrive in one state at the start of one period.
struct ArrivalDraw {
  std::uint64_t address = 0;
  StateIndex state = 0;
  bool by_chance = true;  ///< Poisson; otherwise as many as expected, a fraction of a person by chance
  double expected = 0;    ///< but for the market's factor
  std::uint32_t group = 0;
  bool same_people = false;  ///< as the draw before: one number of people, divided by chance
};

/// Those of period t are draws[first[t]] … draws[first[t + 1] - 1].
struct ArrivalPlan {
  std::vector<std::size_t> first{0};
  std::vector<ArrivalDraw> draws{};
};

[[nodiscard]] inline ArrivalPlan arrival_plan(const Chain& chain, std::int64_t periods) {
  std::vector<bool> by_chance;
  for (const ArrivalGroup& group : chain.arrivals) by_chance.push_back(is_stream(group, periods));
  ArrivalPlan plan;
  for (std::int64_t t = 0; t < periods; ++t) {
    bool begun = false;
    for (std::size_t g = 0; g < chain.arrivals.size(); ++g) {
      const ArrivalGroup& group = chain.arrivals[g];
      const double expected = people_arriving(group, t);
      if (!group.same_people) begun = false;
      if (!(expected > 0)) continue;
      plan.draws.push_back({address_of(CountOf::arriving, 0, g), group.state, by_chance[g], expected,
                            static_cast<std::uint32_t>(g), begun && !by_chance[g]});
      begun = true;
    }
    plan.first.push_back(plan.draws.size());
  }
  return plan;
}

/// Everything that replicates share.
struct PopulationPlan {
  Chain chain{};
  std::int64_t periods = 0;
  std::vector<double> discount{};              ///< d^t
  double within = 1;                           ///< from the start of a period to its states' cash flow
  std::vector<DrawnRows> rows{};               ///< by place in the timeline of probabilities
  std::vector<std::vector<Chance>> leaving{};  ///< by place in the timeline of hazards, then by place in states by age
  ArrivalPlan arrivals{};
};

inline void refuse_what_cannot_be_planned(const Chain& chain, std::int64_t periods) {
  if (chain.states() > states_addressed || chain.arrivals.size() > states_addressed) {
    throw LimitError{
        {{"states",
          "",
          "a population has at most " + std::to_string(states_addressed) + " states, and as many groups of arrivals",
          "join states that behave alike",
          {}}}};
  }
  const double entries =
      static_cast<double>(chain.transitions.entries()) * static_cast<double>(chain.probability.distinct().size());
  const double arrivals = static_cast<double>(chain.arrivals.size()) * static_cast<double>(periods);
  const double ages = chain.dwells.empty() ? 0
                                           : static_cast<double>(chain.dwells.first_place.back()) *
                                                 static_cast<double>(chain.dwells.hazard.distinct().size());
  const double bytes = ages * sizeof(Chance) + entries * sizeof(MoveDraw) + arrivals * sizeof(ArrivalDraw) +
                       static_cast<double>(periods) * 16;
  refuse_beyond_memory(bytes, "the rows and arrivals of all periods", "model.horizon",
                       "shorten the horizon or use longer periods");
}

[[nodiscard]] inline PopulationPlan population_plan(const Chain& chain, std::int64_t periods) {
  refuse_what_cannot_be_planned(chain, periods);
  PopulationPlan plan{chain,
                      periods,
                      discount_factors(chain.discount_factor, static_cast<std::size_t>(periods)),
                      discount_within_period(chain.discount_factor, chain.cash_flow_timing),
                      {},
                      {},
                      arrival_plan(chain, periods)};
  for (const std::vector<double>& probability : chain.probability.distinct()) {
    plan.rows.push_back(drawn_rows(chain, probability));
  }
  if (chain.dwells.empty()) return plan;
  for (const std::vector<double>& hazard : chain.dwells.hazard.distinct()) {
    std::vector<Chance>& chances = plan.leaving.emplace_back();
    for (const double h : hazard) chances.push_back(chance_of(h, 1 - h));
  }
  return plan;
}

}  // namespace tenure::detail
