#pragma once
// Checks of a draft's head: horizon and discounting.

#include <cmath>
#include <string>

#include "tenure/model/detail/check/numbers.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

[[nodiscard]] inline Findings check_discounting(const ModelDraft& draft) {
  Findings found;
  const double rate = draft.discount_rate;
  if (!(rate > -1 && std::isfinite(rate))) {
    found.error("discount-rate", "model.discount_rate", shortest(rate) + " is no effective annual rate",
                "give a number above -1, such as 0.08 for 8 % a year");
    return found;
  }
  const double factor = discount_factor(rate, draft.period);
  if (!(factor > 0 && factor <= 1e6)) {
    found.error("discount-rate", "model.discount_rate", shortest(rate) + " gives no usable factor per period",
                "give a number above -1, such as 0.08 for 8 % a year");
  } else if (rate < 0) {
    found.warn("discount-rate", "model.discount_rate", "a negative rate makes later money worth more than today's");
  } else if (rate > 1) {
    found.warn("discount-rate", "model.discount_rate", shortest(rate) + " is " + in_percent(rate) + " % a year",
               "if " + shortest(rate) + " % was meant, write " + shortest(rate / 100));
  } else if (factor < 1 / 1.5) {
    found.warn("discount-rate", "model.discount_rate",
               "the rate is above 50 % a period: a period's factor is " + shortest(factor),
               "discount_rate is an annual rate, not a factor");
  }
  return found;
}

[[nodiscard]] inline Findings check_head(const ModelDraft& draft) {
  Findings found = check_discounting(draft);
  if (draft.states.empty()) {
    found.error("no-states", "state", "the model has no states",
                "add a [[state]] table for each place a person can be in");
  }
  if (draft.states.size() > limits::states) {
    found.error("too-many-states", "state", std::to_string(draft.states.size()) + " states",
                "at most " + std::to_string(limits::states) + " are allowed");
  }
  if (draft.horizon && !(*draft.horizon >= 0 && *draft.horizon <= limits::periods)) {
    found.error("horizon", "model.horizon", std::to_string(*draft.horizon) + " periods",
                "give 0 to " + std::to_string(limits::periods) + " periods, or \"infinite\"");
  }
  if (draft.horizon == 0) found.warn("horizon", "model.horizon", "no period at all: every value is 0");
  return found;
}

}  // namespace tenure::detail
