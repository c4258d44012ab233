#pragma once
// Whom to court, whom to let go: the best policy of a model with actions, on top of what a scenario spends on its
// levers. A policy may heed what a firm sees of a customer: the state, for how long, the segment, the state of the
// market, and the period. Beside it stands what simpler plans are worth: to do nothing, to take one action wherever it
// is offered, and the scenarios of the model, in which nobody decides anything. And people may live under it, one by
// one, for a check that shares nothing with how it was found.

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tenure/chain/spending.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/estimate.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// What is done with the people in one state, while they are of these ages in it, with the market in one state, in
/// periods [from, until).
struct PolicyRow {
  std::size_t state = 0;
  std::size_t segment = 0;
  std::size_t age = 0;                     ///< periods spent in the state before; 0 where it has no dwell
  std::optional<std::size_t> age_until{};  ///< the first age for which this does not hold; none: and all older
  std::size_t regime = 0;
  std::int64_t from = 0;
  std::optional<std::int64_t> until{};  ///< none: for ever
  std::optional<std::size_t> action{};  ///< of the model; none: nothing is done
  double value = 0;      ///< of a person of the youngest age at the start of `from`, with whom they bring
  double advantage = 0;  ///< over the next best that could be done then
  /// Whether something else would be best then if the horizon were twice as long; none: that could not be computed.
  std::optional<bool> end_effect = false;
};

/// What the best policy is compared with.
enum class FixedPlan : std::uint8_t { nothing, action, scenario };

/// The names of these plans, in their order.
inline constexpr std::array<std::string_view, 3> fixed_plan_names{"nothing", "action", "scenario"};

/// A plan in which nothing is decided person by person.
struct FixedPolicy {
  FixedPlan plan = FixedPlan::nothing;
  std::string name{};
  std::optional<double> customer_equity{};     ///< none where nobody arrives, or where it is infinite
  std::vector<std::optional<double>> value{};  ///< by state, as in PolicyValue
};

/// People who lived under the policy.
struct SimulatedPolicy {
  std::uint64_t seed = 1;
  std::uint64_t people = 0;
  bool complete = true;
  bool referrals = false;  ///< whether those are counted whom they bring
  Estimate mean{};         ///< of a person, in money at entry
  double standard_deviation = 0;
  std::optional<double> exact_mean{};  ///< what the exact engine says it should be
};

/// The best policy in a model's names, and what it is worth.
struct PolicyValue {
  Model model;
  Scenario scenario{};
  Spending spending{};
  double discount_factor = 1;
  std::vector<PolicyRow> rows{};       ///< by segment, state, market and age, where there is a choice
  std::vector<std::string> regimes{};  ///< names of the market's states as far as they differ; empty without market
  std::int64_t repeats_from = 0;       ///< over an endless horizon, from this period on …
  std::int64_t cycle = 1;              ///< … the choices repeat every so many periods
  std::vector<std::optional<double>> value{};  ///< by state: who enters it at the start, with whom they bring
  std::optional<double> customer_equity{};     ///< none where nobody arrives
  std::optional<double> cost{};                ///< of it, the present value of what the actions cost
  std::optional<double> bound{};               ///< by how much a person could at most be worth more; none: not proved
  std::size_t rounds = 0;                      ///< of policy iteration
  std::vector<FixedPolicy> fixed{};            ///< nothing, each action wherever it is offered, the model's scenarios
  std::optional<std::size_t> best_fixed{};     ///< of these the one with the highest customer equity
  std::optional<SimulatedPolicy> simulated{};

  /// How much more the business is worth than under the best fixed plan.
  [[nodiscard]] std::optional<double> gain() const {
    if (!customer_equity || !best_fixed) return std::nullopt;
    return *customer_equity - *fixed[*best_fixed].customer_equity;
  }
  /// The first period in which something is done only because the end is near.
  [[nodiscard]] std::optional<std::int64_t> end_effect_from() const {
    std::optional<std::int64_t> first;
    for (const PolicyRow& row : rows) {
      if (row.end_effect == true) first = std::min(first.value_or(row.from), row.from);
    }
    return first;
  }
  [[nodiscard]] bool complete() const { return !simulated || simulated->complete; }
};

/// Who is to live under the policy, and how.
struct PolicyOptions {
  std::uint64_t people = 0;  ///< who live under the policy; 0: nobody
  std::uint64_t seed = 1;
  unsigned threads = 0;
  std::optional<std::string> from{};  ///< the state in which they enter; default as people arrive
  std::function<bool()> interrupted{};
  Progress progress{};
};

namespace detail {

[[nodiscard]] PolicyValue best_policy_on(const Model& model, const Scenario& scenario, const PolicyOptions& options);

}  // namespace detail

/// The best policy of a model's actions, on top of what a scenario spends. Levers that a budget is split over are at
/// the levels that meet it while nothing is done. Throws ModelError where the model has no actions, LimitError where
/// probabilities differ from person to person or where it would take too much memory, and DivergentError where the best
/// value is infinite, InterruptedError where somebody calls it off.
template <std::same_as<Scenario> S>  // so that {} is never a scenario, but options
[[nodiscard]] PolicyValue best_policy(const Model& model, const S& scenario, const PolicyOptions& options = {}) {
  return detail::best_policy_on(model, scenario, options);
}

/// The same on top of the reference scenario.
[[nodiscard]] PolicyValue best_policy(const Model& model, const PolicyOptions& options = {});

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/decide/policy-inl.hpp"
#endif
