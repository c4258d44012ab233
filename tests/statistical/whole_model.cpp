// The population engine on whole models: mean and spread of the customer equity against all courses of the market,
// counts of dwell times against their laws, sums of varying amounts, and a risk that more people do not spread. Seeds
// are fixed; bounds are those that a true engine would break about once in ten million runs.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/poisson.hpp>

#include "catch.hpp"
#include "support/goodness_of_fit.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "support/verdicts.hpp"
#include "support/whole_chain.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/population.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::whole_populations {

constexpr double sigmas = 5.4;

/// How many standard errors the mean and the variance of numbers are from true ones, the latter's error as they show
/// it.
struct Scores {
  double mean = 0;
  double variance = 0;
};

Scores scores_of(const std::vector<double>& seen, double mean, double variance) {
  const auto n = static_cast<double>(seen.size());
  double first = 0, second = 0, fourth = 0;
  for (const double x : seen) {
    const double square = (x - mean) * (x - mean);
    first += (x - mean) / n;
    second += square / n;
    fourth += square * square / n;
  }
  return {first / std::sqrt(variance / n), (second - variance) / std::sqrt((fourth - second * second) / n)};
}

TEST_CASE("Whole populations: mean and spread of the equity are those of all courses of the market together") {
  Mixing mixing{31};
  double squares_of_means = 0, squares_of_variances = 0;
  std::size_t chains = 0;
  for (int round = 0; round < 24; ++round) {
    const WholeOptions options{.states = 2 + mixing.below(2),
                               .types = 1 + mixing.below(3),
                               .regimes = 1 + mixing.below(3),
                               .dwells = mixing.chance(0.8),
                               .events = mixing.chance(0.7),
                               .referrals = mixing.chance(0.7),
                               .horizon = static_cast<std::int64_t>(1 + mixing.below(5))};
    const Chain chain = whole_chain(mixing, options);
    INFO("round " << round << ": " << options.states << " states, " << options.types << " kinds, " << options.regimes
                  << " regimes, " << *options.horizon << " periods");
    const BusinessTruth truth = true_business(chain);
    if (truth.equity_variance < 1) continue;
    const PopulationResult result =
        simulate_population(chain, {.seed = static_cast<std::uint64_t>(round), .replicates = 1500, .traces = true});
    const Scores scores = scores_of(result.equity_of_replicate, static_cast<double>(truth.equity),
                                    static_cast<double>(truth.equity_variance));
    CHECK(std::abs(scores.mean) < sigmas);
    CHECK(std::abs(scores.variance) < sigmas);
    squares_of_means += scores.mean * scores.mean;
    squares_of_variances += scores.variance * scores.variance;
    ++chains;
    const PopulationTrace trace = result.trace().value();
    for (std::size_t t = 0; t < truth.people.size(); ++t) {
      const double cash_off = trace.cash_flow[t].mean - static_cast<double>(truth.cash_flow[t]);
      CHECK(std::abs(cash_off) <= sigmas * *trace.cash_flow[t].standard_error + 1e-8);
      for (std::size_t i = 0; i < chain.states(); ++i) {
        const double off = trace.people[i][t].mean - static_cast<double>(truth.people[t][i]);
        if (truth.people[t][i] > 0.5L) CHECK(std::abs(off) <= sigmas * *trace.people[i][t].standard_error + 1e-8);
        if (truth.people[t][i] == 0) CHECK(trace.people[i][t].mean == 0);
      }
    }
    CHECK(std::abs(result.investment().mean - static_cast<double>(truth.investment)) <=
          sigmas * *result.investment().standard_error + 1e-8);
  }
  REQUIRE(chains > 18);
  CHECK(chi_squared_tails(squares_of_means, chains) > 1e-6);
  CHECK(chi_squared_tails(squares_of_variances, chains) > 1e-6);
}

/// Earns 100 in the calm and 40 in a storm; whoever is there stays with 0.9 in the calm, and in a storm with odds of 4
/// on leaving.
Model exposed(double people) {
  Environment weather;
  weather.states = {"calm", "storm"};
  weather.start = "calm";
  weather.matrix = {{0.7, 0.3}, {0.2, 0.8}};
  weather.effects = {{"storm", MarketMovesCashFlow{"member", 0.4}},
                     {"storm", MarketMovesTransition{"member", "lost", 4}}};
  return ModelBuilder{"Exposed", Period::year, 3, annual_rate(0.25)}
      .state("member", Stage::servicing, {.cash_flow = 100})
      .state("lost", Stage::lost)
      .transition("member", "lost", Number{0.1})
      .arrivals("member", once(people))
      .environment(weather)
      .build();
}

TEST_CASE("Whole populations: the risk of a shared market does not vanish with more people") {
  // by course of the second and third period, c c, c s, s c, s s, with a share of 0.9 or 0.9/(0.9 + 0.4) kept in the
  // second: what a person brings on average
  const double d = 0.8, kept_in_calm = 0.9, kept_in_storm = 0.9 / 1.3;
  const double chance[]{0.7 * 0.7, 0.7 * 0.3, 0.3 * 0.2, 0.3 * 0.8};
  const double worth[]{100 + d * 0.9 * (100 + d * kept_in_calm * 100), 100 + d * 0.9 * (100 + d * kept_in_calm * 40),
                       100 + d * 0.9 * (40 + d * kept_in_storm * 100), 100 + d * 0.9 * (40 + d * kept_in_storm * 40)};
  double mean = 0, variance = 0;
  for (int k = 0; k < 4; ++k) mean += chance[k] * worth[k];
  for (int k = 0; k < 4; ++k) variance += chance[k] * (worth[k] - mean) * (worth[k] - mean);
  for (const double people : {1e4, 1e8, 1e12}) {
    INFO(people << " people");
    const PopulationResult result =
        simulate_population(compile(exposed(people), Spending{}), {.seed = 3, .replicates = 20'000});
    const double n = 20'000;
    CHECK(std::abs(result.customer_equity.mean() / people - mean) < sigmas * std::sqrt(variance / n));
    CHECK(std::abs(*result.customer_equity.standard_deviation() / people / std::sqrt(variance) - 1) < 0.03);
    if (people < 1e8) continue;
    // only four outcomes are left, as often as their courses
    std::vector<Class> classes;
    for (const double p : chance) classes.push_back({p, 0});
    for (const double equity : result.equity_of_replicate) {
      for (int k = 0; k < 4; ++k) {
        if (std::abs(equity / people - worth[k]) < 0.1) ++classes[static_cast<std::size_t>(k)].seen;
      }
    }
    std::uint64_t recognised = 0;
    for (const Class& each : classes) recognised += each.seen;
    CHECK(recognised == 20'000);
    CHECK(goodness_of_fit(classes) > 1e-6);
  }
  // the same people without a market
  ModelDraft draft = exposed(1e8).draft();
  draft.environment.reset();
  const PopulationResult calm = simulate_population(compile(Model{draft}, Spending{}), {.seed = 3, .replicates = 2000});
  CHECK(*calm.customer_equity.standard_deviation() / calm.customer_equity.mean() < 1e-4);
}

TEST_CASE("Whole populations: scenarios that share a seed meet the same market") {
  ModelDraft draft = exposed(1e10).draft();
  const PopulationResult before =
      simulate_population(compile(Model{draft}, Spending{}), {.seed = 9, .replicates = 500});
  draft.states[0].cash_flow = 110;
  const PopulationResult after = simulate_population(compile(Model{draft}, Spending{}), {.seed = 9, .replicates = 500});
  for (std::size_t r = 0; r < 500; ++r)
    CHECK_THAT(after.equity_of_replicate[r], close_to(1.1 * before.equity_of_replicate[r], 1e-12));
}

ModelBuilder staying(Dwell law, std::int64_t periods, double people) {
  std::vector<double> only_in_the_last(static_cast<std::size_t>(periods), 0.0);
  only_in_the_last.back() = 1;
  ModelBuilder builder{"Stay", Period::year, Horizon{periods}, annual_rate(0)};
  builder.state("here", Stage::servicing, {.cash_flow = scheduled(only_in_the_last), .dwell = law})
      .state("gone", Stage::lost)
      .transition("here", "gone", rest)
      .arrivals("here", once(people));
  return builder;
}

TEST_CASE("Whole populations: how many are still there is binomial with the survival of their stay") {
  struct Case {
    Dwell law;
    int periods;
    double left;
  };
  // 1 + a negative binomial of shape 1 is geometric: sd² = mean (mean - 1)
  for (const Case& sojourn : {Case{WeibullDwell{6, 2}, 5, std::exp(-std::pow(4 / 6.0, 2))},
                              {WeibullDwell{6, 2}, 10, std::exp(-2.25)},
                              {NegativeBinomialDwell{5, std::sqrt(20.0)}, 4, std::pow(0.8, 3)},
                              {TableDwell{{0.1, 0.6, 0.25}}, 6, 0.9 * 0.4 * 0.75 * 0.75 * 0.75},
                              {FixedDwell{4}, 4, 1.0},
                              {FixedDwell{4}, 5, 0.0}}) {
    for (const double people : {1.0, 20.0, 300.0}) {
      INFO(name_of(sojourn.law) << ", " << sojourn.periods << " periods, " << people << " people");
      const PopulationResult result =
          simulate_population(compile(staying(sojourn.law, sojourn.periods, people).build(), Spending{}),
                              {.seed = 4, .replicates = 10'000});
      std::vector<Class> classes;
      const boost::math::binomial_distribution<double> law{people, sojourn.left};
      for (double k = 0; k <= people; ++k) classes.push_back({boost::math::pdf(law, k), 0});
      for (const double left : result.equity_of_replicate) {
        REQUIRE((left >= 0 && left <= people && left == std::floor(left)));
        ++classes[static_cast<std::size_t>(left)].seen;
      }
      CHECK(goodness_of_fit(classes) > 1e-6);
    }
  }
}

TEST_CASE("Whole populations: stays of a fixed length leave nothing to luck") {
  const Model model = ModelBuilder{"Blinking", Period::month, 23, annual_rate(0)}
                          .state("on", Stage::servicing, {.cash_flow = 1, .dwell = FixedDwell{3}})
                          .state("off", Stage::dormant, {.dwell = FixedDwell{2}})
                          .transition("on", "off", rest)
                          .transition("off", "on", rest)
                          .arrivals("on", once(1e6))
                          .build();
  const PopulationResult result = simulate_population(compile(model, Spending{}), {.replicates = 50, .traces = true});
  for (const double equity : result.equity_of_replicate) CHECK(equity == 15e6);
  const PopulationTrace trace = result.trace().value();
  for (std::size_t t = 0; t < 23; ++t) CHECK(trace.people[0][t].mean == (t % 5 < 3 ? 1e6 : 0));
}

Number varying(double mean, double sd, DistributionKind kind) {
  Number number{mean};
  number.varies = Distribution{kind, StandardDeviation{sd}};
  return number;
}

TEST_CASE("Whole populations: n people's gamma amounts of one period have a gamma sum") {
  for (const double people : {1.0, 7.0, 400.0}) {
    const Model model = ModelBuilder{"Sum", Period::year, 1}
                            .state("member", Stage::servicing, {.cash_flow = varying(50, 40, DistributionKind::gamma)})
                            .arrivals("member", once(people))
                            .build();
    std::vector<double> seen =
        simulate_population(compile(model, Spending{}), {.seed = 8, .replicates = 20'000}).equity_of_replicate;
    std::sort(seen.begin(), seen.end());
    const boost::math::gamma_distribution<double> law{people / 0.64, 50 * 0.64};
    double distance = 0;
    for (std::size_t k = 0; k < seen.size(); ++k) {
      const double share = boost::math::cdf(law, seen[k]);
      distance =
          std::max({distance, share - static_cast<double>(k) / 20'000, static_cast<double>(k + 1) / 20'000 - share});
    }
    CHECK(kolmogorov(distance, seen.size()) > 1e-6);
  }
}

TEST_CASE("Whole populations: events of different states, transitions and periods are independent of each other") {
  // two states of 100 people each who swap for certain, over 10 periods, and bring something as they go
  const auto kind = GENERATE(DistributionKind::gamma, DistributionKind::lognormal, DistributionKind::normal,
                             DistributionKind::uniform);
  INFO(name_of(kind));
  const Model model = ModelBuilder{"Swap", Period::year, 10, annual_rate(0)}
                          .state("a", Stage::servicing, {.cash_flow = varying(50, 20, kind)})
                          .state("b", Stage::servicing, {.cash_flow = varying(-30, 10, kind)})
                          .transition("a", "b", Number{1}, {.cash_flow = varying(10, 15, kind)})
                          .transition("b", "a", Number{1}, {.cash_flow = varying(20, 5, kind)})
                          .arrivals("a", once(100))
                          .arrivals("b", once(100))
                          .build();
  const PopulationResult result = simulate_population(compile(model, Spending{}), {.seed = 12, .replicates = 4000});
  const Scores scores =
      scores_of(result.equity_of_replicate, 1000 * (50 - 30 + 10 + 20), 1000 * (400 + 100 + 225 + 25));
  CHECK(std::abs(scores.mean) < sigmas);
  CHECK(std::abs(scores.variance) < sigmas);
}

TEST_CASE("Whole populations: that amounts vary changes nobody's life") {
  Mixing mixing{77};
  for (int round = 0; round < 5; ++round) {
    Chain chain = whole_chain(mixing, {.states = 3, .types = 2, .regimes = 2, .horizon = 6});
    const PopulationResult varied = simulate_population(chain, {.seed = 5, .replicates = 64, .traces = true});
    chain.state_events = {};
    chain.transition_events = {};
    const PopulationResult plain = simulate_population(chain, {.seed = 5, .replicates = 64, .traces = true});
    const PopulationTrace a = varied.trace().value(), b = plain.trace().value();
    for (std::size_t i = 0; i < chain.states(); ++i) {
      for (std::size_t t = 0; t < 6; ++t) CHECK(same_bits(a.people[i][t].mean, b.people[i][t].mean));
    }
    CHECK(varied.equity_of_replicate != plain.equity_of_replicate);
  }
}

TEST_CASE("Whole populations: a family of Poisson referrals of mean 0.4") {
  // one person, each brings Poisson(0.4) others and is gone: the total follows Borel's law, (0.4 n)^(n-1) e^(-0.4 n)/n!
  const Model model = ModelBuilder{"Family", Period::month, 60, annual_rate(0)}
                          .state("new", Stage::servicing, {.cash_flow = 1, .dwell = FixedDwell{1}})
                          .state("gone", Stage::lost)
                          .transition("new", "gone", rest)
                          .referral("new", "new", Number{0.4})
                          .arrivals("new", once(1))
                          .build();
  const PopulationResult result = simulate_population(compile(model, Spending{}), {.seed = 2, .replicates = 20'000});
  std::vector<Class> classes{{0, 0}};
  double all = 0;
  for (int n = 1; n < 60; ++n) {
    classes.push_back({std::exp((n - 1) * std::log(0.4 * n) - 0.4 * n - std::lgamma(n + 1.0)), 0});
    all += classes.back().probability;
  }
  classes.push_back({1 - all, 0});
  for (const double family : result.equity_of_replicate)
    ++classes[static_cast<std::size_t>(std::min(family, 60.0))].seen;
  CHECK(goodness_of_fit(classes) > 1e-6);
  CHECK(std::abs(result.customer_equity.mean() - 1 / 0.6) < sigmas * std::sqrt(0.4 / 0.216 / 20'000));
}

TEST_CASE("Whole populations: a stream of people who differ has the spread of all of them together") {
  // n on average in each of T periods, of any kind: variance Σ n d^(2t)(σ² + V²), over the law of what differs
  Number leaving{0.3};
  leaving.differs = Distribution{DistributionKind::beta, StandardDeviation{0.25}};
  const auto model = [&](std::int64_t horizon) {
    return ModelBuilder{"Stream", Period::year, Horizon{horizon}, annual_rate(0.1)}
        .state("member", Stage::servicing, {.cash_flow = 10})
        .state("lost", Stage::lost)
        .transition("member", "lost", leaving)
        .arrivals("member", per_period(40))
        .build();
  };
  double mean = 0, variance = 0;
  for (std::int64_t t = 0; t < 6; ++t) {
    const StateValue person = exact_value(compile(model(6 - t), Spending{}), {.trace = false}).states[0];
    mean += 40 * std::pow(1.1, -t) * *person.clv;
    variance += 40 * std::pow(1.21, -t) * (*person.clv_sd * *person.clv_sd + *person.clv * *person.clv);
  }
  const PopulationResult result = simulate_population(compile(model(6), Spending{}), {.seed = 6, .replicates = 5000});
  const Scores scores = scores_of(result.equity_of_replicate, mean, variance);
  CHECK(std::abs(scores.mean) < sigmas);
  CHECK(std::abs(scores.variance) < sigmas);
}

TEST_CASE("Whole populations: a stream that the market multiplies is Poisson in each regime") {
  Environment weather;
  weather.states = {"calm", "storm"};
  weather.start = "calm";
  weather.matrix = {{0.6, 0.4}, {0.5, 0.5}};
  weather.effects = {{"storm", MarketMovesArrivals{"web", 3}}};
  const Model model = ModelBuilder{"Stream", Period::year, 2, annual_rate(0)}
                          .state("new", Stage::servicing, {.cash_flow = scheduled({0, 1})})
                          .state("old", Stage::lost)
                          .transition("new", "old", Number{1})
                          .arrivals("new", per_period(4), {.name = "web"})
                          .environment(weather)
                          .build();
  const PopulationResult result = simulate_population(compile(model, Spending{}), {.seed = 21, .replicates = 20'000});
  const boost::math::poisson_distribution<double> few{4}, many{12};
  std::vector<Class> classes;
  double all = 0;
  for (double k = 0; k < 60; ++k) {
    classes.push_back({0.6 * boost::math::pdf(few, k) + 0.4 * boost::math::pdf(many, k), 0});
    all += classes.back().probability;
  }
  classes.push_back({std::max(0.0, 1 - all), 0});
  for (const double people : result.equity_of_replicate)
    ++classes[static_cast<std::size_t>(std::min(people, 60.0))].seen;
  CHECK(goodness_of_fit(classes) > 1e-6);
}

}  // namespace tenure::test::whole_populations
