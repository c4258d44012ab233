// The gradient by a model's numbers against central differences of its value, number by number, on 1,000 seeded models
// with everything in them; and against published and simple ones.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "property/random_model.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "tenure/decide/equity_gradient.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/model/builder.hpp"

namespace tenure::test::equity_gradients {

double equity_of(const ModelDraft& draft, const Spending& spending, std::size_t points = default_quadrature_points) {
  return exact_value(compile(Model{draft}, spending, points), {.trace = false}).business->customer_equity;
}

/// The slope at `at` of a smooth function, by central differences over h and h/2, extrapolated (Richardson 1911).
template <class Value>
double slope_of(Value value, double at, double h) {
  const auto difference = [&](double step) { return (value(at + step) - value(at - step)) / (2 * step); };
  return (4 * difference(h / 2) - difference(h)) / 3;
}

/// Whether a row's listed probabilities leave room for one of them to move.
bool has_room(const ModelNumber& number) {
  if (number.quantity != Quantity::probability) return true;
  return value_of(number.number) > 0.001 && value_of(number.number) < 0.999;
}

std::optional<double> slope_by_number(const ModelDraft& draft, const Spending& spending, const ModelNumber& number) {
  const double value = value_of(number.number);
  const double h = 1e-3 * (value != 0 ? std::abs(value) : 1);
  try {
    return slope_of([&](double at) { return equity_of(with_value(draft, number.place, at), spending); }, value, h);
  } catch (const ModelError&) {
    return std::nullopt;
  }
}

Spending some_spending(const ModelDraft& draft, Mixing& mixing) {
  Spending spending;
  for (std::size_t l = 0; l < draft.levers.size(); ++l)
    spending.push_back(mixing.chance(0.7) ? mixing.between(0.5, 40) : 0);
  return spending;
}

/// A seeded model, with a market, people of two segments and a state that lasts, some of the time.
ModelDraft whole_draft(std::uint64_t seed, Mixing& mixing) {
  ModelDraft draft = random_draft(seed);
  if (mixing.chance(0.4)) {
    draft.environment = Environment{{"calm", "war"}, "calm", {{0.8, 0.2}, {0.4, 0.6}}, {}};
    const Transition& moved = draft.transitions[mixing.below(draft.transitions.size())];
    draft.environment->effects.push_back({"war", MarketMovesTransition{moved.from, moved.to, 1.7}});
    draft.environment->effects.push_back({"war", MarketMovesCashFlow{"state 0", 0.6}});
    draft.environment->effects.push_back({"war", MarketMovesArrivals{draft.arrivals.front().name, 0.7}});
  }
  if (mixing.chance(0.4)) {
    const Transition& moved = draft.transitions.front();
    draft.segments = {{"a", 0.3, {}, {{"state 0", Number{20}}}}, {"b", 0.7, {}, {}}};
    draft.segments[0].transitions.push_back({moved.from, moved.to, Number{0.04}, Number{5}});
    if (!draft.levers.empty() && mixing.chance(0.5)) draft.levers[0].segments = {"a"};
  }
  return draft;
}

TEST_CASE("Equity gradient: the slopes by all numbers of 1,000 models are those of differences of their values",
          "[slow]") {
  Mixing mixing{4711};
  std::size_t compared = 0;
  std::size_t models = 0;
  for (std::uint64_t seed = 0; models < 1000; ++seed) {
    const ModelDraft draft = whole_draft(seed, mixing);
    const Spending spending = some_spending(draft, mixing);
    std::optional<Model> model;
    try {
      model.emplace(draft);
      (void)compile(*model, spending);
    } catch (const ModelError&) {
      continue;  // influences that cannot be combined
    }
    ++models;
    const EquityGradient derivatives = equity_gradient(*model, spending);
    const double value = equity_of(draft, spending);
    CHECK_THAT(derivatives.value, close_to_on_scale(value, 1 + std::abs(value), 1e-11));
    const std::vector<ModelNumber> numbers = numbers_of(draft);
    REQUIRE(derivatives.by_number.size() == numbers.size());
    for (int trial = 0; trial < 3; ++trial) {
      const std::size_t k = mixing.below(numbers.size());
      if (!has_room(numbers[k]) || !derivatives.by_number[k]) continue;
      const auto truth = slope_by_number(draft, spending, numbers[k]);
      if (!truth) continue;
      ++compared;
      INFO("seed " << seed << ", " << numbers[k].name << " " << value_of(numbers[k].number));
      const double size = std::max({1.0, std::abs(value), std::abs(*truth)});
      CHECK_THAT(*derivatives.by_number[k], close_to_on_scale(*truth, size, 2e-8));
    }
    for (std::size_t l = 0; l < spending.size(); ++l) {
      if (spending[l] == 0) continue;
      const bool is_smooth = draft.levers[l].effects.front().curve.shape != ResponseShape::table;
      const double truth = slope_of(
          [&](double level) {
            Spending nudged = spending;
            nudged[l] = level;
            return equity_of(draft, nudged);
          },
          spending[l], (is_smooth ? 1e-3 : 1e-6) * spending[l]);
      INFO("seed " << seed << ", spend on " << l);
      CHECK_THAT(derivatives.by_spend[l].value(),
                 close_to_on_scale(truth, std::max(std::abs(value), std::abs(truth)), is_smooth ? 1e-8 : 1e-6));
    }
    for (std::size_t a = 0; a < draft.arrivals.size(); ++a) {
      auto* once = std::get_if<ArriveOnce>(&draft.arrivals[a].flow);
      if (once == nullptr) continue;
      ModelDraft more = draft;
      std::get<ArriveOnce>(more.arrivals[a].flow).count += 1;
      INFO("seed " << seed << ", arrivals " << a);
      CHECK_THAT(derivatives.by_arrivals[a].value(),
                 close_to_on_scale(equity_of(more, spending) - value, 1 + std::abs(value), 1e-10));
    }
  }
  CHECK(compared > 2000);
}

/// Pfeifer and Carraway's customers, by recency; those who do not buy take the rest of their row.
ModelBuilder recency_model() {
  ModelBuilder builder{"Recency", Period::year, infinite_horizon, annual_rate(0.2)};
  builder.state("1", Stage::servicing, {.cash_flow = 36});
  for (const char* name : {"2", "3", "4"}) builder.state(name, Stage::servicing, {.cash_flow = -4});
  builder.state("gone", Stage::lost);
  const std::array<double, 4> buys{0.3, 0.2, 0.15, 0.05};
  const std::array<const char*, 5> names{"1", "2", "3", "4", "gone"};
  for (std::size_t i = 0; i < 4; ++i) {
    builder.transition(names[i], "1", buys[i]);
    builder.transition(names[i], names[i + 1], rest);
  }
  return builder;
}

TEST_CASE("Equity gradient: Pfeifer and Carraway 2000, derivatives of a new customer's value") {
  const Model model = recency_model().build();
  const EquityGradient derivatives = equity_gradient(model, Spending{}, StateIndex{0});
  CHECK_THAT(derivatives.value, prints_as(52.3196, 4));
  const std::vector<ModelNumber> numbers = numbers_of(model.draft());
  std::vector<double> by_buying;
  double by_margin = 0;
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    if (numbers[k].place.what == NumberOf::transition_probability)
      by_buying.push_back(derivatives.by_number[k].value());
    if (numbers[k].name == "state 1, cash_flow") by_margin = derivatives.by_number[k].value();
  }
  REQUIRE(by_buying.size() == 4);
  const std::array<double, 4> published{65.75374, 41.88559, 29.60279, 20.26374};
  for (std::size_t i = 0; i < 4; ++i) CHECK_THAT(by_buying[i], prints_as(published[i], 5));
  CHECK_THAT(by_margin, prints_as(1.687225, 6));
}

TEST_CASE("Equity gradient: in a full row the other outcomes give way in proportion") {
  ModelDraft draft = recency_model().build().draft();
  draft.transitions.push_back({"1", "3", Number{0.2}, 0});
  draft.transitions[1].probability = Number{0.5};  // 0.3, 0.5 and 0.2
  const Model model{draft};
  const EquityGradient derivatives = equity_gradient(model, Spending{}, StateIndex{0});
  const auto value_at = [&](double p) {
    ModelDraft moved = draft;
    moved.transitions[0].probability = Number{p};
    moved.transitions[1].probability = Number{0.5 * (1 - p) / 0.7};
    moved.transitions.back().probability = Number{0.2 * (1 - p) / 0.7};
    return exact_value(compile(Model{moved}, Spending{})).states[0].clv_with_referrals.value();
  };
  CHECK_THAT(derivatives.by_number[0].value(), close_to(slope_of(value_at, 0.3, 1e-3), 1e-9));
}

TEST_CASE("Equity gradient: probabilities and amounts that differ from person to person") {
  ModelDraft draft = recency_model().build().draft();
  draft.horizon = 12;
  auto& buys = std::get<Number>(draft.transitions[0].probability);
  buys.differs = Distribution{DistributionKind::beta, StandardDeviation{0.1}};
  draft.states[0].cash_flow.differs = Distribution{DistributionKind::gamma, StandardDeviation{9}};
  draft.arrivals = {{"web", "1", ArriveOnce{100}, 0, {}, {}}};
  const Model model{draft};
  const ScenarioChain compiled = scenario_chain(model, {});
  const EquityGradient derivatives = equity_gradient(model, {}, compiled);
  const std::vector<ModelNumber> numbers = numbers_of(draft);
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    const double value = value_of(numbers[k].number);
    if (value == 0) continue;
    const double truth =
        slope_of([&](double at) { return equity_of(with_value(draft, numbers[k].place, at), {}, compiled.points); },
                 value, 1e-3 * std::abs(value));
    INFO(numbers[k].name);
    CHECK_THAT(derivatives.by_number[k].value(), close_to_on_scale(truth, std::max(1.0, std::abs(truth)), 1e-7));
  }
}

TEST_CASE("Equity gradient: the slopes by spend levels, from 0 and above, of equity and of investment") {
  Mixing mixing{12};
  std::size_t compared = 0;
  for (std::uint64_t seed = 5000; seed < 5060; ++seed) {
    const ModelDraft draft = whole_draft(seed, mixing);
    const Spending spending = some_spending(draft, mixing);
    try {
      const Model model{draft};
      const SpendGradient derivatives = spend_gradient(model, spending);
      CHECK_THAT(derivatives.customer_equity, close_to(equity_of(draft, spending), 1e-8));
      for (std::size_t l = 0; l < spending.size(); ++l) {
        const bool is_smooth = draft.levers[l].effects.front().curve.shape == ResponseShape::exponential;
        if (!is_smooth) continue;
        const auto investment_at = [&](double level) {
          Spending nudged = spending;
          nudged[l] = level;
          return exact_value(compile(model, nudged)).investment.total;
        };
        const auto equity_at = [&](double level) {
          Spending nudged = spending;
          nudged[l] = level;
          return equity_of(draft, nudged);
        };
        const double h = 1e-3;
        const double at = std::max(spending[l], h);  // beside 0 the gradient is those to the right
        const double scale =
            std::max({1.0, std::abs(derivatives.customer_equity), std::abs(derivatives.equity_by_level[l])});
        const double allowed = spending[l] > 0 ? 1e-8 : 1e-2;
        INFO("seed " << seed << ", lever " << l << " at " << spending[l]);
        CHECK_THAT(derivatives.equity_by_level[l], close_to_on_scale(slope_of(equity_at, at, h), scale, allowed));
        CHECK_THAT(derivatives.investment_by_level[l],
                   close_to_on_scale(slope_of(investment_at, at, h), scale, allowed));
        ++compared;
      }
    } catch (const ModelError&) {
      continue;
    }
  }
  CHECK(compared > 40);
}

}  // namespace tenure::test::equity_gradients
