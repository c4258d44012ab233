#pragma once
// The distribution itself: for each state the probabilities of its lattice points, carried back over the horizon. A
// period adds up, for each state, the next states' probabilities, shifted by whole steps: nothing but sums of products
// of numbers that are not negative, so every probability is right to many digits, however small, and nothing rings.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "tenure/engine/detail/distribution/appraisal.hpp"
#include "tenure/engine/detail/distribution/outcome.hpp"
#include "tenure/engine/detail/distribution/rounding.hpp"

namespace tenure::detail {

/// Probabilities that are added to a stretch of others, times a factor.
struct ShiftedSource {
  double factor = 0;
  const double* from = nullptr;
};

enum class Collecting : std::uint8_t { anew, onto };

/// Σ factor·from[k] of four sources at once, since reading and writing costs more than the arithmetic. Stretches of a
/// fixed length let compilers use vectors at every level of optimisation; each number is computed on its own, so that
/// the width of the vectors does not matter to the result.
template <Collecting collecting>
void collect(const std::array<ShiftedSource, 4>& source, double* to, std::size_t count) {
  constexpr std::size_t stretch = 8;
  const auto sum_at = [to, a = source[0].from, b = source[1].from, c = source[2].from, d = source[3].from,
                       fa = source[0].factor, fb = source[1].factor, fc = source[2].factor,
                       fd = source[3].factor](std::size_t k) {
    const double sum = (fa * a[k] + fb * b[k]) + (fc * c[k] + fd * d[k]);
    return collecting == Collecting::onto ? to[k] + sum : sum;
  };
  std::size_t k = 0;
  for (; k + stretch <= count; k += stretch) {
    std::array<double, stretch> sum;
    for (std::size_t lane = 0; lane < stretch; ++lane) sum[lane] = sum_at(k + lane);
    for (std::size_t lane = 0; lane < stretch; ++lane) to[k + lane] = sum[lane];
  }
  for (; k < count; ++k) to[k] = sum_at(k);
}

/// Probabilities of the points first, first + 1, …, end - 1.
struct LatticeCells {
  std::int64_t first = 0;
  std::int64_t end = 0;
  double* probability = nullptr;

  [[nodiscard]] std::size_t count() const { return static_cast<std::size_t>(end - first); }
  [[nodiscard]] double& at(std::int64_t point) const { return probability[point - first]; }
  [[nodiscard]] std::span<const double> probabilities() const { return {probability, count()}; }

  /// Draws the ends in while no more than `allowed` of the probability beyond moves, on either side.
  void trim(double allowed) {
    double before = 0;
    while (end - first > 1 && before + *probability <= allowed) {
      before += *probability++;
      ++first;
    }
    double after = 0;
    while (end - first > 1 && after + at(end - 1) <= allowed) after += at(--end);
    if (end == first) return;
    at(first) += before;
    at(end - 1) += after;
  }
};

/// The cells of all states at the start of one period, side by side.
class LatticeFloor {
 public:
  /// Room for as many cells is taken at once; where more are needed, more is taken.
  LatticeFloor(std::size_t states, std::size_t room) : cells_(states) { take(room); }

  [[nodiscard]] LatticeCells& operator[](std::size_t state) { return cells_[state]; }
  [[nodiscard]] const LatticeCells& operator[](std::size_t state) const { return cells_[state]; }

  /// Gives all cells their places, from their first to their end; what is in them is not yet set.
  void lay_out() {
    std::size_t needed = 0;
    for (const LatticeCells& cells : cells_) needed += cells.count();
    if (needed > room_) take(needed + needed / 2);
    double* next = memory_.get();
    for (LatticeCells& cells : cells_) {
      cells.probability = next;
      next += cells.count();
    }
  }

 private:
  void take(std::size_t room) {
    memory_ = std::make_unique_for_overwrite<double[]>(room);
    room_ = room;
  }

  std::vector<LatticeCells> cells_;
  std::size_t room_ = 0;
  std::unique_ptr<double[]> memory_{};
};

/// What a propagation is asked for.
struct PropagationOptions {
  double trimmed = 0;     ///< probability that may be moved in one period, for each state and either end
  double room = 0;        ///< cells that will be needed at once, at most
  bool one_life = false;  ///< it keeps its own lattice
};

class Propagation {
 public:
  Propagation(std::size_t states, PropagationOptions options, Outcome& outcome)
      : states_{states},
        options_{options},
        outcome_{outcome},
        now_{states, static_cast<std::size_t>(std::min(options.room, most_room))},
        next_{states, static_cast<std::size_t>(std::min(options.room, most_room))} {}

  /// The same probabilities on every other point; those between are shared out evenly.
  void halve(double) {
    const auto half = [](std::int64_t n) { return n >= 0 ? n / 2 : -((1 - n) / 2); };  // rounded down
    std::swap(now_, next_);
    for (std::size_t i = 0; i < states_; ++i) {
      const LatticeCells& fine = next_[i];
      now_[i] = {half(fine.first), fine.count() == 0 ? half(fine.first) : half(fine.end) + 1};
    }
    now_.lay_out();
    for (std::size_t i = 0; i < states_; ++i) {
      std::fill_n(now_[i].probability, now_[i].count(), 0.0);
      for (std::int64_t n = next_[i].first; n < next_[i].end; ++n) {
        now_[i].at(half(n)) += next_[i].at(n) / 2;
        now_[i].at(half(n + 1)) += next_[i].at(n) / 2;
      }
    }
  }

  void follow(const Rounding& rounding) {
    std::swap(now_, next_);
    for (std::size_t i = 0; i < states_; ++i) now_[i] = extent_of(rounding.moves_of(i));
    now_.lay_out();
    for (std::size_t i = 0; i < states_; ++i) {
      collect_into(now_[i], rounding.moves_of(i));
      now_[i].trim(options_.trimmed);
    }
  }

  void enter(const LatticeLife& life, const Rounding& rounding, double scale) {
    const double weight = life.entry.weight;
    const StateIndex i = life.entry.state;
    if (life.is_certain()) {
      outcome_.add({life.mean, weight});
      return;
    }
    const LatticeLayer& layer = rounding.layer();
    if (layer.nothing[i] > 0) outcome_.add({0, weight * layer.nothing[i]});
    const LatticePoints points{layer.offset[i], rounding.step(), scale, now_[i].first, now_[i].probabilities()};
    if (options_.one_life)
      outcome_.take(points, weight);
    else
      outcome_.merge(points, weight);
  }

  /// Multiplications and additions done.
  [[nodiscard]] double work() const { return work_; }

 private:
  static constexpr double most_room = 4e6;  ///< taken beforehand, on either floor

  [[nodiscard]] std::int64_t first_of(const RoundedMove& move) const {
    return move.ends ? move.shift : move.shift + next_[move.to].first;
  }
  [[nodiscard]] std::int64_t end_of(const RoundedMove& move) const {
    return move.ends ? move.shift + 1 : move.shift + next_[move.to].end;
  }

  [[nodiscard]] LatticeCells extent_of(std::span<const RoundedMove> moves) const {
    LatticeCells extent;
    if (moves.empty()) return extent;
    extent = {first_of(moves.front()), end_of(moves.front())};
    for (const RoundedMove& move : moves) {
      extent.first = std::min(extent.first, first_of(move));
      extent.end = std::max(extent.end, end_of(move));
    }
    return extent;
  }

  /// Fills a state's cells: between two places where a move begins or ends to reach, the same moves bring something.
  void collect_into(const LatticeCells& to, std::span<const RoundedMove> moves) {
    cuts_.clear();
    for (const RoundedMove& move : moves) {
      cuts_.push_back(first_of(move));
      cuts_.push_back(end_of(move));
    }
    std::sort(cuts_.begin(), cuts_.end());
    for (std::size_t k = 1; k < cuts_.size(); ++k) {
      const std::int64_t first = cuts_[k - 1];
      const std::int64_t end = cuts_[k];
      if (first == end) continue;
      sources_.clear();
      for (const RoundedMove& move : moves) {
        if (move.ends || first_of(move) > first || end_of(move) < end) continue;
        sources_.push_back({move.probability, &next_[move.to].at(first - move.shift)});
      }
      work_ += static_cast<double>(sources_.size()) * static_cast<double>(end - first);
      collect_stretch(&to.at(first), static_cast<std::size_t>(end - first));
    }
    for (const RoundedMove& move : moves) {
      if (move.ends) to.at(move.shift) += move.probability;
    }
  }

  /// Σ factor·from of all sources, four at a time, over pieces that stay in the fastest cache.
  void collect_stretch(double* to, std::size_t count) const {
    constexpr std::size_t piece = 1024;
    if (sources_.empty()) std::fill_n(to, count, 0.0);
    for (std::size_t begin = 0; begin < count; begin += piece) {
      for (std::size_t s = 0; s < sources_.size(); s += 4) {
        std::array<ShiftedSource, 4> four;
        four.fill({0, sources_[s].from + begin});  // counts nothing
        for (std::size_t k = s; k < std::min(s + 4, sources_.size()); ++k) {
          four[k - s] = {sources_[k].factor, sources_[k].from + begin};
        }
        const auto kernel = s == 0 ? collect<Collecting::anew> : collect<Collecting::onto>;
        kernel(four, to + begin, std::min(piece, count - begin));
      }
    }
  }

  std::size_t states_;
  PropagationOptions options_;
  Outcome& outcome_;
  LatticeFloor now_;
  LatticeFloor next_;
  std::vector<std::int64_t> cuts_{};
  std::vector<ShiftedSource> sources_{};
  double work_ = 0;
};

}  // namespace tenure::detail
