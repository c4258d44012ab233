#pragma once
// A dwell as leaving hazards: h[a] is the probability that someone who has been in the state for a periods leaves at
// the end of the present one, h[a] = P(L = a + 1 | L > a) for a sojourn of L periods. Such a table is what every engine
// reads; its last entry repeats. (Kalbfleisch and Prentice 2002, 1.2.3.)

#include <cstddef>
#include <optional>
#include <vector>

#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/dwell.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

/// 1 - (1 - h)^m: the hazard after its cumulated form is multiplied by m. A factor of 1 changes nothing.
[[nodiscard]] double hazard_times(double hazard, double factor);

/// The first entries of a dwell's table, `most` (at least 1) or fewer where the rest would repeat the last.
[[nodiscard]] std::vector<double> leaving_hazards(const Dwell& dwell, std::size_t most,
                                                  const Interrupted& interrupted = uninterrupted);

/// By about which age fewer than `left` of those who enter are still there; no value where only the table can tell.
[[nodiscard]] std::optional<double> age_with_few_left(const Dwell& dwell, double left);

/// Cuts a table where less than `left` of those who enter are still there.
[[nodiscard]] std::vector<double> cut_where_few_are_left(std::vector<double> hazard, double left);

}  // namespace tenure::detail

#if !defined(TENURE_COMPILED)
#include "tenure/quantity/detail/hazard-inl.hpp"
#endif
