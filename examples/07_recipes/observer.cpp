// How many of those who stop buying come back? A question of one's own, asked of single lives.

#include <cstdint>
#include <cstdio>

#include <tenure/chain/compile.hpp>
#include <tenure/engine/individual.hpp>
#include <tenure/model/builder.hpp>

int main() {
  using namespace tenure;
  const Model club = ModelBuilder{"Book club", Period::month, years(5), annual_rate(0.08)}
                         .state("member", Stage::servicing, {.cash_flow = 9})
                         .state("sleeper", Stage::dormant)
                         .state("gone", Stage::lost)
                         .transition("member", "sleeper", 0.06)
                         .transition("sleeper", "member", 0.10)
                         .transition("sleeper", "gone", 0.05)
                         .build();
  const Chain chain = compile(club, Spending{});
  const auto member = static_cast<StateIndex>(club.state_index("member"));
  const auto sleeper = static_cast<StateIndex>(club.state_index("sleeper"));

  constexpr std::uint64_t people = 100'000;
  std::uint64_t fell_asleep = 0;
  std::uint64_t came_back = 0;
  double value = 0;
  observe_lives(chain, entry_at(member), {.seed = 7, .people = people}, [&](const LifeEvent& event) {
    fell_asleep += event.state == member && event.next_state == sleeper ? 1 : 0;
    came_back += event.state == sleeper && event.next_state == member ? 1 : 0;
    value += event.value;
  });
  std::printf("asleep %llu times, back %llu times\n", static_cast<unsigned long long>(fell_asleep),
              static_cast<unsigned long long>(came_back));

  const IndividualResult same =
      simulate_individuals(chain, {.seed = 7, .people = people, .entries = {entry_at(member)}});
  std::printf("worth on average %.4f as observed, %.4f as simulated: the same lives\n",
              value / static_cast<double>(people), same.estimate().mean);
}
