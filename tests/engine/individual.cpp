// Defects of the individual engine that were mended, each shown by a number from elsewhere: the exact engine's, or one
// computed by hand.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "catch.hpp"
#include "support/problems.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/individual.hpp"

namespace tenure::test::individual {

ChainParts leaving(double sojourns, double discount_factor, Horizon horizon = infinite_horizon) {
  return constant_chain({{sojourns, 1 - sojourns}, {0, 1}}, {50, 0}, discount_factor, horizon);
}

TEST_CASE("Individuals: a family is worth its sum where all amounts are alike") {
  // One amount uses all 62 bits of a life, so that three lives do not fit into 64.
  ChainParts parts = constant_chain({{1}}, {50}, 0.95, 10);
  parts.periods[0].referred = {{0.2}};
  const Chain chain = chain_of(parts);
  const IndividualResult result =
      simulate_individuals(chain, {.people = 40'000, .entries = {entry_at(0)}, .referrals = true});
  const double exact = exact_value(chain).states[0].clv_with_referrals.value();
  CHECK(std::fabs(result.values.mean() - exact) < 6 * result.values.estimate().standard_error.value());
  CHECK(result.values.minimum() >=
        50 * (1 - std::pow(0.95, 10)) / 0.05 * (1 - 1e-12));  // nobody is worth less than alone
}

TEST_CASE("Individuals: without a horizon, people who enter late live their lives to the end") {
  const Chain chain = chain_of(leaving(0.5, 0.5));
  const double exact = exact_value(chain).states[0].clv.value();
  for (const std::int64_t period : {0, 1, 30, 31, 40, 200}) {
    const IndividualResult result = simulate_individuals(chain, {.people = 40'000, .entries = {{0, period, 1}}});
    CHECK(result.periods == period + 31);  // the first t with 4^-t below 2^-60
    CHECK(std::fabs(result.values.mean() - exact) < 6 * result.values.estimate().standard_error.value());
  }
}

TEST_CASE(
    "Individuals: without a horizon, families are followed to their end though the first of them is gone at once") {
  // Everybody leaves for certain and brings a Poisson number of 0.4: the total family has mean 5/3 and variance 50/27.
  ChainParts parts = constant_chain({{0, 1}, {0, 1}}, {1, 0}, 1, infinite_horizon);
  parts.periods[0].referred = {{0.4, 0}, {0, 0}};
  const Chain by_periods = chain_of(parts);
  Chain by_sojourns = by_periods;
  by_sojourns.dwells = {{0, 1, 2}, Timeline<std::vector<double>>{{{1, 1}}, {0}, 0}};  // a sojourn of one period
  for (const Chain& chain : {by_periods, by_sojourns}) {
    const IndividualResult result =
        simulate_individuals(chain, {.people = 100'000, .entries = {entry_at(0)}, .referrals = true});
    CHECK(std::fabs(result.values.mean() - 5.0 / 3) < 6 * result.values.estimate().standard_error.value());
    CHECK(result.values.standard_deviation().value() == Approx(std::sqrt(50.0 / 27)).epsilon(0.02));
  }
}

TEST_CASE("Individuals: discounting takes nothing from those who enter late") {
  const Chain chain = chain_of(leaving(0.9, 0.9, 900));
  const double exact = exact_value(chain).states[0].clv.value();  // 900 periods or 300: the same to 1e-28
  for (const std::int64_t period : {0, 300, 600}) {
    const IndividualResult result = simulate_individuals(chain, {.people = 40'000, .entries = {{0, period, 1}}});
    CHECK(std::fabs(result.values.mean() - exact) < 6 * result.values.estimate().standard_error.value());
    CHECK(result.values.minimum() == Approx(50).epsilon(1e-9));  // who leaves at once
  }
  const IndividualOptions apart{.people = 10, .entries = {{0, 0, 1}, {0, 600, 1}}};
  CHECK(says(problems_of<LimitError>([&] { return simulate_individuals(chain, apart); }), "entries", "so far apart"));
}

TEST_CASE("Individuals: an arrival that discounting leaves less than 2^-64 of all is left out") {
  ChainParts parts = leaving(0.5, 1e-6, 60);
  parts.arrivals = {{.state = 0, .channel = 0, .count = {10}}};
  const IndividualResult result = simulate_individuals(chain_of(parts), {.people = 4'000});
  CHECK(result.values.mean() == Approx(50).epsilon(1e-5));
}

TEST_CASE("Individuals: entries that mean nothing are refused") {
  const Chain chain = chain_of(leaving(0.5, 0.5, 10));
  const auto refusal = [&](Entry entry) {
    return problems_of<ModelError>([&] {
      return simulate_individuals(chain, {.people = 10, .entries = {entry_at(0), entry}});
    });
  };
  CHECK(says(refusal({2, 0, 1}), "unknown-state", "entries[1]: there is no state 2"));
  CHECK(says(refusal({0, -1, 1}), "period", "period -1 is outside the horizon"));
  CHECK(says(refusal({0, 11, 1}), "period", "period 11 is outside the horizon"));
  for (const double weight : {0.0, -1.0, HUGE_VAL, std::nan("")})
    CHECK(says(refusal({0, 0, weight}), "weight", "is no weight"));
}

TEST_CASE("Individuals: what all periods of a trace brought is the mean, and events sum to it") {
  ChainParts parts = leaving(0.8, 0.95, 5);
  parts.periods[0].cash_of_moves = {{3, 40}, {0, 0}};
  for (const std::int64_t horizon : {1, 2, 7, 8, 9, 16, 17}) {
    parts.horizon = horizon;
    const Chain chain = chain_of(parts);
    for (const InstructionSet set : {InstructionSet::portable, InstructionSet::sse4, InstructionSet::avx2,
                                     InstructionSet::avx512, InstructionSet::neon}) {
      if (!is_available(set)) continue;
      const IndividualOptions options{.people = 5'000, .entries = {entry_at(0)}, .traces = true, .instructions = set};
      const IndividualResult result = simulate_individuals(chain, options);
      const IndividualTrace trace = trace_of(result, chain);
      REQUIRE(trace.discounted_cash_flow.size() == static_cast<std::size_t>(horizon) + 1);
      double sum = 0, watched = 0;
      for (const Estimate& period : trace.discounted_cash_flow) sum += period.mean;
      observe_lives(chain, entry_at(0), {.people = 5'000}, [&](const LifeEvent& event) { watched += event.value; });
      CHECK(sum == Approx(result.values.mean()).epsilon(1e-9));
      CHECK(watched / 5'000 == Approx(result.values.mean()).epsilon(1e-9));
    }
  }
  CHECK(trace_of(simulate_individuals(chain_of(parts), {.people = 10, .entries = {entry_at(0)}}), chain_of(parts))
            .share.empty());
}

}  // namespace tenure::test::individual
