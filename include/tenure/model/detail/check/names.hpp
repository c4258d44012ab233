#pragma once
// Checks of names: admissible, unique, and unlike each other; references to names that exist.

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"
#include "tenure/model/names.hpp"

namespace tenure::detail {

/// The two ends of a transition or a referral.
using Pair = std::pair<std::string, std::string>;

/// Names that something may refer to. To look for the nearest one takes time in proportion to them all, so that it is
/// done for the first mistakes only; nobody reads thousands of suggestions.
class Referable : public NameIndex {
 public:
  Referable(std::vector<std::string> names, NameRules rules) : NameIndex{std::move(names)}, rules_{rules} {}
  [[nodiscard]] std::string hint_for(const std::string& mistyped) const {
    constexpr std::size_t most = 4'000'000;
    if (compared_ > most) return "give a name that exists";
    compared_ += names().size();
    return suggestion(mistyped, names(), rules_);
  }

 private:
  NameRules rules_;
  mutable std::size_t compared_ = 0;
};

/// What other parts of a draft refer to, and what its names are judged by.
struct KnownNames {
  NameRules rules;
  Referable states;
  Referable arrivals;
  Referable segments;
  Referable levers;
  std::map<Pair, std::size_t> transitions{};  ///< the place of each listed pair, the first where it is listed twice

  KnownNames(const ModelDraft& draft, NameRules names_are_judged_by)
      : rules{names_are_judged_by},
        states{names_of(draft.states), rules},
        arrivals{names_of(draft.arrivals), rules},
        segments{names_of(draft.segments), rules},
        levers{names_of(draft.levers), rules} {
    for (std::size_t k = 0; k < draft.transitions.size(); ++k) {
      transitions.emplace(Pair{draft.transitions[k].from, draft.transitions[k].to}, k);
    }
  }
};

[[nodiscard]] inline Findings check_unique_names(const std::string& table, const std::vector<std::string>& names,
                                                 NameRules rules) {
  Findings found;
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string path = place(table, i) + ".name";
    if (const auto refusal = name_refusal(names[i], rules)) {
      found.error("name", path, in_quotes(names[i]) + ": " + *refusal);
      continue;
    }
    const auto [earlier, is_new] = seen.emplace(rules.key(names[i]), i);
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
  if (const auto refusal = name_refusal(draft.name, known.rules)) {
    found.error("name", "model.name", *refusal, "found " + in_quotes(draft.name));
  }
  found += check_unique_names("state", known.states.names(), known.rules);
  found += check_unique_names("segment", known.segments.names(), known.rules);
  found += check_unique_names("lever", known.levers.names(), known.rules);
  found += check_unique_names("action", names_of(draft.actions), known.rules);
  found += check_unique_names("scenario", names_of(draft.scenarios), known.rules);
  for (std::size_t i = 0; i < draft.arrivals.size(); ++i) {
    const Arrivals& arrivals = draft.arrivals[i];
    if (arrivals.name == arrivals.state) continue;  // judged as the state's
    if (const auto refusal = name_refusal(arrivals.name, known.rules)) {
      found.error("name", place("arrivals", i) + ".name", *refusal, "found " + in_quotes(arrivals.name));
    }
  }
  return found;
}

}  // namespace tenure::detail
