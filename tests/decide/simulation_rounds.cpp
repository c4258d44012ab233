// How long to simulate: what never comes is refused before the work begins.

#include <limits>

#include "catch.hpp"
#include "support/problems.hpp"
#include "tenure/decide/detail/simulate/rounds.hpp"
#include "tenure/decide/simulation_rounds.hpp"

namespace tenure::test::rounds {

TEST_CASE("Simulation rounds: a time or a precision that never comes is refused") {
  for (const double size :
       {0.0, -1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    INFO(size);
    const auto late = problems_of<ModelError>([&] { return tenure::detail::check_effort({.seconds = size}), 0; });
    CHECK(says(late, "effort", "seconds: the time is no finite number above 0; give seconds"));
    const auto vague =
        problems_of<ModelError>([&] { return tenure::detail::check_effort({.precision = Precision{size}}), 0; });
    CHECK(says(vague, "effort", "precision: the precision is no finite number above 0; give a share of the mean"));
  }
  CHECK_NOTHROW(tenure::detail::check_effort({.precision = Precision{1e-300}, .seconds = 1e300}));
  CHECK_NOTHROW(tenure::detail::check_effort({}));
}

}  // namespace tenure::test::rounds
