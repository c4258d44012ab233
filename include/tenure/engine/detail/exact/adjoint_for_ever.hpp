#pragma once
// Slopes over endless horizons. Values in the repeating tail of a chain solve x = r + M x, so that their adjoint, the
// discounted visits of everyone to every state, solves the transposed system y = a + M' y, where a are the discounted
// people who enter; before the tail, people are walked forward and values back. Both are found in the chain without
// ages and regimes (unrolled.hpp); slopes are by the numbers of the chain itself.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/chain_gradient.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/chain/detail/unrolled.hpp"
#include "tenure/engine/detail/exact/accounts.hpp"
#include "tenure/engine/detail/exact/adjoint_step.hpp"
#include "tenure/engine/detail/exact/classes.hpp"
#include "tenure/engine/detail/exact/forever.hpp"
#include "tenure/engine/detail/exact/infinite.hpp"
#include "tenure/engine/detail/exact/infinite_horizon.hpp"

namespace tenure::detail {

/// Something of an unrolled chain in each period up to the end of the first cycle, by unrolled state.
using UnrolledCourse = std::vector<std::vector<double>>;

/// Where money moves, by unknown.
[[nodiscard]] inline std::vector<bool> unknowns_that_earn(const CyclicChain& cyclic) {
  std::vector<bool> earns(cyclic.unknowns());
  for (std::size_t k = 0; k < earns.size(); ++k) {
    earns[k] = money_moves(cyclic.chain, cyclic.period(k / cyclic.states()), k % cyclic.states());
  }
  return earns;
}

/// W in the tail, by unknown; infinite in states outside `states`, to which nobody comes.
[[nodiscard]] inline Eigen::VectorXd value_in_tail(const CyclicChain& cyclic, const std::vector<bool>& states) {
  const std::vector<bool> included = over_cycle(cyclic, states);
  const Eigen::VectorXd reward =
      rewards_over_cycle(cyclic, [&](std::int64_t t, std::size_t i) { return expected_reward(cyclic.chain, t, i); });
  CyclicSystem system{cyclic, cyclic.chain.discount_factor, Counting::with_referrals, included};
  Eigen::VectorXd value = system.solve(reward, unknowns_that_earn(cyclic)).value;
  for (std::size_t k = 0; k < included.size(); ++k) {
    if (!included[k]) value[static_cast<Eigen::Index>(k)] = std::numeric_limits<double>::infinity();
  }
  return value;
}

/// W in every period. Where that of all states diverges, it is that of those in use.
[[nodiscard]] inline UnrolledCourse value_by_period(const CyclicChain& cyclic, const std::vector<bool>& in_use) {
  const std::vector<bool> all(cyclic.states(), true);
  const auto solved = [&] {
    if (in_use == all) return value_in_tail(cyclic, all);
    try {
      return value_in_tail(cyclic, all);
    } catch (const DivergentError&) {
      return value_in_tail(cyclic, in_use);
    }
  };
  const Eigen::VectorXd tail = solved();
  UnrolledCourse value(cyclic.from + cyclic.cycle, std::vector<double>(cyclic.states()));
  for (std::size_t k = 0; k < cyclic.unknowns(); ++k) {
    value[cyclic.from + k / cyclic.states()][k % cyclic.states()] = tail[static_cast<Eigen::Index>(k)];
  }
  for (std::size_t t = cyclic.from; t-- > 0;) {
    step_back<ZeroOutweighs>(Epoch{cyclic.chain, static_cast<std::int64_t>(t)}, value[t + 1], value[t]);
  }
  return value;
}

/// Σ_k x^k: infinite where that does not converge.
[[nodiscard]] inline double geometric_sum(double ratio) {
  return ratio < 1 ? 1 / (1 - ratio) : std::numeric_limits<double>::infinity();
}

/// By how much a cycle's arrivals of a group, discounted, are multiplied over all cycles to come.
[[nodiscard]] inline double over_all_cycles(const CyclicChain& cyclic, const ArrivalGroup& group) {
  const DoubleDouble ratio = DoubleDouble{cyclic.chain.discount_factor} * DoubleDouble{group.growth_factor};
  return geometric_sum(power(ratio, static_cast<double>(cyclic.cycle)));
}

/// Discounted visits in the tail, for so many who enter; infinite where people come to stay and nothing discounts them.
[[nodiscard]] inline Eigen::VectorXd visits_in_tail(const CyclicChain& cyclic, const Eigen::VectorXd& entering,
                                                    const std::vector<bool>& in_use) {
  const double d = cyclic.chain.discount_factor;
  const std::vector<bool> included = over_cycle(cyclic, in_use);
  CyclicSystem system{cyclic, d, Counting::with_referrals, included};
  std::vector<bool> counted = included;
  if (d >= 1) {
    for (const std::vector<std::size_t>& members : closed_classes(graph_of(cyclic, Counting::person_alone))) {
      for (const std::size_t member : members) counted[member] = false;
    }
  }
  const auto solved = [&] {
    try {
      return system.visits(entering, counted);
    } catch (const DivergentError&) {  // those who earn nothing may be brought without end
      counted = system.leading_to(unknowns_that_earn(cyclic));
      return system.visits(entering, counted);
    }
  };
  Eigen::VectorXd visits = solved();
  for (std::size_t k = 0; k < counted.size(); ++k) {
    if (included[k] && !counted[k]) visits[static_cast<Eigen::Index>(k)] = std::numeric_limits<double>::infinity();
  }
  return visits;
}

/// Everyone, discounted: in the periods of the head, and in the phases of the tail all cycles together.
[[nodiscard]] inline UnrolledCourse people_by_period(const CyclicChain& cyclic, const std::vector<bool>& in_use) {
  const Chain& chain = cyclic.chain;
  const std::size_t periods = cyclic.from + cyclic.cycle;
  const std::vector<double> discount = discount_factors(chain.discount_factor, periods);
  UnrolledCourse people(periods, std::vector<double>(cyclic.states(), 0.0));
  for (std::size_t t = 0; t < periods; ++t) {
    const auto period = static_cast<std::int64_t>(t);
    for (const ArrivalGroup& group : chain.arrivals) {
      const double often = t < cyclic.from ? 1 : over_all_cycles(cyclic, group);
      people[t][group.state] += times(discount[t] * people_arriving(group, period), often);
    }
    if (t < cyclic.from) step_forward(Epoch{chain, period}, chain.discount_factor, people[t], people[t], people[t + 1]);
  }
  Eigen::VectorXd entering(static_cast<Eigen::Index>(cyclic.unknowns()));
  for (std::size_t k = 0; k < cyclic.unknowns(); ++k) {
    entering[static_cast<Eigen::Index>(k)] = people[cyclic.from + k / cyclic.states()][k % cyclic.states()];
  }
  if (!entering.allFinite()) refuse_overflow();
  const Eigen::VectorXd visits = visits_in_tail(cyclic, entering, in_use);
  for (std::size_t k = 0; k < cyclic.unknowns(); ++k) {
    people[cyclic.from + k / cyclic.states()][k % cyclic.states()] = visits[static_cast<Eigen::Index>(k)];
  }
  return people;
}

/// Slopes by the numbers of a chain, from the course of its unrolled form.
class FoldedGradient {
 public:
  FoldedGradient(const Chain& chain, const CyclicChain& cyclic) : chain_{chain}, cyclic_{cyclic}, places_{chain} {}

  void add_all(const UnrolledCourse& people, const UnrolledCourse& value, ChainGradient& gradient) const {
    for (std::size_t t = 0; t < people.size(); ++t) {
      const std::size_t next = t + 1 < people.size() ? t + 1 : cyclic_.from;
      const auto period = static_cast<std::int64_t>(t);
      std::vector<std::vector<double>> here;
      for (std::size_t e = 0; e < chain_.regimes(); ++e) {
        here.push_back(of_regime(people[t], e));
        add_gradient(chain_, chain_.epoch(period, e), here.back(), following(value[next], e), gradient);
      }
      add_cost_gradient(chain_, period, 0, here, gradient);
    }
    add_all_arrivals(value, gradient);
  }

 private:
  [[nodiscard]] std::vector<double> of_regime(const std::vector<double>& unrolled, std::size_t regime) const {
    std::vector<double> by_place(places_of(chain_));
    for (std::size_t place = 0; place < by_place.size(); ++place) by_place[place] = unrolled[places_.at(place, regime)];
    return by_place;
  }
  [[nodiscard]] std::vector<double> following(const std::vector<double>& value, std::size_t regime) const {
    if (chain_.regimes() == 1) return of_regime(value, 0);
    std::vector<double> expected(places_of(chain_), 0.0);
    for_each_next(chain_.market, regime, [&](std::size_t to, double p) {
      for (std::size_t place = 0; place < expected.size(); ++place) expected[place] += p * value[places_.at(place, to)];
    });
    return expected;
  }
  /// One more arrives in period t, with the market in each regime so likely; or in the same phase of all cycles to
  /// come.
  void add_arrivals(std::int64_t t, double discount, const std::vector<double>& likely,
                    const std::vector<double>& value, bool in_all_cycles, ChainGradient& gradient) const {
    for (std::size_t g = 0; g < chain_.arrivals.size(); ++g) {
      const ArrivalGroup& group = chain_.arrivals[g];
      const double often = in_all_cycles ? over_all_cycles(cyclic_, group) : 1;
      for (std::size_t e = 0; e < chain_.regimes(); ++e) {
        const double once = discount * likely[e] * factor_in(group, e);
        const double each = times(times(once, value[places_.entry(group.state, e)]), often);
        add_arrival_slope(group, t, each, gradient.arrivals[g]);
        gradient.value += times(each, people_arriving(group, t));
      }
    }
  }
  /// Arrivals one period after the other, until the market has settled or nothing counts any more; then those of all
  /// cycles to come at once.
  void add_all_arrivals(const UnrolledCourse& value, ChainGradient& gradient) const {
    constexpr double settled = 1e-16;
    const std::size_t most = cyclic_.from + periods_that_count(chain_);
    std::vector<double> likely = market_course(chain_.market, 1).front();
    DoubleDouble discount{1};
    double change = chain_.regimes() > 1 ? 1 : 0;
    std::size_t t = 0;
    const auto add = [&](bool in_all_cycles) {
      const std::size_t phase = t < cyclic_.from ? t : cyclic_.from + (t - cyclic_.from) % cyclic_.cycle;
      add_arrivals(static_cast<std::int64_t>(t), discount.rounded(), likely, value[phase], in_all_cycles, gradient);
      discount = discount * DoubleDouble{chain_.discount_factor};
      ++t;
    };
    for (; t < cyclic_.from || (change > settled && t < most);) {
      add(false);
      if (chain_.regimes() == 1) continue;
      const std::vector<double> next = after(chain_.market, likely);
      change = 0;
      for (std::size_t e = 0; e < next.size(); ++e) change = std::max(change, std::abs(next[e] - likely[e]));
      likely = next;
    }
    for (std::size_t phase = 0; phase < cyclic_.cycle; ++phase) add(true);
  }

  const Chain& chain_;
  const CyclicChain& cyclic_;
  UnrolledPlaces places_;
};

/// What is neither finite nor infinite, where infinite slopes of both signs meet, does not exist either.
inline void settle_infinities(ChainGradient& gradient) {
  const auto settle = [](std::vector<double>& derivatives) {
    for (double& slope : derivatives) {
      if (std::isnan(slope)) slope = std::numeric_limits<double>::infinity();
    }
  };
  for (auto* by_epoch : {&gradient.probability, &gradient.staying, &gradient.transition_cash_flow, &gradient.cash_flow,
                         &gradient.spend, &gradient.hazard, &gradient.referral_rate, &gradient.arrivals}) {
    for (std::vector<double>& derivatives : *by_epoch) settle(derivatives);
  }
  settle(gradient.spend_level);
}

[[nodiscard]] inline ChainGradient gradient_for_ever(const Chain& chain, const Interrupted& interrupted) {
  ChainGradient gradient = flat_gradient(chain);
  const Chain plain = unrolled(chain);
  const CyclicChain cyclic = cyclic_of(plain, interrupted);
  const std::vector<bool> in_use = states_in_use(plain);
  const UnrolledCourse value = value_by_period(cyclic, in_use);
  const UnrolledCourse people = people_by_period(cyclic, in_use);
  FoldedGradient{chain, cyclic}.add_all(people, value, gradient);
  for (std::size_t s = 0; s < chain.spend_streams.size(); ++s) {
    const SpendStream& stream = chain.spend_streams[s];
    if (stream.per_person) continue;
    const auto duration = discounted_duration(chain.discount_factor, stream.from, end_of(stream, chain.horizon));
    gradient.spend_level[s] = duration ? -*duration : -std::numeric_limits<double>::infinity();
  }
  settle_infinities(gradient);
  return gradient;
}

}  // namespace tenure::detail
