#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/whole_chain.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/individual.hpp"

using namespace tenure;
using namespace tenure::test;

namespace {

/// How many standard errors a simulated mean is from the exact value of a person who enters in state i.
double distance(const Chain& chain, StateIndex i, bool with_families, std::uint64_t seed) {
  const StateValue exact = exact_value(chain, {.trace = false}).states[i];
  IndividualOptions options{.seed = seed, .people = 40'000};
  for (std::size_t kind = 0; kind < chain.kinds.size(); ++kind)
    options.entries.push_back(
        {static_cast<StateIndex>(kind * chain.states_of_a_kind() + i), 0, chain.kinds[kind].share, {}});
  options.referrals = with_families;
  options.threads = 2;
  const IndividualResult result = simulate_individuals(chain, options);
  const Estimate mean = result.estimate();
  const double expected = *(with_families ? exact.clv_with_referrals : exact.clv);
  if (*mean.standard_error == 0) return std::fabs(mean.mean - expected) <= 1e-9 * (1 + std::fabs(expected)) ? 0 : 1e9;
  if (!with_families && !result.shared && *exact.clv_sd > 0) {
    const double ratio = *result.values.standard_deviation() / *exact.clv_sd;
    CHECK(ratio > 0.9);
    CHECK(ratio < 1.1);
  }
  return (mean.mean - expected) / *mean.standard_error;
}

}  // namespace

TEST_CASE("Stays: people live as the exact engine says, whatever a chain has") {
  double worst = 0;
  for (std::uint64_t seed = 0; seed < 48; ++seed) {
    Mixing mixing{seed};
    WholeOptions options;
    options.states = 2 + seed % 3;
    options.kinds = 1 + seed % 2;
    options.regimes = 1 + (seed / 2) % 3;
    options.dwells = seed % 4 != 0;
    options.events = seed % 5 != 0;
    options.horizon = static_cast<std::int64_t>(3 + seed % 9);
    const Chain chain = whole_chain(mixing, options);
    for (const bool with_families : {false, true}) {
      const double z = distance(chain, static_cast<StateIndex>(seed % chain.states_of_a_kind()), with_families, seed);
      INFO(seed << (with_families ? " with families " : " ") << z);
      CHECK(std::fabs(z) < 5);
      worst = std::max(worst, std::fabs(z));
    }
  }
  CHECK(worst > 1);
}
