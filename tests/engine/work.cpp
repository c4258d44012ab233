// Work without bound is refused before it begins, by every engine that would have to do it; and what is so late that
// discounting leaves nothing of it keeps none of them from answering.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "catch.hpp"
#include "support/problems.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/gradient.hpp"
#include "tenure/engine/individual.hpp"
#include "tenure/engine/population.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::work {

Model long_dwell(std::int64_t horizon) {
  return ModelBuilder{"Long", Period::month, Horizon{horizon}, annual_rate(0.1)}
      .state("customer", Stage::servicing, {.cash_flow = 10, .dwell = WeibullDwell{1e5, 1.2}})
      .state("gone", Stage::lost)
      .transition("customer", "gone", rest)
      .arrivals("customer", ArriveSteadily{10})
      .build();
}

TEST_CASE("Work: a million ages over a million periods are refused by whoever would walk through them") {
  const Chain chain = compile(long_dwell(1'000'000), Spending{});
  const auto refused = [](const std::vector<Problem>& problems) {
    return says(problems, "work", "10^12 steps") && problems.front().path == "model.horizon";
  };
  CHECK(refused(problems_of<LimitError>([&] { return exact_value(chain, {.trace = false}); })));
  CHECK(refused(problems_of<LimitError>([&] { return customer_equity(chain); })));
  CHECK(refused(problems_of<LimitError>([&] { return cost_per_level(chain); })));
  CHECK(refused(problems_of<LimitError>([&] { return simulate_population(chain, {.replicates = 1}); })));
  const auto gradient_of = problems_of<LimitError>([&] { return gradient(chain); });
  CHECK((refused(gradient_of) || says(gradient_of, "memory", "GB")));
}

TEST_CASE("Work: people are followed where the exact engine would have to do too much") {
  const Chain chain = compile(long_dwell(1'000'000), Spending{});
  const IndividualResult lives = simulate_individuals(chain, {.people = 1'000, .entries = {entry_at(0)}, .threads = 1});
  // discounted at 10 % a year, a sojourn of many years is all but endless
  const double for_ever = 10 / (1 - chain.discount_factor);
  CHECK(lives.values.mean() == Approx(for_ever).epsilon(0.05));
}

TEST_CASE("Work: those who arrive when discounting has left nothing of their money keep nobody from answering") {
  for (const std::int64_t horizon : {100, 1'060, 5'000}) {
    const Model model = ModelBuilder{"Impatient", Period::month, Horizon{horizon}, annual_rate(4095)}
                            .state("customer", Stage::servicing, {.cash_flow = 10})
                            .state("gone", Stage::lost)
                            .transition("customer", "gone", 0.2)
                            .arrivals("customer", ArriveSteadily{10})
                            .build();
    const Chain chain = compile(model, Spending{});
    REQUIRE(chain.discount_factor == Approx(0.5));
    CAPTURE(horizon);
    const BusinessValue business = exact_value(chain).business.value();
    const double each = business.customer_equity / business.channels[0].people;
    const IndividualResult lives = simulate_individuals(chain, {.people = 100'000, .threads = 1});
    CHECK(std::abs(lives.estimate().mean - each) < 5 * lives.estimate().standard_error.value());
    const PopulationResult businesses = simulate_population(chain, {.replicates = 500, .threads = 1});
    const Estimate drawn = businesses.customer_equity.estimate();
    CHECK(std::abs(drawn.mean - business.customer_equity) < 5 * drawn.standard_error.value());
    for (const Entry& entry : arrivals_of_chain(chain)) CHECK(entry.weight > 0);
  }
}

}  // namespace tenure::test::work
