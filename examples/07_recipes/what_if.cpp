// What if more left than we think? Two scenarios, compiled again and again with another number.

#include <cstdio>

#include <tenure/chain/compile.hpp>
#include <tenure/decide/budget.hpp>
#include <tenure/engine/exact.hpp>
#include <tenure/model/builder.hpp>

int main() {
  using namespace tenure;
  const Model shop = ModelBuilder{"Corner shop", Period::month, years(5), annual_rate(0.10)}
      .state("customer", Stage::servicing, {.cash_flow = 20})
      .state("lost", Stage::lost)
      .transition("customer", "lost", uncertain(0.04, sd(0.01)))  // a memory holds for numbers that are uncertain
      .arrivals("customer", per_period(20))
      .lever({.name = "card", .kind = LeverKind::retention, .while_in = {"customer"},
              .effects = {moves_transition("customer", "lost").towards(0.02).half_spend(1.5)}})
      .budget("farm", 10'000, {{"card", 1.0}})
      .build();
  const Spending nothing{0};
  const Spending farm = spending_for(shop, scenario_named(shop, "farm"));  // solved once, for the numbers of today

  CompileMemory of_nothing;  // one for each scenario
  CompileMemory of_farm;
  ModelDraft draft = shop.draft();
  for (const double leaving : {0.03, 0.04, 0.05, 0.06}) {
    draft.transitions[0].probability = uncertain(leaving, sd(0.01));
    const Model model{draft};  // checked as any other
    const double without = customer_equity(compile(model, nothing, default_quadrature_points, of_nothing));
    const double with = customer_equity(compile(model, farm, default_quadrature_points, of_farm));
    std::printf("%.0f %% leave a month: worth %.0f, and %.0f more with the card\n", 100 * leaving, without,
                with - without);
  }
}
