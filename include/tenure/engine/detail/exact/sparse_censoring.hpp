#pragma once
// Elimination of a large sparse chain, as far as it costs nothing: ages in a state form a path, each of them reached
// from the one before alone, so that a million of them pass on their moves and rewards (censored.hpp) without making
// the system any denser. What is left, the core, is a matter of the states themselves. Which states to eliminate is
// decided as Markowitz (1957) does: by how many entries that would make, beside those it takes away.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <Eigen/Dense>
#include <Eigen/SparseCore>

#include "tenure/engine/detail/exact/censored.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

class SparseCensoring {
 public:
  /// Eliminates until at most `core` states are left, or until more would cost more than it saves.
  SparseCensoring(const DiscountedMoves& system, std::size_t core, const Interrupted& interrupted = uninterrupted)
      : exits_{exits_of(system)}, pivots_{Eigen::VectorXd::Ones(exits_.size())}, place_(states(), eliminated) {
    read(system);
    std::vector<std::uint32_t> left = by_distance();
    while (left.size() > core) {
      const std::size_t before = left.size();
      std::erase_if(left, [&](std::uint32_t state) {
        if (state % 64 == 0) heed(interrupted);
        return eliminate_if_cheap(state);
      });
      if (before - left.size() <= before / 16) break;
    }
    core_ = std::move(left);
    for (std::size_t k = 0; k < core_.size(); ++k) place_[core_[k]] = static_cast<std::int32_t>(k);
  }

  /// What is left: moves, discounted, among its states, the diagonal left out.
  [[nodiscard]] RowMatrix core_moves() const {
    std::vector<Eigen::Triplet<double>> entries;
    for (std::size_t k = 0; k < core_.size(); ++k) {
      for_each_in(row_[core_[k]],
                  [&](const Entry& to) { entries.emplace_back(static_cast<int>(k), place_[to.state], to.value); });
    }
    RowMatrix moves(core_size(), core_size());
    moves.setFromTriplets(entries.begin(), entries.end());
    return moves;
  }
  /// What leaves each of its states for good.
  [[nodiscard]] Eigen::VectorXd core_exits() const { return of_core(exits_); }
  [[nodiscard]] Eigen::Index core_size() const { return static_cast<Eigen::Index>(core_.size()); }
  /// Whether what was eliminated allows for a finite, non-negative inverse.
  [[nodiscard]] bool is_m_matrix() const { return pivots_.size() == 0 || pivots_.minCoeff() > 0; }

  /// The whole solution, by solve_core(reward), which answers for the core.
  template <class SolveCore>
  [[nodiscard]] Eigen::VectorXd solve(Eigen::VectorXd x, SolveCore solve_core) const {
    for (const Step& step : steps_) {
      for (std::size_t k = step.first_share; k < step.last_share; ++k) {
        x[shares_[k].state] += shares_[k].value * x[step.state];
      }
    }
    put_core(solve_core(of_core(x)), x);
    for (std::size_t s = steps_.size(); s-- > 0;) {
      const std::uint32_t state = steps_[s].state;
      double sum = x[state];
      for_each_in(row_[state], [&](const Entry& to) { sum += to.value * x[to.state]; });
      x[state] = sum / pivots_[state];
    }
    return x;
  }

  /// The same with the transposed inverse.
  template <class SolveCore>
  [[nodiscard]] Eigen::VectorXd solve_transposed(Eigen::VectorXd y, SolveCore solve_core) const {
    for (const Step& step : steps_) {
      const double visits = y[step.state] / pivots_[step.state];
      y[step.state] = visits;
      for_each_in(row_[step.state], [&](const Entry& to) { y[to.state] += to.value * visits; });
    }
    put_core(solve_core(of_core(y)), y);
    for (std::size_t s = steps_.size(); s-- > 0;) {
      for (std::size_t k = steps_[s].first_share; k < steps_[s].last_share; ++k) {
        y[steps_[s].state] += shares_[k].value * y[shares_[k].state];
      }
    }
    return y;
  }

 private:
  struct Entry {
    std::uint32_t state = 0;
    double value = 0;
  };
  /// A part of entries_, in no order; rows that outgrow their room move to the end.
  struct Row {
    std::size_t first = 0;
    std::size_t last = 0;
    std::size_t room = 0;
    [[nodiscard]] std::size_t size() const { return last - first; }
  };
  /// The elimination of a state, and the shares of it that those who lead to it took over.
  struct Step {
    std::uint32_t state = 0;
    std::size_t first_share = 0;
    std::size_t last_share = 0;
  };
  /// Who leads to a state, as a chain of links: those eliminated stay in it and no longer count.
  struct Link {
    std::uint32_t from = 0;
    std::uint32_t next = 0;
  };
  static constexpr std::int32_t eliminated = -1;
  static constexpr std::uint32_t none = UINT32_MAX;
  static constexpr std::uint32_t most_leading = 64;  ///< to a state that is eliminated
  static constexpr std::size_t widest_row = 2048;    ///< that is changed
  static constexpr std::size_t arrivals_to_begin =
      4096;  ///< that the first eliminations may make, for later ones to save

  [[nodiscard]] std::size_t states() const { return static_cast<std::size_t>(exits_.size()); }

  template <class Visit>
  void for_each_in(const Row& row, Visit visit) const {
    for (std::size_t k = row.first; k < row.last; ++k) visit(entries_[k]);
  }

  void read(const DiscountedMoves& system) {
    const RowMatrix moves = (system.moves + system.referred) * system.multiplier.rounded();
    row_.resize(states());
    absorbed_.assign(states(), false);
    leading_.assign(states(), 0);
    last_link_.assign(states(), none);
    at_.assign(states(), none);
    entries_.reserve(static_cast<std::size_t>(moves.nonZeros()) + arrivals_to_begin);
    for (std::uint32_t i = 0; i < states(); ++i) {
      row_[i].first = entries_.size();
      for (RowMatrix::InnerIterator entry(moves, i); entry; ++entry) {
        if (entry.col() == static_cast<Eigen::Index>(i)) continue;  // whoever comes back to a state has not left it
        entries_.push_back({static_cast<std::uint32_t>(entry.col()), entry.value()});
        link(i, entries_.back().state);
      }
      row_[i].last = entries_.size();
      row_[i].room = row_[i].size();
    }
    entries_left_ = entries_.size();
    entries_allowed_ = entries_left_ + arrivals_to_begin;
  }

  /// All states by how far they are from those that many lead to: one age after the other, whatever the market and the
  /// season, so that the paths on which they stand are never open in many places.
  [[nodiscard]] std::vector<std::uint32_t> by_distance() const {
    std::vector<std::uint32_t> order;
    order.reserve(states());
    std::vector<bool> is_listed(states(), false);
    const auto list = [&](std::uint32_t state) {
      if (!is_listed[state]) order.push_back(state);
      is_listed[state] = true;
    };
    for (std::uint32_t state = 0; state < states(); ++state) {
      if (leading_[state] > most_leading) list(state);
    }
    std::size_t next = 0;
    for (std::uint32_t root = 0; root < states(); ++root) {
      for (; next < order.size(); ++next) {
        for_each_in(row_[order[next]], [&](const Entry& to) { list(to.state); });
      }
      list(root);
    }
    return order;
  }

  void link(std::uint32_t from, std::uint32_t to) {
    links_.push_back({from, last_link_[to]});
    last_link_[to] = static_cast<std::uint32_t>(links_.size() - 1);
    ++leading_[to];
  }

  [[nodiscard]] std::vector<std::uint32_t> leading_to(std::uint32_t state) const {
    std::vector<std::uint32_t> from;
    for (std::uint32_t k = last_link_[state]; k != none; k = links_[k].next) {
      if (!absorbed_[links_[k].from]) from.push_back(links_[k].from);
    }
    return from;
  }

  /// Entries that eliminating a state would make.
  [[nodiscard]] std::size_t entries_made(std::uint32_t state, const std::vector<std::uint32_t>& leading) {
    std::size_t made = 0;
    for (const std::uint32_t from : leading) {
      for_each_in(row_[from], [&](const Entry& to) { at_[to.state] = 0; });
      for_each_in(row_[state], [&](const Entry& to) { made += at_[to.state] == none && to.state != from; });
      for_each_in(row_[from], [&](const Entry& to) { at_[to.state] = none; });
    }
    return made;
  }

  [[nodiscard]] bool is_cheap(std::uint32_t state, const std::vector<std::uint32_t>& leading) {
    const auto is_wide = [&](std::uint32_t from) { return row_[from].size() > widest_row; };
    if (row_[state].size() > widest_row || std::any_of(leading.begin(), leading.end(), is_wide)) return false;
    if (leading.size() <= 1) return true;
    const std::size_t taken_away = row_[state].size() + leading.size();
    return entries_left_ + entries_made(state, leading) <= entries_allowed_ + taken_away;
  }

  [[nodiscard]] bool eliminate_if_cheap(std::uint32_t state) {
    if (leading_[state] > most_leading) return false;
    const std::vector<std::uint32_t> leading = leading_to(state);
    if (!is_cheap(state, leading)) return false;
    double pivot = exits_[state];
    for_each_in(row_[state], [&](const Entry& to) { pivot += to.value; });
    pivots_[state] = pivot;
    const std::size_t first_share = shares_.size();
    for (const std::uint32_t from : leading) pull_back(state, from);
    for_each_in(row_[state], [&](const Entry& to) { --leading_[to.state]; });
    entries_left_ -= row_[state].size();
    absorbed_[state] = true;
    steps_.push_back({state, first_share, shares_.size()});
    return true;
  }

  /// Instead of to a state, those who lead to it move to where it leads.
  void pull_back(std::uint32_t state, std::uint32_t from) {
    const double share = taken_out(state, from) / pivots_[state];
    const Row& row = row_[from];
    for (std::size_t k = row.first; k < row.last; ++k)
      at_[entries_[k].state] = static_cast<std::uint32_t>(k - row.first);
    for (std::size_t k = row_[state].first; k < row_[state].last; ++k) {
      const Entry entry{entries_[k].state, share * entries_[k].value};
      if (entry.state == from) continue;
      if (at_[entry.state] != none)
        entries_[row.first + at_[entry.state]].value += entry.value;
      else
        put(entry, from);
    }
    for_each_in(row, [&](const Entry& to) { at_[to.state] = none; });
    exits_[from] += share * exits_[state];
    shares_.push_back({from, share});
  }

  [[nodiscard]] double taken_out(std::uint32_t state, std::uint32_t from) {
    Row& row = row_[from];
    std::size_t k = row.first;
    while (entries_[k].state != state) ++k;
    const double value = entries_[k].value;
    entries_[k] = entries_[--row.last];
    --entries_left_;
    return value;
  }

  void put(const Entry& entry, std::uint32_t from) {
    Row& row = row_[from];
    if (row.size() == row.room) {
      const Row old = row;
      row.room = 2 * old.room + 4;
      row.first = entries_.size();
      row.last = row.first + old.size();
      entries_.resize(row.first + row.room);
      std::copy_n(entries_.begin() + static_cast<std::ptrdiff_t>(old.first), old.size(),
                  entries_.begin() + static_cast<std::ptrdiff_t>(row.first));
    }
    entries_[row.last++] = entry;
    ++entries_left_;
    link(from, entry.state);
  }

  [[nodiscard]] Eigen::VectorXd of_core(const Eigen::VectorXd& whole) const {
    Eigen::VectorXd part(core_size());
    for (std::size_t k = 0; k < core_.size(); ++k) part[static_cast<Eigen::Index>(k)] = whole[core_[k]];
    return part;
  }
  void put_core(const Eigen::VectorXd& part, Eigen::VectorXd& whole) const {
    for (std::size_t k = 0; k < core_.size(); ++k) whole[core_[k]] = part[static_cast<Eigen::Index>(k)];
  }

  Eigen::VectorXd exits_;
  Eigen::VectorXd pivots_;
  std::vector<std::int32_t> place_;  ///< in the core
  std::vector<std::uint32_t> core_{};
  std::vector<Entry> entries_{};
  std::vector<Row> row_{};
  std::vector<bool> absorbed_{};
  std::vector<std::uint32_t> leading_{};  ///< how many lead to each state
  std::vector<std::uint32_t> last_link_{};
  std::vector<Link> links_{};
  std::vector<std::uint32_t> at_{};  ///< where a state stands in the row at hand
  std::vector<Step> steps_{};
  std::vector<Entry> shares_{};
  std::size_t entries_left_ = 0;
  std::size_t entries_allowed_ = 0;
};

}  // namespace tenure::detail
