#pragma once
// The definition of the distribution engine: look ahead, appraise, choose a step, carry back.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/detail/distribution/appraisal.hpp"
#include "tenure/engine/detail/distribution/course.hpp"
#include "tenure/engine/detail/distribution/error_ledger.hpp"
#include "tenure/engine/detail/distribution/horizon.hpp"
#include "tenure/engine/detail/distribution/outcome.hpp"
#include "tenure/engine/detail/distribution/propagation.hpp"
#include "tenure/engine/detail/distribution/walk.hpp"
#include "tenure/engine/distribution.hpp"
#include "tenure/quantity/detail/memory.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure {

namespace detail {

inline void refuse_meaningless(const Chain& chain, std::span<const Entry> entries, const DistributionOptions& options) {
  std::vector<Problem> problems;
  if (entries.empty()) problems.push_back({"entries", "entries", "there are none", "give at least one", {}});
  for (std::size_t k = 0; k < entries.size() && problems.size() < limits::problems_shown; ++k) {
    const std::string path = "entries[" + std::to_string(k) + "]";
    const Entry& entry = entries[k];
    if (entry.state >= chain.states()) {
      problems.push_back({"unknown-state", path, "there is no state " + std::to_string(entry.state), "", {}});
    }
    if (entry.period < 0 || (chain.horizon && entry.period > *chain.horizon)) {
      problems.push_back(
          {"period", path, "period " + std::to_string(entry.period) + " is outside the horizon", "", {}});
    }
    if (!(entry.weight > 0 && std::isfinite(entry.weight))) {
      problems.push_back(
          {"weight", path, std::to_string(entry.weight) + " is no weight", "give a finite number above 0", {}});
    }
  }
  if (!(options.error > 0 && options.error <= 1)) {
    problems.push_back({"error",
                        "options.error",
                        std::to_string(options.error) + " is no share of a standard deviation",
                        "give a number above 0 and at most 1",
                        {}});
  }
  if (!(options.work > 0))
    problems.push_back({"work", "options.work", "it allows nothing", "give a number above 0", {}});
  if (!problems.empty()) throw ModelError{std::move(problems)};
}

/// The chain without the people who are brought or arrive, who are no part of a person's own value.
[[nodiscard]] inline Chain one_person(Chain chain) {
  chain.referrals = {};
  chain.referrals.first.assign(chain.states() + 1, 0);
  chain.referral_rate = Timeline<std::vector<double>>{};
  chain.arrivals.clear();
  chain.spend_streams.clear();
  chain.channels = 0;
  return chain;
}

[[noreturn]] inline void refuse_work(double operations, double allowed) {
  throw LimitError{{{"work",
                     "",
                     "the distribution of a person's value would take " + std::to_string(operations / 1e9) +
                         " thousand million operations, and " + std::to_string(allowed / 1e9) + " are allowed",
                     "allow a larger error, shorten the horizon or use longer periods",
                     {}}}};
}

/// Everything that is settled before the lattice.
struct Question {
  const Chain& chain;
  LatticeCourse course;
  Lookout lookout;
  Appraisal appraisal;
  const Interrupted& interrupted;

  [[nodiscard]] std::size_t uncertain_lives() const {
    return static_cast<std::size_t>(std::count_if(appraisal.lives.begin(), appraisal.lives.end(),
                                                  [](const LatticeLife& life) { return !life.is_certain(); }));
  }
  /// What is left out, what double precision may lose in the positions of points, and what certain lives could differ
  /// by.
  [[nodiscard]] double other_errors() const {
    double spread = 0;
    for (const LatticeLife& life : appraisal.lives) {
      if (life.is_certain()) spread = std::max(spread, life.maximum - life.minimum);
    }
    return lookout.money + 8 * 0x1p-53 * static_cast<double>(course.periods() + 1) * appraisal.magnitude + spread;
  }
};

[[nodiscard]] inline Question question_of(const Chain& chain, const std::vector<Entry>& entries, const Lookout& lookout,
                                          const Interrupted& interrupted) {
  LatticeCourse course{chain.discount_factor, entries.front().period, entries.back().period, lookout.end};
  Appraisal appraisal = appraise(chain, entries, course);
  const double power = appraisal.magnitude * appraisal.magnitude;
  if (!std::isfinite(power * appraisal.magnitude) || !std::isfinite(appraisal.variance)) {
    throw DivergentError{{{"overflow",
                           "",
                           "a value exceeds what double precision can hold",
                           "shorten the horizon, or lower amounts",
                           {}}}};
  }
  return {chain, std::move(course), lookout, std::move(appraisal), interrupted};
}

/// Looks as far as it takes for what is left out to be small against the error that is allowed.
[[nodiscard]] inline Question ask(const Chain& chain, const std::vector<Entry>& entries,
                                  const DistributionOptions& options) {
  const double per_period = static_cast<double>(chain.transitions.entries() + chain.states());
  const double periods = options.work / (32 * per_period);
  if (chain.horizon) {
    const double operations = 32 * per_period * static_cast<double>(*chain.horizon - entries.front().period);
    if (operations > options.work) refuse_work(operations, options.work);
    return question_of(chain, entries, {.end = *chain.horizon}, options.interrupted);
  }
  refuse_divergent(chain, entries);
  const double all = largest_amount(chain) / std::max(1 - chain.discount_factor, 0x1p-52);
  double left_out = 1e-9 * all;
  while (true) {
    Question question = question_of(chain, entries, look_ahead(chain, entries, left_out, periods), options.interrupted);
    const double wanted = 0.01 * options.error * std::sqrt(question.appraisal.variance);
    if (question.lookout.money <= wanted || left_out <= 0x1p-54 * all) return question;
    left_out = std::max(wanted / 2, 0x1p-55 * all);
  }
}

/// A step of at most this size, short in binary; a power of two where nothing is discounted, so that whole amounts fall
/// on the lattice.
[[nodiscard]] inline double round_step(double largest, double discount_factor) {
  int exponent = 0;
  const double fraction = std::frexp(largest, &exponent);
  return std::ldexp(discount_factor == 1 ? 0.5 : std::floor(fraction * 32) / 32, exponent);
}

/// A step, the bound on errors that it brings, and what it costs if no tail is cut off.
struct Plan {
  double step = 0;
  double error = 0;
  double probability = 0;
  double work = 0;
  double cells = 0;
};

/// Tries steps until one keeps the promise without being much too fine, or double precision knows no smaller one.
[[nodiscard]] inline Plan choose_step(const Question& question, double error) {
  const double wanted = error * std::sqrt(question.appraisal.variance);
  const double smallest = question.appraisal.magnitude * 0x1p-44;
  const double merging = question.uncertain_lives() > 1 ? 1 : 0;  // steps
  double largest = wanted / 8;
  double rate = 5;
  Plan plan;
  for (int attempt = 1; attempt <= 8; ++attempt) {
    plan.step = round_step(std::max(largest, smallest), question.chain.discount_factor);
    ErrorLedger ledger{question.chain.states(), plan.step, rate};
    walk_back(question.chain, question.course, plan.step, question.appraisal.lives, question.interrupted, ledger);
    plan.error = ledger.bound() + merging * plan.step + question.other_errors();
    plan.probability = ledger.probability();
    plan.work = ledger.work();
    plan.cells = ledger.most_cells();
    const bool fine_enough = plan.error <= wanted || largest <= smallest;
    if (fine_enough && (plan.error >= 0.85 * wanted || ledger.bound() == 0 || attempt >= 4)) break;
    rate = ledger.fitting_rate();
    largest = std::clamp(plan.step * (0.97 * wanted / plan.error), smallest, wanted);
  }
  return plan;
}

/// What trimming may move at either end in all periods together, for each state.
inline constexpr double probability_trimmed = 1e-10;

/// Carries the lives' distributions into `outcome`; gives the multiplications and additions that were done.
inline double propagate(const Question& question, double step, double cells, Outcome& outcome) {
  const double trimmed = probability_trimmed / static_cast<double>(question.course.periods() + 1);
  Propagation propagation{question.chain.states(), {trimmed, cells, question.uncertain_lives() == 1}, outcome};
  walk_back(question.chain, question.course, step, question.appraisal.lives, question.interrupted, propagation);
  return propagation.work();
}

/// Refuses what would take too long or too much memory. Where it would if tails were never cut off, a coarse trial
/// tells how much is left of them.
inline void refuse_too_much(const Question& question, const Plan& plan, double allowed) {
  constexpr double bytes_of_cell = 6 * sizeof(double);  // on two floors, with reserve, and in the result
  const double cells = static_cast<double>(limits::bytes_of_work) / bytes_of_cell;
  const double excess = std::max(plan.work / allowed, plan.cells / cells);
  if (excess <= 1) return;
  int exponent = 0;
  std::frexp(excess, &exponent);
  const double coarser = std::ldexp(64, exponent);
  Outcome ignored{plan.step * coarser};
  const double work = propagate(question, plan.step * coarser, 0, ignored) * coarser;
  if (work > allowed) refuse_work(work, allowed);
  const double bytes = bytes_of_cell * plan.cells * std::min(1.0, work / plan.work);
  refuse_beyond_memory(bytes, "the distribution of a person's value", "",
                       "allow a larger error, shorten the horizon or use longer periods");
}

/// What rounding may do to probabilities, in all sums that lead to one of them.
[[nodiscard]] inline double rounding_of_probabilities(const Question& question, std::size_t points) {
  std::uint32_t longest = 0;
  for (std::size_t i = 0; i < question.chain.states(); ++i) {
    longest = std::max(longest, question.chain.transitions.first[i + 1] - question.chain.transitions.first[i]);
  }
  return 0x1p-53 * (static_cast<double>(question.course.periods()) * (longest + 3.0) + static_cast<double>(points));
}

[[nodiscard]] inline ValueDistribution settle(const Question& question, Outcome outcome, const Plan& plan) {
  const Appraisal& appraisal = question.appraisal;
  const std::vector<ValuePoint> points = std::move(outcome).points();
  ValueDistribution law = distribution_of(points, appraisal.mean);
  law.minimum = appraisal.minimum;
  law.maximum = appraisal.maximum;
  if (law.minimum >= 0) law.share_negative = 0;
  if (law.maximum < 0) law.share_negative = 1;
  law.step = plan.step;
  law.error = plan.error;
  law.horizon = question.course.end();
  law.probability_error =
      plan.probability + question.lookout.probability + rounding_of_probabilities(question, points.size());
  if (plan.step > 0) law.probability_error += 2 * probability_trimmed;
  return law;
}

}  // namespace detail

TENURE_INLINE ValueDistribution value_distribution(const Chain& chain, std::span<const Entry> entries,
                                                   const DistributionOptions& options) {
  detail::refuse_unless_plain(chain);
  detail::refuse_meaningless(chain, entries, options);
  const Chain alone = detail::one_person(chain);
  const detail::Question question = detail::ask(alone, detail::in_order(entries), options);
  detail::Plan plan{.error = question.other_errors()};
  if (question.uncertain_lives() > 0) {
    plan = detail::choose_step(question, options.error);
    detail::refuse_too_much(question, plan, options.work);
  }
  detail::Outcome outcome{plan.step};
  if (plan.step > 0) {
    detail::propagate(question, plan.step, plan.cells, outcome);
  } else {
    for (const detail::LatticeLife& life : question.appraisal.lives) outcome.add({life.mean, life.entry.weight});
  }
  return detail::settle(question, std::move(outcome), plan);
}

}  // namespace tenure
