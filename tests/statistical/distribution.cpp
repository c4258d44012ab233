// Whether single lives are spread as the distribution engine says. Two programs that share no code but the chain's
// header: one draws lives, the other carries probabilities back. The distance between n drawn values and their law is
// nowhere more than ε but with probability 2 e^(-2nε²) (Dvoretzky, Kiefer and Wolfowitz 1956; Massart 1990), whatever
// the law is, atoms included. ε is chosen for a false alarm of 1e-9 a sample; beside it stand only the error that the
// distribution proves of itself and what the whole numbers of the individual engine round off.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/distribution.hpp"
#include "tenure/engine/individual.hpp"

namespace tenure::test::distribution_of_lives {

constexpr double false_alarm = 1e-9;
constexpr std::uint64_t lives = 1 << 20;

double farthest(double n) { return std::sqrt(std::log(2 / false_alarm) / (2 * n)); }

/// A unit is at most 2^-38 of the widest range of amounts of one period, and each period rounds off half of one; money
/// that is discounted to the first entry grows until the last.
double rounding_of_lives(const Chain& chain, const std::vector<Entry>& entries, std::int64_t periods) {
  const auto late = [](const Entry& a, const Entry& b) { return a.period < b.period; };
  const auto [first, last] = std::minmax_element(entries.begin(), entries.end(), late);
  const double growth = std::pow(chain.discount_factor, static_cast<double>(first->period - last->period));
  double largest = 0;
  for (const Timeline<std::vector<double>>* amounts : {&chain.cash_flow, &chain.transition_cash_flow, &chain.spend}) {
    for (const std::vector<double>& of_period : amounts->distinct()) {
      for (const double amount : of_period) largest = std::max(largest, std::abs(amount));
    }
  }
  const double range = 2 * 3 * largest;  // of both signs, of a state, a move and spend
  return 0x1p-39 * range * static_cast<double>(periods + 1) * std::max(growth, 1.0);
}

/// By how much, as a multiple of what chance and the proved error allow, drawn values are further from a law than they
/// may be: the largest excess of probability over ε at the edges of 4,096 bins. Above 1 is a refusal.
double distance(const ValueSummary& drawn, const ValueDistribution& law, double rounding) {
  const auto n = static_cast<double>(drawn.count());
  const Histogram histogram = drawn.histogram(4'096);
  const double money = law.error + rounding;
  double below = 0;
  double largest = 0;
  for (std::size_t k = 0; k < histogram.edges.size(); ++k) {
    const double x = histogram.edges[k];
    const double next_below = std::nextafter(x, -std::numeric_limits<double>::infinity());
    // F just under x lies between cdf(x - money) less what may be atoms there, and cdf(x + money)
    const double least = law.cdf(next_below - money) - law.probability_error;
    const double most = law.cdf(x + money) + law.probability_error;
    largest = std::max({largest, least - below / n, below / n - most});
    if (k < histogram.counts.size()) below += static_cast<double>(histogram.counts[k]);
  }
  return largest / farthest(n);
}

/// Whether each order statistic lies where quantiles of the law allow it.
bool quantiles_agree(const ValueSummary& drawn, const ValueDistribution& law, double rounding) {
  const double spread = farthest(static_cast<double>(drawn.count()));
  for (const double p : {0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999}) {
    const double seen = drawn.quantile(p).estimate;
    const double low = p - spread > 0 ? law.quantile_range(p - spread).low : law.minimum;
    const double high = p + spread < 1 ? law.quantile_range(p + spread).high : law.maximum;
    if (!(low - rounding <= seen && seen <= high + rounding)) return false;
  }
  return true;
}

/// Lives of one chain, and what their whole numbers may have rounded off.
struct Drawn {
  ValueSummary values{};
  double rounding = 0;
};

Drawn drawn_from(const Chain& chain, const std::vector<Entry>& entries, std::uint64_t people) {
  IndividualResult result =
      simulate_individuals(chain, {.seed = 20'240, .people = people, .entries = entries, .threads = 1});
  return {std::move(result.values), rounding_of_lives(chain, entries, result.periods)};
}

void agree(const Chain& chain, const std::vector<Entry>& entries, std::uint64_t people = lives) {
  const Drawn drawn = drawn_from(chain, entries, people);
  const ValueDistribution law = value_distribution(chain, entries);
  CHECK(drawn.rounding < 1e-6 * law.sd);  // so that it hides nothing
  CHECK(distance(drawn.values, law, drawn.rounding) < 1);
  CHECK(quantiles_agree(drawn.values, law, drawn.rounding));
  CHECK(drawn.values.minimum() >= law.minimum - drawn.rounding);
  CHECK(drawn.values.maximum() <= law.maximum + drawn.rounding);
}

/// Four kinds of customers, a way back, and those who are lost.
ChainParts customers(Horizon horizon, double discount = 0.985) {
  return constant_chain({{0.82, 0.1, 0.05, 0.03, 0},
                         {0.03, 0.88, 0.06, 0, 0.03},
                         {0, 0.15, 0.7, 0.1, 0.05},
                         {0.08, 0, 0, 0.8, 0.12},
                         {0, 0, 0, 0, 1}},
                        {120, 41.5, 13, -9, 0}, discount, horizon);
}

/// The same through a year: every fourth period is dear and few stay, and some moves bring or cost something.
ChainParts seasons(double sojourn = 0.7) {
  ChainParts parts = customers(48);
  PeriodParts season = parts.periods[0];
  season.moves[1] = {0.1, sojourn, 0.05, 0.05, 0.8 - sojourn};
  season.cash_flow = {80, 12.25, -30, -9, 0};
  season.cash_of_moves = square(5);
  season.cash_of_moves[1][0] = 250;
  season.cash_of_moves[2][4] = -45.5;
  parts.periods[0].cash_of_moves = square(5);
  parts.periods[0].cash_of_moves[3][0] = 33;
  parts.periods.push_back(season);
  parts.course = {0, 0, 0, 1};
  parts.repeats_from = 0;
  parts.timing = CashFlowTiming::middle;
  return parts;
}

TEST_CASE("Lives and their distribution: a constant chain, to a horizon and for ever") {
  for (const StateIndex state : {0U, 3U}) {
    CAPTURE(state);
    agree(chain_of(customers(60)), {entry_at(state)});
  }
  agree(chain_of(customers(infinite_horizon, 0.9)), {entry_at(0)});
}

TEST_CASE("Lives and their distribution: rows, money and moves that change with the season, spend for some time") {
  ChainParts parts = seasons();
  agree(chain_of(parts), {entry_at(1)});
  parts.streams = {{.per_person = true, .states = {0, 1}, .from = 5, .until = 21, .level = 17}};
  agree(chain_of(parts), {entry_at(1)});
  parts.timing = CashFlowTiming::end;
  agree(chain_of(parts), {{1, 7, 1}});
}

TEST_CASE("Lives and their distribution: whole amounts without discounting, all probability in atoms") {
  agree(chain_of(constant_chain({{0.6, 0.3, 0.1}, {0.2, 0.5, 0.3}, {0, 0, 1}}, {5, -2, 0}, 1, 30)), {entry_at(0)});
}

TEST_CASE("Lives and their distribution: several entries, early and late, and those of arrivals") {
  agree(chain_of(seasons()), {{0, 0, 2}, {3, 11, 1}, {1, 30, 4}, {4, 12, 0.5}});
  ChainParts parts = seasons();
  parts.arrivals = {{1, 0, {30, 0, 12.5}, 1.02}, {3, 1, {2}, 1}, {0, 1, {0, 1, 1, 0}, 1}};
  const Chain chain = chain_of(parts);
  agree(chain, arrivals_of_chain(chain));
}

TEST_CASE("Lives and their distribution: many chains with all features") {
  constexpr std::uint64_t chains = 40;  // together a false alarm of 4e-8
  int with_spread = 0;
  for (std::uint64_t seed = 1; seed <= chains; ++seed) {
    CAPTURE(seed);
    Mixing mixing{seed};
    ChainParts parts = seeded_chain(
        mixing, {.states = 2 + mixing.below(5), .distinct_periods = 1 + mixing.below(3), .referrals = false});
    parts.horizon = 2 + static_cast<std::int64_t>(mixing.below(24));
    const Chain chain = chain_of(parts);
    const std::vector<Entry> entries{entry_at(0), {static_cast<StateIndex>(chain.states() - 1), 1, 0.6}};
    if (value_distribution(chain, entries).sd == 0) continue;
    agree(chain, entries, lives / 16);
    ++with_spread;
  }
  CHECK(with_spread > 30);
}

// What moves some probability by more than half a per cent must be seen, as ε is 0.32 %.
TEST_CASE("Lives and their distribution: a law that is a little wrong is refused") {
  const std::vector<Entry> entries{entry_at(1)};
  const Drawn drawn = drawn_from(chain_of(seasons()), entries, lives);
  const auto law_of = [&](const ChainParts& parts) { return value_distribution(chain_of(parts), entries); };
  const auto refused = [&](const ChainParts& wrong) {
    return distance(drawn.values, law_of(wrong), drawn.rounding) > 1;
  };
  CHECK_FALSE(refused(seasons()));
  CHECK(refused(seasons(0.69)));  // one in a hundred stays less, every fourth period
  ChainParts wrong = seasons();
  wrong.course = {0, 0, 1, 0};  // the season comes a month too soon
  CHECK(refused(wrong));
  wrong = seasons();
  wrong.periods[1].cash_of_moves[1][0] = 150;
  CHECK(refused(wrong));
  wrong = seasons();
  wrong.timing = CashFlowTiming::start;  // half a month of interest
  CHECK(refused(wrong));
  wrong = seasons();
  wrong.horizon = 40;
  CHECK(refused(wrong));
  CHECK(quantiles_agree(drawn.values, law_of(seasons()), drawn.rounding));
  CHECK_FALSE(quantiles_agree(drawn.values, law_of(seasons(0.66)), drawn.rounding));  // nine quantiles see less
}

}  // namespace tenure::test::distribution_of_lives
