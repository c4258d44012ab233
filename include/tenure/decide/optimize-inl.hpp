#pragma once
// The bodies of tenure/decide/optimize.hpp.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/decide/budget.hpp"
#include "tenure/decide/detail/optimize/search.hpp"
#include "tenure/decide/optimize.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure {

namespace detail {

[[nodiscard]] inline std::vector<std::size_t> places_of_lever(std::size_t lever, std::size_t pieces) {
  std::vector<std::size_t> places;
  for (std::size_t k = 0; k < pieces; ++k) places.push_back(lever * pieces + k);
  return places;
}

/// The levers of a problem that a limit is on.
[[nodiscard]] inline std::vector<std::size_t> limited_levers(const Model& model, const SpendLimit& limit,
                                                             std::size_t pieces) {
  std::vector<std::size_t> limited;
  std::vector<std::string> names;
  for (std::size_t l = 0; l < model.levers().size(); ++l) {
    const Lever& lever = model.levers()[l];
    names.push_back(lever.name);
    const auto* name = std::get_if<std::string>(&limit.on);
    const bool meant = name != nullptr ? *name == lever.name : std::get<LeverKind>(limit.on) == lever.kind;
    if (!meant) continue;
    for (const std::size_t place : places_of_lever(l, pieces)) limited.push_back(place);
  }
  if (!limited.empty()) return limited;
  if (const auto* name = std::get_if<std::string>(&limit.on)) {
    throw ModelError{
        {{"unknown-lever", "lever", "there is no lever " + in_quotes(*name), suggestion(*name, names), {}}}};
  }
  const std::string kind{name_of(std::get<LeverKind>(limit.on))};
  throw ModelError{{{"unknown-lever", "lever", "no lever is of kind " + in_quotes(kind), "leave this limit out", {}}}};
}

[[nodiscard]] inline SpendPieces pieces_of(const Model& model, std::size_t count) {
  if (count <= 1) return one_piece;
  if (!model.horizon() || static_cast<std::int64_t>(count) > *model.horizon()) {
    throw ModelError{
        {{"pieces",
          "model.horizon",
          "a horizon " +
              (model.horizon() ? "of " + std::to_string(*model.horizon()) + " periods" : std::string{"without end"}) +
              " cannot be cut into " + std::to_string(count) + " pieces",
          "give a finite horizon, or fewer pieces",
          {}}}};
  }
  SpendPieces pieces;
  for (std::size_t k = 0; k < count; ++k) {
    pieces.push_back(*model.horizon() * static_cast<std::int64_t>(k) / static_cast<std::int64_t>(count));
  }
  return pieces;
}

/// The bounds of a problem, the budget first.
[[nodiscard]] inline std::vector<SpendBound> bounds_of(const Model& model, const OptimizeOptions& options,
                                                       double budget) {
  std::vector<SpendBound> bounds{{{}, 0, budget}};
  for (std::size_t k = 0; k < model.levers().size() * options.pieces; ++k) bounds.front().levers.push_back(k);
  for (const SpendLimit& limit : options.limits) {
    bounds.push_back({limited_levers(model, limit, options.pieces), limit.at_least, limit.at_most.value_or(no_limit)});
  }
  return bounds;
}

inline void refuse_senseless(const Model& model, const OptimizeOptions& options) {
  const auto refuse = [](const char* code, const std::string& what, const std::string& hint) {
    throw ModelError{{{code, "", what, hint, {}}}};
  };
  if (model.arrivals().empty())
    refuse("no-arrivals", "nobody arrives, so there is no customer equity to raise", "add an [[arrivals]] table");
  if (model.levers().empty())
    refuse("no-levers", "the model has no levers, so there is nothing to spend on", "add a [[lever]] table");
  const int asked = options.budget.has_value() + options.target.has_value() + options.target_gain.has_value();
  if (asked != 1)
    refuse("no-question", "either a budget or one target is needed", "give a budget, or a target, and not both");
  const double amount = options.budget.value_or(options.target.value_or(options.target_gain.value_or(0)));
  if (!std::isfinite(amount) || (options.budget && !(amount >= 0)))
    refuse("budget", "a budget is a finite amount of money, 0 or more", "");
  for (const SpendLimit& limit : options.limits) {
    const bool sound =
        limit.at_least >= 0 && std::isfinite(limit.at_least) && !(limit.at_most && !(*limit.at_most >= limit.at_least));
    if (!sound)
      refuse("limits-conflict", "a limit on spend is an amount, 0 or more, and the most is not below the least", "");
  }
}

/// Whether a limit other than the budget keeps a lever from getting more.
[[nodiscard]] inline bool is_held_down(const SpendProblem& problem, const SpendPlan& plan, std::size_t place) {
  return std::any_of(problem.bounds.begin() + 1, problem.bounds.end(), [&](const SpendBound& bound) {
    return is_on(bound, place) && is_at_most(problem, bound, plan.outcome);
  });
}

[[nodiscard]] inline bool is_held_up(const SpendProblem& problem, const SpendPlan& plan, std::size_t place) {
  return std::any_of(problem.bounds.begin() + 1, problem.bounds.end(), [&](const SpendBound& bound) {
    return is_on(bound, place) && is_at_least(problem, bound, plan.outcome);
  });
}

[[nodiscard]] inline LeverInPiece in_piece(const SpendProblem& problem, const SpendPlan& plan,
                                           const SpendGradient& gradient, std::size_t place, bool usable) {
  LeverInPiece piece{plan.levels[place], plan.outcome.spend[place], {}, LeverStanding::unusable};
  if (!usable) return piece;
  piece.marginal_return = marginal_return_at(gradient, place);
  piece.standing = LeverStanding::off;
  if (!(piece.level > 0)) return piece;
  piece.standing = is_held_down(problem, plan, place) ? LeverStanding::at_most
                   : is_held_up(problem, plan, place) ? LeverStanding::at_least
                                                      : LeverStanding::inside;
  return piece;
}

/// Of its pieces: where any of them is held by a limit, the lever is, since limits are on all of them together.
[[nodiscard]] inline LeverStanding standing_of(const std::vector<LeverInPiece>& pieces) {
  for (const LeverStanding standing :
       {LeverStanding::at_most, LeverStanding::at_least, LeverStanding::inside, LeverStanding::off}) {
    if (std::any_of(pieces.begin(), pieces.end(),
                    [&](const LeverInPiece& piece) { return piece.standing == standing; }))
      return standing;
  }
  return LeverStanding::unusable;
}

/// Net value for one more unit of money on a lever: along its levels as they stand where it is on, in its best piece
/// where it is off.
[[nodiscard]] inline std::optional<double> marginal_return_of(const SpendGradient& gradient, const LeverInPlan& lever,
                                                              const std::vector<std::size_t>& places) {
  double gained = 0;
  double spent = 0;
  std::optional<double> best;
  for (std::size_t p = 0; p < places.size(); ++p) {
    const auto k = static_cast<Eigen::Index>(places[p]);
    gained += lever.pieces[p].level * gradient.equity[k];
    spent += lever.pieces[p].level * gradient.spend(k, 0);
    if (lever.pieces[p].marginal_return) best = std::max(best.value_or(-no_limit), *lever.pieces[p].marginal_return);
  }
  return spent > 0 && std::isfinite(gained / spent) ? std::optional{gained / spent} : best;
}

/// Why money is left over in a plan, if it is.
[[nodiscard]] inline LeftOver reason_for_left_over(const SpendProblem& problem, const SpendPlan& plan,
                                                   const OptimalPlan& report) {
  constexpr double rounding = 1e-9;
  if (!report.budget || !(report.left_over() > rounding * *report.budget)) return LeftOver::nothing;
  bool somebody = false;
  for (std::size_t place = 0; place < problem.levers(); ++place) {
    const LeverInPiece& piece = report.levers[problem.lever_of(place)].pieces[place % problem.pieces.size()];
    somebody = somebody || piece.standing != LeverStanding::unusable;
    if (piece.marginal_return.value_or(0) > 1e-6 && is_held_down(problem, plan, place)) return LeftOver::limits;
  }
  return somebody ? LeftOver::returns : LeftOver::nobody;
}

[[nodiscard]] inline SpendGradient gradient_where_possible(const SpendProblem& problem, const Spending& levels) {
  try {
    return gradient_at(problem, levels, true);
  } catch (const ModelError&) {
    return gradient_at(problem, levels, false);
  }
}

[[nodiscard]] inline OptimalPlan report_of(const SpendProblem& problem, const BestPlan& best, double equity_of_versus) {
  const SpendPlan& plan = best.plan;
  OptimalPlan report;
  if (std::isfinite(problem.budget())) report.budget = problem.budget();
  report.customer_equity = plan.outcome.equity;
  report.incremental_value = report.customer_equity - equity_of_versus;
  report.investment = plan.outcome.investment();
  report.residual = best.optimality.residual;
  report.best_other_use = std::isfinite(best.best_move) ? best.best_move : 0;
  report.other_uses = best.moves;
  if (!best.optimality.price.empty()) report.shadow_price = best.optimality.price.front();
  const SpendGradient gradient = gradient_where_possible(problem, plan.levels);
  const std::vector<bool> usable = usable_in(problem, plan.levels);
  for (std::size_t l = 0; l < problem.model.levers().size(); ++l) {
    LeverInPlan lever;
    const std::vector<std::size_t> places = places_of_lever(l, problem.pieces.size());
    for (const std::size_t place : places) {
      lever.pieces.push_back(in_piece(problem, plan, gradient, place, usable[place]));
      lever.spend += lever.pieces.back().spend;
    }
    lever.share = report.investment > 0 ? lever.spend / report.investment : 0;
    lever.marginal_return = marginal_return_of(gradient, lever, places);
    lever.standing = standing_of(lever.pieces);
    report.levers.push_back(std::move(lever));
  }
  report.left_over_for = reason_for_left_over(problem, plan, report);
  return report;
}

/// One question after the other about one model, with what they share.
class Optimizer {
 public:
  Optimizer(const Model& model, const OptimizeOptions& options)
      : model_{model}, options_{options}, pieces_{pieces_of(model, options.pieces)} {
    options_.pieces = pieces_.size();
    effort_ = {options.threads, {}, asked_in_this_thread(options.interrupted)};
    const Scenario versus = options.versus ? scenario_named(model, *options.versus) : reference_scenario(model);
    versus_ = versus.name;
    equity_of_versus_ = equity_of(spending_for(model, versus, effort_.interrupted));
  }

  [[nodiscard]] const std::string& versus() const { return versus_; }
  [[nodiscard]] double equity_of_versus() const { return equity_of_versus_; }
  [[nodiscard]] const SpendPieces& pieces() const { return pieces_; }

  [[nodiscard]] SpendProblem problem(double budget) const {
    return problem_of(model_, pieces_, bounds_of(model_, options_, budget), effort_.interrupted);
  }
  [[nodiscard]] OptimalPlan reported(const SpendProblem& problem, const BestPlan& best) const {
    return report_of(problem, best, equity_of_versus_);
  }

  /// The best plan. With pieces the search is for levels that stay first: those are where pieces start from.
  [[nodiscard]] BestPlan best(const SpendProblem& problem, std::vector<SpendPlan> hints,
                              const Progress& progress = {}) const {
    if (pieces_.size() == 1) return best_plan(problem, hints, telling(progress, 0, 1));
    OptimizeOptions steady = options_;
    steady.pieces = 1;
    const SpendProblem constant =
        problem_of(model_, one_piece, bounds_of(model_, steady, problem.budget()), effort_.interrupted);
    const BestPlan first = best_plan(constant, {}, telling(progress, 0, 0.3));
    SpendPlan spread{{}, {}};
    for (const double level : first.plan.levels) spread.levels.insert(spread.levels.end(), pieces_.size(), level);
    for (std::size_t k = 0; k < spread.levels.size(); ++k) spread.levels[k] *= problem.cost[k] > 0 ? 1 : 0;
    if (auto outcome = outcome_of(problem, spread.levels)) {
      spread.outcome = std::move(*outcome);
      hints.push_back(std::move(spread));
    }
    return best_plan(problem, hints, telling(progress, 0.3, 1));
  }
  [[nodiscard]] BestPlan improved_from(const SpendProblem& problem, const std::vector<SpendPlan>& hints) const {
    const auto best = best_of(problem, all_improved(problem, hints, effort_));
    if (best) return *best;
    return this->best(problem, hints);
  }

  /// The smallest budget whose best plan reaches a customer equity.
  [[nodiscard]] std::pair<SpendProblem, BestPlan> smallest_budget(double target, const Progress& progress) const;

 private:
  /// The effort of a search that is this part of what progress is about.
  [[nodiscard]] SearchEffort telling(const Progress& progress, double from, double to) const {
    SearchEffort effort = effort_;
    if (progress) effort.progress = [=](double share) { progress(from + (to - from) * share); };
    return effort;
  }
  [[nodiscard]] double equity_of(const Spending& spending) const {
    const ScenarioChain compiled = scenario_chain(model_, spending, one_piece, effort_.interrupted);
    return customer_equity(compiled.chain, effort_.interrupted);
  }

  const Model& model_;
  OptimizeOptions options_;
  SpendPieces pieces_;
  SearchEffort effort_{};
  std::string versus_{};
  double equity_of_versus_ = 0;
};

[[noreturn]] inline void refuse_target(double target, const SpendPlan& most) {
  throw ModelError{{{"target-not-reachable",
                     "",
                     "a customer equity of " + shortest(target) + " is out of reach",
                     "the most that any spend on these levers reaches is " + shortest(most.outcome.equity) +
                         ", with a budget of " + shortest(most.outcome.investment()),
                     {}}}};
}

/// The least that keeps all floors: of each kind its own or those of its levers together, whichever is more.
[[nodiscard]] inline double least_spend(const SpendProblem& problem) {
  std::map<LeverKind, double> of_levers;
  std::map<LeverKind, double> of_kind;
  const std::vector<Lever>& levers = problem.model.levers();
  for (std::size_t l = 0; l < levers.size(); ++l) {
    double of_lever = 0;
    for (std::size_t b = 1; b < problem.bounds.size(); ++b) {
      const SpendBound& bound = problem.bounds[b];
      if (!is_on(bound, l * problem.pieces.size())) continue;
      double& floor = bound.levers.size() == problem.pieces.size() ? of_lever : of_kind[levers[l].kind];
      floor = std::max(floor, bound.at_least);
    }
    of_levers[levers[l].kind] += of_lever;
  }
  double least = 0;
  for (const auto& [kind, floor] : of_levers) least += std::max(floor, of_kind[kind]);
  return least;
}

/// Budgets between one that is too small and one that is enough, each with its best plan.
struct BudgetBracket {
  double low = 0;
  BestPlan at_low{};
  double high = 0;
  BestPlan at_high{};
};

/// Where the target would be met if more money went on to bring what the last of it brings; between the ends in any
/// case.
[[nodiscard]] inline double next_budget(const BudgetBracket& bracket, double target, int round) {
  const double middle = bracket.low + (bracket.high - bracket.low) / 2;
  if (round % 3 == 2) return middle;
  const double surplus = bracket.at_high.plan.outcome.equity - target;
  const double price = bracket.at_high.optimality.price.front();
  const double guess = price > 0 ? bracket.high - surplus / price : middle;
  const double margin = 1e-3 * (bracket.high - bracket.low);
  return guess > bracket.low + margin && guess < bracket.high - margin * 1e-6 ? guess : middle;
}

inline std::pair<SpendProblem, BestPlan> Optimizer::smallest_budget(double target, const Progress& progress) const {
  double left = 1;
  const auto further = [&](double remaining) {
    left = remaining * left;
    if (progress) progress(1 - left);
  };
  const SpendProblem endless = problem(no_limit);
  BudgetBracket bracket;
  bracket.at_high = best(endless, {});
  bracket.high = bracket.at_high.plan.outcome.investment();
  if (bracket.at_high.plan.outcome.equity < target) refuse_target(target, bracket.at_high.plan);
  bracket.at_high.optimality.price.front() = 0;
  further(0.9);
  bracket.low = least_spend(endless);
  const SpendProblem least = problem(bracket.low);
  bracket.at_low = best(least, {});
  further(0.9);
  if (bracket.at_low.plan.outcome.equity >= target) {
    further(0);
    return {least, bracket.at_low};
  }
  constexpr double coarse = 0.02;
  const double rounding = 1e-13 * std::abs(target);
  for (int round = 0; round < 100 && bracket.high - bracket.low > 1e-11 * bracket.high; ++round) {
    const double surplus = bracket.at_high.plan.outcome.equity - target;
    if (surplus <= rounding) break;
    further(0.8);
    const SpendProblem at = problem(next_budget(bracket, target, round));
    const std::vector<SpendPlan> hints{bracket.at_high.plan, bracket.at_low.plan};
    const bool is_near = bracket.high - bracket.low <= coarse * bracket.high;
    BestPlan found = is_near ? improved_from(at, hints) : best(at, hints);
    const bool reached = found.plan.outcome.equity >= target;
    (reached ? bracket.high : bracket.low) = at.budget();
    (reached ? bracket.at_high : bracket.at_low) = std::move(found);
  }
  const SpendProblem answer = problem(bracket.high);
  BestPlan found = best(answer, {bracket.at_high.plan});
  further(0);
  return {answer, std::move(found)};
}

[[nodiscard]] inline OptimalPlan best_where_possible(const Optimizer& optimizer, const SpendProblem& problem,
                                                     std::vector<SpendPlan>& hints) {
  const BestPlan found = optimizer.best(problem, hints);
  hints = {found.plan};
  return optimizer.reported(problem, found);
}

inline constexpr std::array<double, 14> traced_parts{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 2};

inline constexpr int traced_shares = 10;

/// Two bounds, on retention and on all else; none where the levers are all of one of these.
[[nodiscard]] inline std::optional<std::pair<SpendBound, SpendBound>> retention_and_others(
    const SpendProblem& problem) {
  std::pair<SpendBound, SpendBound> bounds;
  for (const std::size_t place : problem.bounds.front().levers) {
    const bool retains = problem.model.levers()[problem.lever_of(place)].kind == LeverKind::retention;
    (retains ? bounds.first : bounds.second).levers.push_back(place);
  }
  if (bounds.first.levers.empty() || bounds.second.levers.empty()) return std::nullopt;
  return bounds;
}

/// The best over budgets around this one, and over the share that retention may have of it.
inline void trace_frontier(const Optimizer& optimizer, const Progress& progress, double budget, Optimization& result) {
  const SpendProblem shared = optimizer.problem(budget);
  const auto bounds = retention_and_others(shared);
  const double steps = static_cast<double>(traced_parts.size()) + (bounds ? traced_shares + 1 : 0);
  double done = 0;
  const auto step = [&](const auto& trace) {
    try {
      trace();
    } catch (const ModelError&) {
      // limits that this budget, or this share of it, cannot keep: there is no such point
    }
    if (progress) progress(++done / steps);
  };
  std::vector<SpendPlan> hints;
  for (const double part : traced_parts) {
    step([&] { result.by_budget.push_back(best_where_possible(optimizer, optimizer.problem(part * budget), hints)); });
  }
  if (!bounds) return;
  hints.clear();
  for (int k = 0; k <= traced_shares; ++k) {
    SpendProblem at = shared;
    const double share = static_cast<double>(k) / traced_shares;
    auto [retention, others] = *bounds;
    retention.at_most = share * budget;
    others.at_most = budget - retention.at_most;
    at.bounds.push_back(retention);
    at.bounds.push_back(others);
    step([&] { result.by_share.push_back({share, best_where_possible(optimizer, at, hints)}); });
  }
}

}  // namespace detail

TENURE_INLINE Optimization optimize(const Model& model, const OptimizeOptions& options) {
  detail::refuse_senseless(model, options);
  const detail::Optimizer optimizer{model, options};
  Optimization result{.model = model};
  result.discount_factor = discount_factor(model.draft().discount_rate, model.period());
  result.versus = optimizer.versus();
  result.equity_of_versus = optimizer.equity_of_versus();
  result.pieces = optimizer.pieces();
  constexpr double first_part = 0.1;  // of a search with a frontier
  const auto part = [&](double from, double to) -> Progress {
    if (!options.progress) return {};
    return [=, &options](double share) { options.progress(from + (to - from) * share); };
  };
  const Progress of_best = part(0, options.frontier ? first_part : 1);
  if (options.target) result.target = options.target;
  if (options.target_gain) result.target = result.equity_of_versus + *options.target_gain;
  if (result.target) {
    const auto [problem, best] = optimizer.smallest_budget(*result.target, of_best);
    result.best = optimizer.reported(problem, best);
  } else {
    const detail::SpendProblem problem = optimizer.problem(*options.budget);
    result.best = optimizer.reported(problem, optimizer.best(problem, {}, of_best));
  }
  if (!options.frontier) return result;
  try {
    detail::trace_frontier(optimizer, part(first_part, 1), *result.best.budget, result);
  } catch (const InterruptedError&) {
    result.complete = false;
  }
  return result;
}

}  // namespace tenure
