#pragma once
// How far to look. A finite horizon is looked at to its end. An infinite one is cut where what is left out is too
// little to matter: either all money that could still come is bounded by a geometric series, or almost surely nobody is
// left from whom money could come. Both are proved bounds and become part of the result's.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/engine/arrival.hpp"
#include "tenure/engine/detail/exact/classes.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

/// The periods that are looked at, and what is left out after them: no life's value changes by more than `money`, but
/// for a share `probability` of all lives.
struct Lookout {
  std::int64_t end = 0;
  double money = 0;
  double probability = 0;
};

/// The largest amount that a person can bring or cost in one period, whichever it is.
[[nodiscard]] inline double largest_amount(const Chain& chain) {
  const auto largest_of = [](const Timeline<std::vector<double>>& timeline) {
    double largest = 0;
    for (const std::vector<double>& amounts : timeline.distinct()) {
      for (const double amount : amounts) largest = std::max(largest, std::abs(amount));
    }
    return largest;
  };
  const double d = chain.discount_factor;
  return std::max(1.0, d) * (largest_of(chain.cash_flow) + largest_of(chain.transition_cash_flow)) +
         largest_of(chain.spend);
}

/// States from which money can ever come or go, whatever the period.
[[nodiscard]] inline std::vector<bool> states_with_prospects(const Chain& chain) {
  const auto ever = [](const Timeline<std::vector<double>>& timeline, std::size_t place) {
    return std::any_of(timeline.distinct().begin(), timeline.distinct().end(),
                       [&](const std::vector<double>& numbers) { return numbers[place] != 0; });
  };
  std::vector<bool> money(chain.states(), false);
  Graph graph;
  for (std::size_t i = 0; i < chain.states(); ++i) {
    money[i] = ever(chain.cash_flow, i) || ever(chain.spend, i);
    for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
      if (!ever(chain.probability, k)) continue;
      money[i] = money[i] || ever(chain.transition_cash_flow, k);
      graph.successor.push_back(chain.transitions.successor[k]);
    }
    graph.first.push_back(static_cast<std::uint32_t>(graph.successor.size()));
  }
  return reaching(graph, money);
}

/// Without discounting a value exists only if no rewarded state recurs: the exact engine refuses the others by name.
inline void refuse_divergent(const Chain& chain, std::span<const Entry> entries) {
  if (chain.discount_factor < 1) return;
  Chain entered = chain;
  for (const Entry& entry : entries) entered.arrivals.push_back({.state = entry.state, .count = {1, 0}});
  entered.channels = 1;
  static_cast<void>(exact_value(entered));
}

/// People alive, period by period; those from whom nothing can come any more are no longer counted.
class Survivors {
 public:
  explicit Survivors(const Chain& chain)
      : chain_{chain}, prospects_{states_with_prospects(chain)}, people_(chain.states()), nobody_(chain.states()) {}

  void add(StateIndex state, double people) { people_[state] += prospects_[state] ? people : 0; }

  [[nodiscard]] double count() const { return std::accumulate(people_.begin(), people_.end(), 0.0); }

  void move_on(std::int64_t t) {
    std::vector<double> after(chain_.states());
    step_forward(Epoch{chain_, t}, 1, people_, nobody_, after);
    for (std::size_t i = 0; i < after.size(); ++i) people_[i] = prospects_[i] ? after[i] : 0;
  }

 private:
  const Chain& chain_;
  std::vector<bool> prospects_;
  std::vector<double> people_;
  std::vector<double> nobody_;
};

/// The first period from which less than `money` can come, or almost nobody is left from whom it could. `entries` by
/// period, the first first, with weights that are shares of all.
[[nodiscard]] inline Lookout look_ahead(const Chain& chain, std::span<const Entry> entries, double money, double work) {
  constexpr double nobody = 1e-12;
  const double d = chain.discount_factor;
  const std::int64_t last = entries.back().period;
  const double per_period = static_cast<double>(chain.transitions.entries() + chain.states());
  const auto periods =
      static_cast<std::int64_t>(std::min(static_cast<double>(limits::settling_periods), work / per_period));
  double tail = d < 1 ? largest_amount(chain) / (1 - d) : std::numeric_limits<double>::infinity();
  Survivors survivors{chain};
  const std::int64_t first = entries.front().period;
  for (std::int64_t t = first; t - first <= periods; ++t) {
    while (!entries.empty() && entries.front().period == t) {
      survivors.add(entries.front().state, entries.front().weight);
      entries = entries.subspan(1);
    }
    if (t >= last) {
      if (tail <= money) return {t, tail, 0};
      if (survivors.count() <= nobody) return {t, 0, survivors.count()};
      tail *= d;
    }
    survivors.move_on(t);
  }
  throw LimitError{{{"horizon",
                     "model.horizon",
                     "even after " + std::to_string(periods) +
                         " periods too much can still come to leave it out of the "
                         "distribution of a person's value",
                     "give a finite horizon",
                     {}}}};
}

}  // namespace tenure::detail
