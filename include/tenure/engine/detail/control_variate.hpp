#pragma once
// What is known exactly sharpens what is not. A simulated figure (how often a value is negative, say) moves with
// another whose expectation the exact engine knows (the value itself): where luck has lifted the one, it has lifted the
// other in a proportion that the sample shows, and that much is taken back. This is the regression estimate with
// control variates (Lavenberg and Welch, "A perspective on the use of control variables to increase the efficiency of
// Monte Carlo simulations", Management Science 27(3), 1981; for shares and quantiles Hsu and Nelson, "Control variates
// for quantile estimation", Management Science 36(7), 1990).
//
// With q controls that explain a share R² of the variance, n values and normal errors, the variance of the estimate is
// (1 - R²) (n - 2) / (n - q - 2) of that of the plain mean: the second factor is the price of finding the proportions
// from the same sample. The bias is of order 1/n, beside an error of order 1/√n.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tenure/engine/estimate.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure::detail {

/// One sample of some controls, whose expectations are known, and of some responses, whose expectations are wanted.
struct ControlledSample {
  std::uint64_t count = 0;
  std::vector<double> surprise{};  ///< by control: its mean in the sample less its expectation
  std::vector<double> response{};  ///< by response: its mean in the sample
  /// Sums of products of deviations from the means of the sample: a full matrix, controls before responses.
  std::vector<double> products{};

  [[nodiscard]] std::size_t size() const { return surprise.size() + response.size(); }
};

/// A mean so many standard errors from its expectation is no luck: the sample has missed something rare that matters
/// (or has too much of it), and neither its spread nor its proportions say what a larger one would. Chance alone does
/// it less than once in a million samples.
inline constexpr double standard_errors_of_a_misfit = 5;

/// The responses' expectations. Plain means where the sample is too small for its controls, or does not fit what is
/// known of them. Responses that sum to a constant have estimates that do.
[[nodiscard]] std::vector<Estimate> controlled(const ControlledSample& sample);

/// The sample of some columns of values, all of one length: controls with their expectations, and responses.
[[nodiscard]] ControlledSample controlled_sample(std::span<const std::vector<double>> controls,
                                                 std::span<const double> expectations,
                                                 std::span<const std::vector<double>> responses);

}  // namespace tenure::detail

#if !defined(TENURE_COMPILED)
#include "tenure/engine/detail/control_variate-inl.hpp"
#endif
