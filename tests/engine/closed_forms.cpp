// The exact engine where a pencil suffices.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/exact.hpp"

namespace tenure::test::closed_forms {

/// Someone who earns a margin at the start of each period and is kept with a probability.
ChainParts kept(double retention, double margin, double discount, Horizon horizon = infinite_horizon) {
  ChainParts parts = constant_chain({{retention, 1 - retention}, {0, 1}}, {margin, 0}, discount, horizon);
  parts.stages = {Stage::servicing, Stage::lost};
  return parts;
}

StateValue first_state(const ChainParts& parts) { return exact_value(chain_of(parts)).states.front(); }

TEST_CASE("Closed form: one state that is never left is an annuity") {
  for (const double d : {0.001, 0.5, 0.9, 0.99, 0.999999}) {
    const StateValue forever = first_state(constant_chain({{1}}, {7}, d));
    CHECK_THAT(forever.clv.value(), close_to(7 / (1 - d), 1e-15));
    CHECK(forever.clv_sd.value() == 0);
    CHECK_FALSE(forever.clv_skewness.has_value());
    CHECK_FALSE(forever.expected_periods_as_customer.has_value());  // infinite
    const StateValue ten = first_state(constant_chain({{1}}, {7}, d, 10));
    double sum = 0;
    for (int t = 9; t >= 0; --t) sum = 7 + d * sum;
    CHECK_THAT(ten.clv.value(), close_to(sum, 1e-15));
    CHECK(ten.expected_periods_as_customer.value() == 10);
  }
}

TEST_CASE("Closed form: no period at all is worth exactly nothing") {
  const StateValue nothing = first_state(kept(0.5, 100, 0.9, 0));
  CHECK(nothing.clv.value() == 0);
  CHECK(nothing.clv_sd.value() == 0);
  CHECK(nothing.clv_with_referrals.value() == 0);
  CHECK(nothing.expected_periods_as_customer.value() == 0);
}

TEST_CASE("Closed form: a future that counts for nothing leaves the reward of today, to the last bit") {
  Mixing mixing{11};
  const double tiny = 1e-300;
  for (int round = 0; round < 20; ++round) {
    const double margin = mixing.between(-100, 100);
    for (const Horizon& horizon : {Horizon{}, Horizon{1}, Horizon{50}}) {
      const StateValue today = first_state(kept(0.9, margin, tiny, horizon));
      CHECK(same_bits(today.clv.value(), margin));
      CHECK(today.clv_sd.value() < 1e-290);
    }
  }
}

TEST_CASE("Closed form: undiscounted value of a finite horizon is margin times expected periods") {
  const double r = 0.8;
  const StateValue value = first_state(kept(r, 30, 1, 12));
  const double periods = (1 - std::pow(r, 12)) / (1 - r);
  CHECK_THAT(value.expected_periods_as_customer.value(), close_to(periods));
  CHECK_THAT(value.clv.value(), close_to(30 * periods));
}

TEST_CASE("Closed form: a geometric lifetime, its mean, spread and skewness") {
  const double m = 250;
  for (const double r : {0.05, 0.5, 0.9, 0.99}) {
    for (const double d : {0.5, 0.9, 0.99}) {
      INFO("retention " << r << ", discount " << d);
      // N periods with P(N = n) = r^(n-1)(1 - r) are worth m(1 - d^N)/(1 - d); E d^(kN) = d^k(1 - r)/(1 - d^k r)
      const auto power_of_end = [&](int k) { return std::pow(d, k) * (1 - r) / (1 - std::pow(d, k) * r); };
      const double first = power_of_end(1), second = power_of_end(2), third = power_of_end(3);
      const double spread = second - first * first;
      const double cubed = third - 3 * first * second + 2 * first * first * first;
      const StateValue value = first_state(kept(r, m, d));
      CHECK_THAT(value.clv.value(), close_to(m / (1 - d * r)));
      CHECK_THAT(value.clv_sd.value(),
                 close_to(m / (1 - d) * std::sqrt(spread), 1e-9));  // the formula cancels, not tenure
      CHECK_THAT(value.clv_skewness.value(), close_to(-cubed / std::pow(spread, 1.5), 1e-6));
      CHECK_THAT(value.expected_periods_as_customer.value(), close_to(1 / (1 - r)));
    }
  }
}

TEST_CASE("Closed form: undiscounted lifetime has the moments of the geometric law") {
  for (const double r : {0.1, 0.5, 0.75, 0.95}) {
    const StateValue value = first_state(kept(r, 1, 1));
    CHECK_THAT(value.clv.value(), close_to(1 / (1 - r)));
    CHECK_THAT(value.clv_sd.value(), close_to(std::sqrt(r) / (1 - r)));
    CHECK_THAT(value.clv_skewness.value(), close_to((1 + r) / std::sqrt(r)));
  }
}

TEST_CASE("Closed form: long stays keep their value where a rounded probability of staying would not") {
  const double leaving = 0x1p-40;
  const StateValue value = first_state(kept(1 - leaving, 1, 1));
  CHECK_THAT(value.clv.value(), close_to(0x1p40));
  CHECK_THAT(value.expected_periods_as_customer.value(), close_to(0x1p40));
}

TEST_CASE("Closed form: timing moves the states' money by half a period or a whole one") {
  const double d = 0.81, r = 0.7;
  ChainParts parts = kept(r, 100, d);
  const double at_start = 100 / (1 - d * r);
  for (const Horizon& horizon : {Horizon{}, Horizon{200}}) {
    parts.horizon = horizon;
    parts.timing = CashFlowTiming::start;
    CHECK_THAT(first_state(parts).clv.value(), close_to(at_start));
    parts.timing = CashFlowTiming::middle;
    CHECK_THAT(first_state(parts).clv.value(), close_to(0.9 * at_start));
    parts.timing = CashFlowTiming::end;
    CHECK_THAT(first_state(parts).clv.value(), close_to(0.81 * at_start));
  }
}

TEST_CASE("Closed form: levers are paid at the start and moves pay at the end, whatever the timing of states") {
  const double d = 0.81, r = 0.7;
  for (const CashFlowTiming timing : {CashFlowTiming::start, CashFlowTiming::middle, CashFlowTiming::end}) {
    ChainParts parts = kept(r, 0, d);
    parts.timing = timing;
    parts.streams = {{.per_person = true, .states = {0}, .level = 3}};
    CHECK_THAT(first_state(parts).clv.value(), close_to(-3 / (1 - d * r)));
    parts.streams.clear();
    parts.periods[0].cash_of_moves = {{10, -40}, {0, 0}};
    CHECK_THAT(first_state(parts).clv.value(), close_to(d * (10 * r - 40 * (1 - r)) / (1 - d * r)));
  }
}

TEST_CASE("Closed form: a certain life has variance exactly 0, however crooked its numbers") {
  Mixing mixing{3};
  for (int round = 0; round < 50; ++round) {
    const std::size_t states = 2 + mixing.below(4);
    ChainParts parts;
    parts.discount_factor = mixing.between(0.5, 0.99);
    parts.periods.push_back({square(states), square(states), {}, {}});
    for (std::size_t i = 0; i < states; ++i) {
      const std::size_t to = mixing.below(states);
      parts.periods[0].moves[i][to] = 1;
      parts.periods[0].cash_of_moves[i][to] = mixing.between(-1, 1) / 3;
      parts.periods[0].cash_flow.push_back(mixing.between(-1, 1) / 7);
    }
    for (const Horizon& horizon : {Horizon{}, Horizon{37}}) {
      parts.horizon = horizon;
      for (const StateValue& value : exact_value(chain_of(parts)).states) {
        CHECK(value.clv_sd.value() == 0);
        CHECK_FALSE(value.clv_skewness.has_value());
      }
    }
  }
}

TEST_CASE("Closed form: outcomes that are worth the same have variance exactly 0") {
  // two ways to equal ends: draws decide the way, not the value
  const Matrix moves{{0, 0.3, 0.7}, {0, 1, 0}, {0, 0, 1}};
  for (const Horizon& horizon : {Horizon{}, Horizon{25}}) {
    const ExactValue value = exact_value(chain_of(constant_chain(moves, {0.1, 0.7, 0.7}, 0.9, horizon)));
    CHECK(value.states[0].clv_sd.value() == 0);
  }
}

TEST_CASE("Closed form: a cycle of three states") {
  const double d = 0.9;
  const ExactValue value = exact_value(chain_of(constant_chain({{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}, {1, 10, 100}, d)));
  const double round_trip = 1 - d * d * d;
  CHECK_THAT(value.states[0].clv.value(), close_to((1 + 10 * d + 100 * d * d) / round_trip));
  CHECK_THAT(value.states[1].clv.value(), close_to((10 + 100 * d + d * d) / round_trip));
  CHECK_THAT(value.states[2].clv.value(), close_to((100 + d + 10 * d * d) / round_trip));
}

TEST_CASE("Closed form: later money that counts more than today's") {
  const double d = 1.1;  // a negative rate
  CHECK_THAT(first_state(kept(0.5, 8, d)).clv.value(), close_to(8 / (1 - 0.55)));
  CHECK_THAT(first_state(kept(1, 8, d, 5)).clv.value(), close_to(8 * (std::pow(d, 5) - 1) / 0.1));
}

TEST_CASE("Closed form: money of 1e15 that cancels leaves the cent between") {
  // earns 1e15 and pays 1e15 less 0.25 for the move: exact in binary, lost without care
  ChainParts parts = kept(0, 1e15, 1, 1);
  parts.periods[0].cash_of_moves = {{0, 0.25 - 1e15}, {0, 0}};
  CHECK(first_state(parts).clv.value() == 0.25);
}

TEST_CASE("Closed form: equal and zero rewards need no spread") {
  for (const double reward : {0.0, 5.0}) {
    const ExactValue value = exact_value(chain_of(constant_chain({{0.5, 0.5}, {0.2, 0.8}}, {reward, reward}, 0.9)));
    for (const StateValue& state : value.states) {
      CHECK_THAT(state.clv.value(), close_to_on_scale(reward * 10, 50, 1e-15));
      CHECK(state.clv_sd.value() < 1e-12);
    }
  }
}

}  // namespace tenure::test::closed_forms
