#pragma once
// Checks of names: admissible, unique, and unlike each other; references to names that exist.

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"
#include "tenure/model/look_alike.hpp"
#include "tenure/model/names.hpp"

namespace tenure::detail {

/// The two ends of a transition or a referral.
using Pair = std::pair<std::string, std::string>;

/// Names that something may refer to. To look for the nearest one takes time in proportion to them all, so that it is
/// done for the first mistakes only; nobody reads thousands of suggestions.
class Referable : public NameIndex {
 public:
  using NameIndex::NameIndex;
  [[nodiscard]] std::string hint_for(const std::string& mistyped) const {
    constexpr std::size_t most = 4'000'000;
    if (compared_ > most) return "give a name that exists";
    compared_ += names().size();
    return suggestion(mistyped, names());
  }

 private:
  mutable std::size_t compared_ = 0;
};

/// What other parts of a draft refer to.
struct KnownNames {
  Referable states;
  Referable arrivals;
  Referable segments;
  Referable levers;
  std::map<Pair, std::size_t> transitions{};  ///< the place of each listed pair, the first where it is listed twice

  explicit KnownNames(const ModelDraft& draft)
      : states{names_of(draft.states)},
        arrivals{names_of(draft.arrivals)},
        segments{names_of(draft.segments)},
        levers{names_of(draft.levers)} {
    for (std::size_t k = 0; k < draft.transitions.size(); ++k) {
      transitions.emplace(Pair{draft.transitions[k].from, draft.transitions[k].to}, k);
    }
  }
};

[[nodiscard]] inline Findings check_unique_names(const std::string& table, const std::vector<std::string>& names) {
  Findings found;
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string path = place(table, i) + ".name";
    if (const auto refusal = name_refusal(names[i])) {
      found.error("name", path, in_quotes(names[i]) + ": " + *refusal);
      continue;
    }
    const auto [earlier, is_new] = seen.emplace(look_alike_key(names[i]), i);
    if (is_new) continue;
    const std::string& other = names[earlier->second];
    found.error("duplicate-name", path,
                other == names[i]
                    ? in_quotes(names[i]) + " is the name of " + place(table, earlier->second) + " already"
                    : in_quotes(names[i]) + " and " + in_quotes(other) +
                          " differ only in capitals, blanks or the way their accents are written",
                "give each a name of its own");
  }
  return found;
}

[[nodiscard]] inline Findings check_known(const std::string& kind, const std::string& path, const std::string& name,
                                          const Referable& known) {
  Findings found;
  if (!known.contains(name)) {
    std::string hyphenated = kind;
    std::replace(hyphenated.begin(), hyphenated.end(), ' ', '-');
    found.error("unknown-" + hyphenated, path, "there is no " + kind + " " + in_quotes(name), known.hint_for(name));
  }
  return found;
}

[[nodiscard]] inline Findings check_names(const ModelDraft& draft, const KnownNames& known) {
  Findings found;
  if (const auto refusal = name_refusal(draft.name)) {
    found.error("name", "model.name", *refusal, "found " + in_quotes(draft.name));
  }
  found += check_unique_names("state", known.states.names());
  found += check_unique_names("segment", known.segments.names());
  found += check_unique_names("lever", known.levers.names());
  found += check_unique_names("action", names_of(draft.actions));
  found += check_unique_names("scenario", names_of(draft.scenarios));
  for (std::size_t i = 0; i < draft.arrivals.size(); ++i) {
    const Arrivals& arrivals = draft.arrivals[i];
    if (arrivals.name == arrivals.state) continue;  // judged as the state's
    if (const auto refusal = name_refusal(arrivals.name)) {
      found.error("name", place("arrivals", i) + ".name", *refusal, "found " + in_quotes(arrivals.name));
    }
  }
  return found;
}

}  // namespace tenure::detail
