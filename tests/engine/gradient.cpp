// Slopes against complex steps (Squire and Trapp 1998) of another evaluation: the course of the people, forward, in
// complex numbers. A step of 1e-30 in one number's imaginary part gives its slope to all digits.

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "support/whole_chain.hpp"
#include "tenure/chain/from_matrix.hpp"
#include "tenure/engine/detail/exact/adjoint.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/engine/gradient.hpp"

namespace tenure::test::gradients {

using Complex = std::complex<double>;
using Numbers = std::vector<std::vector<Complex>>;

/// A chain's numbers, each of which may have an imaginary part.
struct ComplexChain {
  const Chain& chain;
  Numbers probability, staying, transition_cash_flow, cash_flow, spend, hazard, referral_rate, arrivals, spend_level;

  explicit ComplexChain(const Chain& of) : chain{of} {
    const auto copied = [](const std::vector<std::vector<double>>& distinct) {
      Numbers numbers;
      for (const auto& values : distinct) numbers.emplace_back(values.begin(), values.end());
      return numbers;
    };
    probability = copied(of.probability.distinct());
    staying.assign(of.probability.distinct().size(), std::vector<Complex>(of.states()));
    transition_cash_flow = copied(of.transition_cash_flow.distinct());
    cash_flow = copied(of.cash_flow.distinct());
    spend = copied(of.spend.distinct());
    if (!of.dwells.empty()) hazard = copied(of.dwells.hazard.distinct());
    referral_rate = copied(of.referral_rate.distinct());
    for (const ArrivalGroup& group : of.arrivals) arrivals.emplace_back(group.count.begin(), group.count.end());
    spend_level.emplace_back();
    for (const SpendStream& stream : of.spend_streams)
      spend_level[0].emplace_back(stream.per_person ? 0 : stream.level);
  }
};

Complex arriving(const ComplexChain& of, std::size_t g, std::int64_t t, std::size_t regime) {
  const ArrivalGroup& group = of.chain.arrivals[g];
  const auto last = static_cast<std::int64_t>(group.count.size()) - 1;
  if (last < 0) return 0;
  const double grown = t > last ? std::pow(group.growth_factor, static_cast<double>(t - last)) : 1;
  const double factor = group.factor_in_regime.empty() ? 1 : group.factor_in_regime[regime];
  return of.arrivals[g][static_cast<std::size_t>(std::min(t, last))] * grown * factor;
}

/// What people of one regime earn in a period, and where they are afterwards, before the market moves.
Complex live_a_period(const ComplexChain& of, std::int64_t epoch, const std::vector<Complex>& people,
                      std::vector<Complex>& next) {
  const Chain& chain = of.chain;
  const double d = chain.discount_factor;
  const double within = chain.cash_flow_timing == CashFlowTiming::start    ? 1
                        : chain.cash_flow_timing == CashFlowTiming::middle ? std::sqrt(d)
                                                                           : d;
  const bool ages = !chain.dwells.empty();
  const auto first = [&](std::size_t state) { return ages ? chain.dwells.first_place[state] : state; };
  const auto& p = of.probability[chain.probability.place(epoch)];
  Complex earned = 0;
  for (std::size_t i = 0; i < chain.states(); ++i) {
    Complex all = 0, leaving = 0;
    for (std::size_t place = first(i); place < first(i + 1); ++place) {
      const Complex h = ages ? of.hazard[chain.dwells.hazard.place(epoch)][place] : 1;
      all += people[place];
      leaving += h * people[place];
      next[std::min(place + 1, static_cast<std::size_t>(first(i + 1)) - 1)] += (1.0 - h) * people[place];
    }
    earned += all * (within * of.cash_flow[chain.cash_flow.place(epoch)][i] - of.spend[chain.spend.place(epoch)][i]);
    for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
      earned += d * leaving * p[k] * of.transition_cash_flow[chain.transition_cash_flow.place(epoch)][k];
      next[first(chain.transitions.successor[k])] += leaving * p[k];
    }
    next[first(i)] += leaving * of.staying[chain.probability.place(epoch)][i];
    for (std::uint32_t k = chain.referrals.first[i]; k < chain.referrals.first[i + 1]; ++k) {
      next[first(chain.referrals.successor[k])] += all * of.referral_rate[chain.referral_rate.place(epoch)][k];
    }
  }
  return earned;
}

Complex equity(const ComplexChain& of) {
  const Chain& chain = of.chain;
  const std::size_t places = chain.dwells.empty() ? chain.states() : chain.dwells.first_place.back();
  const std::size_t regimes = chain.regimes();
  const std::int64_t horizon = chain.horizon.value_or(400);
  Numbers people(regimes, std::vector<Complex>(places));
  std::vector<double> likely(regimes);
  likely[chain.market.start] = 1;
  Complex total = 0;
  for (std::int64_t t = 0; t < horizon; ++t) {
    Numbers next(regimes, std::vector<Complex>(places));
    Complex earned = 0;
    for (std::size_t e = 0; e < regimes; ++e) {
      for (std::size_t g = 0; g < chain.arrivals.size(); ++g) {
        const std::size_t state = chain.arrivals[g].state;
        const std::size_t place = chain.dwells.empty() ? state : chain.dwells.first_place[state];
        people[e][place] += likely[e] * arriving(of, g, t, e);
      }
      std::vector<Complex> moved(places);
      earned += live_a_period(of, chain.epoch(t, e), people[e], moved);
      for (std::size_t to = 0; to < regimes; ++to) {
        for (std::size_t k = 0; k < places; ++k) next[to][k] += chain.market.matrix[e][to] * moved[k];
      }
    }
    for (std::size_t s = 0; s < chain.spend_streams.size(); ++s) {
      const SpendStream& stream = chain.spend_streams[s];
      if (!stream.per_person && t >= stream.from && t < stream.until.value_or(horizon)) earned -= of.spend_level[0][s];
    }
    total += std::pow(chain.discount_factor, static_cast<double>(t)) * earned;
    std::vector<double> later(regimes);
    for (std::size_t e = 0; e < regimes; ++e) {
      for (std::size_t to = 0; to < regimes; ++to) later[to] += likely[e] * chain.market.matrix[e][to];
    }
    likely = later;
    people = next;
  }
  return total;
}

/// One of a chain's lists of numbers, with its slopes.
struct List {
  std::string name;
  Numbers ComplexChain::*numbers;
  const std::vector<std::vector<double>>* derivatives;
};

std::vector<List> lists_of(const ChainGradient& derivatives) {
  return {{"probability", &ComplexChain::probability, &derivatives.probability},
          {"staying", &ComplexChain::staying, &derivatives.staying},
          {"cash flow of a transition", &ComplexChain::transition_cash_flow, &derivatives.transition_cash_flow},
          {"cash flow", &ComplexChain::cash_flow, &derivatives.cash_flow},
          {"spend", &ComplexChain::spend, &derivatives.spend},
          {"hazard", &ComplexChain::hazard, &derivatives.hazard},
          {"referral rate", &ComplexChain::referral_rate, &derivatives.referral_rate},
          {"arrivals", &ComplexChain::arrivals, &derivatives.arrivals}};
}

/// A few numbers of every list against complex steps.
void check_slopes(const Chain& chain, Mixing& mixing) {
  const ChainGradient derivatives = gradient(chain);
  const double value = exact_value(chain, {.trace = false}).business->customer_equity;
  CHECK_THAT(derivatives.value, close_to_on_scale(value, 1 + std::abs(value), 1e-11));
  for (const List& list : lists_of(derivatives)) {
    ComplexChain stepped{chain};
    Numbers& numbers = stepped.*list.numbers;
    REQUIRE(numbers.size() == list.derivatives->size());
    double scale = 1;
    for (const auto& of_epoch : *list.derivatives) {
      for (const double slope : of_epoch) scale = std::max(scale, std::abs(slope));
    }
    for (int trial = 0; trial < 4 && !numbers.empty(); ++trial) {
      const std::size_t epoch = mixing.below(numbers.size());
      if (numbers[epoch].empty()) continue;
      const std::size_t k = mixing.below(numbers[epoch].size());
      const Complex before = numbers[epoch][k];
      numbers[epoch][k] += Complex{0, 1e-30};
      const double truth = equity(stepped).imag() / 1e-30;
      numbers[epoch][k] = before;
      INFO(list.name << " " << epoch << ", " << k);
      CHECK_THAT((*list.derivatives)[epoch][k], close_to_on_scale(truth, scale, 1e-10));
    }
  }
}

TEST_CASE("Gradient: the slopes of 1,000 whole chains are those of complex steps through the course of the people",
          "[slow]") {
  Mixing mixing{31};
  for (int round = 0; round < 1000; ++round) {
    const bool for_ever = round % 5 == 4;
    const WholeOptions options{
        .states = 1 + mixing.below(4),
        .types = 1 + mixing.below(3),
        .regimes = 1 + mixing.below(3),
        .dwells = mixing.chance(0.6),
        .events = false,
        .referrals = mixing.chance(0.6),
        .horizon = for_ever ? Horizon{} : Horizon{static_cast<std::int64_t>(1 + mixing.below(9))}};
    const Chain chain = whole_chain(mixing, options);
    INFO("round " << round);
    check_slopes(chain, mixing);
  }
}

TEST_CASE("Gradient: blocks of periods that are walked through again give the same slopes") {
  Mixing mixing{8};
  for (const std::int64_t horizon : {1, 2, 7, 30}) {
    const Chain chain = whole_chain(mixing, {.states = 4, .types = 2, .regimes = 2, .horizon = horizon});
    const ChainGradient at_once = tenure::detail::gradient_over(chain, horizon, horizon);
    for (const std::int64_t block : {1, 2, 3, 5, 30}) {
      const ChainGradient blocks = tenure::detail::gradient_over(chain, horizon, block);
      CHECK(blocks.value == at_once.value);
      CHECK(blocks.probability == at_once.probability);
      CHECK(blocks.hazard == at_once.hazard);
      CHECK(blocks.arrivals == at_once.arrivals);
    }
  }
}

TEST_CASE("Gradient: of a chain for ever without discounting, only what recurs for ever has no finite slope") {
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(2, 2);
  matrix << 0.8, 0.2, 0, 1;
  const Chain chain = chain_from_matrix(matrix, Eigen::Vector2d{100, 0}, {.arrivals = {{.count = {3, 0}}}});
  const ChainGradient derivatives = gradient(chain);
  CHECK_THAT(derivatives.value, close_to(1500));
  CHECK_THAT(derivatives.cash_flow[0][0], close_to(15));
  CHECK(derivatives.cash_flow[0][1] == std::numeric_limits<double>::infinity());
  CHECK_THAT(derivatives.probability[0][0], close_to(15 * 500));
  CHECK(derivatives.probability[0][1] == 0);
  CHECK(derivatives.arrivals[0][0] == Catch::Approx(500));
}

TEST_CASE("Gradient: of more states than are solved densely") {
  const int states = 400;
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(states, states);
  for (int i = 0; i < states; ++i) {
    matrix(i, i) = 0.5;
    matrix(i, (i + 1) % states) = 0.3;
    matrix(i, (i + 7) % states) = 0.2;
  }
  const Chain chain = chain_from_matrix(matrix, Eigen::VectorXd::LinSpaced(states, -10, 50),
                                        {.discount_factor = 0.9, .arrivals = {{.state = 3, .count = {5, 1}}}});
  Mixing mixing{5};
  check_slopes(chain, mixing);
}

TEST_CASE("Gradient: one person who enters a state is worth their clv with referrals") {
  Mixing mixing{77};
  const Chain chain = whole_chain(mixing, {.states = 3, .types = 3, .regimes = 2, .horizon = 6});
  for (StateIndex state = 0; state < 3; ++state) {
    const double clv = exact_value(chain).states[state].clv_with_referrals.value();
    CHECK_THAT(gradient(entering(chain, state)).value, close_to_on_scale(clv, 1000));
  }
  CHECK_THAT(-gradient(spending_only(chain)).value, close_to(exact_value(chain).investment.total));
}

}  // namespace tenure::test::gradients
