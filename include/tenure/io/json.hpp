#pragma once
// Results as JSON documents, by the keys of docs/program.md. Numbers read back to the same double; what does not exist
// is null. JSON Schemas are installed with the program.

#include <string>

#include "tenure/io/results.hpp"

namespace tenure {

/// As `tenure value` writes it.
[[nodiscard]] std::string to_json(const Valuation& valuation);
/// As `tenure compare` writes it.
[[nodiscard]] std::string to_json(const Comparison& comparison);
/// As `tenure simulate` writes it.
[[nodiscard]] std::string to_json(const Simulation& simulation);
/// As `tenure compare --simulate` writes it.
[[nodiscard]] std::string to_json(const SimulatedComparison& comparison);
/// As `tenure policy` writes it.
[[nodiscard]] std::string to_json(const PolicyValue& policy);
/// As `tenure sensitivity` writes it.
[[nodiscard]] std::string to_json(const Sensitivity& sensitivity);
/// As `tenure uncertainty` writes it.
[[nodiscard]] std::string to_json(const Uncertainty& result);
/// As `tenure optimize` writes it.
[[nodiscard]] std::string to_json(const Optimization& optimization);
/// A checked model: its states by stage, completed rows, levers, scenarios and warnings.
[[nodiscard]] std::string to_json(const Model& model);

}  // namespace tenure
