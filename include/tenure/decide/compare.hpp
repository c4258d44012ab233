#pragma once
// Scenarios side by side: which investment adds how much value over the reference, at what return, and when it has paid
// itself back.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tenure/decide/value.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

/// What a scenario gains over the reference; nothing of this exists for the reference itself.
struct Advantage {
  double incremental_value = 0;  ///< difference of customer equities, net of the difference in investment
  std::optional<double> return_on_investment{};  ///< per unit of additional investment; none where that is not positive
  std::optional<std::int64_t>
      payback_period{};  ///< from which on it stays ahead, cumulated and discounted; none if never
};

/// A scenario's value, and what it gains.
struct ComparedScenario {
  ScenarioValue valued{};
  std::optional<Advantage> advantage{};

  [[nodiscard]] const BusinessValue& business() const { return valued.value.business.value(); }
};

/// Scenarios side by side, in the order in which they were asked for.
struct Comparison {
  Model model;
  double discount_factor = 1;
  std::string reference{};  ///< the scenario that the others are compared with
  std::vector<ComparedScenario> scenarios{};
  bool complete = true;  ///< false where somebody stopped it before all scenarios were valued
};

namespace detail {

/// The first index from which on the cumulated differences stay at or above 0; differences within rounding count as 0.
[[nodiscard]] std::optional<std::int64_t> payback(const std::vector<double>& scenario,
                                                  const std::vector<double>& reference);

/// Throws ModelError where nobody arrives: then there is no customer equity to compare.
void refuse_nobody_arriving(const Model& model);

}  // namespace detail

/// Compares these scenarios with the model's reference, which is added in front where it is not among them. Throws what
/// value() throws, InterruptedError too where the reference is not finished (paybacks that are not are none), and
/// ModelError where nobody arrives, so that there is no business to compare.
[[nodiscard]] Comparison compare(const Model& model, std::span<const Scenario> scenarios, const Progress& progress = {},
                                 const Interrupted& interrupted = uninterrupted);

/// Compares all scenarios of a model.
[[nodiscard]] Comparison compare(const Model& model);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/decide/compare-inl.hpp"
#endif
