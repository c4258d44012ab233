// Rows as people list them: completed by staying or by "rest", rescaled where they pass 1 by rounding, moved by
// seasons.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/compiled.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::rows {

/// Three states a, b and c, in this order.
ModelBuilder three_states(Horizon horizon = infinite_horizon) {
  ModelBuilder builder{"Rows", Period::month, horizon};
  for (const char* name : {"a", "b", "c"}) builder.state(name, Stage::servicing);
  return builder;
}

Chain compiled(const ModelBuilder& builder) { return compile(builder.build(), Spending{}); }

std::vector<double> first_row(const ModelBuilder& builder, std::int64_t t = 0) {
  return row_of(compiled(builder), 0, t);
}

TEST_CASE("Row: what the listed transitions leave over stays in the state") {
  CHECK(first_row(three_states().transition("a", "b", 0.25).transition("a", "c", 0.5)) ==
        std::vector<double>{0.25, 0.25, 0.5});
}

TEST_CASE("Row: staying may be listed, and still takes what is left over") {
  CHECK(first_row(three_states().transition("a", "a", 0.125).transition("a", "c", 0.5)) ==
        std::vector<double>{0.5, 0, 0.5});
}

TEST_CASE("Row: rest takes what is left over instead") {
  CHECK(first_row(three_states().transition("a", "b", 0.25).transition("a", "c", rest)) ==
        std::vector<double>{0, 0.25, 0.75});
  CHECK(first_row(three_states().transition("a", "a", 0.25).transition("a", "c", rest)) ==
        std::vector<double>{0.25, 0, 0.75});
  CHECK(first_row(three_states().transition("a", "a", rest).transition("a", "c", 0.25)) ==
        std::vector<double>{0.75, 0, 0.25});
  CHECK(first_row(three_states().transition("a", "b", rest)) == std::vector<double>{0, 1, 0});
  CHECK(first_row(three_states().transition("a", "b", 1.0).transition("a", "c", rest)) == std::vector<double>{0, 1, 0});
}

TEST_CASE("Row: a state without transitions absorbs") {
  const Chain chain = compiled(three_states().transition("a", "b", 0.5));
  CHECK(row_of(chain, 1) == std::vector<double>{0, 1, 0});
  CHECK(row_of(chain, 2) == std::vector<double>{0, 0, 1});
  CHECK(chain.transitions.entries() == 4);
}

TEST_CASE("Row: order of listing does not matter, successors are in the order of states") {
  const Chain one_way = compiled(three_states().transition("a", "b", 0.3).transition("a", "c", 0.2));
  const Chain other_way = compiled(three_states().transition("a", "c", 0.2).transition("a", "b", 0.3));
  CHECK(same_chain(one_way, other_way, 3));
  CHECK(std::is_sorted(one_way.transitions.successor.begin(), one_way.transitions.successor.begin() + 3));
}

TEST_CASE("Row: an excess or a shortfall of rounding is rescaled, not kept as a chance to stay") {
  const double third = 1.0 / 3;
  const std::vector<double> thirds =
      first_row(three_states().transition("a", "a", third).transition("a", "b", third).transition("a", "c", third));
  CHECK(thirds == std::vector<double>{third, third, third});
  const std::vector<double> above =
      first_row(three_states().transition("a", "b", 0.5 + 5e-10).transition("a", "c", 0.5));
  CHECK(above[0] == 0);
  CHECK_THAT(above[1] + above[2], close_to(1, 2e-16));
  CHECK_THAT(above[1] / above[2], close_to((0.5 + 5e-10) / 0.5));
  const std::vector<double> below =
      first_row(three_states().transition("a", "b", 0.1).transition("a", "c", 0.9 - 1e-13));
  CHECK(below[0] == 0);
  const std::vector<double> meant =
      first_row(three_states().transition("a", "b", 0.1).transition("a", "c", 0.9 - 1e-11));
  CHECK_THAT(meant[0], close_to(1e-11, 1e-5));
}

TEST_CASE("Row: every row sums to 1 within a few units of rounding, on seeded rows") {
  Mixing mixing{5};
  for (int round = 0; round < 300; ++round) {
    ModelBuilder builder = three_states();
    const std::vector<double> shares = mixing.shares(4);
    builder.transition("a", "b", shares[0]).transition("a", "c", shares[1]);
    if (mixing.chance(0.5))
      builder.transition("a", "a", mixing.chance(0.5) ? Probability{rest} : Probability{shares[2]});
    const std::vector<double> row = first_row(builder);
    CHECK_THAT(std::accumulate(row.begin(), row.end(), 0.0), close_to(1, 4e-16));
    CHECK(same_bits(row[1], shares[0]));
    CHECK(same_bits(row[2], shares[1]));
  }
}

TEST_CASE("Row: a listed probability of 0 keeps its place, an unlisted one has none") {
  const Chain chain = compiled(three_states().transition("a", "b", 0.0).transition("a", "c", 0.5));
  CHECK(row_of(chain, 0) == std::vector<double>{0.5, 0, 0.5});
  CHECK(chain.transitions.first[1] == 3);
}

TEST_CASE("Row: schedules and growth run period by period, and staying follows") {
  ModelBuilder builder = three_states(10);
  builder.transition("a", "b", scheduled({0.1, 0.2, 0.4})).transition("a", "c", growing(0.1, -0.5));
  const Chain chain = compiled(builder);
  for (std::int64_t t = 0; t < 10; ++t) {
    const double to_b = t == 0 ? 0.1 : t == 1 ? 0.2 : 0.4;
    const double to_c = 0.1 * std::pow(0.5, static_cast<double>(t) / 12);
    const std::vector<double> row = row_of(chain, 0, t);
    CHECK_THAT(row[1], close_to(to_b));
    CHECK_THAT(row[2], close_to(to_c));
    CHECK_THAT(row[0], close_to(1 - to_b - to_c));
  }
}

TEST_CASE("Row: cash of moves goes with its move, staying unlisted brings none") {
  const Chain chain = compiled(three_states()
                                   .transition("a", "c", 0.5, {.cash_flow = 7})
                                   .transition("a", "b", 0.2, {.cash_flow = scheduled({3, -4})}));
  // entries of a: staying, b, c
  CHECK(chain.transition_cash_flow.at(0)[0] == 0);
  CHECK(chain.transition_cash_flow.at(0)[1] == 3);
  CHECK(chain.transition_cash_flow.at(1)[1] == -4);
  CHECK(chain.transition_cash_flow.at(9)[2] == 7);
}

TEST_CASE("Calendar: odds by period, repeated") {
  ModelBuilder builder = three_states();
  builder.transition("a", "b", 0.2).calendar("a", "b", {0.5, 1.0, 2.0});
  const Chain chain = compiled(builder);
  const double odds[3] = {0.5, 1, 2};
  for (std::int64_t t = 0; t < 12; ++t) {
    const double m = odds[t % 3];
    CHECK_THAT(row_of(chain, 0, t)[1], close_to(0.2 * m / (0.8 + 0.2 * m)));
  }
  CHECK(same_bits(row_of(chain, 0, 1)[1], 0.2));
}

TEST_CASE("Calendar: from and until, counted from `from`") {
  ModelDraft draft = three_states().transition("a", "b", 0.5).build().draft();
  draft.calendar.push_back({"a", "b", {3, 7}, 5, 10});
  const Chain chain = compile(Model{draft}, Spending{});
  const double expected[12] = {1, 1, 1, 1, 1, 3, 7, 3, 7, 3, 1, 1};
  for (std::int64_t t = 0; t < 12; ++t) {
    CHECK_THAT(row_of(chain, 0, t)[1], close_to(expected[t] / (1 + expected[t])));
  }
  draft.calendar.front().until.reset();  // then it goes on for ever
  const Chain forever = compile(Model{draft}, Spending{});
  CHECK_THAT(row_of(forever, 0, 1000)[1], close_to(7.0 / 8));
  CHECK_THAT(row_of(forever, 0, 1001)[1], close_to(3.0 / 4));
  CHECK(row_of(forever, 0, 4)[1] == 0.5);
}

TEST_CASE("Calendar: two entries on one transition multiply, on two share the row") {
  ModelBuilder builder = three_states();
  builder.transition("a", "b", 0.2).transition("a", "c", 0.3);
  builder.calendar("a", "b", {2.0, 3.0}).calendar("a", "b", {5.0}).calendar("a", "c", {1.0, 1.0, 4.0});
  const Chain chain = compiled(builder);
  for (std::int64_t t = 0; t < 12; ++t) {
    const double b = 0.2 * (t % 2 == 0 ? 2 : 3) * 5;
    const double c = 0.3 * (t % 3 == 2 ? 4 : 1);
    CHECK_THAT(row_of(chain, 0, t)[1], close_to(b / (0.5 + b + c)));
    CHECK_THAT(row_of(chain, 0, t)[2], close_to(c / (0.5 + b + c)));
  }
}

}  // namespace tenure::test::rows
