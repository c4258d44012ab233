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
#include "tenure/chain/detail/step.hpp"
#include "tenure/engine/detail/exact/accounts.hpp"
#include "tenure/engine/detail/exact/adjoint_for_ever.hpp"
#include "tenure/engine/detail/exact/adjoint_step.hpp"
#include "tenure/engine/detail/exact/work.hpp"
#include "tenure/quantity/detail/memory.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

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
      detail::step_forward(Epoch{chain, t}, chain.discount_factor, people.front(), people.front(), next.front());
      return next;
    }
    std::vector<double> moved;
    for (std::size_t e = 0; e < people.size(); ++e) {
      moved.assign(places_of(chain), 0.0);
      detail::step_forward(Epoch{chain, chain.epoch(t, e)}, chain.discount_factor, people[e], people[e], moved);
      spread_next(chain.market, e, moved, next);
    }
    return next;
  }
  /// Adds the gradient of one period; `value` becomes that of its start.
  void step_back(std::int64_t t, const ByRegime& people, ByRegime& value, ChainGradient& gradient) const {
    ByRegime now = nobody();
    std::vector<double> memory;
    for (std::size_t e = 0; e < value.size(); ++e) {
      const std::int64_t epoch = chain.epoch(t, e);
      const std::vector<double>& next = expected_next(chain.market, e, value, memory);
      add_gradient(chain, epoch, people[e], next, gradient);
      detail::step_back<ZeroOutweighs>(Epoch{chain, epoch}, next, now[e]);
    }
    value = std::move(now);
    const auto period = static_cast<std::size_t>(t);
    for (std::size_t g = 0; g < chain.arrivals.size(); ++g) {
      for (std::size_t e = 0; e < value.size(); ++e) {
        const double each = discount[period] * market[period][e] * factor_in(chain.arrivals[g], e) *
                            value[e][entry_place(chain, chain.arrivals[g].state)];
        add_arrival_slope(chain.arrivals[g], t, each, gradient.arrivals[g]);
        gradient.value += each * people_arriving(chain.arrivals[g], t);
      }
    }
    add_cost_gradient(chain, t, discount[period], people, gradient);
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
  refuse_beyond_memory(
      bytes, "the slopes of " + std::to_string(chain.states()) + " states over " + std::to_string(horizon) + " periods",
      "model.horizon", "shorten the horizon or use longer periods");
}

/// The gradient over a horizon, with the people of `block` periods kept at once.
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
  ByRegime value = sweep.nobody();
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
      sweep.step_back(t, course.back(), value, gradient);
      course.pop_back();
    }
  }
  return gradient;
}

}  // namespace tenure::detail
