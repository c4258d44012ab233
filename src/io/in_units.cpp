// Which figures of a result are money.

#include "in_units.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tenure::display {

namespace {

/// Shows every amount of a result, and the power of money that it is: 2 for a variance.
class Amounts {
 public:
  explicit Amounts(std::function<void(double&, int)> show) : show_{std::move(show)} {}

  void of(double& amount, int power = 1) const { show_(amount, power); }
  template <class T>
  void of(std::optional<T>& one) const {
    if (one) of(*one);
  }
  template <class T>
  void of(std::vector<T>& all) const {
    for (T& each : all) of(each);
  }
  template <class... Parts>
  void of_all(Parts&... parts) const {
    (of(parts), ...);
  }

  void of(Estimate& of_mean) const { of_all(of_mean.mean, of_mean.standard_error); }
  void of(Interval& interval) const { of_all(interval.estimate, interval.low, interval.high); }
  void of(QuantileEstimate& quantile) const { of(quantile.value); }
  void of(EquityRisk& risk) const {
    of(risk.variance_from_people, 2);
    of(risk.variance_from_market, 2);
  }

  void of(StateValue& state) const { of_all(state.clv, state.clv_sd, state.clv_with_referrals); }
  void of(ChannelValue& channel) const { of_all(channel.customer_equity, channel.value_each); }
  void of(SegmentValue& segment) const { of_all(segment.states, segment.arrivals); }
  void of(Investment& investment) const { of_all(investment.total, investment.by_stream); }
  void of(Trace& trace) const { of_all(trace.cash_flow, trace.discounted_cash_flow, trace.spend); }
  void of(BusinessValue& business) const {
    of_all(business.customer_equity, business.risk, business.acquisition_cost, business.channels, business.trace);
  }
  void of(ExactValue& value) const {
    of_all(value.states, value.segments, value.investment, value.business, value.error_bound);
  }
  void of(ScenarioValue& valued) const { of_all(valued.spending, valued.value); }
  void of(Valuation& valuation) const { of(valuation.scenarios); }

  void of(Advantage& advantage) const { of(advantage.incremental_value); }
  void of(ComparedScenario& compared) const { of_all(compared.valued, compared.advantage); }
  void of(Comparison& comparison) const { of(comparison.scenarios); }

  void of(Reached& reached) const {
    if (!reached.precision || reached.precision->of_the_mean) return;
    of_all(reached.precision->error, reached.error);
  }
  void of(SimulatedScenario& one) const {
    of_all(one.spending, one.mean, one.exact_mean, one.standard_deviation, one.minimum, one.maximum, one.quantiles,
           one.histogram.edges, one.error, one.risk);
  }
  void of(Simulation& simulation) const { of_all(simulation.scenarios, simulation.reached); }
  void of(SimulatedBusiness& one) const {
    of_all(one.mean, one.standard_deviation, one.quantiles, one.incremental, one.incremental_quantiles);
  }
  void of(SimulatedComparison& simulated) const {
    of_all(simulated.comparison, simulated.simulated, simulated.reached);
  }

  void of(PolicyRow& row) const { of_all(row.value, row.advantage); }
  void of(FixedPolicy& fixed) const { of_all(fixed.customer_equity, fixed.value); }
  void of(SimulatedPolicy& lived) const { of_all(lived.mean, lived.standard_deviation, lived.exact_mean); }
  void of(PolicyValue& policy) const {
    of_all(policy.spending, policy.rows, policy.value, policy.customer_equity, policy.cost, policy.bound, policy.fixed,
           policy.simulated);
  }

  void of(NumberSensitivity& number) const { of_all(number.derivative, number.at_low, number.at_high); }
  void of(Touchpoint& touchpoint) const { of_all(touchpoint.value_rate, touchpoint.worth_of_a_point); }
  void of(WavelinePeriod& period) const { of(period.cash_flow); }
  void of(Sensitivity& sensitivity) const {
    of_all(sensitivity.value, sensitivity.versus_value, sensitivity.numbers, sensitivity.waveline.touchpoints,
           sensitivity.waveline.over_time);
  }

  void of(UncertainScenario& one) const {
    of_all(one.spending, one.at_means, one.mean, one.standard_deviation, one.chance, one.expected_loss);
    for (auto& [share, quantile] : one.quantiles) of(quantile);
  }
  void of(InformationValue& worth) const { of(worth.value); }
  void of(PilotValue& worth) const { of(worth.value); }
  void of(Uncertainty& result) const {
    of_all(result.scenarios, result.evpi, result.evppi, result.groups, result.evsi);
  }

  void of(LeverInPiece& piece) const { of_all(piece.level, piece.spend); }
  void of(LeverInPlan& lever) const { of_all(lever.pieces, lever.spend); }
  void of(OptimalPlan& plan) const {
    of_all(plan.budget, plan.levers, plan.customer_equity, plan.incremental_value, plan.investment,
           plan.best_other_use);
  }
  void of(SharePoint& point) const { of(point.plan); }
  void of(Optimization& optimization) const {
    of_all(optimization.equity_of_versus, optimization.target, optimization.best, optimization.by_budget,
           optimization.by_share);
  }

 private:
  std::function<void(double&, int)> show_;
};

struct Unit {
  double size = 1;
  std::string before_currency{};
  std::string alone{};
};

[[nodiscard]] Unit thousand_to_the(int power) {
  constexpr std::array<const char*, 5> prefixes{"", "k", "M", "bn", "tn"};
  constexpr std::array<const char*, 5> words{"", "thousands", "millions", "billions", "trillions"};
  Unit unit;
  for (int k = 0; k < power; ++k) unit.size *= 1000;
  const auto place = static_cast<std::size_t>(power);
  const bool has_name = place < prefixes.size();
  unit.before_currency = has_name ? prefixes[place] : "10^" + std::to_string(3 * power);
  unit.alone = has_name ? words[place] : unit.before_currency;
  return unit;
}

/// The smallest in which the largest amount has at most six digits before the point, where it has more than twelve.
[[nodiscard]] Unit readable(double largest) {
  int power = 0;
  if (largest >= 1e12) {
    for (; largest >= 1e6 && power < 100; largest /= 1000) ++power;
  }
  return thousand_to_the(power);
}

[[nodiscard]] Model with_unit(const Model& model, const Unit& unit) {
  ModelDraft draft = model.draft();
  draft.currency = draft.currency.empty() ? unit.alone : unit.before_currency + " " + draft.currency;
  return Model{std::move(draft)};
}

template <class Result>
[[nodiscard]] Model& model_of(Result& result) {
  return result.model;
}
[[nodiscard]] Model& model_of(SimulatedComparison& simulated) { return simulated.comparison.model; }

template <class Result>
[[nodiscard]] Result rescaled(Result result, MoneyScale scale) {
  Unit unit = thousand_to_the(scale == MoneyScale::millions ? 2 : 1);
  if (scale == MoneyScale::automatic) {
    double largest = 0;
    Amounts{[&](double& amount, int power) {
      if (power == 1) largest = std::max(largest, std::abs(amount));
    }}.of(result);
    unit = readable(largest);
  }
  if (unit.size == 1) return result;
  Amounts{[&](double& amount, int power) { amount /= power == 2 ? unit.size * unit.size : unit.size; }}.of(result);
  model_of(result) = with_unit(model_of(result), unit);
  return result;
}

}  // namespace

Valuation in_units(const Valuation& result, MoneyScale scale) { return rescaled(result, scale); }
Comparison in_units(const Comparison& result, MoneyScale scale) { return rescaled(result, scale); }
Simulation in_units(const Simulation& result, MoneyScale scale) { return rescaled(result, scale); }
SimulatedComparison in_units(const SimulatedComparison& result, MoneyScale scale) { return rescaled(result, scale); }
PolicyValue in_units(const PolicyValue& result, MoneyScale scale) { return rescaled(result, scale); }
Sensitivity in_units(const Sensitivity& result, MoneyScale scale) { return rescaled(result, scale); }
Uncertainty in_units(const Uncertainty& result, MoneyScale scale) { return rescaled(result, scale); }
Optimization in_units(const Optimization& result, MoneyScale scale) { return rescaled(result, scale); }

}  // namespace tenure::display
