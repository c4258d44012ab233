#pragma once
// Who comes by themselves, and who is brought by others.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tenure/quantity/number.hpp"

namespace tenure {

/// So many people, once, at the start of the first period.
struct ArriveOnce {
  double count = 0;
  bool operator==(const ArriveOnce&) const = default;
};

/// So many people at the start of every period, per_period·(1 + growth)^((t - from) / periods per year).
struct ArriveSteadily {
  double per_period = 0;
  double growth = 0;  ///< per year
  bool operator==(const ArriveSteadily&) const = default;
};

/// One number of people a period, and nobody after the last of them.
struct ArriveBySchedule {
  std::vector<double> schedule{};
  bool operator==(const ArriveBySchedule&) const = default;
};

/// How many arrive, and when.
using ArrivalFlow = std::variant<ArriveOnce, ArriveSteadily, ArriveBySchedule>;

/// Who comes by themselves.
struct Arrivals {
  std::string name;   ///< the channel; arrivals of one name are moved together
  std::string state;  ///< where they enter
  ArrivalFlow flow{};
  std::int64_t from = 0;
  std::optional<std::int64_t> until{};                 ///< first period without; default the horizon
  std::optional<std::map<std::string, double>> mix{};  ///< of segments; default their shares
  bool operator==(const Arrivals&) const = default;
};

/// Those brought in period t enter at the start of period t + 1, in the segment of the one who brought them.
struct Referral {
  std::string from;     ///< who refers
  std::string to;       ///< the state in which the referred person enters
  Number per_period{};  ///< mean number of people brought per customer and period (Poisson)
  bool operator==(const Referral&) const = default;
};

}  // namespace tenure
