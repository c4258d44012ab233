// The exact engine on chains with everything at once (ages, a market, types of people, varying events, referrals,
// spend) against all courses of the market, one after the other, and against the same chain with ages and regimes as
// states.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "support/whole_chain.hpp"
#include "tenure/chain/detail/unrolled.hpp"
#include "tenure/engine/exact.hpp"

namespace tenure::test::whole_models {

using namespace tenure::detail;

void check_life(const StateValue& seen, const LifeMoments& truth, double scale) {
  CHECK_THAT(seen.clv.value(), close_to_on_scale(static_cast<double>(truth.mean), scale));
  CHECK_THAT(seen.clv_sd.value(), close_to_on_scale(static_cast<double>(std::sqrt(truth.variance)), scale, 1e-11));
  CHECK_THAT(seen.clv_with_referrals.value(), close_to_on_scale(static_cast<double>(truth.tree), scale));
  CHECK_THAT(seen.expected_periods_as_customer.value(),
             close_to_on_scale(static_cast<double>(truth.customer_periods), 1));
  if (truth.variance > 1) {
    const auto skewness = static_cast<double>(truth.third / (truth.variance * std::sqrt(truth.variance)));
    CHECK_THAT(seen.clv_skewness.value(), close_to_on_scale(skewness, 1, 1e-8));
  }
}

TEST_CASE("Whole models: values, moments and accounts are those of all courses of the market together") {
  Mixing mixing{2024};
  std::size_t with_referrals = 0;
  for (int round = 0; round < 200; ++round) {
    const WholeOptions options{.states = 2 + mixing.below(3),
                               .types = 1 + mixing.below(4),
                               .regimes = 1 + mixing.below(3),
                               .dwells = mixing.chance(0.8),
                               .events = mixing.chance(0.8),
                               .referrals = mixing.chance(0.6),
                               .horizon = static_cast<std::int64_t>(1 + mixing.below(5))};
    const Chain chain = whole_chain(mixing, options);
    INFO("round " << round << ": " << options.states << " states, " << options.types << " kinds, " << options.regimes
                  << " regimes, " << *options.horizon << " periods");
    const ExactValue value = exact_value(chain);
    const std::vector<LifeMoments> lives = true_lives(chain);
    for (std::size_t i = 0; i < options.states; ++i) {
      check_life(value.states[i], over_types(chain, lives, i, [](std::size_t) { return true; }), 1000);
      for (std::size_t s = 0; s < chain.segments(); ++s) {
        const auto in_segment = [&](std::size_t k) { return chain.types[k].segment == s; };
        check_life(value.segments[s].states[i], over_types(chain, lives, i, in_segment), 1000);
      }
    }
    const BusinessTruth truth = true_business(chain);
    const BusinessValue& business = value.business.value();
    CHECK_THAT(business.customer_equity, close_to_on_scale(static_cast<double>(truth.equity), 1e6));
    CHECK_THAT(business.acquired.value(), close_to_on_scale(static_cast<double>(truth.acquired), 1e3));
    if (truth.acquired > 1) {
      CHECK_THAT(business.acquisition_cost.value(),
                 close_to_on_scale(static_cast<double>(truth.acquisition_spend / truth.acquired), 1e3));
    }
    CHECK_THAT(value.investment.total, close_to_on_scale(static_cast<double>(truth.investment), 1e5));
    CHECK(business.retention_rate.has_value() == (truth.customers > 0));
    if (truth.customers > 0)
      CHECK_THAT(business.retention_rate.value(), close_to(static_cast<double>(truth.stayers / truth.customers)));
    double by_channel = 0;
    for (const ChannelValue& channel : business.channels) by_channel += channel.customer_equity;
    double by_segment = 0;
    for (std::size_t s = 0; s < chain.segments(); ++s) {
      CHECK_THAT(value.segments[s].arrivals.customer_equity,
                 close_to_on_scale(static_cast<double>(truth.equity_of_segment[s]), 1e6));
      by_segment += value.segments[s].arrivals.customer_equity;
    }
    CHECK_THAT(by_channel, close_to_on_scale(by_segment, 1e6));
    const Trace& trace = business.trace.value();
    double net = 0;
    for (std::size_t t = 0; t < truth.people.size(); ++t) {
      CHECK_THAT(trace.cash_flow[t], close_to_on_scale(static_cast<double>(truth.cash_flow[t]), 1e6));
      net += trace.discounted_cash_flow[t];
      for (std::size_t i = 0; i < options.states; ++i) {
        long double people = 0;
        for (std::size_t j = i; j < chain.states(); j += options.states) people += truth.people[t][j];
        CHECK_THAT(trace.people[i][t], close_to_on_scale(static_cast<double>(people), 1e3));
      }
    }
    CHECK_THAT(net, close_to_on_scale(static_cast<double>(truth.equity), 1e6));
    with_referrals += chain.has_referrals() ? 1U : 0U;
  }
  CHECK(with_referrals > 50);
}

void check_same(const StateValue& a, const StateValue& b) {
  CHECK_THAT(a.clv.value(), close_to_on_scale(b.clv.value(), 1000, 1e-12));
  CHECK_THAT(a.clv_sd.value(), close_to_on_scale(b.clv_sd.value(), 1000, 1e-11));
  CHECK_THAT(a.clv_with_referrals.value(), close_to_on_scale(b.clv_with_referrals.value(), 1000, 1e-12));
  CHECK(a.clv_skewness.has_value() == b.clv_skewness.has_value());
  if (a.clv_skewness && *a.clv_sd > 1) CHECK_THAT(*a.clv_skewness, close_to_on_scale(*b.clv_skewness, 1, 1e-8));
  CHECK(a.expected_periods_as_customer.has_value() == b.expected_periods_as_customer.has_value());
  if (a.expected_periods_as_customer)
    CHECK_THAT(*a.expected_periods_as_customer, close_to(*b.expected_periods_as_customer, 1e-10));
}

void check_same_business(const BusinessValue& a, const BusinessValue& b) {
  CHECK_THAT(a.customer_equity, close_to_on_scale(b.customer_equity, 1e6));
  CHECK(a.acquired.has_value() == b.acquired.has_value());
  if (a.acquired) CHECK_THAT(*a.acquired, close_to(*b.acquired, 1e-10));
  CHECK(a.acquisition_cost.has_value() == b.acquisition_cost.has_value());
  if (a.acquisition_cost) CHECK_THAT(*a.acquisition_cost, close_to_on_scale(*b.acquisition_cost, 1e3, 1e-11));
  CHECK(a.retention_rate.has_value() == b.retention_rate.has_value());
  if (a.retention_rate) CHECK_THAT(*a.retention_rate, close_to(*b.retention_rate, 1e-10));
}

TEST_CASE("Whole models: a chain is worth what it is worth with ages and regimes as states") {
  Mixing mixing{7};
  for (int round = 0; round < 200; ++round) {
    const bool endless = round % 2 == 1;
    WholeOptions options{.states = 2 + mixing.below(3),
                         .types = 1 + mixing.below(3),
                         .regimes = 1 + mixing.below(3),
                         .dwells = mixing.chance(0.8),
                         .events = mixing.chance(0.8),
                         .referrals = mixing.chance(0.6)};
    options.horizon = endless ? infinite_horizon : Horizon{static_cast<std::int64_t>(mixing.below(30))};
    const Chain chain = whole_chain(mixing, options);
    INFO("round " << round << (endless ? ", for ever" : ""));
    const Chain plain = unrolled(chain);
    CHECK(is_plain(plain));
    const ExactValue value = exact_value(chain);
    const ExactValue states = exact_value(plain);
    // by state of the first kind alone, the others' places follow those of the first
    const tenure::detail::UnrolledPlaces places{chain};
    if (options.types == 1) {
      for (std::size_t i = 0; i < chain.states(); ++i)
        check_same(value.states[i], states.states[places.entry(i, chain.market.start)]);
    }
    check_same_business(value.business.value(), states.business.value());
    CHECK_THAT(value.investment.total, close_to_on_scale(states.investment.total, 1e5));
    if (endless) continue;
    const Trace& trace = *value.business->trace;
    for (std::size_t t = 0; t < trace.cash_flow.size(); ++t) {
      std::vector<double> people(options.states);
      std::size_t place = 0;
      places.for_each([&](StateIndex state, std::size_t, std::size_t) {
        if (place < states.business->trace->people.size())
          people[state % options.states] += states.business->trace->people[place][t];
        ++place;
      });
      for (std::size_t i = 0; i < options.states; ++i)
        CHECK_THAT(trace.people[i][t], close_to_on_scale(people[i], 1e3));
      CHECK_THAT(trace.cash_flow[t], close_to_on_scale(states.business->trace->cash_flow[t], 1e6));
      CHECK_THAT(trace.discounted_cash_flow[t],
                 close_to_on_scale(states.business->trace->discounted_cash_flow[t], 1e6));
    }
  }
}

TEST_CASE("Whole models: for ever is what a very long horizon comes to") {
  Mixing mixing{99};
  for (int round = 0; round < 100; ++round) {
    WholeOptions options{.states = 2 + mixing.below(2),
                         .types = 1 + mixing.below(3),
                         .regimes = 1 + mixing.below(3),
                         .dwells = mixing.chance(0.8),
                         .events = mixing.chance(0.8),
                         .referrals = mixing.chance(0.6),
                         .horizon = infinite_horizon};
    Chain chain = whole_chain(mixing, options);
    INFO("round " << round);
    const ExactValue for_ever = exact_value(chain);
    chain.horizon = 300;  // 0.8^300 is 1e-29
    const ExactValue long_time = exact_value(chain);
    const auto compare = [](const StateValue& a, const StateValue& b) {
      CHECK_THAT(a.clv.value(), close_to_on_scale(b.clv.value(), 1000, 1e-12));
      CHECK_THAT(a.clv_sd.value(), close_to_on_scale(b.clv_sd.value(), 1000, 1e-11));
      CHECK_THAT(a.clv_with_referrals.value(), close_to_on_scale(b.clv_with_referrals.value(), 1000, 1e-12));
      if (a.clv_skewness && *a.clv_sd > 1) CHECK_THAT(*a.clv_skewness, close_to_on_scale(*b.clv_skewness, 1, 1e-8));
    };
    for (std::size_t i = 0; i < options.states; ++i) {
      compare(for_ever.states[i], long_time.states[i]);
      for (std::size_t s = 0; s < chain.segments(); ++s)
        compare(for_ever.segments[s].states[i], long_time.segments[s].states[i]);
    }
    for (std::size_t s = 0; s < chain.segments(); ++s) {
      CHECK_THAT(for_ever.segments[s].arrivals.customer_equity,
                 close_to_on_scale(long_time.segments[s].arrivals.customer_equity, 1e5));
      CHECK_THAT(for_ever.segments[s].arrivals.people, close_to_on_scale(long_time.segments[s].arrivals.people, 1e3));
    }
    CHECK_THAT(for_ever.business->customer_equity, close_to_on_scale(long_time.business->customer_equity, 1e6));
    CHECK_THAT(for_ever.investment.total, close_to_on_scale(long_time.investment.total, 1e5));
  }
}

}  // namespace tenure::test::whole_models
