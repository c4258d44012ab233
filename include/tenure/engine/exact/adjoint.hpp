#pragma once
// The definition of gradient(): slopes over finite horizons here, those over endless ones in adjoint_for_ever.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/chain_gradient.hpp"
#include "tenure/engine/exact/accounts.hpp"
#include "tenure/engine/exact/adjoint_for_ever.hpp"
#include "tenure/engine/exact/adjoint_step.hpp"
#include "tenure/engine/exact/work.hpp"
#include "tenure/quantity/interruption.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure {

namespace detail {

/// People, and values, by regime and place.
using ByRegime = std::vector<std::vector<double>>;

/// Everyone in a period, or of several.
struct AdjointSweep {
  const Chain& chain;
  std::vector<std::vector<double>> market;  ///< probabilities of the regimes by period
  std::vector<double> discount;             ///< d^t

  AdjointSweep(const Chain& of, std::int64_t horizon)
      : chain{of},
        market{market_course(of.market, static_cast<std::size_t>(horizon))},
        discount{discount_factors(of.discount_factor, static_cast<std::size_t>(horizon))} {}

  [[nodiscard]] ByRegime nobody() const {
    return ByRegime(chain.regimes(), std::vector<double>(places_of(chain), 0.0));
  }
  /// Those who arrive in period t join, discounted to period 0.
  void arrive(std::int64_t t, ByRegime& people) const {
    const auto period = static_cast<std::size_t>(t);
    for (const ArrivalGroup& group : chain.arrivals) {
      for (std::size_t e = 0; e < people.size(); ++e) {
        people[e][entry_place(chain, group.state)] +=
            discount[period] * market[period][e] * people_arriving(group, t, e);
      }
    }
  }
  /// Everyone one period later, before anybody arrives.
  [[nodiscard]] ByRegime step_forward(std::int64_t t, const ByRegime& people) const {
    ByRegime next = nobody();
    if (people.size() == 1) {
      move_people(chain, chain.moment(t, 0), people.front(), next.front());
      return next;
    }
    std::vector<double> moved(places_of(chain));
    for (std::size_t from = 0; from < people.size(); ++from) {
      moved.assign(moved.size(), 0.0);
      move_people(chain, chain.moment(t, from), people[from], moved);
      for (std::size_t to = 0; to < people.size(); ++to) {
        const double p = chain.market.matrix[from][to];
        if (p == 0) continue;
        for (std::size_t place = 0; place < moved.size(); ++place) next[to][place] += p * moved[place];
      }
    }
    return next;
  }
  /// What someone in a regime is worth one period later, over the regimes that may follow.
  [[nodiscard]] std::vector<double> following(std::size_t regime, const ByRegime& worth) const {
    std::vector<double> expected(places_of(chain), 0.0);
    for (std::size_t to = 0; to < worth.size(); ++to) {
      const double p = chain.market.matrix[regime][to];
      if (p == 0) continue;
      for (std::size_t place = 0; place < expected.size(); ++place) expected[place] += p * worth[to][place];
    }
    return expected;
  }
  /// Adds the slopes of one period; `worth` becomes that of its start.
  void step_back(std::int64_t t, const ByRegime& people, ByRegime& worth, ChainGradient& gradient) const {
    ByRegime now = nobody();
    for (std::size_t e = 0; e < worth.size(); ++e) {
      const std::int64_t moment = chain.moment(t, e);
      const std::vector<double> next = worth.size() == 1 ? std::move(worth.front()) : following(e, worth);
      add_slopes(chain, moment, people[e], next, gradient);
      worth_before(chain, moment, next, now[e]);
    }
    worth = std::move(now);
    const auto period = static_cast<std::size_t>(t);
    for (std::size_t g = 0; g < chain.arrivals.size(); ++g) {
      for (std::size_t e = 0; e < worth.size(); ++e) {
        const double each = discount[period] * market[period][e] * factor_in(chain.arrivals[g], e) *
                            worth[e][entry_place(chain, chain.arrivals[g].state)];
        add_arrival_slope(chain.arrivals[g], t, each, gradient.arrivals[g]);
        gradient.value += each * people_arriving(chain.arrivals[g], t);
      }
    }
    add_cost_slopes(chain, t, discount[period], people, gradient);
  }
};

/// How many periods' people are kept at once: all of them, or where that is too much those of one block, the others
/// being walked through once more from where their block begins.
[[nodiscard]] inline std::int64_t periods_kept(const Chain& chain, std::int64_t horizon) {
  constexpr double kept_at_once = 2.0e8;  // bytes
  const double bytes = 8.0 * static_cast<double>(places_of(chain) * chain.regimes());
  if (bytes * static_cast<double>(horizon) <= kept_at_once) return horizon;
  return static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(horizon))));
}

inline void refuse_large_adjoint(const Chain& chain, std::int64_t horizon, std::int64_t kept) {
  const double layers = static_cast<double>(kept) + static_cast<double>(horizon) / static_cast<double>(kept);
  const double bytes = 8.0 * layers * static_cast<double>(places_of(chain) * chain.regimes());
  if (bytes <= static_cast<double>(limits::bytes_of_work)) return;
  throw LimitError{{{"memory",
                     "model.horizon",
                     "the slopes of " + std::to_string(chain.states()) + " states over " + std::to_string(horizon) +
                         " periods would need " + std::to_string(bytes / 1e9) + " GB",
                     "shorten the horizon or use longer periods",
                     {}}}};
}

/// The slopes over a horizon, with the people of `block` periods kept at once.
[[nodiscard]] inline ChainGradient gradient_over(const Chain& chain, std::int64_t horizon, std::int64_t block,
                                                 const Interrupted& interrupted = uninterrupted) {
  ChainGradient gradient = flat_gradient(chain);
  if (horizon == 0) return gradient;
  refuse_large_adjoint(chain, horizon, block);
  refuse_long_work(chain, horizon);
  const AdjointSweep sweep{chain, horizon};
  std::vector<ByRegime> beginnings{sweep.nobody()};  // by block, before anybody arrives
  ByRegime people = beginnings.front();
  const std::int64_t last_block = (horizon - 1) / block * block;
  for (std::int64_t t = 0; t < last_block; ++t) {
    heed(interrupted);
    sweep.arrive(t, people);
    people = sweep.step_forward(t, people);
    if ((t + 1) % block == 0) beginnings.push_back(people);
  }
  ByRegime worth = sweep.nobody();
  for (std::size_t b = beginnings.size(); b-- > 0;) {
    const std::int64_t first = static_cast<std::int64_t>(b) * block;
    const std::int64_t end = std::min(horizon, first + block);
    std::vector<ByRegime> course{std::move(beginnings[b])};
    for (std::int64_t t = first; t < end; ++t) {
      heed(interrupted);
      sweep.arrive(t, course.back());
      if (t + 1 < end) course.push_back(sweep.step_forward(t, course.back()));
    }
    for (std::int64_t t = end; t-- > first;) {
      heed(interrupted);
      sweep.step_back(t, course.back(), worth, gradient);
      course.pop_back();
    }
  }
  return gradient;
}

}  // namespace detail

}  // namespace tenure
