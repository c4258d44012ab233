#pragma once
// The anatomy of a chain: which states reach which, and which sets of states, once entered, are never left. Closed
// classes are the strongly connected components without a way out (Tarjan 1972; Kemeny and Snell 1960, ch. 2).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tenure/chain/chain.hpp"

namespace tenure::detail {

/// A directed graph in the shape of a chain's pattern.
using Graph = Pattern;

/// The component of each vertex; components are numbered so that edges lead from higher numbers to lower ones.
struct Components {
  std::vector<std::uint32_t> of{};
  std::uint32_t count = 0;
};

/// Tarjan's algorithm with a stack of its own, so that long chains do not exhaust the program's.
class ComponentSearch {
 public:
  explicit ComponentSearch(const Graph& graph)
      : graph_{graph}, order_(graph.states(), unseen), lowest_(graph.states()), on_stack_(graph.states(), false) {
    found_.of.resize(graph.states());
    for (std::uint32_t root = 0; root < graph.states(); ++root) {
      if (order_[root] == unseen) visit_from(root);
    }
  }
  [[nodiscard]] Components components() && { return std::move(found_); }

 private:
  struct Frame {
    std::uint32_t vertex;
    std::uint32_t edge;
  };
  static constexpr std::uint32_t unseen = UINT32_MAX;

  void enter(std::uint32_t vertex) {
    order_[vertex] = lowest_[vertex] = next_++;
    stack_.push_back(vertex);
    on_stack_[vertex] = true;
    path_.push_back({vertex, graph_.first[vertex]});
  }

  void visit_from(std::uint32_t root) {
    enter(root);
    while (!path_.empty()) {
      Frame& frame = path_.back();
      if (frame.edge < graph_.first[frame.vertex + 1]) {
        const std::uint32_t next = graph_.successor[frame.edge++];
        if (order_[next] == unseen)
          enter(next);
        else if (on_stack_[next])
          lowest_[frame.vertex] = std::min(lowest_[frame.vertex], order_[next]);
      } else {
        leave(frame.vertex);
      }
    }
  }

  void leave(std::uint32_t vertex) {
    path_.pop_back();
    if (!path_.empty()) lowest_[path_.back().vertex] = std::min(lowest_[path_.back().vertex], lowest_[vertex]);
    if (lowest_[vertex] != order_[vertex]) return;
    for (std::uint32_t member = unseen; member != vertex;) {
      member = stack_.back();
      stack_.pop_back();
      on_stack_[member] = false;
      found_.of[member] = found_.count;
    }
    ++found_.count;
  }

  const Graph& graph_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> lowest_;
  std::vector<bool> on_stack_;
  std::vector<std::uint32_t> stack_{};
  std::vector<Frame> path_{};
  std::uint32_t next_ = 0;
  Components found_{};
};

[[nodiscard]] inline Components strong_components(const Graph& graph) { return ComponentSearch{graph}.components(); }

/// The closed classes: each a list of vertices, in ascending order.
[[nodiscard]] inline std::vector<std::vector<std::size_t>> closed_classes(const Graph& graph) {
  const Components components = strong_components(graph);
  std::vector<bool> is_closed(components.count, true);
  for (std::size_t i = 0; i < graph.states(); ++i) {
    for (std::uint32_t k = graph.first[i]; k < graph.first[i + 1]; ++k) {
      if (components.of[graph.successor[k]] != components.of[i]) is_closed[components.of[i]] = false;
    }
  }
  std::vector<std::vector<std::size_t>> classes(components.count);
  for (std::size_t i = 0; i < graph.states(); ++i) {
    if (is_closed[components.of[i]]) classes[components.of[i]].push_back(i);
  }
  std::erase_if(classes, [](const std::vector<std::size_t>& members) { return members.empty(); });
  return classes;
}

/// The graph with every edge turned round.
[[nodiscard]] inline Graph reversed(const Graph& graph) {
  Graph turned;
  turned.first.assign(graph.states() + 1, 0);
  for (const StateIndex successor : graph.successor) ++turned.first[successor + 1];
  for (std::size_t i = 1; i < turned.first.size(); ++i) turned.first[i] += turned.first[i - 1];
  turned.successor.resize(graph.entries());
  std::vector<std::uint32_t> next(turned.first.begin(), turned.first.end() - 1);
  for (std::uint32_t i = 0; i < graph.states(); ++i) {
    for (std::uint32_t k = graph.first[i]; k < graph.first[i + 1]; ++k)
      turned.successor[next[graph.successor[k]]++] = i;
  }
  return turned;
}

/// The vertices from which a marked one can be reached, the marked ones included.
[[nodiscard]] inline std::vector<bool> reaching(const Graph& graph, const std::vector<bool>& marked) {
  const Graph predecessors = reversed(graph);
  std::vector<bool> reached = marked;
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 0; i < graph.states(); ++i) {
    if (marked[i]) open.push_back(i);
  }
  while (!open.empty()) {
    const std::uint32_t vertex = open.back();
    open.pop_back();
    for (std::uint32_t k = predecessors.first[vertex]; k < predecessors.first[vertex + 1]; ++k) {
      const std::uint32_t before = predecessors.successor[k];
      if (reached[before]) continue;
      reached[before] = true;
      open.push_back(before);
    }
  }
  return reached;
}

}  // namespace tenure::detail
