#pragma once
// The bodies of tenure/quantity/error.hpp.

#include <string>
#include <vector>

#include "tenure/quantity/error.hpp"

namespace tenure {

TENURE_INLINE std::string describe(const Problem& problem) {
  std::string text;
  if (!problem.path.empty()) text += problem.path + ": ";
  text += problem.message;
  if (!problem.hint.empty()) text += "; " + problem.hint;
  return text + " [" + problem.code + "]";
}

TENURE_INLINE std::string describe(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) text += (text.empty() ? "" : "\n") + describe(problem);
  return text;
}

}  // namespace tenure
