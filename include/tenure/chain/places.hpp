#pragma once
// The places that people of a chain can be in: its states or, where states last by laws of their own, states by age.

#include <cstddef>

#include "tenure/chain/chain.hpp"

namespace tenure::detail {

/// Where someone is who has just entered a state.
[[nodiscard]] inline std::size_t entry_place(const Chain& chain, std::size_t state) {
  return chain.dwells.empty() ? state : chain.dwells.first_place[state];
}

/// How many places people can be in: states, or states by age.
[[nodiscard]] inline std::size_t places_of(const Chain& chain) {
  return chain.dwells.empty() ? chain.states() : chain.dwells.first_place.back();
}

}  // namespace tenure::detail
