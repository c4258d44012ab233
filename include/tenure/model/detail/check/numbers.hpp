#pragma once
// Checks of single numbers. Every comparison is written so that NaN fails it.

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "tenure/model/detail/fields.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"
#include "tenure/quantity/detail/law/laws.hpp"
#include "tenure/quantity/limits.hpp"
#include "tenure/quantity/number.hpp"

namespace tenure::detail {

/// A sum such as 0.1 + 0.2 + 0.7 may pass 1 by its own rounding; four units in the last place are forgiven.
inline constexpr double largest_probability = 1 + 4 * 0x1p-52;

[[nodiscard]] inline std::string allowed(Quantity quantity) {
  switch (quantity) {
    case Quantity::probability:
      return "give a number from 0 to 1";
    case Quantity::cash_flow:
      return "give a finite amount of at most 1e90 either way";
    case Quantity::rate:
      return "give a finite number of at least 0, up to 1e90";
    case Quantity::spend:
      break;
  }
  return "give a finite number above 0, up to 1e90";
}

[[nodiscard]] inline bool admissible(double value, Quantity quantity) {
  switch (quantity) {
    case Quantity::probability:
      return value >= 0 && value <= largest_probability;
    case Quantity::cash_flow:
      return std::abs(value) <= limits::amount;
    case Quantity::rate:
      return value >= 0 && value <= limits::amount;
    case Quantity::spend:
      break;
  }
  return value > 0 && value <= limits::amount;
}

/// "8" for 0.08: what a share is in percent.
[[nodiscard]] inline std::string in_percent(double share) { return shortest(std::round(share * 1e6) / 1e4); }

/// What to do about a number that looks like percent where a share is wanted; empty elsewhere.
[[nodiscard]] inline std::string if_percent(double value) {
  const bool is_percent = std::abs(value) > 1 && std::abs(value) <= 100;
  return is_percent ? "; for a percentage, divide by 100: " + shortest(value / 100) : "";
}

/// Beyond how much a multiple of today's looks like a count.
inline constexpr double largest_usual_multiple = 20;

[[nodiscard]] inline Findings check_multiple(const std::string& path, double multiple, const std::string& of_what,
                                             const std::string& hint) {
  Findings found;
  if (std::abs(multiple) > largest_usual_multiple) {
    found.warn("multiple", path, shortest(multiple) + " is a multiple: so many times " + of_what, hint);
  }
  return found;
}

[[nodiscard]] inline Findings check_growth(const std::string& path, double growth, const std::string& such_as) {
  Findings found;
  if (!(growth > -1 && growth <= 1e6)) {
    found.error("growth", path, shortest(growth) + " is no growth per year",
                "give a number above -1, such as " + such_as + if_percent(growth));
  } else if (growth > 1) {
    found.warn("growth", path, shortest(growth) + " is a growth of " + in_percent(growth) + " % a year",
               "if " + shortest(growth) + " % was meant, write " + shortest(growth / 100));
  }
  return found;
}

[[nodiscard]] inline std::string remedy(double value, Quantity quantity) {
  if (quantity == Quantity::probability && value > 1 && value <= 100) return allowed(quantity) + if_percent(value);
  if (quantity == Quantity::probability && value < 0 && value > -limits::row_rounding) {
    return allowed(quantity) + "; if it is what other probabilities leave over, write \"rest\"";
  }
  return allowed(quantity);
}

[[nodiscard]] inline Findings check_value(const std::string& path, double value, Quantity quantity) {
  Findings found;
  if (admissible(value, quantity)) return found;
  const std::string what = quantity == Quantity::probability ? " is not a probability" : " is out of range";
  found.error(quantity == Quantity::probability ? "probability" : "number", path, shortest(value) + what,
              remedy(value, quantity));
  return found;
}

/// Which of a number's words are allowed where it stands.
struct AllowedWords {
  bool differs = false;
  bool varies = false;
};

/// What to do where a law does not fit a quantity, or needs a mean other than 0; empty elsewhere.
[[nodiscard]] inline std::string law_to_give(const Distribution& law, const Number& number, Quantity quantity) {
  const auto fits = [&](DistributionKind kind) { return with_law(kind, [&](auto any) { return any.fits(quantity); }); };
  if (!fits(law.kind)) {
    std::string fitting;
    for (std::size_t k = 0; k < std::size(distribution_names); ++k) {
      if (!fits(static_cast<DistributionKind>(k))) continue;
      fitting += (fitting.empty() ? "" : ", ") + std::string{distribution_names[k]};
    }
    return "give one of " + fitting;
  }
  const auto* given = std::get_if<StandardDeviation>(&law.spread);
  if (given && quantity == Quantity::probability && given->sd > 0.5 && given->sd <= 100) {
    return "an sd is in the number's own unit; for percentage points, divide by 100: " + shortest(given->sd / 100);
  }
  const bool has_any_mean = with_law(law.kind, [](auto any) { return any.has_any_mean; });
  if (mean_of_law(number) != 0 || has_any_mean) return "";
  const bool may_be_normal = quantity == Quantity::cash_flow;
  const std::string normal = may_be_normal ? "say distribution = \"normal\", which may have any mean" : "";
  if (number.schedule.empty()) return normal;
  return "give the law a `mean` of its own beside the schedule" + (may_be_normal ? ", or " + normal : "");
}

[[nodiscard]] inline Findings check_spread(const std::string& path, const Distribution& law, const Number& number,
                                           Quantity quantity) {
  Findings found;
  const double mean = mean_of_law(number);
  const auto finite = [](auto... values) { return (std::isfinite(values) && ...); };
  const bool is_finite = std::visit(
      [&](const auto& spread) {
        using S = std::decay_t<decltype(spread)>;
        if constexpr (std::is_same_v<S, StandardDeviation>)
          return finite(spread.sd);
        else if constexpr (std::is_same_v<S, BetaParameters>)
          return finite(spread.alpha, spread.beta);
        else if constexpr (std::is_same_v<S, Range>)
          return finite(spread.low, spread.high);
        else
          return finite(spread.count);
      },
      law.spread);
  if (!is_finite) {
    found.error("distribution", path, "the spread is not finite", "give finite numbers");
    return found;
  }
  if (const auto refused = refusal(law, mean, quantity)) {
    found.error("distribution", path, *refused + " (mean " + shortest(mean) + ")", law_to_give(law, number, quantity));
    return found;
  }
  const auto implied = implied_mean(law.spread);
  if (implied && std::abs(*implied - mean) > 1e-6 * std::max(1.0, std::abs(mean))) {
    found.error("distribution", path, "its mean is " + shortest(*implied) + ", but mean is " + shortest(mean),
                "leave mean out, or make both agree");
  }
  const auto* given = std::get_if<StandardDeviation>(&law.spread);
  const bool may_be_share = given && given->sd > 0 && given->sd < 1 && given->sd < 0.002 * std::abs(mean);
  if (may_be_share && quantity != Quantity::probability) {
    found.warn("distribution", path,
               "an sd of " + shortest(given->sd) + " around " + shortest(mean) + " is hardly a spread",
               "an sd is in the number's own unit; if " + in_percent(given->sd) + " % of the mean was meant, write " +
                   shortest(given->sd * std::abs(mean)));
  }
  return found;
}

[[nodiscard]] inline Findings check_words(const std::string& path, Number number, Quantity quantity,
                                          AllowedWords words) {
  Findings found;
  put_usual_kinds(number, quantity);
  const std::array<std::pair<const char*, const std::optional<Distribution>*>, 3> laws{
      {{"uncertain", &number.uncertain}, {"differs", &number.differs}, {"varies", &number.varies}}};
  for (const auto& [word, law] : laws) {
    if (*law) found += check_spread(path + "." + word, **law, number, quantity);
  }
  if (number.differs && !words.differs) {
    found.error("word", path + ".differs", "differs is not allowed here",
                "it goes with probabilities, cash flows and referral rates of the model itself");
  }
  if (number.varies && !words.varies) {
    found.error("word", path + ".varies", "varies is not allowed here", "it goes with cash flows of the model itself");
  }
  return found;
}

[[nodiscard]] inline Findings check_course(const std::string& path, const Number& number, Quantity quantity,
                                           const Horizon& horizon, Period period) {
  Findings found;
  for (std::size_t t = 0; t < number.schedule.size(); ++t) {
    found += check_value(path + ".schedule", number.schedule[t], quantity);
    if (!found.errors.empty()) return found;
  }
  if (number.growth == 0) return found;
  found += check_growth(path + ".growth", number.growth, "0.02 for 2 % a year");
  if (!found.errors.empty()) return found;
  if (!number.schedule.empty()) {
    found.error("growth", path + ".growth", "a number has either a schedule or growth", "leave one of them out");
    return found;
  }
  const double last = horizon ? mean_at(number, std::max<std::int64_t>(0, *horizon - 1), period) : number.mean;
  const bool outgrows = horizon ? !admissible(last, quantity) : quantity == Quantity::probability && number.growth > 0;
  if (outgrows && number.mean != 0) {
    found.error("growth", path + ".growth",
                "it grows to " + (horizon ? shortest(last) + " by the end of the horizon" : "beyond 1 for ever"),
                allowed(quantity) + " in every period");
  }
  return found;
}

[[nodiscard]] inline Findings check_number(const std::string& path, const Number& number, Quantity quantity,
                                           AllowedWords words, const Horizon& horizon, Period period) {
  Findings found = check_value(path, number.mean, quantity);
  if (!found.errors.empty()) return found;
  found += check_words(path, number, quantity, words);
  found += check_course(path, number, quantity, horizon, period);
  return found;
}

/// All numbers that stand in a thing itself, by what their keys allow.
template <class Thing>
[[nodiscard]] Findings check_numbers(const std::string& path, const Thing& thing, const ModelDraft& draft) {
  Findings found;
  for_each_value(thing, [&]<class Value>(const auto& field, const Value& value) {
    if constexpr (is_number<Value>) {
      const Number* number = counts(field, thing) ? number_of(value) : nullptr;
      if (!number) return;
      found += check_number(path + "." + std::string{field.key}, *number, quantity_of(field, thing),
                            {field.may_differ, field.may_vary}, draft.horizon, draft.period);
    }
  });
  return found;
}

}  // namespace tenure::detail
