// Values for ever against long finite horizons, and against an elimination in extended precision; seasons that return
// for ever, campaigns that fade, and numbers that settle.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::test::infinite_horizon_tests {

/// Seeded chains whose discounted operator is a contraction by at most 0.95: rates of referral are kept low.
ChainParts seeded(std::uint64_t seed) {
  Mixing mixing{seed};
  SeededOptions options{
      .states = 1 + mixing.below(6), .distinct_periods = 1 + mixing.below(4), .head = mixing.below(5)};
  options.largest_referral_rate = 0.1 / static_cast<double>(options.states);
  ChainParts parts = seeded_chain(mixing, options);
  parts.discount_factor = std::min(parts.discount_factor, 0.86);  // times 1.1 for row sums of P + ρ
  return parts;
}

constexpr std::int64_t long_enough = 700;  // 0.95^700 is 3e-16

void check_states(const ExactValue& forever, const ExactValue& finite) {
  REQUIRE(forever.states.size() == finite.states.size());
  for (std::size_t i = 0; i < forever.states.size(); ++i) {
    INFO("state " << i);
    const StateValue& a = forever.states[i];
    const StateValue& b = finite.states[i];
    const double scale = 500 + std::abs(b.clv.value()) + b.clv_sd.value();
    CHECK_THAT(a.clv.value(), close_to_on_scale(b.clv.value(), scale));
    CHECK_THAT(a.clv_with_referrals.value(), close_to_on_scale(b.clv_with_referrals.value(), scale));
    CHECK_THAT(a.clv_sd.value() * a.clv_sd.value(),
               close_to_on_scale(b.clv_sd.value() * b.clv_sd.value(), scale * scale));
    if (b.clv_sd.value() > 1e-3) CHECK_THAT(a.clv_skewness.value(), close_to_on_scale(b.clv_skewness.value(), 1, 1e-8));
  }
}

TEST_CASE("Infinite horizon: seeded chains with everything in them agree with a long horizon") {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    INFO("seed " << seed);
    ChainParts parts = seeded(seed);
    const ExactValue forever = exact_value(chain_of(parts));
    parts.horizon = long_enough;
    const ExactValue finite = exact_value(chain_of(parts));
    check_states(forever, finite);
    const BusinessValue& a = forever.business.value();
    const BusinessValue& b = finite.business.value();
    CHECK_THAT(a.customer_equity, close_to_on_scale(b.customer_equity, 1e5));
    CHECK_THAT(forever.investment.total, close_to_on_scale(finite.investment.total, 1e4));
    REQUIRE(a.channels.size() == 2);
    for (std::size_t c = 0; c < 2; ++c) {
      CHECK_THAT(a.channels[c].people, close_to_on_scale(b.channels[c].people, 1e3));
      CHECK_THAT(a.channels[c].customer_equity, close_to_on_scale(b.channels[c].customer_equity, 1e5));
    }
    CHECK_FALSE(a.trace.has_value());
  }
}

/// A chain that everybody leaves for good, so that undiscounted counts are finite as well.
ChainParts leaving(std::uint64_t seed) {
  Mixing mixing{seed};
  const std::size_t customers = 1 + mixing.below(4);
  SeededOptions options{.states = customers, .distinct_periods = 1 + mixing.below(3), .head = mixing.below(4)};
  options.largest_referral_rate = 0.03 / static_cast<double>(customers);
  ChainParts parts = seeded_chain(mixing, options);
  parts.stages.push_back(Stage::lost);
  for (PeriodParts& period : parts.periods) {
    for (std::size_t i = 0; i < customers; ++i) {
      for (double& p : period.moves[i]) p *= 0.8;
      period.moves[i].push_back(0.2);
      period.cash_of_moves[i].push_back(mixing.between(-5, 0));
      period.referred[i].push_back(0);
    }
    period.moves.push_back(std::vector<double>(customers, 0.0));
    period.moves.back().push_back(1);
    period.cash_of_moves.push_back(std::vector<double>(customers + 1, 0.0));
    period.referred.push_back(std::vector<double>(customers + 1, 0.0));
    period.cash_flow.push_back(0);
  }
  return parts;
}

TEST_CASE("Infinite horizon: acquisition, its cost, retention and time as a customer agree with a long horizon") {
  int told = 0;
  for (std::uint64_t seed = 500; seed < 600; ++seed) {
    INFO("seed " << seed);
    ChainParts parts = leaving(seed);
    const ExactValue forever = exact_value(chain_of(parts));
    parts.horizon = 1500;  // spend per period goes on when everyone has left: 0.97^1500 is 1e-20
    const ExactValue finite = exact_value(chain_of(parts));
    check_states(forever, finite);
    for (std::size_t i = 0; i < forever.states.size(); ++i) {
      CHECK_THAT(forever.states[i].expected_periods_as_customer.value(),
                 close_to_on_scale(finite.states[i].expected_periods_as_customer.value(), 10));
    }
    const BusinessValue& a = forever.business.value();
    const BusinessValue& b = finite.business.value();
    CHECK_THAT(a.acquired.value(), close_to_on_scale(b.acquired.value(), 1e3));
    REQUIRE(a.acquisition_cost.has_value() == b.acquisition_cost.has_value());
    if (a.acquisition_cost) CHECK_THAT(*a.acquisition_cost, close_to(*b.acquisition_cost, 1e-10));
    REQUIRE(a.retention_rate.has_value() == b.retention_rate.has_value());
    if (!a.retention_rate) continue;
    CHECK_THAT(*a.retention_rate, close_to_on_scale(*b.retention_rate, 1));
    ++told;
  }
  CHECK(told > 50);  // the comparison was not empty
}

/// V = r + d P V by elimination in extended precision, for chains constant in time.
std::vector<long double> eliminated(const ChainParts& parts) {
  const PeriodParts& period = parts.periods.front();
  const std::size_t n = period.cash_flow.size();
  std::vector<std::vector<long double>> system(n, std::vector<long double>(n + 1));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      system[i][j] = (i == j ? 1.0L : 0.0L) - static_cast<long double>(parts.discount_factor) * period.moves[i][j];
    }
    system[i][n] = period.cash_flow[i];
  }
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c + 1; r < n; ++r) {
      if (std::abs(system[r][c]) > std::abs(system[pivot][c])) pivot = r;
    }
    std::swap(system[c], system[pivot]);
    for (std::size_t r = 0; r < n; ++r) {
      if (r == c) continue;
      const long double factor = system[r][c] / system[c][c];
      for (std::size_t k = c; k <= n; ++k) system[r][k] -= factor * system[c][k];
    }
  }
  std::vector<long double> solution;
  for (std::size_t i = 0; i < n; ++i) solution.push_back(system[i][n] / system[i][i]);
  return solution;
}

/// A chain whose rows are whole numbers of 2^-20 and sum to exactly 1, so that nothing is rounded before it is solved.
ChainParts dyadic_chain(Mixing& mixing) {
  const std::size_t size = 1 + mixing.below(8);
  constexpr std::uint64_t whole = 1 << 20;
  Matrix moves = square(size);
  std::vector<double> reward;
  for (std::size_t i = 0; i < size; ++i) {
    std::uint64_t left = whole;
    for (std::size_t j = 0; j + 1 < size; ++j) {
      const std::uint64_t taken = mixing.chance(0.3) ? 0 : mixing.below(left + 1);
      moves[i][j] = static_cast<double>(taken) / whole;
      left -= taken;
    }
    moves[i][size - 1] = static_cast<double>(left) / whole;
    reward.push_back(mixing.between(-50, 150));
  }
  return constant_chain(std::move(moves), std::move(reward),
                        1 - std::ldexp(1.0, -1 - static_cast<int>(mixing.below(13))));
}

TEST_CASE("Infinite horizon: values lie within the bound that comes with them, and the bound is tight") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    INFO("seed " << seed);
    Mixing mixing{seed};
    const ChainParts parts = dyadic_chain(mixing);
    const ExactValue value = exact_value(chain_of(parts));
    const std::vector<long double> expected = eliminated(parts);
    const double condition = 1 / (1 - parts.discount_factor);
    const double largest = 150 * condition;
    CHECK(value.error_bound <= 1e-13 * largest);
    const double rounding_of_elimination = 1e-18 * condition * largest;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto error =
          static_cast<double>(std::abs(static_cast<long double>(value.states[i].clv.value()) - expected[i]));
      CHECK(error <= value.error_bound + rounding_of_elimination);
    }
  }
}

TEST_CASE("Infinite horizon: a season of four that returns for ever") {
  // retention by quarter; the value at phase k is m + d r_k V_{k+1}, solved by hand around the cycle
  const double r[4] = {0.9, 0.8, 0.7, 0.95};
  const double d = 0.97, m = 10;
  ChainParts parts;
  parts.discount_factor = d;
  parts.stages = {Stage::servicing, Stage::lost};
  for (const double sojourn : r) parts.periods.push_back({{{sojourn, 1 - sojourn}, {0, 1}}, {}, {m, 0}, {}});
  parts.course = {0, 1, 2, 3};
  const double around = d * r[0] * d * r[1] * d * r[2] * d * r[3];
  const double one_year = m * (1 + d * r[0] * (1 + d * r[1] * (1 + d * r[2])));
  CHECK_THAT(exact_value(chain_of(parts)).states[0].clv.value(), close_to(one_year / (1 - around)));
  const double visits = 1 + r[0] * (1 + r[1] * (1 + r[2]));
  CHECK_THAT(exact_value(chain_of(parts)).states[0].expected_periods_as_customer.value(),
             close_to(visits / (1 - r[0] * r[1] * r[2] * r[3])));
}

TEST_CASE("Infinite horizon: cycles of different lengths meet in their least common multiple") {
  // rows repeat every 2 periods, money every 3: a long horizon sees all six combinations
  ChainParts parts;
  parts.discount_factor = 0.9;
  parts.stages = {Stage::servicing, Stage::lost};
  parts.arrivals = {{.state = 0, .channel = 0, .count = {100, 50, 0}}};
  for (const double sojourn : {0.9, 0.6}) parts.periods.push_back({{{sojourn, 1 - sojourn}, {0, 1}}, {}, {0, 0}, {}});
  parts.course = {0, 1};
  Chain chain = chain_of(parts);
  chain.cash_flow = Timeline<std::vector<double>>{{{10, 0}, {-5, 0}, {40, 0}}, {0, 1, 2}, 0};
  CHECK(repetition(chain).cycle == 6);
  const ExactValue forever = exact_value(chain);
  chain.horizon = 600;
  const ExactValue finite = exact_value(chain);
  check_states(forever, finite);
  CHECK_THAT(forever.business->customer_equity, close_to(finite.business->customer_equity));
}

TEST_CASE("Infinite horizon: what changes at first and then settles is walked back from where it settles") {
  const double sojourn[3] = {0.5, 0.7, 0.9};  // the last repeats
  const double d = 0.9, m = 100;
  ChainParts parts;
  parts.discount_factor = d;
  for (const double p : sojourn) parts.periods.push_back({{{p, 1 - p}, {0, 1}}, {}, {m, 0}, {}});
  parts.course = {0, 1, 2};
  parts.repeats_from = 2;
  const double settled = m / (1 - d * sojourn[2]);
  CHECK_THAT(exact_value(chain_of(parts)).states[0].clv.value(),
             close_to(m + d * sojourn[0] * (m + d * sojourn[1] * settled)));
}

TEST_CASE("Infinite horizon: periodic chains need no discounting if they end for certain") {
  // to and fro between two states, nine times in ten back again
  const Matrix moves{{0, 1, 0}, {0.9, 0, 0.1}, {0, 0, 1}};
  ChainParts parts = constant_chain(moves, {3, 5, 0}, 1);
  parts.stages = {Stage::servicing, Stage::repurchase, Stage::lost};
  const ExactValue value = exact_value(chain_of(parts));
  CHECK_THAT(value.states[0].clv.value(), close_to(10 * 3 + 10 * 5));
  CHECK_THAT(value.states[1].clv.value(), close_to(9 * 3 + 10 * 5));
  CHECK_THAT(value.states[0].expected_periods_as_customer.value(), close_to(20));
  CHECK_THAT(value.states[1].clv_sd.value(), close_to(8 * std::sqrt(90.0)));  // 8 a round, geometric
}

TEST_CASE("Infinite horizon: without discounting a chain ends in rest, whatever rest is") {
  // a closed class of two states in which nothing is earned, and an absorbing one
  const Matrix moves{{0.5, 0.25, 0, 0.25}, {0, 0, 1, 0}, {0, 1, 0, 0}, {0, 0, 0, 1}};
  ChainParts parts = constant_chain(moves, {6, 0, 0, 0}, 1);
  const ExactValue value = exact_value(chain_of(parts));
  CHECK_THAT(value.states[0].clv.value(), close_to(12));
  CHECK(value.states[1].clv.value() == 0);
  CHECK(value.states[3].clv.value() == 0);
  CHECK_FALSE(value.states[0].expected_periods_as_customer.has_value());  // all are customer states, for ever
}

TEST_CASE("Infinite horizon: a customer for ever in one phase of the season only") {
  // state 0 is left for state 1 in even periods and for state 2 in odd ones; only state 1 is a customer's
  ChainParts parts;
  parts.discount_factor = 0.9;
  parts.stages = {Stage::acquisition, Stage::servicing, Stage::lost};
  parts.periods.push_back({{{0, 1, 0}, {0, 1, 0}, {0, 0, 1}}, {}, {0, 1, 0}, {}});
  parts.periods.push_back({{{0, 0, 1}, {0, 1, 0}, {0, 0, 1}}, {}, {0, 1, 0}, {}});
  parts.course = {1, 0};
  const ExactValue odd = exact_value(chain_of(parts));
  CHECK(odd.states[0].expected_periods_as_customer.value() == 0);
  CHECK(odd.states[0].clv.value() == 0);
  parts.course = {0, 1};
  const ExactValue even = exact_value(chain_of(parts));
  CHECK_FALSE(even.states[0].expected_periods_as_customer.has_value());
  CHECK_THAT(even.states[0].clv.value(), close_to(0.9 / (1 - 0.9)));
}

TEST_CASE("Infinite horizon: who is a customer for ever is told from period 0, not from where things settle") {
  // at first state 0 is left for good, from period 1 on it leads to state 1, whose people stay customers
  ChainParts parts;
  parts.discount_factor = 0.9;
  parts.stages = {Stage::acquisition, Stage::servicing, Stage::lost};
  const Matrix at_first{{0, 0, 1}, {0, 1, 0}, {0, 0, 1}};
  const Matrix later{{0, 1, 0}, {0, 1, 0}, {0, 0, 1}};
  parts.periods = {{at_first, {}, {0, 1, 0}, {}}, {later, {}, {0, 1, 0}, {}}};
  parts.course = {0, 1};
  parts.repeats_from = 1;
  CHECK(exact_value(chain_of(parts)).states[0].expected_periods_as_customer.value() == 0);
  CHECK_FALSE(exact_value(chain_of(parts)).states[1].expected_periods_as_customer.has_value());
  std::swap(parts.periods[0], parts.periods[1]);
  CHECK_FALSE(exact_value(chain_of(parts)).states[0].expected_periods_as_customer.has_value());
}

/// More states than are solved densely: a path of customers, each of whom moves on, stays or leaves.
ChainParts long_path(std::size_t length, double referral_rate) {
  Mixing mixing{21};
  ChainParts parts;
  parts.discount_factor = 0.95;
  parts.periods.push_back({square(length), square(length), {}, square(length)});
  PeriodParts& period = parts.periods.front();
  for (std::size_t i = 0; i < length; ++i) {
    const std::vector<double> row = mixing.shares(3);
    period.moves[i][i] += row[0];
    period.moves[i][std::min(i + 1, length - 1)] += row[1];
    period.moves[i][mixing.below(length)] += row[2];
    period.cash_flow.push_back(mixing.between(-50, 100));
    period.cash_of_moves[i][i] = mixing.between(-5, 5);
    if (referral_rate > 0) period.referred[i][mixing.below(length)] = referral_rate;
  }
  return parts;
}

TEST_CASE("Infinite horizon: more states than are solved densely agree with a long horizon") {
  ChainParts parts = long_path(limits::dense_unknowns + 50, 0.02);
  parts.arrivals = {{.state = 7, .channel = 0, .count = {5, 3, 0}}};
  const ExactValue forever = exact_value(chain_of(parts));
  parts.horizon = 1200;  // 0.97^1200 is 1e-16
  const ExactValue finite = exact_value(chain_of(parts));
  check_states(forever, finite);
  CHECK_THAT(forever.business->customer_equity, close_to_on_scale(finite.business->customer_equity, 1e5));
  CHECK(forever.error_bound < 1e-9);
}

/// V ← r + d P V in extended precision, until it changes no more.
std::vector<long double> iterated(const Chain& chain, int times) {
  const long double d = chain.discount_factor;
  std::vector<long double> value(chain.states(), 0);
  for (int time = 0; time < times; ++time) {
    std::vector<long double> next(chain.states());
    for (std::size_t i = 0; i < chain.states(); ++i) {
      next[i] = chain.cash_flow.at(0)[i];
      for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
        const long double outcome = value[chain.transitions.successor[k]] + chain.transition_cash_flow.at(0)[k];
        next[i] += d * static_cast<long double>(chain.probability.at(0)[k]) * outcome;
      }
    }
    value = std::move(next);
  }
  return value;
}

TEST_CASE("Infinite horizon: more states than are solved densely lie within their bound as well") {
  ChainParts parts = long_path(limits::dense_unknowns + 50, 0);
  for (std::vector<double>& row : parts.periods.front().moves) {
    // whole numbers of 2^-20 that sum to 1, so that nothing is rounded before it is solved
    double left = 1;
    for (double& p : row) left -= p = std::floor(std::ldexp(p, 20)) / (1 << 20);
    *std::max_element(row.begin(), row.end()) += left;
  }
  const Chain chain = chain_of(parts);
  const ExactValue value = exact_value(chain);
  const std::vector<long double> expected = iterated(chain, 1000);  // 0.95^1000 is 5e-23
  CHECK(value.error_bound < 1e-10);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto error =
        static_cast<double>(std::abs(static_cast<long double>(value.states[i].clv.value()) - expected[i]));
    CHECK(error <= value.error_bound + 1e-15);
  }
}

TEST_CASE("Infinite horizon: more states than are solved densely, and more people brought than leave") {
  const ChainParts parts = long_path(limits::dense_unknowns + 50, 0.5);
  try {
    static_cast<void>(exact_value(chain_of(parts)));
    FAIL("a number was given where there is none");
  } catch (const DivergentError& error) {
    CHECK(error.problems().front().code == "divergent");
    CHECK_THAT(error.divergence().growth_factor.value(), close_to(0.95 * 1.5, 1e-9));  // each brings half a person
  }
}

}  // namespace tenure::test::infinite_horizon_tests
