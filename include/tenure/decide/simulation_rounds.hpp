#pragma once
// How long to simulate: a number of people or replicates, a precision, or a time. Work goes on in rounds, each as large
// as all before it, so that what is asked is looked at now and then and little is thrown away when somebody stops it. All
// scenarios take part in each round: what is reported rests on the same people for all of them.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>

namespace tenure {

/// Asked for instead of a number: an error small enough.
struct Precision {
  double error = 0;          ///< largest standard error wanted
  bool of_the_mean = false;  ///< whether that is a share of the mean, or an amount of money
};

struct Effort {
  std::optional<std::uint64_t> count{};     ///< people or replicates; with a precision or a time: at most so many
  std::optional<Precision> precision{};
  std::optional<double> seconds{};
  unsigned threads = 0;                     ///< 0: as many as the processor has
  std::function<bool()> interrupted{};      ///< asked now and then: true ends the work with what is finished
  std::function<void(double)> progress{};   ///< told the share done
};

namespace detail {

/// What the rounds have come to.
struct RoundsDone {
  std::uint64_t blocks = 0;
  bool interrupted = false;
};

struct RoundLimits {
  std::uint64_t most_blocks = 0;
  std::uint64_t first_round = 1;  ///< in blocks
};

/// Calls run(first, last, stop) for rounds of blocks until `precise` says so, the time is over or all blocks are done.
/// run() returns whether it finished the round; an unfinished one does not count, unless it is cut short by time.
template <class Run, class Precise>
[[nodiscard]] RoundsDone in_rounds(const Effort& effort, RoundLimits limits, Run&& run, Precise&& precise) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  RoundsDone done;
  while (done.blocks < limits.most_blocks) {
    std::uint64_t next = std::max(limits.first_round, done.blocks);
    if (effort.seconds && done.blocks > 0) {
      const double blocks_left = static_cast<double>(done.blocks) * (*effort.seconds / elapsed() - 1);
      if (blocks_left < 1) break;
      next = std::min(next, static_cast<std::uint64_t>(blocks_left));
    }
    const std::uint64_t last = std::min(limits.most_blocks, done.blocks + std::max<std::uint64_t>(next, 1));
    if (!run(done.blocks, last)) {
      done.interrupted = true;
      break;
    }
    done.blocks = last;
    if (effort.progress) {
      const double of_blocks = static_cast<double>(last) / static_cast<double>(limits.most_blocks);
      effort.progress(effort.seconds ? std::min(1.0, elapsed() / *effort.seconds) : effort.precision ? 0 : of_blocks);
    }
    if (effort.precision && precise()) break;
  }
  return done;
}

struct RoundOfBlocks {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t of_all = 0;
};

/// Tells how far a whole run is, from within one scenario's part of one round; nothing where nobody knows how long it
/// will take.
[[nodiscard]] inline std::function<void(double)> progress_of_round(const Effort& effort, RoundOfBlocks round, std::size_t scenario,
                                                                   std::size_t scenarios) {
  if (!effort.progress || effort.precision || effort.seconds) return {};
  return [&effort, round, scenario, scenarios](double share) {
    const double of_round = (static_cast<double>(scenario) + share) / static_cast<double>(scenarios);
    const double blocks = static_cast<double>(round.first) + of_round * static_cast<double>(round.last - round.first);
    effort.progress(blocks / static_cast<double>(round.of_all));
  };
}

/// Whether a standard error is small enough.
[[nodiscard]] inline bool is_precise(const Precision& precision, double mean, std::optional<double> standard_error) {
  const double wanted = precision.of_the_mean ? precision.error * std::abs(mean) : precision.error;
  return standard_error && *standard_error <= wanted;
}

}  // namespace detail

}  // namespace tenure
