#pragma once
// Checks of names: admissible, unique, and unlike each other; references to names that exist.

#include <map>
#include <string>
#include <vector>

#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"
#include "tenure/model/names.hpp"

namespace tenure::detail {

/// The names that other parts of a draft refer to.
struct KnownNames {
  NameIndex states;
  NameIndex arrivals;
  NameIndex segments;
  NameIndex levers;

  explicit KnownNames(const ModelDraft& draft)
      : states{names_of(draft.states)},
        arrivals{names_of(draft.arrivals)},
        segments{names_of(draft.segments)},
        levers{names_of(draft.levers)} {}
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
                other == names[i] ? in_quotes(names[i]) + " is the name of " + place(table, earlier->second) + " already"
                                  : in_quotes(names[i]) + " and " + in_quotes(other) + " differ only in blanks or capitals",
                "give each a name of its own");
  }
  return found;
}

[[nodiscard]] inline Findings check_known(const std::string& kind, const std::string& path, const std::string& name,
                                          const NameIndex& known) {
  Findings found;
  if (!known.contains(name)) {
    found.error("unknown-" + kind, path, "there is no " + kind + " " + in_quotes(name), suggestion(name, known.names()));
  }
  return found;
}

[[nodiscard]] inline Findings check_names(const ModelDraft& draft, const KnownNames& known) {
  Findings found;
  if (const auto refusal = name_refusal(draft.name)) found.error("name", "model.name", *refusal);
  found += check_unique_names("state", known.states.names());
  found += check_unique_names("segment", known.segments.names());
  found += check_unique_names("lever", known.levers.names());
  found += check_unique_names("scenario", names_of(draft.scenarios));
  for (std::size_t i = 0; i < draft.arrivals.size(); ++i) {
    if (const auto refusal = name_refusal(draft.arrivals[i].name)) {
      found.error("name", place("arrivals", i) + ".name", *refusal);
    }
  }
  return found;
}

}  // namespace tenure::detail
