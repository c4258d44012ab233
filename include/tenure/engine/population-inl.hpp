#pragma once
// The definition of the population engine.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/detail/drawn_amounts.hpp"
#include "tenure/engine/detail/exact/work.hpp"
#include "tenure/engine/detail/population/expectation.hpp"
#include "tenure/engine/detail/population/plan.hpp"
#include "tenure/engine/detail/population/replicate.hpp"
#include "tenure/engine/detail/workers.hpp"
#include "tenure/engine/population.hpp"
#include "tenure/engine/population/moments.hpp"
#include "tenure/engine/stream.hpp"
#include "tenure/quantity/detail/memory.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure {

namespace detail {

/// What a block of replicates gave: all of them, or those that were finished when the run was called off.
struct PopulationBlock {
  std::vector<double> equities{};
  BlockMoments figures{};
  bool whole = false;
};

using PopulationWorkers = Workers<PopulationBlock>;

/// Everything that a run needs, prepared before any of it is drawn.
struct PopulationRun {
  PopulationPlan plan{};
  Expectation expected{};
  std::vector<double> centres{};  ///< of the investment, then of the trace's figures
  StreamKey key{};
  std::uint64_t replicates = 0;

  [[nodiscard]] bool traced() const { return centres.size() > 1; }
};

/// One thread's simulation of blocks.
class PopulationWorker {
 public:
  explicit PopulationWorker(const PopulationRun& run) : run_{&run}, replicate_{run.plan, run.key} {}

  [[nodiscard]] PopulationBlock operator()(std::uint64_t block, PopulationWorkers::Watch& watch) {
    const std::uint64_t first = block * replicates_of_block;
    const std::uint64_t last = std::min(first + replicates_of_block, run_->replicates);
    PopulationBlock outcome{{}, BlockMoments{run_->centres.size()}, false};
    for (std::uint64_t r = first; r < last; ++r) {
      if (!simulate(static_cast<std::uint32_t>(r), watch)) return outcome;
      outcome.equities.push_back(replicate_.customer_equity());
      outcome.figures.add(0, replicate_.investment() - run_->centres[0]);
      for (std::size_t k = 1; k < run_->centres.size(); ++k) outcome.figures.add(k, figures_[k] - run_->centres[k]);
    }
    outcome.whole = true;
    return outcome;
  }

 private:
  /// False if the run was called off meanwhile.
  [[nodiscard]] bool simulate(std::uint32_t replicate, PopulationWorkers::Watch& watch) {
    const std::uint64_t work = run_->plan.chain.transitions.entries() + run_->plan.chain.states();
    figures_.assign(1, 0.0);
    replicate_.begin(replicate);
    for (std::int64_t t = 0; t < run_->plan.periods; ++t) {
      if (watch.called_off(work)) return false;
      replicate_.live(t);
      if (run_->traced()) append_figures();
    }
    return true;
  }

  void append_figures() {
    const PeriodMoney& money = replicate_.money();
    figures_.insert(figures_.end(), {money.cash_flow, money.discounted_cash_flow, money.spend});
    figures_.insert(figures_.end(), replicate_.people().begin(), replicate_.people().end());
  }

  const PopulationRun* run_;
  Replicate replicate_;
  std::vector<double> figures_{};
};

inline void refuse_too_many_replicates(const PopulationOptions& options, std::uint64_t blocks_kept) {
  if (options.replicates > std::uint64_t{1} << 32) {
    throw LimitError{{{"replicates",
                       "replicates",
                       std::to_string(options.replicates) + " replicates are too many",
                       "ask for at most 2^32 = 4294967296",
                       {}}}};
  }
  const double bytes = 16.0 * static_cast<double>(blocks_kept * replicates_of_block);
  refuse_beyond_memory(bytes, "the values of all replicates", "replicates", "ask for fewer, or for some of the blocks");
}

inline void refuse_long_population_trace(const Chain& chain, std::int64_t periods) {
  const double bytes = 700.0 * static_cast<double>(periods) * static_cast<double>(chain.states() + people_figures);
  refuse_beyond_memory(
      bytes, "the course of " + std::to_string(chain.states()) + " states over " + std::to_string(periods) + " periods",
      "model.horizon", "leave the traces out, shorten the horizon or use longer periods");
}

[[nodiscard]] inline PopulationRun prepared_population(const Chain& chain, const PopulationOptions& options) {
  if (chain.arrivals.empty()) {
    throw ModelError{{{"no-arrivals",
                       "arrivals",
                       "nobody arrives, so there is no customer equity to simulate",
                       "say who comes, or simulate individuals",
                       {}}}};
  }
  const std::int64_t periods = periods_to_simulate(chain);
  const bool traced = options.traces && chain.horizon.has_value();
  refuse_long_work(chain, periods);
  if (traced) refuse_long_population_trace(chain, periods);
  PopulationRun run{population_plan(chain, periods),
                    expectation(chain, periods, traced),
                    {},
                    stream_key(options.seed),
                    options.replicates};
  run.centres.push_back(run.expected.investment);
  run.centres.insert(run.centres.end(), run.expected.figures.begin(), run.expected.figures.end());
  return run;
}

[[noreturn]] inline void refuse_misfit(const std::string& why) {
  throw ModelError{{{"misfit", "", why, "give results of the same seed, model and kind", {}}}};
}

[[nodiscard]] inline bool same_run(const PopulationResult& a, const PopulationResult& b) {
  return a.seed == b.seed && a.stream == b.stream && a.states == b.states && a.periods == b.periods &&
         a.customer_equity.centre() == b.customer_equity.centre() && a.figures.centres() == b.figures.centres();
}

}  // namespace detail

TENURE_INLINE std::optional<PopulationTrace> PopulationResult::trace() const {
  const std::size_t width = detail::people_figures + states;
  if (figures.centres().size() <= 1) return std::nullopt;
  PopulationTrace trace;
  trace.people.resize(states);
  for (std::size_t figure = 1; figure < figures.centres().size(); figure += width) {
    const auto estimate = [&](std::size_t which) { return figures.estimate(figure + which, replicates()); };
    trace.cash_flow.push_back(estimate(detail::cash_flow_figure));
    trace.discounted_cash_flow.push_back(estimate(detail::discounted_cash_flow_figure));
    trace.spend.push_back(estimate(detail::spend_figure));
    for (std::size_t i = 0; i < states; ++i) trace.people[i].push_back(estimate(detail::people_figures + i));
  }
  return trace;
}

TENURE_INLINE PopulationResult simulate_population_blocks(const Chain& chain, const PopulationOptions& options,
                                                          std::uint64_t first, std::uint64_t last) {
  detail::refuse_drawn_amounts(chain);
  last = std::min(last, blocks_of(options));
  first = std::min(first, last);
  detail::refuse_too_many_replicates(options, last - first);
  const detail::PopulationRun run = detail::prepared_population(chain, options);
  PopulationResult result;
  result.seed = options.seed;
  result.first_replicate = std::min(first * replicates_of_block, options.replicates);
  result.states = chain.states();
  result.periods = run.plan.periods;
  result.customer_equity = ValueSummary{run.expected.customer_equity};
  result.figures = FigureMoments{run.centres};
  detail::PopulationWorkers workers{
      first, last, {&options.stop, &options.progress}, [&](detail::PopulationBlock&& block) {
        result.customer_equity.add_block(block.equities);
        result.equity_of_replicate.insert(result.equity_of_replicate.end(), block.equities.begin(),
                                          block.equities.end());
        result.figures.add_block(block.figures);
      }};
  result.complete = workers.run(options.threads, [&] { return detail::PopulationWorker{run}; });
  return result;
}

TENURE_INLINE PopulationResult simulate_population(const Chain& chain, const PopulationOptions& options) {
  return simulate_population_blocks(chain, options, 0, blocks_of(options));
}

TENURE_INLINE PopulationResult merge(PopulationResult earlier, const PopulationResult& later) {
  if (!detail::same_run(earlier, later)) detail::refuse_misfit("these are parts of different runs");
  if (later.first_replicate != earlier.first_replicate + earlier.replicates()) {
    detail::refuse_misfit("the part that begins with replicate " + std::to_string(later.first_replicate) +
                          " does not follow that which ends before replicate " +
                          std::to_string(earlier.first_replicate + earlier.replicates()));
  }
  earlier.customer_equity.merge(later.customer_equity);
  earlier.equity_of_replicate.insert(earlier.equity_of_replicate.end(), later.equity_of_replicate.begin(),
                                     later.equity_of_replicate.end());
  earlier.figures.merge(later.figures);
  earlier.complete = earlier.complete && later.complete;
  return earlier;
}

TENURE_INLINE ValueSummary paired_difference(const PopulationResult& scenario, const PopulationResult& reference) {
  if (scenario.seed != reference.seed || scenario.stream != reference.stream ||
      scenario.first_replicate != reference.first_replicate) {
    detail::refuse_misfit("these results do not share their draws");
  }
  const std::size_t pairs = std::min(scenario.equity_of_replicate.size(), reference.equity_of_replicate.size());
  ValueSummary difference{scenario.customer_equity.centre() - reference.customer_equity.centre()};
  std::vector<double> block;
  for (std::size_t r = 0; r < pairs; ++r) {
    block.push_back(scenario.equity_of_replicate[r] - reference.equity_of_replicate[r]);
    if (block.size() < replicates_of_block && r + 1 < pairs) continue;
    difference.add_block(block);
    block.clear();
  }
  return difference;
}

}  // namespace tenure
