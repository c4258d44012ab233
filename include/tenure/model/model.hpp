#pragma once
// A model: a draft that has passed every check, and never changes again. Copies share what they hold.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tenure/model/check.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/model_numbers.hpp"
#include "tenure/model/names.hpp"
#include "tenure/model/words.hpp"

namespace tenure {

class Model {
 public:
  /// Checks the draft and keeps it, with the names and laws that default to others filled in. Throws ModelError with every problem.
  explicit Model(ModelDraft draft) : content_{checked(std::move(draft))} {}

  [[nodiscard]] const std::string& name() const { return content_->draft.name; }
  [[nodiscard]] const std::string& currency() const { return content_->draft.currency; }
  [[nodiscard]] Period period() const { return content_->draft.period; }
  [[nodiscard]] const Horizon& horizon() const { return content_->draft.horizon; }
  [[nodiscard]] const std::vector<State>& states() const { return content_->draft.states; }
  [[nodiscard]] const std::vector<Transition>& transitions() const { return content_->draft.transitions; }
  [[nodiscard]] const std::vector<Arrivals>& arrivals() const { return content_->draft.arrivals; }
  [[nodiscard]] const std::vector<Referral>& referrals() const { return content_->draft.referrals; }
  [[nodiscard]] const std::vector<Lever>& levers() const { return content_->draft.levers; }
  [[nodiscard]] const std::vector<Action>& actions() const { return content_->draft.actions; }
  [[nodiscard]] const std::vector<Scenario>& scenarios() const { return content_->draft.scenarios; }

  /// All that was said, for writing it down again or for changing a copy.
  [[nodiscard]] const ModelDraft& draft() const { return content_->draft; }
  /// What looks like a mistake, but need not be one.
  [[nodiscard]] const std::vector<Problem>& warnings() const { return content_->warnings; }

  /// The same model with other warnings: the same ones with their places in a file, say, or more of them.
  [[nodiscard]] Model with_warnings(std::vector<Problem> warnings) const {
    Model copy = *this;
    copy.content_ = std::make_shared<const Content>(Content{content_->draft, std::move(warnings), content_->state_places});
    return copy;
  }

  /// The same model with drawn values of some numbers, which their laws are known to allow: nothing is checked again.
  [[nodiscard]] Model with_drawn(std::span<const NumberPlace> places, std::span<const double> values) const {
    ModelDraft draft = content_->draft;
    for (std::size_t k = 0; k < places.size(); ++k) put_drawn(draft, places[k], values[k]);
    Model copy = *this;
    copy.content_ = std::make_shared<const Content>(Content{std::move(draft), {}, content_->state_places});
    return copy;
  }

  /// The place of a state, for a name that is known to exist.
  [[nodiscard]] std::size_t state_index(const std::string& name) const { return content_->state_places->find(name).value(); }

  friend bool operator==(const Model& a, const Model& b) { return a.content_->draft == b.content_->draft; }

 private:
  struct Content {
    ModelDraft draft;
    std::vector<Problem> warnings;
    std::shared_ptr<const NameIndex> state_places;
  };

  [[nodiscard]] static std::shared_ptr<const Content> checked(ModelDraft draft) {
    put_usual_kinds(draft);
    for (Arrivals& arrivals : draft.arrivals) {
      if (arrivals.name.empty()) arrivals.name = arrivals.state;
    }
    for (Lever& lever : draft.levers) {
      if (lever.label.empty()) lever.label = lever.name;
    }
    for (Action& action : draft.actions) {
      if (action.label.empty()) action.label = action.name;
    }
    Findings found = check(draft);
    if (!found.errors.empty()) throw ModelError{std::move(found.errors)};
    auto places = std::make_shared<const NameIndex>(names_of(draft.states));
    return std::make_shared<const Content>(Content{std::move(draft), std::move(found.warnings), std::move(places)});
  }

  std::shared_ptr<const Content> content_;
};

/// The model's scenarios, with `baseline`, every lever at 0, put first unless one of them is that already.
[[nodiscard]] inline std::vector<Scenario> all_scenarios(const Model& model) {
  std::vector<Scenario> scenarios = model.scenarios();
  const bool has_baseline = std::any_of(scenarios.begin(), scenarios.end(), [](const Scenario& scenario) {
    return scenario.name == baseline_name || spends_nothing(scenario);
  });
  if (!has_baseline) scenarios.insert(scenarios.begin(), Scenario{.name = baseline_name});
  return scenarios;
}

/// What the others are compared with: the scenario marked as reference, else the first that is written, else baseline.
[[nodiscard]] inline Scenario reference_scenario(const Model& model) {
  for (const Scenario& scenario : model.scenarios()) {
    if (scenario.reference) return scenario;
  }
  return model.scenarios().empty() ? Scenario{.name = baseline_name} : model.scenarios().front();
}

/// The scenario of that name; `baseline` is also one that spends nothing, the first of them, where none is called so.
/// Throws ModelError, with the nearest name, if there is none.
[[nodiscard]] inline Scenario scenario_named(const Model& model, const std::string& name) {
  const std::vector<Scenario> scenarios = all_scenarios(model);
  const auto so_called = std::find_if(scenarios.begin(), scenarios.end(),
                                      [&](const Scenario& scenario) { return scenario.name == name; });
  if (so_called != scenarios.end()) return *so_called;
  if (name == baseline_name) return *std::find_if(scenarios.begin(), scenarios.end(), spends_nothing);
  throw ModelError{{{"unknown-scenario", "", "there is no scenario " + in_quotes(name), suggestion(name, names_of(scenarios)), {}}}};
}

}  // namespace tenure
