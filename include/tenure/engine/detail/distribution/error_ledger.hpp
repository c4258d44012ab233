#pragma once
// How far a life's point can be from its value. The errors of rounding.hpp are kept in books without knowing any
// distribution: their extremes over all paths, and the two sides of their moment generating function, which give by
// Markov's inequality (Chernoff 1952)
//
//   P(|E| >= b) <= e^(-λb) ( E e^(λE) + E e^(-λE) )    for every λ > 0.
//
// Since the error of each move averages to nothing, E grows like the square root of the number of moves and not like
// the number. The bound is the smaller of the two: it is certain for short horizons, and for long ones it fails with a
// stated probability, one in a thousand million.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "tenure/engine/detail/distribution/appraisal.hpp"
#include "tenure/engine/detail/distribution/rounding.hpp"
#include "tenure/quantity/elementary.hpp"

namespace tenure::detail {

/// Probability that a life's error is larger than its bound.
inline constexpr double probability_of_larger_error = 1e-9;

/// At least e^x, and larger by less than a millionth, for |x| <= 25: the series to the eighth power at x/64, raised.
[[nodiscard]] inline double at_least_exponential(double x) {
  const double z = x / 64;
  double series = 1;
  for (int power = 8; power >= 1; --power) series = 1 + series * z * (1.0 / power);
  series *= 1 + 1e-8;
  for (int squaring = 0; squaring < 6; ++squaring) series *= series;
  return series;
}

class ErrorLedger {
 public:
  /// `rate` is λ times the step; any positive one gives a true bound, the right one a small bound.
  ErrorLedger(std::size_t states, double step, double rate)
      : step_{step}, rate_{std::min(rate, largest_rate)}, now_(states), next_(states) {}

  void halve(double) {
    for (Books& books : now_) {
      if (books.on_lattice == 0) continue;
      const double cosh = (at_least_exponential(rate_ / 2) + at_least_exponential(-rate_ / 2)) / 2;
      books.rising = std::sqrt(books.rising * books.on_lattice) * cosh;  // E e^(λE/2) <= (E e^(λE))^(1/2)
      books.falling = std::sqrt(books.falling * books.on_lattice) * cosh;
      books.highest = books.highest / 2 + 0.5;
      books.lowest = books.lowest / 2 - 0.5;
      books.first = std::floor(books.first / 2);
      books.last = std::ceil(books.last / 2);
    }
  }

  void follow(const Rounding& rounding) {
    std::swap(now_, next_);
    for (std::size_t i = 0; i < now_.size(); ++i) {
      Books books{.on_lattice = rounding.layer().on_lattice[i]};
      for (const RoundedMove& move : rounding.moves_of(i)) add(books, move);
      now_[i] = books;
      cells_now_ += books.cells();
    }
    most_cells_ = std::max(most_cells_, cells_now_);
    cells_now_ = 0;
  }

  void enter(const LatticeLife& life, const Rounding&, double scale) {
    if (life.is_certain()) return;
    const Books& books = now_[life.entry.state];
    const double certain = std::max(books.highest, -books.lowest);
    const double growth = std::max(tenure::logarithm(std::min(books.rising + books.falling, 1e300)), 1e-3);
    const double likely = growth < 690 ? (growth + rarity()) / rate_ : std::numeric_limits<double>::infinity();
    if (likely < certain) probability_ = probability_of_larger_error;
    const double bound = step_ * std::min(certain, likely) / scale;
    if (bound <= bound_) return;
    bound_ = bound;
    fitting_rate_ = rate_ * std::sqrt(rarity() / growth);
  }

  /// On the error of every life, in the money of its entry, but for the probability beside it.
  [[nodiscard]] double bound() const { return bound_; }
  [[nodiscard]] double probability() const { return probability_; }
  /// The rate that would give the smallest bound if ln E e^(λE) were a parabola through what it is at this rate.
  [[nodiscard]] double fitting_rate() const { return fitting_rate_; }

  /// Multiplications and additions of the walk if no tail is ever cut off, and the most numbers held at once.
  [[nodiscard]] double work() const { return work_; }
  [[nodiscard]] double most_cells() const { return most_cells_; }

 private:
  static constexpr double largest_rate = 25;
  static constexpr double work_of_rounding = 32;  ///< one move, one period

  /// Of lives in one state at the start of one period that are on the lattice; errors and places in steps.
  struct Books {
    double on_lattice = 0;
    double rising = 0;   ///< E e^(λE)
    double falling = 0;  ///< E e^(-λE)
    double highest = -std::numeric_limits<double>::infinity();
    double lowest = std::numeric_limits<double>::infinity();
    double first = std::numeric_limits<double>::infinity();
    double last = -std::numeric_limits<double>::infinity();
    [[nodiscard]] double cells() const { return last >= first ? last - first + 1 : 0; }
  };

  [[nodiscard]] static double rarity() { return -tenure::logarithm(probability_of_larger_error); }

  void add(Books& books, const RoundedMove& move) {
    const double error = move.error / step_;
    const auto shift = static_cast<double>(move.shift);
    const Books at_end{1, 1, 1, 0, 0, 0, 0};
    const Books& after = move.ends ? at_end : next_[move.to];
    books.rising += move.probability * at_least_exponential(rate_ * error) * after.rising;
    books.falling += move.probability * at_least_exponential(-rate_ * error) * after.falling;
    books.highest = std::max(books.highest, error + after.highest);
    books.lowest = std::min(books.lowest, error + after.lowest);
    books.first = std::min(books.first, shift + after.first);
    books.last = std::max(books.last, shift + after.last);
    work_ += work_of_rounding + after.cells();
  }

  double step_;
  double rate_;
  std::vector<Books> now_;
  std::vector<Books> next_;
  double bound_ = 0;
  double probability_ = 0;
  double fitting_rate_ = 5;
  double work_ = 0;
  double cells_now_ = 0;
  double most_cells_ = 0;
};

}  // namespace tenure::detail
