#pragma once
// The same chain without dwells and without a market: each age in a state and each regime of the market makes a state
// of its own. That is how endless horizons are solved and distributions computed; over a finite horizon the exact
// engine and the simulations keep ages and regimes apart instead, which takes less memory.
//
// States go kind by kind, within it regime by regime, within it by place (states in their order, with their ages).

#include <cstddef>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure::detail {

/// Whether a chain has neither ages nor regimes.
[[nodiscard]] bool is_plain(const Chain& chain);

/// Where things are in an unrolled chain.
class UnrolledPlaces {
 public:
  explicit UnrolledPlaces(const Chain& chain) : chain_{&chain} {
    places_of_a_type_ = first(chain.states()) / chain.types.size();
    state_of_.reserve(first(chain.states()));
    for (StateIndex i = 0; i < chain.states(); ++i) state_of_.insert(state_of_.end(), first(i + 1) - first(i), i);
  }

  [[nodiscard]] std::size_t states() const { return state_of_.size() * chain_->regimes(); }
  [[nodiscard]] std::size_t first(std::size_t state) const {
    return chain_->dwells.empty() ? state : chain_->dwells.first_place[state];
  }
  [[nodiscard]] StateIndex at(std::size_t place, std::size_t regime) const {
    const std::size_t kind = place / places_of_a_type_;
    return static_cast<StateIndex>((kind * chain_->regimes() + regime) * places_of_a_type_ + place % places_of_a_type_);
  }
  /// The state of the chain of which an unrolled one is an age in a regime.
  [[nodiscard]] StateIndex state_of(std::size_t unrolled) const {
    const std::size_t kind = unrolled / (places_of_a_type_ * chain_->regimes());
    return state_of_[kind * places_of_a_type_ + unrolled % places_of_a_type_];
  }
  /// Who has just entered a state.
  [[nodiscard]] StateIndex entry(std::size_t state, std::size_t regime) const { return at(first(state), regime); }
  /// Visits (state, place, regime) in the order of the unrolled states.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t kind = 0; kind < chain_->types.size(); ++kind) {
      for (std::size_t regime = 0; regime < chain_->regimes(); ++regime) {
        for (std::size_t k = 0; k < places_of_a_type_; ++k) {
          const std::size_t place = kind * places_of_a_type_ + k;
          visit(state_of_[place], place, regime);
        }
      }
    }
  }
  [[nodiscard]] std::size_t place_one_older(StateIndex state, std::size_t place) const {
    return place + 1 < first(state + std::size_t{1}) ? place + 1 : place;
  }

 private:
  const Chain* chain_;
  std::size_t places_of_a_type_ = 0;
  std::vector<StateIndex> state_of_{};  ///< by place
};

[[nodiscard]] bool goes_on(const ArrivalGroup& group);

/// After how many periods those who arrive for ever no longer count, discounted; as many as are allowed if they do.
[[nodiscard]] std::size_t periods_that_count(const Chain& chain);

/// The chain without dwells and market. State i of the chain, just entered with the market in regime e, is
/// UnrolledPlaces{chain}.entry(i, e). Throws LimitError where that would take too much memory.
[[nodiscard]] Chain unrolled(const Chain& chain);

}  // namespace tenure::detail

#if !defined(TENURE_COMPILED)
#include "tenure/chain/detail/unrolled-inl.hpp"
#endif
