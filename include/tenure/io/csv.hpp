#pragma once
// Results as comma-separated values (RFC 4180), numbers exact. A valuation is tidy: one figure a line, as
// scenario,measure,name,period,value. A simulation is tidy too: scenario,measure,share,value,low,high. A comparison has
// one line a scenario. Uncertainty is tidy: measure,name,point,value,standard_error.

#include <string>

#include "tenure/io/results.hpp"

namespace tenure {

/// What is done with text that a spreadsheet would take for a formula.
enum class CsvText : bool { defused, raw };

/// One figure a line.
[[nodiscard]] std::string to_csv(const Valuation& valuation, CsvText text = CsvText::defused);
/// One line a scenario.
[[nodiscard]] std::string to_csv(const Comparison& comparison, CsvText text = CsvText::defused);
/// One figure a line.
[[nodiscard]] std::string to_csv(const Simulation& simulation, CsvText text = CsvText::defused);
/// One line a scenario: what compare() says of it, and what was drawn.
[[nodiscard]] std::string to_csv(const SimulatedComparison& comparison, CsvText text = CsvText::defused);
/// One line for each row of the policy: state,segment,age,age_until,market,from,until,action,value,advantage.
[[nodiscard]] std::string to_csv(const PolicyValue& policy, CsvText text = CsvText::defused);
/// One line a number, those of the tornado first.
[[nodiscard]] std::string to_csv(const Sensitivity& sensitivity, CsvText text = CsvText::defused);
/// One figure a line.
[[nodiscard]] std::string to_csv(const Uncertainty& result, CsvText text = CsvText::defused);
/// One line a lever of each plan: question,at,lever,kind,spend,share,marginal_return,customer_equity,incremental_value,
/// investment,shadow_price, where the question is "best", "budget" or "share_retention" and `at` its budget or share.
[[nodiscard]] std::string to_csv(const Optimization& optimization, CsvText text = CsvText::defused);

}  // namespace tenure
