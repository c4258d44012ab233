#pragma once
// Results as tables for people: a sentence that says what matters, then aligned columns with the currency named, the
// best scenario marked and bars for those who look rather than read.

#include <cstdint>
#include <string>

#include "tenure/io/results.hpp"

namespace tenure {

/// The unit of money: as the model says, unless a figure needs more than twelve digits; or thousands or millions of it.
/// Heads say which.
enum class MoneyScale : std::uint8_t { automatic, thousands, millions };

/// Colours are for terminals only; without them the text is plain.
enum class Colour : bool { none, ansi };

/// What a person is worth by state, and the business, scenario by scenario.
[[nodiscard]] std::string table(const Valuation& valuation, Colour colour = Colour::none,
                                MoneyScale scale = MoneyScale::automatic);
/// Scenarios side by side, what is spent, and the value added as bars.
[[nodiscard]] std::string table(const Comparison& comparison, Colour colour = Colour::none,
                                MoneyScale scale = MoneyScale::automatic);
/// How a value is spread under each scenario.
[[nodiscard]] std::string table(const Simulation& simulation, Colour colour = Colour::none,
                                MoneyScale scale = MoneyScale::automatic);
/// Scenarios side by side, and how likely each is the best.
[[nodiscard]] std::string table(const SimulatedComparison& comparison, Colour colour = Colour::none,
                                MoneyScale scale = MoneyScale::automatic);
/// The best action in each state, and what the policy is compared with.
[[nodiscard]] std::string table(const PolicyValue& policy, Colour colour = Colour::none,
                                MoneyScale scale = MoneyScale::automatic);
/// A tornado of the numbers that move the value most, and the waveline.
[[nodiscard]] std::string table(const Sensitivity& sensitivity, Colour colour = Colour::none,
                                MoneyScale scale = MoneyScale::automatic);
/// How sure the choice is, and what it is worth to find out more.
[[nodiscard]] std::string table(const Uncertainty& result, Colour colour = Colour::none,
                                MoneyScale scale = MoneyScale::automatic);
/// The best split of a budget, and what shows that it is the best.
[[nodiscard]] std::string table(const Optimization& optimization, Colour colour = Colour::none,
                                MoneyScale scale = MoneyScale::automatic);
/// A checked model in words: its head, states by stage, rows with their sums, what each lever can change, scenarios and
/// warnings.
[[nodiscard]] std::string table(const Model& model, Colour colour = Colour::none);

}  // namespace tenure
