#pragma once
// How far a number may plausibly be from what is written: from the 5 % to the 95 % quantile of what it is said to be
// `uncertain` by, or where nothing is said 10 % less and 10 % more; both within what the model allows. The quantiles
// are those by which uncertainty is drawn.

#include "tenure/decide/movable_numbers.hpp"
#include "tenure/model/model.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// Between which values a number probably lies.
struct PlausibleRange {
  double low = 0;
  double high = 0;
  bool is_known = false;  ///< by `uncertain`
};

/// The plausible range of a number of a model.
[[nodiscard]] PlausibleRange plausible_range(const Model& model, const MovableNumber& number);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/decide/plausible_range-inl.hpp"
#endif
