// Whether simulated lives have the law that the exact engine computes: a family of chains (support/chain_family.hpp),
// some thousands of lives in each, and five verdicts on the family as a whole, because what is wrong with luck shows in
// no single mean.
//
//   1. each mean, each variance and each share of people in a state, by itself;
//   2. sums of squares: people who share their draws stray too far, all of them a little;
//   3. sums: chains that share their draws, and small biases of one sign, stray together;
//   4. the whole law of what was seen: a wrong standard deviation;
//   5. moves: every row by chi-square, and what is impossible was never seen.
//
// False alarms. A true engine is refused with a probability of at most 1e-9, whatever the chains and seeds are: that is
// divided among the judgements, and within one equally among its statistics (Bonferroni). All laws are exact or bounds:
//
// - How many of n people are in a state, and how many of those who are somewhere move on to j, given who moved to the
//   successors listed before j, are binomial; normal_score makes each an exactly normal number. Given all earlier
//   periods and rows the law of the next is known, so the scores of all moves are independent: their sum is normal,
//   their squares are chi-square, a row's by themselves with one degree of freedom for each choice, no matter how rare.
// - The mean of values has the exact engine's mean and variance; it is judged by Bernstein's inequality with the range
// of
//   values, and so are sums of such means over chains. The variance is judged as the mean of squares about the exact
//   mean, whose own variance is (κ - 1)σ⁴/n with the kurtosis κ that the recursion below computes.
// - Squares of the means' z are judged after cutting them at 16: that lowers their mean, 1, and their variance,
//   2 + (κ - 3)/n, and lets Bernstein's inequality be used upwards.
// - A mean's z is not normal, but its distribution function is within 0.4748 √κ/√n of the normal one (Shevtsova 2011,
//   with Lyapunov's E|X|³ ≤ σ³√κ); that much is taken off a distance before it is judged.
//
// 500 chains are tried. TENURE_MODELS=5000 in the environment tries 5,000, and tells how far each verdict was from
// falling.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/chain_family.hpp"
#include "support/compiled.hpp"
#include "support/mixing.hpp"
#include "support/verdicts.hpp"
#include "tenure/engine/detail/individual/life_tables.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/individual.hpp"

namespace tenure::test::individual_laws {

using namespace tenure::detail;

constexpr std::uint64_t people = 5'000;  ///< in each chain: a block and part of another
constexpr std::uint64_t groups = 50;     ///< of 100 people, whose first moves are compared between chains

// ---- what is expected ----------------------------------------------------------------------------------------------

/// What a value's law is like, from a state on: its range, and moments that the exact engine does not tell.
struct LawOfValue {
  double least = 0, most = 0, mean = 0, variance = 0, third = 0, fourth = 0;
};

/// Central moments and range of value, carried back from the horizon by expanding powers about each mean.
LawOfValue law_of_value(const Chain& chain, StateIndex start) {
  const double d = chain.discount_factor;
  std::vector<LawOfValue> next(chain.states());
  for (std::int64_t t = *chain.horizon; t-- > 0;) {
    std::vector<LawOfValue> laws(chain.states());
    for (StateIndex i = 0; i < chain.states(); ++i) {
      LawOfValue& law = laws[i];
      const auto for_each_move = [&](auto&& visit) {
        for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
          const double p = chain.probability.at(t)[k];
          if (p > 0) visit(p, chain.transition_cash_flow.at(t)[k], next[chain.transitions.successor[k]]);
        }
      };
      law.least = std::numeric_limits<double>::infinity();
      law.most = -law.least;
      for_each_move([&](double p, double money, const LawOfValue& then) {
        law.mean += p * (money + then.mean);
        law.least = std::min(law.least, money + then.least);
        law.most = std::max(law.most, money + then.most);
      });
      for_each_move([&](double p, double money, const LawOfValue& then) {
        const double off = money + then.mean - law.mean;
        law.variance += p * (then.variance + off * off);
        law.third += p * (then.third + 3 * then.variance * off + off * off * off);
        law.fourth += p * (then.fourth + 4 * then.third * off + 6 * then.variance * off * off + off * off * off * off);
      });
      const double here =
          discount_within_period(d, chain.cash_flow_timing) * chain.cash_flow.at(t)[i] - chain.spend.at(t)[i];
      law = {here + d * law.least, here + d * law.most,   here + d * law.mean,
             d * d * law.variance, d * d * d * law.third, d * d * d * d * law.fourth};
    }
    next = std::move(laws);
  }
  return next[start];
}

/// The share of people in each state at the start of each period, the horizon included.
std::vector<std::vector<double>> shares_of_people(const Chain& chain, StateIndex start) {
  std::vector<std::vector<double>> shares(1, std::vector<double>(chain.states()));
  shares[0][start] = 1;
  for (std::int64_t t = 0; t < *chain.horizon; ++t) {
    std::vector<double> after(chain.states());
    for (StateIndex i = 0; i < chain.states(); ++i) {
      for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
        after[chain.transitions.successor[k]] += shares.back()[i] * chain.probability.at(t)[k];
      }
    }
    shares.push_back(std::move(after));
  }
  return shares;
}

// ---- what is seen --------------------------------------------------------------------------------------------------

/// Whole numbers of people who moved, by period, state and next state.
using Moves = std::vector<std::vector<std::vector<std::uint64_t>>>;

struct Seen {
  double mean = 0, deviation = 0, least = 0, most = 0;
  std::vector<std::vector<std::uint64_t>> people_in{};  ///< by period, the horizon included, and state
  Moves moves{};
  Moves first_moves{};  ///< by group instead of period: out of the state of entry, in period 0
};

Moves no_moves(std::size_t layers, std::size_t states) {
  return Moves(layers, std::vector<std::vector<std::uint64_t>>(states, std::vector<std::uint64_t>(states)));
}

/// Lets people live: values and places by the engine's fast kernels, moves life by life.
Seen watch(const Member& member, std::uint64_t seed, std::uint64_t lives = people) {
  const Chain chain = chain_of(member.parts);
  const std::size_t states = chain.states();
  const auto periods = static_cast<std::size_t>(*chain.horizon);
  const IndividualResult result = simulate_individuals(
      chain, {.seed = seed, .people = lives, .entries = {entry_at(member.start)}, .traces = true, .threads = 1});
  Seen seen{result.values.mean(),
            *result.values.standard_deviation(),
            result.values.minimum(),
            result.values.maximum(),
            {},
            no_moves(periods, states),
            no_moves(groups, states)};
  const LifeTables tables = life_tables(chain, *chain.horizon);
  for (std::size_t t = 0; t <= periods; ++t) {
    seen.people_in.emplace_back(states);
    for (std::size_t s = 0; s < tables.states(); ++s) {
      seen.people_in[t][tables.origin[s]] += result.people_in[t * tables.states() + s];
    }
  }
  observe_lives(chain, entry_at(member.start), {.seed = seed, .people = lives}, [&](const LifeEvent& event) {
    ++seen.moves[static_cast<std::size_t>(event.period)][event.state][event.next_state];
    if (event.period == 0) ++seen.first_moves[event.person * groups / lives][event.state][event.next_state];
  });
  return seen;
}

// ---- how it is judged ----------------------------------------------------------------------------------------------

/// One judgement: the probability, at most, that a true engine would stray so far.
struct Judgement {
  int verdict = 0;
  std::string of{};
  double probability = 1;
};

constexpr double false_alarms = 1e-9;     ///< of a run of the whole family
constexpr int judgements_by_chance = 14;  ///< in judge(), those that are not about what is certain

struct Ruling {
  std::vector<Judgement> judgements{};
  std::size_t chains = 0, values = 0, places = 0, rows = 0, moves = 0, certain = 0;

  [[nodiscard]] bool falls(int verdict) const {
    return std::any_of(judgements.begin(), judgements.end(), [&](const Judgement& judgement) {
      return judgement.verdict == verdict && !(judgement.probability > false_alarms / judgements_by_chance);
    });
  }
};

/// The least probability of a kind of statistic, and how many there were.
struct Least {
  double probability = 1;
  std::size_t number = 0;
  void include(double p) {
    probability = std::min(probability, p);
    ++number;
  }
  [[nodiscard]] double of_all() const { return std::min(1.0, probability * static_cast<double>(number)); }
};

/// A sum of independent terms of mean 0, for Bernstein's inequality.
struct Sum {
  double sum = 0, variance = 0, largest = 0;
  void include(double term, double its_variance, double no_larger_than) {
    sum += term;
    variance += its_variance;
    largest = std::max(largest, no_larger_than);
  }
  [[nodiscard]] double probability() const { return variance > 0 ? bernstein(sum, variance, largest) : 1; }
  [[nodiscard]] double probability_above() const { return sum > 0 ? probability() / 2 : 1; }
};

/// Scores that are exactly standard normal and independent.
struct Scores {
  std::vector<double> scores{};
  double sum = 0, squares = 0;
  void include(double z) {
    scores.push_back(z);
    sum += z;
    squares += z * z;
  }
  [[nodiscard]] double of_sum() const {
    return scores.empty() ? 1 : normal_tails(sum / std::sqrt(static_cast<double>(scores.size())));
  }
  [[nodiscard]] double of_squares() const { return chi_squared_tails(squares, scores.size()); }
  [[nodiscard]] double of_law() const { return kolmogorov(distance_from_normal(scores), scores.size()); }
};

/// What has been seen of a family of chains so far.
class Court {
 public:
  /// Takes in what was seen of a chain, beside what is true of it and the exact engine's word on its deviation.
  void hear(const Member& member, const Seen& seen, std::uint64_t number, double times_deviation = 1) {
    const Chain chain = chain_of(member.parts);
    Mixing draws{number * 7919 + 1};
    ++chains_;
    hear_value(chain, member.start, seen, times_deviation);
    hear_places(chain, member.start, seen, draws);
    hear_moves(chain, member.start, seen, draws);
  }

  [[nodiscard]] Ruling judge() const {
    std::vector<double> sums_of_groups = sums_of_groups_;
    double squares_of_groups = 0;
    for (const double sum : sums_of_groups) squares_of_groups += sum * sum;
    const double of_groups =
        first_moves_ == 0
            ? 1
            : chi_squared_tails(squares_of_groups / static_cast<double>(first_moves_), sums_of_groups.size());
    const double distance = means_.scores.empty() ? 0 : distance_from_normal(means_.scores) - furthest_from_normal_;
    return {{{1, "certain values, and states that nobody or everybody is in", certainties_broken_ == 0 ? 1.0 : 0.0},
             {1, "mean values, each", mean_.of_all()},
             {1, "variances of values, each", variance_.of_all()},
             {1, "people in a state, each", place_.of_all()},
             {2, "squares of mean values", squares_of_means_.probability_above()},
             {2, "squares of people in a state", places_.of_squares()},
             {2, "squares of moves", moves_.of_squares()},
             {3, "sum of mean values", sum_of_means_.probability()},
             {3, "sum of variances of values", sum_of_variances_.probability()},
             {3, "sums of the same people's first moves", of_groups},
             {3, "sum of moves to the first successor", first_choices_.of_sum()},
             {4, "law of mean values", kolmogorov(distance, means_.scores.size())},
             {4, "law of people in a state", places_.of_law()},
             {4, "law of moves", moves_.of_law()},
             {5, "rows, each", row_.of_all()},
             {5, "moves that are impossible", impossible_moves_ == 0 ? 1.0 : 0.0}},
            chains_,
            means_.scores.size(),
            place_.number,
            row_.number,
            moves_.scores.size(),
            certain_values_};
  }

 private:
  void hear_value(const Chain& chain, StateIndex start, const Seen& seen, double times_deviation) {
    const StateValue exact = exact_value(chain, {.trace = false}).states[start];
    const double mean = exact.clv.value();
    const double deviation = exact.clv_sd.value() * times_deviation;
    const LawOfValue law = law_of_value(chain, start);
    const double magnitude = std::max(std::fabs(law.least), std::fabs(law.most));
    const LifeTables tables = life_tables(chain, *chain.horizon);
    const double rounding =  // of what each period brings to whole units, and of sums of doubles
        std::ldexp(static_cast<double>(tables.periods + 1), tables.unit_exponent - 1) + 1e-12 * magnitude;
    if (law.most - law.least <= 1e-11 * magnitude) {  // certain, up to the rounding of sums in another order
      ++certain_values_;
      const double off = std::max(std::fabs(seen.least - mean), std::fabs(seen.most - mean));
      if (!(off <= rounding && exact.clv_sd.value() <= 1e-11 * magnitude)) ++certainties_broken_;
      return;
    }
    const auto n = static_cast<double>(people);
    const double furthest = std::max(law.most - mean, mean - law.least);
    const double strays = std::max(std::fabs(seen.mean - mean) - rounding, 0.0);
    mean_.include(bernstein(n * strays, n * deviation * deviation, furthest));
    if (!(rounding <= 1e-6 * deviation)) return;  // too little beside the chain's largest money to be told apart

    const double kurtosis = law.fourth / (law.variance * law.variance);
    const double square =
        (seen.deviation * seen.deviation * (n - 1) / n + std::pow(seen.mean - mean, 2)) / (deviation * deviation);
    const double most_square = std::max(1.0, std::pow(furthest / deviation, 2) - 1);
    variance_.include(bernstein(n * (square - 1), n * (kurtosis - 1), most_square));
    const double root = std::sqrt(n * std::max(kurtosis - 1, 1e-3));
    if (most_square / root < 5)
      sum_of_variances_.include(n * (square - 1) / root, n * (kurtosis - 1) / (root * root), most_square / root);
    if (!(kurtosis < 20 && furthest < deviation * std::sqrt(n))) return;
    const double z = (seen.mean - mean) / (deviation / std::sqrt(n));
    means_.include(z);
    sum_of_means_.include(z, 1, furthest / (deviation * std::sqrt(n)));
    squares_of_means_.include(std::min(z * z, 16.0) - 1, 2 + (kurtosis - 3) / n, 15);
    furthest_from_normal_ = std::max(furthest_from_normal_, 0.4748 * std::sqrt(kurtosis / n));
  }

  void hear_places(const Chain& chain, StateIndex start, const Seen& seen, Mixing& draws) {
    const std::vector<std::vector<double>> shares = shares_of_people(chain, start);
    const std::size_t last = std::min(shares.size(), seen.people_in.size()) - 1;
    std::vector<std::size_t> periods{last};
    for (const std::size_t t : {1U, 2U, 5U}) {
      if (t < last) periods.push_back(t);
    }
    for (const std::size_t t : periods) {
      for (StateIndex i = 0; i < chain.states(); ++i) {
        const double share = std::min(shares[t][i], 1.0);
        const std::uint64_t in = seen.people_in[t][i];
        if (share == 0 || share == 1) {
          if (in != (share == 0 ? 0 : people)) ++certainties_broken_;
        } else {
          place_.include(binomial_tails(in, people, share));
        }
      }
    }
    for (StateIndex i = 0; i < chain.states(); ++i) {  // one of each chain: the others depend on it
      if (!(shares[last][i] > 0.01 && shares[last][i] < 0.99)) continue;
      places_.include(normal_score(seen.people_in[last][i], people, shares[last][i], draws.unit()));
      break;
    }
  }

  void hear_moves(const Chain& chain, StateIndex start, const Seen& seen, Mixing& draws) {
    const std::size_t periods = std::min(seen.moves.size(), static_cast<std::size_t>(*chain.horizon));
    for (std::size_t t = 0; t < periods; ++t) {
      for (StateIndex i = 0; i < chain.states(); ++i) {
        const Scores row = scores_of_row(chain, i, t, seen.moves[t][i], draws);
        if (row.scores.empty()) continue;
        row_.include(chi_squared_upper_tail(row.squares, row.scores.size()));
        first_choices_.include(row.scores.front());
        for (const double z : row.scores) moves_.include(z);
      }
    }
    std::vector<double> of_groups;
    for (std::size_t group = 0; group < groups && periods > 0; ++group) {
      const Scores row = scores_of_row(chain, start, 0, seen.first_moves[group][start], draws);
      if (!row.scores.empty()) of_groups.push_back(row.scores.front());
    }
    if (of_groups.size() < groups) return;  // the first move is certain
    for (std::size_t group = 0; group < groups; ++group) sums_of_groups_[group] += of_groups[group];
    ++first_moves_;
  }

  /// Each choice between one successor and all that are listed after it.
  Scores scores_of_row(const Chain& chain, StateIndex i, std::size_t t, const std::vector<std::uint64_t>& seen,
                       Mixing& draws) {
    const std::vector<double> row = row_of(chain, i, static_cast<std::int64_t>(t));
    std::vector<double> and_after(row.size() + 1);
    std::uint64_t left = 0;
    for (std::size_t j = row.size(); j-- > 0;) {
      and_after[j] = and_after[j + 1] + row[j];
      left += seen[j];
      if (row[j] == 0) impossible_moves_ += seen[j];
    }
    Scores scores;
    for (std::size_t j = 0; j < row.size() && left > 0 && and_after[j + 1] > 0; ++j) {
      if (row[j] == 0) continue;
      scores.include(normal_score(std::min(seen[j], left), left, row[j] / and_after[j], draws.unit()));
      left -= seen[j];
    }
    return scores;
  }

  std::size_t chains_ = 0, certain_values_ = 0, certainties_broken_ = 0, first_moves_ = 0;
  std::uint64_t impossible_moves_ = 0;
  Least mean_{}, variance_{}, place_{}, row_{};
  Sum sum_of_means_{}, squares_of_means_{}, sum_of_variances_{};
  Scores means_{}, places_{}, moves_{}, first_choices_{};
  double furthest_from_normal_ = 0;
  std::vector<double> sums_of_groups_ = std::vector<double>(groups);
};

std::string told(const Ruling& ruling) {
  std::string text = std::to_string(ruling.chains) + " chains, " + std::to_string(ruling.values) +
                     " values of chance and " + std::to_string(ruling.certain) + " certain ones, " +
                     std::to_string(ruling.places) + " shares of people, " + std::to_string(ruling.rows) + " rows, " +
                     std::to_string(ruling.moves) + " choices\n";
  for (const Judgement& judgement : ruling.judgements) {
    text += std::to_string(judgement.verdict) + ". " + judgement.of + ": " +
            std::to_string(std::log10(std::max(judgement.probability, 1e-300))) + "\n";
  }
  return text + "(log10 of the probability, at most, to stray so far)";
}

std::uint64_t models_to_try() {
  const char* asked = std::getenv("TENURE_MODELS");
  return asked != nullptr ? std::strtoull(asked, nullptr, 10) : 500;
}

constexpr std::uint64_t suite = 1;

/// The ruling on so many chains, in each of which watch_lives(member, number) tells what was seen.
template <class WatchLives>
Ruling rule(std::uint64_t models, WatchLives&& watch_lives, double times_deviation = 1) {
  Court court;
  for (std::uint64_t m = 0; m < models; ++m) {
    const Member member = member_of_family(suite, m);
    court.hear(member, watch_lives(member, m), m, times_deviation);
  }
  return court.judge();
}

TEST_CASE("Individual laws: lives in a whole family of chains, by five verdicts") {
  const std::uint64_t models = models_to_try();
  const Ruling ruling = rule(models, [](const Member& member, std::uint64_t m) {
    Seen seen = watch(member, m);
    for (std::size_t t = 0; t < seen.moves.size(); ++t) {  // the lives watched are those simulated
      for (std::size_t i = 0; i < seen.moves[t].size(); ++i) {
        if (std::accumulate(seen.moves[t][i].begin(), seen.moves[t][i].end(), std::uint64_t{0}) != seen.people_in[t][i])
          FAIL("chain " << m << ", period " << t << ", state " << i);
      }
    }
    return seen;
  });
  INFO(told(ruling));
  if (std::getenv("TENURE_MODELS") != nullptr) WARN(told(ruling));
  CHECK(ruling.values > models / 3);
  CHECK(ruling.certain > models / 20);
  for (int verdict = 1; verdict <= 5; ++verdict) {
    INFO("verdict " << verdict);
    CHECK_FALSE(ruling.falls(verdict));
  }
}

TEST_CASE("Individual laws: the family has in it what a family must have") {
  std::size_t numbers = 0, zeros = 0, periodic = 0, large = 0, changing = 0, keeping = 0, letting_go_rarely = 0;
  for (std::uint64_t m = 0; m < 500; ++m) {
    const Chain chain = chain_of(member_of_family(suite, m).parts);
    bool returns_at_once = false;
    bool keeps = false;
    for (StateIndex i = 0; i < chain.states(); ++i) {
      const std::vector<double> row = row_of(chain, i);
      numbers += row.size();
      zeros += static_cast<std::size_t>(std::count(row.begin(), row.end(), 0.0));
      returns_at_once = returns_at_once || row[i] > 0;
      keeps = keeps || row[i] == 1;
      letting_go_rarely += row[i] < 1 && row[i] > 1 - 1e-8 ? 1U : 0U;
    }
    periodic += returns_at_once ? 0U : 1U;
    keeping += keeps ? 1U : 0U;
    large += chain.states() == 50 ? 1U : 0U;
    changing += chain.probability.distinct().size() > 1 ? 1U : 0U;
  }
  CHECK(zeros > numbers * 3 / 10);
  CHECK(periodic > 5);
  CHECK(large > 5);
  CHECK(changing > 100);
  CHECK((keeping > 100 && keeping < 450));
  CHECK(letting_go_rarely > 20);
}

// ---- what must not pass --------------------------------------------------------------------------------------------
// Each defect is made here, in the chain that is simulated or in how lives are dealt out, and judged against the chain
// as it should be. The verdict named must fall.

constexpr std::uint64_t models_of_control = 400;

/// The ruling on lives in chains that are not quite those they are judged by.
template <class Spoil>
Ruling rule_on_spoilt(Spoil&& spoil) {
  return rule(models_of_control, [&](Member member, std::uint64_t m) {
    spoil(member.parts);
    return watch(member, m);
  });
}

TEST_CASE("Individual laws: two people with one luck do not pass for two people", "[slow]") {
  const Ruling ruling = rule(models_of_control, [](const Member& member, std::uint64_t m) {
    Seen seen = watch(member, m, people / 2);
    for (auto& period : seen.people_in) std::for_each(period.begin(), period.end(), [](auto& count) { count *= 2; });
    for (Moves* moves : {&seen.moves, &seen.first_moves}) {
      for (auto& period : *moves) {
        for (auto& row : period) std::for_each(row.begin(), row.end(), [](auto& count) { count *= 2; });
      }
    }
    return seen;
  });
  INFO(told(ruling));
  CHECK(ruling.falls(2));
  CHECK(ruling.falls(4));
}

TEST_CASE("Individual laws: one stream for all chains does not pass for one each", "[slow]") {
  const Ruling ruling = rule(models_of_control, [](const Member& member, std::uint64_t) { return watch(member, 7); });
  INFO(told(ruling));
  CHECK(ruling.falls(3));
}

TEST_CASE("Individual laws: money discounted once too often does not pass", "[slow]") {
  const Ruling ruling = rule_on_spoilt([](ChainParts& parts) {
    for (PeriodParts& period : parts.periods) {
      for (double& money : period.cash_flow) money *= parts.discount_factor;
      for (std::vector<double>& row : period.cash_of_moves) {
        for (double& money : row) money *= parts.discount_factor;
      }
    }
  });
  INFO(told(ruling));
  CHECK(ruling.falls(1));
}

TEST_CASE("Individual laws: a horizon one too short or too long does not pass", "[slow]") {
  for (const int by : {-1, 1}) {
    const Ruling ruling = rule_on_spoilt([&](ChainParts& parts) { *parts.horizon += by; });
    INFO(told(ruling));
    CHECK(ruling.falls(1));
  }
}

TEST_CASE("Individual laws: a state that keeps people and brings nothing must not earn", "[slow]") {
  const Ruling ruling = rule_on_spoilt([](ChainParts& parts) {
    for (PeriodParts& period : parts.periods) {
      for (std::size_t i = 0; i < period.moves.size(); ++i) {
        if (period.moves[i][i] == 1 && period.cash_flow[i] == 0) period.cash_flow[i] = 10;
      }
    }
  });
  INFO(told(ruling));
  CHECK(ruling.falls(1));
}

/// Moves a thousandth of each row from its largest entry to the first that `receives` says may have it.
template <class Receives>
void move_a_thousandth(ChainParts& parts, Receives&& receives) {
  for (PeriodParts& period : parts.periods) {
    for (std::vector<double>& row : period.moves) {
      const auto largest = std::max_element(row.begin(), row.end());
      const auto receiver = std::find_if(row.begin(), row.end(), receives);
      if (receiver == row.end() || receiver == largest) continue;
      *receiver += 1e-3;
      *largest -= 1e-3;
    }
  }
}

TEST_CASE("Individual laws: a thousandth of a row gone astray does not pass", "[slow]") {
  const Ruling to_the_first =
      rule_on_spoilt([](ChainParts& parts) { move_a_thousandth(parts, [](double p) { return p > 0; }); });
  INFO(told(to_the_first));
  CHECK(to_the_first.falls(3));
  const Ruling to_the_impossible =
      rule_on_spoilt([](ChainParts& parts) { move_a_thousandth(parts, [](double p) { return p == 0; }); });
  INFO(told(to_the_impossible));
  CHECK(to_the_impossible.falls(5));
}

TEST_CASE("Individual laws: a wrong standard deviation does not pass", "[slow]") {
  const auto as_it_is = [](const Member& member, std::uint64_t m) { return watch(member, m); };
  const Ruling a_little = rule(models_of_control, as_it_is, 1.05);
  INFO(told(a_little));
  CHECK(a_little.falls(3));
  const Ruling fourfold = rule(models_of_control, as_it_is, 4);
  INFO(told(fourfold));
  CHECK(fourfold.falls(4));
}

}  // namespace tenure::test::individual_laws
