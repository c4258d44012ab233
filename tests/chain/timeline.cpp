// What changes with time is kept once for all periods in which it is the same.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/compiled.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::timeline {

ModelBuilder club(Horizon horizon) {
  ModelBuilder builder{"Club", Period::month, horizon, annual_rate(0.08)};
  builder.state("member", Stage::servicing, {.cash_flow = 10})
      .state("lost", Stage::lost)
      .referral("member", "member", 0.01)
      .arrivals("member", once(100));
  return builder;
}

Lever discounts(double carry_over = 0, std::int64_t from = 0, std::optional<std::int64_t> until = {}) {
  return {.name = "discounts",
          .while_in = {"member"},
          .from = from,
          .until = until,
          .carry_over = carry_over,
          .effects = {moves_transition("member", "lost").towards(0.01).half_spend(5)}};
}

TEST_CASE("Timeline: a course, then its end for ever") {
  const Timeline<int> timeline{{10, 20, 30}, {0, 1, 2, 1}, 2};
  const int expected[9] = {10, 20, 30, 20, 30, 20, 30, 20, 30};
  for (std::int64_t t = 0; t < 9; ++t) CHECK(timeline.at(t) == expected[t]);
  CHECK(timeline.at(1'000'000) == 30);
  CHECK(timeline.at(1'000'001) == 20);
  CHECK(timeline.cycle() == 2);
  CHECK(timeline.repeats_from() == 2);
  CHECK(Timeline<int>{7}.at(123) == 7);
  CHECK(Timeline<int>{7}.cycle() == 1);
}

TEST_CASE("Timeline: copies share what they hold") {
  const Timeline<std::vector<double>> timeline{std::vector<double>(1000, 1.0)};
  const Timeline<std::vector<double>> copy = timeline;
  CHECK(&copy.at(0) == &timeline.at(5));
}

TEST_CASE("Timeline: a model constant in time has exactly one row set, for a million periods") {
  const Chain chain =
      compile(club(1'000'000).transition("member", "lost", 0.05).lever(discounts()).build(), Spending{4});
  for (const auto* timeline :
       {&chain.probability, &chain.transition_cash_flow, &chain.cash_flow, &chain.spend, &chain.referral_rate}) {
    CHECK(timeline->distinct().size() == 1);
    CHECK(timeline->course().size() == 1);
  }
  CHECK(chain.arrivals.front().count.size() <= 2);
}

TEST_CASE("Timeline: a season has one row set for each month that differs") {
  const std::vector<double> odds{1, 1, 1, 2, 2, 2, 1, 1, 1, 0.5, 0.5, 0.5};
  const Chain chain =
      compile(club(1'000'000).transition("member", "lost", 0.05).calendar("member", "lost", odds).build(), Spending{});
  CHECK(chain.probability.distinct().size() == 3);
  CHECK(chain.probability.cycle() == 12);
  CHECK(chain.cash_flow.distinct().size() == 1);
  CHECK(&chain.probability.at(3) == &chain.probability.at(999'999 - 999'999 % 12 + 5));
}

TEST_CASE("Timeline: a campaign has a row set while it runs and one while it does not") {
  const Chain chain =
      compile(club(1'000'000).transition("member", "lost", 0.05).lever(discounts(0, 6, 18)).build(), Spending{4});
  CHECK(chain.probability.distinct().size() == 2);
  CHECK(chain.spend.distinct().size() == 2);
  CHECK(chain.probability.place(5) == chain.probability.place(18));
  CHECK(chain.probability.place(5) == chain.probability.place(999'999));
  CHECK(chain.probability.place(6) == chain.probability.place(17));
  CHECK(chain.probability.place(5) != chain.probability.place(6));
  CHECK(chain.spend.at(6)[0] == 4);
  CHECK(chain.spend.at(18)[0] == 0);
}

TEST_CASE("Timeline: a schedule has as many row sets as numbers, whatever else is constant") {
  const Chain chain =
      compile(club(1'000'000).transition("member", "lost", scheduled({0.1, 0.2, 0.1, 0.3})).build(), Spending{});
  CHECK(chain.probability.distinct().size() == 3);  // two are the same
  CHECK(chain.probability.place(0) == chain.probability.place(2));
  CHECK(chain.probability.place(3) == chain.probability.place(500'000));
}

TEST_CASE("Timeline: what carries over is listed until it no longer changes") {
  const Chain chain =
      compile(club(1'000'000).transition("member", "lost", 0.05).lever(discounts(0.5, 0, 3)).build(), Spending{4});
  CHECK(chain.probability.distinct().size() > 50);
  CHECK(chain.probability.course().size() < 1200);
  CHECK(row_of(chain, 0, 999'999) ==
        row_of(compile(club(1).transition("member", "lost", 0.05).build(), Spending{}), 0));
}

TEST_CASE("Timeline: growth needs every period of its horizon") {
  const Chain chain = compile(club(500).transition("member", "lost", growing(0.05, -0.1)).build(), Spending{});
  CHECK(chain.probability.distinct().size() == 500);
}

TEST_CASE("Timeline: money, referrals and rows change apart from each other") {
  ModelBuilder builder{"Apart", Period::month, Horizon{100}};
  builder.state("member", Stage::servicing, {.cash_flow = scheduled({1, 2, 3, 4, 5})})
      .state("lost", Stage::lost)
      .transition("member", "lost", scheduled({0.1, 0.2}))
      .referral("member", "member", scheduled({0.3, 0.2, 0.1}));
  const Chain chain = compile(builder.build(), Spending{});
  CHECK(chain.cash_flow.distinct().size() == 5);
  CHECK(chain.probability.distinct().size() == 2);
  CHECK(chain.referral_rate.distinct().size() == 3);
  CHECK(chain.transition_cash_flow.distinct().size() == 1);
  CHECK(chain.referral_rate.at(1)[0] == 0.2);
  CHECK(chain.cash_flow.at(77)[0] == 5);
}

}  // namespace tenure::test::timeline
