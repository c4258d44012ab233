#pragma once
// Checks of correlations: between numbers that exist, are uncertain, and can be correlated so all together.

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tenure/model/correlation.hpp"
#include "tenure/model/detail/check/names.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"
#include "tenure/model/model_numbers.hpp"

namespace tenure::detail {

[[nodiscard]] inline Findings check_correlated_number(const std::vector<ModelNumber>& numbers, const Referable& known,
                                                      const std::string& name, const std::string& path) {
  Findings found;
  const auto number =
      std::find_if(numbers.begin(), numbers.end(), [&](const ModelNumber& n) { return n.name == name; });
  if (number == numbers.end()) {
    found.error("unknown-number", path, "there is no number " + in_quotes(name), known.hint_for(name));
  } else if (!number->number.uncertain) {
    found.error("not-uncertain", path, in_quotes(name) + " is not uncertain, so that nothing can be correlated with it",
                "give it uncertain = { sd = … }, or leave it out");
  }
  return found;
}

[[nodiscard]] inline Findings check_correlations(const ModelDraft& draft, NameRules rules) {
  Findings found;
  if (draft.correlations.empty()) return found;
  const std::vector<ModelNumber> numbers = numbers_of(draft);
  const Referable known{names_of(numbers), rules};
  std::set<std::pair<std::string, std::string>> said;
  std::vector<std::string> names;
  for (std::size_t k = 0; k < draft.correlations.size(); ++k) {
    const Correlation& correlation = draft.correlations[k];
    const std::string path = place("correlation", k);
    if (correlation.between.size() < 2) {
      found.error("correlation", path + ".between", "a correlation is between two numbers or more",
                  "give their names, such as [\"transition owner -> lost\", \"state owner, cash_flow\"]");
    }
    if (!(correlation.value > -1 && correlation.value < 1)) {
      found.error("correlation", path + ".value", shortest(correlation.value) + " is no correlation of two numbers",
                  "give a number between -1 and 1");
    }
    for (std::size_t i = 0; i < correlation.between.size(); ++i) {
      const std::string& name = correlation.between[i];
      found += check_correlated_number(numbers, known, name, path + ".between");
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      for (std::size_t j = 0; j < i; ++j) {
        const std::string& other = correlation.between[j];
        if (name == other) {
          found.error("duplicate", path + ".between", in_quotes(name) + " is named twice", "name each number once");
        } else if (!said.emplace(std::min(name, other), std::max(name, other)).second) {
          found.error("duplicate", path + ".between",
                      "the correlation of " + in_quotes(other) + " and " + in_quotes(name) + " is said twice",
                      "say it once");
        }
      }
    }
  }
  if (found.errors.empty() && !cholesky_factor(correlation_matrix(draft.correlations, names))) {
    found.error("correlation", "correlation", "no numbers can be correlated so: the matrix is not positive definite",
                "weaken the correlations; where two numbers go with a third, they go with each other");
  }
  return found;
}

}  // namespace tenure::detail
