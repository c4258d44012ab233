#pragma once
// What money can change. A lever is bought per customer or per period; its effects move numbers from today's value
// towards a limit along a response curve, and carry over into later periods as an adstock (Broadbent 1979) does.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tenure/quantity/distribution.hpp"
#include "tenure/quantity/number.hpp"
#include "tenure/quantity/response_curve.hpp"

namespace tenure {

/// What a lever is for.
enum class LeverKind : std::uint8_t { acquisition, retention, referral, development };
/// The names of these kinds, in their order.
inline constexpr std::array<std::string_view, 4> lever_kind_names{"acquisition", "retention", "referral",
                                                                  "development"};
/// The name of a kind in files and results.
[[nodiscard]] constexpr std::string_view name_of(LeverKind kind) {
  return lever_kind_names[static_cast<std::size_t>(kind)];
}

/// What a spend level is counted by.
enum class SpendPer : std::uint8_t { customer, period };
/// The names of both, in their order.
inline constexpr std::array<std::string_view, 2> spend_per_names{"customer", "period"};
/// The name of either in files and results.
[[nodiscard]] constexpr std::string_view name_of(SpendPer per) {
  return spend_per_names[static_cast<std::size_t>(per)];
}

/// Moves a transition's probability; the rest of its row gives way in proportion.
struct TransitionTarget {
  std::string from;
  std::string to;
  bool operator==(const TransitionTarget&) const = default;
};

/// Moves a state's cash flow.
struct CashFlowTarget {
  std::string state;
  bool operator==(const CashFlowTarget&) const = default;
};

/// Moves a referral rate.
struct ReferralTarget {
  std::string from;
  std::string to;
  bool operator==(const ReferralTarget&) const = default;
};

/// Multiplies the arrivals of a name; 1 is today's.
struct ArrivalsTarget {
  std::string name;
  bool operator==(const ArrivalsTarget&) const = default;
};

/// Multiplies the leaving hazard of a dwell; 1 is today's, more shortens it.
struct DwellTarget {
  std::string state;
  bool operator==(const DwellTarget&) const = default;
};

/// The one thing that an effect moves.
using EffectTarget = std::variant<TransitionTarget, CashFlowTarget, ReferralTarget, ArrivalsTarget, DwellTarget>;

/// What a limit is a value of; multiples of arrivals and hazards are rates.
[[nodiscard]] constexpr Quantity quantity_of(const EffectTarget& target) {
  if (std::holds_alternative<TransitionTarget>(target)) return Quantity::probability;
  return std::holds_alternative<CashFlowTarget>(target) ? Quantity::cash_flow : Quantity::rate;
}

/// How a lever moves one thing: towards a limit, half the way at half_spend.
struct LeverEffect {
  EffectTarget target{};
  Number limit{};          ///< the value approached with unlimited spend: above or below today's
  Number half_spend{1.0};  ///< the effective spend that goes half the way; not used by a table
  ResponseCurve curve{};
  bool operator==(const LeverEffect&) const = default;
};

/// Something that money can be spent on.
struct Lever {
  std::string name;
  std::string label{};  ///< for people; default the name
  LeverKind kind = LeverKind::retention;
  SpendPer spend_per = SpendPer::customer;
  std::vector<std::string> while_in{};  ///< the states in which a person is spent on; for spend per customer
  std::int64_t from = 0;                ///< first period of spending
  std::optional<std::int64_t> until{};  ///< first period without; default the horizon
  double carry_over = 0;                ///< share of last period's effective spend that still works
  std::vector<std::string> segments{};  ///< only there; default all
  std::vector<LeverEffect> effects{};
  bool operator==(const Lever&) const = default;
};

}  // namespace tenure
