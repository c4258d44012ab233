#pragma once
// Results as JSON documents, by the keys of docs/program.md. Numbers read back to the same double; what does not exist
// is null. JSON Schemas are installed with the program.

#include <string>

#include "tenure/io/results.hpp"

namespace tenure {

[[nodiscard]] std::string to_json(const Valuation& valuation);
[[nodiscard]] std::string to_json(const Comparison& comparison);
[[nodiscard]] std::string to_json(const Simulation& simulation);
[[nodiscard]] std::string to_json(const SimulatedComparison& comparison);
[[nodiscard]] std::string to_json(const PolicyValue& policy);
[[nodiscard]] std::string to_json(const Sensitivity& sensitivity);
[[nodiscard]] std::string to_json(const Uncertainty& result);
[[nodiscard]] std::string to_json(const Optimization& optimization);
/// A checked model: its states by stage, completed rows, levers, scenarios and warnings.
[[nodiscard]] std::string to_json(const Model& model);

}  // namespace tenure
