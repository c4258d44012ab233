#pragma once
// What not knowing the numbers of a model means for the choice among its scenarios. The numbers that are said to be
// uncertain are drawn from their laws, all scenarios are valued on the same draws, and the result says how each outcome
// is spread, how likely each scenario is the best, what is lost by choosing now, and what it would be worth to know
// more first. Chance among customers, which no study would remove, is kept apart and shown beside it.

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/spending.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/decide/uncertainty/acceptability.hpp"
#include "tenure/engine/estimate.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// Numbers that one study would reveal together.
struct NumberGroup {
  std::string name{};
  std::vector<std::string> numbers{};
};

/// A test on so many customers of how probable something is: a number with a beta law.
struct Pilot {
  std::string number{};
  std::uint64_t customers = 0;
};

/// How many draws, and what is to be known of them.
struct UncertaintyOptions {
  std::uint64_t draws = 4096;
  std::uint64_t seed = 1;
  unsigned threads = 0;  ///< 0: as many as the processor has; no result depends on it
  std::vector<NumberGroup> groups{};
  std::vector<Pilot> pilots{};  ///< default 100, 400 and 1600 customers for each beta law
  AcceptabilityAxis axis = AcceptabilityAxis::horizon;
  std::function<bool()> interrupted{};     ///< asked now and then: true ends the work with what is finished
  std::function<void(double)> progress{};  ///< told the share done
};

/// What a scenario is worth over all draws.
struct UncertainScenario {
  Scenario scenario{};
  Spending spending{};
  double at_means = 0;             ///< with every number at its mean
  Estimate mean{};                 ///< over the draws
  double standard_deviation = 0;   ///< because numbers are not known
  std::optional<double> chance{};  ///< standard deviation from chance among customers and in the market
  std::vector<std::pair<double, double>> quantiles{};
  Estimate probability_best{};
  Estimate expected_loss{};  ///< of choosing it now
};

/// What it is worth to know some numbers before choosing; no estimate where there are too few draws for one.
struct InformationValue {
  std::string name{};
  std::vector<std::string> numbers{};
  std::optional<Estimate> value{};
};

/// What a pilot is worth before choosing; no estimate where there are too few draws for one.
struct PilotValue {
  Pilot pilot{};
  std::optional<Estimate> value{};
};

/// A number that no count of customers tells of.
struct NotPiloted {
  std::string number{};
  std::string reason{};
};

/// How sure the choice between scenarios is, and what it is worth to find out more first.
struct Uncertainty {
  Model model;
  double discount_factor = 1;
  std::uint64_t seed = 1;
  std::uint64_t draws = 0;
  std::uint64_t randomisations = 0;
  bool complete = true;
  std::vector<std::string> numbers{};  ///< that were drawn
  std::vector<UncertainScenario> scenarios{};
  std::size_t best = 0;             ///< the scenario with the highest mean
  std::vector<std::size_t> ties{};  ///< others that are worth as much on average
  Estimate evpi{};
  std::vector<InformationValue> evppi{};
  std::vector<InformationValue> groups{};
  std::vector<PilotValue> evsi{};
  std::vector<NotPiloted> not_piloted{};
  Acceptability acceptability{};
};

/// The shares whose quantiles are reported of each scenario.
inline constexpr std::array<double, 5> uncertainty_quantiles{0.05, 0.25, 0.5, 0.75, 0.95};

/// How many customers a pilot may have.
inline constexpr std::uint64_t most_pilot_customers = 1'000'000;

namespace detail {

[[nodiscard]] Uncertainty uncertainty_of(const Model& model, std::span<const Scenario> scenarios,
                                         const UncertaintyOptions& options);

}  // namespace detail

/// Draws the uncertain numbers of a model and values these scenarios. Without any uncertain number there is one draw,
/// the best scenario is certain and information is worth nothing. Throws ModelError where nobody arrives or a name is
/// unknown, DivergentError where a draw has no finite value (then there is no mean), LimitError for more than can be
/// done, InterruptedError where it is stopped before the first randomisation is finished.
template <std::convertible_to<std::span<const Scenario>> Scenarios>  // so that {} is never a list, but options
[[nodiscard]] Uncertainty uncertainty(const Model& model, const Scenarios& scenarios,
                                      const UncertaintyOptions& options = {}) {
  return detail::uncertainty_of(model, scenarios, options);
}

/// Draws the uncertain numbers of a model and values all its scenarios.
[[nodiscard]] Uncertainty uncertainty(const Model& model, const UncertaintyOptions& options = {});

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/decide/uncertainty-inl.hpp"
#endif
