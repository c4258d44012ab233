// Those who arrive: once, steadily, growing, by several channels; discounted people and equity against closed forms.

#include <cmath>
#include <cstddef>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/exact.hpp"

namespace tenure::test::arrivals {

constexpr double discount = 0.9;
constexpr double retention = 0.8;
constexpr double margin = 10;
constexpr double each = margin / (1 - discount * retention);  // value of one customer for ever

ChainParts customers(std::vector<ArrivalGroup> arriving, Horizon horizon = infinite_horizon) {
  ChainParts parts = constant_chain({{retention, 1 - retention}, {0, 1}}, {margin, 0}, discount, horizon);
  parts.stages = {Stage::servicing, Stage::lost};
  parts.arrivals = std::move(arriving);
  return parts;
}

BusinessValue business(const ChainParts& parts) { return exact_value(chain_of(parts)).business.value(); }

TEST_CASE("Arrivals: steadily for ever, growing and shrinking") {
  for (const double growth : {0.5, 1.0, 1.05, 1.1}) {
    const BusinessValue value =
        business(customers({{.state = 0, .channel = 0, .count = {100}, .growth_factor = growth}}));
    const double people = 100 / (1 - discount * growth);
    CHECK_THAT(value.channels[0].people, close_to(people));
    CHECK_THAT(value.customer_equity, close_to(people * each));
    CHECK_THAT(value.channels[0].value_each.value(), close_to(each));
    CHECK_FALSE(value.acquired.has_value());  // without end
    CHECK_FALSE(value.retention_rate.has_value());
    CHECK_FALSE(value.acquisition_cost.has_value());
  }
}

TEST_CASE("Arrivals: growth over a finite horizon") {
  const int horizon = 6;
  const BusinessValue value =
      business(customers({{.state = 0, .channel = 0, .count = {5, 100}, .growth_factor = 1.1}}, horizon));
  double equity = 0, people = 0;
  for (int t = 0; t < horizon; ++t) {
    const double arriving = t == 0 ? 5 : 100 * std::pow(1.1, t - 1);  // grows from the last that is listed
    const double left = margin * (1 - std::pow(discount * retention, horizon - t)) / (1 - discount * retention);
    people += arriving * std::pow(discount, t);
    equity += arriving * std::pow(discount, t) * left;
  }
  CHECK_THAT(value.customer_equity, close_to(equity));
  CHECK_THAT(value.channels[0].people, close_to(people));
}

TEST_CASE("Arrivals: a list that ends in nobody, and one that goes on with its last entry") {
  const BusinessValue ends = business(customers({{.state = 0, .channel = 0, .count = {4, 3, 0}}}));
  CHECK_THAT(ends.customer_equity, close_to((4 + 3 * discount) * each));
  CHECK_THAT(ends.acquired.value(), close_to(7));
  const BusinessValue goes_on = business(customers({{.state = 0, .channel = 0, .count = {4, 3}}}));
  CHECK_THAT(goes_on.customer_equity, close_to((4 + 3 * discount / (1 - discount)) * each));
}

TEST_CASE("Arrivals: channels are told apart, groups of one channel together") {
  const BusinessValue value = business(customers({{.state = 0, .channel = 0, .count = {1, 0}},
                                                  {.state = 0, .channel = 1, .count = {0, 20, 0}},
                                                  {.state = 0, .channel = 0, .count = {2, 0}},
                                                  {.state = 1, .channel = 2, .count = {5, 0}},
                                                  {.state = 0, .channel = 3, .count = {}}}));
  REQUIRE(value.channels.size() == 4);
  CHECK_THAT(value.channels[0].people, close_to(3));
  CHECK_THAT(value.channels[0].customer_equity, close_to(3 * each));
  CHECK_THAT(value.channels[1].people, close_to(20 * discount));
  CHECK_THAT(value.channels[1].value_each.value(), close_to(each));
  CHECK_THAT(value.channels[2].people, close_to(5));
  CHECK(value.channels[2].value_each.value() == 0);
  CHECK(value.channels[3].people == 0);
  CHECK_FALSE(value.channels[3].value_each.has_value());
  CHECK_THAT(value.customer_equity, close_to((3 + 20 * discount) * each));
  CHECK_THAT(value.acquired.value(), close_to(23));
}

TEST_CASE("Arrivals: in a season, those of each phase meet the rows of that phase") {
  // retention .9 in even periods, .3 in odd ones; 100 people arrive in every period for ever
  ChainParts parts = customers({{.state = 0, .channel = 0, .count = {100}}});
  parts.periods[0].moves = {{0.9, 0.1}, {0, 1}};
  parts.periods.push_back({{{0.3, 0.7}, {0, 1}}, {}, {margin, 0}, {}});
  parts.course = {0, 1};
  const double around = discount * 0.9 * discount * 0.3;
  const double even = margin * (1 + discount * 0.9) / (1 - around);
  const double odd = margin * (1 + discount * 0.3) / (1 - around);
  const double pairs = 100 / (1 - discount * discount);
  CHECK_THAT(business(parts).customer_equity, close_to(pairs * (even + discount * odd)));
}

TEST_CASE("Arrivals: a model in which nobody arrives has no business, and one with empty periods has an empty one") {
  CHECK_FALSE(exact_value(chain_of(customers({}))).business.has_value());
  const BusinessValue nobody = business(customers({{.state = 0, .channel = 0, .count = {0}}}));
  CHECK(nobody.customer_equity == 0);
  CHECK(nobody.acquired.value() == 0);
  CHECK_FALSE(nobody.acquisition_cost.has_value());
  CHECK_FALSE(nobody.retention_rate.has_value());
  const BusinessValue no_time = business(customers({{.state = 0, .channel = 0, .count = {100}}}, 0));
  CHECK(no_time.customer_equity == 0);
  CHECK(no_time.acquired.value() == 0);
  CHECK(no_time.trace.value().cash_flow.empty());
}

TEST_CASE("Arrivals: the trace can be left out, and nothing else changes") {
  const Chain chain = chain_of(customers({{.state = 0, .channel = 0, .count = {9, 0}}}, 5));
  const ExactValue with = exact_value(chain);
  const ExactValue without = exact_value(chain, {.trace = false});
  CHECK(with.business->trace.has_value());
  CHECK_FALSE(without.business->trace.has_value());
  CHECK(same_bits(with.business->customer_equity, without.business->customer_equity));
  CHECK(same_bits(with.business->acquired.value(), without.business->acquired.value()));
}

}  // namespace tenure::test::arrivals
