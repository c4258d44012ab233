#pragma once
// How values come to lie on a lattice. The value of a life in state i at the start of period t is kept as
//
//   offset_t(i) + step · n,    n a whole number,
//
// with an offset of its own for each state and period, so that only differences between moves must be rounded, not
// amounts: of the moves out of a state the likeliest is taken as it is, the others go to the nearest point, and the
// offset is then shifted so that the errors of all moves average to nothing. A life that mostly stays where it is
// collects no error while it stays; the mean is exact; and the error of a whole life is a martingale, which is why it
// stays small (error_ledger.hpp). Lives that never again bring or cost anything are worth exactly 0 and are kept apart.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/detail/step.hpp"
#include "tenure/engine/detail/distribution/course.hpp"
#include "tenure/engine/detail/exact/person.hpp"
#include "tenure/quantity/elementary.hpp"

namespace tenure::detail {

/// A way on from a state: to a point `shift` steps from where the next state's lattice has it, or, for lives that are
/// worth 0 after this move, to the point `shift`.
struct RoundedMove {
  double probability = 0;
  double error = 0;  ///< point less true value; it averages to 0 over the moves out of a state
  std::int64_t shift = 0;
  StateIndex to = 0;
  bool ends = false;  ///< nothing comes after it
};

/// By state, at the start of one period.
struct LatticeLayer {
  std::vector<double> offset{};
  std::vector<double> on_lattice{};  ///< probability that anything is still brought or paid
  std::vector<double> nothing{};     ///< and that it is not
};

/// Walks back period by period and rounds what it passes.
class Rounding {
 public:
  Rounding(const Chain& chain, const LatticeCourse& course, double step)
      : chain_{chain}, course_{course}, step_{step}, per_step_{1 / step} {
    const std::size_t states = chain.states();
    now_ = {std::vector<double>(states), std::vector<double>(states), std::vector<double>(states, 1.0)};
    next_ = now_;
  }

  [[nodiscard]] double step() const { return step_; }
  [[nodiscard]] std::size_t states() const { return chain_.states(); }
  [[nodiscard]] const LatticeLayer& layer() const { return now_; }
  [[nodiscard]] std::span<const RoundedMove> moves_of(std::size_t state) const {
    return std::span{moves_}.subspan(first_[state], first_[state + 1] - first_[state]);
  }

  /// The same values in a unit twice as large.
  void halve() {
    for (double& offset : now_.offset) offset /= 2;
  }

  void step_back_to(std::int64_t t) {
    const Epoch period{chain_, t};
    std::swap(now_, next_);
    moves_.clear();
    positions_.clear();
    first_.assign(1, 0);
    for (std::size_t i = 0; i < states(); ++i) {
      list_moves(period, t, i);
      place_on_lattice(i);
      first_.push_back(moves_.size());
    }
  }

 private:
  void list(double probability, double position, StateIndex to, bool ends) {
    moves_.push_back({.probability = probability, .to = to, .ends = ends});
    positions_.push_back(position);
  }

  void list_moves(const Epoch& period, std::int64_t t, std::size_t state) {
    const double scale = course_.scale(t);
    const double d = chain_.discount_factor;
    const double in_state = period.earned(state);
    const std::uint32_t begin = chain_.transitions.first[state];
    const std::uint32_t end = chain_.transitions.first[state + 1];
    now_.on_lattice[state] = now_.nothing[state] = 0;
    if (begin == end) list_end(1, scale * in_state, static_cast<StateIndex>(state), state);
    for (std::uint32_t k = begin; k < end; ++k) {
      const double probability = period.probability[k];
      if (!(probability > 0)) continue;
      const StateIndex to = chain_.transitions.successor[k];
      const double amount = scale * (in_state + d * period.transition_cash_flow[k]);
      if (next_.on_lattice[to] > 0) {
        list(probability, amount + next_.offset[to], to, false);
        now_.on_lattice[state] += probability * next_.on_lattice[to];
      }
      if (next_.nothing[to] > 0) list_end(probability * next_.nothing[to], amount, to, state);
    }
  }

  void list_end(double probability, double amount, StateIndex to, std::size_t state) {
    if (amount == 0) {
      now_.nothing[state] += probability;
      return;
    }
    list(probability, amount, to, true);
    now_.on_lattice[state] += probability;
  }

  [[nodiscard]] double weight(const RoundedMove& move) const {
    return move.ends ? move.probability : move.probability * next_.on_lattice[move.to];
  }

  void place_on_lattice(std::size_t state) {
    const std::size_t begin = first_.back();
    const std::size_t end = moves_.size();
    if (begin == end) return;
    std::size_t likeliest = begin;
    for (std::size_t k = begin; k < end; ++k) {
      if (weight(moves_[k]) > weight(moves_[likeliest])) likeliest = k;
    }
    const double anchor = positions_[likeliest];
    double above_anchor = 0;
    double total = 0;
    for (std::size_t k = begin; k < end; ++k) {
      const double distance = positions_[k] - anchor;
      const double steps = nearest_whole(distance * per_step_);
      moves_[k].shift = static_cast<std::int64_t>(steps);
      moves_[k].error = steps * step_ - distance;
      above_anchor -= weight(moves_[k]) * moves_[k].error;
      total += weight(moves_[k]);
    }
    if (total > 0) above_anchor /= total;
    for (std::size_t k = begin; k < end; ++k) moves_[k].error += above_anchor;
    now_.offset[state] = anchor + above_anchor;
  }

  const Chain& chain_;
  const LatticeCourse& course_;
  double step_;
  double per_step_;
  LatticeLayer now_{};
  LatticeLayer next_{};
  std::vector<RoundedMove> moves_{};
  std::vector<double> positions_{};  ///< by move: the true value of the point 0 of where it leads
  std::vector<std::size_t> first_{0};
};

}  // namespace tenure::detail
