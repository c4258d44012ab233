// Segments, and cash flows that vary from event to event, where a pencil suffices.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::segments_of_people {

struct Own {
  double leaving = 0.15;
  double cash_flow = 40;
  double fee = 10;
};

ModelBuilder club(Horizon horizon, Own own = {}, std::map<std::string, double> mix = {}) {
  ModelBuilder builder{"Club", Period::year, horizon, annual_rate(0.1)};
  builder.state("prospect", Stage::acquisition)
      .state("member", Stage::servicing, {.cash_flow = own.cash_flow, .dwell = {}})
      .state("lost", Stage::lost)
      .transition("prospect", "member", Number{0.2}, {.cash_flow = -5})
      .transition("prospect", "lost", Number{0.3})
      .transition("member", "lost", Number{own.leaving}, {.cash_flow = own.fee})
      .referral("member", "prospect", Number{0.1});
  if (mix.empty())
    builder.arrivals("prospect", per_period(100), {.name = "web", .until = 6});
  else
    builder.arrivals("prospect", per_period(100), {.name = "web", .until = 6, .mix = std::move(mix)});
  return builder;
}

Segment segment(std::string name, double share, std::optional<Own> own = {}) {
  Segment made;
  made.name = std::move(name);
  made.share = share;
  if (own) {
    made.transitions = {{"member", "lost", Number{own->leaving}, Number{own->fee}}};
    made.states = {{"member", Number{own->cash_flow}}};
  }
  return made;
}

ExactValue value_of(const ModelBuilder& builder) { return exact_value(compile(builder.build(), Spending{})); }

void check_same(const StateValue& a, const StateValue& b, double share = 1e-12) {
  CHECK_THAT(a.clv.value(), close_to_on_scale(b.clv.value(), 400, share));
  CHECK_THAT(a.clv_sd.value(), close_to_on_scale(b.clv_sd.value(), 400, share));
  CHECK(a.clv_skewness.has_value() == b.clv_skewness.has_value());
  if (a.clv_skewness) CHECK_THAT(*a.clv_skewness, close_to(*b.clv_skewness, 1e-10));
  CHECK_THAT(a.clv_with_referrals.value(), close_to_on_scale(b.clv_with_referrals.value(), 400, share));
  CHECK_THAT(a.expected_periods_as_customer.value(),
             close_to_on_scale(b.expected_periods_as_customer.value(), 10, share));
}

const Own loyal{0.05, 55, 0};
const Own fickle{0.4, 22, -3};

TEST_CASE("Segments: people who do not differ are one people") {
  for (const Horizon& horizon : {Horizon{}, Horizon{14}}) {
    const ExactValue one = value_of(club(horizon));
    const ExactValue three =
        value_of(club(horizon).segment(segment("a", 0.5)).segment(segment("b", 0.3, Own{})).segment(segment("c", 0.2)));
    for (std::size_t i = 0; i < 3; ++i) check_same(three.states[i], one.states[i]);
    CHECK_THAT(three.business->customer_equity, close_to(one.business->customer_equity));
    CHECK_THAT(three.business->acquired.value(), close_to(one.business->acquired.value()));
    CHECK_THAT(three.business->retention_rate.value(), close_to(one.business->retention_rate.value()));
    CHECK_THAT(three.business->channels[0].value_each.value(), close_to(one.business->channels[0].value_each.value()));
    REQUIRE(three.segments.size() == 3);
    CHECK_THAT(three.segments[1].share, close_to(0.3));
    CHECK_THAT(three.segments[1].arrivals.customer_equity, close_to(0.3 * one.business->customer_equity));
    if (!horizon) continue;
    for (std::size_t t = 0; t < 14; ++t)
      CHECK_THAT(three.business->trace->people[1][t], close_to_on_scale(one.business->trace->people[1][t], 100));
  }
}

TEST_CASE("Segments: one segment of all people is the model itself") {
  const ExactValue one = value_of(club(9, fickle)), alone = value_of(club(9).segment(segment("all", 1, fickle)));
  for (std::size_t i = 0; i < 3; ++i) CHECK(same_bits(alone.states[i].clv.value(), one.states[i].clv.value()));
  CHECK(same_bits(alone.business->customer_equity, one.business->customer_equity));
}

TEST_CASE("Segments: each is worth what the model with its numbers alone is worth") {
  for (const Horizon& horizon : {Horizon{}, Horizon{14}}) {
    const ExactValue both =
        value_of(club(horizon).segment(segment("loyal", 0.35, loyal)).segment(segment("fickle", 0.65, fickle)));
    const ExactValue of_loyal = value_of(club(horizon, loyal)), of_fickle = value_of(club(horizon, fickle));
    for (std::size_t i = 0; i < 3; ++i) {
      check_same(both.segments[0].states[i], of_loyal.states[i]);
      check_same(both.segments[1].states[i], of_fickle.states[i]);
    }
    const double equities[]{of_loyal.business->customer_equity, of_fickle.business->customer_equity};
    CHECK_THAT(both.segments[0].arrivals.customer_equity, close_to(0.35 * equities[0]));
    CHECK_THAT(both.segments[1].arrivals.customer_equity, close_to(0.65 * equities[1]));
    CHECK_THAT(both.business->customer_equity, close_to(0.35 * equities[0] + 0.65 * equities[1]));
    CHECK_THAT(both.business->acquired.value(),
               close_to(0.35 * *of_loyal.business->acquired + 0.65 * *of_fickle.business->acquired));
  }
}

TEST_CASE("Segments: what takes the rest is what the segment says") {
  const auto shop = [](Probability buys, Probability leaves) {
    ModelBuilder builder{"Shop", Period::year, Horizon{3}, annual_rate(0)};
    return builder.state("visitor", Stage::acquisition)
        .state("buyer", Stage::servicing, {.cash_flow = 100, .dwell = {}})
        .state("lost", Stage::lost)
        .transition("visitor", "buyer", std::move(buys))
        .transition("visitor", "lost", std::move(leaves));
  };
  const auto worth_of_visitor = [](const ModelBuilder& builder) { return value_of(builder).states[0].clv.value(); };
  const auto all_of_them = [](std::optional<Probability> buys, std::optional<Probability> leaves) {
    Segment own{.name = "own", .share = 1};
    if (buys) own.transitions.push_back({"visitor", "buyer", std::move(buys), {}});
    if (leaves) own.transitions.push_back({"visitor", "lost", std::move(leaves), {}});
    return own;
  };
  // a number in the place of the rest: who is left over stays, and may buy a year later
  CHECK_THAT(worth_of_visitor(shop(Number{0.5}, rest).segment(all_of_them({}, Number{0.3}))),
             close_to(0.5 * 200 + 0.2 * 0.5 * 100));
  // the rest in the place of a number: nobody stays
  CHECK_THAT(worth_of_visitor(shop(Number{0.5}, Number{0.3}).segment(all_of_them({}, rest))), close_to(0.5 * 200));
  // the rest given to another transition
  CHECK_THAT(worth_of_visitor(shop(Number{0.5}, rest).segment(all_of_them(rest, Number{0.6}))), close_to(0.4 * 200));
}

TEST_CASE("Segments: over all people, the law of total variance and of the third moment") {
  const ExactValue both =
      value_of(club(infinite_horizon).segment(segment("loyal", 0.35, loyal)).segment(segment("fickle", 0.65, fickle)));
  for (std::size_t i = 0; i < 2; ++i) {
    const StateValue& a = both.segments[0].states[i];
    const StateValue& b = both.segments[1].states[i];
    const double p = 0.35, q = 0.65, mean = p * *a.clv + q * *b.clv;
    const double from_a = *a.clv - mean, from_b = *b.clv - mean;
    const double variance_a = *a.clv_sd * *a.clv_sd, variance_b = *b.clv_sd * *b.clv_sd;
    const double variance = p * (variance_a + from_a * from_a) + q * (variance_b + from_b * from_b);
    const double third =
        p * (*a.clv_skewness * variance_a * *a.clv_sd + 3 * from_a * variance_a + from_a * from_a * from_a) +
        q * (*b.clv_skewness * variance_b * *b.clv_sd + 3 * from_b * variance_b + from_b * from_b * from_b);
    CHECK_THAT(both.states[i].clv.value(), close_to(mean));
    CHECK_THAT(both.states[i].clv_sd.value(), close_to(std::sqrt(variance)));
    CHECK_THAT(both.states[i].clv_skewness.value(), close_to(third / std::pow(variance, 1.5), 1e-11));
  }
  CHECK(*both.states[1].clv_sd > 1.1 * *both.segments[0].states[1].clv_sd);  // the segments are far apart
}

TEST_CASE("Segments: a mix of its own is that of an arrival, and leaves values by state alone") {
  const ExactValue shares =
      value_of(club(12).segment(segment("loyal", 0.35, loyal)).segment(segment("fickle", 0.65, fickle)));
  for (const double p : {0.0, 0.1, 1.0}) {
    std::map<std::string, double> mix{{"loyal", p}, {"fickle", 1 - p}};
    const ExactValue mixed =
        value_of(club(12, {}, mix).segment(segment("loyal", 0.35, loyal)).segment(segment("fickle", 0.65, fickle)));
    for (std::size_t i = 0; i < 3; ++i) check_same(mixed.states[i], shares.states[i]);
    const double expected = p / 0.35 * shares.segments[0].arrivals.customer_equity +
                            (1 - p) / 0.65 * shares.segments[1].arrivals.customer_equity;
    CHECK_THAT(mixed.business->customer_equity, close_to(expected));
    CHECK_THAT(mixed.segments[0].arrivals.people,
               close_to_on_scale(p / 0.35 * shares.segments[0].arrivals.people, 600));
  }
}

TEST_CASE("Segments: who comes by a mix alone, with a share of 0, differs as its law says") {
  const auto worth_of_member = [](double share) {
    Number rate{0.2};
    rate.differs = Distribution{DistributionKind::gamma, StandardDeviation{0.3}};
    ModelBuilder builder{"Club", Period::year, Horizon{6}, annual_rate(0)};
    builder.state("member", Stage::servicing, {.cash_flow = 10, .dwell = {}})
        .state("lost", Stage::lost)
        .transition("member", "lost", Number{0.3})
        .referral("member", "member", rate)
        .segment(segment("all", 1 - share))
        .segment(segment("guests", share))
        .arrivals("member", once(100), {.mix = {{{"guests", 1.0}}}});
    const ExactValue value = value_of(builder);
    CHECK_THAT(value.segments[1].arrivals.value_each.value(),
               close_to(value.segments[1].states[0].clv_with_referrals.value()));
    return value.segments[1].states[0].clv_with_referrals.value();
  };
  const double yearly = 0.7 + 0.2;
  CHECK_THAT(worth_of_member(0), close_to(10 * (1 - std::pow(yearly, 6)) / (1 - yearly)));
  CHECK_THAT(worth_of_member(0.5), close_to(10 * (1 - std::pow(yearly, 6)) / (1 - yearly)));
}

TEST_CASE("Segments: a lever for some of them is spent on these alone and moves these alone") {
  Lever lounge;
  lounge.name = "lounge";
  lounge.while_in = {"member"};
  LeverEffect sojourns, earns;
  sojourns.target = TransitionTarget{"member", "lost"};
  sojourns.limit = 0.01;
  sojourns.half_spend = 5;
  earns.target = CashFlowTarget{"member"};
  earns.limit = 80;
  earns.half_spend = 10;
  lounge.effects = {sojourns, earns};
  const auto spent = [](const ModelBuilder& builder) { return exact_value(compile(builder.build(), Spending{5})); };
  for (const Horizon& horizon : {Horizon{}, Horizon{14}}) {
    const ExactValue of_loyal = spent(club(horizon, loyal).lever(lounge)), of_fickle = value_of(club(horizon, fickle));
    Lever for_some = lounge;
    for_some.segments = {"loyal"};
    const ExactValue both = spent(
        club(horizon).segment(segment("loyal", 0.35, loyal)).segment(segment("fickle", 0.65, fickle)).lever(for_some));
    for (std::size_t i = 0; i < 3; ++i) {
      check_same(both.segments[0].states[i], of_loyal.states[i]);
      check_same(both.segments[1].states[i], of_fickle.states[i]);
    }
    CHECK(both.investment.total > 0);
    CHECK_THAT(both.investment.total, close_to(0.35 * of_loyal.investment.total));
    CHECK_THAT(both.business->customer_equity,
               close_to(0.35 * of_loyal.business->customer_equity + 0.65 * of_fickle.business->customer_equity));
  }
}

TEST_CASE("Segments: those who are brought belong to the segment of who brought them") {
  // 0.5 each a period: 1 + 0.5 + 0.25 people within three periods, of 1 or of 100
  ModelBuilder builder{"Two", Period::year, 3, annual_rate(0)};
  Segment others = segment("others", 0.5);
  others.states = {{"new", Number{100.0}}};
  builder.state("new", Stage::servicing, {.cash_flow = 1})
      .state("lost", Stage::lost)
      .transition("new", "lost", Number{1.0})
      .referral("new", "new", Number{0.5})
      .arrivals("new", once(10))
      .segment(segment("ones", 0.5))
      .segment(others);
  const ExactValue value = value_of(builder);
  CHECK_THAT(value.segments[0].states[0].clv_with_referrals.value(), close_to(1.75));
  CHECK_THAT(value.segments[1].states[0].clv_with_referrals.value(), close_to(175));
  CHECK_THAT(value.business->customer_equity, close_to(5 * 1.75 + 5 * 175));
}

Number varying(double mean, double sd, DistributionKind kind) {
  Number number{mean};
  number.varies = Distribution{kind, StandardDeviation{sd}};
  return number;
}

ModelBuilder always(Number cash_flow, Horizon horizon, double rate, CashFlowTiming timing) {
  ModelBuilder builder{"Always", Period::year, horizon, annual_rate(rate)};
  builder.cash_flow_timing(timing).state("member", Stage::servicing, {.cash_flow = std::move(cash_flow)});
  return builder;
}

TEST_CASE("Events: k periods of an amount that varies have its discounted variance and third moment") {
  struct Case {
    DistributionKind kind;
    double mean, sd, skewness;
  };
  const double v = 0.3;
  for (const Case& law : {Case{DistributionKind::gamma, 100, 30, 2 * v},
                          {DistributionKind::gamma, -100, 30, -2 * v},
                          {DistributionKind::normal, 100, 30, 0},
                          {DistributionKind::uniform, 100, 30, 0},
                          {DistributionKind::lognormal, 100, 30, v * v * v + 3 * v},
                          {DistributionKind::lognormal, -100, 30, -(v * v * v + 3 * v)}}) {
    for (const CashFlowTiming timing : {CashFlowTiming::start, CashFlowTiming::middle, CashFlowTiming::end}) {
      for (const Horizon& horizon : {Horizon{1}, Horizon{5}, Horizon{}}) {
        INFO(name_of(law.kind) << " of mean " << law.mean << ", " << horizon.value_or(-1) << " periods");
        const double d = 1 / 1.21;
        const double within = timing == CashFlowTiming::start ? 1 : timing == CashFlowTiming::middle ? 1 / 1.1 : d;
        const auto annuity = [&](double x) { return horizon ? (1 - std::pow(x, *horizon)) / (1 - x) : 1 / (1 - x); };
        const StateValue value = value_of(always(varying(law.mean, law.sd, law.kind), horizon, 0.21, timing)).states[0];
        CHECK_THAT(value.clv.value(), close_to(within * law.mean * annuity(d)));
        CHECK_THAT(value.clv_sd.value(), close_to(within * law.sd * std::sqrt(annuity(d * d))));
        const double skewness = law.skewness * annuity(d * d * d) / std::pow(annuity(d * d), 1.5);
        CHECK_THAT(value.clv_skewness.value(), close_to_on_scale(skewness, 1));
      }
    }
  }
}

TEST_CASE("Events: a transition's amount varies when it happens, beside the luck of whether it does") {
  // brings Y with probability p at the end of the period: variance d²(p sd² + p(1 - p) m²), and the third moment
  ModelBuilder builder{"Once", Period::year, 1, annual_rate(0.25)};
  builder.state("prospect", Stage::acquisition)
      .state("member", Stage::servicing)
      .transition("prospect", "member", Number{0.3}, {.cash_flow = varying(50, 20, DistributionKind::gamma)});
  const StateValue value = value_of(builder).states[0];
  const double d = 0.8, p = 0.3, m = 50, variance_y = 400, third_y = 2 * 0.4 * 8000;
  const double variance = p * variance_y + p * (1 - p) * m * m;
  const double up = m - p * m, down = -p * m;
  const double third = p * (third_y + 3 * up * variance_y + up * up * up) + (1 - p) * down * down * down;
  CHECK_THAT(value.clv.value(), close_to(d * p * m));
  CHECK_THAT(value.clv_sd.value(), close_to(d * std::sqrt(variance)));
  CHECK_THAT(value.clv_skewness.value(), close_to(third / std::pow(variance, 1.5)));
}

TEST_CASE("Events: as an amount grows its spread grows with it, and a lever shifts it without") {
  Number growing_amount = varying(100, 30, DistributionKind::gamma);
  growing_amount.growth = 0.1;
  const StateValue grown = value_of(always(growing_amount, 4, 0, CashFlowTiming::start)).states[0];
  double variance = 0, third = 0;
  for (int t = 0; t < 4; ++t) {
    const double sd = 30 * std::pow(1.1, t);
    variance += sd * sd;
    third += 0.6 * sd * sd * sd;
  }
  CHECK_THAT(grown.clv_sd.value(), close_to(std::sqrt(variance)));
  CHECK_THAT(grown.clv_skewness.value(), close_to(third / std::pow(variance, 1.5)));
  Lever lounge;
  lounge.name = "lounge";
  lounge.while_in = {"member"};
  LeverEffect effect;
  effect.target = CashFlowTarget{"member"};
  effect.limit = 200;
  effect.half_spend = 10;
  lounge.effects = {effect};
  const Model model =
      always(varying(100, 30, DistributionKind::gamma), 4, 0, CashFlowTiming::start).lever(lounge).build();
  const StateValue shifted = exact_value(compile(model, Spending{10})).states[0];
  CHECK_THAT(shifted.clv.value(), close_to(4 * (150 - 10)));
  CHECK_THAT(shifted.clv_sd.value(), close_to(2 * 30));
  CHECK_THAT(shifted.clv_skewness.value(), close_to(0.6 / 2));
}

TEST_CASE("Events: a market's factor multiplies an amount with its spread") {
  Environment market;
  market.states = {"war"};
  market.start = "war";
  market.matrix = {{1}};
  market.effects = {{"war", MarketMovesCashFlow{"member", 0.5}}};
  const StateValue value =
      value_of(always(varying(100, 30, DistributionKind::gamma), 3, 0, CashFlowTiming::start).environment(market))
          .states[0];
  CHECK_THAT(value.clv.value(), close_to(150));
  CHECK_THAT(value.clv_sd.value(), close_to(15 * std::sqrt(3.0)));
  CHECK_THAT(value.clv_skewness.value(), close_to(0.6 / std::sqrt(3.0)));
}

TEST_CASE("Events: without discounting, an amount about 0 that varies for ever has no finite spread") {
  ModelBuilder builder = always(varying(0, 5, DistributionKind::normal), infinite_horizon, 0, CashFlowTiming::start);
  bool is_finite = true;
  try {
    is_finite = value_of(builder).states[0].clv_sd.has_value();
  } catch (const DivergentError&) {
    is_finite = false;
  }
  CHECK_FALSE(is_finite);
}

}  // namespace tenure::test::segments_of_people
