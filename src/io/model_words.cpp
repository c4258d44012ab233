// Parts of a model in words.

#include "model_words.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "figures.hpp"
#include "text_width.hpp"

namespace tenure::display {

namespace {

[[nodiscard]] std::string with_spread(std::string_view word, const Distribution& law, double mean) {
  return fmt::format("{}, ±{:.3g}", word, standard_deviation(law, mean));
}

}  // namespace

std::string named(std::string_view name) { return "“" + printable(name) + "”"; }

std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t k = 0; k < items.size(); ++k) {
    if (k > 0) text += k + 1 < items.size() ? ", " : " and ";
    text += items[k];
  }
  return text;
}

std::string currency_of(const Model& model) { return printable(model.currency()); }

std::string horizon_in_words(const Model& model) {
  if (!model.horizon()) return "for ever";
  const std::string periods = counted(*model.horizon(), name_of(model.period()));
  const std::string span = span_in_words(*model.horizon(), model.period());
  return *model.horizon() == 0 || span == periods ? periods : periods + " (" + span + ")";
}

std::string discounting_in_words(const Model& model) {
  const double rate = model.draft().discount_rate;
  return rate == 0 ? "not discounted" : fmt::format("discounted at {} % a year", as_written(100 * rate));
}

std::string results_in_words(const Model& model) {
  const std::string time = model.horizon() ? "Over " + horizon_in_words(model) : "For ever";
  const std::string text = time + ", " + discounting_in_words(model);
  const std::string currency = currency_of(model);
  return text + (currency.empty() ? ". Amounts are what they are worth today."
                                  : ". Amounts are in " + currency + ", as worth today.");
}

std::string window_in_words(std::int64_t from, const std::optional<std::int64_t>& until, Period period) {
  const std::string_view unit = name_of(period);
  if (until && *until == from + 1) return fmt::format("in {} {} only", unit, from);
  if (until && from == 0) return fmt::format("until {} {}", unit, *until - 1);
  if (until) return fmt::format("from {} {} to {} {}", unit, from, unit, *until - 1);
  return from == 0 ? std::string{} : fmt::format("from {} {} on", unit, from);
}

std::string peculiarities(const Number& number, Period period) {
  std::vector<std::string> words;
  if (number.schedule.size() > 1) {
    words.push_back(fmt::format("by a schedule of {}, ending at {}",
                                counted(static_cast<std::int64_t>(number.schedule.size()), name_of(period)),
                                as_written(number.schedule.back())));
  }
  if (grows(number)) {
    words.push_back(fmt::format("{} {} % a year", number.growth > 0 ? "grows" : "shrinks",
                                as_written(100 * std::abs(number.growth))));
  }
  if (number.uncertain) words.push_back(with_spread("uncertain", *number.uncertain, mean_of_law(number)));
  if (number.differs) words.push_back(with_spread("differs between customers", *number.differs, mean_of_law(number)));
  if (number.varies) words.push_back(with_spread("varies each time", *number.varies, mean_of_law(number)));
  return listed(words);
}

std::vector<std::size_t> states_by_stage(const Model& model) {
  std::vector<std::size_t> order(model.states().size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return model.states()[a].stage < model.states()[b].stage; });
  return order;
}

std::vector<std::string> money_head(std::vector<std::string> lines, const Model& model) {
  constexpr std::size_t widest = 10;
  const std::string currency = currency_of(model);
  if (!currency.empty() && width_of(currency) <= widest) lines.push_back(currency);
  return lines;
}

}  // namespace tenure::display
