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
#include "tenure/chain/detail/step.hpp"
#include "tenure/engine/detail/exact/accounts.hpp"
#include "tenure/engine/detail/exact/work.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

class EquitySweep {
 public:
  explicit EquitySweep(const Chain& chain)
      : chain_{chain},
        business_{places_of(chain)},
        now_(chain.regimes(), std::vector<double>(business_ + 1)),
        before_{now_} {}

  void step_back(std::int64_t t) {
    const double spend = spend_per_period(chain_, t);
    for (std::size_t e = 0; e < now_.size(); ++e) {
      const std::vector<double>& next = expected_next(chain_.market, e, now_, following_);
      std::vector<double>& before = before_[e];
      detail::step_back(Epoch{chain_, chain_.epoch(t, e)}, next, before);
      double come = chain_.discount_factor * next[business_] - spend;
      for (const ArrivalGroup& group : chain_.arrivals) {
        come += people_arriving(group, t, e) * before[entry_place(chain_, group.state)];
      }
      before[business_] = come;
    }
    std::swap(now_, before_);
  }

  [[nodiscard]] double equity() const { return now_[chain_.market.start][business_]; }

 private:
  const Chain& chain_;
  std::size_t business_;                  ///< where G is: behind W by place
  std::vector<std::vector<double>> now_;  ///< by regime
  std::vector<std::vector<double>> before_;
  std::vector<double> following_{};
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
