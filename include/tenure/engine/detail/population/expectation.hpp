#pragma once
// What a simulation is expected to give, period by period, before any of it is drawn. It tells how far an infinite
// horizon must be followed, refuses a population that grows beyond what can be counted, and gives the centres about
// which deviations are summed.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tenure/chain/chain.hpp"
#include "tenure/engine/detail/exact/accounts.hpp"
#include "tenure/engine/detail/exact/trace.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/quantity/elementary.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

/// People at one time in one replicate: counts are doubles, and whole numbers below 2^53 are exact in them.
inline constexpr double people_counted = 0x1p52;
/// The same in expectation, so that what is drawn may exceed it; with room for the rounding of sums.
inline constexpr double people_expected = 1e15 * (1 + 1e-9);

[[noreturn]] inline void refuse_crowd() {
  throw LimitError{{{"population",
                     "arrivals",
                     "there would be more than 10^15 people at one time, too many to be counted one by one",
                     "shorten the horizon, lower growth or referral rates, or let one person stand for many",
                     {}}}};
}

/// Money of one period, so large that cubes of what many periods sum to are still finite.
inline constexpr double money_summed = 1e95;

inline void refuse_unless_summable(double cash_flow, double discounted_cash_flow, double spend) {
  if (!(std::abs(cash_flow) + std::abs(discounted_cash_flow) + std::abs(spend) <= money_summed)) refuse_overflow();
}

[[nodiscard]] inline Timeline<std::vector<double>> with_each(const Timeline<std::vector<double>>& timeline,
                                                             double (*change)(double)) {
  std::vector<std::vector<double>> distinct = timeline.distinct();
  for (std::vector<double>& numbers : distinct) {
    for (double& number : numbers) number = change(number);
  }
  return {std::move(distinct), timeline.course(), timeline.repeats_from()};
}

/// The same people, who gain whatever moves: all cash flows and spend, whatever their sign.
[[nodiscard]] inline Chain chain_of_magnitudes(Chain chain) {
  const auto magnitude = [](double amount) { return std::abs(amount); };
  const auto cost_as_gain = [](double amount) { return -std::abs(amount); };
  chain.cash_flow = with_each(chain.cash_flow, magnitude);
  chain.transition_cash_flow = with_each(chain.transition_cash_flow, magnitude);
  chain.spend = with_each(chain.spend, cost_as_gain);
  for (SpendStream& stream : chain.spend_streams) stream.level = cost_as_gain(stream.level);
  return chain;
}

/// The share of all money that ever moves, discounted, which may be left out at the end of an infinite horizon.
inline constexpr double negligible_remainder = 1e-9;

/// How many periods are simulated: the horizon, or so many that what moves after them is negligible. That is proved by
/// the exact engine, which knows the whole of it. Throws DivergentError where there is no whole.
[[nodiscard]] inline std::int64_t periods_to_simulate(const Chain& chain) {
  if (chain.horizon) return *chain.horizon;
  const Chain magnitudes = chain_of_magnitudes(chain);
  const double whole = exact_value(magnitudes, {.trace = false}).business->customer_equity;
  CompensatedSum moved;
  DoubleDouble discount{1};
  RegimeCounts count{magnitudes};
  for (std::int64_t t = 0; t < limits::settling_periods; ++t) {
    if (whole - moved.value() <= negligible_remainder * whole) return t;
    count.arrive(t);
    moved.add(count.flows(t, discount.rounded()).discounted_cash_flow);
    count.step_forward(t);
    discount = discount * DoubleDouble{chain.discount_factor};
  }
  throw LimitError{{{"horizon",
                     "model.horizon",
                     "what happens after a million periods still matters, and a population cannot be followed for ever",
                     "give a finite horizon",
                     {}}}};
}

/// Which figure of a period is which: those of money first, then the people in each state.
enum Figure : std::uint8_t { cash_flow_figure, discounted_cash_flow_figure, spend_figure, people_figures };

struct Expectation {
  double customer_equity = 0;
  double investment = 0;
  std::vector<double> figures{};  ///< of period after period; empty if not asked for
};

[[nodiscard]] inline Expectation expectation(const Chain& chain, std::int64_t periods, bool with_figures) {
  Expectation expected;
  CompensatedSum equity, investment;
  DoubleDouble discount{1};
  RegimeCounts count{chain};
  for (std::int64_t t = 0; t < periods; ++t) {
    count.arrive(t);
    const std::vector<double> in_states = count.people();
    double people = 0;
    for (const double in_state : in_states) people += in_state;
    if (!(people <= people_expected)) refuse_crowd();
    const PeriodFlows flows = count.flows(t, discount.rounded());
    refuse_unless_summable(flows.cash_flow, flows.discounted_cash_flow, flows.spend);
    equity.add(flows.discounted_cash_flow);
    investment.add_product(discount.rounded(), flows.spend);
    if (with_figures) {
      expected.figures.insert(expected.figures.end(), {flows.cash_flow, flows.discounted_cash_flow, flows.spend});
      expected.figures.insert(expected.figures.end(), in_states.begin(), in_states.end());
    }
    count.step_forward(t);
    discount = discount * DoubleDouble{chain.discount_factor};
  }
  expected.customer_equity = equity.value();
  expected.investment = investment.value();
  return expected;
}

}  // namespace tenure::detail
