#pragma once
// All checks of a draft in one go: every problem is found and reported, not the first alone. The rules are those of
// docs/model-file.md; each family of checks has a header of its own under check/.

#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// Everything that is wrong with a draft (errors), or looks like a mistake (warnings), in the order of the file's
/// parts. Names are judged without Unicode's tables, unless rules are given that know more.
[[nodiscard]] Findings check(const ModelDraft& draft, NameRules rules = {});

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/model/check-inl.hpp"
#endif
