#pragma once
// From a budget to spend levels. A scenario may say what all of its lever spend shall be worth today and how that is
// split; the levels follow. What a lever costs is its level times the discounted people on whom it is spent, and how
// many those are depends on every level, so the levels are a root in several unknowns, found by Newton's method from
// the levels that today's people would ask for. Where that fails the budget is approached from 0 in steps, which also
// finds the largest that can be spent.

#include "tenure/chain/spending.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

/// The spend level of each lever under a scenario: as it says, or solved for so that the present value of each lever's
/// spend is its share of the budget, within 1e-9 of it. Throws ModelError, with the largest budget that can be spent,
/// where there are no such levels.
[[nodiscard]] Spending spending_for(const Model& model, const Scenario& scenario,
                                    const Interrupted& interrupted = uninterrupted);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/decide/budget-inl.hpp"
#endif
