// Uses tenure::core alone. A customer who pays 1 a year and stays with probability 1/2, for two years without interest,
// is worth 1 + 1/2.
#include <cstdio>

#include <tenure/decide/value.hpp>
#include <tenure/model/builder.hpp>
#include <tenure/version.hpp>

int main() {
  using namespace tenure;
  const Model model = ModelBuilder{"Customer", Period::year, years(2), annual_rate(0)}
                          .state("customer", Stage::servicing, {.cash_flow = 1})
                          .state("lost", Stage::lost)
                          .transition("customer", "lost", 0.5)
                          .build();
  const double worth = value(model).scenarios.front().value.states.front().clv.value();
  std::printf("tenure %.*s: %g\n", static_cast<int>(version.size()), version.data(), worth);
}
