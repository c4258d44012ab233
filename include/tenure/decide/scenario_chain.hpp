#pragma once
// The chain of a scenario, fine enough. Where probabilities differ from person to person, so many values stand for
// their laws as it takes: their number is doubled until the exact engine's figures no longer change, or until there
// would be too many types of people. By how much the last doubling changed them is reported; that is more than the
// error left.

#include <cstddef>

#include "tenure/chain/compile.hpp"
#include "tenure/chain/spending.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

/// A scenario's chain, and how fine it is.
struct ScenarioChain {
  Chain chain{};
  bool duration_settles =
      true;  ///< whether how long people are customers does: over an endless horizon it may be infinite
  std::size_t points = default_quadrature_points;  ///< by which the law of each probability that differs is represented
  double quadrature_error = 0;  ///< as a share of the largest figure of its sort; 0 where no probability differs
};

namespace detail {

[[nodiscard]] bool some_probability_differs(const Model& model);

}  // namespace detail

/// The chain of a model at these spend levels. Throws as compile() and exact_value() do, and DivergentError where the
/// average over people who differ does not settle, InterruptedError where somebody calls it off.
[[nodiscard]] ScenarioChain scenario_chain(const Model& model, const Spending& spending,
                                           const SpendPieces& pieces = one_piece,
                                           const Interrupted& interrupted = uninterrupted);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/decide/scenario_chain-inl.hpp"
#endif
