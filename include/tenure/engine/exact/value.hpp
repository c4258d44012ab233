#pragma once
// What the exact engine answers.

#include <optional>
#include <vector>

namespace tenure {

/// The value of a person who enters a state at the start of period 0. What does not exist has no value.
struct StateValue {
  std::optional<double> clv{};                 ///< the person alone, spend on the person deducted
  std::optional<double> clv_sd{};              ///< standard deviation of a person's own value
  std::optional<double> clv_skewness{};        ///< none where the value is certain
  std::optional<double> clv_with_referrals{};  ///< with the whole tree of people brought within the horizon
  std::optional<double> expected_periods_as_customer{};
};

/// Those who arrive by one channel, and whom they bring. People and equity are discounted to period 0 alike.
struct ChannelValue {
  double people = 0;
  double customer_equity = 0;          ///< spend per person deducted, spend per period not
  std::optional<double> value_each{};  ///< of a person at entry; none where nobody arrives
};

/// Expected course of the whole business; index t is period t.
struct Trace {
  std::vector<double> cash_flow{};             ///< undiscounted, before spend, with the period's transitions
  std::vector<double> discounted_cash_flow{};  ///< net of spend; sums to the customer equity
  std::vector<double> spend{};                 ///< undiscounted, per person and per period
  std::vector<std::vector<double>> people{};   ///< by state: head counts at the start of each period
};

/// Present value of all spend, per person and per period, on everyone, those who are brought too.
struct Investment {
  double total = 0;
  std::vector<double> by_stream{};
};

/// The variance of customer equity, in two parts that add up to it.
struct EquityRisk {
  double variance_from_people = 0;  ///< chance among people: beside the equity it vanishes as they become many
  double variance_from_market = 0;  ///< the market that all share: it does not
};

/// What the whole business is worth.
struct BusinessValue {
  double customer_equity = 0;        ///< net of all spend
  std::optional<EquityRisk> risk{};  ///< none for an infinite horizon, where not asked for, or for very large chains
  std::optional<double> acquired{};  ///< persons who become customers for the first time; none if infinite
  std::optional<double> acquisition_cost{};  ///< per acquired person, in present value
  std::optional<double> retention_rate{};    ///< share of customers who still are one period later
  std::vector<ChannelValue> channels{};
  std::optional<Trace> trace{};  ///< none for an infinite horizon
};

/// The people of one segment.
struct SegmentValue {
  double share = 1;  ///< of arrivals that have no mix of their own
  std::vector<StateValue> states{};
  ChannelValue arrivals{};  ///< who arrives in this segment, by all channels
};

/// Everything that the exact engine knows of a chain.
struct ExactValue {
  std::vector<StateValue> states{};  ///< over the shares of the segments
  std::vector<SegmentValue> segments{};
  Investment investment{};
  std::optional<BusinessValue> business{};  ///< none where nobody arrives
  double error_bound = 0;                   ///< on each clv of an infinite horizon, proved; 0 for finite ones
};

}  // namespace tenure
