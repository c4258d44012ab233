// Kernels that this processor or this build does not have are refused by name, and never replaced in silence.

#include <string>

#include "catch.hpp"
#include "support/problems.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/individual.hpp"

namespace tenure::test::kernels {

TEST_CASE("Instructions: what this processor or build does not have is refused") {
  const Chain chain = chain_of(constant_chain({{0.5, 0.5}, {0, 1}}, {50, 0}, 0.9, 12));
  for (const InstructionSet set : {InstructionSet::portable, InstructionSet::sse4, InstructionSet::avx2,
                                   InstructionSet::avx512, InstructionSet::neon}) {
    const auto simulated = [&] {
      return simulate_individuals(chain, {.people = 100, .entries = {entry_at(0)}, .instructions = set});
    };
    if (is_available(set)) {
      CHECK(simulated().values.count() == 100);
      continue;
    }
    const std::string name{instruction_set_names[static_cast<std::size_t>(set)]};
    CHECK(says(problems_of<LimitError>(simulated), "instructions",
               "this processor or build has no " + name + "; leave the choice to the library"));
  }
}

}  // namespace tenure::test::kernels
