// Pfeifer, P. E., and Carraway, R. L. (2000). Modeling customer relationships as Markov chains. Journal of Interactive
// Marketing 14(2), 43-55: customers by recency of their last purchase, who are given up after four periods.
//
// Values are printed in the article; moments, derivatives and population counts were computed apart from tenure, in
// exact rational arithmetic, from the article's chain.

#include <array>
#include <cmath>
#include <cstddef>

#include <Eigen/Core>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/chain/from_matrix.hpp"
#include "tenure/decide/policy.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::pfeifer_carraway_2000 {

/// What the article's chain is made of: chances to buy by recency, money, and when contact stops.
struct RecencyChain {
  std::array<double, 4> buys{0.3, 0.2, 0.15, 0.05};
  double margin = 40;  ///< of a purchase
  double contact = 4;  ///< cost of a period of contact
  std::size_t contacted_states = 4;
  Horizon horizon = infinite_horizon;
  std::vector<ArrivalGroup> arrivals{};
};

Chain chain_of(const RecencyChain& recency) {
  const auto given_up = Eigen::Index{4};
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(5, 5);
  Eigen::VectorXd reward = Eigen::VectorXd::Zero(5);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    if (i >= recency.contacted_states) {
      matrix(row, given_up) = 1;
      continue;
    }
    matrix(row, 0) = recency.buys[i];
    matrix(row, i + 1 < recency.contacted_states ? row + 1 : given_up) += 1 - recency.buys[i];
    reward[row] = -recency.contact;
  }
  matrix(given_up, given_up) = 1;
  reward[0] += recency.margin;
  return chain_from_matrix(matrix, reward,
                           {.horizon = recency.horizon, .discount_factor = 1 / 1.2, .arrivals = recency.arrivals});
}

double value_of_new_customer(const RecencyChain& recency) {
  return exact_value(chain_of(recency)).states[0].clv.value();
}

/// The slope of a new customer's value, by central differences over a step in one number of the chain.
template <class Nudge>
double slope(Nudge nudge, double step) {
  RecencyChain above, below;
  nudge(above, step);
  nudge(below, -step);
  return (value_of_new_customer(above) - value_of_new_customer(below)) / (2 * step);
}

TEST_CASE("Pfeifer and Carraway 2000: values by recency, for ever") {
  const ExactValue value = exact_value(chain_of({}));
  const std::array<double, 5> printed{52.3196, 5.5538, 1.2508, -1.8200, 0};
  for (std::size_t i = 0; i < printed.size(); ++i) CHECK_THAT(value.states[i].clv.value(), prints_as(printed[i], 4));
  CHECK(value.error_bound < 1e-10);
}

TEST_CASE("Pfeifer and Carraway 2000: values by recency, rewards at t = 0 … 4") {
  const ExactValue value = exact_value(chain_of({.horizon = 5}));
  CHECK_THAT(value.states[0].clv.value(), prints_as(50.115, 3));
  CHECK_THAT(value.states[1].clv.value(), prints_as(4.2199, 4));
  CHECK_THAT(value.states[2].clv.value(), prints_as(.5921, 4));
  CHECK_THAT(value.states[3].clv.value(), prints_as(-1.9801, 4));
  CHECK(value.states[4].clv.value() == 0);
}

TEST_CASE("Pfeifer and Carraway 2000: the same through a model in words") {
  ModelBuilder builder{"Recency", Period::year, infinite_horizon, annual_rate(0.20)};
  builder.state("r1", Stage::servicing, {.cash_flow = 36.0})
      .state("r2", Stage::servicing, {.cash_flow = -4.0})
      .state("r3", Stage::servicing, {.cash_flow = -4.0})
      .state("r4", Stage::servicing, {.cash_flow = -4.0})
      .state("gone", Stage::lost)
      .transition("r1", "r1", 0.3)
      .transition("r1", "r2", rest)
      .transition("r2", "r1", 0.2)
      .transition("r2", "r3", rest)
      .transition("r3", "r1", 0.15)
      .transition("r3", "r4", rest)
      .transition("r4", "r1", 0.05)
      .transition("r4", "gone", rest);
  const Valuation valuation = value(builder.build());
  REQUIRE(valuation.scenarios.size() == 1);
  const std::vector<StateValue>& states = valuation.scenarios[0].value.states;
  CHECK_THAT(states[0].clv.value(), prints_as(52.3196, 4));
  CHECK_THAT(states[1].clv.value(), prints_as(5.5538, 4));
  CHECK_THAT(states[2].clv.value(), prints_as(1.2508, 4));
  CHECK_THAT(states[3].clv.value(), prints_as(-1.8200, 4));
  CHECK(states[4].clv.value() == 0);
  CHECK_FALSE(valuation.scenarios[0].value.business.has_value());
}

TEST_CASE("Pfeifer and Carraway 2000: variance and skewness of one customer's value") {
  const ExactValue value = exact_value(chain_of({}));
  const std::array<double, 4> variance{788.27359, 627.64711, 411.09118, 117.66486};
  const std::array<double, 4> skewness{.98385, 1.61439, 2.62130, 5.93427};
  for (std::size_t i = 0; i < 4; ++i) {
    const double sd = value.states[i].clv_sd.value();
    CHECK_THAT(sd * sd, prints_as(variance[i], 5));
    CHECK_THAT(value.states[i].clv_skewness.value(), prints_as(skewness[i], 5));
  }
  CHECK(value.states[4].clv_sd.value() == 0);
  CHECK_FALSE(value.states[4].clv_skewness.has_value());
}

TEST_CASE("Pfeifer and Carraway 2000: what a better chance to buy is worth") {
  const std::array<double, 4> printed{65.75374, 41.88559, 29.60279, 20.26374};  // mass from the row's other outcome
  for (std::size_t i = 0; i < 4; ++i) {
    const double found = slope([i](RecencyChain& chain, double step) { chain.buys[i] += step; }, 1e-5);
    CHECK_THAT(found, prints_as(printed[i], 5));
  }
  CHECK_THAT(slope([](RecencyChain& chain, double step) { chain.margin += step; }, 1), prints_as(1.687225, 6));
}

TEST_CASE("Pfeifer and Carraway 2000: giving up one period earlier is worth more than contact for ever") {
  const ExactValue value = exact_value(chain_of({.contacted_states = 3}));
  CHECK_THAT(value.states[0].clv.value(), prints_as(53.1494, 4));
  CHECK_THAT(value.states[1].clv.value(), prints_as(6.6207, 4));
  CHECK_THAT(value.states[2].clv.value(), prints_as(2.6437, 4));
  CHECK(value.states[0].clv.value() > value_of_new_customer({}));
}

TEST_CASE("Pfeifer and Carraway 2000: where 1000 new customers are four periods later") {
  const Chain chain = chain_of({.horizon = 5, .arrivals = {{.state = 0, .channel = 0, .count = {1000, 0}}}});
  const Trace trace = exact_value(chain).business.value().trace.value();
  const std::array<double, 5> mean{139.7, 136.5, 128.8, 142.8, 452.2};
  const std::array<double, 5> sd{10.963, 10.857, 10.593, 11.064, 15.739};  // people move independently: binomial
  for (std::size_t i = 0; i < mean.size(); ++i) {
    const double people = trace.people[i][4];
    CHECK_THAT(people, prints_as(mean[i], 1));
    CHECK_THAT(std::sqrt(people * (1 - people / 1000)), prints_as(sd[i], 3));
  }
}

/// The chain with contact in every period, in which anyone may be let go: no contact any more, and no purchase.
ModelBuilder mailing(Horizon horizon = infinite_horizon) {
  ModelBuilder builder{"Mailing", Period::year, horizon, annual_rate(0.20)};
  const std::array<const char*, 4> recency{"bought", "one silent", "two silent", "three silent"};
  const std::array<double, 4> buys{0.3, 0.2, 0.15, 0.05};
  Action let_go{.name = "let go"};
  for (std::size_t i = 0; i < 4; ++i) {
    const double margin = i == 0 ? 40 : 0;
    builder.state(recency[i], i == 0 ? Stage::servicing : Stage::dormant, {.cash_flow = margin - 4});
    let_go.in.emplace_back(recency[i]);
    let_go.effects.push_back(puts_cash_flow(recency[i], margin));
  }
  builder.state("given up", Stage::lost);
  for (std::size_t i = 0; i < 4; ++i) {
    builder.transition(recency[i], "bought", buys[i]).transition(recency[i], i < 3 ? recency[i + 1] : "given up", rest);
    if (i < 3) builder.transition(recency[i], "given up", 0);
    let_go.effects.push_back(puts_probability(recency[i], "given up", 1));
  }
  return builder.action(let_go);
}

TEST_CASE("Pfeifer and Carraway 2000: the best policy is to stop after three silent periods") {
  const PolicyValue best = best_policy(mailing().arrivals("bought", once(1)).build());
  REQUIRE(best.rows.size() == 4);
  for (std::size_t i = 0; i < 3; ++i) CHECK_FALSE(best.rows[i].action.has_value());
  CHECK(best.rows[3].action == 0u);
  CHECK_THAT(best.value[0].value(), prints_as(53.1494, 4));
  CHECK_THAT(best.value[1].value(), prints_as(6.6207, 4));
  CHECK_THAT(best.value[2].value(), prints_as(2.6437, 4));
  CHECK(best.value[3].value() == 0);
  CHECK_THAT(best.customer_equity.value(), prints_as(53.1494, 4));
  CHECK_THAT(best.fixed.at(0).customer_equity.value(), prints_as(52.3196, 4));  // contact for ever
  CHECK_THAT(best.fixed.at(1).customer_equity.value(), close_to(40));           // nobody is ever written to
  CHECK(best.fixed.at(best.best_fixed.value()).plan == FixedPlan::nothing);
  CHECK(best.bound.value() < 1e-11);
}

TEST_CASE("Pfeifer and Carraway 2000: towards the end of a horizon contact stops sooner") {
  // a letter of the last period cannot be answered within it
  const PolicyValue best = best_policy(mailing(Horizon{6}).arrivals("bought", once(1)).build());
  std::vector<std::int64_t> let_go_from(4, -1);
  for (const PolicyRow& row : best.rows) {
    if (row.action) let_go_from[row.state] = row.from;
  }
  // with n periods to come a letter to "bought" brings .3·36/1.2 = 9 and more, and to "one silent" .2·40/1.2 = 6.67,
  // for 4
  CHECK(let_go_from == std::vector<std::int64_t>{5, 5, 5, 0});
}

}  // namespace tenure::test::pfeifer_carraway_2000
