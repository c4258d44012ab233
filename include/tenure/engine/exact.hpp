#pragma once
// The exact engine: what a chain is worth, by matrix recursion over a finite horizon and by one factorisation for an
// infinite one, with no sampling error. Definitions and sources stand in docs/semantics.md.

#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/exact/value.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

/// What to leave out where it is not needed.
struct ExactOptions {
  bool trace = true;          ///< the course of the business, period by period (finite horizons)
  bool risk = false;          ///< the variance of the business's value (finite horizons)
  Interrupted interrupted{};  ///< asked now and then: true ends the work with InterruptedError
};

/// Everything that the exact engine knows of a chain. Throws DivergentError where no finite answer exists, LimitError
/// where the trace would need too much memory.
[[nodiscard]] ExactValue exact_value(const Chain& chain, const ExactOptions& options = {});

/// What the business is worth, as exact_value() says it, and nothing else: the figure for those who ask thousands of
/// times; 0 over a finite horizon where nobody arrives and nothing is spent per period. Throws as exact_value() does.
[[nodiscard]] double customer_equity(const Chain& chain, const Interrupted& interrupted = uninterrupted);

/// For each spend stream, the present value that one unit of its level costs: discounted periods in which it runs,
/// times the people on whom it is spent where it is per person. A stream's investment is its level times this.
/// Throws DivergentError where that is infinite.
[[nodiscard]] std::vector<double> cost_per_level(const Chain& chain, const Interrupted& interrupted = uninterrupted);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/engine/exact-inl.hpp"
#endif
