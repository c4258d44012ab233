#pragma once
// Work in rounds, each as large as all before it, until what was asked for is reached.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "tenure/decide/simulation_rounds.hpp"
#include "tenure/engine/detail/control_variate.hpp"
#include "tenure/engine/estimate.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure::detail {

/// Throws ModelError for a precision or a time that never comes.
inline void check_effort(const Effort& effort) {
  const auto is_size = [](double value) { return value > 0 && std::isfinite(value); };
  if (effort.seconds && !is_size(*effort.seconds)) {
    throw ModelError{{{"effort", "seconds", "the time is no finite number above 0", "give seconds", {}}}};
  }
  if (effort.precision && !is_size(effort.precision->error)) {
    throw ModelError{{{"effort",
                       "precision",
                       "the precision is no finite number above 0",
                       "give a share of the mean or an amount",
                       {}}}};
  }
}

/// What the rounds have come to.
struct RoundsDone {
  std::uint64_t blocks = 0;
  EndedBy ended_by = EndedBy::count;
};

/// How often the least number of blocks a sample may have and still be sent on for not agreeing with what is known.
inline constexpr std::uint64_t patience = 1024;

struct RoundLimits {
  std::uint64_t most_blocks = 0;
  std::uint64_t least_blocks = 1;  ///< before a precision may end it
};

/// Calls run(first, last) for rounds of blocks until `precise` says so, the time is over or all blocks are done. run()
/// returns whether it finished the round; an unfinished one does not count. Where the end is a matter of precision the
/// first round has the least number of blocks; where it is one of time only, a single one.
template <class Run, class Precise>
[[nodiscard]] RoundsDone in_rounds(const Effort& effort, RoundLimits limits, Run&& run, Precise&& precise) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  const auto is_finished = [&](std::uint64_t first, std::uint64_t last) {
    try {
      return run(first, last);
    } catch (const InterruptedError&) {  // while it was prepared
      return false;
    }
  };
  RoundsDone done;
  while (done.blocks < limits.most_blocks) {
    std::uint64_t next = std::max(effort.seconds ? std::uint64_t{1} : limits.least_blocks, done.blocks);
    if (effort.seconds && done.blocks > 0) {
      const double blocks_left = static_cast<double>(done.blocks) * (*effort.seconds / elapsed() - 1);
      if (blocks_left < 1) {
        done.ended_by = EndedBy::seconds;
        break;
      }
      if (blocks_left < static_cast<double>(next)) next = static_cast<std::uint64_t>(blocks_left);
    }
    const std::uint64_t last = std::min(limits.most_blocks, done.blocks + std::max<std::uint64_t>(next, 1));
    if (!is_finished(done.blocks, last)) {
      done.ended_by = EndedBy::interruption;
      break;
    }
    done.blocks = last;
    if (effort.progress) {
      const double of_blocks = static_cast<double>(last) / static_cast<double>(limits.most_blocks);
      effort.progress(effort.seconds ? std::min(1.0, elapsed() / *effort.seconds) : effort.precision ? 0 : of_blocks);
    }
    if (effort.precision && done.blocks >= std::min(limits.least_blocks, limits.most_blocks) &&
        precise(done.blocks < patience * limits.least_blocks)) {
      done.ended_by = EndedBy::precision;
      break;
    }
  }
  return done;
}

struct RoundOfBlocks {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t of_all = 0;
};

/// Scenarios that are simulated at once, after others of the same round.
struct ScenariosAtOnce {
  std::size_t done = 0;
  std::size_t now = 1;
  std::size_t of_all = 1;
};

/// Tells how far a whole run is, from within the part of some scenarios in one round; nothing where nobody knows how
/// long it will take.
[[nodiscard]] inline std::function<void(double)> progress_of_round(const Effort& effort, RoundOfBlocks round,
                                                                   ScenariosAtOnce scenarios) {
  if (!effort.progress || effort.precision || effort.seconds) return {};
  return [&effort, round, scenarios](double share) {
    const double done = static_cast<double>(scenarios.done) + share * static_cast<double>(scenarios.now);
    const double of_round = done / static_cast<double>(scenarios.of_all);
    const double blocks = static_cast<double>(round.first) + of_round * static_cast<double>(round.last - round.first);
    effort.progress(blocks / static_cast<double>(round.of_all));
  };
}

/// An estimate with what the exact engine knows of it, and how far rounding may keep them apart.
struct Expected {
  Estimate estimate{};
  std::optional<double> exact{};
  double rounding = 0;
};

/// Whether a standard error is small enough, and can be believed: where the mean is known it must be near, or the
/// sample has not seen yet what is rare and matters.
[[nodiscard]] inline bool is_precise(const Precision& precision, const Expected& expected, bool patient) {
  const Estimate& estimate = expected.estimate;
  const double wanted = precision.of_the_mean ? precision.error * std::abs(estimate.mean) : precision.error;
  if (!estimate.standard_error || !(*estimate.standard_error <= wanted)) return false;
  if (!expected.exact || !patient) return true;
  return std::abs(estimate.mean - *expected.exact) <= standard_errors_of_a_misfit * wanted + expected.rounding;
}

/// The largest standard error, in the terms in which it was asked for.
[[nodiscard]] inline std::optional<double> largest_error(const std::optional<Precision>& precision,
                                                         const std::vector<Expected>& expected) {
  std::optional<double> largest;
  for (const auto& [estimate, exact, rounding] : expected) {
    if (!estimate.standard_error) return std::nullopt;
    double error = *estimate.standard_error;
    if (error > 0 && (!precision || precision->of_the_mean)) error /= std::abs(estimate.mean);
    if (!std::isfinite(error)) return std::nullopt;
    largest = std::max(largest.value_or(0), error);
  }
  return largest;
}

}  // namespace tenure::detail
