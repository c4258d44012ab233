#pragma once
// The work of an uncertainty analysis: every scenario's customer equity in every draw, shared among threads in blocks
// of draws. A scenario is compiled again for each draw with a memory of what does not change (compile_memory.hpp).
// Spend levels are those that meet a scenario's budget at the means: a plan is made once, whatever turns out to be
// true.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/compile.hpp"
#include "tenure/decide/budget.hpp"
#include "tenure/decide/detail/uncertainty/acceptability_plan.hpp"
#include "tenure/decide/detail/uncertainty/draws.hpp"
#include "tenure/decide/detail/uncertainty/sample.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/engine/detail/workers.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/detail/memory.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure::detail {

/// A scenario at its spend levels, ready to be compiled with other numbers.
struct RepeatedScenario {
  std::string name{};
  Spending spending{};
  CompileMemory memory{};
};

[[nodiscard]] inline RepeatedScenario repeated(const Model& model, const Scenario& scenario,
                                               const UncertainDraws& draws, const Interrupted& interrupted) {
  RepeatedScenario once{scenario.name, spending_for(model, scenario, interrupted), {}};
  // learned from a draw, not from the means, at which numbers may be alike that are not elsewhere
  const std::vector<double> values = draws.values(draws.scores(0));
  static_cast<void>(
      compile(model.with_drawn(draws.places(), values), once.spending, default_quadrature_points, once.memory));
  return once;
}

/// A block of draws: values by draw and column, scores by draw and number.
struct BlockOfDraws {
  bool whole = false;
  std::vector<double> values{};
  std::vector<double> scores{};
  std::exception_ptr failure{};
};

/// What went wrong in which draw.
[[nodiscard]] inline std::vector<Problem> in_draw(std::vector<Problem> problems, const UncertainDraws& draws,
                                                  std::uint64_t draw, const std::string& scenario) {
  const std::vector<double> values = draws.values(draws.scores(draw));
  std::string text =
      "in draw " + std::to_string(draw + 1) + " of the uncertain numbers, scenario " + in_quotes(scenario);
  for (std::size_t i = 0; i < std::min<std::size_t>(3, values.size()); ++i) {
    text += (i ? ", " : " (") + draws.numbers()[i].name + " = " + shortest(values[i]);
  }
  text += values.empty() ? "" : values.size() > 3 ? ", …)" : ")";
  problems.front().message = text + ": " + problems.front().message;
  problems.front().hint += std::string{problems.front().hint.empty() ? "" : "; "} +
                           "or narrow the laws of the uncertain numbers: what has no value in one draw has no mean";
  return problems;
}

class DrawWorker {
 public:
  DrawWorker(const Model& model, const UncertainDraws& draws, std::vector<RepeatedScenario> scenarios,
             const AcceptabilityPlan& plan, const Interrupted& interrupted)
      : model_{model}, draws_{draws}, scenarios_{std::move(scenarios)}, plan_{plan}, interrupted_{interrupted} {}

  /// Draws first … last - 1.
  template <class Watch>
  [[nodiscard]] BlockOfDraws work(std::uint64_t first, std::uint64_t last, Watch& watch) {
    BlockOfDraws block;
    for (std::uint64_t draw = first; draw < last; ++draw) {
      constexpr std::uint64_t work_of_a_draw = 1 << 14;
      if (watch.called_off(work_of_a_draw)) return block;
      const std::vector<double> scores = draws_.scores(draw);
      const std::vector<double> values = draws_.values(scores);
      block.scores.insert(block.scores.end(), scores.begin(), scores.end());
      const Model drawn = draws_.numbers().empty() ? model_ : model_.with_drawn(draws_.places(), values);
      std::size_t at = 0;
      try {
        for (; at < scenarios_.size(); ++at) value(drawn, scenarios_[at], block.values);
      } catch (const InterruptedError&) {
        return block;
      } catch (const DivergentError& error) {
        block.failure = std::make_exception_ptr(
            DivergentError{in_draw(error.problems(), draws_, draw, scenarios_[at].name), error.divergence()});
      } catch (const ModelError& error) {
        block.failure =
            std::make_exception_ptr(ModelError{in_draw(error.problems(), draws_, draw, scenarios_[at].name)});
      } catch (const LimitError& error) {
        block.failure =
            std::make_exception_ptr(LimitError{in_draw(error.problems(), draws_, draw, scenarios_[at].name)});
      }
      if (block.failure) break;
    }
    block.whole = true;
    return block;
  }

 private:
  void value(const Model& drawn, RepeatedScenario& scenario, std::vector<double>& values) const {
    Chain chain = compile(drawn, scenario.spending, default_quadrature_points, scenario.memory);
    values.push_back(customer_equity(chain, interrupted_));
    const double own = values.back();
    for (const ChangedChain& change : plan_.changes) {
      const bool is_own = (!change.horizon || change.horizon == chain.horizon) &&
                          (!change.discount_factor || *change.discount_factor == chain.discount_factor);
      if (is_own) {
        values.push_back(own);
        continue;
      }
      Chain changed = chain;
      if (change.horizon) changed.horizon = *change.horizon;
      if (change.discount_factor) changed.discount_factor = *change.discount_factor;
      values.push_back(customer_equity(changed, interrupted_));
    }
  }

  const Model& model_;
  const UncertainDraws& draws_;
  std::vector<RepeatedScenario> scenarios_;
  const AcceptabilityPlan& plan_;
  const Interrupted& interrupted_;
};

struct EvaluatedDraws {
  UncertaintySample sample{};  ///< columns: by scenario that is repeated, each with its changes behind it
  bool complete = true;
};

/// Calls for every draw, or for whole randomisations of them where somebody stops it.
[[nodiscard]] inline EvaluatedDraws evaluated(const Model& model, const UncertainDraws& draws,
                                              const std::vector<RepeatedScenario>& scenarios,
                                              const AcceptabilityPlan& plan, unsigned threads, const Interrupted& stop,
                                              const std::function<void(double)>& progress) {
  constexpr std::uint64_t draws_of_a_block = 32;
  const std::size_t columns = scenarios.size() * (1 + plan.changes.size());
  const std::size_t numbers = draws.numbers().size();
  const double bytes = 8.0 * static_cast<double>(draws.draws()) * static_cast<double>(2 * columns + numbers);
  refuse_beyond_memory(bytes, "so many draws", "", "ask for fewer draws");
  EvaluatedDraws all;
  all.sample.values.resize(columns);
  all.sample.scores.resize(numbers);
  const auto commit = [&](BlockOfDraws&& block) {
    if (block.failure) std::rethrow_exception(block.failure);
    if (!block.whole) return;
    for (std::size_t k = 0; k < block.values.size(); ++k) all.sample.values[k % columns].push_back(block.values[k]);
    for (std::size_t k = 0; k < block.scores.size(); ++k) all.sample.scores[k % numbers].push_back(block.scores[k]);
  };
  const std::uint64_t blocks = (draws.draws() + draws_of_a_block - 1) / draws_of_a_block;
  Workers<BlockOfDraws> workers{0, blocks, Callbacks{&stop, &progress}, commit};
  const auto make = [&] {
    return [&, worker = DrawWorker{model, draws, scenarios, plan, stop}](std::uint64_t block, auto& watch) mutable {
      const std::uint64_t first = block * draws_of_a_block;
      return worker.work(first, std::min(draws.draws(), first + draws_of_a_block), watch);
    };
  };
  all.complete = workers.run(threads, make);
  const std::size_t done = all.sample.values.front().size();
  all.sample.first.push_back(0);
  for (std::uint64_t r = 1; r <= draws.randomisations() && draws.first_of(r) <= done; ++r) {
    all.sample.first.push_back(static_cast<std::size_t>(draws.first_of(r)));
  }
  for (std::vector<double>& column : all.sample.values) column.resize(all.sample.draws());
  for (std::vector<double>& column : all.sample.scores) column.resize(all.sample.draws());
  return all;
}

[[nodiscard]] inline std::vector<RepeatedScenario> all_repeated(const Model& model, std::span<const Scenario> scenarios,
                                                                const UncertainDraws& draws,
                                                                const AcceptabilityPlan& plan,
                                                                const Interrupted& interrupted = uninterrupted) {
  std::vector<RepeatedScenario> all;
  for (const Scenario& scenario : scenarios) all.push_back(repeated(model, scenario, draws, interrupted));
  if (plan.axis != AcceptabilityAxis::budget) return all;
  for (const double point : plan.points) {
    for (const Scenario& scenario : scenarios)
      all.push_back(repeated(model, with_spend_times(scenario, point), draws, interrupted));
  }
  return all;
}

}  // namespace tenure::detail
