#pragma once
// The laws there are: what stands here is known to model files, checks, engines and decisions. A law says
//
//   name, fits, takes     how it is called, for which quantities, and by which spreads beside an sd
//   refusal, most_sd      why there is none of this mean and spread; below which sd there is one
//   has_any_mean          whether its mean may be 0; amounts of other laws have the sign of their mean
//   sd_of, skewness       moments, the former of a spread that is not given as an sd
//   Quantiles             its numbers by normal quantile z: how uncertain numbers are drawn
//   Standard, sum_of      of laws of amounts: standardised quantiles by rank, and the sum of n amounts, drawn
//
// A new law is a header like those included here, its place below, and its kind and name in quantity/law.hpp.

#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

#include "tenure/quantity/detail/law/beta.hpp"
#include "tenure/quantity/detail/law/fixed.hpp"
#include "tenure/quantity/detail/law/gamma.hpp"
#include "tenure/quantity/detail/law/lognormal.hpp"
#include "tenure/quantity/detail/law/normal.hpp"
#include "tenure/quantity/detail/law/uniform.hpp"
#include "tenure/quantity/law.hpp"

namespace tenure::detail {

/// In the order of their kinds.
using Laws = std::tuple<BetaLaw, NormalLaw, LognormalLaw, GammaLaw, UniformLaw, FixedLaw>;

static_assert([]<std::size_t... k>(std::index_sequence<k...>) {
  return distribution_names == std::array{std::tuple_element_t<k, Laws>::name...};
}(std::make_index_sequence<std::tuple_size_v<Laws>>{}));

/// What a function gives for the law of a kind.
template <std::size_t first = 0, class Function>
constexpr decltype(auto) with_law(DistributionKind kind, Function&& function) {
  if constexpr (first + 1 < std::tuple_size_v<Laws>) {
    if (static_cast<std::size_t>(kind) > first) return with_law<first + 1>(kind, std::forward<Function>(function));
  }
  return function(std::tuple_element_t<first, Laws>{});
}

/// Laws of amounts: those that can vary from event to event.
template <class Law>
concept LawOfAmounts = requires {
  typename Law::Standard;
};

}  // namespace tenure::detail
