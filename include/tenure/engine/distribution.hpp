#pragma once
// The distribution engine: not only what a person is worth on average, but how that is spread. The value
//
//   V = Σ_{t=t0}^{T-1} d^(t-t0) ( d^τ c_t(X_t) - s_t(X_t) + d g_t(X_t, X_{t+1}) )
//
// of someone who enters a state at the start of period t0 obeys, in distribution, the same recursion as its moments
// (Sobel 1982). It is carried back from the horizon on a lattice of amounts that keeps every mean, as actuaries compute
// aggregate claims (Gerber 1982). There is no sampling, and no transform to invert: values have atoms, of lives that
// end at once and rewards that are certain, at which a Fourier series would ring. What the lattice rounds off is proved
// to be small, and the result says how small; the proof, in distribution/error_ledger.hpp, reckons with the worst luck,
// so the error itself is usually a hundred times smaller. Whom a person brings is no part of it: it is their own value.

#include <span>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/arrival.hpp"
#include "tenure/engine/distribution/value_distribution.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

/// How exact, and how much work that may take.
struct DistributionOptions {
  double error = 0.003;       ///< proved bound on the error of quantiles, as a share of the standard deviation
  double work = 2e10;         ///< multiplications and additions allowed: some ten seconds
  Interrupted interrupted{};  ///< asked now and then: true ends the work with InterruptedError
};

/// The distribution of the value of a person drawn from the entries in proportion to their weights, in the money of the
/// moment of entry. Throws ModelError for entries or options that mean nothing, DivergentError where no finite value
/// exists or one is too large, LimitError, before the work begins, where it would be more than is allowed.
[[nodiscard]] ValueDistribution value_distribution(const Chain& chain, std::span<const Entry> entries,
                                                   const DistributionOptions& options = {});

/// The same for one entry.
[[nodiscard]] inline ValueDistribution value_distribution(const Chain& chain, const Entry& entry,
                                                          const DistributionOptions& options = {}) {
  return value_distribution(chain, std::span{&entry, 1}, options);
}

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/engine/distribution-inl.hpp"
#endif
