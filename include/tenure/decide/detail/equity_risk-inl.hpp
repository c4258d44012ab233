#pragma once
// The bodies of tenure/decide/detail/equity_risk.hpp.

#include <cstddef>
#include <optional>

#include "tenure/chain/compile.hpp"
#include "tenure/decide/detail/equity_risk.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/engine/detail/exact/risk_in_reach.hpp"
#include "tenure/engine/detail/exact_mean.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

TENURE_INLINE std::optional<EquityRisk> equity_risk_of(const Model& model, const Spending& spending, const Chain& chain,
                                                       std::size_t points, const Interrupted& interrupted) {
  constexpr std::size_t fewest = 8;
  if (!chain.horizon || chain.arrivals.empty()) return std::nullopt;
  if (is_risk_in_reach(chain, *chain.horizon)) return exact_risk_of_business(chain, interrupted);
  if (!some_probability_differs(model)) return std::nullopt;
  for (points /= 2; points >= fewest; points /= 2) {
    const Chain coarser = compile_in_pieces(model, spending, one_piece, points, interrupted);
    if (is_risk_in_reach(coarser, *coarser.horizon)) return exact_risk_of_business(coarser, interrupted);
  }
  return std::nullopt;
}

}  // namespace tenure::detail
