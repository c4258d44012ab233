#pragma once
// From what is spent to what works. Spend carries over into later periods as an adstock (Broadbent 1979):
// a_t = (1 - λ) s_t + λ a_{t-1}, with nothing before the lever's first period, and it fades on after its last.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// The spend level of each lever of a model, in the model's order: per customer or per period, as the lever says. Empty
/// where nothing is spent.
using Spending = std::vector<double>;

/// The first periods of the pieces of time in each of which a lever has a level of its own; the first is 0. With
/// several pieces a Spending has the levels of each lever one after the other: piece k of lever l at l · pieces + k.
using SpendPieces = std::vector<std::int64_t>;

/// One level over the whole horizon.
inline const SpendPieces one_piece{0};

/// The spend levels of a plan that gives them. Levers left out are at 0.
[[nodiscard]] Spending spending_of(const Model& model, const SpendLevels& levels);

/// The level in a period in which the lever may be spent on, else 0.
[[nodiscard]] double spend_at(const Lever& lever, double level, std::int64_t t);

/// The piece of time in which period t lies.
[[nodiscard]] std::size_t piece_at(const SpendPieces& pieces, std::int64_t t);

/// Effective spend of a lever in periods 0 … until it stays the same for ever, or until `most` periods are listed. The
/// last entry repeats. A lever at level 0 has the course {0}.
[[nodiscard]] std::vector<double> effective_spend(const Lever& lever, const std::vector<double>& levels,
                                                  const SpendPieces& pieces, std::int64_t most);

/// The same at one level all the time.
[[nodiscard]] std::vector<double> effective_spend(const Lever& lever, double level, std::int64_t most);

/// The effective spend of period t in such a course.
[[nodiscard]] double effective_spend_at(const std::vector<double>& course, std::int64_t t);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/chain/spending-inl.hpp"
#endif
