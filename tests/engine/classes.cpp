// Closed classes against their definition, by trying every pair of states, on seeded graphs.

#include <algorithm>
#include <cstddef>
#include <vector>

#include "catch.hpp"
#include "support/mixing.hpp"
#include "tenure/engine/detail/exact/classes.hpp"

namespace tenure::test::classes {

using tenure::detail::Graph;

Graph seeded_graph(Mixing& mixing, std::size_t size) {
  Graph graph;
  const double density = mixing.between(0, 2.0 / static_cast<double>(size));
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) {
      if (mixing.chance(density)) graph.successor.push_back(static_cast<StateIndex>(j));
    }
    graph.first.push_back(static_cast<std::uint32_t>(graph.successor.size()));
  }
  return graph;
}

/// reach[i][j]: j can be reached from i, in any number of steps from 0 (Warshall).
std::vector<std::vector<bool>> reachability(const Graph& graph) {
  const std::size_t size = graph.states();
  std::vector<std::vector<bool>> reach(size, std::vector<bool>(size, false));
  for (std::size_t i = 0; i < size; ++i) {
    reach[i][i] = true;
    for (std::uint32_t k = graph.first[i]; k < graph.first[i + 1]; ++k) reach[i][graph.successor[k]] = true;
  }
  for (std::size_t via = 0; via < size; ++via) {
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j < size; ++j) reach[i][j] = reach[i][j] || (reach[i][via] && reach[via][j]);
    }
  }
  return reach;
}

/// A state belongs to a closed class if all that it reaches can reach it back; its class is all that it reaches.
std::vector<std::vector<std::size_t>> closed_by_definition(const Graph& graph) {
  const auto reach = reachability(graph);
  std::vector<std::vector<std::size_t>> classes;
  for (std::size_t i = 0; i < graph.states(); ++i) {
    std::vector<std::size_t> members;
    bool closed = true;
    for (std::size_t j = 0; j < graph.states(); ++j) {
      if (!reach[i][j]) continue;
      closed = closed && reach[j][i];
      members.push_back(j);
    }
    if (closed && members.front() == i) classes.push_back(members);
  }
  return classes;
}

TEST_CASE("Classes: closed classes are those that the definition finds") {
  Mixing mixing{99};
  for (int round = 0; round < 300; ++round) {
    INFO("round " << round);
    const Graph graph = seeded_graph(mixing, 1 + mixing.below(12));
    auto found = tenure::detail::closed_classes(graph);
    auto expected = closed_by_definition(graph);
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    CHECK(found == expected);
  }
}

TEST_CASE("Classes: states that reach a marked one, and edges turned round") {
  Mixing mixing{100};
  for (int round = 0; round < 200; ++round) {
    INFO("round " << round);
    const Graph graph = seeded_graph(mixing, 1 + mixing.below(12));
    const auto reach = reachability(graph);
    std::vector<bool> marked(graph.states());
    for (std::size_t i = 0; i < marked.size(); ++i) marked[i] = mixing.chance(0.2);
    const std::vector<bool> reaching = tenure::detail::reaching(graph, marked);
    const std::vector<bool> reached = tenure::detail::reaching(tenure::detail::reversed(graph), marked);
    for (std::size_t i = 0; i < marked.size(); ++i) {
      bool forward = false, backward = false;
      for (std::size_t j = 0; j < marked.size(); ++j) {
        forward = forward || (reach[i][j] && marked[j]);
        backward = backward || (reach[j][i] && marked[j]);
      }
      CHECK(reaching[i] == forward);
      CHECK(reached[i] == backward);
    }
  }
}

TEST_CASE("Classes: a path of a hundred thousand states does not exhaust the stack") {
  Graph graph;
  const std::uint32_t size = 100'000;
  for (std::uint32_t i = 0; i < size; ++i) {
    if (i + 1 < size) graph.successor.push_back(i + 1);
    graph.first.push_back(static_cast<std::uint32_t>(graph.successor.size()));
  }
  const auto classes = tenure::detail::closed_classes(graph);
  REQUIRE(classes.size() == 1);
  CHECK(classes.front() == std::vector<std::size_t>{size - 1});
}

}  // namespace tenure::test::classes
