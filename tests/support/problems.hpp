#pragma once
// What a refusal says: tests ask for the type of the exception, the code and the text.

#include <algorithm>
#include <string>
#include <vector>

#include "catch.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure::test {

/// The problems of the exception of type E that the action throws; the test fails where it throws none or another.
template <class E, class Action>
[[nodiscard]] std::vector<Problem> problems_of(Action action) {
  try {
    static_cast<void>(action());
  } catch (const E& error) {
    return error.problems();
  } catch (const std::exception& error) {
    FAIL("another exception was thrown: " << error.what());
  }
  FAIL("nothing was thrown");
  return {};
}

[[nodiscard]] inline std::vector<std::string> codes_of(const std::vector<Problem>& problems) {
  std::vector<std::string> codes;
  for (const Problem& problem : problems) codes.push_back(problem.code);
  return codes;
}

/// Whether one of the problems has this code and, somewhere in its words, this text.
[[nodiscard]] inline bool says(const std::vector<Problem>& problems, const std::string& code, const std::string& text) {
  return std::any_of(problems.begin(), problems.end(), [&](const Problem& problem) {
    return problem.code == code && describe(problem).find(text) != std::string::npos;
  });
}

}  // namespace tenure::test
