// Uses all of tenure, the compiled part too: the customer of core.cpp, written as a table.
#include <cstdio>
#include <string>

#include <tenure/tenure.hpp>

int main() {
  using namespace tenure;
  const Model model = ModelBuilder{"Customer", Period::year, years(2), annual_rate(0)}
                          .state("customer", Stage::servicing, {.cash_flow = 1})
                          .state("lost", Stage::lost)
                          .transition("customer", "lost", 0.5)
                          .build();
  const Valuation valuation = value(model);
  const double worth = valuation.scenarios.front().value.states.front().clv.value();
  if (table(valuation).find("customer") == std::string::npos) return 1;
  std::printf("tenure %d.%d.%d: %g\n", TENURE_VERSION_MAJOR, TENURE_VERSION_MINOR, TENURE_VERSION_PATCH, worth);
}
