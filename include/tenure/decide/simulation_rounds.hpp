#pragma once
// How long to simulate: a number of people or replicates, a precision, or a time. Work goes on in rounds, each as large
// as all before it, so that what is asked is looked at now and then and little is thrown away when somebody stops it.
// All scenarios take part in each round: what is reported rests on the same people for all of them.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "tenure/engine/estimate.hpp"

namespace tenure {

/// Asked for instead of a number: an error small enough.
struct Precision {
  double error = 0;          ///< largest standard error wanted
  bool of_the_mean = false;  ///< whether that is a share of the mean, or an amount of money
};

/// How long to simulate, on how many threads, and who is asked and told meanwhile.
struct Effort {
  std::optional<std::uint64_t> count{};  ///< people or replicates; with a precision or a time: at most so many
  std::optional<Precision> precision{};
  std::optional<double> seconds{};
  unsigned threads = 0;                    ///< 0: as many as the processor has
  std::function<bool()> interrupted{};     ///< asked now and then: true ends the work with what is finished
  std::function<void(double)> progress{};  ///< told the share done
};

/// What ended a simulation.
enum class EndedBy : std::uint8_t { count, precision, seconds, interruption };

/// The names of these ends, in their order.
inline constexpr std::array<std::string_view, 4> ended_by_names{"count", "precision", "seconds", "interruption"};

/// What a precision or a time came to.
struct Reached {
  std::optional<Precision> precision{};  ///< as asked
  std::optional<double> seconds{};       ///< as asked
  std::uint64_t least = 0;               ///< people or replicates before a precision may end it
  std::uint64_t most = 0;
  EndedBy ended_by = EndedBy::count;
  /// The largest standard error of what was asked, as an amount where that was asked, else as a share of its mean;
  /// absent where there is none.
  std::optional<double> error{};
};

}  // namespace tenure
