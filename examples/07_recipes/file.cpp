// A model from a file, and what is said of a file that cannot stand.

#include <cstdio>
#include <string>
#include <vector>

#include <tenure/decide/compare.hpp>
#include <tenure/io/json.hpp>
#include <tenure/io/model_file.hpp>

namespace {

void print(const tenure::Comparison& comparison) {
  for (const tenure::ComparedScenario& scenario : comparison.scenarios) {
    std::printf("%-8s %12.2f\n", scenario.valued.scenario.name.c_str(), scenario.business().customer_equity);
  }
  std::printf("as JSON: %zu bytes\n", tenure::to_json(comparison).size());
}

void print(const std::vector<tenure::Problem>& problems) {
  for (const tenure::Problem& problem : problems) {
    std::printf("line %zu: %s [%s]\n", problem.location.line, problem.message.c_str(), problem.code.c_str());
  }
}

}  // namespace

int main() {
  try {
    print(tenure::compare(tenure::read_model_file("../01_first_model/first_model.toml").model));
    const std::string broken = R"(format = 1
model = { name = "Half a shop", period = "month", horizon = "5 years" }
state = [{ name = "customer", stage = "servicing", cash_flow = "20" }]
)";
    print(tenure::compare(tenure::parse_model(broken).model));
  } catch (const tenure::ModelError& error) {  // mend the input; LimitError, DivergentError, FileError: something else
    print(error.problems());
  }
}
