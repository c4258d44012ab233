#pragma once
// How far a scenario's customer equity may be from what is expected. Covariances over the market's courses join every
// type of people to every other, so that the many kinds that stand for probabilities that differ from person to person
// may take too long. Then fewer values stand for each: a deviation need not be known to as many digits as a mean.

#include <cstddef>
#include <optional>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/spending.hpp"
#include "tenure/engine/exact/value.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

/// Of the chain of a scenario where `points` values stand for each probability that differs. None with an endless
/// horizon, without arrivals, or for chains that are too large however few they are.
[[nodiscard]] std::optional<EquityRisk> equity_risk_of(const Model& model, const Spending& spending, const Chain& chain,
                                                       std::size_t points,
                                                       const Interrupted& interrupted = uninterrupted);

}  // namespace tenure::detail

#if !defined(TENURE_COMPILED)
#include "tenure/decide/detail/equity_risk-inl.hpp"
#endif
