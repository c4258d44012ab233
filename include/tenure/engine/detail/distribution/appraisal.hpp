#pragma once
// What is known before any distribution is: the moments of every life that is asked for, by the recursions of the exact
// engine, and what it could be worth at the least and at the most.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/engine/arrival.hpp"
#include "tenure/engine/detail/distribution/course.hpp"
#include "tenure/engine/detail/exact/person.hpp"

namespace tenure::detail {

/// One entry, with the moments and the attainable range of the life that begins there, in the money of its entry.
struct LatticeLife {
  Entry entry{};  ///< its weight a share of all
  double mean = 0;
  double variance = 0;
  double minimum = 0;
  double maximum = 0;
  [[nodiscard]] bool is_certain() const { return variance == 0; }
};

struct Appraisal {
  std::vector<LatticeLife> lives{};  ///< by period, the last first
  double mean = 0;
  double variance = 0;
  double minimum = 0;
  double maximum = 0;
  double magnitude = 0;  ///< no amount on the way is larger, in units of the course
};

/// What can still come from each state at the least and at the most.
struct AttainableRange {
  std::vector<double> low{};
  std::vector<double> high{};
};

[[nodiscard]] inline AttainableRange step_back(const Chain& chain, std::int64_t t, const AttainableRange& next) {
  const Epoch now{chain, t};
  const double d = now.discount;
  AttainableRange range;
  for (std::size_t i = 0; i < chain.states(); ++i) {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
      if (!(now.probability[k] > 0)) continue;
      const StateIndex j = chain.transitions.successor[k];
      low = std::min(low, now.transition_cash_flow[k] + next.low[j]);
      high = std::max(high, now.transition_cash_flow[k] + next.high[j]);
    }
    if (!(low <= high)) low = high = 0;  // no way on
    const double in_state = now.earned(i);
    range.low.push_back(in_state + d * low);
    range.high.push_back(in_state + d * high);
  }
  return range;
}

/// The same entries by period, the first first, with weights that are shares of all.
[[nodiscard]] inline std::vector<Entry> in_order(std::span<const Entry> entries) {
  CompensatedSum total;
  for (const Entry& entry : entries) total.add(entry.weight);
  std::vector<Entry> ordered{entries.begin(), entries.end()};
  for (Entry& entry : ordered) entry.weight /= total.value();
  std::stable_sort(ordered.begin(), ordered.end(), [](const Entry& a, const Entry& b) { return a.period < b.period; });
  return ordered;
}

/// The lives that begin in one period, taken from the front of what is left of a list by period, the last first.
template <class Lives>
[[nodiscard]] Lives take_lives_of(std::int64_t t, Lives& left) {
  std::size_t count = 0;
  while (count < left.size() && left[count].entry.period == t) ++count;
  const Lives taken = left.first(count);
  left = left.subspan(count);
  return taken;
}

inline void mix(Appraisal& appraisal) {
  appraisal.minimum = std::numeric_limits<double>::infinity();
  appraisal.maximum = -appraisal.minimum;
  CompensatedSum mean;
  for (const LatticeLife& life : appraisal.lives) {
    mean.add_product(life.entry.weight, life.mean);
    appraisal.minimum = std::min(appraisal.minimum, life.minimum);
    appraisal.maximum = std::max(appraisal.maximum, life.maximum);
  }
  appraisal.mean = mean.value();
  for (const LatticeLife& life : appraisal.lives) {
    const double deviation = life.mean - appraisal.mean;
    appraisal.variance += life.entry.weight * (life.variance + deviation * deviation);
  }
}

/// Looks back over all periods. `entries` by period, the first first.
[[nodiscard]] inline Appraisal appraise(const Chain& chain, std::span<const Entry> entries,
                                        const LatticeCourse& course) {
  Appraisal appraisal;
  for (std::size_t k = entries.size(); k-- > 0;) appraisal.lives.push_back({entries[k]});
  std::span<LatticeLife> left{appraisal.lives};
  PersonLayer moments{chain.states()};
  PersonLayer spare{chain.states()};
  AttainableRange range{std::vector<double>(chain.states()), std::vector<double>(chain.states())};
  for (std::int64_t t = course.end();; --t) {
    for (LatticeLife& life : take_lives_of(t, left)) {
      const StateIndex i = life.entry.state;
      life.mean = moments.mean[i];
      life.variance = moments.variance[i];
      life.minimum = range.low[i];
      life.maximum = range.high[i];
    }
    for (std::size_t i = 0; i < chain.states(); ++i) {
      const double largest = std::max(std::abs(range.low[i]), std::abs(range.high[i]));
      appraisal.magnitude = std::max(appraisal.magnitude, course.scale(t) * largest);
    }
    if (t == course.first()) break;
    spare = step_back(chain, t - 1, moments, std::move(spare));
    std::swap(moments, spare);
    range = step_back(chain, t - 1, range);
  }
  mix(appraisal);
  return appraisal;
}

}  // namespace tenure::detail
