#pragma once
// The infinite horizon: the repeating tail of a chain is solved as one linear system (forever.hpp), and what comes
// before it is walked back period by period.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/engine/detail/exact/classes.hpp"
#include "tenure/engine/detail/exact/forever.hpp"
#include "tenure/engine/detail/exact/person.hpp"
#include "tenure/quantity/detail/memory.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

/// Measured: what the systems of an infinite horizon take for each positive probability and referral rate.
inline constexpr double bytes_of_a_move_for_ever = 300;

inline void refuse_large_cycle(const Chain& chain, std::size_t cycle) {
  const double moves =
      static_cast<double>(chain.transitions.entries() + chain.referrals.entries()) * static_cast<double>(cycle);
  refuse_beyond_memory(moves * bytes_of_a_move_for_ever,
                       "the ages of all states, in all regimes of the market and all periods of the season, make " +
                           std::to_string(static_cast<std::int64_t>(moves)) + " transitions, which",
                       "", "give a finite horizon, shorten the dwells, or use longer periods");
}

/// The chain as a head of `from` periods and a cycle that repeats for ever; arrivals only grow by a factor in it.
[[nodiscard]] inline CyclicChain cyclic_of(const Chain& chain, const Interrupted& interrupted) {
  const Repetition repeats = repetition(chain);
  refuse_large_cycle(chain, repeats.cycle);
  CyclicChain cyclic{chain, repeats.from, repeats.cycle, interrupted};
  for (const ArrivalGroup& group : chain.arrivals) {
    if (!group.count.empty()) cyclic.from = std::max(cyclic.from, group.count.size() - 1);
  }
  for (const SpendStream& stream : chain.spend_streams) {
    cyclic.from = std::max(cyclic.from, static_cast<std::size_t>(stream.until.value_or(stream.from)));
  }
  const double bytes = 8.0 * static_cast<double>(cyclic.from + cyclic.cycle) * static_cast<double>(chain.states());
  refuse_beyond_memory(bytes, "the periods before the model settles", "",
                       "shorten its schedules and campaigns, or give a finite horizon");
  return cyclic;
}

/// What a period in a state brings in expectation, the move at its end included.
[[nodiscard]] inline double expected_reward(const Chain& chain, std::int64_t t, std::size_t state) {
  const Epoch now{chain, t};
  return now.earned(state) + now.discount * cash_of_leaving(now, state);
}

/// Whether money moves in a state at all, even where it nets to nothing.
[[nodiscard]] inline bool money_moves(const Chain& chain, std::int64_t t, std::size_t state) {
  const Epoch now{chain, t};
  bool moves = now.cash_flow[state] != 0 || now.spend[state] != 0;
  for (std::uint32_t k = chain.transitions.first[state]; k < chain.transitions.first[state + 1]; ++k) {
    moves = moves || (now.probability[k] > 0 && now.transition_cash_flow[k] != 0);
  }
  return moves;
}

/// The layers of one cycle, and what could not be said of them.
struct Tail {
  std::vector<PersonLayer> layers{};      ///< by phase
  std::vector<bool> customer_for_ever{};  ///< by unknown: expected periods as a customer are infinite
  double error_bound = 0;                 ///< on every value of a person
};

/// Says of what there is no finite answer, where the mean has one.
[[noreturn]] inline void refuse_endless_epoch(const DivergentError& error, const std::string& name) {
  if (error.problems().front().code != "divergent") throw error;
  Divergence divergence = error.divergence();
  divergence.average_reward.reset();  // of what chance adds to the epoch: no money
  const bool grows = divergence.growth_factor.has_value();
  const std::string why =
      grows ? "at a negative discount_rate chance in later periods counts for more than leaving takes away"
            : "in a state, or states, that are never left cash flows vary for ever, undiscounted";
  const std::string hint = grows ? "give a finite horizon, or a higher discount_rate"
                                 : "give a discount_rate or a finite horizon, or leave `varies` out there";
  throw DivergentError{
      {{"divergent", "", "the " + name + " of a person's value has no finite answer: " + why, hint, {}}},
      std::move(divergence)};
}

class TailSolver {
 public:
  TailSolver(const CyclicChain& cyclic, std::vector<bool> included) : cyclic_{cyclic}, included_{std::move(included)} {
    tail_.layers.assign(cyclic.cycle, PersonLayer{cyclic.states()});
  }

  [[nodiscard]] Tail solve() && {
    solve_means();
    solve_moments();
    solve_customer_periods();
    return std::move(tail_);
  }

 private:
  void keep(const Eigen::VectorXd& values, std::vector<double> PersonLayer::*member) {
    for (std::size_t phase = 0; phase < cyclic_.cycle; ++phase) {
      for (std::size_t i = 0; i < cyclic_.states(); ++i) {
        (tail_.layers[phase].*member)[i] = values[static_cast<Eigen::Index>(cyclic_.unknown(phase, i))];
      }
    }
  }

  void solve_means() {
    const Chain& chain = cyclic_.chain;
    const Eigen::VectorXd reward =
        rewards_over_cycle(cyclic_, [&](std::int64_t t, std::size_t i) { return expected_reward(chain, t, i); });
    std::vector<bool> earns(cyclic_.unknowns());
    for (std::size_t k = 0; k < earns.size(); ++k) {
      earns[k] = money_moves(chain, cyclic_.period(k / cyclic_.states()), k % cyclic_.states());
    }
    Solution alone =
        CyclicSystem{cyclic_, chain.discount_factor, Counting::person_alone, included_}.solve(reward, earns);
    keep(alone.value, &PersonLayer::mean);
    tail_.error_bound = alone.error_bound;
    if (chain.has_referrals()) {
      alone = CyclicSystem{cyclic_, chain.discount_factor, Counting::with_referrals, included_}.solve(reward, earns);
      tail_.error_bound = std::max(tail_.error_bound, alone.error_bound);
    }
    keep(alone.value, &PersonLayer::with_referrals);
  }

  /// What one step adds to a central moment, the moments of later steps already known or still 0.
  [[nodiscard]] Eigen::VectorXd added(double MoveMoments::*epoch, double discount, double EventMoments::*of_event,
                                      double within) const {
    return rewards_over_cycle(cyclic_, [&](std::int64_t t, std::size_t i) {
      const std::size_t phase = static_cast<std::size_t>(t) - cyclic_.from;
      const PersonLayer& next = tail_.layers[(phase + 1) % cyclic_.cycle];
      const Epoch now{cyclic_.chain, t};
      return discount * (moments_of_move(now, next, i).*epoch) +
             within * (moments_of_event(now.state_events, i).*of_event);
    });
  }

  void solve_moments() {
    const DoubleDouble d{cyclic_.chain.discount_factor};
    const double within = discount_within_period(cyclic_.chain.discount_factor, cyclic_.chain.cash_flow_timing);
    const Eigen::VectorXd variance =
        added(&MoveMoments::variance, (d * d).rounded(), &EventMoments::variance, within * within);
    keep(epoch(variance, d * d, "variance"), &PersonLayer::variance);
    const Eigen::VectorXd third =
        added(&MoveMoments::third_moment, (d * d * d).rounded(), &EventMoments::third_moment, within * within * within);
    keep(epoch(third, d * d * d, "skewness"), &PersonLayer::third_moment);
  }

  [[nodiscard]] Eigen::VectorXd epoch(const Eigen::VectorXd& added, DoubleDouble multiplier, const char* name) const {
    try {
      return CyclicSystem{cyclic_, multiplier, Counting::person_alone, included_}.solve(added).value;
    } catch (const DivergentError& error) {
      refuse_endless_epoch(error, name);
    }
  }

  void solve_customer_periods() {
    const Graph graph = graph_of(cyclic_, Counting::person_alone);
    std::vector<bool> endless(cyclic_.unknowns(), false);
    const auto is_customer_unknown = [&](std::size_t k) {
      return is_customer(cyclic_.chain.stages[k % cyclic_.states()]);
    };
    for (const std::vector<std::size_t>& members : closed_classes(graph)) {
      if (std::any_of(members.begin(), members.end(), is_customer_unknown)) {
        for (const std::size_t member : members) endless[member] = true;
      }
    }
    tail_.customer_for_ever = reaching(graph, endless);
    std::vector<bool> ends(included_);
    for (std::size_t k = 0; k < ends.size(); ++k) ends[k] = ends[k] && !tail_.customer_for_ever[k];
    const Eigen::VectorXd one = rewards_over_cycle(
        cyclic_, [&](std::int64_t, std::size_t i) { return is_customer(cyclic_.chain.stages[i]) ? 1.0 : 0.0; });
    keep(CyclicSystem{cyclic_, 1, Counting::person_alone, ends}.solve(one).value, &PersonLayer::customer_periods);
  }

  CyclicChain cyclic_;
  std::vector<bool> included_;
  Tail tail_{};
};

/// States from which, through positive probabilities in period t, a marked state of period t + 1 is reached.
[[nodiscard]] inline std::vector<bool> leading_to(const Chain& chain, std::int64_t t, const std::vector<bool>& marked) {
  const std::vector<double>& probability = chain.probability.at(t);
  std::vector<bool> leads(chain.states(), false);
  for (std::size_t i = 0; i < chain.states(); ++i) {
    for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
      leads[i] = leads[i] || (probability[k] > 0 && marked[chain.transitions.successor[k]]);
    }
  }
  return leads;
}

/// The states that anyone can come to who arrives or is brought; all of them where nobody arrives.
[[nodiscard]] inline std::vector<bool> states_in_use(const Chain& chain) {
  if (chain.arrivals.empty()) return std::vector<bool>(chain.states(), true);
  std::vector<bool> entered(chain.states(), false);
  for (const ArrivalGroup& group : chain.arrivals) entered[group.state] = true;
  const auto positive_somewhere = [](const Timeline<std::vector<double>>& timeline, std::uint32_t k) {
    return std::any_of(timeline.distinct().begin(), timeline.distinct().end(),
                       [&](const auto& values) { return values[k] > 0; });
  };
  Graph graph;
  for (std::size_t i = 0; i < chain.states(); ++i) {
    for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
      if (positive_somewhere(chain.probability, k)) graph.successor.push_back(chain.transitions.successor[k]);
    }
    for (std::uint32_t k = chain.referrals.first[i]; k < chain.referrals.first[i + 1]; ++k) {
      if (positive_somewhere(chain.referral_rate, k)) graph.successor.push_back(chain.referrals.successor[k]);
    }
    graph.first.push_back(static_cast<std::uint32_t>(graph.successor.size()));
  }
  return reaching(reversed(graph), entered);
}

/// Σ_t discount^t Σ n_t·x_t over the arrivals whose group_of(group) is each of 0 … count - 1, x by period up to the end
/// of the first cycle. Throws DivergentError where arrivals for ever outgrow the discount.
template <class GroupOf>
[[nodiscard]] std::vector<double> sum_over_arrivals(const CyclicChain& cyclic, double discount,
                                                    const std::vector<std::vector<double>>& by_period,
                                                    std::size_t count, GroupOf group_of) {
  const Chain& chain = cyclic.chain;
  const std::vector<double> factors = discount_factors(discount, by_period.size());
  std::vector<CompensatedSum> sums(count);
  for (const ArrivalGroup& group : chain.arrivals) {
    for (std::size_t t = 0; t < cyclic.from; ++t) {
      sums[group_of(group)].add(factors[t] * people_arriving(group, static_cast<std::int64_t>(t)) *
                                by_period[t][group.state]);
    }
    double over_cycle = 0;
    for (std::size_t t = cyclic.from; t < by_period.size(); ++t) {
      over_cycle += factors[t] * people_arriving(group, static_cast<std::int64_t>(t)) * by_period[t][group.state];
    }
    if (over_cycle == 0) continue;
    const double ratio =
        power(DoubleDouble{discount} * DoubleDouble{group.growth_factor}, static_cast<double>(cyclic.cycle));
    if (!(ratio < 1)) {
      Divergence divergence;
      divergence.growth_factor = discount * group.growth_factor;
      throw DivergentError{{{"divergent",
                             "arrivals",
                             "people arrive for ever, and discounting does not outweigh them",
                             "give `until`, a finite horizon or a higher discount_rate",
                             {}}},
                           std::move(divergence)};
    }
    sums[group_of(group)].add(over_cycle / (1 - ratio));
  }
  std::vector<double> totals;
  for (const CompensatedSum& sum : sums) totals.push_back(sum.value());
  return totals;
}

/// The same by channel.
[[nodiscard]] inline std::vector<double> sum_over_channels(const CyclicChain& cyclic, double discount,
                                                           const std::vector<std::vector<double>>& by_period) {
  return sum_over_arrivals(cyclic, discount, by_period, cyclic.chain.channels,
                           [](const ArrivalGroup& group) { return group.channel; });
}

/// Sums along people's lives, with everyone counted whom a person brings: several of them from the factors of one
/// system.
class LifeSums {
 public:
  LifeSums(const CyclicChain& cyclic, double multiplier, const std::vector<bool>& included)
      : cyclic_{cyclic}, multiplier_{multiplier}, system_{cyclic, multiplier, Counting::with_referrals, included} {}

  /// x_t(i) = reward_t(i) + multiplier·(Σ P x_{t+1} + Σ ρ x_{t+1}) for the periods up to the end of the first cycle.
  template <class RewardAt>
  [[nodiscard]] std::vector<std::vector<double>> by_period(RewardAt reward_at) {
    const std::size_t states = cyclic_.states();
    std::vector<std::vector<double>> sums(cyclic_.from + cyclic_.cycle, std::vector<double>(states));
    const Eigen::VectorXd tail = system_.solve(rewards_over_cycle(cyclic_, reward_at)).value;
    for (std::size_t k = 0; k < cyclic_.unknowns(); ++k) {
      sums[cyclic_.from + k / states][k % states] = tail[static_cast<Eigen::Index>(k)];
    }
    for (std::size_t t = cyclic_.from; t-- > 0;) {
      const auto period = static_cast<std::int64_t>(t);
      const Epoch now{cyclic_.chain, period};
      for (std::size_t i = 0; i < states; ++i) {
        back_in_state(now, i, reward_at(period, i), multiplier_, after_leaving_without_cash(now, sums[t + 1], i),
                      of_referred(now, sums[t + 1], i), sums[t + 1], sums[t]);
      }
    }
    return sums;
  }

 private:
  CyclicChain cyclic_;
  double multiplier_;
  CyclicSystem system_;
};

}  // namespace tenure::detail
