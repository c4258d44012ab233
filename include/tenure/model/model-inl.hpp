#pragma once
// The bodies of tenure/model/model.hpp.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/model/check.hpp"
#include "tenure/model/detail/fields.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/model_numbers.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure {

TENURE_INLINE Model::Model(ModelDraft draft, NameRules rules) : content_{checked(std::move(draft), rules)} {}

TENURE_INLINE Model Model::with_warnings(std::vector<Problem> warnings) const {
  Model copy = *this;
  copy.content_ =
      std::make_shared<const Content>(Content{content_->draft, std::move(warnings), content_->state_places});
  return copy;
}

TENURE_INLINE Model Model::with_drawn(std::span<const NumberPlace> places, std::span<const double> values) const {
  ModelDraft draft = content_->draft;
  for (std::size_t k = 0; k < places.size(); ++k) put_drawn(draft, places[k], values[k]);
  Model copy = *this;
  copy.content_ = std::make_shared<const Content>(Content{std::move(draft), {}, content_->state_places});
  return copy;
}

TENURE_INLINE bool Model::operator==(const Model& other) const { return draft() == other.draft(); }

TENURE_INLINE std::size_t Model::state_index(const std::string& name) const {
  return content_->state_places->find(name).value();
}

namespace detail {

/// Laws that are to be of the usual kind become so, all over a thing.
template <class Thing>
void put_usual_kinds_in(Thing& thing) {
  if constexpr (is_variant<Thing>) {
    std::visit([](auto& alternative) { put_usual_kinds_in(alternative); }, thing);
  } else {
    for_each_value(thing, [&]<class Value>(const auto& field, Value& value) {
      if constexpr (is_number<Value>) {
        if (Number* number = number_of(value)) put_usual_kinds(*number, quantity_of(field, thing));
      } else if constexpr (is_list_of_tables<Value>) {
        for (auto& each : value) put_usual_kinds_in(each);
      }
    });
  }
}

}  // namespace detail

TENURE_INLINE ModelDraft with_defaults(ModelDraft draft) {
  detail::put_usual_kinds_in(draft);
  for (Arrivals& arrivals : draft.arrivals) {
    if (arrivals.name.empty()) arrivals.name = arrivals.state;
  }
  for (Lever& lever : draft.levers) {
    if (lever.label.empty()) lever.label = lever.name;
  }
  for (Action& action : draft.actions) {
    if (action.label.empty()) action.label = action.name;
  }
  return draft;
}

TENURE_INLINE std::shared_ptr<const Model::Content> Model::checked(ModelDraft draft, NameRules rules) {
  draft = with_defaults(std::move(draft));
  Findings found = check(draft, rules);
  if (!found.errors.empty()) throw ModelError{std::move(found.errors)};
  auto places = std::make_shared<const NameIndex>(names_of(draft.states));
  return std::make_shared<const Content>(Content{std::move(draft), std::move(found.warnings), std::move(places)});
}

TENURE_INLINE std::vector<Scenario> all_scenarios(const Model& model) {
  std::vector<Scenario> scenarios = model.scenarios();
  const bool has_baseline = std::any_of(scenarios.begin(), scenarios.end(), [](const Scenario& scenario) {
    return scenario.name == baseline_name || spends_nothing(scenario);
  });
  if (!has_baseline) scenarios.insert(scenarios.begin(), Scenario{.name = baseline_name});
  return scenarios;
}

TENURE_INLINE Scenario reference_scenario(const Model& model) {
  for (const Scenario& scenario : model.scenarios()) {
    if (scenario.reference) return scenario;
  }
  return model.scenarios().empty() ? Scenario{.name = baseline_name} : model.scenarios().front();
}

TENURE_INLINE Scenario scenario_named(const Model& model, const std::string& name) {
  const std::vector<Scenario> scenarios = all_scenarios(model);
  const auto so_called =
      std::find_if(scenarios.begin(), scenarios.end(), [&](const Scenario& scenario) { return scenario.name == name; });
  if (so_called != scenarios.end()) return *so_called;
  if (name == baseline_name) return *std::find_if(scenarios.begin(), scenarios.end(), spends_nothing);
  throw ModelError{
      {{"unknown-scenario", "", "there is no scenario " + in_quotes(name), suggestion(name, names_of(scenarios)), {}}}};
}

}  // namespace tenure
