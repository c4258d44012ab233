#pragma once
// How far the value of the business may be from what is expected, over a finite horizon, without drawing anything.
// Given the market's course, people are independent of each other, so that the variance has two parts (law of total
// variance):
//
//   Var(equity) = E[ Var(equity | market) ] + Var( E[equity | market] ).
//
// The first, chance among people, is proportional to their number. The second is the market's: it does not vanish
// beside the expectation however many people there are. With μ_t(i) the expected value, given the market's course, of a
// person and of all whom they bring, both follow from the means, the covariances C of the μ_t over the market's
// courses, and the expectations v of a person's variance given the course:
//
//   μ_t = r_t + d A_t μ_{t+1},   C_t = d² A_t C'_{t+1} A_tᵀ,   v_t = d² ( Σ q (v' + (o - ō)²) + … ),
//
// where A holds moves and people brought, C' is the covariance over the next regime, and o are the outcomes of a move.
// The business is one more unknown beside the places people are in: G_t = a_t·μ_t + d G_{t+1} for arrivals a_t.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/engine/detail/exact/person.hpp"
#include "tenure/engine/detail/exact/risk_in_reach.hpp"
#include "tenure/engine/exact/value.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

/// Expectations of one period with the market in one regime, by place; the business is the last unknown.
struct RiskLayer {
  Eigen::VectorXd mean{};
  Eigen::MatrixXd covariance{};  ///< over the market's courses; empty without a market
  Eigen::VectorXd variance{};    ///< expected variance given the course, by place
};

/// What may happen to someone at one place: with which probability, bringing what, and where to.
struct MoveOutcome {
  double probability = 0;
  double cash_flow = 0;
  double event_variance = 0;
  Eigen::Index place = 0;
};

/// The layers of all regimes, walked back from the horizon.
class RiskSweep {
 public:
  explicit RiskSweep(const Chain& chain, const Interrupted& interrupted)
      : chain_{chain},
        interrupted_{interrupted},
        places_{static_cast<Eigen::Index>(places_of(chain))},
        has_market_{chain.regimes() > 1} {
    RiskLayer empty{Eigen::VectorXd::Zero(places_ + 1), {}, Eigen::VectorXd::Zero(places_)};
    if (has_market_) empty.covariance = Eigen::MatrixXd::Zero(places_ + 1, places_ + 1);
    layers_.assign(chain.regimes(), empty);
  }

  void step_back(std::int64_t t) {
    std::vector<RiskLayer> before;
    for (std::size_t e = 0; e < layers_.size(); ++e) {
      heed(interrupted_);
      before.push_back(step_back(t, e, what_follows(e)));
    }
    layers_ = std::move(before);
  }

  /// The expected variance, given the market's course, of what those who arrive in a period bring.
  [[nodiscard]] double variance_of_arrivals(std::int64_t t, std::size_t regime) const {
    double sum = 0;
    for (std::size_t first = 0; first < chain_.arrivals.size();) {
      std::size_t end = first + 1;
      while (end < chain_.arrivals.size() && chain_.arrivals[end].same_people) ++end;
      sum += variance_of_people(t, regime, first, end);
      first = end;
    }
    return sum;
  }
  /// Of the business's value over the market's courses.
  [[nodiscard]] double variance_of_market(std::size_t regime) const {
    return has_market_ ? layers_[regime].covariance(places_, places_) : 0;
  }

 private:
  [[nodiscard]] RiskLayer what_follows(std::size_t regime) const {
    if (!has_market_) return layers_.front();
    const std::vector<double>& likely = chain_.market.matrix[regime];
    RiskLayer next{Eigen::VectorXd::Zero(places_ + 1), Eigen::MatrixXd::Zero(places_ + 1, places_ + 1),
                   Eigen::VectorXd::Zero(places_)};
    for (std::size_t e = 0; e < layers_.size(); ++e) next.mean += likely[e] * layers_[e].mean;
    for (std::size_t e = 0; e < layers_.size(); ++e) {
      if (likely[e] == 0) continue;
      const Eigen::VectorXd deviation = layers_[e].mean - next.mean;
      next.covariance += likely[e] * (layers_[e].covariance + deviation * deviation.transpose());
      next.variance += likely[e] * layers_[e].variance;
    }
    return next;
  }

  [[nodiscard]] std::vector<MoveOutcome> outcomes(const Epoch& now, std::size_t state, std::size_t place) const {
    std::vector<MoveOutcome> all;
    const double leaves = now.leaving(place);
    if (leaves < 1) {
      all.push_back({1 - leaves, 0, 0, static_cast<Eigen::Index>(places_in(chain_, state).one_older(place))});
    }
    for (std::uint32_t k = chain_.transitions.first[state]; k < chain_.transitions.first[state + 1]; ++k) {
      all.push_back({leaves * now.probability[k], now.transition_cash_flow[k],
                     moments_of_event(now.transition_events, k).variance,
                     static_cast<Eigen::Index>(entry_place(chain_, chain_.transitions.successor[k]))});
    }
    return all;
  }

  [[nodiscard]] double covariance(const RiskLayer& layer, Eigen::Index a, Eigen::Index b) const {
    return has_market_ ? layer.covariance(a, b) : 0;
  }

  /// Σ q (v' + event + (o - ō)² + C') - qᵀ C' q: what a move adds given the course, in expectation.
  [[nodiscard]] double variance_of_move(const RiskLayer& next, const std::vector<MoveOutcome>& outcomes) const {
    double mean = 0;
    for (const MoveOutcome& outcome : outcomes)
      mean += outcome.probability * (outcome.cash_flow + next.mean[outcome.place]);
    double variance = 0;
    for (const MoveOutcome& one : outcomes) {
      if (one.probability == 0) continue;
      const double deviation = one.cash_flow + next.mean[one.place] - mean;
      double shared = 0;
      for (const MoveOutcome& other : outcomes) shared += other.probability * covariance(next, one.place, other.place);
      variance += one.probability * (next.variance[one.place] + one.event_variance + deviation * deviation +
                                     covariance(next, one.place, one.place) - shared);
    }
    return variance;
  }

  [[nodiscard]] RiskLayer step_back(std::int64_t t, std::size_t regime, const RiskLayer& next) const {
    const Epoch now{chain_, chain_.epoch(t, regime)};
    const double d = now.discount;
    std::vector<Eigen::Triplet<double>> linear;
    RiskLayer layer{Eigen::VectorXd::Zero(places_ + 1), {}, Eigen::VectorXd::Zero(places_)};
    for (std::size_t i = 0; i < chain_.states(); ++i) {
      const double event = now.within * now.within * moments_of_event(now.state_events, i).variance;
      const PlacesOfState places = places_in(chain_, i);
      for (std::size_t place = places.first; place < places.end; ++place) {
        const auto at = static_cast<Eigen::Index>(place);
        const std::vector<MoveOutcome> moves = outcomes(now, i, place);
        double mean = now.earned(i);
        for (const MoveOutcome& move : moves) {
          mean += d * move.probability * (move.cash_flow + next.mean[move.place]);
          linear.emplace_back(at, move.place, d * move.probability);
        }
        double variance = variance_of_move(next, moves);
        for (std::uint32_t k = chain_.referrals.first[i]; k < chain_.referrals.first[i + 1]; ++k) {
          const auto referred = static_cast<Eigen::Index>(entry_place(chain_, chain_.referrals.successor[k]));
          const double rate = now.referral_rate[k];
          mean += d * rate * next.mean[referred];
          variance += rate * (next.variance[referred] + next.mean[referred] * next.mean[referred] +
                              covariance(next, referred, referred));
          linear.emplace_back(at, referred, d * rate);
        }
        layer.mean[at] = mean;
        layer.variance[at] = event + d * d * variance;
      }
    }
    layer.mean[places_] = d * next.mean[places_];
    for (const ArrivalGroup& group : chain_.arrivals) {
      layer.mean[places_] +=
          people_arriving(group, t, regime) * layer.mean[static_cast<Eigen::Index>(entry_place(chain_, group.state))];
    }
    if (has_market_) layer.covariance = carried_back(t, regime, linear, next.covariance);
    return layer;
  }

  /// d² B C Bᵀ, with the business's row: its arrivals', and its own.
  [[nodiscard]] Eigen::MatrixXd carried_back(std::int64_t t, std::size_t regime,
                                             const std::vector<Eigen::Triplet<double>>& linear,
                                             const Eigen::MatrixXd& covariance) const {
    using Rows = Eigen::SparseMatrix<double, Eigen::RowMajor>;
    Rows step(places_ + 1, places_ + 1);
    std::vector<Eigen::Triplet<double>> entries = linear;
    entries.emplace_back(places_, places_, chain_.discount_factor);
    step.setFromTriplets(entries.begin(), entries.end());
    Rows arriving(places_ + 1, places_ + 1);
    std::vector<Eigen::Triplet<double>> joined;
    for (Eigen::Index k = 0; k <= places_; ++k) joined.emplace_back(k, k, 1);
    for (const ArrivalGroup& group : chain_.arrivals) {
      joined.emplace_back(places_, static_cast<Eigen::Index>(entry_place(chain_, group.state)),
                          people_arriving(group, t, regime));
    }
    arriving.setFromTriplets(joined.begin(), joined.end());
    const Rows whole = arriving * step;
    const Eigen::MatrixXd half = whole * covariance;
    return whole * half.transpose();
  }

  /// Groups [first, end) are the same people, of different kinds. A stream's numbers are Poisson; those who arrive once
  /// are as many as is said, a fraction of a person by chance, and of which kind each is is chance.
  [[nodiscard]] double variance_of_people(std::int64_t t, std::size_t regime, std::size_t first,
                                          std::size_t end) const {
    const RiskLayer& layer = layers_[regime];
    std::vector<double> count;
    std::vector<Eigen::Index> place;
    double people = 0;
    for (std::size_t g = first; g < end; ++g) {
      count.push_back(people_arriving(chain_.arrivals[g], t, regime));
      place.push_back(static_cast<Eigen::Index>(entry_place(chain_, chain_.arrivals[g].state)));
      people += count.back();
    }
    if (people == 0) return 0;
    double mean = 0;
    for (std::size_t g = 0; g < count.size(); ++g) mean += count[g] / people * layer.mean[place[g]];
    double square_of_mean = mean * mean;  // E[(Σ share μ)²]
    double given_number = 0;              // the variance, if as many arrive as are expected
    for (std::size_t g = 0; g < count.size(); ++g) {
      double shared = 0;
      for (std::size_t h = 0; h < count.size(); ++h)
        shared += count[h] / people * covariance(layer, place[g], place[h]);
      const double deviation = layer.mean[place[g]] - mean;
      given_number += count[g] * (layer.variance[place[g]] + deviation * deviation +
                                  covariance(layer, place[g], place[g]) - shared);
      square_of_mean += count[g] / people * shared;
    }
    if (is_stream(chain_.arrivals[first], *chain_.horizon)) return given_number + people * square_of_mean;
    const double fraction = people - std::floor(people);
    return given_number + fraction * (1 - fraction) * square_of_mean;
  }

  const Chain& chain_;
  const Interrupted& interrupted_;
  Eigen::Index places_;
  bool has_market_;
  std::vector<RiskLayer> layers_;
};

[[nodiscard]] inline std::optional<EquityRisk> equity_risk(const Chain& chain, std::int64_t horizon,
                                                           const Interrupted& interrupted) {
  if (!is_risk_in_reach(chain, horizon)) return std::nullopt;
  RiskSweep sweep{chain, interrupted};
  const auto periods = static_cast<std::size_t>(horizon);
  const std::vector<double> discount = discount_factors(chain.discount_factor, periods);
  const std::vector<std::vector<double>> market = market_course(chain.market, periods);
  CompensatedSum people;
  for (std::int64_t t = horizon; t-- > 0;) {
    sweep.step_back(t);
    const auto period = static_cast<std::size_t>(t);
    for (std::size_t e = 0; e < chain.regimes(); ++e) {
      if (market[period][e] == 0) continue;
      people.add(market[period][e] * discount[period] * discount[period] * sweep.variance_of_arrivals(t, e));
    }
  }
  const EquityRisk risk{std::max(0.0, people.value()), std::max(0.0, sweep.variance_of_market(chain.market.start))};
  if (!std::isfinite(risk.variance_from_people) || !std::isfinite(risk.variance_from_market)) return std::nullopt;
  return risk;
}

}  // namespace tenure::detail
