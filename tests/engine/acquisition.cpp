// Who counts as acquired, what that cost, and who is retained: small cases by hand.

#include <cstddef>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/exact.hpp"

namespace tenure::test::acquisition {

constexpr std::size_t prospect = 0, customer = 1, dormant = 2, lost = 3;

/// Prospects become customers or are lost; customers fall asleep, wake up, or are lost.
ChainParts journey(Horizon horizon) {
  const Matrix moves{{0.5, 0.2, 0, 0.3}, {0, 0.6, 0.3, 0.1}, {0, 0.4, 0.5, 0.1}, {0, 0, 0, 1}};
  ChainParts parts = constant_chain(moves, {0, 10, 0, 0}, 0.9, horizon);
  parts.stages = {Stage::acquisition, Stage::servicing, Stage::dormant, Stage::lost};
  return parts;
}

BusinessValue business(const ChainParts& parts) { return exact_value(chain_of(parts)).business.value(); }

TEST_CASE("Acquired: prospects when they first become customers, within the horizon") {
  ChainParts parts = journey(3);
  parts.arrivals = {{.state = prospect, .channel = 0, .count = {100, 0}}};
  CHECK_THAT(business(parts).acquired.value(), close_to(100 * (0.2 + 0.5 * 0.2)));  // in periods 1 and 2
  parts.horizon = 1;
  CHECK(business(parts).acquired.value() == 0);
  parts.horizon = infinite_horizon;
  CHECK_THAT(business(parts).acquired.value(), close_to(100 * 0.2 / 0.5));
}

TEST_CASE("Acquired: those who arrive as customers count when they arrive, asleep or not") {
  for (const std::size_t state : {customer, dormant}) {
    ChainParts parts = journey(4);
    parts.arrivals = {{.state = static_cast<StateIndex>(state), .channel = 0, .count = {10, 5, 0}}};
    CHECK_THAT(business(parts).acquired.value(), close_to(15));
    parts.horizon = infinite_horizon;
    CHECK_THAT(business(parts).acquired.value(), close_to(15));
  }
}

TEST_CASE("Acquired: a customer who was lost and comes back is not acquired again") {
  ChainParts parts = journey(infinite_horizon);
  parts.periods[0].moves[lost] = {0, 0.5, 0, 0.5};  // all come back
  parts.arrivals = {{.state = customer, .channel = 0, .count = {10, 0}}};
  CHECK_THAT(business(parts).acquired.value(), close_to(10));
  parts.horizon = 30;
  CHECK_THAT(business(parts).acquired.value(), close_to(10));
  // whoever arrives lost has never been a customer, and is acquired on the way
  parts.arrivals = {{.state = lost, .channel = 0, .count = {10, 0}}};
  parts.horizon = 2;
  CHECK_THAT(business(parts).acquired.value(), close_to(5));
}

TEST_CASE("Acquired: a customer who becomes a prospect again is not acquired again") {
  ChainParts parts = journey(infinite_horizon);
  parts.periods[0].moves[customer] = {0.9, 0, 0, 0.1};
  parts.arrivals = {{.state = customer, .channel = 0, .count = {10, 0}}};
  CHECK_THAT(business(parts).acquired.value(), close_to(10));
}

TEST_CASE("Acquired: people who are brought count too, as customers at once or when they become one") {
  ChainParts parts = journey(2);
  parts.periods[0].referred = square(4);
  parts.periods[0].referred[customer][customer] = 0.5;
  parts.periods[0].referred[customer][prospect] = 2;
  parts.arrivals = {{.state = customer, .channel = 0, .count = {10, 0}}};
  CHECK_THAT(business(parts).acquired.value(), close_to(10 + 5));  // 20 prospects have not bought yet
  parts.horizon = 3;
  // 6 + 5 are customers in period 1 and bring 5.5 in period 2; of 20 prospects a fifth buys
  CHECK_THAT(business(parts).acquired.value(), close_to(10 + 5 + 5.5 + 20 * 0.2));
}

TEST_CASE("Acquired: without number where a class of people goes on acquiring for ever") {
  ChainParts parts = constant_chain({{1}}, {1}, 0.5);
  parts.periods[0].referred = {{0.1}};
  parts.arrivals = {{.state = 0, .channel = 0, .count = {1, 0}}};
  const BusinessValue value = business(parts);
  CHECK_FALSE(value.acquired.has_value());
  CHECK_FALSE(value.acquisition_cost.has_value());
  CHECK_FALSE(value.retention_rate.has_value());  // customers for ever
  CHECK_THAT(value.customer_equity, close_to(1 / (1 - 0.5 * 1.1)));
}

TEST_CASE("Acquisition cost: spend for acquisition, and what prospects cost, per acquired person") {
  ChainParts parts = journey(2);
  parts.timing = CashFlowTiming::end;
  parts.arrivals = {{.state = prospect, .channel = 0, .count = {100, 0}}};
  parts.periods[0].cash_flow[prospect] = -2;
  parts.periods[0].cash_flow[customer] = -50;  // what customers cost is not acquisition
  parts.periods[0].cash_of_moves = square(4);
  parts.periods[0].cash_of_moves[prospect] = {0, -7, 0, 3};  // gains are not set off against losses
  parts.periods[0].cash_of_moves[customer] = {0, 0, 0, -90};
  parts.streams = {{.for_acquisition = true, .per_person = true, .states = {prospect, customer}, .level = 4},
                   {.for_acquisition = true, .per_person = false, .from = 1, .level = 30},
                   {.for_acquisition = false, .per_person = true, .states = {prospect}, .level = 1000}};
  const double d = 0.9;
  const double in_states = 2 * (d * 100 + d * d * 50);
  const double of_moves = 7 * 0.2 * (d * 100 + d * d * 50);
  const double spend = 4 * (100 + d * (50 + 20)) + d * 30;
  const BusinessValue value = business(parts);
  CHECK_THAT(value.acquired.value(), close_to(20));
  CHECK_THAT(value.acquisition_cost.value(), close_to((in_states + of_moves + spend) / 20));
}

TEST_CASE("Acquisition cost: none where nobody is acquired, though money was spent") {
  ChainParts parts = journey(1);
  parts.arrivals = {{.state = prospect, .channel = 0, .count = {100, 0}}};
  parts.streams = {{.for_acquisition = true, .per_person = false, .level = 30}};
  const ExactValue value = exact_value(chain_of(parts));
  CHECK_FALSE(value.business->acquisition_cost.has_value());
  CHECK_THAT(value.investment.total, close_to(30));
}

TEST_CASE("Retention rate: of all customers at t, the share who still are at t + 1") {
  ChainParts parts = journey(3);
  parts.arrivals = {{.state = customer, .channel = 0, .count = {10, 10, 0}},
                    {.state = dormant, .channel = 0, .count = {10, 0}}};
  // nine tenths of everyone stay a customer, awake or asleep
  CHECK_THAT(business(parts).retention_rate.value(), close_to(0.9));
  parts.periods[0].moves[dormant] = {0, 0, 0.5, 0.5};
  // t = 0: 10 awake keep 9, 10 asleep keep 5; t = 1: awake 6 + 10 keep 14.4, asleep 3 + 5 keep 4
  CHECK_THAT(business(parts).retention_rate.value(), close_to((9 + 5 + 14.4 + 4) / (20 + 24)));
}

TEST_CASE("Retention rate: over the periods that are followed by another, and none without customers") {
  ChainParts parts = journey(1);
  parts.arrivals = {{.state = customer, .channel = 0, .count = {10, 0}}};
  CHECK_FALSE(business(parts).retention_rate.has_value());
  parts.horizon = 2;
  CHECK_THAT(business(parts).retention_rate.value(), close_to(0.9));
  parts.arrivals.front().state = lost;
  CHECK_FALSE(business(parts).retention_rate.has_value());
  parts.horizon = infinite_horizon;
  CHECK_FALSE(business(parts).retention_rate.has_value());
}

TEST_CASE("Retention rate: people who are brought count once they are customers") {
  ChainParts parts = journey(3);
  parts.periods[0].referred = square(4);
  parts.periods[0].referred[customer][dormant] = 1;
  parts.periods[0].moves[dormant] = {0, 0, 0, 1};
  parts.arrivals = {{.state = customer, .channel = 0, .count = {10, 0}}};
  // t = 0: 10 awake keep 9; t = 1: 6 awake keep 5.4, asleep 3 + 10 brought keep none
  CHECK_THAT(business(parts).retention_rate.value(), close_to((9 + 5.4) / (10 + 19)));
}

}  // namespace tenure::test::acquisition
