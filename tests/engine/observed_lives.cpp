// Lives that are watched: they must be those that the summaries sum up, on every chain.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/chain_family.hpp"
#include "support/mixing.hpp"
#include "support/problems.hpp"
#include "support/small_chain.hpp"
#include "support/whole_chain.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/engine/detail/individual/people.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/individual.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::observed {

struct Watched {
  double value = 0;
  std::vector<std::uint64_t> people_in{};  ///< [t · states + s]
};

Watched watched(const Chain& chain, const Entry& entry, const ObserveOptions& options, std::int64_t periods) {
  Watched all;
  all.people_in.resize(static_cast<std::size_t>(periods + 1) * chain.states());
  std::uint64_t person = options.first_person;
  std::int64_t period = entry.period;
  StateIndex state = entry.state;
  observe_lives(chain, entry, options, [&](const LifeEvent& event) {
    if (event.person != person) {
      CHECK(period == periods);
      ++person;
      period = entry.period;
      state = entry.state;
    }
    CHECK(event.person == person);
    CHECK(event.period == period++);
    CHECK(event.state == state);
    state = event.next_state;
    all.value += event.value;
    ++all.people_in[static_cast<std::size_t>(event.period) * chain.states() + event.state];
  });
  return all;
}

/// The lives that are watched are those that are summed up: what they bring, and where they are.
void check_same_lives(const Chain& chain, const Entry& entry, std::uint64_t seed, bool with_traces) {
  constexpr std::uint64_t people = 300;
  const IndividualResult result = simulate_individuals(
      chain, {.seed = seed, .people = people, .entries = {entry}, .traces = with_traces, .threads = 1});
  const Watched all = watched(chain, entry, {.seed = seed, .people = people}, result.periods);
  double scale = 0;
  for (const double value : {result.values.minimum(), result.values.maximum(), result.values.mean()})
    scale = std::max(scale, std::abs(value));
  CHECK(all.value / people == Approx(result.values.mean()).epsilon(1e-11).margin(1e-11 * scale));
  if (!with_traces || !tenure::detail::needs_sojourns(chain)) return;  // else states are split by how they were come by
  for (std::size_t k = 0; k < static_cast<std::size_t>(result.periods) * chain.states(); ++k) {
    CHECK(all.people_in[k] == result.people_in[k]);
  }
}

TEST_CASE("Observed lives: on any chain with dwells, a market and amounts that vary they are those of the summaries") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Mixing mixing{seed};
    const Horizon horizon = seed % 5 == 0 ? Horizon{} : Horizon{static_cast<std::int64_t>(1 + mixing.below(30))};
    const Chain chain = whole_chain(mixing, {.states = 2 + mixing.below(3),
                                             .types = 1 + mixing.below(2),
                                             .regimes = 1 + mixing.below(3),
                                             .dwells = mixing.chance(0.6),
                                             .events = mixing.chance(0.6),
                                             .referrals = mixing.chance(0.5),
                                             .horizon = horizon});
    const auto state = static_cast<StateIndex>(mixing.below(chain.states()));
    CAPTURE(seed, chain.regimes(), chain.dwells.empty(), chain.has_events(), horizon.value_or(-1));
    check_same_lives(
        chain,
        {state, horizon ? static_cast<std::int64_t>(mixing.below(static_cast<std::size_t>(*horizon))) : 0, 1, {}}, seed,
        true);
  }
}

TEST_CASE("Observed lives: on plain chains they are those of the summaries") {
  for (std::uint64_t m = 0; m < 60; ++m) {
    const Member member = member_of_family(77, m);
    CAPTURE(m);
    check_same_lives(chain_of(member.parts), entry_at(member.start), m, false);
  }
}

TEST_CASE("Observed lives: people with amounts of their own bring what the summaries say") {
  Number own{10};
  own.differs = Distribution{DistributionKind::gamma, StandardDeviation{6}};
  const Model model = ModelBuilder{"Own", Period::month, Horizon{24}, annual_rate(0.1)}
                          .state("member", Stage::servicing, {.cash_flow = own})
                          .state("gone", Stage::lost)
                          .transition("member", "gone", 0.1)
                          .arrivals("member", ArriveSteadily{100})
                          .build();
  const Chain chain = compile_for_persons(model, {});
  REQUIRE(!chain.own_amounts.empty());
  check_same_lives(chain, entry_at(0), 5, false);
  const Chain by_kinds = compile(model, Spending{});
  const auto watch = [&] { return observe_lives(by_kinds, entry_at(0), {}, [](const LifeEvent&) {}), 0; };
  CHECK(codes_of(problems_of<LimitError>(watch)) == std::vector<std::string>{"unsupported"});
}

TEST_CASE("Observed lives: a fixed dwell of twelve months is lived to its end") {
  const Model model = ModelBuilder{"Contract", Period::month, Horizon{24}, annual_rate(0.1)}
                          .state("contract", Stage::servicing, {.cash_flow = 10, .dwell = FixedDwell{12}})
                          .state("gone", Stage::lost)
                          .transition("contract", "gone", 1)
                          .build();
  const Chain chain = compile(model, Spending{});
  double value = 0;
  observe_lives(chain, entry_at(0), {}, [&](const LifeEvent& event) { value += event.value; });
  CHECK(value == Approx(114.91).margin(0.005));
  CHECK(value == Approx(exact_value(chain).states[0].clv.value()).epsilon(1e-14));
}

}  // namespace tenure::test::observed
