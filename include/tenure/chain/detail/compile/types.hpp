#pragma once
// Types of people: those of a segment, with its numbers in the place of the model's; and where numbers differ from
// person to person, the values that stand for the law of each (quadrature.hpp), in all combinations. A probability's
// law is replaced by a Gaussian rule, which is exact for whatever is a polynomial of degree 2n - 1 in it; that of a
// cash flow or a referral rate, which values hold in powers up to the third, by two values with the law's first three
// moments.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenure/model/model.hpp"
#include "tenure/model/model_numbers.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/detail/quadrature.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {

/// One kind's numbers, each as the model or its segment says it, with its own values of those that differ.
struct TypeNumbers {
  std::uint32_t segment = 0;
  double of_segment = 1;                                ///< share of its segment's people
  std::vector<const Probability*> probability{};        ///< by the model's transitions
  std::vector<const Number*> transition_cash_flow{};    ///< the same
  std::vector<const Number*> cash_flow{};               ///< by the model's states
  std::vector<const Number*> referral_rate{};           ///< by the model's referrals
  std::vector<std::pair<const Number*, double>> own{};  ///< values of their laws
  bool by_moments = false;                              ///< some of these

  /// The number of this kind's people in period t.
  [[nodiscard]] double at(const Number& number, std::int64_t t, Period period) const {
    for (const auto& [differing, value] : own) {
      if (differing == &number) return value_at(number, value, t, period);
    }
    return mean_at(number, t, period);
  }
  [[nodiscard]] bool differs_in(const Number& number) const {
    for (const auto& [differing, value] : own) {
      if (differing == &number) return true;
    }
    return false;
  }
};

[[nodiscard]] inline std::size_t segments_of(const Model& model) {
  return std::max<std::size_t>(1, model.draft().segments.size());
}

/// The model's own numbers, those that differ still at their means.
[[nodiscard]] inline TypeNumbers numbers_of_model(const Model& model) {
  TypeNumbers numbers;
  for (const Transition& transition : model.transitions()) {
    numbers.probability.push_back(&transition.probability);
    numbers.transition_cash_flow.push_back(&transition.cash_flow);
  }
  for (const State& state : model.states()) numbers.cash_flow.push_back(&state.cash_flow);
  for (const Referral& referral : model.referrals()) numbers.referral_rate.push_back(&referral.per_period);
  return numbers;
}

/// The same with what a segment replaces.
[[nodiscard]] inline TypeNumbers numbers_of_segment(const Model& model, std::uint32_t segment) {
  TypeNumbers numbers = numbers_of_model(model);
  numbers.segment = segment;
  if (model.draft().segments.empty()) return numbers;
  const Segment& own = model.draft().segments[segment];
  for (const SegmentTransition& replaced : own.transitions) {
    for (std::size_t k = 0; k < model.transitions().size(); ++k) {
      const Transition& transition = model.transitions()[k];
      if (transition.from != replaced.from || transition.to != replaced.to) continue;
      if (replaced.probability) numbers.probability[k] = &*replaced.probability;
      if (replaced.cash_flow) numbers.transition_cash_flow[k] = &*replaced.cash_flow;
    }
  }
  for (const SegmentState& replaced : own.states) {
    if (replaced.cash_flow) numbers.cash_flow[model.state_index(replaced.name)] = &*replaced.cash_flow;
  }
  return numbers;
}

/// Who the kinds are for: whoever computes, for whom amounts that differ have values that stand for them; or whoever
/// draws persons, who draws their amounts, too.
enum class TypesFor : std::uint8_t { computing, drawing };

/// How kinds are made.
struct TypesPlan {
  std::size_t points = 0;  ///< of each probability that differs
  TypesFor whom = TypesFor::computing;
};

[[nodiscard]] inline std::vector<std::size_t> differing_probabilities(const TypeNumbers& numbers) {
  std::vector<std::size_t> places;
  for (std::size_t k = 0; k < numbers.probability.size(); ++k) {
    const auto* number = std::get_if<Number>(numbers.probability[k]);
    if (number != nullptr && differs(*number)) places.push_back(k);
  }
  return places;
}

/// The cash flows and referral rates of one segment that differ.
[[nodiscard]] inline std::vector<const Number*> differing_amounts(const TypeNumbers& numbers) {
  std::vector<const Number*> amounts;
  for (const auto* list : {&numbers.transition_cash_flow, &numbers.cash_flow, &numbers.referral_rate}) {
    std::copy_if(list->begin(), list->end(), std::back_inserter(amounts),
                 [](const Number* number) { return differs(*number); });
  }
  return amounts;
}

/// More numbers that differ in one segment are left to simulation.
inline constexpr std::size_t differing_numbers_combined = 3;

/// How many values stand for each of so many differing probabilities where persons are drawn.
[[nodiscard]] inline std::size_t points_of_many(std::size_t probabilities, std::size_t points) {
  constexpr std::size_t most_types = 4096;
  if (probabilities <= differing_numbers_combined) return points;
  const auto types = [&](std::size_t each) {
    std::size_t product = 1;
    for (std::size_t k = 0; k < probabilities && product <= most_types; ++k) product *= each;
    return product;
  };
  std::size_t each = 1;
  while (each < points && types(each + 1) <= most_types) ++each;
  return each;
}

/// The laws of the probabilities of one segment that differ.
using DifferingLaws = std::map<const Number*, ProbabilityQuadrature>;

/// An end of a law.
enum class End : std::uint8_t { lowest, highest };

/// What the other probabilities of a transition's row sum to in period t. Those that differ are what they are for a
/// kind or, as long as it has no values of them, at an end of their laws.
[[nodiscard]] inline double others_of_row(const Model& model, const TypeNumbers& type, std::size_t transition,
                                          const DifferingLaws& laws, std::int64_t t, End end) {
  const std::string& from = model.transitions()[transition].from;
  double others = 0;
  for (std::size_t k = 0; k < type.probability.size(); ++k) {
    const auto* number = std::get_if<Number>(type.probability[k]);
    if (number == nullptr || k == transition || model.transitions()[k].from != from) continue;
    const auto law = laws.find(number);
    const bool is_open = law != laws.end() && !type.differs_in(*number);
    if (!is_open) {
      others += type.at(*number, t, model.period());
      continue;
    }
    const double value = end == End::lowest ? law->second.lowest() : law->second.highest();
    others += value_at(*number, value, t, model.period());
  }
  return others;
}

/// For how many periods a transition's row may be another in each.
[[nodiscard]] inline std::int64_t changing_periods(const Model& model, const TypeNumbers& type,
                                                   std::size_t transition) {
  const std::int64_t most = model.horizon().value_or(limits::settling_periods);
  std::int64_t periods = 1;
  for (std::size_t k = 0; k < type.probability.size(); ++k) {
    const auto* number = std::get_if<Number>(type.probability[k]);
    if (number == nullptr || model.transitions()[k].from != model.transitions()[transition].from) continue;
    const std::optional<std::int64_t> settled = settles_at(*number);
    periods = std::max(periods, settled ? *settled + 1 : most);
  }
  return std::min(periods, most);
}

/// From which values of a transition's probability on its row sums to more than 1 and is rescaled, in ascending order:
/// one for each period in which the row is another. Of very many, some that stand for those near them.
[[nodiscard]] inline std::vector<double> kinks_of(const Model& model, const TypeNumbers& type, std::size_t transition,
                                                  const DifferingLaws& laws) {
  constexpr std::size_t most_kinks = 8;
  constexpr double alike = 1e-9;
  const Number& number = std::get<Number>(*type.probability[transition]);
  std::vector<double> all;
  for (std::int64_t t = 0; t < changing_periods(model, type, transition); ++t) {
    const double factor = mean_at(number, t, model.period()) / mean_of_law(number);  // who differs does so above 0
    for (const End end : {End::lowest, End::highest}) {  // between which an open number's kink comes and goes
      const double left = 1 - others_of_row(model, type, transition, laws, t, end);
      if (factor > 0) all.push_back(left / factor);
      if (factor > 1 && left < 1) all.push_back(1 / factor);  // where it is 1 itself, beyond which it does not rise
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end(), [](double a, double b) { return b - a <= alike; }), all.end());
  if (all.size() <= most_kinks) return all;
  std::vector<double> some;
  for (std::size_t k = 0; k < most_kinks; ++k) some.push_back(all[k * (all.size() - 1) / (most_kinks - 1)]);
  return some;
}

/// Each kind as several, one for each value of a number that differs: of_kind(kind) gives the values.
template <class OfType>
[[nodiscard]] std::vector<TypeNumbers> combined_with(const std::vector<TypeNumbers>& types, const Number& number,
                                                     OfType of_kind) {
  std::vector<TypeNumbers> combined;
  for (const TypeNumbers& type : types) {
    for (const QuadraturePoint& point : of_kind(type)) {
      combined.push_back(type);
      combined.back().of_segment *= point.weight;
      combined.back().own.emplace_back(&number, point.value);
    }
  }
  return combined;
}

/// The types of people whose probabilities differ. Where several of one row do, each value of the first has values of
/// the second of its own, and so on: where the row's kink is depends on it, and a rule that knows needs few of them.
[[nodiscard]] inline std::vector<TypeNumbers> types_by_probabilities(const Model& model, const TypeNumbers& segment,
                                                                     const TypesPlan& plan) {
  const std::vector<std::size_t> probabilities = differing_probabilities(segment);
  const bool draws = plan.whom == TypesFor::drawing;
  const std::size_t points = draws ? points_of_many(probabilities.size(), plan.points) : plan.points;
  DifferingLaws laws;
  for (const std::size_t k : probabilities) {
    const Number& number = std::get<Number>(*segment.probability[k]);
    laws.try_emplace(&number, *number.differs, mean_of_law(number), points);
  }
  std::vector<TypeNumbers> types{segment};
  for (const std::size_t k : probabilities) {
    const Number& number = std::get<Number>(*segment.probability[k]);
    types = combined_with(types, number, [&](const TypeNumbers& type) {
      return laws.at(&number).with_kinks_at(kinks_of(model, type, k, laws));
    });
  }
  return types;
}

/// The key of one of a model's numbers, which is known by its address.
[[nodiscard]] inline std::string key_in(const ModelDraft& draft, const Number& number) {
  for (const ModelNumber& listed : numbers_of(draft)) {
    if (&number_at(draft, listed.place) == &number) return key_of(listed.place);
  }
  return "";
}

inline void refuse_many_differing_numbers(const Model& model, const TypeNumbers& numbers, TypesFor whom) {
  constexpr std::size_t most_drawn = 12;
  const std::size_t most = whom == TypesFor::computing ? differing_numbers_combined : most_drawn;
  std::vector<const Number*> differing;
  for (const std::size_t k : differing_probabilities(numbers)) {
    differing.push_back(&std::get<Number>(*numbers.probability[k]));
  }
  if (whom == TypesFor::computing) {
    const std::vector<const Number*> amounts = differing_amounts(numbers);
    differing.insert(differing.end(), amounts.begin(), amounts.end());
  }
  if (differing.size() <= most) return;
  const std::string where = model.draft().segments.empty()
                                ? std::string{"in the model"}
                                : "in the segment " + in_quotes(model.draft().segments[numbers.segment].name);
  throw LimitError{{{"differs",
                     key_in(model.draft(), *differing[most]) + ".differs",
                     std::to_string(differing.size()) + " numbers differ from person to person " + where +
                         ": more than can be combined" + (whom == TypesFor::computing ? " exactly" : ""),
                     (whom == TypesFor::computing ? "simulate people one by one (--engine individual), or let at most "
                                                  : "let at most ") +
                         std::to_string(most) + " of them differ",
                     {}}}};
}

/// Every combination of the differing numbers' values, as kinds of one segment.
inline void append_types(const Model& model, std::uint32_t segment, const TypesPlan& plan,
                         std::vector<TypeNumbers>& types) {
  std::vector<TypeNumbers> of_segment{numbers_of_segment(model, segment)};
  refuse_many_differing_numbers(model, of_segment.front(), plan.whom);
  const std::vector<const Number*> amounts = differing_amounts(of_segment.front());
  of_segment = types_by_probabilities(model, of_segment.front(), plan);
  for (std::size_t k = 0; k < amounts.size() && plan.whom == TypesFor::computing; ++k) {
    const double mean = mean_of_law(*amounts[k]);
    const double sd = standard_deviation(*amounts[k]->differs, mean);
    const Quadrature values = two_point_quadrature(mean, sd, skewness(*amounts[k]->differs, mean));
    of_segment = combined_with(of_segment, *amounts[k], [&](const TypeNumbers&) { return values; });
    for (TypeNumbers& type : of_segment) type.by_moments = true;
  }
  types.insert(types.end(), of_segment.begin(), of_segment.end());
}

/// All kinds of a model, segment by segment.
[[nodiscard]] inline std::vector<TypeNumbers> types_of(const Model& model, const TypesPlan& plan) {
  std::vector<TypeNumbers> types;
  for (std::uint32_t segment = 0; segment < segments_of(model); ++segment) append_types(model, segment, plan, types);
  return types;
}

[[nodiscard]] inline double share_of_segment(const Model& model, std::uint32_t segment) {
  return model.draft().segments.empty() ? 1.0 : model.draft().segments[segment].share;
}

}  // namespace tenure::detail
