// What a lever is and what it can change, in words.

#include "lever_words.hpp"

#include <variant>

#include <fmt/format.h>

#include "figures.hpp"
#include "lever_views.hpp"
#include "model_words.hpp"
#include "text_width.hpp"

namespace tenure::display {

namespace {

[[nodiscard]] std::string names_in_words(const std::vector<std::string>& names) {
  std::vector<std::string> shown;
  for (const std::string& name : names) shown.push_back(printable(name));
  return listed(shown);
}

[[nodiscard]] std::string target_in_words(const EffectTarget& target) {
  if (const auto* row = std::get_if<TransitionTarget>(&target)) {
    return "the transition " + printable(row->from) + " → " + printable(row->to);
  }
  if (const auto* cash = std::get_if<CashFlowTarget>(&target)) return "the cash flow of " + printable(cash->state);
  if (const auto* referred = std::get_if<ReferralTarget>(&target)) {
    return "the referrals " + printable(referred->from) + " → " + printable(referred->to);
  }
  if (const auto* arrivals = std::get_if<ArrivalsTarget>(&target)) return "the arrivals " + printable(arrivals->name);
  return "how fast people leave " + printable(std::get<DwellTarget>(target).state);
}

/// In the unit of what is moved.
[[nodiscard]] std::string value_in_words(const Model& model, const EffectTarget& target, double value) {
  if (std::holds_alternative<CashFlowTarget>(target)) return money(value, currency_of(model));
  const bool is_multiple =
      std::holds_alternative<ArrivalsTarget>(target) || std::holds_alternative<DwellTarget>(target);
  return as_written(value) + (is_multiple ? " ×" : "");
}

/// By segment where they differ.
[[nodiscard]] std::string today_in_words(const Model& model, const EffectTarget& target,
                                         const std::vector<ValueToday>& values) {
  if (are_alike(values)) return value_in_words(model, target, values.front().value);
  std::vector<std::string> each;
  for (const ValueToday& today : values) {
    each.push_back(value_in_words(model, target, today.value) + " (" +
                   printable(model.draft().segments[today.segment].name) + ")");
  }
  return listed(each);
}

[[nodiscard]] std::string amount_in_words(const Model& model, const Lever& lever, double spend) {
  const std::string currency = currency_of(model);
  return as_written(spend) + (currency.empty() ? " " : " " + currency + " ") + spend_unit(model, lever);
}

[[nodiscard]] std::string points_in_words(const Model& model, const Lever& lever,
                                          const std::vector<ResponsePoint>& points) {
  std::vector<std::string> steps;
  for (std::size_t k = 1; k < points.size(); ++k) {
    steps.push_back(
        fmt::format("{} % of the way at {}", as_written(100 * points[k].share), as_written(points[k].spend)));
  }
  const std::string currency = currency_of(model);
  return listed(steps) + (currency.empty() ? " " : " " + currency + " ") + spend_unit(model, lever);
}

[[nodiscard]] std::string curve_in_words(const Model& model, const Lever& lever, const LeverEffect& effect) {
  if (effect.curve.shape == ResponseShape::table) return points_in_words(model, lever, effect.curve.points);
  std::string text = "half way at " + amount_in_words(model, lever, mean_at(effect.half_spend, 0, model.period()));
  if (effect.curve.shape == ResponseShape::hill) {
    const double steepness = effect.curve.steepness;
    text += fmt::format(" ({}hill of steepness {})", steepness > 1 ? "S-shaped, " : "", as_written(steepness));
  }
  const std::string more = peculiarities(effect.half_spend, model.period());
  return text + (more.empty() ? "" : " (" + more + ")");
}

}  // namespace

std::string spend_unit(const Model& model, const Lever& lever) {
  const std::string period{name_of(model.period())};
  return lever.spend_per == SpendPer::customer ? "per customer and " + period : "per " + period;
}

std::string lever_in_words(const Model& model, const Lever& lever) {
  std::string text = printable(lever.label);
  if (lever.label != lever.name) text += " (" + named(lever.name) + ")";
  text += ": " + std::string{name_of(lever.kind)} + ", spent " + spend_unit(model, lever);
  if (lever.spend_per == SpendPer::customer) text += " in " + names_in_words(lever.while_in);
  if (!lever.segments.empty()) text += ", segments " + names_in_words(lever.segments) + " only";
  const std::string window = window_in_words(lever.from, lever.until, model.period());
  if (!window.empty()) text += ", " + window;
  if (lever.carry_over > 0) {
    text += fmt::format("; {} % of the effect carries over from {} to {}", as_written(100 * lever.carry_over),
                        name_of(model.period()), name_of(model.period()));
  }
  return text;
}

std::string effect_in_words(const Model& model, const std::vector<std::vector<CompletedRow>>& rows, const Lever& lever,
                            const LeverEffect& effect) {
  const std::string more = peculiarities(effect.limit, model.period());
  return fmt::format("moves {} from {} towards {}{}; {}", target_in_words(effect.target),
                     today_in_words(model, effect.target, values_today(model, rows, lever, effect.target)),
                     value_in_words(model, effect.target, mean_at(effect.limit, 0, model.period())),
                     more.empty() ? "" : " (" + more + ")", curve_in_words(model, lever, effect));
}

}  // namespace tenure::display
