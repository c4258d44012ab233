#pragma once
// The definition of gradient().

#include <cmath>
#include <cstddef>

#include "tenure/engine/detail/exact/adjoint.hpp"
#include "tenure/engine/detail/exact/adjoint_for_ever.hpp"
#include "tenure/engine/gradient.hpp"

namespace tenure {

TENURE_INLINE ChainGradient gradient(const Chain& chain, const Interrupted& interrupted) {
  ChainGradient gradient =
      chain.horizon
          ? detail::gradient_over(chain, *chain.horizon, detail::periods_kept(chain, *chain.horizon), interrupted)
          : detail::gradient_for_ever(chain, interrupted);
  for (std::size_t s = 0; s < chain.spend_streams.size(); ++s) {
    const SpendStream& stream = chain.spend_streams[s];
    if (!stream.per_person) gradient.value += detail::times(stream.level, gradient.spend_level[s]);
  }
  if (!std::isfinite(gradient.value)) detail::refuse_overflow();
  return gradient;
}

}  // namespace tenure
