// Whether the population engine's replicates are distributed as they must be: the whole distribution on chains small
// enough to list everything that can happen, mean and variance on chains with all features at once, closed forms,
// published numbers. Seeds are fixed; bounds are those that a true engine would break about once in ten million runs,
// and what a stated perturbation must break, too, where a test is one of many numbers together.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/all_paths.hpp"
#include "support/goodness_of_fit.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/population.hpp"

namespace tenure::test::population_laws {

constexpr double sigmas = 5.4;  ///< a normal number is further out once in 15 million times

/// Values and variances with the people who are brought, by state, at the start of one period.
struct TreeLayer {
  std::vector<double> mean{};
  std::vector<double> variance{};
};

/// Mean and variance of everything that someone in each state brings, with their tree: the recursion of W in
/// docs/semantics.md, and beside it that of its variance. Each person moves by one draw, and brings a Poisson number of
/// others, whose sum of values has variance ρ E[W²].
TreeLayer layer_before(const Chain& chain, std::int64_t t, const TreeLayer& next) {
  const double d = chain.discount_factor;
  TreeLayer layer{std::vector<double>(chain.states()), std::vector<double>(chain.states())};
  for (std::size_t i = 0; i < chain.states(); ++i) {
    double mean = 0, variance = 0, referred = 0;
    for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
      mean += chain.probability.at(t)[k] *
              (chain.transition_cash_flow.at(t)[k] + next.mean[chain.transitions.successor[k]]);
    }
    for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
      const StateIndex j = chain.transitions.successor[k];
      const double deviation = chain.transition_cash_flow.at(t)[k] + next.mean[j] - mean;
      variance += chain.probability.at(t)[k] * (next.variance[j] + deviation * deviation);
    }
    for (std::uint32_t k = chain.referrals.first[i]; k < chain.referrals.first[i + 1]; ++k) {
      const StateIndex j = chain.referrals.successor[k];
      referred += chain.referral_rate.at(t)[k] * next.mean[j];
      variance += chain.referral_rate.at(t)[k] * (next.variance[j] + next.mean[j] * next.mean[j]);
    }
    layer.mean[i] = discount_within_period(d, chain.cash_flow_timing) * chain.cash_flow.at(t)[i] -
                    chain.spend.at(t)[i] + d * (mean + referred);
    layer.variance[i] = d * d * variance;
  }
  return layer;
}

bool comes_once(const ArrivalGroup& group, std::int64_t horizon) {
  int periods = 0;
  for (std::int64_t t = 0; t < horizon; ++t) periods += people_arriving(group, t) > 0 ? 1 : 0;
  return periods == 1;
}

/// The variance of customer equity: of everyone who arrives, and of how many arrive.
double variance_of_equity(const Chain& chain) {
  TreeLayer layer{std::vector<double>(chain.states()), std::vector<double>(chain.states())};
  double variance = 0;
  for (std::int64_t t = *chain.horizon; t-- > 0;) {
    layer = layer_before(chain, t, layer);
    for (const ArrivalGroup& group : chain.arrivals) {
      const double people = people_arriving(group, t);
      const double fraction = people - std::floor(people);
      const double spread = comes_once(group, *chain.horizon) ? fraction * (1 - fraction) : people;
      const double mean = layer.mean[group.state];
      variance +=
          std::pow(chain.discount_factor, 2 * t) * (people * layer.variance[group.state] + spread * mean * mean);
    }
  }
  return variance;
}

struct Moments4 {
  double variance = 0;
  double kurtosis = 3;
};

Moments4 moments_about(const std::vector<double>& values, double mean) {
  double second = 0, fourth = 0;
  for (const double value : values) {
    const double square = (value - mean) * (value - mean);
    second += square;
    fourth += square * square;
  }
  const auto n = static_cast<double>(values.size());
  return {second / n, second > 0 ? fourth / n / (second / n * second / n) : 3};
}

/// A seeded chain with every feature over 1 to 12 periods, in which some groups come once and others often.
Chain seeded(std::uint64_t seed) {
  Mixing mixing{seed};
  ChainParts parts = seeded_chain(mixing, {.states = 2 + mixing.below(5), .distinct_periods = 1 + mixing.below(3)});
  parts.horizon = 1 + static_cast<std::int64_t>(mixing.below(12));
  return chain_of(parts);
}

TEST_CASE("Cohort laws: mean and variance of customer equity, with all features, over many chains") {
  constexpr std::uint64_t chains = 400;
  constexpr std::uint64_t replicates = 1'000;
  double worst_mean = 0, worst_variance = 0, sum = 0, squares = 0, sum_of_variances = 0;
  for (std::uint64_t k = 0; k < chains; ++k) {
    const Chain chain = seeded(1'000 + k);
    const double mean = exact_value(chain, {.trace = false}).business->customer_equity;
    const double variance = variance_of_equity(chain);
    const PopulationResult result = simulate_population(chain, {.seed = k, .replicates = replicates, .threads = 1});
    if (variance == 0) {
      CHECK_THAT(result.customer_equity.mean(), close_to(mean));
      continue;
    }
    const double z = (result.customer_equity.mean() - mean) / std::sqrt(variance / replicates);
    const Moments4 seen = moments_about(result.equity_of_replicate, mean);
    const double v = (seen.variance / variance - 1) / std::sqrt((seen.kurtosis - 1) / replicates);
    worst_mean = std::max(worst_mean, std::abs(z));
    worst_variance = std::max(worst_variance, std::abs(v));
    sum += z;
    squares += z * z - 1;
    sum_of_variances += v;
  }
  CHECK(worst_mean < 6.3);                                            // 400 normal numbers
  CHECK(worst_variance < 7);                                          // nearly normal
  CHECK(std::abs(sum) < sigmas * std::sqrt(double(chains)));          // streams shared between chains
  CHECK(std::abs(squares) < sigmas * std::sqrt(2 * double(chains)));  // luck shared within a chain
  CHECK(std::abs(sum_of_variances) < sigmas * 1.2 * std::sqrt(double(chains)));
}

/// Every value that one person's life can have, to 12 digits, and its probability.
std::map<double, double> law_of_one(const Chain& chain, StateIndex start) {
  std::map<double, double> law;
  for_each_path(chain, start, 0, *chain.horizon, [&](const Path& path) {
    law[std::round(static_cast<double>(path.value) * 1e8)] += static_cast<double>(path.probability);
  });
  return law;
}

std::map<double, double> law_of_sum(const std::map<double, double>& a, const std::map<double, double>& b) {
  std::map<double, double> sum;
  for (const auto& [x, p] : a) {
    for (const auto& [y, q] : b) sum[x + y] += p * q;
  }
  return sum;
}

double fit_to(const std::map<double, double>& law, const std::vector<double>& equities) {
  std::vector<Class> classes;
  for (const auto& [value, probability] : law) {
    const auto seen = std::count_if(equities.begin(), equities.end(),
                                    [&, v = value](double equity) { return std::abs(equity * 1e8 - v) < 100; });
    classes.push_back({probability, static_cast<std::uint64_t>(seen)});
  }
  std::uint64_t explained = 0;
  for (const Class& c : classes) explained += c.seen;
  classes.push_back({0, equities.size() - explained});  // values that nobody can have
  return goodness_of_fit(classes);
}

/// Money that tells all paths apart, in a chain of three states over four periods.
ChainParts telling_chain() {
  ChainParts parts = constant_chain({{0.5, 0.3, 0.2}, {0.25, 0.35, 0.4}, {0, 0.15, 0.85}}, {1, 7, 41}, 0.9, 4);
  parts.periods.push_back({{{0.1, 0.9, 0}, {0.6, 0.2, 0.2}, {1, 0, 0}}, {}, {2, 5, 31}, {}});
  parts.course = {0, 1, 0};
  return parts;
}

TEST_CASE("Cohort laws: one person and three, the whole distribution of their value") {
  ChainParts parts = telling_chain();
  const std::map<double, double> one = law_of_one(chain_of(parts), 0);
  REQUIRE(one.size() > 15);
  std::map<double, double> three = law_of_sum(law_of_sum(one, one), one);
  const auto equities = [&](double people) {
    parts.arrivals = {{.state = 0, .channel = 0, .count = {people, 0}}};
    return simulate_population(chain_of(parts), {.seed = 3, .replicates = 20'000, .threads = 1}).equity_of_replicate;
  };
  CHECK(fit_to(one, equities(1)) > 1e-7);
  const std::vector<double> of_three = equities(3);
  std::map<double, double> rounded;  // sums of the same values in another order
  for (const auto& [value, probability] : three) {
    const auto near = rounded.lower_bound(value - 50);
    if (near != rounded.end() && near->first < value + 50)
      near->second += probability;
    else
      rounded[value] += probability;
  }
  CHECK(fit_to(rounded, of_three) > 1e-7);
  const std::vector<double> of_one = equities(1);
  parts.periods[0].moves[1] = {0.29, 0.35, 0.36};  // a law that is off by 0.04 in one row must not pass
  CHECK(fit_to(law_of_one(chain_of(parts), 0), of_one) < 1e-7);
}

TEST_CASE("Cohort laws: published case, a thousand of Pfeifer and Carraway's customers after four periods") {
  ChainParts parts =
      constant_chain({{.3, .7, 0, 0, 0}, {.2, 0, .8, 0, 0}, {.15, 0, 0, .85, 0}, {.05, 0, 0, 0, .95}, {0, 0, 0, 0, 1}},
                     {36, -4, -4, -4, 0}, 1 / 1.2, 5);
  parts.arrivals = {{.state = 0, .channel = 0, .count = {1000, 0}}};
  constexpr double replicates = 40'000;
  const PopulationResult result = simulate_population(chain_of(parts), {.replicates = 40'000, .traces = true});
  const double means[]{139.7, 136.5, 128.8, 142.8, 452.2};
  const double deviations[]{10.963, 10.857, 10.593, 11.064, 15.739};
  const PopulationTrace trace = result.trace().value();
  for (std::size_t i = 0; i < 5; ++i) {
    const Estimate people = trace.people[i][4];
    CHECK(std::abs(people.mean - means[i]) < 0.05 + sigmas * deviations[i] / std::sqrt(replicates));  // printed to 0.1
    const double deviation = *people.standard_error * std::sqrt(replicates);
    CHECK(std::abs(deviation / deviations[i] - 1) < 5e-5 + sigmas / std::sqrt(2 * replicates));
  }
  const ExactValue exact = exact_value(chain_of(parts));
  const double sd = *exact.states[0].clv_sd * std::sqrt(1000.0);
  CHECK(std::abs(result.customer_equity.mean() - 1000 * *exact.states[0].clv) < sigmas * sd / std::sqrt(replicates));
  CHECK(std::abs(*result.customer_equity.standard_deviation() / sd - 1) < sigmas / std::sqrt(2 * replicates));
}

TEST_CASE("Cohort laws: people who stay and bring others, a branching process in closed form") {
  // each stays with p and brings ρ on average: offspring of mean m = p + ρ and variance s² = p(1 - p) + ρ, so that
  // n people become n m^t, with variance n s² m^(t-1) (m^t - 1)/(m - 1) (Harris 1963, I.5)
  constexpr double replicates = 20'000;
  for (const auto& [p, rate] : {std::pair{0.8, 0.05}, {0.9, 0.2}, {0.5, 0.5000001}, {0.0, 0.9}}) {
    const double n = 500, m = p + rate, s2 = p * (1 - p) + rate;
    ChainParts parts = constant_chain({{p, 1 - p}, {0, 1}}, {100, 0}, 1 / 1.1, 13);
    parts.periods[0].referred = {{rate, 0}, {0, 0}};
    parts.arrivals = {{.state = 0, .channel = 0, .count = {n, 0}}};
    const PopulationResult result =
        simulate_population(chain_of(parts), {.seed = 5, .replicates = 20'000, .traces = true});
    const PopulationTrace trace = result.trace().value();
    for (const std::size_t t : {1U, 2U, 5U, 12U}) {
      const double mean = n * std::pow(m, t);
      const double variance = n * s2 * std::pow(m, t - 1) * (std::pow(m, t) - 1) / (m - 1);
      const Estimate people = trace.people[0][t];
      CHECK(std::abs(people.mean - mean) < sigmas * std::sqrt(variance / replicates));
      CHECK(std::abs(*people.standard_error * std::sqrt(replicates / variance) - 1) <
            sigmas * 1.05 / std::sqrt(2 * replicates));
    }
  }
}

TEST_CASE("Cohort laws: a stream of arrivals adds the luck of how many come") {
  // n on average in each of T periods, each worth V with variance σ² when they come: variance Σ n d^(2t)(σ² + V²)
  ChainParts parts = constant_chain({{0.7, 0.3}, {0, 1}}, {10, 0}, 0.9, 10);
  parts.arrivals = {{.state = 0, .channel = 0, .count = {250.5}}};
  double mean = 0, variance = 0;
  for (int t = 0; t < 10; ++t) {
    ChainParts rest = parts;
    rest.horizon = 10 - t;
    const StateValue person = exact_value(chain_of(rest), {.trace = false}).states[0];
    mean += 250.5 * std::pow(0.9, t) * *person.clv;
    variance += 250.5 * std::pow(0.9, 2 * t) * (*person.clv_sd * *person.clv_sd + *person.clv * *person.clv);
  }
  const PopulationResult result = simulate_population(chain_of(parts), {.seed = 6, .replicates = 20'000});
  CHECK(std::abs(result.customer_equity.mean() - mean) < sigmas * std::sqrt(variance / 20'000));
  CHECK(std::abs(*result.customer_equity.standard_deviation() / std::sqrt(variance) - 1) <
        sigmas / std::sqrt(40'000.0));
}

TEST_CASE("Cohort laws: neighbouring replicates, seeds, groups and periods are independent") {
  ChainParts parts = constant_chain({{0.7, 0.3}, {0, 1}}, {10, 0}, 0.9, 6);
  parts.arrivals = {{.state = 0, .channel = 0, .count = {1000, 0}}};
  constexpr std::size_t replicates = 20'000;
  const auto equities = [&](std::uint64_t seed) {
    return simulate_population(chain_of(parts), {.seed = seed, .replicates = replicates}).equity_of_replicate;
  };
  const auto correlation = [](const std::vector<double>& a, const std::vector<double>& b, std::size_t lag) {
    double mean_a = 0, mean_b = 0, products = 0, squares_a = 0, squares_b = 0;
    const std::size_t n = a.size() - lag;
    for (std::size_t k = 0; k < n; ++k) mean_a += a[k], mean_b += b[k + lag];
    for (std::size_t k = 0; k < n; ++k) {
      const double x = a[k] - mean_a / double(n), y = b[k + lag] - mean_b / double(n);
      products += x * y;
      squares_a += x * x;
      squares_b += y * y;
    }
    return products / std::sqrt(squares_a * squares_b);
  };
  const double bound = sigmas / std::sqrt(double(replicates - 64));
  const std::vector<double> one = equities(1);
  for (const std::size_t lag : {1U, 2U, 32U, 64U}) CHECK(std::abs(correlation(one, one, lag)) < bound);
  for (const std::uint64_t seed : {2U, 3U, 257U}) CHECK(std::abs(correlation(one, equities(seed), 0)) < bound);
  CHECK(correlation(one, equities(1), 0) > 0.999);  // the test can see what it looks for
  parts.arrivals = {{.state = 0, .channel = 0, .count = {500, 0}},
                    {.state = 0, .channel = 0, .count = {40}},
                    {.state = 0, .channel = 0, .count = {40}}};
  const double variance =
      variance_of_equity(chain_of(parts));  // groups and periods that shared their draws would add to it
  const PopulationResult groups = simulate_population(chain_of(parts), {.seed = 7, .replicates = replicates});
  CHECK(std::abs(*groups.customer_equity.standard_deviation() / std::sqrt(variance) - 1) <
        sigmas / std::sqrt(2.0 * replicates));
}

TEST_CASE("Cohort laws: on common luck a small change of a row is seen through a fraction of the noise") {
  // variance of the difference between retention .88 and retention 5 % of the way to 1 higher, against independent runs
  ChainParts parts = constant_chain({{0.88, 0.08, 0.04}, {0.1, 0.7, 0.2}, {0, 0, 1}}, {200, 60, 0}, 0.992, 60);
  for (const double people : {1e3, 1e6, 1e9}) {
    parts.arrivals = {{.state = 0, .channel = 0, .count = {people, 0}}};
    parts.periods[0].moves[0] = {0.88, 0.08, 0.04};
    const PopulationResult before = simulate_population(chain_of(parts), {.replicates = 2'000});
    parts.periods[0].moves[0] = {0.886, 0.08, 0.034};
    const PopulationResult after = simulate_population(chain_of(parts), {.replicates = 2'000});
    const double alone = std::pow(*before.customer_equity.standard_deviation(), 2) +
                         std::pow(*after.customer_equity.standard_deviation(), 2);
    const double paired = std::pow(*paired_difference(after, before).standard_deviation(), 2);
    CHECK(alone / paired > 60);
  }
}

}  // namespace tenure::test::population_laws
