#pragma once
// Scenarios made ready to be simulated: their chains, who enters them, and which of them are lived through at once.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/chain/compile.hpp"
#include "tenure/chain/detail/unrolled.hpp"
#include "tenure/decide/budget.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/engine/arrival.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure::detail {

[[nodiscard]] inline StateIndex state_named(const Model& model, const std::string& name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < model.states().size(); ++i) {
    if (model.states()[i].name == name) return static_cast<StateIndex>(i);
    names.push_back(model.states()[i].name);
  }
  throw ModelError{{{"unknown-state", "from", "there is no state " + in_quotes(name), suggestion(name, names), {}}}};
}

/// Where the people of a simulation enter: by the shares of segments, or as they arrive in `arrivals`, which may be the
/// chain unrolled.
[[nodiscard]] inline std::vector<Entry> arrivals_for(const Model& model, const Chain& chain, const Chain& arrivals,
                                                     const std::optional<std::string>& from) {
  if (!from) {
    std::vector<Entry> entries = arrivals_of_chain(arrivals);
    if (!entries.empty()) return entries;
    throw ModelError{{{"no-arrivals",
                       "arrivals",
                       "nobody arrives, so it is not known who is to be simulated",
                       "say where a person enters (--from STATE), or add [[arrivals]]",
                       {}}}};
  }
  const StateIndex state = state_named(model, *from);
  const UnrolledPlaces places{chain};
  const bool is_unrolled = &arrivals != &chain;
  std::vector<Entry> entries;
  for (std::size_t kind = 0; kind < chain.types.size(); ++kind) {
    const auto own = static_cast<StateIndex>(kind * chain.states_of_a_type() + state);
    const StateIndex place = is_unrolled ? places.entry(own, chain.market.start) : own;
    if (chain.types[kind].share > 0) entries.push_back({place, 0, chain.types[kind].share, {}});
  }
  return entries;
}

/// One scenario compiled, with what it spends.
struct PreparedScenario {
  Scenario scenario{};
  Spending spending{};
  Chain chain{};
  std::size_t points = default_quadrature_points;  ///< of each probability that differs
  double quadrature_error = 0;                     ///< see ScenarioChain
};

[[nodiscard]] inline std::vector<PreparedScenario> prepared(const Model& model, std::span<const Scenario> scenarios,
                                                            const Interrupted& interrupted = uninterrupted) {
  std::vector<PreparedScenario> all;
  for (const Scenario& scenario : scenarios) {
    Spending spending = spending_for(model, scenario, interrupted);
    ScenarioChain compiled = scenario_chain(model, spending, one_piece, interrupted);
    all.push_back(
        {scenario, std::move(spending), std::move(compiled.chain), compiled.points, compiled.quadrature_error});
  }
  return all;
}

/// The same for people who are followed one by one: all that the exact engine can say of a scenario is left out where
/// it can say nothing.
[[nodiscard]] inline std::vector<PreparedScenario> prepared_for_lives(const Model& model,
                                                                      std::span<const Scenario> scenarios,
                                                                      const Interrupted& interrupted) {
  const auto combines_too_much = [](const LimitError& error) { return error.problems().front().code == "differs"; };
  try {
    return prepared(model, scenarios, interrupted);
  } catch (const LimitError& error) {
    if (!combines_too_much(error)) throw;
  }
  std::vector<PreparedScenario> all;
  for (const Scenario& scenario : scenarios) {
    const auto* levels = std::get_if<SpendLevels>(&scenario.plan);
    if (levels == nullptr)
      return prepared(model, scenarios, interrupted);  // a budget is solved for by the exact engine
    all.push_back({scenario, spending_of(model, *levels), Chain{}});
  }
  return all;
}

/// Whether the exact engine has an answer beside the simulation's.
[[nodiscard]] inline bool has_exact_answer(const PreparedScenario& prepared) { return prepared.chain.states() > 0; }

/// Scenarios in which people enter alike, so that the same people can live in all of them at once.
struct AlikeEntered {
  std::vector<Entry> entries{};
  std::vector<std::size_t> scenarios{};
  std::vector<const Chain*> chains{};
};

/// `lived` are the chains of the scenarios in which people are followed.
[[nodiscard]] inline std::vector<AlikeEntered> alike_entered(const Model& model,
                                                             const std::vector<PreparedScenario>& scenarios,
                                                             const std::vector<Chain>& lived,
                                                             const std::optional<std::string>& from) {
  std::vector<AlikeEntered> groups;
  for (std::size_t k = 0; k < scenarios.size(); ++k) {
    std::vector<Entry> entries = arrivals_for(model, lived[k], lived[k], from);
    auto group =
        std::find_if(groups.begin(), groups.end(), [&](const AlikeEntered& other) { return other.entries == entries; });
    if (group == groups.end()) group = groups.insert(groups.end(), {std::move(entries), {}, {}});
    group->scenarios.push_back(k);
    group->chains.push_back(&lived[k]);
  }
  return groups;
}

}  // namespace tenure::detail
