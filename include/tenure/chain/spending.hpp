#pragma once
// From what is spent to what works. Spend carries over into later periods as an adstock (Broadbent 1979):
// a_t = (1 - λ) s_t + λ a_{t-1}, with nothing before the lever's first period, and it fades on after its last.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tenure/model/model.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure {

/// The spend level of each lever of a model, in the model's order: per customer or per period, as the lever says. Empty
/// where nothing is spent.
using Spending = std::vector<double>;

/// The first periods of the pieces of time in each of which a lever has a level of its own; the first is 0. With several
/// pieces a Spending has the levels of each lever one after the other: piece k of lever l at l · pieces + k.
using SpendPieces = std::vector<std::int64_t>;
inline const SpendPieces one_piece{0};

/// The spend levels of a plan that gives them. Levers left out are at 0.
[[nodiscard]] inline Spending spending_of(const Model& model, const SpendLevels& levels) {
  Spending spending;
  spending.reserve(model.levers().size());
  for (const Lever& lever : model.levers()) {
    const auto level = levels.find(lever.name);
    spending.push_back(level == levels.end() ? 0.0 : level->second);
  }
  return spending;
}

[[nodiscard]] inline double spend_at(const Lever& lever, double level, std::int64_t t) {
  return t >= lever.from && (!lever.until || t < *lever.until) ? level : 0.0;
}

[[nodiscard]] inline std::size_t piece_at(const SpendPieces& pieces, std::int64_t t) {
  return static_cast<std::size_t>(std::upper_bound(pieces.begin(), pieces.end(), t) - pieces.begin()) - 1;
}

/// Effective spend of a lever in periods 0 … until it stays the same for ever, or until `most` periods are listed. The
/// last entry repeats. A lever at level 0 has the course {0}.
[[nodiscard]] inline std::vector<double> effective_spend(const Lever& lever, const std::vector<double>& levels,
                                                         const SpendPieces& pieces, std::int64_t most) {
  std::vector<double> course;
  if (std::all_of(levels.begin(), levels.end(), [](double level) { return level == 0; })) return {0.0};
  const std::int64_t last_change = std::max(lever.until.value_or(lever.from), pieces.back());
  double effective = 0;
  for (std::int64_t t = 0; t < most; ++t) {
    const double level = levels[piece_at(pieces, t)];
    const double now = (1 - lever.carry_over) * spend_at(lever, level, t) + lever.carry_over * effective;
    const bool settled = t > last_change && now == effective;
    if (settled) break;
    course.push_back(now);
    effective = now;
  }
  if (course.empty()) course.push_back(spend_at(lever, levels.front(), 0));
  return course;
}

/// The same at one level all the time.
[[nodiscard]] inline std::vector<double> effective_spend(const Lever& lever, double level, std::int64_t most) {
  return effective_spend(lever, std::vector<double>{level}, one_piece, most);
}

[[nodiscard]] inline double effective_spend_at(const std::vector<double>& course, std::int64_t t) {
  return course[std::min(static_cast<std::size_t>(t), course.size() - 1)];
}

}  // namespace tenure
