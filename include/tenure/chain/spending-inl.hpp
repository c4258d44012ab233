#pragma once
// The bodies of tenure/chain/spending.hpp.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/chain/spending.hpp"
#include "tenure/model/model.hpp"

namespace tenure {

TENURE_INLINE Spending spending_of(const Model& model, const SpendLevels& levels) {
  Spending spending;
  spending.reserve(model.levers().size());
  for (const Lever& lever : model.levers()) {
    const auto level = levels.find(lever.name);
    spending.push_back(level == levels.end() ? 0.0 : level->second);
  }
  return spending;
}

TENURE_INLINE double spend_at(const Lever& lever, double level, std::int64_t t) {
  return t >= lever.from && (!lever.until || t < *lever.until) ? level : 0.0;
}

TENURE_INLINE std::size_t piece_at(const SpendPieces& pieces, std::int64_t t) {
  return static_cast<std::size_t>(std::upper_bound(pieces.begin(), pieces.end(), t) - pieces.begin()) - 1;
}

TENURE_INLINE std::vector<double> effective_spend(const Lever& lever, const std::vector<double>& levels,
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

TENURE_INLINE std::vector<double> effective_spend(const Lever& lever, double level, std::int64_t most) {
  return effective_spend(lever, std::vector<double>{level}, one_piece, most);
}

TENURE_INLINE double effective_spend_at(const std::vector<double>& course, std::int64_t t) {
  return course[std::min(static_cast<std::size_t>(t), course.size() - 1)];
}

}  // namespace tenure
