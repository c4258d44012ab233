// The distribution engine against the list of everything that can happen, against closed forms, and against itself
// where two questions must have related answers. What it promises is a bracket, so that is what is tested: with e =
// error and q = probability_error, F(x - e) - q <= cdf(x) <= F(x + e) + q.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/all_paths.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "support/problems.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/arrival.hpp"
#include "tenure/engine/detail/distribution/error_ledger.hpp"
#include "tenure/engine/detail/distribution/horizon.hpp"
#include "tenure/engine/distribution.hpp"
#include "tenure/engine/exact.hpp"

namespace tenure::test::distribution {

/// What is true of a value that has few outcomes.
class Listed {
 public:
  void add(const Chain& chain, const Entry& entry, long double share) {
    for_each_path(chain, entry.state, entry.period, *chain.horizon, [&](const Path& path) {
      outcomes_.push_back({path.value, share * path.probability});
    });
    std::sort(outcomes_.begin(), outcomes_.end());
  }
  [[nodiscard]] long double at_most(long double x) const {
    long double probability = 0;
    for (const auto& [value, share] : outcomes_) probability += value <= x ? share : 0;
    return probability;
  }
  [[nodiscard]] long double mean_of(auto function) const {
    long double sum = 0;
    for (const auto& [value, share] : outcomes_) sum += share * function(value);
    return sum;
  }
  [[nodiscard]] const std::vector<std::pair<long double, long double>>& outcomes() const { return outcomes_; }

 private:
  std::vector<std::pair<long double, long double>> outcomes_{};  ///< value, probability
};

Listed listed(const Chain& chain, const std::vector<Entry>& entries) {
  long double total = 0;
  for (const Entry& entry : entries) total += static_cast<long double>(entry.weight);
  Listed all;
  for (const Entry& entry : entries) all.add(chain, entry, static_cast<long double>(entry.weight) / total);
  return all;
}

/// Whether the promise is kept at every outcome, and just beside it.
bool keeps_promise(const ValueDistribution& law, const Listed& truth) {
  const long double e = law.error;
  const long double q = static_cast<long double>(law.probability_error) + 1e-15L;
  std::vector<double> places{law.minimum, law.maximum, 0};
  for (const auto& [value, share] : truth.outcomes()) {
    const auto v = static_cast<double>(value);
    places.insert(places.end(), {v - law.error, v, v + law.error, v - 1e-9 * (1 + std::abs(v))});
  }
  return std::all_of(places.begin(), places.end(), [&](double x) {
    const long double claimed = law.cdf(x);
    return truth.at_most(static_cast<long double>(x) - e) - q <= claimed &&
           claimed <= truth.at_most(static_cast<long double>(x) + e) + q;
  });
}

/// Whether each quantile's range holds the true one, up to the rounding of its ends.
bool holds_quantiles(const ValueDistribution& law, const Listed& truth) {
  for (const double p : {1e-6, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1 - 1e-6}) {
    long double quantile = truth.outcomes().back().first;
    long double before = 0;
    for (const auto& [value, share] : truth.outcomes()) {
      before += share;
      if (before < static_cast<long double>(p) * (1 - 1e-13L)) continue;
      quantile = value;
      break;
    }
    const ProvedRange range = law.quantile_range(p);
    const long double slack = 1e-13L * std::max(std::abs(law.minimum), std::abs(law.maximum));
    if (!(range.low - slack <= quantile && quantile <= range.high + slack)) return false;
    if (!(range.low <= law.quantile(p) && law.quantile(p) <= range.high)) return false;
  }
  return true;
}

/// One to three states, up to eight periods, everything that changes with time and all kinds of amounts.
Chain short_chain(std::uint64_t seed) {
  Mixing mixing{seed};
  SeededOptions options{
      .states = 1 + mixing.below(3), .distinct_periods = 1 + mixing.below(3), .head = mixing.below(3)};
  options.referrals = mixing.chance(0.5);
  ChainParts parts = seeded_chain(mixing, options);
  parts.horizon = static_cast<std::int64_t>(mixing.below(options.states == 3 ? 7 : 9));
  const double discounts[]{0.3, 0.9, 1, 1.05};
  if (mixing.chance(0.5)) parts.discount_factor = discounts[mixing.below(4)];
  const double scales[]{1, 1, 1e-9, 1e9};
  const double scale = scales[mixing.below(4)];
  for (PeriodParts& period : parts.periods) {
    for (double& amount : period.cash_flow) amount *= scale;
    for (std::vector<double>& row : period.cash_of_moves) {
      for (double& amount : row) amount *= scale;
    }
  }
  for (SpendStream& stream : parts.streams) stream.level *= scale;
  return chain_of(parts);
}

std::vector<Entry> seeded_entries(const Chain& chain, Mixing& mixing) {
  std::vector<Entry> entries;
  for (std::size_t k = 1 + mixing.below(3); k-- > 0;) {
    const auto period = static_cast<std::int64_t>(mixing.below(static_cast<std::size_t>(*chain.horizon) + 1));
    entries.push_back({static_cast<StateIndex>(mixing.below(chain.states())), mixing.chance(0.5) ? 0 : period,
                       mixing.between(0.1, 9)});
  }
  return entries;
}

/// Seven states of customers and one of those who have left: much the same each month, moves now and then.
Chain shop(Horizon horizon, double discount = 0.992) {
  const Matrix moves{{0.86, 0.09, 0.03, 0.02, 0, 0, 0, 0},   {0.01, 0.92, 0.05, 0.01, 0.01, 0, 0, 0},
                     {0, 0.07, 0.85, 0, 0.05, 0, 0.03, 0},   {0.12, 0.06, 0, 0.72, 0.1, 0, 0, 0},
                     {0, 0, 0.09, 0, 0.8, 0.05, 0.02, 0.04}, {0, 0, 0, 0, 0.04, 0.9, 0.03, 0.03},
                     {0, 0.1, 0.15, 0, 0, 0, 0.55, 0.2},     {0, 0, 0, 0, 0, 0, 0, 1}};
  return chain_of(constant_chain(moves, {190, 55.3, 21, -17, 6.1, 0, -31, 0}, discount, horizon));
}

/// A margin at the start of each period, kept with a probability.
Chain kept(double retention, double margin, double discount, Horizon horizon) {
  return chain_of(constant_chain({{retention, 1 - retention}, {0, 1}}, {margin, 0}, discount, horizon));
}

TEST_CASE("Distribution: all paths of short chains lie within what is promised") {
  int uncertain = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const Chain chain = short_chain(seed);
    Mixing mixing{seed + 1000};
    const std::vector<Entry> entries = seeded_entries(chain, mixing);
    const Listed truth = listed(chain, entries);
    for (const double error : {0.3, 0.003}) {
      CAPTURE(seed, error);
      const ValueDistribution law = value_distribution(chain, entries, {.error = error});
      CHECK(keeps_promise(law, truth));
      CHECK(holds_quantiles(law, truth));
      const auto scale = static_cast<double>(truth.mean_of([](long double v) { return std::abs(v); }));
      CHECK_THAT(law.mean, close_to_on_scale(static_cast<double>(truth.mean_of([](long double v) { return v; })),
                                             scale + 1e-300, 1e-11));
      CHECK(law.error <= error * law.sd + 1e-12 * tenure::detail::largest_amount(chain));
      CHECK_THAT(law.minimum,
                 close_to_on_scale(static_cast<double>(truth.outcomes().front().first), scale + 1e-300, 1e-12));
      CHECK_THAT(law.maximum,
                 close_to_on_scale(static_cast<double>(truth.outcomes().back().first), scale + 1e-300, 1e-12));
      const auto e = static_cast<long double>(law.error);
      CHECK(law.share_negative >= static_cast<double>(truth.at_most(-e * (1 + 1e-9L) - 1e-300L)) - 1e-8);
      CHECK(law.share_negative <= static_cast<double>(truth.at_most(e)) + 1e-8);
      uncertain += law.sd > 1e-9 * scale ? 1 : 0;
    }
  }
  CHECK(uncertain > 300);  // the test is about something
}

TEST_CASE("Distribution: moments are those of the exact engine") {
  for (const double discount : {0.95, 0.992, 1.0, 1.002}) {
    const Chain chain = shop(120, discount);
    const ExactValue exact = exact_value(chain);
    for (StateIndex i = 0; i < 7; ++i) {
      CAPTURE(discount, i);
      const ValueDistribution law = value_distribution(chain, entry_at(i));
      CHECK_THAT(law.mean, close_to_on_scale(*exact.states[i].clv, *exact.states[i].clv_sd, 1e-8));
      CHECK_THAT(law.sd, close_to(*exact.states[i].clv_sd, 1e-4));
      CHECK_THAT(*law.skewness, Catch::Matchers::WithinAbs(*exact.states[i].clv_skewness, 3e-4));
      CHECK(law.error <= 0.003 * *exact.states[i].clv_sd);
      CHECK(law.probability_error < 1e-8);
      CHECK(law.cumulative.back() == 1);
      CHECK(std::is_sorted(law.value.begin(), law.value.end()));
      CHECK(law.horizon == 120);
    }
    const ValueDistribution absorbed = value_distribution(chain, entry_at(7));
    CHECK(absorbed.value == std::vector<double>{0});
    CHECK(absorbed.sd == 0);
    CHECK_FALSE(absorbed.skewness.has_value());
  }
}

TEST_CASE("Distribution: a finer answer lies within the coarse one, and errors are far smaller than their bounds") {
  const Chain chain = shop(240);
  const ValueDistribution fine = value_distribution(chain, entry_at(0), {.error = 0.001});
  for (const double error : {0.5, 0.1, 0.02, 0.005}) {
    const ValueDistribution coarse = value_distribution(chain, entry_at(0), {.error = error});
    CAPTURE(error, coarse.error, coarse.step);
    CHECK(coarse.error <= error * coarse.sd * 1.01);
    CHECK(coarse.error > fine.error);
    for (const double p : {0.001, 0.01, 0.1, 0.3, 0.5, 0.8, 0.95, 0.999}) {
      CHECK(std::abs(coarse.quantile(p) - fine.quantile(p)) <= coarse.error + fine.error);
      CHECK(std::abs(coarse.quantile(p) - fine.quantile(p)) <= 0.1 * coarse.error + coarse.step);
    }
  }
}

TEST_CASE("Distribution: whole amounts without discounting are exact, here a geometric lifetime") {
  const double p = 0.9;
  const ValueDistribution law = value_distribution(kept(p, 7, 1, 50), entry_at(0));
  CHECK(law.error < 1e-9);
  CHECK(law.minimum == 7);
  CHECK(law.maximum == 350);
  for (int n = 1; n < 50; ++n) {
    CHECK_THAT(law.cdf(7 * n), close_to(1 - std::pow(p, n), 1e-11));
    CHECK_THAT(law.cdf(7 * n - 1), close_to_on_scale(1 - std::pow(p, n - 1), 1, 1e-11));
  }
  CHECK(law.cdf(350) == 1);
  CHECK(law.quantile(0.5) == 49);  // the first n with 0.9^n <= 0.5
  CHECK(law.quantile(0) == 7);
  CHECK(law.quantile(1) == 350);
  CHECK(law.share_negative == 0);
}

TEST_CASE("Distribution: a discounted geometric lifetime has the quantiles of its length") {
  const double p = 0.95;
  const double d = 0.97;
  const auto worth = [&](int periods) { return 40 * (1 - std::pow(d, periods)) / (1 - d); };
  for (const Horizon horizon : {Horizon{}, Horizon{1000}}) {
    const ValueDistribution law = value_distribution(kept(p, 40, d, horizon), entry_at(0));
    for (int n = 1; n < 60; ++n) {
      const double share = 1 - std::pow(p, n);
      CAPTURE(n, law.error);
      CHECK(std::abs(law.quantile(share - 0.5 * std::pow(p, n) * (1 - p) / p) - worth(n)) <= law.error);
      CHECK(law.quantile_range(share).low <= worth(n));
      CHECK(law.quantile_range(share).high >= worth(n));
    }
    CHECK(law.error <= 0.003 * law.sd);
    CHECK_THAT(law.maximum, close_to(40 / (1 - d), 1e-4));
  }
}

TEST_CASE("Distribution: lives that never bring or cost anything are exactly 0") {
  // half of them turn away at once, the others cost something first and earn later
  const Matrix moves{{0, 0.5, 0.5}, {0, 0.8, 0.2}, {0, 0, 1}};
  Chain chain = chain_of(constant_chain(moves, {0, 10.1, 0}, 0.99, 36));
  ValueDistribution law = value_distribution(chain, entry_at(0));
  CHECK_THAT(law.cdf(0), close_to(0.5, 1e-14));
  CHECK(law.cdf(-1e-300) == 0);
  CHECK(law.quantile(0.5) == 0);
  CHECK(law.quantile(0.5001) > 9.9);
  CHECK(law.share_negative == 0);
  CHECK(std::count(law.value.begin(), law.value.end(), 0) == 1);
  // what is paid at entry moves the atom, and all of it is negative then
  chain = chain_of(constant_chain(moves, {-3.3, 10.1, 0}, 0.99, 36));
  law = value_distribution(chain, entry_at(0));
  CHECK_THAT(law.share_negative, close_to(0.5, 1e-12));
  CHECK(std::abs(law.quantile(0.25) + 3.3) <= law.error);
  CHECK(law.quantile(0.5) < 0);
  CHECK(law.quantile(0.51) > 6);
}

TEST_CASE("Distribution: a certain life is one point, wherever it leads") {
  ChainParts parts = constant_chain({{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}, {0.1, -7.7, 1e5}, 0.9, 100);
  parts.periods[0].cash_of_moves = {{0, 0.3, 0}, {0, 0, 0}, {0, 0, 0}};
  const Chain chain = chain_of(parts);
  const ExactValue exact = exact_value(chain);
  for (StateIndex i = 0; i < 3; ++i) {
    const ValueDistribution law = value_distribution(chain, entry_at(i));
    CHECK(law.value == std::vector<double>{*exact.states[i].clv});
    CHECK(law.sd == 0);
    CHECK_FALSE(law.skewness.has_value());
    for (const double p : {0.0, 0.01, 0.5, 0.99, 1.0})
      CHECK_THAT(law.quantile(p), close_to(*exact.states[i].clv, 1e-13));
    CHECK(law.error <= 1e-10 * *exact.states[i].clv);
    const ProbabilityBins bins = law.bins(40);
    REQUIRE(bins.probability.size() == 1);
    CHECK(bins.probability.front() == 1);
  }
}

TEST_CASE("Distribution: nothing and little to look at") {
  const ValueDistribution nothing = value_distribution(kept(0.5, 100, 0.9, 0), entry_at(0));
  CHECK(nothing.value == std::vector<double>{0});
  CHECK(nothing.error == 0);
  const ValueDistribution once = value_distribution(kept(0.5, 100, 0.9, 1), entry_at(0));
  CHECK(once.value == std::vector<double>{100});
  CHECK(once.minimum == 100);
  const ValueDistribution at_end = value_distribution(kept(0.5, 100, 0.9, 7), Entry{0, 7, 1});
  CHECK(at_end.value == std::vector<double>{0});
}

TEST_CASE("Distribution: amounts twice as large are worth twice as much, to the last bit") {
  const auto scaled = [](double factor) {
    Chain chain = shop(60);
    std::vector<double> amounts = chain.cash_flow.at(0);
    for (double& amount : amounts) amount *= factor;
    chain.cash_flow = Timeline<std::vector<double>>{amounts};
    return value_distribution(chain, entry_at(0));
  };
  const ValueDistribution one = scaled(1);
  for (const double factor : {2.0, 0x1p-40, 0x1p90}) {
    const ValueDistribution other = scaled(factor);
    REQUIRE(other.value.size() == one.value.size());
    CHECK(other.cumulative == one.cumulative);
    CHECK(same_bits(other.sd, factor * one.sd));
    CHECK(same_bits(other.error, factor * one.error));
    CHECK(same_bits(other.quantile(0.3), factor * one.quantile(0.3)));
  }
  for (const double factor : {1e-9, 1e9, 3e80}) {
    const ValueDistribution other = scaled(factor);
    CHECK_THAT(other.mean, close_to(factor * one.mean, 1e-8));
    CHECK(std::abs(other.quantile(0.3) - factor * one.quantile(0.3)) <= other.error + factor * one.error);
  }
  const ValueDistribution negative = scaled(-1);
  CHECK(std::abs(negative.quantile(0.7) + one.quantile(0.3)) <= negative.error + one.error);
  CHECK_THAT(negative.share_negative, Catch::Matchers::WithinAbs(1 - one.share_negative, 1e-3));
}

TEST_CASE("Distribution: several entries are a mixture, each life in the money of its own entry") {
  const Chain chain = shop(90, 0.97);
  const std::vector<Entry> entries{{0, 0, 2}, {4, 30, 1}, {3, 80, 4}, {7, 12, 1}};
  const ValueDistribution mixed = value_distribution(chain, entries);
  std::vector<ValueDistribution> alone;
  for (const Entry& entry : entries) alone.push_back(value_distribution(chain, entry));
  double mean = 0;
  double square = 0;
  for (std::size_t k = 0; k < entries.size(); ++k) {
    mean += entries[k].weight / 8 * alone[k].mean;
    square += entries[k].weight / 8 * (alone[k].sd * alone[k].sd + alone[k].mean * alone[k].mean);
  }
  CHECK_THAT(mixed.mean, close_to(mean, 1e-9));
  CHECK_THAT(mixed.sd, close_to(std::sqrt(square - mean * mean), 1e-4));
  CHECK_THAT(mixed.cdf(0) - mixed.cdf(-1e-9),
             Catch::Matchers::WithinAbs(0.125, 5e-3));  // who enters where nothing comes
  for (double x = -60; x < 6000; x += 37) {
    double low = 0;
    double high = 0;
    for (std::size_t k = 0; k < entries.size(); ++k) {
      low += entries[k].weight / 8 * alone[k].cdf(x - mixed.error - alone[k].error);
      high += entries[k].weight / 8 * alone[k].cdf(x + mixed.error + alone[k].error);
    }
    CHECK(low - 1e-8 <= mixed.cdf(x));
    CHECK(mixed.cdf(x) <= high + 1e-8);
  }
}

TEST_CASE("Distribution: entries that discounting has made worthless still count in their own money") {
  const Chain chain = kept(0.8, 10, 0.5, 3000);  // 0.5^2900 is no double
  const std::vector<Entry> entries{{0, 0, 1}, {0, 40, 1}, {0, 2900, 1}};
  const ValueDistribution one = value_distribution(chain, entries.front());
  const ValueDistribution three = value_distribution(chain, entries);
  CHECK_THAT(three.mean, close_to(one.mean, 1e-9));
  CHECK_THAT(three.sd, close_to(one.sd, 1e-3));
  for (const double p : {0.1, 0.3, 0.45, 0.9}) {
    CHECK(std::abs(three.quantile(p) - one.quantile(p)) <= three.error + one.error);
  }
}

TEST_CASE("Distribution: those who arrive bring the customer equity, on average") {
  ChainParts parts = constant_chain({{0.7, 0.2, 0.1}, {0.1, 0.6, 0.3}, {0, 0, 1}}, {30, -4, 0}, 0.95, 40);
  parts.arrivals = {{0, 0, {5, 0, 3}, 1.1}, {1, 1, {2}, 1}, {0, 1, {0, 1, 1, 0}, 1}};
  const Chain chain = chain_of(parts);
  const std::vector<Entry> entries = arrivals_of_chain(chain);
  const BusinessValue business = *exact_value(chain).business;
  const double people = business.channels[0].people + business.channels[1].people;
  CHECK_THAT(value_distribution(chain, entries).mean, close_to(business.customer_equity / people, 1e-9));
}

TEST_CASE("Distribution: for ever, as far as it matters") {
  const ValueDistribution discounted = value_distribution(shop(infinite_horizon), entry_at(0));
  const ExactValue exact = exact_value(shop(infinite_horizon));
  CHECK_THAT(discounted.mean, close_to(*exact.states[0].clv, 1e-6));
  CHECK_THAT(discounted.sd, close_to(*exact.states[0].clv_sd, 1e-4));
  CHECK(discounted.error <= 0.003 * discounted.sd);
  CHECK(discounted.horizon > 240);
  const ValueDistribution undiscounted = value_distribution(kept(0.9, 7, 1, infinite_horizon), entry_at(0));
  CHECK(undiscounted.quantile(0.5) == 49);
  CHECK_THAT(undiscounted.mean, close_to(70, 1e-8));
  CHECK(undiscounted.horizon > 100);
  CHECK(undiscounted.horizon < 1000);
  // a certain annuity has no standard deviation to measure what is left out by
  const ValueDistribution annuity = value_distribution(chain_of(constant_chain({{1}}, {7}, 0.9)), entry_at(0));
  CHECK_THAT(annuity.quantile(0.5), close_to(70, 1e-13));
  CHECK(annuity.error < 1e-10);
  // entries may lie far apart
  const std::vector<Entry> entries{{0, 500, 1}, {0, 0, 1}};
  CHECK_THAT(value_distribution(kept(0.5, 8, 0.9, infinite_horizon), entries).mean, close_to(8 / (1 - 0.45), 1e-6));
}

TEST_CASE("Distribution: rare large amounts do not need the room of all that is attainable") {
  // 100 000 periods' worth of luck is attainable, and never seen
  const Chain chain = chain_of(constant_chain({{0.999, 0.001}, {1, 0}}, {1, 5000}, 0.999, 500));
  const ValueDistribution law = value_distribution(chain, entry_at(0), {.error = 0.002});
  const ExactValue exact = exact_value(chain);
  CHECK_THAT(law.mean, close_to(*exact.states[0].clv, 1e-8));
  CHECK_THAT(law.sd, close_to(*exact.states[0].clv_sd, 1e-5));
  CHECK(law.value.back() < 0.2 * law.maximum);
}

TEST_CASE("Distribution: bins hold everything and are equally wide") {
  const ValueDistribution law = value_distribution(shop(60), entry_at(0));
  for (const ProbabilityBins& bins : {law.bins(40), law.bins(7, -100, 1000), law.bins(5, 1e6, 2e6)}) {
    REQUIRE(bins.edges.size() == bins.probability.size() + 1);
    double total = bins.below + bins.above;
    for (std::size_t k = 0; k < bins.probability.size(); ++k) {
      CHECK(bins.probability[k] >= 0);
      CHECK_THAT(bins.edges[k + 1] - bins.edges[k], close_to(bins.edges[1] - bins.edges[0], 1e-9));
      total += bins.probability[k];
    }
    CHECK_THAT(total, close_to(1, 1e-12));
  }
  const ProbabilityBins middle = law.bins(40);
  CHECK_THAT(middle.below, Catch::Matchers::WithinAbs(0.001, 1e-3));
  CHECK_THAT(middle.above, Catch::Matchers::WithinAbs(0.001, 1e-3));
  // an outcome on an edge belongs to the bin above, on the last edge to the last bin
  const ValueDistribution whole = value_distribution(kept(0.5, 1, 1, 4), entry_at(0));  // 1, 2, 3, 4
  const ProbabilityBins sharp = whole.bins(3, 1, 4);
  CHECK(sharp.probability == std::vector<double>{0.5, 0.25, 0.25});
  CHECK(sharp.below == 0);
  CHECK(sharp.above == 0);
}

TEST_CASE("Distribution: what means nothing is refused, with everything that is wrong") {
  const Chain chain = kept(0.5, 1, 1, 4);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Entry> wrong{{2, 0, 1}, {0, 5, 1}, {0, -1, 1}, {0, 0, 0}, {0, 0, nan}};
  const std::vector<Problem> problems =
      problems_of<ModelError>([&] { return value_distribution(chain, wrong, {.error = nan, .work = 0}); });
  CHECK(codes_of(problems) ==
        std::vector<std::string>{"unknown-state", "period", "period", "weight", "weight", "error", "work"});
  CHECK(says(problems, "unknown-state", "entries[0]: there is no state 2"));
  CHECK(says(problems, "period", "period 5 is outside the horizon"));
  CHECK(says(problems, "error", "give a number above 0 and at most 1"));
  CHECK(says(problems_of<ModelError>([&] { return value_distribution(chain, std::vector<Entry>{}); }), "entries",
             "there are none"));
  const ValueDistribution law = value_distribution(chain, entry_at(0));
  for (const double p : {-0.1, 1.1, nan}) {
    CHECK(says(problems_of<ModelError>([&] { return law.quantile(p); }), "probability", "is not a probability"));
  }
  CHECK(law.cdf(nan) == 0);
}

TEST_CASE("Distribution: too much work, endless values and overflow are refused before the work begins") {
  CHECK(says(
      problems_of<LimitError>([] { return value_distribution(shop(240), entry_at(0), {.error = 0.001, .work = 1e7}); }),
      "work", "are allowed; allow a larger error"));
  CHECK(says(problems_of<LimitError>([] { return value_distribution(shop(9'000'000), entry_at(0), {.work = 1e7}); }),
             "work", "thousand million operations"));
  CHECK(says(problems_of<LimitError>([] {
               return value_distribution(shop(infinite_horizon, 1 - 1e-9), Entry{0, 0, 1}, {.work = 1e6});
             }),
             "horizon", "give a finite horizon"));
  CHECK(says(problems_of<DivergentError>(
                 [] { return value_distribution(chain_of(constant_chain({{1}}, {1}, 1)), entry_at(0)); }),
             "divergent", ""));
  CHECK(says(problems_of<DivergentError>([] {
               return value_distribution(chain_of(constant_chain({{0.9, 0.1}, {0, 1}}, {1, 0}, 2, 2000)), entry_at(0));
             }),
             "overflow", "shorten the horizon"));
}

TEST_CASE("Distribution: the ledger's exponential is never too small and hardly too large") {
  for (int k = -2500; k <= 2500; ++k) {
    const double x = k / 100.0;
    const double ratio = tenure::detail::at_least_exponential(x) / exponential(x);
    CHECK(ratio >= 1);
    CHECK(ratio < 1 + 2e-6);
  }
}

TEST_CASE("Entries: all who arrive, discounted, each state and period once") {
  ChainParts parts = constant_chain({{1, 0}, {0, 1}}, {0, 0}, 0.5, 3);
  parts.arrivals = {{1, 0, {1, 2}, 2}, {0, 1, {0, 4}, 1}, {1, 1, {3, 0}, 1}, {0, 1, {}, 1}};
  const std::vector<Entry> entries = arrivals_of_chain(chain_of(parts));
  const std::vector<Entry> expected{
      {1, 0, 4.0 / 9}, {0, 1, 2.0 / 9}, {1, 1, 1.0 / 9}, {0, 2, 1.0 / 9}, {1, 2, 1.0 / 9}};
  CHECK(entries == expected);
  parts.arrivals.clear();
  CHECK(arrivals_of_chain(chain_of(parts)).empty());
  CHECK(entry_at(3) == Entry{3, 0, 1});
}

TEST_CASE("Entries: without a horizon, those who arrive once") {
  ChainParts parts = constant_chain({{1, 0}, {0, 1}}, {0, 0}, 0.5);
  parts.arrivals = {{1, 0, {1, 0}, 1}, {0, 1, {0, 4, 0}, 1}, {1, 1, {0, 0, 4, 0}, 3}};
  const std::vector<Entry> expected{{1, 0, 0.25}, {0, 1, 0.5}, {1, 2, 0.25}};
  CHECK(arrivals_of_chain(chain_of(parts)) == expected);
}

TEST_CASE("Entries: endless and overflowing ones are refused") {
  ChainParts parts = constant_chain({{1}}, {0}, 1);
  parts.arrivals = {{0, 0, {1}, 1}};
  CHECK(says(problems_of<LimitError>([&] { return arrivals_of_chain(chain_of(parts)); }), "horizon", "--from STATE"));
  parts.horizon = 10'000'000'000;
  CHECK(says(problems_of<LimitError>([&] { return arrivals_of_chain(chain_of(parts)); }), "memory", "GB"));
  parts.horizon = 5000;
  parts.arrivals = {{0, 0, {1}, 2}};
  CHECK(says(problems_of<DivergentError>([&] { return arrivals_of_chain(chain_of(parts)); }), "overflow", "growth"));
}

}  // namespace tenure::test::distribution
