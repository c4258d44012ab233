// What a pilot is worth: against sums over the beta-binomial law and integrals over posteriors, by lgamma and in long
// doubles, which share nothing with how it is found.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/math/distributions/beta.hpp>

#include "catch.hpp"
#include "tenure/decide/uncertainty.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::pilots {

Number beta(const BetaParameters& law) {
  Number number{law.alpha / (law.alpha + law.beta)};
  number.uncertain = Distribution{DistributionKind::beta, law};
  return number;
}

/// One person, who costs something to be asked, or whom "stop" keeps out; a guest then, who pays something a year until
/// a sale ends it, which brings a gain.
struct Offer {
  BetaParameters law{};
  Number cost = 0;
  double pays = 0;
  double gain = 0;
  Horizon horizon = 2;
  double rate = 0;
};

Model model_of(const Offer& offer) {
  Lever door{.name = "door",
             .kind = LeverKind::acquisition,
             .spend_per = SpendPer::period,
             .effects = {moves_arrivals("asked").towards(0).table({{0, 0}, {1e-12, 1}})}};
  ModelBuilder builder{"offer", Period::year, offer.horizon, annual_rate(offer.rate)};
  builder.state("asked", Stage::acquisition, {.cash_flow = offer.cost})
      .state("guest", Stage::servicing, {.cash_flow = offer.pays})
      .state("sold", Stage::servicing)
      .transition("asked", "guest", 1.0)
      .transition("guest", "sold", beta(offer.law), {.cash_flow = offer.gain})
      .arrivals("asked", once(1))
      .lever(door)
      .scenario("go", SpendLevels{})
      .scenario("stop", {{"door", 1e-12}});
  return builder.build();
}

Uncertainty found_for(const Model& model, const std::vector<std::uint64_t>& customers, std::uint64_t draws,
                      std::uint64_t seed = 1) {
  UncertaintyOptions options{.draws = draws, .seed = seed, .threads = 1};
  for (const std::uint64_t n : customers) options.pilots.push_back({"transition guest -> sold", n});
  return uncertainty(model, std::vector{model.scenarios()[0], model.scenarios()[1]}, options);
}

long double log_beta(long double a, long double b) { return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b); }

/// E max(0, E[v | X]) - max(0, E v), for a value of which the mean under a beta law is known.
template <class Mean>
double worth_by_counting(const BetaParameters& law, std::uint64_t customers, const Mean& mean) {
  const auto n = static_cast<long double>(customers);
  long double with = 0;
  for (long double x = 0; x <= n; ++x) {
    const long double ways = std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1);
    const long double likely =
        std::exp(ways + log_beta(law.alpha + x, law.beta + n - x) - log_beta(law.alpha, law.beta));
    with += likely * std::max(0.0L, static_cast<long double>(mean(BetaParameters{
                                        law.alpha + static_cast<double>(x), law.beta + static_cast<double>(n - x)})));
  }
  return static_cast<double>(with - std::max(0.0L, static_cast<long double>(mean(law))));
}

double offer_by_counting(const BetaParameters& law, double gain, double cost, std::uint64_t customers) {
  return worth_by_counting(law, customers, [&](const BetaParameters& after) {
    return gain * after.alpha / (after.alpha + after.beta) - cost;
  });
}

TEST_CASE("Pilots: what is linear in a probability is a sum over the beta-binomial law, to the last digits shown") {
  struct Published {
    BetaParameters law;
    double gain, cost;
    std::vector<double> worth;
  };
  const std::vector<std::uint64_t> customers{20, 100, 400, 1600};
  for (const Published& one : {Published{{5, 95}, 1000, 50, {3.26344, 5.99617, 7.64172, 8.29503}},
                               Published{{12, 56}, 5000, 900, {35.9832, 62.6913, 76.5937, 81.5992}}}) {
    const Model model = model_of({.law = one.law, .cost = -one.cost, .gain = one.gain});
    const Uncertainty found = found_for(model, customers, 1024);
    for (std::size_t k = 0; k < customers.size(); ++k) {
      INFO(customers[k] << " customers");
      const double counted = offer_by_counting(one.law, one.gain, one.cost, customers[k]);
      CHECK(std::abs(found.evsi[k].value->mean / one.worth[k] - 1) < 2e-6);
      CHECK(std::abs(found.evsi[k].value->mean / counted - 1) < 1e-9);
      CHECK(*found.evsi[k].value->standard_error < 1e-6 * one.worth[k]);
    }
  }
}

/// Numbers between 0 and 1 that are the same everywhere.
class Dice {
 public:
  double operator()() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(state_ >> 11) * 0x1p-53;
  }
  double between(double low, double high) { return low * std::exp((*this)() * std::log(high / low)); }

 private:
  std::uint64_t state_ = 12;
};

TEST_CASE("Pilots: 200 priors, among them ones that have seen less than one customer", "[slow]") {
  Dice dice;
  int below_one = 0;
  int precise = 0;
  for (int k = 0; k < 200; ++k) {
    const double count = dice.between(0.05, 1e4);
    const double odds = dice.between(0.001 / 0.999, 999);
    const double mean = odds / (1 + odds);
    const auto customers = static_cast<std::uint64_t>(dice.between(1, 20'000));
    const BetaParameters law{mean * count, (1 - mean) * count};
    const double sd = std::sqrt(mean * (1 - mean) / (count + 1));
    const double cost = 1000 * (mean + 1.5 * sd * (dice() - 0.5));
    below_one += count < 1 ? 1 : 0;
    const Uncertainty found = found_for(model_of({.law = law, .cost = -cost, .gain = 1000}), {customers}, 1024);
    const double expected = offer_by_counting(law, 1000, cost, customers);
    INFO("Beta(" << law.alpha << ", " << law.beta << "), cost " << cost << ", " << customers << " customers");
    REQUIRE(found.evsi[0].value);
    INFO(found.evsi[0].value->mean << " for " << expected << ", error " << *found.evsi[0].value->standard_error);
    const double off = std::abs(found.evsi[0].value->mean - expected);
    const double digits = 1e-6 * expected + 1e-9 * 1000 * sd;
    CHECK(off <= std::max(digits, *found.evsi[0].value->standard_error));
    precise += off <= digits && *found.evsi[0].value->standard_error <= digits ? 1 : 0;
  }
  CHECK(below_one > 20);
  CHECK(precise >= 190);  // a few have been drawn too seldom at one of their ends
}

/// The mean of a value under a beta law, by the trapezoidal rule in ln(p / (1 - p)), which is exact to the last digits.
template <class Value>
double mean_under(const BetaParameters& law, const Value& value) {
  const double peak = std::log(law.alpha / law.beta);
  const double spread = std::sqrt(1 / law.alpha + 1 / law.beta);
  const auto log_height = [&](double t) { return law.alpha * t - (law.alpha + law.beta) * std::log1p(std::exp(t)); };
  double sum = 0;
  double weights = 0;
  for (int k = -300; k <= 300; ++k) {
    const double t = peak + 40 * spread * k / 300;
    if (t > 700) break;
    const double weight = std::exp(log_height(t) - log_height(peak));
    sum += weight * value(1 / (1 + std::exp(-t)));
    weights += weight;
  }
  return sum / weights;
}

TEST_CASE("Pilots: of a value that bends, the error holds what the polynomials cannot follow") {
  for (const BetaParameters& law :
       {BetaParameters{2, 8}, BetaParameters{0.5, 2}, BetaParameters{20, 80}, BetaParameters{0.3, 0.3}}) {
    const auto pays = [](double p) { return 10 / 1.1 / (1 - (1 - p) / 1.1); };  // a year from now on, until the sale
    const double cost = mean_under(law, pays) * 0.95;
    const Model model = model_of({.law = law, .cost = -cost, .pays = 10, .horizon = infinite_horizon, .rate = 0.1});
    const std::vector<std::uint64_t> customers{1, 10, 300};
    const Uncertainty found = found_for(model, customers, 4096);
    for (std::size_t k = 0; k < customers.size(); ++k) {
      const double expected = worth_by_counting(
          law, customers[k], [&](const BetaParameters& after) { return mean_under(after, pays) - cost; });
      const Estimate worth = found.evsi[k].value.value();
      INFO("Beta(" << law.alpha << ", " << law.beta << "), " << customers[k] << " customers: " << worth.mean << " for "
                   << expected << ", error " << *worth.standard_error);
      CHECK(std::abs(worth.mean - expected) <= 2 * *worth.standard_error + 1e-9);
      CHECK(*worth.standard_error < 0.1 * expected + 0.01);
    }
  }
}

TEST_CASE("Pilots: beside another number that is not known, the error holds the truth") {
  const BetaParameters law{5, 95};
  Number cost = -50;
  cost.uncertain = Distribution{DistributionKind::normal, StandardDeviation{30}};
  const double expected = offer_by_counting(law, 1000, 50, 400);
  int far = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Uncertainty found = found_for(model_of({.law = law, .cost = cost, .gain = 1000}), {400}, 256, seed);
    const Estimate worth = found.evsi[0].value.value();
    far += std::abs(worth.mean - expected) > 2 * *worth.standard_error ? 1 : 0;
    CHECK(std::abs(worth.mean - expected) < 4 * *worth.standard_error);
    CHECK(*worth.standard_error < expected);
  }
  CHECK(far <= 4);
}

TEST_CASE("Pilots: can be asked of every beta law, by sd as by count, and what cannot be is said") {
  Number by_sd = 0.05;
  by_sd.uncertain = Distribution{DistributionKind::beta, StandardDeviation{std::sqrt(0.05 * 0.95 / 101)}};
  ModelBuilder builder{"two", Period::year, Horizon{1}};
  Number cash_flow = -50;
  cash_flow.uncertain = Distribution{DistributionKind::normal, StandardDeviation{1e-9}};
  Number flat = 0.5;
  flat.uncertain = Distribution{DistributionKind::uniform, StandardDeviation{0.1}};
  Lever door{.name = "door",
             .kind = LeverKind::acquisition,
             .spend_per = SpendPer::period,
             .effects = {moves_arrivals("guest").towards(0).table({{0, 0}, {1e-12, 1}})}};
  builder.state("guest", Stage::servicing, {.cash_flow = cash_flow})
      .state("sold", Stage::servicing)
      .transition("guest", "sold", by_sd, {.cash_flow = 1000})
      .transition("sold", "guest", flat)
      .arrivals("guest", once(1))
      .lever(door)
      .scenario("go", SpendLevels{})
      .scenario("stop", {{"door", 1e-12}});
  const Model model = builder.build();
  UncertaintyOptions options{.draws = 4096, .threads = 1};
  const Uncertainty found = uncertainty(model, std::vector{model.scenarios()[0], model.scenarios()[1]}, options);
  REQUIRE(found.evsi.size() == 3);
  CHECK(found.evsi[0].pilot.number == "transition guest -> sold");
  CHECK(std::abs(found.evsi[1].value->mean / offer_by_counting({5, 95}, 1000, 50, 400) - 1) < 1e-3);
  REQUIRE(found.not_piloted.size() == 2);
  CHECK(found.not_piloted[0].number == "transition sold -> guest");
  CHECK(found.not_piloted[0].reason.find("uniform") != std::string::npos);
  CHECK(found.not_piloted[1].number == "state guest, cash_flow");
  CHECK(found.not_piloted[1].reason.find("money") != std::string::npos);
}

TEST_CASE("Pilots: of a million customers tell as much as knowing") {
  const BetaParameters law{0.4, 3};
  const Uncertainty found = found_for(model_of({.law = law, .cost = -100, .gain = 1000}), {1'000'000}, 4096);
  const double mean = 0.4 / 3.4;
  const boost::math::beta_distribution<double> before{0.4, 3};
  const boost::math::beta_distribution<double> next{1.4, 3};
  const double knowing = 1000 * mean * cdf(complement(next, 0.1)) - 100 * cdf(complement(before, 0.1));
  CHECK(std::abs(found.evsi[0].value->mean / (knowing - (1000 * mean - 100)) - 1) < 1e-4);
}

}  // namespace tenure::test::pilots
