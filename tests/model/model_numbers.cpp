#include "tenure/model/model_numbers.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "catch.hpp"
#include "full_draft.hpp"

using namespace tenure;
using tenure::test::full_draft;

TEST_CASE("Every number of a model has a name of its own, and its place leads back to it", "[model]") {
  const ModelDraft draft = full_draft();
  const std::vector<ModelNumber> numbers = numbers_of(draft);
  std::vector<std::string> names;
  for (const ModelNumber& listed : numbers) {
    CHECK(number_at(draft, listed.place) == listed.number);
    CHECK(std::find(names.begin(), names.end(), listed.name) == names.end());
    names.push_back(listed.name);
  }
  CHECK(numbers.size() > 10);
}

TEST_CASE("Every number of a model has a key of its own, as a file counts them", "[model]") {
  std::vector<std::string> keys;
  for (const ModelNumber& listed : numbers_of(full_draft())) {
    const std::string key = key_of(listed.place);
    CHECK(std::find(keys.begin(), keys.end(), key) == keys.end());
    keys.push_back(key);
  }
  CHECK(key_of({NumberOf::transition_probability, 0, 0}) == "transition[1].probability");
  CHECK(key_of({NumberOf::transition_cash_flow, 2, 0}) == "transition[3].cash_flow");
  CHECK(key_of({NumberOf::state_cash_flow, 1, 0}) == "state[2].cash_flow");
  CHECK(key_of({NumberOf::referral_rate, 0, 0}) == "referral[1].per_period");
  CHECK(key_of({NumberOf::segment_probability, 1, 0}) == "segment[2].transition[1].probability");
  CHECK(key_of({NumberOf::segment_transition_cash_flow, 0, 3}) == "segment[1].transition[4].cash_flow");
  CHECK(key_of({NumberOf::segment_state_cash_flow, 0, 1}) == "segment[1].state[2].cash_flow");
  CHECK(key_of({NumberOf::effect_limit, 2, 1}) == "lever[3].effect[2].limit");
  CHECK(key_of({NumberOf::effect_half_spend, 0, 0}) == "lever[1].effect[1].half_spend");
}

TEST_CASE("A number is replaced alone, and stays itself when its own value is put there", "[model]") {
  const ModelDraft draft = full_draft();
  for (const ModelNumber& listed : numbers_of(draft)) {
    INFO(listed.name);
    const double value = value_of(listed.number);
    const ModelDraft moved = with_value(draft, listed.place, value + 1);
    CHECK(value_of(number_at(moved, listed.place)) == value + 1);
    ModelDraft back = moved;
    tenure::detail::number_in(back, listed.place) = listed.number;
    CHECK(back == draft);
  }
}

TEST_CASE("Of a schedule every period is moved", "[model]") {
  ModelDraft draft = full_draft();
  draft.states[0].cash_flow.schedule = {3, 5, 4};
  const NumberPlace place{NumberOf::state_cash_flow, 0, 0};
  const Number moved = number_at(with_value(draft, place, 4), place);
  CHECK(moved.schedule == std::vector<double>{4, 6, 5});
}

TEST_CASE("A schedule with a mean of its own beside it moves alone, and ratios to that mean stay", "[model]") {
  Number number{15};
  number.schedule = {10, 20};
  number.differs = Distribution{DistributionKind::normal, StandardDeviation{3}};
  set_value(number, 12);
  CHECK(number.schedule == std::vector<double>{12, 22});
  CHECK(value_at(number, 18, 0, Period::year) == 12 * (18.0 / 15));
  number.mean = 0;  // not said
  CHECK(mean_of_law(number) == 12);
  CHECK(value_at(number, 18, 1, Period::year) == 22 * (18.0 / 12));
  CHECK(spread_factor_at(number, 1, Period::year) == 22.0 / 12);
  number.schedule = {0, 22};
  CHECK(value_at(number, 3, 1, Period::year) == 25);
  CHECK(spread_factor_at(number, 1, Period::year) == 1);
}

TEST_CASE("A schedule that is uncertain is drawn around the mean of its law", "[model]") {
  ModelDraft draft = full_draft();
  const NumberPlace place{NumberOf::state_cash_flow, 0, 0};
  draft.states[0].cash_flow = Number{15};
  draft.states[0].cash_flow.schedule = {10, 20};
  put_drawn(draft, place, 18);
  CHECK(number_at(draft, place).schedule == std::vector<double>{10 * (18.0 / 15), 20 * (18.0 / 15)});
}
