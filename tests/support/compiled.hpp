#pragma once
// Looking into compiled chains: rows in full, and whether two chains hold the same bits.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/numbers.hpp"
#include "tenure/chain/chain.hpp"

namespace tenure::test {

/// The probabilities of one state in one period, by successor; 0 where there is no move.
[[nodiscard]] inline std::vector<double> row_of(const Chain& chain, std::size_t state, std::int64_t t = 0) {
  std::vector<double> row(chain.states(), 0.0);
  for (std::uint32_t k = chain.transitions.first[state]; k < chain.transitions.first[state + 1]; ++k) {
    row[chain.transitions.successor[k]] += chain.probability.at(t)[k];
  }
  return row;
}

[[nodiscard]] inline bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) { return same_bits(x, y); });
}

[[nodiscard]] inline bool same_arrivals(const ArrivalGroup& a, const ArrivalGroup& b, std::int64_t periods) {
  for (std::int64_t t = 0; t < periods; ++t) {
    if (!same_bits(people_arriving(a, t), people_arriving(b, t))) return false;
  }
  return a.state == b.state && a.channel == b.channel;
}

/// Whether two chains mean the same, number by number, in periods 0 … periods - 1.
[[nodiscard]] inline bool same_chain(const Chain& a, const Chain& b, std::int64_t periods) {
  const bool same_frame = a.horizon == b.horizon && same_bits(a.discount_factor, b.discount_factor) &&
                          a.cash_flow_timing == b.cash_flow_timing && a.stages == b.stages &&
                          a.transitions == b.transitions && a.referrals == b.referrals &&
                          a.arrivals.size() == b.arrivals.size() && a.channels == b.channels;
  if (!same_frame) return false;
  for (std::int64_t t = 0; t < periods; ++t) {
    const bool same = same_bits(a.probability.at(t), b.probability.at(t)) &&
                      same_bits(a.transition_cash_flow.at(t), b.transition_cash_flow.at(t)) &&
                      same_bits(a.cash_flow.at(t), b.cash_flow.at(t)) && same_bits(a.spend.at(t), b.spend.at(t)) &&
                      same_bits(a.referral_rate.at(t), b.referral_rate.at(t));
    if (!same) return false;
  }
  for (std::size_t g = 0; g < a.arrivals.size(); ++g) {
    if (!same_arrivals(a.arrivals[g], b.arrivals[g], periods)) return false;
  }
  return true;
}

}  // namespace tenure::test
