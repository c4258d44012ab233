// A market that all people share, where a pencil suffices.

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "model/full_draft.hpp"
#include "support/compiled.hpp"
#include "support/numbers.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/chain/detail/unrolled.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/builder.hpp"
#include "tenure/model/model.hpp"

namespace tenure::test::shared_market {

using namespace tenure::detail;

ModelBuilder club(Horizon horizon, double rate = 0.1) {
  ModelBuilder builder{"Club", Period::year, horizon, annual_rate(rate)};
  builder.state("prospect", Stage::acquisition, {.cash_flow = -3})
      .state("member", Stage::servicing, {.cash_flow = 40})
      .state("lost", Stage::lost)
      .transition("prospect", "member", Number{0.2}, {.cash_flow = -5})
      .transition("prospect", "lost", Number{0.3})
      .transition("member", "lost", Number{0.15})
      .referral("member", "prospect", Number{0.1})
      .arrivals("prospect", per_period(100), {.name = "web", .until = 7});
  return builder;
}

Environment weather(std::vector<std::vector<double>> matrix, std::vector<EnvironmentEffect> effects = {}) {
  Environment market;
  for (std::size_t e = 0; e < matrix.size(); ++e) market.states.push_back(std::string(1, static_cast<char>('a' + e)));
  market.start = "a";
  market.matrix = std::move(matrix);
  market.effects = std::move(effects);
  return market;
}

std::vector<EnvironmentEffect> storm(const std::string& when) {
  return {{when, MarketMovesTransition{"member", "lost", 4}},
          {when, MarketMovesCashFlow{"member", 0.7}},
          {when, MarketMovesArrivals{"web", 0.5}}};
}

std::vector<EnvironmentEffect> operator+(std::vector<EnvironmentEffect> a, const std::vector<EnvironmentEffect>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Every figure of a value, in an order.
std::vector<double> figures(const ExactValue& value) {
  std::vector<double> all{value.investment.total};
  const auto add = [&](const std::optional<double>& figure) { all.push_back(figure.value_or(-1e99)); };
  const auto add_states = [&](const std::vector<StateValue>& states) {
    for (const StateValue& state : states) {
      for (const auto& figure :
           {state.clv, state.clv_sd, state.clv_skewness, state.clv_with_referrals, state.expected_periods_as_customer})
        add(figure);
    }
  };
  add_states(value.states);
  for (const SegmentValue& segment : value.segments) {
    add_states(segment.states);
    all.insert(all.end(), {segment.share, segment.arrivals.people, segment.arrivals.customer_equity});
  }
  if (!value.business) return all;
  all.push_back(value.business->customer_equity);
  for (const auto& figure :
       {value.business->acquired, value.business->acquisition_cost, value.business->retention_rate})
    add(figure);
  for (const ChannelValue& channel : value.business->channels) {
    all.insert(all.end(), {channel.people, channel.customer_equity});
    add(channel.value_each);
  }
  if (!value.business->trace) return all;
  const Trace& trace = *value.business->trace;
  for (const auto& course : {trace.cash_flow, trace.discounted_cash_flow, trace.spend})
    all.insert(all.end(), course.begin(), course.end());
  for (const auto& course : trace.people) all.insert(all.end(), course.begin(), course.end());
  return all;
}

ExactValue value_of(const Model& model) { return exact_value(compile(model, Spending(model.levers().size()))); }

TEST_CASE("Market: regimes that are all the same are no market, to the last bit") {
  for (const Horizon& horizon : {Horizon{}, Horizon{1}, Horizon{20}}) {
    const std::vector<double> alone = figures(value_of(club(horizon).build()));
    for (const auto& matrix : {std::vector<std::vector<double>>{{1}},
                               {{0.3, 0.7}, {0.6, 0.4}},
                               {{0.1, 0.2, 0.7}, {1.0 / 3, 1.0 / 3, 1.0 / 3}, {0, 0, 1}}}) {
      CHECK(same_bits(figures(value_of(club(horizon).environment(weather(matrix)).build())), alone));
      const auto idle = [](const std::string& when) {
        return std::vector<EnvironmentEffect>{{when, MarketMovesTransition{"member", "lost", 1}},
                                              {when, MarketMovesCashFlow{"member", 1}},
                                              {when, MarketMovesArrivals{"web", 1}}};
      };
      CHECK(same_bits(figures(value_of(club(horizon).environment(weather(matrix, idle("a"))).build())), alone));
    }
    // all regimes move the same: as one regime that moves it
    const std::vector<double> stormy = figures(value_of(club(horizon).environment(weather({{1}}, storm("a"))).build()));
    CHECK(same_bits(figures(value_of(
                        club(horizon).environment(weather({{0.3, 0.7}, {0.6, 0.4}}, storm("a") + storm("b"))).build())),
                    stormy));
    CHECK_FALSE(same_bits(stormy, alone));
  }
}

TEST_CASE("Market: a regime that is never left is another model") {
  // odds of 4 on leaving: 0.15·4/(0.85 + 0.6)
  for (const Horizon& horizon : {Horizon{}, Horizon{9}}) {
    ModelBuilder by_hand{"Club", Period::year, horizon, annual_rate(0.1)};
    by_hand.state("prospect", Stage::acquisition, {.cash_flow = -3})
        .state("member", Stage::servicing, {.cash_flow = 28})
        .state("lost", Stage::lost)
        .transition("prospect", "member", Number{0.2}, {.cash_flow = -5})
        .transition("prospect", "lost", Number{0.3})
        .transition("member", "lost", Number{0.6 / 1.45})
        .referral("member", "prospect", Number{0.1})
        .arrivals("prospect", per_period(50), {.name = "web", .until = 7});
    const std::vector<double> expected = figures(value_of(by_hand.build()));
    // with a second regime that is there and never comes
    const std::vector<double> seen =
        figures(value_of(club(horizon).environment(weather({{1, 0}, {0.5, 0.5}}, storm("a"))).build()));
    REQUIRE(seen.size() == expected.size());
    for (std::size_t k = 0; k < seen.size(); ++k)
      CHECK_THAT(seen[k], close_to_on_scale(expected[k], 1 + std::abs(expected[k])));
  }
}

TEST_CASE("Market: a market on a fixed course is a calendar and a schedule") {
  // a, b, c, a, b, c …; in b the odds of leaving are 4 times as high, in c the cash flow is 0.7 of today's
  for (const std::int64_t horizon : {1, 2, 3, 4, 11}) {
    std::vector<double> cash_flows;
    for (std::int64_t t = 0; t < horizon; ++t) cash_flows.push_back(t % 3 == 2 ? 28 : 40);
    ModelBuilder planned{"Club", Period::year, Horizon{horizon}, annual_rate(0.1)};
    planned.state("prospect", Stage::acquisition, {.cash_flow = -3})
        .state("member", Stage::servicing, {.cash_flow = scheduled(cash_flows)})
        .state("lost", Stage::lost)
        .transition("prospect", "member", Number{0.2}, {.cash_flow = -5})
        .transition("prospect", "lost", Number{0.3})
        .transition("member", "lost", Number{0.15})
        .referral("member", "prospect", Number{0.1})
        .arrivals("prospect", per_period(100), {.name = "web", .until = 7})
        .calendar("member", "lost", {1, 4, 1});
    const std::vector<double> expected = figures(value_of(planned.build()));
    const std::vector<double> seen = figures(value_of(
        club(horizon)
            .environment(weather({{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}, {{"b", MarketMovesTransition{"member", "lost", 4}},
                                                                     {"c", MarketMovesCashFlow{"member", 0.7}}}))
            .build()));
    REQUIRE(seen.size() == expected.size());
    for (std::size_t k = 0; k < seen.size(); ++k)
      CHECK_THAT(seen[k], close_to_on_scale(expected[k], 1 + std::abs(expected[k])));
  }
}

TEST_CASE("Market: two periods in two regimes, by hand") {
  // earns 100 in the calm, 40 in a storm; starts calm; the member always stays
  ModelBuilder builder{"Two", Period::year, Horizon{2}, annual_rate(0.25)};
  builder.state("member", Stage::servicing, {.cash_flow = 100})
      .arrivals("member", once(10))
      .environment(weather({{0.7, 0.3}, {0.2, 0.8}}, {{"b", MarketMovesCashFlow{"member", 0.4}}}));
  const ExactValue value = value_of(builder.build());
  const double d = 0.8;
  CHECK_THAT(value.states[0].clv.value(), close_to(100 + d * (0.7 * 100 + 0.3 * 40)));
  CHECK_THAT(value.states[0].clv_sd.value(), close_to(d * 60 * std::sqrt(0.21)));
  CHECK_THAT(value.states[0].clv_skewness.value(), close_to((1 - 2 * 0.7) / std::sqrt(0.21)));
  CHECK_THAT(value.business->customer_equity, close_to(10 * (100 + d * 82)));
}

TEST_CASE("Market: arrivals that a regime multiplies, by hand") {
  ModelBuilder builder{"Arrivals", Period::year, Horizon{3}, annual_rate(0)};
  builder.state("member", Stage::servicing, {.cash_flow = 1})
      .state("lost", Stage::lost)
      .transition("member", "lost", Number{1.0})
      .arrivals("member", per_period(100), {.name = "web"})
      .environment(weather({{0.7, 0.3}, {0.2, 0.8}}, {{"b", MarketMovesArrivals{"web", 0.5}}}));
  const ExactValue value = value_of(builder.build());
  const double second = 0.3, third = 0.7 * 0.3 + 0.3 * 0.8;  // probabilities of b
  CHECK_THAT(value.business->trace->people[0][1], close_to(100 * (1 - second / 2)));
  CHECK_THAT(value.business->trace->people[0][2], close_to(100 * (1 - third / 2)));
  CHECK_THAT(value.business->customer_equity, close_to(100 * (3 - second / 2 - third / 2)));
}

TEST_CASE("Market: for ever, the expected cash flow follows the market's own chain") {
  // V = Σ d^t (μ + (c_a - μ) λ^t) with the stationary mean μ and λ = 1 - 0.3 - 0.2
  ModelBuilder builder{"Ever", Period::year, infinite_horizon, annual_rate(0.25)};
  builder.state("member", Stage::servicing, {.cash_flow = 100})
      .environment(weather({{0.7, 0.3}, {0.2, 0.8}}, {{"b", MarketMovesCashFlow{"member", 0.4}}}));
  const double mean = 0.4 * 100 + 0.6 * 40, d = 0.8;
  CHECK_THAT(value_of(builder.build()).states[0].clv.value(), close_to(mean / (1 - d) + (100 - mean) / (1 - d * 0.5)));
}

TEST_CASE("Market: regimes that cannot be told apart are one, wherever they stand") {
  // b and d move the same and go on alike, though to different ones of a and c, which are alike too
  const std::vector<std::vector<double>> four{
      {0.6, 0.1, 0.1, 0.2}, {0.5, 0.3, 0, 0.2}, {0.2, 0.3, 0.5, 0}, {0, 0, 0.5, 0.5}};
  const std::vector<std::vector<double>> two{{0.7, 0.3}, {0.5, 0.5}};
  for (const Horizon& horizon : {Horizon{}, Horizon{12}}) {
    const Chain lumped = compile(club(horizon).environment(weather(four, storm("b") + storm("d"))).build(), Spending{});
    CHECK(lumped.regimes() == 2);
    const std::vector<double> seen = figures(exact_value(lumped));
    const std::vector<double> expected = figures(value_of(club(horizon).environment(weather(two, storm("b"))).build()));
    REQUIRE(seen.size() == expected.size());
    for (std::size_t k = 0; k < seen.size(); ++k)
      CHECK_THAT(seen[k], close_to_on_scale(expected[k], 1 + std::abs(expected[k])));
  }
}

TEST_CASE("Market: a full model is worth what its chain is with ages and regimes as states") {
  ModelDraft draft = full_draft();
  for (const Horizon& horizon : {Horizon{24}, Horizon{}}) {
    draft.horizon = horizon;
    draft.arrivals[0].until = 20;
    draft.discount_rate = 0.5;
    const Model model{draft};
    const Chain chain = compile(model, Spending{25, 100, 5});
    REQUIRE(chain.regimes() == 2);
    REQUIRE_FALSE(chain.dwells.empty());
    const ExactValue value = exact_value(chain), plain = exact_value(unrolled(chain));
    CHECK_THAT(value.business->customer_equity, close_to(plain.business->customer_equity, 1e-11));
    CHECK_THAT(value.business->acquired.value(), close_to(plain.business->acquired.value(), 1e-10));
    CHECK_THAT(value.business->acquisition_cost.value(), close_to(plain.business->acquisition_cost.value(), 1e-10));
    CHECK_THAT(value.investment.total, close_to(plain.investment.total, 1e-11));
    if (horizon)
      CHECK_THAT(value.business->retention_rate.value(), close_to(plain.business->retention_rate.value(), 1e-11));
  }
}

}  // namespace tenure::test::shared_market
