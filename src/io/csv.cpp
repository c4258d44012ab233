// Results as comma-separated values.

#include "tenure/io/csv.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/decide/optimize.hpp"
#include "tenure/decide/policy.hpp"
#include "tenure/decide/scenario_chain.hpp"
#include "tenure/decide/sensitivity.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/decide/uncertainty.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/io/unicode.hpp"
#include "tenure/model/model.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "result_views.hpp"
#include "tenure/chain/channels.hpp"

namespace tenure {

namespace {

/// The fewest digits that read back to the same double, without an exponent where a person would write none; empty for
/// what does not exist.
[[nodiscard]] std::string csv_number(const std::optional<double>& value) {
  if (!value) return {};
  if (!std::isfinite(*value)) throw std::logic_error{"a result is not a finite number"};
  const double size = std::abs(*value);
  const bool is_plain = size == 0 || (size >= 1e-5 && size < 1e15);
  char buffer[32];
  const auto end = is_plain ? std::to_chars(std::begin(buffer), std::end(buffer), *value, std::chars_format::fixed).ptr
                            : std::to_chars(std::begin(buffer), std::end(buffer), *value).ptr;
  return {std::begin(buffer), end};
}

/// A cell with the quotation marks that it needs.
[[nodiscard]] std::string in_quotation_marks(std::string_view cell) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) return std::string{cell};
  std::string quoted_cell = "\"";
  for (const char character : cell) {
    if (character == '"') quoted_cell += '"';
    quoted_cell += character;
  }
  return quoted_cell + "\"";
}

/// Whether a spreadsheet would take a text for a formula: blanks before it do not keep it from that, nor do the wide
/// and the small forms of its signs.
[[nodiscard]] bool is_formula(std::string_view cell) {
  constexpr char32_t signs[]{'=',    '+',    '-',    '@',    0x2212, 0xfe62, 0xfe63,
                             0xfe66, 0xfe6b, 0xff0b, 0xff0d, 0xff1d, 0xff20};
  constexpr std::string_view controls = "\t\r\n";
  if (cell.find_first_of(controls) == 0) return true;
  const std::vector<SeenCharacter> characters = characters_of(cell);
  const auto first = std::find_if(characters.begin(), characters.end(), [](const SeenCharacter& c) {
    return !detail::is_blank(c.code_point) && !c.hides && c.code_point >= ' ';
  });
  return first != characters.end() &&
         std::find(std::begin(signs), std::end(signs), first->code_point) != std::end(signs);
}

/// Collects lines; texts are defused, numbers never are.
class CsvWriter {
 public:
  explicit CsvWriter(CsvText text) : text_{text} {}

  CsvWriter& text(std::string_view cell) {
    if (text_ == CsvText::defused && is_formula(cell)) return cell_of("'" + std::string{cell});
    return cell_of(cell);
  }
  CsvWriter& number(const std::optional<double>& value) { return cell_of(csv_number(value)); }
  CsvWriter& whole(const std::optional<std::int64_t>& value) { return cell_of(value ? std::to_string(*value) : ""); }
  void end_line() {
    lines_ += '\n';
    at_start_ = true;
  }
  [[nodiscard]] std::string finished() && { return std::move(lines_); }

 private:
  CsvWriter& cell_of(std::string_view cell) {
    if (!at_start_) lines_ += ',';
    at_start_ = false;
    lines_ += in_quotation_marks(cell);
    return *this;
  }

  CsvText text_;
  std::string lines_{};
  bool at_start_ = true;
};

/// The tidy lines of one scenario: scenario,measure,name,period,value.
class TidyScenario {
 public:
  TidyScenario(CsvWriter& csv, std::string_view scenario) : csv_{csv}, scenario_{scenario} {}

  void add(std::string_view measure, std::string_view name, const std::optional<double>& value) {
    add(measure, name, std::nullopt, value);
  }
  void add_course(std::string_view measure, std::string_view name, const std::vector<double>& values) {
    for (std::size_t t = 0; t < values.size(); ++t) add(measure, name, static_cast<std::int64_t>(t), values[t]);
  }

 private:
  void add(std::string_view measure, std::string_view name, std::optional<std::int64_t> period,
           const std::optional<double>& value) {
    csv_.text(scenario_).text(measure).text(name).whole(period).number(value).end_line();
  }

  CsvWriter& csv_;
  std::string_view scenario_;
};

void add_business(TidyScenario& tidy, const ScenarioValue& valued) {
  tidy.add("customer_equity", "", business_figure(valued, &BusinessValue::customer_equity));
  tidy.add("investment", "", investment_of(valued));
  tidy.add("acquired", "", business_figure(valued, &BusinessValue::acquired));
  tidy.add("acquisition_cost", "", business_figure(valued, &BusinessValue::acquisition_cost));
  tidy.add("retention_rate", "", business_figure(valued, &BusinessValue::retention_rate));
}

void add_levers(TidyScenario& tidy, const Model& model, const ScenarioValue& valued) {
  for (std::size_t l = 0; l < model.levers().size(); ++l) {
    tidy.add("lever_spend", model.levers()[l].name, valued.spending.at(l));
    tidy.add("lever_investment", model.levers()[l].name, lever_investment(valued, l));
  }
}

void add_states(TidyScenario& tidy, const Model& model, const ScenarioValue& valued) {
  for (std::size_t i = 0; i < model.states().size(); ++i) {
    const std::string& name = model.states()[i].name;
    const StateValue& value = valued.value.states.at(i);
    tidy.add("clv", name, value.clv);
    tidy.add("clv_sd", name, value.clv_sd);
    tidy.add("clv_with_referrals", name, value.clv_with_referrals);
    tidy.add("expected_periods_as_customer", name, value.expected_periods_as_customer);
  }
}

void add_arrivals(TidyScenario& tidy, const Model& model, const ScenarioValue& valued) {
  if (!valued.value.business) return;
  const std::vector<std::string> channels = channel_names(model);
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const ChannelValue& channel = valued.value.business->channels.at(c);
    tidy.add("arrival_people", channels[c], channel.people);
    tidy.add("arrival_customer_equity", channels[c], channel.customer_equity);
    tidy.add("arrival_value_each", channels[c], channel.value_each);
  }
}

void add_segments(TidyScenario& tidy, const Model& model, const ScenarioValue& valued) {
  if (!valued.value.business) return;
  for (std::size_t s = 0; s < model.draft().segments.size(); ++s) {
    const std::string& name = model.draft().segments[s].name;
    const ChannelValue& arrivals = valued.value.segments.at(s).arrivals;
    tidy.add("segment_people", name, arrivals.people);
    tidy.add("segment_customer_equity", name, arrivals.customer_equity);
    tidy.add("segment_value_each", name, arrivals.value_each);
  }
}

void add_trace(TidyScenario& tidy, const Model& model, const ScenarioValue& valued) {
  const Trace* trace = trace_of(valued);
  if (!trace) return;
  tidy.add_course("cash_flow", "", trace->cash_flow);
  tidy.add_course("discounted_cash_flow", "", trace->discounted_cash_flow);
  tidy.add_course("spend", "", trace->spend);
  for (std::size_t i = 0; i < model.states().size(); ++i) {
    tidy.add_course("people", model.states()[i].name, trace->people.at(i));
  }
}

void add_comparison_head(CsvWriter& csv, const Model& model) {
  for (const std::string_view name :
       {"scenario", "reference", "customer_equity", "investment", "incremental_value", "return_on_investment",
        "payback_period", "acquired", "acquisition_cost", "retention_rate"}) {
    csv.text(name);
  }
  for (const Lever& lever : model.levers()) csv.text("spend: " + lever.name);
}

void add_compared(CsvWriter& csv, const Comparison& comparison, const ComparedScenario& compared) {
  const std::optional<Advantage>& advantage = compared.advantage;
  const BusinessValue& business = compared.business();
  csv.text(compared.valued.scenario.name)
      .text(compared.valued.scenario.name == comparison.reference ? "true" : "false")
      .number(business.customer_equity)
      .number(investment_of(compared.valued))
      .number(advantage ? std::optional{advantage->incremental_value} : std::nullopt)
      .number(advantage ? advantage->return_on_investment : std::nullopt)
      .whole(advantage ? advantage->payback_period : std::nullopt)
      .number(business.acquired)
      .number(business.acquisition_cost)
      .number(business.retention_rate);
  for (const double level : compared.valued.spending) csv.number(level);
}

}  // namespace

std::string to_csv(const Valuation& valuation, CsvText text) {
  CsvWriter csv{text};
  csv.text("scenario").text("measure").text("name").text("period").text("value").end_line();
  for (const ScenarioValue& valued : valuation.scenarios) {
    TidyScenario tidy{csv, valued.scenario.name};
    add_business(tidy, valued);
    if (detail::some_probability_differs(valuation.model)) tidy.add("quadrature_error", "", valued.quadrature_error);
    add_levers(tidy, valuation.model, valued);
    add_states(tidy, valuation.model, valued);
    add_arrivals(tidy, valuation.model, valued);
    add_segments(tidy, valuation.model, valued);
    add_trace(tidy, valuation.model, valued);
  }
  return std::move(csv).finished();
}

std::string to_csv(const Comparison& comparison, CsvText text) {
  CsvWriter csv{text};
  add_comparison_head(csv, comparison.model);
  csv.end_line();
  for (const ComparedScenario& compared : comparison.scenarios) {
    add_compared(csv, comparison, compared);
    csv.end_line();
  }
  return std::move(csv).finished();
}

std::string to_csv(const Simulation& simulation, CsvText text) {
  CsvWriter csv{text};
  for (const char* head : {"scenario", "measure", "share", "value", "low", "high"}) csv.text(head);
  csv.end_line();
  for (const SimulatedScenario& simulated : simulation.scenarios) {
    const auto add = [&](std::string_view measure, std::optional<double> share, std::optional<double> value,
                         std::optional<Interval> range) {
      csv.text(simulated.scenario.name).text(measure).number(share).number(value);
      csv.number(range ? std::optional{range->low} : std::nullopt)
          .number(range ? std::optional{range->high} : std::nullopt)
          .end_line();
    };
    add("mean", {}, simulated.mean.mean, {});
    add("standard_error", {}, simulated.mean.standard_error, {});
    add("exact_mean", {}, simulated.exact_mean, {});
    add("sd", {}, simulated.standard_deviation, {});
    add("skewness", {}, simulated.skewness, {});
    add("minimum", {}, simulated.minimum, {});
    add("maximum", {}, simulated.maximum, {});
    add("share_negative", {}, simulated.share_negative.mean, {});
    add("share_negative_standard_error", {}, simulated.share_negative.standard_error, {});
    for (const QuantileEstimate& quantile : simulated.quantiles)
      add("quantile", quantile.share, quantile.value.estimate, quantile.value);
    for (std::size_t k = 0; k < simulated.histogram.share.size(); ++k) {
      add("histogram", simulated.histogram.share[k], {},
          Interval{0, simulated.histogram.edges[k], simulated.histogram.edges[k + 1]});
    }
  }
  return std::move(csv).finished();
}

std::string to_csv(const SimulatedComparison& simulated, CsvText text) {
  CsvWriter csv{text};
  add_comparison_head(csv, simulated.comparison.model);
  for (const char* head : {"mean", "standard_error", "sd", "quantile_0.05", "quantile_0.5", "quantile_0.95",
                           "probability_best", "probability_best_standard_error", "incremental_mean",
                           "incremental_standard_error", "incremental_0.05", "incremental_0.5", "incremental_0.95"}) {
    csv.text(head);
  }
  csv.end_line();
  for (std::size_t k = 0; k < simulated.simulated.size(); ++k) {
    const ComparedScenario& compared = simulated.comparison.scenarios[k];
    const SimulatedBusiness& business = simulated.simulated[k];
    add_compared(csv, simulated.comparison, compared);
    csv.number(business.mean.mean).number(business.mean.standard_error).number(business.standard_deviation);
    for (const QuantileEstimate& quantile : business.quantiles) csv.number(quantile.value.estimate);
    csv.number(business.probability_best.mean).number(business.probability_best.standard_error);
    csv.number(business.incremental ? std::optional{business.incremental->mean} : std::nullopt);
    csv.number(business.incremental ? business.incremental->standard_error : std::nullopt);
    for (std::size_t q = 0; q < compared_quantiles.size(); ++q) {
      csv.number(business.incremental ? std::optional{business.incremental_quantiles[q].value.estimate} : std::nullopt);
    }
    csv.end_line();
  }
  return std::move(csv).finished();
}

std::string to_csv(const PolicyValue& policy, CsvText text) {
  const Model& model = policy.model;
  CsvWriter csv{text};
  for (const char* head : {"state", "segment", "age", "age_until", "market", "from", "until", "action", "value",
                           "advantage", "end_effect"})
    csv.text(head);
  csv.end_line();
  for (const PolicyRow& row : policy.rows) {
    const bool has_ages = model.states()[row.state].dwell.has_value();
    const auto age = [&](std::optional<std::size_t> periods) {
      return has_ages && periods ? std::optional{static_cast<std::int64_t>(*periods)} : std::nullopt;
    };
    csv.text(model.states()[row.state].name);
    csv.text(model.draft().segments.empty() ? "" : model.draft().segments[row.segment].name);
    csv.whole(age(row.age)).whole(age(row.age_until));
    csv.text(policy.regimes.empty() ? "" : policy.regimes[row.regime]);
    csv.whole(row.from).whole(row.until);
    csv.text(row.action ? model.actions()[*row.action].name : no_action_name);
    csv.number(row.value).number(row.advantage);
    csv.text(!row.end_effect ? "" : *row.end_effect ? "true" : "false");
    csv.end_line();
  }
  return std::move(csv).finished();
}

std::string to_csv(const Sensitivity& sensitivity, CsvText text) {
  CsvWriter csv{text};
  for (const char* head :
       {"number", "value", "derivative", "elasticity", "low", "high", "at_low", "at_high", "flips", "break_even"}) {
    csv.text(head);
  }
  csv.end_line();
  for (const NumberSensitivity& number : sensitivity.numbers) {
    csv.text(number.number.name).number(number.number.value).number(number.derivative).number(number.elasticity);
    csv.number(number.range.low).number(number.range.high).number(number.at_low).number(number.at_high);
    csv.text(!number.flips ? "" : *number.flips ? "true" : "false");
    csv.number(number.break_even ? number.break_even->value : std::nullopt).end_line();
  }
  return std::move(csv).finished();
}

std::string to_csv(const Uncertainty& result, CsvText text) {
  CsvWriter csv{text};
  for (const char* head : {"measure", "name", "point", "value", "standard_error"}) csv.text(head);
  csv.end_line();
  const auto add = [&](std::string_view measure, std::string_view name, std::optional<double> point,
                       std::optional<double> value, std::optional<double> error) {
    csv.text(measure).text(name).number(point).number(value).number(error).end_line();
  };
  const auto estimate = [&](std::string_view measure, std::string_view name, std::optional<double> point,
                            const std::optional<Estimate>& found) {
    add(measure, name, point, found ? std::optional{found->mean} : std::nullopt,
        found ? found->standard_error : std::nullopt);
  };
  for (const UncertainScenario& each : result.scenarios) {
    const std::string& name = each.scenario.name;
    add("at_means", name, {}, each.at_means, {});
    estimate("mean", name, {}, each.mean);
    add("sd", name, {}, each.standard_deviation, {});
    add("sd_from_chance", name, {}, each.chance, {});
    for (const auto& [share, value] : each.quantiles) add("quantile", name, share, value, {});
    estimate("probability_best", name, {}, each.probability_best);
    estimate("expected_loss", name, {}, each.expected_loss);
  }
  estimate("evpi", "", {}, result.evpi);
  for (const InformationValue& worth : result.evppi) estimate("evppi", worth.name, {}, worth.value);
  for (const InformationValue& worth : result.groups) estimate("group", worth.name, {}, worth.value);
  for (const PilotValue& worth : result.evsi)
    estimate("evsi", worth.pilot.number, static_cast<double>(worth.pilot.customers), worth.value);
  const Acceptability& curve = result.acceptability;
  for (std::size_t s = 0; s < result.scenarios.size(); ++s) {
    for (std::size_t p = 0; p < curve.points.size(); ++p) {
      add(acceptability_axis_names[static_cast<std::size_t>(curve.axis)], result.scenarios[s].scenario.name,
          curve.points[p], curve.probability_best[s][p], {});
    }
  }
  return std::move(csv).finished();
}

std::string to_csv(const Optimization& optimization, CsvText text) {
  CsvWriter csv{text};
  for (const char* head : {"question", "at", "lever", "kind", "spend", "share", "marginal_return", "customer_equity",
                           "incremental_value", "investment", "shadow_price"}) {
    csv.text(head);
  }
  csv.end_line();
  const auto add = [&](std::string_view question, std::optional<double> at, const OptimalPlan& plan) {
    for (std::size_t l = 0; l < plan.levers.size(); ++l) {
      const Lever& lever = optimization.model.levers()[l];
      csv.text(question).number(at).text(lever.name).text(name_of(lever.kind));
      csv.number(plan.levers[l].spend).number(plan.levers[l].share).number(plan.levers[l].marginal_return);
      csv.number(plan.customer_equity)
          .number(plan.incremental_value)
          .number(plan.investment)
          .number(plan.shadow_price)
          .end_line();
    }
  };
  add("best", optimization.best.budget, optimization.best);
  for (const OptimalPlan& plan : optimization.by_budget) add("budget", plan.budget, plan);
  for (const SharePoint& point : optimization.by_share) add("share_retention", point.share_retention, point.plan);
  return std::move(csv).finished();
}

}  // namespace tenure
