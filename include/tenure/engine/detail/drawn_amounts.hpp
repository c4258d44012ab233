#pragma once
// Chains in which people's own amounts are laws to draw from have an answer for those who draw them alone.

#include "tenure/chain/chain.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure::detail {

inline void refuse_drawn_amounts(const Chain& chain) {
  if (chain.own_amounts.empty()) return;
  throw LimitError{{{"unsupported",
                     "",
                     "amounts that people have of their own are drawn by the individual engine alone",
                     "give compile(model, spending), in which kinds of people stand for them",
                     {}}}};
}

}  // namespace tenure::detail
