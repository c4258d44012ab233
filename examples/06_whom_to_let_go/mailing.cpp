// Whom to let go: mailing.toml read from its file, decided, and tried out. The answer of policy iteration is held
// against every other rule of the kind "stop after so many silent years", each valued as a chain of its own.

#include <cstddef>
#include <cstdio>
#include <string>

#include <tenure/chain/compile_decisions.hpp>
#include <tenure/chain/decision_chain.hpp>
#include <tenure/tenure.hpp>

int main() {
  using namespace tenure;
  const Model mailing = read_model_file("mailing.toml").model;
  const PolicyValue best = best_policy(mailing);
  std::printf("%s", table(best).c_str());

  std::printf("\nEvery rule of the kind \"let go after so many silent years\"\n\n");
  const CompiledDecisions decisions = compile_decisions(mailing, Spending{});
  for (std::size_t silent = 1; silent <= 4; ++silent) {
    std::vector<Alternative> choice(mailing.states().size(), 0);
    for (std::size_t state = silent; state <= 3; ++state) choice[state] = 1;
    const ExactValue value = exact_value(chain_of_choices(decisions.chain, always(choice)));
    const std::string rule = silent <= 3 ? "after " + std::to_string(silent) : "never";
    std::printf("  %-8s %9.4f\n", rule.c_str(), value.states.front().clv.value());
  }
}
