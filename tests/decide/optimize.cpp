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
#include "tenure/decide/detail/optimize/spend_problem.hpp"
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
    case 0:
      return moves_arrivals("web").towards(mixing.between(1.2, 2.5));
    case 1:
      return moves_transition("prospect", "member").towards(mixing.between(0.2, 0.5));
    case 2:
      return moves_transition("member", "lost").towards(mixing.between(0.05, 0.2));
    case 3:
      return moves_transition("member", "fan").towards(mixing.between(0.15, 0.4));
    case 4:
      return moves_cash_flow("fan").towards(mixing.between(170, 260));
    default:
      return moves_referral("fan", "prospect").towards(mixing.between(0.15, 0.5));
  }
}

/// Up to six levers, most of them S-shaped, and a budget that some of them could use up.
std::pair<Model, double> some_problem(std::uint64_t seed) {
  Mixing mixing{seed * 7919 + 13};
  ModelBuilder builder = club(4 + static_cast<std::int64_t>(mixing.below(6)));
  const std::size_t count = 1 + mixing.below(6);
  constexpr const char* places[]{"prospect", "prospect", "member", "member", "fan", "fan"};
  constexpr LeverKind types[]{LeverKind::acquisition, LeverKind::acquisition, LeverKind::retention,
                              LeverKind::development, LeverKind::development, LeverKind::referral};
  for (std::size_t l = 0; l < count; ++l) {
    const std::size_t kind = mixing.below(6);
    Lever lever;
    lever.name = lever.label = "lever " + std::to_string(l);
    lever.kind = types[kind];
    const double half = kind == 0 ? mixing.between(200, 3000) : mixing.between(1, 30);
    EffectBuilder effect = some_effect(mixing, kind);
    effect.half_spend(half);
    if (mixing.chance(0.85)) effect.hill(mixing.between(1.2, 6));
    lever.effects = {effect};
    if (kind == 0)
      lever.spend_per = SpendPer::period;
    else
      lever.while_in = {places[kind]};
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
    Looked improved = polished_without_slopes(model, look(model, start.levels), budget);
    if (improved.equity > best.equity) best = std::move(improved);
  }
  return best;
}

/// What is said of an answer, checked on its own.
void check_answer(const Model& model, const OptimalPlan& plan, double budget) {
  Spending levels;
  for (const LeverInPlan& lever : plan.levers) levels.push_back(lever.pieces.front().level);
  const Looked at = look(model, levels);
  CHECK_THAT(plan.customer_equity, close_to(at.equity, 1e-11));
  CHECK_THAT(plan.investment, close_to_on_scale(at.total(), budget, 1e-11));
  CHECK(at.total() <= budget * (1 + 1e-14));  // summed here without compensation
  CHECK(plan.shadow_price >= 0);
  if (plan.left_over() > 1e-6 * budget) CHECK_THAT(plan.shadow_price, close_to_on_scale(0, 1, 1e-6));
  CHECK(plan.residual < 1e-6);
  CHECK(plan.best_other_use <= 1e-9 * std::abs(plan.customer_equity));
  for (std::size_t l = 0; l < levels.size(); ++l) {
    INFO("lever " << l << " at " << levels[l]);
    if (plan.levers[l].standing == LeverStanding::inside)
      CHECK_THAT(plan.levers[l].marginal_return.value(),
                 close_to_on_scale(plan.shadow_price, 1 + plan.shadow_price, 1e-5));
    else if (plan.levers[l].marginal_return)
      CHECK(*plan.levers[l].marginal_return <= plan.shadow_price + 1e-6 * (1 + plan.shadow_price));
  }
}

void compare_with_grid(std::uint64_t first, std::uint64_t last, double part) {
  for (std::uint64_t seed = first; seed < last; ++seed) {
    const auto [model, budget] = some_problem(seed);
    const Optimization found = optimize(model, {.budget = budget, .threads = 1});
    const Looked grid = by_grid(model, budget, part);
    INFO("seed " << seed << ", " << model.levers().size() << " levers, budget " << budget << ": "
                 << found.best.customer_equity << " and by grid " << grid.equity << " spending " << grid.total());
    CHECK(found.best.customer_equity >= grid.equity - 1e-10 * std::abs(grid.equity));
    check_answer(model, found.best, budget);
  }
}

TEST_CASE("Optimize: never worse than a grid, polished, on eight problems with S-shaped levers") {
  compare_with_grid(0, 8, 0.6);
}

TEST_CASE("Optimize: never worse than a dense grid, polished, on 60 problems with S-shaped levers", "[slow]") {
  compare_with_grid(40, 100, 1);
}

TEST_CASE("Optimize: never worse than a dense grid, polished, on 200 other problems with S-shaped levers", "[.soak]") {
  compare_with_grid(100, 300, 1);
}

Lever calls(double limit = 0.1, double half = 10, double steepness = 3) {
  return {.name = "calls",
          .kind = LeverKind::retention,
          .while_in = {"member"},
          .effects = {moves_transition("member", "lost").towards(limit).half_spend(half).hill(steepness)}};
}

Lever posters(double half = 800) {
  return {.name = "posters",
          .kind = LeverKind::acquisition,
          .spend_per = SpendPer::period,
          .carry_over = 0.4,
          .effects = {moves_arrivals("web").towards(2).half_spend(half).hill(2)}};
}

OptimalPlan best_of(const Model& model, double budget) {
  return optimize(model, {.budget = budget, .threads = 1}).best;
}

TEST_CASE("Optimize: without a budget nothing is spent, and the price says what the first unit would bring") {
  Lever steady = calls();
  steady.effects.front().curve = {};  // exponential: it earns from the first unit on
  const OptimalPlan plan = best_of(club().lever(steady).build(), 0);
  CHECK(plan.investment == 0);
  CHECK(plan.left_over() == 0);
  CHECK(plan.shadow_price > 0);
  CHECK_THAT(plan.shadow_price, close_to(plan.levers.front().marginal_return.value(), 1e-9));
  CHECK(best_of(club().lever(calls()).build(), 0).shadow_price == 0);  // S-shaped: the first unit is lost
}

TEST_CASE("Optimize: a lever without effect gets nothing, and nobody is there for another") {
  Lever idle = calls(0.25);  // its limit is today's value
  idle.name = "idle";
  Lever ghosts = calls();
  ghosts.name = "ghosts";
  ghosts.while_in = {"lost"};
  ghosts.from = 100;
  const OptimalPlan plan = best_of(club().lever(idle).lever(calls()).lever(ghosts).build(), 3000);
  CHECK(plan.levers[0].spend == 0);
  CHECK(plan.levers[0].standing == LeverStanding::off);
  CHECK(plan.levers[1].spend > 1000);
  CHECK(plan.levers[2].spend == 0);
  CHECK(plan.levers[2].standing == LeverStanding::unusable);
  CHECK_FALSE(plan.levers[2].marginal_return.has_value());
}

TEST_CASE("Optimize: what no lever can use is left over, however much it is") {
  const Model model = club().lever(calls()).lever(posters()).build();
  const OptimalPlan enough = best_of(model, 1e6);
  CHECK(enough.left_over() > 0.9e6);
  CHECK(enough.shadow_price < 1e-6);
  const OptimalPlan more = best_of(model, 1e12);
  CHECK_THAT(more.customer_equity, close_to(enough.customer_equity, 1e-11));
  CHECK_THAT(more.investment, close_to(enough.investment, 1e-5));
}

TEST_CASE("Optimize: of identical S-shaped levers one gets all where the budget is short, and both where it is not") {
  Lever second = calls();
  second.name = "letters";
  const Model twins = club().lever(calls()).lever(second).build();
  const Model single = club().lever(calls()).build();
  const OptimalPlan few = best_of(twins, 2500);
  CHECK_THAT(few.customer_equity, close_to(best_of(single, 2500).customer_equity, 1e-10));
  CHECK((few.levers[0].spend == 0) != (few.levers[1].spend == 0));
  CHECK_THAT(few.investment, close_to(2500, 1e-9));
  const OptimalPlan many = best_of(twins, 50000);
  CHECK_THAT(many.levers[0].pieces.front().level, close_to(many.levers[1].pieces.front().level, 1e-4));
  CHECK(many.customer_equity > best_of(single, 50000).customer_equity);
}

TEST_CASE("Optimize: limits on levers and on kinds are kept, and what they cost shows in marginal returns") {
  const Model model = club().lever(calls()).lever(posters()).build();
  constexpr double budget = 15000;
  const OptimalPlan free = best_of(model, budget);
  REQUIRE(free.levers[1].spend > 1000);
  const double most = free.levers[1].spend - 700;
  for (const std::variant<std::string, LeverKind>& on :
       {std::variant<std::string, LeverKind>{"posters"}, {LeverKind::acquisition}}) {
    const OptimalPlan capped = optimize(model, {.budget = budget, .limits = {{on, 0, most}}, .threads = 1}).best;
    CHECK_THAT(capped.levers[1].spend, close_to(most, 1e-8));
    CHECK(capped.levers[1].standing == LeverStanding::at_most);
    CHECK(capped.customer_equity < free.customer_equity);
    CHECK(*capped.levers[1].marginal_return > *capped.levers[0].marginal_return);
    const OptimalPlan raised =
        optimize(model, {.budget = budget, .limits = {{on, free.levers[1].spend + 500, {}}}, .threads = 1}).best;
    CHECK_THAT(raised.levers[1].spend, close_to(free.levers[1].spend + 500, 1e-8));
    CHECK(raised.levers[1].standing == LeverStanding::at_least);
    CHECK(*raised.levers[1].marginal_return < *raised.levers[0].marginal_return);
    CHECK(raised.investment <= budget);
  }
  const auto conflict = problems_of<ModelError>([&] {
    return optimize(model, {.budget = budget, .limits = {{"posters", budget + 1, {}}}, .threads = 1});
  });
  CHECK(says(conflict, "limits-conflict", "no plan keeps all limits"));
}

TEST_CASE("Optimize: the smallest budget for a target reaches it, and a little less does not") {
  const Model model = club().lever(calls()).lever(posters()).build();
  const double today = look(model, {0, 0}).equity;
  const double most = best_of(model, 1e6).customer_equity;
  for (const double part : {0.05, 0.3, 0.6, 0.95}) {
    const double gain = part * (most - today);
    const Optimization found = optimize(model, {.target_gain = gain, .threads = 1});
    INFO("gain " << gain << ", budget " << found.best.budget.value());
    CHECK(found.best.incremental_value >= gain - 1e-9 * most);
    CHECK_THAT(found.best.customer_equity, close_to(today + gain, 1e-8));
    CHECK(best_of(model, found.best.budget.value() * 0.999).customer_equity < today + gain);
  }
  CHECK(optimize(model, {.target = today - 1, .threads = 1}).best.investment == 0);
  const auto beyond = problems_of<ModelError>([&] { return optimize(model, {.target = most * 1.01, .threads = 1}); });
  CHECK(says(beyond, "target-not-reachable", "out of reach"));
}

TEST_CASE("Optimize: floors of a lever and of its kind are not spent twice in the smallest budget") {
  const Model model = club().lever(calls()).lever(posters()).build();
  OptimizeOptions options{.target = look(model, {0, 0}).equity - 2000, .threads = 1};
  options.limits = {{"calls", 1000, {}}, {LeverKind::retention, 1000, {}}, {"calls", 500, {}}};
  const OptimalPlan plan = optimize(model, options).best;
  CHECK_THAT(plan.budget.value(), close_to(1000, 1e-9));
  CHECK_THAT(plan.investment, close_to(1000, 1e-6));
}

TEST_CASE("Optimize: the frontier rises with the budget, and its best share is the best split") {
  const Model model = club().lever(calls()).lever(posters()).build();
  const Optimization found = optimize(model, {.budget = 15000, .frontier = true, .threads = 1});
  REQUIRE(found.by_budget.size() == 14);
  for (std::size_t k = 1; k < found.by_budget.size(); ++k) {
    const OptimalPlan& plan = found.by_budget[k];
    CHECK(plan.customer_equity >= found.by_budget[k - 1].customer_equity);
    CHECK_THAT(plan.customer_equity, close_to(best_of(model, plan.budget.value()).customer_equity, 1e-10));
  }
  REQUIRE(found.by_share.size() == 11);
  CHECK(found.by_share.front().plan.levers[0].spend == 0);
  CHECK(found.by_share.back().plan.levers[1].spend == 0);
  double best = 0;
  for (const SharePoint& point : found.by_share) {
    CHECK(point.plan.customer_equity <= found.best.customer_equity * (1 + 1e-12));
    CHECK(point.plan.levers[0].spend <= point.share_retention * 15000 + 1e-5);
    best = std::max(best, point.plan.customer_equity);
  }
  CHECK(best > found.by_share.front().plan.customer_equity);
  CHECK(best > found.by_share.back().plan.customer_equity);
}

TEST_CASE("Optimize: levels by pieces are one lever's, carry-over and all") {
  const Model model = club().lever(calls()).lever(posters()).build();
  const SpendPieces pieces{0, 3, 6};
  const Spending steady{9, 9, 9, 700, 700, 700};
  const ExactValue whole = exact_value(compile(model, Spending{9, 700}));
  const ExactValue parts = exact_value(compile_in_pieces(model, steady, pieces));
  CHECK_THAT(parts.business->customer_equity, close_to(whole.business->customer_equity));
  CHECK_THAT(parts.investment.total, close_to(whole.investment.total));
  // by hand: arrivals follow the share of the way of a_t = 0.6·s_t + 0.4·a_{t-1}
  const Chain chain = compile_in_pieces(model, {0, 0, 0, 500, 0, 900}, pieces);
  double effective = 0;
  for (std::int64_t t = 0; t < 8; ++t) {
    effective = 0.6 * (t < 3 ? 500 : t < 6 ? 0 : 900) + 0.4 * effective;
    const double share = effective * effective / (effective * effective + 800.0 * 800.0);
    INFO("period " << t);
    CHECK_THAT(people_arriving(chain.arrivals.front(), t), close_to(100 * (1 + share)));
  }
  // slopes against differences
  const Spending levels{8, 12, 5, 500, 300, 900};
  tenure::detail::SpendProblem problem =
      tenure::detail::problem_of(model, pieces, {{{0, 1, 2, 3, 4, 5}, 0, 1e5}, {{3, 4}, 0, 1e5}});
  const tenure::detail::SpendGradient gradient = tenure::detail::gradient_at(problem, levels, true);
  for (std::size_t k = 0; k < levels.size(); ++k) {
    const double step = 1e-4 * levels[k];
    Spending more = levels, less = levels;
    more[k] += step;
    less[k] -= step;
    const auto above = tenure::detail::outcome_of(problem, more).value();
    const auto below = tenure::detail::outcome_of(problem, less).value();
    const auto row = static_cast<Eigen::Index>(k);
    INFO("level " << k);
    CHECK_THAT(gradient.equity[row], close_to((above.equity - below.equity) / (2 * step), 1e-6));
    for (std::size_t b = 0; b < 2; ++b) {
      const double difference = above.spend_on(problem.bounds[b]) - below.spend_on(problem.bounds[b]);
      CHECK_THAT(gradient.spend(row, static_cast<Eigen::Index>(b)),
                 close_to_on_scale(difference / (2 * step), 1, 1e-6));
    }
  }
}

TEST_CASE("Optimize: spend that may vary by pieces is worth at least as much, and its pieces return alike") {
  const Model model = club(12).lever(calls()).lever(posters()).build();
  const OptimalPlan steady = best_of(model, 9000);
  const OptimalPlan varied = optimize(model, {.budget = 9000, .pieces = 4, .threads = 1}).best;
  CHECK(varied.customer_equity > steady.customer_equity);
  CHECK(varied.investment <= 9000);
  CHECK(varied.residual < 1e-6);
  CHECK(varied.levers[0].pieces.size() == 4);
  for (const LeverInPlan& lever : varied.levers) {
    if (lever.standing == LeverStanding::inside)
      CHECK_THAT(lever.marginal_return.value(), close_to(varied.shadow_price, 1e-5));
  }
  const Model endless = ModelBuilder{"Endless", Period::year, infinite_horizon, annual_rate(0.1)}
                            .state("member", Stage::servicing, {.cash_flow = 10})
                            .state("lost", Stage::lost)
                            .transition("member", "lost", 0.2)
                            .arrivals("member", once(10))
                            .lever(calls(0.1))
                            .build();
  CHECK(says(problems_of<ModelError>([&] { return optimize(endless, {.budget = 10, .pieces = 2}); }), "pieces",
             "cannot be cut"));
}

/// Slopes of the equity and of all spend by each level, at levels that are alike in all pieces and off in some.
TEST_CASE("Optimize: a level in one piece is that piece's, also where another piece has the same") {
  const Model model = club().lever(calls(0.1, 10, 1)).lever(posters()).build();
  const SpendPieces pieces{0, 3, 6};
  namespace inner = tenure::detail;
  const inner::SpendProblem problem = inner::problem_of(model, pieces, {{{0, 1, 2, 3, 4, 5}, 0, 1e5}});
  for (const Spending& levels : {Spending{9, 9, 9, 700, 700, 700}, Spending{0, 0, 0, 700, 0, 0}}) {
    const inner::SpendGradient gradient = inner::gradient_at(problem, levels, true);
    for (std::size_t k = 0; k < levels.size(); ++k) {
      const double step = 1e-4 * (k < 3 ? 9 : 700);
      if (k >= 3 && !(levels[k] > 0)) continue;  // S-shaped: nothing to the right of 0
      Spending more = levels, less = levels;
      more[k] += step;
      if (levels[k] > 0) less[k] -= step;
      const auto above = inner::outcome_of(problem, more).value();
      const auto below = inner::outcome_of(problem, less).value();
      const double width = more[k] - less[k];
      INFO("level " << k << " at " << levels[k]);
      CHECK_THAT(gradient.equity[static_cast<Eigen::Index>(k)],
                 close_to((above.equity - below.equity) / width, levels[k] > 0 ? 1e-6 : 1e-3));
      CHECK_THAT(gradient.spend(static_cast<Eigen::Index>(k), 0),
                 close_to((above.investment() - below.investment()) / width, levels[k] > 0 ? 1e-6 : 1e-3));
    }
  }
}

TEST_CASE("Optimize: where nobody is in a piece, a level costs nothing there, and is none") {
  // owners come in year 4; what is spent on them before would carry over for nothing
  const auto builder = [](double count) {
    ModelBuilder later{"Later", Period::year, Horizon{8}, annual_rate(0.1)};
    later.state("owner", Stage::servicing, {.cash_flow = 100})
        .state("lost", Stage::lost)
        .transition("owner", "lost", 0.2)
        .arrivals("owner", once(count), {.from = 4});
    return later;
  };
  const Lever care{.name = "care",
                   .kind = LeverKind::retention,
                   .while_in = {"owner"},
                   .carry_over = 0.5,
                   .effects = {moves_transition("owner", "lost").towards(0.05).half_spend(2)}};
  const Model model = builder(100).lever(care).build();
  const OptimalPlan plan = optimize(model, {.budget = 5000, .pieces = 4, .threads = 1}).best;
  for (const std::size_t k : {0U, 1U}) {
    CHECK(plan.levers[0].pieces[k].level == 0);
    CHECK(plan.levers[0].pieces[k].standing == LeverStanding::unusable);
    CHECK_FALSE(plan.levers[0].pieces[k].marginal_return.has_value());
  }
  CHECK(plan.levers[0].pieces[2].level > 0);
  CHECK(plan.levers[0].pieces[2].standing == LeverStanding::inside);
  const OptimalPlan of_nobody = optimize(builder(0).lever(care).build(), {.budget = 5000, .threads = 1}).best;
  CHECK(of_nobody.left_over_for == LeftOver::nobody);
  CHECK(of_nobody.levers[0].standing == LeverStanding::unusable);
  CHECK(of_nobody.levers[0].pieces[0].level == 0);
}

TEST_CASE("Optimize: a lever on people whom only another lever brings is no use where that one is off") {
  // the club is reached through the door only, which is shut without the key; the gift would bring arrivals for nothing
  const auto builder = [](double of_key) {
    ModelBuilder door{"Door", Period::year, Horizon{6}, annual_rate(0.1)};
    door.state("outside", Stage::acquisition)
        .state("inside", Stage::servicing, {.cash_flow = 10})
        .state("lost", Stage::lost)
        .transition("outside", "inside", 0.0)
        .transition("outside", "lost", 0.5)
        .transition("inside", "lost", 0.5)
        .arrivals("outside", per_period(10), {.name = "street"})
        .lever({.name = "key",
                .kind = LeverKind::acquisition,
                .while_in = {"outside"},
                .effects = {moves_transition("outside", "inside").towards(of_key).half_spend(1000)}})
        .lever({.name = "gift",
                .kind = LeverKind::referral,
                .while_in = {"inside"},
                .effects = {moves_arrivals("street").towards(3).half_spend(5)}});
    return door.build();
  };
  const OptimalPlan plan = optimize(builder(0.001), {.budget = 1000, .threads = 1}).best;  // a dear key to a poor club
  CHECK(plan.levers[0].spend == 0);
  CHECK(plan.levers[1].pieces[0].level == 0);
  CHECK(plan.levers[1].standing == LeverStanding::unusable);
}

TEST_CASE("Optimize: a shadow price is what the levers inside return, and what one more unit brings, however steep") {
  for (const double steep : {1.0, 1e4, 1e8, 1e12}) {
    for (const double budget : {1e-3, 1.0, 3000.0, 1e6, 1e12}) {
      INFO("limits " << steep << ", budget " << budget);
      Lever gifts{.name = "gifts",
                  .kind = LeverKind::development,
                  .while_in = {"fan"},
                  .effects = {moves_cash_flow("fan").towards(160 + 100 * steep).half_spend(20).hill(1)}};
      Lever steady = calls();
      steady.effects.front().curve = {};
      const Model model = club().lever(gifts).lever(steady).build();
      const OptimalPlan plan = best_of(model, budget);
      CHECK(std::isfinite(plan.shadow_price));
      CHECK(plan.residual < 1e-6);
      const double largest = std::max(1.0, *plan.levers[0].marginal_return);
      for (const LeverInPlan& lever : plan.levers) {
        if (lever.standing == LeverStanding::inside && plan.left_over_for == LeftOver::nothing)
          CHECK_THAT(*lever.marginal_return, close_to_on_scale(plan.shadow_price, largest, 1e-7));
      }
      if (plan.left_over_for != LeftOver::nothing || budget < 1) continue;
      const double step = 1e-3 * budget;
      const double gained =
          best_of(model, budget + step).customer_equity - best_of(model, budget - step).customer_equity;
      CHECK_THAT(gained / (2 * step), close_to_on_scale(plan.shadow_price, largest, 1e-5));
    }
  }
}

TEST_CASE("Optimize: what limits hold is left over for them, and what returns nothing for want of returns") {
  const Model model = club().lever(calls()).lever(posters()).build();
  CHECK(best_of(model, 1e6).left_over_for == LeftOver::returns);
  CHECK(best_of(model, 5000).left_over_for == LeftOver::nothing);
  const OptimalPlan held =
      optimize(model, {.budget = 30000, .limits = {{"posters", 0, 4000}, {"calls", 0, 3000}}, .threads = 1}).best;
  CHECK(held.left_over_for == LeftOver::limits);
  CHECK_THAT(held.left_over(), close_to(23000, 1e-6));
  CHECK(held.shadow_price == 0);
  for (const LeverInPlan& lever : held.levers) {
    CHECK(lever.standing == LeverStanding::at_most);
    CHECK(*lever.marginal_return > 0);
  }
}

TEST_CASE("Optimize: the answer is the same for any number of threads, to the last bit") {
  const auto [model, budget] = some_problem(19);
  const OptimalPlan one = optimize(model, {.budget = budget, .threads = 1}).best;
  const OptimalPlan three = optimize(model, {.budget = budget, .threads = 3}).best;
  CHECK(same_bits(one.customer_equity, three.customer_equity));
  for (std::size_t l = 0; l < one.levers.size(); ++l)
    CHECK(same_bits(one.levers[l].pieces.front().level, three.levers[l].pieces.front().level));
}

TEST_CASE("Optimize: levers that exclude each other are weighed, not refused") {
  // both move a transition that is impossible without them: a row can follow one of them only
  const auto wins = [](const char* name, double limit) {
    return Lever{.name = name,
                 .kind = LeverKind::acquisition,
                 .while_in = {"prospect"},
                 .effects = {moves_transition("prospect", "fan").towards(limit).half_spend(10)}};
  };
  const auto club = [] { return optimal_spends::club().transition("prospect", "fan", 0.0); };
  const Model both = club().lever(wins("gala", 0.2)).lever(wins("tour", 0.3)).build();
  const OptimalPlan plan = best_of(both, 4000);
  CHECK(plan.levers[0].spend == 0);
  CHECK_THAT(plan.customer_equity,
             close_to(best_of(club().lever(wins("tour", 0.3)).build(), 4000).customer_equity, 1e-9));
}

TEST_CASE("Optimize: what cannot be asked is refused in words") {
  const Model model = club().lever(calls()).build();
  const auto refused = [](const Model& asked, const OptimizeOptions& options) {
    return problems_of<ModelError>([&] { return optimize(asked, options); });
  };
  CHECK(says(refused(club().build(), {.budget = 10}), "no-levers", "nothing to spend on"));
  CHECK(says(refused(model, {}), "no-question", "a budget or one target"));
  CHECK(says(refused(model, {.budget = 1, .target = 2}), "no-question", "not both"));
  CHECK(says(refused(model, {.budget = -1}), "budget", "0 or more"));
  CHECK(says(refused(model, {.budget = 10, .limits = {{"cals", 0, 5}}}), "unknown-lever", "calls"));
  CHECK(says(refused(model, {.budget = 10, .limits = {{LeverKind::referral, 0, 5}}}), "unknown-lever", "referral"));
  CHECK(says(refused(model, {.budget = 10, .limits = {{"calls", 5, 4}}}), "limits-conflict", "not below"));
  CHECK_THROWS_AS(optimize(model, {.budget = 1000, .threads = 1, .interrupted = [] { return true; }}),
                  InterruptedError);
}

}  // namespace tenure::test::optimal_spends
