#pragma once
// One replicate: the whole business once, period by period. Who arrives joins the counts, states and levers have their
// money, everybody moves, and whoever was brought enters with the next period. The cost does not depend on how many
// people there are.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/detail/event_draw.hpp"
#include "tenure/engine/detail/population/binomial.hpp"
#include "tenure/engine/detail/population/expectation.hpp"
#include "tenure/engine/detail/population/plan.hpp"
#include "tenure/engine/detail/population/poisson.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/quantity/detail/rank.hpp"
#include "tenure/quantity/elementary.hpp"

namespace tenure::detail {

/// The money of one period of one replicate.
struct PeriodMoney {
  double cash_flow = 0;             ///< undiscounted: states and transitions, before spend
  double discounted_cash_flow = 0;  ///< net of spend
  double spend = 0;                 ///< undiscounted
};

class Replicate {
 public:
  Replicate(const PopulationPlan& plan, StreamKey key)
      : plan_{&plan},
        key_{key},
        now_(places_of(plan.chain)),
        next_(places_of(plan.chain)),
        people_(plan.chain.states()) {}

  void begin(std::uint32_t replicate) {
    replicate_ = replicate;
    regime_ = plan_->chain.market.start;
    std::fill(next_.begin(), next_.end(), 0.0);
    equity_ = {};
    investment_ = {};
  }

  /// Lives through period t, after all periods before it. What it leaves behind can be read until the next one.
  void live(std::int64_t t) {
    std::swap(now_, next_);
    std::fill(next_.begin(), next_.end(), 0.0);
    if (t > 0 && plan_->chain.regimes() > 1) move_market(t);
    arrive(t);
    count_people();
    refuse_a_crowd();
    const double moved = move(t);
    bring(t);
    settle(t, moved);
  }

  [[nodiscard]] const std::vector<double>& people() const { return people_; }  ///< at the start of the period, by state
  [[nodiscard]] const PeriodMoney& money() const { return money_; }
  [[nodiscard]] double customer_equity() const { return equity_.value(); }
  [[nodiscard]] double investment() const { return investment_.value(); }

 private:
  [[nodiscard]] Rank rank(std::uint64_t address, std::int64_t t) const {
    return rank_of(
        first_64_bits(random_block(key_, {address, replicate_, Purpose::population, static_cast<std::uint32_t>(t)})));
  }

  /// The market's regime of period t, from that before it: one draw for everybody.
  void move_market(std::int64_t t) {
    const std::uint64_t bits =
        first_64_bits(random_block(key_, {0, replicate_, Purpose::market, static_cast<std::uint32_t>(t)}));
    double left = unit_interval(bits);
    const std::vector<double>& row = plan_->chain.market.matrix[regime_];
    std::size_t last = regime_;
    for (std::size_t e = 0; e < row.size(); ++e) {
      if (!(row[e] > 0)) continue;
      last = e;
      if (left < row[e]) break;
      left -= row[e];
    }
    regime_ = last;
  }

  /// What n events of one law bring above their mean.
  [[nodiscard]] double deviation(const EventLaw& law, double count, Purpose purpose, std::uint64_t which,
                                 std::int64_t t) const {
    if (law.sd == 0 || count == 0) return 0;
    constexpr std::uint32_t blocks_of_period = 128;
    return deviation_of_events(
        law, count, StreamEngine{key_, {which, replicate_, purpose, static_cast<std::uint32_t>(t) * blocks_of_period}});
  }

  [[nodiscard]] double expected(const ArrivalDraw& draw) const {
    const std::vector<double>& factor = plan_->chain.arrivals[draw.group].factor_in_regime;
    return factor.empty() ? draw.expected : draw.expected * factor[regime_];
  }

  void arrive(std::int64_t t) {
    const auto period = static_cast<std::size_t>(t);
    const std::size_t end = plan_->arrivals.first[period + 1];
    for (std::size_t k = plan_->arrivals.first[period]; k < end;) {
      const ArrivalDraw& draw = plan_->arrivals.draws[k];
      if (draw.by_chance) {
        const double mean = expected(draw);
        if (mean > 0) now_[entry_place(plan_->chain, draw.state)] += poisson_quantile(mean, rank(draw.address, t));
        ++k;
      } else {
        k = arrive_once(t, k, end);
      }
    }
  }

  /// As many people as is said, a fraction of one by chance, divided among their kinds by chance.
  [[nodiscard]] std::size_t arrive_once(std::int64_t t, std::size_t first, std::size_t end) {
    const std::vector<ArrivalDraw>& draws = plan_->arrivals.draws;
    std::size_t last = first;
    double all = expected(draws[first]);
    while (last + 1 < end && draws[last + 1].same_people) all += expected(draws[++last]);
    double left = all > 0 ? rounded_by_chance(all, rank(draws[first].address, t)) : 0;
    for (std::size_t k = first; k < last && left > 0; ++k) {
      const double share = std::min(1.0, expected(draws[k]) / all);
      const std::uint64_t address = address_of(CountOf::arriving, 1, draws[k].group);
      const double people = share > 0 ? binomial_quantile(left, chance_of(share, 1 - share), rank(address, t)) : 0;
      now_[entry_place(plan_->chain, draws[k].state)] += people;
      left -= people;
      all -= expected(draws[k]);
    }
    now_[entry_place(plan_->chain, draws[last].state)] += left;
    return last + 1;
  }

  /// The whole part, and one more with the probability of what is left.
  [[nodiscard]] static double rounded_by_chance(double expected, const Rank& draws) {
    const double whole = std::floor(expected);
    return whole + (draws.above() < expected - whole ? 1 : 0);
  }

  void count_people() {
    if (plan_->chain.dwells.empty()) {
      people_ = now_;
      return;
    }
    for (std::size_t i = 0; i < people_.size(); ++i) {
      people_[i] = 0;
      for (std::size_t place = plan_->chain.dwells.first_place[i]; place < plan_->chain.dwells.first_place[i + 1];
           ++place) {
        people_[i] += now_[place];
      }
    }
  }

  /// So that every count, and every sum of counts, is a whole number to the last person.
  void refuse_a_crowd() const {
    double everybody = 0;
    for (const double in_state : people_) everybody += in_state;
    if (!(everybody <= people_counted)) refuse_crowd();
  }

  /// How many leave a state; the others stay in it, a period older.
  [[nodiscard]] double leaving(std::size_t state, std::int64_t t) {
    const Dwells& dwells = plan_->chain.dwells;
    if (dwells.empty()) return people_[state];
    const std::vector<Chance>& chances = plan_->leaving[dwells.hazard.place(plan_->chain.epoch(t, regime_))];
    const std::size_t end = dwells.first_place[state + 1];
    double leaving = 0;
    for (std::size_t place = dwells.first_place[state]; place < end; ++place) {
      if (now_[place] == 0) continue;
      const Chance& chance = chances[place];
      const bool certain = chance.p == 0;  // of the smaller of leaving and staying
      const double leave = certain ? (chance.mirrored ? now_[place] : 0)
                                   : binomial_quantile(now_[place], chance, rank(address_of_leaving(place), t));
      leaving += leave;
      next_[place + 1 < end ? place + 1 : place] += now_[place] - leave;
    }
    return leaving;
  }

  /// Draws everybody's move and returns the moves' cash flow.
  [[nodiscard]] double move(std::int64_t t) {
    const Chain& chain = plan_->chain;
    const std::int64_t epoch = chain.epoch(t, regime_);
    const DrawnRows& rows = plan_->rows[chain.probability.place(epoch)];
    const double* amount = chain.transition_cash_flow.at(epoch).data();
    const std::vector<EventLaw>& events = chain.transition_events.at(epoch);
    double cash = 0;
    const auto take = [&](StateIndex to, std::uint32_t entry, double movers) {
      next_[entry_place(chain, to)] += movers;
      cash += movers * amount[entry];
      if (!events.empty()) cash += deviation(events[entry], movers, Purpose::transition_amount, entry, t);
    };
    for (std::size_t i = 0; i < people_.size(); ++i) {
      if (people_[i] == 0) continue;
      double left = leaving(i, t);
      for (std::size_t k = rows.first[i]; left > 0 && k < rows.first[i + 1]; ++k) {
        const MoveDraw& draw = rows.draws[k];
        const double movers = binomial_quantile(left, draw.chance, rank(draw.address, t));
        take(draw.to, draw.entry, movers);
        left -= movers;
      }
      take(rows.last[i].to, rows.last[i].entry, left);
    }
    return cash;
  }

  /// Those who are brought, each by chance alone: the sum of many Poisson numbers is one.
  void bring(std::int64_t t) {
    const Chain& chain = plan_->chain;
    if (!chain.has_referrals() || t + 1 == plan_->periods) return;
    const double* rate = chain.referral_rate.at(chain.epoch(t, regime_)).data();
    for (StateIndex i = 0; i < people_.size(); ++i) {
      if (people_[i] == 0) continue;
      for (std::uint32_t k = chain.referrals.first[i]; k < chain.referrals.first[i + 1]; ++k) {
        const double expected = people_[i] * rate[k];
        if (!(expected <= people_counted)) refuse_crowd();
        const StateIndex to = chain.referrals.successor[k];
        if (expected > 0)
          next_[entry_place(chain, to)] += poisson_quantile(expected, rank(address_of(CountOf::referred, i, to), t));
      }
    }
  }

  void settle(std::int64_t t, double moved) {
    const std::int64_t epoch = plan_->chain.epoch(t, regime_);
    const double* cash_flow = plan_->chain.cash_flow.at(epoch).data();
    const double* spend = plan_->chain.spend.at(epoch).data();
    const std::vector<EventLaw>& events = plan_->chain.state_events.at(epoch);
    double in_states = 0;
    money_.spend = spend_per_period(plan_->chain, t);
    for (std::size_t i = 0; i < people_.size(); ++i) {
      in_states += people_[i] * cash_flow[i];
      if (!events.empty()) in_states += deviation(events[i], people_[i], Purpose::state_amount, i, t);
      money_.spend += people_[i] * spend[i];
    }
    const double discount = plan_->discount[static_cast<std::size_t>(t)];
    money_.cash_flow = in_states + moved;
    money_.discounted_cash_flow =
        discount * (plan_->within * in_states + plan_->chain.discount_factor * moved - money_.spend);
    refuse_unless_summable(money_.cash_flow, money_.discounted_cash_flow, money_.spend);
    equity_.add(money_.discounted_cash_flow);
    investment_.add_product(discount, money_.spend);
  }

  const PopulationPlan* plan_;
  StreamKey key_;
  std::uint32_t replicate_ = 0;
  std::size_t regime_ = 0;
  std::vector<double> now_;  ///< by place
  std::vector<double> next_;
  std::vector<double> people_;  ///< by state
  PeriodMoney money_{};
  CompensatedSum equity_{};
  CompensatedSum investment_{};
};

}  // namespace tenure::detail
