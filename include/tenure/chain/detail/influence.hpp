#pragma once
// Rows under several influences. Each influence on a transition is a multiplier of its odds; multipliers on one
// transition multiply, then w(i,j) = p(i,j)·m(i,j) and the row is w / Σw. One influence alone puts its transition
// exactly where it wants it and scales the rest of the row in proportion, and the order of influences never matters.
//
// A lever states its influence as the probability p' that it alone would reach, a calendar as the multiplier itself.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "tenure/quantity/elementary.hpp"

namespace tenure::detail {

/// The probability that an influence alone would reach, and what it would leave to the rest of the row: 1 less that,
/// but exact where it is small.
struct ReachedAlone {
  double probability = 0;
  double complement = 1;
};

/// One influence on one entry of a row.
struct Influence {
  std::size_t entry = 0;
  std::optional<ReachedAlone> alone{};  ///< a lever
  double odds = 1;                      ///< the odds multiplier, where `alone` is not given (the calendar)
  bool absolute = false;                ///< its limit is 0 or 1: it cannot be combined with others
};

/// Why influences cannot work on a row together.
enum class InfluenceConflict : std::uint8_t { certain, only_alone, nothing_left };

/// A row after all influences on it.
struct InfluencedRow {
  std::vector<double> probability{};
  std::optional<InfluenceConflict> conflict{};
  std::size_t influence = 0;  ///< the one that cannot work
};

/// What a row leaves to its other entries: 1 - p, but exact where p is nearly 1.
[[nodiscard]] inline double rest_of_row(std::span<const double> row, std::size_t entry) {
  CompensatedSum others;
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (k != entry) others.add(row[k]);
  }
  return others.value();
}

[[nodiscard]] inline double odds_multiplier(double today, double rest_today, const ReachedAlone& alone) {
  return (alone.probability * rest_today) / (alone.complement * today);
}

/// w / Σw, with the sum taken to twice the precision; no value where nothing is left.
[[nodiscard]] inline std::optional<std::vector<double>> normalised(std::vector<double> weights) {
  CompensatedSum sum;
  for (const double weight : weights) sum.add(weight);
  if (!(sum.value() > 0)) return std::nullopt;
  for (double& weight : weights) weight /= sum.value();
  return weights;
}

[[nodiscard]] inline InfluencedRow place_alone(std::span<const double> row, const Influence& influence) {
  InfluencedRow result;
  if (row[influence.entry] >= 1) return {{}, InfluenceConflict::certain, 0};
  const double scale = influence.alone->complement / rest_of_row(row, influence.entry);
  for (const double p : row) result.probability.push_back(p * scale);
  result.probability[influence.entry] = influence.alone->probability;
  return result;
}

/// A row that sums to 1, with at least one influence on it.
[[nodiscard]] inline InfluencedRow influenced(std::span<const double> row, std::span<const Influence> influences) {
  if (influences.size() == 1 && influences.front().alone) return place_alone(row, influences.front());
  std::vector<double> weights(row.begin(), row.end());
  for (std::size_t k = 0; k < influences.size(); ++k) {
    const Influence& influence = influences[k];
    const double today = row[influence.entry];
    double odds = influence.odds;
    if (influence.alone) {
      if (today >= 1) return {{}, InfluenceConflict::certain, k};
      if (influence.absolute || today <= 0 || influence.alone->probability <= 0 || influence.alone->complement <= 0) {
        return {{}, InfluenceConflict::only_alone, k};
      }
      odds = odds_multiplier(today, rest_of_row(row, influence.entry), *influence.alone);
    }
    weights[influence.entry] *= odds;
  }
  std::optional<std::vector<double>> probability = normalised(std::move(weights));
  if (!probability) return {{}, InfluenceConflict::nothing_left, 0};
  return {std::move(*probability), {}, 0};
}

}  // namespace tenure::detail
