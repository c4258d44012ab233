#pragma once
// All checks of a draft in one go: every problem is found and reported, not the first alone. The rules are those of
// docs/model-file.md; each family of checks has a header of its own under check/.

#include "tenure/model/check/head.hpp"
#include "tenure/model/check/levers.hpp"
#include "tenure/model/check/names.hpp"
#include "tenure/model/check/people.hpp"
#include "tenure/model/check/reachability.hpp"
#include "tenure/model/check/rows.hpp"
#include "tenure/model/check/surroundings.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"

namespace tenure {

/// Everything that is wrong with a draft (errors), or looks like a mistake (warnings), in the order of the file's parts.
[[nodiscard]] inline Findings check(const ModelDraft& draft) {
  const detail::KnownNames known{draft};
  Findings found = detail::check_head(draft);
  found += detail::check_names(draft, known);
  found += detail::check_states(draft);
  found += detail::check_rows(draft, known);
  found += detail::check_arrivals(draft, known);
  found += detail::check_referrals(draft, known);
  found += detail::check_segments(draft, known);
  found += detail::check_calendar(draft, known);
  found += detail::check_environment(draft, known);
  found += detail::check_levers(draft, known);
  found += detail::check_scenarios(draft, known);
  if (found.errors.empty()) found += detail::check_reachability(draft, known);
  return found;
}

}  // namespace tenure
