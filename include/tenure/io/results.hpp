#pragma once
// What is written, by name alone: the headers of io declare functions of results, and cost next to nothing. Whoever
// makes a result includes the header of its decision.

namespace tenure {

class Model;
struct Comparison;
struct Optimization;
struct PolicyValue;
struct Sensitivity;
struct SimulatedComparison;
struct Simulation;
struct Uncertainty;
struct Valuation;

}  // namespace tenure
