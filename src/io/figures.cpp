// Numbers for people.

#include "figures.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace tenure::display {

namespace {

constexpr double too_large_to_read = 1e15;
constexpr int all_decimals = 99;
constexpr int most_decimals = 9;

[[nodiscard]] double largest(std::span<const double> values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}

/// 1000 for -3 decimals.
[[nodiscard]] double place_of(int decimals) {
  double place = 1;
  for (; decimals < 0; ++decimals) place *= 10;
  return place;
}

[[nodiscard]] bool are_whole(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return value == std::floor(value); });
}

/// "1234567.5" with commas; a number that rounds to 0 has no sign.
[[nodiscard]] std::string with_commas(std::string digits) {
  const bool is_negative = digits.starts_with('-');
  if (is_negative) digits.erase(0, 1);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  for (std::size_t place = point; place > 3; place -= 3) digits.insert(place - 3, 1, ',');
  const bool is_zero = digits.find_first_of("123456789") == std::string::npos;
  return is_negative && !is_zero ? "-" + digits : digits;
}

[[nodiscard]] std::vector<double> existing(const Figures& values) {
  std::vector<double> some;
  for (const std::optional<double>& value : values) {
    if (value) some.push_back(*value);
  }
  return some;
}

/// A column whose numbers are rounded alike, and each to what its error allows.
template <class Write>
[[nodiscard]] std::vector<std::string> written_within(const Figures& values, const Figures& errors, Rounding rounding,
                                                      Write write) {
  int least = all_decimals;
  for (const std::optional<double>& error : errors) least = std::min(least, decimals_within(error.value_or(0)));
  if (!rounding.scientific) rounding.decimals = std::min(rounding.decimals, std::max(0, least));
  std::vector<std::string> texts;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const double error = errors[k].value_or(0);
    texts.push_back(values[k] ? write(rounded_to(*values[k], error), rounding) : std::string{dash});
  }
  return texts;
}

/// So many digits from the first one on, at least to the point; no exponent.
[[nodiscard]] std::string in_digits(double value, int digits) {
  const double size = std::abs(value);
  if (!(size > 0)) return "0";
  if (size >= too_large_to_read || size < 1e-9) return fmt::format("{:.{}e}", value, digits - 1);
  const int decimals = decimals_within(size) + digits - 1;
  const double place = place_of(decimals);
  return with_commas(
      fmt::format("{:.{}f}", decimals < 0 ? std::round(value / place) * place : value, std::max(0, decimals)));
}

template <class Write>
[[nodiscard]] std::vector<std::string> written(const Figures& values, Write write) {
  std::vector<std::string> texts;
  for (const std::optional<double>& value : values) texts.push_back(value ? write(*value) : std::string{dash});
  return texts;
}

/// Whether every two shares that differ visibly are written differently.
[[nodiscard]] bool tells_apart(std::span<const double> shares, Rounding rounding) {
  std::set<std::string> exact;
  std::set<std::string> rounded;
  for (const double share : shares) {
    exact.insert(percent(share, {3}));
    rounded.insert(percent(share, rounding));
  }
  return rounded.size() == exact.size();
}

/// Calendar time in whole years and months, or in the period itself where that is shorter.
struct Calendar {
  std::int64_t years = 0;
  std::int64_t months = 0;
  std::int64_t others = 0;  ///< weeks or days
  std::string_view other{};
  bool is_exact = true;
};

[[nodiscard]] Calendar calendar(std::int64_t periods, Period period) {
  constexpr std::int64_t countable_weeks = 13;
  constexpr std::int64_t countable_days = 60;
  if (period == Period::week && periods < countable_weeks) return {.others = periods, .other = "week"};
  if (period == Period::day && periods < countable_days) return {.others = periods, .other = "day"};
  const PeriodsPerYear year = periods_per_year(period);
  const double exact = static_cast<double>(periods) * 12 * year.denominator / year.numerator;
  const auto months = static_cast<std::int64_t>(std::floor(exact + 0.5));
  return {.years = months / 12, .months = months % 12, .is_exact = exact == static_cast<double>(months)};
}

[[nodiscard]] std::string joined(std::string text, std::string_view between, const std::string& more) {
  return text.empty() ? more : std::move(text) + std::string{between} + more;
}

}  // namespace

Rounding rounding_for(std::span<const double> amounts) {
  double most = largest(amounts);
  if (most >= too_large_to_read) return {.decimals = 3, .scientific = true};
  if (most >= 10'000 || are_whole(amounts)) return {};
  int decimals = 2;
  for (; most < 1 && decimals < most_decimals; most *= 10) ++decimals;
  return most < 1 ? Rounding{.decimals = 3, .scientific = true} : Rounding{.decimals = decimals};
}

int decimals_within(double error) {
  if (!(error > 0) || !std::isfinite(error)) return all_decimals;
  int decimals = 0;
  for (; error >= 10; error /= 10) --decimals;
  for (; error < 1 && decimals < all_decimals; error *= 10) ++decimals;
  return decimals;
}

double rounded_to(double value, double error) {
  const int decimals = decimals_within(error);
  if (decimals >= 0) return value;  // its decimals are cut where it is written
  const double place = place_of(decimals);
  return std::round(value / place) * place;
}

Rounding rounding_for(double amount) { return rounding_for(std::span{&amount, 1}); }

Rounding people_rounding_for(std::span<const double> counts) {
  const double most = largest(counts);
  return most >= 100 && most < too_large_to_read ? Rounding{} : rounding_for(counts);
}

Rounding percent_rounding_for(std::span<const double> shares) {
  const double most = largest(shares);
  if (most >= too_large_to_read) return {.decimals = 3, .scientific = true};
  Rounding rounding{.decimals = most >= 1.5 ? 0 : 1};
  while (rounding.decimals < 3 && !tells_apart(shares, rounding)) ++rounding.decimals;
  return rounding;
}

std::string figure(double value, Rounding rounding) {
  if (rounding.scientific) return value == 0 ? "0" : fmt::format("{:.{}e}", value, rounding.decimals);
  return with_commas(fmt::format("{:.{}f}", value, rounding.decimals));
}

std::string percent(double share, Rounding rounding) { return figure(100 * share, rounding) + " %"; }

std::string figure(double value) { return figure(value, rounding_for(value)); }

std::string percent(double share) { return percent(share, percent_rounding_for(std::span{&share, 1})); }

std::string head_count(double people) { return figure(people, people_rounding_for(std::span{&people, 1})); }

std::string money(double amount, std::string_view currency, double error) {
  return figures({amount}, {error}).front() + (currency.empty() ? "" : " " + std::string{currency});
}

std::string in_four_digits(double value) { return in_digits(value, 4); }

std::string in_two_digits(double value) { return in_digits(value, 2); }

std::string error_percent(double share) { return in_digits(100 * share, 1) + " %"; }

std::string as_written(double value) {
  if (std::abs(value) >= 100'000) return figure(value);
  const std::string text = fmt::format("{:.6g}", value);
  if (text.find('e') == std::string::npos) return with_commas(text);
  const std::string plain = in_digits(value, 6);  // small, and still readable
  return plain.find('e') == std::string::npos ? plain.substr(0, plain.find_last_not_of('0') + 1) : text;
}

std::vector<std::string> figures(const Figures& values) {
  const Rounding rounding = rounding_for(existing(values));
  return written(values, [&](double value) { return figure(value, rounding); });
}

std::vector<std::string> percents(const Figures& shares) {
  const Rounding rounding = percent_rounding_for(existing(shares));
  return written(shares, [&](double share) { return percent(share, rounding); });
}

std::vector<std::string> head_counts(const Figures& people) {
  const Rounding rounding = people_rounding_for(existing(people));
  return written(people, [&](double count) { return figure(count, rounding); });
}

std::vector<std::string> figures(const Figures& values, const Figures& errors) {
  return written_within(values, errors, rounding_for(existing(values)),
                        [](double value, Rounding rounding) { return figure(value, rounding); });
}

std::vector<std::string> percents(const Figures& shares, const Figures& errors) {
  const auto in_percent = [](const Figures& some) {
    Figures hundredfold;
    for (const std::optional<double>& one : some) hundredfold.push_back(one ? std::optional{100 * *one} : one);
    return hundredfold;
  };
  return written_within(in_percent(shares), in_percent(errors), percent_rounding_for(existing(shares)),
                        [](double value, Rounding rounding) { return figure(value, rounding) + " %"; });
}

std::vector<std::string> head_counts(const Figures& people, const Figures& errors) {
  return written_within(people, errors, people_rounding_for(existing(people)),
                        [](double value, Rounding rounding) { return figure(value, rounding); });
}

std::vector<std::string> errors_of(const Figures& errors) {
  std::vector<std::string> texts;
  for (const std::optional<double>& error : errors) texts.push_back(error ? in_two_digits(*error) : std::string{dash});
  return texts;
}

Figures errors_within(const Figures& values, double share_of_largest) {
  return Figures(values.size(), share_of_largest * largest(existing(values)));
}

std::string counted(std::int64_t count, std::string_view thing) {
  return fmt::format("{} {}{}", with_commas(std::to_string(count)), thing, count == 1 ? "" : "s");
}

std::string span_in_words(std::int64_t periods, Period period) {
  const Calendar time = calendar(periods, period);
  if (!time.other.empty()) return counted(time.others, time.other);
  std::string text;
  if (time.years > 0) text = counted(time.years, "year");
  if (time.months > 0 || time.years == 0) text = joined(std::move(text), " and ", counted(time.months, "month"));
  return (time.is_exact ? "" : "about ") + text;
}

std::string span_in_short(std::int64_t periods, Period period) {
  const Calendar time = calendar(periods, period);
  if (!time.other.empty()) return fmt::format("{} {}", time.others, time.other.front());
  std::string text;
  if (time.years > 0) text = fmt::format("{} y", with_commas(std::to_string(time.years)));
  if (time.months > 0 || time.years == 0) text = joined(std::move(text), " ", fmt::format("{} m", time.months));
  return text;
}

}  // namespace tenure::display
