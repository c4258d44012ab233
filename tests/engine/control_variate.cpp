// Control variates against regression written down in closed form and by normal equations, against laws in which the
// control tells everything, and in what a sample may throw at them: too few values, a control that does not vary, two
// that say the same, a mean that cannot be luck.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/detail/control_variate.hpp"
#include "tenure/engine/detail/exact_mean.hpp"
#include "tenure/engine/individual.hpp"
#include "tenure/engine/summary.hpp"

namespace tenure::test::control {

using namespace tenure::detail;

using Columns = std::vector<std::vector<double>>;

/// The textbook's regression of y on x, evaluated where x is what is expected, and its standard error there.
Estimate simple_regression(const std::vector<double>& x, double expectation, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  double mx = 0, my = 0, xx = 0, xy = 0, residual = 0;
  for (std::size_t k = 0; k < x.size(); ++k) mx += x[k] / n, my += y[k] / n;
  for (std::size_t k = 0; k < x.size(); ++k) xx += (x[k] - mx) * (x[k] - mx), xy += (x[k] - mx) * (y[k] - my);
  for (std::size_t k = 0; k < x.size(); ++k) residual += std::pow(y[k] - my - xy / xx * (x[k] - mx), 2);
  return {my + xy / xx * (expectation - mx),
          std::sqrt(residual / (n - 2) * (1 / n + (expectation - mx) * (expectation - mx) / xx))};
}

std::vector<double> column(Mixing& mixing, std::size_t count) {
  std::vector<double> values(count);
  for (double& value : values) value = mixing.between(-3, 5);
  return values;
}

TEST_CASE("Control variate: one control is simple regression") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Mixing mixing{seed};
    const std::size_t count = 4 + mixing.below(200);
    const std::vector<double> x = column(mixing, count);
    std::vector<double> y = column(mixing, count);
    for (std::size_t k = 0; k < count; ++k) y[k] += mixing.between(-2, 2) * x[k];
    const Columns control{x};
    const Columns response{y};
    const double near = simple_regression(x, 0, x).mean + 0.9 + static_cast<double>(seed % 3) * 0.01;
    const Estimate expected = simple_regression(x, near, y);
    const Estimate found = controlled(controlled_sample(control, std::vector{near}, response)).front();
    CHECK_THAT(found.mean, close_to_on_scale(expected.mean, 1, 1e-11));
    CHECK_THAT(found.standard_error.value(), close_to(expected.standard_error.value(), 1e-9));
  }
}

TEST_CASE("Control variate: a response that its controls explain is known, without error") {
  Mixing mixing{3};
  const std::size_t count = 500;
  const Columns controls{column(mixing, count), column(mixing, count)};
  std::vector<double> y(count);
  for (std::size_t k = 0; k < count; ++k) y[k] = 7 + 2 * controls[0][k] - 3 * controls[1][k];
  const std::vector<Estimate> found =
      controlled(controlled_sample(controls, std::vector{1.0, 1.1}, Columns{y, controls[0]}));
  CHECK_THAT(found[0].mean, close_to(7 + 2 - 3.3));
  CHECK(found[0].standard_error.value() < 1e-7);
  CHECK_THAT(found[1].mean, close_to(1.0));  // a control is its own best estimate
  CHECK(found[1].standard_error.value() < 1e-7);
}

TEST_CASE("Control variate: what says nothing changes nothing") {
  Mixing mixing{4};
  const std::size_t count = 300;
  const std::vector<double> x = column(mixing, count);
  std::vector<double> y = column(mixing, count);
  for (std::size_t k = 0; k < count; ++k) y[k] += x[k];
  std::vector<double> twice = x;
  for (double& value : twice) value = 2 * value + 1;
  const Estimate once = controlled(controlled_sample(Columns{x}, std::vector{1.0}, Columns{y})).front();
  const Estimate again = controlled(controlled_sample(Columns{x, twice}, std::vector{1.0, 3.0}, Columns{y})).front();
  CHECK_THAT(again.mean, close_to(once.mean));
  CHECK_THAT(again.standard_error.value(), close_to(once.standard_error.value()));
  const std::vector<double> constant(count, 2.5);
  const Estimate beside =
      controlled(controlled_sample(Columns{x, constant}, std::vector{1.0, 2.5}, Columns{y})).front();
  CHECK_THAT(beside.mean, close_to(once.mean));
  CHECK_THAT(beside.standard_error.value(), close_to(once.standard_error.value()));
}

TEST_CASE("Control variate: small samples, and those that cannot be luck, keep their plain mean") {
  const Columns x{{1, 2, 4}};
  const Columns y{{1, 0, 0}};
  const Estimate three = controlled(controlled_sample(x, std::vector{2.0}, y)).front();
  CHECK_THAT(three.mean, close_to(1.0 / 3));
  CHECK_THAT(three.standard_error.value(), close_to(1.0 / 3));  // √(2/3 / (3·2))
  Mixing mixing{5};
  const Columns many{column(mixing, 1'000)};
  const double far = simple_regression(many[0], 0, many[0]).mean + 6 * 8 / std::sqrt(12.0 * 1'000);
  const Columns response{column(mixing, 1'000)};
  const ControlledSample misfit = controlled_sample(many, std::vector{far}, response);
  CHECK(same_bits(controlled(misfit).front().mean, misfit.response.front()));
}

TEST_CASE("Control variate: probabilities of which one happens sum to one") {
  Mixing mixing{6};
  const std::size_t count = 400;
  const Columns controls{column(mixing, count), column(mixing, count)};
  Columns wins(3, std::vector<double>(count));
  for (std::size_t k = 0; k < count; ++k) {
    const double third = mixing.between(-3, 5);
    wins[controls[0][k] > controls[1][k] ? (controls[0][k] > third ? 0 : 2) : (controls[1][k] > third ? 1 : 2)][k] = 1;
  }
  const std::vector<Estimate> found = controlled(controlled_sample(controls, std::vector{1.0, 1.0}, wins));
  CHECK_THAT(found[0].mean + found[1].mean + found[2].mean, close_to(1.0));
  const std::vector<Estimate> plain = controlled(controlled_sample({}, {}, wins));
  for (std::size_t k = 0; k < 2; ++k) CHECK(found[k].standard_error.value() < 0.9 * plain[k].standard_error.value());
}

/// A sample of values about 1 that are negative now and then, as blocks.
Columns blocks_of_values(std::uint64_t seed) {
  Mixing mixing{seed};
  Columns blocks;
  for (std::size_t b = 0; b < 9; ++b) blocks.push_back(column(mixing, 1 + mixing.below(100)));
  return blocks;
}

TEST_CASE("Control variate: a summary's share of negative values is the regression of its indicator") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    ValueSummary summary{0.7, 10};
    std::vector<double> x, y;
    for (const std::vector<double>& block : blocks_of_values(seed)) {
      summary.add_block(block);
      for (const double value : block) x.push_back(value), y.push_back(value < 0 ? 1 : 0);
    }
    const Estimate expected = simple_regression(x, 1, y);
    CHECK_THAT(summary.share_negative(1).mean, close_to(expected.mean, 1e-10));
    CHECK_THAT(summary.share_negative(1).standard_error.value(), close_to(expected.standard_error.value(), 1e-10));
    CHECK(summary.share_negative(1).standard_error.value() < 0.8 * summary.share_negative().standard_error.value());
  }
}

TEST_CASE("Control variate: merged in any order, the same bits") {
  const Columns blocks = blocks_of_values(77);
  ValueSummary at_once{0.7, 10};
  for (const std::vector<double>& block : blocks) at_once.add_block(block);
  const Estimate expected = at_once.share_negative(1);
  std::vector<std::size_t> order{0, 1, 2, 3, 4, 5, 6, 7, 8};
  Mixing mixing{1};
  for (int shuffle = 0; shuffle < 50; ++shuffle) {
    for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[mixing.below(k)]);
    const std::size_t cut = mixing.below(order.size());
    ValueSummary one{0.7, 10}, other{0.7, 10};
    for (std::size_t k = 0; k < order.size(); ++k) (k < cut ? one : other).add_block(blocks[order[k]]);
    one.merge(std::move(other));
    CHECK(same_bits(one.share_negative(1).mean, expected.mean));
    CHECK(same_bits(one.share_negative(1).standard_error.value(), expected.standard_error.value()));
  }
}

TEST_CASE("Control variate: a share stays between nothing and everything") {
  ValueSummary summary{0, 10};
  std::vector<double> values(1'000, 1.0);
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<double>(k % 10);
  values[0] = -0.001;
  summary.add_block(values);
  CHECK(summary.share_negative(4.85).mean >= 0);
  ValueSummary certain{0, 10};
  certain.add_block(std::vector<double>(50, -2.0));
  CHECK(certain.share_negative(-2).mean == 1);
  CHECK(certain.share_negative(-2).standard_error.value() == 0);
  CHECK(ValueSummary{}.share_negative(1).mean == 0);
}

TEST_CASE("Exact means are those of what is simulated") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Mixing mixing{seed};
    ChainParts parts = seeded_chain(mixing, {.states = 2 + mixing.below(4), .largest_referral_rate = 0.1});
    parts.horizon = 1 + static_cast<std::int64_t>(mixing.below(10));
    const Chain chain = chain_of(parts);
    for (const bool referrals : {false, true}) {
      const auto close = [&](const IndividualResult& result, double exact) {
        const double error = result.values.estimate().standard_error.value();
        CHECK(std::abs(result.values.mean() - exact) <=
              6.5 * error + 1e-9 * std::abs(exact));  // 160 times: once in 10^8 runs
      };
      IndividualOptions options{.seed = seed, .people = 20'000, .referrals = referrals, .threads = 1};
      close(simulate_individuals(chain, options), exact_mean(chain, {{}, referrals}).value());
      options.entries = {entry_at(1)};
      close(simulate_individuals(chain, options), exact_mean(chain, {StateIndex{1}, referrals}).value());
    }
  }
  ChainParts endless = constant_chain({{1}}, {50}, 1);
  CHECK_FALSE(exact_mean(chain_of(endless), {StateIndex{0}, false}).has_value());
}

}  // namespace tenure::test::control
