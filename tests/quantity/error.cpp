// Errors as data, and the one way in which they are put into words.

#include <string>
#include <type_traits>
#include <vector>

#include "catch.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure::test::errors {

TEST_CASE("Error: a problem in words, with what there is of place, remedy and code") {
  CHECK(describe(Problem{"row-sum", "transition[3].probability", "they sum to 1.2", "they must not", {}}) ==
        "transition[3].probability: they sum to 1.2; they must not [row-sum]");
  CHECK(describe(Problem{"overflow", "", "too large", "", {}}) == "too large [overflow]");
  CHECK(describe(std::vector<Problem>{{"a", "", "first", "", {}}, {"b", "", "second", "", {}}}) ==
        "first [a]\nsecond [b]");
  CHECK(describe(std::vector<Problem>{}).empty());
}

TEST_CASE("Error: exceptions carry all problems, and their words as what()") {
  const ModelError error{{{"a", "", "first", "", {}}, {"b", "", "second", "", {4, 2}}}};
  CHECK(std::string{error.what()} == "first [a]\nsecond [b]");
  REQUIRE(error.problems().size() == 2);
  CHECK(error.problems()[1].location == Location{4, 2});
  CHECK_THROWS_AS(throw error, Error);
}

TEST_CASE("Error: each kind can be caught apart from the others, and all together") {
  CHECK(std::is_base_of_v<Error, ModelError>);
  CHECK(std::is_base_of_v<Error, DivergentError>);
  CHECK(std::is_base_of_v<Error, FileError>);
  CHECK(std::is_base_of_v<Error, LimitError>);
  CHECK(std::is_base_of_v<std::runtime_error, Error>);
  CHECK_FALSE(std::is_base_of_v<ModelError, DivergentError>);
}

TEST_CASE("Error: a divergence says why in numbers") {
  const DivergentError error{{{"divergent", "", "endless", "", {}}}, Divergence{{1, 2}, 3.5, {}, {}}};
  CHECK(error.divergence().states == std::vector<std::size_t>{1, 2});
  CHECK(error.divergence().average_reward == 3.5);
  CHECK_FALSE(error.divergence().growth_factor.has_value());
  CHECK(DivergentError{{}}.divergence().states.empty());
}

}  // namespace tenure::test::errors
