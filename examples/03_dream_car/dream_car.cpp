// Dream car: the courtship of dream_car.toml, said in C++. The file tells which of its numbers come from outside and which
// are assumptions; the program shows that both are one model, and what courting a dream for decades is worth.

#include <cstdio>

#include <tenure/tenure.hpp>

namespace {

using namespace tenure;

Lever nurture() {
  return {.name = "nurture",
          .label = "Keep the dream alive",
          .kind = LeverKind::acquisition,
          .while_in = {"child with a poster", "young and broke"},
          .carry_over = 0.5,
          .effects = {moves_transition("child with a poster", "dream faded").towards(0.06).half_spend(40),
                      moves_transition("young and broke", "dream faded").towards(0.05).half_spend(40)}};
}

Lever advertise() {
  return {.name = "advertise",
          .label = "Advertise to the wealthy",
          .kind = LeverKind::acquisition,
          .spend_per = SpendPer::period,
          .until = 20,
          .effects = {moves_arrivals("adults").towards(1.6).half_spend(2'500'000).hill(1.5),
                      moves_transition("could afford it", "owner").towards(0.07).half_spend(2'500'000)}};
}

Model dream_car() {
  return ModelBuilder{"Dream car", Period::year, years(60), annual_rate(0.05)}
      .currency("USD")
      .cash_flow_timing(CashFlowTiming::middle)
      .state("child with a poster", Stage::acquisition, {.satisfaction = 0.9})
      .state("young and broke", Stage::acquisition, {.satisfaction = 0.3})
      .state("could afford it", Stage::acquisition, {.satisfaction = 0.4})
      .state("owner", Stage::servicing, {.cash_flow = 1500, .satisfaction = 0.9})
      .state("collector", Stage::advocacy, {.cash_flow = 4000, .satisfaction = 1.0})
      .state("dream faded", Stage::lost)
      .transition("child with a poster", "young and broke", 0.10)
      .transition("child with a poster", "dream faded", 0.12)
      .transition("young and broke", "could afford it", 0.04)
      .transition("young and broke", "dream faded", 0.10)
      .transition("could afford it", "owner", 0.05, {.cash_flow = 40'000})
      .transition("could afford it", "dream faded", 0.08)
      .transition("owner", "collector", 0.03, {.cash_flow = 60'000})
      .transition("owner", "dream faded", 0.07)
      .transition("collector", "owner", 0.05)
      .transition("collector", "dream faded", 0.03)
      .referral("collector", "child with a poster", 0.5)
      .arrivals("child with a poster", per_period(20'000), {.name = "children", .until = 20})
      .arrivals("could afford it", per_period(300), {.name = "adults", .until = 20})
      .lever(nurture())
      .lever(advertise())
      .scenario("baseline", {}, "Those who dream will come by themselves").as_reference()
      .budget("see you in 20 years", 20'000'000, {{"nurture", 1.0}}, "All on those who dream")
      .budget("billboards", 20'000'000, {{"advertise", 1.0}}, "All on those who can pay")
      .build();
}

}  // namespace

int main() {
  const Model model = dream_car();
  const bool same = model == read_model_file("dream_car.toml").model;
  std::printf("The model in C++ and the model in dream_car.toml are %s.\n\n", same ? "equal" : "NOT equal");
  std::fputs(table(compare(model)).c_str(), stdout);
  return same ? 0 : 1;
}
