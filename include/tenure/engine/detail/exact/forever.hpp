#pragma once
// Values for ever. Where a chain repeats with a cycle of L periods from some period on, the value at each phase of the
// cycle solves one linear system over (phase, state): x = reward + M x with M = multiplier·P, or multiplier·(P + ρ)
// where those who are brought count too. Class analysis and the resolvent's certificate decide first whether a finite
// solution exists.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Dense>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/detail/exact/classes.hpp"
#include "tenure/engine/detail/exact/person.hpp"
#include "tenure/engine/detail/exact/resolvent.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

/// One step of a chain's cycle after another: (phase, state) is unknown phase·states + state.
struct CyclicChain {
  const Chain& chain;
  std::size_t from = 0;  ///< the period of phase 0
  std::size_t cycle = 1;
  const Interrupted& interrupted = uninterrupted;

  [[nodiscard]] std::size_t states() const { return chain.states(); }
  [[nodiscard]] std::size_t unknowns() const { return cycle * states(); }
  [[nodiscard]] std::size_t unknown(std::size_t phase, std::size_t state) const {
    return phase % cycle * states() + state;
  }
  [[nodiscard]] std::int64_t period(std::size_t phase) const { return static_cast<std::int64_t>(from + phase); }
};

enum class Counting : std::uint8_t { person_alone, with_referrals };

/// Visits every positive number of a pattern over the cycle, as visit(row, column, value).
template <class Visit>
void for_each_positive(const CyclicChain& cyclic, const Pattern& pattern, const Timeline<std::vector<double>>& numbers,
                       Visit visit) {
  for (std::size_t phase = 0; phase < cyclic.cycle; ++phase) {
    const std::vector<double>& number = numbers.at(cyclic.period(phase));
    for (std::size_t i = 0; i < cyclic.states(); ++i) {
      for (std::uint32_t k = pattern.first[i]; k < pattern.first[i + 1]; ++k) {
        if (number[k] > 0) visit(cyclic.unknown(phase, i), cyclic.unknown(phase + 1, pattern.successor[k]), number[k]);
      }
    }
  }
}

/// Visits every positive entry of the cyclic matrix P.
template <class Visit>
void for_each_move(const CyclicChain& cyclic, Visit visit) {
  for_each_positive(cyclic, cyclic.chain.transitions, cyclic.chain.probability, visit);
}

/// Visits every positive entry of the cyclic matrix ρ, where it counts.
template <class Visit>
void for_each_referred(const CyclicChain& cyclic, Counting counting, Visit visit) {
  if (counting == Counting::with_referrals)
    for_each_positive(cyclic, cyclic.chain.referrals, cyclic.chain.referral_rate, visit);
}

[[nodiscard]] inline Graph graph_of(const CyclicChain& cyclic, Counting counting) {
  Graph graph;
  graph.first.assign(cyclic.unknowns() + 1, 0);
  const auto for_each_edge = [&](auto visit) {
    for_each_move(cyclic, visit);
    for_each_referred(cyclic, counting, visit);
  };
  for_each_edge([&](std::size_t row, std::size_t, double) { ++graph.first[row + 1]; });
  std::partial_sum(graph.first.begin(), graph.first.end(), graph.first.begin());
  graph.successor.resize(graph.first.back());
  std::vector<std::uint32_t> next(graph.first.begin(), graph.first.end() - 1);
  for_each_edge([&](std::size_t row, std::size_t column, double) {
    graph.successor[next[row]++] = static_cast<StateIndex>(column);
  });
  return graph;
}

/// Average reward per period within a closed class: stationary distribution times rewards.
[[nodiscard]] inline std::optional<double> average_reward(const CyclicChain& cyclic,
                                                          const std::vector<std::size_t>& members,
                                                          const Eigen::VectorXd& reward) {
  if (members.size() > limits::dense_unknowns) return std::nullopt;
  std::vector<std::ptrdiff_t> place(cyclic.unknowns(), -1);
  for (std::size_t k = 0; k < members.size(); ++k) place[members[k]] = static_cast<std::ptrdiff_t>(k);
  const auto size = static_cast<Eigen::Index>(members.size());
  Eigen::MatrixXd balance = -Eigen::MatrixXd::Identity(size, size);
  for_each_move(cyclic, [&](std::size_t row, std::size_t column, double p) {
    if (place[row] >= 0) balance(place[column], place[row]) += p;
  });
  balance.row(size - 1).setOnes();
  Eigen::VectorXd one = Eigen::VectorXd::Zero(size);
  one[size - 1] = 1;
  const Eigen::VectorXd stationary = balance.partialPivLu().solve(one);
  double average = 0;
  for (Eigen::Index k = 0; k < size; ++k)
    average += stationary[k] * reward[static_cast<Eigen::Index>(members[static_cast<std::size_t>(k)])];
  return std::isfinite(average) ? std::optional{average} : std::nullopt;
}

[[noreturn]] inline void refuse_closed_class(const CyclicChain& cyclic, const std::vector<std::size_t>& members,
                                             const Eigen::VectorXd& reward) {
  Divergence divergence;
  for (const std::size_t member : members) divergence.states.push_back(member % cyclic.states());
  std::sort(divergence.states.begin(), divergence.states.end());
  divergence.states.erase(std::unique(divergence.states.begin(), divergence.states.end()), divergence.states.end());
  divergence.average_reward = average_reward(cyclic, members, reward);
  throw DivergentError{{{"divergent",
                         "",
                         "without discounting, a closed class of states earns for ever",
                         "discount, or give a finite horizon",
                         {}}},
                       std::move(divergence)};
}

/// Why discounted value grows: people bring others, or later money is worth more.
enum class GrowthBy : std::uint8_t { referrals, negative_rate };

/// The cyclic matrix has the spectral radius of one period, whatever its cycle: it is the geometric mean over the
/// cycle.
[[noreturn]] inline void refuse_growth(const Resolvent& resolvent, GrowthBy cause, std::vector<std::size_t> states) {
  const double radius = resolvent.growth_factor();
  if (!(radius > 1 + 1e-9)) {
    throw DivergentError{{{"undecidable",
                           "",
                           "discounted value neither clearly dies out nor clearly grows: its factor per period is "
                           "within 1e-9 of 1, or too ill-conditioned to tell",
                           "give a finite horizon",
                           {}}}};
  }
  Divergence divergence;
  divergence.states = std::move(states);
  divergence.growth_factor = radius;
  divergence.doubling_periods = tenure::logarithm(2.0) / tenure::logarithm(radius);
  if (cause == GrowthBy::referrals) {
    throw DivergentError{{{"divergent",
                           "",
                           "people are brought faster than discounting and leaving take them away",
                           "give a finite horizon, or lower the referral rates",
                           {}}},
                         std::move(divergence)};
  }
  throw DivergentError{{{"divergent",
                         "",
                         "at a negative discount_rate later money gains more than leaving takes away",
                         "give a finite horizon, or a higher discount_rate",
                         {}}},
                       std::move(divergence)};
}

[[noreturn]] inline void refuse_ill_conditioned(double error_bound) {
  throw DivergentError{
      {{"undecidable",
        "",
        "the value can only be known to within " + std::to_string(error_bound) + " in double precision",
        "give a finite horizon, or probabilities that are not so close to 0 or 1",
        {}}}};
}

/// Solves x = reward + multiplier·(P [+ ρ])·x over a cyclic chain, reusing its factors from one reward to the next.
/// Unknowns outside `included` are left out; nothing included may lead to them.
class CyclicSystem {
 public:
  CyclicSystem(const CyclicChain& cyclic, DoubleDouble multiplier, Counting counting, const std::vector<bool>& included)
      : cyclic_{cyclic},
        multiplier_{multiplier},
        counting_{counting},
        included_{included},
        graph_{graph_of(cyclic, counting)} {}

  /// Values by unknown; 0 where nothing is ever earned. `earns` marks the unknowns in which money moves, even where it
  /// nets to a reward of 0. Throws DivergentError where no finite answer exists.
  [[nodiscard]] Solution solve(const Eigen::VectorXd& reward, std::vector<bool> earns) {
    const std::vector<bool> active = leading_to(std::move(earns));
    prepare(active, reward);
    Eigen::VectorXd active_reward(resolvent_->size());
    for (std::size_t k = 0; k < active.size(); ++k) {
      if (place_[k] >= 0) active_reward[place_[k]] = reward[static_cast<Eigen::Index>(k)];
    }
    heed(cyclic_.interrupted);
    const Solution solved = resolvent_->size() > 0 ? resolvent_->solve(active_reward) : Solution{};
    if (solved.error_bound > 1e-6 * (solved.value.size() ? solved.value.cwiseAbs().maxCoeff() : 0))
      refuse_ill_conditioned(solved.error_bound);
    Solution solution{Eigen::VectorXd::Zero(reward.size()), solved.error_bound};
    for (std::size_t k = 0; k < active.size(); ++k) {
      if (place_[k] >= 0) solution.value[static_cast<Eigen::Index>(k)] = solved.value[place_[k]];
    }
    return solution;
  }

  [[nodiscard]] Solution solve(const Eigen::VectorXd& reward) {
    std::vector<bool> earns(cyclic_.unknowns());
    for (std::size_t k = 0; k < earns.size(); ++k) earns[k] = reward[static_cast<Eigen::Index>(k)] != 0;
    return solve(reward, std::move(earns));
  }

  /// Discounted visits to each unknown of `counted`, for so many people who enter each: the transposed system. Nothing
  /// outside may lead into it. Throws DivergentError where there are infinitely many.
  [[nodiscard]] Eigen::VectorXd visits(const Eigen::VectorXd& entering, const std::vector<bool>& counted) {
    prepare(counted, entering);
    Eigen::VectorXd active(resolvent_->size());
    for (std::size_t k = 0; k < counted.size(); ++k) {
      if (place_[k] >= 0) active[place_[k]] = entering[static_cast<Eigen::Index>(k)];
    }
    heed(cyclic_.interrupted);
    const Eigen::VectorXd solved = resolvent_->size() > 0 ? resolvent_->solve_transposed(active) : active;
    if (!solved.allFinite()) refuse_growth();
    Eigen::VectorXd visits = Eigen::VectorXd::Zero(entering.size());
    for (std::size_t k = 0; k < counted.size(); ++k) {
      if (place_[k] >= 0) visits[static_cast<Eigen::Index>(k)] = solved[place_[k]];
    }
    return visits;
  }

  /// The unknowns from which one that is marked, and included, can be reached.
  [[nodiscard]] std::vector<bool> leading_to(std::vector<bool> marked) const {
    for (std::size_t k = 0; k < marked.size(); ++k) marked[k] = marked[k] && included_[k];
    std::vector<bool> leads = reaching(graph_, marked);
    for (std::size_t k = 0; k < leads.size(); ++k) leads[k] = leads[k] && included_[k];
    return leads;
  }

 private:
  /// Factorises the system of the active unknowns, unless that is at hand already.
  void prepare(const std::vector<bool>& active, const Eigen::VectorXd& reward) {
    if (resolvent_ && active == active_) return;
    heed(cyclic_.interrupted);
    if (multiplier_.rounded() >= 1) refuse_rewarded_classes(active, reward);
    active_ = active;
    place_.assign(active.size(), -1);
    Eigen::Index size = 0;
    for (std::size_t k = 0; k < active.size(); ++k) {
      if (active[k]) place_[k] = size++;
    }
    resolvent_ = std::make_unique<Resolvent>(moves_among_active(size), cyclic_.interrupted);
    constexpr double suspicious = 1e9;
    const std::optional<double>& row_sum = resolvent_->largest_row_sum();
    const bool near_one = row_sum && *row_sum > suspicious && std::abs(resolvent_->growth_factor() - 1) <= 1e-9;
    const bool brings = counting_ == Counting::with_referrals && cyclic_.chain.has_referrals();
    const bool counts_heads =
        multiplier_.rounded() == 1 && cyclic_.chain.discount_factor != 1;  // its certificate will do
    const bool can_grow = (brings && !counts_heads) || multiplier_.rounded() > 1;
    if (!row_sum || (near_one && can_grow)) refuse_growth();
  }

  [[noreturn]] void refuse_growth() const {
    const bool brings = counting_ == Counting::with_referrals && cyclic_.chain.has_referrals();
    if (brings) detail::refuse_growth(*resolvent_, GrowthBy::referrals, {});
    detail::refuse_growth(*resolvent_, GrowthBy::negative_rate, states_left_too_slowly());
  }

  /// The states within which people stay, or to which they come back, so long that discounting backwards outweighs it.
  [[nodiscard]] std::vector<std::size_t> states_left_too_slowly() const {
    const Components components = strong_components(graph_);
    std::vector<std::vector<std::size_t>> members(components.count);
    std::vector<int> place(active_.size(), -1);
    for (std::size_t k = 0; k < active_.size(); ++k) {
      if (!active_[k]) continue;
      place[k] = static_cast<int>(members[components.of[k]].size());
      members[components.of[k]].push_back(k);
    }
    std::vector<std::vector<Eigen::Triplet<double>>> moves(components.count);
    for_each_move(cyclic_, [&](std::size_t row, std::size_t column, double p) {
      if (place[row] < 0 || place[column] < 0 || components.of[row] != components.of[column]) return;
      moves[components.of[row]].emplace_back(place[row], place[column], p * multiplier_.rounded());
    });
    std::vector<std::size_t> states;
    for (std::size_t c = 0; c < members.size(); ++c) {
      const auto size = static_cast<Eigen::Index>(members[c].size());
      if (members[c].size() > limits::dense_unknowns) continue;  // too many to look into, and to name
      RowMatrix within(size, size);
      within.setFromTriplets(moves[c].begin(), moves[c].end());
      if (spectral_radius(within) < 1) continue;
      for (const std::size_t member : members[c]) states.push_back(member % cyclic_.states());
    }
    std::sort(states.begin(), states.end());
    states.erase(std::unique(states.begin(), states.end()), states.end());
    return states;
  }

  [[nodiscard]] DiscountedMoves moves_among_active(Eigen::Index size) const {
    using Triplets = std::vector<Eigen::Triplet<double>>;
    Triplets moves;
    Triplets referred;
    DiscountedMoves system{multiplier_, RowMatrix(size, size), Eigen::VectorXd::Zero(size), RowMatrix(size, size)};
    for_each_move(cyclic_, [&](std::size_t row, std::size_t column, double p) {
      if (place_[row] < 0 || row == column) return;
      if (place_[column] < 0)
        system.leaving[place_[row]] += p;
      else
        moves.emplace_back(static_cast<int>(place_[row]), static_cast<int>(place_[column]), p);
    });
    for_each_referred(cyclic_, counting_, [&](std::size_t row, std::size_t column, double rate) {
      if (place_[row] < 0 || place_[column] < 0) return;
      referred.emplace_back(static_cast<int>(place_[row]), static_cast<int>(place_[column]), rate);
    });
    system.moves.setFromTriplets(moves.begin(), moves.end());
    system.referred.setFromTriplets(referred.begin(), referred.end());
    return system;
  }

  void refuse_rewarded_classes(const std::vector<bool>& active, const Eigen::VectorXd& reward) const {
    for (const std::vector<std::size_t>& members : closed_classes(graph_of(cyclic_, Counting::person_alone))) {
      const bool is_active = std::any_of(members.begin(), members.end(), [&](std::size_t k) { return active[k]; });
      if (is_active) refuse_closed_class(cyclic_, members, reward);
    }
  }

  CyclicChain cyclic_;
  DoubleDouble multiplier_;
  Counting counting_;
  std::vector<bool> included_;
  Graph graph_;
  std::vector<bool> active_{};
  std::vector<Eigen::Index> place_{};
  std::unique_ptr<Resolvent> resolvent_{};
};

/// Calls reward_at(period, state) for every unknown of a cyclic chain.
template <class RewardAt>
[[nodiscard]] Eigen::VectorXd rewards_over_cycle(const CyclicChain& cyclic, RewardAt reward_at) {
  Eigen::VectorXd reward(static_cast<Eigen::Index>(cyclic.unknowns()));
  for (std::size_t phase = 0; phase < cyclic.cycle; ++phase) {
    for (std::size_t i = 0; i < cyclic.states(); ++i) {
      reward[static_cast<Eigen::Index>(cyclic.unknown(phase, i))] = reward_at(cyclic.period(phase), i);
    }
  }
  return reward;
}

}  // namespace tenure::detail
