#pragma once
// The meaning of a chain by listing everything that can happen: every path of one person, its probability and its
// value, in extended precision and with no recursion in common with the engines. For few states and periods only.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/chain/chain.hpp"

namespace tenure::test {

/// One life: states at the start of periods `from` … `from` + length (the last after the last move).
struct Path {
  std::vector<StateIndex> states{};
  long double probability = 1;
  long double value = 0;  ///< discounted to the start of period `from`
};

namespace detail {

template <class Visit>
void extend(const Chain& chain, std::int64_t from, std::int64_t until, Path& path, const Visit& visit) {
  const std::int64_t t = from + static_cast<std::int64_t>(path.states.size()) - 1;
  if (t >= until) {
    visit(static_cast<const Path&>(path));
    return;
  }
  const long double d = chain.discount_factor;
  const long double to_now = std::pow(d, static_cast<long double>(t - from));
  const long double within = chain.cash_flow_timing == CashFlowTiming::start    ? 1.0L
                             : chain.cash_flow_timing == CashFlowTiming::middle ? std::sqrt(d)
                                                                                : d;
  const StateIndex here = path.states.back();
  const long double in_state = within * chain.cash_flow.at(t)[here] - chain.spend.at(t)[here];
  for (std::uint32_t k = chain.transitions.first[here]; k < chain.transitions.first[here + 1]; ++k) {
    const long double p = chain.probability.at(t)[k];
    if (p == 0) continue;
    const Path before = path;
    path.states.push_back(chain.transitions.successor[k]);
    path.probability *= p;
    path.value += to_now * (in_state + d * chain.transition_cash_flow.at(t)[k]);
    extend(chain, from, until, path, visit);
    path = before;
  }
}

}  // namespace detail

/// Visits every life of someone who is in a state at the start of period `from`, until the start of period `until`.
template <class Visit>
void for_each_path(const Chain& chain, StateIndex start, std::int64_t from, std::int64_t until, const Visit& visit) {
  Path path{{start}, 1, 0};
  detail::extend(chain, from, until, path, visit);
}

/// Moments of the value of a life that starts in period 0.
struct PathMoments {
  long double mean = 0;
  long double variance = 0;
  long double third_moment = 0;  ///< central
  long double magnitude = 0;     ///< the mean of |value|, a scale for rounding
};

[[nodiscard]] inline PathMoments moments_of_paths(const Chain& chain, StateIndex start, std::int64_t horizon) {
  PathMoments moments;
  for_each_path(chain, start, 0, horizon, [&](const Path& path) {
    moments.mean += path.probability * path.value;
    moments.magnitude += path.probability * std::abs(path.value);
  });
  for_each_path(chain, start, 0, horizon, [&](const Path& path) {
    const long double deviation = path.value - moments.mean;
    moments.variance += path.probability * deviation * deviation;
    moments.third_moment += path.probability * deviation * deviation * deviation;
  });
  return moments;
}

}  // namespace tenure::test
