// Farm or hunt: the dealership of dealership.toml, said in C++. The file tells which of its numbers come from outside and
// which are assumptions; the program shows that both are one model, and what the four million dollars should do.

#include <cstdio>

#include <tenure/tenure.hpp>

namespace {

using namespace tenure;

Lever lounge() {
  return {.name = "lounge",
          .label = "Service lounge and loaner cars",
          .kind = LeverKind::retention,
          .while_in = {"in service"},
          .until = 120,
          .carry_over = 0.5,
          .effects = {moves_transition("in service", "drifting").towards(uncertain(0.04, sd(0.02))).half_spend(50),
                      moves_transition("in service", "advocate").towards(uncertain(0.20, sd(0.04))).half_spend(60),
                      moves_transition("replacing", "owner").towards(uncertain(0.56, sd(0.03))).half_spend(70)}};
}

Lever advertising() {
  return {.name = "advertising",
          .label = "Advertising",
          .kind = LeverKind::acquisition,
          .spend_per = SpendPer::period,
          .until = 120,
          .carry_over = 0.6,
          .effects = {moves_arrivals("walk-in").towards(uncertain(2.2, sd(0.4))).half_spend(uncertain(40'000, sd(10'000)))}};
}

Model dealership() {
  return ModelBuilder{"Luxury dealership", Period::month, years(20), annual_rate(0.08)}
      .currency("USD")
      .state("prospect", Stage::acquisition)
      .state("referred", Stage::acquisition)
      .state("owner", Stage::servicing, {.satisfaction = 0.2})
      .state("in service", Stage::servicing, {.cash_flow = 260, .satisfaction = 0.0})
      .state("advocate", Stage::advocacy, {.cash_flow = 30, .satisfaction = 0.9})
      .state("drifting", Stage::dormant, {.satisfaction = -0.6})
      .state("replacing", Stage::repurchase, {.satisfaction = 0.1})
      .state("lost", Stage::lost)
      .transition("prospect", "owner", uncertain(0.02, count(2000)), {.cash_flow = 2800})
      .transition("prospect", "lost", 0.08)
      .transition("referred", "owner", 0.06, {.cash_flow = 2800})
      .transition("referred", "lost", 0.08)
      .transition("owner", "in service", 0.125)
      .transition("owner", "replacing", 0.014)
      .transition("owner", "drifting", 0.01)
      .transition("in service", "advocate", 0.08)
      .transition("in service", "drifting", uncertain(0.15, count(400)))
      .transition("in service", "owner", rest)
      .transition("advocate", "owner", 0.04)
      .transition("advocate", "replacing", 0.014)
      .transition("drifting", "owner", 0.01)
      .transition("drifting", "lost", 0.03)
      .transition("replacing", "owner", uncertain(0.48, sd(0.03)), {.cash_flow = 2800})
      .transition("replacing", "lost", rest)
      .referral("advocate", "referred", uncertain(0.04, sd(0.01)))
      .arrivals("owner", once(4000), {.name = "today's owners"})
      .arrivals("prospect", per_period(150), {.name = "walk-in"})
      .lever(lounge())
      .lever(advertising())
      .scenario("baseline", {}, "No new money").as_reference()
      .budget("farm", 4'000'000, {{"lounge", 1.0}}, "All on the people who already drive our cars")
      .budget("hunt", 4'000'000, {{"advertising", 1.0}}, "All on people who do not yet")
      .budget("half and half", 4'000'000, {{"lounge", 0.5}, {"advertising", 0.5}})
      .build();
}

}  // namespace

int main() {
  const Model model = dealership();
  const bool same = model == read_model_file("dealership.toml").model;
  std::printf("The model in C++ and the model in dealership.toml are %s.\n\n", same ? "equal" : "NOT equal");
  std::fputs(table(compare(model)).c_str(), stdout);
  return same ? 0 : 1;
}
