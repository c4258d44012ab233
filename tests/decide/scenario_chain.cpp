// People who differ: each has a number of their own for life. Against the integrals that their values are, in closed
// form or by Simpson's rule.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "support/problems.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::people_who_differ {

Number differing(double mean, Distribution law) {
  Number number{mean};
  number.differs = law;
  return number;
}
Number by_schedule_of(std::vector<double> values) {
  Number number{values.front()};
  number.schedule = std::move(values);
  return number;
}
Number beta(double alpha, double beta) {
  return differing(alpha / (alpha + beta), {DistributionKind::beta, BetaParameters{alpha, beta}});
}

/// E f of a beta law with parameters of at least 1, by Simpson's rule.
double expected(double alpha, double beta, const std::function<double(double)>& f,
                const std::vector<double>& kinks = {}, int steps = 20'000) {
  const double scale = std::lgamma(alpha + beta) - std::lgamma(alpha) - std::lgamma(beta);
  const auto at = [&](double x) {
    if (x <= 0) return alpha == 1 ? std::exp(scale) * f(0) : 0;
    if (x >= 1) return beta == 1 ? std::exp(scale) * f(1) : 0;
    return std::exp(scale + (alpha - 1) * std::log(x) + (beta - 1) * std::log1p(-x)) * f(x);
  };
  double total = 0, from = 0;
  std::vector<double> ends = kinks;
  ends.push_back(1);
  for (const double to : ends) {
    const double h = (to - from) / steps;
    double sum = at(from) + at(to);
    for (int k = 1; k < steps; ++k) sum += (k % 2 ? 4 : 2) * at(from + k * h);
    total += sum * h / 3;
    from = to;
  }
  return total;
}

/// Leaves with a probability of their own.
Model subscribers(Number leaving, Horizon horizon, double rate) {
  return ModelBuilder{"Subscribers", Period::year, horizon, annual_rate(rate)}
      .state("subscriber", Stage::servicing, {.cash_flow = 1})
      .state("lost", Stage::lost)
      .transition("subscriber", "lost", std::move(leaving))
      .arrivals("subscriber", once(1000))
      .build();
}

const ExactValue& only(const Valuation& valuation) { return valuation.scenarios.front().value; }

TEST_CASE("Differs: Fader and Hardie's subscribers, whose chances to leave follow a beta law") {
  for (const Horizon& horizon : {Horizon{}, Horizon{400}}) {
    const Valuation valuation = value(subscribers(beta(.764, 1.296), horizon, .1));
    CHECK_THAT(only(valuation).states[0].clv.value(), prints_as(3.62019, 5));
    CHECK_THAT(only(valuation).business->customer_equity, prints_as(3620.19, 2));
    CHECK(valuation.scenarios[0].quadrature_error < 1e-9);
  }
}

TEST_CASE("Differs: those who are left are the products of the beta-geometric law, year by year") {
  struct Case {
    double alpha, beta;
  };
  for (const auto& [alpha, b] : {Case{.764, 1.296}, {.6681, 3.8061}, {.1, .1}, {20, 60}}) {
    const Valuation valuation = value(subscribers(beta(alpha, b), 30, .1));
    double left = 1000, clv = 0, lasts = 0, square = 0;
    for (std::size_t n = 0; n < 30; ++n) {
      CHECK_THAT(only(valuation).business->trace->people[0][n], close_to(left, 1e-11));
      const auto t = static_cast<double>(n);
      clv += std::pow(1.1, -t) * left / 1000;
      lasts += left / 1000;
      const double leave = n == 29 ? 1 : (alpha + 0) / (alpha + b + t),
                   worth = (1 - std::pow(1.1, -t - 1)) / (1 - 1 / 1.1);
      square += left / 1000 * leave * worth * worth;
      left *= (b + t) / (alpha + b + t);
    }
    CHECK_THAT(only(valuation).states[0].clv.value(), close_to(clv, 1e-11));
    CHECK_THAT(only(valuation).states[0].expected_periods_as_customer.value(), close_to(lasts, 1e-11));
    CHECK_THAT(only(valuation).states[0].clv_sd.value(), close_to(std::sqrt(square - clv * clv), 1e-9));
  }
}

TEST_CASE("Differs: for ever, a value is the integral of that of each") {
  struct Case {
    double alpha, beta;
  };
  for (const auto& [alpha, b] : {Case{2, 5}, {1, 3}, {40, 200}}) {
    const Valuation valuation = value(subscribers(beta(alpha, b), infinite_horizon, .1));
    const double d = 1 / 1.1;
    const double clv = expected(alpha, b, [&](double p) { return 1 / (1 - d * (1 - p)); });
    // a life of N periods is worth (1 - d^N)/(1 - d), E d^(2N) = d² p/(1 - d²(1 - p))
    const auto power = [&](double x) {
      return expected(alpha, b, [&](double p) { return x * p / (1 - x * (1 - p)); });
    };
    CHECK_THAT(only(valuation).states[0].clv.value(), close_to(clv, 1e-9));
    CHECK_THAT(only(valuation).states[0].clv_sd.value(),
               close_to(std::sqrt(power(d * d) - power(d) * power(d)) / (1 - d), 1e-7));
  }
  // E[1/p] = (a + b - 1)/(a - 1)
  CHECK_THAT(
      only(value(subscribers(beta(40, 200), infinite_horizon, .1))).states[0].expected_periods_as_customer.value(),
      close_to(239.0 / 39, 1e-11));
}

TEST_CASE("Differs: in a row that would sum to more than 1, it is rescaled") {
  // 0.35 to one, a probability of their own to the other, worth 1 at the end of the only period
  struct Case {
    double alpha, beta;
  };
  for (const auto& [alpha, b] : {Case{2, 2}, {5, 3}, {1, 1}, {60, 40}, {650, 350}, {3000, 1615}}) {
    INFO("beta(" << alpha << ", " << b << ")");
    const Model model = ModelBuilder{"Rescaled", Period::year, 1, annual_rate(0)}
                            .state("here", Stage::servicing)
                            .state("one", Stage::servicing)
                            .state("other", Stage::servicing)
                            .transition("here", "one", Number{0.34})
                            .transition("here", "other", beta(alpha, b), {.cash_flow = 1})
                            .build();
    const double mean = expected(alpha, b, [](double p) { return p <= 0.66 ? p : p / (0.34 + p); }, {0.66});
    const Valuation valuation = value(model);
    CHECK_THAT(only(valuation).states[0].clv.value(), close_to(mean, 1e-10));
    CHECK(valuation.scenarios[0].quadrature_error < 1e-9);
  }
}

TEST_CASE("Differs: where a row changes with time, so does the probability from which on it is rescaled") {
  // one leaves to the other state, worth 1 then, with a probability of their own; some leave to one first
  const auto value_of = [](double p, const std::vector<double>& ones, double growth) {
    double there = 1, worth = 0;
    for (const double one : ones) {
      const double sum = one + p;
      worth += there * p / std::max(1.0, sum);
      there *= std::max(0.0, 1 - sum);
      p *= growth;
    }
    return worth;
  };
  const auto valued = [](Number to_one, Number to_other) {
    const Model model = ModelBuilder{"Rescaled", Period::year, 4, annual_rate(0)}
                            .state("here", Stage::servicing)
                            .state("one", Stage::servicing)
                            .state("other", Stage::servicing)
                            .transition("here", "one", std::move(to_one))
                            .transition("here", "other", std::move(to_other), {.cash_flow = 1})
                            .build();
    const Valuation valuation = value(model);
    CHECK(valuation.scenarios[0].quadrature_error < 1e-11);
    return only(valuation).states[0].clv.value();
  };
  const std::vector<double> schedule{0.2, 0.35, 0.5, 0.5};
  const auto scheduled = [&](double p) { return value_of(p, schedule, 1); };
  CHECK_THAT(valued(by_schedule_of(schedule), beta(2, 2)),
             close_to(expected(2, 2, scheduled, {0.5, 0.65, 0.8}), 1e-11));
  Number own = beta(2, 6);
  own.growth = 0.3;
  const auto grown = [&](double p) { return value_of(p, {0.4, 0.4, 0.4, 0.4}, 1.3); };
  const std::vector<double> kinks{0.6 / 1.3 / 1.3 / 1.3, 0.6 / 1.3 / 1.3, 0.6 / 1.3, 0.6};
  CHECK_THAT(valued(Number{0.4}, own), close_to(expected(2, 6, grown, kinks), 1e-11));
}

TEST_CASE("Differs: a probability known narrowly, beside another, is nearly the mean and never nothing") {
  for (const double sd : {0.05, 0.03, 0.02, 0.01, 0.001}) {
    INFO("sd " << sd);
    const Model model =
        ModelBuilder{"Narrow", Period::year, infinite_horizon, annual_rate(0.1)}
            .state("here", Stage::servicing, {.cash_flow = 1})
            .state("one", Stage::lost)
            .state("other", Stage::lost)
            .transition("here", "one", Number{0.1})
            .transition("here", "other", differing(0.3, {DistributionKind::beta, StandardDeviation{sd}}))
            .build();
    const double total = 0.21 / (sd * sd) - 1, d = 1 / 1.1;
    const double clv =
        expected(0.3 * total, 0.7 * total, [&](double p) { return 1 / (1 - d * std::max(0.0, 0.9 - p)); }, {0.9});
    CHECK_THAT(only(value(model)).states[0].clv.value(), close_to(clv, 1e-8));
  }
}

TEST_CASE("Differs: the uniform law") {
  // E 1/(1 - d(1 - p)) over [0.1, 0.4] = ln((1 - 0.6 d)/(1 - 0.9 d))/(0.3 d)
  const double d = 1 / 1.1;
  const double clv = std::log((1 - 0.6 * d) / (1 - 0.9 * d)) / (0.3 * d);
  const Number leaving = differing(0.25, {DistributionKind::uniform, Range{0.1, 0.4}});
  CHECK_THAT(only(value(subscribers(leaving, infinite_horizon, .1))).states[0].clv.value(), close_to(clv, 1e-11));
}

TEST_CASE("Differs: a cash flow of their own, for life") {
  // earns C in each of N periods: moments of C·A, A the discounted number of periods, independent
  for (const DistributionKind kind :
       {DistributionKind::normal, DistributionKind::gamma, DistributionKind::lognormal, DistributionKind::uniform}) {
    const double mean = 100, sd = 60, v = 0.6;
    const double skewness = kind == DistributionKind::gamma       ? 2 * v
                            : kind == DistributionKind::lognormal ? v * v * v + 3 * v
                                                                  : 0;
    const Model model =
        ModelBuilder{"Own", Period::year, infinite_horizon, annual_rate(0.1)}
            .state("member", Stage::servicing, {.cash_flow = differing(mean, {kind, StandardDeviation{sd}})})
            .state("lost", Stage::lost)
            .transition("member", "lost", Number{0.2})
            .arrivals("member", once(10))
            .build();
    const double d = 1 / 1.1, r = 0.8;
    const double a1 = 1 / (1 - d * r);
    // A = 1 + d B A': E A² = 1 + 2 d r a1 + d² r E A², and so on
    const double a2 = (1 + 2 * d * r * a1) / (1 - d * d * r);
    const double a3 = (1 + 3 * d * r * a1 + 3 * d * d * r * a2) / (1 - d * d * d * r);
    const double c2 = mean * mean + sd * sd, c3 = mean * mean * mean + 3 * mean * sd * sd + skewness * sd * sd * sd;
    const double m1 = mean * a1, m2 = c2 * a2, m3 = c3 * a3;
    const double variance = m2 - m1 * m1;
    const StateValue member = only(value(model)).states[0];
    CHECK_THAT(member.clv.value(), close_to(m1));
    CHECK_THAT(member.clv_sd.value(), close_to(std::sqrt(variance)));
    CHECK_THAT(member.clv_skewness.value(),
               close_to((m3 - 3 * m1 * m2 + 2 * m1 * m1 * m1) / std::pow(variance, 1.5), 1e-11));
  }
}

TEST_CASE("Differs: whoever is brought has numbers of their own, and not those of who brought them") {
  // leaves with own p, brings 0.3 a period: W = E[A](1 + 0.3 d W), A the discounted number of periods
  const double d = 1 / 1.1;
  const Model model =
      ModelBuilder{"Bring", Period::year, infinite_horizon, annual_rate(0.1)}
          .state("member", Stage::servicing, {.cash_flow = 1})
          .state("lost", Stage::lost)
          .transition("member", "lost", beta(8, 5))
          .referral("member", "member", differing(0.3, {DistributionKind::gamma, StandardDeviation{0.2}}))
          .build();
  const double periods = expected(8, 5, [&](double p) { return 1 / (1 - d * (1 - p)); });
  CHECK_THAT(only(value(model)).states[0].clv_with_referrals.value(),
             close_to(periods / (1 - periods * 0.3 * d), 1e-9));
}

TEST_CASE("Differs: two probabilities at once, and one of a segment alone") {
  const auto leaving = [](Number first, Number second) {
    return ModelBuilder{"Two", Period::year, 3, annual_rate(0)}
        .state("a", Stage::servicing, {.cash_flow = 1})
        .state("b", Stage::servicing, {.cash_flow = 10})
        .state("lost", Stage::lost)
        .transition("a", "b", std::move(first))
        .transition("b", "lost", std::move(second));
  };
  // three periods: a; b with p; after that b again with (1 - p) p + p (1 - q)
  const auto worth = [](double p, double p2, double q) {
    return 1 + (1 - p) + 10 * p + (1 - 2 * p + p2) + 10 * (p - p2 + p * (1 - q));
  };
  const double p2 = 0.4 * (2.0 + 1) / (5 + 1);
  CHECK_THAT(only(value(leaving(beta(2, 3), beta(3, 1)).build())).states[0].clv.value(),
             close_to(worth(0.4, p2, 0.75)));
  Segment some;
  some.name = "some";
  some.share = 0.25;
  some.transitions = {{"a", "b", beta(2, 3), {}}};
  Segment others;
  others.name = "others";
  others.share = 0.75;
  const ExactValue both = only(value(leaving(Number{0.1}, Number{0.75}).segment(some).segment(others).build()));
  CHECK_THAT(both.segments[0].states[0].clv.value(), close_to(worth(0.4, p2, 0.75)));
  CHECK_THAT(both.segments[1].states[0].clv.value(), close_to(worth(0.1, 0.01, 0.75)));
  CHECK_THAT(both.states[0].clv.value(), close_to(0.25 * worth(0.4, p2, 0.75) + 0.75 * worth(0.1, 0.01, 0.75)));
}

TEST_CASE("Differs: four numbers in one segment are too many to combine") {
  const Number own = differing(10, {DistributionKind::normal, StandardDeviation{1}});
  ModelBuilder builder{"Many", Period::year, 3};
  builder.state("a", Stage::servicing, {.cash_flow = own}).state("b", Stage::servicing, {.cash_flow = own});
  builder.state("c", Stage::servicing, {.cash_flow = own});
  CHECK_NOTHROW(value(builder.build()));
  builder.state("e", Stage::servicing, {.cash_flow = own});
  CHECK(says(problems_of<LimitError>([&] { return value(builder.build()); }), "differs", "4 numbers differ"));
}

TEST_CASE("Differs: two probabilities of one row, which may sum to more than 1, against a double integral") {
  constexpr int periods = 12;
  const double d = 1 / 1.1;
  const auto worth = [&](double up, double away) {
    const double sum = up + away;
    if (sum > 1) up /= sum, away /= sum;
    double here = 0, there = 0;
    for (int t = 0; t < periods; ++t) {
      here = 1 + d * ((1 - up - away) * here + up * there);
      there = 3 + d * there;
    }
    return here;
  };
  const double integral = expected(
      2, 3,
      [&](double up) {
        return expected(
            3, 4, [&](double away) { return worth(up, away); }, {1 - up}, 400);
      },
      {}, 400);
  const Model model = ModelBuilder{"Row", Period::year, periods, annual_rate(0.1)}
                          .state("here", Stage::servicing, {.cash_flow = 1})
                          .state("there", Stage::advocacy, {.cash_flow = 3})
                          .state("lost", Stage::lost)
                          .transition("here", "there", beta(2, 3))
                          .transition("here", "lost", beta(3, 4))
                          .arrivals("here", once(1))
                          .build();
  const ScenarioChain found = scenario_chain(model, Spending{});
  CHECK_THAT(exact_value(found.chain).states.front().clv.value(), close_to(integral, 1e-8));
  CHECK(found.quadrature_error < 1e-11);  // with every kink where the other's mean leaves it, 1e-6 is not reached
}

TEST_CASE("Differs: beside a probability with a uniform law, another has kinks where that reaches the row's end") {
  const auto worth = [](double up, double away) {
    const double sum = std::max(1.0, up + away);
    return up / sum * (1 + (1 - up / sum - away / sum));  // in one of two periods
  };
  const double integral = expected(
      2, 3,
      [&](double up) {
        const double kink = (0.75 - up) / 0.2;
        const std::vector<double> kinks = kink > 0 && kink < 1 ? std::vector<double>{kink} : std::vector<double>{};
        return expected(
            1, 1, [&](double x) { return worth(up, 0.25 + 0.2 * x); }, kinks, 200);
      },
      {0.55, 0.75}, 2'000);
  const Model model =
      ModelBuilder{"Row", Period::year, 2, annual_rate(0)}
          .state("here", Stage::servicing)
          .state("there", Stage::advocacy)
          .state("lost", Stage::lost)
          .transition("here", "there", beta(2, 3), {.cash_flow = 1})
          .transition("here", "lost",
                      differing(0.35, {DistributionKind::uniform, StandardDeviation{0.1 / std::sqrt(3.0)}}))
          .arrivals("here", once(1))
          .build();
  const ScenarioChain found = scenario_chain(model, Spending{});
  CHECK_THAT(exact_value(found.chain).states.front().clv.value(), close_to(integral, 1e-10));
  CHECK(found.quadrature_error < 1e-11);
}

}  // namespace tenure::test::people_who_differ
