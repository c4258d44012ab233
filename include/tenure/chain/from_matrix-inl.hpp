#pragma once
// The bodies of tenure/chain/from_matrix.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/from_matrix.hpp"
#include "tenure/model/findings.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure {

namespace detail {

struct MatrixRows {
  Pattern pattern{};
  std::vector<double> value{};
};

/// The entries row by row, those of a row by column.
[[nodiscard]] inline MatrixRows rows_of(MatrixEntries matrix) {
  std::sort(matrix.entries.begin(), matrix.entries.end(),
            [](const MatrixEntries::Entry& a, const MatrixEntries::Entry& b) {
              return std::pair{a.row, a.column} < std::pair{b.row, b.column};
            });
  MatrixRows rows;
  std::size_t k = 0;
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    for (; k < matrix.entries.size() && matrix.entries[k].row == row; ++k) {
      rows.pattern.successor.push_back(static_cast<StateIndex>(matrix.entries[k].column));
      rows.value.push_back(matrix.entries[k].value);
    }
    rows.pattern.first.push_back(static_cast<std::uint32_t>(k));
  }
  return rows;
}

[[nodiscard]] inline std::vector<Problem> check_shapes(const MatrixEntries& matrix, const std::vector<double>& reward,
                                                       const MatrixOptions& options) {
  Findings found;
  const std::size_t size = matrix.rows;
  if (size == 0 || matrix.columns != size) {
    found.error("matrix-shape", "matrix",
                std::to_string(size) + " rows and " + std::to_string(matrix.columns) + " columns",
                "give a square matrix with at least one state");
  }
  if (reward.size() != size) {
    found.error("matrix-shape", "reward",
                std::to_string(reward.size()) + " rewards for " + std::to_string(size) + " states",
                "give one reward for each state");
  }
  if (!options.stages.empty() && options.stages.size() != size) {
    found.error("matrix-shape", "stages", "there are not as many stages as states", "give one for each, or none");
  }
  if (!(options.discount_factor > 0 && std::isfinite(options.discount_factor))) {
    found.error("discount-factor", "discount_factor", shortest(options.discount_factor) + " is no factor per period",
                "give a finite number above 0");
  }
  if (options.horizon && *options.horizon < 0)
    found.error("horizon", "horizon", "it is negative", "give at least 0 periods");
  for (const ArrivalGroup& group : options.arrivals) {
    if (group.state >= size) found.error("unknown-state", "arrivals", "there is no such state");
  }
  return found.errors;
}

/// Each row must sum to 1, but for rounding, and is rescaled to do so.
[[nodiscard]] inline std::pair<MatrixRows, std::vector<Problem>> check_and_rescale(MatrixRows rows) {
  Findings found;
  for (std::size_t i = 0; i + 1 < rows.pattern.first.size(); ++i) {
    const std::string path = "matrix row " + std::to_string(i);
    CompensatedSum sum;
    for (std::size_t k = rows.pattern.first[i]; k < rows.pattern.first[i + 1]; ++k) {
      if (!(rows.value[k] >= 0 && rows.value[k] <= 1 + limits::row_rounding)) {
        found.error("probability", path, shortest(rows.value[k]) + " is not a probability",
                    "give a number from 0 to 1");
      }
      sum.add(rows.value[k]);
    }
    if (!(std::abs(sum.value() - 1) <= limits::row_rounding)) {
      found.error("row-sum", path, "it sums to " + shortest(sum.value()), "each row must sum to 1");
    }
    for (std::size_t k = rows.pattern.first[i]; k < rows.pattern.first[i + 1]; ++k) rows.value[k] /= sum.value();
  }
  return {std::move(rows), std::move(found.errors)};
}

TENURE_INLINE Chain chain_of_entries(MatrixEntries matrix, std::vector<double> reward, MatrixOptions options) {
  std::vector<Problem> problems = check_shapes(matrix, reward, options);
  auto [rows, row_problems] = check_and_rescale(rows_of(std::move(matrix)));
  for (Problem& problem : row_problems) problems.push_back(std::move(problem));
  for (std::size_t i = 0; i < reward.size(); ++i) {
    if (std::abs(reward[i]) <= limits::amount) continue;
    problems.push_back({"number",
                        "reward " + std::to_string(i),
                        shortest(reward[i]) + " is out of range",
                        "give a finite amount of at most 1e90",
                        {}});
  }
  if (!problems.empty()) throw ModelError{std::move(problems)};
  const std::size_t size = reward.size();
  Chain chain;
  chain.horizon = options.horizon;
  chain.discount_factor = options.discount_factor;
  chain.cash_flow_timing = options.cash_flow_timing;
  chain.stages = options.stages.empty() ? std::vector<Stage>(size, Stage::servicing) : std::move(options.stages);
  chain.transition_cash_flow = Timeline<std::vector<double>>{std::vector<double>(rows.value.size(), 0.0)};
  chain.transitions = std::move(rows.pattern);
  chain.probability = Timeline<std::vector<double>>{std::move(rows.value)};
  chain.cash_flow = Timeline<std::vector<double>>{std::move(reward)};
  chain.spend = Timeline<std::vector<double>>{std::vector<double>(size, 0.0)};
  chain.referrals.first.assign(size + 1, 0);
  chain.referral_rate = Timeline<std::vector<double>>{std::vector<double>{}};
  for (const ArrivalGroup& group : options.arrivals) chain.channels = std::max(chain.channels, group.channel + 1);
  chain.arrivals = std::move(options.arrivals);
  return chain;
}

}  // namespace detail

}  // namespace tenure
