#pragma once
// Chains with everything at once: types of people, states that last by their age, a market, cash flows that vary from
// event to event, referrals, spend. And what they mean, worked out another way than by the engines: one course of the
// market after the other, each a life without a market, mixed at the end.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "support/mixing.hpp"
#include "support/small_chain.hpp"
#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/unrolled.hpp"

namespace tenure::test {

struct WholeOptions {
  std::size_t states = 3;  ///< of a kind
  std::size_t types = 1;
  std::size_t regimes = 1;
  bool dwells = true;
  bool events = true;
  bool referrals = true;
  Horizon horizon = 4;
};

namespace detail {

template <class T>
[[nodiscard]] Timeline<T> for_every_regime(const Timeline<T>& by_period, std::size_t regimes) {
  std::vector<std::uint32_t> course;
  for (const std::uint32_t place : by_period.course()) course.insert(course.end(), regimes, place);
  return {by_period.distinct(), std::move(course), by_period.repeats_from() * regimes};
}

[[nodiscard]] inline EventLaw seeded_law(Mixing& mixing, double mean) {
  constexpr DistributionKind types[]{DistributionKind::gamma, DistributionKind::lognormal, DistributionKind::normal,
                                     DistributionKind::uniform};
  if (mean == 0 || mixing.chance(0.3)) return {};
  return {types[mixing.below(4)], mean, std::abs(mean) * mixing.between(0.1, 0.9)};
}

[[nodiscard]] inline Timeline<std::vector<EventLaw>> seeded_laws(Mixing& mixing,
                                                                 const Timeline<std::vector<double>>& amounts) {
  std::vector<std::vector<EventLaw>> distinct;
  for (const std::vector<double>& amount : amounts.distinct()) {
    distinct.emplace_back();
    for (const double mean : amount) distinct.back().push_back(seeded_law(mixing, mean));
  }
  return {std::move(distinct), amounts.course(), amounts.repeats_from()};
}

[[nodiscard]] inline Dwells seeded_dwells(Mixing& mixing, const Chain& chain) {
  Dwells dwells;
  dwells.first_place = {0};
  std::vector<bool> lasts(chain.states());
  for (std::size_t i = 0; i < chain.states(); ++i) {
    const std::size_t of_first_kind = i % chain.states_of_a_type();  // kinds have the same places
    lasts[i] = i == of_first_kind ? mixing.chance(0.7) : lasts[of_first_kind];
    const std::uint32_t ages = i != of_first_kind
                                   ? dwells.first_place[of_first_kind + 1] - dwells.first_place[of_first_kind]
                               : lasts[i] ? 1 + static_cast<std::uint32_t>(mixing.below(4))
                                          : 1;
    dwells.first_place.push_back(dwells.first_place.back() + ages);
  }
  std::vector<std::vector<double>> distinct;
  for (std::size_t p = 0; p < chain.probability.distinct().size(); ++p) {
    distinct.emplace_back();
    for (std::size_t i = 0; i < chain.states(); ++i) {
      for (std::uint32_t place = dwells.first_place[i]; place < dwells.first_place[i + 1]; ++place) {
        const double h = mixing.chance(0.2) ? 0 : mixing.chance(0.2) ? 1 : mixing.between(0.05, 0.95);
        const bool is_last = place + 1 == dwells.first_place[i + 1];
        distinct.back().push_back(!lasts[i] ? 1 : is_last ? std::max(h, 0.3) : h);
      }
    }
  }
  dwells.hazard = {std::move(distinct), chain.probability.course(), chain.probability.repeats_from()};
  return dwells;
}

/// A row or a matrix of rates in which kinds keep to themselves, or segments do.
inline void keep_apart(Matrix& matrix, std::size_t states, bool is_row,
                       const std::function<bool(std::size_t, std::size_t)>& together) {
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < matrix.size(); ++j) {
      if (!together(i / states, j / states)) matrix[i][j] = 0;
      sum += matrix[i][j];
    }
    if (!is_row) continue;
    if (sum == 0) sum = matrix[i][i / states * states] = 1;
    for (double& p : matrix[i]) p /= sum;
  }
}

}  // namespace detail

[[nodiscard]] inline Chain whole_chain(Mixing& mixing, const WholeOptions& options) {
  const std::size_t regimes = options.regimes;
  SeededOptions seeded;
  seeded.states = options.states * options.types;
  seeded.distinct_periods = 4;
  seeded.referrals = options.referrals;
  seeded.largest_referral_rate = options.horizon ? 0.3 : 0.02;
  ChainParts parts = seeded_chain(mixing, seeded);
  if (!options.horizon) parts.discount_factor = mixing.between(0.6, 0.8);
  parts.horizon = options.horizon;
  std::vector<CustomerType> types;
  const std::vector<double> shares = mixing.shares(options.types);
  for (std::size_t k = 0; k < options.types; ++k) types.push_back({static_cast<std::uint32_t>((k + 1) / 2), shares[k]});
  for (PeriodParts& period : parts.periods) {
    detail::keep_apart(period.moves, options.states, true, [](std::size_t a, std::size_t b) { return a == b; });
    detail::keep_apart(period.referred, options.states, false,
                       [&](std::size_t a, std::size_t b) { return types[a].segment == types[b].segment; });
  }
  for (std::size_t i = 0; i < parts.stages.size(); ++i) parts.stages[i] = parts.stages[i % options.states];
  parts.course.clear();  // by moments: two periods, then a cycle of two
  for (std::size_t m = 0; m < 4 * regimes; ++m) parts.course.push_back(static_cast<std::uint32_t>(mixing.below(4)));
  parts.repeats_from = 2 * regimes;
  Chain chain = chain_of(parts);
  chain.types = std::move(types);
  chain.spend = detail::for_every_regime(chain.spend, regimes);
  if (regimes > 1) {
    chain.market.matrix.clear();
    for (std::size_t e = 0; e < regimes; ++e) chain.market.matrix.push_back(mixing.shares(regimes));
    chain.market.start = mixing.below(regimes);
    chain.market.matrix[0][0] += chain.market.matrix[0][1];
    chain.market.matrix[0][1] = 0;
    for (ArrivalGroup& group : chain.arrivals) {
      if (mixing.chance(0.6)) {
        for (std::size_t e = 0; e < regimes; ++e) group.factor_in_regime.push_back(mixing.between(0, 2));
      }
    }
  }
  if (options.events) {
    chain.state_events = detail::seeded_laws(mixing, chain.cash_flow);
    chain.transition_events = detail::seeded_laws(mixing, chain.transition_cash_flow);
  }
  if (options.dwells) chain.dwells = detail::seeded_dwells(mixing, chain);
  return chain;
}

/// A person's value in moments: of themselves, and of their whole tree.
struct LifeMoments {
  long double mean = 0, variance = 0, third = 0;
  long double tree = 0, tree_variance = 0;
  long double customer_periods = 0;
};

/// Mixtures of laws, in raw form: Σ p (moments about the mixture's mean).
[[nodiscard]] inline LifeMoments mixed(const std::vector<std::pair<long double, LifeMoments>>& parts) {
  LifeMoments all;
  for (const auto& [p, life] : parts) {
    all.mean += p * life.mean;
    all.tree += p * life.tree;
    all.customer_periods += p * life.customer_periods;
  }
  for (const auto& [p, life] : parts) {
    const long double off = life.mean - all.mean, tree_off = life.tree - all.tree;
    all.variance += p * (life.variance + off * off);
    all.third += p * (life.third + 3 * off * life.variance + off * off * off);
    all.tree_variance += p * (life.tree_variance + tree_off * tree_off);
  }
  return all;
}

/// What is known of the business, in expectation, and the variance of its value.
struct BusinessTruth {
  long double equity = 0, equity_variance = 0;
  long double acquired = 0, customers = 0, stayers = 0;
  long double acquisition_spend = 0;  ///< present value of spend to acquire, and of what prospects cost
  long double investment = 0;
  std::vector<std::vector<long double>> people{};  ///< by period, then by state
  std::vector<long double> cash_flow{};
  std::vector<long double> equity_of_segment{};
};

/// A chain over a finite horizon, with the market on one given course.
class OnCourse {
 public:
  OnCourse(const Chain& chain, std::vector<std::size_t> course) : chain_{chain}, course_{std::move(course)} {}

  /// Moments of those who enter each state at the start of each period.
  [[nodiscard]] std::vector<std::vector<LifeMoments>> lives() const {
    const auto periods = static_cast<std::int64_t>(course_.size());
    std::vector<std::vector<LifeMoments>> by_period(course_.size());
    std::vector<std::vector<LifeMoments>> next(chain_.states());
    for (std::size_t i = 0; i < chain_.states(); ++i) next[i].resize(ages(i) + 1);
    for (std::int64_t t = periods; t-- > 0;) {
      std::vector<std::vector<LifeMoments>> now = next;
      for (std::size_t i = 0; i < chain_.states(); ++i) {
        for (std::size_t a = 0; a < ages(i); ++a) now[i][a] = life(t, i, a, next);
      }
      for (std::size_t i = 0; i < chain_.states(); ++i) by_period[static_cast<std::size_t>(t)].push_back(now[i][0]);
      next = std::move(now);
    }
    return by_period;
  }

  [[nodiscard]] BusinessTruth business(std::int64_t until_stream_counts_once) const {
    BusinessTruth truth;
    truth.equity_of_segment.resize(chain_.segments());
    std::vector<std::vector<long double>> people(chain_.states()), never = people;
    for (std::size_t i = 0; i < chain_.states(); ++i) {
      people[i].resize(ages(i));
      never[i].resize(ages(i));
    }
    long double discount = 1;
    const auto lives_by_period = lives();
    for (std::size_t t = 0; t < course_.size(); ++t) {
      const auto period = static_cast<std::int64_t>(t);
      for (const ArrivalGroup& group : chain_.arrivals) {
        const double count = people_arriving(group, period, course_[t]);
        people[group.state][0] += count;
        if (is_customer(chain_.stages[group.state]))
          truth.acquired += count;
        else
          never[group.state][0] += count;
        const LifeMoments& each = lives_by_period[t][group.state];
        const long double fraction = count - std::floor(count);
        const long double spread =
            comes_once(group, until_stream_counts_once) ? fraction * (1 - fraction) : static_cast<long double>(count);
        truth.equity_variance += discount * discount * (count * each.tree_variance + spread * each.tree * each.tree);
        truth.equity_of_segment[chain_.segment_of(group.state)] += discount * count * each.tree;
      }
      step(t, discount, people, never, truth);
      discount *= chain_.discount_factor;
    }
    return truth;
  }

  [[nodiscard]] static bool comes_once(const ArrivalGroup& group, std::int64_t horizon) {
    int periods = 0;
    for (std::int64_t t = 0; t < horizon; ++t) periods += people_arriving(group, t) > 0 ? 1 : 0;
    return periods == 1;
  }

 private:
  [[nodiscard]] std::size_t ages(std::size_t i) const {
    return chain_.dwells.empty() ? 1 : chain_.dwells.first_place[i + 1] - chain_.dwells.first_place[i];
  }
  [[nodiscard]] std::int64_t epoch(std::int64_t t) const {
    return t * static_cast<std::int64_t>(chain_.regimes()) +
           static_cast<std::int64_t>(course_[static_cast<std::size_t>(t)]);
  }
  [[nodiscard]] long double hazard(std::int64_t t, std::size_t i, std::size_t a) const {
    if (chain_.dwells.empty()) return 1;
    return chain_.dwells.hazard.at(epoch(t))[chain_.dwells.first_place[i] + a];
  }
  [[nodiscard]] std::size_t older(std::size_t i, std::size_t a) const { return std::min(a + 1, ages(i) - 1); }
  [[nodiscard]] long double within() const {
    const long double d = chain_.discount_factor;
    return chain_.cash_flow_timing == CashFlowTiming::start    ? 1.0L
           : chain_.cash_flow_timing == CashFlowTiming::middle ? std::sqrt(d)
                                                               : d;
  }
  /// Variance and third moment of one event.
  [[nodiscard]] static std::pair<long double, long double> spread_of(const std::vector<EventLaw>& laws, std::size_t k) {
    if (laws.empty() || laws[k].sd == 0) return {0, 0};
    const long double sd = laws[k].sd, v = sd / static_cast<long double>(laws[k].mean);
    const long double skew = laws[k].kind == DistributionKind::gamma       ? 2 * v
                             : laws[k].kind == DistributionKind::lognormal ? v * v * v + 3 * v
                                                                           : 0;
    return {sd * sd, skew * sd * sd * sd};
  }

  [[nodiscard]] LifeMoments life(std::int64_t t, std::size_t i, std::size_t a,
                                 const std::vector<std::vector<LifeMoments>>& next) const {
    const std::int64_t m = epoch(t);
    const long double d = chain_.discount_factor, h = hazard(t, i, a);
    std::vector<std::pair<long double, LifeMoments>> ways;
    if (h < 1) ways.emplace_back(1 - h, next[i][older(i, a)]);
    for (std::uint32_t k = chain_.transitions.first[i]; k < chain_.transitions.first[i + 1]; ++k) {
      LifeMoments after = next[chain_.transitions.successor[k]][0];
      const auto [variance, third] = spread_of(chain_.transition_events.at(m), k);
      after.mean += chain_.transition_cash_flow.at(m)[k];
      after.tree += chain_.transition_cash_flow.at(m)[k];
      after.variance += variance;
      after.tree_variance += variance;
      after.third += third;
      ways.emplace_back(h * chain_.probability.at(m)[k], after);
    }
    LifeMoments life = mixed(ways);
    for (std::uint32_t k = chain_.referrals.first[i]; k < chain_.referrals.first[i + 1]; ++k) {
      const LifeMoments& referred = next[chain_.referrals.successor[k]][0];
      const long double rate = chain_.referral_rate.at(m)[k];
      life.tree += rate * referred.tree;
      life.tree_variance += rate * (referred.tree_variance + referred.tree * referred.tree);
    }
    const auto [variance, third] = spread_of(chain_.state_events.at(m), i);
    const long double in_state = within() * chain_.cash_flow.at(m)[i] - chain_.spend.at(m)[i];
    life.mean = in_state + d * life.mean;
    life.tree = in_state + d * life.tree;
    life.variance = within() * within() * variance + d * d * life.variance;
    life.tree_variance = within() * within() * variance + d * d * life.tree_variance;
    life.third = within() * within() * within() * third + d * d * d * life.third;
    life.customer_periods += is_customer(chain_.stages[i]) ? 1 : 0;
    return life;
  }

  void step(std::size_t t, long double discount, std::vector<std::vector<long double>>& people,
            std::vector<std::vector<long double>>& never, BusinessTruth& truth) const {
    const auto period = static_cast<std::int64_t>(t);
    const std::int64_t m = epoch(period);
    const bool is_last = t + 1 == course_.size();
    const long double d = chain_.discount_factor;
    std::vector<std::vector<long double>> next = people, never_next = people;
    for (auto& of_state : next) std::fill(of_state.begin(), of_state.end(), 0.0L);
    for (auto& of_state : never_next) std::fill(of_state.begin(), of_state.end(), 0.0L);
    truth.people.emplace_back(chain_.states());
    truth.cash_flow.push_back(0);
    truth.equity -= discount * spend_per_period(chain_, period);
    for (const SpendStream& stream : chain_.spend_streams) {
      if (period < stream.from || period >= stream.until.value_or(period + 1)) continue;
      long double spent_on = stream.per_person ? 0 : 1;
      for (const StateIndex state : stream.states) {
        for (const long double of_age : people[state]) spent_on += stream.per_person ? of_age : 0;
      }
      truth.investment += discount * spent_on * stream.level;
      if (stream.for_acquisition) truth.acquisition_spend += discount * spent_on * stream.level;
    }
    for (std::size_t i = 0; i < chain_.states(); ++i) {
      for (std::size_t a = 0; a < ages(i); ++a) {
        const long double n = people[i][a], h = hazard(period, i, a), new_ones = never[i][a];
        const bool customer = is_customer(chain_.stages[i]);
        truth.people.back()[i] += n;
        const bool prospect = is_prospect(chain_.stages[i]);
        if (prospect) truth.acquisition_spend += discount * n * within() * std::max(0.0, -chain_.cash_flow.at(m)[i]);
        truth.cash_flow.back() += n * chain_.cash_flow.at(m)[i];
        truth.equity += discount * n * (within() * chain_.cash_flow.at(m)[i] - chain_.spend.at(m)[i]);
        if (customer && !is_last) truth.customers += n;
        if (customer && !is_last) truth.stayers += n * (1 - h);
        next[i][older(i, a)] += n * (1 - h);
        never_next[i][older(i, a)] += new_ones * (1 - h);
        for (std::uint32_t k = chain_.transitions.first[i]; k < chain_.transitions.first[i + 1]; ++k) {
          const long double p = h * chain_.probability.at(m)[k];
          const StateIndex j = chain_.transitions.successor[k];
          truth.cash_flow.back() += n * p * chain_.transition_cash_flow.at(m)[k];
          truth.equity += discount * d * n * p * chain_.transition_cash_flow.at(m)[k];
          if (prospect)
            truth.acquisition_spend += discount * d * n * p * std::max(0.0, -chain_.transition_cash_flow.at(m)[k]);
          next[j][0] += n * p;
          if (is_customer(chain_.stages[j])) {
            if (!is_last) truth.acquired += new_ones * p;
            if (customer && !is_last) truth.stayers += n * p;
          } else {
            never_next[j][0] += new_ones * p;
          }
        }
        for (std::uint32_t k = chain_.referrals.first[i]; k < chain_.referrals.first[i + 1]; ++k) {
          const StateIndex j = chain_.referrals.successor[k];
          const long double referred = n * chain_.referral_rate.at(m)[k];
          next[j][0] += referred;
          if (!is_customer(chain_.stages[j]))
            never_next[j][0] += referred;
          else if (!is_last)
            truth.acquired += referred;
        }
      }
    }
    people = std::move(next);
    never = std::move(never_next);
  }

  const Chain& chain_;
  std::vector<std::size_t> course_;
};

/// Visits every course of the market over some periods, with its probability.
template <class Visit>
void for_each_course(const Market& market, std::size_t periods, const Visit& visit) {
  std::vector<std::pair<long double, std::vector<std::size_t>>> courses{{1, {market.start}}};
  for (std::size_t t = 1; t < periods; ++t) {
    std::vector<std::pair<long double, std::vector<std::size_t>>> longer;
    for (const auto& [p, course] : courses) {
      for (std::size_t e = 0; e < market.regimes(); ++e) {
        const long double q = market.matrix[course.back()][e];
        if (q == 0) continue;
        longer.emplace_back(p * q, course);
        longer.back().second.push_back(e);
      }
    }
    courses = std::move(longer);
  }
  for (const auto& [p, course] : courses) visit(p, course);
}

/// What someone who enters each state of each kind in period 0 is worth, over all courses of the market.
[[nodiscard]] inline std::vector<LifeMoments> true_lives(const Chain& chain) {
  std::vector<std::vector<std::pair<long double, LifeMoments>>> parts(chain.states());
  for_each_course(chain.market, static_cast<std::size_t>(*chain.horizon), [&](long double p, const auto& course) {
    const auto lives = OnCourse{chain, course}.lives();
    for (std::size_t i = 0; i < chain.states(); ++i) parts[i].emplace_back(p, lives[0][i]);
  });
  std::vector<LifeMoments> lives;
  for (const auto& of_state : parts) lives.push_back(mixed(of_state));
  return lives;
}

/// Some kinds' lives in a state of the model as one.
[[nodiscard]] inline LifeMoments over_types(const Chain& chain, const std::vector<LifeMoments>& lives,
                                            std::size_t state, const std::function<bool(std::size_t)>& included) {
  std::vector<std::pair<long double, LifeMoments>> parts;
  long double total = 0;
  for (std::size_t k = 0; k < chain.types.size(); ++k) {
    if (included(k)) total += chain.types[k].share;
  }
  for (std::size_t k = 0; k < chain.types.size(); ++k) {
    if (included(k)) parts.emplace_back(chain.types[k].share / total, lives[k * chain.states_of_a_type() + state]);
  }
  return mixed(parts);
}

/// The business over all courses of the market: variance within courses, and between them.
[[nodiscard]] inline BusinessTruth true_business(const Chain& chain) {
  std::vector<std::pair<long double, BusinessTruth>> parts;
  BusinessTruth all;
  for_each_course(chain.market, static_cast<std::size_t>(*chain.horizon), [&](long double p, const auto& course) {
    parts.emplace_back(p, OnCourse{chain, course}.business(*chain.horizon));
    all.equity += p * parts.back().second.equity;
  });
  all.people.assign(static_cast<std::size_t>(*chain.horizon), std::vector<long double>(chain.states()));
  all.cash_flow.resize(all.people.size());
  all.equity_of_segment.resize(chain.segments());
  for (const auto& [p, truth] : parts) {
    const long double off = truth.equity - all.equity;
    all.equity_variance += p * (truth.equity_variance + off * off);
    all.acquired += p * truth.acquired;
    all.customers += p * truth.customers;
    all.stayers += p * truth.stayers;
    all.acquisition_spend += p * truth.acquisition_spend;
    all.investment += p * truth.investment;
    for (std::size_t t = 0; t < all.people.size(); ++t) {
      all.cash_flow[t] += p * truth.cash_flow[t];
      for (std::size_t i = 0; i < chain.states(); ++i) all.people[t][i] += p * truth.people[t][i];
    }
    for (std::size_t s = 0; s < all.equity_of_segment.size(); ++s)
      all.equity_of_segment[s] += p * truth.equity_of_segment[s];
  }
  return all;
}

}  // namespace tenure::test
