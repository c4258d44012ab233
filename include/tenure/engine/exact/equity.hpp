#pragma once
// Customer equity over a finite horizon and nothing else: one sweep back of the value of a person with all whom they
// bring, W of docs/semantics.md, and of what is still to come to the business,
//
//   G_t = Σ_i n_t(i) W_t(i) - S_t + d G_{t+1},    G_T = 0,    customer equity = G_0,
//
// with the market in each of its regimes. No moments, no trace, no head counts, and plain sums: it agrees with
// exact_value() to about 1e-13 of the amounts that are added up.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/exact/accounts.hpp"
#include "tenure/engine/exact/person.hpp"
#include "tenure/engine/exact/work.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

/// Values at the start of a period with the market in one regime.
struct EquityLayer {
  std::vector<double> value{};  ///< W, by place
  double to_come = 0;           ///< G
};

class EquitySweep {
 public:
  explicit EquitySweep(const Chain& chain)
      : chain_{chain},
        within_{discount_within_period(chain.discount_factor, chain.cash_flow_timing)},
        now_(chain.regimes(), EquityLayer{std::vector<double>(places_of(chain)), 0}),
        before_{now_} {
    if (now_.size() > 1) following_ = now_.front();
  }

  void step_back(std::int64_t t) {
    const double spend = spend_per_period(chain_, t);
    for (std::size_t e = 0; e < now_.size(); ++e) {
      const EquityLayer& next = what_follows(e);
      values_before(chain_.moment(t, e), next, before_[e]);
      double come = chain_.discount_factor * next.to_come - spend;
      for (const ArrivalGroup& group : chain_.arrivals) {
        come += people_arriving(group, t, e) * before_[e].value[entry_place(chain_, group.state)];
      }
      before_[e].to_come = come;
    }
    std::swap(now_, before_);
  }

  [[nodiscard]] double equity() const { return now_[chain_.market.start].to_come; }

 private:
  [[nodiscard]] const EquityLayer& what_follows(std::size_t regime) {
    if (now_.size() == 1) return now_.front();
    following_.value.assign(following_.value.size(), 0);
    following_.to_come = 0;
    for (std::size_t to = 0; to < now_.size(); ++to) {
      const double p = chain_.market.matrix[regime][to];
      if (p == 0) continue;
      for (std::size_t place = 0; place < following_.value.size(); ++place) {
        following_.value[place] += p * now_[to].value[place];
      }
      following_.to_come += p * now_[to].to_come;
    }
    return following_;
  }

  void values_before(std::int64_t moment, const EquityLayer& next, EquityLayer& layer) const {
    const double* probability = chain_.probability.at(moment).data();
    const double* of_move = chain_.transition_cash_flow.at(moment).data();
    const double* in_state = chain_.cash_flow.at(moment).data();
    const double* spend = chain_.spend.at(moment).data();
    const double* rate = chain_.referral_rate.at(moment).data();
    const double* hazard = chain_.dwells.empty() ? nullptr : chain_.dwells.hazard.at(moment).data();
    const double d = chain_.discount_factor;
    for (std::size_t i = 0; i < chain_.states(); ++i) {
      double move = 0;
      for (std::uint32_t k = chain_.transitions.first[i]; k < chain_.transitions.first[i + 1]; ++k) {
        move += probability[k] * (of_move[k] + next.value[entry_place(chain_, chain_.transitions.successor[k])]);
      }
      double brought = 0;
      for (std::uint32_t k = chain_.referrals.first[i]; k < chain_.referrals.first[i + 1]; ++k) {
        brought += rate[k] * next.value[entry_place(chain_, chain_.referrals.successor[k])];
      }
      const double here = within_ * in_state[i] - spend[i];
      if (hazard == nullptr) {
        layer.value[i] = here + d * (move + brought);
        continue;
      }
      const std::size_t end = chain_.dwells.first_place[i + 1];
      for (std::size_t place = chain_.dwells.first_place[i]; place < end; ++place) {
        const double stay = next.value[place + 1 < end ? place + 1 : place];
        layer.value[place] = here + d * (hazard[place] * move + (1 - hazard[place]) * stay + brought);
      }
    }
  }

  const Chain& chain_;
  double within_;
  std::vector<EquityLayer> now_;
  std::vector<EquityLayer> before_;
  EquityLayer following_{};
};

[[nodiscard]] inline double equity_over(const Chain& chain, std::int64_t horizon, const Interrupted& interrupted) {
  refuse_long_work(chain, horizon);
  EquitySweep sweep{chain};
  const std::int64_t between_questions = periods_between_questions(chain);
  for (std::int64_t t = horizon; t-- > 0;) {
    if (t % between_questions == 0) heed(interrupted);
    sweep.step_back(t);
  }
  if (!std::isfinite(sweep.equity())) refuse_overflow();
  return sweep.equity();
}

}  // namespace tenure::detail
