// States that last by a law of their own, where a pencil suffices.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::dwell_times {

/// Someone has just bought, keeps the thing for its life and buys the next one with some probability; each purchase
/// after the first brings 1 when it is made.
Model repurchase(Dwell life, double again, double rate, Horizon horizon) {
  return ModelBuilder{"Cars", Period::year, horizon, annual_rate(rate)}
      .state("one", Stage::servicing, {.dwell = life})
      .state("other", Stage::servicing, {.dwell = life})
      .state("gone", Stage::lost)
      .transition("one", "other", Number{again}, {.cash_flow = 1})
      .transition("one", "gone", rest)
      .transition("other", "one", Number{again}, {.cash_flow = 1})
      .transition("other", "gone", rest)
      .build();
}

StateValue first_state(const Model& model) { return exact_value(compile(model, Spending{})).states.front(); }

TEST_CASE("Dwell: a purchase every L periods with repurchase ρ is worth 1/(1 - ρ d^L) with the first") {
  for (const double periods : {1.0, 2.0, 6.0, 40.0}) {
    for (const double again : {0.1, 0.48, 0.9, 1.0}) {
      for (const double rate : {0.02, 0.08, 0.3}) {
        INFO(periods << " periods, again " << again << ", rate " << rate);
        const double multiple = 1 / (1 - again * std::pow(1 + rate, -periods));
        CHECK_THAT(1 + first_state(repurchase(FixedDwell{periods}, again, rate, infinite_horizon)).clv.value(),
                   close_to(multiple));
      }
      // what purchases beyond 400 periods would bring is below 1.3^-400
      CHECK_THAT(1 + first_state(repurchase(FixedDwell{periods}, again, 0.3, 400)).clv.value(),
                 close_to(1 / (1 - again * std::pow(1.3, -periods))));
    }
  }
}

TEST_CASE("Dwell: Reichheld's car, bought every six years at 8 percent") {
  CHECK_THAT(1 + first_state(repurchase(FixedDwell{6}, 0.48, 0.08, infinite_horizon)).clv.value(),
             prints_as(1.43365, 5));
  CHECK_THAT(1 + first_state(repurchase(FixedDwell{6}, 0.53, 0.08, infinite_horizon)).clv.value(),
             prints_as(1.50148, 5));
  CHECK_THAT(1 + first_state(repurchase(FixedDwell{6}, 0.48, 0.08, 600)).clv.value(), prints_as(1.43365, 5));
}

TEST_CASE("Dwell: the number of purchases decides the spread of a fixed life's value") {
  // N more purchases with P(N >= n) = ρ^n bring d^L (1 - d^(L N))/(1 - d^L) = x (1 - x^N)/(1 - x), x = d^L
  const double again = 0.6, x = std::pow(1.1, -4.0);
  const auto power = [&](double y) { return (1 - again) / (1 - again * y); };  // E y^N
  const double first = power(x), second = power(x * x), third = power(x * x * x);
  const double variance = second - first * first, cubed = third - 3 * first * second + 2 * first * first * first;
  for (const Horizon& horizon : {Horizon{}, Horizon{600}}) {
    const StateValue value = first_state(repurchase(FixedDwell{4}, again, 0.1, horizon));
    CHECK_THAT(value.clv_sd.value(), close_to(x / (1 - x) * std::sqrt(variance), 1e-11));
    CHECK_THAT(value.clv_skewness.value(), close_to(-cubed / std::pow(variance, 1.5), 1e-9));
  }
}

TEST_CASE("Dwell: a certain life of fixed stays has variance exactly 0") {
  for (const Horizon& horizon : {Horizon{}, Horizon{50}}) {
    const StateValue value = first_state(repurchase(FixedDwell{3}, 1, 0.1, horizon));
    CHECK(value.clv_sd.value() == 0);
    CHECK_FALSE(value.clv_skewness.has_value());
  }
}

/// Stays once by a law, earns 1 a period while it lasts, and 10 when it ends.
Model one_stay(Dwell law, double rate, Horizon horizon) {
  return ModelBuilder{"Stay", Period::year, horizon, annual_rate(rate)}
      .state("here", Stage::servicing, {.cash_flow = 1, .dwell = law})
      .state("gone", Stage::lost)
      .transition("here", "gone", rest, {.cash_flow = 10})
      .arrivals("here", once(1000))
      .build();
}

TEST_CASE("Dwell: a stay is worth the sum over how long it lasts") {
  // survival functions in the test's own way
  const double r = 53.0 * 53 / (196 - 53), p = 53.0 / 196;
  std::vector<double> negative_binomial{1};
  double left = 1, mass = std::pow(p, r);
  for (int k = 0; k < 2000; ++k) {
    left -= mass;
    mass *= (1 - p) * (r + k) / (k + 1);
    negative_binomial.push_back(std::max(0.0, left));
  }
  std::vector<double> weibull, table{1};
  for (int k = 0; k <= 2000; ++k) weibull.push_back(std::exp(-std::pow(k / 9.5, 1.7)));
  for (int k = 0; k < 2000; ++k) table.push_back(table.back() * (k == 0 ? 0.9 : k == 1 ? 0.4 : 0.75));
  struct Case {
    Dwell law;
    std::vector<double> left;
  };
  for (const Case& sojourn : {Case{NegativeBinomialDwell{54, 14}, negative_binomial},
                              {WeibullDwell{9.5, 1.7}, weibull},
                              {TableDwell{{0.1, 0.6, 0.25}}, table}}) {
    for (const Horizon& horizon : {Horizon{}, Horizon{1}, Horizon{17}, Horizon{60}, Horizon{1000}}) {
      INFO(name_of(sojourn.law) << ", " << horizon.value_or(-1) << " periods");
      const double d = 1 / 1.07;
      const auto periods = static_cast<std::size_t>(horizon.value_or(1999));
      double value = 0, lasts = 0, square = 0;
      for (std::size_t k = 0; k < periods; ++k) {
        const double ends = sojourn.left[k] - sojourn.left[k + 1];
        value += std::pow(d, k) * (sojourn.left[k] + d * 10 * ends);
        lasts += sojourn.left[k];
        const double of_this_length = (1 - std::pow(d, k + 1)) / (1 - d) + 10 * std::pow(d, k + 1);
        square += ends * of_this_length * of_this_length;
      }
      const double of_all = (1 - std::pow(d, periods)) / (1 - d);
      square += sojourn.left[periods] * of_all * of_all;
      const ExactValue exact = exact_value(compile(one_stay(sojourn.law, 0.07, horizon), Spending{}));
      const StateValue& here = exact.states.front();
      CHECK_THAT(here.clv.value(), close_to(value, 1e-11));
      CHECK_THAT(here.expected_periods_as_customer.value(), close_to(lasts, 1e-10));
      CHECK_THAT(here.clv_sd.value(), close_to_on_scale(std::sqrt(std::max(0.0, square - value * value)), 20, 1e-7));
      CHECK_THAT(exact.business->customer_equity, close_to(1000 * value, 1e-11));
      if (!horizon) continue;
      for (std::size_t t = 0; t < periods; t += 7) {
        CHECK_THAT(exact.business->trace->people[0][t], close_to_on_scale(1000 * sojourn.left[t], 1000, 1e-11));
      }
    }
  }
}

TEST_CASE(
    "Dwell: a negative binomial stay lasts as long on average as it says, a Weibull one the sum of its survival") {
  CHECK_THAT(
      first_state(one_stay(NegativeBinomialDwell{54, 14}, 0.05, infinite_horizon)).expected_periods_as_customer.value(),
      close_to(54, 1e-11));
  CHECK_THAT(first_state(one_stay(FixedDwell{7}, 0.05, infinite_horizon)).expected_periods_as_customer.value(),
             close_to(7));
}

TEST_CASE("Dwell: a constant hazard is a transition of that probability, geometric") {
  const Model by_dwell = one_stay(TableDwell{{0.2}}, 0.07, 30);
  const Model by_transition = ModelBuilder{"Stay", Period::year, 30, annual_rate(0.07)}
                                  .state("here", Stage::servicing, {.cash_flow = 1})
                                  .state("gone", Stage::lost)
                                  .transition("here", "gone", Number{0.2}, {.cash_flow = 10})
                                  .arrivals("here", once(1000))
                                  .build();
  const ExactValue a = exact_value(compile(by_dwell, Spending{})), b = exact_value(compile(by_transition, Spending{}));
  CHECK_THAT(a.states[0].clv.value(), close_to(b.states[0].clv.value()));
  CHECK_THAT(a.states[0].clv_sd.value(), close_to(b.states[0].clv_sd.value()));
  CHECK_THAT(a.states[0].clv_skewness.value(), close_to(b.states[0].clv_skewness.value(), 1e-11));
  CHECK_THAT(a.business->retention_rate.value(), close_to(b.business->retention_rate.value()));
}

TEST_CASE("Dwell: a lever's factor m turns the hazard h into 1 - (1 - h)^m, and works on those who are in the middle") {
  Lever loaner;
  loaner.name = "loaner";
  loaner.while_in = {"here"};
  loaner.from = 2;
  loaner.until = 5;
  LeverEffect shortens;
  shortens.target = DwellTarget{"here"};
  shortens.limit = 3;
  shortens.half_spend = 10;
  loaner.effects = {shortens};
  const Model model = ModelBuilder{"Stay", Period::year, 12, annual_rate(0)}
                          .state("here", Stage::servicing, {.dwell = WeibullDwell{6, 2}})
                          .state("gone", Stage::lost)
                          .transition("here", "gone", rest)
                          .arrivals("here", once(1))
                          .lever(loaner)
                          .build();
  // spent 10: half of the way from 1 to 3
  const Trace trace = *exact_value(compile(model, Spending{10.0})).business->trace;
  double left = 1;
  for (int t = 0; t < 12; ++t) {
    CHECK_THAT(trace.people[0][static_cast<std::size_t>(t)], close_to(left, 1e-12));
    const double sojourns = std::exp(std::pow(t / 6.0, 2) - std::pow((t + 1) / 6.0, 2));
    left *= t >= 2 && t < 5 ? sojourns * sojourns : sojourns;
  }
}

TEST_CASE("Dwell: who comes back is new again") {
  // on for exactly 3 periods, off for exactly 2: known for every period
  const Model model = ModelBuilder{"Blinking", Period::month, 23, annual_rate(0)}
                          .state("on", Stage::servicing, {.cash_flow = 1, .dwell = FixedDwell{3}})
                          .state("off", Stage::dormant, {.dwell = FixedDwell{2}})
                          .transition("on", "off", rest)
                          .transition("off", "on", rest)
                          .arrivals("on", once(10))
                          .arrivals("off", once(1), {.from = 4})
                          .build();
  const ExactValue exact = exact_value(compile(model, Spending{}));
  for (std::size_t t = 0; t < 23; ++t) {
    const double first = t % 5 < 3 ? 10 : 0;
    const double second = t >= 4 && (t - 4) % 5 >= 2 ? 1 : 0;
    CHECK(exact.business->trace->people[0][t] == first + second);
  }
  CHECK(exact.states[0].clv.value() == 15);  // 0-2, 5-7, 10-12, 15-17, 20-22
  CHECK(exact.states[1].clv.value() == 13);  // 2-4, 7-9, 12-14, 17-19, 22
  CHECK(exact.business->acquired.value() == 11);
}

TEST_CASE("Dwell: people who are brought begin a stay of their own, and bring while they last") {
  // 3 periods each, 0.2 brought in each of them: generations of mean 0.6 once everything counts
  ModelBuilder builder{"Bringing", Period::month, infinite_horizon, annual_rate(0)};
  builder.state("here", Stage::servicing, {.cash_flow = 1, .dwell = FixedDwell{3}})
      .state("gone", Stage::lost)
      .transition("here", "gone", rest)
      .referral("here", "here", Number{0.2});
  const StateValue value = first_state(builder.build());
  CHECK_THAT(value.clv.value(), close_to(3));
  CHECK_THAT(value.clv_with_referrals.value(), close_to(3 / (1 - 0.6)));
}

TEST_CASE("Dwell: Poisson referrals of mean 0.4 make a family of 1/(1 - 0.4) people") {
  ModelBuilder builder{"Family", Period::month, infinite_horizon, annual_rate(0)};
  builder.state("new", Stage::servicing, {.cash_flow = 1, .dwell = FixedDwell{1}})
      .state("gone", Stage::lost)
      .transition("new", "gone", rest)
      .referral("new", "new", Number{0.4})
      .arrivals("new", once(1));
  const ExactValue value = exact_value(compile(builder.build(), Spending{}));
  CHECK_THAT(value.states[0].clv_with_referrals.value(), prints_as(1.66667, 5));
  CHECK_THAT(value.business->acquired.value(), close_to(1 / 0.6));
}

}  // namespace tenure::test::dwell_times
