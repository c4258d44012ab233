#pragma once
// From what a person says to what an engine reads: compile(model, spending) applies segments, dwell times, levers, the
// calendar, the market, schedules and growth, and is the only place where any of them is applied.

#include <concepts>
#include <cstddef>
#include <variant>

#include "tenure/chain/actions_taken.hpp"
#include "tenure/chain/chain.hpp"
#include "tenure/chain/channels.hpp"
#include "tenure/chain/compile_memory.hpp"
#include "tenure/chain/spending.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

/// How many values stand for the law of a probability that differs from person to person, where nobody says otherwise.
inline constexpr std::size_t default_quadrature_points = 16;

/// The chain of a model in which each lever is spent on at a given level (in the model's order of levers).
/// Probabilities that differ from person to person are represented by `points` values of their law. Throws LimitError
/// for work that would need too much memory or more differing numbers than can be combined, ModelError where
/// influences on one row cannot be combined, and InterruptedError where somebody who is asked calls it off.
[[nodiscard]] Chain compile(const Model& model, const Spending& spending,
                            std::size_t points = default_quadrature_points);

/// The same while these actions are taken in every period. Throws ModelError too where an action leaves a row nowhere
/// to go.
[[nodiscard]] Chain compile(const Model& model, const Spending& spending, std::size_t points,
                            const ActionsTaken& taken);
/// The same where levels vary by pieces of the horizon (see SpendPieces): the chain has a spend stream for each piece
/// of each lever, in the order of `spending`.
[[nodiscard]] Chain compile_in_pieces(const Model& model, const Spending& spending, const SpendPieces& pieces,
                                      std::size_t points = default_quadrature_points,
                                      const Interrupted& interrupted = uninterrupted);

/// The same for who draws persons one by one: cash flows and referral rates that differ from person to person are laws
/// to draw from (Chain::own_amounts), and not kinds. Where more probabilities differ than compile() combines, each is
/// represented by fewer values, so that all combinations are at most some thousands.
[[nodiscard]] Chain compile_for_persons(const Model& model, const Spending& spending,
                                        std::size_t points = default_quadrature_points,
                                        const Interrupted& interrupted = uninterrupted);
/// The same with a memory of earlier times, in which the same levers were spent on alike and some numbers of the model
/// that are uncertain had other values. An empty memory is filled.
[[nodiscard]] Chain compile(const Model& model, const Spending& spending, std::size_t points, CompileMemory& memory);

/// The chain of a scenario that gives its spend levels. A scenario that gives a budget has none before its split is
/// solved: see spending_for in tenure/decide/budget.hpp.
/// A template, so that {} is never a scenario: compile(model, {}) spends nothing.
template <std::same_as<Scenario> S>
[[nodiscard]] Chain compile(const Model& model, const S& scenario) {
  if (const auto* levels = std::get_if<SpendLevels>(&scenario.plan)) return compile(model, spending_of(model, *levels));
  throw ModelError{{{"budget-not-solved",
                     "",
                     "the scenario " + in_quotes(scenario.name) + " gives a budget, not spend levels",
                     "solve it first: compile(model, spending_for(model, scenario))",
                     {}}}};
}

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/chain/compile-inl.hpp"
#endif
