// A model file and the builder say the same, word for word: the pairs are those that docs/model-file.md shows.

#include <string>

#include "catch.hpp"
#include "tenure/io/model_file.hpp"
#include "tenure/model/builder.hpp"
#include "tenure/model/model.hpp"

namespace tenure::test::files {

const std::string head = R"(format = 1
[model]
name = "Magazine"
period = "month"
horizon = "5 years"
discount_rate = 0.08
)";

TEST_CASE("Model file: numbers that are not one number are those of the builder's words") {
  const std::string text = head + R"(
[[state]]
name = "reader"
stage = "servicing"
cash_flow = { mean = 60, growth = 0.02, uncertain = { sd = 6 } }
[[state]]
name = "giver"
stage = "advocacy"
cash_flow = { mean = 6500, varies = { sd = 2100 }, differs = { sd = 400, distribution = "lognormal" } }
[[state]]
name = "gone"
stage = "lost"
[[transition]]
from = "reader"
to = "giver"
probability = { mean = 0.2, uncertain = { count = 400 } }
cash_flow = { varies = { low = 20, high = 40 } }
[[transition]]
from = "reader"
to = "gone"
probability = { schedule = [0.30, 0.22], mean = 0.25, uncertain = { sd = 0.03 } }
[[transition]]
from = "giver"
to = "gone"
probability = { uncertain = { alpha = 5, beta = 95 }, differs = { sd = 0.02 } }
[[referral]]
from = "giver"
to = "reader"
per_period = { schedule = [0.1, 0.2], differs = { sd = 0.03 } }
[[calendar]]
transition = ["reader", "gone"]
odds = [1.5, 1]
from = 12
until = 24
[[lever]]
name = "gifts"
kind = "retention"
while_in = ["reader"]
[[lever.effect]]
transition = ["reader", "gone"]
limit = { mean = 0.1, uncertain = { sd = 0.02 } }
half_spend = { mean = 12, uncertain = { sd = 3 } }
)";
  const Model built =
      ModelBuilder{"Magazine", Period::month, years(5), annual_rate(0.08)}
          .state("reader", Stage::servicing, {.cash_flow = uncertain(growing(60, 0.02), sd(6))})
          .state("giver", Stage::advocacy,
                 {.cash_flow = differs(varies(6500, sd(2100)), sd(400, DistributionKind::lognormal))})
          .state("gone", Stage::lost)
          .transition("reader", "giver", uncertain(0.2, count(400)), {.cash_flow = varies(between(20, 40))})
          .transition("reader", "gone", uncertain(scheduled({0.30, 0.22}, 0.25), sd(0.03)))
          .transition("giver", "gone", differs(uncertain(beta(5, 95)), sd(0.02)))
          .referral("giver", "reader", differs(scheduled({0.1, 0.2}), sd(0.03)))
          .calendar("reader", "gone", {1.5, 1}, {.from = 12, .until = 24})
          .lever({.name = "gifts",
                  .while_in = {"reader"},
                  .effects = {moves_transition("reader", "gone")
                                  .towards(uncertain(0.1, sd(0.02)))
                                  .half_spend(uncertain(12, sd(3)))}})
          .build();
  const Model read = parse_model(text).model;
  CHECK(to_toml(read) == to_toml(built));
  CHECK(read == built);
  CHECK(parse_model(to_toml(built)).model == built);
}

}  // namespace tenure::test::files
