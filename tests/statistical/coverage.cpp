// Whether errors are honest: over many seeded runs, 95 % intervals hold the exact value in 95 % of them. Exact values
// come from the exact engine or from listing all paths. The number of runs that must hold it is a binomial quantile: a
// true engine fails once in 10^9 runs of this file, a false one (each case has some) must fail.
//
// An interval of a mean over n independent values is short of 95 % by (0.25 γ² + 0.4 - 0.016 κ) / n, for skewness γ and
// excess kurtosis κ (Hall, The Bootstrap and Edgeworth Expansion, 1992, 2.6, at 1.96 standard errors). With skewness up
// to 2 and 256 values, the least a precision may stop at, that is 0.005: the slack given here.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <boost/math/distributions/binomial.hpp>

#include "catch.hpp"
#include "support/all_paths.hpp"
#include "support/mixing.hpp"
#include "support/small_chain.hpp"
#include "tenure/decide/detail/simulate/rounds.hpp"
#include "tenure/decide/detail/simulate/wins.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/individual.hpp"
#include "tenure/engine/population.hpp"

namespace tenure::test::coverage {

constexpr double slack = 0.006;
constexpr double false_alarm = 1e-9 / 40;  ///< of one limit; there are fewer than forty

/// How often intervals held what they should.
class Coverage {
 public:
  void add(const Estimate& estimate, double exact, double of_the_error = 1) {
    add(std::abs(estimate.mean - exact) <=
        of_the_error * standard_errors_of_95_percent * estimate.standard_error.value());
  }
  void add(bool held) {
    ++runs_;
    held_ += held ? 1 : 0;
  }
  [[nodiscard]] bool is_honest() const { return !falls_short() && !boasts(); }
  [[nodiscard]] bool falls_short() const { return held_ < quantile(law(0.95 - slack), false_alarm); }
  [[nodiscard]] bool boasts() const {
    return held_ > quantile(complement(law(0.95 + slack), false_alarm));
  }  ///< of less than it has

 private:
  [[nodiscard]] boost::math::binomial_distribution<double> law(double share) const {
    return boost::math::binomial_distribution<double>{runs_, share};
  }
  double runs_ = 0;
  double held_ = 0;
};

/// Three states over eight periods: 6,561 lives of different value, a third of them at a loss.
ChainParts eventful(double sojourns = 0.6) {
  ChainParts parts = constant_chain({{sojourns, 0.9 - sojourns, 0.1}, {0.25, 0.5, 0.25}, {0.1, 0.2, 0.7}},
                                    {21.3, 2.17, -16.9}, 0.93, 8);
  parts.periods[0].cash_of_moves = {{0.731, -4.21, -2.917}, {3.77, 0.213, -1.19}, {5.39, 1.01, 0.477}};
  return parts;
}

/// Every value of a life with its probability, in ascending order.
std::vector<std::pair<double, double>> law_of_life(const Chain& chain) {
  std::vector<std::pair<double, double>> law;
  for_each_path(chain, 0, 0, *chain.horizon, [&](const Path& path) {
    law.emplace_back(static_cast<double>(path.value), static_cast<double>(path.probability));
  });
  std::sort(law.begin(), law.end());
  return law;
}

double share_below(const std::vector<std::pair<double, double>>& law, double limit) {
  double share = 0;
  for (const auto& [value, probability] : law) share += value < limit ? probability : 0;
  return share;
}

double quantile_of(const std::vector<std::pair<double, double>>& law, double p) {
  double share = 0;
  for (const auto& [value, probability] : law) {
    share += probability;
    if (share >= p) return value;
  }
  return law.back().first;
}

TEST_CASE("Coverage: a person's mean, quantiles and share of losses") {
  const Chain chain = chain_of(eventful());
  const auto law = law_of_life(chain);
  const double mean = exact_value(chain).states[0].clv.value();
  const double losses = share_below(law, 0);
  REQUIRE(losses > 0.1);
  const std::vector<double> shares{0.05, 0.5, 0.9};
  Coverage of_mean, of_losses, of_controlled;
  Coverage without_root, too_small, plain_with_small_error, controlled_with_large_error;
  std::vector<Coverage> of_quantile(shares.size()), of_narrow(shares.size());
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    const ValueSummary values =
        simulate_individuals(chain, {.seed = seed, .people = 2'000, .entries = {entry_at(0)}, .threads = 1}).values;
    of_mean.add(values.estimate(), mean);
    without_root.add({values.mean(), values.standard_deviation()}, mean);
    too_small.add(values.estimate(), mean, 0.8);
    const Estimate plain = values.share_negative();
    const Estimate controlled = values.share_negative(mean);
    of_losses.add(plain, losses);
    of_controlled.add(controlled, losses);
    plain_with_small_error.add({plain.mean, controlled.standard_error}, losses);
    controlled_with_large_error.add({controlled.mean, plain.standard_error}, losses);
    const std::vector<Interval> intervals = values.quantiles(shares);
    for (std::size_t q = 0; q < shares.size(); ++q) {
      const double exact = quantile_of(law, shares[q]);
      const double rounding = 1e-8;
      of_quantile[q].add(intervals[q].low <= exact + rounding && exact - rounding <= intervals[q].high);
      const double width = 0.7 * standard_errors_of_95_percent * std::sqrt(shares[q] * (1 - shares[q]) / 2'000);
      const bool above = values.quantile(shares[q] - width).estimate <= exact + rounding;
      of_narrow[q].add(above && exact - rounding <= values.quantile(shares[q] + width).estimate);
    }
  }
  CHECK(of_mean.is_honest());
  CHECK(of_losses.is_honest());
  CHECK(of_controlled.is_honest());
  for (const Coverage& coverage : of_quantile) CHECK(coverage.is_honest());
  for (const Coverage& coverage : of_narrow) CHECK(coverage.falls_short());
  CHECK(without_root.boasts());
  CHECK(too_small.falls_short());
  CHECK(plain_with_small_error.falls_short());
  CHECK(controlled_with_large_error.boasts());
}

TEST_CASE("Coverage: what a change is worth to a person, with the same people") {
  const std::vector<Chain> chains{chain_of(eventful()), chain_of(eventful(0.62))};
  const double exact = exact_value(chains[1]).states[0].clv.value() - exact_value(chains[0]).states[0].clv.value();
  Coverage paired, independent;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    const PairedResult result =
        simulate_paired(chains, {.seed = seed, .people = 2'000, .entries = {entry_at(0)}, .threads = 1});
    const Estimate difference = result.difference[0].estimate();
    paired.add(difference, exact);
    const double apart = std::hypot(result.each[0].values.estimate().standard_error.value(),
                                    result.each[1].values.estimate().standard_error.value());
    independent.add({difference.mean, apart}, exact);
  }
  CHECK(paired.is_honest());
  CHECK(independent.boasts());
}

ChainParts arriving(ChainParts parts, double people) {
  parts.arrivals = {{.state = 0, .channel = 0, .count = {people, 0}}};
  return parts;
}

TEST_CASE("Coverage: the business, what a change is worth to it, and how likely it is the best") {
  const Chain one = chain_of(arriving(eventful(), 12));
  const Chain other = chain_of(arriving(eventful(0.62), 12));
  const double equity = exact_value(one).business->customer_equity;
  const double gain = exact_value(other).business->customer_equity - equity;
  Coverage of_equity, of_gain, independent;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    const PopulationOptions options{.seed = seed, .replicates = least_replicates, .threads = 1};
    const PopulationResult first = simulate_population(one, options);
    const PopulationResult second = simulate_population(other, options);
    of_equity.add(first.customer_equity.estimate(), equity);
    const Estimate difference = paired_difference(second, first).estimate();
    of_gain.add(difference, gain);
    const double apart = std::hypot(first.customer_equity.estimate().standard_error.value(),
                                    second.customer_equity.estimate().standard_error.value());
    independent.add({difference.mean, apart}, gain);
  }
  CHECK(of_equity.is_honest());
  CHECK(of_gain.is_honest());
  CHECK(independent.boasts());
}

TEST_CASE("Coverage: how likely a scenario is the best") {
  // One person against a certain sum: who wins is known from the law of one life.
  const Chain life = chain_of(arriving(eventful(), 1));
  const double sum = 20.0123;
  const Chain certain = chain_of(arriving(constant_chain({{1}}, {sum}, 1, 1), 1));
  const std::vector<double> exact{sum, exact_value(life).business->customer_equity};
  const double wins = 1 - share_below(law_of_life(life), sum);
  Coverage of_wins, plain_with_small_error;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    const PopulationOptions options{.seed = seed, .replicates = 2 * least_replicates, .threads = 1};
    const std::vector<PopulationResult> results{simulate_population(certain, options),
                                                simulate_population(life, options)};
    const std::vector<Estimate> best = tenure::detail::probabilities_best(results, exact, 0);
    of_wins.add(best[1], wins);
    double won = 0;
    for (const double value : results[1].equity_of_replicate) won += value > sum ? 1 : 0;
    plain_with_small_error.add({won / static_cast<double>(options.replicates), best[1].standard_error}, wins);
  }
  CHECK(of_wins.is_honest());
  CHECK(plain_with_small_error.falls_short());
}

/// Draws exponential values (mean 1, skewness 2) until the standard error is a share of the mean, looking for the first
/// time at the least.
Estimate stopped(std::uint64_t seed, double share, std::uint64_t least) {
  Mixing mixing{seed * 1'000'003};
  ValueSummary values{1, 10};
  const Effort effort{.precision = Precision{share, true}};
  const auto run = [&](std::uint64_t first, std::uint64_t last) {
    std::vector<double> block(last - first);
    for (double& value : block) value = -std::log1p(-mixing.unit());
    values.add_block(std::move(block));
    return true;
  };
  const auto precise = [&](bool) {
    return tenure::detail::is_precise(*effort.precision, {values.estimate(), {}, 0}, false);
  };
  static_cast<void>(tenure::detail::in_rounds(effort, {std::uint64_t{1} << 20, least}, run, precise));
  return values.estimate();
}

TEST_CASE("Coverage: a precision stops late enough") {
  Coverage at_least, after_it, with_less, with_little;
  for (std::uint64_t seed = 1; seed <= 4'000; ++seed) {
    at_least.add(stopped(seed, 0.5, least_replicates), 1);
    after_it.add(stopped(seed, 0.05, least_replicates), 1);  // 400 or so are needed
    with_less.add(stopped(seed, 0.25, 16), 1);               // 16 or so are needed
    with_little.add(stopped(seed, 0.5, 4), 1);               // 4
  }
  CHECK(at_least.is_honest());
  CHECK(after_it.is_honest());
  CHECK(with_less.falls_short());
  CHECK(with_little.falls_short());
}

TEST_CASE("Coverage: businesses drawn until they are precise") {
  const Chain chain = chain_of(arriving(eventful(), 3));
  const double equity = exact_value(chain).business->customer_equity;
  const double deviation =
      simulate_population(chain, {.seed = 9, .threads = 1}).customer_equity.standard_deviation().value();
  const Effort effort{.precision = Precision{deviation / 20, false}};  // 400 replicates or so
  const PopulationOptions options{.replicates = 1 << 14, .threads = 1};
  Coverage coverage;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    std::optional<PopulationResult> result;
    const auto run = [&](std::uint64_t first, std::uint64_t last) {
      PopulationOptions round = options;
      round.seed = seed;
      PopulationResult more = simulate_population_blocks(chain, round, first, last);
      result = result ? merge(std::move(*result), more) : std::move(more);
      return true;
    };
    const auto precise = [&](bool patient) {
      return tenure::detail::is_precise(*effort.precision, {result->customer_equity.estimate(), equity, 0}, patient);
    };
    static_cast<void>(tenure::detail::in_rounds(
        effort, {blocks_of(options), blocks_of(PopulationOptions{.replicates = least_replicates})}, run, precise));
    coverage.add(result->customer_equity.estimate(), equity);
  }
  CHECK(coverage.is_honest());
}

TEST_CASE("Coverage: a sample that has not seen what is rare goes on") {
  // One life in a million brings a million, the others 2: the least number of people nearly always agree that it is 2.
  ChainParts parts = constant_chain({{1 - 1e-6, 1e-6}, {0, 1}}, {1, 1'000'000}, 1, 2);
  const Chain chain = chain_of(parts);
  const double exact = exact_value(chain).states[0].clv.value();
  const IndividualResult result =
      simulate_individuals(chain, {.seed = 4, .people = least_people, .entries = {entry_at(0)}});
  const Precision precision{0.001, true};
  REQUIRE(result.values.maximum() == 2);  // nobody was so lucky
  CHECK(tenure::detail::is_precise(precision, {result.values.estimate(), {}, 0}, true));
  CHECK_FALSE(tenure::detail::is_precise(precision, {result.values.estimate(), exact, 0}, true));
  CHECK(tenure::detail::is_precise(precision, {result.values.estimate(), exact, 0}, false));  // but not for ever
}

}  // namespace tenure::test::coverage
