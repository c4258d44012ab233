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
// A new law is a header like those included here, its names below, and its name in the schema of models.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>

#include "tenure/quantity/law/beta.hpp"
#include "tenure/quantity/law/fixed.hpp"
#include "tenure/quantity/law/gamma.hpp"
#include "tenure/quantity/law/lognormal.hpp"
#include "tenure/quantity/law/normal.hpp"
#include "tenure/quantity/law/uniform.hpp"

namespace tenure {

enum class DistributionKind : std::uint8_t { beta, normal, lognormal, gamma, uniform, fixed };

/// In the order of their kinds.
using Laws = std::tuple<BetaLaw, NormalLaw, LognormalLaw, GammaLaw, UniformLaw, FixedLaw>;

/// The names of these laws, in their order.
inline constexpr auto distribution_names = []<std::size_t... k>(std::index_sequence<k...>) {
  return std::array<std::string_view, sizeof...(k)>{std::tuple_element_t<k, Laws>::name...};
}
(std::make_index_sequence<std::tuple_size_v<Laws>>{});

/// The name of a law in files and results.
[[nodiscard]] constexpr std::string_view name_of(DistributionKind kind) {
  return distribution_names[static_cast<std::size_t>(kind)];
}

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

}  // namespace tenure
