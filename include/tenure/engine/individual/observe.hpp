#pragma once
// A look at single lives: what a person goes through, period by period, for whoever wants to count something of their
// own.
//
//     std::uint64_t returned = 0;
//     observe_lives(chain, entry_at(prospect), {.seed = 7, .people = 10'000},
//                   [&](const LifeEvent& event) { returned += event.state == lapsed && event.next_state == owner; });

#include <cstdint>
#include <functional>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/arrival.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// One period of one life.
struct LifeEvent {
  std::uint64_t person = 0;
  std::int64_t period = 0;
  StateIndex state = 0;       ///< at the start of the period
  StateIndex next_state = 0;  ///< at its end
  /// The state's cash flow less spend and the cash flow of the move that led to it, in the last period that of the move
  /// at its end too, discounted to the start of the period in which the person enters: all of a life's events together
  /// are its value.
  double value = 0;
};

/// Whose lives to look at.
struct ObserveOptions {
  std::uint64_t seed = 1;
  std::uint64_t first_person = 0;
  std::uint64_t people = 1;
};

/// Calls observe(LifeEvent) for each period of each life, in order. They are the lives that simulate_individuals gives
/// for the same seed and this one entry without referrals, whatever the chain: with ages, a market, and amounts that
/// vary or are a person's own. Throws ModelError for an entry that means nothing, LimitError as simulate_individuals
/// does.
void observe_lives(const Chain& chain, const Entry& entry, const ObserveOptions& options,
                   const std::function<void(const LifeEvent&)>& observe);

}  // namespace tenure
