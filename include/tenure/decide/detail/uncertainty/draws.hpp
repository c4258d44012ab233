#pragma once
// Draws of the uncertain numbers of a model. The points come from a Sobol sequence (Joe and Kuo 2008, by Boost.Random),
// which fills space more evenly than chance does, so that few draws do the work of many. So that errors can be
// estimated all the same, there are several randomisations of it, each an independent scramble of all its digits (Owen
// 1995; by hashing as Laine and Karras 2011 and Burley 2020) keyed by the seed. Points become normal quantiles, scores
// are correlated where the model says so, and each law turns its score into a number.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <boost/random/sobol.hpp>

#include "tenure/engine/stream.hpp"
#include "tenure/model/correlation.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/model_numbers.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/detail/law/normal.hpp"
#include "tenure/quantity/detail/quantile.hpp"

namespace tenure::detail {

/// More numbers than this have no points.
inline constexpr std::size_t uncertain_numbers_drawn = 1000;
/// Independent randomisations, from whose differences errors are estimated.
inline constexpr std::uint64_t most_randomisations = 16;

[[nodiscard]] constexpr std::uint32_t digits_turned_round(std::uint32_t x) {
  x = ((x >> 1) & 0x55555555U) | ((x & 0x55555555U) << 1);
  x = ((x >> 2) & 0x33333333U) | ((x & 0x33333333U) << 2);
  x = ((x >> 4) & 0x0F0F0F0FU) | ((x & 0x0F0F0F0FU) << 4);
  x = ((x >> 8) & 0x00FF00FFU) | ((x & 0x00FF00FFU) << 8);
  return (x >> 16) | (x << 16);
}

/// A scramble in which each binary digit is turned over or not by a hash of those before it.
[[nodiscard]] constexpr std::uint32_t scrambled(std::uint32_t digits, std::uint32_t key) {
  std::uint32_t x = digits_turned_round(digits);
  x ^= x * 0x3D20ADEAU;
  x += key;
  x *= (key >> 16) | 1U;
  x ^= x * 0x05526C56U;
  x ^= x * 0x53A22864U;
  return digits_turned_round(x);
}

/// The first points of the sequence, one after the other, 32 digits each.
[[nodiscard]] inline std::vector<std::uint32_t> sobol_points(std::size_t dimensions, std::size_t count) {
  std::vector<std::uint32_t> points(dimensions * count, 0);  // the first is the origin, which the engine leaves out
  if (dimensions == 0) return points;
  boost::random::sobol_engine<std::uint_least64_t, 64> engine(dimensions);
  for (std::size_t k = dimensions; k < points.size(); ++k) points[k] = static_cast<std::uint32_t>(engine() >> 32);
  return points;
}

/// What is drawn, and how: draw r·per_randomisation + j is point j of randomisation r.
class UncertainDraws {
 public:
  UncertainDraws(const Model& model, std::uint64_t draws, std::uint64_t seed)
      : numbers_{uncertain_numbers_of(model.draft())}, draws_{numbers_.empty() ? 1 : draws}, key_{stream_key(seed)} {
    if (numbers_.size() > uncertain_numbers_drawn) {
      throw LimitError{{{"uncertain",
                         "",
                         std::to_string(numbers_.size()) + " numbers are uncertain",
                         "let at most " + std::to_string(uncertain_numbers_drawn) + " of them be",
                         {}}}};
    }
    randomisations_ = std::min(draws_, most_randomisations);
    per_randomisation_ = (draws_ + randomisations_ - 1) / randomisations_;
    draws_ = numbers_.empty() ? 1 : draws_;
    for (const ModelNumber& number : numbers_) {
      places_.push_back(number.place);
      laws_.emplace_back(*number.number.uncertain, mean_of_law(number.number));
    }
    points_ = sobol_points(numbers_.size(), static_cast<std::size_t>(per_randomisation_));
    correlate(model);
  }

  [[nodiscard]] const std::vector<ModelNumber>& numbers() const { return numbers_; }
  [[nodiscard]] std::span<const NumberPlace> places() const { return places_; }
  [[nodiscard]] const QuantileFunction& law(std::size_t number) const { return laws_[number]; }
  /// Draws that were asked for; the last randomisations have one less where they cannot all have the same number.
  [[nodiscard]] std::uint64_t draws() const { return draws_; }
  [[nodiscard]] std::uint64_t randomisations() const { return randomisations_; }
  /// The first draw of a randomisation; that of the one after the last is the number of draws.
  [[nodiscard]] std::uint64_t first_of(std::uint64_t randomisation) const {
    const std::uint64_t whole = draws_ / randomisations_;
    return randomisation * whole + std::min(randomisation, draws_ % randomisations_);
  }
  [[nodiscard]] std::uint64_t randomisation_of(std::uint64_t draw) const {
    std::uint64_t r = 0;
    while (first_of(r + 1) <= draw) ++r;
    return r;
  }

  /// The normal quantiles of a draw, correlated.
  [[nodiscard]] std::vector<double> scores(std::uint64_t draw) const {
    const std::uint64_t r = randomisation_of(draw);
    const std::size_t point = static_cast<std::size_t>(draw - first_of(r)) * numbers_.size();
    std::vector<double> scores(numbers_.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const StreamAddress address{i, static_cast<std::uint32_t>(r), Purpose::uncertainty, 0};
      const std::uint32_t digits = scrambled(points_[point + i], random_block(key_, address)[0]);
      scores[i] = normal_quantile((static_cast<double>(digits) + 0.5) * 0x1p-32);
    }
    if (lower_.empty()) return scores;
    std::vector<double> correlated(scores.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
      for (std::size_t j = 0; j <= i; ++j) correlated[i] += lower_[i][j] * scores[j];
    }
    return correlated;
  }

  /// The numbers with these scores.
  [[nodiscard]] std::vector<double> values(std::span<const double> scores) const {
    std::vector<double> values(scores.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
      values[i] = laws_[i](scores[i]);
      const bool is_spend = numbers_[i].quantity == Quantity::spend;
      if (is_spend) values[i] = std::max(values[i], 1e-12 * mean_of_law(numbers_[i].number));  // never 0: it divides
    }
    return values;
  }

 private:
  void correlate(const Model& model) {
    if (model.draft().correlations.empty()) return;
    lower_ = cholesky_factor(correlation_matrix(model.draft().correlations, names_of(numbers_))).value();
  }

  std::vector<ModelNumber> numbers_;
  std::vector<NumberPlace> places_{};
  std::vector<QuantileFunction> laws_{};
  std::uint64_t draws_;
  StreamKey key_;
  std::uint64_t randomisations_ = 1;
  std::uint64_t per_randomisation_ = 1;
  std::vector<std::uint32_t> points_{};
  SquareMatrix lower_{};  ///< empty: nothing is correlated
};

}  // namespace tenure::detail
