#pragma once
// From what a person says to what an engine reads: compile(model, spending) applies levers, calendar, schedules and
// growth, and is the only place where any of them is applied.

#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/chain/channels.hpp"
#include "tenure/chain/spending.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// The words of a model that chains do not express yet, each with its place.
[[nodiscard]] std::vector<Problem> unsupported_features(const Model& model);

/// The chain of a model in which each lever is spent on at a given level (in the model's order of levers).
/// Throws LimitError for features that chains do not express yet and for work that would need too much memory, and
/// ModelError where influences on one row cannot be combined.
[[nodiscard]] Chain compile(const Model& model, const Spending& spending);

/// The chain of a scenario that gives its spend levels. A scenario that gives a budget has none before its split is
/// solved: see spending_for in tenure/decide/budget.hpp.
[[nodiscard]] Chain compile(const Model& model, const Scenario& scenario);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/chain/compile/all.hpp"
#endif
