#pragma once
// A model: a draft that has passed every check, and never changes again. Copies share what they hold.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tenure/model/check.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/model_numbers.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/compiled.hpp"

namespace tenure {

/// The draft with the names and laws filled in that default to others.
[[nodiscard]] ModelDraft with_defaults(ModelDraft draft);

/// A checked model; it never changes, and copies share it.
class Model {
 public:
  /// Checks the draft and keeps it, with_defaults. Throws ModelError with
  /// every problem. Names are judged without Unicode's tables, unless rules are given that know more.
  explicit Model(ModelDraft draft, NameRules rules = {});

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
  [[nodiscard]] Model with_warnings(std::vector<Problem> warnings) const;

  /// The same model with drawn values of some numbers, which their laws are known to allow: nothing is checked again.
  [[nodiscard]] Model with_drawn(std::span<const NumberPlace> places, std::span<const double> values) const;

  /// The place of a state, for a name that is known to exist.
  [[nodiscard]] std::size_t state_index(const std::string& name) const;

  [[nodiscard]] bool operator==(const Model& other) const;

 private:
  struct Content {
    ModelDraft draft;
    std::vector<Problem> warnings;
    std::shared_ptr<const NameIndex> state_places;
  };

  [[nodiscard]] static std::shared_ptr<const Content> checked(ModelDraft draft, NameRules rules);

  std::shared_ptr<const Content> content_;
};

/// The model's scenarios, with `baseline`, every lever at 0, put first unless one of them is that already.
[[nodiscard]] std::vector<Scenario> all_scenarios(const Model& model);

/// What the others are compared with: the scenario marked as reference, else the first that is written, else baseline.
[[nodiscard]] Scenario reference_scenario(const Model& model);

/// The scenario of that name; `baseline` is also one that spends nothing, the first of them, where none is called so.
/// Throws ModelError, with the nearest name, if there is none.
[[nodiscard]] Scenario scenario_named(const Model& model, const std::string& name);

}  // namespace tenure

#if !defined(TENURE_COMPILED)
#include "tenure/model/model-inl.hpp"
#endif
