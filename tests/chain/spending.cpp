// Spend levels, and what carries over: a_t = (1 - λ) s_t + λ a_{t-1} against its closed form.

#include <cmath>
#include <cstdint>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "support/problems.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/chain/spending.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::spending {

Lever lever(double carry_over, std::int64_t from = 0, std::optional<std::int64_t> until = {}) {
  return {.name = "lever", .from = from, .until = until, .carry_over = carry_over};
}

TEST_CASE("Carry-over: builds up and fades as the closed form says") {
  for (const double carry : {0.0, 0.3, 0.6, 0.95}) {
    INFO("carry-over " << carry);
    const std::int64_t from = 3, until = 15;
    const std::vector<double> course = effective_spend(lever(carry, from, until), 40, 60);
    for (std::int64_t t = 0; t < 60; ++t) {
      double expected = 0;
      if (t >= from && t < until) expected = 40 * (1 - std::pow(carry, t - from + 1));
      if (t >= until) expected = 40 * (1 - std::pow(carry, until - from)) * std::pow(carry, t - until + 1);
      CHECK_THAT(effective_spend_at(course, t), close_to_on_scale(expected, 40, 1e-14));
    }
  }
}

TEST_CASE("Carry-over: a steady level works as its own amount in the long run, and the course ends there") {
  const std::vector<double> course = effective_spend(lever(0.8), 25, 1'000'000);
  CHECK(course.size() < 1000);
  CHECK_THAT(course.back(), close_to(25, 1e-14));
  CHECK(effective_spend_at(course, 999'999) == course.back());
  CHECK_THAT(course.front(), close_to(0.2 * 25, 1e-15));
}

TEST_CASE("Carry-over: without it, spend works in its own period and no other") {
  const std::vector<double> course = effective_spend(lever(0, 2, 4), 7, 100);
  CHECK(course == std::vector<double>{0, 0, 7, 7, 0});
  CHECK(effective_spend(lever(0), 7, 100) == std::vector<double>{7});
  CHECK(effective_spend_at(course, 50) == 0);
}

TEST_CASE("Carry-over: what fades is followed to nothing, or as far as asked") {
  const std::vector<double> course = effective_spend(lever(0.5, 0, 1), 1, 1'000'000);
  CHECK(course.size() < 1200);
  CHECK(course.back() == 0);
  CHECK(effective_spend(lever(0.5, 0, 1), 1, 3) == std::vector<double>{0.5, 0.25, 0.125});
}

TEST_CASE("Carry-over: nothing spent is nothing, and a lever that starts later than anyone looks does nothing") {
  CHECK(effective_spend(lever(0.6), 0, 1000) == std::vector<double>{0});
  for (const double effective : effective_spend(lever(0.6, 50), 10, 20)) CHECK(effective == 0);
}

TEST_CASE("Spend levels: in the model's order of levers, those left out at 0") {
  const auto make = [](std::string name) {
    return Lever{.name = std::move(name),
                 .spend_per = SpendPer::period,
                 .effects = {moves_cash_flow("a").towards(2).half_spend(1)}};
  };
  const Model model = ModelBuilder{"Levers", Period::month, Horizon{12}}
                          .state("a", Stage::servicing)
                          .lever(make("first"))
                          .lever(make("second"))
                          .lever(make("third"))
                          .build();
  CHECK(spending_of(model, {{"third", 3}, {"first", 1}}) == Spending{1, 0, 3});
  CHECK(spending_of(model, {}) == Spending{0, 0, 0});
}

TEST_CASE("Spend: from its first period until before its last") {
  const Lever window = lever(0, 2, 5);
  CHECK(spend_at(window, 9, 1) == 0);
  CHECK(spend_at(window, 9, 2) == 9);
  CHECK(spend_at(window, 9, 4) == 9);
  CHECK(spend_at(window, 9, 5) == 0);
  CHECK(spend_at(lever(0, 2), 9, 1'000'000) == 9);
}

TEST_CASE("Spending: {} spends nothing, whatever levers there are, and levels for other levers are refused") {
  ModelBuilder builder{"Shop", Period::month, Horizon{6}};
  builder.state("a", Stage::servicing, {.cash_flow = 7}).state("b", Stage::lost).transition("a", "b", 0.1);
  builder.arrivals("a", once(3));
  CHECK(compile(builder.build(), {}).spend_streams.empty());
  for (const char* name : {"one", "two"}) {
    builder.lever(
        {.name = name, .while_in = {"a"}, .effects = {moves_transition("a", "b").towards(0.05).half_spend(2)}});
  }
  const Model model = builder.build();
  CHECK(customer_equity(compile(model, {})) == customer_equity(compile(model, Spending{0, 0})));
  CHECK(customer_equity(compile(model, {})) == customer_equity(compile(model, Scenario{.name = "none"})));
  CHECK(customer_equity(compile(model, {})) != customer_equity(compile(model, {1, 0})));
  CHECK(customer_equity(compile_in_pieces(model, {}, {0, 3})) == customer_equity(compile(model, {})));
  const auto problems = problems_of<ModelError>([&] { return compile(model, {4}); });
  CHECK(says(problems, "spending", "there are 1 spend levels where 2 are wanted; give one for each lever"));
  CHECK(codes_of(problems_of<ModelError>([&] {
          return compile(model, {1, 2, 3});
        })) == std::vector<std::string>{"spending"});
}

}  // namespace tenure::test::spending
