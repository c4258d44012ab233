// Those who arrive, as a chain counts them: once, steadily with growth, by schedule; each counted from its first
// period.

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::compiled_arrivals {

ModelBuilder arriving(Horizon horizon, ArrivalFlow flow, std::int64_t from, std::optional<std::int64_t> until = {}) {
  ModelBuilder builder{"Arrivals", Period::month, horizon, annual_rate(0.1)};
  builder.state("a", Stage::servicing).arrivals("a", std::move(flow), {.from = from, .until = until});
  return builder;
}

/// People arriving in periods 0 … periods - 1.
std::vector<double> counts(const ModelBuilder& builder, std::int64_t periods) {
  const Chain chain = compile(builder.build(), Spending{});
  std::vector<double> people;
  for (std::int64_t t = 0; t < periods; ++t) people.push_back(people_arriving(chain.arrivals.front(), t));
  return people;
}

using Counts = std::vector<double>;

TEST_CASE("Arrivals: once, at the start of their first period") {
  for (const Horizon& horizon : {Horizon{6}, Horizon{}}) {
    CHECK(counts(arriving(horizon, once(50), 0), 6) == Counts{50, 0, 0, 0, 0, 0});
    CHECK(counts(arriving(horizon, once(50), 2), 6) == Counts{0, 0, 50, 0, 0, 0});
  }
}

TEST_CASE("Arrivals: steadily, from their first period until before their last") {
  for (const Horizon& horizon : {Horizon{6}, Horizon{}}) {
    CHECK(counts(arriving(horizon, per_period(7), 2), 6) == Counts{0, 0, 7, 7, 7, 7});
    CHECK(counts(arriving(horizon, per_period(7), 1, 4), 6) == Counts{0, 7, 7, 7, 0, 0});
  }
  CHECK(counts(arriving(infinite_horizon, per_period(7), 2), 1000).back() == 7);
}

TEST_CASE("Arrivals: growing by a share per year, counted from their first period") {
  for (const Horizon& horizon : {Horizon{40}, Horizon{}}) {
    const Counts people = counts(arriving(horizon, per_period(100, 0.21), 3), 40);
    for (std::size_t t = 0; t < people.size(); ++t) {
      const double expected = t < 3 ? 0 : 100 * std::pow(1.21, (static_cast<double>(t) - 3) / 12);
      CHECK_THAT(people[t], close_to_on_scale(expected, 100, 1e-13));
    }
  }
  const Counts ended = counts(arriving(infinite_horizon, per_period(100, 0.21), 3, 15), 40);
  CHECK_THAT(ended[14], close_to(100 * std::pow(1.21, 11.0 / 12)));
  CHECK(ended[15] == 0);
  CHECK(ended[39] == 0);
}

TEST_CASE("Arrivals: by schedule from their first period, and nobody after its end") {
  for (const Horizon& horizon : {Horizon{7}, Horizon{}}) {
    CHECK(counts(arriving(horizon, by_schedule({5, 6, 7}), 2), 7) == Counts{0, 0, 5, 6, 7, 0, 0});
    CHECK(counts(arriving(horizon, by_schedule({5, 6, 7}), 2, 4), 7) == Counts{0, 0, 5, 6, 0, 0, 0});
    CHECK(counts(arriving(horizon, by_schedule({}), 0), 7) == Counts(7, 0.0));
  }
}

TEST_CASE("Arrivals: no period, nobody, and a late first period, nobody within the horizon") {
  const Chain none = compile(arriving(0, once(50), 0).build(), Spending{});
  CHECK(none.arrivals.front().count.empty());
  CHECK(counts(arriving(3, once(50), 10), 3) == Counts{0, 0, 0});
}

TEST_CASE("Arrivals: moved by a lever while it works, growth and all") {
  ModelBuilder builder = arriving(infinite_horizon, per_period(100, 0.21), 2);
  Lever campaign{.name = "campaign",
                 .spend_per = SpendPer::period,
                 .from = 4,
                 .until = 7,
                 .effects = {moves_arrivals("a").towards(3).half_spend(10)}};
  const Chain chain = compile(builder.lever(campaign).build(), Spending{10});
  for (std::int64_t t = 0; t < 60; ++t) {
    const double today = t < 2 ? 0 : 100 * std::pow(1.21, (static_cast<double>(t) - 2) / 12);
    const double multiple = t >= 4 && t < 7 ? 2 : 1;
    CHECK_THAT(people_arriving(chain.arrivals.front(), t), close_to_on_scale(today * multiple, 100, 1e-13));
  }
}

TEST_CASE("Arrivals: a lever that goes on moves them for ever") {
  Lever posters{
      .name = "posters", .spend_per = SpendPer::period, .effects = {moves_arrivals("a").towards(3).half_spend(10)}};
  const Chain chain = compile(arriving(infinite_horizon, per_period(100), 0).lever(posters).build(), Spending{10});
  CHECK(people_arriving(chain.arrivals.front(), 0) == 200);
  CHECK(people_arriving(chain.arrivals.front(), 100'000) == 200);
}

TEST_CASE("Arrivals: channels in the order of their first mention") {
  ModelBuilder builder{"Channels", Period::month, Horizon{2}};
  builder.state("a", Stage::servicing).state("b", Stage::lost);
  builder.arrivals("b", once(1), {.name = "web"}).arrivals("a", once(1)).arrivals("a", once(1), {.name = "web"});
  const Model model = builder.build();
  CHECK(channel_names(model) == std::vector<std::string>{"web", "a"});
  const Chain chain = compile(model, Spending{});
  CHECK(chain.channels == 2);
  CHECK(chain.arrivals[0].channel == 0);
  CHECK(chain.arrivals[1].channel == 1);
  CHECK(chain.arrivals[2].channel == 0);
}

TEST_CASE("Arrivals: a market that moves them alike in all its regimes multiplies their counts") {
  ModelDraft draft;
  draft.name = "Fair";
  draft.states = {{"visitor", Stage::servicing, 10, {}, {}}, {"gone", Stage::lost, 0, {}, {}}};
  draft.transitions = {{"visitor", "gone", Number{0.5}, 0}};
  draft.discount_rate = 0.1;
  Arrivals web;
  web.name = "web";
  web.state = "visitor";
  web.flow = ArriveSteadily{100, 0};
  draft.arrivals = {web};
  const auto equity = [&](Horizon horizon, double calm, double war) {
    ModelDraft moved = draft;
    moved.horizon = horizon;
    Environment market;
    market.states = {"calm", "war"};
    market.start = "calm";
    market.matrix = {{0.9, 0.1}, {0.3, 0.7}};
    market.effects = {{"calm", MarketMovesArrivals{"web", calm}}, {"war", MarketMovesArrivals{"web", war}}};
    moved.environment = market;
    const Model model{moved};
    return exact_value(compile(model, Spending{})).business->customer_equity;
  };
  for (const Horizon horizon : {Horizon{12}, infinite_horizon}) {
    const double once = equity(horizon, 1, 1);
    CHECK(std::fabs(equity(horizon, 3, 3) - 3 * once) < 1e-9 * once);
    CHECK(std::fabs(equity(horizon, 3, 3.0000001) - 3 * once) < 1e-6 * once);
  }
}

}  // namespace tenure::test::compiled_arrivals
