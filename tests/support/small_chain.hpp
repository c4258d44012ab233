#pragma once
// Chains for tests, written as full matrices period by period, and seeded ones in which everything happens at once:
// rows, money, spend and referrals that change with time, structural zeros, certain moves, mixed signs.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "support/mixing.hpp"
#include "tenure/chain/chain.hpp"

namespace tenure::test {

using Matrix = std::vector<std::vector<double>>;

[[nodiscard]] inline Matrix square(std::size_t size, double value = 0) {
  return Matrix(size, std::vector<double>(size, value));
}

/// All numbers of one period.
struct PeriodParts {
  Matrix moves{};                   ///< probabilities
  Matrix cash_of_moves{};           ///< empty: none
  std::vector<double> cash_flow{};  ///< by state
  Matrix referred{};                ///< referral rates; empty: nobody
};

/// A chain in full matrices: periods[course[t]] are the numbers of period t, and the course repeats from
/// `repeats_from`.
struct ChainParts {
  Horizon horizon = infinite_horizon;
  double discount_factor = 1;
  CashFlowTiming timing = CashFlowTiming::start;
  std::vector<Stage> stages{};  ///< empty: all servicing
  std::vector<PeriodParts> periods{};
  std::vector<std::uint32_t> course{0};
  std::size_t repeats_from = 0;
  std::vector<ArrivalGroup> arrivals{};
  std::vector<SpendStream> streams{};
  bool keep_zeros = false;  ///< lists moves of probability 0 too, as a model that names them does
};

namespace detail {

[[nodiscard]] inline Pattern pattern_of(const std::vector<PeriodParts>& periods, Matrix PeriodParts::*matrix,
                                        std::size_t size, bool keep_zeros) {
  Pattern pattern;
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) {
      const bool used = std::any_of(periods.begin(), periods.end(), [&](const PeriodParts& period) {
        const Matrix& numbers = period.*matrix;
        return !numbers.empty() && (keep_zeros || numbers[i][j] != 0);
      });
      if (used) pattern.successor.push_back(static_cast<StateIndex>(j));
    }
    pattern.first.push_back(static_cast<std::uint32_t>(pattern.successor.size()));
  }
  return pattern;
}

[[nodiscard]] inline std::vector<double> by_entry(const Pattern& pattern, const Matrix& numbers) {
  std::vector<double> listed;
  for (std::size_t i = 0; i < pattern.states(); ++i) {
    for (std::uint32_t k = pattern.first[i]; k < pattern.first[i + 1]; ++k) {
      listed.push_back(numbers.empty() ? 0 : numbers[i][pattern.successor[k]]);
    }
  }
  return listed;
}

/// Spend on each person, listed until no stream changes any more.
[[nodiscard]] inline Timeline<std::vector<double>> spend_of(const ChainParts& parts, std::size_t states) {
  std::int64_t settled = 0;
  for (const SpendStream& stream : parts.streams) settled = std::max(settled, stream.until.value_or(stream.from));
  std::vector<std::vector<double>> distinct;
  std::vector<std::uint32_t> course;
  for (std::int64_t t = 0; t <= settled; ++t) {
    std::vector<double> spend(states, 0.0);
    for (const SpendStream& stream : parts.streams) {
      if (!stream.per_person || !runs_at(stream, t)) continue;
      for (const StateIndex state : stream.states) spend[state] += stream.level;
    }
    course.push_back(static_cast<std::uint32_t>(distinct.size()));
    distinct.push_back(std::move(spend));
  }
  return {std::move(distinct), std::move(course), static_cast<std::size_t>(settled)};
}

}  // namespace detail

[[nodiscard]] inline Chain chain_of(const ChainParts& parts) {
  const std::size_t size = parts.periods.front().cash_flow.size();
  Chain chain;
  chain.horizon = parts.horizon;
  chain.discount_factor = parts.discount_factor;
  chain.cash_flow_timing = parts.timing;
  chain.stages = parts.stages.empty() ? std::vector<Stage>(size, Stage::servicing) : parts.stages;
  chain.transitions = detail::pattern_of(parts.periods, &PeriodParts::moves, size, parts.keep_zeros);
  chain.referrals = detail::pattern_of(parts.periods, &PeriodParts::referred, size, false);
  const auto timeline = [&](auto numbers_of) {
    std::vector<std::vector<double>> distinct;
    for (const PeriodParts& period : parts.periods) distinct.push_back(numbers_of(period));
    return Timeline<std::vector<double>>{std::move(distinct), parts.course, parts.repeats_from};
  };
  chain.probability = timeline([&](const PeriodParts& p) { return detail::by_entry(chain.transitions, p.moves); });
  chain.transition_cash_flow =
      timeline([&](const PeriodParts& p) { return detail::by_entry(chain.transitions, p.cash_of_moves); });
  chain.cash_flow = timeline([](const PeriodParts& p) { return p.cash_flow; });
  chain.referral_rate = timeline([&](const PeriodParts& p) { return detail::by_entry(chain.referrals, p.referred); });
  chain.spend = detail::spend_of(parts, size);
  chain.spend_streams = parts.streams;
  chain.arrivals = parts.arrivals;
  for (const ArrivalGroup& group : parts.arrivals) chain.channels = std::max(chain.channels, group.channel + 1);
  return chain;
}

/// A chain constant in time.
[[nodiscard]] inline ChainParts constant_chain(Matrix moves, std::vector<double> cash_flow, double discount_factor,
                                               Horizon horizon = infinite_horizon) {
  ChainParts parts;
  parts.horizon = horizon;
  parts.discount_factor = discount_factor;
  parts.periods.push_back({std::move(moves), {}, std::move(cash_flow), {}});
  return parts;
}

/// What a seeded chain may contain.
struct SeededOptions {
  std::size_t states = 3;
  std::size_t distinct_periods = 3;
  std::size_t head = 2;  ///< periods before the course repeats
  bool referrals = true;
  bool arrivals = true;
  double largest_referral_rate = 0.2;
};

[[nodiscard]] inline std::vector<double> seeded_row(Mixing& mixing, std::size_t size) {
  std::vector<double> row(size, 0.0);
  if (mixing.chance(0.15)) {  // a certain move
    row[mixing.below(size)] = 1;
    return row;
  }
  double sum = 0;
  for (double& p : row) {
    if (mixing.chance(0.7)) sum += p = mixing.between(0.01, 1);
  }
  if (sum == 0) sum = row[mixing.below(size)] = 1;
  for (double& p : row) p /= sum;
  return row;
}

[[nodiscard]] inline PeriodParts seeded_period(Mixing& mixing, const SeededOptions& options) {
  PeriodParts period{{}, square(options.states), {}, {}};
  if (options.referrals) period.referred = square(options.states);
  for (std::size_t i = 0; i < options.states; ++i) {
    period.moves.push_back(seeded_row(mixing, options.states));
    period.cash_flow.push_back(mixing.chance(0.2) ? 0 : mixing.between(-50, 150));
    for (std::size_t j = 0; j < options.states; ++j) {
      if (mixing.chance(0.4)) period.cash_of_moves[i][j] = mixing.between(-30, 80);
      if (options.referrals && mixing.chance(0.3))
        period.referred[i][j] = mixing.between(0, options.largest_referral_rate);
    }
  }
  return period;
}

[[nodiscard]] inline std::vector<SpendStream> seeded_streams(Mixing& mixing, std::size_t states) {
  std::vector<SpendStream> streams;
  for (std::size_t s = mixing.below(4); s-- > 0;) {
    SpendStream stream{.for_acquisition = mixing.chance(0.5), .per_person = mixing.chance(0.7)};
    stream.from = static_cast<std::int64_t>(mixing.below(4));
    if (mixing.chance(0.5)) stream.until = stream.from + 1 + static_cast<std::int64_t>(mixing.below(4));
    stream.level = mixing.between(0, 20);
    for (StateIndex i = 0; stream.per_person && i < states; ++i) {
      if (mixing.chance(0.6)) stream.states.push_back(i);
    }
    streams.push_back(std::move(stream));
  }
  return streams;
}

[[nodiscard]] inline ArrivalGroup seeded_arrivals(Mixing& mixing, std::size_t states, std::uint32_t channel) {
  ArrivalGroup group{.state = static_cast<StateIndex>(mixing.below(states)), .channel = channel};
  for (std::size_t t = 1 + mixing.below(5); t-- > 0;) group.count.push_back(mixing.between(0, 100));
  group.count.push_back(0);  // so that nobody arrives for ever
  return group;
}

/// A chain with an infinite horizon in which every feature may occur; give it a horizon as the test needs one.
[[nodiscard]] inline ChainParts seeded_chain(Mixing& mixing, const SeededOptions& options) {
  constexpr CashFlowTiming timings[]{CashFlowTiming::start, CashFlowTiming::middle, CashFlowTiming::end};
  constexpr Stage stages[]{Stage::acquisition, Stage::servicing, Stage::repurchase,
                           Stage::advocacy,    Stage::dormant,   Stage::lost};
  ChainParts parts;
  parts.discount_factor = mixing.between(0.7, 0.97);
  parts.timing = timings[mixing.below(3)];
  parts.keep_zeros = mixing.chance(0.5);
  for (std::size_t i = 0; i < options.states; ++i) parts.stages.push_back(stages[mixing.below(6)]);
  for (std::size_t p = 0; p < options.distinct_periods; ++p) parts.periods.push_back(seeded_period(mixing, options));
  parts.course.clear();
  for (std::size_t t = 0; t < options.head + options.distinct_periods; ++t) {
    parts.course.push_back(static_cast<std::uint32_t>(mixing.below(options.distinct_periods)));
  }
  parts.repeats_from = options.head;
  parts.streams = seeded_streams(mixing, options.states);
  if (options.arrivals) {
    parts.arrivals = {seeded_arrivals(mixing, options.states, 0), seeded_arrivals(mixing, options.states, 1),
                      seeded_arrivals(mixing, options.states, 0)};
  }
  return parts;
}

}  // namespace tenure::test
