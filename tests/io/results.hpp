#pragma once
// Results to write out: a shop whose figures can be computed by hand, and comparisons whose figures are simply said.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tenure/decide/compare.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test {

/// Four guests bring 40 a month; half of them leave, with letters for 2 each 0.375 of them. Nothing is discounted, two
/// months count: 4·40·1.5 = 240 without letters, 4·38·1.625 = 247 with them, which cost 13.
[[nodiscard]] inline ModelBuilder shop() {
  ModelBuilder builder{"Shop", Period::month, Horizon{2}};
  builder.currency("EUR")
      .state("guest", Stage::servicing, {.cash_flow = 40})
      .state("gone", Stage::lost)
      .transition("guest", "gone", 0.5)
      .arrivals("guest", once(4), {.name = "door"})
      .lever({.name = "letters",
              .while_in = {"guest"},
              .effects = {moves_transition("guest", "gone").towards(0.25).half_spend(2)}})
      .scenario("baseline", {})
      .scenario("write", {{"letters", 2.0}}, "By hand");
  return builder;
}

/// What is said of a scenario.
struct Said {
  std::string name;
  double equity = 0;
  double investment = 0;
  std::optional<double> return_on_investment{};
  std::optional<std::int64_t> payback_period{};
};

/// A model with time as given and nothing in it that a comparison of said figures would read.
[[nodiscard]] inline Model timed(Period period, Horizon horizon, std::string currency = "USD") {
  return ModelBuilder{"Shop", period, horizon, annual_rate(0.1)}
      .currency(std::move(currency))
      .state("guest", Stage::servicing)
      .state("gone", Stage::lost)
      .transition("guest", "gone", 0.5)
      .arrivals("guest", once(1))
      .build();
}

/// The first scenario is the reference.
[[nodiscard]] inline Comparison said(const Model& model, const std::vector<Said>& scenarios) {
  Comparison comparison{model, 1, scenarios.front().name, {}};
  for (const Said& one : scenarios) {
    ScenarioValue valued;
    valued.scenario.name = one.name;
    valued.spending.assign(model.levers().size(), 0.0);
    valued.value.investment.total = one.investment;
    valued.value.investment.by_stream.assign(model.levers().size(), 0.0);
    valued.value.business = BusinessValue{.customer_equity = one.equity};
    std::optional<Advantage> advantage;
    if (!comparison.scenarios.empty()) {
      advantage = Advantage{one.equity - scenarios.front().equity, one.return_on_investment, one.payback_period};
    }
    comparison.scenarios.push_back({std::move(valued), advantage});
  }
  return comparison;
}

/// A text line by line, without the newlines.
[[nodiscard]] inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines{""};
  for (const char character : text) {
    if (character == '\n')
      lines.emplace_back();
    else
      lines.back() += character;
  }
  lines.pop_back();
  return lines;
}

/// Characters of UTF-8; as wide as the text where no character is wide or without width.
[[nodiscard]] inline std::size_t characters_in(const std::string& text) {
  std::size_t count = 0;
  for (const char character : text) count += (static_cast<unsigned char>(character) & 0xc0) != 0x80;
  return count;
}

}  // namespace tenure::test
