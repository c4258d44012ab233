// Roots against their closed forms, and how many points they take.

#include <cmath>
#include <functional>

#include "catch.hpp"
#include "tenure/quantity/detail/root.hpp"

namespace tenure::test::roots {

using namespace tenure::detail;

struct Narrowed {
  Bracket bracket;
  int points = 0;
};

Narrowed narrowed(const std::function<double(double)>& function, double low, double high) {
  int points = 0;
  const auto counted = [&](double x) {
    ++points;
    return function(x);
  };
  const Bracket found = narrowed_root(counted, bracket_of(low, high, function(low), function(high)));
  return {found, points};
}

TEST_CASE("Roots: smooth functions take few points, and the bracket holds the root to the last digits") {
  struct Problem {
    std::function<double(double)> function;
    double low, high, root;
    int points;
  };
  for (const Problem& problem :
       {Problem{[](double x) { return x * x - 2; }, 0, 2, std::sqrt(2.0), 12},
        Problem{[](double x) { return std::cos(x) - x; }, 0, 1, 0.7390851332151607, 12},
        Problem{[](double x) { return 3 - std::exp(-x / 1e6); }, -3e6, 0, -1e6 * std::log(3.0), 14},
        Problem{[](double x) { return 1e-9 * (x - 1e12); }, 1e6, 3e13, 1e12, 10},
        Problem{[](double x) { return x * x * x - 1e-30; }, 0, 1, 1e-10, 90}}) {
    const Narrowed found = narrowed(problem.function, problem.low, problem.high);
    INFO("root " << problem.root << " in " << found.points << " points");
    CHECK(std::abs(found.bracket.middle() - problem.root) <= 1e-13 * std::abs(problem.root));
    CHECK(found.bracket.low <= problem.root * (1 + (problem.root < 0 ? -1 : 1) * 1e-15));
    CHECK(found.bracket.high >= problem.root * (1 - (problem.root < 0 ? -1 : 1) * 1e-15));
    CHECK(found.points <= problem.points);
  }
}

TEST_CASE("Roots: a jump, a root of high order and a root at 0 take no more points than bisection and some") {
  const Narrowed jump = narrowed([](double x) { return x < 0.3 ? -1e90 : 1e-9; }, 0, 1);
  CHECK(std::abs(jump.bracket.middle() - 0.3) < 1e-13);
  CHECK(jump.points <= 60);
  const Narrowed flat = narrowed([](double x) { return std::pow(x - 0.3, 9); }, 0, 1);
  CHECK(std::abs(flat.bracket.middle() - 0.3) < 1e-12);
  CHECK(flat.points <= 60);
  const Narrowed zero = narrowed([](double x) { return x < 0 ? -1.0 : x > 0 ? 2.0 : 0.0; }, -1, 3);
  CHECK(std::abs(zero.bracket.middle()) < 1e-20);
  CHECK(zero.points <= 100);
}

TEST_CASE("Roots: a root that is hit is the answer, whichever way round the ends are given") {
  const auto line = [](double x) { return x - 0.5; };
  const Bracket hit = narrowed_root(line, bracket_of(1, 0, line(1), line(0)));
  CHECK(hit.low == 0.5);
  CHECK(hit.high == 0.5);
}

}  // namespace tenure::test::roots
