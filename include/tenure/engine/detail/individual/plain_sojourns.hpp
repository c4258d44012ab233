#pragma once
// Lives by sojourns where nothing but the state decides: no market, nothing that changes with time but the discount, no
// amounts of a person's own. Then all that a sojourn reads of its state stands in one record, and many people live side
// by side, sojourn by sojourn, almost without branches, so that a processor works on several of them at once. What
// comes out is what live_by_stays gives, to the last bit.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tenure/engine/detail/individual/sojourn_draws.hpp"
#include "tenure/engine/detail/individual/sojourn_tables.hpp"
#include "tenure/engine/detail/individual/sojourns.hpp"

namespace tenure::detail {

/// A column of an alias row with all that its two moves do.
struct MoveColumn {
  std::uint64_t threshold = 0;
  std::array<std::uint32_t, 2> to{};
  std::array<double, 2> cash_flow{};  ///< at the end of the period
};

/// What a sojourn reads of its state.
struct PlainState {
  std::uint32_t law = 0;           ///< place in StayTables::laws
  std::uint32_t first_column = 0;  ///< place in PlainStays::columns
  std::uint8_t column_bits = 0;
  std::uint8_t absorbed = 0;
  std::uint8_t varies = 0;
};

/// What stays read, state by state, where nothing but the state decides.
struct PlainSojourns {
  std::vector<PlainState> states{};
  std::vector<MoveColumn> columns{};
};

[[nodiscard]] inline bool has_plain_sojourns(const SojournTables& tables) {
  const Chain& chain = tables.chain;
  if (chain.regimes() > 1 || !tables.own.empty() || tables.annuity.empty() || tables.rows.size() > 1 ||
      chain.transition_cash_flow.distinct().size() > 1)
    return false;
  for (std::size_t i = 0; i < tables.states(); ++i) {
    if (tables.absorbed[i] == 0 && (tables.law[i] == no_place || tables.law_from[i] > 0)) return false;
  }
  return true;
}

/// The records of tables whose stays are plain; none if they are not.
[[nodiscard]] inline std::optional<PlainSojourns> plain_sojourns(const SojournTables& tables) {
  if (!has_plain_sojourns(tables)) return std::nullopt;
  const AliasRows& rows = tables.rows.front();
  PlainSojourns plain;
  for (std::size_t i = 0; i < tables.states(); ++i) {
    plain.states.push_back({tables.law[i], static_cast<std::uint32_t>(rows.first[i]), rows.column_bits[i],
                            tables.absorbed[i], tables.varies.empty() ? std::uint8_t{0} : tables.varies[i]});
  }
  const std::vector<double>& cash_flow = tables.chain.transition_cash_flow.at(0);
  const std::vector<StateIndex>& successor = tables.chain.transitions.successor;
  for (const AliasColumn& column : rows.column) {
    const auto [own, other] = column.entry;
    plain.columns.push_back({column.threshold, {successor[own], successor[other]}, {cash_flow[own], cash_flow[other]}});
  }
  return plain;
}

/// People under way side by side.
class PlainLives {
 public:
  static constexpr std::uint32_t most_people = 256;

  PlainLives(const SojournTables& tables, const PlainSojourns& plain, StreamKey key)
      : tables_{&tables}, plain_{&plain}, key_{key} {}

  /// A person of a number who enters a state at the start of a period. All share the upper half of their numbers.
  template <class Visit>
  void enter(std::uint64_t number, std::size_t state, std::int64_t period, Visit&& visit) {
    const LifeBySojourns life = ended_if_over(*tables_, {state, period}, visit);
    number_[people_] = static_cast<std::uint32_t>(number);
    upper_half_ = number >> 32 << 32;
    life_[people_] = {life.value, life.factor, static_cast<std::uint32_t>(state), static_cast<std::int32_t>(period)};
    alive_[alive_people_] = people_++;
    alive_people_ += life.is_over ? 0U : 1U;
  }

  /// Lives them to their ends, and gives what person k of those who entered brings to write(k, value). Nobody is left.
  template <class Visit, class Write>
  void live(Visit&& visit, Write&& write) {
    if (events_.size() < people_ && !tables_->varies.empty()) events_.resize(most_people);
    std::fill(events_.begin(), events_.end(), EventDraws{});
    for (std::uint32_t sojourn = 0; alive_people_ > 0; ++sojourn) live_sojourns(sojourn, visit);
    for (std::uint32_t k = 0; k < people_; ++k) write(k, life_[k].value);
    people_ = 0;
  }

 private:
  struct Life {
    double value = 0;
    double factor = 1;
    std::uint32_t state = 0;
    std::int32_t period = 0;
  };

  /// Where what a sojourn reads begins: kept in registers, whatever is written meanwhile.
  struct Reads {
    const PlainState* states;
    const SojournLaw* laws;
    const MoveColumn* columns;
    const double* annuity;
    const double* discount;
    std::int64_t periods;
    bool moves_vary;
  };

  /// The n-th sojourns of those alive. Whoever's life goes on after it stays in `alive_`.
  template <class Visit>
  void live_sojourns(std::uint32_t sojourn, Visit&& visit) {
    for (std::uint32_t j = 0; j < alive_people_; ++j) drawn_for_[j] = number_[alive_[j]];
    const std::size_t drawn = (alive_people_ + people_of_draw - 1) / people_of_draw * people_of_draw;
    tables_->draw_ways.sojourns(key_, {upper_half_, 0, Purpose::sojourn, sojourn}, drawn_for_.data(), drawn,
                                draws_.data());
    const Reads reads{plain_->states.data(),    tables_->laws.data(), plain_->columns.data(),   tables_->annuity.data(),
                      tables_->discount.data(), tables_->periods,     !tables_->on_move.empty()};
    std::uint32_t left = 0;
    const std::uint32_t alive = alive_people_;
    for (std::uint32_t j = 0; j < alive; ++j) {
      const std::uint32_t k = alive_[j];
      alive_[left] = k;
      left += live_sojourn(reads, k, draws_[j], visit) ? 1U : 0U;
    }
    alive_people_ = left;
  }

  template <class Visit>
  [[nodiscard]] bool live_sojourn(const Reads& reads, std::uint32_t k, const SojournDraws& draws, Visit&& visit) {
    Life life = life_[k];
    const PlainState state = reads.states[life.state];
    const std::int64_t end = life.period + reads.laws[state.law].periods(draws.how_long);
    const bool leaves = end <= reads.periods;
    const std::int64_t until = std::min(end, reads.periods);
    const Sojourn sojourn{life.state, life.period, until, leaves};
    visit(sojourn);
    const double later = reads.discount[until - life.period];
    const double* const annuity = reads.annuity + life.state * (reads.periods + 1);
    double value = annuity[life.period] - later * annuity[until];
    if (state.varies != 0) value += varying_value(*tables_, person_of(k), sojourn, events_[k]);
    life.value += life.factor * value;
    life.factor *= later;
    const std::uint64_t within = draws.where_to & (~std::uint64_t{0} >> state.column_bits);
    const std::size_t place = state.first_column + (draws.where_to >> (64 - state.column_bits));
    const MoveColumn& column = reads.columns[place];
    const std::size_t which = within < column.threshold ? 0 : 1;
    const double moved = reads.moves_vary && leaves ? value_of_move(k, place, which, until) : column.cash_flow[which];
    life.value += life.factor * (moved * static_cast<double>(leaves));
    life.state = column.to[which];
    life.period = static_cast<std::int32_t>(until);
    life_[k] = life;
    const bool ends = (until == reads.periods) | (reads.states[life.state].absorbed != 0);
    if (leaves && ends) visit(Sojourn{life.state, until, reads.periods, false});
    return leaves & !ends;
  }

  [[nodiscard]] Person person_of(std::uint32_t k) const { return {key_, upper_half_ | number_[k], nullptr, {}}; }

  /// What the move of a column brings at the end of the period before `until`, where it varies.
  [[nodiscard]] double value_of_move(std::uint32_t k, std::size_t column, std::size_t which, std::int64_t until) const {
    return detail::value_of_move(*tables_, person_of(k), tables_->rows.front().column[column].entry[which], until - 1);
  }

  const SojournTables* tables_;
  const PlainSojourns* plain_;
  StreamKey key_;
  std::uint64_t upper_half_ = 0;
  std::uint32_t people_ = 0;
  std::uint32_t alive_people_ = 0;
  std::array<std::uint32_t, most_people> number_{};
  std::array<std::uint32_t, most_people> alive_{};
  std::array<std::uint32_t, most_people> drawn_for_{};
  std::array<SojournDraws, most_people> draws_{};
  std::array<Life, most_people> life_{};
  std::vector<EventDraws> events_{};
};

}  // namespace tenure::detail
