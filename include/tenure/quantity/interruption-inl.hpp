#pragma once
// The bodies of tenure/quantity/interruption.hpp.

#include <atomic>
#include <memory>
#include <thread>
#include <utility>

#include "tenure/quantity/error.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure {

namespace detail {

[[noreturn]] TENURE_INLINE void refuse_interrupted() {
  throw InterruptedError{{{"interrupted", "", "interrupted before anything was finished", "", {}}}};
}

}  // namespace detail

TENURE_INLINE Interrupted asked_in_this_thread(Interrupted interrupted) {
  if (!interrupted) return interrupted;
  return [interrupted = std::move(interrupted), here = std::this_thread::get_id(),
          called_off = std::make_shared<std::atomic<bool>>(false)] {
    const bool is_known = called_off->load(std::memory_order_relaxed);
    if (!is_known && std::this_thread::get_id() == here && interrupted())
      called_off->store(true, std::memory_order_relaxed);
    return called_off->load(std::memory_order_relaxed);
  };
}

}  // namespace tenure
