// The best use of money, against a dense grid of splits polished by a search that knows no slopes; at the boundaries;
// and whether what is said to prove an answer holds.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "support/problems.hpp"
#include "tenure/decide/optimize.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::optimal_spends {

ModelBuilder club(std::int64_t horizon = 8) {
  ModelBuilder builder{"Club", Period::year, Horizon{horizon}, annual_rate(0.1)};
  builder.state("prospect", Stage::acquisition)
      .state("member", Stage::servicing, {.cash_flow = 100})
      .state("fan", Stage::advocacy, {.cash_flow = 160})
      .state("lost", Stage::lost)
      .transition("prospect", "member", 0.15)
      .transition("prospect", "lost", 0.5)
      .transition("member", "fan", 0.1)
      .transition("member", "lost", 0.25)
      .transition("fan", "lost", 0.1)
      .referral("fan", "prospect", 0.1)
      .arrivals("prospect", per_period(100), {.name = "web"})
      .arrivals("member", once(50));
  return builder;
}

EffectBuilder some_effect(Mixing& mixing, std::size_t kind) {
  switch (kind) {
    case 0: return moves_arrivals("web").towards(mixing.between(1.2, 2.5));
    case 1: return moves_transition("prospect", "member").towards(mixing.between(0.2, 0.5));
    case 2: return moves_transition("member", "lost").towards(mixing.between(0.05, 0.2));
    case 3: return moves_transition("member", "fan").towards(mixing.between(0.15, 0.4));
    case 4: return moves_cash_flow("fan").towards(mixing.between(170, 260));
    default: return moves_referral("fan", "prospect").towards(mixing.between(0.15, 0.5));
  }
}

/// Up to six levers, most of them S-shaped, and a budget that some of them could use up.
std::pair<Model, double> some_problem(std::uint64_t seed) {
  Mixing mixing{seed * 7919 + 13};
  ModelBuilder builder = club(4 + static_cast<std::int64_t>(mixing.below(6)));
  const std::size_t count = 1 + mixing.below(6);
  constexpr const char* places[]{"prospect", "prospect", "member", "member", "fan", "fan"};
  constexpr LeverKind kinds[]{LeverKind::acquisition, LeverKind::acquisition, LeverKind::retention,
                              LeverKind::development, LeverKind::development, LeverKind::referral};
  for (std::size_t l = 0; l < count; ++l) {
    const std::size_t kind = mixing.below(6);
    Lever lever;
    lever.name = lever.label = "lever " + std::to_string(l);
    lever.kind = kinds[kind];
    const double half = kind == 0 ? mixing.between(200, 3000) : mixing.between(1, 30);
    EffectBuilder effect = some_effect(mixing, kind);
    effect.half_spend(half);
    if (mixing.chance(0.85)) effect.hill(mixing.between(1.2, 6));
    lever.effects = {effect};
    if (kind == 0) lever.spend_per = SpendPer::period;
    else lever.while_in = {places[kind]};
    if (mixing.chance(0.3)) lever.carry_over = mixing.between(0, 0.6);
    if (mixing.chance(0.2)) lever.from = 1;
    builder.lever(lever);
  }
  return {builder.build(), std::exp(mixing.between(std::log(500.0), std::log(60000.0)))};
}

struct Looked {
  Spending levels{};
  double equity = -1e300;
  std::vector<double> spend{};
  [[nodiscard]] double total() const {
    double sum = 0;
    for (const double each : spend) sum += each;
    return sum;
  }
};

Looked look(const Model& model, const Spending& levels) {
  const ExactValue value = exact_value(compile(model, levels), {.trace = false});
  return {levels, value.business->customer_equity, value.investment.by_stream};
}

/// Levels that spend a split, from costs asked for again and again.
Looked at_split(const Model& model, const std::vector<double>& money, double budget) {
  std::vector<double> cost = cost_per_level(compile(model, Spending(money.size(), 0.0)));
  Looked at;
  for (int round = 0; round < 25; ++round) {
    Spending levels;
    for (std::size_t l = 0; l < money.size(); ++l) levels.push_back(cost[l] > 0 ? money[l] / cost[l] : 0);
    at = look(model, levels);
    double miss = 0;
    for (std::size_t l = 0; l < money.size(); ++l) {
      if (!(levels[l] > 0)) continue;
      miss = std::max(miss, std::abs(at.spend[l] - money[l]));
      cost[l] = std::sqrt(cost[l] * at.spend[l] / levels[l]);
    }
    if (miss < 1e-6 * budget) break;
  }
  return at;
}

void add_splits(std::vector<std::vector<double>>& splits, std::vector<double>& split, std::size_t lever, int left,
                double unit) {
  if (lever == split.size()) return splits.push_back(split);
  for (int k = 0; k <= left; ++k) {
    split[lever] = k * unit;
    add_splits(splits, split, lever + 1, left - k, unit);
  }
  split[lever] = 0;
}

/// Moves money between levers, or to and from what is left over, by less and less.
Looked polished_without_slopes(const Model& model, Looked best, double budget) {
  const std::size_t levers = best.levels.size();
  for (double step = 0.05 * budget; step > 1e-4 * budget;) {
    bool improved = false;
    for (std::size_t to = 0; to <= levers; ++to) {
      for (std::size_t from = 0; from <= levers; ++from) {
        if (from == to || (from < levers && !(best.levels[from] > 0))) continue;
        std::vector<double> money = best.spend;
        const double moved = from < levers ? std::min(step, money[from]) : step;
        if (from < levers) money[from] -= moved;
        if (to < levers) money[to] += moved;
        Looked other = at_split(model, money, budget);
        if (other.total() > budget || !(other.equity > best.equity)) continue;
        best = std::move(other);
        improved = true;
      }
    }
    if (!improved) step /= 2;
  }
  return best;
}

/// The best of a dense grid of splits of the budget, with what is left over, polished.
Looked by_grid(const Model& model, double budget, double part) {
  constexpr int fineness[]{0, 200, 40, 16, 10, 7, 6};
  const std::size_t levers = model.levers().size();
  const int units = std::max(2, static_cast<int>(fineness[levers] * part));
  std::vector<std::vector<double>> splits;
  std::vector<double> split(levers, 0.0);
  add_splits(splits, split, 0, units, budget / units);
  std::vector<Looked> looked;
  for (const std::vector<double>& each : splits) {
    Looked at = at_split(model, each, budget);
    if (at.total() <= budget * (1 + 1e-5)) looked.push_back(std::move(at));
  }
  std::stable_sort(looked.begin(), looked.end(), [](const Looked& a, const Looked& b) { return a.equity > b.equity; });
  looked.resize(std::min<std::size_t>(looked.size(), 3));
  Looked best;
  for (Looked& start : looked) {
    for (double& level : start.levels) level *= 1 - 1e-4;
    Looked polished = polished_without_slopes(model, look(model, start.levels), budget);
    if (polished.equity > best.equity) best = std::move(polished);
  }
  return best;
}

/// What is said of an answer, checked on its own.
void check_answer(const Model& model, const OptimalPlan& plan, double budget) {
  Spending levels;
  for (const LeverInPlan& lever : plan.levers) levels.push_back(lever.levels.front());
  const Looked at = look(model, levels);
  CHECK_THAT(plan.customer_equity, close_to(at.equity, 1e-11));
  CHECK_THAT(plan.investment, close_to_on_scale(at.total(), budget, 1e-11));
  CHECK(at.total() <= budget);
  CHECK(plan.shadow_price >= 0);
  if (plan.left_over() > 1e-6 * budget) CHECK_THAT(plan.shadow_price, close_to_on_scale(0, 1, 1e-6));
  CHECK(plan.residual < 1e-6);
  CHECK(plan.best_other_use <= 1e-9 * std::abs(plan.customer_equity));
  for (std::size_t l = 0; l < levels.size(); ++l) {
    INFO("lever " << l << " at " << levels[l]);
    if (plan.levers[l].standing == LeverStanding::inside)
      CHECK_THAT(plan.levers[l].marginal_return.value(), close_to_on_scale(plan.shadow_price, 1 + plan.shadow_price, 1e-5));
    else if (plan.levers[l].marginal_return)
      CHECK(*plan.levers[l].marginal_return <= plan.shadow_price + 1e-6 * (1 + plan.shadow_price));
  }
}

void compare_with_grid(std::uint64_t first, std::uint64_t last, double part) {
  for (std::uint64_t seed = first; seed < last; ++seed) {
    const auto [model, budget] = some_problem(seed);
    const Optimization found = optimize(model, {.budget = budget, .threads = 1});
    const Looked grid = by_grid(model, budget, part);
    INFO("seed " << seed << ", " << model.levers().size() << " levers, budget " << budget << ": " << found.best.customer_equity
                 << " and by grid " << grid.equity << " spending " << grid.total());
    CHECK(found.best.customer_equity >= grid.equity - 1e-10 * std::abs(grid.equity));
    check_answer(model, found.best, budget);
  }
}

TEST_CASE("Optimize: never worse than a grid, polished, on 40 problems with S-shaped levers") { compare_with_grid(0, 40, 0.6); }

TEST_CASE("Optimize: never worse than a dense grid, polished, on 200 problems with S-shaped levers", "[slow]") {
  compare_with_grid(40, 240, 1);
}

}  // namespace tenure::test::optimal_spends
