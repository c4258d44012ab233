// What levers do to a chain: to rows, cash flows, referral rates and arrivals, one alone and several together, in their
// window and not outside it; and that a lever without spend is not there at all.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/compiled.hpp"
#include "support/numbers.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::levers {

ModelBuilder shop(Horizon horizon = 24) {
  ModelBuilder builder{"Shop", Period::month, horizon, annual_rate(0.1)};
  builder.state("prospect", Stage::acquisition)
      .state("customer", Stage::servicing, {.cash_flow = 30})
      .state("lost", Stage::lost)
      .transition("prospect", "customer", 0.1)
      .transition("prospect", "lost", 0.3)
      .transition("customer", "lost", 0.2)
      .referral("customer", "prospect", 0.05)
      .arrivals("prospect", per_period(100), {.name = "web"})
      .arrivals("customer", by_schedule({7, 5}), {.name = "shop"})
      .arrivals("customer", per_period(10), {.name = "web", .from = 2});
  return builder;
}

Lever lever(std::string name, std::vector<LeverEffect> effects) {
  return {.name = std::move(name), .while_in = {"customer"}, .effects = std::move(effects)};
}

/// 1 - 2^(-spend / half): the exponential's share of the way.
double share(double spend, double half) { return 1 - std::exp2(-spend / half); }

TEST_CASE("Lever on a transition: puts it exactly on its curve, the rest of the row gives way in proportion") {
  const Model model =
      shop().lever(lever("ads", {moves_transition("prospect", "customer").towards(0.5).half_spend(20)})).build();
  for (const double spend : {1.0, 20.0, 60.0}) {
    const std::vector<double> row = row_of(compile(model, Spending{spend}), 0);
    const double bought = 0.1 + 0.4 * share(spend, 20);
    CHECK_THAT(row[1], close_to(bought, 1e-15));
    CHECK_THAT(row[2], close_to(0.3 * (1 - bought) / 0.9, 1e-15));
    CHECK_THAT(row[0], close_to(0.6 * (1 - bought) / 0.9, 1e-15));
  }
}

TEST_CASE("Lever on a transition: its other rows and all else stay as they are, to the last bit") {
  const Model model =
      shop().lever(lever("ads", {moves_transition("prospect", "customer").towards(0.5).half_spend(20)})).build();
  const Chain with = compile(model, Spending{30});
  const Chain without = compile(model, Spending{0});
  for (std::int64_t t = 0; t < 24; ++t) {
    for (std::size_t state = 1; state < 3; ++state) CHECK(same_bits(row_of(with, state, t), row_of(without, state, t)));
    CHECK(same_bits(with.cash_flow.at(t), without.cash_flow.at(t)));
    CHECK(same_bits(with.referral_rate.at(t), without.referral_rate.at(t)));
  }
}

TEST_CASE("Lever on a transition: from 0, towards 0 and towards 1, alone") {
  ModelBuilder builder = shop();
  builder.transition("lost", "customer", 0.0);
  builder.lever(lever("win back", {moves_transition("lost", "customer").towards(0.4).half_spend(10)}));
  builder.lever(lever("keep", {moves_transition("customer", "lost").towards(0.0).half_spend(10)}));
  builder.lever(lever("sell", {moves_transition("prospect", "customer").towards(1.0).half_spend(10)}));
  const Chain chain = compile(builder.build(), Spending{10, 20, 1e9});
  CHECK_THAT(row_of(chain, 2)[1], close_to(0.2, 1e-15));
  CHECK_THAT(row_of(chain, 2)[2], close_to(0.8, 1e-15));
  CHECK_THAT(row_of(chain, 1)[2], close_to(0.05, 1e-15));
  CHECK(row_of(chain, 0) == std::vector<double>{0, 1, 0});
}

TEST_CASE("Levers on one transition multiply its odds, in whichever order they stand") {
  const LeverEffect one = moves_transition("customer", "lost").towards(0.05).half_spend(10);
  const LeverEffect other = moves_transition("customer", "lost").towards(0.10).half_spend(30);
  const auto leaves = [&](const Model& model, Spending spending) {
    return row_of(compile(model, std::move(spending)), 1)[2];
  };
  const Model model = shop().lever(lever("one", {one})).lever(lever("other", {other})).build();
  const Model turned = shop().lever(lever("other", {other})).lever(lever("one", {one})).build();
  const auto odds = [](double p) { return p / (1 - p); };
  const double p1 = leaves(model, {12, 0}), p2 = leaves(model, {0, 12}), both = leaves(model, {12, 12});
  CHECK_THAT(odds(both), close_to(odds(p1) * odds(p2) / odds(0.2), 1e-13));
  CHECK_THAT(leaves(turned, {12, 12}), close_to(both, 1e-15));
}

TEST_CASE("Lever and season: each takes its multiplier from the row as listed") {
  const Model model = shop()
                          .calendar("customer", "lost", {3.0})
                          .lever(lever("keep", {moves_transition("customer", "lost").towards(0.1).half_spend(10)}))
                          .build();
  const double alone = 0.2 - 0.1 * share(10, 10);
  const double multiplier = 3 * (alone / (1 - alone)) / (0.2 / 0.8);
  CHECK_THAT(row_of(compile(model, Spending{10}), 1)[2], close_to(0.2 * multiplier / (0.8 + 0.2 * multiplier), 1e-14));
}

TEST_CASE("Levers on one cash flow add their gains, each from today's value") {
  const Model model = shop()
                          .lever(lever("up", {moves_cash_flow("customer").towards(50).half_spend(10)}))
                          .lever(lever("down", {moves_cash_flow("customer").towards(-10).half_spend(20)}))
                          .build();
  CHECK_THAT(compile(model, Spending{10, 0}).cash_flow.at(0)[1], close_to(40, 1e-15));
  CHECK_THAT(compile(model, Spending{0, 20}).cash_flow.at(0)[1], close_to(10, 1e-15));
  CHECK_THAT(compile(model, Spending{10, 20}).cash_flow.at(0)[1], close_to(30 + 10 - 20, 1e-15));
}

TEST_CASE("Levers on one referral rate add, and stop at 0") {
  const Model model = shop()
                          .lever(lever("praise", {moves_referral("customer", "prospect").towards(0.15).half_spend(10)}))
                          .lever(lever("silence", {moves_referral("customer", "prospect").towards(0).half_spend(10)}))
                          .lever(lever("shame", {moves_referral("customer", "prospect").towards(0).half_spend(10)}))
                          .build();
  CHECK_THAT(compile(model, Spending{10, 0, 0}).referral_rate.at(0)[0], close_to(0.1, 1e-15));
  CHECK_THAT(compile(model, Spending{10, 10, 0}).referral_rate.at(0)[0], close_to(0.075, 1e-15));
  CHECK(compile(model, Spending{0, 100, 100}).referral_rate.at(0)[0] == 0);
}

TEST_CASE("Levers on the arrivals of a name multiply them, and no others") {
  const Model model = shop()
                          .lever(lever("search", {moves_arrivals("web").towards(3).half_spend(10)}))
                          .lever(lever("posters", {moves_arrivals("web").towards(0).half_spend(10)}))
                          .build();
  const Chain chain = compile(model, Spending{10, 20});
  REQUIRE(chain.arrivals.size() == 3);
  CHECK_THAT(people_arriving(chain.arrivals[0], 5), close_to(100 * 2 * 0.25, 1e-15));
  CHECK(people_arriving(chain.arrivals[1], 0) == 7);
  CHECK(people_arriving(chain.arrivals[1], 1) == 5);
  CHECK(people_arriving(chain.arrivals[1], 2) == 0);
  CHECK(people_arriving(chain.arrivals[2], 1) == 0);
  CHECK_THAT(people_arriving(chain.arrivals[2], 2), close_to(10 * 2 * 0.25, 1e-15));
  CHECK(chain.arrivals[0].channel == chain.arrivals[2].channel);
  CHECK(chain.arrivals[0].channel != chain.arrivals[1].channel);
  CHECK(chain.channels == 2);
}

TEST_CASE("Lever with several effects: each on its own curve, paid once") {
  const Model model =
      shop()
          .lever(lever("lounge", {moves_cash_flow("customer").towards(60).half_spend(10),
                                  moves_transition("customer", "lost").towards(0.1).half_spend(40),
                                  moves_referral("customer", "prospect").towards(0.25).hill(1).half_spend(30)}))
          .build();
  const Chain chain = compile(model, Spending{10});
  CHECK_THAT(chain.cash_flow.at(0)[1], close_to(45, 1e-15));
  CHECK_THAT(row_of(chain, 1)[2], close_to(0.2 - 0.1 * share(10, 40), 1e-15));
  CHECK_THAT(chain.referral_rate.at(0)[0], close_to(0.05 + 0.2 * 10 / 40, 1e-15));
  CHECK(chain.spend.at(0) == std::vector<double>{0, 10, 0});
}

TEST_CASE("Lever with a table: the share of the table") {
  LeverEffect effect = moves_cash_flow("customer").towards(130).table({{0, 0}, {10, 0.3}, {50, 1}});
  const Model model = shop().lever(lever("test", {effect})).build();
  CHECK_THAT(compile(model, Spending{10}).cash_flow.at(0)[1], close_to(60, 1e-15));
  CHECK_THAT(compile(model, Spending{80}).cash_flow.at(0)[1], close_to(130, 1e-15));
}

TEST_CASE("Lever in a window: works from its first period until before its last, and fades if it carries over") {
  Lever campaign = lever("campaign", {moves_cash_flow("customer").towards(50).half_spend(10)});
  campaign.from = 3;
  campaign.until = 6;
  const Chain chain = compile(shop().lever(campaign).build(), Spending{10});
  for (std::int64_t t = 0; t < 24; ++t) {
    const bool runs = t >= 3 && t < 6;
    CHECK(chain.cash_flow.at(t)[1] == (runs ? 40 : 30));
    CHECK(chain.spend.at(t)[1] == (runs ? 10 : 0));
  }
  campaign.carry_over = 0.5;
  const Chain fading = compile(shop().lever(campaign).build(), Spending{10});
  double effective = 0;
  for (std::int64_t t = 0; t < 24; ++t) {
    const bool runs = t >= 3 && t < 6;
    effective = 0.5 * (runs ? 10 : 0) + 0.5 * effective;
    CHECK_THAT(fading.cash_flow.at(t)[1], close_to(30 + 20 * share(effective, 10), 1e-14));
    CHECK(fading.spend.at(t)[1] == (runs ? 10 : 0));  // money is counted when it is spent
  }
}

TEST_CASE("Lever with a limit and a half_spend that change with time") {
  LeverEffect effect = moves_cash_flow("customer").towards(scheduled({50, 70})).half_spend(scheduled({10, 10, 20}));
  const Chain chain = compile(shop().lever(lever("drifting", {effect})).build(), Spending{10});
  CHECK_THAT(chain.cash_flow.at(0)[1], close_to(40, 1e-15));
  CHECK_THAT(chain.cash_flow.at(1)[1], close_to(50, 1e-15));
  CHECK_THAT(chain.cash_flow.at(2)[1], close_to(30 + 40 * share(10, 20), 1e-15));
  CHECK_THAT(chain.cash_flow.at(20)[1], close_to(30 + 40 * share(10, 20), 1e-15));
}

TEST_CASE("Lever on a transition with a limit and a half_spend that change with time") {
  const auto leaves = [](const LeverEffect& effect, std::int64_t t) {
    return row_of(compile(shop().lever(lever("drifting", {effect})).build(), Spending{10}), 1, t)[2];
  };
  const LeverEffect limits = moves_transition("customer", "lost").towards(scheduled({0.1, 0.02, 0.06})).half_spend(10);
  CHECK_THAT(leaves(limits, 0), close_to(0.15, 1e-15));
  CHECK_THAT(leaves(limits, 1), close_to(0.11, 1e-15));
  CHECK_THAT(leaves(limits, 20), close_to(0.13, 1e-15));
  const LeverEffect halves = moves_transition("customer", "lost").towards(0.1).half_spend(scheduled({10, 5, 20}));
  CHECK_THAT(leaves(halves, 0), close_to(0.15, 1e-15));
  CHECK_THAT(leaves(halves, 1), close_to(0.125, 1e-15));
  CHECK_THAT(leaves(halves, 20), close_to(0.2 - 0.1 * share(10, 20), 1e-15));
}

TEST_CASE("Spend streams: one for each lever, by what it is for") {
  Lever total = lever("posters", {moves_arrivals("web").towards(2).half_spend(1000)});
  total.kind = LeverKind::acquisition;
  total.spend_per = SpendPer::period;
  total.while_in.clear();
  Lever each = lever("care", {moves_cash_flow("customer").towards(40).half_spend(5)});
  each.while_in = {"prospect", "customer"};
  each.from = 2;
  const Chain chain = compile(shop().lever(total).lever(each).build(), Spending{500, 3});
  REQUIRE(chain.spend_streams.size() == 2);
  CHECK(chain.spend_streams[0].for_acquisition);
  CHECK_FALSE(chain.spend_streams[0].per_person);
  CHECK(chain.spend_streams[0].level == 500);
  CHECK_FALSE(chain.spend_streams[1].for_acquisition);
  CHECK(chain.spend_streams[1].per_person);
  CHECK(chain.spend_streams[1].states == std::vector<StateIndex>{0, 1});
  CHECK(spend_per_period(chain, 0) == 500);
  CHECK(chain.spend.at(0) == std::vector<double>{0, 0, 0});
  CHECK(chain.spend.at(2) == std::vector<double>{3, 3, 0});
}

/// One lever of each sort, all with windows and carry-over.
ModelBuilder with_levers(ModelBuilder builder) {
  std::vector<LeverEffect> effects{moves_transition("prospect", "customer").towards(0.5).half_spend(20),
                                   moves_cash_flow("customer").towards(50).hill(2).half_spend(20),
                                   moves_referral("customer", "prospect").towards(0.2).half_spend(20),
                                   moves_arrivals("web").towards(2).half_spend(20)};
  for (std::size_t k = 0; k < effects.size(); ++k) {
    Lever one = lever("lever " + std::to_string(k), {effects[k]});
    one.from = static_cast<std::int64_t>(k);
    one.until = 12;
    one.carry_over = 0.4;
    builder.lever(one);
  }
  return builder;
}

TEST_CASE("Zero spend: a model with levers that are not spent on is the model without them, to the last bit") {
  for (const Horizon& horizon : {Horizon{24}, Horizon{}}) {
    const Chain with = compile(with_levers(shop(horizon)).build(), Spending{0, 0, 0, 0});
    const Chain without = compile(shop(horizon).build(), Spending{});
    CHECK(same_chain(with, without, 48));
    CHECK(with.probability.distinct().size() == 1);
  }
}

TEST_CASE("Zero spend: the levers would have done something") {
  for (std::size_t k = 0; k < 4; ++k) {
    Spending spending(4, 0.0);
    spending[k] = 10;
    const Model model = with_levers(shop()).build();
    CHECK_FALSE(same_chain(compile(model, spending), compile(model, Spending(4, 0.0)), 24));
  }
}

}  // namespace tenure::test::levers
