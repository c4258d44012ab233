#pragma once
// What money later is worth today. An effective annual rate becomes one factor d per period,
// d = (1 + rate)^(-1 / periods per year), and a state's cash flow falls at the start, the middle or the end of its
// period: d^0, d^(1/2) or d^1 on top of the period's own d^t.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tenure/quantity/compiled.hpp"
#include "tenure/quantity/period.hpp"

namespace tenure {

/// When in a period a state's cash flow falls.
enum class CashFlowTiming : std::uint8_t { start, middle, end };

/// The names of these times, in their order.
inline constexpr std::array<std::string_view, 3> cash_flow_timing_names{"start", "middle", "end"};

/// The factor d of one period, for an effective annual rate above -1.
[[nodiscard]] double discount_factor(double annual_rate, Period period);

/// d^tau with tau = 0, 1/2, 1: from the start of a period to the epoch at which a state's cash flow falls.
[[nodiscard]] double discount_within_period(double discount_factor, CashFlowTiming timing);

/// d^0, d^1, …, d^(count - 1), each rounded once.
[[nodiscard]] std::vector<double> discount_factors(double discount_factor, std::size_t count);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/quantity/discounting-inl.hpp"
#endif
