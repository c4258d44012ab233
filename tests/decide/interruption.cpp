// Long questions can be called off wherever they are, and ask about it often and in the calling thread alone.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "model/full_draft.hpp"
#include "property/random_model.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/decide/optimize.hpp"
#include "tenure/decide/policy.hpp"
#include "tenure/decide/sensitivity.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/decide/uncertainty.hpp"
#include "tenure/decide/value.hpp"

namespace tenure::test::interruption {

/// Says stop when it is asked for the k-th time, and counts.
class StopAt {
 public:
  explicit StopAt(std::size_t k) : at_{k} {}
  [[nodiscard]] Interrupted asked() {
    return [this] {
      CHECK(std::this_thread::get_id() == here_);
      return ++asked_ >= at_;
    };
  }
  [[nodiscard]] std::size_t count() const { return asked_; }

 private:
  std::size_t at_;
  std::size_t asked_ = 0;
  std::thread::id here_ = std::this_thread::get_id();
};

constexpr std::size_t never = ~std::size_t{0};

Model some_model() {
  ModelDraft draft = full_draft();
  draft.transitions[2].probability = Number{0.05};
  std::get<Number>(draft.transitions[2].probability).uncertain =
      Distribution{DistributionKind::beta, StandardDeviation{0.01}};
  draft.levers.pop_back();
  return Model{draft};
}

/// Calls the question off at its first, second, … time of asking; it must answer in part, or say that it was called
/// off, and not ask again. Returns how often it asks if it is left alone: with several threads that is a matter of luck
/// but for the first times.
std::size_t check_called_off(const std::function<bool(const Interrupted&)>& is_complete, std::size_t most = never) {
  StopAt alone{never};
  CHECK(is_complete(alone.asked()));
  for (std::size_t k = 1; k <= std::min(most, alone.count()); k = k < 4 ? k + 1 : k + k / 2) {
    CAPTURE(k, alone.count());
    StopAt stop{k};
    try {
      const bool complete = is_complete(stop.asked());
      CHECK_FALSE(complete);
    } catch (const InterruptedError& error) {
      CHECK(error.problems().front().code == "interrupted");
    }
    CHECK(stop.count() == k);
  }
  return alone.count();
}

TEST_CASE("Interruption: value stops within a scenario, and tells of those that are finished") {
  const Model model = some_model();
  const Valuation whole = value(model);
  const std::size_t asked = check_called_off([&](const Interrupted& interrupted) {
    const Valuation result = value(model, all_scenarios(model), {}, interrupted);
    CHECK(result.complete == (result.scenarios.size() == whole.scenarios.size()));
    for (std::size_t s = 0; s < result.scenarios.size(); ++s) {
      CHECK(result.scenarios[s].scenario.name == whole.scenarios[s].scenario.name);
      CHECK(result.scenarios[s].value.business->customer_equity == whole.scenarios[s].value.business->customer_equity);
    }
    return result.complete;
  });
  CHECK(asked > 3 * 3 * static_cast<std::size_t>(*model.horizon()));
}

TEST_CASE("Interruption: values for ever are left, too") {
  ModelDraft draft = some_model().draft();
  draft.horizon = infinite_horizon;
  draft.arrivals[0].until = 30;
  const Model model{draft};
  CHECK(check_called_off([&](const Interrupted& interrupted) {
          return value(model, all_scenarios(model), {}, interrupted).complete;
        }) > 50);
}

TEST_CASE("Interruption: compare tells of finished scenarios where the reference is one of them") {
  const Model model = some_model();
  const Comparison whole = compare(model);
  CHECK(check_called_off([&](const Interrupted& interrupted) {
          const Comparison result = compare(model, all_scenarios(model), {}, interrupted);
          for (std::size_t s = 0; s < result.scenarios.size(); ++s) {
            CHECK(result.scenarios[s].advantage.has_value() == whole.scenarios[s].advantage.has_value());
          }
          return result.complete;
        }) > 200);
}

TEST_CASE("Interruption: sensitivity and policy are left at any time") {
  const Model model = some_model();
  CHECK(check_called_off([&](const Interrupted& interrupted) {
          return sensitivity(model, {.interrupted = interrupted}).numbers.size() > 0;
        }) > 1'000);
  CHECK(check_called_off([&](const Interrupted& interrupted) {
          return best_policy(model, {.interrupted = interrupted}).complete();
        }) > 50);
}

TEST_CASE("Interruption: optimize and uncertainty are left at any time, by one thread or several", "[slow]") {
  const Model model = some_model();
  for (const unsigned threads : {1U, 3U}) {
    const std::size_t most = threads == 1 ? never : 20;
    CHECK(check_called_off(
              [&](const Interrupted& interrupted) {
                return optimize(model, {.budget = 5'000, .threads = threads, .interrupted = interrupted}).complete;
              },
              most) > 100);
    CHECK(check_called_off(
              [&](const Interrupted& interrupted) {
                return uncertainty(model, {.draws = 2'048, .threads = threads, .interrupted = interrupted}).complete;
              },
              most) > 100);
  }
}

TEST_CASE("Interruption: simulations are left while they are prepared, too") {
  const Model model = some_model();
  for (const SimulationEngine engine : {SimulationEngine::individual, SimulationEngine::population}) {
    CHECK(check_called_off([&](const Interrupted& interrupted) {
            SimulationOptions options{.engine = engine};
            options.effort.count = 3'000;
            options.effort.threads = 1;
            options.effort.interrupted = interrupted;
            return simulate(model, all_scenarios(model), options).complete;
          }) > 20);
  }
}

}  // namespace tenure::test::interruption
