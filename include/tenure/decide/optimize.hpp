#pragma once
// The best use of money: how much to spend on each lever so that customer equity is highest, within a budget and other
// limits on present values of spend. Levers interact, and S-shaped responses make the question one of many hills, so
// that a search over all splits goes before the climb (decide/detail/optimize/search.hpp). At the answer all levers
// inside their limits return the same for one more unit of money (Dorfman and Steiner 1954): what they return is
// printed, with how far it is from being equal, and what the best other use of the money would have added.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tenure/decide/value.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// A limit on the present value of what one lever spends, or all levers of a kind.
struct SpendLimit {
  std::variant<std::string, LeverKind> on{};
  double at_least = 0;
  std::optional<double> at_most{};
};

/// What is asked for: the best plan within a budget, or the smallest budget that reaches a customer equity, or so much
/// more than the reference scenario's. Exactly one of the three.
struct OptimizeOptions {
  std::optional<double> budget{};
  std::optional<double> target{};
  std::optional<double> target_gain{};
  std::vector<SpendLimit> limits{};
  std::size_t pieces = 1;  ///< into how many parts of equal length the horizon is cut, each with its levels
  std::optional<std::string> versus{};  ///< the scenario over which value is added; default the reference
  bool frontier = false;                ///< trace the best over budgets, and over the share given to retention
  unsigned threads = 0;                 ///< 0: as many as there are; no result depends on it
  Progress progress{};
  std::function<bool()> interrupted{};
};

/// Where a lever stands at the answer.
enum class LeverStanding : std::uint8_t { off, inside, at_least, at_most, unusable };

/// The names of standings, in their order.
inline constexpr std::array<std::string_view, 5> lever_standing_names{"off", "inside", "at least", "at most",
                                                                      "unusable"};

/// The name of a standing in results.
[[nodiscard]] constexpr std::string_view name_of(LeverStanding standing) {
  return lever_standing_names[static_cast<std::size_t>(standing)];
}

/// A lever in one piece of the horizon.
struct LeverInPiece {
  double level = 0;                         ///< per customer and period, or per period, as the lever says
  double spend = 0;                         ///< present value
  std::optional<double> marginal_return{};  ///< net value for one more unit of money; none where none can be spent
  LeverStanding standing = LeverStanding::off;
};

/// A lever over the whole horizon.
struct LeverInPlan {
  std::vector<LeverInPiece> pieces{};
  double spend = 0;  ///< present value, of all pieces
  double share = 0;  ///< of all spend; 0 where nothing is spent
  /// As its levels stand, all of them raised alike; in its best piece where off.
  std::optional<double> marginal_return{};
  LeverStanding standing = LeverStanding::off;
};

/// Why money is left over: more of it would earn nothing, or limits hold what would earn more, or nobody is ever there.
enum class LeftOver : std::uint8_t { nothing, returns, limits, nobody };

/// The names of these reasons, in their order.
inline constexpr std::array<std::string_view, 4> left_over_names{"nothing", "returns", "limits", "nobody"};

/// The name of a reason in results.
[[nodiscard]] constexpr std::string_view name_of(LeftOver reason) {
  return left_over_names[static_cast<std::size_t>(reason)];
}

/// The best plan for a budget, and what shows that it is one.
struct OptimalPlan {
  std::optional<double> budget{};  ///< none: as much as is of use
  std::vector<LeverInPlan> levers{};
  double customer_equity = 0;
  double incremental_value = 0;
  double investment = 0;
  double shadow_price = 0;  ///< net value of one more unit of budget; 0 where money is left over
  double residual = 0;      ///< by how much marginal returns miss what limits allow, as a share of the largest of them
  double best_other_use = 0;   ///< of all other uses of its money that were tried, what the best would add; at most 0
  std::size_t other_uses = 0;  ///< how many were tried
  LeftOver left_over_for = LeftOver::nothing;  ///< why something is, if it is more than rounding

  [[nodiscard]] double left_over() const { return budget ? std::max(0.0, *budget - investment) : 0; }
};

/// The best plan where this share of the budget is the most that retention gets, and the rest the most for all else.
struct SharePoint {
  double share_retention = 0;
  OptimalPlan plan{};
};

/// The best use of money, and with the frontier that of other budgets and shares.
struct Optimization {
  Model model;
  double discount_factor = 1;
  std::string versus{};  ///< the scenario over which value is added
  double equity_of_versus = 0;
  std::optional<double> target{};      ///< the customer equity that was asked for
  std::vector<std::int64_t> pieces{};  ///< their first periods
  OptimalPlan best{};
  std::vector<OptimalPlan> by_budget{};  ///< with the frontier
  std::vector<SharePoint> by_share{};
  bool complete = true;  ///< false where the frontier was interrupted
};

/// The best plan for a budget, or the smallest budget for a target. Throws ModelError where limits exclude each other
/// or a target is out of reach, InterruptedError where it was called off before there was a plan, DivergentError and
/// LimitError as value() does.
[[nodiscard]] Optimization optimize(const Model& model, const OptimizeOptions& options);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/decide/optimize-inl.hpp"
#endif
