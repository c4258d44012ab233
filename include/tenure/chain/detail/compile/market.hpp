#pragma once
// The market as engines read it: regimes with what each of them moves. Regimes that move the same and go on alike are
// one (lumping; Kemeny and Snell 1960, 6.3), so that a market of equal regimes is none, to the last bit.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/model/model.hpp"

namespace tenure::detail {

struct CompiledMarket {
  Market market{};
  std::vector<std::vector<const EnvironmentEffect*>> effects{{}};  ///< by regime
};

/// What the effects of one of the environment's states do, in an order of its own.
[[nodiscard]] inline std::vector<const EnvironmentEffect*> effects_when(const Environment& environment,
                                                                        std::size_t state) {
  std::vector<const EnvironmentEffect*> effects;
  for (const EnvironmentEffect& effect : environment.effects) {
    const bool moves = std::visit(
        [](const auto& what) {
          if constexpr (requires { what.odds; })
            return what.odds != 1;
          else if constexpr (requires { what.cash_flow_factor; })
            return what.cash_flow_factor != 1;
          else
            return what.factor != 1;
        },
        effect.moves);
    if (moves && effect.when == environment.states[state]) effects.push_back(&effect);
  }
  return effects;
}

[[nodiscard]] inline bool move_alike(const std::vector<const EnvironmentEffect*>& a,
                                     const std::vector<const EnvironmentEffect*>& b) {
  const auto same = [](const EnvironmentEffect* x, const EnvironmentEffect* y) { return x->moves == y->moves; };
  return a.size() == b.size() && std::is_permutation(a.begin(), a.end(), b.begin(), same);
}

/// How a state of the environment goes on, class by class.
[[nodiscard]] inline std::vector<double> chances_of_classes(const Environment& environment, std::size_t state,
                                                            const std::vector<std::size_t>& class_of,
                                                            std::size_t classes) {
  std::vector<double> chances(classes);
  for (std::size_t to = 0; to < class_of.size(); ++to) chances[class_of[to]] += environment.matrix[state][to];
  return chances;
}

/// The coarsest classes of states that move the same and go on alike.
[[nodiscard]] inline std::vector<std::size_t> classes_of(const Environment& environment) {
  constexpr double rounding = 1e-12;
  const std::size_t states = environment.states.size();
  std::vector<std::size_t> class_of(states, 0);
  for (std::size_t classes = 1;;) {
    std::vector<std::size_t> representative;
    std::vector<std::size_t> refined(states);
    const auto alike = [&](std::size_t a, std::size_t b) {
      if (class_of[a] != class_of[b] || !move_alike(effects_when(environment, a), effects_when(environment, b)))
        return false;
      const std::vector<double> from_a = chances_of_classes(environment, a, class_of, classes);
      const std::vector<double> from_b = chances_of_classes(environment, b, class_of, classes);
      for (std::size_t c = 0; c < classes; ++c) {
        if (std::abs(from_a[c] - from_b[c]) > rounding) return false;
      }
      return true;
    };
    for (std::size_t s = 0; s < states; ++s) {
      const auto found =
          std::find_if(representative.begin(), representative.end(), [&](std::size_t r) { return alike(r, s); });
      refined[s] = static_cast<std::size_t>(found - representative.begin());
      if (found == representative.end()) representative.push_back(s);
    }
    const bool settled = representative.size() == classes;
    classes = representative.size();
    class_of = std::move(refined);
    if (settled) return class_of;
  }
}

[[nodiscard]] inline CompiledMarket compile_market(const Model& model) {
  if (!model.draft().environment) return {};
  const Environment& environment = *model.draft().environment;
  const std::vector<std::size_t> class_of = classes_of(environment);
  const std::size_t classes = 1 + *std::max_element(class_of.begin(), class_of.end());
  CompiledMarket compiled{{0, std::vector<std::vector<double>>(classes)},
                          std::vector<std::vector<const EnvironmentEffect*>>(classes)};
  for (std::size_t s = class_of.size(); s-- > 0;) {  // the first of a class speaks for it
    std::vector<double> chances = chances_of_classes(environment, s, class_of, classes);
    CompensatedSum sum;
    for (const double chance : chances) sum.add(chance);
    for (double& chance : chances) chance /= sum.value();
    compiled.market.matrix[class_of[s]] = std::move(chances);
    compiled.effects[class_of[s]] = effects_when(environment, s);
    if (environment.states[s] == environment.start) compiled.market.start = class_of[s];
  }
  return compiled;
}

/// The product of the factors by which effects of one sort, those that `of` picks, move something in a regime.
template <class Moves, class Factor>
[[nodiscard]] double market_factor(const CompiledMarket& market, std::size_t regime, Factor factor_of) {
  double product = 1;
  for (const EnvironmentEffect* effect : market.effects[regime]) {
    if (const auto* moves = std::get_if<Moves>(&effect->moves)) product *= factor_of(*moves);
  }
  return product;
}

}  // namespace tenure::detail
