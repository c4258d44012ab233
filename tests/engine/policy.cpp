// The best policy against all others: every stationary policy of small random chains, evaluated one by one by the exact
// engine; every plan that depends on time, by walking backwards over a table of its own; and the bound, against
// policies made worse on purpose.

#include "tenure/engine/policy.hpp"
#include "tenure/engine/detail/policy/iteration.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <Eigen/Dense>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "tenure/engine/exact.hpp"

namespace tenure::test::policy {

struct Size {
  std::size_t states = 3;
  std::size_t actions = 2;  ///< at most, beside doing nothing
  double discount = 0.9;
  Horizon horizon = infinite_horizon;
  bool referrals = false;
  bool ends = false;  ///< in the last state, for nothing
  std::size_t phases = 1;
};

Timeline<std::vector<double>> seasons(std::vector<std::vector<double>> of_phase) {
  std::vector<std::uint32_t> course;
  for (std::uint32_t k = 0; k < of_phase.size(); ++k) course.push_back(k);
  return {std::move(of_phase), std::move(course), 0};
}

/// A layer with full rows, rewards on states and moves, costs and a few referrals.
Chain random_layer(Mixing& mixing, const Size& size) {
  Chain chain;
  chain.horizon = size.horizon;
  chain.discount_factor = size.discount;
  chain.cash_flow_timing = CashFlowTiming::middle;
  chain.stages.assign(size.states, Stage::servicing);
  for (std::size_t i = 0; i < size.states; ++i) {
    for (std::size_t j = 0; j < size.states; ++j) chain.transitions.successor.push_back(static_cast<StateIndex>(j));
    chain.transitions.first.push_back(static_cast<std::uint32_t>(chain.transitions.entries()));
    if (size.referrals) chain.referrals.successor.push_back(static_cast<StateIndex>(mixing.below(size.states)));
    chain.referrals.first.push_back(static_cast<std::uint32_t>(chain.referrals.entries()));
  }
  std::vector<std::vector<double>> probability, moves, cash, spend, rate;
  for (std::size_t phase = 0; phase < size.phases; ++phase) {
    probability.emplace_back();
    moves.emplace_back();
    cash.emplace_back();
    spend.emplace_back();
    rate.emplace_back();
    for (std::size_t i = 0; i < size.states; ++i) {
      const bool is_end = size.ends && i + 1 == size.states;
      std::vector<double> row = mixing.shares(size.states);
      if (is_end) row.assign(size.states, 0.0), row.back() = 1;
      probability[phase].insert(probability[phase].end(), row.begin(), row.end());
      for (std::size_t j = 0; j < size.states; ++j) moves[phase].push_back(is_end ? 0 : mixing.between(-2, 3));
      cash[phase].push_back(is_end ? 0 : mixing.between(-5, 10));
      spend[phase].push_back(is_end ? 0 : mixing.between(0, 3));
      if (size.referrals) rate[phase].push_back(is_end ? 0 : mixing.between(0, 0.08));
    }
  }
  chain.probability = seasons(std::move(probability));
  chain.transition_cash_flow = seasons(std::move(moves));
  chain.cash_flow = seasons(std::move(cash));
  chain.spend = seasons(std::move(spend));
  chain.referral_rate = seasons(std::move(rate));
  return chain;
}

DecisionChain random_decisions(Mixing& mixing, const Size& size) {
  std::vector<Chain> layers;
  for (std::size_t k = 0; k <= size.actions; ++k) layers.push_back(random_layer(mixing, size));
  std::vector<Alternative> alternatives;
  for (std::size_t i = 0; i < size.states; ++i)
    alternatives.push_back(static_cast<Alternative>(1 + mixing.below(size.actions + 1)));
  if (size.ends) alternatives.back() = 1;
  return decision_chain(std::move(layers), std::move(alternatives));
}

/// Counts through all choices of a list of states; false after the last.
bool next_choice(const std::vector<Alternative>& alternatives, std::vector<Alternative>& choice) {
  for (std::size_t i = 0; i < choice.size(); ++i) {
    if (++choice[i] < alternatives[i]) return true;
    choice[i] = 0;
  }
  return false;
}

std::vector<double> values_of(const Chain& chain) {
  std::vector<double> values;
  for (const StateValue& state : exact_value(chain, {.trace = false}).states)
    values.push_back(state.clv_with_referrals.value());
  return values;
}

/// The largest value of each state under any stationary policy, each a chain of its own.
std::vector<double> best_of_all(const DecisionChain& decisions) {
  std::vector<Alternative> choice(decisions.states(), 0);
  std::vector<double> best(decisions.states(), -std::numeric_limits<double>::infinity());
  do {
    const std::vector<double> values = values_of(chain_of_choices(decisions, always(choice)));
    for (std::size_t i = 0; i < values.size(); ++i) best[i] = std::max(best[i], values[i]);
  } while (next_choice(decisions.alternatives, choice));
  return best;
}

void check_against_all(const Size& size, std::uint64_t seed) {
  Mixing mixing{seed};
  const DecisionChain decisions = random_decisions(mixing, size);
  const OptimalPolicy found = optimal_policy(decisions);
  const std::vector<double> best = best_of_all(decisions);
  const std::vector<double> own = values_of(chain_of_choices(decisions, found.choices));
  for (std::size_t i = 0; i < best.size(); ++i) {
    CAPTURE(seed, i);
    CHECK_THAT(found.value[0][i], close_to_on_scale(best[i], 100));
    CHECK_THAT(own[i], close_to_on_scale(best[i], 100));
    CHECK(best[i] <= own[i] + found.bound.value());
  }
  CHECK(found.bound.value() < 1e-8);
}

TEST_CASE("policy iteration finds the best of all stationary policies") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) check_against_all({.states = 4, .actions = 2, .discount = 0.9}, seed);
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    check_against_all({.states = 3, .actions = 4, .discount = 0.995}, seed);
}

TEST_CASE("policy iteration counts those whom people bring") {
  for (std::uint64_t seed = 0; seed < 40; ++seed)
    check_against_all({.states = 4, .actions = 2, .discount = 0.9, .referrals = true}, seed);
}

TEST_CASE("policy iteration without discounting, where every policy ends") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) check_against_all({.states = 4, .discount = 1, .ends = true}, seed);
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    check_against_all({.states = 4, .discount = 1, .referrals = true, .ends = true}, seed);
}

/// The recursion of docs/semantics.md on dense matrices: the best value of each state and period, apart from tenure.
std::vector<Eigen::VectorXd> walk_back(const DecisionChain& decisions, std::size_t periods) {
  const auto size = static_cast<Eigen::Index>(decisions.states());
  std::vector<Eigen::VectorXd> value(periods + 1, Eigen::VectorXd::Zero(size));
  const double d = decisions.as_is().discount_factor;
  for (std::size_t t = periods; t-- > 0;) {
    const auto period = static_cast<std::int64_t>(t);
    for (std::size_t i = 0; i < decisions.states(); ++i) {
      double best = -std::numeric_limits<double>::infinity();
      for (std::size_t a = 0; a < decisions.alternatives[i]; ++a) {
        const Chain& chain = decisions.layers[a];
        double worth = std::sqrt(d) * chain.cash_flow.at(period)[i] - chain.spend.at(period)[i];
        for (std::size_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
          worth += d * chain.probability.at(period)[k] *
                   (chain.transition_cash_flow.at(period)[k] + value[t + 1][chain.transitions.successor[k]]);
        }
        for (std::size_t k = chain.referrals.first[i]; k < chain.referrals.first[i + 1]; ++k) {
          worth += d * chain.referral_rate.at(period)[k] * value[t + 1][chain.referrals.successor[k]];
        }
        best = std::max(best, worth);
      }
      value[t][static_cast<Eigen::Index>(i)] = best;
    }
  }
  return value;
}

void check_finite(const Size& size, std::uint64_t seed) {
  Mixing mixing{seed};
  const DecisionChain decisions = random_decisions(mixing, size);
  const OptimalPolicy found = optimal_policy(decisions);
  const auto periods = static_cast<std::size_t>(*size.horizon);
  const std::vector<Eigen::VectorXd> best = walk_back(decisions, periods);
  REQUIRE(found.value.size() == periods);
  for (std::size_t t = 0; t < periods; ++t) {
    for (std::size_t i = 0; i < size.states; ++i) {
      CHECK_THAT(found.value[t][i], close_to_on_scale(best[t][static_cast<Eigen::Index>(i)], 100));
    }
  }
  const std::vector<double> own = values_of(chain_of_choices(decisions, found.choices));
  for (std::size_t i = 0; i < size.states; ++i)
    CHECK_THAT(own[i], close_to_on_scale(best[0][static_cast<Eigen::Index>(i)], 100));
  CHECK(found.bound.value() < 1e-10);
}

TEST_CASE("a finite horizon is walked back, with seasons and referrals") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) check_finite({.states = 4, .discount = 0.95, .horizon = 12}, seed);
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    check_finite({.states = 4, .discount = 1, .horizon = 9, .referrals = true, .phases = 4}, seed);
  }
}

TEST_CASE("a plan for two periods is the best of all that depend on the period") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Mixing mixing{seed};
    const DecisionChain decisions = random_decisions(mixing, {.states = 3, .horizon = 2, .phases = 2});
    std::vector<double> best(3, -std::numeric_limits<double>::infinity());
    std::vector<Alternative> first(3, 0);
    do {
      std::vector<Alternative> second(3, 0);
      do {
        const std::vector<double> values = values_of(chain_of_choices(decisions, Choices{{first, second}, {0, 1}, 1}));
        for (std::size_t i = 0; i < 3; ++i) best[i] = std::max(best[i], values[i]);
      } while (next_choice(decisions.alternatives, second));
    } while (next_choice(decisions.alternatives, first));
    const OptimalPolicy found = optimal_policy(decisions);
    for (std::size_t i = 0; i < 3; ++i) CHECK_THAT(found.value[0][i], close_to_on_scale(best[i], 100));
  }
}

TEST_CASE("seasons that repeat for ever are decided phase by phase") {
  // so many periods that what follows them is worth less than can be seen
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Mixing mixing{seed};
    DecisionChain decisions = random_decisions(mixing, {.states = 4, .discount = 0.8, .referrals = true, .phases = 3});
    const OptimalPolicy found = optimal_policy(decisions);
    REQUIRE(found.value.size() == 3);
    const std::vector<Eigen::VectorXd> long_run = walk_back(decisions, 600);
    for (std::size_t t = 0; t < 3; ++t) {
      for (std::size_t i = 0; i < 4; ++i)
        CHECK_THAT(found.value[t][i], close_to_on_scale(long_run[t][static_cast<Eigen::Index>(i)], 100));
    }
    const std::vector<double> own = values_of(chain_of_choices(decisions, found.choices));
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK_THAT(own[i], close_to_on_scale(long_run[0][static_cast<Eigen::Index>(i)], 100));
    }
    CHECK(found.bound.value() < 1e-10);
  }
}

TEST_CASE("a course that settles is walked back from where it repeats") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Mixing mixing{seed};
    DecisionChain decisions = random_decisions(mixing, {.states = 3, .discount = 0.8, .phases = 5});
    for (Chain& layer : decisions.layers) {  // four periods, and then the fifth for ever
      const auto settle = [](auto& timeline) { timeline = {timeline.distinct(), timeline.course(), 4}; };
      settle(layer.probability), settle(layer.transition_cash_flow), settle(layer.cash_flow), settle(layer.spend),
          settle(layer.referral_rate);
    }
    const OptimalPolicy found = optimal_policy(decisions);
    REQUIRE(found.value.size() == 5);
    const std::vector<Eigen::VectorXd> long_run = walk_back(decisions, 400);
    for (std::size_t t = 0; t < 5; ++t) {
      for (std::size_t i = 0; i < 3; ++i)
        CHECK_THAT(found.value[t][i], close_to_on_scale(long_run[t][static_cast<Eigen::Index>(i)], 100));
    }
    const std::vector<double> own = values_of(chain_of_choices(decisions, found.choices));
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK_THAT(own[i], close_to_on_scale(long_run[0][static_cast<Eigen::Index>(i)], 100));
    }
    CHECK(found.choices.repeats_from() == 4);
  }
}

TEST_CASE("alternatives that are worth the same are a tie, and the first one is taken") {
  Mixing mixing{7};
  const Chain layer = random_layer(mixing, {});
  const DecisionChain same = decision_chain({layer, layer, layer}, {3, 3, 3});
  const OptimalPolicy found = optimal_policy(same);
  CHECK(found.choices.at(0) == std::vector<Alternative>(3, 0));
  CHECK(found.advantage[0][0] == 0.0);
  CHECK(found.rounds == 1);
}

TEST_CASE("the bound holds for the values of a policy that is not the best") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Mixing mixing{seed};
    const DecisionChain decisions =
        random_decisions(mixing, {.states = 4, .discount = 0.9, .referrals = seed % 2 == 0});
    const tenure::detail::DecisionCycle cycle{decisions, 0, 1};
    const std::vector<bool> all(4, true);
    const double periods = tenure::detail::most_periods(cycle, all).value();
    const std::vector<double> best = best_of_all(decisions);
    std::vector<Alternative> choice(4, 0);
    do {
      tenure::detail::CyclePolicy policy{{choice}, {}, 0};
      policy.values = tenure::detail::evaluated(cycle, policy.choices, tenure::detail::Adding::money, all);
      const double bound = periods * tenure::detail::largest_residual(cycle, policy);
      for (std::size_t i = 0; i < 4; ++i) CHECK(best[i] - policy.values[0][i] <= bound);
    } while (next_choice(decisions.alternatives, choice));
  }
}

TEST_CASE("without discounting a policy that earns for ever has no finite value") {
  Mixing mixing{3};
  const DecisionChain decisions = random_decisions(mixing, {.states = 3, .actions = 1, .discount = 1});
  CHECK_THROWS_AS(optimal_policy(decisions), DivergentError);
}

/// Someone who pays 1 a period for ever, or 5 once to be rid of it; and what is not proved where one may go on for
/// ever.
TEST_CASE("without discounting an endless loss is ended, and nothing is proved of it") {
  Chain sojourn;
  sojourn.stages = {Stage::servicing, Stage::lost};
  sojourn.transitions = {{0, 2, 3}, {0, 1, 1}};
  sojourn.probability = Timeline<std::vector<double>>{{1.0, 0.0, 1.0}};
  sojourn.transition_cash_flow = Timeline<std::vector<double>>{{0.0, 0.0, 0.0}};
  sojourn.cash_flow = Timeline<std::vector<double>>{{-1.0, 0.0}};
  sojourn.spend = Timeline<std::vector<double>>{{0.0, 0.0}};
  sojourn.referrals.first = {0, 0, 0};
  Chain leave = sojourn;
  leave.probability = Timeline<std::vector<double>>{{0.0, 1.0, 1.0}};
  leave.spend = Timeline<std::vector<double>>{{4.0, 0.0}};
  const OptimalPolicy found = optimal_policy(decision_chain({sojourn, leave}, {2, 1}));
  CHECK(found.choices.at(0)[0] == 1);
  CHECK(found.value[0][0] == -5);
  CHECK_FALSE(found.bound.has_value());
}

}  // namespace tenure::test::policy
