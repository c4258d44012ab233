#pragma once
// Break-even: the value of one number at which two scenarios are worth the same. The difference of the two is followed
// from today's value outwards, both ways, until it changes sign; the root in between is narrowed down (root.hpp). The
// root nearest to today's value is given; where the difference keeps its sign as far as the number may go, there is
// none.

#include <cstdint>
#include <optional>

#include "tenure/decide/movable_numbers.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// Whether two scenarios tie anywhere.
enum class BreakEvenOutcome : std::uint8_t { at, never, always };  ///< always: the scenarios are worth the same anyhow

/// The value of a number at which two scenarios tie.
struct BreakEven {
  BreakEvenOutcome outcome = BreakEvenOutcome::never;
  std::optional<double> value{};  ///< where they tie
  double low = 0;                 ///< the root is bracketed by these, or was looked for between these in vain
  double high = 0;
};

/// Where two scenarios tie if one number were another. Throws what the scenarios' values throw.
[[nodiscard]] BreakEven break_even(const Model& model, const SpentScenario& scenario, const SpentScenario& versus,
                                   const MovableNumber& number, const ValuedPerson& person = {});

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/decide/break_even-inl.hpp"
#endif
