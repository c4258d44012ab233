// The exact engine against the list of everything that can happen, on seeded chains of at most three states and eight
// periods with all features at once.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "catch.hpp"
#include "support/all_paths.hpp"
#include "support/mixing.hpp"
#include "support/numbers.hpp"
#include "support/small_chain.hpp"
#include "tenure/engine/exact.hpp"

namespace tenure::test::enumeration {

constexpr int chains = 400;

/// A seeded chain with one to three states over zero to eight periods; discounts reach from 0.5 to above 1.
Chain short_chain(std::uint64_t seed, bool referrals) {
  Mixing mixing{seed};
  SeededOptions options{
      .states = 1 + mixing.below(3), .distinct_periods = 1 + mixing.below(3), .head = mixing.below(3)};
  options.referrals = referrals;
  ChainParts parts = seeded_chain(mixing, options);
  parts.horizon = static_cast<std::int64_t>(mixing.below(9));
  const double discounts[]{0.5, 0.9, 1, 1.05};
  if (mixing.chance(0.5)) parts.discount_factor = discounts[mixing.below(4)];
  return chain_of(parts);
}

std::int64_t horizon_of(const Chain& chain) { return chain.horizon.value(); }

double arriving(const Chain& chain, std::int64_t t, StateIndex state) {
  double people = 0;
  for (const ArrivalGroup& group : chain.arrivals) {
    if (group.state == state && t < static_cast<std::int64_t>(group.count.size()))
      people += group.count[static_cast<std::size_t>(t)];
  }
  return people;
}

/// Expected people by period and state who have just entered: arrivals, and those brought one period before. Counted
/// through the paths of each who entered earlier.
std::vector<std::vector<long double>> entrants(const Chain& chain) {
  const std::int64_t horizon = horizon_of(chain);
  std::vector<std::vector<long double>> entering(static_cast<std::size_t>(horizon),
                                                 std::vector<long double>(chain.states()));
  for (std::int64_t t = 0; t < horizon; ++t) {
    for (StateIndex i = 0; i < chain.states(); ++i) {
      long double& here = entering[static_cast<std::size_t>(t)][i];
      here += arriving(chain, t, i);
      const long double people = here;
      if (people == 0) continue;
      for_each_path(chain, i, t, horizon, [&](const Path& path) {
        for (std::int64_t u = t; u + 1 < horizon; ++u) {
          const StateIndex at = path.states[static_cast<std::size_t>(u - t)];
          for (std::uint32_t k = chain.referrals.first[at]; k < chain.referrals.first[at + 1]; ++k) {
            entering[static_cast<std::size_t>(u + 1)][chain.referrals.successor[k]] +=
                people * path.probability * static_cast<long double>(chain.referral_rate.at(u)[k]);
          }
        }
      });
    }
  }
  return entering;
}

/// What all entrants' paths add up to.
struct Accounts {
  long double equity = 0;
  long double magnitude = 0;
  long double acquired = 0;
  long double customers = 0;
  long double stayers = 0;
  std::vector<std::vector<long double>> people{};  ///< by state and period
};

void add_path(const Chain& chain, const Path& path, std::int64_t entered, long double people, Accounts& accounts) {
  const std::int64_t horizon = horizon_of(chain);
  bool has_been_customer = false;
  for (std::int64_t t = entered; t < horizon; ++t) {
    const std::size_t step = static_cast<std::size_t>(t - entered);
    const bool now = is_customer(chain.stages[path.states[step]]);
    accounts.people[path.states[step]][static_cast<std::size_t>(t)] += people;
    if (now && !has_been_customer) accounts.acquired += people;
    has_been_customer = has_been_customer || now;
    if (now && t + 1 < horizon) {
      accounts.customers += people;
      if (is_customer(chain.stages[path.states[step + 1]])) accounts.stayers += people;
    }
  }
  const long double discounted =
      std::pow(static_cast<long double>(chain.discount_factor), static_cast<long double>(entered));
  accounts.equity += people * discounted * path.value;
  accounts.magnitude += std::abs(people * discounted * path.value);
}

Accounts accounts_of(const Chain& chain) {
  const std::int64_t horizon = horizon_of(chain);
  Accounts accounts;
  accounts.people.assign(chain.states(), std::vector<long double>(static_cast<std::size_t>(horizon)));
  const auto entering = entrants(chain);
  for (std::int64_t t = 0; t < horizon; ++t) {
    for (StateIndex i = 0; i < chain.states(); ++i) {
      const long double people = entering[static_cast<std::size_t>(t)][i];
      if (people == 0) continue;
      for_each_path(chain, i, t, horizon,
                    [&](const Path& path) { add_path(chain, path, t, people * path.probability, accounts); });
    }
    const long double discounted =
        std::pow(static_cast<long double>(chain.discount_factor), static_cast<long double>(t));
    for (const SpendStream& stream : chain.spend_streams) {
      if (!stream.per_person && runs_at(stream, t))
        accounts.equity -= discounted * static_cast<long double>(stream.level);
    }
  }
  return accounts;
}

double rounded(long double value) { return static_cast<double>(value); }

TEST_CASE("Enumeration: mean, variance and third moment of a person's value") {
  for (std::uint64_t seed = 0; seed < chains; ++seed) {
    const Chain chain = short_chain(seed, false);
    const ExactValue value = exact_value(chain);
    for (StateIndex i = 0; i < chain.states(); ++i) {
      INFO("seed " << seed << ", state " << i);
      const PathMoments paths = moments_of_paths(chain, i, horizon_of(chain));
      const double scale = rounded(paths.magnitude);
      const StateValue& state = value.states[i];
      CHECK_THAT(state.clv.value(), close_to_on_scale(rounded(paths.mean), scale));
      CHECK_THAT(state.clv_with_referrals.value(), close_to_on_scale(rounded(paths.mean), scale));
      const double sd = state.clv_sd.value();
      CHECK_THAT(sd * sd, close_to_on_scale(rounded(paths.variance), scale * scale));
      if (sd > 1e-6 * scale) {
        const double third = state.clv_skewness.value() * sd * sd * sd;
        CHECK_THAT(third, close_to_on_scale(rounded(paths.third_moment), scale * scale * scale));
      }
    }
  }
}

TEST_CASE("Enumeration: expected periods as a customer") {
  for (std::uint64_t seed = 0; seed < chains; ++seed) {
    const Chain chain = short_chain(seed, false);
    const ExactValue value = exact_value(chain);
    for (StateIndex i = 0; i < chain.states(); ++i) {
      INFO("seed " << seed << ", state " << i);
      long double periods = 0;
      for_each_path(chain, i, 0, horizon_of(chain), [&](const Path& path) {
        for (std::size_t t = 0; t + 1 < path.states.size(); ++t) {
          if (is_customer(chain.stages[path.states[t]])) periods += path.probability;
        }
      });
      CHECK_THAT(value.states[i].expected_periods_as_customer.value(), close_to_on_scale(rounded(periods), 8));
    }
  }
}

TEST_CASE("Enumeration: the whole business, with the people that are brought") {
  for (std::uint64_t seed = 1000; seed < 1000 + chains; ++seed) {
    INFO("seed " << seed);
    const Chain chain = short_chain(seed, true);
    const Accounts accounts = accounts_of(chain);
    const BusinessValue business = exact_value(chain).business.value();
    CHECK_THAT(business.customer_equity,
               close_to_on_scale(rounded(accounts.equity), rounded(accounts.magnitude) + 100));
    CHECK_THAT(business.acquired.value(), close_to_on_scale(rounded(accounts.acquired), 1000));
    CHECK(business.retention_rate.has_value() == (accounts.customers > 0));
    if (business.retention_rate) {
      CHECK_THAT(*business.retention_rate, close_to_on_scale(rounded(accounts.stayers / accounts.customers), 1));
    }
    const Trace& trace = business.trace.value();
    for (std::size_t i = 0; i < chain.states(); ++i) {
      REQUIRE(trace.people[i].size() == accounts.people[i].size());
      for (std::size_t t = 0; t < trace.people[i].size(); ++t) {
        CHECK_THAT(trace.people[i][t], close_to_on_scale(rounded(accounts.people[i][t]), 1000));
      }
    }
  }
}

TEST_CASE("Enumeration: a person's value with everyone they bring is the equity of one arrival") {
  for (std::uint64_t seed = 2000; seed < 2000 + chains; ++seed) {
    Chain chain = short_chain(seed, true);
    std::erase_if(chain.spend_streams, [](const SpendStream& stream) { return !stream.per_person; });
    const ExactValue value = exact_value(chain);
    for (StateIndex i = 0; i < chain.states(); ++i) {
      INFO("seed " << seed << ", state " << i);
      chain.arrivals = {{.state = i, .channel = 0, .count = {1, 0}}};
      const Accounts accounts = accounts_of(chain);
      CHECK_THAT(value.states[i].clv_with_referrals.value(),
                 close_to_on_scale(rounded(accounts.equity), rounded(accounts.magnitude)));
    }
  }
}

TEST_CASE("Enumeration: investment is the discounted spend on those who are there") {
  for (std::uint64_t seed = 3000; seed < 3000 + chains; ++seed) {
    INFO("seed " << seed);
    const Chain chain = short_chain(seed, true);
    const Accounts accounts = accounts_of(chain);
    const Investment invested = exact_value(chain).investment;
    const std::vector<double> cost = cost_per_level(chain);
    REQUIRE(invested.by_stream.size() == chain.spend_streams.size());
    long double investment = 0;
    for (std::size_t s = 0; s < chain.spend_streams.size(); ++s) {
      const SpendStream& stream = chain.spend_streams[s];
      long double unit = 0;
      for (std::int64_t t = 0; t < horizon_of(chain); ++t) {
        long double people = stream.per_person ? 0 : 1;
        for (const StateIndex i : stream.states) people += accounts.people[i][static_cast<std::size_t>(t)];
        const long double discounted =
            std::pow(static_cast<long double>(chain.discount_factor), static_cast<long double>(t));
        if (runs_at(stream, t)) unit += discounted * people;
      }
      investment += unit * static_cast<long double>(stream.level);
      CHECK_THAT(cost[s], close_to_on_scale(rounded(unit), 1000));
      CHECK_THAT(invested.by_stream[s], close_to_on_scale(stream.level * rounded(unit), 10000));
    }
    CHECK_THAT(invested.total, close_to_on_scale(rounded(investment), 10000));
  }
}

TEST_CASE("Enumeration: the trace's discounted flows add up to the equity that the values add up to") {
  for (std::uint64_t seed = 4000; seed < 4000 + chains; ++seed) {
    INFO("seed " << seed);
    const Chain chain = short_chain(seed, true);
    const BusinessValue business = exact_value(chain).business.value();
    double forward = 0;
    double magnitude = 0;
    for (const double flow : business.trace.value().discounted_cash_flow) {
      forward += flow;
      magnitude += std::abs(flow);
    }
    CHECK_THAT(forward, close_to_on_scale(business.customer_equity, magnitude + 1));
  }
}

}  // namespace tenure::test::enumeration
