#pragma once
// Work that can be called off. Who works long asks now and then, often enough to answer within a tenth of a second, and
// only ever in the thread that called; where nothing of what was done so far means anything, the answer is an
// exception.

#include <functional>

#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure {

/// Asked now and then: true calls the work off. Empty: nobody does.
using Interrupted = std::function<bool()>;

/// For those whom nobody interrupts.
inline const Interrupted uninterrupted{};

namespace detail {

[[noreturn]] void refuse_interrupted();

}  // namespace detail

/// The same, to be asked in any thread: only the one that is here now passes the question on, and what was answered
/// there once holds for all.
[[nodiscard]] Interrupted asked_in_this_thread(Interrupted interrupted);

/// Goes on unless the work is called off. Throws InterruptedError.
inline void heed(const Interrupted& interrupted) {
  if (interrupted && interrupted()) detail::refuse_interrupted();
}

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/quantity/interruption-inl.hpp"
#endif
