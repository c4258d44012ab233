// Genuine and spurious loyalty: the two brands of loyalty.toml, said in C++. The file tells which of its numbers come
// from outside and which are assumptions; the program shows that both are one model, that nobody can tell the brands
// apart while the market is calm, and which of them carries a risk that no number of customers averages out.

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <tenure/tenure.hpp>

namespace {

using namespace tenure;

constexpr double buys_again = 0.48;
constexpr double price_war = 5;
constexpr double incomes_rise = 2.5;

/// What a deal seeker does otherwise than a devoted owner.
Segment deal_seekers() {
  return {.name = "deal seekers",
          .share = 0.5,
          .transitions = {{.from = "owner", .to = "comes back", .probability = 0.1},
                          {.from = "advocate", .to = "comes back", .probability = 0.1}},
          .states = {{.name = "owner", .cash_flow = 57}, {.name = "advocate", .cash_flow = 57}}};
}

Environment market() {
  return {.states = {"calm", "price war", "incomes rise"},
          .start = "calm",
          .matrix = {{0.93, 0.04, 0.03}, {0.15, 0.85, 0.00}, {0.10, 0.00, 0.90}},
          .effects = {{"price war", MarketMovesTransition{"compares offers", "lost", price_war}},
                      {"incomes rise", MarketMovesTransition{"compares offers", "lost", incomes_rise}}}};
}

Model two_brands() {
  const NegativeBinomialDwell six_years{.mean = 24, .sd = 6};
  return ModelBuilder{"Genuine and spurious loyalty", Period::quarter, years(20), annual_rate(0.08)}
      .currency("USD")
      .state("owner", Stage::servicing, {.cash_flow = 45, .dwell = six_years})
      .state("advocate", Stage::advocacy, {.cash_flow = 45, .dwell = six_years})
      .state("comes back", Stage::repurchase)
      .state("compares offers", Stage::repurchase)
      .state("advocate's friend", Stage::acquisition)
      .state("lost", Stage::lost)
      .transition("owner", "comes back", 0.9)
      .transition("owner", "compares offers", rest)
      .transition("advocate", "comes back", 0.9)
      .transition("advocate", "compares offers", rest)
      .transition("comes back", "advocate", buys_again, {.cash_flow = 2800})
      .transition("comes back", "lost", rest)
      .transition("compares offers", "owner", buys_again, {.cash_flow = 2300})
      .transition("compares offers", "lost", rest)
      .transition("advocate's friend", "owner", 0.3, {.cash_flow = 2800})
      .transition("advocate's friend", "lost", rest)
      .referral("advocate", "advocate's friend", 0.02)
      .segment({.name = "devoted", .share = 0.5})
      .segment(deal_seekers())
      .arrivals("owner", once(10'000), {.name = "the loved brand", .mix = {{{"devoted", 0.9}, {"deal seekers", 0.1}}}})
      .arrivals("owner", once(10'000),
                {.name = "the cheapest brand", .mix = {{{"devoted", 0.1}, {"deal seekers", 0.9}}}})
      .environment(market())
      .build();
}

Model in_a_calm_market(const Model& model) {
  ModelDraft draft = model.draft();
  draft.environment.reset();
  return Model{std::move(draft)};
}

/// One of the brands alone, with so many owners.
Model brand_alone(const Model& model, std::size_t brand, double owners) {
  ModelDraft draft = model.draft();
  draft.arrivals = {draft.arrivals.at(brand)};
  draft.arrivals.front().flow = once(owners);
  return Model{std::move(draft)};
}

/// How many of a segment buy again when their car is old, if the market multiplies the odds that someone who compares
/// offers is lost.
double repurchase_rate(double comes_back, double odds) {
  const double after_comparing = buys_again / (buys_again + (1 - buys_again) * odds);
  return comes_back * buys_again + (1 - comes_back) * after_comparing;
}

void print_repurchase_rates() {
  std::puts("Who buys the brand again when the car is old\n");
  std::puts("                  calm   price war   incomes rise");
  for (const auto& [name, comes_back] : {std::pair{"devoted", 0.9}, std::pair{"deal seekers", 0.1}}) {
    std::printf("%-13s %6.1f %%    %6.1f %%       %6.1f %%\n", name, 100 * repurchase_rate(comes_back, 1),
                100 * repurchase_rate(comes_back, price_war), 100 * repurchase_rate(comes_back, incomes_rise));
  }
}

void print_values(const Model& model) {
  const ExactValue calm = value(in_a_calm_market(model)).scenarios.front().value;
  const ExactValue moved = value(model).scenarios.front().value;
  const auto line = [](const std::string& name, const ChannelValue& before, const ChannelValue& after) {
    std::printf("%-18s %15.2f %17.2f %10.1f %%\n", name.c_str(), before.value_each.value(), after.value_each.value(),
                100 * (after.value_each.value() / before.value_each.value() - 1));
  };
  std::puts("\nWhat an owner is worth, whom they bring included, USD\n");
  std::puts("                       calm market   with the market   difference");
  for (std::size_t s = 0; s < calm.segments.size(); ++s) {
    line(model.draft().segments[s].name, calm.segments[s].arrivals, moved.segments[s].arrivals);
  }
  for (std::size_t c = 0; c < calm.business->channels.size(); ++c) {
    line(model.arrivals()[c].name, calm.business->channels[c], moved.business->channels[c]);
  }
}

/// Standard deviation of a brand's customer equity as a share of its mean, by the population engine.
double variation(const Model& brand) {
  const std::vector<Scenario> as_it_is = all_scenarios(brand);
  const Simulation simulation =
      simulate(brand, as_it_is, {.engine = SimulationEngine::population, .effort = {.count = 1'000}});
  const SimulatedScenario& simulated = simulation.scenarios.front();
  return simulated.standard_deviation.value() / simulated.mean.mean;
}

void print_risk(const Model& model) {
  std::puts("\nHow far luck carries a brand's customer equity, standard deviation as a share of the mean\n");
  std::puts("                       owners   calm market   with the market");
  for (std::size_t brand = 0; brand < model.arrivals().size(); ++brand) {
    for (const auto& [owners, in_words] : {std::pair{1e4, "10,000"}, std::pair{1e6, "1,000,000"}}) {
      const Model alone = brand_alone(model, brand, owners);
      std::printf("%-18s %10s %11.2f %% %15.2f %%\n", model.arrivals()[brand].name.c_str(), in_words,
                  100 * variation(in_a_calm_market(alone)), 100 * variation(alone));
    }
  }
}

}  // namespace

int main() {
  const Model model = two_brands();
  const bool same = model == read_model_file("loyalty.toml").model;
  std::printf("The model in C++ and the model in loyalty.toml are %s.\n\n", same ? "equal" : "NOT equal");
  print_repurchase_rates();
  print_values(model);
  print_risk(model);
  return same ? 0 : 1;
}
