#pragma once
// What a person says, before it has been checked: a plain aggregate that a file reader or a builder fills in. A draft
// that passes every check becomes a Model; nothing else in tenure accepts a draft.

#include <optional>
#include <string>
#include <vector>

#include "tenure/model/action.hpp"
#include "tenure/model/arrivals.hpp"
#include "tenure/model/correlation.hpp"
#include "tenure/model/environment.hpp"
#include "tenure/model/lever.hpp"
#include "tenure/model/scenario.hpp"
#include "tenure/model/segment.hpp"
#include "tenure/model/state.hpp"
#include "tenure/model/transition.hpp"
#include "tenure/quantity/discounting.hpp"
#include "tenure/quantity/period.hpp"

namespace tenure {

/// All that is said of a model.
struct ModelDraft {
  std::string name;
  std::string currency{};  ///< printed only
  Period period = Period::month;
  Horizon horizon = infinite_horizon;
  double discount_rate = 0;  ///< effective annual rate, above -1
  CashFlowTiming cash_flow_timing = CashFlowTiming::start;
  std::vector<State> states{};
  std::vector<Transition> transitions{};
  std::vector<Arrivals> arrivals{};
  std::vector<Referral> referrals{};
  std::vector<Segment> segments{};
  std::vector<CalendarEntry> calendar{};
  std::optional<Environment> environment{};
  std::vector<Lever> levers{};
  std::vector<Action> actions{};
  std::vector<Scenario> scenarios{};
  std::vector<Correlation> correlations{};  ///< of uncertain numbers
  bool operator==(const ModelDraft&) const = default;
};

}  // namespace tenure
