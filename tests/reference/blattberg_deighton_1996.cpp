// Blattberg, R. C., and Deighton, J. (1996). Manage marketing by the customer equity test. Harvard Business Review
// 74(4), 136-144: how much to spend on winning customers, a(A) = C_a(1 - e^{-k_a A}) for A per prospect, and on keeping
// them, r(R) = C_r(1 - e^{-k_r R}) for R per customer and year.
//
// Theorem (Pfeifer, P. E. 2005. The optimal ratio of acquisition and retention costs. Journal of Targeting, Measurement
// and Analysis for Marketing 13(2), 179-188): where both are at their best, the marginal cost to acquire 1/a'(A), the
// marginal cost to retain 1/r'(R) and the customer's value are equal. In tenure's timing a customer who is won or kept
// by money spent now is there at the start of the next year, so that the value is discounted by one year.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/decide/optimize.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::blattberg_deighton_1996 {

constexpr double acquisition_ceiling = 0.40;
constexpr double acquisition_rate = 0.06;  // k_a: per unit spent
constexpr double retention_ceiling = 0.75;
constexpr double retention_rate = 0.05;  // k_r
constexpr double margin = 90;
constexpr double annual = 0.10;
constexpr double discount = 1 / (1 + annual);

Model prospects_and_customers() {
  const double ln_2 = std::log(2.0);
  return ModelBuilder{"Customer equity test", Period::year, infinite_horizon, annual_rate(annual)}
      .state("prospect", Stage::acquisition)
      .state("customer", Stage::servicing, {.cash_flow = margin})
      .state("gone", Stage::lost)
      .transition("prospect", "customer", 0.0)
      .transition("prospect", "gone", rest)
      .transition("customer", "customer", 0.0)
      .transition("customer", "gone", rest)
      .arrivals("prospect", once(1))
      .lever({.name = "win",
              .kind = LeverKind::acquisition,
              .while_in = {"prospect"},
              .effects = {moves_transition("prospect", "customer")
                              .towards(acquisition_ceiling)
                              .half_spend(ln_2 / acquisition_rate)}})
      .lever(
          {.name = "keep",
           .kind = LeverKind::retention,
           .while_in = {"customer"},
           .effects =
               {moves_transition("customer", "customer").towards(retention_ceiling).half_spend(ln_2 / retention_rate)}})
      .build();
}

ExactValue value_at(const Model& model, double win, double keep) {
  return exact_value(compile(model, Spending{win, keep}));
}

double equity_at(const Model& model, double win, double keep) {
  return value_at(model, win, keep).business.value().customer_equity;
}

struct Spends {
  double win = 0;
  double keep = 0;
};

/// The best of a grid over both spends around a centre.
Spends best_of_grid(const Model& model, Spends centre, Spends reach, int steps) {
  Spends best = centre;
  double most = -1e300;
  for (int i = -steps; i <= steps; ++i) {
    for (int j = -steps; j <= steps; ++j) {
      const Spends at{std::max(0.0, centre.win + reach.win * i / steps),
                      std::max(0.0, centre.keep + reach.keep * j / steps)};
      const double equity = equity_at(model, at.win, at.keep);
      if (equity > most) {
        most = equity;
        best = at;
      }
    }
  }
  return best;
}

/// Where the slope of a function, by central differences, passes through 0 from above. A maximum is flat: its place is
/// found from slopes to about ten digits, from values to eight only.
double flat_place(const std::function<double(double)>& f, double low, double high) {
  const auto slope = [&](double x) { return f(x * (1 + 1e-4)) - f(x * (1 - 1e-4)); };
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = (low + high) / 2;
    (slope(middle) > 0 ? low : high) = middle;
  }
  return (low + high) / 2;
}

/// The optimum: a coarse grid, then a finer one, then each spend on its own until neither moves.
Spends best_spends(const Model& model) {
  Spends best = best_of_grid(model, {60, 60}, {60, 60}, 15);
  best = best_of_grid(model, best, {4, 4}, 8);
  for (int round = 0; round < 3; ++round) {
    best.keep = flat_place([&](double keep) { return equity_at(model, best.win, keep); }, best.keep - 2, best.keep + 2);
    best.win = flat_place([&](double win) { return equity_at(model, win, best.keep); }, best.win - 2, best.win + 2);
  }
  return best;
}

/// 1 / f'(spend) for f(spend) = ceiling·(1 - e^{-rate·spend}).
double marginal_cost(double ceiling, double rate, double spend) { return std::exp(rate * spend) / (ceiling * rate); }

TEST_CASE("Blattberg and Deighton 1996: levers put acquisition and retention on their curves") {
  const Model model = prospects_and_customers();
  const double win = 20, keep = 25;
  const double acquired = acquisition_ceiling * (1 - std::exp(-acquisition_rate * win));
  const double kept = retention_ceiling * (1 - std::exp(-retention_rate * keep));
  const ExactValue value = value_at(model, win, keep);
  const double customer = (margin - keep) / (1 - discount * kept);
  CHECK_THAT(value.states[1].clv.value(), close_to(customer));
  CHECK_THAT(value.business.value().customer_equity, close_to(-win + discount * acquired * customer));
  CHECK_THAT(value.business.value().acquired.value(), close_to(acquired));
}

TEST_CASE("Pfeifer 2005: at the optimum the marginal cost to acquire, to retain, and the value are equal") {
  const Model model = prospects_and_customers();
  const Spends best = best_spends(model);
  REQUIRE(best.win > 1);  // inside, not at an edge of the grid
  REQUIRE(best.win < 119);
  REQUIRE(best.keep > 1);
  REQUIRE(best.keep < 119);
  const double customer = discount * value_at(model, best.win, best.keep).states[1].clv.value();
  // central differences over 1e-4 of a spend leave an error of about 1e-8 of it
  CHECK_THAT(marginal_cost(acquisition_ceiling, acquisition_rate, best.win), close_to(customer, 1e-6));
  CHECK_THAT(marginal_cost(retention_ceiling, retention_rate, best.keep), close_to(customer, 1e-6));
}

TEST_CASE("Pfeifer 2005: away from the optimum they differ, and equity is lower") {
  const Model model = prospects_and_customers();
  const Spends best = best_spends(model);
  const double most = equity_at(model, best.win, best.keep);
  for (const Spends away : {Spends{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, -1}, {1, -1}, {-1, 1}}) {
    CHECK(equity_at(model, best.win + away.win, best.keep + away.keep) < most);
  }
  const double customer = discount * value_at(model, best.win + 1, best.keep).states[1].clv.value();
  CHECK(marginal_cost(acquisition_ceiling, acquisition_rate, best.win + 1) > 1.01 * customer);
}

TEST_CASE("Pfeifer 2005: the optimiser finds where marginal costs and the value are equal, and leaves the rest over") {
  const Model model = prospects_and_customers();
  const OptimalPlan plan = optimize(model, {.budget = 1000, .threads = 1}).best;
  const double win = plan.levers[0].pieces.front().level;
  const double keep = plan.levers[1].pieces.front().level;
  const double customer = discount * value_at(model, win, keep).states[1].clv.value();
  CHECK_THAT(marginal_cost(acquisition_ceiling, acquisition_rate, win), close_to(customer, 1e-9));
  CHECK_THAT(marginal_cost(retention_ceiling, retention_rate, keep), close_to(customer, 1e-9));
  CHECK(plan.left_over() > 900);
  CHECK_THAT(plan.shadow_price, close_to_on_scale(0, 1, 1e-9));
}

TEST_CASE("Blattberg and Deighton 1996: the best split of a budget that is short, by the closed form") {
  const Model model = prospects_and_customers();
  constexpr double budget = 30;
  const auto acquired = [](double win) { return acquisition_ceiling * (1 - std::exp(-acquisition_rate * win)); };
  const auto kept = [](double keep) { return retention_ceiling * (1 - std::exp(-retention_rate * keep)); };
  const auto win_beside = [&](double keep) {  // win + d·a(win)·keep / (1 - d·r(keep)) = budget
    double low = 0, high = budget;
    for (int halving = 0; halving < 100; ++halving) {
      const double win = (low + high) / 2;
      (win + discount * acquired(win) * keep / (1 - discount * kept(keep)) < budget ? low : high) = win;
    }
    return low;
  };
  const auto equity = [&](double keep) {
    const double win = win_beside(keep);
    return -win + discount * acquired(win) * (margin - keep) / (1 - discount * kept(keep));
  };
  double most = -1e300;
  for (double keep = 0; keep < 200; keep += 0.01) most = std::max(most, equity(keep));
  const OptimalPlan plan = optimize(model, {.budget = budget, .threads = 1}).best;
  CHECK(plan.customer_equity >= most);
  CHECK_THAT(plan.customer_equity, close_to(most, 1e-6));
  CHECK_THAT(plan.customer_equity, close_to(equity(plan.levers[1].pieces.front().level), 1e-10));
  CHECK_THAT(plan.investment, close_to(budget, 1e-10));
  for (const LeverInPlan& lever : plan.levers)
    CHECK_THAT(lever.marginal_return.value(), close_to(plan.shadow_price, 1e-7));
  // what one more unit of budget brings
  const auto value = [&](double more) {
    return optimize(model, {.budget = budget + more, .threads = 1}).best.customer_equity;
  };
  CHECK_THAT(plan.shadow_price, close_to((value(0.01) - value(-0.01)) / 0.02, 1e-5));
}

}  // namespace tenure::test::blattberg_deighton_1996
