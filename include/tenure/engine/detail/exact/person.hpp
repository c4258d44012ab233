#pragma once
// What one person is worth, by the state in which they are at the start of a period: the backward recursions of
// docs/semantics.md. Means follow
//
//   V_t(i) = d^τ c_t(i) - s_t(i) + d Σ_j P_t(i,j) ( g_t(i,j) + V_{t+1}(j) ),
//
// where a state lasts by a law of its own, by the time a spent in it: with hazard h(a) as above, else V_{t+1}(i, a+1).
// Where there is a market, each of its regimes has a layer, and a person's next value is a mixture over the next ones.
//
// and the variance and third central moment are carried on directly, as what the next step adds plus the discounted
// moments of what follows (law of total cumulance; Sobel 1982 for the variance). Nothing is ever computed as a second
// moment minus a square, so a deterministic value has a variance of exactly 0.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/quantity/distribution.hpp"

namespace tenure::detail {

/// Moments and values at the start of one period, by state; or by place, where states have ages.
struct PersonLayer {
  std::vector<double> mean{};  ///< V: the person alone
  std::vector<double> variance{};
  std::vector<double> third_moment{};      ///< central
  std::vector<double> with_referrals{};    ///< W: with the whole tree of people that this one brings
  std::vector<double> customer_periods{};  ///< expected number of periods spent as a customer

  explicit PersonLayer(std::size_t states = 0)
      : mean(states), variance(states), third_moment(states), with_referrals(states), customer_periods(states) {}
};

/// One place of several layers as one, each counting with its weight: means, and the moments of the mixture. Deviations
/// are measured from the weightiest, so that layers that agree deviate by exactly 0.
inline void mix_place(const std::vector<PersonLayer>& layers, const std::vector<double>& weights, std::size_t pivot,
                      std::size_t place, PersonLayer& mixed) {
  const PersonLayer& likeliest = layers[pivot];
  const auto average = [&](std::vector<double> PersonLayer::*member) {
    double above = 0;
    for (std::size_t k = 0; k < layers.size(); ++k) {
      if (weights[k] > 0) above += weights[k] * ((layers[k].*member)[place] - (likeliest.*member)[place]);
    }
    return (likeliest.*member)[place] + above;
  };
  mixed.mean[place] = average(&PersonLayer::mean);
  mixed.with_referrals[place] = average(&PersonLayer::with_referrals);
  mixed.customer_periods[place] = average(&PersonLayer::customer_periods);
  mixed.variance[place] = average(&PersonLayer::variance);
  mixed.third_moment[place] = average(&PersonLayer::third_moment);
  const double above_pivot = mixed.mean[place] - likeliest.mean[place];
  for (std::size_t k = 0; k < layers.size(); ++k) {
    if (!(weights[k] > 0)) continue;
    const double deviation = (layers[k].mean[place] - likeliest.mean[place]) - above_pivot;
    mixed.variance[place] += weights[k] * deviation * deviation;
    mixed.third_moment[place] += weights[k] * deviation * (3 * layers[k].variance[place] + deviation * deviation);
  }
}

/// Layers as one, each counting with its weight; the weights sum to 1. Kept in the memory of a layer no longer needed.
[[nodiscard]] inline PersonLayer mixture(const std::vector<PersonLayer>& layers, const std::vector<double>& weights,
                                         PersonLayer mixed) {
  const std::size_t places = layers.front().mean.size();
  if (mixed.mean.size() != places) mixed = PersonLayer{places};
  const auto pivot = static_cast<std::size_t>(std::max_element(weights.begin(), weights.end()) - weights.begin());
  for (std::size_t place = 0; place < places; ++place) mix_place(layers, weights, pivot, place, mixed);
  return mixed;
}

/// Some places of a layer, one after the other.
[[nodiscard]] inline PersonLayer part_of(const PersonLayer& layer, std::size_t first, std::size_t count) {
  const auto cut = [&](const std::vector<double>& of) {
    return std::vector<double>(of.begin() + static_cast<std::ptrdiff_t>(first),
                               of.begin() + static_cast<std::ptrdiff_t>(first + count));
  };
  PersonLayer part;
  part.mean = cut(layer.mean);
  part.variance = cut(layer.variance);
  part.third_moment = cut(layer.third_moment);
  part.with_referrals = cut(layer.with_referrals);
  part.customer_periods = cut(layer.customer_periods);
  return part;
}

inline void copy_place(const PersonLayer& from, std::size_t place, PersonLayer& to, std::size_t at) {
  to.mean[at] = from.mean[place];
  to.variance[at] = from.variance[place];
  to.third_moment[at] = from.third_moment[place];
  to.with_referrals[at] = from.with_referrals[place];
  to.customer_periods[at] = from.customer_periods[place];
}

/// A layer's places of those who have just entered each state.
[[nodiscard]] inline PersonLayer at_entry(const Chain& chain, const PersonLayer& layer) {
  if (chain.dwells.empty()) return layer;
  PersonLayer entered{chain.states()};
  for (std::size_t i = 0; i < chain.states(); ++i) copy_place(layer, entry_place(chain, i), entered, i);
  return entered;
}

/// Central moments of what an event adds by chance; 0 where cash flows do not vary.
struct EventMoments {
  double variance = 0;
  double third_moment = 0;
};

[[nodiscard]] inline EventMoments moments_of_event(const std::vector<EventLaw>& events, std::size_t place) {
  if (events.empty() || events[place].sd == 0) return {};
  const EventLaw& law = events[place];
  const double variance = law.sd * law.sd;
  return {variance, variance * law.sd * skewness({law.kind, StandardDeviation{law.sd}}, law.mean)};
}

/// What the moves out of a state bring at the end of the period: mean, and central moments.
struct MoveMoments {
  double mean = 0;
  double variance = 0;
  double third_moment = 0;
};

[[nodiscard]] inline MoveMoments moments_of_move(const Epoch& now, const PersonLayer& next, std::size_t state) {
  const Chain& chain = now.chain;
  const std::uint32_t begin = chain.transitions.first[state];
  const std::uint32_t end = chain.transitions.first[state + 1];
  MoveMoments move;
  if (begin == end) return move;
  const auto outcome = [&](std::uint32_t k) {
    return now.transition_cash_flow[k] + next.mean[entry_place(chain, chain.transitions.successor[k])];
  };
  const auto likeliest = std::max_element(now.probability.begin() + begin, now.probability.begin() + end);
  // deviations are measured from an outcome that happens, so that equal outcomes deviate by exactly 0
  const double pivot = outcome(static_cast<std::uint32_t>(likeliest - now.probability.begin()));
  double above_pivot = 0;
  for (std::uint32_t k = begin; k < end; ++k) {
    move.mean += now.probability[k] * outcome(k);
    above_pivot += now.probability[k] * (outcome(k) - pivot);
  }
  for (std::uint32_t k = begin; k < end; ++k) {
    const std::size_t j = entry_place(chain, chain.transitions.successor[k]);
    const EventMoments event = moments_of_event(now.transition_events, k);
    const double variance = next.variance[j] + event.variance;
    const double deviation = (outcome(k) - pivot) - above_pivot;
    const double p = now.probability[k];
    move.variance += p * (variance + deviation * deviation);
    move.third_moment +=
        p * (next.third_moment[j] + event.third_moment + deviation * (3 * variance + deviation * deviation));
  }
  return move;
}

/// One of two things happens, `first` with probability p.
[[nodiscard]] inline MoveMoments either_of(double p, const MoveMoments& first, const MoveMoments& second) {
  if (p >= 1) return first;
  if (p <= 0) return second;
  const double apart = first.mean - second.mean;
  const double of_first = (1 - p) * apart;
  const double of_second = -p * apart;
  const auto third = [](const MoveMoments& of, double deviation) {
    return of.third_moment + deviation * (3 * of.variance + deviation * deviation);
  };
  return {p * first.mean + (1 - p) * second.mean,
          p * (first.variance + of_first * of_first) + (1 - p) * (second.variance + of_second * of_second),
          p * third(first, of_first) + (1 - p) * third(second, of_second)};
}

/// Moments of one state's places a step back.
inline void moments_back_in_state(const Epoch& now, const PersonLayer& next, std::size_t i, PersonLayer& layer) {
  const double d = now.discount;
  const double within = now.within;
  const EventMoments event = moments_of_event(now.state_events, i);
  const MoveMoments leaving = moments_of_move(now, next, i);
  const PlacesOfState places = places_in(now.chain, i);
  for (std::size_t place = places.first; place < places.end; ++place) {
    const std::size_t older = places.one_older(place);
    const MoveMoments move =
        either_of(now.leaving(place), leaving, {next.mean[older], next.variance[older], next.third_moment[older]});
    layer.mean[place] = now.earned(i) + d * move.mean;
    layer.variance[place] = within * within * event.variance + d * d * move.variance;
    layer.third_moment[place] = within * within * within * event.third_moment + d * d * d * move.third_moment;
    if (!now.chain.has_referrals()) layer.with_referrals[place] = layer.mean[place];
  }
}

/// The layer of an epoch from the one that follows it, kept in the memory of a layer that is no longer needed.
[[nodiscard]] inline PersonLayer step_back(const Chain& chain, std::int64_t epoch, const PersonLayer& next,
                                           PersonLayer layer) {
  const Epoch now{chain, epoch};
  for (std::size_t i = 0; i < chain.states(); ++i) {
    moments_back_in_state(now, next, i, layer);
    back_in_state(now, i, is_customer(chain.stages[i]) ? 1 : 0, 1,
                  after_leaving_without_cash(now, next.customer_periods, i), 0, next.customer_periods,
                  layer.customer_periods);
  }
  if (chain.has_referrals()) step_back(now, next.with_referrals, layer.with_referrals);
  return layer;
}

}  // namespace tenure::detail
