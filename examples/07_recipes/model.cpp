// A shop and its loyalty card: is it worth 30,000?

#include <cstdio>

#include <tenure/tenure.hpp>

int main() {
  using namespace tenure;
  const Model shop = ModelBuilder{"Corner shop", Period::month, years(5), annual_rate(0.10)}
      .state("prospect", Stage::acquisition)
      .state("customer", Stage::servicing, {.cash_flow = 20})
      .state("lost", Stage::lost)
      .transition("prospect", "customer", 0.10)
      .transition("prospect", "lost", 0.30)
      .transition("customer", "lost", 0.04)
      .arrivals("prospect", per_period(200))
      .lever({.name = "card", .kind = LeverKind::retention, .while_in = {"customer"},
              .effects = {moves_transition("customer", "lost").towards(0.02).half_spend(1.5)}})
      .scenario("baseline", {})
      .budget("farm", 30'000, {{"card", 1.0}})
      .build();                        // throws ModelError: every problem, each with its place and remedy
  std::fputs(table(compare(shop)).c_str(), stdout);
}
