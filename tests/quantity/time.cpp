// Periods, discounting, and numbers that change with time.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "tenure/quantity/discounting.hpp"
#include "tenure/quantity/dwell.hpp"
#include "tenure/quantity/number.hpp"
#include "tenure/quantity/period.hpp"
#include "tenure/quantity/stage.hpp"

namespace tenure::test::quantity_of_time {

TEST_CASE("Period: a year has 365.25 days, 365.25/7 weeks, 12 months, 4 quarters") {
  CHECK(periods_per_year(Period::day).rounded() == 365.25);
  CHECK(periods_per_year(Period::week).rounded() == 365.25 / 7);
  CHECK(periods_per_year(Period::month).rounded() == 12);
  CHECK(periods_per_year(Period::quarter).rounded() == 4);
  CHECK(periods_per_year(Period::year).rounded() == 1);
  CHECK(name_of(Period::day) == "day");
  CHECK(name_of(Period::week) == "week");
  CHECK(name_of(Period::month) == "month");
  CHECK(name_of(Period::quarter) == "quarter");
  CHECK(name_of(Period::year) == "year");
}

TEST_CASE("Period: spans round to the nearest whole period, at least one") {
  CHECK(periods_in({20, Period::year}, Period::month) == 240);
  CHECK(periods_in({20, Period::year}, Period::week) == 1044);  // 1043.57
  CHECK(periods_in({20, Period::year}, Period::day) == 7305);
  CHECK(periods_in({1, Period::year}, Period::day) == 365);     // 365.25
  CHECK(periods_in({2, Period::year}, Period::day) == 731);     // 730.5, up
  CHECK(periods_in({1, Period::month}, Period::week) == 4);     // 4.35
  CHECK(periods_in({26, Period::week}, Period::quarter) == 2);  // 1.99
  CHECK(periods_in({17, Period::month}, Period::year) == 1);
  CHECK(periods_in({18, Period::month}, Period::year) == 2);
  CHECK(periods_in({1, Period::day}, Period::year) == 1);
  CHECK(periods_in({0, Period::year}, Period::year) == 1);
  CHECK(periods_in({7, Period::day}, Period::week) == 1);
  CHECK(periods_in({14, Period::day}, Period::week) == 2);
  CHECK(periods_in({2.5, Period::year}, Period::month) == 30);
}

struct KnownGrowth {
  double rate;
  double periods;
  Period period;
  double rounded;
};

TEST_CASE("Growth: an annual rate over periods, correctly rounded") {
  // computed with 400 bits by mpmath 1.3
  constexpr KnownGrowth known_values[]{
      {0.08, -1, Period::month, 0x1.fcba11f039e2fp-1},    {0.08, -1, Period::week, 0x1.ff3ed134b4a1fp-1},
      {0.08, -1, Period::day, 0x1.ffe462900cab2p-1},      {0.08, -1, Period::quarter, 0x1.f63e3f1236a39p-1},
      {0.08, -1, Period::year, 0x1.da12f684bda13p-1},     {0.02, 7, Period::month, 0x1.02f96e3cfd4a6p+0},
      {-0.5, 3, Period::quarter, 0x1.306fe0a31b715p-1},   {1e-17, -1, Period::year, 1},
      {0.2, -1, Period::year, 0x1.aaaaaaaaaaaabp-1},      {1e6, 1, Period::day, 0x1.09de5d79570ebp+0},
      {-0.999999, -1, Period::week, 0x1.4d9a51aaf5653p+0}};
  for (const KnownGrowth& known : known_values) {
    INFO(known.rate << " over " << known.periods << " " << name_of(known.period));
    CHECK(same_bits(growth_over(known.rate, known.periods, known.period), known.rounded));
  }
  CHECK(growth_over(0, 1000, Period::day) == 1);
  CHECK(growth_over(0.3, 0, Period::day) == 1);
}

TEST_CASE("Discounting: one factor a period, from an effective annual rate") {
  CHECK(same_bits(discount_factor(0.08, Period::month), 0x1.fcba11f039e2fp-1));
  CHECK(discount_factor(0, Period::week) == 1);
  CHECK(discount_factor(-0.5, Period::year) == 2);
  CHECK(discount_factor(1, Period::year) == 0.5);
  for (const Period period : {Period::day, Period::week, Period::month, Period::quarter, Period::year}) {
    CHECK_THAT(std::pow(discount_factor(0.08, period), periods_per_year(period).rounded()), close_to(1 / 1.08));
  }
}

TEST_CASE("Discounting: d^t, each rounded once however large t is") {
  // powers of the rounded factor of 8 % a month, computed with 400 bits by mpmath 1.3
  const std::vector<double> factors = discount_factors(0x1.fcba11f039e2fp-1, 10'001);
  REQUIRE(factors.size() == 10'001);
  CHECK(factors[0] == 1);
  CHECK(same_bits(factors[1], 0x1.fcba11f039e2fp-1));
  CHECK(same_bits(factors[2], 0x1.f9797f37bc094p-1));
  CHECK(same_bits(factors[3], 0x1.f63e3f1236a39p-1));
  CHECK(same_bits(factors[12], 0x1.da12f684bda14p-1));
  CHECK(same_bits(factors[100], 0x1.0d9c958a9c8eap-1));
  CHECK(same_bits(factors[240], 0x1.b7650cf1ba0fdp-3));
  CHECK(same_bits(factors[1000], 0x1.adc2ce81e0043p-10));
  CHECK(same_bits(factors[10'000], 0x1.638ca7992c55cp-93));
  CHECK(discount_factors(0.5, 0).empty());
}

TEST_CASE("Discounting: cash flows at the start, in the middle, at the end of a period") {
  CHECK(discount_within_period(0.81, CashFlowTiming::start) == 1);
  CHECK(discount_within_period(0.81, CashFlowTiming::middle) == 0.9);
  CHECK(discount_within_period(0.81, CashFlowTiming::end) == 0.81);
  CHECK(cash_flow_timing_names[static_cast<std::size_t>(CashFlowTiming::start)] == "start");
  CHECK(cash_flow_timing_names[static_cast<std::size_t>(CashFlowTiming::middle)] == "middle");
  CHECK(cash_flow_timing_names[static_cast<std::size_t>(CashFlowTiming::end)] == "end");
}

TEST_CASE("Number: a plain one stays as it is") {
  const Number number = 35;
  CHECK(mean_at(number, 0, Period::month) == 35);
  CHECK(mean_at(number, 1'000'000, Period::month) == 35);
  CHECK_FALSE(changes_with_time(number));
  CHECK(settles_at(number) == std::optional<std::int64_t>{0});
}

TEST_CASE("Number: a schedule runs period by period, and its last entry repeats") {
  Number number;
  number.schedule = {0.010, 0.012, 0.019};
  CHECK(mean_at(number, 0, Period::month) == 0.010);
  CHECK(mean_at(number, 1, Period::month) == 0.012);
  CHECK(mean_at(number, 2, Period::month) == 0.019);
  CHECK(mean_at(number, 3, Period::month) == 0.019);
  CHECK(mean_at(number, 10'000'000, Period::month) == 0.019);
  CHECK(changes_with_time(number));
  CHECK(settles_at(number) == std::optional<std::int64_t>{2});
  number.schedule = {5};
  CHECK_FALSE(changes_with_time(number));
  CHECK(mean_at(number, 9, Period::month) == 5);
}

TEST_CASE("Number: growth is per year, whatever the period") {
  Number number = 100;
  number.growth = 0.21;
  CHECK(mean_at(number, 0, Period::quarter) == 100);
  CHECK_THAT(mean_at(number, 2, Period::quarter), close_to(110));
  CHECK_THAT(mean_at(number, 4, Period::quarter), close_to(121));
  CHECK_THAT(mean_at(number, 12, Period::month), close_to(121));
  CHECK_THAT(mean_at(number, 1, Period::year), close_to(121));
  CHECK(changes_with_time(number));
  CHECK(settles_at(number) == std::nullopt);
  number.mean = 0;  // nothing grows to nothing
  CHECK_FALSE(changes_with_time(number));
  CHECK(settles_at(number) == std::optional<std::int64_t>{0});
}

TEST_CASE("Stage: who is a customer, who a prospect, and what they are called") {
  for (const Stage stage : {Stage::servicing, Stage::repurchase, Stage::advocacy, Stage::dormant}) {
    CHECK(is_customer(stage));
    CHECK_FALSE(is_prospect(stage));
  }
  CHECK_FALSE(is_customer(Stage::acquisition));
  CHECK(is_prospect(Stage::acquisition));
  CHECK_FALSE(is_customer(Stage::lost));
  CHECK_FALSE(is_prospect(Stage::lost));
  CHECK(name_of(Stage::acquisition) == "acquisition");
  CHECK(name_of(Stage::servicing) == "servicing");
  CHECK(name_of(Stage::repurchase) == "repurchase");
  CHECK(name_of(Stage::advocacy) == "advocacy");
  CHECK(name_of(Stage::dormant) == "dormant");
  CHECK(name_of(Stage::lost) == "lost");
}

TEST_CASE("Dwell: laws have the names of the model file") {
  CHECK(name_of(Dwell{FixedDwell{}}) == "fixed");
  CHECK(name_of(Dwell{NegativeBinomialDwell{}}) == "negative_binomial");
  CHECK(name_of(Dwell{WeibullDwell{}}) == "weibull");
  CHECK(name_of(Dwell{TableDwell{}}) == "table");
}

}  // namespace tenure::test::quantity_of_time
