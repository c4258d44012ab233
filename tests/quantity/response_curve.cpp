// From spend to the share of the way: half_spend is half, curves never fall, tables meet their points and hand-computed
// values in between.

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "tenure/quantity/response_curve.hpp"

namespace tenure::test::response_curve {

constexpr ResponseShape shapes_with_half[]{ResponseShape::exponential, ResponseShape::hill};

ResponseCurve hill(double steepness) { return {.shape = ResponseShape::hill, .steepness = steepness}; }

TEST_CASE("Response: half_spend goes exactly half the way, nothing spent goes none of it") {
  for (const ResponseShape shape : shapes_with_half) {
    for (const double half : {1e-80, 0.001, 1.0, 25.0, 40000.0, 1e80}) {
      for (const double steepness : {0.3, 1.0, 2.5, 100.0}) {
        const ResponseCurve curve{.shape = shape, .steepness = steepness};
        CHECK(share_of_the_way(curve, half, half) == 0.5);
        CHECK(share_of_the_way(curve, 0, half) == 0);
      }
    }
  }
}

TEST_CASE("Response: the exponential halves what is left with every further half_spend") {
  const ResponseCurve curve{};
  CHECK(share_of_the_way(curve, 50, 25) == 0.75);
  CHECK(share_of_the_way(curve, 75, 25) == 0.875);
  CHECK(share_of_the_way(curve, 25e9, 25) == 1);
  CHECK_THAT(share_of_the_way(curve, 10, 25), close_to(1 - std::exp(-std::log(2.0) * 10 / 25), 1e-15));
  CHECK_THAT(share_of_the_way(curve, 1e-20, 25), close_to(1e-20 * std::log(2.0) / 25, 1e-15));
}

TEST_CASE("Response: hill is a^k / (a^k + h^k)") {
  CHECK_THAT(share_of_the_way(hill(1), 30, 10), close_to(0.75, 1e-15));
  CHECK_THAT(share_of_the_way(hill(2), 30, 10), close_to(0.9, 1e-15));
  CHECK_THAT(share_of_the_way(hill(0.5), 90, 10), close_to(0.75, 1e-15));
  CHECK_THAT(share_of_the_way(hill(3), 5, 10), close_to(1.0 / 9, 1e-15));
  CHECK(share_of_the_way(hill(100), 1e80, 1e-80) == 1);
  CHECK(share_of_the_way(hill(100), 1e-80, 1e80) == 0);
}

/// Second differences on a grid: positive where the curve is still accelerating.
double bend(const ResponseCurve& curve, double at, double step) {
  return share_of_the_way(curve, at + step, 10) - 2 * share_of_the_way(curve, at, 10) +
         share_of_the_way(curve, at - step, 10);
}

TEST_CASE("Response: exponential and hill up to steepness 1 are concave, a steeper hill is S-shaped") {
  for (double spend = 1; spend < 60; spend += 1) {
    CHECK(bend({}, spend, 0.5) < 0);
    CHECK(bend(hill(1), spend, 0.5) < 0);
    CHECK(bend(hill(0.6), spend, 0.5) < 0);
  }
  CHECK(bend(hill(3), 2, 0.5) > 0);
  CHECK(bend(hill(3), 30, 0.5) < 0);
}

TEST_CASE("Response: more spend never does less") {
  Mixing mixing{7};
  for (int round = 0; round < 200; ++round) {
    const ResponseCurve curve{.shape = shapes_with_half[mixing.below(2)], .steepness = mixing.between(0.1, 20)};
    const double half = std::pow(10.0, mixing.between(-3, 6));
    double before = 0;
    for (double spend = half / 100; spend < half * 100; spend *= 1.05) {
      const double share = share_of_the_way(curve, spend, half);
      const double rounding = curve.shape == ResponseShape::hill ? 0x1p-53 : 0;  // hill divides odds by 1 + odds
      if (!(share >= before - rounding && share <= 1)) FAIL("spend " << spend << " of half_spend " << half);
      before = share;
    }
  }
}

ResponseCurve table(std::vector<ResponsePoint> points) {
  return {.shape = ResponseShape::table, .points = std::move(points)};
}

double at(const ResponseCurve& curve, double spend) { return share_of_the_way(curve, spend, 1); }

TEST_CASE("Response table: slopes by Fritsch and Butland, computed by hand") {
  // widths 10 and 40, secants .03 and .0175: slope (90 + 60)/(90/.03 + 60/.0175) = 7/300 in the middle, by three points
  // (60·.03 - 10·.0175)/50 = .0325 at the start and (90·.0175 - 40·.03)/50 = .0075 at the end
  const ResponseCurve curve = table({{0, 0}, {10, 0.3}, {50, 1}});
  CHECK_THAT(at(curve, 5), close_to(0.3 / 2 + 10 * (0.0325 - 7.0 / 300) / 8, 1e-14));
  CHECK_THAT(at(curve, 30), close_to(1.3 / 2 + 40 * (7.0 / 300 - 0.0075) / 8, 1e-14));
  // a quarter of the way: Hermite's polynomials are 27/32, 9/64, 5/32 and -3/64
  CHECK_THAT(at(curve, 2.5), close_to(0.3 * 5 / 32 + 10 * (0.0325 * 9 - 7.0 / 300 * 3) / 64, 1e-14));
  CHECK_THAT(at(curve, 20), close_to(0.3 * 27 / 32 + 1.0 * 5 / 32 + 40 * (7.0 / 300 * 9 - 0.0075 * 3) / 64, 1e-14));
}

TEST_CASE("Response table: meets its points, and keeps the last share beyond them") {
  const ResponseCurve curve = table({{0, 0}, {10, 0.3}, {15, 0.3}, {50, 0.9}});
  CHECK(at(curve, 0) == 0);
  CHECK(at(curve, 10) == 0.3);
  CHECK(at(curve, 12) == 0.3);  // flat between equal shares
  CHECK(at(curve, 15) == 0.3);
  CHECK(at(curve, 50) == 0.9);
  CHECK(at(curve, 1e12) == 0.9);
}

TEST_CASE("Response table: two points are a straight line") {
  const ResponseCurve curve = table({{0, 0}, {8, 1}});
  CHECK_THAT(at(curve, 2), close_to(0.25, 1e-15));
  CHECK_THAT(at(curve, 6), close_to(0.75, 1e-15));
}

TEST_CASE("Response table: a curve that starts flat starts with slope 0") {
  const ResponseCurve curve = table({{0, 0}, {10, 0}, {20, 1}});
  CHECK(at(curve, 3) == 0);
  CHECK(at(curve, 10) == 0);
  CHECK(at(curve, 10.001) < 1e-6);
}

std::vector<ResponsePoint> seeded_points(Mixing& mixing) {
  std::vector<ResponsePoint> points{{0, 0}};
  for (std::size_t k = 1 + mixing.below(7); k-- > 0;) {
    const ResponsePoint last = points.back();
    const double rise = mixing.chance(0.3) ? 0 : mixing.unit() * (1 - last.share);
    points.push_back({last.spend + std::pow(10.0, mixing.between(-3, 3)), last.share + rise});
  }
  return points;
}

TEST_CASE("Response table: monotone, between its points and without jumps, on seeded tables") {
  Mixing mixing{8};
  for (int round = 0; round < 500; ++round) {
    INFO("round " << round);
    const ResponseCurve curve = table(seeded_points(mixing));
    const double end = curve.points.back().spend;
    double before = 0;
    bool rises = true;
    for (int k = 0; k <= 1000; ++k) {
      const double share = at(curve, end * k / 1000);
      rises = rises && share >= before - 1e-15 && share <= 1 + 1e-15;
      before = share;
    }
    CHECK(rises);
    for (const ResponsePoint& point : curve.points) {
      CHECK_THAT(at(curve, point.spend), close_to_on_scale(point.share, 1, 1e-15));
      CHECK_THAT(at(curve, point.spend * (1 + 1e-15)), close_to_on_scale(point.share, 1, 1e-9));
      CHECK_THAT(at(curve, point.spend * (1 - 1e-15)), close_to_on_scale(point.share, 1, 1e-9));
    }
  }
}

TEST_CASE("Response: shapes have the names of the model file") {
  CHECK(name_of(ResponseShape::exponential) == "exponential");
  CHECK(name_of(ResponseShape::hill) == "hill");
  CHECK(name_of(ResponseShape::table) == "table");
}

}  // namespace tenure::test::response_curve
