#pragma once
// The definition of check(): each family of checks in turn.

#include <utility>

#include "tenure/model/check.hpp"
#include "tenure/model/detail/check/actions.hpp"
#include "tenure/model/detail/check/correlations.hpp"
#include "tenure/model/detail/check/head.hpp"
#include "tenure/model/detail/check/levers.hpp"
#include "tenure/model/detail/check/names.hpp"
#include "tenure/model/detail/check/people.hpp"
#include "tenure/model/detail/check/reachability.hpp"
#include "tenure/model/detail/check/rows.hpp"
#include "tenure/model/detail/check/surroundings.hpp"
#include "tenure/model/detail/check/texts.hpp"

namespace tenure {

TENURE_INLINE Findings check(const ModelDraft& draft, NameRules rules) {
  const detail::KnownNames known{draft, rules};
  Findings found = detail::check_head(draft);
  found += detail::check_texts(draft, rules);
  found += detail::check_names(draft, known);
  found += detail::check_states(draft);
  found += detail::check_rows(draft, known);
  found += detail::check_arrivals(draft, known);
  found += detail::check_referrals(draft, known);
  found += detail::check_segments(draft, known);
  found += detail::check_calendar(draft, known);
  found += detail::check_environment(draft, known);
  found += detail::check_levers(draft, known);
  found += detail::check_actions(draft, known);
  found += detail::check_scenarios(draft, known);
  found += detail::check_correlations(draft, rules);
  if (found.errors.empty()) found += detail::check_reachability(draft, known);
  return found;
}

}  // namespace tenure
