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
#include "tenure/engine/cohort/binomial.hpp"
#include "tenure/engine/cohort/expectation.hpp"
#include "tenure/engine/cohort/plan.hpp"
#include "tenure/engine/cohort/poisson.hpp"
#include "tenure/engine/cohort/rank.hpp"
#include "tenure/engine/stream.hpp"
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
  Replicate(const CohortPlan& plan, StreamKey key)
      : plan_{&plan}, key_{key}, now_(plan.chain.states()), next_(plan.chain.states()) {}

  void begin(std::uint32_t replicate) {
    replicate_ = replicate;
    std::fill(next_.begin(), next_.end(), 0.0);
    equity_ = {};
    investment_ = {};
  }

  /// Lives through period t, after all periods before it. What it leaves behind can be read until the next one.
  void live(std::int64_t t) {
    std::swap(now_, next_);
    std::fill(next_.begin(), next_.end(), 0.0);
    arrive(t);
    refuse_a_crowd();
    const double moved = move(t);
    bring(t);
    settle(t, moved);
  }

  [[nodiscard]] const std::vector<double>& people() const { return now_; }  ///< at the start of the period, by state
  [[nodiscard]] const PeriodMoney& money() const { return money_; }
  [[nodiscard]] double customer_equity() const { return equity_.value(); }
  [[nodiscard]] double investment() const { return investment_.value(); }

 private:
  [[nodiscard]] Rank rank(std::uint64_t address, std::int64_t t) const {
    return rank_of(
        first_64_bits(random_block(key_, {address, replicate_, Purpose::population, static_cast<std::uint32_t>(t)})));
  }

  void arrive(std::int64_t t) {
    const auto period = static_cast<std::size_t>(t);
    for (std::size_t k = plan_->arrivals.first[period]; k < plan_->arrivals.first[period + 1]; ++k) {
      const ArrivalDraw& draw = plan_->arrivals.draws[k];
      const Rank luck = rank(draw.address, t);
      now_[draw.state] +=
          draw.by_chance ? poisson_quantile(draw.expected, luck) : rounded_by_chance(draw.expected, luck);
    }
  }

  /// The whole part, and one more with the probability of what is left.
  [[nodiscard]] static double rounded_by_chance(double expected, const Rank& luck) {
    const double whole = std::floor(expected);
    return whole + (luck.above() < expected - whole ? 1 : 0);
  }

  /// So that every count, and every sum of counts, is a whole number to the last person.
  void refuse_a_crowd() const {
    double everybody = 0;
    for (const double in_state : now_) everybody += in_state;
    if (!(everybody <= people_counted)) refuse_crowd();
  }

  /// Draws everybody's move and returns the moves' cash flow.
  [[nodiscard]] double move(std::int64_t t) {
    const DrawnRows& rows = plan_->rows[plan_->chain.probability.place(t)];
    const double* amount = plan_->chain.transition_cash_flow.at(t).data();
    double cash = 0;
    for (std::size_t i = 0; i < now_.size(); ++i) {
      double left = now_[i];
      for (std::size_t k = rows.first[i]; left > 0 && k < rows.first[i + 1]; ++k) {
        const MoveDraw& draw = rows.draws[k];
        const double movers = binomial_quantile(left, draw.chance, rank(draw.address, t));
        next_[draw.to] += movers;
        cash += movers * amount[draw.entry];
        left -= movers;
      }
      next_[rows.last[i].to] += left;
      cash += left * amount[rows.last[i].entry];
    }
    return cash;
  }

  /// Those who are brought, each by chance alone: the sum of many Poisson numbers is one.
  void bring(std::int64_t t) {
    const Chain& chain = plan_->chain;
    if (!chain.has_referrals() || t + 1 == plan_->periods) return;
    const double* rate = chain.referral_rate.at(t).data();
    for (StateIndex i = 0; i < now_.size(); ++i) {
      if (now_[i] == 0) continue;
      for (std::uint32_t k = chain.referrals.first[i]; k < chain.referrals.first[i + 1]; ++k) {
        const double expected = now_[i] * rate[k];
        if (!(expected <= people_counted)) refuse_crowd();
        const StateIndex to = chain.referrals.successor[k];
        if (expected > 0) next_[to] += poisson_quantile(expected, rank(address_of(CountOf::brought, i, to), t));
      }
    }
  }

  void settle(std::int64_t t, double moved) {
    const double* cash_flow = plan_->chain.cash_flow.at(t).data();
    const double* spend = plan_->chain.spend.at(t).data();
    double in_states = 0;
    money_.spend = spend_per_period(plan_->chain, t);
    for (std::size_t i = 0; i < now_.size(); ++i) {
      in_states += now_[i] * cash_flow[i];
      money_.spend += now_[i] * spend[i];
    }
    const double discount = plan_->discount[static_cast<std::size_t>(t)];
    money_.cash_flow = in_states + moved;
    money_.discounted_cash_flow =
        discount * (plan_->within * in_states + plan_->chain.discount_factor * moved - money_.spend);
    refuse_unless_summable(money_.cash_flow, money_.discounted_cash_flow, money_.spend);
    equity_.add(money_.discounted_cash_flow);
    investment_.add_product(discount, money_.spend);
  }

  const CohortPlan* plan_;
  StreamKey key_;
  std::uint32_t replicate_ = 0;
  std::vector<double> now_;
  std::vector<double> next_;
  PeriodMoney money_{};
  CompensatedSum equity_{};
  CompensatedSum investment_{};
};

}  // namespace tenure::detail
