#pragma once
// Independent pieces of a search, shared among threads, with results in their order: the same for any number of
// threads.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "tenure/engine/detail/workers.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

/// How a search may use the machine, and who wants to know or to stop it.
struct SearchEffort {
  unsigned threads = 0;                    ///< 0: as many as there are
  std::function<void(double)> progress{};  ///< gets the share of the search that is done, as far as one can tell
  std::function<bool()> interrupted{};
};

/// make(k) for k = 0 … count - 1. Throws InterruptedError where it is called off, and what make() throws.
template <class Result>
[[nodiscard]] std::vector<Result> side_by_side(std::size_t count, const SearchEffort& effort,
                                               const std::function<Result(std::size_t)>& make) {
  struct Answer {
    Result result{};
    bool whole = true;
  };
  std::vector<Result> results;
  if (count == 0) return results;
  const std::function<void(double)> silent;
  const Callbacks callbacks{&effort.interrupted, &silent};
  Workers<Answer> workers{0, count, callbacks, [&](Answer&& answer) { results.push_back(std::move(answer.result)); }};
  const bool finished = workers.run(effort.threads, [&] {
    return [&](std::uint64_t k, auto&) { return Answer{make(static_cast<std::size_t>(k))}; };
  });
  if (!finished) refuse_interrupted();
  return results;
}

}  // namespace tenure::detail
