// A first model, said in C++: the same shop as in first_model.toml, which is read to show that both are one model.

#include <cstdio>

#include <tenure/tenure.hpp>

int main() {
  using namespace tenure;
  const Model shop = ModelBuilder{"Corner shop", Period::month, years(5), annual_rate(0.10)}
      .currency("USD")
      .state("prospect", Stage::acquisition)
      .state("customer", Stage::servicing, {.cash_flow = 20})
      .state("lost", Stage::lost)
      .transition("prospect", "customer", 0.10)
      .transition("prospect", "lost", 0.30)
      .transition("customer", "lost", 0.04)
      .arrivals("prospect", per_period(200))
      .lever({.name = "card",
              .label = "Loyalty card",
              .kind = LeverKind::retention,
              .while_in = {"customer"},
              .effects = {moves_transition("customer", "lost").towards(0.02).half_spend(1.5)}})
      .lever({.name = "leaflets",
              .label = "Leaflets",
              .kind = LeverKind::acquisition,
              .spend_per = SpendPer::period,
              .effects = {moves_arrivals("prospect").towards(1.5).half_spend(1000)}})
      .scenario("baseline", {}, "No new money").as_reference()
      .budget("farm", 30'000, {{"card", 1.0}}, "All on the loyalty card")
      .budget("hunt", 30'000, {{"leaflets", 1.0}}, "All on leaflets")
      .build();

  const bool same = shop == read_model_file("first_model.toml").model;
  std::printf("The model in C++ and the model in first_model.toml are %s.\n\n", same ? "equal" : "NOT equal");
  std::fputs(table(compare(shop)).c_str(), stdout);
  return same ? 0 : 1;
}
