#pragma once
// Work that can be called off. Who works long asks now and then, often enough to answer within a tenth of a second, and
// only ever in the thread that called; where nothing of what was done so far means anything, the answer is an exception.

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "tenure/quantity/error.hpp"

namespace tenure {

/// Asked now and then: true calls the work off. Empty: nobody does.
using Interrupted = std::function<bool()>;

/// For those whom nobody interrupts.
inline const Interrupted uninterrupted{};

namespace detail {

[[noreturn]] inline void refuse_interrupted() {
  throw InterruptedError{{{"interrupted", "", "interrupted before anything was finished", "", {}}}};
}

}  // namespace detail

/// The same, to be asked in any thread: only the one that is here now passes the question on, and what was answered
/// there once holds for all.
[[nodiscard]] inline Interrupted asked_in_this_thread(Interrupted interrupted) {
  if (!interrupted) return interrupted;
  return [interrupted = std::move(interrupted), here = std::this_thread::get_id(),
          called_off = std::make_shared<std::atomic<bool>>(false)] {
    const bool is_known = called_off->load(std::memory_order_relaxed);
    if (!is_known && std::this_thread::get_id() == here && interrupted()) called_off->store(true, std::memory_order_relaxed);
    return called_off->load(std::memory_order_relaxed);
  };
}

/// Goes on unless the work is called off. Throws InterruptedError.
inline void heed(const Interrupted& interrupted) {
  if (interrupted && interrupted()) detail::refuse_interrupted();
}

}  // namespace tenure
